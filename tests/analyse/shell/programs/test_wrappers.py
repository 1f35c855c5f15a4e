"""The command behind a wrapper is what counts."""

from __future__ import annotations

import pytest

from guard.analyse.shell.programs.wrappers import OPTIONS
from tests.analyse.shell.check import effects

SPECIAL = {"su": "su -c 'rm a'", "timeout": "timeout 5 rm a", "flock": "flock f rm a", "chroot": "chroot / rm a", "chrt": "chrt 1 rm a", "taskset": "taskset 1 rm a", "setuidgid": "setuidgid u rm a",
           "gosu": "gosu u rm a", "su-exec": "su-exec u rm a", "setarch": "setarch x86 rm a", "faketime": "faketime x rm a", "arch-chroot": "arch-chroot / rm a", "sponge": "", "coproc": "coproc rm a"}  # fmt: skip


@pytest.mark.parametrize("name", sorted(set(OPTIONS) - {"sponge"}))
def test_every_wrapper_shows_its_command(name: str) -> None:
    assert any(effect.startswith("fs.delete a") for effect in effects(SPECIAL.get(name, f"{name} rm a")))


@pytest.mark.parametrize(
    "command",
    ["sudo -u x -n rm a", "sudo A=1 rm a", "sudo -- rm a", "env -i A=1 rm a", "env -u X rm a", "env -S 'rm a'", "env -vS'rm a'", "env --split-string='rm' a", "env A=1 env B=2 rm a", "nice -n 5 rm a",
     "timeout -k 1 -s KILL 5 rm a", "time -p rm a", "command -p rm a", "exec -a x rm a", "xargs -n1 rm <<< a", "xargs -I% rm % <<< a", "watch -n1 rm a", "watch 'rm a'", "parallel rm ::: a",
     "parallel 'rm {}' ::: a", "sudo nice env timeout 5 rm a", "busybox sh -c 'rm a'"],
)  # fmt: skip
def test_options_of_wrappers_do_not_hide_it(command: str) -> None:
    assert effects(command) == ["fs.delete a"]


def test_wrappers_that_open_a_shell_are_opaque() -> None:
    for command in ("sudo -i", "sudo -s", "su", "sudo -e a", "chroot /x"):
        assert "opaque" in effects(command), command


def test_env_text_that_splits_otherwise_is_opaque() -> None:
    assert "opaque" in effects("env -S 'rm\\_a'")
    assert "opaque" in effects("env -S 'rm ${X}'")


def test_looking_a_command_up_runs_nothing() -> None:
    assert effects("command -v rm; command -V rm; type rm; which rm") == []
