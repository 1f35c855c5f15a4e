"""What a GraphQL document does is read from its definitions, not from words in it."""

from __future__ import annotations

import pytest

from guard.analyse.graphql import kind
from guard.model import Kind


@pytest.mark.parametrize(
    "document",
    [
        "query Q { a }",
        "{ a }",
        "  # mutation\n query ($id: ID = {a: 1}) @live { node(id: $id) { mutation } }",
        'query { search(text: "} mutation { x }") { id } }',
        'query { search(text: """a "quoted" } mutation""") { id } }',
        "query Q { ...F } fragment F on User { name }",
        "subscription { ticks }",
    ],
)
def test_a_document_of_queries_reads(document: str) -> None:
    assert kind((document,)) is Kind.HTTP_GET


@pytest.mark.parametrize("document", ["mutation { a }", "query Q { a } mutation M { b }", "fragment F on U { a } mutation M { ...F }"])
def test_a_document_with_a_mutation_writes(document: str) -> None:
    assert kind((document,)) is Kind.HTTP_POST


@pytest.mark.parametrize("document", ["", "SELECT * FROM users", "DROP TABLE users", "fragment F on U { a }", "querying { a }", "# query"])
def test_what_is_no_executable_document_is_not_told(document: str) -> None:
    assert kind((document,)) is None


def test_a_document_with_unknown_parts_reads_only_if_it_begins_with_a_query() -> None:
    assert kind(('query { user(id: "', None, '") { name } }')) is Kind.HTTP_GET
    assert kind((None, "query { a }")) is None
    assert kind(("{ a(x: ", None, ") }")) is None
    assert kind(("query A { a }", None, "mutation B { b }")) is Kind.HTTP_POST
    assert kind(('query { a(x: "', None, '") } mutation B { b }')) is Kind.HTTP_POST
    assert kind((None,)) is None
