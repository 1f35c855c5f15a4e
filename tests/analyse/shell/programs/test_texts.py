"""sed, awk, jq, grep: programs with a language of their own."""

from __future__ import annotations

import pytest

from tests.analyse.shell.check import effects


@pytest.mark.parametrize(
    "script",
    ["s/a/b/", "s/a/b/gI", "s|a/b|c|", "1,5p", "$d", "/x/,/y/d", "/x/!d", "y/ab/cd/", "s/[/]/x/", r"s/a\/b/c/", "1!G;h;$!d", "/^#/d;/^$/d", "s/a/b/;s/c/d/", "5q", "n;d", "1~2p", "/a/{p;q}",
     "1i hello", "$a\\\nend", ":a;N;$!ba;s/\\n/ /g", r"s/\(a\)/\1/2", "/a/I p", "s/w/e/", "s,w x,e,"],
)  # fmt: skip
def test_plain_sed_scripts_only_read(script: str) -> None:
    assert effects(f"sed -n '{script}' a") == ["fs.read a"], effects(f"sed -n '{script}' a")


@pytest.mark.parametrize(
    "script", ["w out", "1w out", "/x/w out", "s/a/b/w out", "s/a/b/gw out", "p;w out", "W out", "{w out\n}", "s/a/b/\nw out"]
)
def test_sed_scripts_that_write_are_seen(script: str) -> None:
    assert "fs.write out" in effects(f"sed '{script}' a")


@pytest.mark.parametrize("script", ["e", "1e", "s/a/b/e", "s/a/b/ge", "$x", "k", "s/a/b/;$(cat c)"])
def test_sed_scripts_that_run_commands_or_are_not_known_are_opaque(script: str) -> None:
    assert "opaque" in effects(f'x=$(cat b); sed "{script}" a')


@pytest.mark.parametrize(
    "program",
    ["{print $1}", "NR>1 {s+=$3} END {print s}", "$3 > 5 {print}", "/a|b/ {print}", '{print $1 "|" $2}', 'BEGIN {FS=","} {a[$1]++} END {for (k in a) print k, a[k]}', '{if ($1 > 2) print "big > " $1}',
     "length($0) > 80", "{gsub(/a/, \"b\"); print}", "$1 ~ /x|y/ {n++} END {print n}", "a || b {print}"],
)  # fmt: skip
def test_plain_awk_programs_only_read(program: str) -> None:
    assert effects(f"awk '{program}' a") == ["fs.read a"], effects(f"awk '{program}' a")


@pytest.mark.parametrize(
    ("program", "expected"),
    [('BEGIN {system("rm b")}', "fs.delete b"), ('{print | "tee b"}', "fs.write b"), ('{print > "b"}', "fs.write b"), ('{print $1 >> "b"}', "fs.write b"), ('{printf "%s", $0 > "b"}', "fs.write b"),
     ('{"rm b" | getline}', "fs.delete b"), ('{getline x < "b"}', "fs.read b"), ("{print > $2}", "fs.write /~"), ("{system($1)}", "opaque"), ("{print | $1}", "opaque"),
     ("BEGIN {print ENVIRON[\"X\"]}", "secret.read ?~"), ('@load "x"', "opaque")],
)  # fmt: skip
def test_awk_programs_that_do_more_are_seen(program: str, expected: str) -> None:
    assert expected in effects(f"awk '{program}' a")


def test_a_pattern_is_no_file() -> None:
    assert effects("grep rm a") == effects("grep -e rm a") == effects("grep -e rm -- a") == ["fs.read a"]
    assert effects("grep -f pats a") == ["fs.read pats", "fs.read a"]
    assert effects("rg 'rm -rf'") == ["fs.read .~"]
    assert effects("cat a | grep x") == ["fs.read a"]


def test_jq_programs_that_read_the_environment_are_seen() -> None:
    assert "secret.read ?~" in effects("jq -n env")
    assert effects("jq '.environment' a.json") == ["fs.read a.json"]


def test_known_output_is_known() -> None:
    assert effects(r"printf 'rm\x20%s\n' a | sh") == ["fs.delete a"]
    assert effects(r"echo -e 'rm\x20a' | sh") == ["fs.delete a"]
    assert effects("rm $(basename /x/a.txt)") == ["fs.delete a.txt"]
    assert effects("rm $(dirname d/a)") == ["fs.delete d"]
    assert effects('rm "$(pwd)/a"') == ["fs.delete a"]
