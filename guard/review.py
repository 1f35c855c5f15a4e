"""What a person may answer, checked against the seal: is this yes a yes to exactly this case, by somebody who may say it?

Pure: an answer either counts or is refused with a reason (a value, never an exception). Cedar says who may approve; this module says
what the signature proves. An approval proves presence (`attended`) only if it is signed with the person's registered key, which a
passphrase unlocks; without a signature it is unattended, and counts only under a policy that says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from guard import decide
from guard.canonical import canonical, digest
from guard.decide import Policies, Question, may_approve
from guard.model import (
    Approval,
    BoxProfile,
    Case,
    Decision,
    Execution,
    Facts,
    Grant,
    Person,
    Stage,
    Standing,
    Submission,
)

SKEW = timedelta(seconds=30)
"""How far a signature's time may lie ahead of ours."""
MOST_QUESTIONS = 10
"""How often people may ask the agent about one case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """An answer that was not taken, and why, for the person who gave it and for the ledger."""

    code: str
    why: str


def seal(
    *,
    submission: Submission,
    facts: Facts,
    decision: Decision,
    grant: Grant,
    box: BoxProfile,
    modules: Iterable[tuple[str, str]] = (),
    rehearsal: Execution | None = None,
) -> str:
    """The digest of what will happen: what an approval is given to. After a rehearsal that is its change set and output.

    The policies are not in it: a new policy means a new decision.
    """
    shown = [[e.kind.value, e.resource.type.value, e.resource.name, e.exact, e.loop.value, e.tainted] for e in decision.effects]
    return digest(
        {
            "agent": submission.agent,
            "server": submission.server,
            "tool": submission.tool,
            "language": submission.language,
            "code": submission.code_digest,
            "arguments": submission.arguments,
            "workspace": facts.workspace,
            "mount": facts.mount,
            "profile": facts.profile,
            "conventions": facts.conventions,
            "extra": submission.extra,
            "modules": sorted(map(list, modules)),
            "effects": shown,
            "grant": grant,
            "box": _box_digest(box),
            "rehearsal": None if rehearsal is None else [rehearsal.change_set.digest, rehearsal.stdout, rehearsal.stderr],
        }
    )


@cache
def _box_digest(box: BoxProfile) -> str:
    return digest(box)


def signed_bytes(approval: Approval) -> bytes:
    """What an approval's signature is over: every field but the signature."""
    fields: dict[str, Any] = {
        "guard": "approval/1",
        "case": approval.case,
        "seal": approval.seal,
        "person": approval.person,
        "at": approval.at.isoformat(),
        "policy_digest": approval.policy_digest,
        "losses": list(approval.losses),
        "shown": approval.shown,
        "key": approval.key,
    }
    return canonical(fields)


def grant_bytes(given: Standing) -> bytes:
    """What the signature of a standing grant is over: its whole text, how often, for whom it speaks, and the key."""
    fields = {"guard": "grant/1", "id": given.id, "text": given.text, "uses": given.left, "person": given.person, "key": given.key}
    return canonical({**fields, "until": given.until.isoformat(), "case": given.case})


def check_grant(given: Standing, case: Case, question: Question, policies: Policies) -> Refused | None:
    """None if this person may give this standing grant for the case: whoever may approve the case, and proves it in the same way."""
    person = next((p for p in question.people if p.name == given.person), None)
    if case.stage is not Stage.WAITING:
        return Refused(code="settled", why=f"This case is {case.stage.value} already: {case.outcome or 'nothing is left to decide'}.")
    if person is None:
        return _unknown(given.person)
    if question.now >= case.expires_at:
        return _expired(case)
    signed = bool(given.signature or given.key)
    if signed and (refused := _signature(given.key, given.signature, grant_bytes(given), person)):
        return refused
    return eligible(person, question, policies, at=question.now, attended=signed)


def check(approval: Approval, case: Case, question: Question, policies: Policies) -> Refused | None:
    """None if the approval counts for the case as it is now; else why it does not."""
    person = next((p for p in question.people if p.name == approval.person), None)
    if case.stage is not Stage.WAITING:
        return Refused(code="settled", why=f"This case is {case.stage.value} already: {case.outcome or 'nothing is left to decide'}.")
    if approval.case != case.id:
        return Refused(code="other-case", why=f"This approval is of case {approval.case:04d}.")
    if approval.seal != case.seal:
        return Refused(code="other-seal", why="The program changed after you read it.")
    if person is None:
        return _unknown(approval.person)
    if approval.at > question.now + SKEW:
        return Refused(code="from-the-future", why="The approval is dated ahead of this machine's clock.")
    if question.now >= case.expires_at:
        return _expired(case)
    if any(given.person == approval.person for given in case.approvals):
        return Refused(code="twice", why=f"{approval.person} has approved this already.")
    if missing := [key for key in _losses(case.decision) if key not in approval.losses]:
        return Refused(code="loss-not-accepted", why=f"It must accept by name what cannot be restored: {', '.join(missing)}.")
    return _presence(approval, person) or eligible(person, question, policies, at=approval.at, attended=approval.attended)


