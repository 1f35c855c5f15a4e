"""Branches and loops: everything in them is walked."""

from __future__ import annotations

import pytest

from tests.analyse.shell.check import effects


@pytest.mark.parametrize(
    "command",
    [
        "if rm a; then :; fi", "if :; then rm a; fi", "if :; then :; else rm a; fi", "if :; then :; elif rm a; then :; fi", "if :; then :; elif :; then rm a; fi",
        "while rm a; do :; done", "while :; do rm a; done", "until rm a; do :; done", "for x in 1; do rm a; done", "for x; do rm a; done", "for ((;;)); do rm a; done",
        "select x in 1; do rm a; done", "case x in x) rm a;; esac", "case $(rm a) in x) ;; esac", "case x in $(rm a)) ;; esac", "for x in $(rm a); do :; done",
        "for ((i=$(rm a);;)); do :; done", "case x in (x) rm a;& (y) :;; esac", "if ! rm a; then :; fi", "if [ -n \"$(rm a)\" ]; then :; fi", "[[ -n $(rm a) ]]", "(( $(rm a) ))",
    ],
)  # fmt: skip
def test_nothing_hides_in_control_flow(command: str) -> None:
    assert effects(command) == ["fs.delete a"]
