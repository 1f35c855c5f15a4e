"""YAML: every value is found where it stands."""

from __future__ import annotations

import pytest

from guard.clients.tree import plain
from guard.clients.yaml import parse
from guard.errors import BadInput

TEXT = """\
# mine
extensions:
  zones:
    cmd: npx   # c
    args:
    - -y
    - "x y"
  flow: {cmd: npx, args: [a, b]}
"""


def test_values_are_found_where_they_stand() -> None:
    node = parse(TEXT)
    assert plain(node) == {"extensions": {"zones": {"cmd": "npx", "args": ["-y", "x y"]}, "flow": {"cmd": "npx", "args": ["a", "b"]}}}
    extensions = node.get("extensions")
    assert extensions is not None
    zones, flow = extensions.get("zones"), extensions.get("flow")
    assert zones is not None
    assert flow is not None
    assert (zones.lines, flow.lines) == (True, False)
    arguments = zones.get("args")
    assert arguments is not None
    assert [TEXT[item.start : item.end] for item in arguments.items] == ["-y", '"x y"']


def test_aliases_that_stand_for_ever_more_are_not_followed() -> None:
    text = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
    last = parse(text).get("a59")
    assert last is not None
    assert {item.kind for item in last.items} == {"word"}


@pytest.mark.parametrize("text", ["a: [", "a: b: c", "\tx: 1", "!!python/object:os.system {}\n: :\n- a", "a: *b", "[" * 5000])
def test_what_is_no_yaml_is_said(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse(text)
    assert refused.value.hint


def test_an_empty_file_has_no_servers() -> None:
    assert parse("# nothing\n").get("extensions") is None
