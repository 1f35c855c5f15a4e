"""Modules that a program imports: known ones do nothing by themselves, those of the workspace are analysed with it, the rest is unknown
code.

The box looks for what is imported beside the program in the workspace (`guard.sandbox.language`). Only an exact path with an ending that
says what it is, is taken: nothing is tried out, as Deno tries nothing.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from guard import path_rules
from guard.analyse import targets
from guard.analyse.javascript import library
from guard.analyse.javascript.literals import name_of, string_text
from guard.analyse.javascript.scope import Program
from guard.analyse.javascript.syntax import Node
from guard.model import RUN, Effect, Facts, Kind, Span

_PLAIN = re.compile(r"[\w./@+ -]+")
"""What means the same in a URL and in a path."""
_AS_DATA = re.compile(rb"""\s*with\s*\{\s*(?:type|"type"|'type')\s*:\s*(["'])(?:text|bytes)\1\s*,?\s*\}\s*;?\s*""")
_DATA = (".txt", ".md", ".csv", ".tsv", ".html", ".css", ".svg", ".xml", ".yaml", ".yml", ".sql", ".bin", ".png", ".jpg", ".gif", ".pdf")
ENDINGS = (".js", ".mjs", ".ts", ".mts", ".tsx", ".jsx")


@dataclass(slots=True)
class Modules:
    """The modules of the workspace that one program takes in. `analyse`: (text, path, these) -> its effects as a module."""

    facts: Facts
    analyse: Callable[[str, str, Modules], tuple[Effect, ...]]
    asked: dict[str, None] = field(default_factory=dict)
    """Paths relative to the workspace ("./a.js") that the edge is to look for."""
    read: dict[str, str] = field(default_factory=dict)
    """Path -> sha256 of the text that was analysed."""

    def path(self, specifier: str, importer: str) -> str | None:
        """The path relative to the workspace that a specifier means in the module `importer`; None if it does not lie there."""
        name = specifier.removeprefix("file://")
        for root in filter(None, (self.facts.mount, self.facts.workspace)):
            if name.startswith(root + "/"):
                name, importer = "./" + name[len(root) + 1 :], ""
        if not _PLAIN.fullmatch(name) or not name.startswith(("./", "../")):
            return None
        path = posixpath.normpath(posixpath.join(posixpath.dirname(importer), name))
        return None if path.startswith(("../", "/")) or path in (".", "..") else path

    def effects(self, path: str, span: Span) -> Iterable[Effect] | None:
        """What importing a path of the workspace does; None if no such module is known."""
        if not path.endswith(ENDINGS):
            return None
        self.asked[f"./{path}"] = None
        text = dict(self.facts.modules).get(path)
        if text is None:
            return None
        if path in self.read:
            return ()
        self.read[path] = hashlib.sha256(text.encode()).hexdigest()
        return [replace(effect, span=span, note=f"{path}: {effect.note}"[:300]) for effect in self.analyse(text, path, self)]


def effects(specifier: str, span: Span, facts: Facts, *, modules: Modules | None, importer: str, as_data: bool = False) -> Iterable[Effect]:
    """What importing `specifier` does in the program (`importer` is ""), or in the module of the workspace with the path `importer`.

    `as_data`: it is taken as text or bytes, and not run. What the end of a specifier says of a file counts in a plain one alone: a query
    or a fragment is no part of the file's name, and an escape leads elsewhere."""
    if library.module(specifier) != "unknown":
        return
    path = modules.path(specifier, importer) if modules is not None else None
    if (specifier.endswith(".json") or as_data) and specifier.startswith(("./", "../", "/")) and _PLAIN.fullmatch(specifier):
        resource = path_rules.file(path or specifier, facts)
        secret = path_rules.is_secret(resource.name, facts)
        kind, note = (Kind.SECRET_READ, ", which holds secrets") if secret else (Kind.FS_READ, "")
        yield Effect(kind=kind, resource=resource, span=span, rule="js-import", note=f"reads {specifier}{note}")
        return
    known = modules.effects(path, span) if modules is not None and path is not None else None
    if known is not None:
        yield from known
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


def is_data(program: Program, node: Node) -> bool:
    """`import x from "./notes.md" with { type: "text" }`: of no file that a runtime without such imports would run as code."""
    source = node.field("source")
    written = program.tree.source[source.end : node.end] if source is not None else b""
    return _AS_DATA.fullmatch(written) is not None and source is not None and string_text(program.tree, source).endswith(_DATA)


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
