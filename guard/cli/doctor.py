"""`guard doctor`: does everything hold on this machine? Each check stands alone: one that fails does not hide the others."""

from __future__ import annotations

import asyncio
import os
import platform
import stat
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from guard import __version__
from guard.cli.terminal import progress, say
from guard.errors import GuardError

if TYPE_CHECKING:
    from guard.config import Config
    from guard.ports import Guarantee


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    name: str
    state: str
    """"ok", "accepted" (missing, and accepted by name), "spare" (missing in a box that is not used) or "MISSING"."""
    detail: str = ""
    hint: str = ""


def doctor() -> None:
    """Check that everything holds on this machine.

    The box's guarantees, the workspace, the policies, the ledger, the state folder, who may approve. Exit code 0 if all holds (or is
    accepted by name in guard.toml), 1 if something is missing.
    """
    findings = asyncio.run(_examine())
    say(_lines(findings))
    if any(finding.state == "MISSING" for finding in findings):
        raise typer.Exit(1)


async def _examine() -> list[Finding]:
    from guard.cli import compose

    kernel = f"Linux {platform.release()}" if sys.platform == "linux" else sys.platform
    findings = [Finding(name="versions", state="ok", detail=f"guard {__version__}, Python {platform.python_version()}, {kernel}")]
    try:
        config = compose.configured()
    except GuardError as error:
        return [*findings, _missing("configuration", error)]
    findings.append(Finding(name="configuration", state="ok", detail=f"{config.path}, agent {config.agent}, workspace {config.workspace}"))
    progress("Proving that the box can deny …")
    for name, look in (
        ("state", _state),
        ("policies", _policies),
        ("ledger", _ledger),
        ("people", _people),
        ("packages", _packages),
        ("box", _box),
        ("workspace", _workspace),
    ):
        findings += await _looked(name, look, config)
    return findings


async def _looked(name: str, look: Callable[[Config], Awaitable[list[Finding]]], config: Config) -> list[Finding]:
    try:
        return await look(config)
    except GuardError as error:
        return [_missing(name, error)]


def _missing(name: str, error: GuardError) -> Finding:
    return Finding(name=name, state="MISSING", detail=str(error), hint=error.hint)


async def _state(config: Config) -> list[Finding]:
    from guard.store import folder

    folder.prepare(config.state)
    opened = [path for path in _entries(config.state) if stat.S_IMODE(path.lstat().st_mode) & 0o077 and not path.is_symlink()]
    if opened:
        names = ", ".join(str(path) for path in opened[:3])
        return [Finding(name="state", state="MISSING", detail=f"open to other users: {names}", hint=f"chmod -R go= {config.state}")]
    space = os.statvfs(config.state)
    return [Finding(name="state", state="ok", detail=f"{config.state}, private, {space.f_bavail * space.f_frsize >> 20:,} MB free")]


def _entries(folder: Path) -> Iterator[Path]:
    """The state folder and what lies directly in it: what is deeper is behind these doors."""
    yield folder
    yield from folder.iterdir()


async def _policies(config: Config) -> list[Finding]:
    from guard.policy import examples, load

    files = load.read(config.policies)
    loaded = load.load(files)
    examples.check(files)
    return [Finding(name="policies", state="ok", detail=f"{config.policies}, {len(loaded.notes)} policies, set {loaded.digest[:12]}")]


async def _ledger(config: Config) -> list[Finding]:
    from guard.cli import audit, compose

    async with compose.open_store(config) as store:
        found = await audit.verified(store)
        current = await store.policies()
        started = [entry async for entry in store.entries() if b'"guard.started"' in entry.body and b'"transport":"http"' in entry.body]
        unguarded = [entry for entry in started if b'"token":false' in entry.body]
    findings = [Finding(name="ledger", state="ok", detail=f"{found.count:,} entries verify")]
    if unguarded:
        detail = f"started without a token (--no-token), last in entry {unguarded[-1].seq}: every process of this machine could call then"
        findings.append(Finding(name="http", state="accepted", detail=detail))
    if current and current.problem:
        findings.append(
            Finding(name="policies in force", state="MISSING", detail=current.problem, hint="The last good set stays in force.")
        )
    return findings


