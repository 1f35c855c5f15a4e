"""Analysis + Facts + Policies -> Decision. Cedar is the only authority; this module asks it, and nothing else decides.

Every effect is one Cedar request: may this agent do this to this resource, on these terms? Rungs of terms are tried from the least
onerous; on each, all effects are asked together, and the first rung on which every one is permitted is the verdict. Asked again on the
terms that truly hold (`permitted`) whenever something is about to happen.

Broken is not refused: Cedar skips a policy whose condition errors, so any error in its diagnostics is a DENY that says "broken".
Pure: cedarpy computes in memory. What Cedar is told about the world is `guard.entities`'.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import cedarpy

from guard import entities
from guard.entities import time, uid
from guard.model import (
    ANSWER,
    CLASSES,
    RUN,
    UNSEEN,
    Agent,
    Analysis,
    Approval,
    Class,
    Decision,
    Effect,
    Facts,
    Kind,
    Person,
    Reason,
    Resource,
    ResourceType,
    Shortage,
    Standing,
    Terms,
    Verdict,
)
from guard.path_rules import in_workspace

MOST_APPROVALS = 3
"""The highest rung: more people than this cannot be asked for."""
DEEPEST = 128
"""What lies deeper in folders or domains is denied unasked: Cedar keeps, for each, all that are above it; some thousands kill it."""
_AT_ONCE = 1000
"""Files of a workspace that Cedar is told of and asked about together: one may have very many."""
_HARMLESS = {kind: 0 if Class.DESTRUCTIVE in classes else 2 if classes == {Class.READ} else 1 for kind, classes in CLASSES.items()}
_SILENCE = cedarpy.PolicySet.from_str("")
_PARTED_BY = {ResourceType.FILE: "/", ResourceType.FOLDER: "/", ResourceType.ENDPOINT: ".", ResourceType.DOMAIN: "."}


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What people need to know of one policy."""

    id: str
    why: str
    forbids: bool
    file: str
    line: int
    standing: bool = False
    """A standing grant: uses of it are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    """A loaded set: parsed, strictly validated, uniquely named. Made by `guard.policy` alone."""

    digest: str
    rules: Mapping[str, cedarpy.PolicySet]
    """By action, the policies that may speak of it: no other could make its answer another."""
    schema: cedarpy.Schema
    """What a request may say: see `sees`."""
    actions: cedarpy.Entities
    """The actions of the schema with the groups that they are in, if any policy asks for groups in a condition."""
    notes: dict[str, Note]
    """By Cedar's positional id ("policy0")."""
    broken: str = ""
    """Not empty: there is no usable set, and why; everything is denied."""
    teams: tuple[str, ...] = ()
    """Those that some policy names."""
    closes_reads: bool = False
    """Some forbid can reach `fs.read` or `fs.list`: files it closes must be masked in the box."""
    sees: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By action, what of its context any policy looks at, which is all that `schema` lets a request for it say."""

    alike: frozenset[str] = frozenset()
    """Actions of which no policy that may speak looks at the resource: those of one type get one answer, and Cedar is not told of them."""
    told: entities.Told = None
    """The attributes of entities that any policy looks at, and more."""

    def speaking_of(self, action: str) -> cedarpy.PolicySet:
        """The policies that may speak of an action. Of one that the schema does not know none does, and Cedar says so."""
        return self.rules.get(action, _SILENCE)

    def context(self, action: str, terms: dict[str, Any]) -> dict[str, Any]:
        """These terms, as far as a request for this action says them."""
        seen = self.sees.get(action)
        return terms if seen is None else {name: value for name, value in terms.items() if name in seen}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """All that a decision depends on, but the policies."""

    agent: Agent
    effects: tuple[Effect, ...]
    facts: Facts
    now: datetime
    people: tuple[Person, ...] = ()
    observed: frozenset[Kind] = frozenset()
    """Kinds predicted earlier or observed since, beyond those of `effects`: they stay in `with`."""
    edited_by: str = ""
    spent: frozenset[str] = frozenset()
    """Standing grants that are used up: they permit nothing more, though runs that took a use may still be under way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Cedar's answer to one request."""

    permitted: bool
    policies: tuple[str, ...]
    """Positional ids of the policies that decided."""
    broken: str = ""


