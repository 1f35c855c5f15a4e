"""SQL as a whole: hostile text, placeholders, places in the text, several dialects."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guard.analyse.sql import MAX_BYTES, MAX_STATEMENTS
from guard.model import Effect, Kind
from tests.analyse.sql.check import effects, found

PARTS = ["SELECT ", "DELETE FROM ", "t", " WHERE ", "(", ")", "'", '"', "`", ";", "--", "/*", "*/", "/*!", "#", "\\", "$$", "CASE ", "END ", "NOT ", "{}", "%s", "?", ":x", "@@x",
         "EXPLAIN ANALYZE ", "COPY t TO PROGRAM 'x'", " INTO OUTFILE '/x'", "WITH x AS ", "\n", ",", "=", "1", "\x00", "\u202e", "é", "DROP TABLE ", "[", "]", "{", "}", "MERGE INTO ",
         "CREATE FUNCTION f() ", "EXEC ", "PRAGMA ", "LOAD DATA INFILE ", "UNION ", "INTERVAL ", "::", "->>", "LATERAL "]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["(" * 50000, "SELECT " + "(" * 5000 + "1" + ")" * 5000, "SELECT " + "NOT " * 20000 + "1", "SELECT " + "- " * 20000 + "1", "SELECT " + "CASE WHEN 1 THEN " * 3000,
     "x" * (MAX_BYTES + 1), "SELECT " + "a+" * 15000 + "a", "SELECT 1;" * 7000, "'" * 50001, "/*" * 20000, "SELECT " + "a," * 20000 + "a FROM t",
     "SELECT * FROM " + "(SELECT * FROM " * 1000 + "t", "DROP TABLE t " + "x " * 30000],
)  # fmt: skip
def test_hostile_text_is_answered_in_time(text: str) -> None:
    start = time.monotonic()
    assert found(text)  # something is always said
    assert time.monotonic() - start < 10


def test_no_statement_is_nothing() -> None:
    assert found(";" * 400) == found("") == found("-- only a comment") == ()


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(PARTS), max_size=25).map("".join) | st.text(max_size=80))
def test_no_text_raises(text: str) -> None:
    assert all(isinstance(effect, Effect) for effect in found(text))


@pytest.mark.parametrize("text", ["DELETE\u200b FROM t", "DELETE FROM t \u202e", "DELETE\x00 FROM t"])
def test_hidden_characters_are_told(text: str) -> None:
    assert "opaque" in effects(text)


def test_a_broken_statement_still_says_what_it_would_destroy() -> None:
    assert set(effects("SELECT ((; DROP TABLE users; DELETE FROM orders")) >= {"opaque", "sql.drop db/users", "sql.delete db/orders"}


def test_comments_that_databases_read_differently_are_opaque() -> None:
    for text in (
        "SELECT 1 /* /* */ ; DROP TABLE t; */",
        "SELECT 1--1; DROP TABLE t",
        "SELECT 1 /*!50000 ; DROP TABLE t */",
        "SELECT 1 /* DROP TABLE t",
    ):
        assert "opaque" in effects(text), text


def test_what_two_databases_read_differently_has_the_effects_of_both() -> None:
    assert "sql.delete db/t!" in effects("SELECT 'a\\'; DELETE FROM t; -- '")
    assert "sql.delete db/t!" in effects("SELECT 1 # 2; DELETE FROM t")


def test_effects_are_where_their_statement_is() -> None:
    first, second = found("SELECT a FROM t;\n  DROP TABLE é_t")
    assert first.span is not None
    assert second.span is not None
    assert (first.span.line, first.span.column, first.span.end_column) == (1, 0, 15)
    assert (second.span.line, second.span.column) == (2, 2)


def test_an_unknown_database_has_no_name() -> None:
    assert effects("DELETE FROM t WHERE a", "") == ["sql.delete /t"]


def test_every_effect_has_a_rule_a_place_and_a_sentence() -> None:
    for effect in found("SELECT a FROM t; DELETE FROM t; COPY t TO '/tmp/x'; CALL p(); SELECT xyz(1); nonsense"):
        assert effect.rule.startswith("sql")
        assert effect.note
        assert effect.span is not None


def test_unknown_functions_may_do_anything() -> None:
    (effect,) = [effect for effect in found("SELECT refund_all(a) FROM t") if effect.kind is Kind.OPAQUE]
    assert not effect.certain
    assert "refund_all" in effect.note


def test_a_statement_behind_very_many_is_not_lost() -> None:
    for count in (MAX_STATEMENTS - 1, MAX_STATEMENTS, MAX_STATEMENTS + 1, 4 * MAX_STATEMENTS):
        assert Kind.SQL_DROP in {effect.kind for effect in found("SELECT 1;" * count + "DROP TABLE users")}, count
