"""`guard audit`: read the ledger, and verify it."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import typer

from guard.cli.terminal import case_number, progress, say
from guard.errors import BadInput, LedgerBroken

if TYPE_CHECKING:
    from guard.ports import Store
    from guard.record import Verification


def list_(
    case: str = typer.Option("", "--case", help="Only what happened to this case.", show_default=False),
    limit: int = typer.Option(100, "--limit", min=1, help="How many of the latest entries."),
    json_: bool = typer.Option(False, "--json", help="One JSON object per line."),
) -> None:
    """List ledger entries, oldest first."""
    asyncio.run(_list(case_number(case) if case else None, limit, json_=json_))


def show(entry: int = typer.Argument(help="The number of the entry.", min=1)) -> None:
    """Show one ledger entry in full, as it was hashed."""
    asyncio.run(_show(entry))


def verify() -> None:
    """Check the whole hash chain; the first bad entry is named, and the exit code is 76."""
    asyncio.run(_verify())


async def _list(case: int | None, limit: int, *, json_: bool) -> None:
    from collections import deque

    from guard.cli import compose, page
    from guard.desk import moment

    async with compose.open_store(compose.configured()) as store:
        last = deque([entry async for entry in store.entries(case=case)], maxlen=limit)
    for entry in last:
        # A canonical body may hold any character: JSON again, with all of them escaped.
        say(json.dumps(json.loads(entry.body)) if json_ else page.moment_line(moment(entry.body)))


async def _show(seq: int) -> None:
    from guard.cli import compose

    async with compose.open_store(compose.configured()) as store:
        async for entry in store.entries(after=seq - 1):
            if entry.seq == seq:
                say(json.dumps({**json.loads(entry.body), "hash": entry.hash}, indent=2))
                return
            break
    raise BadInput(f"There is no entry {seq}", hint="`guard audit list` shows which there are.")


async def _verify() -> None:
    from guard.cli import compose

    async with compose.open_store(compose.configured()) as store:
        found = await verified(store)
    say(f"The ledger verifies: {found.count:,} entries, the last is {found.head.hash[:16]}.")


async def verified(store: Store) -> Verification:
    """The ledger's verification. `LedgerBroken` with the first bad entry."""
    from guard.record import Verifier

    head = await store.head()
    check = Verifier(head)
    async for entry in store.entries():
        if not check.feed(entry.seq, entry.body, entry.hash):
            break
        if entry.seq % 50_000 == 0:
            progress(f"{entry.seq:,} of {head.seq:,} entries")
    found = check.finish()
    if found.problem:
        raise LedgerBroken(
            f"The ledger does not verify: {found.problem}",
            hint=f"{found.count:,} entries before it are good. Keep this state folder as evidence, and go on with a backup.",
        )
    return found
