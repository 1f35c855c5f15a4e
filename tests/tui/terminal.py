"""Run by test_tui in a terminal of its own: a console full of hostile texts, walked through all of its screens."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from textual.pilot import Pilot

from guard.events import Ran
from guard.model import Change, ChangeSet, Ending, EntryKind, Execution, FileType, Print
from tests.tui.build import Bench, Hands, bench, console, press, read_all, screen_text, settle

HOSTILE = (
    "\x1b[31mred\x1b[2J\x1b[H", "\x1b]8;;https://evil.example\x1b\\x\x1b]8;;\x1b\\", "\x1b]52;c;aGVsbG8=\x07", "\x9b31m\x9d52;c;aGk=\x9c",
    "\u202e)(lru\u2066x\u2069", "a\u200bb\u200dc\ufeff", "\U000e0041\U000e0042", "e" + "\u0301" * 60, "[/] [/bold] [[[bold]x[/ [@click=quit]y[/]",
    "p\u0430ypal", "漢字" * 30 + "👩\u200d👩\u200d👧", "x" + " " * 300 + "rm -rf /", "\r\nfake line\rover", "\u2028\u2029\x0b\x0c\x85", "שלום עולם", "\ue000\U000f0000",
    "‹U+202E RLO›", "\x00\x07\x08\x7f",
)  # fmt: skip


async def fill(of: Bench) -> None:
    await of.person()
    everything = " ".join(HOSTILE)
    for i, text in enumerate(HOSTILE):
        name = text.replace("/", "_").replace(":", "_")[:200]
        await of.case(
            of.effect("fs.delete", f"data/{name}", 1), of.effect("http.post", f"{name}.example.net", 2), of.effect("opaque", line=3, note=text),
            code=f"# {text}\nx = '{text}'\n{everything}\n", agent=f"bot{text[:20]}", intent=text, ago=60 + i, arguments='{"a": "b"}', tool=f"t{text[:9]}",
        )  # fmt: skip
    last = await of.week(code="print(1)\n" + everything, ago=30)
    there = Print(type=FileType.FILE, mode=0o644, size=3, digest="0" * 64)
    execution = Execution(
        ending=Ending.EXITED, stdout=everything, stderr=everything, change_set=ChangeSet(changes=(Change(kind=EntryKind.CREATED, path=HOSTILE[0].replace("/", "_"), after=there),))
    )  # fmt: skip
    await of.store.save(
        __import__("dataclasses").replace(last, execution=execution), (), now=of.wall.now(), before=last, policy_digest=None
    )
    await of.desk.reject(3, person="ann", reason=everything.replace("\ud800", "")[:1900])
    assert Ran is not None


async def walk(pilot: Pilot[None], hands: Hands) -> None:
    await settle(pilot)
    hands.turn(2)
    for _ in range(20):
        await press(pilot, hands, "j")
    await press(pilot, hands, "g")
    for _ in range(5):
        await press(pilot, hands, "enter", apart=0.6)
        for key in ("space", "space", "2", "3", "4", "5", "6"):
            await press(pilot, hands, key)
        await read_all(pilot, hands)
        await press(pilot, hands, "a", apart=1.0)
        await press(pilot, hands, "escape", apart=0.6)
        if pilot.app.screen.__class__.__name__ == "QueueScreen":
            raise AssertionError("\n".join(screen_text(pilot.app)))
        await press(pilot, hands, "r", apart=0.6)
        await press(pilot, hands, "escape", "q", "j", apart=0.6)
        hands.turn(2)
    await press(pilot, hands, "enter", "e", apart=0.6)
    await press(pilot, hands, "escape", "q", "h", apart=0.6)
    for _ in range(4):
        await press(pilot, hands, "enter", apart=0.6)
        for _ in range(4):
            await press(pilot, hands, "enter", "escape", "j", apart=0.6)
        await press(pilot, hands, "q", "j", apart=0.6)
    pilot.app.exit()


async def main() -> None:
    with tempfile.TemporaryDirectory() as root:
        async with bench(Path(root)) as of:
            await fill(of)
            app, hands = console(of)
            failed: list[BaseException] = []

            async def auto(pilot: Pilot[None]) -> None:
                try:
                    await walk(pilot, hands)
                except BaseException as error:
                    failed.append(error)
                    pilot.app.exit()

            await app.run_async(auto_pilot=auto)
            if failed or app._exception:
                raise failed[0] if failed else app._exception
    print("WALKED", file=sys.stdout)


if __name__ == "__main__":
    asyncio.run(main())
