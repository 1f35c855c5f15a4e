"""The analysis worker: limited, replaced when it dies, and never an answer that lets something pass."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guard.analysis_worker import encode_facts
from guard.analyst import DEADLINE, Analyst, Origin, Stopped, Worker
from guard.model import Analysis, Facts, Kind

FACTS = Facts(workspace="/home/dev/project", home="/home/dev")


Analyse = Callable[[str, str, Facts], Analysis]


@pytest.fixture(scope="module")
def analyse() -> Iterator[Analyse]:
    """Analyses in workers that all tests share."""
    with asyncio.Runner() as runner:
        analyst = Analyst()
        yield lambda language, code, facts: runner.run(analyst.analyse(language, code, facts))
        runner.run(analyst.close())


@pytest.fixture
def start() -> Iterator[Callable[..., Worker]]:
    """Starts workers, each the copy of a process of its own."""
    origins: list[Origin] = []

    def started(*, deadline: float = DEADLINE, languages: tuple[str, ...] = ("python",)) -> Worker:
        origins.append(Origin(deadline=deadline, languages=languages))
        return Worker(origins[-1].copy(), deadline=deadline)

    yield started
    for origin in origins:
        origin.close()


def gone(pid: int) -> bool:
    """Whether a process that was killed is gone: it has ended, and its parent takes notice."""
    until = time.monotonic() + 5
    while (there := Path(f"/proc/{pid}").exists()) and time.monotonic() < until:
        pass
    return not there


QUESTION = {"language": "python", "code": "1", "facts": encode_facts(FACTS)}


def test_an_analysis_comes_back_whole(analyse: Analyse) -> None:
    code = 'import requests\nfor page in range(3):\n    requests.post("https://api.example.com/x", data=open("a.txt").read())\n'
    analysis = analyse("python", code, FACTS)
    post = next(effect for effect in analysis.effects if effect.kind is Kind.HTTP_POST)
    assert (post.resource.name, post.tainted, post.loop, post.count, post.rule) == (
        "api.example.com:443",
        True,
        "bounded",
        3,
        "py-requests",
    )
    assert post.span is not None
    assert post.span.line == 3
    assert analysis.imports == ("requests",)


def test_modules_of_the_workspace_are_read_in_the_worker_too(analyse: Analyse) -> None:
    facts = Facts(workspace="/home/dev/project", modules=(("helper.py", "import os\ndef clean(p):\n    os.remove(p)\n"),))
    analysis = analyse("python", "import helper\nhelper.clean('x')\n", facts)
    assert Kind.FS_DELETE in analysis.kinds
    assert [path for path, _ in analysis.modules] == ["helper.py"]


async def test_many_programs_at_once_are_each_answered() -> None:
    analyst = Analyst()
    try:
        codes = [f"import os\nos.remove('f{number}')\n" for number in range(24)]
        analyses = await asyncio.gather(*(analyst.analyse("python", code, FACTS) for code in codes))
        deleted = [effect.resource.name for analysis in analyses for effect in analysis.effects if effect.kind is Kind.FS_DELETE]
        assert deleted == [f"/home/dev/project/f{number}" for number in range(24)]
    finally:
        await analyst.close()


async def test_closing_without_use_starts_nothing_and_ends() -> None:
    await Analyst().close()


async def test_a_worker_that_is_killed_gives_an_opaque_analysis_and_is_replaced() -> None:
    analyst = Analyst(count=1)
    try:
        await analyst.analyse("python", "1", FACTS)
        os.kill(analyst._idle[0].pid, signal.SIGKILL)
        crashed = await analyst.analyse("python", "print(1)", FACTS)
        assert crashed.kinds == {Kind.OPAQUE, Kind.ANSWER}
        assert "crashed" in crashed.effects[0].note
        assert (await analyst.analyse("python", "print(1)", FACTS)).kinds == {Kind.COMPUTE, Kind.ANSWER}
    finally:
        await analyst.close()


async def test_a_worker_whose_asker_went_away_is_replaced_and_its_answer_is_nobodys() -> None:
    analyst = Analyst(count=1)
    try:
        await analyst.analyse("python", "1", FACTS)
        first = analyst._idle[0].pid
        os.kill(first, signal.SIGSTOP)
        asking = asyncio.create_task(analyst.analyse("python", "import os\nos.remove('a')\n", FACTS))
        await asyncio.sleep(0)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert gone(first)
        assert (await analyst.analyse("python", "print(1)", FACTS)).kinds == {Kind.COMPUTE, Kind.ANSWER}
    finally:
        await analyst.close()


async def test_workers_are_copied_from_one_process_and_again_where_that_was_killed() -> None:
    analyst = Analyst(count=1)
    try:
        await analyst.analyse("python", "1", FACTS)
        origin = analyst._origin
        assert origin is not None
        for victim in (analyst._idle[0].pid, origin.pid):
            os.kill(victim, signal.SIGKILL)
        origin._process.wait()
        answers = [(await analyst.analyse("python", "print(1)", FACTS)).kinds for _ in range(3)]
        assert answers[0] == {Kind.OPAQUE, Kind.ANSWER}
        assert answers[-1] == {Kind.COMPUTE, Kind.ANSWER}
        assert analyst._origin is not origin
    finally:
        await analyst.close()


async def test_a_worker_cannot_have_itself_copied(start: Callable[..., Worker]) -> None:
    worker = start()
    await worker.ask(QUESTION)
    held = {os.readlink(file) for file in Path(f"/proc/{worker.pid}/fd").iterdir()}
    worker.kill()
    assert len([one for one in held if one.startswith("socket:")]) == 1


async def test_closing_ends_the_workers() -> None:
    analyst = Analyst()
    await analyst.analyse("python", "1", FACTS)
    while not all(pids := [worker.pid for worker in analyst._idle]):
        await asyncio.gather(*(analyst.analyse("python", "1", FACTS) for _ in range(2)))
    assert analyst._origin is not None
    pids.append(analyst._origin.pid)
    await analyst.close()
    assert len(pids) == 3
    assert all(map(gone, pids))


async def test_a_worker_that_hangs_is_stopped_at_its_deadline(start: Callable[..., Worker]) -> None:
    worker = start(deadline=0.3)
    await worker.ask(QUESTION)
    os.kill(worker.pid, signal.SIGSTOP)
    began = time.monotonic()
    with pytest.raises(Stopped, match="in time"):
        await worker.ask(QUESTION)
    assert time.monotonic() - began < 2
    assert not worker.fit
    worker.kill()
    assert gone(worker.pid)


async def test_a_worker_has_limits(start: Callable[..., Worker]) -> None:
    worker = start()
    await worker.ask(QUESTION)
    limits = {line[:26].strip(): line[26:].split()[0] for line in Path(f"/proc/{worker.pid}/limits").read_text().splitlines()[1:]}
    worker.kill()
    assert int(limits["Max address space"]) <= 1 << 30
    assert limits["Max core file size"] == "0"
    assert limits["Max file size"] == "0"
    assert int(limits["Max open files"]) <= 64
    assert int(limits["Max cpu time"]) <= 30


async def test_a_worker_stays_small(start: Callable[..., Worker]) -> None:
    worker = start()
    await worker.ask({"language": "python", "code": "import os\nos.remove('a')\n", "facts": encode_facts(FACTS)})
    status = Path(f"/proc/{worker.pid}/status").read_text()
    worker.kill()
    resident = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    assert resident < 48 << 10


async def test_a_worker_does_not_see_guards_environment(monkeypatch: pytest.MonkeyPatch, start: Callable[..., Worker]) -> None:
    monkeypatch.setenv("GUARD_TEST_SECRET", "hunter2")
    worker = start()
    await worker.ask(QUESTION)
    environment = Path(f"/proc/{worker.pid}/environ").read_bytes()
    worker.kill()
    assert b"hunter2" not in environment


@pytest.mark.parametrize("languages", [("python",), ("python", "javascript")])
async def test_a_worker_loads_what_it_is_started_for_and_no_more(languages: tuple[str, ...], start: Callable[..., Worker]) -> None:
    worker = start(languages=languages)
    await worker.ask(QUESTION)
    mapped = Path(f"/proc/{worker.pid}/maps").read_text()
    worker.kill()
    assert ("tree_sitter_javascript" in mapped) == ("javascript" in languages)


HOSTILE = {
    "nested brackets": "(" * 100_000,
    "long unary chain": "x = " + "-" * 100_000 + "1",
    "long attribute chain": "a" + ".b" * 60_000,
    "long sum": "1" + "+1" * 60_000,
    "ten megabytes": "x = '" + "a" * 10_000_000 + "'",
    "surrogate": "x = '\ud800'",
    "NUL": "x = 1\0import os",
    "nested lambdas": "lambda:" * 30_000 + "0",
    "many mutual calls": "\n".join(f"def f{i}(x):\n  f{i + 1}(x + 1); f{i + 1}(x + 2); f{i + 1}(o.x)" for i in range(60)),
    "huge repetition": "x = 'a' * 10**10\ny = bytes(10**10)\nz = 9**9**9\nw = 1 << 10**9\nv = '%99999999999d' % 1\n",
    "growing lists": "x = [1]\n" + "x = x + x\n" * 3000,
    "nested comprehensions": "[[[[[i for i in range(60)] for j in range(60)] for k in range(60)] for l in range(60)] for m in range(60)]",
    "self-application": "x = lambda f: f(f)\nx(x)\n",
    "inflate bomb": "import zlib\nzlib.decompress(bytes.fromhex('" + "78da" + "00" * 40 + "'))",
    "many functions": "def f():\n f()\n" * 8000 + "f()",
    "branching": "x = 1\n" + "if a: x = b.c\nelse: x = d.e\n" * 4000,
    "a list of lists": "x = [" + "[1,2]," * 30_000 + "]",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_answered_in_time(analyse: Analyse, name: str) -> None:
    began = time.monotonic()
    analysis = analyse("python", HOSTILE[name], FACTS)
    assert time.monotonic() - began < 3  # the deadline is below one second; the rest is for a loaded machine
    assert Kind.ANSWER in analysis.kinds


@pytest.mark.parametrize("name", ["nested brackets", "long attribute chain", "ten megabytes", "surrogate", "NUL", "nested lambdas"])
def test_what_cannot_be_read_is_opaque(analyse: Analyse, name: str) -> None:
    assert Kind.OPAQUE in analyse("python", HOSTILE[name], FACTS).kinds


def test_an_unknown_language_is_opaque(analyse: Analyse) -> None:
    assert Kind.OPAQUE in analyse("cobol", "DISPLAY 'HI'.", FACTS).kinds


DELETES = "import os\nfor name in ['a', 'b']:\n    os.remove('data/' + name)\n"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(0, len(DELETES)), st.sampled_from([*"()[]{}:,.'\"\\\n\t \0\u202e\u0430ax1*@=+%-#", "lambda ", "\ud800"])),
        max_size=6,
    )
)
def test_mutations_are_always_answered_and_never_crash(analyse: Analyse, edits: list[tuple[int, str]]) -> None:
    code = DELETES
    for position, text in edits:
        code = code[:position] + text + code[position:]
    analysis = analyse("python", code, FACTS)
    assert Kind.ANSWER in analysis.kinds
    assert not any("crashed" in effect.note for effect in analysis.effects)
    try:
        compile(code, "x", "exec")
    except (SyntaxError, ValueError):
        assert Kind.COMPUTE not in analysis.kinds  # unreadable text is never "only computes"


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=300))
def test_any_text_is_answered(analyse: Analyse, code: str) -> None:
    analysis = analyse("python", code, FACTS)
    assert Kind.ANSWER in analysis.kinds
    assert not any("crashed" in effect.note for effect in analysis.effects)
