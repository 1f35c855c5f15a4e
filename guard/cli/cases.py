"""What people do with cases: `queue`, `show`, `approve`, `reject`, `ask`, `edit`, `rollback`. All through the desk; nothing runs here."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from guard.cli.terminal import agreed, asked_for, case_number, interactive, passphrase, prose, say, typed
from guard.errors import BadInput, ConfigError, GuardError

if TYPE_CHECKING:
    from guard.desk import Desk, Preview
    from guard.engine import Answer
    from guard.keys import Signer
    from guard.model import Case, Person


class NotTaken(GuardError):
    """An answer that the desk refused, as the command line reports it."""

    exit_code = 77


NUMBER = typer.Argument(help="The number of the case.", metavar="CASE")


def queue(
    watch: bool = typer.Option(
        False, "--watch", help="Stay, and print each case that begins or ceases to wait, or that its agent says more of."
    ),
    json_: bool = typer.Option(False, "--json", help="Print the waiting cases as JSON."),
) -> None:
    """List the programs that wait for a person, oldest first."""
    asyncio.run(_queue(watch=watch, json_=json_))


def show(
    case: str = NUMBER,
    escaped: bool = typer.Option(False, "--escaped", help="Print ASCII alone, everything else escaped."),
    json_: bool = typer.Option(False, "--json", help="Print the case as JSON."),
) -> None:
    """Show a case in full.

    Its effects, why it waits, all of its code, its answers, its result and its ledger entries.
    """
    asyncio.run(_show(case_number(case), escaped=escaped, json_=json_))


def approve(
    case: str = NUMBER,
    accept_loss: bool = typer.Option(False, "--accept-loss", help="Accept by name what cannot be restored; the names are printed."),
) -> None:
    """Show a case in full and approve exactly what was shown.

    On a terminal it asks for your passphrase, and has you type a name or a word if something may be destroyed. From a script the approval
    is unattended, and counts only under a policy that accepts that by name.
    """
    asyncio.run(_approve(case_number(case), accept_loss=accept_loss))


def reject(
    case: str = NUMBER,
    reason: str = typer.Option("", "--reason", help="Why; the agent reads it, in quotes. On a terminal it is asked for."),
) -> None:
    """Say no to a waiting case, for good."""
    asyncio.run(_reject(case_number(case), reason))


def ask(
    case: str = NUMBER,
    text: str = typer.Argument(help="What you want to know; the agent reads it, in quotes.", metavar="TEXT"),
) -> None:
    """Ask the agent something about a waiting case.

    The case waits on, and its time runs on; `guard show` prints the answer once it came. The agent's answer is marked as words that
    nobody checked; it changes no decision, and nobody is notified of it.
    """
    asyncio.run(_ask(case_number(case), text))


def edit(case: str = NUMBER) -> None:
    """Change a waiting program in $EDITOR; the old case ends.

    The result is submitted in its place and judged from the start. What the edit changes is shown first: effects that come and go, and
    what is owed before and then. On a terminal it asks whether you mean it.
    """
    asyncio.run(_edit(case_number(case)))


def rollback(case: str = NUMBER) -> None:
    """Put back the files that a finished case replaced or deleted.

    Files changed since are a conflict; then nothing is touched.
    """
    asyncio.run(_rollback(case_number(case)))


# -------------------------------------------------------------------------------------------------------------------- looking


async def _queue(*, watch: bool, json_: bool) -> None:
    from guard.cli import compose, page

    async with compose.open_desk(compose.configured()) as desk:
        waiting = await desk.queue()
        if json_:
            say(page.as_json(waiting))
        else:
            rows = [_row(case, desk) for case in waiting]
            say(page.table(rows, head=("case", "waits", "agent", "owed", "what")) if rows else "Nothing is waiting.")
        if watch:
            await _watch(desk, {case.id: case for case in waiting})


async def _watch(desk: Desk, known: dict[int, Case]) -> None:
    from guard.cli import page

    seen = 0
    while True:
        seen = await desk.wait(seen, 3600.0)
        waiting = {case.id: case for case in await desk.queue()}
        for case_id in sorted(known.keys() - waiting.keys()):
            say(f"- {page.headline(await desk.case(case_id))}")
        for case_id, case in waiting.items():
            if case_id not in known or (case.replied and not known[case_id].replied):
                say(("= " if case_id in known else "+ ") + "  ".join(_row(case, desk)))
        known = waiting


def _row(case: Case, desk: Desk) -> tuple[str, ...]:
    from guard.cli.page import number, since, told

    signed = f" ({len(case.approvals)} given)" if case.approvals else ""
    owed = desk.owed(case.decision) + signed
    answered = " (the agent answered)" if case.replied else ""
    return number(case.id), since(case.created_at), case.submission.agent, owed + answered, told(case)


async def _show(case_id: int, *, escaped: bool, json_: bool) -> None:
    from guard.cli import compose, page

    async with compose.open_desk(compose.configured()) as desk:
        case = await desk.case(case_id)
        if json_:
            say(page.as_json(case))
            return
        answers = [*page.diff_lines(await desk.diff(case)), *page.said_lines(case), *page.timeline_lines(await desk.timeline(case_id))]
        lines = [*page.case_lines(case), *answers]
        say(prose(map(page.ascii_only, lines) if escaped else lines))


# ------------------------------------------------------------------------------------------------------------------- answering


async def _approve(case_id: int, *, accept_loss: bool) -> None:
    from guard.cli import compose, page

    async with compose.open_desk(compose.configured()) as desk:
        case, someone = await desk.case(case_id), await me(desk)
        say(prose([*page.case_lines(case), *page.diff_lines(await desk.diff(case)), *page.said_lines(case), ""]))
        losses = _losses(case, accept_loss=accept_loss)
        for word, why in _confirmations(case) if interactive() else ():
            typed(word, why)
        key = await signer(desk, someone)
        answer = await desk.approve(case, person=someone.name, signer=key, losses=losses, shown=_shown(case))
        taken(answer)
        left = answer.case.decision.owed.approvals - len(answer.case.approvals)
        more = f"It still needs {left} more." if left > 0 else "A running guard of its workspace takes it up at once."
        say(f"Approved case {page.number(case_id)} as {page.safe(someone.name)}{'' if key else ', unattended'}. {more}")


def _shown(case: Case) -> str:
    """What was printed, in words for the ledger."""
    lines, changes = max(1, len(case.submission.code.splitlines())), len(case.execution.change_set.changes) if case.execution else 0
    return f"all {lines} lines{f' and {changes} changes of files' if changes else ''}, printed"


async def _reject(case_id: int, reason: str) -> None:
    from guard.cli import compose, page

    reason = reason or asked_for("Why, in one line (the agent reads it)", f'guard reject {case_id:04d} --reason "write to reports/ only"')
    async with compose.open_desk(compose.configured()) as desk:
        taken(await desk.reject(case_id, person=(await me(desk)).name, reason=reason))
        say(f"Rejected case {page.number(case_id)}.")


async def _ask(case_id: int, text: str) -> None:
    from guard.cli import compose, page

    async with compose.open_desk(compose.configured()) as desk:
        taken(await desk.ask(case_id, person=(await me(desk)).name, text=text))
        say(f"Asked. The agent is told as soon as it looks at case {page.number(case_id)}, which waits on.")


async def _edit(case_id: int) -> None:
    from guard.cli import compose, page
    from guard.cli.editor import edited
    from guard.edit import to_edit
    from guard.engine import Answer

    async with compose.open_desk(compose.configured()) as desk:
        case, person = await desk.case(case_id), await me(desk)
        taken(Answer(case=case, refused=await desk.may_edit(case, person.name)))
        start = to_edit(case.submission)
        code = await asyncio.to_thread(edited, start, case.submission.language)
        if code == start:
            raise BadInput("The program is as it was", hint=f"Nothing was submitted; case {page.number(case_id)} still waits.")
        preview = await desk.preview(case, code)
        say(_delta(case, preview, start, code))
        if interactive():
            agreed("Submit it?")
        answer = await desk.edit(case, code, person=person.name)
        taken(answer)
        new = page.number(answer.case.id)
        say(f"Case {page.number(case_id)} became case {new}, which {_stands(answer.case)}.")


def _delta(case: Case, preview: Preview, start: str, code: str) -> Iterator[str]:
    """What an edit changes, in words: lines, effects that go and come, what is owed before and then."""
    import difflib

    from guard.cli.page import safe, verdict_line
    from guard.words import effect_words, telling

    lines = difflib.unified_diff(start.split("\n"), code.split("\n"), lineterm="", n=3)
    yield from (safe(line) for i, line in enumerate(lines) if i > 1)
    yield ""
    before, then = ([effect_words(e, case.facts) for e in telling(d.effects)] for d in (case.decision, preview.decision))
    for sign, these, others in (("-", before, then), ("=", before, before), ("+", then, before)):
        shown = [one for one in dict.fromkeys(these) if (one in then if sign == "=" else one not in others)]
        yield from (f"{sign} {words}" for words in shown)
    yield f"Before  {verdict_line(case.decision)}"
    yield f"Then    {verdict_line(preview.decision)}"


def _stands(case: Case) -> str:
    if case.stage.value == "denied":
        return f"is denied: {case.outcome}"
    return "waits" if case.decision.owed.approvals else "runs as soon as a guard of its workspace takes it up"


async def _rollback(case_id: int) -> None:
    from guard.cli import compose, page

    async with compose.open_desk(compose.configured()) as desk:
        case, someone = await desk.case(case_id), await me(desk)
        changes = case.execution.change_set.changes if case.execution else ()
        if interactive() and changes:
            say(f"  {change.kind.value:9} {page.safe(change.path)}" for change in changes)
            typed(page.number(case_id), f"This puts back what was there before case {page.number(case_id)}.")
        taken(await desk.rollback(case_id, person=someone.name))
        say(f"Rolled back case {page.number(case_id)}: {len(changes)} path{'' if len(changes) == 1 else 's'} as before.")


async def me(desk: Desk) -> Person:
    """The registered person behind this process. `ConfigError` if there is none."""
    if found := await desk.me():
        return found
    raise ConfigError(
        "Nobody is registered for your user on this machine",
        hint="`guard person add NAME` registers you; `guard --as NAME …` is for whoever has a key here.",
    )


def _losses(case: Case, *, accept_loss: bool) -> tuple[str, ...]:
    """Keys of the losses that are accepted: those that the case names, if the person says so."""
    keys = tuple(case.decision.effects[i].key for i in case.decision.losses)
    if keys and not accept_loss:
        raise BadInput(
            f"No backup can be taken of: {', '.join(keys)}", hint="If that loss is acceptable, approve again with --accept-loss."
        )
    return keys


def _confirmations(case: Case) -> Iterator[tuple[str, str]]:
    """(what to type, why), for a person at a terminal; nothing for what destroys nothing."""
    from guard.cli.page import safe
    from guard.model import UNSEEN, Class
    from guard.path_rules import shown

    effects = case.decision.effects
    if case.decision.losses:
        yield "no backup", "It destroys what guard cannot restore."
        return
    if any(effect.kind in UNSEEN for effect in effects):
        yield "unseen", "It does something that cannot be seen before it runs; guard backs the workspace's files up."
        return
    names = sorted({shown(e.resource.name, case.facts) for e in effects if Class.DESTRUCTIVE in e.classes})
    if len(names) == 1:
        plainly = names[0].isascii() and names[0].isprintable() and 0 < len(names[0]) <= 24
        yield (names[0] if plainly else case.seal[:4]), f"It destroys {safe(names[0])}; guard backs it up."
    elif names:
        yield str(len(names)), f"It destroys {len(names)} things; guard backs them up."


async def signer(desk: Desk, person: Person) -> Signer | None:
    """The person's key, if there is one and they are here to unlock it."""
    if desk.signer:
        return desk.signer
    return (
        await desk.unlock(person.name, passphrase(f"Passphrase of {person.name}")) if interactive() and desk.has_key(person.name) else None
    )


def taken(answer: Answer) -> None:
    """`NotTaken` if the desk refused the answer."""
    if answer.refused:
        raise NotTaken(f"Not taken: {answer.refused.why}", hint=f"Case {answer.case.id:04d} is {answer.case.stage.value}.")