def effects_to_ask(analysis: Analysis, facts: Facts) -> tuple[Effect, ...]:
    """The analysis' effects, and what follows from where they would be enforced.

    In our box a request is also a connection, which is all that the broker can hold uninspected HTTPS to. Behind a wrapped server
    nothing of ours enforces, so a resource known only in part is opaque.
    """
    effects = list(analysis.effects)
    if facts.restorable:
        hosts = {e.resource: e for e in effects if e.kind.value.startswith("http.")}
        connected = {e.resource for e in effects if e.kind is Kind.NET_CONNECT}
        for resource, effect in hosts.items():
            if resource not in connected:
                note = "a request needs a connection, and guard can hold it to the host"
                effects.append(dataclasses.replace(effect, kind=Kind.NET_CONNECT, rule="net-connect", note=note))
    elif any(not effect.exact for effect in effects) and Kind.OPAQUE not in analysis.kinds:
        inexact = next(effect for effect in effects if not effect.exact)
        note = "acts on something known only in part, and nothing of guard's enforces it behind a wrapped server"
        effects.append(Effect(kind=Kind.OPAQUE, resource=RUN, exact=False, span=inexact.span, rule="unenforced", note=note))
    return tuple(effects)


def restorable(effect: Effect, facts: Facts) -> bool:
    """Whether guard itself can undo this effect: a file of the workspace, or what cannot be seen in a box that holds nothing else."""
    if not facts.restorable or not facts.workspace:
        return False
    if effect.resource.type in (ResourceType.FILE, ResourceType.FOLDER):
        return in_workspace(effect.resource.name, facts)
    return effect.kind in UNSEEN


def decide(question: Question, policies: Policies, *, explained: bool = True) -> Decision:
    """The verdict: the first rung on which every effect is permitted, or DENY with the forbids that decided it.

    Not `explained`: the verdict alone, without what fell away below its rung (for measuring; what is shown or recorded is
    explained).
    """
    effects = question.effects
    if policies.broken or not effects:
        return Decision(
            verdict=Verdict.DENY, effects=effects, policy_digest=policies.digest, broken=policies.broken or "no effect was asked"
        )
    decision = Decision(verdict=Verdict.DENY, policy_digest=policies.digest, effects=effects)
    if reasons := _too_deep(effects):
        return dataclasses.replace(decision, reasons=reasons)
    court = _Court(question, policies)
    highest = Terms()
    for terms in _ladder(MOST_APPROVALS):
        if not court.enough(terms.approvals):
            break
        highest, refusal = terms, court.refusal(terms)
        if refusal is None and not explained:
            return dataclasses.replace(decision, verdict=Verdict.REVIEW if terms.approvals else Verdict.ALLOW, owed=terms)
        if refusal is None:
            return _permitted(decision, terms, court)
        if refusal.broken:
            return dataclasses.replace(decision, broken=refusal.broken)
    last = court.all(highest)
    if broken := next((a.broken for a in last if a.broken), ""):
        return dataclasses.replace(decision, broken=broken)
    reasons = tuple(_reason(i, a.policies, policies) for i, a in enumerate(last) if not a.permitted)
    return dataclasses.replace(decision, reasons=reasons, short=_shortage(court) if explained else None)


