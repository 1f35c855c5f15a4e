"""`guard demo`: the main job, shown on real parts in a temporary folder. Every step goes through an entry point that users start."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from guard.cli.page import code_lines, effect_lines, number, safe, verdict_line
from guard.cli.terminal import prose, say
from guard.errors import GuardError, UpstreamError
from guard.visible import lines

if TYPE_CHECKING:
    from mcp.client import Client

    from guard.desk import Desk
    from guard.model import Case

SALES = "region,amount\nnorth,120\nsouth,80\nnorth,40\n"
REPORT = "Sales report\n(not yet written)\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One program that the demo's client submits."""

    title: str
    code: str


COMPUTE = Program(title="Pure computing", code="print(sum(n * n for n in range(1_000)))\n")
READ = Program(
    title="Reading a file of the workspace",
    code=(
        "import csv\n"
        "rows = list(csv.DictReader(open('sales.csv')))\n"
        "print(len(rows), 'rows,', sum(int(row['amount']) for row in rows), 'sold')\n"
    ),
)
WRITE = Program(
    title="Writing a file of the workspace",
    code=(
        "import csv\n"
        "total = sum(int(row['amount']) for row in csv.DictReader(open('sales.csv')))\n"
        "with open('report.txt', 'w') as report:\n"
        "    report.write(f'Sales report\\nTotal: {total}\\n')\n"
        "print('written')\n"
    ),
)
DELETE = Program(title="Deleting a file of the workspace", code="import os\nos.remove('sales.csv')\n")
NETWORK = Program(title="A network call", code="import urllib.request\nprint(urllib.request.urlopen('https://example.com/').read()[:80])\n")
OBFUSCATED = Program(
    title="Obfuscated code", code="import base64\nexec(base64.b64decode('aW1wb3J0IG9zOyBvcy5yZW1vdmUoInNhbGVzLmNzdiIp'))\n"
)
PROGRAMS = (COMPUTE, READ, WRITE, DELETE, NETWORK, OBFUSCATED)

