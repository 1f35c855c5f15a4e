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

    @property
    def identity(self) -> str:
        """Digest of what is reached; secrets count by the reference to them, not by value."""
        return digest({"command": list(self.command), "url": self.url, "headers": sorted(map(list, self.headers))})

    @property
    def shown(self) -> str:
        """For people: the command or the URL, without secrets."""
        return " ".join(self.command) or self.url