def permitted(question: Question, policies: Policies, approvals: Sequence[Approval], *, backup: bool = True) -> Decision:
    """The same question on the terms that truly hold: these approvals (already checked to count), and a backup that guard takes.

    ALLOW, or DENY with what forbids. The driver calls it before running, before committing and before letting a request out.
    """
    if policies.broken:
        return Decision(verdict=Verdict.DENY, effects=question.effects, policy_digest=policies.digest, broken=policies.broken)
    decision = Decision(verdict=Verdict.DENY, policy_digest=policies.digest, effects=question.effects)
    if reasons := _too_deep(question.effects):
        return dataclasses.replace(decision, reasons=reasons)
    court = _Court(question, policies)
    people = len({approval.person for approval in approvals})
    losses = {key for approval in approvals for key in approval.losses}
    answers = court.answers(
        [court.request(e, people, backup=backup and restorable(e, question.facts), accepted_loss=e.key in losses) for e in question.effects]
    )
    if broken := next((a.broken for a in answers if a.broken), ""):
        return dataclasses.replace(decision, broken=broken)
    reasons = tuple(_reason(i, a.policies, policies) for i, a in enumerate(answers) if not a.permitted)
    if reasons:
        return dataclasses.replace(decision, reasons=reasons)
    held = Terms(approvals=people, secured=backup)
    return dataclasses.replace(decision, verdict=Verdict.ALLOW, owed=held, standing=_standing(answers, policies))


def may_approve(
    person: Person, question: Question, policies: Policies, *, signed_at: datetime, attended: bool, action: str = "approve"
) -> Asked:
    """Whether Cedar lets this person `approve` (or `rollback`) the case that the question is about."""
    if policies.broken:
        return Asked(permitted=False, policies=(), broken=policies.broken)
    terms = {"now": time(question.now), "signed_at": time(signed_at), "attended": attended} if action == "approve" else {}
    return _ask(_about(person, action, policies.context(action, terms)), policies, _entities(question, policies))


def may_act(person: Person, action: str, on: Person | Standing, people: Sequence[Person], policies: Policies) -> Asked:
    """Whether Cedar lets this person `remove` another one, or `revoke` a standing grant."""
    if policies.broken:
        return Asked(permitted=False, policies=(), broken=policies.broken)
    known, resource = entities.of_people(people, on, told=policies.told)
    request = {"principal": uid("Person", person.name), "action": uid("Action", action), "resource": resource, "context": {}}
    return _ask(request, policies, _parsed(known, policies))


def _about(person: Person, action: str, context: dict[str, Any]) -> dict[str, Any]:
    """The request for a person's action on the case in question."""
    return {
        "principal": uid("Person", person.name),
        "action": uid("Action", action),
        "resource": uid("Case", "case"),
        "context": context,
    }


def may_rehearse(question: Question, policies: Policies) -> bool:
    """Whether Cedar lets this agent's program be tried in the box before anybody decides on what it did there."""
    if policies.broken:
        return False
    request = {
        "principal": uid("Agent", question.agent.name),
        "action": uid("Action", "rehearse"),
        "resource": uid("Case", "case"),
        "context": {},
    }
    return _ask(request, policies, _entities(question, policies)).permitted


def closed_reads(paths: Sequence[str], question: Question, policies: Policies, approvals: Sequence[Approval]) -> tuple[str, ...]:
    """The canonical paths (files in the workspace) that the policies do not let this run read, on its true terms: to be masked."""
    if not policies.closes_reads:
        return ()
    read = (Effect(kind=Kind.FS_READ, resource=Resource(type=ResourceType.FILE, name=path)) for path in paths)
    effects = tuple(effect for effect in read if not _too_deep([effect]))
    observed = question.observed | {e.kind for e in question.effects}
    people = len({approval.person for approval in approvals})
    closed = sorted({*paths} - {effect.resource.name for effect in effects})  # what cannot be asked about is closed
    for start in range(0, len(effects), _AT_ONCE):
        some = effects[start : start + _AT_ONCE]
        court = _Court(dataclasses.replace(question, effects=some, observed=observed), policies)
        answers = court.answers([court.request(effect, people, backup=True, accepted_loss=False) for effect in some])
        for effect, answer in zip(some, answers, strict=True):
            if not answer.permitted and answer.policies:  # a forbid spoke; silence alone (a read that nobody permits) is not closed here
                closed.append(effect.resource.name)
    return tuple(closed)


