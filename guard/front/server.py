"""guard as an MCP server: four tools over one engine, the same on every transport and in both eras of the protocol.

A call may end early (the client cancels, or is gone); what it started does not. Submissions are taken in by tasks of their own, so that
a case is never half made, and its result is kept under its ticket.
"""

from __future__ import annotations

import asyncio
import gc
import secrets
import signal
from asyncio import selector_events, unix_events
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import structlog
from mcp.server import Server, ServerRequestContext
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    RequestParams,
    TextContent,
    Tool,
)

from guard import __version__
from guard.canonical import canonical
from guard.config import Config
from guard.engine import Engine
from guard.errors import BadInput, GuardError
from guard.front import delivery, stdio, tasks
from guard.front.answers import UNKNOWN_TICKET, Reply, answer, problem
from guard.front.sessions import Listening
from guard.front.tools import INSTRUCTIONS, LONGEST_WAIT, TOOLS, arguments
from guard.model import ANSWERED, FINAL, AuditEvent, Case, Stage, Submission

log = structlog.get_logger("guard.front")

HEARTBEAT = 5.0
"""Seconds between progress notifications to a client that asked for them."""
SLACK = 30.0
"""Seconds beyond the box's own wall limit within which a run must have ended, sealed and been committed."""
AT_ONCE = 1 << 14
"""Bytes that are read from a socket or a pipe at once."""

Context = ServerRequestContext["Face"]


class Face:
    """What one server does for its clients: the handlers of the low-level server."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._submissions: set[asyncio.Task[Case]] = set()
        self._heard = delivery.Heard()

    async def close(self) -> None:
        """Let submissions that are being taken in come to their end."""
        with anyio.CancelScope(shield=True):
            await asyncio.gather(*self._submissions, return_exceptions=True)

    async def task(self, ctx: Context, params: RequestParams) -> dict[str, Any]:
        """Answer one tasks/get, tasks/update or tasks/cancel."""
        ticket = (ctx.params or {}).get("taskId")
        return await tasks.request(self._engine, ctx, await self._find(ticket) if isinstance(ticket, str) else None)

    async def call(self, ctx: Context, params: CallToolRequestParams) -> CallToolResult | dict[str, Any]:
        """Answer one tools/call. An unknown tool is an error of the protocol; everything else is told to the model."""
        if params.name not in TOOLS:
            raise MCPError(INVALID_PARAMS, f"There is no tool {params.name!a:.60}; there are {', '.join(TOOLS)}.")
        try:
            given = arguments(params.name, params.arguments or {})
            match params.name:
                case "execute":
                    case, joined = await self._execute(ctx, given)
                    if case.stage is Stage.WAITING and tasks.takes(ctx):
                        return tasks.handle(case)
                    reply = answer(case, joined=joined)
                case "guard_status":
                    reply = await self._look(ctx, given["ticket"], 0.0)
                case "guard_answer":
                    own = await self._find(given["ticket"])
                    reply = await delivery.say(self._engine, own, given["text"]) if own else UNKNOWN_TICKET
                case _:
                    reply = await self._look(ctx, given["ticket"], min(given["timeout"], LONGEST_WAIT))
        except BadInput as error:
            reply = problem(f"Not taken. {error}. {error.hint}")
        except GuardError as error:
            log.error("a call failed", tool=params.name, error=str(error), hint=error.hint)
            # The words of the error are for people: they name folders of this machine.
            reply = problem(f"guard cannot do this now ({type(error).__name__}). Tell the user; what was decided before is kept.")
        return _result(reply)

    async def _execute(self, ctx: Context, given: dict[str, Any]) -> tuple[Case, bool]:
        """The case of a program once it can be answered, and whether it waited already."""
        # What it is for is kept beside the arguments: told anew, in other words, it is the same call.
        rest = {name: value for name, value in given.items() if name not in ("code", "intent")}
        submission = Submission(
            agent=self._engine.config.agent,
            language=given["language"],
            code=given["code"],
            intent=given.get("intent", ""),
            arguments=canonical(rest).decode(),
        )
        ticket = secrets.token_urlsafe(24)
        task = asyncio.create_task(self._engine.submit(submission, ticket=ticket), name="submit")
        self._submissions.add(task)
        task.add_done_callback(self._taken_in)
        case = await asyncio.shield(task)
        if case.stage not in ANSWERED:
            # A client that follows progress may be held to the end; another gives up after a minute, and would lose the ticket.
            patient = "progress_token" in (ctx.meta or {})
            whole = case.box.limits.wall_seconds + SLACK
            case = await self._settled(ctx, case, whole if patient else min(whole, LONGEST_WAIT), at=ANSWERED)
        return case, case.ticket != ticket

    def _taken_in(self, task: asyncio.Task[Case]) -> None:
        self._submissions.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.warning("a submission was not taken in", error=str(error))  # its caller may be gone

    async def _find(self, ticket: str) -> Case | None:
        """The agent's own case of a ticket, or what people edited it into."""
        case = await self._engine.store.by_ticket(ticket)
        mine = case is not None and case.submission.agent == self._engine.config.agent
        return await delivery.latest(self._engine, case) if case and mine else None

    async def _look(self, ctx: Context, ticket: str, seconds: float) -> Reply:
        case = await self._find(ticket)
        return answer(await self._settled(ctx, case, seconds)) if case else UNKNOWN_TICKET

    async def _settled(self, ctx: Context, case: Case, seconds: float, *, at: frozenset[Stage] = FINAL) -> Case:
        """The same as `delivery.Heard.settled`, with signs of life."""
        clock = asyncio.get_running_loop().time
        started = clock()
        while True:
            left = started + seconds - clock()
            case = await self._heard.settled(self._engine, case, min(HEARTBEAT, max(0.0, left)), at=at)
            if case.stage in at or self._heard.news(case) or left <= 0:
                self._heard.told(case)
                return case
            await ctx.session.report_progress(round(clock() - started, 1), None, case.stage.value)


