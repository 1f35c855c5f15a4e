"""Effects in fixed words: the sentences that people and models read, made of effects alone.

Present tense, third person, the program is the subject, no adjectives of danger. Names come from outside, so each goes through
`guard.visible`; everything else is from the table below. Pure. (Words of decisions: `guard.decide.owed_words`.)
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from guard.model import CLASSES, UNSEEN, Class, Effect, EntryKind, Facts, Kind, Loop, Resource, ResourceType
from guard.path_rules import database_file, shown
from guard.visible import Visible, visible, words

COLUMNS = "RWND?"
"""The class strip: read, write, network, destructive, cannot be seen; harm rises to the right."""
ORDER = "D?NWR"
"""In which order classes are told."""
TITLES = {"D": "DESTROYS", "?": "UNSEEN", "N": "NETWORK", "W": "WRITES", "R": "READS"}
MOST_CLAUSES = 3
MOST_NAMES = 3

Part = tuple[Visible, bool]
"""A piece of a sentence, and whether it is the name of what is acted on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One kind of thing that a program does, in words."""

    letter: str
    parts: tuple[Part, ...]
    effects: tuple[Effect, ...]

    @property
    def text(self) -> str:
        return "".join(text.text for text, _ in self.parts)

    @property
    def grave(self) -> bool:
        """Whether a summary must hold it, however long that gets."""
        return self.letter in "D?" or any(e.kind is Kind.SECRET_READ or (e.tainted and "N" in letters(e)) for e in self.effects)


class Mood(Enum):
    """How a verb is said."""

    DOES = "deletes"
    MAY = "may delete"
    WOULD = "delete"


@dataclass(frozen=True, slots=True)
class _Form:
    """How a kind is said: verb, what stands before and after one name, the noun for many, and the words when it is unknown which."""

    verb: str
    before: str = ""
    after: str = ""
    noun: str = ""
    many: str = ""
    """The verb for many, if it is another."""
    unknown: str = ""
    tail: str = ""
    """What stands after the noun of many."""


_K = Kind
_FORMS: dict[Kind, _Form] = {
    _K.FS_READ: _Form("read", noun="files", unknown="files that it finds while running"),
    _K.FS_LIST: _Form("list", noun="folders", unknown="folders that it finds while running"),
    _K.FS_CREATE: _Form("create", noun="files", unknown="files in a place that it computes"),
    _K.FS_WRITE: _Form("create or replace", noun="files", many="change", unknown="files in a place that it computes"),
    _K.FS_DELETE: _Form("delete", noun="files", unknown="files that it finds while running"),
    _K.FS_MODE: _Form("make", after=" executable", noun="files", tail=" executable", unknown="files that it finds executable"),
    _K.FS_SYMLINK: _Form("make", before="the link ", noun="links", unknown="links in a place that it computes"),
    _K.FS_SURFACE: _Form(
        "change", after=", which other tools run later", noun="files", tail=" that other tools run later",
        unknown="files that other tools run later",
    ),
    _K.ENV_READ: _Form("read", before="the variable ", noun="variables", unknown="variables by computed names"),
    _K.SECRET_READ: _Form("use", before="the secret ", noun="secrets", unknown="secrets by computed names"),
    _K.NET_CONNECT: _Form("connect", before="to ", noun="hosts", unknown="to a host that it computes"),
    _K.HTTP_GET: _Form("fetch", before="from ", noun="hosts", unknown="from a host that it computes"),
    _K.HTTP_POST: _Form("send", before="data to ", noun="hosts", unknown="data to a host that it computes"),
    _K.HTTP_DELETE: _Form("delete", before="at ", after=" (HTTP DELETE)", noun="hosts", unknown="at a host that it computes (HTTP DELETE)"),
    _K.TOOL_READ: _Form("ask", noun="tools", many="call", unknown="a tool whose name it computes"),
    _K.TOOL_WRITE: _Form("change", before="things through ", noun="tools", many="call", unknown="things through a tool that it computes"),
    _K.TOOL_DESTRUCTIVE: _Form(
        "destroy", before="things through ", noun="tools", many="call", unknown="things through a tool that it computes"
    ),
    _K.SQL_SELECT: _Form("read", before="the table ", noun="tables", unknown="tables by SQL that it builds while running"),
    _K.SQL_INSERT: _Form("add", before="rows to ", noun="tables", unknown="rows by SQL that it builds while running"),
    _K.SQL_UPDATE: _Form("change", before="rows in ", noun="tables", unknown="rows by SQL that it builds while running"),
    _K.SQL_DELETE: _Form("delete", before="rows in ", noun="tables", unknown="rows by SQL that it builds while running"),
    _K.SQL_DROP: _Form("drop", before="the table ", noun="tables", unknown="tables by SQL that it builds while running"),
    _K.PROC_EXEC: _Form("start", before="the program ", noun="programs", unknown="a program whose name it computes"),
    _K.IMPORT_UNKNOWN: _Form("use", before="the unknown module ", noun="unknown modules", unknown="an unknown module"),
    _K.OPAQUE: _Form("do", unknown="something that cannot be seen before it runs"),
    _K.COMPUTE: _Form("compute", unknown=""),
    _K.ANSWER: _Form("give", unknown="its output to the model"),
}  # fmt: skip
_SAME = {_K.HTTP_HEAD: _K.HTTP_GET, _K.HTTP_PUT: _K.HTTP_POST, _K.HTTP_PATCH: _K.HTTP_POST}
_QUIET = frozenset({_K.COMPUTE, _K.ANSWER})


def _letters(kind: Kind) -> str:
    if kind in _QUIET:
        return ""
    if kind in UNSEEN:
        return "?"
    names = {Class.DESTRUCTIVE: "D", Class.NETWORK: "N", Class.WRITE: "W", Class.READ: "R"}
    return "".join(one for cls, one in names.items() if cls in CLASSES[kind])


_LETTERS = {kind: _letters(kind) for kind in Kind}


def letters(effect: Effect) -> str:
    """The class letters of an effect, worst first; "" for computing and answering."""
    return _LETTERS[effect.kind]


def letter(effect: Effect) -> str:
    """The worst class letter of an effect: R for computing."""
    return (letters(effect) or "R")[0]


def strip(effects: Sequence[Effect]) -> str:
    """The class strip: RWND? with a dash for each class that does not occur among what is told."""
    found = {one for effect in telling(effects) for one in letters(effect)}
    return "".join(one if one in found else "-" for one in COLUMNS)


def telling(effects: Sequence[Effect]) -> tuple[Effect, ...]:
    """The effects worth telling, worst class first, and secrets first among what is read: not computing, answering, or the connection
    that a request needs anyway."""
    asked = {e.resource for e in effects if e.kind.startswith("http.")}
    kept = (e for e in effects if e.kind not in _QUIET and not (e.kind is Kind.NET_CONNECT and e.resource in asked))
    return tuple(sorted(kept, key=lambda e: (ORDER.index(letter(e)), e.kind is not Kind.SECRET_READ)))


def name(resource: Resource, facts: Facts) -> Visible:
    """A resource as people know it, safe to show; empty if it cannot be known."""
    text = resource.name
    if resource.type in (ResourceType.FILE, ResourceType.FOLDER):
        text = "" if text == "/" else shown(text, facts)
    elif resource.type is ResourceType.ENDPOINT:
        host, _, port = text.rpartition(":")
        text = host if port in ("443", "80") else text
    elif resource.type is ResourceType.TABLE:
        text = text.rpartition("/")[2]
    elif resource.type is ResourceType.DATABASE and (file := database_file(text)):
        text = shown(file, facts)
    elif resource.type is ResourceType.RUN:
        text = ""
    return visible(text)


def clauses(effects: Sequence[Effect], facts: Facts, *, bare: bool = False) -> tuple[Clause, ...]:
    """What a program does, same kinds joined, in the order D ? N W R. `bare`: as it follows "would"."""
    groups: dict[tuple[str, Kind, bool, bool], tuple[list[Effect], list[Visible]]] = {}
    for effect in telling(effects):
        named = _name(effect, facts)
        key = letter(effect), _SAME.get(effect.kind, effect.kind), bool(named.text), effect.tainted
        group, names = groups.setdefault(key, ([], []))
        group.append(effect)
        names.append(named)
    return tuple(
        Clause(letter=key[0], parts=_phrase(key[1], group, names, facts, bare=bare), effects=tuple(group))
        for key, (group, names) in groups.items()
    )


def headline(effects: Sequence[Effect], facts: Facts) -> str:
    """One sentence: at most three clauses, but always all that destroy, cannot be seen, use a secret or carry private data away; and how
    many more of which class."""
    parts = headline_parts(effects, facts)
    return "".join(text.text for text, _, _ in parts)


def headline_parts(effects: Sequence[Effect], facts: Facts) -> tuple[tuple[Visible, str, bool], ...]:
    """The headline in pieces: text, class letter ("" for what joins them), and whether it is a name."""
    told = clauses(effects, facts)
    if not told:
        return ((words("Only computes."), "", False),)
    kept = [clause for i, clause in enumerate(told) if i < MOST_CLAUSES or clause.grave]
    rest = [clause for clause in told if clause not in kept]
    out: list[tuple[Visible, str, bool]] = []
    for i, clause in enumerate(kept):
        if i:
            out.append((words(", "), "", False))
        out += [(text, clause.letter, named) for text, named in clause.parts]
    if rest:
        classes = [clause.letter for clause in rest]
        counts = ", ".join(f"{classes.count(one)} {one}" if classes.count(one) > 1 else one for one in dict.fromkeys(classes))
        out.append((words(f", and {len(rest)} more ({counts})"), "", False))
    first, *others = out
    capital = words(first[0].text[:1].upper() + first[0].text[1:])  # it begins with a verb of the table
    return ((capital, *first[1:]), *others, (words("."), "", False))


def would(effects: Sequence[Effect], facts: Facts) -> str:
    """The same for a narrow column headed "would": "delete files in data/raw, send data to hooks.example.net"."""
    return ", ".join(clause.text for clause in clauses(effects, facts, bare=True)) or "only compute"


def same_parts(effects: Sequence[Effect], facts: Facts) -> tuple[Part, ...]:
    """One effect in words, or some of one kind, in pieces."""
    return _phrase(_SAME.get(effects[0].kind, effects[0].kind), effects, [_name(e, facts) for e in effects], facts)


def effect_words(effect: Effect, facts: Facts) -> str:
    """One effect in words: "deletes files in data/raw"."""
    return "".join(text.text for text, _ in same_parts([effect], facts))


def verb(kind: Kind) -> str:
    """What a kind does, without to what: "delete", "send data to"."""
    form = _FORMS[_SAME.get(kind, kind)]
    said = (form.verb, form.before.partition("the ")[0].strip(), "" if form.after.startswith(",") else form.after.strip())
    return " ".join(filter(None, said))


def often(effect: Effect, *, ran: bool = False) -> str:
    """How often it happens, and what else the analysis knows: "in a loop; how many is not known before it runs"; "" if once.

    `ran`: it is told after the run, where "not known before it runs" would say nothing."""
    said = []
    if effect.loop is Loop.UNBOUNDED:
        said.append("in a loop" if ran else "in a loop; how many is not known before it runs")
    elif effect.loop is Loop.BOUNDED:
        said.append(f"in a loop, up to {effect.count:,} times" if effect.count and not ran else "in a loop")
    elif not effect.exact and effect.kind is not Kind.OPAQUE and not ran:
        said.append("which exactly is not known before it runs")
    if effect.tainted:
        said.append("carries what it read from a private place")
    return " · ".join(said)


def count(number: int, noun: str) -> str:
    """1 file, 2 files, no files; "person" becomes "people"."""
    if noun.endswith("person"):
        many = noun.removesuffix("person") + "people"
    else:
        many = noun[:-1] + "ies" if noun.endswith("y") and noun[-2] not in "aeiou" else noun + "s"
    return f"1 {noun}" if number == 1 else f"{number:,} {many}" if number else f"no {many}"


_CHANGED = {EntryKind.CREATED: "added", EntryKind.SYMLINK: "added", EntryKind.DELETED: "deleted"}


def changed(kinds: Iterable[EntryKind]) -> str:
    """What became of the paths that a run touched: "8 paths deleted", "3 paths: 1 added, 2 changed"."""
    did = [_CHANGED.get(kind, "changed") for kind in kinds]
    told = [(did.count(one), one) for one in ("added", "changed", "deleted") if one in did]
    if len(told) == 1:
        return f"{count(len(did), 'path')} {told[0][1]}"
    return f"{count(len(did), 'path')}{': ' if told else ' changed'}{', '.join(f'{many:,} {one}' for many, one in told)}"


# ------------------------------------------------------------------------------------------------------------------- phrases


def _phrase(kind: Kind, effects: Sequence[Effect], named: Sequence[Visible], facts: Facts, *, bare: bool = False) -> tuple[Part, ...]:
    form = _FORMS[kind]
    told = _emptied(effects, facts) if kind is Kind.FS_DELETE else ()
    if kind is Kind.FS_DELETE:
        form = replace(form, noun=f"{lost(effects)[1]}s")
    form = _private(form) if any(e.tainted for e in effects) else form
    names = list({one.text: one for one in named if one.text}.values())
    mood = Mood.WOULD if bare else Mood.DOES if any(e.certain for e in effects) else Mood.MAY
    if kind is Kind.COMPUTE:
        return (_said("only computes"),)
    many = len(names) > MOST_NAMES or (len(names) > 1 and bool(form.after))
    verb = _verb(form.many if many and form.many else form.verb, mood) + " "
    if not names:
        return (_said(verb + form.unknown),)
    if told:
        return (_said(verb), *told)
    if not many:
        inside = "files in " if _inside(effects[0], kind) else "the folder " if _whole(effects[0], kind) else ""
        return (_said(verb + inside + form.before), *_list(names), *_tail(form.after))
    before = form.before if form.noun == "hosts" else ""
    if where := _common(effects, [n.text for n in names]):
        return (_said(f"{verb}{before}{len(names)} {form.noun} in "), (words(where), True), *_tail(form.tail))
    if form.noun == "hosts":
        return (
            _said(f"{verb}{before}{len(names)} hosts: "),
            (names[0], True),
            _said(", "),
            (names[1], True),
            _said(f" and {len(names) - 2} more{form.tail}"),
        )
    return (_said(f"{verb}{before}{len(names)} {form.noun}{form.tail}"),)


def _private(form: _Form) -> _Form:
    """The same where a secret or a private file flows into it."""
    if form.before.startswith("data "):
        return replace(form, before=f"private {form.before}", unknown=f"private {form.unknown}")
    if form is _FORMS[_K.HTTP_GET]:  # whatever comes back, something goes out
        return _private(_FORMS[_K.HTTP_POST])
    after, tail, unknown = (f"{text} with private data" for text in (form.after, form.tail, form.unknown))
    return replace(form, after=after, tail=tail, unknown=unknown)


def outermost(effects: Sequence[Effect]) -> tuple[Effect, ...]:
    """Those of some deletions that are not part of another: what lies in a folder that is deleted whole goes with it."""
    folders = [e.resource.name for e in effects if _whole(e, Kind.FS_DELETE)]
    return tuple(e for e in effects if not any(e.resource.name.startswith(f"{one}/") for one in folders))


def lost(effects: Sequence[Effect]) -> tuple[Sequence[Effect], str]:
    """What of some deletions is counted, and as what: folders that go whole, with what lies in them; else all of them, one by one."""
    if all(e.kind.value.startswith("sql.") for e in effects):
        return effects, "table"
    if not all(e.kind.value.startswith("fs.") for e in effects):
        return effects, "thing"
    roots = outermost(effects)
    whole = [_whole(e, Kind.FS_DELETE) for e in roots]
    return (roots, "folder") if all(whole) else (effects, "path" if any(whole) else "file")


def _emptied(effects: Sequence[Effect], facts: Facts) -> tuple[Part, ...]:
    """Whole folders and how many files in them, if that is all that is deleted."""
    roots = outermost(effects)
    if not all(_whole(e, Kind.FS_DELETE) for e in roots):
        return ()
    named = list(dict.fromkeys(name(e.resource, facts) for e in roots))
    files = {e.resource.name for e in effects if e.resource.type is ResourceType.FILE}
    inside = f" and {count(len(files), 'file')} in {'it' if len(named) == 1 else 'them'}" if files else ""
    if len(named) > MOST_NAMES:
        where = _common(roots, [one.text for one in named])
        return (_said(f"{len(named)} folders{' in ' * bool(where)}"), (words(where), True), *_tail(inside))
    return (_said("the folder " if len(named) == 1 else "the folders "), *_list(named), *_tail(inside))


def _said(text: str) -> Part:
    return words(text), False


def _tail(text: str) -> tuple[Part, ...]:
    return (_said(text),) if text else ()


def _name(effect: Effect, facts: Facts) -> Visible:
    return words("") if effect.kind is Kind.OPAQUE else name(effect.resource, facts)


def _inside(effect: Effect, kind: Kind) -> bool:
    """Whether what is acted on are files somewhere in the named folder."""
    return effect.resource.type is ResourceType.FOLDER and not effect.exact and kind is not Kind.FS_LIST


def _whole(effect: Effect, kind: Kind) -> bool:
    return effect.kind is kind and effect.resource.type is ResourceType.FOLDER and effect.exact and kind in (Kind.FS_DELETE, Kind.FS_CREATE)


def _list(names: Sequence[Visible]) -> list[Part]:
    out: list[Part] = [(names[0], True)]
    for i, one in enumerate(names[1:], 2):
        out += [_said(" and " if i == len(names) else ", "), (one, True)]
    return out


def _common(effects: Sequence[Effect], names: Sequence[str]) -> str:
    """The nearest common folder or domain; "" if there is none worth naming."""
    if effects[0].resource.type in (ResourceType.FILE, ResourceType.FOLDER):
        if any(one.startswith("/") for one in names):
            return ""
        return posixpath.commonpath([posixpath.dirname(one) for one in names]) or "the workspace"
    if effects[0].resource.type is ResourceType.ENDPOINT:
        parts = [one.split(":")[0].split(".")[::-1] for one in names]
        same = [column[0] for column in zip(*parts, strict=False) if len(set(column)) == 1]
        return ".".join(reversed(same)) if len(same) > 1 else ""
    return ""


def _verb(base: str, mood: Mood) -> str:
    if mood is not Mood.DOES:
        return "may " + base if mood is Mood.MAY else base
    third = {"do": "does", "fetch": "fetches"}
    return " or ".join(third.get(one, one + "s") for one in base.split(" or "))
