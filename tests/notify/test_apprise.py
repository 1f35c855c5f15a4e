"""Delivery to real receivers: what arrives, what is held, and that a failure is said without an address."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime, time, timedelta
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio

from guard.events import Rejected
from guard.model import Case, Class, Rejection, Stage
from guard.notify.apprise import AppriseNotifier
from guard.notify.routes import AGAIN, MOST, WINDOW, Route
from guard.pipeline import advance
from guard.store.sqlite import SqliteStore
from guard.upstream.secrets import resolved
from tests.build import DELETE, NOON, WRITE, case, submission, world
from tests.notify.receivers import mailbox, webhook


class At:
    """A clock that stands where it is put."""

    def __init__(self, now: datetime = NOON) -> None:
        self.at = now

    def now(self) -> datetime:
        return self.at


@pytest_asyncio.fixture
async def stores(tmp_path: Path) -> AsyncIterator[list[SqliteStore]]:
    """Two engines' stores on one state folder."""
    opened = [await SqliteStore.open(tmp_path / "state") for _ in range(2)]
    yield opened
    for store in opened:
        await store.close()


@pytest.fixture
def notifier(stores: list[SqliteStore]) -> Callable[..., AppriseNotifier]:
    return partial(made, stores[0])


def made(store: SqliteStore, *routes: Route, clock: At | None = None, **fields) -> AppriseNotifier:
    return AppriseNotifier(routes, clock=clock or At(), notices=store, teams={"claude": ("data",)}, **{"patience": 4.0, **fields})


def those(cases: Sequence[Case]) -> Callable[[], Awaitable[Sequence[Case]]]:
    async def waiting() -> Sequence[Case]:
        return cases

    return waiting


def route(url: str, number: int = 1, **fields) -> Route:
    return dataclasses.replace(Route(label=f"{number} json", url=url), **fields)


async def test_a_webhook_gets_one_plain_line(notifier):
    async with webhook() as hook:
        delivery = await notifier(route(hook.url())).notify(case(DELETE), "asked")
        assert (delivery.told, delivery.failures) == (("1 json",), ())
        assert hook.lines == ["guard 0118: claude asks to destroy. Owed: 1 person and a backup. 60 min left. Answer: guard console 0118"]


async def test_mail_arrives_as_plain_text_with_a_subject_that_says_which_case_asks_for_what(notifier):
    async with mailbox() as box:
        url = f"mailto://127.0.0.1:{box.port}?from=guard@guard.test&to=ann@guard.test&mode=insecure&format=text"
        delivery = await notifier(Route(label="1 mailto", url=url)).notify(case(WRITE), "asked")
        assert delivery.told == ("1 mailto",), delivery
        (mail,) = box.mails
        assert b"guard 0118: claude asks to write." in mail.replace(b"=\r\n", b"")
        assert b"Subject: guard 0118: claude asks to write\r\n" in mail
        assert b"text/html" not in mail


async def test_planted_secrets_reach_no_receiver(notifier):
    """D16."""
    hostile = submission(
        "KEY = 'hunter2'", arguments='{"key":"sk-live-1"}', intent="file:///etc/passwd http://evil/x.png @here <b>hunter2</b>"
    )
    of = dataclasses.replace(case(DELETE, WRITE, submission=hostile), stage=Stage.WAITING)
    async with webhook() as hook, mailbox() as box:
        url = f"mailto://127.0.0.1:{box.port}?from=guard@guard.test&to=ann@guard.test&mode=insecure"
        both = notifier(route(hook.url()), Route(label="2 mailto", url=url))
        for occasion in ("asked", "waiting"):
            await both.notify(of, occasion)
        step = advance(case(DELETE), Rejected(rejection=Rejection(case=118, person="ann", at=NOON, reason="hunter2")), world())
        assert step.case is not None
        await both.notify(step.case, "settled", frozenset({"1 json", "2 mailto"}))
        sent = b"".join([*hook.raw, *box.mails])
        assert b"rejected by ann" in sent
        assert [secret for secret in (b"hunter2", b"sk-live", b"evil", b"passwd", b"@here", b"a.txt") if secret in sent] == []


