"""Text that is not what it seems is told, and never analysed as if it were."""

from __future__ import annotations

import time

import pytest

from guard.analyse.shell.source import MAX_BYTES, prepared
from guard.model import Kind
from tests.analyse.shell.check import effects, found


@pytest.mark.parametrize(
    "command",
    ["ls \u202e", "ls \u200b", "ls \x00", "ls \r\n", "ls \x1b[2K", "\ufeffls", "ls \u00a0", "ls \x0c", "ls (", "if ls", "ls 'a", 'a"b"\'c\'\\ d'],
)  # fmt: skip
def test_hidden_skipped_and_broken_text_is_opaque(command: str) -> None:
    assert "opaque" in effects(command), effects(command)


def test_faithful_text_has_no_doubts() -> None:
    for command in (
        "ls -la",
        "cat <<E\n$x y $(ls)\nE\n",
        'echo "a $x ${y} $(ls) b"',
        "a=(1 2)\nfor x in a b\ndo\n  echo $x\ndone\n",
        "ls \\\n -l",
        "# only a comment",
    ):
        assert prepared(command).doubts == (), command


def test_marks_cannot_be_forged() -> None:
    assert "fs.read a" not in effects("cat \x05/a")


def test_too_long_and_too_deep_texts_are_opaque_at_once() -> None:
    for code in (
        "echo a;" * (MAX_BYTES // 7 + 1),
        "(" * 20000,
        "$(" * 20000 + ")" * 20000,
        "{ " * 5000 + "ls; " + "}; " * 5000,
        "if true; then " * 3000,
    ):
        start = time.monotonic()
        assert any(effect.kind is Kind.OPAQUE for effect in found(code))
        assert time.monotonic() - start < 5


def test_a_span_counts_characters_and_lines() -> None:
    (effect,) = found("echo é\necho é; rm a\n")
    assert effect.span is not None
    assert (effect.span.line, effect.span.column, effect.span.end_line, effect.span.end_column) == (2, 8, 2, 12)


def test_nested_text_is_shown_where_the_outer_command_is() -> None:
    (effect,) = found("ls >/dev/null\nbash -c 'echo a\nrm a'")[1:]
    assert effect.span is not None
    assert (effect.span.line, effect.span.column) == (2, 0)
