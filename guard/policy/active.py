"""The one policy set in force for a store: put there, followed, and loaded from its text.

All processes that share a store decide by the text kept in it, never by what lies on disk at that moment: a half-written edit, or two
processes that read at different times, cannot disagree. Whoever sees an edit that loads makes it the active set; an edit that does not
load leaves the last good set in force and is said loudly (`ActivePolicies.problem`).
"""

from __future__ import annotations

import dataclasses
from datetime import datetime
from pathlib import Path

import cedarpy

from guard.decide import Policies
from guard.errors import ConfigError, Conflict, PolicyError
from guard.policy import examples, load
from guard.ports import ActivePolicies, Store
from guard.standing_grants import FILE

TRIES = 5


async def refresh(store: Store, folder: Path, now: datetime) -> ActivePolicies:
    """Make what lies in `folder` the active set, if it differs and loads. Returns what is in force, with `problem` set if it does not.

    `PolicyError` if nothing loads and no good set was ever active; `ConfigError` if the store belongs to another policies folder.
    """
    for _ in range(TRIES):
        active = await store.policies()
        if active and Path(active.source) != folder:
            raise ConfigError(
                f"This state folder decides by the policies in {active.source}, and guard.toml names {folder}",
                hint="One store has one policy set: use that folder, or another `state` folder.",
            )
        wanted = _wanted(active, folder, now)
        if wanted is active:
            return wanted
        try:
            return await store.activate(wanted, now=now)
        except Conflict:
            continue
    raise Conflict("The active policies keep changing", hint="Several guards read different files from one folder; look at who writes it.")


def _wanted(active: ActivePolicies | None, folder: Path, now: datetime) -> ActivePolicies:
    try:
        files = load.read(folder)
        digest = load.digest(files)
        if active and digest == active.digest:
            return dataclasses.replace(active, problem="", generation=active.generation + 1) if active.problem else active
        examples.check(files)
    except PolicyError as error:
        if active is None:
            raise
        problem = str(error)
        return active if active.problem == problem else dataclasses.replace(active, problem=problem, generation=active.generation + 1)
    generation = active.generation + 1 if active else 1
    return ActivePolicies(digest=digest, source=str(folder), files=files, activated_at=now, generation=generation)


def policies_of(active: ActivePolicies | None) -> Policies:
    """The loaded set of the store's text; a set that denies everything, and says why, if there is none or it does not load."""
    if active is None:
        return _broken("", "no policies are loaded")
    try:
        return load.load(active.files)
    except PolicyError as error:
        return _broken(active.digest, str(error))


def with_standing(active: ActivePolicies, text: str) -> Policies:
    """The active set as it would be with this text of standing grants in it. `PolicyError` if that would not load."""
    return load.load(tuple(sorted({**dict(active.files), FILE: text}.items())))


def _broken(digest: str, why: str) -> Policies:
    nothing = cedarpy.Entities.from_json_str("[]")
    return Policies(digest=digest, rules={}, schema=cedarpy.Schema.from_str(""), actions=nothing, notes={}, broken=why)
