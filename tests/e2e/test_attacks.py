"""Attacks on approving (family D): the answer that is forged, repeated or late, the program that approves itself, the trap in a workspace.

Every attack of the family has a test that begins with its number, here or beside what it is about.
"""

from __future__ import annotations

import ast
import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from guard import config, keys
from guard.cli import compose
from guard.desk import Desk
from guard.engine import Answer
from guard.events import Approved
from guard.model import ANSWERED, Approval, Case, Stage, Submission
from tests.build import NO_REHEARSALS
from tests.e2e.serving import PERSON, approve, make, register
from tests.e2e.wrapping import approved
from tests.tui.build import NOON, PASSPHRASE, Bench, bench

TESTS = Path(__file__).parent.parent
ATTACKS = {f"D{number}" for number in range(1, 19)}


def test_every_attack_of_the_family_has_a_test_that_says_so() -> None:
    named = set()
    for path in TESTS.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                said = (ast.get_docstring(node) or "").partition(":")[0].removesuffix(".")
                named |= ATTACKS & {word.strip() for word in said.split(",")}
    assert ATTACKS - named == set()


# ------------------------------------------------------------------------------------------------------- answers that do not count


@pytest.fixture
async def stand(tmp_path: Path) -> AsyncIterator[tuple[Bench, Case]]:
    """A waiting case, and ann and bea, who have keys."""
    async with bench(tmp_path) as of:
        await of.person()
        await of.person("bea", me=False)
        yield of, await of.week()


async def signed(of: Bench, case: Case, **fields: object) -> Approval:
    """What ann's console signs; `fields` are changed before she does."""
    world = await of.engine.world()
    given = Approval(
        case=case.id, seal=case.seal, person="ann", at=world.now, attended=False, policy_digest=world.policies.digest, shown="all of it"
    )
    return (await of.desk.unlock("ann", PASSPHRASE)).sign(dataclasses.replace(given, **fields))


async def forged(of: Bench, case: Case) -> Approval:
    return dataclasses.replace(await signed(of, case), signature="00" * 64)


async def altered(of: Bench, case: Case) -> Approval:
    return dataclasses.replace(await signed(of, case), losses=("fs.delete Folder::/",))


async def by_another_key(of: Bench, case: Case) -> Approval:
    return (await of.desk.unlock("bea", PASSPHRASE)).sign(await signed(of, case))


async def in_anothers_name(of: Bench, case: Case) -> Approval:
    return dataclasses.replace(await signed(of, case), person="bea")


async def unsigned(of: Bench, case: Case) -> Approval:
    return dataclasses.replace(await signed(of, case), attended=False, signature="", key="")


async def of_another_case(of: Bench, case: Case) -> Approval:
    return await signed(of, await of.week(agent="other"))


async def of_another_program(of: Bench, case: Case) -> Approval:
    return dataclasses.replace(await signed(of, await of.week(agent="other")), case=case.id)


async def for_another_box(of: Bench, case: Case) -> Approval:
    from guard import review

    box = dataclasses.replace(case.box, network="host")
    seal = review.seal(submission=case.submission, facts=case.facts, decision=case.decision, grant=case.grant, box=box)
    assert review.seal(submission=case.submission, facts=case.facts, decision=case.decision, grant=case.grant, box=case.box) == case.seal
    return await signed(of, case, seal=seal)


async def repeated(of: Bench, case: Case) -> Approval:
    (of.root / "etc" / "policies" / "two.cedar").write_text(
        '@id("two") @why("x") forbid (principal, action in Guard::Action::"write", resource) unless { context.approvals >= 2 };'
    )
    await of.engine.refresh_policies()
    given = await signed(of, case)
    assert (await of.engine.feed(case.id, Approved(approval=given))).refused is None
    return given


async def expired(of: Bench, case: Case) -> Approval:
    given = await signed(of, case)
    of.wall.time = case.expires_at
    return given


async def expired_and_the_clock_moved_back(of: Bench, case: Case) -> Approval:
    of.wall.time = case.expires_at
    await of.desk.opened(case.id, person="bea", shown="")  # any entry of the ledger
    of.wall.time = NOON
    return await signed(of, case, at=NOON)


async def dated_ahead(of: Bench, case: Case) -> Approval:
    return await signed(of, case, at=NOON + timedelta(hours=1))