# --------------------------------------------------------------------------------------------------------------- how Cedar is asked


_Request = tuple[Kind, Resource, str]
"""What is asked about an effect: the action, the resource, and the context as JSON text."""


class _Court:
    """Cedar, asked about one question: the entities and each context are built once, every rung uses them, nothing is asked twice."""

    def __init__(self, question: Question, policies: Policies) -> None:
        self.question, self.policies = question, policies
        agent, effects, told, alike = question.agent, question.effects, policies.told, policies.alike
        known = entities.of_effects(agent, effects, question.facts, question.people, question.edited_by, told=told, alike=alike)
        self.entities = _parsed(known, policies)
        self.now = time(question.now)
        self.kinds = tuple(sorted({e.kind for e in question.effects} | question.observed))
        self._agent = uid("Agent", agent.name)
        self._contexts: dict[tuple[object, ...], str] = {}
        self._texts: dict[tuple[object, ...], str] = {}
        self._known: dict[_Request, Asked] = {}
        self._rungs: dict[Terms, list[Asked]] = {}
        self._first: dict[tuple[Kind, ResourceType], Resource] = {}
        self._worst_first = sorted(range(len(effects)), key=lambda i: _HARMLESS[effects[i].kind])
        self.eligible = self._asked = 0

    def enough(self, count: int) -> bool:
        """Whether at least `count` people may approve the case today. Asked person by person, and only as far as it matters."""
        terms = {"now": self.now, "signed_at": self.now}
        while self.eligible < count and self._asked < len(self.question.people):
            person = self.question.people[self._asked]
            request = _about(person, "approve", self.policies.context("approve", {**terms, "attended": bool(person.key)}))
            self.eligible += _ask(request, self.policies, self.entities).permitted
            self._asked += 1
        return self.eligible >= count

    def all(self, terms: Terms) -> list[Asked]:
        """The answers on this rung, by effect."""
        if terms not in self._rungs:
            self._rungs[terms] = self.answers([self._on(effect, terms) for effect in self.question.effects])
        return self._rungs[terms]

    def refusal(self, terms: Terms) -> Asked | None:
        """The answer on this rung about the worst effect that is not permitted, or None.

        The worst of all is asked about alone, since most rungs that fail fail there, and then the others together.
        """
        (worst,) = self.answers([self._on(self.question.effects[self._worst_first[0]], terms)])
        if not worst.permitted:
            return worst
        answers = self.all(terms)
        return next((answers[i] for i in self._worst_first if not answers[i].permitted), None)

    def _on(self, effect: Effect, terms: Terms) -> _Request:
        can = restorable(effect, self.question.facts)
        loss = terms.secured and not can and terms.approvals >= 1
        return self.request(effect, terms.approvals, backup=terms.secured and can, accepted_loss=loss)

    def request(self, effect: Effect, approvals: int, *, backup: bool, accepted_loss: bool) -> _Request:
        terms = (effect.kind, approvals, backup, accepted_loss, effect.exact, effect.loop, effect.tainted)
        if terms not in self._contexts:
            context = {
                "approvals": approvals,
                "backup": backup,
                "accepted_loss": accepted_loss,
                "exact": effect.exact,
                "with": self.kinds,
                "loop": effect.loop,
                "source_tainted": effect.tainted,
                "now": self.now,
            }
            self._contexts[terms] = self._text(self.policies.context(effect.kind, context))
        resource = effect.resource
        if effect.kind in self.policies.alike:
            resource = self._first.setdefault((effect.kind, resource.type), resource)
        return effect.kind, resource, self._contexts[terms]

    def _text(self, context: dict[str, Any]) -> str:
        """As JSON; of many contexts little is said, and that is the same."""
        key = (*context, *context.values())
        if key not in self._texts:
            self._texts[key] = json.dumps(context)
        return self._texts[key]

    def answers(self, requests: Sequence[_Request]) -> list[Asked]:
        """Cedar's answer to each."""
        new: dict[int, dict[_Request, None]] = {}
        for request in requests:
            if request not in self._known:
                new.setdefault(id(self.policies.speaking_of(request[0])), {})[request] = None
        for some in new.values():  # actions that the same policies may speak of are asked about together
            asked = [
                {"principal": self._agent, "action": uid("Action", kind), "resource": uid(resource.type, resource.name), "context": context}
                for kind, resource, context in some
            ]
            for request, answer in zip(some, _ask_all(asked, self.policies, self.entities), strict=True):
                self._known[request] = self._counted(answer)
        return [self._known[request] for request in requests]

    def _counted(self, answer: Asked) -> Asked:
        """The answer, without a permission that only used-up grants give."""
        if not answer.permitted or not self.question.spent:
            return answer
        left = tuple(p for p in answer.policies if self.policies.notes[p].id not in self.question.spent)
        return dataclasses.replace(answer, permitted=bool(left), policies=left)


