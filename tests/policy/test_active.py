"""One store has one active policy set; a bad edit leaves the last good one in force and is said loudly."""

from __future__ import annotations

import dataclasses
import shutil
from contextlib import asynccontextmanager

import pytest

from guard.decide import decide
from guard.errors import ConfigError, PolicyError
from guard.model import Verdict
from guard.policy import active, load
from guard.store.sqlite import SqliteStore
from tests import build
from tests.build import NOON


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(build.POLICIES, tmp_path / "policies")
    return tmp_path / "policies"


@asynccontextmanager
async def opened(folder):
    store = await SqliteStore.open(folder.parent / "state")
    try:
        yield store
    finally:
        await store.close()


async def test_the_folder_becomes_the_active_set_once(folder):
    async with opened(folder) as store:
        first = await active.refresh(store, folder, NOON)
        again = await active.refresh(store, folder, NOON)
        assert (first.generation, first.problem) == (1, "")
        assert again.generation == 1
        assert active.policies_of(again).digest == load.digest(load.read(folder))


async def test_an_edit_that_loads_takes_over(folder):
    async with opened(folder) as store:
        first = await active.refresh(store, folder, NOON)
        (folder / "team.cedar").write_text('@id("no") @why("x") forbid (principal, action, resource);')
        second = await active.refresh(store, folder, NOON)
        assert second.digest != first.digest
        assert decide(build.question(build.COMPUTE), active.policies_of(second)).verdict is Verdict.DENY


@pytest.mark.parametrize(
    "text", ["permit (principal action);", '@id("a") @why("b") forbid (principal, action, resource) when { context.shell };']
)
async def test_a_bad_edit_leaves_the_last_good_set_in_force_and_says_so(folder, text):
    async with opened(folder) as store:
        good = await active.refresh(store, folder, NOON)
        (folder / "team.cedar").write_text(text)
        bad = await active.refresh(store, folder, NOON)
        assert bad.digest == good.digest
        assert "team.cedar:1" in bad.problem
        assert (await active.refresh(store, folder, NOON)).generation == bad.generation, "said once, not at every look"
        (folder / "team.cedar").unlink()
        assert (await active.refresh(store, folder, NOON)).problem == ""


async def test_without_any_good_set_a_broken_folder_raises(folder):
    (folder / "team.cedar").write_text("nonsense")
    async with opened(folder) as store:
        with pytest.raises(PolicyError):
            await active.refresh(store, folder, NOON)
        assert decide(build.question(build.COMPUTE), active.policies_of(await store.policies())).verdict is Verdict.DENY


async def test_a_store_belongs_to_one_policies_folder(folder):
    async with opened(folder) as store:
        await active.refresh(store, folder, NOON)
        shutil.copytree(folder, folder.parent / "other")
        with pytest.raises(ConfigError, match="One store|This state folder"):
            await active.refresh(store, folder.parent / "other", NOON)


async def test_text_in_the_store_that_does_not_load_denies_and_says_broken(folder):
    async with opened(folder) as store:
        good = await active.refresh(store, folder, NOON)
        spoilt = dataclasses.replace(good, files=(("x.cedar", "nonsense"), *good.files))
        decision = decide(build.question(build.COMPUTE), active.policies_of(spoilt))
        assert decision.verdict is Verdict.DENY
        assert "x.cedar:1" in decision.broken


async def test_a_set_with_grants_is_loaded_without_being_put_in_force(folder):
    async with opened(folder) as store:
        current = await active.refresh(store, folder, NOON)
        loaded = active.with_standing(current, '@id("granted") @uses("1") @why("x") permit (principal, action, resource);')
        assert [note.id for note in loaded.notes.values() if note.standing] == ["granted"]
        assert await store.policies() == current
        with pytest.raises(PolicyError):
            active.with_standing(current, "nonsense")
