"""What every store must do (`guard.ports.Store`), run over each implementation: a new one adds a row to `STORES`."""

import asyncio
import hashlib
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta, timezone
from pathlib import Path

import pytest
import pytest_asyncio

from guard.errors import BadInput, Conflict, GuardError, StoreError
from guard.model import AuditEvent, Case, Ending, Execution, Head, Person, Stage, Standing
from guard.ports import Store
from guard.store.sqlite import SqliteStore
from tests.store.build import DIGEST, EVENTS, NOW, approval, case, created, policies, verified

Opener = Callable[[], Awaitable[Store]]

STORES: dict[str, Callable[[Path], Awaitable[Store]]] = {"sqlite": lambda path: SqliteStore.open(path / "state")}


@pytest_asyncio.fixture(params=STORES)
async def another(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Opener]:
    """Opens the same store once more, as another process would."""
    stores: list[Store] = []

    async def open_() -> Store:
        stores.append(await STORES[request.param](tmp_path))
        return stores[-1]

    yield open_
    for store in stores:
        await store.close()


@pytest_asyncio.fixture
async def store(another: Opener) -> Store:
    opened = await another()
    await opened.activate(policies(), now=NOW)
    return opened


async def bodies(store: Store, **query: int) -> list[dict[str, object]]:
    return [json.loads(entry.body) async for entry in store.entries(**query)]  # type: ignore[arg-type]


async def unchanged_by(store: Store, act: Awaitable[object], error: type[GuardError], saying: str) -> None:
    """The act raises, and neither the ledger nor a case is different afterwards."""
    before = (await store.head(), await store.cases(), await store.policies(), await store.people())
    with pytest.raises(error, match=saying):
        await act
    assert (await store.head(), await store.cases(), await store.policies(), await store.people()) == before
    assert not (await verified(store)).problem


# ----------------------------------------------------------------------------------------------------------------------- cases


async def test_a_case_comes_back_as_it_was_created_with_an_id(store: Store) -> None:
    made = await created(store)
    assert made == case(id=made.id)
    assert made.id > 0
    assert await store.load(made.id) == made
    assert await store.by_ticket("ticket-1") == made


async def test_ids_rise_and_are_never_given_twice(store: Store) -> None:
    assert [(await created(store, f"t{n}")).id for n in range(3)] == [1, 2, 3]


async def test_the_records_of_a_case_carry_its_id_unless_they_name_another(store: Store) -> None:
    records = (*EVENTS[:1], AuditEvent(kind="case.superseded", case=77))
    made = await created(store, records=records)
    await store.save(made, records, now=NOW, before=made, policy_digest=None)
    twice = [("case.submitted", made.id), ("case.superseded", 77)] * 2
    assert [(body["kind"], body["case"]) for body in await bodies(store, after=1)] == twice


async def test_the_exact_code_is_kept_as_a_payload(store: Store) -> None:
    text = "print('é')\r\n\0\ufeff# \u202e"
    await store.create(replace(case(), submission=replace(case().submission, code=text)), EVENTS, now=NOW, policy_digest=DIGEST)
    assert await store.get(hashlib.sha256(text.encode()).hexdigest()) == text.encode()
    loaded = await store.by_ticket("ticket-1")
    assert loaded is not None
    assert loaded.submission.code == text


async def test_a_ticket_belongs_to_one_case(store: Store) -> None:
    await created(store)
    await unchanged_by(store, created(store), Conflict, "ticket")


async def test_a_case_is_not_created_if_others_of_its_agent_wait_than_its_decision_took_for_true(store: Store) -> None:
    seen = await store.present(agent=case().submission.agent, code=case().submission.code_digest)
    first = await store.create(case(), EVENTS, now=NOW, policy_digest=DIGEST, seen=seen)
    second = store.create(case("ticket-2"), EVENTS, now=NOW, policy_digest=DIGEST, seen=seen)
    await unchanged_by(store, second, Conflict, "wait by now")
    await store.save(replace(first, stage=Stage.DENIED), EVENTS, now=NOW, before=first, policy_digest=None)
    await store.create(case("ticket-2"), EVENTS, now=NOW, policy_digest=DIGEST, seen=seen)


