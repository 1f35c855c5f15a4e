"""The Tasks extension of MCP (SEP-2663): a parked call is a task, which its client polls by the ticket.

What it declares is the client's word, per connection. A task is never made for a client that does not declare the extension.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from mcp.server import ServerRequestContext
from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

from guard.engine import Engine
from guard.errors import BadInput
from guard.front.answers import answer, questions
from guard.front.delivery import delivered, say, takes_questions
from guard.front.tools import LONGEST_ANSWER, arguments
from guard.model import FINAL, Case, Stage

EXTENSION = "io.modelcontextprotocol/tasks"
METHODS = ("tasks/get", "tasks/update", "tasks/cancel")
POLL = 2000
"""Milliseconds between looks at a task that guard asks of a client."""


def takes(ctx: ServerRequestContext[Any]) -> bool:
    """Whether the client declares the extension, in the era that has it."""
    found = ctx.session.client_capabilities
    declared = found is not None and found.extensions is not None and EXTENSION in found.extensions
    return ctx.protocol_version in MODERN_PROTOCOL_VERSIONS and declared


def handle(case: Case) -> dict[str, Any]:
    """The task that a parked call became."""
    return {"resultType": "task", **_task(case, case.ticket)}


async def request(engine: Engine, ctx: ServerRequestContext[Any], case: Case | None) -> dict[str, Any]:
    """The answer to one of `METHODS` about a case of the client's own. `MCPError` if there is none, or what it brings cannot be kept.

    Cancelling withdraws nothing that a person was asked: it only ends the polling.
    """
    if case is None:
        raise MCPError(INVALID_PARAMS, "There is no such task.")
    params = ctx.params or {}
    match ctx.method:
        case "tasks/get":
            asks = takes_questions(ctx.session.client_capabilities)
            return task(case, await engine.executor.result(case), ticket=params["taskId"], asks=asks)
        case "tasks/update":
            try:
                text = responded(case, params.get("inputResponses"))
            except BadInput as error:
                raise MCPError(INVALID_PARAMS, f"Not taken. {error}.") from None
            if text is not None:
                await say(engine, case, text)
    return {"resultType": "complete"}


def task(case: Case, kept: str, *, ticket: str, asks: bool = False) -> dict[str, Any]:
    """The answer to tasks/get. `ticket`: by which it was asked for, which stays its name when people edit it. `asks`: the client can be
    asked for input."""
    found = {"resultType": "complete", **_task(case, ticket)}
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


def _task(case: Case, ticket: str) -> dict[str, Any]:
    words = answer(case).texts[-1]
    lasts = round((case.expires_at - case.created_at).total_seconds() * 1000) if case.stage is Stage.WAITING else None
    return {
        "taskId": ticket, "status": "working", "statusMessage": words, "createdAt": _time(case.created_at),
        "lastUpdatedAt": _time(case.updated_at), "ttlMs": lasts, "pollIntervalMs": POLL,
    }  # fmt: skip


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
