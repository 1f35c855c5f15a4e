"""The sealed box, and what leaves it: every local run happens here, and nothing that it changed reaches the workspace by itself.

    choice.py       which kind of box is used: the first that passes the deny self-test
    selftest.py     the proof that the box denies
    base.py         what every Sandbox does, whatever builds its boxes: from Job to Execution
    bubblewrap.py   the Sandbox on bubblewrap; bubblewrap_box.py: one of its boxes
    container/      the Sandbox on a container engine
    changeset/      what a run changed: sealed, kept, committed, rolled back
    egress/         the broker: the only way out of a box

    of every box:
    layout.py       what it sees; the argument list of bwrap
    masks.py        which files of the workspace it must not read, aliases included
    seccomp.py      which system calls it may make, as a compiled BPF program
    life.py         its limits, its output, its death, how it ended
    watch.py        what it uses, measured from outside while it runs
    cgroup.py       control groups, where this machine grants them
    pool.py         boxes that wait ahead of need, each for one run
    namespaces.py   what is done inside its namespaces from outside; nsenter.py is the process that does it
    runs.py         runs that can be cancelled, and the folders of one
    scratch.py      a run's temporary folders, swept when their owner died
    workspace_checks.py  which folders may be a workspace
    language.py     the command that runs each language; runner.py: the few lines inside the box that run a Python program
    environment.py  the Python environment of the box: packages installed ahead, by a lock file

Two reviewers: a mistake in layout, seccomp, changeset/overlay or changeset/commit is a hole in the wall.
"""