INTENT = "help with the sales report"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Where the demo happens."""

    root: Path

    @property
    def workspace(self) -> Path:
        return self.root / "project"

    @property
    def log(self) -> Path:
        return self.root / "serve.log"

    @property
    def configuration(self) -> Path:
        return self.root / "configuration" / "guard.toml"

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "GUARD_CONFIG": str(self.configuration)}

    def guard(self, *arguments: str) -> str:
        """Run a guard command as a user would; its output. `UpstreamError` if it fails."""
        done = subprocess.run(
            [sys.executable, "-m", "guard", *arguments],
            env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False,
        )  # fmt: skip
        if done.returncode:
            raise UpstreamError(f"`guard {' '.join(arguments)}` failed: {done.stderr.strip()}", hint="`guard doctor` says what is missing.")
        return done.stdout


def demo() -> None:
    """Show guard at work: six programs, an approval, a rejection.

    A real MCP client submits them to a real guard, in a temporary folder that is removed afterwards.
    """
    with tempfile.TemporaryDirectory(prefix="guard-demo-") as folder:
        stand = Stand(root=Path(folder).resolve())
        say(["guard demo: an AI client submits six programs over MCP. All of it happens in a temporary folder.", ""])
        stand.workspace.mkdir()
        (stand.workspace / "sales.csv").write_text(SALES)
        (stand.workspace / "report.txt").write_text(REPORT)
        say("$ guard init --unattended   (approvals from a script count here: this trial accepts that by name)")
        stand.guard(
            "init", "--workspace", str(stand.workspace), "--state", str(stand.root / "state"), "--agent", "demo-agent", "--unattended"
        )
        asyncio.run(_play(stand))


async def _play(stand: Stand) -> None:
    from mcp import StdioServerParameters
    from mcp.client import Client
    from mcp.client.stdio import stdio_client

    from guard.cli import compose
    from guard.config import load

    say(["$ guard serve                 (the client starts it, and speaks MCP with it)", ""])
    server = StdioServerParameters(command=sys.executable, args=["-m", "guard", "serve"], env=stand.environment)
    with stand.log.open("w") as log:
        try:
            async with Client(stdio_client(server, errlog=log)) as client, compose.open_desk(load(stand.configuration)) as desk:
                await _submit_and_answer(client, desk, stand)
        except* OSError as group:
            raise _failed(stand, group) from None
    say(["", "The workspace, the policies, the store and the ledger of this demo are removed now. Yours begin with `guard init`."])


def _failed(stand: Stand, group: BaseExceptionGroup[OSError]) -> GuardError:
    return UpstreamError(f"guard could not be served: {group.exceptions[0]}; {stand.log.read_text()[-500:]}", hint="Run `guard doctor`.")


async def _submit_and_answer(client: Client, desk: Desk, stand: Stand) -> None:
    answers = {}
    for i, program in enumerate(PROGRAMS, start=1):
        say([f"{i}. {program.title}", *(f"   {line}" for line in list(code_lines(program.code))[1:-1])])
        answers[program] = await _submit(client, stand, program)
        case = await desk.case(int(answers[program]["case"]))
        say(prose([*(f"   {line}" for line in _verdict(case)), ""]))
    await _approve(client, stand, answers[WRITE])
    await _reject(client, stand, answers[NETWORK])
    say(["What still waits", *_indented(await _guard(stand, "queue")), ""])
    say(["What happened is in the ledger, each entry chained to the one before it", *_indented(await _guard(stand, "audit", "verify"))])


async def _approve(client: Client, stand: Stand, answer: dict[str, Any]) -> None:
    case = answer["case"]
    say([f"A person reads case {case} in full, and approves it: $ guard approve {case}", ""])
    say([*_indented(await _guard(stand, "approve", case)), ""])
    done = await _call(client, stand, "guard_wait", ticket=answer["ticket"], timeout=50)
    say([f"The agent asks for the result (guard_wait): {safe(done['outcome'])}", "report.txt is now:"])
    say([*_indented((stand.workspace / "report.txt").read_text()), ""])


async def _reject(client: Client, stand: Stand, answer: dict[str, Any]) -> None:
    case, reason = answer["case"], "use the numbers in sales.csv"
    say(f'A person rejects case {case}: $ guard reject {case} --reason "{reason}"')
    await _guard(stand, "reject", case, "--reason", reason)
    told = await _call(client, stand, "guard_status", ticket=answer["ticket"])
    say([f"The agent is told: {safe(told['outcome'])}", ""])


async def _guard(stand: Stand, *arguments: str) -> str:
    return await asyncio.to_thread(stand.guard, *arguments)


async def _submit(client: Client, stand: Stand, program: Program) -> dict[str, Any]:
    """Submit a program; the answer once it is final or parked (what can be tried in the box first is tried before people are asked)."""
    answer = await _call(client, stand, "execute", code=program.code, intent=INTENT)
    while answer["stage"] in ("rehearsing", "running", "committing"):
        answer = await _call(client, stand, "guard_wait", ticket=answer["ticket"], timeout=1)
    return answer


async def _call(client: Client, stand: Stand, tool: str, **arguments: Any) -> dict[str, Any]:
    result = await client.call_tool(tool, arguments)
    if not isinstance(result.structured_content, dict):
        said = " ".join(getattr(block, "text", "") for block in result.content)
        raise UpstreamError(f"guard gave no answer: {said or stand.log.read_text()[-500:]}", hint="Run `guard doctor`.")
    return result.structured_content


def _verdict(case: Case) -> Iterator[str]:
    """What was decided and why, as the people at the desk see it (the agent is told less of what waits)."""
    parked = f", parked as case {number(case.id)}" if case.stage.value == "waiting" else ""
    yield f"-> {verdict_line(case.decision)}{parked}"
    if case.rehearsed:
        yield "   tried in the box first: what was decided on is what it really changed"
    yield from (f"   {line}" for line in effect_lines(case.decision, case.facts))
    if case.execution and case.execution.stdout:
        yield from (f"   printed: {line.text.text}" for line in lines(case.execution.stdout))


def _indented(text: str) -> Iterator[str]:
    """Lines of a guard command, which are safe already, or of a small file of the demo's own."""
    return (f"   | {line}" for line in text.rstrip("\n").split("\n"))
