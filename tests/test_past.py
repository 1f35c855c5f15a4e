"""What is new about a case, held against what its agent was let do."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

from guard.model import Case, Rejection, Stage
from guard.past import ENOUGH, alike, past, today
from tests.build import DELETE, NOON, WRITE, approval, case, effect, submission

SENDS = effect("http.post", "Endpoint", "hooks.example.net:443")


def earlier(number: int, of: Case, stage: Stage = Stage.DONE, **fields: object) -> Case:
    return dataclasses.replace(of, id=number, stage=stage, **fields)


def test_a_host_is_new_until_a_program_that_uses_it_was_let_through() -> None:
    now = case(SENDS)
    other = case(SENDS, submission=submission("other"))
    assert [r.name for r in past(now, []).new] == ["hooks.example.net:443"]
    assert past(now, [earlier(1, other, Stage.REJECTED)]).new
    assert not past(now, [earlier(1, other)]).new


def test_another_agents_past_says_nothing() -> None:
    now = case(SENDS)
    assert past(now, [earlier(1, case(SENDS, submission=submission(agent="other")))]).new


def test_same_program_and_same_shape_are_told_apart() -> None:
    now = case(WRITE)
    found = past(
        now,
        [earlier(3, now), earlier(2, case(WRITE, submission=submission("print(2)"))), earlier(1, case(DELETE, submission=submission("x")))],
    )
    assert [c.id for c in found.program] == [3]
    assert [c.id for c in found.shape] == [2]
    assert [c.id for c in found.agent] == [3, 2, 1]


def test_that_something_grave_never_happened_is_said_only_with_enough_of_a_past() -> None:
    harmless = [earlier(i, case(WRITE, submission=submission(str(i)))) for i in range(1, ENOUGH + 1)]
    assert past(case(DELETE), harmless).never == ("destroyed anything",)
    assert past(case(DELETE), harmless[1:]).never == ()
    assert past(case(WRITE), harmless).never == ()
    assert past(case(DELETE), [*harmless, earlier(9, case(DELETE, submission=submission("9")))]).never == ()


def test_an_earlier_rejection_is_remembered() -> None:
    no = Rejection(case=7, person="ann", at=NOON, reason="no")
    assert [c.id for c in past(case(WRITE), [earlier(7, case(WRITE), Stage.REJECTED, rejection=no)]).rejected] == [7]


def test_a_day_is_counted_by_what_became_of_its_cases() -> None:
    yesterday = dataclasses.replace(case(WRITE), created_at=NOON - timedelta(days=1), stage=Stage.DONE)
    signed = case(WRITE)
    found = today(
        [
            earlier(1, signed), earlier(2, signed), earlier(3, signed, approvals=(approval(signed),)), earlier(4, signed, Stage.REJECTED),
            earlier(5, signed, Stage.EXPIRED), earlier(6, signed, Stage.DENIED), earlier(7, signed, Stage.WAITING), yesterday,
        ],
        NOON,
    )  # fmt: skip
    assert (found.alone, found.approved, found.rejected, found.expired, found.denied) == (2, 1, 1, 1, 1)


def test_alike_are_cases_of_one_agent_with_the_same_effects_on_the_same_things() -> None:
    of = case(WRITE)
    assert alike(of, case(WRITE, submission=submission("print(2)")))
    assert not alike(of, case(DELETE))
    assert not alike(of, case(WRITE, submission=submission(agent="other")))
