"""Signing in to a wrapped server (OAuth 2.1, authorisation code with PKCE), by the SDK's provider.

The person at this machine signs in with their browser; the answer comes back to a loopback port. What the server gave is kept in a file
with mode 0600 in the state folder, or in the keyring where the machine has one.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import sys
import webbrowser
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

from mcp.client.auth import OAuthClientProvider
from mcp.shared.auth import AuthorizationCodeResult, OAuthClientInformationFull, OAuthClientMetadata, OAuthToken
from pydantic import AnyUrl

from guard.errors import ConfigError, StoreError
from guard.upstream.secrets import resolved
from guard.upstream.target import Target

LONGEST_SIGN_IN = 300.0
"""Seconds that a person gets in the browser."""
_DONE = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\nSigned in. Go back to your AI client.\n"


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


class Tokens:
    """The SDK's `TokenStorage` over one kept text."""

    def __init__(self, kept: Kept, client: OAuthClientInformationFull | None = None) -> None:
        self._kept, self._client = kept, client

    def _table(self) -> dict[str, Any]:
        text = self._kept.read()
        try:
            table = json.loads(text) if text else {}
        except ValueError:
            table = {}
        return table if isinstance(table, dict) else {}

    def _set(self, **changes: Any) -> None:
        self._kept.write(json.dumps({**self._table(), **changes}))

    @property
    def port(self) -> int:
        """The loopback port that the server knows from an earlier sign-in; 0: none."""
        return int(self._table().get("port", 0))

    @port.setter
    def port(self, port: int) -> None:
        self._set(port=port)

    async def get_tokens(self) -> OAuthToken | None:
        found = self._table().get("tokens")
        return OAuthToken.model_validate(found) if found else None

    async def set_tokens(self, tokens: OAuthToken) -> None:
        self._set(tokens=tokens.model_dump(mode="json", exclude_none=True))

    async def get_client_info(self) -> OAuthClientInformationFull | None:
        found = self._table().get("client")
        return self._client or (OAuthClientInformationFull.model_validate(found) if found else None)

    async def set_client_info(self, client_info: OAuthClientInformationFull) -> None:
        self._set(client=client_info.model_dump(mode="json", exclude_none=True))


class Browser:
    """Sends the person to the sign-in page, and takes the answer on a loopback port. Use `async with`."""

    def __init__(self, port: int = 0) -> None:
        self._wanted = port
        self._answer: asyncio.Future[AuthorizationCodeResult] | None = None

    async def __aenter__(self) -> Browser:
        for port in dict.fromkeys((self._wanted, 0)):
            try:
                self._server = await asyncio.start_server(self._answered, "127.0.0.1", port, limit=1 << 16)
                break
            except OSError as error:
                if port == 0:
                    raise ConfigError(
                        f"No port can be had for signing in: {error}", hint="Close programs that listen on many ports."
                    ) from None
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    @property
    def redirect(self) -> str:
        return f"http://127.0.0.1:{self.port}/callback"

    async def send(self, url: str) -> None:
        """Open the sign-in page, and name it for a person whose browser does not open."""
        self._answer = asyncio.get_running_loop().create_future()
        print(f"Sign in here: {url}", file=sys.stderr)
        await asyncio.to_thread(webbrowser.open, url)

    async def answer(self) -> AuthorizationCodeResult:
        if self._answer is None:
            raise ConfigError("Nobody was sent to sign in", hint="Try again.")
        try:
            return await asyncio.wait_for(self._answer, LONGEST_SIGN_IN)
        except TimeoutError:
            raise ConfigError("Nobody signed in", hint="Start again, and sign in with your browser.") from None

    async def _answered(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = (await reader.readline()).decode("latin-1").split(" ")
        query = parse_qs(urlsplit(line[1]).query) if len(line) > 2 else {}
        writer.write(_DONE if "code" in query else b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()
        if "code" in query and self._answer is not None and not self._answer.done():
            given = {name: query[name][0] for name in ("code", "state", "iss") if name in query}
            self._answer.set_result(AuthorizationCodeResult(**given))


def tokens_of(target: Target, folder: Path) -> Tokens:
    """What is kept of earlier sign-ins to this server."""
    client = None
    if target.client_id:
        secret = resolved(target.client_secret) if target.client_secret else None
        client = OAuthClientInformationFull(
            client_id=target.client_id, client_secret=secret, redirect_uris=[AnyUrl("http://127.0.0.1/callback")],
            token_endpoint_auth_method="client_secret_basic" if secret else "none",
        )  # fmt: skip
    return Tokens(PrivateFile(folder / f"{target.name}.oauth.json"), client)


def provider(target: Target, browser: Browser, tokens: Tokens) -> OAuthClientProvider:
    """The authentication of HTTP requests to this server."""
    tokens.port = browser.port
    return OAuthClientProvider(
        server_url=target.url,
        client_metadata=OAuthClientMetadata(client_name="guard", redirect_uris=[AnyUrl(browser.redirect)], scope=target.scope or None),
        storage=tokens,
        redirect_handler=browser.send,
        callback_handler=browser.answer,
        client_metadata_url=target.client_metadata or None,
    )
