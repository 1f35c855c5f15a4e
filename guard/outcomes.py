"""What a step says: its records for the ledger, and what became of the case, in a sentence for people.

A case as it stands after the step enters, values leave; which step it is, `guard.pipeline` knows. Pure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from guard.decide import owed_words
from guard.divergence import divergence
from guard.events import World
from guard.model import AuditEvent, Case, Decision, Execution, Reason, Verdict

# --------------------------------------------------------------------------------------------------------------------- records


def digest_of(text: str) -> str:
    """What the ledger holds of what an agent writes."""
    return hashlib.sha256(text.encode()).hexdigest()


def record(kind: str, case: Case, **data: Any) -> AuditEvent:
    """An event about a case; about none, while it has no number yet."""
    return AuditEvent(kind=kind, case=case.id or None, data=data)


def submitted(case: Case) -> AuditEvent:
    """What was taken in. Of all that an agent writes the ledger has digests alone."""
    s = case.submission
    return record(
        "case.submitted", case, agent=s.agent, server=s.server, tool=s.tool, language=s.language, code=s.code_digest,
        arguments=digest_of(s.arguments), intent=digest_of(s.intent), workspace=case.facts.workspace, seal=case.seal,
        parent=s.parent, edited_by=s.edited_by, extra=digest_of(s.extra) if s.extra else "",
    )  # fmt: skip


def ran(kind: str, case: Case, execution: Execution) -> AuditEvent:
    """How a run or a rehearsal ended."""
    return record(
        kind, case, ending=execution.ending.value, exit_code=execution.exit_code, signal=execution.signal,
        milliseconds=round(execution.seconds * 1000), stdout=digest_of(execution.stdout), stderr=digest_of(execution.stderr),
        change_set=execution.change_set.digest, changes=[[c.kind.value, c.path] for c in execution.change_set.changes],
        refused=list(execution.change_set.refused), result=digest_of(execution.result) if execution.result else "",
        reached=[[r.endpoint, r.requests, r.sent, r.received] for r in execution.traffic.reached],
        not_let_out=list(execution.traffic.refused),
    )  # fmt: skip


def wrong(case: Case) -> tuple[AuditEvent, ...]:
    """That the analysis was wrong about the program that just ran, if it was."""
    beyond = [[e.kind.value, e.resource.type.value, e.resource.name, e.exact] for e in divergence(case).unpredicted]
    return (record("analysis.wrong", case, code=case.submission.code_digest, effects=beyond),) if beyond else ()


def decided(case: Case) -> AuditEvent:
    """What was decided, on what, by which policies."""
    d = case.decision
    return record(
        "case.decided", case, verdict=d.verdict.value, owed=owed_words(d), policies=d.policy_digest, broken=d.broken, seal=case.seal,
        effects=[[e.kind.value, e.resource.type.value, e.resource.name, e.exact] for e in d.effects],
        reasons=[[r.effect, list(r.policies)] for r in d.reasons],
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------------------------- sentences


CROWDED = "as many programs of this agent wait already as may wait at once"


def crowded(case: Case, world: World) -> str:
    """Why a program that would wait does not."""
    return f"It would need {owed_words(case.decision)}, and {CROWDED} ({world.most_waiting})."


def denial(case: Case) -> str:
    """Why it is denied."""
    d = case.decision
    if d.broken:
        return f"A policy is broken, so nothing can be decided: {d.broken}"
    if d.verdict is Verdict.REVIEW:
        return f"It would need {owed_words(d)}, and there is nobody to ask here (on_park = deny)."
    if d.short:
        return f"It needs {owed_words(d)} (`guard person add`, `guard person key`).{_until_then(d)}"
    if forbidding := spoke(d.reasons):
        return f"Forbidden by {forbidding}; no approval changes that."
    if unasked := next((reason.why for reason in d.reasons if reason.why), ""):
        return f"{unasked} No approval changes that."
    return "No policy permits it, with any approval that can be had."


def _until_then(decision: Decision) -> str:
    forbidding = spoke(decision.reasons)
    return f" Until then it is forbidden by {forbidding}." if forbidding else ""


def spoke(reasons: Iterable[Reason]) -> str:
    """The policies that decided, by their ids."""
    return ", ".join(dict.fromkeys(p for r in reasons for p in r.policies))


def stopped(case: Case) -> str:
    """What is known of a run whose engine is gone."""
    unknown = " Whether it took effect on the server is not known." if case.submission.wrapped else ""
    return f"guard stopped while this ran.{unknown}"


def ending(execution: Execution) -> str:
    """How the program ended."""
    words = {
        "exited": f"It ended with exit code {execution.exit_code}.",
        "killed": f"It was killed by signal {execution.signal}.",
        "timeout": "It ran too long and was stopped.",
        "memory": "It used more memory than it may and was stopped.",
        "disk": "It wrote more than it may and was stopped.",
        "output": "It printed more than it may and was stopped.",
        "refused": "It tried on the network what it may not and was stopped.",
    }
    return words[execution.ending.value]


def also_tried(case: Case) -> str:
    """What the broker refused the run, as a further sentence of its outcome; "" if nothing. The run went on: nothing left the box."""
    tried = case.execution.traffic.refused if case.execution else ()
    if not tried:
        return ""
    more = f" and {len(tried) - 3} more" if len(tried) > 3 else ""
    return f" On the network it tried, and was refused: {'; '.join(tried[:3])}{more}."


def diverged(case: Case) -> dict[str, str]:
    """The same for the ledger."""
    return {"diverged": tried.strip()} if (tried := also_tried(case)) else {}
