"""The filter language of lists of cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from guard.errors import BadInput
from guard.filter import parse_filter
from tests.build import NOON


@dataclass
class Row:
    id: int = 118
    strip: str = "-WND-"
    search: str = "deletes files in data/raw os.unlink"
    created: datetime = NOON
    expires: datetime = NOON + timedelta(minutes=20)
    hosts: tuple[str, ...] = ("hooks.example.net",)
    signed: tuple[str, ...] = ("bea",)
    agent_name: str = "etl-bot"
    is_: frozenset[str] = frozenset({"new"})


HOLDS = {
    "": True,
    "class:D": True,
    "class:R": False,
    "class:r?": False,
    "agent:etl-bot": True,
    "agent:etl": False,
    "left<30m": True,
    "left<10m": False,
    "left>10m": True,
    "age>1h": False,
    "host:example.net": True,
    "host:ample.net": False,
    "is:new": True,
    "is:edited": False,
    "owed:me": True,
    "unlink": True,
    "UNLINK": True,
    "0118": True,
    "class:D agent:etl-bot unlink": True,
    "class:D agent:other": False,
}


@pytest.mark.parametrize("text", HOLDS)
def test_a_filter_holds_if_all_its_terms_do(text):
    assert parse_filter(text)(Row(), NOON, "ann") is HOLDS[text]


def test_what_i_signed_is_not_owed_by_me():
    assert not parse_filter("owed:me")(Row(), NOON, "bea")


@pytest.mark.parametrize("text", ["class:X", "class:", "is:odd", "who:ann", "agent:"])
def test_a_term_that_is_not_understood_is_named(text):
    with pytest.raises(BadInput, match="does not know"):
        parse_filter(text)
