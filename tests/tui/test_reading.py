"""What was shown, as ranges."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.reading import Ranges, Reading

RANGE = st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda r: (min(r), max(r)))


@given(st.lists(RANGE, max_size=12), RANGE)
def test_ranges_are_the_set_of_what_was_put_in(added: list[tuple[int, int]], asked: tuple[int, int]) -> None:
    ranges, model = Ranges(), set()
    for start, end in added:
        ranges.add(start, end)
        model |= set(range(start, end))
    wanted = range(*asked)
    assert ranges.covers(*asked) == all(i in model for i in wanted)
    gap = ranges.gap(*asked)
    first = next((i for i in wanted if i not in model), None)
    assert (gap[0] if gap else None) == first
    if gap:
        assert all(i not in model for i in range(*gap))
        assert gap[1] == asked[1] or gap[1] in model


def test_a_reading_is_complete_when_all_that_is_needed_was_shown() -> None:
    reading = Reading()
    assert not reading.complete
    part = reading.need("code", [(0, 10), (20, 30)])
    part.seen.add(0, 25)
    assert reading.missing() == ("code", (25, 30))
    assert part.share == (15, 20)
    part.seen.add(25, 30)
    assert reading.complete


def test_asking_again_keeps_what_was_shown() -> None:
    reading = Reading()
    reading.need("code", [(0, 10)]).seen.add(0, 10)
    reading.need("code", [(0, 10)])
    assert reading.complete
