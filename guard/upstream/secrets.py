"""References to secrets in settings, looked up where they are used: `${env:NAME}`, `${file:PATH}`, `${keyring:SERVICE/USER}`."""

from __future__ import annotations

import os
import re
from pathlib import Path

from guard.errors import ConfigError

_REFERENCE = re.compile(r"\$\{(env|file|keyring):([^}]+)\}")


def resolved(text: str) -> str:
    """The text with the secrets in it. `ConfigError` names the reference (never the value) that cannot be followed."""
    value = _REFERENCE.sub(lambda found: _secret(found[1], found[2]), text)
    if "${" in value and "${" in _REFERENCE.sub("", text):
        raise ConfigError(f"{text!r} refers to something unknown", hint="There are ${env:NAME}, ${file:PATH} and ${keyring:SERVICE/USER}.")
    return value


def _secret(kind: str, name: str) -> str:
    found = {"env": _env, "file": _file, "keyring": _keyring}[kind](name)
    if not found or any(ord(character) < 32 or ord(character) == 127 for character in found):
        raise ConfigError(f"${{{kind}:{name}}} is empty, or more than one line", hint="Set it where guard is started.")
    return found


def _env(name: str) -> str:
    if name not in os.environ:
        raise ConfigError(f"The environment variable {name} is not set", hint="Set it where guard is started.")
    return os.environ[name]


def _file(name: str) -> str:
    try:
        return Path(name).expanduser().read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"The secret file {name} cannot be read: {error}", hint="Name a readable text file.") from None


def _keyring(name: str) -> str:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ModuleNotFoundError:
        raise ConfigError("No keyring is installed", hint="pip install 'guard[keyring]', or use ${env:} or ${file:}.") from None
    service, _, user = name.partition("/")
    try:
        return keyring.get_password(service, user) or ""
    except KeyringError as error:
        raise ConfigError(f"The keyring does not give {name}: {error}", hint="Unlock it, or use ${env:} or ${file:}.") from None
