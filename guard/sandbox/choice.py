"""Which kind of box programs run in: the first, of those that the configuration names, that passes the deny self-test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from guard.errors import GuardError, SandboxError
from guard.ports import Guarantee, Sandbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of box that the configuration names."""

    name: str
    make: Callable[[], Sandbox]
    """May raise `SandboxError`: it does not exist here."""


async def first_that_denies(kinds: Sequence[Kind], accepted: frozenset[str]) -> Sandbox:
    """The box to use; the others are closed. With one kind there is no choice: it is made, and proved by whoever uses it.

    Raises `SandboxError` if none denies, with what each lacks.
    """
    if len(kinds) == 1:
        return kinds[0].make()
    said = []
    for kind in kinds:
        try:
            sandbox = kind.make()
        except SandboxError as error:
            said.append(f"{kind.name}: {error}")
            continue
        promises = await sandbox.prove()
        lacks = missing(promises, accepted)
        if not lacks:
            return sandbox
        await sandbox.close()
        said.append(f"{kind.name}: {lacks[0].name} ({lacks[0].detail})")
    raise SandboxError(f"No box denies on this machine: {'; '.join(said)}", hint="`guard doctor` says what to do about it.")


async def examine(kind: Kind) -> Sequence[Guarantee]:
    """What one kind guarantees here, for people; what cannot even be made guarantees nothing."""
    try:
        sandbox = kind.make()
    except GuardError as error:
        return (Guarantee(name="box", holds=False, detail=f"{error}. {error.hint}"),)
    try:
        return await sandbox.prove()
    finally:
        await sandbox.close()


def missing(promises: Sequence[Guarantee], accepted: frozenset[str]) -> list[Guarantee]:
    """The promises that do not hold and that nobody renounced by name."""
    return [promise for promise in promises if not promise.holds and promise.name not in accepted]
