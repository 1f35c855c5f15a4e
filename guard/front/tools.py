"""The four tools as the model sees them, and the strict reading of their arguments. Pure."""

from __future__ import annotations

import math
from typing import Any

from guard.errors import BadInput

LONGEST_CODE = 1 << 20
"""Bytes of UTF-8."""
LONGEST_ANSWER = 4000
"""Characters of an answer to a person's question."""
LONGEST_WAIT = 50.0
"""Seconds: clients give up on a call after a minute."""

INSTRUCTIONS = (
    "Programs run in a sealed box: files of the workspace only, and of the network only the hosts that the decision on the program covers "
    "(through the proxy that the environment names; other requests get 403 with the reason). `execute` decides each program by policy. "
    "Harmless ones run at once. Others are parked until a person has approved them: then you get a ticket; call `guard_wait` with it and "
    "do not resubmit. A person may ask you something first: answer with `guard_answer`. Changes to files are kept only if the program ends "
    "with exit code 0 and did nothing beyond what was approved."
)

_TICKET = {"type": "string", "minLength": 1, "maxLength": 200, "description": "The ticket that `execute` gave."}

TOOLS: dict[str, dict[str, Any]] = {
    "execute": {
        "description": "Run a program in the workspace, if the policies allow it as it stands or a person approves it.",
        "inputSchema": {
            "type": "object",
            "properties": {
                "code": {"type": "string", "minLength": 1, "description": "The whole program; at most 1 MiB."},
                "language": {"type": "string", "minLength": 1, "maxLength": 40, "default": "python", "description": "Its language."},
                "intent": {
                    "type": "string",
                    "maxLength": 2000,
                    "description": "What it is for, in a sentence. People see it, marked as unverified; it changes no decision.",
                },
            },
            "required": ["code"],
            "additionalProperties": False,
        },
        "annotations": {"title": "Run a program", "readOnlyHint": False, "destructiveHint": True, "openWorldHint": False},
    },
    "guard_status": {
        "description": "Say at once where a submitted program, or a parked call, is.",
        "inputSchema": {"type": "object", "properties": {"ticket": _TICKET}, "required": ["ticket"], "additionalProperties": False},
        "annotations": {"title": "Look at a program", "readOnlyHint": True, "openWorldHint": False},
    },
    "guard_wait": {
        "description": (
            "Wait until a program or parked call has ended, and give its result; if a person asks something, or after the timeout, say so."
        ),
        "inputSchema": {
            "type": "object",
            "properties": {
                "ticket": _TICKET,
                "timeout": {
                    "type": "number",
                    "minimum": 0,
                    "default": LONGEST_WAIT,
                    "description": f"Seconds; more than {LONGEST_WAIT:g} counts as {LONGEST_WAIT:g}. Call again to wait longer.",
                },
            },
            "required": ["ticket"],
            "additionalProperties": False,
        },
        "annotations": {"title": "Wait for a program", "readOnlyHint": True, "openWorldHint": False},
    },
    "guard_answer": {
        "description": "Answer what a person asks about a parked program or call, and then wait on. Only what was asked can be answered.",
        "inputSchema": {
            "type": "object",
            "properties": {
                "ticket": _TICKET,
                "text": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": LONGEST_ANSWER,
                    "description": "The answer, plainly. People see it, marked as unverified; it changes no decision.",
                },
            },
            "required": ["ticket", "text"],
            "additionalProperties": False,
        },
        "annotations": {"title": "Answer a person", "readOnlyHint": False, "destructiveHint": False, "openWorldHint": False},
    },
}


def arguments(tool: str, given: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a call, checked against the tool's schema, with defaults. `BadInput` names what is wrong."""
    schema = TOOLS[tool]["inputSchema"]
    known: dict[str, dict[str, Any]] = schema["properties"]
    hint = f"`{tool}` takes {', '.join(known)}."
    if unknown := [name for name in given if name not in known]:
        raise BadInput(f"{tool}: unknown argument {unknown[0]!a:.60}", hint=hint)
    if missing := [name for name in schema["required"] if name not in given]:
        raise BadInput(f"{tool}: the argument '{missing[0]}' is missing", hint=hint)
    checked = {name: rule["default"] for name, rule in known.items() if "default" in rule}
    for name, value in given.items():
        if wrong := (_text if known[name]["type"] == "string" else _number)(value, known[name]):
            raise BadInput(f"{tool}: '{name}' {wrong}", hint=hint)
        checked[name] = value
    if tool == "execute" and (size := len(checked["code"].encode())) > LONGEST_CODE:
        raise BadInput(f"{tool}: 'code' has {size:,} bytes; at most {LONGEST_CODE:,} are taken", hint="Read large data from a file.")
    return checked


def _text(value: Any, rule: dict[str, Any]) -> str:
    if not isinstance(value, str):
        return f"must be a string, not {type(value).__name__}"
    if len(value) < rule.get("minLength", 0):
        return "must not be empty"
    if len(value) > rule.get("maxLength", math.inf):
        return f"must have at most {rule['maxLength']:,} characters, not {len(value):,}"
    try:
        value.encode()
    except UnicodeEncodeError:
        return "holds a lone surrogate, which is not Unicode text"
    return ""


def _number(value: Any, rule: dict[str, Any]) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"must be a number, not {type(value).__name__}"
    if not math.isfinite(value):
        return "must be a finite number"
    return f"must be at least {rule['minimum']}" if value < rule["minimum"] else ""
