"""Bytes of one JSON-RPC message -> the message, or why it cannot be taken.

What is judged, sealed and run must be what was sent, in every reading of it. JSON that readers disagree about is refused before the
SDK picks one reading: duplicate keys, NaN and infinities, integers beyond 2^53, lone surrogates, bytes that are not UTF-8.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

from mcp_types import INVALID_REQUEST, PARSE_ERROR, JSONRPCMessage, jsonrpc_message_adapter
from pydantic import ValidationError

LONGEST_MESSAGE = 32 << 20
"""Bytes. Far above the largest program, so that a program that is too long is told so under its own request's id."""
DEEPEST = 64
"""Levels of nesting; the SDK's own parser gives up silently at some hundreds."""
LARGEST_INTEGER = 2**53 - 1
"""RFC 8785 and every JavaScript reader know no larger one exactly."""

_TOO_LARGE = LARGEST_INTEGER + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a message cannot be taken, as the JSON-RPC error that answers it."""

    code: int
    message: str
    id: str | int | None = None

    def plain(self) -> dict[str, Any]:
        return {"jsonrpc": "2.0", "id": self.id, "error": {"code": self.code, "message": self.message}}


TOO_LONG = Refusal(code=INVALID_REQUEST, message=f"The message is longer than {LONGEST_MESSAGE >> 20} MiB. Send less at once.")


def taken(raw: bytes) -> JSONRPCMessage | Refusal:
    """The message, if every JSON reader reads the same one in these bytes. They are parsed this once: what was judged is what goes on."""
    if len(raw) > LONGEST_MESSAGE:
        return TOO_LONG
    repeated: list[str] = []
    try:
        value = json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=lambda pairs: _object(pairs, repeated),
            parse_int=lambda digits: int(digits) if len(digits) < 20 else _TOO_LARGE,
        )
    except UnicodeDecodeError as error:
        return Refusal(code=PARSE_ERROR, message=f"The message is not UTF-8 (byte {error.start}).")
    except RecursionError:
        return Refusal(code=PARSE_ERROR, message=f"The message is nested more than {DEEPEST} levels deep.")
    except ValueError as error:
        return Refusal(code=PARSE_ERROR, message=f"The message is not JSON: {error}.")
    known = _id(value)
    if repeated:
        return Refusal(code=INVALID_REQUEST, message=f"The key {repeated[0]!a} stands twice in one object: which one counts?", id=known)
    if problem := _ambiguous(value):
        return Refusal(code=INVALID_REQUEST, message=problem, id=known)
    if isinstance(value, dict) and {"id", "method"} <= value.keys() and known is None:
        # The SDK would take it for a notification, and the client would wait for ever.
        return Refusal(code=INVALID_REQUEST, message="This is not one JSON-RPC 2.0 message: an id is a string or an integer.")
    try:
        return jsonrpc_message_adapter.validate_python(value, by_name=False)
    except ValidationError:
        return Refusal(code=INVALID_REQUEST, message="This is not one JSON-RPC 2.0 message (batches are not taken).", id=known)


def _object(pairs: list[tuple[str, Any]], repeated: list[str]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        seen: set[str] = set()
        repeated.extend(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
    return made


def _id(value: Any) -> str | int | None:
    found = value.get("id") if isinstance(value, dict) else None
    if isinstance(found, str):
        return found if _whole(found) else None
    return found if isinstance(found, int) and not isinstance(found, bool) and abs(found) <= LARGEST_INTEGER else None


def _ambiguous(value: Any) -> str:
    """What readers would disagree about, and where; "" if nothing. Iterative: hostile nesting must not exhaust the stack."""
    open_: list[tuple[str, int, Any]] = [("the message", 0, value)]
    while open_:
        where, depth, item = open_.pop()
        if depth > DEEPEST:
            return f"The message is nested more than {DEEPEST} levels deep."
        if isinstance(item, str):
            if not _whole(item):
                return f"{where} holds a lone surrogate, which is not Unicode text."
        elif isinstance(item, float):
            if not math.isfinite(item):
                return f"{where} is not a finite number (NaN and infinities are not JSON)."
        elif isinstance(item, int):
            if abs(item) > LARGEST_INTEGER:
                return f"{where} is an integer beyond 2^53, which readers round differently."
        elif isinstance(item, list):
            open_.extend((f"{where}[{index}]", depth + 1, child) for index, child in enumerate(item))
        elif isinstance(item, dict):
            if not all(map(_whole, item)):
                return f"A key in {where} holds a lone surrogate, which is not Unicode text."
            prefix = "" if depth == 0 else f"{where}."
            open_.extend((f"{prefix}{key:.40}", depth + 1, child) for key, child in item.items())
    return ""


def _whole(text: str) -> bool:
    """Whether it is Unicode text: it has no half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
