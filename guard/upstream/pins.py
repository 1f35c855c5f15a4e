"""What is remembered of a wrapped server: the profile that it is handled by, and its tool definitions as they were first seen.

One JSON file per server in the state folder. A definition that differs from its pin is a changed tool: calls of it wait for a person, who
sees the difference; what a person has approved becomes the pin.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from guard.errors import StoreError
from guard.visible import visible, without_hidden

MOST_SHOWN = 400
"""Characters of one changed text that a difference shows."""
LONGEST_KEPT = 64 << 10
"""Characters of a definition up to which it is remembered how many of them are hidden."""


def definition_digest(definition: Mapping[str, Any]) -> str:
    """sha256 of a raw tool definition, whatever is in it."""
    return hashlib.sha256(_raw(definition).encode()).hexdigest()


class Pins:
    """The pins of one server. `StoreError` if the file cannot be read or written."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._kept: dict[str, Any] = {"profile": "", "identity": "", "tools": {}}
        self.known = file.exists()
        if self.known:
            self._kept = self._read()

    @property
    def profile(self) -> str:
        return str(self._kept["profile"])

    def settle(self, profile: str) -> None:
        """Keep the profile that was detected."""
        self._kept["profile"] = profile
        self._write()

    @property
    def legacy(self) -> bool:
        """The server did not speak the modern protocol when it was last asked."""
        return bool(self._kept.get("legacy"))

    def settle_era(self, *, legacy: bool) -> None:
        """Keep which era the server speaks."""
        if legacy != self.legacy:
            self._kept["legacy"] = legacy
            self._write()

    def see(self, definitions: Mapping[str, Mapping[str, Any]]) -> None:
        """Pin the tools that are seen for the first time."""
        new = {name: dict(definition) for name, definition in definitions.items() if name not in self._kept["tools"]}
        if new:
            self._kept["tools"].update(new)
            self._write()

    def accept(self, name: str, definition: Mapping[str, Any]) -> None:
        """A person has approved a call of this definition: it is the pin from now on."""
        self._kept["tools"][name] = dict(definition)
        self._write()

    def difference(self, name: str, definition: Mapping[str, Any]) -> str:
        """How a definition differs from its pin, for people; "" if it does not."""
        pinned = self._kept["tools"].get(name)
        if pinned is None or definition_digest(pinned) == definition_digest(definition):
            return ""
        fields = sorted(key for key in {*pinned, *definition} if pinned.get(key) != definition.get(key))
        return "; ".join(f"{visible(key).text} was {_shown(pinned.get(key))} and is {_shown(definition.get(key))}" for key in fields)

    def _read(self) -> dict[str, Any]:
        try:
            kept = json.loads(self._file.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise StoreError(
                f"{self._file} cannot be read: {error}", hint="Remove it: the server is pinned anew at its next start."
            ) from None
        if not isinstance(kept, dict) or not isinstance(kept.get("tools"), dict):
            raise StoreError(f"{self._file} holds no pins", hint="Remove it: the server is pinned anew at its next start.")
        return {"profile": "", **kept}

    def _write(self) -> None:
        made = self._file.with_name(f".{self._file.name}.{secrets.token_hex(8)}")
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with open(descriptor, "w", encoding="ascii") as opened:
                json.dump(self._kept, opened, ensure_ascii=True)
            made.replace(self._file)
        except OSError as error:
            raise StoreError(f"{self._file} cannot be written: {error}", hint="Check the state folder.") from None
        self.known = True


def hidden(definition: Mapping[str, Any]) -> int:
    """How many characters of a definition cannot be seen, or act on what is seen."""
    raw = _raw(definition)
    return _hidden(raw) if len(raw) <= LONGEST_KEPT else _hidden.__wrapped__(raw)


@functools.lru_cache(maxsize=256)
def _hidden(raw: str) -> int:
    # It is asked at each call of a tool, of the same definition; every character is looked at.
    return sum(without_hidden(text)[1] for text in _texts(json.loads(raw)))


def _raw(definition: Mapping[str, Any]) -> str:
    return json.dumps(definition, sort_keys=True, ensure_ascii=True)


def _texts(value: Any) -> list[str]:
    found: list[str] = []
    open_ = [value]
    while open_:
        item = open_.pop()
        if isinstance(item, str):
            found.append(item)
        elif isinstance(item, dict):
            open_.extend(item.keys())
            open_.extend(item.values())
        elif isinstance(item, list):
            open_.extend(item)
    return found


def _shown(value: Any) -> str:
    if value is None:
        return "absent"
    text = visible(value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False)).text
    return f"“{text[:MOST_SHOWN]}{'…' if len(text) > MOST_SHOWN else ''}”"