async def _list(ctx: Context, params: PaginatedRequestParams | None) -> ListToolsResult:
    return ListToolsResult(tools=[Tool.model_validate({"name": name, **tool}) for name, tool in TOOLS.items()])


def _result(reply: Reply) -> CallToolResult:
    return CallToolResult(
        content=[TextContent(type="text", text=text) for text in reply.texts],
        structured_content=reply.fields or None,
        is_error=reply.failed,
    )


def build_server(engine: Engine) -> Server[Face]:
    """The low-level server of an engine, for any transport. Who serves it enters its lifespan (the SDK's transports do)."""
    face = Face(engine)

    @asynccontextmanager
    async def lifespan(_: Server[Face]) -> AsyncIterator[Face]:
        try:
            yield face
        finally:
            await face.close()

    server = Server(
        "guard",
        version=__version__,
        title="guard",
        instructions=INSTRUCTIONS,
        lifespan=lifespan,
        get_tool_input_schema=lambda name: TOOLS[name]["inputSchema"] if name in TOOLS else None,
        on_list_tools=_list,
    )
    server.add_request_handler("tools/call", CallToolRequestParams, face.call)
    server.extensions[tasks.EXTENSION] = {}
    for method in tasks.METHODS:
        server.add_request_handler(method, RequestParams, face.task)
    return server


async def open_engine(engine: Engine, transport: str, *, token: bool) -> None:
    """Prove the box, follow the store, and say in the ledger that this guard serves. `SandboxError` if the box is too weak."""
    await engine.prove()
    data = {"version": __version__, "transport": transport, "agent": engine.config.agent, "token": token, "engine": engine.id}
    await engine.store.append([AuditEvent(kind="guard.started", data=data)], now=engine.parts.clock.now())
    engine.start()
    gc.collect()  # else what is dead now would stay with what is frozen
    gc.freeze()  # modules, policies and tables stay to the end: no collection need look at them again
    _read_little()


def _read_little() -> None:
    """asyncio reads into 256 KiB, and cuts that to the few hundred bytes that came: what outlives its neighbours holds the space between
    them open, and memory grows with every client. The names are not public; a test of what is read at once looks at them."""
    selector_events._SelectorTransport.max_size = AT_ONCE  # type: ignore[attr-defined]
    unix_events._UnixReadPipeTransport.max_size = AT_ONCE  # type: ignore[attr-defined]


async def serve_stdio(engine: Engine, server: Server[Any] | None = None, *, opening: stdio.Opening | None = None) -> None:
    """Serve one client over stdin and stdout, until it closes stdin, or SIGINT or SIGTERM comes. stdout is the protocol's alone.

    `server`: another than the engine's own four tools (a wrapped server's). `opening` may refuse messages before the SDK sees them, which
    settles on one era of the protocol by the first.
    """
    await open_engine(engine, "stdio", token=False)
    await stdio.serve(server or build_server(engine), opening=opening)


async def serve_http(
    engine: Engine,
    host: str,
    port: int,
    token_file: Path | None = None,
    *,
    server: Server[Any] | None = None,
    guarded: bool = True,
    listening: Listening | None = None,
) -> None:
    """Serve any number of clients over streamable HTTP at /mcp, on a loopback address, until SIGINT or SIGTERM.

    The bearer token stands in `token_file` (default: the configured one, or `http.token` in the state folder). `ConfigError` if the host
    is not this machine, the port is taken, or others may read the token. Not `guarded`: no token is asked for, and the ledger says so.
    `server`: see `serve_stdio`; `listening` is told which of its clients listen.
    """
    from guard.front import http  # uvicorn: of no use to stdio

    named = token_file or _token_file(engine.config)
    with http.listen(host, port) as listener:
        token = http.token(named) if guarded else None
        await open_engine(engine, "http", token=guarded)
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await http.serve(server or build_server(engine), listener, token=token, token_file=named, stop=stop, listening=listening)


def _token_file(config: Config) -> Path:
    return Path(config.http.token_file).expanduser() if config.http.token_file else config.state / "http.token"
