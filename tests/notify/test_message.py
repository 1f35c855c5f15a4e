"""One line of fixed words: who asks for what class, what is owed, how long; never anything of the request."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest

from guard.events import Approved, Edited, Expired, Rejected
from guard.model import FINAL, Rejection, Stage
from guard.notify import message
from guard.pipeline import advance
from tests.build import COMPUTE, DELETE, NOON, OPAQUE, READ, REMOTE_DELETE, WRITE, approval, case, effect, later, submission, world

POST = effect("http.post", "Endpoint", "hooks.example.net:443")


def moved(of, event, at=None):
    step = advance(of, event, at or world())
    assert step.case is not None
    return step.case


def test_the_call_is_one_line_of_fixed_words():
    said = message.asks(case(DELETE, POST), NOON + timedelta(minutes=41))
    assert (
        said
        == "guard 0118: claude asks to destroy and use the network. Owed: 1 person and a backup. 19 min left. Answer: guard console 0118"
    )
    assert message.still(case(DELETE, POST), NOON).startswith("Still waiting: guard 0118: claude asks to destroy")


def test_a_link_is_added_where_one_is_configured():
    assert message.asks(case(WRITE), NOON, link="https://guard.example/c/{case}").endswith(
        "guard console 0118 https://guard.example/c/0118"
    )


@pytest.mark.parametrize(
    ("effects", "words"),
    [
        ((READ, effect("secret.read", "File", ".env")), "asks to read."),
        ((OPAQUE,), "asks to do what cannot be seen."),
        ((WRITE, DELETE), "asks to destroy and write."),
        ((REMOTE_DELETE, WRITE, POST), "asks to destroy, use the network and write."),
    ],
)
def test_classes_are_said_worst_first(effects, words):
    assert words in message.asks(case(*effects), NOON)


SECRETS = ("hunter2", "sk-live", "evil", "http", "@here", "<b>", "[x]", "a.txt", "customers", "\n", "/")


def test_nothing_of_the_request_is_in_any_of_them():
    """D16."""
    hostile = submission(
        "TOKEN = 'hunter2'", arguments='{"key":"sk-live"}', intent="@here <b>[x](http://evil)", tool="evil", language="python\nevil"
    )
    effects = (effect("http.post", "Endpoint", "evil.example:443"), effect("fs.delete", "File", "customers/a.txt"))
    of = dataclasses.replace(case(*effects, submission=hostile), stage=Stage.WAITING)
    rejected = dataclasses.replace(of, stage=Stage.REJECTED, rejection=Rejection(case=118, person="ann", at=NOON, reason="hunter2"))
    lines = [message.asks(of, NOON), message.still(of, NOON), message.digest([of], NOON), message.settled(rejected)]
    assert [(line, secret) for line in lines for secret in SECRETS if secret in line] == []


@pytest.mark.parametrize("name", ["@here", "a b", "<b>x</b>", "https://evil", "x\ny", "", "a" * 65, "ann\u202e"])
def test_a_name_that_could_be_more_than_a_name_is_not_said(name):
    assert message.plain(name) == "(a name that is not plain)"
    assert message.plain("etl-bot_2.1") == "etl-bot_2.1"


def test_the_end_says_who_settled_it():
    of = case(WRITE)
    assert message.approved(moved(of, Approved(approval=approval(of)))) == "guard 0118: approved by ann."
    rejected = moved(of, Rejected(rejection=Rejection(case=118, person="bea", at=NOON, reason="no")))
    assert message.settled(rejected) == "guard 0118: rejected by bea."
    assert message.settled(moved(of, Expired(), later(3600))) == "guard 0118: expired; nobody answered. This is not a refusal."
    assert message.settled(moved(of, Edited(successor=119, person="bea"))) == "guard 0118: edited into 0119."


def test_a_case_that_needs_two_says_how_many_have_signed():
    of = case(WRITE)
    two = dataclasses.replace(of, decision=dataclasses.replace(of.decision, owed=dataclasses.replace(of.decision.owed, approvals=2)))
    assert message.approved(dataclasses.replace(two, approvals=(approval(of),))) == "guard 0118: approved by ann, 1 of 2."


def test_that_a_run_ended_is_nobodys_call():
    of = case(COMPUTE)
    silent = [stage for stage in FINAL if not message.settled(dataclasses.replace(of, stage=stage))]
    assert {Stage.DONE, Stage.FAILED, Stage.INTERRUPTED} <= set(silent)


def test_a_digest_counts_and_names_the_oldest():
    cases = [case(WRITE), case(DELETE), case(OPAQUE)]
    at = NOON + timedelta(minutes=41)
    assert (
        message.digest(cases, at, teams=["data"])
        == "guard: 3 cases wait for team data, 2 of them destructive. Oldest 41 min. Answer: guard console"
    )
    assert message.digest(cases[:1], at) == "guard: 1 case waits, none of them destructive. Oldest 41 min. Answer: guard console"


@pytest.mark.parametrize(("minutes", "words"), [(0, "under a minute"), (1, "1 min"), (119, "119 min"), (180, "3 h"), (4000, "2 days")])
def test_times_are_in_one_unit(minutes, words):
    of = case(WRITE)
    assert f"Oldest {words}." in message.digest([of], of.created_at + timedelta(minutes=minutes))
