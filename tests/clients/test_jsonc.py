"""JSON with comments: every value is found where it stands."""

from __future__ import annotations

import pytest

from guard.clients.jsonc import parse
from guard.clients.tree import plain
from guard.errors import BadInput


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{}", {}), ('\ufeff{"a": [1, -2.5e3, true, null]}', {"a": [1, -2500.0, True, None]}), ('// x\n{"a" /* y */ : "b\\u00e9\\"", }', {"a": 'bé"'}),
        ("[1,/*,*/2,]", [1, 2]), ('{"a": "// no comment"}', {"a": "// no comment"}),
    ],
)  # fmt: skip
def test_comments_and_trailing_commas_are_taken(text: str, value: object) -> None:
    assert plain(parse(text)) == value


def test_a_value_knows_its_place() -> None:
    text = '{"a": {"b": "c"}}'
    node = parse(text).get("a")
    assert node is not None
    inner = node.get("b")
    assert inner is not None
    assert text[inner.start : inner.end] == '"c"'
    assert text[node.start : node.end] == '{"b": "c"}'


@pytest.mark.parametrize("text", ["", "{", '{"a"}', '{"a": }', "[1 2]", "{1: 2}", '"a', "{} x", "{'a': 1}", '{"a": /* }', "nul", "[" * 500])
def test_what_is_no_json_is_refused_with_its_place_and_a_hint(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse(text)
    assert refused.value.hint
