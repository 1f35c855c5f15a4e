"""The nouns: one authority for kinds and classes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from guard.errors import BadInput
from guard.model import CLASSES, Class, Kind, Loop, ResourceType
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


@pytest.mark.parametrize("field", ["code", "agent", "language", "arguments", "intent", "tool"])
def test_a_lone_surrogate_is_refused_where_it_enters(field):
    with pytest.raises(BadInput, match="lone surrogate"):
        build.submission(**{field: "a\ud800"})


def test_an_effect_is_named_by_kind_and_resource():
    assert build.DELETE.key == "fs.delete File::/work/project/a.txt"


@pytest.mark.parametrize("word", [*Kind, *ResourceType, *Loop, *Class])
def test_a_fixed_word_is_found_under_the_text_that_it_equals(word):
    assert {str(word.value): 1}[word] == {word: 1}[str(word.value)]
