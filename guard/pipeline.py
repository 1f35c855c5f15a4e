"""The one place where the order is written: `advance(case, event, world) -> Step`.

Rule 1: everything that moves a case from stage to stage stands in the `match` of `advance`. Events come in, a new case, commands and
ledger records go out; the driver (`guard.engine`) saves case and records in one transaction and only then performs the commands. An event
that a stage does not take raises `IllegalMove` and changes nothing.

    (new)      --Submitted-->  RUNNING     every effect is permitted as it stands
                               REHEARSING  a person is owed something, and it can be tried in the box first
                               WAITING     a person is owed something
                               DENIED      forbidden, broken policies, or nobody to ask
    REHEARSING --Ran-->        WAITING | COMMITTING | DONE | FAILED | DENIED   decided again on what it really changed
               --NotRun-->     FAILED
               --Resumed-->    REHEARSING | RUNNING | WAITING | DENIED   its engine died; nothing had left the box, so it begins anew
               --Expired-->    EXPIRED
    WAITING    --Escalated-->  WAITING     nobody answered for so long; the next in line are called
               --Asked-->      WAITING     a person asks the agent something
               --Answered-->   WAITING     the agent answers; its words change nothing else
               --Approved-->   WAITING     the approval is kept; an engine with the sealed box claims the case
               --Rejected-->   REJECTED
               --Rejudged-->   WAITING | DENIED   the policies changed
               --Claimed-->    RUNNING | COMMITTING | WAITING | DENIED   asked again on the terms that truly hold
               --Claimed-->    REHEARSING  it was taken in where there is no box (an edit), and can be tried now
               --Expired-->    EXPIRED
               --Edited-->     SUPERSEDED
    RUNNING    --Ran-->        COMMITTING | DONE | FAILED
               --NotRun-->     FAILED
               --Lost-->       INTERRUPTED its engine died; what happened is unknown; never run again by itself
    COMMITTING --Committed-->  DONE
               --Conflicted--> FAILED | REHEARSING | RUNNING | WAITING | DENIED   what was rehearsed begins anew
               --Resumed-->    COMMITTING  its engine died; the journal is rolled forward
    DONE       --RolledBack--> DONE        the stage stays, the fact is kept

A refused answer (`Refused`) is a Step without a new case: only a record.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from guard import grant as grants
from guard import outcomes, review
from guard.canonical import plain
from guard.decide import Question, decide, effects_to_ask, may_approve, may_rehearse, permitted
from guard.errors import IllegalMove
from guard.events import (
    Answered,
    Approved,
    Asked,
    Claimed,
    Commit,
    Committed,
    Conflicted,
    Edited,
    Escalated,
    Event,
    Expired,
    Lost,
    Notify,
    NotRun,
    Ran,
    Rejected,
    Rejudged,
    Resumed,
    RolledBack,
    Run,
    Step,
    Submitted,
    World,
)
from guard.model import (
    UNSEEN,
    Agent,
    Approval,
    AuditEvent,
    Case,
    Decision,
    Effect,
    Execution,
    Grant,
    Kind,
    Rejection,
    Said,
    Stage,
    Verdict,
)
from guard.outcomes import digest_of, record
from guard.path_rules import shown
from guard.words import changed

# ---------------------------------------------------------------------------------------------------------------------- the order


def advance(case: Case | None, event: Event, world: World) -> Step:
    """The step that follows from an event, or `IllegalMove`. Pure: equal arguments give equal steps."""
    match (case.stage if case else None), event:
        case None, Submitted():
            return _submitted(event, world)
        case Stage.WAITING, Approved() if case:
            return _approved(case, event.approval, world)
        case Stage.WAITING, Rejected() if case:
            return _rejected(case, event.rejection, world)
        case Stage.WAITING, Asked() if case:
            return _asked(case, event, world)
        case Stage.WAITING, Answered() if case:
            return _answered(case, event, world)
        case Stage.WAITING, Rejudged() if case:
            return _rejudged(case, world)
        case Stage.WAITING, Claimed() if case:
            return _claimed(case, event, world)
        case Stage.REHEARSING, Ran() if case:
            return _rehearsed(case, event.execution, world)
        case Stage.WAITING | Stage.REHEARSING, Expired() if case and world.now >= case.expires_at:
            return _end(case, Stage.EXPIRED, f"Nobody answered before {case.expires_at:%H:%M} UTC. This is not a refusal.", world)
        case Stage.WAITING, Escalated() if case and event.minutes > case.escalated:
            return _escalated(case, event.minutes, world)
        case Stage.WAITING, Edited() if case:
            edited = _end(case, Stage.SUPERSEDED, f"{event.person} edited it: case {event.successor:04d}.", world)
            return _replace(edited, successor=event.successor)
        case Stage.RUNNING, Ran() if case:
            return _ran(case, event.execution, world)
        case Stage.RUNNING | Stage.REHEARSING, NotRun() if case:
            return _end(case, Stage.FAILED, f"It was not run: {event.why}", world)
        case Stage.RUNNING, Lost() if case:
            return _end(case, Stage.INTERRUPTED, f"{event.why or outcomes.stopped(case)} It is not run again by itself.", world)
        case Stage.COMMITTING, Committed() if case:
            return _committed(case, world)
        case Stage.COMMITTING, Conflicted() if case:
            return _conflicted(case, event.conflicts, world)
        case Stage.COMMITTING | Stage.REHEARSING, Resumed() if case and case.runner == event.left_by:
            return _resumed(case, world)
        case Stage.DONE, RolledBack() if case and not case.rolled_back:
            return _rolled_back(case, event, world)
    where = case.stage.value if case else "no case"
    raise IllegalMove(f"{type(event).__name__} does not happen to {where}", hint="Load the case again: somebody else moved it.")


# --------------------------------------------------------------------------------------------------------------- straight lines


def _submitted(event: Submitted, world: World) -> Step:
    submission, facts = event.submission, event.facts
    draft = Case(
        id=0, ticket=event.ticket, version=0, stage=Stage.WAITING, submission=submission, facts=facts, analysis=event.analysis,
        decision=Decision(verdict=Verdict.DENY), grant=Grant(), box=event.box, seal="", created_at=world.now,
        expires_at=world.now + world.waits, updated_at=world.now,
    )  # fmt: skip
    case = _judged(draft, world)
    # A person's edit takes the place of another case.
    if case.decision.verdict is Verdict.REVIEW and world.parks and world.waiting >= world.most_waiting and not submission.edited_by:
        step = _end(dataclasses.replace(case, withheld=True), Stage.DENIED, outcomes.crowded(case, world), world)
    elif not world.runs and case.decision.verdict is not Verdict.DENY:
        step = Step(case=case, commands=(Notify(occasion="asked"),) if case.decision.verdict is Verdict.REVIEW else ())
    else:
        step = _begin(case, world)
    return _after((outcomes.submitted(case), outcomes.decided(case)), step)


def _begin(case: Case, world: World) -> Step:
    """It runs, or is tried first, or waits for people, by its decision."""
    if case.decision.verdict is Verdict.ALLOW:
        return _start(case, world)
    if case.decision.verdict is Verdict.REVIEW and _can_rehearse(case, world):
        return _rehearse(case, world)
    return _park(case, world)


def _park(case: Case, world: World) -> Step:
    """It waits for people, or is denied: forbidden, or nobody to ask."""
    if case.decision.verdict is Verdict.REVIEW and world.parks:
        return Step(case=_touch(case, world, stage=Stage.WAITING, runner=""), commands=(Notify(occasion="asked"),))
    return _end(dataclasses.replace(case, withheld=True), Stage.DENIED, outcomes.denial(case), world)


def _judged(case: Case, world: World) -> Case:
    """The case with today's decision, and the grant and seal that follow from it."""
    decision = decide(question(case, world), world.policies)
    given = grants.grant(decision.effects)
    sealed = review.seal(
        submission=case.submission, facts=case.facts, decision=decision, grant=given, box=case.box, modules=case.analysis.modules,
        rehearsal=case.execution if case.rehearsed else None,
    )  # fmt: skip
    return dataclasses.replace(case, decision=decision, grant=given, seal=sealed)