async def test_secrets_of_an_address_are_looked_up_and_stay_out_of_everything_that_is_said(monkeypatch, tmp_path, caplog, capfd, notifier):
    caplog.set_level(logging.DEBUG)
    (tmp_path / "token").write_text("tok-file-77\n")
    monkeypatch.setenv("HOOK_TOKEN", "tok-env-99")
    async with webhook() as hook:
        address = f"json://ops:${{env:HOOK_TOKEN}}@127.0.0.1:{hook.port}/fail/${{file:{tmp_path}/token}}"
        delivery = await notifier(route(address), resolve=resolved).notify(case(WRITE), "asked")
        assert hook.paths == ["/fail/tok-file-77"]
    said = capfd.readouterr()
    everything = f"{delivery} {caplog.text} {said.out} {said.err}"
    assert delivery.failures == ("1 json: the service could not be reached, or refused it (failure)",)
    assert [secret for secret in ("tok-", "127.0.0.1") if secret in everything] == []


async def test_an_address_that_cannot_be_used_is_a_failure_and_keeps_nobody_else_from_being_told(monkeypatch, notifier):
    monkeypatch.delenv("NOT_SET", raising=False)
    async with webhook() as hook:
        routes = [route("json://${env:NOT_SET}@x"), route("nosuch://token@x", 2), route(hook.url("fail"), 3), route(hook.url("ok"), 4)]
        delivery = await notifier(*routes, resolve=resolved).notify(case(WRITE), "asked")
        assert delivery.told == ("4 json",)
        assert [failure[:6] for failure in delivery.failures] == ["1 json", "2 json", "3 json"]
        assert "NOT_SET is not set" in delivery.failures[0]
        assert "token" not in delivery.failures[1]


async def test_a_service_that_never_answers_is_given_up(notifier):
    async with webhook() as hook:
        delivery = await notifier(route(hook.url("slow")), patience=1.0).notify(case(WRITE), "asked")
        assert delivery.told == ()
        assert len(delivery.failures) == 1


async def test_redirects_are_not_followed(notifier):
    async with webhook() as hook:
        await notifier(route(hook.url("away"))).notify(case(WRITE), "asked")
        assert hook.paths == ["/away"]


async def test_a_flood_becomes_a_digest_and_the_next_window_is_heard_again(notifier):
    """D13."""
    clock = At()
    async with webhook() as hook:
        told = notifier(route(hook.url(), teams=("data",)), clock=clock)
        waiting = [dataclasses.replace(case(DELETE if i % 2 else WRITE), id=i) for i in range(1, MOST + 9)]
        for one in waiting:
            await told.notify(one, "asked")
        assert len(hook.lines) == 2 * MOST, "of those that destroy and of the others"
        assert not await told.digest_due(clock.at)
        clock.at += WINDOW
        assert await told.digest_due(clock.at)
        assert (await told.digest(those(waiting))).told == ("1 json",)
        assert hook.lines[-1] == f"guard: {MOST + 8} cases wait for team data, 7 of them destructive. Oldest 10 min. Answer: guard console"
        assert not await told.digest_due(clock.at)


async def test_a_flood_holds_back_neither_what_destroys_nor_the_word_of_what_nobody_answers(notifier):
    """D13."""
    async with webhook() as hook:
        told = notifier(route(hook.url()), route(hook.url("next"), number=2, after_minutes=5))
        for number in range(1, 3 * MOST):
            await told.notify(dataclasses.replace(case(WRITE), id=number), "asked")
        assert len(hook.lines) == MOST
        await told.notify(dataclasses.replace(case(DELETE), id=100), "asked")
        await told.notify(dataclasses.replace(case(WRITE), id=1, escalated=5), "waiting")
        assert [line[:11] for line in hook.lines[MOST:]] == ["guard 0100:", "Still waiti"]
        assert hook.paths[-1] == "/next"