async def test_a_case_is_not_created_if_the_people_or_what_it_could_join_are_others_than_its_decision_saw(store: Store) -> None:
    agent, code = case().submission.agent, case().submission.code_digest
    seen = await store.present(agent=agent, code=code)
    await store.add_person(Person(name="ada"), now=NOW)
    new = store.create(case(), EVENTS, now=NOW, policy_digest=DIGEST, seen=seen)
    await unchanged_by(store, new, Conflict, "people")
    seen = await store.present(agent=agent, code="0" * 64)
    other = await store.create(replace(case(), submission=replace(case().submission, code="2")), EVENTS, now=NOW, policy_digest=DIGEST)
    await store.create(case("ticket-2"), EVENTS, now=NOW, policy_digest=DIGEST)
    await store.save(replace(other, stage=Stage.DENIED), EVENTS, now=NOW, before=other, policy_digest=None)
    new = store.create(case("ticket-3"), EVENTS, now=NOW, policy_digest=DIGEST, seen=replace(seen, waiting=1))
    await unchanged_by(store, new, Conflict, "wait by now")
    seen = await store.present(agent=agent, code=code)
    assert (await store.create(case("ticket-3"), EVENTS, now=NOW, policy_digest=DIGEST, seen=seen)).id == 3


async def test_a_case_is_not_created_if_grants_or_the_ledgers_time_are_others_than_its_decision_saw(store: Store) -> None:
    agent, code = case().submission.agent, case().submission.code_digest
    seen = await store.present(agent=agent, code=code)
    grant = Standing(id="g", text="…", until=NOW + timedelta(days=1), left=2, case=1, person="ada", what="")
    await store.add_standing([grant], now=NOW)
    await unchanged_by(store, store.create(case(), EVENTS, now=NOW, policy_digest=DIGEST, seen=seen), Conflict, "standing grants")
    seen = await store.present(agent=agent, code=code)
    await store.create(case(), EVENTS, now=NOW, policy_digest=DIGEST, uses=["g"], seen=seen)
    seen = replace(seen, waiting=1, standing=(replace(grant, left=1),))
    other = replace(case("ticket-2"), submission=replace(case().submission, code="2"))
    await store.append([AuditEvent(kind="box.proved")], now=NOW + timedelta(seconds=1))
    await unchanged_by(store, store.create(other, EVENTS, now=NOW, policy_digest=DIGEST, seen=seen), Conflict, "later time")
    assert (await store.create(other, EVENTS, now=NOW + timedelta(seconds=1), policy_digest=DIGEST, seen=seen)).id == 2


async def test_what_a_decision_is_made_by_is_read_at_one_moment(store: Store) -> None:
    made = await created(store)
    other = await store.create(
        replace(case("ticket-2"), submission=replace(case().submission, code="2")), EVENTS, now=NOW, policy_digest=DIGEST
    )
    agent = made.submission.agent
    found = await store.present(agent=agent, code=made.submission.code_digest)
    assert (found.waiting, found.alike) == (2, (made,))
    assert (found.policies, found.people, found.standing) == (await store.policies(), await store.people(), ())
    assert found.head == await store.head()
    await store.save(replace(other, stage=Stage.REHEARSING), EVENTS, now=NOW, before=other, policy_digest=None)
    await store.save(replace(made, stage=Stage.DONE), EVENTS, now=NOW, before=made, policy_digest=None)
    found = await store.present(agent=agent, code=made.submission.code_digest)
    assert (found.waiting, found.alike) == (1, ())
    nobody = await store.present(agent="somebody else", code=made.submission.code_digest)
    assert (nobody.waiting, nobody.alike) == (0, ())


async def test_a_save_replaces_the_case_and_counts_its_version(store: Store) -> None:
    made = await created(store)
    running = await store.save(replace(made, stage=Stage.RUNNING, runner="e1"), EVENTS, now=NOW, before=made, policy_digest=DIGEST)
    assert running == replace(made, stage=Stage.RUNNING, runner="e1", version=made.version + 1)
    assert await store.load(made.id) == running


