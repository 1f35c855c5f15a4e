"""A parked call, asked about in the AI client itself: an extra way to a person, never the only one.

Only where guard.toml names who sits there and the policies take that person's approval without a key: whatever drives the client can fill
in a form, so it proves nobody's presence. A program that does not fit the form whole is not asked about there.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import structlog
from mcp.shared.exceptions import MCPError

from guard.decide import may_approve, owed_words
from guard.desk import Answer, Desk
from guard.engine import Engine
from guard.errors import GuardError
from guard.events import World
from guard.front.answers import number
from guard.front.delivery import takes_questions
from guard.model import Case, Stage, Submission
from guard.pipeline import question
from guard.upstream.notices import Caller
from guard.visible import visible
from guard.words import headline

log = structlog.get_logger("guard.front")

FORM = "guard-approval"
"""The key of guard's form among what a call of the modern era requires."""
LONGEST = 4000
"""Characters of a program that a form shows."""
_OWN = "guard:"
SHOWN = "the whole text, in a form of the AI client"


class AtClient:
    """Who sits at the client, as guard.toml names them, and the forms that are open there."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._open: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        """What is answered from now on counts no more."""
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def may_answer(self, capabilities: Any, case: Case) -> str:
        """Who can be asked about the case in a client of these capabilities, and may answer; "" if nobody."""
        person = self._engine.config.at_client
        if not person or not takes_questions(capabilities):
            return ""
        return person if asks(case, person, await self._engine.world()) else ""

    def ask(self, client: Caller, case: Case, person: str) -> None:
        """Ask the person as well as those whom guard tells of the case. What comes back counts however late it comes."""
        task = asyncio.create_task(self._asked(client, case, person), name=f"ask-{case.id}")
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    async def filled_in(self, capabilities: Any, case: Case, params: Mapping[str, Any]) -> bool:
        """Take what was filled in of the form about a case, where the call that was sent again brings it. Whether anything was decided."""
        said = returned(params, case) if case.stage is Stage.WAITING else None
        person = await self.may_answer(capabilities, case) if said is not None else ""
        return bool(person) and await self._taken(case, person, said)

    async def _asked(self, client: Caller, case: Case, person: str) -> None:
        try:
            said = await client.ask("elicitation/create", form(case))
        except MCPError as error:
            log.info("the client was asked in vain", case=case.id, why=str(error))
            return
        await self._taken(case, person, said)

    async def _taken(self, case: Case, person: str, said: object) -> bool:
        try:
            answer = await take(Desk(self._engine), case, person, said)
        except GuardError as error:
            log.info("the client was asked in vain", case=case.id, why=str(error))
            return False
        if answer is not None and answer.refused is not None:
            log.info("an answer in the client was refused", case=case.id, why=answer.refused.why)
        return answer is not None and answer.refused is None


def asks(case: Case, name: str, world: World) -> bool:
    """Whether the person `name` may be asked about a waiting case in the client."""
    person = next((known for known in world.people if known.name == name), None)
    if person is None or case.submission.extra or not _plain(_sent(case.submission)):
        return False
    return may_approve(person, question(case, world), world.policies, signed_at=world.now, attended=False).permitted


def form(case: Case) -> dict[str, Any]:
    """The parameters of `elicitation/create`. The safe answer comes first and is the default."""
    lost = accepted(case)
    properties: dict[str, Any] = {
        "decision": {"type": "string", "title": "Decision", "enum": ["reject", "approve"], "default": "reject"},
        "reason": {"type": "string", "title": "Reason for the agent, if you reject", "maxLength": 2000},
    }
    if lost:
        properties["accept"] = {"type": "string", "title": f"To approve what cannot be put back, type: {typed(case)}"}
    called = f"{case.submission.tool} of {case.submission.server}"
    did = headline(case.analysis.effects, case.facts)
    lines = [f"Case {number(case)}: {did}", f"It owes {owed_words(case.decision)}.", f"{called}:"]
    schema = {"type": "object", "properties": properties, "required": ["decision"]}
    return {"mode": "form", "message": "\n".join([*lines, "", _sent(case.submission)]), "requestedSchema": schema}


def required(case: Case) -> dict[str, Any]:
    """The form as the result of a call, where servers cannot ask: the client sends the call again with it filled in (SEP-2322)."""
    request = {"method": "elicitation/create", "params": form(case)}
    return {"resultType": "input_required", "inputRequests": {FORM: request}, "requestState": _state(case)}


def ticket(params: Mapping[str, Any]) -> str:
    """Of the case whose form a call brings along; "" if it brings none of a guard's. The server can be behind a guard of its own."""
    state = params.get("requestState")
    return state.removeprefix(_OWN).partition(":")[0] if isinstance(state, str) and state.startswith(_OWN) else ""


def returned(params: Mapping[str, Any], case: Case) -> object:
    """What was filled in of the form of exactly this case as it stands; None if nothing was."""
    responses = params.get("inputResponses")
    return responses.get(FORM) if isinstance(responses, dict) and params.get("requestState") == _state(case) else None


def _state(case: Case) -> str:
    return f"{_OWN}{case.ticket}:{case.seal}"


async def take(desk: Desk, case: Case, person: str, said: object) -> Answer | None:
    """Carry out what was answered; None if nothing was: a form that is closed, or filled in otherwise than asked, decides nothing."""
    content = said.get("content") if isinstance(said, dict) and said.get("action") == "accept" else None
    if not isinstance(content, dict):
        return None
    lost = accepted(case)
    if content.get("decision") == "reject":
        reason = content.get("reason")
        return await desk.reject(case.id, person=person, reason=reason if isinstance(reason, str) and reason.strip() else "Not approved.")
    if content.get("decision") == "approve" and (not lost or content.get("accept") == typed(case)):
        return await desk.approve(case, person=person, signer=None, losses=lost, shown=SHOWN)
    return None


def accepted(case: Case) -> tuple[str, ...]:
    """The losses that an approval of the case has to accept, by their keys."""
    return tuple(case.decision.effects[index].key for index in case.decision.losses)


def typed(case: Case) -> str:
    """What is typed to accept them: the name of the first thing that is lost."""
    return visible(case.decision.effects[case.decision.losses[0]].resource.name).text


def _sent(submission: Submission) -> str:
    """The program, and what else its call gives; of an ordinary tool all of that is one text."""
    given = json.loads(submission.arguments) if submission.language != "json" else {}
    beside = {name: value for name, value in given.items() if value != submission.code}
    return f"{submission.code}\n\nwith {json.dumps(beside, ensure_ascii=False, indent=1)}" if beside else submission.code


def _plain(code: str) -> bool:
    """Whether every character of a text is seen as what it is."""
    return len(code) <= LONGEST and all(visible(line).text == line for line in code.split("\n"))
