"""A case -> what the model is told about it: one text, and the same facts as fields.

INVARIANT: nothing that comes from running a program is told before its case is permitted, and a rehearsal is a run: until then output,
exit status, what it changed, and also what is owed for what it changed, stay here. Two rehearsals that lead to the same stage are
told in the same words. Of the policies only their ids are told, never their text; a person's words stand in quotes. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guard.decide import effects_to_ask, owed_words
from guard.model import FINAL, Case, Ending, Execution, Stage, Verdict
from guard.outcomes import CROWDED
from guard.path_rules import shown
from guard.words import headline

MOST_LISTED = 100
"""Effects, reasons and changed paths beyond this many are counted, not listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What goes back to the model. `failed` is the protocol's isError: false only for a program that ran and whose changes are kept, and
    for an answer to a person that was taken."""

    texts: tuple[str, ...]
    fields: dict[str, Any]
    failed: bool


def number(case: Case) -> str:
    """The case's number as people say it."""
    return f"{case.id:04d}"


def answer(case: Case, *, joined: bool = False) -> Reply:
    """What the model is told about a case as it stands. `joined`: it was submitted again while it waited."""
    execution = told(case)
    again = f"The same program is already waiting as case {number(case)}. Nothing was added. " if joined and case.stage not in FINAL else ""
    return Reply(
        texts=(*_output(execution), again + _words(case)),
        fields=_fields(case, execution),
        failed=case.stage is not Stage.DONE,
    )


def answered(case: Case, not_taken: str = "") -> Reply:
    """What the model is told of its answer to a person's question, with where the case is then."""
    if not_taken:
        return Reply(texts=(f"Your answer was not taken. {not_taken} {_words(case)}",), fields={}, failed=True)
    kept = f"Your answer is kept with case {number(case)} for the people who decide. {_words(case)}"
    return Reply(texts=(kept,), fields=_fields(case, told(case)), failed=False)


def problem(text: str) -> Reply:
    """What the model is told about a call that became no case."""
    return Reply(texts=(text,), fields={}, failed=True)


UNKNOWN_TICKET = problem("There is no case with this ticket. Use the ticket exactly as `execute` gave it.")


def told(case: Case) -> Execution | None:
    """What may be told of the run."""
    return case.execution if case.answerable else None


def _tried_only(case: Case) -> bool:
    """Whether its decision comes from a rehearsal that may not be told of."""
    return case.rehearsed and not case.answerable


# ----------------------------------------------------------------------------------------------------------------- the words


def _words(case: Case) -> str:
    return _edited(case) + _stands(case)


def _edited(case: Case) -> str:
    """That this is not the text that was submitted; "" if it is."""
    if not case.submission.edited_by:
        return ""
    if told(case):
        return "A person changed the program before it ran. The text that ran is in `ran`; your text did not run. "
    return f"A person edited your program: what is decided on is the edited one, case {number(case)}. Your text will not run. "


def changed_call(case: Case) -> str:
    """That a person changed a call of a wrapped server before it was forwarded, and what was forwarded."""
    changed = f"A person changed this call before it was forwarded, as case {number(case)}; yours was not."
    return f"{changed} What was sent:\n{case.submission.code}"


def _stands(case: Case) -> str:
    fetch = f'Call guard_wait(ticket="{case.ticket}") for its result; do not resubmit.'
    match case.stage:
        case Stage.WAITING:
            return _asked(case) if case.asked else _parked(case, fetch)
        case Stage.REHEARSING:
            return f"Case {number(case)} is not decided yet. {fetch}"
        case Stage.RUNNING | Stage.COMMITTING:
            return f"Case {number(case)} may run and has not ended yet. {fetch}"
        case Stage.DONE:
            undone = f" The changes were rolled back later ({case.rolled_back})." if case.rolled_back else ""
            return f"{_ended(case)} {case.outcome}{undone}"
        case Stage.FAILED:
            return f"{_ended(case)} {case.outcome}".strip() if case.answerable else _failed_trial(case)
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
            if case.submission.wrapped:
                forwarded = f"Case {number(case)} was forwarded and never answered: {case.outcome}"
                return f"{forwarded} Look whether it took effect before you try again."
            return f"guard stopped while case {number(case)} ran. No file was changed. It is not run again by itself."


