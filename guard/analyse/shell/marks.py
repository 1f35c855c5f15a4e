"""Words as the shell would see them after expansion, with private marks for what is not plain known text.

A word is a `str`. Control characters that cannot occur in accepted source (see `source.prepared`) stand for the unknown and for the
special: so ordinary string code works on words, and what is not known cannot be taken for text.
"""

from __future__ import annotations

import re

HOLE = "\x00"
"""Unknown text that stays within its word (it was quoted)."""
SPLIT = "\x01"
"""Unknown text that may become any number of words (it was not quoted)."""
TAINT = "\x02"
"""Unknown text that comes from a secret or a private file."""
STAR = "\x03"
"""Unquoted `*`."""
ANY = "\x04"
"""Unquoted `?` or the `[` of a character class."""
TILDE = "\x05"
"""Unquoted `~` at the start of a word: somebody's home."""
FIELD = "\x06"
"""The border of two words inside an unquoted expansion."""
LEFT, COMMA, RIGHT = "\x0e", "\x0f", "\x10"
"""Unquoted `{`, `,`, `}` of the source."""
EMPTY = "\x11"
"""Quoted nothing: the word exists though its text is empty."""
NUMBER = "\x12"
"""An unknown number: output of a program that counts. A shell computes with it, and it tells nothing of what was counted."""

NAME = "\x13"
"""An unknown name of a commit, branch or tag: it begins with no dash, holds no bracket and no space, and is no text of a file."""

DESCRIPTOR = "\x14"
"""The end of a path that a process substitution is known under: no text can write it, so what it holds is what was put there."""

UNKNOWN = re.compile("[\x00\x01\x02\x12\x13]")
WILD = re.compile("[\x00-\x04\x12\x13]")
SEVERAL = re.compile("[\x01-\x04]")
"""What may stand for any number of words."""
_FORMULA = re.compile("[$`[\x03\x04]")
_NUMBERS = str.maketrans({NUMBER: None, NAME: None})
_BORDERS = re.compile("[\x06\x0e-\x10]")
_GLOBS = str.maketrans({"*": STAR, "?": ANY, "[": ANY})
_PLAIN = str.maketrans({STAR: "*", ANY: "?", TILDE: "~", FIELD: " ", LEFT: "{", COMMA: ",", RIGHT: "}", EMPTY: None, DESCRIPTOR: None})

MAX_WORDS = 64
"""More words than this from one expansion are not counted out."""


def globbed(text: str) -> str:
    """Known text outside quotes: its wildcards are live."""
    return text.translate(_GLOBS)


def fields(text: str) -> str:
    """The known value of an unquoted expansion: white space separates words, wildcards are live."""
    return re.sub(r"[ \t\n]+", FIELD, globbed(text))


def plain(word: str) -> str:
    """The word as text where no words are made of it (assignments, here-documents): live marks become their characters again."""
    return word.translate(_PLAIN)


def known(word: str) -> bool:
    """Whether the word is one exact text."""
    return not WILD.search(word)


def shown(word: str) -> str:
    """The word for a person: unknown parts as an ellipsis."""
    return UNKNOWN.sub("…", plain(word))


def known_start(word: str) -> str:
    """What is known of the word before its first unknown part."""
    return plain(UNKNOWN.split(word, maxsplit=1)[0])


def tainted(word: str) -> bool:
    return TAINT in word


def counted(word: str | None) -> bool:
    """Whether all that is unknown of an output is numbers and names, and nothing in it is evaluated where a shell computes with it."""
    if word is None or (NUMBER not in word and NAME not in word) or _FORMULA.search(word):
        return False
    return UNKNOWN.search(word.translate(_NUMBERS)) is None


def number_or_name(word: str) -> str:
    """What an output is that is `counted`: its known text does not matter."""
    return NAME if NAME in word else NUMBER


_LOCATED = re.compile("(?:(?:(?:[^\x00-\x02\x12\x13:\n]+|\x12):|\x12 )[\x00\x02]\n?)+")


def unknown_part(text: str) -> str:
    """What a part of a text is that nothing is known of, but what the text holds: of all that it may be, what tells the least."""
    found = next((mark for mark in (TAINT, HOLE, SPLIT, NAME, NUMBER) if mark in text), HOLE)
    return HOLE if found == SPLIT or (found in (NAME, NUMBER) and re.search("[\x03\x04]", text)) else found


def located(word: str) -> bool:
    """Whether an output is lines of unknown text, each behind the name of its file or its number and a colon (`grep -rn`), or a
    number (`wc -l`)."""
    return _LOCATED.fullmatch(word) is not None


_MEASURED = re.compile("(?:[ \t]*+(?:\x12[ \t]++)++[^\x00-\x03\x12\x13\n]*+\x03[^\x00-\x02\x12\x13\n]*+(?:\n|\\Z))+")


def measured(word: str) -> bool:
    """Whether an output is lines of numbers, each with the name of some file behind them (`du -a`)."""
    return _MEASURED.fullmatch(word) is not None


def with_numbers(word: str) -> str:
    """A program's text (sed, awk) with its unknown numbers as some number: they do not change what it does."""
    return word.replace(NUMBER, "1")


def split_words(word: str) -> list[str]:
    """One source word -> the words it becomes: braces first, then field borders; empty unquoted words vanish."""
    if word and not _BORDERS.search(word):
        return [word.replace(EMPTY, "")]
    out: list[str] = []
    for alternative in _braces(word):
        kept = alternative.translate({ord(LEFT): "{", ord(COMMA): ",", ord(RIGHT): "}"})
        out += [part.replace(EMPTY, "") for part in kept.split(FIELD) if part]
        if len(out) > MAX_WORDS:
            return [*out[:MAX_WORDS], SPLIT]
    return out


def _braces(word: str) -> list[str]:
    """Brace expansion, bounded: what is too much is unknown."""
    done: list[str] = []
    todo = [word]
    while todo:
        text = todo.pop()
        right = text.find(RIGHT)
        left = text.rfind(LEFT, 0, right) if right >= 0 else -1
        if left < 0:
            done.append(text)
        else:
            head, body, tail = text[:left], text[left + 1 : right], text[right + 1 :]
            if COMMA in body:
                todo += [head + choice + tail for choice in reversed(body.split(COMMA))]
            else:
                todo.append(head + "{" + body + "}" + tail)
        if len(done) + len(todo) > MAX_WORDS:
            return [SPLIT]
    return done


_LEAVES = re.compile("\\A[/\x05]|(?:\\A|/)\\.[.\x03\x04]")
"""A path that may lead out of the folder."""


def in_common(values: list[str]) -> str:
    """What a variable is that is any of these: one value, or what its values have in common at the start."""
    if len(values) == 1:
        return values[0].replace(SPLIT, HOLE)
    if not values:
        return HOLE
    first, last = min(values), max(values)
    same = 0
    while same < min(len(first), len(last)) and first[same] == last[same]:
        same += 1
    start = WILD.split(first[:same], maxsplit=1)[0]
    if not start and not any(UNKNOWN.search(value) or _LEAVES.search(value) for value in values):
        start = "./"
    return start + (TAINT if any(TAINT in value for value in values) else HOLE)


def listed(text: str) -> tuple[str, ...]:
    """The words of a table that is written as one text."""
    return tuple(text.split())
