"""Every sentence is made of fixed words and visible names, and reads well in singular, plural and zero."""

from __future__ import annotations

import pytest

from guard.model import CLASSES, EntryKind, Kind, Loop
from guard.visible import visible
from guard.words import changed, clauses, count, effect_words, headline, letters, lost, name, often, strip, telling, would
from tests.build import FACTS, OPAQUE, READ, WRITE, effect

HOOKS = effect("http.post", "Endpoint", "hooks.example.net:443")
RAW = effect("fs.delete", "Folder", "data/raw", exact=False, loop=Loop.UNBOUNDED)


@pytest.mark.parametrize(
    ("effects", "said"),
    [
        ([], "Only computes."),
        ([effect("compute"), effect("answer")], "Only computes."),
        ([RAW, HOOKS, WRITE], "Deletes files in data/raw, sends data to hooks.example.net, creates or replaces a.txt."),
        ([effect("fs.delete", "File", "a", certain=False)], "May delete a."),
        ([effect("fs.read", "File", n) for n in "ab"], "Reads a and b."),
        ([effect("fs.write", "File", f"src/x{i}.py") for i in range(12)], "Changes 12 files in src."),
        ([effect("fs.write", "Folder", "/", exact=False)], "Creates or replaces files in a place that it computes."),
        ([effect("fs.surface", "File", "Makefile")], "Changes Makefile, which other tools run later."),
        ([effect("fs.surface", "File", n) for n in ("Makefile", "setup.py")], "Changes 2 files in the workspace that other tools run later."),
        ([effect("fs.mode", "File", "run.sh")], "Makes run.sh executable."),
        ([effect("http.get", "Endpoint", f"h{i}.python.org:443") for i in range(4)], "Fetches from 4 hosts in python.org."),
        ([effect("http.get", "Endpoint", h) for h in ("a.org:443", "b.net:443", "c.com:443", "d.io:443")], "Fetches from 4 hosts: a.org, b.net and 2 more."),
        ([effect("net.connect", "Endpoint", "db.local:5432")], "Connects to db.local:5432."),
        ([effect("net.connect", "Domain", "")], "Connects to a host that it computes."),
        ([effect("sql.drop", "Table", "orders/staging")], "Drops the table staging."),
        ([effect("proc.exec", "Program", "git")], "Starts the program git."),
        ([OPAQUE], "Does something that cannot be seen before it runs."),
        ([effect("secret.read", "File", ".env"), effect("env.read", "Variable", "HOME")], "Uses the secret .env, reads the variable HOME."),
        ([effect("fs.delete", "Folder", "src"), *(effect("fs.delete", "File", f"src/m{i}.py") for i in range(3))], "Deletes the folder src and 3 files in it."),
        ([effect("fs.delete", "Folder", f) for f in ("a", "b", "a/c")], "Deletes the folders a and b."),
        ([effect("fs.delete", "Folder", "src"), effect("fs.delete", "File", "srcs.txt")], "Deletes the folder src and srcs.txt."),
        ([effect("http.post", "Endpoint", "hooks.example.net:443", tainted=True), HOOKS], "Sends private data to hooks.example.net, sends data to hooks.example.net."),
        ([effect("http.get", "Endpoint", "x.example.net:443", tainted=True)], "Sends private data to x.example.net."),
        ([effect("http.delete", "Domain", "", tainted=True)], "Deletes at a host that it computes (HTTP DELETE) with private data."),
        ([RAW, OPAQUE, HOOKS, WRITE, READ], "Deletes files in data/raw, does something that cannot be seen before it runs, sends data to hooks.example.net, and 2 more (W, R)."),
    ],
)  # fmt: skip
def test_the_headline(effects: list, said: str) -> None:
    assert headline(effects, FACTS) == said


def test_destroying_and_unseen_clauses_are_never_among_the_more() -> None:
    grave = [
        effect("fs.delete", "File", "a"),
        effect("sql.drop", "Table", "d/t"),
        effect("sql.delete", "Table", "d/u"),
        OPAQUE,
        effect("proc.exec", "Program", "x"),
    ]
    said = headline([*grave, WRITE], FACTS)
    assert said.endswith("starts the program x, and 1 more (W).")


