"""The list: the cursor belongs to an item."""

from __future__ import annotations

from typing import Any, cast

from textual.app import App, ComposeResult

from tui.listing import Listing
from tui.paint import Palette, line, palette


class Screenful(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.palette: Palette = palette(dark=True)

    def compose(self) -> ComposeResult:
        yield Listing(lambda item, cells, here: [line(f"item {item}"), line("second line")][: cast("Any", self).query_one(Listing).height])


async def test_the_cursor_keeps_its_item_and_its_place_on_the_screen() -> None:
    app = Screenful()
    async with app.run_test(size=(40, 10)) as pilot:
        listing = app.query_one(Listing)
        listing.put(range(100, 1100))
        listing.go(500)
        await pilot.pause()
        place = listing.items.index(500) - listing.scroll_offset.y
        listing.put([*range(50), *range(100, 1100)])
        await pilot.pause()
        assert listing.cursor == 500
        assert listing.items.index(500) - listing.scroll_offset.y == place
        listing.put([i for i in range(300, 1100) if i % 2 == 0])
        assert listing.cursor == 500


async def test_a_removed_item_passes_the_cursor_to_its_neighbour() -> None:
    app = Screenful()
    async with app.run_test(size=(40, 10)):
        listing = app.query_one(Listing)
        listing.put([1, 2, 3])
        listing.go(2)
        listing.put([1, 3])
        assert listing.cursor == 3
        listing.put([])
        assert listing.cursor is None
        listing.move(1)
        listing.put([7])
        assert listing.cursor == 7


async def test_it_says_whether_rows_in_sight_moved() -> None:
    app = Screenful()
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.pause()
        listing = app.query_one(Listing)
        assert listing.put(range(20))
        assert not listing.put([*range(20), 99])  # beyond the end of the screen
        assert listing.put([50, *range(1, 20)])


async def test_rows_of_two_lines() -> None:
    app = Screenful()
    async with app.run_test(size=(40, 10)) as pilot:
        listing = app.query_one(Listing)
        listing.height = 2
        listing.put(range(50))
        listing.move(30)
        await pilot.pause()
        assert listing.page == 5
        assert listing.render_line(0).text.startswith("item")
        assert listing.render_line(1).text.startswith("second")


async def test_a_cursor_that_moves_draws_two_rows_and_what_changed_is_drawn_again() -> None:
    app = Screenful()
    async with app.run_test(size=(40, 10)) as pilot:
        drawn: list[int] = []
        listing = app.query_one(Listing)
        draw = listing._draw
        listing._draw = lambda item, cells, here: drawn.append(item) or draw(item, cells, here)  # type: ignore[func-returns-value]

        async def painted() -> None:
            await pilot.pause()
            app.screen._on_timer_update()

        listing.put(range(5))
        await painted()
        drawn.clear()
        listing.move(1)
        await painted()
        assert set(drawn) == {0, 1}
        for item, expected in ((3, {3}), (None, {0, 1, 2, 3, 4})):
            drawn.clear()
            listing.redraw(item)
            await painted()
            assert set(drawn) == expected
        drawn.clear()
        app.palette = palette(dark=False)
        listing.refresh()
        await painted()
        assert set(drawn) == {0, 1, 2, 3, 4}
