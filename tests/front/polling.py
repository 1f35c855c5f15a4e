"""A client of the Tasks extension, as a client's author would write it on the SDK."""

from __future__ import annotations

import asyncio
from typing import Any, Literal

from mcp.client import ClaimContext, ClientExtension, ResultClaim
from mcp.types import CallToolResult, Request, RequestParams, Result

from guard.front.tasks import EXTENSION


class TaskResult(Result):
    result_type: Literal["task"] = "task"
    task_id: str
    status: str


class TaskParams(RequestParams):
    task_id: str


class GetTask(Request[TaskParams, Literal["tasks/get"]]):
    method: Literal["tasks/get"] = "tasks/get"
    params: TaskParams
    name_param = "taskId"


class UpdateParams(TaskParams):
    input_responses: dict[str, Any]


class UpdateTask(Request[UpdateParams, Literal["tasks/update"]]):
    method: Literal["tasks/update"] = "tasks/update"
    params: UpdateParams
    name_param = "taskId"


class Task(Result):
    task_id: str
    status: str
    status_message: str | None = None
    input_requests: dict[str, Any] | None = None
    result: dict[str, Any] | None = None


class Tasks(ClientExtension):
    """A client that polls tasks, and tells the test about each."""

    identifier = EXTENSION

    def __init__(self) -> None:
        self.seen: asyncio.Queue[Task] = asyncio.Queue()

    def claims(self) -> list[ResultClaim[Any]]:
        return [ResultClaim(result_type="task", model=TaskResult, resolve=self.poll)]

    async def poll(self, handle: TaskResult, context: ClaimContext) -> CallToolResult:
        while True:
            task = await context.session.send_request(GetTask(params=TaskParams(task_id=handle.task_id)), Task)
            self.seen.put_nowait(task)
            if task.status == "input_required" and task.input_requests:
                responses = {key: {"action": "accept", "content": {"answer": "because"}} for key in task.input_requests}
                given = UpdateTask(params=UpdateParams(task_id=handle.task_id, input_responses=responses))
                await context.session.send_request(given, Result)
            if task.status == "completed":
                return CallToolResult.model_validate(task.result, by_name=False)
            await asyncio.sleep(0.05)
