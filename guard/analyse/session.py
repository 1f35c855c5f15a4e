"""A Python program of a session: the server keeps what earlier programs defined, so they are read together.

The texts are joined and analysed as one. What the last one does counts; of the earlier ones what they left behind that the last one may
set off (functions, classes, generators, lazy calls such as `map`, files kept open for writing), and whatever makes the session unknowable.
What else they did at top level happened before.

Deliberately absent: which programs a session holds (`guard.upstream` knows).
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeGuard

from guard.model import Effect, Kind, Span

EARLIER = "earlier program "
"""What the digests of earlier programs are named by in an analysis, with a number from 1."""
_LASTING = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.GeneratorExp)
_LAZY = frozenset({"map", "filter", "iter", "accumulate", "dropwhile", "filterfalse", "groupby", "starmap", "takewhile"})
"""Builtins and itertools whose call does nothing until somebody asks for what it yields."""
_UNKNOWABLE = (Kind.OPAQUE, Kind.IMPORT_UNKNOWN)
_WRITES = (Kind.FS_WRITE, Kind.FS_CREATE, Kind.FS_SURFACE)


def joined(earlier: Sequence[str], code: str) -> tuple[str, int]:
    """The text of the whole session, and how many lines stand before the last program."""
    before = "".join(f"{text}\n" for text in earlier)
    return before + code, len(before.splitlines())


def of_last(effects: Iterable[Effect], text: str, before: int) -> tuple[Effect, ...]:
    """The effects of the last program of a session: `before` lines of the text are not its own."""
    lasting, kept = _lasting(text), []
    for effect in effects:
        span = effect.span
        if span is None:
            kept.append(effect)
        elif span.line > before:
            kept.append(replace(effect, span=replace(span, line=span.line - before, end_line=span.end_line - before)))
        elif lasting is None or effect.kind in _UNKNOWABLE or lasting.holds(effect.kind, span):
            kept.append(replace(effect, span=None, note=f"in an earlier program of this session: {effect.note}"))
    return tuple(kept)


def interrupted(tree: ast.Module, earlier: Sequence[str]) -> ast.Module:
    """The tree of a whole Python session, with each earlier program as one that may have stopped anywhere: the server told of an error,
    kept what was defined by then, and went on with the next program. Raises SyntaxError for one that cannot be read by itself: what
    follows is not read as the server reads it then."""
    body, rest, line = list[ast.stmt](), list(tree.body), 0
    for text in earlier:
        ast.parse(text)
        line += len(f"{text}\n".splitlines())
        mine = [one for one in rest if one.lineno <= line]
        rest = rest[len(mine) :]
        if mine:
            caught = ast.ExceptHandler(type=None, name=None, body=[ast.copy_location(ast.Pass(), mine[-1])])
            body.append(ast.copy_location(ast.Try(body=mine, handlers=[caught], orelse=[], finalbody=[]), mine[0]))
    return ast.Module(body=[*body, *rest], type_ignores=[])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lasting:
    """What can still act after its program has ended."""

    lines: tuple[tuple[int, int], ...]
    """Of what can be called, or asked for more, later."""
    dropped: frozenset[Span]
    """Calls whose value nobody kept: a statement of its own, or what a `with` opened and closed."""

    def holds(self, kind: Kind, span: Span) -> bool:
        keeps = kind in _WRITES and span not in self.dropped
        return keeps or any(start <= span.line <= end for start, end in self.lines)


def _lasting(text: str) -> _Lasting | None:
    """What lasts; None where that cannot be told: then everything does."""
    try:
        nodes = tuple(ast.walk(ast.parse(text)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    lines = tuple((node.lineno, node.end_lineno or node.lineno) for node in nodes if isinstance(node, _LASTING) or _is_lazy(node))
    values = (
        node.value if isinstance(node, ast.Expr) else node.context_expr for node in nodes if isinstance(node, ast.Expr | ast.withitem)
    )
    return _Lasting(lines=lines, dropped=frozenset(_span(call) for value in values for call in _chain(value)))


def _chain(value: ast.expr) -> Iterator[ast.expr]:
    """An expression and what it is a method of, and so on: `open(…).write(…)` keeps neither."""
    yield value
    while isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        yield (value := value.func.value)


def _is_lazy(node: ast.AST) -> TypeGuard[ast.Call]:
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""
    return name in _LAZY


def _span(node: ast.expr) -> Span:
    return Span(line=node.lineno, column=node.col_offset, end_line=node.end_lineno or 0, end_column=node.end_col_offset or 0)
