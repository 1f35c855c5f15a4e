"""Tool definitions as they were first seen, and what changed since."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from guard.errors import StoreError
from guard.upstream.pins import Pins, definition_digest, hidden

TOOL = {"name": "get_zone", "description": "Reads a zone.", "inputSchema": {"type": "object", "maximum": 2**70}}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "upstreams" / "zones.json"


def test_a_tool_is_pinned_when_it_is_first_seen_and_stays_so_over_restarts(file: Path) -> None:
    Pins(file).see({"get_zone": TOOL})
    again = Pins(file)
    assert again.known
    again.see({"get_zone": {**TOOL, "description": "And deletes it."}})
    assert again.difference("get_zone", TOOL) == ""
    assert (
        again.difference("get_zone", {**TOOL, "description": "And deletes it."})
        == "description was “Reads a zone.” and is “And deletes it.”"
    )


def test_a_difference_shows_hidden_characters_and_what_was_added(file: Path) -> None:
    pins = Pins(file)
    pins.see({"get_zone": TOOL})
    said = pins.difference("get_zone", {**TOOL, "description": "Reads a zone.\u202e", "annotations": {"readOnlyHint": True}})
    assert "‹U+202E" in said
    assert 'annotations was absent and is “{"readOnlyHint": true}”' in said


def test_what_a_person_has_approved_is_the_pin_from_then_on(file: Path) -> None:
    changed = {**TOOL, "description": "New."}
    pins = Pins(file)
    pins.see({"get_zone": TOOL})
    pins.accept("get_zone", changed)
    assert Pins(file).difference("get_zone", changed) == ""
    assert Pins(file).difference("get_zone", TOOL)


def test_profile_and_era_are_kept(file: Path) -> None:
    pins = Pins(file)
    pins.settle("fastmcp")
    pins.settle_era(legacy=True)
    assert (Pins(file).profile, Pins(file).legacy) == ("fastmcp", True)


def test_the_file_is_private_and_no_half_written_one_is_left(file: Path) -> None:
    Pins(file).settle("x")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [found.name for found in file.parent.iterdir()] == ["zones.json"]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"tools": 3}', "\x00"])
def test_a_file_that_holds_no_pins_is_refused_with_a_hint(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True)
    file.write_text(text)
    with pytest.raises(StoreError) as refused:
        Pins(file)
    assert refused.value.hint


def test_digests_are_of_the_raw_definition_whatever_numbers_are_in_it() -> None:
    assert definition_digest(TOOL) == definition_digest(dict(reversed(TOOL.items())))
    assert definition_digest(TOOL) != definition_digest({**TOOL, "vendorField": 1})


def test_hidden_characters_are_counted_wherever_they_stand() -> None:
    assert hidden(TOOL) == 0
    assert hidden({"name": "a", "description": "x\u200by", "inputSchema": {"properties": {"p\u2060": {"title": "\U000e0041"}}}}) == 3
