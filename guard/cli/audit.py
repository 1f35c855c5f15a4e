"""`guard audit`: read the ledger, verify it, and find the runs that diverged from what was expected."""

from __future__ import annotations

import asyncio
import json
import re
from typing import TYPE_CHECKING

import typer

from guard.cli.terminal import case_number, progress, say
from guard.errors import BadInput, LedgerBroken

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from guard.divergence import Divergence
    from guard.hash_chain import Verification
    from guard.model import Case, Head
    from guard.ports import Store


def list_(
    case: str = typer.Option("", "--case", help="Only what happened to this case.", show_default=False),
    limit: int = typer.Option(100, "--limit", min=1, max=10**9, help="How many of the latest entries."),
    json_: bool = typer.Option(False, "--json", help="One JSON object per line."),
) -> None:
    """List ledger entries, oldest first."""
    asyncio.run(_list(case_number(case) if case else None, limit, json_=json_))


def show(entry: int = typer.Argument(help="The number of the entry.", min=1, max=(1 << 63) - 1)) -> None:
    """Show one ledger entry in full, as it was hashed."""
    asyncio.run(_show(entry))


def verify(
    noted: str = typer.Option(
        "", "--head", metavar="N:HASH", help="A head that this command printed before: check that the ledger still holds that entry."
    ),
) -> None:
    """Check the whole hash chain; the first bad entry is named.

    Prints the chain's head. Note it where whoever might rewrite the ledger cannot write: given back with --head, it tells a ledger that
    was replaced as a whole from one that grew. Exit code 0 if the chain holds, 76 if it does not.
    """
    asyncio.run(_verify(_head(noted) if noted else None))


def divergences(
    json_: bool = typer.Option(False, "--json", help="Print them as JSON."),
    jsonl: bool = typer.Option(
        False, "--jsonl", help="Print the programs about which the analysis was wrong, each once, as candidates for the regression corpus."
    ),
) -> None:
    """List the cases whose run did what was not predicted.

    Or tried what was not granted. What is read, and what is said inside TLS, is not observed; what a program does to files when the
    analysis had said that it cannot see it is no divergence. A line of --jsonl has `id`, `language`, `code` and the observed `effects`,
    for a person to label.
    """
    if json_ and jsonl:
        raise BadInput("--json and --jsonl are two forms of the same list", hint="Give one of them.")
    asyncio.run(_divergences(json_=json_, jsonl=jsonl))


async def _list(case: int | None, limit: int, *, json_: bool) -> None:
    from collections import deque

    from guard.cli import compose, page
    from guard.queries import moment

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


async def _verify(noted: Head | None) -> None:
    from guard.cli import compose

    async with compose.open_store(compose.configured()) as store:
        found = await verified(store, noted)
    say([f"The ledger verifies: {found.count:,} entries.", f"Its head is {found.head.seq}:{found.head.hash}"])


def _head(text: str) -> Head:
    """`N:HASH`, as `verify` prints it."""
    from guard.model import Head

    if not (match := re.fullmatch(r"([1-9][0-9]{0,17}):([0-9a-f]{64})", text.strip())):
        raise BadInput(f"{text!r} is no head", hint="It is what `guard audit verify` printed: a number, a colon, and 64 digits.")
    return Head(seq=int(match[1]), hash=match[2])


async def _divergences(*, json_: bool, jsonl: bool) -> None:
    from guard.canonical import plain
    from guard.cli import compose, page

    async with compose.open_store(compose.configured()) as store:
        found = [pair async for pair in _diverged(store)]
    if jsonl:
        wrong = {case.submission.code_digest: case for case, how in reversed(found) if how.wrong}  # of equal programs the first
        say(json.dumps(_candidate(case)) for case in reversed(wrong.values()))
    elif json_:
        rows = [{"case": c.id, "agent": c.submission.agent, "stage": c.stage, "outcome": c.outcome, "analysis_wrong": how.wrong,
                 "divergence": how} for c, how in found]  # fmt: skip
        say(json.dumps(plain(rows), indent=2))
    else:
        say([line for case, how in found for line in (page.headline(case), *_said(case, how))] or ["No run was seen to diverge."])


async def _diverged(store: Store) -> AsyncIterator[tuple[Case, Divergence]]:
    from guard.divergence import divergence

    last = 0
    while page := await store.cases(after=last):
        for case in page:
            if how := divergence(case):
                yield case, how
        last = page[-1].id


def _said(case: Case, how: Divergence) -> Iterator[str]:
    from guard.cli.page import resource, safe

    for words, effects in (("not predicted", how.unpredicted), ("not granted", how.ungranted)):
        yield from (f"  {words}: {effect.kind} {resource(effect, case.facts)}" for effect in effects)
    yield from (f"  tried, and was refused: {safe(what)}" for what in how.tried)
    yield from (f"  left what is never kept: {safe(what)}" for what in how.left)
    if how.wrong:
        yield "  The analysis was wrong about this program: a candidate for the regression corpus (--jsonl)."


def _candidate(case: Case) -> dict[str, object]:
    """A line of the corpus, but for the verdict, which a person gives."""
    from guard.divergence import label, observed

    s = case.submission
    effects = sorted({label(effect, case.facts) for effect in observed(case)})
    return {"id": f"divergence-{case.id:04d}", "language": s.language, "code": s.code, "effects": effects}


async def verified(store: Store, noted: Head | None = None) -> Verification:
    """The ledger's verification, with a head that was noted elsewhere. `LedgerBroken` with the first bad entry."""
    from guard.hash_chain import Verifier

    head = await store.head()
    check = Verifier(head, *(noted,) if noted else ())
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
