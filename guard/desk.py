"""The reviewer's use-cases: one API for the console, the command line and links. Nothing here runs code.

Every answer goes through `pipeline.advance` like any other event; a face that is not here cannot answer at all. An answer is one
transaction or nothing: `Answer.refused` says why it was not taken.
"""

from __future__ import annotations

import asyncio
import dataclasses
import os
import pwd
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from guard import standing_grants
from guard.case_filter import Matcher, parse_filter
from guard.decide import decide
from guard.diff import EVERY_LINE
from guard.divergence import foreseen
from guard.edit import edited, not_editable
from guard.engine import Answer, Engine, state_folders
from guard.errors import BadInput, GuardError, IllegalMove, LedgerBroken, NotPermitted
from guard.events import Approved, Asked, Edited, Rejected, RolledBack, Submitted
from guard.keys import Signer, exists, unlock
from guard.model import (
    Analysis,
    Approval,
    AuditEvent,
    Case,
    Decision,
    Person,
    Rejection,
    Stage,
    Standing,
    Verdict,
)
from guard.past import LET_THROUGH, Past, Today, alike, reached, reaches
from guard.pipeline import may_roll_back, question
from guard.policy import active
from guard.ports import Delivery
from guard.queries import FileDiff, Health, Moment, Queries
from guard.review import Refused, check_grant, eligible, may_act, may_reject
from guard.standing_grants import Offer

LONGEST_REASON = 2000
LONGEST_QUESTION = 500
MOST_COMPARED = 200
"""Cases of an agent that a drafted grant is held against."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What an edited program would be: its analysis and today's decision on it. Nothing is saved."""

    analysis: Analysis
    decision: Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A standing grant as it would be given, and what it would do. Nothing is written yet."""

    case: int
    grants: tuple[Standing, ...]
    """Their texts are exactly what joins the policies."""
    rungs: tuple[int, ...]
    """The chosen place of each offer."""
    until: datetime
    uses: int
    person: str
    releases: tuple[int, ...] = ()
    """Cases that wait now and would run."""
    still: Decision | None = None
    """What would be decided of the case itself, where it would not run; None where it would."""
    covered: int = 0
    """How many of the agent's last `past` programs needed a person and would not have."""
    past: int = 0

    @property
    def text(self) -> str:
        return "\n".join(one.text for one in self.grants)


