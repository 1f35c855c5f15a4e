"""What a running case may let out: today's policies on its true terms, and the ledger."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from guard.egress_gate import CaseGate
from guard.errors import StoreError
from guard.events import World
from guard.model import Approval, Case, Kind, ResourceType
from guard.store.sqlite import SqliteStore
from tests import build
from tests.build import ANN, NOON, approval, effect, policies, world

GET = effect("http.get", "Endpoint", "api.example.com:443")
CONNECT = effect("net.connect", "Endpoint", "api.example.com:443")
FORBID = '@id("no-such-host") @why("x") forbid (principal, action in Guard::Action::"network", resource in Guard::Domain::"example.com");'


class Clock:
    def now(self):
        return NOON


def approved(*effects, losses: tuple[str, ...] = ()) -> Case:
    case = build.case(*effects)
    given: Approval = approval(case, **({"losses": losses} if losses else {}))
    return dataclasses.replace(case, approvals=(given,))


def gate(case: Case, at: World | None = None, store=None) -> CaseGate:
    async def now() -> World:
        return at or world()

    return CaseGate(case, store, Clock(), now)


async def test_what_was_approved_may_leave_and_without_an_approval_it_may_not() -> None:
    assert await gate(approved(GET)).permits(CONNECT) == ""
    assert "do not permit" in await gate(build.case(GET)).permits(CONNECT)


async def test_an_approval_by_somebody_who_may_no_longer_approve_counts_no_more() -> None:
    assert "do not permit" in await gate(approved(GET), world(people=(dataclasses.replace(ANN, name="bea"),))).permits(CONNECT)


async def test_a_policy_made_since_forbids_by_its_name_and_only_where_it_speaks() -> None:
    at = world(policies=policies(FORBID))
    case = approved(GET)
    assert "no-such-host" in await gate(case, at).permits(CONNECT)
    assert await gate(case, at).permits(effect("net.connect", "Endpoint", "api.example.org:443")) == ""


async def test_a_destructive_request_needs_the_acceptance_of_that_very_loss() -> None:
    accepted = approved(build.REMOTE_DELETE)
    assert await gate(accepted).permits(build.REMOTE_DELETE) == ""
    other = effect("http.delete", "Endpoint", "other.example.com:443")
    assert "destroying-needs-a-backup" in await gate(accepted).permits(other)


async def test_what_the_program_was_predicted_to_do_stays_in_with() -> None:
    permit = '@id("ours") @why("x") permit (principal, action in Guard::Action::"network", resource in Guard::Domain::"example.com");'
    at = world(policies=policies(permit))
    assert await gate(build.case(CONNECT, at=at), at).permits(CONNECT) == ""
    assert "private-reads-do-not-travel" in await gate(build.case(CONNECT, build.READ, at=at), at).permits(CONNECT)


async def test_broken_policies_let_nothing_out() -> None:
    broken = dataclasses.replace(policies(), broken="a policy does not parse")
    assert "a policy does not parse" in await gate(approved(GET), world(policies=broken)).permits(CONNECT)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    made = await SqliteStore.open(tmp_path / "state")
    yield made
    await made.close()


async def test_records_are_in_the_ledger_under_their_case_when_it_returns(store: SqliteStore) -> None:
    case = build.case(GET)
    await gate(case, store=store).record("net.intent", {"kind": "http.get", "to": "api.example.com:443", "method": "GET"})
    (entry,) = [entry async for entry in store.entries(case=case.id)]
    assert json.loads(entry.body)["kind"] == "net.intent"


async def test_a_ledger_that_is_closed_is_an_error_and_not_silence(store: SqliteStore) -> None:
    await store.close()
    with pytest.raises(StoreError):
        await gate(build.case(GET), store=store).record("net.intent", {})


def test_the_kinds_that_leave_are_about_endpoints() -> None:
    assert (CONNECT.kind, CONNECT.resource.type) == (Kind.NET_CONNECT, ResourceType.ENDPOINT)
