"""What a name says that a tool or a method does."""

from __future__ import annotations

import pytest

from guard.analyse.tools import DESTROYS, DOORS, READS, by_method, by_verb, words
from guard.model import Kind


def test_words_of_a_name() -> None:
    assert words("deletePhoneNumber_by-id") == ["delete", "phone", "number", "by", "id"]
    assert words("listDNSRecords2") == ["list", "dns", "records", "2"]


@pytest.mark.parametrize(
    ("name", "kind", "word"),
    [
        ("listAll", Kind.TOOL_READ, "list"),
        ("bulk_delete", Kind.TOOL_DESTRUCTIVE, "delete"),
        ("get_and_purge", Kind.TOOL_DESTRUCTIVE, "purge"),
        ("run_query", Kind.TOOL_DESTRUCTIVE, "run"),
        ("frobnicate", Kind.TOOL_WRITE, ""),
        ("widget_list", Kind.TOOL_WRITE, ""),
    ],
)
def test_a_tool_is_what_its_verb_says(name: str, kind: Kind, word: str) -> None:
    assert by_verb(name) == (kind, word)


def test_a_method_of_a_client_is_a_request() -> None:
    assert by_method("listAll") is Kind.HTTP_GET
    assert by_method("bulkDelete") is Kind.HTTP_DELETE
    assert by_method("frobnicate") is Kind.HTTP_POST
    assert by_method("run") is Kind.HTTP_POST


def test_no_verb_is_of_two_kinds() -> None:
    assert not READS & DESTROYS
    assert not DOORS & (READS | DESTROYS)