def question(case: Case, world: World, effects: tuple[Effect, ...] | None = None) -> Question:
    """What is asked of the policies about a case: its predicted effects, after a rehearsal what it really did, or `effects`.

    Kinds that were predicted stay in `with` whatever is asked.
    """
    agent = next((a for a in world.agents if a.name == case.submission.agent), Agent(name=case.submission.agent))
    predicted = effects_to_ask(case.analysis, case.facts)
    if effects is None:
        effects = _rehearsed_effects(case, predicted) if case.rehearsed else predicted
    return Question(
        agent=agent, effects=effects, facts=case.facts, now=world.now, people=world.people,
        observed=frozenset(e.kind for e in predicted), edited_by=case.submission.edited_by, spent=world.spent - set(_taken(case)),
    )  # fmt: skip


def _taken(case: Case) -> tuple[str, ...]:
    """The standing grants of which the case took a use when it started: they hold for it to its end."""
    return case.decision.standing if case.stage in (Stage.RUNNING, Stage.COMMITTING) else ()


_TRIABLE = frozenset(k for k in Kind if k.value.startswith("fs.")) | UNSEEN | {Kind.COMPUTE, Kind.ANSWER, Kind.ENV_READ}
"""Kinds of effects that can be tried in the box, which holds no secrets and no network."""


