"""`guard grants`: what was approved for a while. Listed, given with its exact text shown first, revoked."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import typer

from guard.cli.cases import NUMBER, me, signer, taken
from guard.cli.terminal import agreed, case_number, duration, interactive, say
from guard.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator

    from guard.desk import Desk, Draft
    from guard.model import Case


def list_() -> None:
    """List the standing grants in force.

    What each lets whom do, until when, how often still, and who gave it.
    """
    asyncio.run(_list())


def give(
    case: str = NUMBER,
    where: int = typer.Option(1, "--where", metavar="N", help="Which of the places that are printed; 1 is the narrowest."),
    lasts: str = typer.Option("1h", "--for", metavar="TIME", help="How long: 15m, 1h, 7d at most."),
    uses: int = typer.Option(10, "--uses", help="How many programs it may let run."),
) -> None:
    """Approve a waiting case and its like for a while.

    The exact text that joins the policies is printed first. On a terminal it asks whether you mean it, and for your passphrase. From a
    script it counts only under a policy that accepts unattended approvals by name. What destroys, cannot be seen, is secret or runs
    later is never granted for a while.
    """
    asyncio.run(_give(case_number(case), where, duration(lasts), uses))


def revoke(grant: str = typer.Argument(help="Its id, as `guard grants list` prints it.", metavar="ID")) -> None:
    """End a standing grant at once.

    What runs under it now keeps no change and reaches nothing more. Policies say who may.
    """
    asyncio.run(_revoke(grant))


async def _list() -> None:
    from guard.cli import compose
    from guard.cli.page import safe, table

    async with compose.open_desk(compose.configured()) as desk:
        rows = [
            (safe(one.id), f"{one.until:%Y-%m-%d %H:%M} UTC", str(one.left), safe(one.person), safe(one.what))
            for one in await desk.grants()
        ]
    say(table(rows, head=("grant", "until", "uses left", "given by", "what")) if rows else "Nothing is granted for a while.")


async def _give(case_id: int, where: int, lasts: timedelta, uses: int) -> None:
    from guard.cli import compose
    from guard.cli.page import safe

    async with compose.open_desk(compose.configured()) as desk:
        case, person = await desk.case(case_id), await me(desk)
        rungs = _rungs(desk, case, where)
        draft = await desk.draft(case, person=person.name, rungs=rungs, lasts=lasts, uses=uses)
        say(_lines(desk, case, draft))
        if interactive():
            agreed("Give it?")
        taken(await desk.give(draft, signer=await signer(desk, person)))
        say(f"Given: {', '.join(safe(one.id) for one in draft.grants)}. `guard grants revoke` takes it back.")


def _rungs(desk: Desk, case: Case, where: int) -> list[int]:
    """The chosen place of each offer; one that has fewer places gives its widest."""
    offered = desk.offers(case)
    if isinstance(offered, str):
        raise BadInput(offered, hint=f"`guard approve {case.id:04d}` approves this one case.")
    most = max(len(offer.rungs) for offer in offered)
    if not 1 <= where <= most:
        raise BadInput(f"There is no place {where}", hint=f"Give --where from 1 to {most}.")
    return [min(where, len(offer.rungs)) - 1 for offer in offered]


def _lines(desk: Desk, case: Case, draft: Draft) -> Iterator[str]:
    from guard.cli.page import number, safe
    from guard.model import Verdict

    offered = desk.offers(case)
    assert not isinstance(offered, str)
    for offer, rung in zip(offered, draft.rungs, strict=True):
        yield f"Where {', '.join(kind.value for kind in offer.kinds)} may happen, from narrow to wide:"
        for i, place in enumerate(offer.rungs):
            yield f"  {'*' if i == rung else ' '} {i + 1} {place.type.value} {safe(place.name)}"
    yield from ("", "This text joins the policies, and nothing else:", "")
    yield from (f"  {safe(line)}" for line in draft.text.splitlines())
    yield ""
    others = [number(one) for one in draft.releases if one != case.id]
    released = "releases this case"
    if draft.still:
        denied = draft.still.verdict is Verdict.DENY
        released = f"does not release this case, which {'is forbidden' if denied else f'still owes {desk.owed(draft.still)}'}"
    yield f"Now   {released}{f', and {len(others)} more: {chr(32).join(others[:20])}' if others else ''}"
    yield f"Past  would have covered {draft.covered} of the last {draft.past} programs of {safe(case.submission.agent)}"


async def _revoke(grant: str) -> None:
    from guard.cli import compose
    from guard.cli.page import safe

    async with compose.open_desk(compose.configured()) as desk:
        await desk.revoke(grant, person=(await me(desk)).name)
    say(f"Revoked {safe(grant)}.")
