"""What a run changed: taken out of its dead box, kept, committed into the workspace, and rolled back.

overlay.py      the upper layer of a box -> a change set
blobs.py        the content-addressed store of what change sets hold
fingerprint.py  a path -> Print, without following anything
spelling.py     names that a file system takes for one
commit.py       the Workspace: a change set into the user's files, and back (rollback)
transaction.py  one change set: check, stage, apply, undo
beneath.py      the user's files through descriptors that cannot leave the workspace
journal.py      what a commit has done so far, for the crash in between
retention.py    how long what a commit replaced is kept
"""
