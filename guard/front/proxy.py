"""guard in front of a wrapped server: an MCP server whose outermost middleware answers with the server's own raw messages.

Nothing is re-typed on the way, so unknown fields and `_meta` survive. Only tools/call is decided; tools/list gains three tools. A client of
the handshake era gets a connection to the server of its own, initialised in its own words; modern requests share guard's.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import anyio
import structlog
from mcp.server import Server, ServerRequestContext
from mcp.server.context import CallNext
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    INVALID_REQUEST,
    LOG_LEVEL_META_KEY,
    METHOD_NOT_FOUND,
    UNSUPPORTED_PROTOCOL_VERSION,
    JSONRPCMessage,
    JSONRPCRequest,
)
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS, MODERN_PROTOCOL_VERSIONS

from guard import __version__
from guard.canonical import digest
from guard.engine import Engine
from guard.errors import BadInput, GuardError, UpstreamError
from guard.front import delivery, elicit, tasks
from guard.front.answers import UNKNOWN_TICKET, number, problem
from guard.front.delivery import TICKET_TOOLS
from guard.front.tools import LONGEST_WAIT, arguments
from guard.front.wire import Refusal
from guard.model import ANSWERED, FINAL, AuditEvent, Case, Stage, Submission
from guard.upstream.attendance import Attendance
from guard.upstream.notices import is_token
from guard.upstream.pins import hidden
from guard.upstream.session import Session, introduced
from guard.upstream.wrapped import Wrapped, envelope
from guard.visible import without_hidden

log = structlog.get_logger("guard.front")

HOLD = 45.0
"""Seconds that a parked call of a client that follows progress is held: most clients give up after a minute."""
HEARTBEAT = 5.0
_STATE, _WORDS, _LOCK, _LISTENS = "guard.session", "guard.initialize", "guard.lock", "guard.listens"
_RESPONSES = {"inputResponses", "requestState"}
"""What a call brings along that was sent again with what its first answer required."""

Context = ServerRequestContext[Any]


class Client:
    """`notices.Caller`: the client behind one request, or (standalone) behind a whole connection."""

    # INVARIANT: the only place that uses private names of the SDK; it drops nulls and unknown fields on its public ways out.
    def __init__(self, ctx: Context, *, standalone: bool = False) -> None:
        session = ctx.session
        self._channel = session._connection.outbound if standalone else session._request_outbound
        meta = _meta(ctx.params)
        self._logs = ctx.protocol_version not in MODERN_PROTOCOL_VERSIONS or LOG_LEVEL_META_KEY in meta
        token = None if standalone else meta.get("progressToken")
        self.token = token if is_token(token) else None
        self.id = ctx.request_id

    async def ask(self, method: str, params: Mapping[str, Any] | None) -> dict[str, Any]:
        return await self._channel.send_raw_request(method, params)

    async def tell(self, method: str, params: Mapping[str, Any] | None) -> None:
        if method != "notifications/message" or self._logs:
            await self._channel.notify(method, params)


class Proxy:
    """The middleware. One per served process."""

    def __init__(self, engine: Engine, wrapped: Wrapped, *, hold: float = HOLD) -> None:
        self._engine, self._wrapped, self._hold = engine, wrapped, hold
        self._agent = engine.config.agent
        self._submissions: set[asyncio.Task[Case]] = set()
        self._at_client = elicit.AtClient(engine)
        self._heard = delivery.Heard()
        self._over_http: dict[str, dict[str, Any]] = {}
        """What is kept of the clients that have a session over HTTP, by its id."""
        self._parked: dict[str, str] = {}
        """Tickets of parked calls whose result nobody has fetched yet, by what was called: a call sent again joins its case."""

    async def open(self) -> None:
        """Take up the parked calls of an earlier process, and what a server that outlived it remembers."""
        if self._wrapped.outlives_guard:
            mine = await self._engine.store.cases(stages=[Stage.RUNNING, *FINAL], limit=1_000_000)
            sent = (case for case in mine if case.execution or case.stage in (Stage.RUNNING, Stage.INTERRUPTED))
            self._wrapped.recall(case.submission for case in sent if case.submission.server == self._wrapped.name)
        for case in await self._engine.store.cases(agent=self._agent, limit=200, newest_first=True):
            told_at_once = case.stage in FINAL and not case.approvals and not case.submission.edited_by
            if case.submission.server != self._wrapped.name or told_at_once or case.successor:  # an edit stands for what it replaced
                continue
            kinds = [moment async for moment in self._engine.store.entries(case=case.id)]
            if not any(b'"case.delivered"' in entry.body for entry in kinds):
                original = await self._as_sent(case)
                self._parked.setdefault(_key(original.submission), original.ticket)

    async def close(self) -> None:
        """Let submissions that are being taken in come to their end."""
        with anyio.CancelScope(shield=True):
            await self._at_client.close()
            await asyncio.gather(*self._submissions, return_exceptions=True)

    async def __call__(self, ctx: Context, call_next: CallNext) -> Any:
        """One message of a client: forwarded as it is, but for calls, which are decided."""
        if ctx.request_id is None:
            return await self._notified(ctx, call_next)
        try:
            if ctx.method == "initialize":
                return await self._initialize(ctx)
            session = await self._session(ctx)
            if parked := await self._own_task(ctx):
                found = await tasks.request(self._engine, ctx, parked)
                if ctx.method == "tasks/get":
                    await self._fetched(parked)
                return found
            match ctx.method:
                case "tools/list":
                    return self._listed(await self._forward(ctx, session))
                case "tools/call":
                    return await self._call(ctx, session)
                case "server/discover":
                    return _discovered(await self._forward(ctx, session))
                case _:
                    return await self._forward(ctx, session)
        except GuardError as error:
            log.error("a request failed", method=ctx.method, error=str(error), hint=error.hint)
            raise MCPError(INTERNAL_ERROR, _failure(error)) from None

    async def opening(self, message: JSONRPCMessage) -> Refusal | None:
        """A client that asks over stdio for the modern era learns, before the connection is settled, that the server does not speak it.

        A server that cannot be asked settles nothing either: a client that then tries the handshake is told this reason by it too.
        """
        if not isinstance(message, JSONRPCRequest) or message.method != "server/discover":
            return None
        try:
            if await self._wrapped.speaks_modern():
                return None
        except GuardError as error:
            log.error("the server cannot be asked", server=self._wrapped.name, error=str(error))
            return Refusal(code=INTERNAL_ERROR, message=_failure(error), id=message.id)
        return Refusal(code=METHOD_NOT_FOUND, message=f"{self._wrapped.name} speaks the handshake era only.", id=message.id)

    def listening(self, client: str, on: bool) -> None:
        """Whether the client with this session over HTTP holds the stream for what belongs to no request: as long as it does, guard holds
        the server's for it. (Over stdio a client always listens.)"""
        state = self._over_http.get(client, {})
        state[_LISTENS] = on
        if (session := state.get(_STATE)) is not None:
            session.link.listen(on)

    # ------------------------------------------------------------------------------------------------------------- pass through

    async def _initialize(self, ctx: Context) -> dict[str, Any]:
        connection = ctx.session._connection
        if _STATE in connection.state:
            raise MCPError(INVALID_REQUEST, "initialize was sent before.")
        connection.state.update({_WORDS: ctx.params, _LISTENS: connection.session_id is None})
        session = await self._introduced(ctx)
        if connection.session_id is not None:
            self._over_http[connection.session_id] = connection.state
        connection.exit_stack.push_async_callback(self._left, connection.state, connection.session_id)
        return {**session.hello, "capabilities": {"tools": {}, **_object(session.hello.get("capabilities"))}}

    async def _introduced(self, ctx: Context) -> Session:
        """A connection to the server for this client, as it has introduced itself."""
        state = ctx.session._connection.state
        caller = Client(ctx, standalone=True)
        session = state[_STATE] = await introduced(self._wrapped.target, state[_WORDS], caller, listens=state[_LISTENS])
        session.link.listen(state[_LISTENS])  # it may have begun or ended meanwhile
        return session

    async def _left(self, state: dict[str, Any], client: str | None) -> None:
        """A client's connection is over: so is its connection to the server."""
        session: Session | None = state.pop(_STATE, None)
        self._over_http.pop(client or "", None)
        if session is not None:
            await self._wrapped.part(session)

    async def _session(self, ctx: Context) -> Session:
        """The connection that a request goes over. A server that died is started again, and told again who the client is."""
        if ctx.protocol_version in MODERN_PROTOCOL_VERSIONS:
            if not await self._wrapped.speaks_modern():
                data = {"supported": list(HANDSHAKE_PROTOCOL_VERSIONS), "requested": ctx.protocol_version}
                raise MCPError(UNSUPPORTED_PROTOCOL_VERSION, f"{self._wrapped.name} speaks the handshake era only.", data)
            return await self._wrapped.own()
        state = ctx.session._connection.state
        session: Session | None = state.get(_STATE)
        if session is None:
            raise MCPError(INVALID_REQUEST, "Send initialize first.")
        if not session.alive:
            async with state.setdefault(_LOCK, asyncio.Lock()):
                session = state[_STATE]
                if not session.alive:
                    await session.link.close()
                    session = await self._introduced(ctx)
                    await session.link.notify("notifications/initialized", None)
        return session

    async def _notified(self, ctx: Context, call_next: CallNext) -> Any:
        session: Session | None = ctx.session._connection.state.get(_STATE)
        if session is not None and ctx.method not in ("notifications/cancelled", "notifications/progress"):
            await session.link.notify(ctx.method, ctx.params)
        return await call_next(ctx)

    async def _forward(self, ctx: Context, session: Session) -> dict[str, Any]:
        """Anything but a call: nothing happens by it, so it is asked again where the server was started anew meanwhile."""
        try:
            return await session.request(ctx.method, ctx.params, Client(ctx))
        except UpstreamError:
            if session.alive:
                raise
            return await (await self._session(ctx)).request(ctx.method, ctx.params, Client(ctx))

    def _listed(self, page: dict[str, Any]) -> dict[str, Any]:
        """A page of the tool list: without what is never forwarded and without hidden characters; guard's own tools on the last one."""
        tools = page.get("tools")
        if not isinstance(tools, list):
            return page
        known = [tool for tool in tools if isinstance(tool, dict) and isinstance(tool.get("name"), str)]
        self._wrapped.see(known)
        kept = [
            _screened(tool) if hidden(tool) else tool
            for tool in known
            if tool["name"] not in TICKET_TOOLS and not self._wrapped.forbidden(tool["name"])
        ]
        own = [] if page.get("nextCursor") else [{"name": name, **tool} for name, tool in TICKET_TOOLS.items()]
        return {**page, "tools": [*kept, *own]}

    # -------------------------------------------------------------------------------------------------------------------- calls

    async def _call(self, ctx: Context, session: Session) -> dict[str, Any]:
        params = ctx.params or {}
        modern = ctx.protocol_version in MODERN_PROTOCOL_VERSIONS
        name = params.get("name")
        if isinstance(name, str) and name in TICKET_TOOLS:
            return await self._look(ctx, name, params.get("arguments"), modern=modern)
        session = await self._fresh(ctx, session)
        if not isinstance(name, str) or name not in self._wrapped.definitions or self._wrapped.forbidden(name):
            await self._record("call.refused", tool=str(name)[:200], why="not listed, or forbidden")
            raise MCPError(INVALID_PARAMS, f"There is no tool {name!a:.60}.")
        own_form = (form_of := elicit.ticket(params)) and await self._find(form_of) is not None
        sent = {key: value for key, value in params.items() if key not in _RESPONSES} if own_form else params
        try:
            submission = self._wrapped.submission(self._agent, sent)
        except BadInput as error:
            return delivery.raw(problem(f"Not taken. {error}. {error.hint}"), modern=modern)
        attendance = Attendance(session=session, caller=Client(ctx), meta=envelope(params))
        own = secrets.token_urlsafe(24)
        taking: asyncio.Task[Case] | None = None
        try:
            case = await self._joined(submission, attendance)
            if case is None:
                taking = self._taking_in(submission, own, attendance)
                case = await asyncio.shield(taking)
            joined = case.ticket != own
            result = await self._answered(attendance) if case.stage is Stage.RUNNING and not joined else None
            return result if result is not None else await self._deliver(ctx, case, modern=modern, joined=joined)
        except asyncio.CancelledError:
            attendance.cancelled = True
            raise
        finally:
            if taking is None or taking.done():
                self._wrapped.leave(attendance)
            else:  # what may run at once finds that nobody wants it any more; what waits for people goes on waiting
                taking.add_done_callback(lambda _: self._wrapped.leave(attendance))

    async def _fresh(self, ctx: Context, session: Session) -> Session:
        """The connection for a call, over which the tools are known. A server that was started anew meanwhile knows no session of old."""
        try:
            await self._wrapped.refresh(session)
        except UpstreamError:
            if session.alive:
                raise
            session = await self._session(ctx)
            await self._wrapped.refresh(session)
        return session

    async def _answered(self, attendance: Attendance) -> dict[str, Any] | None:
        """The server's answer as soon as it is there; that it is saved is not waited for. None if it will not come."""
        try:
            async with asyncio.timeout(self._wrapped.settings.longest_call + HEARTBEAT):
                answer = await attendance.answer
        except TimeoutError:
            return None
        return delivery.said(answer) if answer is not None else None

    def _taking_in(self, submission: Submission, ticket: str, attendance: Attendance) -> asyncio.Task[Case]:
        """A task of its own takes the call in, so that a client that leaves makes no half case. The client attends it from now on, or the
        case that it joins: another client's same call, which was still being taken in when this one came."""
        self._wrapped.attend(ticket, attendance)
        submitting = self._engine.submit(submission, ticket=ticket, joins=lambda case: self._wrapped.attend(case.ticket, attendance))
        task = asyncio.create_task(submitting, name="submit")
        self._submissions.add(task)
        task.add_done_callback(self._submissions.discard)
        return task

    async def _joined(self, submission: Submission, attendance: Attendance) -> Case | None:
        """The parked case of the same call, if its result was never fetched: a client that sends a call again does not run it twice. The
        client attends it from now on."""
        ticket = self._parked.get(_key(submission)) if self._parked else None
        if ticket is None:
            return None
        self._wrapped.attend(ticket, attendance)  # before anything else can happen to the case
        case = await self._find(ticket)
        if case is not None:
            self._wrapped.attend(case.ticket, attendance)
        return case

    async def _deliver(self, ctx: Context, case: Case, *, modern: bool, joined: bool) -> dict[str, Any]:
        client, params = ctx.session.client_capabilities, ctx.params or {}
        filled = modern and joined and await self._at_client.filled_in(client, case, params)
        if case.stage not in ANSWERED:
            case = await self._engine.settled(case.id, self._wrapped.settings.longest_call + HEARTBEAT, at=ANSWERED)
        if case.stage is not Stage.WAITING:
            return await self._told(case, modern=modern)
        sent = await self._as_sent(case)
        self._parked[_key(sent.submission)] = sent.ticket
        if tasks.takes(ctx):
            return tasks.handle(case)
        person = await self._at_client.may_answer(client, case)
        if modern and person and not _RESPONSES & params.keys():
            return elicit.required(case)
        if asked := bool(person) and not modern:
            self._at_client.ask(Client(ctx, standalone=True), case, person)
        if (asked or filled or Client(ctx).token is not None) and self._hold:
            case = await self._held(ctx, case)
        result = await self._told(case, modern=modern)
        if joined and not filled and case.stage is Stage.WAITING:
            result["content"].insert(0, {"type": "text", "text": f"The same call already waits as case {number(case)}. Nothing was added."})
        return result

    async def _told(self, case: Case, *, modern: bool, fetched: bool = False) -> dict[str, Any]:
        self._heard.told(case)
        kept = await self._engine.executor.result(case)
        await self._fetched(case)
        return (delivery.fetched if fetched else delivery.delivered)(case, kept, modern=modern)

    async def _held(self, ctx: Context, case: Case) -> Case:
        """The case once it is final or a person asks, or as it is when the hold is over; with signs of life that count up far below the
        server's own."""
        clock = asyncio.get_running_loop().time
        started = clock()
        while (left := started + self._hold - clock()) > 0:
            case = await self._heard.settled(self._engine, case, min(HEARTBEAT, left))
            if case.stage in FINAL or case.asked:
                break
            if case.stage is Stage.WAITING:
                elapsed = clock() - started
                await ctx.session.report_progress(elapsed / 1e9, None, f"case {number(case)} waits for a person's approval")
        return case

    async def _record(self, kind: str, case: int | None = None, **data: Any) -> None:
        event = AuditEvent(kind=kind, case=case, data={"server": self._wrapped.name, "agent": self._agent, **data})
        await self._engine.store.append([event], now=self._engine.parts.clock.now())

    # ------------------------------------------------------------------------------------------------------------------ tickets

    async def _find(self, ticket: object) -> Case | None:
        """The agent's own case of a ticket, and of this server, or what people edited it into."""
        case = await self._engine.store.by_ticket(ticket) if isinstance(ticket, str) else None
        mine = case is not None and case.submission.agent == self._agent and case.submission.server == self._wrapped.name
        return await delivery.latest(self._engine, case) if case and mine else None

    async def _as_sent(self, case: Case) -> Case:
        """The case of the call as the client sent it: not what people edited it into."""
        while case.submission.parent is not None:
            case = await self._engine.store.load(case.submission.parent)
        return case

    async def _fetched(self, case: Case) -> None:
        """The client has what came of it: the same call sent again is a new one."""
        if case.stage not in FINAL:
            return
        sent = await self._as_sent(case)
        if self._parked.get(_key(sent.submission)) == sent.ticket:
            del self._parked[_key(sent.submission)]
            await self._record("case.delivered", case.id)

    async def _look(self, ctx: Context, tool: str, given: Any, *, modern: bool) -> dict[str, Any]:
        try:
            asked = arguments(tool, given if isinstance(given, dict) else {})
        except BadInput as error:
            return delivery.raw(problem(f"Not taken. {error}. {error.hint}"), modern=modern)
        case = await self._find(asked["ticket"])
        if case is None:
            return delivery.raw(UNKNOWN_TICKET, modern=modern)
        if tool == "guard_answer":
            return delivery.raw(await delivery.say(self._engine, case, asked["text"]), modern=modern)
        case = await self._heard.settled(self._engine, case, min(asked.get("timeout", 0.0), LONGEST_WAIT))
        return await self._told(case, modern=modern, fetched=True)

    async def _own_task(self, ctx: Context) -> Case | None:
        return await self._find((ctx.params or {}).get("taskId")) if ctx.method in tasks.METHODS else None


