from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from guard.errors import SandboxError
from guard.ports import Guarantee, Sandbox
from guard.sandbox.bubblewrap import BubblewrapSandbox
from guard.sandbox.choice import Kind, examine, first_that_denies, missing
from guard.sandbox.container.sandbox import ContainerSandbox

NOTHING: frozenset[str] = frozenset()


class Leaky(BubblewrapSandbox):
    """A real box that lacks one promise."""

    async def prove(self) -> Sequence[Guarantee]:
        return (*await super().prove(), Guarantee(name="no-leak", holds=False, detail="it leaks"))


@pytest.fixture
def kinds(tmp_path: Path) -> dict[str, Kind]:
    def absent() -> Sandbox:
        raise SandboxError("it is not installed")

    makes = {
        "absent": absent,
        "silent": lambda: ContainerSandbox(tmp_path / "silent", str(tmp_path / "nobody"), image="x"),
        "leaky": lambda: Leaky(tmp_path / "leaky"),
        "sound": lambda: BubblewrapSandbox(tmp_path / "sound"),
    }
    return {name: Kind(name=name, make=make) for name, make in makes.items()}


async def test_the_first_that_lacks_nothing_is_taken(kinds: dict[str, Kind], tmp_path: Path) -> None:
    chosen = await first_that_denies(list(kinds.values()), NOTHING)
    assert isinstance(chosen, BubblewrapSandbox)
    assert chosen.state == tmp_path / "sound"
    assert list((tmp_path / "leaky" / "boxes").iterdir()) == [], "those that were not taken are closed"
    await chosen.close()


async def test_what_is_renounced_by_name_is_no_lack(kinds: dict[str, Kind]) -> None:
    chosen = await first_that_denies([kinds["leaky"], kinds["sound"]], frozenset({"no-leak"}))
    assert isinstance(chosen, Leaky)
    await chosen.close()


async def test_if_none_denies_each_is_named_with_what_it_lacks(kinds: dict[str, Kind]) -> None:
    with pytest.raises(SandboxError) as none:
        await first_that_denies([kinds["absent"], kinds["silent"], kinds["leaky"]], NOTHING)
    said = str(none.value)
    for part in ("absent: it is not installed", "silent: box", "does not answer", "leaky: no-leak (it leaks)"):
        assert part in said, said


async def test_the_only_one_is_not_asked_twice(kinds: dict[str, Kind]) -> None:
    chosen = await first_that_denies([kinds["leaky"]], NOTHING)
    assert isinstance(chosen, Leaky), "whoever uses it proves it"
    await chosen.close()


async def test_what_cannot_be_made_guarantees_nothing(kinds: dict[str, Kind]) -> None:
    assert [(p.name, p.holds) for p in await examine(kinds["absent"])] == [("box", False)]
    assert not missing(await examine(kinds["sound"]), NOTHING)
