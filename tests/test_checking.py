"""Programs that nobody submits: analysed and decided about in one worker, as they would be one after the other."""

from __future__ import annotations

import json
import os
import pickle
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from guard import checking
from guard.analyse import analyse, unfinished
from guard.analyst import Analyst, Stopped, Workers
from guard.checking import Brief, told
from guard.errors import BadInput, PolicyError
from guard.model import Agent, Facts, Person, Verdict
from guard.policy import load

PROGRAMS = ("print(1)", "open('a.txt', 'w').write('x')", "import os\nos.remove('a.txt')\nos.remove(b)\n", "import mine\nmine.go()\n", "(")


def brief(workspace: Path, files: load.Files | None = None) -> Brief:
    return Brief(
        facts=Facts(workspace=str(workspace), home="/home/dev"),
        agent=Agent(name="agent"),
        files=files or load.read(load.builtin_folder()),
        people=(Person(name="ann", key="00"),),
    )


@pytest.fixture
async def workers(tmp_path: Path) -> AsyncIterator[Workers]:
    (tmp_path / "mine.py").write_text("import shutil\ndef go():\n    shutil.rmtree('data')\n")
    workers = Workers(count=1, module=checking.__name__)
    workers.brief = brief(tmp_path).packed()
    yield workers
    await workers.close()


async def test_a_worker_tells_what_the_analyst_and_the_policies_say_one_after_the_other(workers: Workers, tmp_path: Path) -> None:
    checker, analyst = brief(tmp_path).checker(), Analyst(count=1)
    try:
        for code in PROGRAMS:
            expected = json.dumps(told(*await checker.check(analyst, "python", code)))
            assert await workers.ask({"language": "python", "code": code}, json.dumps) == expected
    finally:
        await analyst.close()


async def test_a_worker_reads_the_modules_of_the_workspace(workers: Workers, tmp_path: Path) -> None:
    said = await workers.ask({"language": "python", "code": "import mine\nmine.go()\n"}, dict)
    assert (said["decision"], said["effects"]) == ("review", ["destructive"])
    assert said["resources"] == [{"kind": "fs.delete", "type": "Folder", "name": f"{tmp_path}/data", "exact": True}]


async def test_the_policies_of_the_brief_decide(tmp_path: Path) -> None:
    schema = dict(load.read(load.builtin_folder()))[load.SCHEMA]
    files = ((load.SCHEMA, schema), ("all.cedar", '@id("none") @why("Nothing.") forbid (principal, action, resource);\n'))
    workers = Workers(count=1, module=checking.__name__)
    workers.brief = brief(tmp_path, files).packed()
    try:
        assert (await workers.ask({"language": "python", "code": "print(1)"}, dict))["decision"] == "deny"
    finally:
        await workers.close()


async def test_a_worker_that_is_killed_answers_nothing_and_is_replaced_with_the_same_brief(workers: Workers) -> None:
    question = {"language": "python", "code": "print(1)"}
    await workers.ask(question, dict)
    origin = workers._origin
    assert origin is not None
    for victim in (workers._idle[0].pid, origin.pid):
        os.kill(victim, signal.SIGKILL)
    origin._process.wait()
    with pytest.raises(Stopped, match="crashed"):
        await workers.ask(question, dict)
    assert (await workers.ask(question, dict))["decision"] == "allow"


async def test_an_answer_that_cannot_be_read_is_none_and_its_worker_goes(workers: Workers) -> None:
    question = {"language": "python", "code": "print(1)"}
    await workers.ask(question, dict)
    first = workers._idle[0].pid
    with pytest.raises(Stopped, match="crashed"):
        await workers.ask(question, lambda reply: reply["nothing of this name"])
    await workers.ask(question, dict)
    assert workers._idle[0].pid not in (0, first)


def test_what_no_worker_got_done_with_needs_a_person(tmp_path: Path) -> None:
    checker = brief(tmp_path).checker()
    assert checker.decision(unfinished("python", "did not finish"), explained=False).verdict is Verdict.REVIEW
    assert checker.decision(analyse("python", "print(1)", checker.facts)).verdict is Verdict.ALLOW


async def test_what_could_not_be_submitted_is_not_judged(tmp_path: Path) -> None:
    analyst = Analyst(count=1)
    with pytest.raises(BadInput, match="surrogate"):
        await brief(tmp_path).checker().check(analyst, "python", "\ud800")
    await analyst.close()


def test_a_brief_survives_the_way_to_a_worker_and_broken_policies_are_said(tmp_path: Path) -> None:
    sent = brief(tmp_path, (("a.cedar", "permit"),))
    packed = sent.packed()
    assert int.from_bytes(packed[:4], "big") == len(packed) - 4
    assert pickle.loads(packed[4:]) == sent
    with pytest.raises(PolicyError):
        sent.checker()
