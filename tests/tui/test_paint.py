"""Roles as cells: exact widths, marks over everything, and enough contrast."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import Color

from guard.errors import BadInput
from guard.visible import visible, words
from tui.paint import columns, fit, fit_clauses, line, palette, segments, strip, width, wrap, wrap_code, wrap_words

TEXT = st.text(st.sampled_from("ab c漢é\u0301\u202e\t"), max_size=80).map(lambda t: visible(t).text)


def luminance(colour: Color) -> float:
    parts = [value / 255 for value in colour.get_truecolor()]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@given(TEXT, st.integers(9, 30), st.integers(0, 5))
def test_words_are_wrapped_whole_into_what_fits_and_later_rows_leave_room_for_their_indent(text: str, cells: int, hang: int) -> None:
    rows = wrap_words(text, cells, hang=hang)
    assert rows[0][0] == 0
    assert rows[-1][1] == len(text)
    assert all(text[end:start].strip(" ") == "" and start - end <= 1 for (_, end), (start, _) in itertools.pairwise(rows))
    assert all(width(text[start:end]) <= cells - (hang if start else 0) for start, end in rows)


@pytest.mark.parametrize("dark", [True, False])
def test_every_role_is_readable_on_every_ground_it_stands_on(dark: bool) -> None:
    colours = palette(dark=dark)
    grounds = [colours.ground, colours.bar]
    for role, style in colours.styles.items():
        if style.color is None:
            continue
        for ground in [style.bgcolor.name] if style.bgcolor else grounds:
            high, low = sorted((luminance(style.color), luminance(Color.parse(ground))), reverse=True)
            assert (high + 0.05) / (low + 0.05) >= 4.5, (role, ground)


def test_without_colour_the_grave_letters_are_reversed_and_nothing_has_a_colour_of_its_own() -> None:
    colours = palette(dark=True, colour=False)
    assert colours["badD"].reverse
    assert colours["bad?"].reverse
    assert colours["mark"].reverse
    assert all(style.color is None for style in colours.styles.values())


@given(TEXT, st.integers(2, 30))
def test_wrapping_loses_nothing_and_fits(text: str, cells: int) -> None:
    for rows in (wrap(text, cells), wrap_code(text, cells)):
        assert [a for a, _ in rows] == [0, *(b for _, b in rows[:-1])]
        assert rows[-1][1] == len(text)
        assert all(width(text[a:b]) <= max(cells, 2) for a, b in rows)


def test_a_long_line_takes_time_in_proportion_to_its_length() -> None:
    """A megabyte of words, or of letters that are wide, in one line of prose."""
    for text in ("word " * 200_000, "漢" * 300_000):
        begin = time.thread_time()
        assert len(wrap_words(text, 70)) > 8000
        assert time.thread_time() - begin < 3


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('open("data/orders.csv", "w")', ['open("data/', 'orders.csv",', ' "w")']),
        ("x" * 25, ["x" * 12, "x" * 12, "x"]),
        ("a = aVeryLongNameIndeed", ["a = aVeryLon", "gNameIndeed"]),
        ("x = naïve(schön, blau)", ["x = naïve(", "schön, blau)"]),
    ],
)
def test_code_is_broken_between_words_where_the_row_stays_long_enough(text: str, rows: list[str]) -> None:
    assert [text[a:b] for a, b in wrap_code(text, 12)] == rows


@given(TEXT, st.integers(2, 40))
def test_wrapping_of_wide_text_fits(text: str, cells: int) -> None:
    rows = wrap(text, cells)
    assert "".join(text[a:b] for a, b in rows) == text
    assert all(width(text[a:b]) <= cells for a, b in rows)


@given(TEXT, st.integers(2, 30))
def test_wrapping_at_words_loses_only_spaces_and_fits(text: str, cells: int) -> None:
    rows = wrap_words(text, cells)
    assert "".join(text[a:b] for a, b in rows).replace(" ", "") == text.replace(" ", "")
    assert all(width(text[a:b]) <= cells for a, b in rows)


@given(TEXT, st.integers(0, 60))
def test_a_strip_is_exactly_as_wide_as_asked(text: str, cells: int) -> None:
    assert strip(line(words(text)), max(cells, 2), palette(dark=True)).cell_length == max(cells, 2)


@given(TEXT, st.integers(1, 30), st.sampled_from(["start", "end"]))
def test_a_cut_text_fits_and_says_that_it_was_cut(text: str, cells: int, keep: str) -> None:
    cut = fit(words(text), cells, keep=keep)
    assert width(cut.text) <= cells
    assert cut.text == text or "…" in cut.text


def test_marks_are_painted_over_whatever_else() -> None:
    shown = visible("a\u202eb")
    parts = list(segments(line((shown, "string")), 0, len(shown), palette(dark=True)))
    assert [(p.text, p.style.bgcolor is not None) for p in parts if p.style] == [("a", False), ("‹U+202E RLO›", True), ("b", False)]


def test_a_line_takes_no_unsafe_text_even_by_mistake() -> None:
    with pytest.raises(BadInput):
        line("\x1b[31m")


def test_columns_are_padded_and_cut() -> None:
    assert columns([(line("ab"), 4), (line("abcdef"), 3)]).text.text == "ab   ab…"


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (40, "send data to hooks.evil-slack.com"),
        (32, "send data to ….evil-slack.com"),
        (29, "send data to ….evil-slack.com"),
        (28, "send data to +1"),
        (12, "send dat… +1"),
    ],
)
def test_a_host_is_cut_between_labels_or_counted_and_never_reads_as_another(cells: int, said: str) -> None:
    text = "send data to hooks.evil-slack.com"
    assert fit_clauses(text, [((13, len(text)), len(text))], cells).text == said