async def _people(config: Config) -> list[Finding]:
    from guard.cli import compose

    async with compose.open_store(config) as store:
        people = await store.people()
    unattended = (config.policies / "unattended.cedar").exists()
    if not any(person.key for person in people) and not unattended:
        hint = "`guard person key` makes one."
        return [Finding(name="people", state="MISSING", detail="nobody here can approve: nobody has a key", hint=hint)]
    note = "; unattended approvals count (pack unattended)" if unattended else ""
    keyed = sum(bool(person.key) for person in people)
    return [Finding(name="people", state="accepted" if unattended else "ok", detail=f"{len(people)} registered, {keyed} with a key{note}")]


async def _packages(config: Config) -> list[Finding]:
    from guard.sandbox.environment import Environments

    found = Environments(config.state).current()
    return [Finding(name="packages", state="ok", detail=found.words if found else "none beside the system's: `guard env add`")]


async def _box(config: Config) -> list[Finding]:
    """Each kind of box that the configuration names, with what it guarantees here. Of several the first that lacks nothing is used."""
    from guard.cli import compose
    from guard.sandbox.choice import examine, missing

    kinds = compose.boxes(config)
    promised = [(kind.name, await examine(kind)) for kind in kinds]
    used = next((name for name, promises in promised if not missing(promises, frozenset(config.accept))), "")
    found = [_guarantee(name, promise, config, spare=used not in ("", name)) for name, promises in promised for promise in promises]
    if len(kinds) > 1 and used:
        found.append(Finding(name="engine", state="ok", detail=f"programs run in {used}, the first that lacks nothing"))
    return found


async def _workspace(config: Config) -> list[Finding]:
    """Whether a box can have the workspace, tried with one that does nothing, and what its file system makes of names."""
    from guard.cli import compose
    from guard.model import Facts, Grant
    from guard.ports import Job
    from guard.sandbox.choice import first_that_denies
    from guard.sandbox.workspace_checks import folds

    sandbox = await first_that_denies(compose.boxes(config), frozenset(config.accept))
    try:
        facts = Facts(workspace=str(config.workspace))
        await sandbox.run(Job(case=0, language="python", code="", facts=facts, grant=Grant(), limits=config.box_limits))
    finally:
        await sandbox.close()
    detail = f"{config.workspace}, seen copy-on-write in a box"
    if folds(config.workspace):
        detail += (
            "; its file system takes other spellings (upper case, say) for the same name: programs that make names collide are refused, "
            "and every program as long as a file is to be hidden from it"
        )
    return [Finding(name="workspace", state="ok", detail=detail)]


def _guarantee(kind: str, promise: Guarantee, config: Config, *, spare: bool) -> Finding:
    """`spare`: another kind of box is used."""
    name = f"{kind}: {promise.name}"
    if promise.holds:
        return Finding(name=name, state="ok", detail=promise.detail)
    if promise.name in config.accept:
        return Finding(name=name, state="accepted", detail=f"does not hold, and guard.toml accepts that: {promise.detail}")
    if spare:
        return Finding(name=name, state="spare", detail=promise.detail)
    hint = f'To run without it: accept = ["{promise.name}"] in guard.toml.'
    return Finding(name=name, state="MISSING", detail=promise.detail, hint=hint)


def _lines(findings: list[Finding]) -> Iterator[str]:
    from guard.cli.page import safe

    width = max(len(finding.name) for finding in findings)
    for finding in findings:
        yield f"{finding.state:8}  {finding.name:{width}}  {safe(finding.detail)}"
        if finding.hint:
            yield f"{'':8}  {'':{width}}  hint: {safe(finding.hint)}"
    missing = sum(finding.state == "MISSING" for finding in findings)
    yield "Everything holds." if not missing else f"{missing} of {len(findings)} checks do not hold."
