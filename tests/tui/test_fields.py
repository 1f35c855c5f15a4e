"""Text fields take what is pasted only cleaned, and one kind not at all."""

from __future__ import annotations

import pytest
from textual import events
from textual.app import App, ComposeResult

from tui.fields import Editor, Field, Typed, clean


@pytest.mark.parametrize(("pasted", "kept"), [("a\x1b[31mb", "a[31mb"), ("x\u202ey\u200b", "xy"), ("a\tb\r\n", "a    b\n"), ("é漢", "é漢")])
def test_pasted_text_is_cleaned(pasted: str, kept: str) -> None:
    assert clean(pasted) == kept


class Form(App[None]):
    def compose(self) -> ComposeResult:
        yield Field(id="field")
        yield Typed("one", id="typed")
        yield Editor(id="editor")


async def test_without_colour_an_empty_field_is_seen_by_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    for environment, ruled in (({}, False), ({"NO_COLOR": "1"}, True)):
        monkeypatch.delenv("NO_COLOR", raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        app = Form()
        async with app.run_test() as pilot:
            for focused in ("field", "typed"):
                app.query_one(f"#{focused}").focus()
                await pilot.pause()
                field = app.query_one("#field", Field)
                row = field.render_line(0)
                assert all(bool(one.style and one.style.underline) is ruled for one in row if not (one.style and one.style.reverse))
                assert not ruled or row.cell_length == field.size.width


async def test_each_field_takes_a_paste_in_its_way() -> None:
    app = Form()
    async with app.run_test() as pilot:
        for name in ("field", "typed", "editor"):
            app.query_one(f"#{name}").focus()
            await pilot.pause()
            app.post_message(events.Paste("one\x1b[2J\ntwo\u202e"))
            await pilot.pause()
        assert app.query_one("#field", Field).value == "one[2J two"
        assert app.query_one("#typed", Typed).value == ""
        assert app.query_one("#editor", Editor).text == "one[2J\ntwo"


async def test_a_field_is_done_when_nothing_is_left_to_be_typed_there() -> None:
    app = Form()
    async with app.run_test():
        field, typed, editor = app.query_one("#field", Field), app.query_one("#typed", Typed), app.query_one(Editor)
        assert (field.done, typed.done, editor.done) == (False, False, False)
        field.value, typed.value, editor.text = "x", "on", "x"
        assert (field.done, typed.done, editor.done) == (True, False, False)
        lacks = typed.lacks()
        assert lacks is not None
        assert lacks.text.text == "! Type “one”; you typed “on”."
        typed.value = "one"
        assert (typed.done, typed.lacks()) == (True, None)
