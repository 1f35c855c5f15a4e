"""GraphQL text -> what sending it does: queries read, mutations change. One place for the analysers of all languages."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from guard.model import Kind

_TOKEN = re.compile(r'"""(?:\\"""|.)*?"""|"(?:\\.|[^"\\\n])*"|#[^\n]*|\w+|[^\s,\ufeff]', re.DOTALL)
_READS = frozenset({"query", "subscription", "fragment"})
_ADDRESS = re.compile(r"[^?#]*(?:graphql|gql)[^?#]*", re.IGNORECASE)
_FIELDS = frozenset({"query", "variables", "operationName"})


def speaks(address: str) -> bool:
    """Whether a URL is by its name one that answers GraphQL. A query string could name another document than the body has."""
    return _ADDRESS.fullmatch(address) is not None


def plain(fields: Collection[object], parts: Sequence[str | None]) -> bool:
    """Whether a body with these fields says no more than its document: other fields are another service's, or another document by its
    digest, and a name could choose an operation out of what cannot be known."""
    return _FIELDS.issuperset(fields) and (None not in parts or "operationName" not in fields)


def kind(parts: Sequence[str | None]) -> Kind | None:
    """What a request with this document does; None in `parts` stands for text that cannot be known.

    A document of queries alone reads, one with a mutation writes; None: it cannot be told, or is no GraphQL. What an unknown part in a
    document that begins with a query could add is another operation, which a server runs only if it is named beside the document.
    """
    whole = None not in parts
    known = "".join(part if part is not None else " … " for part in parts)
    operations = _operations(known)
    if "mutation" in operations:
        return Kind.HTTP_POST
    if not operations or not operations <= _READS or operations == {"fragment"}:
        return None
    if whole:
        return Kind.HTTP_GET
    surely = (parts[0] or "").lstrip().startswith("query") and not re.search(r"\bmutation\b", known)
    return Kind.HTTP_GET if surely else None


def _operations(document: str) -> set[str]:
    """The words that the definitions of a document begin with, with "query" for a bare selection."""
    found: set[str] = set()
    depth, begun = 0, False
    for token in _TOKEN.findall(document):
        if token[0] in '#"':
            continue
        if token in "{([":
            if token == "{" and depth == 0 and not begun:
                found.add("query")
            depth, begun = depth + 1, True
        elif token in "})]":
            depth -= 1
            begun = begun and (depth > 0 or token != "}")
        elif depth == 0 and not begun and token != "…":
            found.add(token)
            begun = True
    return found
