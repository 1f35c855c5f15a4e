"""Modules that a program imports: known ones do nothing by themselves; a workspace module is analysed with it; the rest is unknown code."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from guard.analyse import embedded, targets
from guard.analyse.javascript import library
from guard.analyse.javascript.scope import Program, name_of, string_text
from guard.analyse.javascript.syntax import Node
from guard.model import RUN, Effect, Facts, Kind, Span

ENDINGS = ("", ".js", ".mjs", ".cjs", ".ts", ".mts", ".tsx", ".jsx", "/index.js", "/index.ts")
TYPED = (".ts", ".mts", ".cts", ".tsx")


def effects(specifier: str, span: Span, facts: Facts, depth: int) -> Iterable[Effect]:
    """What importing `specifier` does."""
    if library.module(specifier) != "unknown":
        return
    if specifier.endswith((".json", ".css")) and specifier.startswith("."):
        return
    if specifier.startswith(("http:", "https:")):
        resource, exact = targets.url_target(specifier, complete=True)
        yield Effect(kind=Kind.HTTP_GET, resource=resource, exact=exact, span=span, rule="js-import", note=f"loads code from {specifier}")
    if specifier.startswith("."):
        found = workspace_module(specifier, facts)
        if found is not None:
            language = "typescript" if found[0].endswith(TYPED) else "javascript"
            yield from embedded.effects_of(language, found[1], facts, at=span, depth=depth)
            return
    yield Effect(kind=Kind.IMPORT_UNKNOWN, resource=RUN, exact=False, span=span, rule="js-import", note=f"imports {specifier or 'something'}, which is not known")


def workspace_module(specifier: str, facts: Facts) -> tuple[str, str] | None:
    """(path, text) of a relative import among the modules that the edge found in the workspace."""
    path = posixpath.normpath(specifier)
    texts = dict(facts.modules)
    for ending in ENDINGS:
        if path + ending in texts:
            return path + ending, texts[path + ending]
    return None


def specifier_of(program: Program, node: Node, *, typed: bool) -> str | None:
    """What an import or re-export loads, or None if nothing is loaded at run time (`import type`, or TypeScript names never used)."""
    source = node.field("source")
    if source is None:
        clauses = [kid for kid in node.kids if kid.type == "import_require_clause"]
        source = clauses[0].field("source") if clauses else None
    if source is None:
        return None
    head = program.tree.source[node.start : node.start + 20].split()
    if len(head) > 1 and head[0] in (b"import", b"export") and head[1] == b"type":
        return None
    if typed and node.type == "import_statement" and _only_types(program, node):
        return None
    return string_text(program.tree, source)


def _only_types(program: Program, node: Node) -> bool:
    """TypeScript leaves out an import whose names are never used as values."""
    clauses = [kid for kid in node.kids if kid.type == "import_clause"]
    names = [kid for clause in clauses for kid in _names(clause)]
    if not names:
        return False
    for name in names:
        mentions = program.identifiers.get(name_of(program.tree, name), [])
        if any(not (node.start <= mention.start < node.end) for mention in mentions):
            return False
    return True


def _names(clause: Node) -> Iterable[Node]:
    for item in clause.kids:
        if item.type == "named_imports":
            for specifier in item.kids:
                name = specifier.field("alias") or specifier.field("name")
                if name is not None:
                    yield name
        elif item.type == "namespace_import":
            yield from item.kids[-1:]
        else:
            yield item
