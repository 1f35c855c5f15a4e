"""The rows of the queue, and their columns."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from guard.model import Said, Stage
from tests.build import DELETE, NOON, OPAQUE, READ, REMOTE_DELETE, WRITE, approval, case, effect, execution, submission
from tui.queuerow import class_strip, heading, owed, row, summary, tally


@pytest.mark.parametrize("cells", [60, 79, 80, 100, 119, 120, 160, 220])
@pytest.mark.parametrize("of", [case(DELETE), case(OPAQUE, WRITE), case(REMOTE_DELETE), case(effect("fs.surface", "File", "Makefile"))])
def test_rows_have_the_width_that_is_asked(of, cells: int) -> None:
    for here in (True, False):
        assert all(len(one.text.text) == cells for one in row(summary(of), cells, NOON, here=here))


def test_what_is_owed_in_the_narrow_column() -> None:
    assert owed(case(WRITE)) == "1 person"
    assert owed(case(DELETE)) == "1 +backup"
    assert owed(case(REMOTE_DELETE)) == "1 +loss"
    signed = case(WRITE)
    assert owed(dataclasses.replace(signed, approvals=(approval(signed),))) == "0 of 1"


def test_hurry_and_age() -> None:
    of = summary(case(WRITE))
    assert "!" not in row(of, 80, NOON + timedelta(minutes=30), here=False)[0].text.text
    assert "41m!" in row(of, 80, NOON + timedelta(minutes=41), here=False)[0].text.text


def test_risk_orders_unseen_before_destructive_before_the_rest() -> None:
    found = [summary(case(one)).risk for one in (OPAQUE, DELETE, effect("http.get", "Endpoint", "a.org:443"), WRITE, READ)]
    assert found == sorted(found)
    assert summary(case(OPAQUE)).grave


def test_the_tally_names_the_oldest_and_the_next_to_expire_of_what_waits() -> None:
    old, new, gone = (
        dataclasses.replace(summary(case(one)), id=number, created=NOON + timedelta(minutes=age), expires=NOON + timedelta(minutes=ends))
        for number, one, age, ends in ((1, DELETE, 0, 90), (2, WRITE, 30, 40), (3, OPAQUE, -60, 1))
    )
    found = tally([new, old, dataclasses.replace(gone, stage=Stage.REJECTED)])
    assert (found.waiting, found.grave, found.oldest, found.due) == (2, 1, old, new)
    assert tally([]).oldest is None


def test_badges_and_what_is_colon_asks() -> None:
    assert summary(case(WRITE, submission=submission("x = '\u200b'"))).badge == "‹›hidden"
    assert "hidden" in summary(case(WRITE, submission=submission("x = '\u200b'"))).is_
    assert summary(case(effect("fs.surface", "File", "Makefile"))).badge == "✱runs later"
    exchange = (Said(person="ann", text="why?", at=NOON), Said(person="", text="because", at=NOON))
    answered = summary(dataclasses.replace(case(effect("fs.surface", "File", "Makefile")), exchange=exchange))
    assert answered.badge == "✱runs later answered"
    assert {"answered", "new"} <= answered.is_
    asked = summary(dataclasses.replace(case(WRITE), exchange=exchange[:1]))
    assert (asked.badge, {"asked", "answered"} & asked.is_) == ("asked", {"asked"})
    tried = dataclasses.replace(case(WRITE), execution=execution())
    assert summary(tried).told(60).text == "create or replace a.txt (tried already)"
    assert summary(tried).told(33).text == "create or replace a.txt", "it is said where there is room for all of it"
    assert summary(dataclasses.replace(tried, stage=Stage.DONE)).told(60).text == "create or replace a.txt"


@pytest.mark.parametrize(
    ("effects", "cells", "told"),
    [
        ([DELETE, WRITE], 40, "delete a.txt, create or replace a.txt"),
        ([WRITE, READ], 33, "create or replace a.txt +1"),
        (
            [effect("fs.delete", "Folder", f"reports/{year}") for year in (2024, 2025, 2026)] + [WRITE],
            33,
            "delete the folders …orts/2024… +1",
        ),
        ([effect("fs.surface", "File", "Makefile"), READ], 24, "change Makefile… +1"),
        ([effect("http.post", "Endpoint", "stats.example-metrics.io:443", tainted=True), READ], 33, "send private data to +2"),
        ([effect("fs.write", "File", "a/very/deep/folder/with/week.md")], 24, "create or replace …ek.md"),
        ([effect("http.post", "Endpoint", "stats.example-metrics.io:443"), READ], 14, "send data … +2"),
    ],
)
def test_a_narrow_row_holds_whole_clauses_and_counts_the_rest(effects: list, cells: int, told: str) -> None:
    assert summary(case(*effects)).told(cells).text == told


def test_private_data_that_leaves_is_marked_and_a_case_is_found_by_its_number() -> None:
    leaks = summary(case(effect("http.post", "Endpoint", "x.example.net:443", tainted=True)))
    assert leaks.badge == "!private"
    hides = summary(case(effect("http.post", "Endpoint", "x.example.net:443", tainted=True), submission=submission("x = '\u200b'")))
    assert (hides.badge, "hidden" in hides.is_) == ("!private", True), "what a narrow row no longer says of the data stands beside it"
    assert leaks.would.text == "send private data to x.example.net"
    assert "0118" in leaks.search


def test_cases_cross_where_both_touch_a_file_and_one_changes_it() -> None:
    reads, writes, deletes, other = (summary(case(one)) for one in (READ, WRITE, DELETE, effect("fs.write", "File", "b.txt")))
    (name,) = writes.writes
    assert reads.crosses(writes) == writes.crosses(reads) == writes.crosses(deletes) == {name}
    assert reads.crosses(reads) == writes.crosses(other) == frozenset()


def test_the_strip_and_the_heading_stand_in_the_same_columns() -> None:
    assert class_strip("-WND-").text.text == "-WND-"
    for cells, would, legend in ((80, "R read", "R read W write N net D destroy ? unseen"), (160, "would", "D destroys  ? unseen")):
        head = heading(cells).text.text
        first = row(summary(case(WRITE)), cells, NOON, here=False)[0].text.text
        assert head.index(would) + 1 == first.index("create or replace"), cells
        assert legend in head, "the letters are explained where they stand"


def test_what_an_agent_never_reached_is_new_but_hidden_text_and_private_data_are_more_telling() -> None:
    fetch = effect("http.get", "Endpoint", "a.org:443")
    of = summary(case(fetch))
    assert of.badge == ""
    assert of.against(frozenset()).badge == "✱new host"
    assert "new" in of.against(frozenset()).is_
    assert of.against(frozenset()).against(frozenset({fetch.resource})) == of
    assert summary(case(effect("tool.write", "Tool", "notes/add"))).against(frozenset()).badge == "✱new tool"
    assert summary(case(fetch, submission=submission("x = '\u200b'"))).against(frozenset()).badge == "‹›hidden"
    assert "new" in summary(case(fetch, submission=submission("x = '\u200b'"))).against(frozenset()).is_
    assert summary(case(WRITE)).against(frozenset()).badge == ""
