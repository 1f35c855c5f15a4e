"""How the result of a call reaches a client, by the best means that the client has: the ladder.

    1. the Tasks extension, if the client declares it: a handle, and the result is fetched with tasks/get
    2. a hold with signs of life, if the client follows progress, up to a bound
    3. an answer marked as an error that says what is owed, and the ticket for guard_wait

An answer of a wrapped server goes out as it came. What is told of a case that has none is `guard.front.answers`'.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from mcp.shared.exceptions import MCPError
from mcp_types import ErrorData

from guard.front.answers import Reply, answer
from guard.front.tools import TOOLS
from guard.model import FINAL, Case, Stage

TASKS = "io.modelcontextprotocol/tasks"
POLL = 2000
"""Milliseconds between looks at a task that guard asks of a client."""

TICKET_TOOLS: dict[str, dict[str, Any]] = {name: TOOLS[name] for name in ("guard_status", "guard_wait")}
"""What guard adds to the tools of the wrapped server."""


def raw(reply: Reply, *, modern: bool) -> dict[str, Any]:
    """An answer of guard's own as the result of tools/call. An error always: its fields need not fit the tool's output schema."""
    result: dict[str, Any] = {"content": [{"type": "text", "text": text} for text in reply.texts], "isError": reply.failed}
    if reply.fields:
        result["structuredContent"] = reply.fields
    return {**result, "resultType": "complete"} if modern else result


def delivered(case: Case, kept: str, *, modern: bool) -> dict[str, Any]:
    """What the call is answered with as the case stands: the server's own answer if it may be told. `MCPError` if it is an error."""
    return said(json.loads(kept)) if case.answerable and kept else raw(answer(case), modern=modern)


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
        return raw(Reply(texts=(f"The server refused the call: {error.error.message}",), fields={}, failed=True), modern=modern)


def takes_tasks(capabilities: Any) -> bool:
    """Whether a client declares the Tasks extension."""
    return bool(capabilities is not None and capabilities.extensions and TASKS in capabilities.extensions)


def handle(case: Case) -> dict[str, Any]:
    """The task that a parked call became."""
    return {"resultType": "task", **_task(case)}


def task(case: Case, kept: str) -> dict[str, Any]:
    """The answer to tasks/get."""
    found = {"resultType": "complete", **_task(case)}
    if case.stage not in FINAL:
        return found
    try:
        return {**found, "status": "completed", "result": delivered(case, kept, modern=True)}
    except MCPError as error:
        return {**found, "status": "failed", "error": error.error.model_dump(mode="json", by_alias=True, exclude_none=True)}


def _task(case: Case) -> dict[str, Any]:
    words = answer(case).texts[-1]
    lasts = round((case.expires_at - case.created_at).total_seconds() * 1000) if case.stage is Stage.WAITING else None
    return {
        "taskId": case.ticket, "status": "working", "statusMessage": words, "createdAt": _time(case.created_at),
        "lastUpdatedAt": _time(case.updated_at), "ttlMs": lasts, "pollIntervalMs": POLL,
    }  # fmt: skip


def _time(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
