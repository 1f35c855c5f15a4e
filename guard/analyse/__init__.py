"""Submission -> Analysis: what could this program do?

Pure and total: no files, no clock, no network, and no exception on hostile code; what cannot be known is an `opaque` effect with one
sentence for a person. Every language is one row in `ANALYSERS`; a language without a row is opaque. Run it through `guard.analyst`,
which holds it in a resource-limited process with a deadline: a native crash or an endless loop there is an opaque analysis too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from typing import cast

from guard.analyse import session, targets
from guard.model import ANSWER, RUN, Analysis, Effect, Facts, Kind, Resource, ResourceType

MAX_BYTES = 256 * 1024
"""Longer programs are opaque."""

COMPUTE = Effect(kind=Kind.COMPUTE, resource=RUN, rule="compute", note="only computes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What one program does, what it imports, and the modules of the workspace that were read with it: (path, sha256 of the text)."""

    effects: tuple[Effect, ...]
    imports: tuple[str, ...] = ()
    modules: tuple[tuple[str, str], ...] = ()


Analyser = Callable[[str, Facts, int, str], tuple[Effect, ...]]
"""(code, facts, depth of nesting, argument) -> effects, without `compute` and `answer`."""

ANALYSERS = {
    "python": "guard.analyse.python",
    "javascript": "guard.analyse.javascript",
    "typescript": "guard.analyse.javascript.typescript",
    "shell": "guard.analyse.shell",
    "sql": "guard.analyse.sql",
}
"""Language -> module with an `analyse` of type Analyser; imported at first use (grammars are slow to load)."""

ALIASES = {"py": "python", "python3": "python", "js": "javascript", "ts": "typescript", "tsx": "typescript", "bash": "shell", "sh": "shell"}


def analyser_for(language: str) -> Analyser | None:
    """The analyser of a language, or None if guard has none."""
    name = ALIASES.get(language.lower(), language.lower())
    if name not in ANALYSERS:
        return None
    try:
        return cast(Analyser, import_module(ANALYSERS[name]).analyse)
    except ModuleNotFoundError:
        return None  # a grammar that is not installed: then the language is opaque


def analyse(language: str, code: str, facts: Facts) -> Analysis:
    """What `code` could do. Total: never raises on any text, and what cannot be known is an effect of kind `opaque`."""
    name = ALIASES.get(language.lower(), language.lower())
    imports: tuple[str, ...] = ()
    modules: tuple[tuple[str, str], ...] = ()
    try:
        effects, imports, modules = _effects(name, code, facts)
    except (RecursionError, MemoryError):
        effects = (_opaque("is too large or too nested to be analysed"),)
    return composed(name, targets.overridden(code, effects), facts, imports=imports, modules=modules)


def composed(
    language: str, effects: tuple[Effect, ...], facts: Facts, *, imports: tuple[str, ...] = (), modules: tuple[tuple[str, str], ...] = ()
) -> Analysis:
    """The analysis with these effects, however they are known: without repetitions, with `compute` and `answer`."""
    if facts.server:
        effects = tuple(_within(effect, facts.server) for effect in effects)
    unique = _deduplicated(effects) or (COMPUTE,)
    everything = (*unique, ANSWER)
    return Analysis(language=language, effects=everything, imports=imports, modules=modules)


def _within(effect: Effect, server: str) -> Effect:
    """The effect with its tool in the wrapped server. A program names the servers behind that one as it likes: "zones/list" said to the
    server
    "hub" is the tool "hub/zones.list", and no policy for a wrapped server "zones" speaks of it."""
    inner, slash, tool = effect.resource.name.partition("/")
    if effect.resource.type is not ResourceType.TOOL or not slash or inner == server:
        return effect
    return replace(effect, resource=Resource(type=ResourceType.TOOL, name=f"{server}/{inner}.{tool}"))


def unfinished(language: str, why: str) -> Analysis:
    """The analysis of a program whose analysis did not end well: opaque, and its note says why."""
    return Analysis(language=ALIASES.get(language.lower(), language.lower()), effects=(_opaque(why), ANSWER))


def _effects(language: str, code: str, facts: Facts) -> tuple[tuple[Effect, ...], tuple[str, ...], tuple[tuple[str, str], ...]]:
    before, read = 0, not facts.earlier or language == "python"
    if facts.earlier and read:
        code, before = session.joined(facts.earlier, code)
    try:
        size = len(code.encode())
    except UnicodeEncodeError:
        return (_opaque("holds a lone surrogate, which is not valid text"),), (), ()
    if size > MAX_BYTES:
        return (_opaque(f"is {size:,} bytes long; more than {MAX_BYTES:,} are not analysed"),), (), ()
    analyser = analyser_for(language)
    if analyser is None:
        return (_opaque(f"is written in {language[:40]!r}, which guard cannot analyse"),), (), ()
    examine = getattr(import_module(ANALYSERS[language]), "examine", None)
    if examine is None:
        effects, imports, modules = analyser(code, facts, 0, ""), (), ()
    else:
        found = examine(code, facts)
        effects, imports, modules = found.effects, found.imports, found.modules
    if not facts.earlier:
        return effects, imports, modules
    digests = tuple(
        (f"{session.EARLIER}{number}", hashlib.sha256(text.encode()).hexdigest()) for number, text in enumerate(facts.earlier, 1)
    )
    if not read:  # where a program may have stopped, and what an unfinished one swallows, is known of Python alone
        return (*effects, _opaque("may use what earlier programs of its session left, which is read in Python only")), imports, digests
    return session.of_last(effects, code, before), imports, (*modules, *digests)


def _opaque(note: str) -> Effect:
    return Effect(kind=Kind.OPAQUE, resource=RUN, exact=False, certain=False, rule="unreadable", note=note)


def _deduplicated(effects: tuple[Effect, ...]) -> tuple[Effect, ...]:
    """Without repetitions of the same effect at the same place, and without `compute` and `answer`, which are added at the end."""
    return tuple(dict.fromkeys(effect for effect in effects if effect.kind not in (Kind.COMPUTE, Kind.ANSWER)))
