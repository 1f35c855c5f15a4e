"""The approval console: a face on `guard.desk`, and nothing else.

    from tui import run
    run(open_desk)        # open_desk() -> an async context manager that yields a Desk

`run` returns when the person leaves. It decides nothing: every answer goes through the desk.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from guard.desk import Desk


def run(open_desk: Callable[[], AbstractAsyncContextManager[Desk]], *, case: int | None = None) -> None:
    """Open the console on a desk, and a case in it if one is named."""
    asyncio.run(_run(open_desk, case))


async def _run(open_desk: Callable[[], AbstractAsyncContextManager[Desk]], case: int | None) -> None:
    from tui.app import Console
    from tui.symbols import speaks_utf8

    async with open_desk() as desk:
        await Console(desk, case=case, utf8=speaks_utf8(os.environ)).run_async()
