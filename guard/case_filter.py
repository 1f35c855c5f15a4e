"""The filter language of lists of cases: `class:D agent:etl-bot left<10m host:example.net is:new owed:me unlink`.

Text enters, a predicate leaves; all its terms must hold. `BadInput` names the term that is not understood.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from guard.errors import BadInput
from guard.words import COLUMNS

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_TIME = re.compile(r"(left|age)([<>])(\d{1,6})([smhd])")


class Filterable(Protocol):
    """What a filter asks of a case."""

    @property
    def id(self) -> int: ...
    @property
    def strip(self) -> str: ...
    @property
    def search(self) -> str: ...
    @property
    def created(self) -> datetime: ...
    @property
    def expires(self) -> datetime: ...
    @property
    def hosts(self) -> tuple[str, ...]: ...
    @property
    def signed(self) -> tuple[str, ...]: ...
    @property
    def agent_name(self) -> str: ...
    @property
    def is_(self) -> frozenset[str]: ...


Matcher = Callable[[Filterable, datetime, str], bool]
"""Case, now, the name of the person who looks -> whether it matches."""


def parse_filter(text: str) -> Matcher:
    """The predicate of a filter text."""
    terms = [_term(word) for word in text.split()]
    return lambda case, now, me: all(term(case, now, me) for term in terms)


def _term(word: str) -> Matcher:
    if found := _TIME.fullmatch(word):
        which, sign, number, unit = found.groups()
        return _time(which, sign, timedelta(seconds=int(number) * _SECONDS[unit]))
    key, colon, value = word.partition(":")
    if not colon:
        return lambda case, now, me: word.lower() in case.search or word.lstrip("0") == str(case.id)
    if key == "class" and value and set(value.upper()) <= set(COLUMNS):
        return lambda case, now, me: any(one in case.strip for one in value.upper())
    if key == "agent" and value:
        return lambda case, now, me: value == case.agent_name
    if key == "host" and value:
        return lambda case, now, me: any(host == value or host.endswith("." + value) or value in host.split(".") for host in case.hosts)
    if key == "owed" and value == "me":
        return lambda case, now, me: me not in case.signed
    if key == "is" and value in ("new", "edited", "tried", "hidden", "asked", "answered"):
        return lambda case, now, me: value in case.is_
    raise BadInput(f"The filter does not know {word}", hint="It knows class:D agent:NAME host:NAME left<10m age>1h is:new owed:me WORD")


def _time(which: str, sign: str, limit: timedelta) -> Matcher:
    def holds(case: Filterable, now: datetime, me: str) -> bool:
        span = case.expires - now if which == "left" else now - case.created
        return span < limit if sign == "<" else span > limit

    return holds
