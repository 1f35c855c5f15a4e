"""How the result of a call reaches a client, by the best means that the client has: the ladder.

    1. the Tasks extension, if the client declares it: a handle, and the result is fetched with tasks/get
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
from datetime import datetime
from typing import Any

from mcp.shared.exceptions import MCPError
from mcp_types import ErrorData

from guard.engine import Engine
from guard.errors import IllegalMove
from guard.events import Answered
from guard.front.answers import Reply, answer, answered, changed_call, questions
from guard.front.tools import LONGEST_ANSWER, TOOLS, arguments
from guard.model import FINAL, Case, Stage

TASKS = "io.modelcontextprotocol/tasks"
LOOK = 2.0
"""Seconds between looks for another question while one is open."""
POLL = 2000
"""Milliseconds between looks at a task that guard asks of a client."""

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


def takes_tasks(capabilities: Any) -> bool:
    """Whether a client declares the Tasks extension."""
    return bool(capabilities is not None and capabilities.extensions and TASKS in capabilities.extensions)


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


def handle(case: Case) -> dict[str, Any]:
    """The task that a parked call became."""
    return {"resultType": "task", **_task(case)}


def task(case: Case, kept: str, *, asks: bool = False) -> dict[str, Any]:
    """The answer to tasks/get. `asks`: the client can be asked for input."""
    found = {"resultType": "complete", **_task(case)}
    if case.asked and asks:
        return {**found, "status": "input_required", "inputRequests": {_question(case): _form(case)}}
    if case.stage not in FINAL:
        return found
    try:
        return {**found, "status": "completed", "result": delivered(case, kept, modern=True)}
    except MCPError as error:
        return {**found, "status": "failed", "error": error.error.model_dump(mode="json", by_alias=True, exclude_none=True)}


def responded(case: Case, responses: object) -> str | None:
    """The answer that tasks/update brings for what is asked now; None if it brings none: other keys are of questions answered already, and
    a declined form leaves the question open. `BadInput` if it is none that can be kept."""
    given = responses.get(_question(case)) if isinstance(responses, dict) and case.asked else None
    if not isinstance(given, dict) or given.get("action") != "accept":
        return None
    content = given.get("content")
    text = content.get("answer") if isinstance(content, dict) else None
    return str(arguments("guard_answer", {"ticket": case.ticket, "text": text})["text"])


def _question(case: Case) -> str:
    """The key of what is asked now: another question is another key."""
    return f"question-{len(case.exchange)}"


def _form(case: Case) -> dict[str, Any]:
    answer_ = {"type": "string", "title": "Answer", "minLength": 1, "maxLength": LONGEST_ANSWER}
    schema = {"type": "object", "properties": {"answer": answer_}, "required": ["answer"]}
    return {"method": "elicitation/create", "params": {"mode": "form", "message": questions(case), "requestedSchema": schema}}


def _task(case: Case) -> dict[str, Any]:
    words = answer(case).texts[-1]
    lasts = round((case.expires_at - case.created_at).total_seconds() * 1000) if case.stage is Stage.WAITING else None
    return {
        "taskId": case.ticket, "status": "working", "statusMessage": words, "createdAt": _time(case.created_at),
        "lastUpdatedAt": _time(case.updated_at), "ttlMs": lasts, "pollIntervalMs": POLL,
    }  # fmt: skip


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
