"""The proof that the box denies, on this machine, now: a canary tries what a hostile program would try first.

Each attempt is made twice by the same program: in the box, where it must fail, and outside, where it must succeed; otherwise the
failure inside proves nothing. The result is kept per boot, kernel, user and box; only a complete success is kept.
"""

from __future__ import annotations

import asyncio
import json
import os
import platform
import secrets
import socket
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from guard.errors import GuardError
from guard.model import Effect, Ending, Execution, Facts, Grant, Kind, Limits, Resource, ResourceType, Rule
from guard.ports import Guarantee, Job, Sandbox
from guard.sandbox.cgroup import ProcessLimitMissing
from guard.sandbox.language import interpreter
from guard.sandbox.scratch import remove_tree

LIMITS = Limits(wall_seconds=20, cpu_seconds=10, processes=24, memory_bytes=512 << 20, disk_bytes=64 << 20, file_bytes=32 << 20)

CANARY = """
import ctypes, json, os, socket, sys
plan = json.loads(PLAN)
done = {}
def attempt(name, act):
    try:
        done[name] = str(act())
    except OSError as error:
        done[name] = "refused: %s" % error
def write():
    with open(plan["outside"], "w") as file:
        file.write("canary")
    return "done"
def connect():
    with socket.create_connection(("127.0.0.1", plan["port"]), 5):
        return "done"
def abstract():
    with socket.socket(socket.AF_UNIX) as s:
        s.connect("\\0" + plan["abstract"])
        return "done"
def change():
    with open(os.path.join(plan["workspace"], "kept"), "w") as file:
        file.write("changed")
    return "done"
def call(number):
    libc = ctypes.CDLL(None, use_errno=True)
    # keyctl(KEYCTL_GET_KEYRING_ID, session keyring, create): anybody may, outside
    if libc.syscall(number, 0, -3, 1) < 0:
        raise OSError(ctypes.get_errno(), "errno")
    return "done"
attempt("write", write)
attempt("connect", connect)
attempt("abstract", abstract)
attempt("secret", lambda: open(plan["secret"]).read())
attempt("masked", lambda: open(os.path.join(plan["workspace"], ".env")).read())
attempt("change", change)
attempt("call", lambda: call(plan["keyctl"]))
attempt("memory", lambda: "done" if os.memfd_create("canary") else "")
print(json.dumps(done))
"""

DENIALS = {
    "no-write-outside": ("write",),
    "no-network": ("connect", "abstract"),
    "no-secrets": ("secret", "masked"),
    "system-calls": ("call", "memory"),
}
"""Guarantee -> the canary's attempts that must fail in the box and succeed outside. What container engines' own filters allow, as `memory`,
is refused by guard's alone."""

ASKS = """
import json, socket
done = {}
try:
    socket.create_connection(("127.0.0.1", PORT), 5)
    done["direct"] = "done"
except OSError as error:
    done["direct"] = "refused: %s" % error
print(json.dumps(done), flush=True)
with socket.create_connection(("127.0.0.1", 3128), 5) as s:
    s.sendall(b"GET http://127.0.0.1:PORT/ HTTP/1.1\\r\\nHost: 127.0.0.1:PORT\\r\\n\\r\\n")
    done["proxy"] = s.recv(1000).decode().partition("\\r\\n")[0]
print(json.dumps(done))
"""
"""It may reach PORT of this machine by its grant, and must not, since no configuration names that. Where a refusal stops a run, it does
not come to its last line."""

