"""An edit: the text that a person is given to change, and the submission that their text becomes.

A call of a wrapped server is edited too: its program where one of its arguments is one, else its arguments as JSON. Everything else
of the call stays as it was sent. Pure.
"""

from __future__ import annotations

import json
from dataclasses import replace

from guard.analyse.session import EARLIER
from guard.canonical import canonical
from guard.errors import BadInput
from guard.model import Case, Submission


def to_edit(submission: Submission) -> str:
    """The text that a person changes: the program, or the arguments of a call that is none, a line for each."""
    return json.dumps(json.loads(submission.code), indent=2, ensure_ascii=False) if _is_plain(submission) else submission.code


def not_editable(case: Case) -> str:
    """Why the case cannot be edited, in a sentence; "" if it can."""
    if case.submission.wrapped and any(name.startswith(EARLIER) for name, _ in case.analysis.modules):
        return "The server keeps what earlier programs left, and this one is read with them: reject it, and say what to send instead."
    if case.submission.wrapped and not _is_plain(case.submission) and _argument(case.submission) is None:
        return "More than one argument of the call is this very text: reject it, and say what to call instead."
    return ""


def edited(case: Case, text: str, *, person: str) -> Submission:
    """What is submitted in the place of the case. `BadInput` if the text is no arguments where it must be."""
    was = case.submission
    code, arguments = text, was.arguments
    if _is_plain(was):
        code = arguments = _arguments(text)
    elif was.wrapped:
        name = _argument(was)
        if name is None:
            raise BadInput("This call cannot be edited", hint=not_editable(case))
        arguments = canonical({**json.loads(was.arguments), name: text}).decode()
    return replace(was, code=code, arguments=arguments, parent=case.id, edited_by=person)


def _is_plain(submission: Submission) -> bool:
    """Whether it is a call whose arguments are all there is to it."""
    return submission.wrapped and submission.code == submission.arguments


def _argument(submission: Submission) -> str | None:
    """The argument of a call that is its program."""
    names = [name for name, value in json.loads(submission.arguments).items() if value == submission.code]
    return names[0] if len(names) == 1 else None


def _arguments(text: str) -> str:
    """Arguments as a person wrote them, in their one form. A name that stands twice is refused: readers disagree about which counts."""
    try:
        found = json.loads(text, object_pairs_hook=_once)
        if not isinstance(found, dict):
            raise ValueError("they are no object")
        return canonical(found).decode()
    except (ValueError, TypeError, RecursionError) as error:
        raise BadInput(f"These are no arguments: {error}", hint="Write one JSON object, as the call had it.") from None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found