async def test_a_flood_over_two_engines_is_one_and_each_of_them_may_tell_what_the_other_held_back(stores):
    """D13."""
    clock = At()
    async with webhook() as hook:
        one, other = (made(store, route(hook.url()), clock=clock) for store in stores)
        waiting = [dataclasses.replace(case(WRITE), id=i) for i in range(1, 2 * MOST + 1)]
        for of in waiting:
            await (one if of.id % 2 else other).notify(of, "asked")
        assert len(hook.lines) == MOST
        clock.at += WINDOW
        anew = made(stores[1], route(hook.url()), clock=clock)  # as after a restart: what is owed is owed still
        assert await anew.digest_due(clock.at)
        digests = await asyncio.gather(anew.digest(those(waiting)), one.digest(those(waiting)))
        assert sorted(digest.told for digest in digests) == [(), ("1 json",)]
        assert hook.lines[MOST:] == [f"guard: {2 * MOST} cases wait, none of them destructive. Oldest 10 min. Answer: guard console"]


async def test_a_digest_of_nothing_is_not_sent(notifier):
    clock = At()
    async with webhook() as hook:
        told = notifier(route(hook.url()), clock=clock)
        for _ in range(MOST + 1):
            await told.notify(case(WRITE), "asked")
        clock.at += WINDOW
        assert (await told.digest(those([]))).told == ()
        assert len(hook.lines) == MOST


async def test_a_digest_over_which_an_engine_dies_or_that_does_not_arrive_is_sent_by_the_next(stores):
    clock, waiting = At(), [dataclasses.replace(case(WRITE), id=i) for i in range(1, MOST + 2)]
    async with webhook() as hook:
        slow, failing, well = (
            made(store, route(hook.url(path)), clock=clock)
            for store, path in zip((*stores, stores[1]), ("slow", "fail", "hook"), strict=True)
        )
        for one in waiting:
            await well.notify(one, "asked")
        clock.at += WINDOW
        dying = asyncio.create_task(slow.digest(those(waiting)))
        async with asyncio.timeout(20):
            while len(hook.writers) <= MOST:
                await asyncio.sleep(0.01)
        assert (await well.digest(those(waiting))).told == (), "it is being sent"
        dying.cancel()
        await asyncio.wait([dying])
        clock.at += AGAIN
        assert (await failing.digest(those(waiting[1:]))).failures
        assert not await well.digest_due(clock.at)
        clock.at += AGAIN
        assert (await well.digest(those(waiting[2:]))).told == ("1 json",)
        assert hook.lines[-1].startswith(f"guard: {MOST - 1} cases wait")
        clock.at += AGAIN
        assert not await well.digest_due(clock.at)


async def test_in_quiet_hours_nothing_is_sent_and_afterwards_one_line_is(notifier):
    clock = At(NOON.astimezone().replace(hour=23))
    async with webhook() as hook:
        told = notifier(route(hook.url(), quiet=(time(22), time(7))), clock=clock)
        assert (await told.notify(case(WRITE), "asked")).told == ()
        assert not await told.digest_due(clock.at)
        clock.at += timedelta(hours=8)
        assert await told.digest_due(clock.at)
        await told.digest(those([case(WRITE)]))
        assert [line.startswith("guard: 1 case waits") for line in hook.lines] == [True]


async def test_what_does_not_concern_a_route_does_not_use_up_its_calls(notifier):
    async with webhook() as hook:
        told = notifier(route(hook.url(), classes=(Class.DESTRUCTIVE,)))
        for _ in range(MOST + 2):
            await told.notify(case(WRITE), "asked")
        await told.notify(case(DELETE), "asked")
        assert len(hook.lines) == 1


async def test_a_case_that_is_over_is_not_called_about(notifier):
    async with webhook() as hook:
        over = dataclasses.replace(case(WRITE), stage=Stage.REJECTED)
        assert (await notifier(route(hook.url())).notify(over, "asked")).told == ()


@pytest.mark.parametrize("minutes", [9, 10])
def test_a_step_is_due_when_its_time_has_come(minutes, notifier):
    later = notifier(route("json://x", after_minutes=10))
    assert later.step(case(WRITE), NOON + timedelta(minutes=minutes)) == (10 if minutes >= 10 else 0)


async def test_a_test_reaches_every_route_quiet_or_not(notifier):
    async with webhook() as hook:
        delivery = await notifier(route(hook.url(), quiet=(time(0), time(23, 59, 59))), route(hook.url("fail"), 2, after_minutes=5)).test()
        assert (delivery.told, len(delivery.failures)) == (("1 json",), 1)
        assert "this is a test" in hook.lines[0]