def questions(case: Case) -> str:
    """What people ask the agent about a waiting case now, in quotes."""
    return f"A person asks about case {number(case)}: {' '.join(f'“{said.text}”' for said in case.asked)}."


def _asked(case: Case) -> str:
    way = f'Answer with guard_answer(ticket="{case.ticket}", text=…); the program still waits.'
    return f"{questions(case)} {way} It expires at {_clock(case.expires_at)}."


def _parked(case: Case, fetch: str) -> str:
    until = f"It expires at {_clock(case.expires_at)}."
    if len(case.approvals) >= case.decision.owed.approvals:
        return f"Not run yet: case {number(case)} is approved and about to run. {fetch} {until}"
    because = _lowered(headline(case.analysis.effects, case.facts))
    signed = f" ({len(case.approvals)} approved so far)" if case.approvals else ""
    return f"Not run yet: it is parked. Case {number(case)} waits for {_owed(case)}{signed}, because it {because}. {fetch} {until}"


def _owed(case: Case) -> str:
    # What is owed after a rehearsal says what it did.
    return "a person's approval" if _tried_only(case) else owed_words(case.decision)


def _failed_trial(case: Case) -> str:
    tried = f"It was tried in the sealed box as case {number(case)}, and did not end well. No change was kept."
    return f"{tried} What it printed is not told: nobody has permitted it. Check the program, or tell the user."


def _denied(case: Case) -> str:
    decision = case.decision
    if _tried_only(case):  # for whatever reason: which one it is says what it did
        tried = "Not kept: it was tried in the sealed box."
        return f"{tried} What it did there is permitted neither by itself nor by anybody who can be asked here."
    if decision.broken:
        return "Not run. A policy here is broken, so nothing can be decided. This is no judgement on the program: tell the user."
    if decision.verdict is Verdict.REVIEW and CROWDED in case.outcome:
        owed = f"It would need {_owed(case)}, and {CROWDED}."
        return f"Not run. {owed} Wait for those (guard_wait) before you submit more, or tell the user."
    if decision.verdict is Verdict.REVIEW:
        owed = f"It would need {_owed(case)}, and there is nobody to ask here."
        return f"Not run. {owed} Do not resubmit it: submit a program that needs nobody, or tell the user."
    if decision.short:
        return f"Not run. It would need {_owed(case)}. This is no judgement on the program: tell the user."
    ids = dict.fromkeys(policy for reason in decision.reasons for policy in reason.policies)
    why = f"it is forbidden by {', '.join(ids)}" if ids else "no policy permits it"
    return f"Not run, and no approval can change that: {why}."


def _ended(case: Case) -> str:
    run = case.execution
    if run is None:
        return ""
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
    effects = effects_to_ask(case.analysis, case.facts) if _tried_only(case) else case.decision.effects
    reasons = () if _tried_only(case) else case.decision.reasons
    return {
        "case": number(case),
        "ticket": case.ticket,
        "stage": case.stage.value,
        "final": case.stage in FINAL,
        "verdict": (Verdict.DENY if _tried_only(case) and case.stage is Stage.DENIED else case.decision.verdict).value,
        "owed": _owed(case) if case.stage is Stage.WAITING else "nothing",
        "outcome": _words(case),
        "asked": [said.text for said in case.asked],
        "effects": [
            {"kind": e.kind.value, "resource": f"{e.resource.type} {shown(e.resource.name, case.facts)}", "exact": e.exact}
            for e in effects[:MOST_LISTED]
        ],
        "reasons": [{"effect": effects[r.effect].kind.value, "policies": list(r.policies)} for r in reasons[:MOST_LISTED]],
        "expires_at": case.expires_at.isoformat(),
        "stdout": execution.stdout if execution else None,
        "stderr": execution.stderr if execution else None,
        "exit_code": execution.exit_code if execution else None,
        "truncated": bool(execution and execution.truncated),
        "ran": case.submission.code if execution and case.submission.edited_by else None,
        "changed": [{"kind": c.kind.value, "path": c.path} for c in changes[:MOST_LISTED]],
        "not_listed": sum(max(0, len(items) - MOST_LISTED) for items in (effects, reasons, changes)),
    }
