"""The nouns: plain values, canonical bytes, and one authority for kinds and classes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from guard.errors import BadInput
from guard.model import CLASSES, Class, Kind, ResourceType, canonical, digest, plain
from tests import build

SCHEMA = (Path(__file__).parent.parent / "policies" / "schema.cedarschema").read_text()


def test_the_schema_and_the_model_know_the_same_kinds_in_the_same_classes():
    found = {}
    for names, groups in re.findall(r'action ((?:"[^"]+"(?:, )?)+) in \[([^\]]+)\] appliesTo \{ principal: Agent', SCHEMA):
        for name in re.findall(r'"([^"]+)"', names):
            found[Kind(name)] = {Class(group) for group in re.findall(r'"([^"]+)"', groups)}
    assert found == {kind: set(classes) for kind, classes in CLASSES.items()}


def test_every_resource_type_is_an_entity_of_the_schema():
    for type_ in ResourceType:
        assert re.search(rf"entity {type_.value}\b", SCHEMA), type_


def test_equal_values_have_equal_bytes_and_a_change_shows():
    assert canonical(build.case(build.WRITE)) == canonical(build.case(build.WRITE))
    assert digest(build.WRITE) != digest(build.DELETE)


def test_plain_values_are_json():
    assert json.loads(json.dumps(plain(build.case(build.WRITE))))["stage"] == "waiting"


@pytest.mark.parametrize("field", ["code", "agent", "language", "arguments", "intent", "tool"])
def test_a_lone_surrogate_is_refused_where_it_enters(field):
    with pytest.raises(BadInput, match="lone surrogate"):
        build.submission(**{field: "a\ud800"})


def test_an_effect_is_named_by_kind_and_resource():
    assert build.DELETE.key == "fs.delete File::/work/project/a.txt"


_TEXTS = st.text(st.characters(exclude_categories=("Cs",)))
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False) | _TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(_TEXTS, inner),
)


@given(_VALUES)
def test_canonical_bytes_are_those_of_rfc_8785(value: object) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize("value", [2**53, float("nan"), "\ud800", {"\ud800": 1}, b"x", {1: b"x"}])
def test_what_has_no_canonical_bytes_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="."):
        canonical({"a": value})
