"""The sealed box, and what leaves it: every local run happens here, and nothing that it changed reaches the workspace by itself.

    bubblewrap.py   the Sandbox on bubblewrap: one run from Job to Execution
    layout.py       what its box sees: the argument list of bwrap
    container.py    the Sandbox on a container engine
    oci.py          Podman or Docker behind its socket
    contained.py    one container as a box: its start, its run, its death
    room.py         what a container sees
    first.py        the first process of a container; dispatch.py: guard's half of the conversation with it
    image.py        the image that containers are made of
    choice.py       which kind of box is used: the first that passes the deny self-test
    seccomp.py      which system calls the box may make, as a compiled BPF program
    process.py      one box of bubblewrap: its start, its run
    pool.py         boxes that wait ahead of need, each for one run
    joiner.py       what is done inside a box's namespaces from outside: listeners, and the workspace of a box that waited
    join.py         the process that does it
    life.py         a box, whatever built it: its limits, its output, its death, how it ended
    runs.py         what all kinds of boxes do alike: runs that can be cancelled, the folders of one run
    watch.py        what a run uses, measured from outside while it runs
    cgroup.py       control groups, where this machine grants them
    language.py     the command that runs each language
    environment.py  the Python environment of the box: packages installed ahead, by a lock file
    runner.py       the few lines inside the box that run a Python program
    masks.py        which files of the workspace the box must not read, aliases included
    site.py         which folders may be a workspace
    scratch.py      a run's temporary folders, swept when their owner died
    overlay.py      the upper layer -> a change set
    spelling.py     names that a file system takes for one
    blobs.py        the content-addressed store of what a change set holds
    fingerprint.py  a path -> Print, without following anything
    commit.py       the Workspace: a change set into the user's files, and back
    transaction.py  one change set: check, stage, apply, undo
    beneath.py      the user's files through descriptors that cannot leave the workspace
    journal.py      what a commit has done so far, for the crash in between
    retention.py    how long what a commit replaced is kept
    selftest.py     the proof that the box denies

Two reviewers: a mistake in layout, seccomp, overlay or commit is a hole in the wall.
"""
