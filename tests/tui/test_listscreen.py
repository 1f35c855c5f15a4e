"""What all list screens have in common: the keys that move, and the filter."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tui.build import bench, opened, press, screen_text, until
from tui.listscreen import FilteredFace


@pytest.mark.parametrize("way", [(), ("h",)])
async def test_every_list_moves_by_the_same_keys(tmp_path: Path, way: tuple[str, ...]) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        cases = [await of.week(code=f"print({i})", agent=f"agent-{i // 10}", ago=100 - i) for i in range(30)]
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, *way, apart=0.6)
            face = app.screen
            assert isinstance(face, FilteredFace)
            await until(pilot, lambda: len(face.listing.items) == len(cases))
            items = list(face.listing.items)
            for keys, at in (("jj", 2), ("k", 1), ("G", 29), ("g", 0), (("ctrl+d",), face.listing.page // 2), (("ctrl+u",), 0)):
                await press(pilot, hands, *keys)
                assert face.listing.cursor == items[at], keys


@pytest.mark.parametrize("way", [(), ("h",)])
async def test_every_filter_says_what_is_wrong_with_it_and_escape_takes_it_away(tmp_path: Path, way: tuple[str, ...]) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await of.week()
        await of.cleanup()
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, *way, apart=0.6)
            face = app.screen
            assert isinstance(face, FilteredFace)
            await press(pilot, hands, "slash", *"class:D", "enter", apart=0.6)
            assert len(face.listing.items) == 1
            await press(pilot, hands, "slash", "x", "enter", apart=0.6)
            assert "✖" in "\n".join(screen_text(app))
            await press(pilot, hands, "slash", "escape")
            assert len(face.listing.items) == 2
            await press(pilot, hands, "slash", *"class:D", "enter", "escape", apart=0.6)
            assert app.screen is face
            assert len(face.listing.items) == 2
