"""Redirections: what they write and read, and which words are not theirs."""

from __future__ import annotations

import pytest

from guard.model import Kind
from tests.analyse.shell.check import effects


@pytest.mark.parametrize("operator", [">", ">>", ">|", "&>", "&>>", "2>", "3>", "1>", ">&"])
def test_every_operator_that_writes_is_seen(operator: str) -> None:
    assert effects(f"echo a {operator} out") == ["fs.write out"]
    assert effects(f"echo a {operator}out") == ["fs.write out"]


@pytest.mark.parametrize("command", ["echo a 2>&1", "echo a >&2", "echo a 2>&-", "echo a > /dev/null 2>&1", "cat <&0", "cat <&-"])
def test_descriptors_are_no_files(command: str) -> None:
    assert effects(command) == []


def test_words_behind_a_redirection_belong_to_the_command() -> None:
    assert effects("cat 2>/dev/null a b") == ["fs.read a", "fs.read b"]
    assert effects("rm 2>/dev/null a") == ["fs.delete a"]
    assert effects(">/dev/null rm a") == ["fs.delete a"]


def test_reading_from_a_file_is_reading() -> None:
    assert effects("wc -l < a") == ["fs.read a"]
    assert effects("echo $(< a)") == ["fs.read a"]
    assert effects("while read l; do echo $l; done < /etc/passwd") == ["fs.read /etc/passwd"]


def test_what_stands_behind_a_here_document_on_its_line_is_walked() -> None:
    assert effects("cat <<E && rm a\ntext\nE\n") == ["fs.delete a"]
    assert effects("cat <<E > out\ntext\nE\n") == ["fs.write out"]
    assert effects("cat <<E | tee out\ntext\nE\n") == ["fs.write out"]


def test_an_unknown_target_is_anywhere() -> None:
    assert effects("x=$(cat a); echo b > $x") == ["fs.read a", "fs.write /~"]
    assert "opaque" in effects("exec {fd}> >(cat); echo a >&$fd")


def test_read_and_write_at_once_does_not_pass() -> None:
    assert "opaque" in effects("exec 3<>a")


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("python3 - <<'E'\nprint(open('a').read())\nE\n", ["fs.read a"]),
        ("python3 - 2>/dev/null <<'E'\nimport os; os.remove('a')\nE\n", ["fs.delete a"]),
        ("bash - <<E\nrm a\nE\n", ["fs.delete a"]),
        ("rm -- - <<E\ntext\nE\n", ["fs.delete -"]),
        ("cat - <<E | tee out\ntext\nE\n", ["fs.write out"]),
        ("cd sub && python3 - <<'E'\nprint(open('a').read())\nE\n", ["fs.read a", "fs.read sub/a"]),
    ],
)
def test_a_dash_before_a_here_document_which_the_grammar_loses_is_an_argument(command: str, expected: list[str]) -> None:
    assert effects(command) == expected


@pytest.mark.parametrize("start", ["", "  ", "\t", "\n\n  ", "text "])
@pytest.mark.parametrize("operator", ["<<", "<<-"])
def test_a_here_document_may_begin_with_an_expansion_which_the_grammar_loses(start: str, operator: str) -> None:
    assert effects(f"cat {operator}E\n{start}$(rm a)\nE\n") == ["fs.delete a"]
    later = effects(f"cat {operator}E\n{start}$(ls)\n  $(rm b)\n and $(ls)\nE\n")
    assert {Kind.OPAQUE, "fs.delete b"} & {*later}, "nor does one on a later line pass"
    assert effects(f"a='rm b'\nsh {operator}E\n{start.strip()}\n$a\nE\n")[-1] == "fs.delete b"


def test_arithmetic_in_a_here_document_is_no_command() -> None:
    assert effects("n=3\ncat <<E\n$((1 + 2)) of $((n * $n))\nE\n") == []
    assert "fs.delete a" in effects("cat <<E\n$((rm a))\nE\n")
    assert "fs.delete a" in effects("x='y[$(rm a)]'\ncat <<E\n$((x + 1))\nE\n")


@pytest.mark.parametrize("first", ["Report", "Report $USER", "  $USER", "it's"])
def test_a_line_of_a_here_document_that_begins_with_blanks_is_read_like_any_other(first: str) -> None:
    assert effects(f"cat <<E\n{first}\n  $(rm x)\nE") == ["fs.delete x"]
    assert effects(f"cat <<E\n{first}\n  $(date)\nE") == []


@pytest.mark.parametrize("text", ["$(rm\\\n  $x)", "$(cat <<'$X'\n  $X\n rm x\n$X\n)", "${x:-\n  $(rm x)}", '$(echo ")"\n  $(rm x) ")"'])
def test_one_in_which_an_expansion_goes_over_such_a_line_is_not_read(text: str) -> None:
    assert "opaque" in effects(f"cat <<E\na\n  {text}\nE")


@pytest.mark.parametrize("text", ["  `rm x`", "$USER `rm x`", "$USER\n\t `$y; rm x`", "$(date) `rm x`"])
def test_commands_in_backquotes_of_a_here_document_are_seen(text: str) -> None:
    assert "fs.delete x" in effects(f"cat <<E\n{text}\nE")


def test_a_negated_command_keeps_the_words_behind_its_redirection() -> None:
    assert effects("! time 2>&1 rm x") == ["fs.delete x"]
