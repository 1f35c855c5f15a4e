"""What a wrapped server gave at sign-in, kept over restarts: in a file that only this user may read, or in the system's keyring."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
from pathlib import Path
from typing import Any, Protocol

from mcp.shared.auth import OAuthClientInformationFull, OAuthToken

from guard.errors import ConfigError, StoreError

SERVICE = "guard"
"""Under which name guard's entries stand in the keyring."""


class Kept(Protocol):
    """Where a small secret text is kept."""

    def read(self) -> str: ...

    def write(self, text: str) -> None: ...


class PrivateFile:
    """`Kept` in a file that only this user may read."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def read(self) -> str:
        try:
            return self._file.read_text("utf-8")
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeDecodeError) as error:
            raise StoreError(f"{self._file} cannot be read: {error}", hint="Remove it, and sign in again.") from None

    def write(self, text: str) -> None:
        made = self._file.with_name(f".{self._file.name}.{secrets.token_hex(8)}")
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            with open(descriptor, "w", encoding="utf-8") as opened:
                opened.write(text)
            made.replace(self._file)
        except OSError as error:
            raise StoreError(f"{self._file} cannot be written: {error}", hint="Check the state folder.") from None


class Keyring:
    """`Kept` in the system's keyring. `ConfigError` where there is none that can be used."""

    def __init__(self, user: str) -> None:
        self._user = user

    def read(self) -> str:
        return self._use("get_password") or ""

    def write(self, text: str) -> None:
        self._use("set_password", text)

    def _use(self, what: str, *more: str) -> str | None:
        hint = "Unlock or install one (pip install 'guard[keyring]'), or set tokens = \"file\" in guard.toml."
        try:
            import keyring
            from keyring.errors import KeyringError
        except ModuleNotFoundError:
            raise ConfigError("No keyring is installed", hint=hint) from None
        try:
            found: str | None = getattr(keyring, what)(SERVICE, self._user, *more)
        except KeyringError as error:
            raise ConfigError(f"The keyring cannot be used for {self._user}: {error}", hint=hint) from None
        return found


class Tokens:
    """The SDK's `TokenStorage` over one kept text. A keyring may ask a person first, so it is never waited for in the event loop."""

    def __init__(self, kept: Kept, client: OAuthClientInformationFull | None = None) -> None:
        self._kept, self._client = kept, client

    async def port(self) -> int:
        """The loopback port that the server knows from an earlier sign-in; 0: none."""
        return int((await self._table()).get("port", 0))

    async def set_port(self, port: int) -> None:
        await self._set(port=port)

    async def get_tokens(self) -> OAuthToken | None:
        found = (await self._table()).get("tokens")
        return OAuthToken.model_validate(found) if found else None

    async def set_tokens(self, tokens: OAuthToken) -> None:
        await self._set(tokens=tokens.model_dump(mode="json", exclude_none=True))

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        found = (await self._table()).get("client")
        return self._client or (OAuthClientInformationFull.model_validate(found) if found else None)

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        await self._set(client=client_info.model_dump(mode="json", exclude_none=True))

    async def _table(self) -> dict[str, Any]:
        text = await asyncio.to_thread(self._kept.read)
        try:
            table = json.loads(text) if text else {}
        except ValueError:
            table = {}
        return table if isinstance(table, dict) else {}

    async def _set(self, **changes: Any) -> None:
        await asyncio.to_thread(self._kept.write, json.dumps({**await self._table(), **changes}))
