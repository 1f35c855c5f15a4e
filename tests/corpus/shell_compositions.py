"""Shell programs put together at random: a command's name comes about in a way that the shell has, and the command stands in a place where
it is run, in another one at times. `compositions_shell.txt` has the parts, in sections:

- `words`: statements, then `=>` and the word that comes out as `@w`. `@1`, `@2` stand for fresh names; `@h`, `@r` for the first letter of the
  name and the rest; `@e` for its letters, escaped.
- `places`: where a command (`@x`) is run; `held`: where it is, too, but any is held up there, whatever it is.
- `commands` and `harmless`: a name and its arguments.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from tests.corpus.compositions import cut, parts

_NAME = re.compile(r"@(\d)")
_IN_QUOTES = re.compile(r"['\"][^'\"\n]*@x")
_WRITTEN, _NESTED = 0.4, 0.3
"""How many names are simply written, and how many places stand in another one."""


def shell_compositions(section: str, count: int, seed: int) -> Iterator[str]:
    """So many programs that run a command of `section`; the same ones for the same seed."""
    for number in range(count):
        yield _program(random.Random(f"{section}{seed}{number}"), section)


def _program(hand: random.Random, section: str) -> str:
    found = parts("shell")
    places = found["places"] + (found["held"] if section == "commands" else ())
    name, _, arguments = hand.choice(found[section]).partition(" ")
    place = hand.choice(places)
    before, word = ("", name) if hand.random() < _WRITTEN else _word(hand.choice(found["words"]), name)
    if _IN_QUOTES.search(place) and re.search(r"['\"`\\\n]", word):
        before, word = "", name
    code = place.replace("@x", f"{word} {arguments}".rstrip())
    if hand.random() < _NESTED and "\n" not in code:
        outer = hand.choice([other for other in places if not _IN_QUOTES.search(other) and "<<" not in other])
        code = outer.replace("@x", code)
    return f"{before}\n{code}\n".lstrip("\n")


def _word(part: str, name: str) -> tuple[str, str]:
    """(statements, the word) by which a name comes about."""
    filled = part.replace("@w", name).replace("@h", name[0]).replace("@r", name[1:])
    filled = _NAME.sub(r"v\1", filled.replace("@e", "".join(f"\\x{ord(letter):02x}" for letter in name)))
    statements, word = cut(filled)
    return statements, word
