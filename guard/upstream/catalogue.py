"""The profiles that there are: guard's own, and the operator's, which come first. Read at the edge; the analysis takes them as data."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

from guard.analyse.profile import Profile, profile_from, profile_named
from guard.canonical import canonical
from guard.errors import ConfigError


def profiles(folder: Path) -> tuple[Profile, ...]:
    """Guard's profiles, with those in `folder` (which need not exist) added or put in their place. `ConfigError` names the file."""
    found = {profile.name: profile for profile in _read(sorted(_own()), "guard's own")}
    given = _read(sorted((path.name, path.read_text("utf-8")) for path in folder.glob("*.toml")), str(folder))
    return tuple({**found, **{profile.name: profile for profile in given}}.values())


def conventions(profile: Profile, tools: Iterable[tuple[str, str]] = (), arguments: Mapping[str, Any] = MappingProxyType({})) -> str:
    """The profile as text for the analysis of a call with these arguments; "" if the analysis knows it by its name.

    `tools`: classes of single tools, as the operator says them; inside programs no class is below what the profile says.
    """
    return _text(_called_with(_told(profile, tuple(tools)), arguments))


@functools.lru_cache(maxsize=64)
def _text(profile: Profile) -> str:
    return "" if profile == profile_named(profile.name) else canonical(profile).decode()


def _told(profile: Profile, tools: Sequence[tuple[str, str]]) -> Profile:
    if not tools:
        return profile
    said = {name: tuple(tool for tool, one in tools if one == name) for name in ("read", "write", "destructive", "forbidden")}
    destroys = (*profile.destroys, *said["destructive"], *said["forbidden"])
    return replace(profile, reads=(*profile.reads, *said["read"]), writes=(*profile.writes, *said["write"]), destroys=destroys)


def _called_with(profile: Profile, arguments: Mapping[str, Any]) -> Profile:
    """What the arguments say of the server's words. What is no plain word is not known at all."""
    given = {sink: _word(arguments[sink.argument]) for sink in profile.sinks if sink.argument and sink.argument in arguments}
    return replace(profile, sinks=tuple(replace(sink, value=given.get(sink, sink.value)) for sink in profile.sinks))


def _word(value: object) -> str:
    return value if isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9_-]+", value) else ""


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
