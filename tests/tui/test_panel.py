"""Panels are as high as their lines need, and say where they were clicked."""

from __future__ import annotations

from textual import on
from textual.app import App, ComposeResult

from tui.paint import Palette, line, palette
from tui.panel import Panel


class Form(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.palette: Palette = palette(dark=True)
        self.clicks: list[tuple[int, int]] = []

    def compose(self) -> ComposeResult:
        yield Panel(id="panel", most=3)
        yield Panel(id="below")

    @on(Panel.Clicked)
    def clicked(self, event: Panel.Clicked) -> None:
        self.clicks.append((event.index, event.column))


async def test_lines_wrap_at_words_up_to_the_most_rows() -> None:
    app = Form()
    async with app.run_test(size=(22, 10)) as pilot:
        panel = app.query_one("#panel", Panel)
        await pilot.pause()
        assert panel.size.height == 0
        panel.show([line("one two three four five six")])
        await pilot.pause()
        assert panel.size.height == 2
        assert panel.render_line(0).text == " one two three four    "[:22]
        panel.show([line("word " * 40)])
        await pilot.pause()
        assert panel.size.height == 3
        await pilot.resize_terminal(60, 10)
        await pilot.pause()
        assert all(panel.render_line(y).cell_length == 60 for y in range(panel.size.height))


async def test_a_click_names_the_line_and_the_column_of_its_text() -> None:
    app = Form()
    async with app.run_test(size=(22, 10)) as pilot:
        app.query_one("#panel", Panel).show([line("first"), line("漢字 two")])
        await pilot.pause()
        await pilot.click("#panel", offset=(1, 0))
        await pilot.click("#panel", offset=(6, 1))
        await pilot.pause()
        assert app.clicks == [(0, 0), (1, 3)]
