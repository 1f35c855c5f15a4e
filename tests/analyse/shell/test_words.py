"""What words become before a program sees them."""

from __future__ import annotations

import pytest

from guard.analyse.shell.words import unescaped
from tests.analyse.shell.check import effects


@pytest.mark.parametrize(
    "command",
    [
        "rm a", "rm 'a'", 'rm "a"', r"rm \a", "rm $'a'", r"rm $'\x61'", r"rm $'\141'", "rm ''a''", "x=a; rm $x", 'x=a; rm "$x"', "x=a; rm ${x}", "rm ${x:-a}",
        "rm ${x:=a}", "x=b; rm ${x:+a}", "x=a.txt; rm ${x%.txt}", "x=d/a; rm ${x##*/}", "x=A; rm ${x,,}", "x=bac; rm ${x:1:1}", "x=b; rm ${x/b/a}",
        "y=x; x=a; rm ${!y}", "x=(b a); rm ${x[1]}", "rm $(echo a)", "rm `echo a`", "rm $(printf %s a)", 'rm "$(echo a)"', "rm {a,a}", "x='a  a'; rm $x",
        "f() { rm $1; }; f a", "f() { rm $2; }; f b a", "set -- a; rm $1", 'f() { rm "$@"; }; f a', "f() { shift; rm $1; }; f b a", "rm ./a", "rm b/../a",
        "rm //ws/a", "rm /workspace/a", "cd b && rm ../a", "cat <<< a | xargs rm", "rm a # b", "rm $(basename c/a)", "read x <<< a; rm $x", "x=; rm ${x}a",
        "unset x; rm ${x-a}",
    ],
)  # fmt: skip
def test_the_name_is_known_however_it_is_written(command: str) -> None:
    assert effects(command) == ["fs.delete a"]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("rm $1", ["fs.delete /~"]),
        ("rm a$x", ["fs.delete .~"]),
        ("rm d/$1", ["fs.delete d~"]),
        ('rm "d/$1.txt"', ["fs.delete d~"]),
        ("rm *.txt", ["fs.delete .~"]),
        ("rm d/*.txt", ["fs.delete d~"]),
        ('rm "*.txt"', ["fs.delete *.txt"]),
        (r"rm \*.txt", ["fs.delete *.txt"]),
        ("rm ~/a", ["fs.delete /home/user/a"]),
        ('rm "~/a"', ["fs.delete ~/a"]),
        ("rm $HOME/a", ["fs.delete /home/user/a"]),
        ("x='*.txt'; rm $x", ["fs.delete .~"]),
        ("x='a b'; rm $x", ["fs.delete a", "fs.delete b"]),
        ("x='a b'; rm \"$x\"", ["fs.delete a b"]),
        ("rm {a,b}", ["fs.delete a", "fs.delete b"]),
        ("rm x{1..3}", ["fs.delete x1", "fs.delete x2", "fs.delete x3"]),
        ('rm "{a,b}"', ["fs.delete {a,b}"]),
        ("x=(a b); rm ${x[@]}", ["fs.delete a", "fs.delete b"]),
        ('x=(a "b c"); rm "${x[@]}"', ["fs.delete a", "fs.delete b c"]),
        ("for x in d/1 d/2; do rm $x; done", ["fs.delete d/1", "fs.delete d/2"]),
        ("rm $((1+2))", ["fs.delete 3"]),
        ("if true; then x=a; else x=b; fi; rm $x", ["fs.delete /~"]),
        ("x=a; if true; then x=a; fi; rm $x", ["fs.delete a"]),
        ("x=a; (x=b); rm $x", ["fs.delete a"]),
        ("x=a; echo b | read x; rm $x", ["fs.delete a"]),
        ("x=a; while true; do rm $x; x=b; done", ["fs.delete /~"]),
        ("rm $(cat list)", ["fs.read list", "fs.delete /~"]),
    ],
)
def test_what_is_only_partly_known_says_so(command: str, expected: list[str]) -> None:
    assert effects(command) == expected


def test_an_unset_variable_is_an_environment_variable() -> None:
    assert effects("echo $API_TOKEN") == ["secret.read API_TOKEN"]
    assert effects("echo $FLAVOUR") == ["env.read FLAVOUR"]
    assert effects("echo $HOME $PATH $USER $x") == []


def test_escapes_are_those_of_the_shell() -> None:
    assert unescaped(r"\x72\155\u0020\n\\\q") == "rm \n\\\\q"
    assert unescaped(r"\0162m", zero=True) == "rm"


def test_expanding_forever_ends_unknown() -> None:
    bomb = "rm " + "{a,b}" * 40
    assert effects(bomb) == ["fs.delete /~"]
