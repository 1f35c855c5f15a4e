"""Standing grants: "approve for a while", as one Cedar permit of the narrowest sensible shape, written so that people can read it.

A case goes in; what could be granted, from narrow to wide, and the text of what was chosen come out. A standing grant is a permit and
nothing else: it never covers what a forbid forbids. Not offered for what destroys, cannot be seen, is secret, or runs later. Its uses are
counted in the store, in the transaction that starts the run; its text leaves the policies when it is over or used up.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from guard.errors import BadInput
from guard.model import UNSEEN, Case, Class, Effect, Kind, Resource, ResourceType, Standing
from guard.path_rules import in_workspace
from guard.words import clauses

FILE = "grants.cedar"
"""The policies file that guard writes standing grants to."""

LONGEST = timedelta(days=7)
MOST_USES = 1000

_NEVER = UNSEEN | {Kind.SECRET_READ, Kind.FS_SURFACE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Effects of one shape that may be granted together: where, from the narrowest rung to the widest."""

    kinds: tuple[Kind, ...]
    rungs: tuple[Resource, ...]
    """The first is the resource itself; a later one holds everything before it."""


def offers(case: Case) -> tuple[Offer, ...] | str:
    """What a standing grant for this case's like would have to cover; or, in one sentence, why none is offered."""
    owed = tuple(case.decision.effects[i] for i in sorted({reason.effect for reason in case.decision.reasons}))
    if not owed:
        return "Nothing is owed here."
    if case.decision.owed.approvals > 1:
        return "Not offered where more than one person must approve: one alone would speak for all."
    for effect in owed:
        if effect.kind in _NEVER or Class.DESTRUCTIVE in effect.classes:
            return "Not offered for what destroys, cannot be seen, is secret or runs later."
        if effect.resource.name in ("", "/"):
            return "Not offered for something that is not known before it runs."
    return tuple(_offers(owed, case))


def _offers(owed: Sequence[Effect], case: Case) -> Iterator[Offer]:
    by_resource: dict[Resource, list[Kind]] = {}
    for effect in owed:
        # "writes X" is predicted of a file that may or may not be there yet; what lands is one or the other.
        either = (Kind.FS_WRITE, Kind.FS_CREATE) if effect.kind is Kind.FS_WRITE else (effect.kind,)
        by_resource.setdefault(effect.resource, []).extend(either)
    by_kinds: dict[tuple[Kind, ...], list[Resource]] = {}
    for resource, kinds in by_resource.items():
        by_kinds.setdefault(tuple(dict.fromkeys(kinds)), []).append(resource)
    for shape, resources in by_kinds.items():
        paths = [r for r in resources if r.type in (ResourceType.FILE, ResourceType.FOLDER)]
        if len(paths) == len(resources) > 1:
            common = posixpath.commonpath([posixpath.dirname(r.name) if r.type is ResourceType.FILE else r.name for r in paths])
            yield Offer(kinds=shape, rungs=tuple(_widening(Resource(type=ResourceType.FOLDER, name=common), case)))
        else:
            for resource in resources:
                yield Offer(kinds=shape, rungs=tuple(_widening(resource, case)))


def _widening(resource: Resource, case: Case) -> Iterator[Resource]:
    yield resource
    if resource.type in (ResourceType.FILE, ResourceType.FOLDER):
        above = posixpath.dirname(resource.name)
        while in_workspace(above, case.facts):
            yield Resource(type=ResourceType.FOLDER, name=above)
            above = posixpath.dirname(above)
    elif resource.type is ResourceType.ENDPOINT:
        yield from _domains(resource.name.rpartition(":")[0])
    elif resource.type is ResourceType.DOMAIN:
        yield from list(_domains(resource.name))[1:]
    elif resource.type is ResourceType.TOOL:
        yield Resource(type=ResourceType.SERVER, name=resource.name.split("/", 1)[0])
    elif resource.type is ResourceType.TABLE:
        yield Resource(type=ResourceType.DATABASE, name=resource.name.rsplit("/", 1)[0])


