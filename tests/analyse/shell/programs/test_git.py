"""git: options that run commands or write files, remotes, and what destroys."""

from __future__ import annotations

import pytest

from guard.analyse import analyse
from guard.model import Facts, Kind
from tests.analyse.shell.check import effects


@pytest.mark.parametrize(
    "command",
    ["git -c core.pager=./x log", "git -c core.fsmonitor=./x status", "git -c alias.s='!rm a' s", "git --exec-path=. log", "git --git-dir=/tmp/x log", "git diff --ext-diff",
     "git log --ext-d", "git grep -Ovi x", "git -c core.sshCommand=./x fetch", "git fetch --upload-pack=./x origin", "git clone 'ext::sh -c id' d", "git clone -c core.hooksPath=. u d",
     "git rebase -x 'make' main", "git difftool -x ./x", "git log $(cat opts)", "git $x", "GIT_DIR=/tmp/x git log", "git filter-branch x", "git config -e"],
)  # fmt: skip
def test_what_may_run_something_else_is_opaque(command: str) -> None:
    assert "opaque" in effects(command), effects(command)


@pytest.mark.parametrize(
    "command",
    [
        "git push -f",
        "git push --force",
        "git push --mirror",
        "git push -d origin x",
        "git push origin :x",
        "git push origin +main",
        "git push --force-with-lease",
    ],
)
def test_pushes_that_overwrite_or_delete_are_destructive(command: str) -> None:
    assert effects(command) == ["http.post ?~", "http.delete ?~"]


def test_a_plain_push_is_not() -> None:
    assert effects("git push origin main") == ["http.post ?~"]
    assert effects("git push https://github.com/a/b main") == ["http.post github.com:443"]
    assert effects("git push git@github.com:a/b main") == ["http.post github.com:22"]
    assert effects("git push --dry-run origin main") == ["http.get ?~"]


def test_settings_that_only_change_the_looks_pass() -> None:
    assert effects("git -c color.ui=never -c log.date=iso log") == ["fs.read .~"]


def test_a_secret_in_the_history_is_a_secret() -> None:
    assert "secret.read .env" in effects("git show HEAD~3:.env")
    assert "secret.read .env" in effects("git log -p -- .env")


def test_what_a_repository_configures_is_held_by_our_box_and_by_nothing_behind_a_wrapped_server() -> None:
    kinds = {effect.kind for effect in analyse("shell", "git status", Facts(server="hub")).effects}
    assert Kind.OPAQUE in kinds
    assert Kind.OPAQUE not in {effect.kind for effect in analyse("shell", "git status", Facts(workspace="/w")).effects}


def test_another_folder_is_followed() -> None:
    assert effects("git -C ../other status") == ["fs.read /other~"]
    assert effects("git -C sub reset --hard && git status") == ["fs.delete sub~", "fs.read .~"]
