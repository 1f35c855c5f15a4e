"""Simple commands and tests."""

from __future__ import annotations

import pytest

from tests.analyse.shell.check import effects


@pytest.mark.parametrize(
    "command",
    ["$x", '"$x" a', "$(cat /dev/null)", "${x}y", "./run", "../run", "/tmp/ls", "LS", "nonsense", "eval $x", "*/x", 'x=rm; eval "$x a"'],
)
def test_commands_that_are_not_known_do_not_pass(command: str) -> None:
    assert {effect.split(" ")[0] for effect in effects(command)} & {"opaque", "proc.exec"}, effects(command)


def test_programs_of_the_system_are_known_under_their_paths() -> None:
    assert effects("/bin/rm a; /usr/bin/rm b; /usr/bin/../bin/rm c") == ["fs.delete a", "fs.delete b", "fs.delete c"]


def test_tests_look_at_files() -> None:
    assert effects("[ -f a ]") == effects("test -f a") == effects("[[ -f a ]]") == ["fs.list a"]
    assert effects("[[ a == b && 1 -lt 2 ]]; [ a = b ]; test 1 -eq 1") == []


def test_an_unknown_command_says_what_its_words_say() -> None:
    assert effects("frobnicate delete everything") == ["proc.exec frobnicate", "fs.delete /~"]
    assert effects("frobnicate list") == ["proc.exec frobnicate"]
    assert effects("frobnicate rm a") == ["proc.exec frobnicate", "fs.delete /~", "fs.delete a"]
    assert effects("frobnicate --key=.env https://example.com") == ["proc.exec frobnicate", "secret.read .env", "http.post example.com:443"]