def _can_rehearse(case: Case, world: World) -> bool:
    """Only files or the unseen, in a box of ours: then people decide on what it did there, not on what it might do."""
    triable = case.facts.restorable and bool(case.facts.workspace) and {e.kind for e in case.decision.effects} <= _TRIABLE
    return triable and may_rehearse(question(case, world), world.policies)


def _rehearsed_effects(case: Case, predicted: tuple[Effect, ...]) -> tuple[Effect, ...]:
    """What a rehearsal did: its exact changes, what it may have read, and its answer. What did not come true is not asked."""
    reads = tuple(e for e in predicted if e.kind in (Kind.FS_READ, Kind.FS_LIST, Kind.ENV_READ, Kind.ANSWER))
    kept = case.execution is not None and case.execution.succeeded
    return (grants.changes_as_effects(case.execution.change_set, case.facts) if case.execution and kept else ()) + reads


def _rehearse(case: Case, world: World) -> Step:
    trying = _touch(case, world, stage=Stage.REHEARSING, runner=world.engine, execution=None, rehearsed=False, approvals=())
    entry = record(
        "rehearsal.started", case, engine=world.engine, seal=case.seal, box=plain(case.box), policies=world.policies.digest,
        code=case.submission.code_digest,
    )  # fmt: skip
    return Step(case=trying, commands=(Run(),), records=(entry,))


def _rehearsed(case: Case, execution: Execution, world: World) -> Step:
    """Decide again, on what it really changed. What is permitted as it stands is committed; nothing is run a second time."""
    tried = _judged(_touch(case, world, execution=execution, rehearsed=True), world)
    records = (outcomes.ran("rehearsal.ended", case, execution), *outcomes.wrong(tried), outcomes.decided(tried))
    allowed = tried.decision.verdict is Verdict.ALLOW
    if not execution.succeeded:
        failed = dataclasses.replace(tried, withheld=not allowed)
        return _after(records, _end(failed, Stage.FAILED, f"{outcomes.ending(execution)} No change was kept.", world))
    if never := execution.change_set.refused:
        failed = dataclasses.replace(tried, withheld=not allowed)
        outcome = f"It left what is never kept: {'; '.join(never[:3])}. No change was kept."
        return _after(records, _end(failed, Stage.FAILED, outcome, world, diverged=outcome))
    return _after(records, _keep(tried, world) if allowed else _park(tried, world))


