"""What a notification says: one line of fixed words, numbers, and names that the configuration gave.

Cases enter, sentences leave; pure. INVARIANT: nothing from a request is in them: no code, argument, path, host, tool or secret, and
no word of the agent's. Phones and chat rooms show them to anybody, and render what looks like a link or a mention.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from guard.decide import owed_words
from guard.model import Case, Stage
from guard.words import ORDER, count, letter, telling

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_VERBS = {"D": "destroy", "?": "do what cannot be seen", "N": "use the network", "W": "write", "R": "read"}
_SETTLED = {
    Stage.EXPIRED: "expired; nobody answered. This is not a refusal.",
    Stage.DENIED: "denied by the policies.",
}


def asks(case: Case, now: datetime, *, link: str = "") -> str:
    """The call: who asks for what class of thing, what is owed, how long it waits, and the way to it."""
    asked = _letters(case)
    verbs = [_VERBS[one] for one in ORDER if one in asked] or ["run a program"]
    wants = " and ".join(filter(None, (", ".join(verbs[:-1]), verbs[-1])))
    owed = owed_words(case.decision)
    way = f" {link.replace('{case}', _number(case))}" if link else ""
    return f"{_about(case)}: {plain(case.submission.agent)} asks to {wants}. Owed: {owed}. {_span(case.expires_at - now)} left. " + (
        f"Answer: guard console {_number(case)}{way}"
    )


def still(case: Case, now: datetime, *, link: str = "") -> str:
    """The second call, to those who come next."""
    return f"Still waiting: {asks(case, now, link=link)}"


def approved(case: Case) -> str:
    """Who approved, and how many are still needed."""
    given, needed = len(case.approvals), case.decision.owed.approvals
    of = f", {given} of {needed}" if given < needed else ""
    return f"{_about(case)}: approved by {plain(case.approvals[-1].person)}{of}."


def settled(case: Case) -> str:
    """How it ended for those who were called; "" where that is nothing that they need to know."""
    if case.stage is Stage.REJECTED and case.rejection:
        return f"{_about(case)}: rejected by {plain(case.rejection.person)}."
    if case.stage is Stage.SUPERSEDED and case.successor:
        return f"{_about(case)}: edited into {case.successor:04d}."
    return f"{_about(case)}: {_SETTLED[case.stage]}" if case.stage in _SETTLED else ""


def digest(cases: Sequence[Case], now: datetime, *, teams: Sequence[str] = ()) -> str:
    """Many cases in one line: how many, how many of them destroy or cannot be seen, and the oldest."""
    grave = sum(is_grave(case) for case in cases)
    of = " for team " + " and ".join(plain(team) for team in teams) if teams else ""
    wait = "waits" if len(cases) == 1 else "wait"
    oldest = _span(now - min(case.created_at for case in cases))
    return f"guard: {count(len(cases), 'case')} {wait}{of}, {grave or 'none'} of them destructive. Oldest {oldest}. Answer: guard console"


TEST = "guard: this is a test. Notifications reach you here."


def is_grave(case: Case) -> bool:
    """Whether it destroys, or may."""
    return not _letters(case).isdisjoint("D?")


def plain(name: str) -> str:
    """A name that was given by the configuration; anything that could be more than a name is not said."""
    return name if _PLAIN.fullmatch(name) else "(a name that is not plain)"


def _letters(case: Case) -> frozenset[str]:
    """The worst class of each effect that is worth telling."""
    return frozenset(letter(effect) for effect in telling(case.decision.effects))


def _number(case: Case) -> str:
    return f"{case.id:04d}"


def _about(case: Case) -> str:
    return f"guard {_number(case)}"


def _span(length: timedelta) -> str:
    minutes = int(length.total_seconds() // 60)
    if minutes < 1:
        return "under a minute"
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} days"
