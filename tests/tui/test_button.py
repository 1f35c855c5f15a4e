"""A dead button looks dead and does nothing."""

from __future__ import annotations

from textual import on
from textual.app import App, ComposeResult

from tui.button import Push
from tui.paint import Palette, palette


class Form(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.palette: Palette = palette(dark=True)
        self.pushed = 0

    def compose(self) -> ComposeResult:
        yield Push("Sign", id="sign")

    @on(Push.Pushed)
    def count(self) -> None:
        self.pushed += 1


async def test_it_is_pressed_by_enter_space_and_click_unless_it_is_dead() -> None:
    app = Form()
    async with app.run_test(size=(40, 5)) as pilot:
        button = app.query_one(Push)
        button.focus()
        for dead, pushed in ((False, 3), (True, 3), (False, 6)):
            button.kill(dead)
            await pilot.press("enter", "space")
            await pilot.click("#sign")
            await pilot.pause()
            assert app.pushed == pushed


async def test_focus_and_death_show_without_colour() -> None:
    app = Form()
    async with app.run_test(size=(40, 5)) as pilot:
        button = app.query_one(Push)
        app.set_focus(None)
        await pilot.pause()
        assert button.render_line(0).text == "[  Sign  ]"
        button.focus()
        await pilot.pause()
        assert button.render_line(0).text == "[▸ Sign ◂]"
        alive = button.render_line(0)._segments[0].style
        button.kill(True)
        assert button.render_line(0).text == "[▸ Sign ◂]"
        app.set_focus(None)
        await pilot.pause()
        assert button.render_line(0).text == "(  Sign  )"
        assert button.render_line(0)._segments[0].style != alive