def _ask(request: dict[str, Any], policies: Policies, entities: cedarpy.Entities) -> Asked:
    return _ask_all([request], policies, entities)[0]


def _ask_all(requests: list[dict[str, Any]], policies: Policies, entities: cedarpy.Entities) -> list[Asked]:
    """Cedar's answers about actions that the same policies may speak of, each request by itself."""
    rules = policies.speaking_of(requests[0]["action"]["id"])
    return [_asked(answer) for answer in cedarpy.is_authorized_batch(requests, rules, entities, policies.schema)]


def _asked(answer: cedarpy.AuthzResult) -> Asked:
    decision, said = answer.decision, answer.diagnostics
    if said.errors or decision is cedarpy.Decision.NoDecision:
        return Asked(permitted=False, policies=(), broken="; ".join(map(str, said.errors)) or "Cedar gave no decision")
    # Cedar keeps them in a hash table, whose order differs from run to run: equal questions must give equal decisions.
    return Asked(permitted=decision is cedarpy.Decision.Allow, policies=tuple(sorted(said.reasons, key=_position)))


def _position(policy: str) -> int:
    """Where a policy stands in its set, by Cedar's id of it ("policy10")."""
    return int(policy.removeprefix("policy"))


def _entities(question: Question, policies: Policies) -> cedarpy.Entities:
    """For requests about the case as a whole; the court's are about its effects too."""
    known = entities.of_case(question.agent, question.effects, question.people, question.edited_by, told=policies.told)
    return _parsed(known, policies)


def _parsed(known: entities.Plain, policies: Policies) -> cedarpy.Entities:
    """That the schema takes what guard tells was found when it was loaded (`entities.of_every_kind`). To Cedar an entity of which nothing
    is told is one without attributes and parents."""
    return policies.actions.with_added_json_str(json.dumps([one for one in known if one["attrs"] or one["parents"]]))


def _ladder(people: int) -> Iterator[Terms]:
    for approvals, secured in itertools.product(range(people + 1), (False, True)):
        yield Terms(approvals=approvals, secured=secured)


def _permitted(decision: Decision, terms: Terms, court: _Court) -> Decision:
    """The decision of a rung that permits, explained by the forbids that fell away and the permits that spoke."""
    facts, policies = court.question.facts, court.policies
    first, last = court.all(Terms()), court.all(terms)
    reasons = tuple(
        _reason(i, (*was.policies, *now.policies), policies)
        for i, (was, now) in enumerate(zip(first, last, strict=True))
        if not was.permitted
    )
    unsecured = court.all(dataclasses.replace(terms, secured=False)) if terms.secured else []
    needs = [i for i, answer in enumerate(unsecured) if not answer.permitted]
    return dataclasses.replace(
        decision,
        verdict=Verdict.REVIEW if terms.approvals else Verdict.ALLOW,
        owed=terms,
        backup=tuple(i for i in needs if restorable(decision.effects[i], facts)),
        losses=tuple(i for i in needs if not restorable(decision.effects[i], facts)),
        reasons=reasons,
        standing=_standing(last, policies),
    )


