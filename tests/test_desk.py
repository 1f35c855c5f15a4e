"""The reviewer's use-cases, on a real store, box and analysis: what an answer does, and what it may not do."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from datetime import timedelta
from pathlib import Path

import pytest

from guard import config, keys, standing_grants
from guard.cli import compose
from guard.desk import Desk, Draft
from guard.engine import Engine, state_folders
from guard.errors import BadInput, NotPermitted
from guard.model import ANSWERED, FINAL, Case, Person, Stage, Submission
from guard.sandbox.changeset.commit import FileWorkspace
from tests.build import NO_REHEARSALS
from tests.e2e.serving import Place, make
from tests.engines import at_work

WRITE = "open('out.txt', 'w').write('x')"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return make(tmp_path / "guard")


async def submit(engine: Engine, code: str = WRITE, **fields: str) -> Case:
    case = await engine.submit(Submission(agent="claude", language="python", code=code, **fields))
    return await engine.settled(case.id, 30, at=ANSWERED)


async def test_a_signed_approval_commits_what_was_rehearsed_and_a_rollback_takes_it_back(place: Place) -> None:
    async with at_work(place) as (engine, desk):
        case = await submit(engine)
        assert (case.stage, case.rehearsed) == (Stage.WAITING, True)
        assert not (place.workspace / "out.txt").exists()
        answer = await desk.approve(case, person="ann", signer=await desk.unlock("ann", "correct horse"), shown="all of it")
        assert answer.refused is None
        done = await engine.settled(case.id, 30)
        assert done.stage is Stage.DONE
        assert (place.workspace / "out.txt").read_text() == "x"
        undone = await desk.rollback(case.id, person="ann")
        assert undone.refused is None
        assert not (place.workspace / "out.txt").exists()
        again = await desk.rollback(case.id, person="ann")
        assert again.refused is not None
        assert again.refused.code == "settled"


async def test_a_rollback_of_files_that_changed_since_changes_nothing_and_says_which(place: Place) -> None:
    async with at_work(place) as (engine, desk):
        case = await submit(engine)
        await desk.approve(case, person="ann", signer=await desk.unlock("ann", "correct horse"), shown="all of it")
        await engine.settled(case.id, 30)
        (place.workspace / "out.txt").write_text("mine now")
        answer = await desk.rollback(case.id, person="ann")
        assert answer.refused is not None
        assert "out.txt" in answer.refused.why
        assert (place.workspace / "out.txt").read_text() == "mine now"


async def test_a_rollback_that_another_engine_found_done_meanwhile_is_an_answer_and_no_error(place: Place) -> None:
    async with at_work(place) as (engine, desk):
        case = await submit(engine)
        await desk.approve(case, person="ann", signer=await desk.unlock("ann", "correct horse"), shown="all of it")
        await engine.settled(case.id, 30)
        await engine.housekeeping.recovered.wait()

        class Overtaken(FileWorkspace):
            async def rollback(self, case_id: int, workspace: str) -> tuple[str, ...]:
                conflicts = await super().rollback(case_id, workspace)
                await engine.housekeeping.recover()
                return conflicts

        desk._engine.parts = dataclasses.replace(desk._engine.parts, workspace=Overtaken(place.state))
        answer = await desk.rollback(case.id, person="ann")
        assert answer.refused is None
        assert answer.case.rolled_back.startswith("ann, ")
        kinds = [moment.kind for moment in await desk.timeline(case.id)]
        assert kinds.count("rollback.started") == kinds.count("case.rolled-back") == 1


async def test_an_approval_must_say_what_was_shown(place: Place) -> None:
    async with at_work(place) as (engine, desk):
        case = await submit(engine)
        with pytest.raises(BadInput, match="must say what was shown"):
            await desk.approve(case, person="ann", signer=None)


async def test_an_approval_of_what_was_read_before_the_case_changed_is_refused(place: Place) -> None:
    async with at_work(place) as (engine, desk):
        read = await submit(engine)
        await desk.reject(read.id, person="ann", reason="too broad")
        answer = await desk.approve(read, person="ann", signer=await desk.unlock("ann", "correct horse"), shown="all of it")
        assert answer.refused is not None
        assert answer.refused.code == "settled"
        kinds = [moment.kind for moment in await desk.timeline(read.id)]
        assert "case.approved" not in kinds


async def test_two_answers_that_race_become_one_transition(place: Place) -> None:
    """D15."""
    async with at_work(place) as (engine, desk):
        case = await submit(engine)
        signer = await desk.unlock("ann", "correct horse")
        answers = await asyncio.gather(
            desk.approve(case, person="ann", signer=signer, shown="all of it"),
            desk.reject(case.id, person="ann", reason="no"),
            desk.reject(case.id, person="ann", reason="no again"),
        )
        final = await engine.settled(case.id, 30)
        assert final.stage in FINAL
        closed = [moment for moment in await desk.timeline(case.id) if moment.kind == "case.closed"]
        assert len(closed) == 1
        assert sum(answer.refused is None for answer in answers[1:]) <= 1


async def test_a_standing_grant_lets_its_like_run_at_once_counts_it_and_ends_with_the_last_use(place: Place) -> None:
    (place.toml.parent / "policies" / "run.cedar").write_text(NO_REHEARSALS)
    async with at_work(place) as (engine, desk):
        first = await submit(engine)
        offered = standing_grants.offers(first)
        assert not isinstance(offered, str)
        until = desk.now() + timedelta(hours=1)
        await engine.give(standing_grants.write(first, [(offer, 0) for offer in offered], until=until, uses=2, person="ann"))
        assert (await engine.settled(first.id, 30)).stage is Stage.DONE, "what waits and is covered is released"
        second = await engine.settled((await engine.submit(Submission(agent="claude", language="python", code=WRITE + "  # again"))).id, 30)
        assert second.stage is Stage.DONE
        third = await submit(engine, WRITE + "  # once more")
        assert third.stage is Stage.WAITING, "two uses were granted"
        kinds = [m.kind for m in await desk.timeline(first.id)]
        assert "grant.given" in kinds
        await engine.retire()
        assert await engine.store.standing() == []
        await engine.retire()  # whoever ended it may not have written the file yet
        assert "permit" not in (place.toml.parent / "policies" / standing_grants.FILE).read_text()


async def test_a_grant_whose_last_use_met_a_conflict_lets_nothing_run_and_the_case_is_tried_and_waits_again(place: Place) -> None:
    (place.workspace / "out.txt").write_text("before")
    async with at_work(place) as (engine, desk):
        case = await submit(engine)
        (place.workspace / "out.txt").write_text("somebody else's")
        offered = standing_grants.offers(case)
        assert not isinstance(offered, str)
        until = desk.now() + timedelta(hours=1)
        await engine.give(standing_grants.write(case, [(offer, 0) for offer in offered], until=until, uses=1, person="ann"))
        seen = 0
        async with asyncio.timeout(30):
            while [m.kind for m in await desk.timeline(case.id)].count("rehearsal.ended") < 2:
                seen = await engine.store.wait(seen, 5)
        assert (await engine.settled(case.id, 30, at=ANSWERED)).stage is Stage.WAITING
        kinds = [moment.kind for moment in await desk.timeline(case.id)]
        assert kinds.count("commit.started") == kinds.count("commit.conflicted") == 1
        assert (place.workspace / "out.txt").read_text() == "somebody else's"


async def test_what_runs_under_a_grant_that_is_revoked_meanwhile_keeps_no_change(place: Place) -> None:
    (place.toml.parent / "policies" / "run.cedar").write_text(NO_REHEARSALS)
    async with at_work(place) as (engine, desk):
        case = await submit(engine, f"import time\ntime.sleep(2)\n{WRITE}")
        offered = standing_grants.offers(case)
        assert not isinstance(offered, str)
        until = desk.now() + timedelta(hours=1)
        (grant,) = standing_grants.write(case, [(offered[0], 0)], until=until, uses=2, person="ann")
        await engine.give([grant])
        assert (await engine.settled(case.id, 30, at=frozenset({Stage.RUNNING}))).stage is Stage.RUNNING
        await desk.revoke(grant.id, person="ann")
        ended = await engine.settled(case.id, 30)
        assert (ended.stage, "do not permit what it changed" in ended.outcome) == (Stage.FAILED, True)
        assert not (place.workspace / "out.txt").exists()


async def test_the_text_of_a_grant_that_nobody_counts_any_more_leaves_the_policies(place: Place) -> None:
    async with at_work(place) as (engine, desk):
        case = await submit(engine)
        offered = standing_grants.offers(case)
        assert not isinstance(offered, str)
        (grant,) = standing_grants.write(case, [(offered[0], 0)], until=desk.now() + timedelta(hours=1), uses=2, person="ann")
        file = place.toml.parent / "policies" / standing_grants.FILE
        file.write_text(standing_grants.file_text([grant]))  # as if guard had died after it ended the grant in the store
        await engine.refresh_policies()
        await engine.housekeeping.look()
        assert "permit" not in file.read_text()


async def test_a_policy_edit_that_forbids_what_waits_denies_it(place: Place) -> None:
    async with at_work(place) as (engine, _):
        case = await submit(engine)
        text = '@id("frozen") @why("The workspace is frozen.") forbid (principal, action in Guard::Action::"write", resource);'
        (place.toml.parent / "policies" / "team.cedar").write_text(text)
        await engine.refresh_policies()
        denied = await engine.settled(case.id, 30)
        assert denied.stage is Stage.DENIED
        assert "frozen" in denied.outcome


async def test_a_workspace_module_that_is_swapped_after_the_approval_voids_it(place: Place) -> None:
    """D6: a file that the program imports."""
    (place.toml.parent / "policies" / "run.cedar").write_text(NO_REHEARSALS)
    (place.workspace / "helper.py").write_text("def go():\n    open('out.txt', 'w').write('x')\n")
    settings = config.load(place.toml)
    async with compose.open_engine(settings, runs=True) as engine:
        public = keys.make(state_folders(settings)["keys"], "ann", "correct horse")
        await engine.store.add_person(Person(name="ann", key=public), now=engine.parts.clock.now())
        case = await engine.submit(Submission(agent="claude", language="python", code="import helper\nhelper.go()"))
        assert case.stage is Stage.WAITING
        assert case.analysis.modules, "the module joined the analysis and the seal"
        async with compose.open_desk(settings) as desk:
            await desk.approve(case, person="ann", signer=await desk.unlock("ann", "correct horse"), shown="all of it")
        (place.workspace / "helper.py").write_text("import os\ndef go():\n    os.remove('a.txt')\n")
        await engine.housekeeping.look()
        held = await engine.store.load(case.id)
        assert (held.stage, held.approvals) == (Stage.WAITING, ())


# ------------------------------------------------------------------------------------------------------------- approve for a while


async def drafted(desk: Desk, case: Case, *, person: str = "ann", uses: int = 2) -> Draft:
    return await desk.draft(case, person=person, rungs=[0], lasts=timedelta(hours=1), uses=uses)


async def test_a_signed_draft_is_given_exactly_as_it_was_shown_and_releases_what_it_said(place: Place) -> None:
    async with at_work(place) as (engine, desk):
        case = await submit(engine)
        draft = await drafted(desk, case)
        assert draft.releases == (case.id,)
        answer = await desk.give(draft, signer=await desk.unlock("ann", "correct horse"))
        assert answer.refused is None
        assert draft.text in (place.toml.parent / "policies" / standing_grants.FILE).read_text()
        assert (await engine.settled(case.id, 30)).stage is Stage.DONE
        data = next(moment.data for moment in await desk.timeline(case.id) if moment.kind == "grant.given")
        assert (data["person"], data["text"]) == ("ann", draft.text)
        assert data["signature"]


async def test_a_draft_that_was_altered_or_is_of_a_case_that_is_over_is_refused_and_recorded(place: Place) -> None:
    async with at_work(place) as (engine, desk):
        case = await submit(engine)
        signer, draft = await desk.unlock("ann", "correct horse"), await drafted(desk, case)
        (grant,) = draft.grants
        wider = dataclasses.replace(grant, text=grant.text.replace("resource ==", "resource in").replace("File", "Folder"))
        for forged in (
            dataclasses.replace(draft, grants=(wider,)),
            dataclasses.replace(draft, uses=1000),
            dataclasses.replace(draft, until=draft.until + timedelta(days=3)),
            dataclasses.replace(draft, person="bea"),
        ):
            refused = (await desk.give(forged, signer=signer)).refused
            assert refused is not None
            assert refused.code == "changed"
        await desk.reject(case.id, person="ann", reason="no")
        late = (await desk.give(draft, signer=signer)).refused
        assert late is not None
        assert late.code == "settled"
        assert await desk.grants() == []
        kinds = [moment.kind for moment in await desk.timeline(case.id)]
        assert kinds.count("grant.refused") == 5


async def test_nobody_gives_in_the_name_of_another_and_strangers_give_nothing(place: Place) -> None:
    async with at_work(place) as (engine, desk):
        await engine.store.add_person(Person(name="bea", key="ab" * 32), now=desk.now())
        case = await submit(engine)
        signer = await desk.unlock("ann", "correct horse")
        for person, code in (("bea", "other-key"), ("eve", "unknown-person")):
            refused = (await desk.give(await drafted(desk, case, person=person), signer=signer)).refused
            assert refused is not None
            assert refused.code == code
        assert await desk.grants() == []


async def test_the_draft_counts_what_the_past_would_have_been_spared(place: Place) -> None:
    async with at_work(place) as (engine, desk):
        for extra in ("# one", "# two"):
            rejected = await submit(engine, f"{WRITE}  {extra}")
            await desk.reject(rejected.id, person="ann", reason="no")
        await submit(engine, "print(1)")
        other = await submit(engine, "open('other.txt', 'w').write('x')")
        case = await submit(engine)
        await engine.settled(3, 30)
        draft = await drafted(desk, case)
        assert (draft.releases, draft.covered, draft.past) == ((case.id,), 2, 3)
        wide = await desk.draft(case, person="ann", rungs=[1], lasts=timedelta(hours=1), uses=2)
        assert wide.releases == (other.id, case.id)


async def test_a_grant_that_is_revoked_or_whose_person_is_removed_lets_nothing_more_run(place: Place) -> None:
    async with at_work(place) as (engine, desk):
        case = await submit(engine)
        signer = await desk.unlock("ann", "correct horse")
        await desk.give(await drafted(desk, case, uses=9), signer=signer)
        await engine.settled(case.id, 30)
        (grant,) = await desk.grants()
        with pytest.raises(NotPermitted, match="not registered"):
            await desk.revoke(grant.id, person="eve")
        assert await desk.remove_person("ann", person="ann") == (grant.id,)
        assert (await submit(engine, WRITE + "  # later")).stage is Stage.DENIED, "there is nobody left to ask"
        kinds = [moment.kind for moment in await desk.timeline(case.id)]
        assert "grant.ended" in kinds


async def test_who_may_remove_people_and_revoke_grants_is_for_the_policies_to_say_and_a_refusal_is_in_the_ledger(place: Place) -> None:
    mine = """
    @id("only-the-giver-revokes") @why("x")
    forbid (principal, action == Guard::Action::"revoke", resource) unless { resource.given_by == principal };
    @id("nobody-removes-ann") @why("x") forbid (principal, action == Guard::Action::"remove", resource == Guard::Person::"ann");
    """
    async with at_work(place) as (engine, desk):
        await engine.store.add_person(Person(name="bea"), now=desk.now())
        (place.toml.parent / "policies" / "mine.cedar").write_text(mine)
        await engine.refresh_policies()
        case = await submit(engine)
        await desk.give(await drafted(desk, case), signer=await desk.unlock("ann", "correct horse"))
        (grant,) = await desk.grants()
        with pytest.raises(NotPermitted, match="only-the-giver-revokes"):
            await desk.revoke(grant.id, person="bea")
        with pytest.raises(NotPermitted, match="nobody-removes-ann"):
            await desk.remove_person("ann", person="bea")
        with pytest.raises(BadInput, match="no person named eve"):
            await desk.remove_person("eve", person="bea")
        await desk.revoke(grant.id, person="ann")
        await desk.remove_person("bea", person="ann")
        entries = [json.loads(entry.body) async for entry in engine.store.entries()]
        refused = [(e["kind"], e["data"]["person"], e["data"]["code"]) for e in entries if e["kind"].endswith(".refused")]
        assert refused == [("revoke.refused", "bea", "not-eligible"), ("remove.refused", "bea", "not-eligible")]
        assert next(e["data"] for e in entries if e["kind"] == "person.removed") == {"name": "bea", "person": "ann"}


async def test_what_a_removed_person_approved_counts_no_more(place: Place) -> None:
    async with at_work(place) as (engine, desk):
        await engine.store.add_person(Person(name="bea", key="ab" * 32), now=desk.now())
        two = '@id("two") @why("x") forbid (principal, action in Guard::Action::"write", resource) unless { context.approvals >= 2 };'
        (place.toml.parent / "policies" / "two.cedar").write_text(two)
        await engine.refresh_policies()
        case = await submit(engine)
        assert case.decision.owed.approvals == 2
        await desk.approve(case, person="ann", signer=await desk.unlock("ann", "correct horse"), shown="all of it")
        await desk.remove_person("ann", person="ann")
        (place.toml.parent / "policies" / "two.cedar").unlink()
        await engine.refresh_policies()
        await engine.housekeeping.look()
        assert (await engine.store.load(case.id)).stage is Stage.WAITING, "one is owed, and the one who signed is gone"
