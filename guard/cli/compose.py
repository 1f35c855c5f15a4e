"""The one place where parts become an engine: which store, which box, which analyst. Everything else takes what it is given."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from guard.errors import ConfigError, GuardError, PolicyError

if TYPE_CHECKING:
    from guard.analyst import Workers
    from guard.config import Config
    from guard.desk import Desk
    from guard.engine import Engine
    from guard.keys import Signer
    from guard.policy.load import Files
    from guard.ports import Analyst, Notices, Notifier, Parts, Sandbox, Store, Upstream
    from guard.sandbox.choice import Kind
    from guard.sandbox.container.engine import Engine as ContainerEngine


named: ContextVar[str] = ContextVar("named", default="")
"""Whom `guard --as NAME` names in this invocation; "": nobody."""
LOOK_SECONDS = 0.5
"""Seconds between looks at the policies folder."""


class WallClock:
    """`ports.Clock`: the time of this machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def configured(workspace: Path | None = None, agent: str = "") -> Config:
    """guard.toml with the command line's overrides. `ConfigError` if there is none."""
    from guard import config

    return config.load(workspace=str(workspace.expanduser().resolve()) if workspace else "", agent=agent)


def log_to_stderr(level: int = logging.WARNING) -> None:
    """Logs go to stderr, values quoted (stdout may be a protocol, and a terminal must not obey what came from outside)."""
    import structlog

    logging.getLogger("mcp").addHandler(logging.NullHandler())  # with tracebacks of what guard says in a line
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # the stderr of that moment, which tests replace
    )


def analyst() -> Analyst:
    """Analysis in resource-limited processes, started at the first use."""
    from guard.analyst import Analyst as Processes

    return Processes()


def check_workers(*, count: int, languages: Sequence[str]) -> Workers:
    """Processes that analyse a program and decide about it, once they are briefed."""
    from guard.analyst import Workers

    return Workers(count=count, languages=languages, module="guard.checking")


def boxes(config: Config, *, ahead: bool = False) -> Sequence[Kind]:
    """The kinds of boxes that the configuration names, in the order in which they are tried. `ahead`: some are started ahead of need, for
    who stays."""
    from guard.sandbox.bubblewrap import BubblewrapSandbox
    from guard.sandbox.choice import Kind
    from guard.sandbox.container.sandbox import ContainerSandbox
    from guard.sandbox.egress.broker import Broker, Egress
    from guard.sandbox.pool import Warm

    accepted, chosen = frozenset(config.accept), config.sandbox
    warm = Warm(boxes=config.warm_boxes, limits=config.box_limits, workspace=str(config.workspace)) if ahead else None

    def broker() -> Broker:
        return Broker(Egress(**config.egress.model_dump()))

    def bubblewrap() -> Sandbox:
        return BubblewrapSandbox(config.state, accepted=accepted, broker=broker(), warm=warm)

    def container() -> Sandbox:
        return ContainerSandbox(config.state, chosen.socket, image=chosen.image, accepted=accepted, broker=broker(), warm=warm)

    kinds = [Kind(name="bubblewrap", make=bubblewrap)] if chosen.engine != "container" else []
    if chosen.engine == "container" or (chosen.engine == "auto" and chosen.socket):
        kinds.append(Kind(name="container", make=container))
    return kinds


def container_engine(socket: str, image: str) -> tuple[ContainerEngine, str]:
    """The container engine at this socket and the name of its image, each the configuration's if "". `ConfigError` if there is none."""
    from guard.sandbox.container.engine import IMAGE, Engine

    if socket:
        return Engine(socket, state=Path("/")), image or IMAGE
    config = configured()
    if not config.sandbox.socket:
        raise ConfigError("No container engine is named", hint="Set `socket` in the table [sandbox] of guard.toml, or give --socket.")
    engine = Engine(config.sandbox.socket, state=config.state, accepted=frozenset(config.accept))
    return engine, image or config.sandbox.image


async def sandbox(config: Config, *, ahead: bool = False) -> Sandbox:
    """The sealed box of this machine. `ahead`: see `boxes`."""
    from guard.sandbox.choice import first_that_denies

    return await first_that_denies(boxes(config, ahead=ahead), frozenset(config.accept))


def notifier(config: Config, notices: Notices) -> Notifier | None:
    """How people are told, by the configuration's routes; None if there are none. `notices`: what all engines of the store said lately."""
    if not config.notify:
        return None
    from datetime import time

    from guard.notify.apprise import AppriseNotifier
    from guard.notify.routes import Route
    from guard.upstream.secrets import resolved

    routes = []
    for number, table in enumerate(config.notify, 1):
        url = table.url.get_secret_value()
        kind = url.split("://", 1)[0] if "://" in url and "${" not in url.split("://", 1)[0] else "service"
        start, _, end = table.quiet.partition("-")
        quiet = (time.fromisoformat(start), time.fromisoformat(end)) if table.quiet else None
        routes.append(
            Route(
                label=f"{number} {kind}", url=url, teams=table.teams, classes=table.classes, after_minutes=table.after_minutes, quiet=quiet
            )
        )
    teams = {agent.name: agent.teams for agent in config.known_agents}
    return AppriseNotifier(routes, clock=WallClock(), notices=notices, teams=teams, resolve=resolved, link=config.case_link)


