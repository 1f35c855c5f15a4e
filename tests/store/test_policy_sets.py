"""The active set is read whole or not at all, and not read again while it stays."""

import hashlib
import sqlite3
from pathlib import Path

import pytest

from guard.errors import StoreError
from guard.store.sqlite import DATABASE
from tests.store.build import NOW, opened, policies


async def test_an_unchanged_set_is_not_read_again_and_a_new_one_is(tmp_path: Path) -> None:
    async with opened(tmp_path / "state") as store:
        first = await store.policies()
        assert await store.policies() is first
        assert await store.activate(policies(2, "e" * 64), now=NOW) == await store.policies()


async def test_a_set_whose_text_is_gone_is_not_read(tmp_path: Path) -> None:
    async with opened(tmp_path / "state") as store:
        with sqlite3.connect(tmp_path / "state" / DATABASE) as database:
            database.execute("DELETE FROM payloads WHERE digest = ?", (hashlib.sha256(b"// set 1\n").hexdigest(),))
        database.close()
        store._policies = None
        with pytest.raises(StoreError, match=r"active policy file default\.cedar is gone"):
            await store.policies()
