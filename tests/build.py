"""Builders with every field defaulted: a test names only what it is about."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from guard import keys
from guard.decide import Policies, Question
from guard.events import Submitted, World
from guard.model import (
    ANSWER,
    RUN,
    Agent,
    Analysis,
    Approval,
    BoxProfile,
    Case,
    Change,
    ChangeSet,
    Effect,
    Ending,
    EntryKind,
    Execution,
    Facts,
    FileType,
    Kind,
    Person,
    Print,
    Resource,
    ResourceType,
    Submission,
)
from guard.pipeline import advance
from guard.policy import load

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
WORKSPACE = "/work/project"
POLICIES = Path(__file__).parent.parent / "policies"
FACTS = Facts(workspace=WORKSPACE, home="/home/ann")
WRAPPED = Facts(restorable=False)
ANN, BEA = Person(name="ann", os_user="ann"), Person(name="bea")


NO_REHEARSALS = '@id("no-rehearsals") @why("x") forbid (principal, action == Guard::Action::"rehearse", resource);'


@cache
def policies(extra: str = "", *, packs: tuple[str, ...] = (), rehearsals: bool = False) -> Policies:
    """The default set, with packs and further policy text; without rehearsals, unless they are what a test is about."""
    files = {name: text for name, text in load.read(POLICIES) if not name.endswith(".toml")}
    if not rehearsals:
        files["no-rehearsals.cedar"] = NO_REHEARSALS
    for pack in packs:
        files[f"{pack}.cedar"] = (POLICIES / "packs" / f"{pack}.cedar").read_text()
    if extra:
        files["team.cedar"] = extra
    return load.load(tuple(sorted(files.items())))


def resource(type_: str, name: str) -> Resource:
    """A resource; a File or Folder name without a leading slash lies in the workspace."""
    files = type_ in ("File", "Folder") and not name.startswith("/")
    return Resource(type=ResourceType(type_), name=f"{WORKSPACE}/{name}" if files else name)


def effect(kind: str, type_: str = "Run", name: str = "run", **fields: object) -> Effect:
    return dataclasses.replace(Effect(kind=Kind(kind), resource=resource(type_, name) if type_ != "Run" else RUN), **fields)


COMPUTE = effect("compute")
READ = effect("fs.read", "File", "a.txt")
WRITE = effect("fs.write", "File", "a.txt")
DELETE = effect("fs.delete", "File", "a.txt")
OPAQUE = effect("opaque")
REMOTE_DELETE = effect("http.delete", "Endpoint", "api.example.com:443")


def analysis(*effects: Effect, **fields: object) -> Analysis:
    return dataclasses.replace(Analysis(language="python", effects=(*effects, ANSWER)), **fields)


def submission(code: str = "print(1)", **fields: object) -> Submission:
    return dataclasses.replace(Submission(agent="claude", language="python", code=code, workspace=WORKSPACE), **fields)


def question(*effects: Effect, facts: Facts = FACTS, people: tuple[Person, ...] = (), **fields: object) -> Question:
    asked = Question(agent=Agent(name="claude"), effects=(*effects, ANSWER), facts=facts, now=NOON, people=people or (signing("ann"),))
    return dataclasses.replace(asked, **fields)


def signer(name: str = "ann") -> keys.Signer:
    """The unlocked key of a person, always the same one."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return keys.Signer(name, Ed25519PrivateKey.from_private_bytes(name.encode().ljust(32, b"-")))


def signing(name: str, **fields: object) -> Person:
    """A registered person with a key."""
    return dataclasses.replace(Person(name=name, key=signer(name).public), **fields)


def world(**fields: object) -> World:
    """Noon, the default policies, ann and bea with keys."""
    base = World(now=NOON, policies=policies(), people=(signing("ann"), signing("bea")), engine="engine-1")
    return dataclasses.replace(base, **fields)


def later(seconds: float, **fields: object) -> World:
    return world(now=NOON + timedelta(seconds=seconds), **fields)


def submitted(*effects: Effect, facts: Facts = FACTS, **fields: object) -> Submitted:
    event = Submitted(
        submission=submission(),
        facts=facts,
        analysis=analysis(*effects or (COMPUTE,)),
        box=BoxProfile(engine="bubblewrap"),
        ticket="t" * 32,
    )
    return dataclasses.replace(event, **fields)


def case(*effects: Effect, at: World | None = None, **fields: object) -> Case:
    """The case that a submission with these effects becomes, as the store would number it."""
    step = advance(None, submitted(*effects, **fields), at or world())
    assert step.case is not None
    return dataclasses.replace(step.case, id=118, version=1)


def approval(of: Case, by: str = "ann", *, sign: bool = True, **fields: object) -> Approval:
    """A person's yes to exactly this case, signed."""
    losses = tuple(of.decision.effects[i].key for i in of.decision.losses)
    given = Approval(
        case=of.id,
        seal=of.seal,
        person=by,
        at=NOON,
        attended=False,
        policy_digest=of.decision.policy_digest,
        losses=losses,
        shown="all 1 lines",
    )
    given = dataclasses.replace(given, **fields)
    return signer(by).sign(given) if sign else given


def execution(*changes: Change, **fields: object) -> Execution:
    return dataclasses.replace(Execution(ending=Ending.EXITED, stdout="1\n", seconds=0.1, change_set=ChangeSet(changes=changes)), **fields)


def change(kind: str, path: str = "a.txt", type_: str = "file") -> Change:
    there = Print(type=FileType(type_), mode=0o644, size=1, digest="0" * 64 if type_ == "file" else "")
    before = None if kind == "created" else there
    after = None if kind == "deleted" else dataclasses.replace(there, digest="1" * 64 if type_ == "file" else "")
    return Change(kind=EntryKind(kind), path=path, before=before, after=after)