@pytest.mark.parametrize(
    ("difference", "name"),
    [
        (lambda c: replace(c, version=c.version + 1), "version"),
        (lambda c: replace(c, version=c.version - 1), "version"),
        (lambda c: replace(c, stage=Stage.RUNNING), "stage"),
        (lambda c: replace(c, seal="6" * 64), "seal"),
        (lambda c: replace(c, approvals=(approval(c),)), "approvals"),
    ],
    ids=["later version", "earlier version", "stage", "seal", "approvals"],
)
async def test_a_save_on_another_state_than_it_saw_is_a_conflict(store: Store, difference: Callable[[Case], Case], name: str) -> None:
    made = await created(store)
    act = store.save(replace(made, stage=Stage.DONE), EVENTS, now=NOW, before=difference(made), policy_digest=DIGEST)
    await unchanged_by(store, act, Conflict, f"changed case {made.id} first .its {name}")


async def test_an_approval_that_changed_in_one_word_is_a_conflict(store: Store) -> None:
    made = await created(store)
    approved = await store.save(replace(made, approvals=(approval(made),)), (), now=NOW, before=made, policy_digest=None)
    seen = replace(approved, approvals=(replace(approval(made), shown="all 71 lines"),))
    await unchanged_by(store, store.save(approved, (), now=NOW, before=seen, policy_digest=None), Conflict, "approvals")


async def test_a_save_never_changes_what_was_submitted(store: Store) -> None:
    made = await created(store)
    edited = replace(made, submission=replace(made.submission, code="import os"))
    await unchanged_by(store, store.save(edited, (), now=NOW, before=made, policy_digest=None), StoreError, "what was submitted")


async def test_a_final_stage_never_changes(store: Store) -> None:
    made = await created(store)
    done = await store.save(replace(made, stage=Stage.DONE), (), now=NOW, before=made, policy_digest=None)
    again = replace(done, stage=Stage.RUNNING)
    await unchanged_by(store, store.save(again, EVENTS, now=NOW, before=done, policy_digest=DIGEST), StoreError, "is done, which is final")
    rolled_back = replace(done, rolled_back="ada")
    assert (await store.save(rolled_back, EVENTS, now=NOW, before=done, policy_digest=None)).rolled_back == "ada"


async def test_a_case_that_is_not_there_cannot_be_saved(store: Store) -> None:
    gone = case(id=4)
    await unchanged_by(store, store.save(gone, EVENTS, now=NOW, before=gone, policy_digest=None), Conflict, "no case 4")


async def test_creating_and_saving_compare_the_active_policies(store: Store) -> None:
    made = await created(store)
    await store.activate(policies(2, "e" * 64), now=NOW)
    await unchanged_by(store, created(store, "t2"), Conflict, "other policies")
    running = replace(made, stage=Stage.RUNNING)
    await unchanged_by(store, store.save(running, EVENTS, now=NOW, before=made, policy_digest=DIGEST), Conflict, "other policies")
    assert (await store.save(running, EVENTS, now=NOW, before=made, policy_digest=None)).stage is Stage.RUNNING


async def test_what_acts_compares_who_is_registered(store: Store) -> None:
    made = await created(store)
    await store.add_person(Person(name="ada"), now=NOW)
    running = replace(made, stage=Stage.RUNNING)
    act = store.save(running, EVENTS, now=NOW, before=made, policy_digest=DIGEST, people=())
    await unchanged_by(store, act, Conflict, "other people")
    people = await store.people()
    assert (await store.save(running, EVENTS, now=NOW, before=made, policy_digest=DIGEST, people=people)).stage is Stage.RUNNING


async def test_nothing_is_created_before_policies_are_active(another: Opener) -> None:
    await unchanged_by(await another(), created(await another()), Conflict, "no policies are active")


async def test_a_case_whose_record_cannot_be_written_is_not_stored(store: Store) -> None:
    bad = AuditEvent(kind="case.submitted", data={"intent": "\ud800"})
    await unchanged_by(store, created(store, records=(*EVENTS, bad)), BadInput, "cannot record")
    made = await created(store)
    act = store.save(replace(made, stage=Stage.RUNNING), (*EVENTS, bad), now=NOW, before=made, policy_digest=DIGEST)
    await unchanged_by(store, act, BadInput, "cannot record")


