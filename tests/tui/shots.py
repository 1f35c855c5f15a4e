"""The console's screens, walked through: as PNG for people to look at (`python tests/tui/shots.py FOLDER`), and for the kept screens."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from datetime import timedelta

from tests.tui.build import PASSPHRASE, Bench, bench, console, press, read, read_all, settle, until
from tui.app import Console

LOOKS = {"": ("guard-dark", {}), "-light": ("guard-light", {}), "-plain": ("guard-dark", {"NO_COLOR": "1"})}
"""Dark, light, and without colour: theme and environment."""


async def fill(of: Bench) -> None:
    """A morning's work: a case of each kind, some history, one grant."""
    await of.person(teams=("data",))
    e = of.effect
    done = await of.case(e("fs.write", "notes/today.md", 1), agent="report", code="open('notes/today.md', 'w')", ago=5000)
    await of.desk.reject(done.id, person="ann", reason="archive them instead of deleting")
    kept = await of.case(e("http.get", "pypi.org", 1), agent="docs-bot", code="get('https://pypi.org')", ago=3000)
    draft = await of.desk.draft(kept, person="ann", rungs=[0], lasts=timedelta(hours=1), uses=10)
    await of.desk.give(draft, signer=await of.desk.unlock("ann", PASSPHRASE))
    await of.desk.reject(kept.id, person="ann", reason="once was enough")
    await of.cleanup(ago=2460)
    await of.case(e("fs.write", "src/money.py", 3), *[e("fs.write", f"src/f{i}.py") for i in range(11)], agent="refactor", ago=1980)
    await of.case(e("opaque", line=2, note="eval of text"), e("http.get", "c.example.net", 1), agent="ops-agent", ago=360)
    await of.case(e("sql.delete", "orders/staging", 4), agent="db-helper", ago=540)
    hosts = ("api.stripe.com", "a.example.com", "b.example.com")
    await of.case(*[e("http.post", h) for h in hosts], e("fs.read", "x.csv"), agent="site-bot", ago=1020)
    await of.case(e("fs.surface", ".github/workflows/ci.yml", 9), agent="ci-agent", ago=1260)
    await of.week(ago=840)
    await of.case(e("secret.read", ".env", 2), agent="etl-bot", ago=60)
    await of.case(e("http.get", "docs.python.org", 3), agent="docs-bot", ago=30)


async def walk(of: Bench, size: tuple[int, int], theme: str) -> AsyncIterator[tuple[str, Console]]:
    """Screen by screen: its name, and the app that shows it."""
    app, hands = console(of)
    async with app.run_test(size=size) as pilot:

        async def go(*keys: str) -> None:
            await press(pilot, hands, *keys, apart=0.6)
            await settle(pilot)
            await until(pilot, lambda: not app._besides)  # what it writes to the ledger on the way is counted in the status line
            head = await of.desk.head()
            await until(pilot, lambda: app._seen >= head)
            await settle(pilot)

        app.theme = theme
        await settle(pilot)
        hands.turn(2)
        await settle(pilot)
        await go("j", "j", "k", "k", "o", "o", "o", "o")
        yield "queue", app
        await go("enter")
        yield "effects", app
        await read(pilot, hands)
        await go("2", "space")
        yield "code", app
        await read_all(pilot, hands)
        await go("a")
        hands.turn(1)
        await settle(pilot)
        yield "approve", app
        await go("escape", "4")
        yield "grant", app
        await go("5")
        yield "past", app
        await go("6")
        yield "agent-says", app
        await go("question_mark")
        yield "keys", app
        await go("escape", "r")
        yield "reject", app
        await go("escape", "e", "ctrl+end", "#", "enter")
        yield "edit", app
        await go("escape", "escape", "q")
        await go("slash", *"docs-bot", "enter")
        await go("enter")
        await read_all(pilot, hands)
        await go("w")
        await read(pilot, hands)
        yield "while", app
        await go("escape", "q", "escape", "w")
        yield "grants", app
        await go("q", "h")
        yield "history", app
        await go("end", "enter")
        yield "timeline", app


def save(app: Console, path: Path) -> None:
    import cairosvg

    svg = app.export_screenshot().replace("Fira Code", "DejaVu Sans Mono")
    cairosvg.svg2png(bytestring=svg.encode(), write_to=str(path), scale=1.3)


async def shots(folder: Path, size: tuple[int, int], look: str) -> None:
    theme, environment = LOOKS[look]
    os.environ.pop("NO_COLOR", None)
    os.environ.update(environment)
    with tempfile.TemporaryDirectory() as root:
        async with bench(Path(root)) as of:
            await fill(of)
            async for name, app in walk(of, size, theme):
                save(app, folder / f"{name}-{size[0]}{look}.png")


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    for width, height in ((80, 24), (160, 50)):
        for look in LOOKS:
            asyncio.run(shots(target, (width, height), look))
