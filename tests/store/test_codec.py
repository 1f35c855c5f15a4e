"""A case comes back from its text exactly as it went in, whatever is in it; a text that is not ours is refused."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guard.errors import BadInput, StoreError
from guard.model import Approval, Case, Ending, Execution, Person
from guard.store import codec
from tests.store.build import approval, case

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
for type_, strategy in {
    str: TEXT,
    datetime: st.datetimes(timezones=st.just(UTC)),
    float: st.floats(allow_nan=False, allow_infinity=False),
    int: st.integers(-(2**63), 2**63 - 1),
}.items():
    st.register_type_strategy(type_, strategy)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]
)
@given(st.builds(Case))
def test_any_case_comes_back_exactly(any_case: Case) -> None:
    text = codec.encode_case(any_case)
    back = codec.decode_case(any_case.id, any_case.version, text, any_case.submission.code.encode())
    assert back == any_case
    assert codec.encode_case(back) == text
    assert codec.approvals_digest(back.approvals) == codec.approvals_digest(any_case.approvals)


def test_what_comes_back_has_the_types_that_went_in() -> None:
    execution = Execution(ending=Ending.EXITED, seconds=60.0)
    back = codec.decode_case(1, 2, codec.encode_case(case(execution=execution, approvals=(approval(case()),))), b"x")
    assert (back.id, back.version, back.submission.code) == (1, 2, "x")
    assert isinstance(back.approvals, tuple)
    assert isinstance(back.approvals[0], Approval)
    assert back.execution is not None
    assert isinstance(back.execution.ending, Ending)
    assert isinstance(back.execution.seconds, float)
    assert back.created_at.tzinfo is not None


def test_the_document_holds_no_code() -> None:
    assert "a.txt', 'w'" not in codec.encode_case(case())


@pytest.mark.parametrize("wrong", [{"outcome": "\ud800"}, {"runner": 3}, {"approvals": ["yes"]}, {"created_at": "today"}], ids=repr)
def test_a_value_of_the_wrong_kind_is_refused_before_it_is_stored(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match="cannot be stored exactly"):
        codec.encode_case(case(**wrong))


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('"outcome":""', '"outcome":"","veto":"added later"', "veto"),
        ('"stage":"waiting"', '"stage":"perhaps"', "stage"),
        ('"seal":"', '"sail":"', "seal"),
        ('"version":0', '"version":"0"', "version"),
        ("{", "", "its text"),
    ],
)
def test_a_text_that_this_guard_did_not_write_is_refused_and_says_where(old: str, new: str, where: str) -> None:
    text = codec.encode_case(case())
    assert old in text
    with pytest.raises(StoreError, match=f"a stored Case cannot be read: {where}") as caught:
        codec.decode(text.replace(old, new, 1), Case)
    assert "newer guard" in caught.value.hint


def test_people_come_back_exactly() -> None:
    person = Person(name="Ada Ω", teams=("ops",), os_user="ada", key="ab" * 32)
    assert codec.decode(codec.encode(person, Person), Person) == person
