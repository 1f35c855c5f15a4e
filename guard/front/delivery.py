"""How the result of a call reaches a client, by the best means that the client has: the ladder.

    1. the Tasks extension, if the client declares it (`guard.front.tasks`): a handle, and the result is fetched with tasks/get
    2. a hold with signs of life, if the client follows progress, up to a bound
    3. an answer marked as an error that says what is owed, and the ticket for guard_wait

A person's question comes the same way: as input that a task requires where the client can ask for some, else as text; the answer as
tasks/update or guard_answer.

An answer of a wrapped server goes out as it came. What is told of a case that has none is `guard.front.answers`'.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from mcp.shared.exceptions import MCPError
from mcp_types import ErrorData

from guard.engine import Engine
from guard.errors import IllegalMove
from guard.events import Answered
from guard.front.answers import Reply, answer, answered, changed_call
from guard.front.tools import TOOLS
from guard.model import FINAL, Case, Stage

LOOK = 2.0
"""Seconds between looks for another question while one is open."""

TICKET_TOOLS: dict[str, dict[str, Any]] = {name: TOOLS[name] for name in ("guard_status", "guard_wait", "guard_answer")}
"""What guard adds to the tools of the wrapped server."""


def raw(reply: Reply, *, modern: bool) -> dict[str, Any]:
    """An answer of guard's own as the result of tools/call. To a call of the server's tools it is an error always: its fields need not fit
    that tool's output schema."""
    result: dict[str, Any] = {"content": [{"type": "text", "text": text} for text in reply.texts], "isError": reply.failed}
    if reply.fields:
        result["structuredContent"] = reply.fields
    return {**result, "resultType": "complete"} if modern else result


def delivered(case: Case, kept: str, *, modern: bool) -> dict[str, Any]:
    """What the call is answered with as the case stands: the server's own answer if it may be told. `MCPError` if it is an error.

    If a person changed the call, its answer begins with that.
    """
    if not case.answerable or not kept:
        return raw(answer(case), modern=modern)
    if not case.submission.edited_by:
        return said(json.loads(kept))
    changed = {"type": "text", "text": changed_call(case)}
    try:
        result = said(json.loads(kept))
    except MCPError as error:
        return raw(Reply(texts=(changed["text"], _refusal(error)), fields={}, failed=True), modern=modern)
    return {**result, "content": [changed, *result.get("content", [])]}


def said(answer: Mapping[str, Any]) -> dict[str, Any]:
    """What a wrapped server answered, as it came. `MCPError` if that is an error."""
    if "error" in answer:
        error = ErrorData.model_validate(answer["error"])
        raise MCPError(error.code, error.message, error.data)
    result: dict[str, Any] = answer["result"]
    return result


def fetched(case: Case, kept: str, *, modern: bool) -> dict[str, Any]:
    """The same as the result of a tool of guard's: an error of the server becomes text for the model."""
    try:
        return delivered(case, kept, modern=modern)
    except MCPError as error:
        return raw(Reply(texts=(_refusal(error),), fields={}, failed=True), modern=modern)


def _refusal(error: MCPError) -> str:
    return f"The server refused the call: {error.error.message}"


class Heard:
    """Which questions of people an agent has been told. Who waits waits for what it has not heard: a question that it cannot answer would
    else come back at once, as often as it asks."""

    def __init__(self) -> None:
        self._told: dict[int, int] = {}

    def told(self, case: Case) -> None:
        """The agent is told the case as it stands."""
        if case.asked:
            self._told[case.id] = len(case.exchange)
        else:
            self._told.pop(case.id, None)

    def news(self, case: Case) -> bool:
        """Whether somebody asks something that the agent was not told yet."""
        return bool(case.asked) and self._told.get(case.id) != len(case.exchange)

    async def settled(self, engine: Engine, case: Case, seconds: float, *, at: frozenset[Stage] = FINAL) -> Case:
        """The case, or what people edited it into, once it is in one of the stages `at` or there is a new question, or as it is after
        `seconds`."""
        clock = asyncio.get_running_loop().time
        end = clock() + seconds
        while True:
            case = await latest(engine, case)
            if case.stage in at or self.news(case) or (left := end - clock()) <= 0:
                return case
            # While a question is open, another one is looked for now and then.
            case = await engine.settled(case.id, min(left, LOOK) if case.asked else left, at=at, asked=not case.asked)


async def latest(engine: Engine, case: Case) -> Case:
    """The case, or what people edited it into: that is what its caller waits for."""
    while case.successor:
        case = await engine.store.load(case.successor)
    return case


async def say(engine: Engine, case: Case, text: str) -> Reply:
    """Take what an agent says to a person's question about its own case."""
    if not text.strip():
        return answered(case, "It is empty.")
    try:
        found = await engine.feed(case.id, Answered(text=text))
    except IllegalMove:
        return answered(await engine.store.load(case.id), "It waits no longer for people.")
    return answered(found.case, found.refused.why if found.refused else "")


def takes_questions(capabilities: Any) -> bool:
    """Whether a client declares that it can be asked for input by a form."""
    asks = capabilities.elicitation if capabilities is not None else None
    return asks is not None and (asks.form is not None or asks.url is None)
