"""A dead button looks dead, with the focus too; pressed it says why."""

from __future__ import annotations

from textual import on
from textual.app import App, ComposeResult

from tui.button import Push
from tui.paint import Palette, line, palette


class Form(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.palette: Palette = palette(dark=True)
        self.pushed = 0
        self.told: list[str] = []

    def compose(self) -> ComposeResult:
        yield Push("Sign", id="sign")

    @on(Push.Pushed)
    def count(self) -> None:
        self.pushed += 1

    @on(Push.Dead)
    def tell(self, event: Push.Dead) -> None:
        self.told.append(event.why.text.text)


WHY = line("Not yet.")


async def test_it_is_pressed_by_enter_and_click_unless_it_is_dead_and_then_it_says_why() -> None:
    app = Form()
    async with app.run_test(size=(40, 5)) as pilot:
        button = app.query_one(Push)
        button.focus()
        for why, pushed, told in ((None, 2, 0), (WHY, 2, 2), (None, 4, 2)):
            button.kill(why)
            await pilot.press("enter", "space")
            await pilot.click("#sign")
            await pilot.pause()
            assert app.pushed == pushed
            assert app.told == ["Not yet."] * told


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
        button.kill(WHY)
        assert button.render_line(0).text == "(· Sign ·)", "the focus is seen, and that enter presses nothing"
        assert button.render_line(0)._segments[0].style != alive
        app.set_focus(None)
        await pilot.pause()
        assert button.render_line(0).text == "(  Sign  )"
        assert button.render_line(0)._segments[0].style != alive