async def with_a_key_that_was_replaced(of: Bench, case: Case) -> Approval:
    given = await signed(of, case)
    await of.store.set_key("ann", keys.make(of.root / "elsewhere", "ann", PASSPHRASE), now=NOON)
    return given


async def of_somebody_who_was_removed(of: Bench, case: Case) -> Approval:
    given = await signed(of, case)
    await of.desk.remove_person("ann", person="bea")
    return given


REFUSED: dict[Callable[[Bench, Case], object], str] = {
    forged: "bad-signature",
    altered: "bad-signature",
    by_another_key: "other-key",
    in_anothers_name: "other-key",
    unsigned: "unattended",
    of_another_case: "other-case",
    of_another_program: "other-seal",
    for_another_box: "other-seal",
    repeated: "twice",
    expired: "expired",
    expired_and_the_clock_moved_back: "expired",
    dated_ahead: "from-the-future",
    with_a_key_that_was_replaced: "other-key",
    of_somebody_who_was_removed: "unknown-person",
}


@pytest.mark.parametrize("attack", REFUSED, ids=lambda attack: attack.__name__)
async def test_an_approval_that_is_not_one_is_refused_with_its_reason_in_the_ledger(stand, attack) -> None:
    """D7, D8: forged, repeated, of something else, by somebody else, too late."""
    of, case = stand
    given = await attack(of, case)
    before = (await of.desk.case(case.id)).approvals
    answer: Answer = await of.engine.feed(case.id, Approved(approval=given))
    assert answer.refused is not None
    assert answer.refused.code == REFUSED[attack]
    assert (await of.desk.case(case.id)).approvals == before
    last = (await of.desk.timeline(case.id))[-1]
    assert (last.kind, last.data["code"], last.data["seal"]) == ("approval.refused", REFUSED[attack], given.seal)


@pytest.mark.parametrize(("end", "code"), [("rejected", "settled"), ("expired", "expired")])
async def test_an_approval_after_the_end_is_refused_with_its_reason_in_the_ledger(stand, end: str, code: str) -> None:
    """D8, D15: the stale button in a second channel."""
    of, case = stand
    signer = await of.desk.unlock("ann", PASSPHRASE)
    if end == "rejected":
        await of.desk.reject(case.id, person="bea", reason="no")
    else:
        of.wall.time = case.expires_at
        await of.engine.housekeeping.look()
    answer = await of.desk.approve(case, person="ann", signer=signer, shown="all of it")
    assert answer.refused is not None
    assert answer.refused.code == code
    last = (await of.desk.timeline(case.id))[-1]
    assert (last.kind, last.data["person"], last.data["code"]) == ("approval.refused", "ann", code)
    assert (await of.desk.case(case.id)).stage in (Stage.REJECTED, Stage.EXPIRED)


async def test_what_waits_outlives_a_restart_with_its_own_deadline_and_its_approvals(tmp_path: Path) -> None:
    """D8: a restart loses nothing that waits, and gives it no more time."""
    place = await register(make(tmp_path / "guard"))
    (place.toml.parent / "policies" / "run.cedar").write_text(NO_REHEARSALS)
    settings = config.load(place.toml)
    async with compose.open_engine(settings, runs=False) as engine:
        case = await engine.submit(Submission(agent="claude", language="python", code="open('x', 'w').write('1')"))
    await approve(place, str(case.id))
    async with compose.open_desk(settings) as desk:
        (again,) = await desk.queue()
        assert again.expires_at == case.expires_at
        assert [given.person for given in again.approvals] == [PERSON]


async def test_what_one_agent_may_do_is_not_what_another_may(tmp_path: Path) -> None:
    """D14: neither a decision nor a case that waits is another agent's."""
    place = await register(make(tmp_path / "guard"))
    (place.toml.parent / "policies" / "run.cedar").write_text(
        NO_REHEARSALS
        + '@id("trusted") @why("x") permit (principal == Guard::Agent::"trusted", action in Guard::Action::"write", resource);'
    )
    async with compose.open_desk(config.load(place.toml)) as desk:
        code = "open('x', 'w').write('1')"
        cases = [await _submitted(desk, agent, code) for agent in ("trusted", "claude", "mallory", "claude")]
    assert [case.decision.verdict.value for case in cases] == ["allow", "review", "review", "review"]
    assert cases[1].id != cases[2].id
    assert cases[3].id == cases[1].id, "one agent's own program joins its case"