async def test_a_case_that_cannot_be_stored_exactly_is_refused(store: Store) -> None:
    made = await created(store)
    lone = replace(made, outcome="\udcff")
    await unchanged_by(store, store.save(lone, EVENTS, now=NOW, before=made, policy_digest=None), BadInput, "cannot be stored exactly")


@pytest.mark.parametrize("number", [0, -1, 7, 2**63, 10**30])
async def test_a_number_without_a_case_is_said(store: Store, number: int) -> None:
    with pytest.raises(BadInput, match=f"there is no case {number}"):
        await store.load(number)


@pytest.mark.parametrize("ticket", ["", "nothing", "\ud800", "'; DROP TABLE cases; --", "\0"])
async def test_a_ticket_without_a_case_has_none(store: Store, ticket: str) -> None:
    await created(store)
    assert await store.by_ticket(ticket) is None


async def test_cases_are_listed_by_stage_and_agent_in_order(store: Store) -> None:
    one, two, three = [await created(store, f"t{n}") for n in range(3)]
    two = await store.save(replace(two, stage=Stage.RUNNING), (), now=NOW, before=two, policy_digest=None)
    other = replace(case("t4"), submission=replace(case().submission, agent="codex"))
    four = await store.create(other, (), now=NOW, policy_digest=DIGEST)
    assert await store.cases() == [one, two, three, four]
    assert await store.cases(stages=(Stage.WAITING,)) == [one, three, four]
    assert await store.cases(stages=(Stage.WAITING, Stage.RUNNING), agent="claude") == [one, two, three]
    assert await store.cases(newest_first=True, limit=2) == [four, three]
    assert await store.cases(agent="nobody") == []


async def test_due_are_the_cases_that_wait_or_rehearse_and_whose_time_is_over(store: Store) -> None:
    second, zone = timedelta(seconds=1), timezone(timedelta(hours=9))
    at = NOW.replace(microsecond=0)
    times = [at, at + second / 2, at.astimezone(zone), (at + second).astimezone(zone), at + second]
    made = [await store.create(case(f"t{n}", expires_at=when), (), now=NOW, policy_digest=DIGEST) for n, when in enumerate(times)]
    assert [c.id for c in await store.due(at)] == [made[0].id, made[2].id]
    assert [c.id for c in await store.due((at + second / 2).astimezone(zone))] == [made[0].id, made[1].id, made[2].id]
    trying = await store.save(replace(made[0], stage=Stage.REHEARSING), (), now=NOW, before=made[0], policy_digest=None)
    await store.save(replace(made[1], stage=Stage.REJECTED), (), now=NOW, before=made[1], policy_digest=None)
    await store.save(replace(made[2], stage=Stage.RUNNING), (), now=NOW, before=made[2], policy_digest=None)
    longer = replace(made[4], expires_at=at + 9 * second)
    await store.save(longer, (), now=NOW, before=made[4], policy_digest=None)
    assert await store.due(at + second) == [trying, made[3]]


async def test_many_cases_are_listed_whole(store: Store) -> None:
    made = [await created(store, f"t{n}") for n in range(30)]
    assert await store.cases() == made


async def test_a_big_program_and_its_output_are_kept_whole(store: Store) -> None:
    big = replace(case(), submission=replace(case().submission, code="x = '" + "y" * 10_000_000 + "'"))
    made = await store.create(big, EVENTS, now=NOW, policy_digest=DIGEST)
    done = replace(made, execution=Execution(ending=Ending.EXITED, stdout="z" * 1_000_000))
    saved = await store.save(done, (), now=NOW, before=made, policy_digest=None)
    assert await store.load(made.id) == saved


# ---------------------------------------------------------------------------------------------------------------------- ledger


async def test_the_ledger_starts_empty(another: Opener) -> None:
    empty = await another()
    assert await empty.head() == Head()
    assert await bodies(empty) == []


async def test_every_write_extends_one_chain_that_verifies(store: Store) -> None:
    made = await created(store)
    await store.save(replace(made, stage=Stage.RUNNING), EVENTS, now=NOW, before=made, policy_digest=DIGEST)
    await store.add_person(Person(name="ada"), now=NOW)
    end = await store.append([AuditEvent(kind="guard.started")], now=NOW)
    assert end == await store.head()
    found = await verified(store)
    assert (found.count, found.head, found.problem) == (9, end, "")


