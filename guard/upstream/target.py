"""How a wrapped server is reached, and what identifies it in a seal."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from guard.canonical import digest
from guard.errors import ConfigError

LONGEST_SIGN_IN = 300.0
"""Seconds that a person gets in the browser."""
_CREDENTIALS = ("client_id", "client_secret", "client_key", "client_metadata", "issuer", "assertion")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class Grant(StrEnum):
    """How guard gets a token for a server."""

    BROWSER = "browser"
    """A person signs in."""
    CLIENT_CREDENTIALS = "client-credentials"
    """guard is a client of its own, with a secret or a key."""
    ASSERTION = "assertion"
    """The organisation's identity provider asserts who uses guard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """What is needed for that. Secrets are references, such as `${env:SECRET}`, looked up when it connects."""

    grant: Grant = Grant.BROWSER
    client_id: str = ""
    """The client that was registered at the server beforehand; "": guard registers itself (browser alone)."""
    client_secret: str = ""
    client_key: str = ""
    """Instead of a secret: the file of a private key that signs who the client is."""
    client_metadata: str = ""
    """URL of a document that describes the client, for servers that take one instead of a registration."""
    issuer: str = ""
    """The authorisation server that the credentials belong to. The wrapped server names one too, but must not choose who gets them."""
    assertion: str = ""
    """A reference to the assertion (ID-JAG); looked up at each exchange, since it lives for minutes."""
    folder: str = ""
    """Folder in which what the server gives at sign-in is kept; "": the system's keyring."""

    def __post_init__(self) -> None:
        needed = {
            Grant.BROWSER: (),
            Grant.CLIENT_CREDENTIALS: ("client_id", "issuer", "client_key" if self.client_key else "client_secret"),
            Grant.ASSERTION: ("client_id", "client_secret", "issuer", "assertion"),
        }[self.grant]
        allowed = {*needed, *(("client_id", "client_secret", "client_metadata") if self.grant is Grant.BROWSER else ())}
        given = {name for name in _CREDENTIALS if getattr(self, name)}
        if missing := sorted(set(needed) - given):
            raise ConfigError(f"--oauth {self.grant} needs {_options(missing)}", hint="`guard wrap --help` says what each is.")
        if extra := sorted(given - allowed):
            raise ConfigError(f"--oauth {self.grant} has no use for {_options(extra)}", hint="`guard wrap --help` says what each is.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A command to start, or a URL. Header values may refer to secrets (`${env:NAME}`), which are looked up when it connects."""

    name: str
    """What policies call it: `Guard::Server::"name"`."""
    command: tuple[str, ...] = ()
    url: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    sign_in: SignIn | None = None
    """How to sign in when the server asks for it; None: not at all."""

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or self.name == "guard":
            raise ConfigError(f"{self.name!r} cannot be the name of a server", hint="Take letters, digits, '.', '_' and '-'; not 'guard'.")
        if bool(self.command) == bool(self.url):
            hint = "guard wrap NAME -- COMMAND ARGS…, or guard wrap NAME --url URL"
            raise ConfigError("Name either a command to start or a URL", hint=hint)
        if self.url and (urlsplit(self.url).scheme not in ("http", "https") or not urlsplit(self.url).hostname):
            raise ConfigError(f"{self.url!r} is not an http or https URL", hint="Such as https://mcp.example.com/mcp")
        if urlsplit(self.url).username is not None:
            raise ConfigError("The URL holds a password", hint="Use --header 'Authorization: Bearer ${env:TOKEN}'.")
        if self.sign_in and not self.url:
            raise ConfigError("Only a server behind a URL can ask for a sign-in", hint="guard wrap NAME --url URL --oauth browser")

    @property
    def identity(self) -> str:
        """Digest of what is reached; secrets count by the reference to them, not by value."""
        return _identity(self.command, self.url, self.headers)

    @property
    def shown(self) -> str:
        """For people: the command or the URL, without secrets."""
        return " ".join(self.command) or self.url


@functools.cache
def _identity(command: tuple[str, ...], url: str, headers: tuple[tuple[str, str], ...]) -> str:
    return digest({"command": list(command), "url": url, "headers": sorted(map(list, headers))})


def _options(names: list[str]) -> str:
    return ", ".join(f"--{name.replace('_', '-')}" for name in names)
