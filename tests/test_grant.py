"""The grant: the least a run needs, and what lies inside it."""

from __future__ import annotations

import dataclasses

import pytest

from guard.grant import changes_as_effects, covers, grant, uses
from guard.model import ChangeSet, EntryKind, Kind, Loop
from tests.build import FACTS, OPAQUE, change, effect

FOLDER = effect("fs.write", "Folder", "out", exact=False)

CASES = [
    ("a written file may be created", effect("fs.write", "File", "a"), effect("fs.create", "File", "a"), True),
    ("a created file may not be replaced", effect("fs.create", "File", "a"), effect("fs.write", "File", "a"), False),
    ("another file may not be written", effect("fs.write", "File", "a"), effect("fs.write", "File", "b"), False),
    ("any file in a folder known in part", FOLDER, effect("fs.create", "File", "out/x/y"), True),
    ("nothing beside that folder", FOLDER, effect("fs.create", "File", "outside"), False),
    ("writing does not delete", FOLDER, effect("fs.delete", "File", "out/x"), False),
    ("writing is no surface", FOLDER, effect("fs.surface", "File", "out/Makefile"), False),
    ("deleting a folder deletes what is in it", effect("fs.delete", "Folder", "data"), effect("fs.delete", "File", "data/x"), True),
    ("a folder on the way to what is written", effect("fs.create", "Folder", "a/b"), effect("fs.create", "Folder", "a"), True),
    ("a folder beside the way", effect("fs.create", "Folder", "a/b"), effect("fs.create", "Folder", "c"), False),
    ("a host in a domain", effect("net.connect", "Domain", "x.org", exact=False), effect("net.connect", "Endpoint", "a.x.org:443"), True),
    ("any host is no grant", effect("net.connect", "Domain", "", exact=False), effect("net.connect", "Endpoint", "a.x.org:443"), False),
    ("what cannot be seen grants nothing", OPAQUE, effect("fs.write", "File", "a"), False),
]


@pytest.mark.parametrize(("title", "given", "happened", "inside"), CASES, ids=[row[0] for row in CASES])
def test_a_grant_covers_what_was_shown_and_nothing_else(title, given, happened, inside):
    assert covers(grant((given,)), happened) is inside


def test_changes_become_effects_of_their_exact_kind():
    changes = [change("created", "n"), change("modified", "m"), change("deleted", "d"), change("created", ".git/hooks/pre-commit")]
    kinds = [e.kind for e in changes_as_effects(ChangeSet(changes=tuple(changes)), FACTS)]
    assert kinds == [Kind.FS_CREATE, Kind.FS_WRITE, Kind.FS_DELETE, Kind.FS_SURFACE]


def test_a_changed_file_that_became_executable_is_two_effects():
    changed = change("modified", "m")
    assert changed.after is not None
    executable = dataclasses.replace(changed, after=dataclasses.replace(changed.after, mode=0o755))
    assert [e.kind for e in changes_as_effects(ChangeSet(changes=(executable,)), FACTS)] == [Kind.FS_WRITE, Kind.FS_MODE]


def test_every_entry_kind_has_an_effect():
    for kind in EntryKind:
        assert changes_as_effects(ChangeSet(changes=(change(kind.value),)), FACTS)


def test_requests_are_counted_by_their_places_in_the_code_where_each_place_can_be():
    host = ("Endpoint", "api.example:443")
    get, post, connect = effect("http.get", *host), effect("http.post", *host, loop=Loop.BOUNDED, count=3), effect("net.connect", *host)

    def counted(*effects):
        return uses(grant(effects), get)

    assert counted(get, post, connect) == 4
    assert counted(get, get) == 2
    assert uses(grant((connect,)), connect) == 1
    assert counted(get, effect("http.post", *host, loop=Loop.UNBOUNDED)) is None
    assert counted(get, effect("http.post", *host, loop=Loop.BOUNDED)) is None
    assert counted(get, effect("http.get", "Domain", "example", exact=False)) is None, "any host of it, as often as it likes"
    assert grant((effect("fs.write", "File", "a.txt"),)).rules[0].uses is None