def _domains(host: str) -> Iterator[Resource]:
    """The host and the domains above it, down to two labels: `example.com` is somebody's, `com` is everybody's."""
    labels = host.split(".")
    if host.replace(".", "").isdigit() or ":" in host:
        return
    for start in range(max(1, len(labels) - 1)):
        yield Resource(type=ResourceType.DOMAIN, name=".".join(labels[start:]))


def write(case: Case, chosen: Sequence[tuple[Offer, int]], *, until: datetime, uses: int, person: str) -> tuple[Standing, ...]:
    """The grants for the chosen rung of each offer. Each is one policy; `Standing.text` is exactly what joins the policies.

    Equal arguments give equal text: what was shown is what is given. `BadInput` if the uses or the rungs are out of bounds.
    """
    if not 1 <= uses <= MOST_USES:
        raise BadInput(f"{uses} uses cannot be granted", hint=f"From 1 to {MOST_USES:,}.")
    if any(not 0 <= rung < len(offer.rungs) for offer, rung in chosen):
        raise BadInput("There is no such place to grant", hint="Each offer has its own places, the narrowest first.")
    return tuple(
        _one(case, offer, offer.rungs[rung], number=number, until=until, uses=uses, person=person)
        for number, (offer, rung) in enumerate(chosen)
    )


def _one(case: Case, offer: Offer, where: Resource, *, number: int, until: datetime, uses: int, person: str) -> Standing:
    agent = case.submission.agent
    verb = offer.kinds[0].value.split(".")[-1]
    place = re.sub(r"[^a-z0-9]+", "-", where.name.lower().rsplit("/", 1)[-1]).strip("-") or "it"
    name = f"{agent}-may-{verb}-{place}-{case.id:04d}" + (f"-{number}" if number else "")
    kinds = ", ".join(f'Guard::Action::"{kind.value}"' for kind in offer.kinds)
    wide = where.type in (ResourceType.FOLDER, ResourceType.DOMAIN, ResourceType.SERVER, ResourceType.DATABASE)
    moment = until.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    text = (
        f'@id({_quoted(name)}) @uses("{uses}")\n'
        f'@why("{_plain(person)} approved case {case.id:04d} and its like until {moment}.")\n'
        f"permit (\n"
        f"  principal == Guard::Agent::{_quoted(agent)},\n"
        f"  action in [{kinds}],\n"
        f"  resource {'in' if wide else '=='} Guard::{where.type.value}::{_quoted(where.name)}\n"
        f') when {{ context.now < datetime("{moment}") }};\n'
    )
    return Standing(id=name, text=text, until=until, left=uses, case=case.id, person=person, what=_what(case, offer, where, wide=wide))


def _what(case: Case, offer: Offer, where: Resource, *, wide: bool) -> str:
    """Whom it lets do what: "claude may fetch from python.org and below"."""
    kinds = [kind for kind in offer.kinds if kind is not Kind.FS_CREATE or Kind.FS_WRITE not in offer.kinds]
    effects = [Effect(kind=kind, resource=where, exact=not wide) for kind in kinds]
    below = " and below" if where.type is ResourceType.DOMAIN else ""
    return f"{case.submission.agent} may {', '.join(clause.text for clause in clauses(effects, case.facts, bare=True))}{below}"


def too_long(until: datetime, now: datetime) -> str:
    """Why a grant may not last so long, in one sentence; "" if it may."""
    if until <= now:
        return "A grant that is over already permits nothing."
    return f"A grant lasts at most {LONGEST.days} days." if until - now > LONGEST else ""


def _quoted(text: str) -> str:
    """A Cedar string literal."""
    return '"' + "".join(f"\\{c}" if c in '"\\' else c if c.isprintable() else f"\\u{{{ord(c):x}}}" for c in text) + '"'


def _plain(text: str) -> str:
    return re.sub(r"[^\w .-]", "", text)


def file_text(standing: Sequence[Standing]) -> str:
    """The whole grants file."""
    head = "// Standing grants. guard writes this file: list and revoke them with `guard grants`.\n"
    return head + "".join("\n" + one.text for one in standing)


def over(one: Standing, now: datetime) -> bool:
    """Whether a grant has ended: its time is over, or it is used up."""
    return one.left <= 0 or now >= one.until