def _keep(case: Case, world: World) -> Step:
    """Commit what a permitted run changed; nothing to commit is done."""
    if case.execution is None or not case.execution.change_set.changes:
        return _end(case, Stage.DONE, f"It ran, and changed no file.{outcomes.also_tried(case)}", world, **outcomes.diverged(case))
    entry = record("commit.started", case, change_set=case.execution.change_set.digest, policies=world.policies.digest, engine=world.engine)
    moved = _touch(case, world, stage=Stage.COMMITTING, runner=world.engine)
    uses = case.decision.standing if case.rehearsed else ()  # a run took its uses when it started
    return Step(case=moved, commands=(Commit(),), records=(entry,), uses=uses)


def _start(case: Case, world: World) -> Step:
    running = _touch(case, world, stage=Stage.RUNNING, runner=world.engine)
    entry = record(
        "run.started", case, engine=world.engine, seal=case.seal, grant=plain(case.grant), box=plain(case.box),
        policies=world.policies.digest, code=case.submission.code_digest, standing=list(case.decision.standing),
    )  # fmt: skip
    return Step(case=running, commands=(Run(),), records=(entry,), uses=case.decision.standing)


def _approved(case: Case, approval: Approval, world: World) -> Step:
    current = _judged(case, world)
    refused = review.check(approval, current, question(current, world), world.policies)
    if refused:
        entry = record(
            "approval.refused", case, person=approval.person, code=refused.code, seal=approval.seal, signature=approval.signature
        )
        return Step(case=None, records=(entry,), refused=refused)
    kept = _touch(current, world, approvals=(*case.approvals, approval))
    entry = AuditEvent(kind="case.approved", case=case.id, data=plain(approval))
    return Step(case=kept, commands=(Notify(occasion="approved"),), records=(entry,))


def _rejected(case: Case, rejection: Rejection, world: World) -> Step:
    refused = review.may_reject(rejection.person, rejection.at, question(case, world), world.policies)
    if refused:
        return Step(case=None, records=(record("rejection.refused", case, person=rejection.person, code=refused.code),), refused=refused)
    outcome = f"{rejection.person} rejected it: {rejection.reason}"
    step = _end(case, Stage.REJECTED, outcome, world, person=rejection.person, reason=rejection.reason)
    return _replace(step, rejection=rejection)


def _asked(case: Case, event: Asked, world: World) -> Step:
    refused = review.may_ask(case, event.person, question(case, world), world.policies)
    if refused:
        return Step(case=None, records=(record("question.refused", case, person=event.person, code=refused.code),), refused=refused)
    said = Said(person=event.person, text=event.text, at=world.now)
    entry = record("case.asked", case, person=event.person, text=event.text)
    return Step(case=_touch(case, world, exchange=(*case.exchange, said)), records=(entry,))


def _answered(case: Case, event: Answered, world: World) -> Step:
    if refused := review.may_answer(case, world.now):
        return Step(case=None, refused=refused)
    # The ledger has the digest alone, as of all that an agent writes.
    entry = record("case.answered", case, text=digest_of(event.text), characters=len(event.text))
    said = Said(person="", text=event.text, at=world.now)
    return Step(case=_touch(case, world, exchange=(*case.exchange, said)), records=(entry,))


def _rejudged(case: Case, world: World) -> Step:
    judged = _judged(case, world)
    if judged.decision == case.decision:
        return Step(case=None)
    kept = _touch(judged, world, approvals=case.approvals if judged.seal == case.seal else ())
    if judged.decision.verdict is Verdict.DENY:
        ended = _end(kept, Stage.DENIED, outcomes.denial(judged), world)
        return dataclasses.replace(ended, records=(outcomes.decided(judged), *ended.records))
    return Step(case=kept, records=(outcomes.decided(judged),))


