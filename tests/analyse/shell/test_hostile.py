"""Hostile and broken text: never an exception, never long, never a way past the analysis (family A of the attacks)."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guard.model import Effect, Kind
from tests.analyse.shell.check import effects, found

PARTS = ["rm a", "echo ", "$(", ")", "`", '"', "'", "${", "}", "{", "|", "&&", "||", ";", "\n", "<<E\n", "E\n", ">", "<(", "((", "))", "[[", "]]", "\\", "$x", "${x:-", "*", "~", "&", "in ", "do ",
         "done", "if ", "then ", "fi", "case x in ", "esac", "f() ", "x=", "a=(", "-", "--", "\x00", "\u202e", "é", "xargs ", "eval ", "sudo ", "env -S ", "find . -exec ", "awk ", "sed ", "curl ",
         "git ", "tar ", "psql -c ", "printf ", "trap ", "{1..9}", "cat ", "bash -c ", "time ", "local ", "declare -n ", "read ", "#", "!", "=~", "<<<", "$((", "@", "%", ",", "[", "]"]  # fmt: skip
CARRIERS = ["{}", "ls; {}", "ls && {}", "ls || {}", "ls | {}", "ls & {}", "ls\n{}", "({})", "{{ {}; }}", "! {}", "if {}; then :; fi", "x=$({})", "echo $({})", "echo `{}`", 'echo "$({})"',
            "cat <({})", "echo a > >({})", "f() {{ {}; }}; f", "for i in 1; do {}; done", "while {}; do :; done", "case a in a) {};; esac", "eval '{}'", "bash -c '{}'", "sh <<< '{}'",
            "sh <<E\n{}\nE\n", "echo '{}' | sh", "sudo {}", "env A=1 {}", "env -S '{}'", "nohup {}", "timeout 5 {}", "time {}", "command {}", "exec {}", "xargs {} < /dev/null",
            "find . -exec {} \\;", "trap '{}' EXIT", "watch '{}'", "x='{}'; eval \"$x\"", "x='{}'; $x", "coproc {}", "nice -n 5 {}", "busybox {}", "parallel '{}' ::: 1", "git submodule foreach '{}'",
            "awk 'BEGIN{{system(\"{}\")}}'", "sed '1e {}' /dev/null", "ssh host '{}'", "docker exec c {}", "kubectl exec p -- {}", "su -c '{}'", "setsid {}", "stdbuf -o0 {}", "flock f {}",
            "nc -e '{}' host 1", "tar cf - a -I '{}'", "man -P '{}' ls", "rsync -e '{}' a host:b", "split --filter='{}' a", "script -c '{}' o", "mapfile -C '{}' -c 1 x < a",
            "echo ${{x:-$({})}}", "echo $((1+$({})))", "[[ -n $({}) ]]", "cat <<E\n$({})\nE\n", "declare x=$({})", "export x=`{}`", "a[$({})]=1", "echo {{a,$({})}}", "alias ls='{}'"]  # fmt: skip


@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_command_is_found_in_every_construct_that_carries_one(carrier: str) -> None:
    assert any(effect.kind is Kind.FS_DELETE for effect in found(carrier.format("rm a"))), effects(carrier.format("rm a"))


@pytest.mark.parametrize("outer", CARRIERS)
def test_an_unknown_command_never_passes_in_any_construct(outer: str) -> None:
    kinds = {effect.kind for effect in found(outer.format("frobnicate"))}
    assert kinds & {Kind.PROC_EXEC, Kind.OPAQUE}


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.sampled_from(PARTS), max_size=30).map(" ".join)
    | st.lists(st.sampled_from(PARTS), max_size=30).map("".join)
    | st.text(max_size=100)
)
def test_no_text_raises(text: str) -> None:
    assert all(isinstance(effect, Effect) for effect in found(text))


@pytest.mark.parametrize(
    "text",
    ["echo " + "$(echo " * 30 + "x" + ")" * 30, "x=" + "a" * 200_000, "echo " + "{a,b}" * 500, "a=" + "b" * 1000 + "\n" + "a=$a$a\n" * 30 + "echo $a", "f() { f; f; f; }; f",
     "f() { g; g; }; g() { f; f; }; f", "for a in 1 2; do for b in 1 2; do for c in 1 2; do rm x; done; done; done", "sed '" + "s/a/b/;" * 5000 + "'", "awk '" + "print > \"x\";" * 3000 + "'",
     "echo " + "'a' " * 20_000, "cat " + "a " * 30_000, "$((" * 3000, "[[ " + "( " * 3000, "echo ${" * 3000, "eval " * 5000, "sudo " * 5000 + "ls", "ls" + " | cat" * 5000,
     "rm " + "\\" * 10_000, "find . " + "-exec rm {} \\; " * 2000, "printf '" + "%s" * 2000 + "' a", "x=(" + "a " * 20_000 + "); echo ${x[@]}", "<" * 10_000, "a=1 " * 10_000,
     "echo " + "[" * 100_000, "echo '" + "[" * 100_000 + "'", "cat " + ".*" * 20_000, "grep -rn a . " + "| cut -d: -f1 " * 2000, "cd a && " * 3000 + "cat < b"],
    ids=lambda text: text[:20],
)  # fmt: skip
def test_bombs_are_answered_in_time(text: str) -> None:
    start = time.monotonic()
    found(text)
    assert time.monotonic() - start < 5