async def test_a_clock_that_moves_back_does_not_move_the_ledger_back(store: Store) -> None:
    await store.append([AuditEvent(kind="a")], now=NOW + timedelta(hours=1))
    end = await store.append([AuditEvent(kind="b")], now=NOW - timedelta(days=1))
    assert end.at == NOW + timedelta(hours=1)
    assert (await store.append([AuditEvent(kind="c")], now=NOW)).at == (await store.head()).at == NOW + timedelta(hours=1)
    assert not (await verified(store)).problem


async def test_entries_are_listed_after_a_number_and_for_one_case(store: Store) -> None:
    one, two = await created(store, "t1"), await created(store, "t2")
    await store.save(one, EVENTS[:1], now=NOW, before=one, policy_digest=None)
    assert [body["seq"] for body in await bodies(store, after=6)] == [7, 8]
    assert [body["seq"] for body in await bodies(store, case=two.id)] == [5, 6, 7]
    assert [body["seq"] for body in await bodies(store, after=5, case=two.id)] == [6, 7]
    assert await bodies(store, after=8) == []
    assert await bodies(store, case=99) == []


async def test_a_long_ledger_is_listed_whole_while_it_grows(store: Store) -> None:
    await store.append([AuditEvent(kind="x", case=n % 2 + 1) for n in range(1200)], now=NOW)
    listed = []
    async for entry in store.entries(after=1):
        if not listed:
            await store.append([AuditEvent(kind="late", case=1)], now=NOW)
        listed.append(entry.seq)
    assert listed == list(range(2, 1203))
    assert len(await bodies(store, case=1)) == 601


# ------------------------------------------------------------------------------------------------ payloads, policies and people


async def test_payloads_are_kept_by_their_digest(store: Store) -> None:
    data = bytes(range(256)) * 3
    digest = await store.put(data)
    assert digest == hashlib.sha256(data).hexdigest()
    assert await store.put(data) == digest
    assert await store.get(digest) == data
    assert await store.get("0" * 64) is None
    assert await store.get(await store.put(b"")) == b""


async def test_the_active_policies_are_the_last_activated_with_a_ledger_entry(store: Store) -> None:
    active = await store.activate(policies(2, "e" * 64, problem="default.cedar:3 does not parse"), now=NOW + timedelta(minutes=1))
    assert active == replace(policies(2, "e" * 64, problem="default.cedar:3 does not parse"), activated_at=NOW + timedelta(minutes=1))
    assert await store.policies() == active
    entry = (await bodies(store))[-1]
    assert entry["kind"] == "policies.activated"
    data = entry["data"]
    assert isinstance(data, dict)
    assert (data["digest"], data["generation"], data["source"]) == ("e" * 64, 2, "/etc/guard")
    assert await store.get(data["files"]["default.cedar"]) == b"// set 2\n"


@pytest.mark.parametrize("generation", [0, 1, 3])
async def test_a_policy_set_that_is_not_the_successor_is_a_conflict(store: Store, generation: int) -> None:
    await unchanged_by(store, store.activate(policies(generation, "e" * 64), now=NOW), Conflict, "cannot follow the active set 1")


async def test_policies_activated_elsewhere_are_seen(store: Store, another: Opener) -> None:
    other = await another()
    assert await other.policies() == await store.policies()
    active = await store.activate(policies(2, "e" * 64), now=NOW)
    assert await other.policies() == active


async def test_a_key_replaces_the_one_before_with_a_ledger_entry(store: Store) -> None:
    await store.add_person(Person(name="ada", teams=("data",)), now=NOW)
    await store.set_key("ada", "ab", now=NOW)
    await store.set_key("ada", "cd", now=NOW)
    assert await store.people() == (Person(name="ada", teams=("data",), key="cd"),)
    kinds = [json.loads(entry.body)["kind"] async for entry in store.entries()]
    assert kinds[-3:] == ["person.added", "person.key", "person.key"]


async def test_a_key_of_nobody_is_refused(store: Store) -> None:
    await unchanged_by(store, store.set_key("ada", "ab", now=NOW), BadInput, "no person named ada")


