"""Long documents: rows are ranges, and a row counts only when all of it was there."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from guard.visible import lines
from tests.tui.build import bench, opened, press, read, settle
from tui.case import CaseScreen
from tui.paint import Line
from tui.textview import DocLine, Document, rows_at


def document(text: str, needed: bool = True) -> Document:
    return Document(lines=tuple(DocLine(body=Line(one.text), needed=needed) for one in lines(text)), numbered=True)


@given(st.text(st.sampled_from("ab\n漢"), max_size=200), st.integers(2, 20))
def test_positions_cover_the_document_without_a_gap(text: str, cells: int) -> None:
    of = document(text)
    assert list(of.needed()) == [(0, of.offsets[-1])]
    assert of.offsets[-1] == sum(len(one.body.text) + 1 for one in of.lines)
    assert rows_at([of], cells) >= len(of.lines)


def test_what_is_not_needed_is_left_out_of_the_ranges() -> None:
    lines_ = [*document("ab").lines, *document("cd", needed=False).lines, *document("e").lines]
    assert list(Document(lines=tuple(lines_)).needed()) == [(0, 3), (6, 8)]


async def test_a_long_line_is_read_row_by_row_and_what_was_seen_survives_another_width(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await of.case(of.effect("fs.write", "a.txt", 1), code="x = '" + "a漢" * 2000 + "'\ny = 2\n")
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "enter", "2")
            await read(pilot, hands)
            screen = app.screen
            assert isinstance(screen, CaseScreen)
            part, view = screen.reading.parts["code"], screen.main
            assert part.share[0] > 0
            for row in range(view.rows):
                start, end = view._range(row)
                assert view.row_at(start) == row
                assert view.row_at(end - 1) == row
            before = part.share
            await pilot.resize_terminal(100, 40)
            await settle(pilot)
            assert part.share == before
            for _ in range(20):
                await press(pilot, hands, "space")
                await read(pilot, hands)
            assert screen.reading.complete


async def test_holding_space_leaves_gaps_and_the_next_space_goes_back(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await of.case(of.effect("fs.write", "a.txt", 1), code="\n".join(f"x{i} = {i}" for i in range(80)))
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "enter", "2")
            await press(pilot, hands, *["space"] * 8, apart=0.03)
            await read(pilot, hands)
            screen = app.screen
            assert isinstance(screen, CaseScreen)
            gap = screen.reading.parts["code"].missing()
            assert gap is not None
            await press(pilot, hands, "space")
            top = screen.main.scroll_offset.y
            assert top <= screen.main.row_at(gap[0]) < top + screen.main.size.height
