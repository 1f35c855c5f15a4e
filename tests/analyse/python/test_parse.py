"""What cannot be read safely is refused with a sentence."""

from __future__ import annotations

import pytest

from guard.analyse.python import analyse
from guard.analyse.python.parse import Unreadable, hidden, parse
from guard.model import Facts, Kind


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("(" * 200, "nested too deeply"),
        ("x = (", "not valid Python"),
        ("print 'x'", "not valid Python"),
        ("x = 1\0", "NUL"),
        ("# -*- coding: utf-7 -*-\n#+AAo-import os", "may be another program"),
        ("#!/usr/bin/python\n# vim: set fileencoding=raw_unicode_escape :\n1", "may be another program"),
        ("x = '\ud800'", "surrogate"),
        ("#" + "x" * 300_000, "bytes long"),
        ("p\u0430yload = 1", "mixes alphabets"),
        ("\uff4fpen('x')", "reads as another"),
        ("a = 1\nset\rup = s\u0435tup", "mixes alphabets"),
        ("p_\u0430 = 1", "mixes alphabets"),
        ("x\u03b1 = 1", "mixes alphabets"),
        ("ϵ\uff4fpen('x')", "reads as another"),
        ("thing.\u017fystem('x')", "reads as another"),
    ],
)
def test_unreadable_text_says_why(code: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        parse(code)
    assert Kind.OPAQUE in {effect.kind for effect in analyse(code, Facts())}


@pytest.mark.parametrize(
    "code",
    [
        "return 1",
        "await x",
        "async with a as b: pass",
        "x = yield",
        "é = 1",
        "s = 'naïve Κόσμε'",
        "名 = 1",
        "µ = ϕ = 𝜃 = 1\nprint(µ + ϕ + 𝜃)",
        "Δt = σ_x = α_0 = dθ = 1",
        "# coding: utf-8\né = 1",
        "# decoding: fast\n1",
        "x = 1\n# coding: utf-7",
        "# coding: gbk\n1",
    ],
)
def test_what_servers_wrap_and_ordinary_foreign_text_is_read(code: str) -> None:
    parse(code)


@pytest.mark.parametrize("code", ["x = '\u200d\u2640'", "x = '\U0001f469\u200d\U0001f680'"])
def test_joiners_of_emoji_hide_nothing(code: str) -> None:
    assert hidden(code) is None


@pytest.mark.parametrize("letter", ["\u202e", "\u200b", "\u2066", "\u00ad", "\ufeff", "\x1b", "\U000e0041"])
def test_hidden_characters_are_opaque_and_the_rest_is_analysed_all_the_same(letter: str) -> None:
    code = f"import os\nos.remove('a')  # {letter}\n"
    assert hidden(code) is not None
    kinds = {effect.kind for effect in analyse(code, Facts(workspace="/w"))}
    assert {Kind.OPAQUE, Kind.FS_DELETE} <= kinds


def test_a_joiner_inside_an_emoji_is_not_hidden() -> None:
    assert hidden("x = '\U0001f468\u200d\U0001f469'") is None
    assert hidden("x = 'a\u200db'") is not None


def test_a_line_may_end_with_a_carriage_return() -> None:
    assert analyse("x = 1\r\ny = 2\r\u00e9 = 1\r", Facts()) == ()
