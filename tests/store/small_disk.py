"""A store on a full, then on a read-only disk: `unshare -Urm python -m tests.store.small_disk FOLDER`. Mounts a small tmpfs there."""

import asyncio
import subprocess
import sys
from pathlib import Path

from guard.errors import StoreError
from tests.store.build import created, opened, verified


async def fill(disk: Path) -> None:
    stored = 0
    async with opened(disk / "state") as store:
        ballast = disk / "ballast"
        ballast.write_bytes(b"x" * 1_000_000)
        try:
            while True:
                stored = (await created(store, f"t{stored}")).id
        except StoreError as error:
            print("full:", error, "|", error.hint)
        assert stored > 0
        assert len(await store.cases()) == stored, "what was stored before is safe, and nothing is half stored"
        assert not (await verified(store)).problem
        ballast.unlink()
        assert (await created(store, "again")).id > stored
        assert not (await verified(store)).problem
    print("again: stored")


async def read_only(disk: Path) -> None:
    try:
        async with opened(disk / "state"):
            print("opened")
    except StoreError as error:
        print("read-only:", error)


if __name__ == "__main__":
    place = Path(sys.argv[1])
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place)], check=True)
    asyncio.run(fill(place))
    subprocess.run(["mount", "-o", "bind,remount,ro", str(place)], check=True)
    asyncio.run(read_only(place))
