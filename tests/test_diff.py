"""What a person reads of a changed file: lines that it has, where they are, and how their ends changed."""

from __future__ import annotations

import pytest

from guard.diff import compared

DIFFS = (
    (b"a\nb\n", b"a\nc\n", ["@ line 1", " a", "-b", "+c"]),
    (b"", b"x\ny\n", ["@ line 1", "+x", "+y"]),
    (b"x\n", b"", ["@ line 1", "-x"]),
    (b"a\n", b"a", ["@ line 1", "-a", "+a", "\\ no newline at the end of the file"]),
    (b"a", b"a\n", ["@ line 1", "-a", "\\ no newline at the end of the file", "+a"]),
    (b"@@ -1,2 +1,2 @@\n", b"--- a\n", ["@ line 1", "-@@ -1,2 +1,2 @@", "+--- a"]),
    (b"\n" * 20 + b"x\n", b"\n" * 20, ["@ line 18", " ", " ", " ", "-x"]),
    (b"", b"", []),
    (b"a\nb\n", b"a\r\nc\r\n", ["@ every line: CR added to its end (2 lines)", "@ line 1", " a", "-b", "+c"]),
    (b"a\r\nb\r\n", b"a\nb\n", ["@ every line: CR taken from its end (2 lines)"]),
    (b"a\nb\n", b"a\r\nb\n", ["@ line 1", "-a", "+a\r", " b"]),
    (b"", b"a\r\n", ["@ line 1", "+a\r"]),
)


@pytest.mark.parametrize(("before", "after", "said"), DIFFS)
def test_a_diff_has_no_line_that_the_file_has_not_and_says_where_it_is(before: bytes, after: bytes, said: list[str]) -> None:
    assert [sign + text for sign, text in compared(before, after) or ()] == said


@pytest.mark.parametrize("sides", [(None, b"a"), (b"a", None), (b"a\0", b"a"), (b"a", b"\0")])
def test_what_is_not_known_or_no_text_is_not_compared(sides: tuple[bytes | None, bytes | None]) -> None:
    assert compared(*sides) is None