FORKS = """
import os, time
count = 0
try:
    while count < 200:
        if os.fork() == 0:
            time.sleep(60)
        count += 1
except OSError:
    pass
print(count)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Planted:
    """What lies ready for the canary."""

    folder: Path
    workspace: Path
    outside: Path
    secret: Path
    secret_text: str
    abstract: str

    def plan(self, port: int, workspace: str) -> str:
        keyctl = {"x86_64": 250, "aarch64": 219}.get(platform.machine(), 250)
        plan = {
            "outside": str(self.outside),
            "port": port,
            "secret": str(self.secret),
            "workspace": workspace,
            "abstract": self.abstract,
            "keyctl": keyctl,
        }
        return f"PLAN = {json.dumps(plan)!r}\n{CANARY}"


async def prove(sandbox: Sandbox, state: Path) -> Sequence[Guarantee]:
    """Every promise and whether it holds; from the record of this boot in `state` if all held then."""
    try:
        key = await asyncio.to_thread(_key, sandbox)
    except GuardError as error:  # no engine, no image
        return (Guarantee(name="box", holds=False, detail=f"{error}. {error.hint}"),)
    record = state / f"selftest.{sandbox.profile(LIMITS).engine}.json"
    kept = await asyncio.to_thread(_recorded, record, key)
    if kept:
        return kept
    try:
        found = await _try(sandbox, state)
    except ProcessLimitMissing as error:
        return (Guarantee(name="process-limit", holds=False, detail=f"{error}. {error.hint}"),)
    except GuardError as error:
        return (Guarantee(name="box", holds=False, detail=f"{error}. {error.hint}"),)
    if all(guarantee.holds for guarantee in found):
        await asyncio.to_thread(_record, record, key, found)
    return found


def _key(sandbox: Sandbox) -> str:
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return f"{boot} {platform.release()} uid {os.geteuid()} {sandbox.profile(LIMITS).digest}"


def _recorded(path: Path, key: str) -> tuple[Guarantee, ...]:
    try:
        data = json.loads(path.read_bytes())
        if data["key"] == key:
            return tuple(Guarantee(**item) for item in data["guarantees"])
    except (OSError, ValueError, KeyError, TypeError):
        pass  # no record is no proof: it is tried again
    return ()


def _record(path: Path, key: str, found: Sequence[Guarantee]) -> None:
    temporary = path.with_suffix(".new")
    temporary.touch(0o600)  # as all in the state folder
    temporary.write_text(json.dumps({"key": key, "guarantees": [asdict(guarantee) for guarantee in found]}))
    temporary.replace(path)


async def _try(sandbox: Sandbox, state: Path) -> tuple[Guarantee, ...]:
    planted = await asyncio.to_thread(_plant, state)
    try:
        return await _with_listeners(sandbox, planted)
    finally:
        await asyncio.to_thread(remove_tree, planted.folder)


def _plant(state: Path) -> _Planted:
    folder = (state / f"selftest-{secrets.token_hex(8)}").resolve()
    workspace = folder / "workspace"
    workspace.mkdir(parents=True, mode=0o700)
    text = secrets.token_hex(16)
    (folder / "secret").write_text(text)
    (workspace / ".env").write_text(text)
    (workspace / "kept").write_text("as it was")
    return _Planted(
        folder=folder,
        workspace=workspace,
        outside=folder / "outside",
        secret=folder / "secret",
        secret_text=text,
        abstract=f"guard-{secrets.token_hex(8)}",
    )


async def _with_listeners(sandbox: Sandbox, planted: _Planted) -> tuple[Guarantee, ...]:
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_UNIX) as unix:
        unix.bind(f"\0{planted.abstract}")
        unix.listen()
        port = int(tcp.getsockname()[1])
        facts = Facts(workspace=str(planted.workspace))
        job = Job(case=0, language="python", code="", facts=facts, grant=Grant(), limits=LIMITS)
        inside = await sandbox.run(
            _with(job, planted.plan(port, facts.mount), (str(planted.workspace / ".env"),)),
        )
        escaped = await asyncio.to_thread(planted.outside.exists)
        kept = await asyncio.to_thread((planted.workspace / "kept").read_text)
        forks = await sandbox.run(_with(job, FORKS, ()))
        outside = await asyncio.to_thread(_outside, planted.plan(port, str(planted.workspace)))
        broker = await _broker(sandbox, job, port)
    tried = _said(inside.stdout)
    if inside.ending is not Ending.EXITED or not tried:
        why = f"the canary did not run: {inside.ending}, {inside.stderr.strip()[-300:]}"
        return (Guarantee(name="box", holds=False, detail=why),)
    if tried.get("write") == "done" and not escaped:
        tried["write"] = "refused: it went into the box's own temporary folder"
    return (
        Guarantee(name="box", holds=True, detail="a program runs in it"),
        *_denials(tried, outside, planted.secret_text),
        _copy_on_write(tried, kept),
        _process_limit(forks),
        *broker,
    )


def _with(job: Job, code: str, masked: tuple[str, ...]) -> Job:
    return Job(case=0, language=job.language, code=code, facts=job.facts, grant=job.grant, limits=job.limits, masked=masked)


class _AnyGate:
    """`guard.ports.Gate` of the canary, which nothing of the outside can be reached through."""

    async def permits(self, effect: Effect) -> str:
        return ""

    async def record(self, kind: str, data: dict[str, Any]) -> None:
        return None


async def _broker(sandbox: Sandbox, job: Job, port: int) -> tuple[Guarantee, ...]:
    """Whether boxes with a network in their grant reach the broker, and nothing beside it."""
    if sandbox.profile(LIMITS).network == "none":
        return ()
    place = Resource(type=ResourceType.ENDPOINT, name=f"127.0.0.1:{port}")
    granted = Grant(rules=(Rule(kinds=(Kind.HTTP_GET, Kind.NET_CONNECT), resource=place),))
    try:
        ran = await sandbox.run(replace(job, code=ASKS.replace("PORT", str(port)), grant=granted, gate=_AnyGate()))
    except GuardError as error:
        return (Guarantee(name="broker", holds=False, detail=f"{error}. {error.hint}"),)
    said = _said((ran.stdout.splitlines() or [""])[-1])
    if ran.ending is Ending.REFUSED:
        said["proxy"] = f"refused, and the run was stopped: {'; '.join(ran.traffic.refused)}"
    holds = said.get("direct", "").startswith("refused") and said.get("proxy", "").startswith(("HTTP/1.1 403", "refused"))
    return (
        Guarantee(name="broker", holds=holds, detail="; ".join(f"{way}: {what[:160]}" for way, what in said.items()) or ran.stderr[-300:]),
    )


def _outside(code: str) -> dict[str, str]:
    ran = subprocess.run([interpreter(), "-I", "-c", code], capture_output=True, timeout=20, check=False)
    return _said(ran.stdout.decode())


def _said(text: str) -> dict[str, str]:
    try:
        return {str(name): str(value) for name, value in json.loads(text).items()}
    except (ValueError, AttributeError):
        return {}


def _denials(inside: dict[str, str], outside: dict[str, str], secret: str) -> Iterator[Guarantee]:
    for name, attempts in DENIALS.items():
        holds, details = True, []
        for attempt in attempts:
            said = inside.get(attempt, "not tried").replace(secret, "(the planted secret)")[:120]
            worked = not outside.get(attempt, "refused").startswith("refused")
            holds = holds and worked and said.startswith("refused")
            details.append(f"{attempt}: {said}" + ("" if worked else " (but it fails outside too, which proves nothing)"))
        yield Guarantee(name=name, holds=holds, detail="; ".join(details))


def _copy_on_write(inside: dict[str, str], kept: str) -> Guarantee:
    if kept != "as it was":
        return Guarantee(name="copy-on-write", holds=False, detail="a change made in the box reached the workspace")
    changed = inside.get("change") == "done"
    return Guarantee(name="copy-on-write", holds=changed, detail="a file changed in the box is as it was outside")


def _process_limit(forks: Execution) -> Guarantee:
    text = forks.stdout.strip()
    count = int(text) if text.isdigit() else -1
    detail = f"of 200 processes {count} could be started ({LIMITS.processes} allowed)"
    return Guarantee(name="process-limit", holds=0 < count < LIMITS.processes, detail=detail)
