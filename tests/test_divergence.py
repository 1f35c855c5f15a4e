"""What counts as a divergence, whose fault it is, and how it is written for the corpus."""

from __future__ import annotations

import dataclasses

import pytest

from guard.divergence import divergence, label, observed
from guard.events import Ran
from guard.model import Case, ChangeSet, Effect, Traffic
from guard.pipeline import advance
from tests.analyse.python.check import FACTS, described
from tests.build import COMPUTE, NOON, OPAQUE, READ, WRITE, case, change, effect, execution, world

EVIL = effect("http.post", "Endpoint", "evil.example:80")
TRIED = Traffic(refused=("http.post evil.example:80: it was not approved",), beyond=(EVIL,))


def ran(*effects: Effect, rehearsed: bool = False, **did: object) -> Case:
    """A case whose program was predicted to have these effects, and did that."""
    changes = did.pop("changes", ())
    return dataclasses.replace(case(*effects), execution=execution(*changes, **did), rehearsed=rehearsed)


def test_a_run_that_did_what_was_predicted_or_less_is_none() -> None:
    assert not divergence(ran(WRITE, READ, changes=(change("modified"),)))
    assert not divergence(ran(WRITE, READ))
    assert not divergence(case(WRITE))


@pytest.mark.parametrize("rehearsed", [True, False])
def test_a_change_that_was_not_predicted_makes_the_analysis_wrong(rehearsed: bool) -> None:
    how = divergence(ran(WRITE, changes=(change("modified"), change("created", "b.txt")), rehearsed=rehearsed))
    assert how.wrong
    assert [e.key for e in how.unpredicted] == ["fs.create File::/work/project/b.txt"]
    assert how.ungranted == (() if rehearsed else how.unpredicted)


def test_where_the_analysis_said_that_it_cannot_see_only_what_was_not_granted_is_one() -> None:
    assert not divergence(ran(OPAQUE, changes=(change("created", "b.txt"),), rehearsed=True))
    how = divergence(ran(OPAQUE, changes=(change("created", "b.txt"),)))
    assert [e.resource.name for e in how.ungranted] == ["/work/project/b.txt"]
    assert not how.wrong
    tried = divergence(ran(OPAQUE, traffic=TRIED))
    assert tried.tried == TRIED.refused
    assert not tried.wrong


def test_a_host_that_was_tried_and_not_predicted_makes_the_analysis_wrong() -> None:
    how = divergence(ran(COMPUTE, traffic=TRIED))
    assert how.unpredicted == (EVIL,)
    assert how.tried == TRIED.refused


def test_a_request_that_the_policies_alone_refused_is_one_and_the_analysis_was_right() -> None:
    how = divergence(ran(effect("http.post", "Endpoint", "evil.example:80"), traffic=dataclasses.replace(TRIED, beyond=())))
    assert how
    assert not how.wrong


def test_what_is_never_committed_is_one() -> None:
    of = ran(WRITE)
    assert of.execution is not None
    left = dataclasses.replace(of.execution, change_set=ChangeSet(refused=("a FIFO named pipe",)))
    assert divergence(dataclasses.replace(of, execution=left)).left == ("a FIFO named pipe",)


def test_that_the_analysis_was_wrong_is_in_the_ledger_with_the_program_and_its_effects() -> None:
    step = advance(case(COMPUTE), Ran(execution=execution(change("created", "b.txt"))), world(now=NOON))
    (record,) = [r for r in step.records if r.kind == "analysis.wrong"]
    assert record.data["effects"] == [["fs.create", "File", "/work/project/b.txt", True]]
    assert record.data["code"] == case(COMPUTE).submission.code_digest
    right = advance(case(COMPUTE), Ran(execution=execution()), world(now=NOON))
    assert not [r for r in right.records if r.kind == "analysis.wrong"]


def test_what_is_observed_is_written_as_the_corpus_writes_it() -> None:
    of = ran(COMPUTE, changes=(change("created", "b.txt"),), traffic=TRIED)
    assert [label(e, of.facts) for e in observed(of)] == ["fs.create File b.txt", "http.post Endpoint evil.example:80"]
    for e in (effect("fs.write", "Folder", "/home/dev/project/out", exact=False), EVIL, effect("fs.read", "File", "/etc/passwd")):
        assert label(e, FACTS) == described(e)