def _claimed(case: Case, event: Claimed, world: World) -> Step:
    """Run it, if on the terms that truly hold and under today's policies every effect is permitted; the seal must still fit."""
    if world.now >= case.expires_at:
        return advance(case, Expired(), world)
    judged = _judged(dataclasses.replace(case, analysis=event.analysis, box=event.box or case.box), world)
    if judged.seal != case.seal:
        why = "What it would do changed after it was approved (a module in the workspace, the box or the policies' view of it)."
        kept = _touch(judged, world, approvals=())
        return Step(
            case=kept, commands=(Notify(occasion="asked"),), records=(record("seal.changed", case, why=why), outcomes.decided(judged))
        )
    if judged.decision.verdict is Verdict.DENY:
        return _rejudged(case, world)
    today = on_true_terms(judged, world)
    if today.verdict is not Verdict.ALLOW:
        untried = not judged.rehearsed and not judged.approvals
        return _rehearse(judged, world) if untried and _can_rehearse(judged, world) else Step(case=None)
    judged = dataclasses.replace(judged, decision=dataclasses.replace(judged.decision, standing=today.standing))
    return _keep(judged, world) if judged.rehearsed else _start(judged, world)


def on_true_terms(case: Case, world: World) -> Decision:
    """ALLOW if a waiting case may run on the terms that truly hold now."""
    asked = question(case, world)
    return permitted(asked, world.policies, review.counting(case, asked, world.policies))


def _ran(case: Case, execution: Execution, world: World) -> Step:
    ended = _touch(case, world, execution=execution)
    records = (outcomes.ran("run.ended", case, execution), *outcomes.wrong(ended))
    if case.submission.wrapped:
        stage = Stage.DONE if execution.succeeded else Stage.FAILED
        said = "The server answered." if execution.succeeded else "The server answered that it failed."
        return _after(records, _end(ended, stage, said, world))
    if not execution.succeeded:
        outcome = f"{outcomes.ending(execution)} No change was kept.{outcomes.also_tried(ended)}"
        return _after(records, _end(ended, Stage.FAILED, outcome, world, **outcomes.diverged(ended)))
    observed = grants.changes_as_effects(execution.change_set, case.facts)
    if divergence := _divergence(case, observed, execution.change_set.refused, world):
        outcome = f"{divergence} No change was kept.{outcomes.also_tried(ended)}"
        return _after(records, _end(ended, Stage.FAILED, outcome, world, diverged=outcome))
    return _after(records, _keep(ended, world))


def _divergence(case: Case, observed: tuple[Effect, ...], refused: Iterable[str], world: World) -> str:
    """What the run did beyond what was approved, in one sentence; "" if all of it is granted and permitted on the true terms."""
    if never := list(refused):
        return f"It left what is never kept: {'; '.join(never[:3])}."
    beyond = [effect for effect in observed if not grants.covers(case.grant, effect)]
    if beyond:
        what = ", ".join(f"{e.kind.value} {shown(e.resource.name, case.facts)}" for e in beyond[:5])
        more = f" and {len(beyond) - 5} more" if len(beyond) > 5 else ""
        return f"It did what was not approved: {what}{more}."
    asked = question(case, world, effects=observed)
    today = permitted(asked, world.policies, review.counting(case, asked, world.policies))
    if today.verdict is Verdict.ALLOW:
        return ""
    return f"The policies do not permit what it changed ({outcomes.spoke(today.reasons) or today.broken or 'nothing permits it'})."


def may_leave(case: Case, effect: Effect, world: World) -> str:
    """Why today's policies do not permit a running case this exact effect on the terms that truly hold; "" if they do."""
    asked = question(case, world, effects=(effect,))
    today = permitted(asked, world.policies, review.counting(case, asked, world.policies))
    if today.verdict is Verdict.ALLOW:
        return ""
    return f"the policies do not permit it ({outcomes.spoke(today.reasons) or today.broken or 'nothing permits it'})"