class Desk(Queries):
    """What people do with cases, and (`Queries`) what they see of them. Made on an engine that has no sandbox."""

    def __init__(self, engine: Engine, *, signer: Signer | None = None) -> None:
        """`signer`: whose key was unlocked for this desk; they are at it, whichever OS user its process has."""
        super().__init__(engine)
        self.signer = signer
        self._key = signer.public if signer else ""

    # -------------------------------------------------------------------------------------------------------------- who is here

    async def people(self) -> tuple[Person, ...]:
        return await self.store.people()

    async def me(self) -> Person | None:
        """The registered person at this desk: whose key was unlocked for it, else that of this process's OS user."""
        people = await self.store.people()
        if self.signer:
            return next((p for p in people if (p.name, p.key) == (self.signer.person, self._key)), None)
        user = os_user()
        return next((p for p in people if p.os_user == user), None)

    def has_key(self, person: str) -> bool:
        """Whether this state folder holds a key of the person."""
        return exists(state_folders(self._engine.config)["keys"], person)

    async def unlock(self, person: str, passphrase: str) -> Signer:
        """The person's key, unlocked for some minutes. `BadInput` on a wrong passphrase, `ConfigError` if there is no key."""
        return await asyncio.to_thread(unlock, state_folders(self._engine.config)["keys"], person, passphrase)

    async def may_approve(self, case: Case, person: str, *, attended: bool) -> Refused | None:
        """Why an approval by this person would not be taken now, so that a face can say it before anybody reads; None if it would."""
        world = await self._engine.world()
        someone = next((p for p in world.people if p.name == person), None)
        if someone is None:
            return Refused(
                code="unknown-person", why=f"{person or 'You are'} {'is ' if person else ''}not registered here (`guard person add`)."
            )
        return eligible(someone, question(case, world), world.policies, at=world.now, attended=attended)

    async def opened(self, case_id: int, *, person: str, shown: str) -> None:
        """Keep in the ledger who looked at a waiting case in a face, for how long, and what of it was on the screen, in words."""
        about = AuditEvent(kind="case.opened", case=case_id, data={"person": person, "shown": shown})
        await self.store.append([about], now=(await self._engine.world()).now)

    # ------------------------------------------------------------------------------------------------------------------ answer

    async def approve(self, case: Case, *, person: str, signer: Signer | None, losses: tuple[str, ...] = (), shown: str = "") -> Answer:
        """Say yes to exactly this value of the case. Signed with `signer` it proves presence; without, it is unattended.

        `losses`: keys of the effects whose loss is accepted. `shown`: what was displayed, in words; required: a face that cannot say
        what the reviewer saw may not take an approval.
        """
        if not shown:
            raise BadInput("An approval must say what was shown", hint="This face cannot approve; use `guard console` or `guard approve`.")
        if self._ledger_problem:
            raise LedgerBroken(f"The ledger does not verify: {self._ledger_problem}", hint="Nothing can be approved. `guard audit verify`")
        world = await self._engine.world()
        approval = Approval(
            case=case.id, seal=case.seal, person=person, at=world.now, attended=False, policy_digest=world.policies.digest,
            losses=losses, shown=shown,
        )  # fmt: skip
        if signer is not None:
            approval = signer.sign(approval)
        return await self._answer(case.id, Approved(approval=approval))

    async def reject(self, case_id: int, *, person: str, reason: str) -> Answer:
        """Say no; final. The reason goes to the model, in quotes."""
        reason = reason.strip()
        if not reason or len(reason) > LONGEST_REASON:
            raise BadInput(
                "A rejection needs a reason of at most 2,000 characters", hint="The agent reads it: say what would be acceptable."
            )
        world = await self._engine.world()
        return await self._answer(case_id, Rejected(rejection=Rejection(case=case_id, person=person, at=world.now, reason=reason)))

    async def ask(self, case_id: int, *, person: str, text: str) -> Answer:
        """Ask the agent something about a waiting case. It goes to the model, in quotes; the case waits on, and its time runs on.

        Nobody is notified of the answer: it stands in the case, and the queue marks that it came.
        """
        text = text.strip()
        if not text or len(text) > LONGEST_QUESTION:
            raise BadInput(f"A question has at most {LONGEST_QUESTION} characters, and at least one", hint="The agent reads it as it is.")
        return await self._answer(case_id, Asked(person=person, text=text))

    async def preview(self, case: Case, code: str) -> Preview:
        """What the case would be with another text: the same analysis and the same policies as any submission."""
        analysis = await self._engine.analyse_edit(case, edited(case, code, person=""))
        world = await self._engine.world()
        asked = question(dataclasses.replace(case, analysis=analysis, execution=None, rehearsed=False), world)
        return Preview(analysis=analysis, decision=decide(asked, world.policies))

    async def may_edit(self, case: Case, person: str) -> Refused | None:
        """Why no edit by this person would be taken now, so that a face can say it before anybody writes; None if one would."""
        world = await self._engine.world()
        if refused := may_reject(person, world.now, question(case, world), world.policies):
            return refused
        if why := not_editable(case):
            return Refused(code="wrapped", why=why)
        now = await self.store.load(case.id)
        return None if now.stage is Stage.WAITING else Refused(code="settled", why=now.outcome or "Somebody settled it first.")

    async def edit(self, case: Case, code: str, *, person: str) -> Answer:
        """Submit an edited text as a new case of the same agent; the old one becomes SUPERSEDED. The answer's case is the new one.

        Refused where the person could not say no to it either, the text is what it was, or the old case is settled. `BadInput` if the text
        cannot be submitted at all.
        """
        if refused := await self.may_edit(case, person):
            return Answer(case=await self.store.load(case.id), refused=refused)
        submission = edited(case, code, person=person)
        if submission.code == case.submission.code:
            return Answer(case=case, refused=Refused(code="unchanged", why="It is still the same text."))
        analysis = await self._engine.analyse_edit(case, submission)
        event = Submitted(submission=submission, facts=case.facts, analysis=analysis, box=case.box, ticket=secrets.token_urlsafe(24))
        new = await self._engine.create(event)
        old = await self._answer(case.id, Edited(successor=new.id, person=person))
        if old.refused is not None:
            if new.stage is Stage.WAITING:
                await self.reject(new.id, person=person, reason=f"The case that it edits, {case.id:04d}, was settled meanwhile.")
            return old
        return Answer(case=new)

    async def rollback(self, case_id: int, *, person: str) -> Answer:
        """Put back what a committed case replaced. Conflicts come back as a refusal, one sentence each; then nothing was changed."""
        case = await self.store.load(case_id)
        if case.stage is not Stage.DONE or case.execution is None or not case.execution.change_set.changes:
            return Answer(case=case, refused=Refused(code="nothing-to-undo", why="This case changed no file."))
        if case.rolled_back:
            return Answer(case=case, refused=Refused(code="settled", why=f"It was rolled back already: {case.rolled_back}."))
        if refused := may_roll_back(case, person, await self._engine.world()):
            return Answer(case=case, refused=refused)
        # Who it was is known before anything is touched: should this process die, an engine finishes it in their name.
        started = AuditEvent(kind="rollback.started", case=case.id, data={"person": person})
        await self.store.append([started], now=self.now())
        conflicts = await self._engine.parts.workspace.rollback(case.id, case.facts.workspace)
        try:
            answer = await self._engine.feed(case_id, RolledBack(person=person, conflicts=conflicts))
        except IllegalMove:  # an engine that started meanwhile saw that it is done
            return Answer(case=await self.store.load(case_id))
        if conflicts:
            return Answer(case=answer.case, refused=Refused(code="conflict", why=" ".join(conflicts)))
        return answer

    # --------------------------------------------------------------------------------------------------------- approve for a while

    def offers(self, case: Case) -> tuple[Offer, ...] | str:
        """What may be granted for a while so that the case's like runs, from narrow to wide; or, in one sentence, why nothing is."""
        return standing_grants.offers(case)

    async def grants(self) -> list[Standing]:
        """The standing grants in force, oldest first."""
        now = (await self._engine.world()).now
        return [one for one in await self.store.standing() if not standing_grants.over(one, now)]

    async def draft(self, case: Case, *, person: str, rungs: Sequence[int], lasts: timedelta, uses: int) -> Draft:
        """The grants for one chosen rung of each offer: their text, and what they would do now and would have done.

        `BadInput` where nothing is offered, or it would last too long or count too often.
        """
        world = await self._engine.world()
        until = (world.now + lasts).replace(microsecond=0)
        if wrong := standing_grants.too_long(until, world.now):
            raise BadInput(wrong, hint="Choose another time.")
        draft = Draft(
            case=case.id, grants=_grants(case, rungs, until=until, uses=uses, person=person), rungs=tuple(rungs), until=until,
            uses=uses, person=person,
        )  # fmt: skip
        current = await self.store.policies()
        if current is None or current.problem:
            raise BadInput("The policies are broken, so nothing can join them", hint="`guard policy check` says where.")
        loaded = active.with_standing(current, standing_grants.file_text([*await self.store.standing(), *draft.grants]))
        agent = case.submission.agent
        waiting = await self.store.cases(stages=[Stage.WAITING], agent=agent, limit=MOST_COMPARED)
        earlier = [c for c in await self.store.cases(agent=agent, limit=MOST_COMPARED, newest_first=True) if c.stage is not Stage.WAITING]
        ids = {one.id for one in draft.grants}

        def covered(other: Case) -> bool:
            decision = decide(question(other, world), loaded)
            return decision.verdict is Verdict.ALLOW and not ids.isdisjoint(decision.standing)

        def compare() -> tuple[tuple[int, ...], Decision | None, int]:
            released = tuple(c.id for c in waiting if covered(c))
            still = None if case.id in released else decide(question(case, world), loaded)
            return released, still, sum(c.decision.verdict is Verdict.REVIEW and covered(c) for c in earlier)

        releases, still, count = await asyncio.to_thread(compare)
        return dataclasses.replace(draft, releases=releases, still=still, covered=count, past=len(earlier))

    async def give(self, draft: Draft, *, signer: Signer | None) -> Answer:
        """Let exactly the drafted text join the policies. Whoever may approve the case may, signed or, by a policy, unattended."""
        if self._ledger_problem:
            raise LedgerBroken(f"The ledger does not verify: {self._ledger_problem}", hint="Nothing can be approved. `guard audit verify`")
        case, world = await self.store.load(draft.case), await self._engine.world()
        refused = None
        if standing_grants.too_long(draft.until, world.now) or draft.grants != _grants(
            case, draft.rungs, until=draft.until, uses=draft.uses, person=draft.person
        ):
            refused = Refused(code="changed", why="The case changed after you read this; look again.")
        given = tuple(signer.sign_grant(one) if signer else one for one in draft.grants)
        for one in given:
            refused = refused or check_grant(one, case, question(case, world), world.policies)
        if refused:
            data = {"person": draft.person, "code": refused.code}
            await self.store.append([AuditEvent(kind="grant.refused", case=case.id, data=data)], now=world.now)
            return Answer(case=case, refused=refused)
        await self._engine.give(given)
        return Answer(case=await self.store.load(case.id))

    async def revoke(self, grant_id: str, *, person: str) -> None:
        """End a standing grant at once. `BadInput` if there is no such grant, `NotPermitted` if Cedar does not let this person."""
        found = next((one for one in await self.store.standing() if one.id == grant_id), None)
        if found is None:
            raise BadInput(f"There is no standing grant {grant_id!r}", hint="`guard grants` lists them.")
        await self._permit(person, "revoke", found)
        await self._engine.retire([grant_id], why=f"{person} revoked it")

    async def test_notifications(self) -> Delivery:
        """Send a test to every place where people are told of cases."""
        return await self._engine.notifications.test()

    async def remove_person(self, name: str, *, person: str) -> tuple[str, ...]:
        """Take a person out: what they approved counts no more, and what they granted for a while ends. Returns the ids of those grants.

        `BadInput` if nobody has that name, `NotPermitted` if Cedar does not let `person`, who does it.
        """
        found = next((one for one in await self.store.people() if one.name == name), None)
        if found is None:
            raise BadInput(f"there is no person named {name}", hint="`guard person list` shows who is registered.")
        await self._permit(person, "remove", found)
        await self.store.remove_person(name, by=person, now=self.now())
        ended = tuple(one.id for one in await self.grants() if one.person == name)
        if ended:
            await self._engine.retire(ended, why=f"{name} was removed")
        return ended

    async def _permit(self, person: str, action: str, on: Person | Standing) -> None:
        world = await self._engine.world()
        if refused := may_act(person, action, on, world.people, world.policies):
            about = on.id if isinstance(on, Standing) else on.name
            data = {"person": person, "about": about, "code": refused.code}
            await self.store.append([AuditEvent(kind=f"{action}.refused", data=data)], now=world.now)
            raise NotPermitted(refused.why, hint="Nothing was changed.")

    async def _answer(self, case_id: int, event: Approved | Rejected | Asked | Edited) -> Answer:
        try:
            return await self._engine.feed(case_id, event)
        except GuardError as error:
            case = await self.store.load(case_id)
            if case.stage is Stage.WAITING:
                return Answer(case=case, refused=Refused(code="settled", why=f"{error} {error.hint}"))
            refused = Refused(
                code="expired" if case.stage is Stage.EXPIRED else "settled", why=case.outcome or "Somebody settled it first."
            )
            await self._keep_refusal(case_id, event, refused)
            return Answer(case=case, refused=refused)

    async def _keep_refusal(self, case_id: int, event: Approved | Rejected | Asked | Edited, refused: Refused) -> None:
        """An answer that came too late is in the ledger, as every other that is not taken."""
        match event:
            case Approved(approval=given):
                kind, person, more = "approval.refused", given.person, {"seal": given.seal, "signature": given.signature}
            case Rejected(rejection=no):
                kind, person, more = "rejection.refused", no.person, {}
            case _:
                kind, person, more = "question.refused" if isinstance(event, Asked) else "edit.refused", event.person, {}
        data = {"person": person, "code": refused.code, **more}
        await self.store.append([AuditEvent(kind=kind, case=case_id, data=data)], now=(await self._engine.world()).now)


def _grants(case: Case, rungs: Sequence[int], *, until: datetime, uses: int, person: str) -> tuple[Standing, ...]:
    offered = standing_grants.offers(case)
    if isinstance(offered, str):
        raise BadInput(offered, hint="Approve the case itself.")
    if len(rungs) != len(offered):
        raise BadInput(f"There are {len(offered)} places to choose", hint="Choose one for each.")
    return standing_grants.write(case, list(zip(offered, rungs, strict=True)), until=until, uses=uses, person=person)


def os_user() -> str:
    """The name of the user that this process runs as: by its id, since the environment can say anything."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container that runs as a bare number
        return f"uid-{os.getuid()}"


__all__ = [
    "EVERY_LINE",
    "LET_THROUGH",
    "Answer",
    "Desk",
    "Draft",
    "FileDiff",
    "Health",
    "Matcher",
    "Moment",
    "Offer",
    "Past",
    "Preview",
    "Refused",
    "Signer",
    "Today",
    "alike",
    "foreseen",
    "parse_filter",
    "reached",
    "reaches",
]