async def test_a_person_who_is_removed_is_gone_with_a_ledger_entry(store: Store) -> None:
    await store.add_person(Person(name="ada"), now=NOW)
    await store.remove_person("ada", by="bob", now=NOW)
    assert await store.people() == ()
    assert (await bodies(store))[-1]["kind"] == "person.removed"
    await unchanged_by(store, store.remove_person("ada", by="bob", now=NOW), BadInput, "no person named ada")


async def test_people_are_kept_by_name_with_a_ledger_entry(store: Store) -> None:
    grace = Person(name="grace", teams=("ops", "security"), os_user="grace", key="ab" * 32)
    await store.add_person(grace, now=NOW)
    await store.add_person(Person(name="ada"), now=NOW)
    assert await store.people() == (Person(name="ada"), grace)
    assert [body["data"]["name"] for body in await bodies(store, after=1)] == ["grace", "ada"]  # type: ignore[index]
    await unchanged_by(store, store.add_person(Person(name="ada", key="cd"), now=NOW), Conflict, "ada already")


# --------------------------------------------------------------------------------------------------------- several at one store


async def test_of_two_saves_of_the_same_case_exactly_one_wins(store: Store, another: Opener) -> None:
    made, other = await created(store), await another()
    saves = [
        s.save(replace(made, runner=name), EVENTS, now=NOW, before=made, policy_digest=DIGEST) for s, name in ((store, "a"), (other, "b"))
    ]
    results = await asyncio.gather(*saves, return_exceptions=True)
    assert {type(result) for result in results} == {Case, Conflict}
    (winner,) = [result for result in results if isinstance(result, Case)]
    assert await other.load(made.id) == await store.load(made.id) == winner
    assert len(await bodies(store, case=made.id)) == 6


async def test_a_change_by_another_is_seen_within_200_ms(store: Store, another: Opener) -> None:
    other = await another()
    seen = await store.wait(0, 0)
    for name in ("ada", "grace", "mary"):
        waiting = asyncio.create_task(store.wait(seen, 5))
        await asyncio.wait({waiting}, timeout=0.06)
        assert not waiting.done(), "nothing has changed yet"
        await other.add_person(Person(name=name), now=NOW)
        began = time.monotonic()
        seen = await waiting
        assert time.monotonic() - began < 0.2
        assert name in {person.name for person in await store.people()}


async def test_a_change_by_oneself_wakes_everybody_who_waits(store: Store) -> None:
    seen = await store.wait(0, 0)
    waiting = [asyncio.create_task(store.wait(seen, 5)) for _ in range(20)]
    await asyncio.wait(waiting, timeout=0.06)
    await store.append([AuditEvent(kind="x")], now=NOW)
    assert len({await asyncio.wait_for(task, 1) for task in waiting}) == 1
    assert waiting[0].result() != seen


async def test_waiting_ends_at_its_timeout_with_the_same_counter(store: Store) -> None:
    seen = await store.wait(0, 0)
    assert await store.wait(seen, 0.12) == seen
    assert await store.wait(seen, 0) == seen


async def test_a_caller_that_is_cancelled_leaves_nothing_half_done(store: Store) -> None:
    made = await created(store)
    for number in range(20):
        before = await store.load(made.id)
        task = asyncio.create_task(store.save(replace(before, runner=str(number)), EVENTS, now=NOW, before=before, policy_digest=None))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task})
        await store.append([], now=NOW)  # its turn comes after the cancelled one's
    after = await store.load(made.id)
    assert after.version > 0, "some of them happened"
    assert len(await bodies(store, case=made.id)) == 3 * (1 + after.version), "each save that happened has its entries"
    assert not (await verified(store)).problem


async def test_a_closed_store_says_so_and_closing_again_is_nothing(store: Store) -> None:
    seen = await store.wait(0, 0)
    waiting = asyncio.create_task(store.wait(seen, 5))
    await asyncio.wait({waiting}, timeout=0.02)
    await store.close()
    await store.close()
    for act in (waiting, store.load(1), store.append([], now=NOW)):
        with pytest.raises(StoreError, match="closed"):
            await asyncio.wait_for(act, 1)
