"""The profiles that there are: guard's own, and the operator's, which come first. Read at the edge; the analysis takes them as data."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from guard.analyse.profile import Profile, profile_from, profile_named
from guard.errors import ConfigError
from guard.model import canonical


def profiles(folder: Path) -> tuple[Profile, ...]:
    """Guard's profiles, with those in `folder` (which need not exist) added or put in their place. `ConfigError` names the file."""
    found = {profile.name: profile for profile in _read(sorted(_own()), "guard's own")}
    given = _read(sorted((path.name, path.read_text("utf-8")) for path in folder.glob("*.toml")), str(folder))
    return tuple({**found, **{profile.name: profile for profile in given}}.values())


def conventions(profile: Profile) -> str:
    """The profile as text for the analysis; "" if the analysis knows it by its name."""
    return "" if profile == profile_named(profile.name) else canonical(profile).decode()


def _own() -> Iterable[tuple[str, str]]:
    for entry in files("guard.upstream").joinpath("profiles").iterdir():
        if entry.name.endswith(".toml"):
            yield entry.name, entry.read_text("utf-8")


def _read(texts: Iterable[tuple[str, str]], where: str) -> list[Profile]:
    made = []
    for name, text in texts:
        try:
            made.append(profile_from(tomllib.loads(text)))
        except (tomllib.TOMLDecodeError, TypeError, ValueError, KeyError) as error:
            raise ConfigError(
                f"The profile {name} in {where} is none: {error}", hint="guard/upstream/profiles/README.md lists the keys."
            ) from None
    return made
