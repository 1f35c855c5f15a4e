"""One value, one sequence of bytes: that of RFC 8785."""

from __future__ import annotations

import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from guard.canonical import canonical, digest, plain
from tests import build


def test_equal_values_have_equal_bytes_and_a_change_shows():
    assert canonical(build.case(build.WRITE)) == canonical(build.case(build.WRITE))
    assert digest(build.WRITE) != digest(build.DELETE)


def test_plain_values_are_json():
    assert json.loads(json.dumps(plain(build.case(build.WRITE))))["stage"] == "waiting"


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
