"""TOML: every value is found where it stands, and what is not understood is refused."""

from __future__ import annotations

import tomllib

import pytest

from guard.clients.toml import parse
from guard.clients.tree import plain
from guard.errors import BadInput

TEXT = """\
model = "o9" # the model
when = 2026-11-22 10:00:00
many = [ 1, # one
  [2.5, 'a]'], {x = "}", y.z = 1}, ]
text = \"\"\"
[no.table]
\\"\"\" still ""\"\"\"
raw = '''C:\\x "y"'''

[ mcp_servers . "my zones" ] # c
command = "np\\u0078"
args = []
[mcp_servers.'my zones'.env]
KEY = 's3#cret'
[[hooks]]
command = "a"
[[hooks]]
command = "b"
[hooks.more]
x = 0x1F
"""


def test_values_are_found_as_tomllib_reads_them() -> None:
    assert plain(parse(TEXT)) == tomllib.loads(TEXT)


def test_a_value_knows_its_place() -> None:
    node = parse(TEXT)
    for name in ("mcp_servers", "my zones", "command"):
        found = node.get(name)
        assert found is not None
        node = found
    assert TEXT[node.start : node.end] == '"np\\u0078"'


@pytest.mark.parametrize("text", ["", "\n", "a.b.c = 1\na.d = 2\n", "a = {}\n", "a = 'x'", "[a]\r\nb = 1\r\n"])
def test_small_texts_too(text: str) -> None:
    assert plain(parse(text)) == tomllib.loads(text)


@pytest.mark.parametrize("text", ["a = ", "[a", "a = 1\na = 2", "{}", "\x00", "a = [" + "[" * 5000])
def test_what_is_no_toml_is_said(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse(text)
    assert refused.value.hint
