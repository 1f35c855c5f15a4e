"""The filter language."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from guard.case_filter import parse_filter
from guard.errors import BadInput
from tests.build import NOON, case, effect, submission
from tui.queuerow import Waiting, summary

SENDS = effect("http.post", "Endpoint", "hooks.example.net:443")


def row(**fields: object) -> Waiting:
    return dataclasses.replace(
        summary(case(effect("fs.delete", "File", "data/old.csv"), SENDS, submission=submission("path.unlink()", agent="etl-bot"))), **fields
    )


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("", True), ("class:D", True), ("class:d", True), ("class:?", False), ("class:D?", True), ("agent:etl-bot", True), ("agent:etl", False),
        ("host:example.net", True), ("host:hooks.example.net", True), ("host:ample.net", False), ("host:example", True), ("host:ample", False), ("unlink", True), ("UNLINK", True), ("rmtree", False),
        ("left<2h", True), ("left<10m", False), ("left>10m", True), ("age>1h", False), ("owed:me", True), ("is:edited", False), ("is:answered", False), ("118", True),
        ("class:D unlink host:example.net", True), ("class:D rmtree", False), ("old.csv", True),
    ],
)  # fmt: skip
def test_all_terms_must_hold(text: str, holds: bool) -> None:
    assert parse_filter(text)(row(), NOON, "ann") is holds


def test_time_is_told_by_the_clock_that_is_given() -> None:
    assert parse_filter("left<10m")(row(), NOON + timedelta(minutes=51), "ann")
    assert parse_filter("age>50m")(row(), NOON + timedelta(minutes=51), "ann")


def test_owed_me_leaves_out_what_i_signed() -> None:
    assert not parse_filter("owed:me")(row(signed=("ann",)), NOON, "ann")
    assert parse_filter("owed:me")(row(signed=("ann",)), NOON, "bea")


@pytest.mark.parametrize("text", ["class:X", "owed:you", "is:odd", "nonsense:1", "class:"])
def test_a_term_that_is_not_understood_is_named(text: str) -> None:
    with pytest.raises(BadInput, match=text):
        parse_filter(text)
