"""A commit (or rollback) in a process of its own that dies by SIGKILL at a step: `python -m tests.sandbox.crash PLAN STEP`.

PLAN is a pickled dict: state, workspace, changes (None: roll back), edits (path -> bytes, written by "somebody else" as soon as the
journal says that the commit applies). STEP is the number of the step to die at; -1: none. Prints each step.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from pathlib import Path

from guard.sandbox.changeset.commit import FileWorkspace


def main(plan_path: str, die_at: int) -> None:
    plan = pickle.loads(Path(plan_path).read_bytes())
    count = 0

    def step(name: str) -> None:
        nonlocal count
        print(name, flush=True)
        if name == "journal applying":
            for path, data in plan["edits"].items():
                Path(plan["workspace"], path).write_bytes(data)
        if count == die_at:
            os.kill(os.getpid(), signal.SIGKILL)
        count += 1

    files = FileWorkspace(Path(plan["state"]), step=step)
    if plan["changes"] is None:
        conflicts = files.rollback_now(1, plan["workspace"])
    else:
        conflicts = files.commit_now(1, plan["workspace"], plan["changes"])
    print("conflicts", *conflicts)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
