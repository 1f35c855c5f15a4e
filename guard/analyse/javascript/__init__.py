"""JavaScript -> effects: parse with tree-sitter, resolve names and values, then one pass over all nodes.

Order: `syntax` (text -> tree), `wrapper` (the server's form), `declarations` (who declares what, in `scope`; with `storing`), `evaluate`
(what can it be: `values` worked out by a `fixpoint`, of `literals`, `names`, `parameters` (with `reach` and `piping`) and `calls`, with
`aliases`, `instances`, `growth`, `fold`, `arrays`, `maps` and `globs`), `walk` (what happens, told to a `report`) with `handing` (what goes
where), `sought` (which of the files that are found, with `wanted`) and `spoken` (what of a path the program says). The knowledge is in
`tables` and `packages` (with `databases` and `browsers`; looked up by `library`), the effects of calls in `sinks`, of a wrapped server's
tools in `tools`, of modules in `imports`, and what cannot be known in `dynamic`, `patching`, `dom` (with `jquery`) and `undeclared`.
"""

from __future__ import annotations

from dataclasses import dataclass

from guard.analyse import Examined
from guard.analyse.javascript import dynamic, library, parameters, syntax, wrapper
from guard.analyse.javascript.declarations import program_of
from guard.analyse.javascript.evaluate import Evaluator
from guard.analyse.javascript.imports import Modules
from guard.analyse.javascript.syntax import Node
from guard.analyse.javascript.tables import names
from guard.analyse.javascript.values import Ref, Text
from guard.analyse.javascript.walk import Walk
from guard.analyse.profile import Form, Profile, Style, profile_of
from guard.model import RUN, Effect, Facts, Kind, Span

AMBIGUOUS = names(
    """
    open test it describe expect prompt confirm alert bench $ jest vi assert module exports before after browser location document
    axios chrome postMessage caches name addEventListener removeEventListener dispatchEvent
    """
)
"""Global names that a server which injects its tools by bare name may well use for a tool."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """Grammars to try in order; `typed`: imports used only as types are left out."""

    grammars: tuple[str, ...]
    typed: bool


SCRIPT = Dialect(grammars=("javascript", "typescript", "tsx"), typed=False)
TYPED = Dialect(grammars=("typescript", "tsx", "javascript"), typed=True)


def analyse(code: str, facts: Facts, depth: int = 0, argument: str = "") -> tuple[Effect, ...]:
    """The effects of a JavaScript program. `argument`: the name of the wrapped server, for the resources of its tools."""
    return analyse_with(code, facts, depth, argument, SCRIPT)


def examine(code: str, facts: Facts) -> Examined:
    """The effects of a program of our box, with the modules of the workspace that it imports."""
    return examine_with(code, facts, SCRIPT)


def examine_with(code: str, facts: Facts, dialect: Dialect) -> Examined:
    modules = Modules(facts, _module) if facts.workspace and not facts.profile else None
    effects = analyse_with(code, facts, 0, "", dialect, modules=modules)
    if modules is None:
        return Examined(effects=effects)
    return Examined(effects=effects, imports=tuple(modules.asked), modules=tuple(sorted(modules.read.items())))


def _module(text: str, path: str, modules: Modules) -> tuple[Effect, ...]:
    """The effects of a module of the workspace, which others call as they like."""
    dialect = TYPED if path.endswith((".ts", ".mts", ".tsx")) else SCRIPT
    return analyse_with(text, modules.facts, 0, "", dialect, modules=modules, importer=path)


def analyse_with(
    code: str, facts: Facts, depth: int, server: str, dialect: Dialect, *, modules: Modules | None = None, importer: str = ""
) -> tuple[Effect, ...]:
    """The effects of a program in the first grammar of the dialect that takes it, or of the module of the workspace `importer`."""
    whole = Span(line=1, column=0, end_line=1, end_column=0)
    if len(code) > syntax.MAX_BYTES:
        return (_opaque(whole, "js-too-large", "is too large to analyse"),)
    profile = profile_of(facts) if facts.profile and not depth else None
    if facts.profile and not depth and profile is None:
        return (_opaque(whole, "js-profile", f"is for a server whose profile {facts.profile!r} is not known"),)
    form = profile.form if profile is not None else None
    text = code if importer else wrapper.code_of(code, form)
    tree = syntax.parse(text, dialect.grammars)
    if tree is None:
        return (_opaque(whole, "js-syntax", "does not parse in reasonable time"),)
    if not tree.whole:
        return (_opaque(whole, "js-too-large", "is too large to analyse"),)
    if not (importer or depth or facts.server or facts.profile):  # the box runs it as a module
        syntax.await_always(tree)
    effects: list[Effect] = []
    if tree.errors:
        effects.append(_opaque(tree.span(tree.errors[0]), "js-syntax", "does not parse here, so what would run cannot be known"))
    why = wrapper.mismatch(tree, form)
    if why:
        effects.append(_opaque(tree.span(tree.root), "js-form", why))
    program = program_of(tree)
    evaluator = Evaluator(
        program,
        lambda name: _root(profile, name),
        lambda function, at: _client(profile, evaluator, function, at),
        _folder(facts),
        is_module=bool(importer),
    )
    walk = Walk(
        evaluator,
        facts,
        depth,
        profile=profile,
        server=server or facts.server or facts.profile,
        typed=dialect.typed,
        modules=modules,
        importer=importer,
    )
    dynamic.check_text(walk, text)
    effects.extend(walk.run())
    if evaluator.gave_up:
        effects.append(_opaque(tree.span(tree.root), "js-too-deep", evaluator.gave_up))
    return tuple(dict.fromkeys(effects))


def _opaque(span: Span, rule: str, note: str) -> Effect:
    return Effect(kind=Kind.OPAQUE, resource=RUN, exact=False, span=span, rule=rule, note=note)


def _folder(facts: Facts) -> str:
    """Where the program's own file lies, and where it runs."""
    return facts.mount if facts.workspace else "/workspace"


def _root(profile: Profile | None, name: str) -> Ref | Text | None:
    """The reference of a name that the server injects, or its value."""
    if profile is None:
        return None
    for sink in profile.sinks:
        if sink.name.split(".")[0] == name and not (sink.style is Style.CLIENT and profile.form is Form.RUN):
            return Text((sink.value,)) if sink.style is Style.DATA and sink.value else Ref("%" + name)
    if any(sink.name == "*" for sink in profile.sinks) and (not library.is_global(name) or name in AMBIGUOUS) and name not in _LANGUAGE:
        return Ref("%" + name)
    return None


_LANGUAGE = frozenset({"undefined", "arguments", "NaN", "Infinity", "globalThis", "window", "global", "self", "__dirname", "__filename"})


def _client(profile: Profile | None, evaluator: Evaluator, function: Node, at: int) -> Ref | None:
    """A parameter in which the server hands its client to a function that it calls: the first of `run`, or any where nobody knows."""
    if profile is None or not any(s.style is Style.CLIENT for s in profile.sinks):
        return None
    if profile.form is Form.UNKNOWN:
        return Ref("%client") if parameters.called_from_outside(evaluator, function) else None
    return Ref("%client") if profile.form is Form.RUN and at == 0 and wrapper.is_run(evaluator.program.tree, function) else None