async def parts(config: Config, *, runs: bool, ahead: bool = False) -> Parts:
    """The backends that the configuration names. With `runs` there is a sandbox; without, the engine decides and records only."""
    from guard.engine import state_folders
    from guard.ports import Parts
    from guard.sandbox.changeset.commit import FileWorkspace
    from guard.store.lease import FileLeases
    from guard.store.sqlite import SqliteStore

    store = await SqliteStore.open(config.state)
    try:
        return Parts(
            store=store,
            leases=FileLeases(state_folders(config)["engines"]),
            clock=WallClock(),
            analyst=analyst(),
            workspace=FileWorkspace(config.state),
            sandbox=await sandbox(config, ahead=ahead) if runs else None,
            notifier=notifier(config, store),
        )
    except BaseException:
        await store.close()
        raise


@asynccontextmanager
async def open_store(config: Config) -> AsyncIterator[Store]:
    """The store alone: for what must work even when no engine can be made (reading and verifying the ledger)."""
    from guard.store.sqlite import SqliteStore

    store = await SqliteStore.open(config.state)
    try:
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def open_engine(config: Config, *, runs: bool, ahead: bool = False, upstream: Upstream | None = None) -> AsyncIterator[Engine]:
    """An engine on this configuration, closed at the end. With `runs` it has a sandbox (with `ahead` one that keeps boxes waiting), with
    `upstream` it forwards to a wrapped server; with either it takes up edits of the policies as they happen. Whoever uses it proves the
    box and starts it."""
    import structlog

    from guard.engine import Engine

    if not structlog.is_configured():  # its default is stdout, where answers go
        log_to_stderr()
    async with Engine(config, replace(await parts(config, runs=runs, ahead=ahead), upstream=upstream)) as engine:
        following = asyncio.create_task(_follow_policies(engine), name="policies") if runs or upstream else None
        try:
            yield engine
        finally:
            if following:
                following.cancel()
                await asyncio.gather(following, return_exceptions=True)


async def _follow_policies(engine: Engine) -> None:
    """Take up every edit of the policies folder; one that does not load is logged and changes nothing.

    The folder is read again and again: a watch says nothing any more once the folder itself was replaced, where the system has no watch to
    give, and of what another machine writes.
    """
    import structlog

    log, taken = structlog.get_logger("guard.cli"), None
    while True:
        try:
            if (found := await asyncio.to_thread(_policies_in, engine.config.policies)) != taken:
                await engine.refresh_policies()
                taken = found
        except GuardError as error:
            log.error("edited policies were not taken up", error=str(error), hint=error.hint)
        except Exception:  # whatever is wrong with one edit, the next must not be missed
            log.exception("edited policies were not taken up")
        await asyncio.sleep(LOOK_SECONDS)


def _policies_in(folder: Path) -> Files | str:
    """The texts of a policies folder, or why there are none."""
    from guard.policy import load

    try:
        return load.read(folder)
    except PolicyError as error:
        return str(error)


def identified(config: Config) -> Signer | None:
    """The key of the person whom `guard --as NAME` names, whose passphrase is asked for; None if nobody is named. `BadInput` if it is
    wrong, `ConfigError` if they have no key here, or nobody is there to type."""
    name = named.get()
    if not name:
        return None
    from guard import keys
    from guard.cli.terminal import interactive, passphrase
    from guard.engine import state_folders

    folder = state_folders(config)["keys"]
    if not keys.exists(folder, name):
        raise ConfigError(f"{ascii(name)[1:-1]} has no key here", hint=keys.HOW_TO_MAKE)
    if not interactive():
        raise ConfigError("`--as` needs a terminal: the passphrase is typed", hint="From a script, answer as the user that runs it.")
    return keys.unlock(folder, name, passphrase(f"Passphrase of {name}"))


@asynccontextmanager
async def open_desk(config: Config, *, signer: Signer | None = None) -> AsyncIterator[Desk]:
    """The reviewer's use-cases, on an engine that runs nothing. At it is whose key `signer` is, else whom `guard --as` names (they are
    asked for their passphrase now), else the person of this process's OS user."""
    from guard.desk import Desk

    signer = signer or identified(config)
    async with open_engine(config, runs=False) as engine:
        desk = Desk(engine, signer=signer)
        if signer and await desk.me() is None:
            raise ConfigError(f"The key of {signer.person} here is not the one that is registered", hint="`guard person list` shows it.")
        yield desk
