"""Everything from outside is shown, exactly, and nothing of it acts on the terminal."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guard import visible as v
from guard.errors import BadInput
from guard.visible import MarkKind, Visible, decode, findings, lines, spelled, visible, without_hidden, words

ANY = st.text(st.characters(exclude_categories=()), max_size=60)
"""Every code point, surrogates too."""
NASTY = st.text(
    st.sampled_from("ab \t\r\x00\x1b\x9b\u00a0\u00ad\u0301\u200b\u202e\u2028\u3164\ufe0f\ufeff\U000e0041‹›→␍⚠é漢א\ud800\udcff"), max_size=60
)


def acts(character: str) -> bool:
    """Written apart from the module: whether a character could act on a terminal or hide from a reader."""
    category = unicodedata.category(character)
    return category in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") or (category == "Zs" and character != " ")


def back(shown: Visible) -> str:
    """The source again, from what is shown."""
    out, at = [], 0
    for mark in shown.marks:
        text = shown.text[mark.start : mark.end]
        out.append(shown.text[at : mark.start])
        at = mark.end
        if text == v.TAB:
            out.append("\t")
        elif spaces := re.fullmatch(r"‹(\d+) spaces›", text):
            out.append(" " * int(spaces[1]))
        elif byte := re.fullmatch(r"‹byte ([0-9A-F]{2})›", text):
            out.append(chr(0xDC00 + int(byte[1], 16)))
        else:
            known = re.fullmatch(r"‹U\+([0-9A-F]{4,6})(?: [\w]+)?(?: ×(\d+))?›", text)
            assert known, text
            out.append(chr(int(known[1], 16)) * int(known[2] or 1))
    return "".join([*out, shown.text[at:]])


@given(ANY | NASTY)
def test_nothing_that_acts_or_hides_is_left(text: str) -> None:
    assert not any(map(acts, visible(text).text))
    for line in lines(text):
        assert not any(map(acts, line.text.text))


@given(
    (ANY | NASTY).filter(
        lambda t: not re.search("[^\x00-\x7f]{3}", "".join(c for c in unicodedata.normalize("NFD", t) if unicodedata.combining(c)))
    )
)
def test_marks_are_exact_so_that_the_source_can_be_read_back(text: str) -> None:
    shown = visible(text)
    if "marks›" not in shown.text and "mark›" not in shown.text:
        assert back(shown) == text


@given(NASTY)
def test_every_source_column_is_found_again(text: str) -> None:
    shown = visible(text)
    columns = [shown.column(i) for i in range(len(text))]
    assert columns == sorted(columns)
    marked = {i for m in shown.marks for i in range(m.source, m.source_end)}
    for i, column in enumerate(columns):
        if i not in marked:
            assert shown.text[column] == text[i]


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=80).filter(lambda t: " " * 41 not in t))
def test_plain_text_is_shown_as_it_is(text: str) -> None:
    assert visible(text) == words(text)


@given(NASTY, NASTY)
def test_joined_texts_keep_their_marks(a: str, b: str) -> None:
    joined = visible(a) + visible(b)
    marked = [joined.text[m.start : m.end] for m in joined.marks]
    assert marked == [s.text[m.start : m.end] for s in (visible(a), visible(b)) for m in s.marks]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "‹U+001B ESC›[31mred"),
        ("\x1b]52;c;aGk=\x07", "‹U+001B ESC›]52;c;aGk=‹U+0007 BEL›"),
        ("\x1b]8;;https://evil.example\x1b\\x", "‹U+001B ESC›]8;;https://evil.example‹U+001B ESC›\\x"),
        ("\x9b2J", "‹U+009B CSI›2J"),
        ("\u202e))(lru", "‹U+202E RLO›))(lru"),
        ("a\u200bb\ufeff", "a‹U+200B ZWSP›b‹U+FEFF BOM›"),
        ("\U000e0041", "‹U+E0041›"),
        ("a\u00a0b", "a‹U+00A0 NBSP›b"),
        ("x\u2028y", "x‹U+2028 LSEP›y"),
        ("\u3164 = 1", "‹U+3164› = 1"),
        ("‹U+202E RLO›", "‹U+2039›U+202E RLO‹U+203A›"),
        ("a\tb", "a→   b"),
        ("a → b", "a ‹U+2192› b"),
        ("\ud800", "‹U+D800 surrogate›"),
        (decode(b"a\xff"), "a‹byte FF›"),
        ("x" + " " * 62 + "y", "x‹62 spaces›y"),
        ("a\u0301", "a\u0301"),
        ("a" + "\u0301" * 39, "a\u0301\u0301‹+37 marks›"),
        ("\u0301", "‹U+0301›"),
        ("\u202e" * 5000, "‹U+202E RLO ×5000›"),
        ("[/] [bold]x[/bold] [[", "[/] [bold]x[/bold] [["),
    ],
)
def test_what_family_d_hides_is_spelled_out(text: str, shown: str) -> None:
    """D1, D2, D4."""
    assert visible(text).text == shown


def test_a_text_cannot_write_a_mark() -> None:
    honest, forged = visible("\u202e"), visible("‹U+202E RLO›")
    assert honest.text != forged.text
    assert honest.hidden == 1
    assert forged.hidden == 0
    assert {m.kind for m in forged.marks} == {MarkKind.LITERAL}


@pytest.mark.parametrize("text", ["\x1b", "a\nb", "\u202e", "\u3164", "\ud800", "\ue000", "a\ufe0f"])
def test_a_visible_value_cannot_hold_unsafe_text(text: str) -> None:
    with pytest.raises(BadInput):
        Visible(text)


def test_lines_end_at_line_feeds_alone() -> None:
    found = lines("a = 1 # \rb()\u2028c()\x0bd()\r\nlast\n")
    assert [line.number for line in found] == [1, 2]
    assert found[0].text.text == "a = 1 # ‹U+000D CR›b()‹U+2028 LSEP›c()‹U+000B VT›d()␍"
    assert found[0].text.hidden == 3


def test_many_empty_lines_are_folded_with_their_count() -> None:
    """D3: padding that scrolls the rest out of sight."""
    found = lines("a\n" + "\n" * 140 + "b")
    assert [(line.number, line.count, line.text.text) for line in found] == [(1, 1, "a"), (2, 140, "‹140 empty lines›"), (142, 1, "b")]
    assert len(lines("a\n" + "\n" * 10 + "b")) == 12


def test_words_of_two_scripts_are_found_and_spelled() -> None:
    found = findings(lines("import os\nfrom p\u0430ypal import pay\nПривет, 漢字, naïve, µm\n"))
    assert [(line, word.text) for line, word in found.mixed] == [(2, "p‹U+0430›ypal")]


def test_findings_name_the_first_line_of_each() -> None:
    found = findings(lines("ok\nx = '\u202e'\ny = '\u200b\u200b'\n" + "z" * 3000 + "\n# שלום"))
    assert (found.hidden, found.hidden_line, found.longest, found.rtl) == (3, 2, 3000, 5)
    assert findings(lines("fine\n")) == v.Findings()


def test_editing_starts_without_hidden_characters_and_with_everything_else() -> None:
    assert without_hidden("a\tb‹ \u202ec\r\n\nd\u200b") == ("a\tb‹ c\r\n\nd", 2)


def test_spelling_out_leaves_ascii_alone() -> None:
    assert spelled("p\u0430y").text == "p‹U+0430›y"
