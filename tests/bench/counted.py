"""guard, and on SIGUSR1 the number of asyncio tasks that it has, in a file.

    python -m tests.bench.counted FILE ARGUMENTS…

The signal comes while the event loop runs; the file is written whole or not at all.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys

from guard.cli import main


def count(file: str) -> None:
    """Write how many tasks there are."""
    with open(f"{file}.new", "w", encoding="ascii") as opened:
        opened.write(str(len(asyncio.all_tasks())))
    os.replace(f"{file}.new", file)


if __name__ == "__main__":
    del sys.argv[0]
    signal.signal(signal.SIGUSR1, lambda *_: count(sys.argv[0]))
    main()