def counting(case: Case, question: Question, policies: Policies) -> tuple[Approval, ...]:
    """The case's approvals that still count today: for this seal, soundly signed, by people still permitted to approve."""
    people = {p.name: p for p in question.people}
    return tuple(
        approval
        for approval in case.approvals
        if approval.seal == case.seal
        and approval.person in people
        and _presence(approval, people[approval.person]) is None
        and eligible(people[approval.person], question, policies, at=approval.at, attended=approval.attended) is None
    )


def _losses(decision: Decision) -> list[str]:
    return [decision.effects[i].key for i in decision.losses]


def _presence(approval: Approval, person: Person) -> Refused | None:
    """Whether what the approval says of its own signature is true."""
    if not approval.attended:
        unsigned = not approval.signature and not approval.key
        return None if unsigned else Refused(code="bad-signature", why="A signed approval cannot be unattended.")
    return _signature(approval.key, approval.signature, signed_bytes(approval), person)


def _signature(key: str, signature: str, signed: bytes, person: Person) -> Refused | None:
    if not person.key or key != person.key:
        return Refused(code="other-key", why="Your key is not the registered one.")
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(person.key)).verify(bytes.fromhex(signature), signed)
    except (InvalidSignature, ValueError):
        return Refused(code="bad-signature", why="The signature does not fit what it claims to sign.")
    return None


def eligible(person: Person, question: Question, policies: Policies, *, at: datetime, attended: bool) -> Refused | None:
    """None if Cedar lets this person approve the case, in person (`attended`) or not; else why not."""
    answer = may_approve(person, question, policies, signed_at=at, attended=attended)
    if answer.broken:
        return Refused(code="broken-policy", why=f"A policy is broken, so nothing can be approved: {answer.broken}")
    if answer.permitted:
        return None
    spoke = ", ".join(policies.notes[p].id for p in answer.policies)
    if not attended and not spoke:
        why = (
            "An unattended approval counts only under a policy that accepts it by name. Sign with your key (`guard person key`), "
            "or switch on the pack `unattended` (`guard policy packs`)."
        )
        return Refused(code="unattended", why=why)
    return Refused(code="not-eligible", why=f"You may not approve this: {spoke or 'no policy permits it'}.")


def may_reject(person: str, at: datetime, question: Question, policies: Policies) -> Refused | None:
    """Whoever could approve, in person or not, may say no; a no needs no proof of presence, since it can only stop things."""
    someone = next((p for p in question.people if p.name == person), None)
    if someone is None:
        return _unknown(person)
    answers = [may_approve(someone, question, policies, signed_at=at, attended=attended) for attended in (True, False)]
    if any(answer.permitted for answer in answers) or any(answer.broken for answer in answers):
        return None
    return Refused(code="not-eligible", why="You may not decide this case: no policy lets you approve it.")


def may_act(person: str, action: str, on: Person | Standing, people: Sequence[Person], policies: Policies) -> Refused | None:
    """None if Cedar lets this person `remove` another one, or `revoke` a standing grant.

    Policies that are broken keep nobody from revoking: it can only stop things.
    """
    someone = next((p for p in people if p.name == person), None)
    if someone is None:
        return _unknown(person)
    answer = decide.may_act(someone, action, on, people, policies)
    if answer.permitted or (answer.broken and action == "revoke"):
        return None
    spoke = ", ".join(policies.notes[p].id for p in answer.policies)
    why = f"A policy is broken: {answer.broken}" if answer.broken else f"You may not {action} this: {spoke or 'no policy permits it'}."
    return Refused(code="broken-policy" if answer.broken else "not-eligible", why=why)


def may_ask(case: Case, person: str, question: Question, policies: Policies) -> Refused | None:
    """Whoever may say no may ask the agent first, a few times, while the case waits."""
    if question.now >= case.expires_at:
        return _expired(case)
    if case.submission.edited_by:
        return Refused(code="edited", why=f"The agent does not know this text: {case.submission.edited_by} wrote it.")
    if sum(bool(said.person) for said in case.exchange) >= MOST_QUESTIONS:
        return Refused(code="too-many", why=f"The agent was asked {MOST_QUESTIONS} times about this case already. Decide, or reject it.")
    return may_reject(person, question.now, question, policies)


def may_answer(case: Case, now: datetime) -> Refused | None:
    """An agent answers what it was asked, and nothing else: it has no other way to put words before people."""
    if now >= case.expires_at:
        return _expired(case)
    return None if case.asked else Refused(code="not-asked", why="Nobody has asked anything that is not answered already.")


def _expired(case: Case) -> Refused:
    return Refused(code="expired", why=f"It expired at {case.expires_at:%H:%M} UTC; that is nobody's refusal.")


def _unknown(person: str) -> Refused:
    return Refused(code="unknown-person", why=f"{person} is not registered here (`guard person add`).")