def _conflicted(case: Case, conflicts: tuple[str, ...], world: World) -> Step:
    """The workspace changed since: nothing was written. What was rehearsed is decided, rehearsed and approved again."""
    if not case.rehearsed:
        outcome = f"No change was kept: the workspace changed meanwhile ({'; '.join(conflicts)})."
        return _end(case, Stage.FAILED, outcome, world, conflicts=list(conflicts))
    # Waiting again, it holds no use of a standing grant that it took: the next run takes its own.
    again = _judged(dataclasses.replace(case, stage=Stage.WAITING, execution=None, rehearsed=False, approvals=()), world)
    return _after((record("commit.conflicted", case, conflicts=list(conflicts)), outcomes.decided(again)), _begin(again, world))


def _resumed(case: Case, world: World) -> Step:
    """Its engine left it undone. A commit goes on; a rehearsal is one more run, and is asked for like the first."""
    if case.stage is Stage.COMMITTING:
        entry = record("commit.resumed", case, engine=world.engine)
        return Step(case=_touch(case, world, runner=world.engine), commands=(Commit(),), records=(entry,))
    again = _judged(case, world)
    return _after((record("rehearsal.resumed", case, engine=world.engine), outcomes.decided(again)), _begin(again, world))


def _escalated(case: Case, minutes: int, world: World) -> Step:
    entry = record("case.escalated", case, minutes=minutes)
    return Step(case=_touch(case, world, escalated=minutes), commands=(Notify(occasion="waiting"),), records=(entry,))


def _committed(case: Case, world: World) -> Step:
    did = changed(change.kind for change in case.execution.change_set.changes) if case.execution else "nothing"
    outcome = f"{'Its trial run was committed' if case.rehearsed else 'It ran'}: {did}.{outcomes.also_tried(case)}"
    return _end(case, Stage.DONE, outcome, world, **outcomes.diverged(case))


def _rolled_back(case: Case, event: RolledBack, world: World) -> Step:
    entry = record("case.rolled-back", case, person=event.person, conflicts=list(event.conflicts))
    if event.conflicts:
        return Step(case=None, records=(entry,))
    return Step(case=_touch(case, world, rolled_back=f"{event.person}, {world.now:%Y-%m-%d %H:%M} UTC"), records=(entry,))


def may_roll_back(case: Case, person: str, world: World) -> review.Refused | None:
    """None if Cedar lets this person undo the case."""
    someone = next((p for p in world.people if p.name == person), None)
    if someone is None:
        return review.Refused(code="unknown-person", why=f"{person} is not registered here (`guard person add`).")
    asked = may_approve(someone, question(case, world), world.policies, signed_at=world.now, attended=False, action="rollback")
    return None if asked.permitted else review.Refused(code="not-eligible", why=asked.broken or "No policy lets you roll this back.")


# ---------------------------------------------------------------------------------------------------------- records and sentences


def _end(case: Case, stage: Stage, outcome: str, world: World, **data: Any) -> Step:
    ended = _touch(case, world, stage=stage, outcome=outcome)
    entry = record("case.closed", case, stage=stage.value, outcome=outcome, **data)
    return Step(case=ended, commands=(Notify(occasion="settled"),), records=(entry,))


def _touch(case: Case, world: World, **changes: Any) -> Case:
    return dataclasses.replace(case, updated_at=world.now, **changes)


def _replace(step: Step, **changes: Any) -> Step:
    assert step.case is not None
    return dataclasses.replace(step, case=dataclasses.replace(step.case, **changes))


def _after(records: tuple[AuditEvent, ...], step: Step) -> Step:
    return dataclasses.replace(step, records=(*records, *step.records))