def test_what_carries_secrets_away_is_never_among_the_more_and_secrets_come_first_of_what_is_read() -> None:
    """A summary that is shorter must not be more harmless."""
    leaks = effect("http.post", "Endpoint", "metrics.example.net:443", tainted=True)
    reads = [effect("fs.list", "Folder", "a"), effect("fs.read", "File", "a.md"), effect("secret.read", "File", ".env")]
    told = "Sends private data to metrics.example.net, creates or replaces a.txt, uses the secret .env, and 2 more (2 R)."
    assert headline([WRITE, *reads, leaks], FACTS) == told
    many = [effect("sql.drop", "Table", "d/t"), effect("fs.delete", "File", "a"), OPAQUE]
    assert "sends private data to metrics" in headline([*many, leaks, *reads], FACTS)
    assert "uses the secret .env" in headline([*many, leaks, *reads], FACTS)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_words_a_letter_and_a_form_after_would(kind: Kind) -> None:
    one = effect(kind.value, "File", "a.txt")
    assert effect_words(one, FACTS)
    assert would([one], FACTS)
    assert (letters(one) == "") == (kind in (Kind.COMPUTE, Kind.ANSWER))
    assert CLASSES[kind]


def test_the_strip_has_a_fixed_place_for_each_class() -> None:
    assert strip([RAW, HOOKS, WRITE]) == "-WND-"
    assert strip([OPAQUE]) == "----?"
    assert strip([effect("http.get", "Endpoint", "a.org:443"), effect("net.connect", "Endpoint", "a.org:443")]) == "--N--", "as it is told"
    assert strip([READ]) == "R----"
    assert strip([]) == "-----"


def test_the_connection_of_a_request_is_not_told_twice() -> None:
    assert telling([HOOKS, effect("net.connect", "Endpoint", "hooks.example.net:443")]) == (HOOKS,)


def test_names_from_outside_are_visible() -> None:
    hostile = effect("fs.delete", "File", "a\u202eb\x1b[2J")
    assert name(hostile.resource, FACTS) == visible("a\u202eb\x1b[2J")
    assert headline([hostile], FACTS) == "Deletes a‹U+202E RLO›b‹U+001B ESC›[2J."


def test_how_often_is_said_only_when_it_is_not_once() -> None:
    assert often(WRITE) == ""
    assert often(effect("fs.write", "File", "a", loop=Loop.BOUNDED, count=12)) == "in a loop, up to 12 times"
    assert often(RAW) == "in a loop; how many is not known before it runs"


@pytest.mark.parametrize(
    ("number", "noun", "said"),
    [(0, "file", "no files"), (1, "file", "1 file"), (2, "file", "2 files"), (1, "person", "1 person"), (3, "person", "3 people"), (2, "more person", "2 more people"),
     (2, "entry", "2 entries"), (13, "key", "13 keys"), (1200, "line", "1,200 lines")],
)  # fmt: skip
def test_counting(number: int, noun: str, said: str) -> None:
    assert count(number, noun) == said


def test_one_clause_for_the_same_thing_done_to_several() -> None:
    assert len(clauses([effect("fs.read", "File", n) for n in "abc"], FACTS)) == 1


def test_what_became_of_paths_is_counted_by_what_became_of_them() -> None:
    made, gone, other = EntryKind.CREATED, EntryKind.DELETED, EntryKind.MODE
    assert changed([gone] * 8) == "8 paths deleted"
    assert changed([other]) == "1 path changed"
    assert changed([gone, made, made, other]) == "4 paths: 2 added, 1 changed, 1 deleted"
    assert changed([]) == "no paths changed"


def test_what_is_lost_is_counted_as_the_headline_counts_it() -> None:
    folders = [effect("fs.delete", "Folder", f"r/{i}") for i in range(4)]
    inside = [effect("fs.delete", "File", f"r/{i}/a.txt") for i in range(4)]
    assert headline([*folders, *inside], FACTS) == "Deletes 4 folders in r and 4 files in them."
    counted, noun = lost([*folders, *inside])
    assert (len(counted), noun) == (4, "folder")
    mixed = [*folders, *inside, effect("fs.delete", "File", "r/b.txt")]
    assert headline(mixed, FACTS) == "Deletes 9 paths in r."
    counted, noun = lost(mixed)
    assert (len(counted), noun) == (9, "path")
