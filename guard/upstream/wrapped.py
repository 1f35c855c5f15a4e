"""One wrapped server, as the engine sees it: what its calls mean, and the one way to it.

INVARIANT: what is forwarded is built from the case alone (tool, canonical arguments, extra), so it is what was sealed and approved; of the
live request only the envelope of the transport (progress token, trace, client information) is taken.
"""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import structlog
from mcp.shared.exceptions import MCPError

from guard.analyse.profile import CodeTool, Profile
from guard.analyse.session import EARLIER
from guard.canonical import canonical
from guard.errors import BadInput, ConfigError, NotForwarded, UpstreamError
from guard.model import (
    RUN,
    BoxProfile,
    Case,
    Effect,
    Ending,
    Execution,
    Facts,
    Kind,
    Resource,
    ResourceType,
    Submission,
)
from guard.ports import TOOL_CALL, TOOL_CHANGED, TOOL_HIDDEN, Call
from guard.upstream.attendance import Attendance, Listeners
from guard.upstream.catalogue import conventions
from guard.upstream.classify import OVERRIDES, Judgement, classify
from guard.upstream.detect import PLAIN, Detection, code_tool, detect
from guard.upstream.pins import Pins, definition_digest, hidden
from guard.upstream.session import Session, opened
from guard.upstream.target import Target

log = structlog.get_logger("guard.upstream")

FRESH = 5.0
"""Seconds for which a list of tools counts as what the server has now."""
LONGEST_CALL = 600.0
LONGEST_ARGUMENTS = 4 << 20
"""Bytes of canonical JSON."""
LONGEST_TEXT = 64 << 10
"""Characters of the answer's text that are kept for people to read."""
_ENVELOPE = frozenset({"progressToken", "traceparent", "tracestate", "baggage"})
"""What `_meta` holds for the transport, beside the protocol's own keys: different on every call, and no part of what is approved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the operator says about a wrapped server."""

    target: Target
    profile: str = ""
    """Name of the profile to use instead of the detected one."""
    tools: tuple[tuple[str, str], ...] = ()
    """Class of single tools, of the server itself or called inside programs: (name, "read" | "write" | "destructive" | "forbidden")."""
    longest_call: float = LONGEST_CALL


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    """What is to be said of a tool's definition at each of its calls."""

    digest: str
    effect: Effect
    """What a call of it does, if it takes no program."""
    doubts: tuple[Effect, ...]
    """What speaks against believing the definition, as effects that park."""


