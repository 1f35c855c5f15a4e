"""`ports.Notifier` on Apprise: chat, mail, push and webhooks by address.

Apprise is hardened: it writes nothing to disk, loads no plug-ins, follows no redirects, fills in no templates, fetches no attachments,
and is given plain text alone. What it logs may hold addresses, and addresses hold tokens: its log goes nowhere, and what is reported of a
failure is the route's label and how it failed.
"""

from __future__ import annotations

import asyncio
import logging
import warnings
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from guard.errors import ConfigError
from guard.model import Case, Stage
from guard.notify import message
from guard.notify.routes import AGAIN, MOST, WINDOW, Route, called, counted_as, due, step
from guard.ports import Clock, Delivery, Notices

if TYPE_CHECKING:
    import apprise

PATIENCE = 8.0
"""Seconds that one delivery may take."""


class AppriseNotifier:
    """Tells people about cases. Never raises for what a service does; `Delivery` says what became of it."""

    def __init__(
        self,
        routes: Sequence[Route],
        *,
        clock: Clock,
        notices: Notices,
        teams: Mapping[str, Sequence[str]],
        resolve: Callable[[str], str] = str,
        link: str = "",
        patience: float = PATIENCE,
    ) -> None:
        """`notices`: what all engines said lately. `teams`: of each agent. `resolve` looks up the secrets in an address.
        `link`: with `{case}` for the number."""
        self._routes, self._clock, self._notices, self._teams = tuple(routes), clock, notices, teams
        self._resolve, self._link, self._patience = resolve, link, patience
        self._services: dict[str, apprise.Apprise] = {}

    async def notify(self, case: Case, occasion: str, told: frozenset[str] = frozenset()) -> Delivery:
        """Tell whom it concerns; in quiet hours, and of agents that ask too often, later and in one line."""
        now = self._clock.now()
        line = self._line(case, occasion, now)
        routes = called(self._routes, case, self._teams, occasion, told) if line else []
        awake = [route for route in routes if not route.rests(now)]
        if occasion in ("asked", "waiting"):
            if asleep := [route.label for route in routes if route.rests(now)]:
                await self._notices.hold(asleep, until=now)
            if awake and not await self._notices.say(counted_as(case, occasion), most=MOST, since=now - WINDOW, now=now):
                await self._notices.hold([route.label for route in awake], until=now + WINDOW)
                return Delivery()
        return await self._send({route: line for route in awake})

    def step(self, case: Case, now: datetime) -> int:
        """The escalation step (minutes) whose time has come for a waiting case; 0 if none has."""
        return step(self._routes, case, self._teams.get(case.submission.agent, ()), now)

    async def digest_due(self, now: datetime) -> bool:
        """Whether somebody is to be told what was held back."""
        return bool(due(self._routes, await self._notices.held(), now))

    async def digest(self, waiting: Callable[[], Awaitable[Sequence[Case]]]) -> Delivery:
        """Tell those from whom something was held back, by whichever engine, what waits for them, in one line each.

        It is owed until it was sent: to whom that fails, or with an engine that dies over it, it is sent again.
        """
        now, lines = self._clock.now(), {}
        owed, again = due(self._routes, await self._notices.held(), now), now + AGAIN
        mine = await self._notices.take([route.label for route in owed], now=now, until=again)
        cases = await waiting()  # now, not before: what is held back from here on is owed anew
        for route in owed:
            about = [case for case in cases if route.concerns(case, self._teams.get(case.submission.agent, ()))]
            if about and route.label in mine:
                lines[route] = message.digest(about, now, teams=route.teams)
        delivery = await self._send(lines)
        missed = {route.label for route in lines} - set(delivery.told)
        await self._notices.release([label for label in mine if label not in missed], until=again)
        return delivery

    async def test(self) -> Delivery:
        """Say to every route, quiet hours or not, that it works."""
        return await self._send({route: message.TEST for route in self._routes})

    def _line(self, case: Case, occasion: str, now: datetime) -> str:
        match occasion:
            case "asked" | "waiting" if case.stage is Stage.WAITING:
                return (message.asks if occasion == "asked" else message.still)(case, now, link=self._link)
            case "approved" if case.approvals:
                return message.approved(case)
            case "settled":
                return message.settled(case)
        return ""

    async def _send(self, lines: Mapping[Route, str]) -> Delivery:
        ended = await asyncio.gather(*(self._deliver(route, line) for route, line in lines.items()))
        labels = [route.label for route in lines]
        return Delivery(
            told=tuple(label for label, problem in zip(labels, ended, strict=True) if not problem),
            failures=tuple(f"{label}: {problem}" for label, problem in zip(labels, ended, strict=True) if problem),
        )

    async def _deliver(self, route: Route, line: str) -> str:
        """Send one line. Returns why it did not arrive; "" if it did."""
        try:
            service = await asyncio.to_thread(self._service, route)
        except ConfigError as error:
            return str(error)
        apprise = _library()
        result = await service.async_notify(
            body=line, title=_title(route, line), body_format=apprise.NotifyFormat.TEXT, timeout=self._patience
        )
        if result.status == apprise.AppriseResultStatus.SUCCESS:
            return ""
        return f"the service could not be reached, or refused it ({result.status.name.lower()})"

    def _service(self, route: Route) -> apprise.Apprise:
        if route.label not in self._services:
            apprise = _library()
            for name in ("apprise", "urllib3", "requests"):
                logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # their children inherit it
            asset = apprise.AppriseAsset(
                app_id="guard", app_desc="guard", app_url="", storage_mode=apprise.PersistentStoreMode.MEMORY, plugin_paths=[],
                http_redirects=False, allow_templates=False, interpret_escapes=False, interpret_emojis=False, secure_logging=True,
                service_timeout=self._patience / 2,
            )  # fmt: skip
            service = apprise.Apprise(asset=asset)
            with _quietly():  # Apprise loads its services here
                known = service.add(self._resolve(route.url))
            if not known:
                raise ConfigError("its address is none that Apprise knows", hint="github.com/caronc/apprise/wiki lists them.")
            self._services[route.label] = service
        return self._services[route.label]


def _library() -> Any:
    with _quietly():
        import apprise  # slow: 0.3 s
    return apprise


@contextmanager
def _quietly() -> Iterator[None]:
    """Apprise imports modules that newer Pythons will not have; that is no news to anybody here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


def _title(route: Route, line: str) -> str:
    """The subject of a mail: the line's first sentence, so that a list of mails says which case asks for what."""
    return line.split(". ", maxsplit=1)[0].rstrip(".") if route.url.startswith("mailto") else ""
