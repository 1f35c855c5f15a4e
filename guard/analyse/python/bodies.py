"""What is in the body of a request -> whether that only reads: a GraphQL query goes out as POST, and changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator

from guard.analyse import graphql
from guard.analyse.python.values import UNKNOWN, Args, Const, Dict, Seq, Value, known_text, options, parts_of
from guard.model import Kind

_NAMES = ("json", "data", "content", "body")


_ELSEWHERE = ("params", "files")
"""Arguments that say more than the body."""


def sent(kind: Kind, args: Args, url: Value | None, base: Value | None = None) -> Kind:
    """The kind of a request with these arguments: a POST to a place that answers GraphQL, of which every body is a query, reads."""
    if kind is not Kind.HTTP_POST or args.more or any(name in args.named for name in _ELSEWHERE) or not _speaks(url, base):
        return kind
    bodies = [value for value in args.positional[1:] if isinstance(value, (Dict, Seq)) or "query" in (known_text(value) or "")]
    bodies += [args.named[name] for name in _NAMES if name in args.named]
    kinds = {document_kind(document) for body in bodies for document in _documents(body)}
    return Kind.HTTP_GET if kinds == {Kind.HTTP_GET} else kind


def _speaks(url: Value | None, base: Value | None) -> bool:
    first = [_shown(one) for one in options(base)] if base is not None else [""]
    return url is not None and all(graphql.speaks(start + _shown(one)) for start in first for one in options(url))


def _shown(value: Value) -> str:
    return "".join(part or "" for part in _text(value))


def document_kind(document: Value | None) -> Kind:
    """The kind of sending a GraphQL document; one that cannot be told writes."""
    kinds = {graphql.kind(_text(option)) for option in options(document if document is not None else UNKNOWN)}
    return Kind.HTTP_GET if kinds == {Kind.HTTP_GET} else Kind.HTTP_POST


def _text(value: Value) -> tuple[str | None, ...]:
    known = known_text(value)
    return (known,) if known is not None else parts_of(value)


def _documents(body: Value) -> Iterator[Value]:
    """The GraphQL documents in a body: of one request, or of a list of them."""
    for option in options(body):
        if isinstance(option, Dict):
            document = option.items.get("query", UNKNOWN)
            yield document if not option.rest and graphql.plain(option.items, _text(document)) else UNKNOWN
        elif isinstance(option, Seq) and option.items and option.exact:
            for item in option.items:
                yield from _documents(item) if isinstance(item, Dict) else (UNKNOWN,)
        else:
            yield _in_json(known_text(option))


def _in_json(body: str | None) -> Value:
    """The document in a body that is written down as JSON."""
    try:
        found = json.loads(body or "")
    except (ValueError, RecursionError):
        return UNKNOWN
    plain = isinstance(found, dict) and isinstance(found.get("query"), str) and graphql.plain(found, ())
    return Const(found["query"]) if plain else UNKNOWN