class Wrapped:
    """`ports.Upstream` over one server. Connections for single clients are the front's; guard's own is opened when it is needed."""

    def __init__(self, settings: Settings, profiles: Sequence[Profile], folder: Path) -> None:
        self.settings, self.target = settings, settings.target
        self.pins = Pins(folder / f"{self.target.name}.json")
        self.profile = Profile(name="", code=(), form=profiles[0].form)
        self.why = ""
        """Why this profile, in a sentence."""
        self.definitions: dict[str, dict[str, Any]] = {}
        """Raw tool definitions, by name, as the server has them now. Replaced, never changed."""
        self._judged: dict[str, _Judged] = {}
        """The same, judged: as long as definitions, pins and profile are these."""
        self._profiles = {profile.name: profile for profile in profiles}
        self._own: Session | None = None
        self._listed: list[Session] = []
        """Connections over which tools were listed, the latest at the end."""
        self._opening = asyncio.Lock()
        self._kept: set[Session] = set()
        """Connections of clients that left, over which a call is under way."""
        self._parting: set[asyncio.Task[None]] = set()
        self._attending: dict[str, Listeners] = {}
        """Who is there, by the ticket of the case."""
        self._listed_at = -FRESH
        self._sent: list[str] = []
        """Programs whose definitions the server may still hold, oldest first."""
        self._recalled: tuple[Submission, ...] = ()
        if (name := settings.profile or self.pins.profile) and name not in self._profiles and name != "plain":
            pinned = "" if settings.profile else f", by which {self.target.name} was handled so far"
            raise ConfigError(
                f"There is no profile {name!r}{pinned}", hint=f"Name one with --profile: {', '.join(sorted(self._profiles))}."
            )
        if self.target.url:  # loaded now, and not while the first client waits
            from guard.upstream import http

            http.load()
        for tool, said in settings.tools:
            if said not in (*OVERRIDES, "forbidden"):
                raise ConfigError(f"{tool}={said}: a tool is read, write, destructive or forbidden", hint="Such as --tool search=read.")

    @property
    def name(self) -> str:
        return self.target.name

    # ---------------------------------------------------------------------------------------------------------------- connections

    async def own(self) -> Session:
        """Guard's own connection, for calls that no client attends. `NotForwarded` if there is none to be had."""
        async with self._opening:
            if self._own is None or not self._own.alive:
                if self._own is not None:
                    await self._own.link.close()
                self._own = await opened(self.target)
                self.pins.settle_era(legacy=not self._own.modern)
            return self._own

    async def speaks_modern(self) -> bool:
        """Whether the server speaks the modern protocol; a connection that was opened only to find out is closed again."""
        if self.pins.legacy:
            return False
        if (await self.own()).modern:
            return True
        assert self._own is not None
        await self._own.link.close()
        return False

    async def part(self, session: Session) -> None:
        """End a client's connection to the server: now, or as soon as no call that others wait for is under way over it."""
        if any(one.goes_over(session) for one in self._attending.values()):
            self._kept.add(session)
        else:
            self._kept.discard(session)
            self._listed = self._alive(without=session)
            await session.link.close()

    async def close(self) -> None:
        for session in (*self._kept, *((self._own,) if self._own else ())):
            await session.link.close()
        await asyncio.gather(*self._parting)

    async def refresh(self, session: Session) -> None:
        """Make `definitions` what the server has now: asked again when it said that they changed, and when they are no longer fresh."""
        if session.link.changed or time.monotonic() - self._listed_at > FRESH or not session.listed:
            session.link.changed = False
            listed = await session.tools()
            self._listed = [*self._alive(without=session), session]
            session.learn(listed)
            self.see(listed, whole=True)
            self._settle(session)

    async def _keep_fresh(self) -> None:
        """The same over whichever connection there is: a client's whose call this is not, as a rule."""
        while True:
            alive = self._alive()
            session = alive[-1] if alive else await self.own()
            try:
                return await self.refresh(session)
            except UpstreamError:
                if session.alive or session is self._own:
                    raise
                # Its client left meanwhile, which is nothing to this call; a list may be asked for again.

    def _alive(self, *, without: Session | None = None) -> list[Session]:
        """Connections over which tools were listed, and are still there."""
        return [session for session in self._listed if session.alive and session is not without]

    def see(self, listed: Iterable[Mapping[str, Any]], *, whole: bool = False) -> None:
        """Take up definitions that the server listed."""
        found = {str(tool["name"]): dict(tool) for tool in listed if isinstance(tool.get("name"), str)}
        if whole:
            self.definitions = found
            self._listed_at = time.monotonic()
        else:
            self.definitions = {**self.definitions, **found}
        self.pins.see(found)
        self._judged.clear()

    def _settle(self, session: Session) -> None:
        """Choose the profile, once: the operator's, else the pinned, else the detected one. Later words of the server do not change it."""
        if self.profile.name:
            return
        found = detect(str(session.server_info.get("name", "")), list(self.definitions.values()), list(self._profiles.values()))
        chosen = self.settings.profile or self.pins.profile
        if chosen and chosen != found.profile.name:
            why = "as configured" if self.settings.profile else "as it was when guard first saw it"
            found = Detection(profile=self._profiles.get(chosen, PLAIN), why=why)
        self.profile, self.why = found.profile, found.why
        self._judged.clear()
        if not self.pins.profile:
            self.pins.settle(found.profile.name)
        for submission in self._recalled:
            self.remember(submission)
        self._recalled = ()
        log.info("wrapping", server=self.name, profile=found.profile.name, why=found.why)

    # ------------------------------------------------------------------------------------------------------------------ the calls

    def forbidden(self, name: str) -> bool:
        """Whether calls of this tool are never forwarded."""
        return dict(self.settings.tools).get(name) == "forbidden" or name in self.profile.forbidden

    def submission(self, agent: str, params: Mapping[str, Any]) -> Submission:
        """The call of one raw `tools/call` as what is decided. `BadInput` if it cannot be taken as it is."""
        name, given = params.get("name"), params.get("arguments")
        if not isinstance(name, str) or not isinstance(given, dict | None):
            raise BadInput("A call names a tool, and its arguments are an object", hint="Send {name, arguments}.")
        arguments = _canonical(given or {})
        rest = {key: value for key, value in params.items() if key not in ("name", "arguments", "_meta")}
        meta = {key: value for key, value in _meta(params).items() if not _is_envelope(key)}
        row = self._code(name)
        code, language = arguments, "json"
        if row is not None:
            program = (given or {}).get(row.argument)
            if not isinstance(program, str):
                raise BadInput(f"{name} takes a program as text in {row.argument!r}", hint="Send it as a string.")
            code, language = program, row.language
        extra = _canonical({**rest, **({"_meta": meta} if meta else {})}) if rest or meta else ""
        return Submission(agent=agent, server=self.name, tool=name, language=language, code=code, arguments=arguments, extra=extra)

    def _code(self, name: str) -> CodeTool | None:
        return code_tool(self.profile, self.definitions.get(name, {}))

    async def describe(self, submission: Submission, facts: Facts) -> Call:
        await self._keep_fresh()
        judged = self._judge(submission.tool)
        if judged is None:
            raise NotForwarded(f"{self.name} has no tool {submission.tool!a:.60} now.")
        row = self._code(submission.tool)
        program = row is not None and not row.harmless
        return Call(
            facts=dataclasses.replace(
                facts,
                workspace="",
                restorable=False,
                packages=(),
                modules=(),
                profile=self.profile.name,
                server=self.name,
                conventions=conventions(self.profile, self.settings.tools, json.loads(submission.arguments)),
                earlier=() if self._restarts(submission) else tuple(self._sent) if program else (),
            ),
            box=BoxProfile(engine="upstream", digest=self.target.identity, tool=judged.digest),
            program=program,
            effects=(*(() if program else (judged.effect,)), *judged.doubts),
        )

    def _restarts(self, submission: Submission) -> bool:
        return bool(self.profile.restart) and json.loads(submission.arguments).get(self.profile.restart) is True

    @property
    def outlives_guard(self) -> bool:
        """The server may hold definitions from before guard was started."""
        profile = self._profiles.get(self.settings.profile or self.pins.profile)
        return bool(self.target.url and profile and profile.session)

    def recall(self, submissions: Iterable[Submission]) -> None:
        """Programs that went to the server before guard was started, oldest first."""
        self._recalled = tuple(submissions)

    def _held(self, submission: Submission) -> tuple[str, ...]:
        """Digests of the programs that this one is read together with."""
        row = self._code(submission.tool)
        if row is None or row.harmless or self._restarts(submission):
            return ()
        return tuple(hashlib.sha256(text.encode()).hexdigest() for text in self._sent)

    def remember(self, submission: Submission) -> None:
        """A program went to the server, whatever came of it. Of which connection is not asked: a server may keep one session for all."""
        row = self._code(submission.tool)
        if self.profile.session and row is not None and not row.harmless:
            if self._restarts(submission):
                self._sent.clear()
            self._sent.append(submission.code)

    def _judge(self, name: str) -> _Judged | None:
        """What a tool's definition says now; None if the server has no such tool."""
        definition = self.definitions.get(name)
        if definition is not None and name not in self._judged:
            effect, doubts = self._effect(name, definition), self._doubts(name, definition)
            self._judged[name] = _Judged(digest=definition_digest(definition), effect=effect, doubts=doubts)
        return self._judged.get(name)

    def _effect(self, name: str, definition: Mapping[str, Any]) -> Effect:
        row = self._code(name)
        judged = classify(definition, self.profile, dict(self.settings.tools))
        if row is not None:
            judged = Judgement(kind=Kind.TOOL_READ, why="its program can reach nothing but the data handed to it")
        resource = Resource(type=ResourceType.TOOL, name=f"{self.name}/{name}")
        return Effect(kind=judged.kind, resource=resource, rule=TOOL_CALL, note=f"calls {name}: {judged.why}")

    def _doubts(self, name: str, definition: Mapping[str, Any]) -> tuple[Effect, ...]:
        notes = []
        if changed := self.pins.difference(name, definition):
            notes.append((TOOL_CHANGED, f"the server changed the definition of {name} since it was first seen: {changed}"))
        if count := hidden(definition):
            notes.append((TOOL_HIDDEN, f"the definition of {name} holds {count} characters that cannot be seen"))
        return tuple(Effect(kind=Kind.OPAQUE, resource=RUN, exact=False, rule=rule, note=note) for rule, note in notes)

    def attend(self, ticket: str, attendance: Attendance) -> None:
        """A client is there for the case with this ticket, and for no other."""
        if attendance.ticket != ticket:
            self.leave(attendance)
            attendance.ticket = ticket
            self._attending.setdefault(ticket, Listeners()).join(attendance)

    def leave(self, attendance: Attendance) -> None:
        """The client no longer attends. If it `cancelled` and no other waits for the call, that is stopped."""
        if (listeners := self._attending.get(attendance.ticket)) is not None:
            listeners.leave(attendance)
            self._forget(attendance.ticket)

    def _forget(self, ticket: str) -> None:
        if self._attending[ticket].empty:
            del self._attending[ticket]

    async def call(self, case: Case) -> Execution:
        listeners = self._attending.setdefault(case.ticket, Listeners())
        answer = None
        started = time.monotonic()
        try:
            answer = await self._call(case, listeners)
            spent = time.monotonic() - started
        finally:
            told = listeners.end(answer)
            self._forget(case.ticket)
            for session in self._kept:
                self._parting.add(task := asyncio.create_task(self.part(session), name="part"))
                task.add_done_callback(self._parting.discard)
            if told:
                await asyncio.sleep(0)  # the clients get their answer first
        return self._execution(case.submission.tool, answer, spent)

    async def _call(self, case: Case, listeners: Listeners) -> Mapping[str, Any]:
        carrier = listeners.begin()
        session = carrier.session if carrier else await self._unattended()
        tool = case.submission.tool
        judged = self._judge(tool)
        if judged is None or judged.digest != case.box.tool or case.box.digest != self.target.identity:
            raise NotForwarded(f"{self.name} changed the definition of {tool} after the call was decided.")
        if case.approvals:
            self.pins.accept(tool, self.definitions[tool])
            self._judged.clear()
        if self._held(case.submission) != tuple(held for name, held in case.analysis.modules if name.startswith(EARLIER)):
            raise NotForwarded("Another program of the session went to the server after this one was decided.", hint="Submit it again.")
        if not listeners.wanted:
            raise NotForwarded("The client cancelled the call before it was forwarded.")
        self.remember(case.submission)
        params = _params(case.submission, carrier.meta if carrier else session.envelope)
        # INVARIANT: sent once; whoever cannot wait for the answer makes it an unknown one, never a second try.
        with anyio.move_on_after(self.settings.longest_call) as waiting:
            listeners.asks(waiting)
            try:
                return {"result": await session.request("tools/call", params, listeners if carrier else None)}
            except MCPError as error:
                return {"error": error.error.model_dump(mode="json", by_alias=True, exclude_none=True)}
        if not listeners.wanted:
            raise UpstreamError("The client cancelled the call while it ran.")
        raise UpstreamError(f"{self.name} did not answer within {self.settings.longest_call:g} seconds.")

    async def _unattended(self) -> Session:
        """The connection for a call that no client attends. A server that guard started is started once if it can be: programs may
        have left something there, and many listen on a port."""
        if self.target.command and (self._own is None or not self._own.alive):
            alive = self._alive()
            if len(alive) == 1:  # of several nobody knows whose it was
                return alive[0]
        return await self.own()

    def _execution(self, tool: str, answer: Mapping[str, Any], seconds: float) -> Execution:
        result = answer.get("result")
        text = _text(result) if isinstance(result, dict) else str(answer["error"].get("message", ""))
        failed = not isinstance(result, dict) or result.get("isError") is True or self._says_failed(tool, text)
        shown = text[:LONGEST_TEXT].encode("utf-8", "replace").decode()
        return Execution(
            ending=Ending.EXITED,
            exit_code=int(failed),
            stdout=shown,
            truncated=len(text) > LONGEST_TEXT,
            seconds=seconds,
            result=json.dumps(answer, ensure_ascii=True, separators=(",", ":")),
        )

    def _says_failed(self, tool: str, text: str) -> bool:
        """Some servers answer that a program failed as if all were well. What their other tools answer has no such form."""
        profile, row = self.profile, self._code(tool)
        if row is None or row.harmless:
            return False
        failed = text.startswith(profile.failure_prefixes) or any(mention in text for mention in profile.failure_mentions)
        return failed or bool(profile.success_prefixes and not text.startswith(profile.success_prefixes))


