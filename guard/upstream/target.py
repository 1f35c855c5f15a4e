"""How a wrapped server is reached, and what identifies it in a seal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from guard.errors import ConfigError
from guard.model import digest

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A command to start, or a URL. Header values may refer to secrets (`${env:NAME}`), which are looked up when it connects."""

    name: str
    """What policies call it: `Guard::Server::"name"`."""
    command: tuple[str, ...] = ()
    url: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    oauth: bool = False
    """Sign in as the server's own authorisation asks for."""
    tokens: str = ""
    """Folder in which what the server gives at sign-in is kept."""
    client_id: str = ""
    """The client that was registered at the server beforehand; "": guard registers itself."""
    client_secret: str = ""
    """A reference to its secret, such as `${env:SECRET}`."""
    client_metadata: str = ""
    """URL of a document that describes the client, for servers that take one instead of a registration."""
    scope: str = ""

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
        if self.oauth and not self.url:
            raise ConfigError("Only a server behind a URL can ask for a sign-in", hint="guard wrap NAME --url URL --oauth")

    @property
    def identity(self) -> str:
        """Digest of what is reached; secrets count by the reference to them, not by value."""
        return digest({"command": list(self.command), "url": self.url, "headers": sorted(map(list, self.headers))})

    @property
    def shown(self) -> str:
        """For people: the command or the URL, without secrets."""
        return " ".join(self.command) or self.url
