"""Signing in to a wrapped server (OAuth 2.1), by the SDK's providers.

Three ways: a person at this machine signs in with their browser (authorisation code with PKCE; the answer comes back to a loopback port);
guard signs in as itself (client credentials, by a secret or a signed assertion); or with an assertion of who uses it that the
organisation's identity provider issued. What belongs to one authorisation server (`--issuer`) is sent to no other.
"""

from __future__ import annotations

import asyncio
import re
import sys
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
from mcp.client.auth import OAuthClientProvider
from mcp.client.auth.extensions.client_credentials import ClientCredentialsOAuthProvider, PrivateKeyJWTOAuthProvider, SignedJWTParameters
from mcp.client.auth.extensions.identity_assertion import IdentityAssertionOAuthProvider
from mcp.shared.auth import AuthorizationCodeResult, OAuthClientInformationFull, OAuthClientMetadata
from pydantic import AnyUrl

from guard.errors import ConfigError
from guard.upstream.secrets import resolved
from guard.upstream.target import LONGEST_SIGN_IN, Grant, SignIn, Target
from guard.upstream.tokens import Keyring, PrivateFile, Tokens

_DONE = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\nSigned in. Go back to your AI client.\n"
_CURVES = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}


@asynccontextmanager
async def authentication(target: Target) -> AsyncIterator[httpx2.Auth | None]:
    """How HTTP requests to this server are authenticated; None: by headers alone. `ConfigError` if what that needs is not there."""
    if target.sign_in is None:
        yield None
    elif target.sign_in.grant is Grant.BROWSER:
        tokens = tokens_of(target)
        async with Browser(await tokens.port()) as browser:
            await tokens.set_port(browser.port)
            yield by_browser(target, browser, tokens)
    else:
        yield unattended(target)


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
        """Open the sign-in page, and name it for a person whose browser does not open. The server names it: it must be a web page."""
        if not re.match(r"https?://[^\s\x00-\x1f]+$", url):
            raise ConfigError(f"The server wants people to sign in at {url!a:.200}, which is no web page", hint="Do not trust this server.")
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


def tokens_of(target: Target) -> Tokens:
    """What is kept of earlier sign-ins to this server."""
    sign = _sign_in(target)
    client = None
    if sign.client_id:
        secret = resolved(sign.client_secret) if sign.client_secret else None
        client = OAuthClientInformationFull(
            client_id=sign.client_id, client_secret=secret, redirect_uris=[AnyUrl("http://127.0.0.1/callback")],
            token_endpoint_auth_method="client_secret_basic" if secret else "none",
        )  # fmt: skip
    kept = PrivateFile(Path(sign.folder) / f"{target.name}.json") if sign.folder else Keyring(f"{target.name} {target.url}")
    return Tokens(kept, client)


def by_browser(target: Target, browser: Browser, tokens: Tokens) -> httpx2.Auth:
    """A person signs in when the server asks for it."""
    sign = _sign_in(target)
    return OAuthClientProvider(
        server_url=target.url,
        client_metadata=OAuthClientMetadata(client_name="guard", redirect_uris=[AnyUrl(browser.redirect)]),
        storage=tokens,
        redirect_handler=browser.send,
        callback_handler=browser.answer,
        client_metadata_url=sign.client_metadata or None,
    )


def unattended(target: Target) -> httpx2.Auth:
    """Nobody is asked: guard has credentials of its own, or an assertion."""
    sign, tokens = _sign_in(target), tokens_of(target)
    if sign.grant is Grant.ASSERTION:

        async def assertion(audience: str, resource: str) -> str:
            return resolved(sign.assertion)  # looked up at each exchange: it lives for minutes, and somebody else renews it

        return IdentityAssertionOAuthProvider(
            target.url, tokens, sign.client_id, resolved(sign.client_secret), sign.issuer, assertion, None, "client_secret_basic"
        )
    if sign.client_key:
        key, algorithm = _signing_key(Path(sign.client_key).expanduser())
        signed = SignedJWTParameters(issuer=sign.client_id, subject=sign.client_id, signing_key=key, signing_algorithm=algorithm)
        return PrivateKeyJWTOAuthProvider(target.url, tokens, sign.client_id, signed.create_assertion_provider(), None, sign.issuer)
    secret = resolved(sign.client_secret)
    return ClientCredentialsOAuthProvider(target.url, tokens, sign.client_id, secret, "client_secret_basic", None, sign.issuer)


def _sign_in(target: Target) -> SignIn:
    assert target.sign_in is not None
    return target.sign_in


def _signing_key(file: Path) -> tuple[str, str]:
    """A private key as PEM text, and the algorithm that it signs by."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    hint = "Name a PEM file with a private RSA, EC or Ed25519 key that has no passphrase."
    try:
        text = file.read_text("ascii")
        key = load_pem_private_key(text.encode(), password=None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ConfigError(f"The key {file} cannot be read: {error}", hint=hint) from None
    if isinstance(key, rsa.RSAPrivateKey):
        return text, "RS256"
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return text, "EdDSA"
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in _CURVES:
        return text, _CURVES[key.curve.name]
    raise ConfigError(f"The key {file} is of a kind that cannot be used", hint=hint)