def _canonical(value: Any) -> str:
    """The one text of these arguments that is analysed, sealed and forwarded. `BadInput` if readers could disagree about it."""
    try:
        text = canonical(value)
    except (ValueError, TypeError, RecursionError) as error:
        hint = "Numbers beyond 2^53, NaN and broken Unicode cannot be sent."
        raise BadInput(f"The arguments cannot be taken exactly as they are: {error}", hint=hint) from None
    if len(text) > LONGEST_ARGUMENTS:
        raise BadInput(f"The arguments have {len(text):,} bytes; at most {LONGEST_ARGUMENTS:,} are taken", hint="Send less at once.")
    return text.decode()


def _meta(params: Mapping[str, Any]) -> Mapping[str, Any]:
    meta = params.get("_meta")
    return meta if isinstance(meta, dict) else {}


def _is_envelope(key: str) -> bool:
    return key in _ENVELOPE or key.startswith("io.modelcontextprotocol/")


def envelope(params: Mapping[str, Any]) -> dict[str, Any]:
    """What the `_meta` of a live request holds for the transport."""
    return {key: value for key, value in _meta(params).items() if _is_envelope(key)}


def _params(submission: Submission, live: Mapping[str, Any]) -> dict[str, Any]:
    """What is forwarded: the sealed call in the envelope of the connection that it goes over."""
    extra = json.loads(submission.extra) if submission.extra else {}
    meta = {**extra.pop("_meta", {}), **live}
    return {"name": submission.tool, "arguments": json.loads(submission.arguments), **extra, **({"_meta": meta} if meta else {})}


def _text(result: Mapping[str, Any]) -> str:
    """What a person reads of a result."""
    content = result.get("content")
    blocks = content if isinstance(content, list) else []
    return "\n".join(block["text"] for block in blocks if isinstance(block, dict) and isinstance(block.get("text"), str))