def _shortage(court: _Court) -> Shortage | None:
    """How many people it would take, where those who may approve it are too few; None if no number of them would do."""
    more = (terms for terms in _ladder(MOST_APPROVALS) if not court.enough(terms.approvals))
    needed = next((terms.approvals for terms in more if court.refusal(terms) is None), 0)
    if not needed:
        return None
    teams = () if _would_do(court, ()) else tuple(team for team in court.policies.teams if _would_do(court, (team,)))
    return Shortage(people=needed, registered=court.eligible, teams=teams)


def _would_do(court: _Court, teams: tuple[str, ...]) -> bool:
    """Whether somebody in these teams, were they registered, could approve the case."""
    somebody = Person(name="somebody who is not registered", teams=teams)
    asked = dataclasses.replace(court.question, people=(*court.question.people, somebody))
    return may_approve(somebody, asked, court.policies, signed_at=asked.now, attended=True).permitted


def _too_deep(effects: Sequence[Effect]) -> tuple[Reason, ...]:
    """What is denied without Cedar's being asked, and why."""
    found = []
    for i, effect in enumerate(effects):
        by = _PARTED_BY.get(effect.resource.type)
        if by and (count := effect.resource.name.count(by)) > DEEPEST:
            found.append(
                Reason(effect=i, policies=(), why=f"It lies {count:,} levels deep; {DEEPEST} are the most that guard decides about.")
            )
    return tuple(found)


def _standing(answers: Iterable[Asked], policies: Policies) -> tuple[str, ...]:
    """The standing grants that some effect is permitted by and by nothing else."""
    needed = {}
    for answer in answers:
        notes = [policies.notes[p] for p in answer.policies]
        if notes and all(note.standing for note in notes):
            needed[notes[0].id] = True
    return tuple(sorted(needed))


def _reason(effect: int, positions: Iterable[str], policies: Policies) -> Reason:
    notes = [policies.notes[p] for p in dict.fromkeys(positions)]
    return Reason(effect=effect, policies=tuple(n.id for n in notes), why=" ".join(dict.fromkeys(n.why for n in notes)))


# ------------------------------------------------------------------------------------------------------------------ in words


def owed_words(decision: Decision) -> str:
    """What is owed, as people read it: "nothing", "1 person and a backup", "1 person, who accepts that no backup can be taken"."""
    if decision.verdict is Verdict.DENY:
        return shortage_words(decision.short) if decision.short else "no approval changes this"
    count = decision.owed.approvals
    people = f"{count} person" if count == 1 else f"{count} people"
    if not count:
        return "a backup, which guard takes" if decision.backup else "nothing"
    if decision.losses:
        return f"{people}, who accept{'s' if count == 1 else ''} that no backup can be taken"
    return f"{people} and a backup" if decision.backup else people


def shortage_words(short: Shortage) -> str:
    """How many people are owed, and how few there are: "2 people of team dba who may approve it, and only 1 of those registered may"."""
    people = f"{short.people} person" if short.people == 1 else f"{short.people} people"
    of = f" of team {' or '.join(short.teams)}" if short.teams else ""
    there = f"only {short.registered}" if short.registered else "none"
    return f"{people}{of} who may approve it, and {there} of those registered may"


def classes_of(effects: Iterable[Effect]) -> frozenset[Class]:
    """The classes that any of these effects is in; computing and answering count for nothing."""
    quiet = (Kind.COMPUTE, ANSWER.kind)
    return frozenset(c for effect in effects if effect.kind not in quiet for c in effect.classes)
