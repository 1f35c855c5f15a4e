"""guard, and on SIGUSR1 the number of asyncio tasks that it has, in a file. Sessions over HTTP that nobody uses end after IDLE seconds.

    python -m tests.bench.counted FILE IDLE ARGUMENTS…

The signal comes while the event loop runs; the file is written whole or not at all.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys

from guard.cli import main
from guard.front.sessions import Sessions


def count(file: str) -> None:
    """Write how many tasks there are."""
    with open(f"{file}.new", "w", encoding="ascii") as opened:
        opened.write(str(len(asyncio.all_tasks())))
    os.replace(f"{file}.new", file)


if __name__ == "__main__":
    file, idle = sys.argv[1:3]
    del sys.argv[1:3]
    defaults = Sessions.__init__.__kwdefaults__
    assert defaults is not None
    defaults["idle"] = float(idle)
    signal.signal(signal.SIGUSR1, lambda *_: count(file))
    main()
