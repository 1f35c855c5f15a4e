"""A case held against its agent's past."""

from __future__ import annotations

import dataclasses

from guard.model import Case, Stage
from guard.past import ENOUGH, past
from tests import build
from tests.build import DELETE, READ, case, effect

GET = effect("http.get", "Endpoint", "docs.python.org:443")


def earlier(number: int, *effects, code: str = "", stage: Stage = Stage.DONE, agent: str = "claude") -> Case:
    of = case(*effects, submission=build.submission(code or f"print({number})", agent=agent))
    return dataclasses.replace(of, id=number, stage=stage)


def test_a_host_is_new_until_a_program_was_let_go_there():
    now = case(GET)
    assert [r.name for r in past(now, []).new] == ["docs.python.org:443"]
    assert past(now, [earlier(1, GET)]).new == ()
    assert past(now, [earlier(1, GET, stage=Stage.REJECTED)]).new, "a host that was refused stays new"


def test_the_same_program_and_the_same_shape_are_told_apart():
    now = case(DELETE)
    same, alike, other = earlier(1, DELETE, code="print(1)"), earlier(2, DELETE), earlier(3, READ)
    found = past(now, [other, alike, same])
    assert [c.id for c in found.program] == [1]
    assert [c.id for c in found.shape] == [2]
    assert len(found.agent) == 3


def test_cases_of_other_agents_and_the_case_itself_are_no_past():
    now = case(DELETE)
    assert past(now, [now, earlier(1, DELETE, agent="other")]).agent == ()


def test_what_was_rejected_before_is_remembered():
    assert [c.id for c in past(case(DELETE), [earlier(1, DELETE, stage=Stage.REJECTED)]).rejected] == [1]


def test_that_something_never_happened_needs_enough_of_a_past():
    few = [earlier(n, READ) for n in range(1, ENOUGH)]
    assert past(case(DELETE), few).never == ()
    assert past(case(DELETE), [*few, earlier(ENOUGH, READ)]).never == ("destroyed anything",)
    assert past(case(DELETE), [*few, earlier(ENOUGH, DELETE)]).never == ()
