"""A payload that was changed in the store is not given out."""

import sqlite3
from pathlib import Path

import pytest

from guard.errors import StoreError
from guard.store.sqlite import DATABASE
from tests.store.build import opened


async def test_a_payload_that_was_changed_is_not_given_out(tmp_path: Path) -> None:
    async with opened(tmp_path / "state") as store:
        digest = await store.put(b"the exact code")
        with sqlite3.connect(tmp_path / "state" / DATABASE) as database:
            database.execute("UPDATE payloads SET data = CAST('another code' AS BLOB) WHERE digest = ?", (digest,))
        database.close()
        with pytest.raises(StoreError, match=f"payload {digest[:12]}… was changed"):
            await store.get(digest)
