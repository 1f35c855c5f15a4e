"""A Python program of a session: the server keeps what earlier programs defined, so they are read together.

The texts are joined and analysed as one. What the last one does counts; of the earlier ones what their functions and classes would do,
which the last one may call, and whatever makes the session unknowable. What they did at top level happened before.

Deliberately absent: which programs a session holds (`guard.upstream` knows).
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from guard.model import Effect, Kind

EARLIER = "earlier program "
"""What the digests of earlier programs are named by in an analysis, with a number from 1."""
_LASTING = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_UNKNOWABLE = (Kind.OPAQUE, Kind.IMPORT_UNKNOWN)


def joined(earlier: Sequence[str], code: str) -> tuple[str, int]:
    """The text of the whole session, and how many lines stand before the last program."""
    before = "".join(f"{text}\n" for text in earlier)
    return before + code, len(before.splitlines())


def of_last(effects: Iterable[Effect], text: str, before: int) -> tuple[Effect, ...]:
    """The effects of the last program of a session: `before` lines of the text are not its own."""
    lasting = _lasting(text)
    kept = []
    for effect in effects:
        span = effect.span
        if span is None:
            kept.append(effect)
        elif span.line > before:
            kept.append(replace(effect, span=replace(span, line=span.line - before, end_line=span.end_line - before)))
        elif lasting is None or effect.kind in _UNKNOWABLE or any(start <= span.line <= end for start, end in lasting):
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


def _lasting(text: str) -> tuple[tuple[int, int], ...] | None:
    """The lines of what can be called later; None where that cannot be told: then every line can."""
    try:
        return tuple(_bodies(ast.parse(text)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _bodies(tree: ast.AST) -> Iterator[tuple[int, int]]:
    for node in ast.walk(tree):
        if isinstance(node, _LASTING):
            yield node.lineno, node.end_lineno or node.lineno
