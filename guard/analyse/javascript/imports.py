"""Modules that a program imports: known ones do nothing by themselves, the rest is unknown code.

So is a module of the workspace: it is not in the box's import path, and could be swapped after an approval.
"""

from __future__ import annotations

from collections.abc import Iterable

from guard import places
from guard.analyse import targets
from guard.analyse.javascript import library
from guard.analyse.javascript.scope import Program, name_of, string_text
from guard.analyse.javascript.syntax import Node
from guard.model import RUN, Effect, Facts, Kind, Span


def effects(specifier: str, span: Span, facts: Facts) -> Iterable[Effect]:
    """What importing `specifier` does."""
    if library.module(specifier) != "unknown":
        return
    if specifier.endswith(".json") and specifier.startswith(("./", "../", "/")):
        yield Effect(kind=Kind.FS_READ, resource=places.file(specifier, facts), span=span, rule="js-import", note=f"reads {specifier}")
        return
    if specifier.startswith(("http:", "https:")):
        resource, exact = targets.url_target(specifier, complete=True)
        yield Effect(kind=Kind.HTTP_GET, resource=resource, exact=exact, span=span, rule="js-import", note=f"loads code from {specifier}")
    yield Effect(
        kind=Kind.IMPORT_UNKNOWN,
        resource=RUN,
        exact=False,
        span=span,
        rule="js-import",
        note=f"imports {specifier or 'something'}, which is not known",
    )


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
