"""`guard wrap` as an AI client starts it, in front of real servers."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from guard.model import Case
from tests.e2e.serving import PERSON, Place, desk

SERVERS = Path(__file__).parent.parent / "upstream" / "servers"
LEGACY, MODERN = "legacy", "2026-07-28"


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """One wrapped server in one place."""

    place: Place
    server: str
    name: str = "zones"
    options: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    """Of the server itself."""

    @property
    def notes(self) -> Path:
        return self.place.root / f"{self.name}.notes"

    @property
    def written(self) -> list[str]:
        """What the server did, by its own account."""
        return self.notes.read_text().splitlines() if self.notes.exists() else []

    @property
    def command(self) -> tuple[str, ...]:
        return (sys.executable, str(SERVERS / self.server), *self.arguments)

    @asynccontextmanager
    async def client(self, era: Any = "auto", *, direct: bool = False, log: Path | None = None, **settings: Any) -> AsyncIterator[Client]:
        """A real client of the server: through guard, or (direct) without it."""
        wrapped = ("-m", "guard", "wrap", self.name, *self.options, "--", *self.command)
        environment = {**self.place.environment, "NOTES": str(self.notes)}
        started = StdioServerParameters(
            command=sys.executable, args=list(self.command[1:] if direct else wrapped), env=environment, cwd=self.place.root
        )
        with open(log or os.devnull, "a", encoding="utf-8") as errors:
            async with Client(stdio_client(started, errlog=errors), mode=era, **settings) as client:
                yield client


async def approved(place: Place, number: str) -> Case:
    """A person approves the case, and accepts by name what cannot be restored."""
    async with desk(place) as at:
        case = await at.case(int(number))
        losses = tuple(case.decision.effects[index].key for index in case.decision.losses)
        answer = await at.approve(case, person=PERSON, signer=None, losses=losses, shown="all lines")
        assert answer.refused is None, answer.refused
        return answer.case


async def cases(place: Place) -> list[Case]:
    async with desk(place) as at:
        return await at.history()