def build_proxy(proxy: Proxy, wrapped: Wrapped) -> Server[Any]:
    """The server of a wrapped server, for any transport. Who serves it enters its lifespan (the SDK's transports do)."""

    @asynccontextmanager
    async def lifespan(_: Server[Any]) -> AsyncIterator[None]:
        await proxy.open()
        try:
            yield None
        finally:
            await proxy.close()

    server: Server[Any] = Server(
        wrapped.name,
        version=__version__,
        lifespan=lifespan,
        get_tool_input_schema=lambda name: wrapped.definitions.get(name, {}).get("inputSchema"),
    )
    server.middleware.insert(0, proxy)
    return server


def _failure(error: GuardError) -> str:
    return f"guard: {error} {error.hint}".strip()


def _discovered(hello: dict[str, Any]) -> dict[str, Any]:
    """What the server says of itself, with what guard adds to it."""
    capabilities = _object(hello.get("capabilities"))
    return {**hello, "capabilities": {**capabilities, "extensions": {tasks.EXTENSION: {}, **_object(capabilities.get("extensions"))}}}


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _meta(params: Mapping[str, Any] | None) -> Mapping[str, Any]:
    return _object((params or {}).get("_meta"))


def _key(submission: Submission) -> str:
    """Two calls with the same key are the same call."""
    return digest([submission.tool, submission.arguments, submission.extra])


def _screened(value: Any) -> Any:
    """Without characters that cannot be seen: they are addressed to the model behind the reader's back."""
    if isinstance(value, str):
        return without_hidden(value)[0]
    if isinstance(value, list):
        return [_screened(item) for item in value]
    return {_screened(key): _screened(item) for key, item in value.items()} if isinstance(value, dict) else value
