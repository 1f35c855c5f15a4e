"""Effects in fixed words: singular, plural and unknown read well, and names are made visible."""

from __future__ import annotations

import pytest

from guard.words import headline
from tests.build import DELETE, FACTS, OPAQUE, READ, WRITE, analysis, effect

SENTENCES = {
    "Only computes.": (),
    "Reads a.txt.": (READ,),
    "Deletes a.txt.": (DELETE,),
    "Creates or replaces a.txt.": (WRITE,),
    "Deletes a.txt, reads b.txt.": (effect("fs.read", "File", "b.txt"), DELETE),
}


def said(*effects) -> str:
    return headline(analysis(*effects).effects, FACTS)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_program_is_said_in_one_sentence_worst_first(sentence):
    assert said(*SENTENCES[sentence]) == sentence


def test_what_cannot_be_seen_is_never_among_the_more():
    many = [effect("http.get", "Endpoint", f"h{n}.example:443") for n in range(4)] + [WRITE, READ, effect("env.read", "Variable", "HOME")]
    assert "cannot be seen" in said(*many, OPAQUE)


def test_names_from_outside_are_made_visible():
    assert "\u202e" not in said(effect("fs.delete", "File", "a\u202egpj.exe"))
    assert "U+202E" in said(effect("fs.delete", "File", "a\u202egpj.exe"))
