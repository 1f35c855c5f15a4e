"""A case -> what the model is told about it: one text, and the same facts as fields.

INVARIANT: nothing that comes from running a program is told before its case is final (DONE or FAILED: it was permitted to run and to
answer). Of the policies only their ids are told, never their text; a person's words stand in quotes. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guard.decide import owed_words
from guard.model import FINAL, Case, Ending, Execution, Stage, Verdict
from guard.places import shown

MOST_LISTED = 100
"""Effects, reasons and changed paths beyond this many are counted, not listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What goes back to the model. `failed` is the protocol's isError: false only for a program that ran and whose changes are kept."""

    texts: tuple[str, ...]
    fields: dict[str, Any]
    failed: bool


def number(case: Case) -> str:
    """The case's number as people say it."""
    return f"{case.id:04d}"


def answer(case: Case) -> Reply:
    """What the model is told about a case as it stands."""
    execution = told(case)
    return Reply(
        texts=(*_output(execution), _words(case)),
        fields=_fields(case, execution),
        failed=case.stage is not Stage.DONE,
    )


def problem(text: str) -> Reply:
    """What the model is told about a call that became no case."""
    return Reply(texts=(text,), fields={}, failed=True)


UNKNOWN_TICKET = problem("There is no case with this ticket. Use the ticket exactly as `execute` gave it.")


def told(case: Case) -> Execution | None:
    """What may be told of the run: all of it once the case ended by running, nothing before."""
    return case.execution if case.stage in (Stage.DONE, Stage.FAILED) else None


# ----------------------------------------------------------------------------------------------------------------- the words


def _words(case: Case) -> str:
    fetch = f'Call guard_wait(ticket="{case.ticket}") for its result; do not resubmit.'
    match case.stage:
        case Stage.WAITING | Stage.REHEARSING:
            return _parked(case, fetch)
        case Stage.RUNNING | Stage.COMMITTING:
            return f"Case {number(case)} may run and has not ended yet. {fetch}"
        case Stage.DONE:
            undone = f" The changes were rolled back later ({case.rolled_back})." if case.rolled_back else ""
            return f"{_ended(case)} {case.outcome}{undone}"
        case Stage.FAILED:
            return f"{_ended(case)} {case.outcome}"
        case Stage.DENIED:
            return _denied(case)
        case Stage.REJECTED:
            reason = case.rejection.reason if case.rejection else ""
            advice = "Submit a program that respects this, or tell the user that it cannot be done."
            return f"Not run. A person rejected case {number(case)}: “{reason}”. {advice}"
        case Stage.EXPIRED:
            why = f"Nobody answered case {number(case)} before {_clock(case.expires_at)}. This is not a refusal."
            return f"Not run. {why} Tell the user; submit again only if they ask for it."
        case Stage.SUPERSEDED:
            return f"Not run. A person edited case {number(case)} before it ran; your text did not run and will not."
        case Stage.INTERRUPTED:
            return f"guard stopped while case {number(case)} ran. No file was changed. It is not run again by itself."


def _parked(case: Case, fetch: str) -> str:
    until = f"It expires at {_clock(case.expires_at)}."
    if len(case.approvals) >= case.decision.owed.approvals:
        return f"Not run yet: case {number(case)} is approved and about to run. {fetch} {until}"
    because = f", because {_lowered(case.analysis.summary)}" if case.analysis.summary else ""
    signed = f" ({len(case.approvals)} approved so far)" if case.approvals else ""
    return f"Not run yet: it is parked. Case {number(case)} waits for {owed_words(case.decision)}{signed}{because}. {fetch} {until}"


def _denied(case: Case) -> str:
    decision = case.decision
    if decision.broken:
        return "Not run. A policy here is broken, so nothing can be decided. This is no judgement on the program: tell the user."
    if decision.verdict is Verdict.REVIEW:
        owed = f"It would need {owed_words(decision)}, and there is nobody to ask here."
        return f"Not run. {owed} Do not resubmit it: submit a program that needs nobody, or tell the user."
    ids = dict.fromkeys(policy for reason in decision.reasons for policy in reason.policies)
    why = f"it is forbidden by {', '.join(ids)}" if ids else "no policy permits it"
    return f"Not run, and no approval can change that: {why}."


def _ended(case: Case) -> str:
    run = case.execution
    if run is None:
        return "Not run."
    ended = f"exit code {run.exit_code}" if run.ending is Ending.EXITED else run.ending.value
    return f"[case {number(case)}, {ended}]{' Its output was cut.' if run.truncated else ''}"


def _output(execution: Execution | None) -> tuple[str, ...]:
    if execution is None:
        return ()
    errors = f"[stderr]\n{execution.stderr}" if execution.stderr else ""
    return tuple(text for text in (execution.stdout, errors) if text)


def _clock(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _lowered(sentence: str) -> str:
    return (sentence[:1].lower() + sentence[1:]).rstrip(".")


# ---------------------------------------------------------------------------------------------------------------- the fields


def _fields(case: Case, execution: Execution | None) -> dict[str, Any]:
    changes = execution.change_set.changes if execution and case.stage is Stage.DONE else ()
    effects = case.decision.effects
    return {
        "case": number(case),
        "ticket": case.ticket,
        "stage": case.stage.value,
        "final": case.stage in FINAL,
        "verdict": case.decision.verdict.value,
        "owed": owed_words(case.decision) if case.stage is Stage.WAITING else "nothing",
        "outcome": _words(case),
        "effects": [
            {"kind": e.kind.value, "resource": f"{e.resource.type} {shown(e.resource.name, case.facts)}", "exact": e.exact}
            for e in effects[:MOST_LISTED]
        ],
        "reasons": [{"effect": effects[r.effect].kind.value, "policies": list(r.policies)} for r in case.decision.reasons[:MOST_LISTED]],
        "expires_at": case.expires_at.isoformat(),
        "stdout": execution.stdout if execution else None,
        "stderr": execution.stderr if execution else None,
        "exit_code": execution.exit_code if execution else None,
        "truncated": bool(execution and execution.truncated),
        "changed": [{"kind": c.kind.value, "path": c.path} for c in changes[:MOST_LISTED]],
        "not_listed": sum(max(0, len(items) - MOST_LISTED) for items in (effects, case.decision.reasons, changes)),
    }
