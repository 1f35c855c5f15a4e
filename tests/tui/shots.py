"""Screens as PNG, for people to look at: python tests/tui/shots.py FOLDER. Not a test; the tests compare text."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from tests.tui.build import Bench, bench, console, press, read, settle
from tui.app import Console


def save(app: Console, path: Path) -> None:
    import cairosvg

    svg = app.export_screenshot().replace("Fira Code", "DejaVu Sans Mono")
    cairosvg.svg2png(bytestring=svg.encode(), write_to=str(path), scale=1.3)


async def fill(of: Bench) -> None:
    await of.person(teams=("data",))
    e = of.effect
    await of.cleanup(ago=2460)
    await of.case(e("fs.write", "src/money.py", 3), *[e("fs.write", f"src/f{i}.py") for i in range(11)], agent="refactor", ago=1980)
    await of.case(e("opaque", line=2, note="eval of text"), e("http.get", "c.example.net", 1), agent="ops-agent", ago=360)
    await of.case(e("sql.delete", "orders/staging", 4), agent="db-helper", ago=540)
    await of.case(
        *[e("http.post", h) for h in ("api.stripe.com", "a.example.com", "b.example.com")],
        e("fs.read", "x.csv"),
        agent="site-bot",
        ago=1020,
    )
    await of.case(e("fs.surface", ".github/workflows/ci.yml", 9), agent="ci-agent", ago=1260)
    await of.week(ago=840)
    await of.case(e("secret.read", ".env", 2), agent="etl-bot", ago=60)


async def shots(folder: Path, size: tuple[int, int], tag: str, theme: str = "guard-dark") -> None:
    with tempfile.TemporaryDirectory() as root:
        async with bench(Path(root)) as of:
            await fill(of)
            app, hands = console(of)
            async with app.run_test(size=size) as pilot:
                app.theme = theme
                await settle(pilot)
                save(app, folder / f"queue-{tag}.png")
                hands.turn(2)
                await press(pilot, hands, "j")
                await press(pilot, hands, "enter", apart=0.6)
                await settle(pilot)
                save(app, folder / f"case-{tag}.png")
                await read(pilot, hands)
                await press(pilot, hands, "space")
                save(app, folder / f"code-{tag}.png")
                for _ in range(5):
                    await read(pilot, hands)
                    await press(pilot, hands, "space")
                save(app, folder / f"read-{tag}.png")
                await press(pilot, hands, "a", apart=0.6)
                hands.turn(1)
                await settle(pilot)
                save(app, folder / f"approve-{tag}.png")
                await press(pilot, hands, "escape")
                for tab in "3456":
                    await press(pilot, hands, tab)
                    save(app, folder / f"tab{tab}-{tag}.png")
                await press(pilot, hands, "question_mark")
                save(app, folder / f"keys-{tag}.png")
                await press(pilot, hands, "escape")
                await press(pilot, hands, "r", apart=0.6)
                save(app, folder / f"reject-{tag}.png")
                await press(pilot, hands, "escape")
                await press(pilot, hands, "e", apart=0.6)
                await press(pilot, hands, "ctrl+end", *"#x", "enter", apart=0.6)
                await settle(pilot)
                save(app, folder / f"edit-{tag}.png")
                await press(pilot, hands, "escape", "escape", "q")
                await press(pilot, hands, "h")
                save(app, folder / f"history-{tag}.png")
                await press(pilot, hands, "enter", apart=0.6)
                save(app, folder / f"timeline-{tag}.png")


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    for width, height in ((80, 24), (160, 50)):
        for plain in (False, True):
            os.environ.pop("NO_COLOR", None)
            if plain:
                os.environ["NO_COLOR"] = "1"
            asyncio.run(shots(target, (width, height), f"{width}{'-plain' if plain else ''}"))
        os.environ.pop("NO_COLOR", None)
        asyncio.run(shots(target, (width, height), f"{width}-light", "guard-light"))
