"""Assignments and declarations."""

from __future__ import annotations

from tests.analyse.shell.check import effects


def test_declarations_expand_all_words_before_they_assign() -> None:
    assert effects('A=rm; declare A=echo B=$A; "$B" x') == ["fs.delete x"]


def test_plain_assignments_go_one_after_the_other() -> None:
    assert effects('A=rm; A=echo B=$A; "$B" x') == []


def test_attributes_that_change_values_make_them_unknown() -> None:
    assert "opaque" in effects('declare -l T=RM; "$T" x')
    assert "opaque" in effects('declare -u T=ls; "$T" x')
    assert "opaque" in effects("declare -n R=x")


def test_appending_is_followed() -> None:
    assert effects("x=r; x+=m; $x a") == ["fs.delete a"]
    assert effects("x=(rm); x+=(a); ${x[@]}") == ["fs.delete a"]


def test_showing_all_variables_reads_the_environment() -> None:
    for command in ("export", "export -p", "declare -p", "set", "env", "printenv"):
        assert effects(command) == ["secret.read ?~"], command


def test_exported_functions_are_opaque() -> None:
    assert "opaque" in effects("export -f ls")


def test_names_that_are_only_known_when_it_runs_are_opaque() -> None:
    assert "opaque" in effects('declare "$(cat a)=b"')