async def _submitted(desk: Desk, agent: str, code: str) -> Case:
    return await desk._engine.submit(Submission(agent=agent, language="python", code=code))


# ----------------------------------------------------------------------------------------------------------- reaching for the button

REACHES = """
import importlib.util, os, shutil, sqlite3, subprocess
found = [path for path in {paths!r} if os.path.exists(path)]
found += [name for name in ("guard", "tui") if importlib.util.find_spec(name)]
found += [name for name in ("guard",) if shutil.which(name)]
try:
    sqlite3.connect({database!r}).execute("DELETE FROM cases")
    found.append("the queue")
except Exception:
    pass
print("reached", found)
"""


async def test_a_program_in_the_box_reaches_neither_the_queue_nor_a_key_nor_guard_itself(tmp_path: Path) -> None:
    """D12: the agent approves its own program, or empties the queue."""
    place = await register(make(tmp_path / "guard"))
    settings = config.load(place.toml)
    paths = [place.state, place.state / "guard.db", place.state / "keys", place.toml, place.toml.parent / "policies"]
    code = REACHES.format(paths=list(map(str, paths)), database=str(place.state / "guard.db"))
    async with compose.open_engine(settings, runs=True) as engine:
        await engine.prove()
        engine.start()
        waiting = await engine.submit(Submission(agent="claude", language="python", code="open('x', 'w').write('1')"))
        tried = await engine.settled((await engine.submit(Submission(agent="claude", language="python", code=code))).id, 30, at=ANSWERED)
        if tried.stage is Stage.WAITING:
            await approved(place, str(tried.id))
            tried = await engine.settled(tried.id, 30)
        assert tried.execution is not None, tried.outcome
        assert tried.execution.stdout == "reached []\n"
        still = await engine.settled(waiting.id, 30, at=ANSWERED)
        assert (still.stage, still.approvals) == (Stage.WAITING, ())


TRAPS = {
    "sitecustomize.py": "open({mark!r}, 'w')",
    "usercustomize.py": "open({mark!r}, 'w')",
    "typer.py": "open({mark!r}, 'w')",
    "guard/__init__.py": "open({mark!r}, 'w')",
    "json.py": "open({mark!r}, 'w')",
    "conftest.py": "open({mark!r}, 'w')",
    "guard.toml": 'workspace = "/"\nagent = "evil"\npolicies = "policies"\n',
    "policies/all.cedar": '@id("all") @why("x") permit (principal, action, resource);',
    ".env": "GUARD_CONFIG=guard.toml\n",
    ".git/config": '[core]\n\tfsmonitor = "touch {mark}"\n\thooksPath = hooks\n[diff]\n\texternal = "touch {mark}"\n',
}


def test_nothing_that_lies_in_a_workspace_runs_or_counts_before_anybody_trusts_it(tmp_path: Path) -> None:
    """D18: guard is started in a folder that an attacker filled."""
    place = make(tmp_path / "guard")
    mark = tmp_path / "ran"
    for name, text in TRAPS.items():
        path = place.workspace / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(text.replace("{mark!r}", repr(str(mark))).replace("{mark}", str(mark)))
    (place.workspace / "write.py").write_text("open('made.txt', 'w').write('1')\n")
    (place.workspace / "compute.py").write_text("print(6 * 7)\n")
    script = tmp_path / "bin" / "guard"  # as the installed one: its own folder is on the path, the current one is not
    script.parent.mkdir()
    script.write_text("import sys\nfrom guard.cli import main\nsys.exit(main())\n")

    def guard(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {**place.environment, "PYTHONPATH": os.fspath(TESTS.parent)}
        return subprocess.run(
            [sys.executable, str(script), *arguments], cwd=place.workspace, env=environment, capture_output=True, text=True, check=False
        )

    assert guard("check", "write.py").returncode == 20, "nobody is registered here, whatever the policies of the folder permit"
    assert guard("queue").stdout == "Nothing is waiting.\n"
    ran = guard("run", "compute.py")
    assert (ran.returncode, ran.stdout) == (0, "42\n"), ran.stderr
    (entry,) = [json.loads(line) for line in guard("audit", "list", "--json").stdout.splitlines() if '"case.submitted"' in line]
    assert entry["data"]["agent"] == "claude"
    assert not mark.exists()
    subprocess.run([sys.executable, "-c", "import json"], cwd=place.workspace, env=place.environment, check=True)
    assert mark.exists(), "the traps are good ones"
