"""Who is told of what, and when."""

from __future__ import annotations

import dataclasses
from datetime import time, timedelta

import pytest

from guard.model import Class
from guard.notify.routes import WINDOW, Route, called, due, step
from tests.build import DELETE, NOON, OPAQUE, REMOTE_DELETE, WRITE, case

ANY = Route(label="1 json", url="json://x")
DATA = Route(label="2 json", url="json://x", teams=("data",))
LATER = Route(label="3 json", url="json://x", after_minutes=10)
LAST = Route(label="4 json", url="json://x", after_minutes=30)
ROUTES = (ANY, DATA, LATER, LAST)
AGENTS = {"claude": ("data", "web")}


def test_an_address_is_not_in_the_words_for_a_route():
    assert "s3cret" not in repr(Route(label="1 json", url="json://user:s3cret@host"))


@pytest.mark.parametrize(
    ("fields", "teams", "effect", "told"),
    [
        ({}, (), WRITE, True),
        ({"teams": ("data",)}, ("data",), WRITE, True),
        ({"teams": ("data",)}, ("web",), WRITE, False),
        ({"teams": ("data",)}, (), WRITE, False),
        ({"classes": (Class.DESTRUCTIVE,)}, (), WRITE, False),
        ({"classes": (Class.DESTRUCTIVE,)}, (), DELETE, True),
        ({"classes": (Class.DESTRUCTIVE,)}, (), OPAQUE, True),
        ({"classes": (Class.NETWORK,)}, (), REMOTE_DELETE, True),
    ],
)
def test_a_route_is_told_of_its_teams_and_classes(fields, teams, effect, told):
    assert dataclasses.replace(ANY, **fields).concerns(case(effect), teams) is told


@pytest.mark.parametrize(
    ("hours", "at", "rests"),
    [
        ((22, 7), 23, True), ((22, 7), 3, True), ((22, 7), 7, False), ((22, 7), 12, False),
        ((9, 17), 9, True), ((9, 17), 17, False), ((9, 17), 3, False),
    ],
)  # fmt: skip
def test_quiet_hours_may_pass_midnight(hours, at, rests):
    route = dataclasses.replace(ANY, quiet=(time(hours[0]), time(hours[1])))
    assert route.rests(NOON.astimezone().replace(hour=at)) is rests
    assert not ANY.rests(NOON)


def test_the_first_call_goes_to_those_who_come_first_and_each_step_to_the_next():
    of = case(WRITE)
    assert called(ROUTES, of, AGENTS, "asked", frozenset()) == [ANY, DATA]
    assert called(ROUTES, dataclasses.replace(of, escalated=10), AGENTS, "waiting", frozenset()) == [LATER]
    assert called(ROUTES, dataclasses.replace(of, escalated=30), AGENTS, "waiting", frozenset({"3 json"})) == [LAST]
    assert called(ROUTES, dataclasses.replace(of, escalated=30), AGENTS, "waiting", frozenset()) == [LATER, LAST], "guard was away"


def test_the_end_is_told_to_those_who_were_called_and_nobody_else():
    assert called(ROUTES, case(WRITE), AGENTS, "settled", frozenset({"2 json", "4 json"})) == [DATA, LAST]
    assert called(ROUTES, case(WRITE), AGENTS, "approved", frozenset()) == []


@pytest.mark.parametrize(("minutes", "due"), [(0, 0), (9, 0), (10, 10), (29, 10), (30, 30), (500, 30)])
def test_a_step_comes_with_its_time(minutes, due):
    assert step(ROUTES, case(WRITE), (), NOON + timedelta(minutes=minutes)) == due


def test_what_is_held_is_due_when_its_time_has_come_and_nobody_rests():
    held, asleep = {DATA.label: NOON + WINDOW}, dataclasses.replace(ANY, quiet=(time(0), time(23, 59, 59)))
    assert due(ROUTES, held, NOON) == []
    assert due(ROUTES, held, NOON + WINDOW) == [DATA]
    assert due((asleep,), {asleep.label: NOON}, NOON) == []
    assert due((ANY,), {asleep.label: NOON}, NOON) == [ANY]
