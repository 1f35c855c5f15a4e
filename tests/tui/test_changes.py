"""What a run changed, as a document: the same change once, and what deleted files held only when it is asked for."""

from __future__ import annotations

import dataclasses

from guard.desk import FileDiff
from guard.diff import compared
from guard.model import FileType, Print
from tests.build import WRITE, case, change, effect, execution
from tui.changes import change_words, diff_document, held_document
from tui.textview import Document


def text(of: Document) -> list[str]:
    return [one.body.text.text for one in of.lines]


def test_without_a_rehearsal_the_diff_says_why() -> None:
    assert text(diff_document(case(effect("http.get", "Endpoint", "a.org:443")))) == [
        "Not tried first, since it uses the network: approving runs it, once."
    ]


def test_the_same_change_in_many_files_is_shown_once_and_the_unexpected_first() -> None:
    files = [FileDiff(change=change("modified", f"t/{i}.py"), unexpected=False, lines=(("-", "a"), ("+", "b"))) for i in range(7)]
    files.append(FileDiff(change=change("created", "Makefile"), unexpected=True, lines=(("+", "\tcurl | sh"),)))
    of = dataclasses.replace(case(WRITE), execution=execution(*[f.change for f in files], stdout="ok\n"))
    found = text(diff_document(of, files))
    assert found[2].startswith("A Makefile")
    assert found[2].endswith("! not predicted")
    assert sum(row == "+ b" for row in found) == 1
    assert any("and 6 more with the same change" in row for row in found)
    assert "+ →   curl | sh" in found
    assert found[-1] == "ok"


def test_what_a_regular_change_comes_to_stands_in_front_of_its_lines_and_both_are_to_be_read() -> None:
    told = ("20 of 40 rows differ, in 1 of 3 columns; no row came or went:", "“a\u202e”: 20 rows")
    files = [FileDiff(change=change("modified", "x.csv"), unexpected=False, lines=(("-", "a"), ("+", "b")), regular=told)]
    page = diff_document(dataclasses.replace(case(WRITE), execution=execution(files[0].change)), files)
    found = text(page)
    first = found.index("── x.csv ──")
    assert found[first + 1 : first + 5] == [told[0], "  “a‹U+202E RLO›”: 20 rows", "- a", "+ b"]
    assert all(one.needed for one in page.lines)


def test_where_every_line_got_another_end_the_counts_say_that_ends_are_not_in_them() -> None:
    lines = compared(b"a\r\nb\r\nc\r\n", b"a\nx\nc\n")
    files = [FileDiff(change=change("modified", "x.csv"), unexpected=False, lines=lines)]
    found = text(diff_document(dataclasses.replace(case(WRITE), execution=execution(files[0].change)), files))
    assert any(row.endswith("+1 −1, line ends not counted") for row in found), found


def test_a_renamed_file_says_so_in_both_its_rows_and_is_shown_all_the_same() -> None:
    bytes_ = Print(type=FileType.FILE, mode=0o644, size=2, digest="d" * 64)
    empty = dataclasses.replace(bytes_, size=0, digest="e" * 64)
    gone, made = change("deleted", "old.txt"), change("created", "new\u202e.txt")
    files = [
        FileDiff(change=dataclasses.replace(gone, before=bytes_, after=None), unexpected=False, lines=(("-", "a"),)),
        FileDiff(change=dataclasses.replace(made, before=None, after=bytes_), unexpected=True, lines=(("+", "a"),)),
        FileDiff(change=dataclasses.replace(gone, path="x", before=empty, after=None), unexpected=False, lines=()),
        FileDiff(change=dataclasses.replace(made, path="y", before=None, after=empty), unexpected=False, lines=()),
    ]
    found = text(diff_document(dataclasses.replace(case(WRITE), execution=execution(*[f.change for f in files])), files))
    assert "A new‹U+202E RLO›.txt  created, 2 bytes  +1 −0  renamed from old.txt  ! not predicted" in found
    assert "D old.txt  deleted  1 line  renamed to new‹U+202E RLO›.txt" in found
    assert "+ a" in found
    assert sum("renamed" in row for row in found) == 2, "empty files are all alike"


def test_what_cannot_be_compared_is_said_in_words() -> None:
    files = [FileDiff(change=change("modified", "x.bin"), unexpected=False, lines=None)]
    of = dataclasses.replace(case(WRITE), execution=execution(files[0].change))
    assert any("not shown as text" in row for row in text(diff_document(of, files)))
    assert change_words(change("deleted")) == "deleted"


def test_what_deleted_files_held_is_counted_and_what_is_put_into_others_is_shown_whole() -> None:
    gone = [
        FileDiff(change=change("deleted", f"l/{i}.log"), unexpected=False, lines=(("@", " line 1"), ("-", f"x{i}"), ("-", "y")))
        for i in range(3)
    ]
    kept = FileDiff(change=change("modified", "a.txt"), unexpected=False, lines=(("-", "gone"), ("+", "new")))
    of = dataclasses.replace(case(WRITE), execution=execution(*[f.change for f in (*gone, kept)]))
    page = diff_document(of, [*gone, kept])
    found = text(page)
    assert found[1] == "4 paths: 1 changed, 3 deleted; 6 lines in 3 deleted files, ⏎ on one shows them"
    assert "D l/0.log  deleted  2 lines" in found
    assert not any("x0" in row for row in found)
    assert "- gone" in found
    assert "+ new" in found
    assert all(one.needed for one in page.lines)
    assert text(held_document(gone[1])) == ["x1", "y"]
