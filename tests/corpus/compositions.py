"""Programs put together at random: a function and a text are handed on in ways that a language has, and then one is called with the other.

What such a program does is known from how it was made, whatever it looks like. `compositions_<language>.txt` has the parts, in sections:

- `ways`: statements, then `=>` and the expression by which `@x` comes out again. `@1`, `@2` stand for fresh names.
- `texts`: the same for texts alone.
- `calls`: where the call (`@x`) stands.
- `sinks` and `harmless`: a call of `@f` with the text `@t`, then `=>` and the function, and `=>` and the text.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_NAME = re.compile(r"@(\d+|g)")
_DEEPEST = 4


@cache
def parts(language: str) -> dict[str, tuple[str, ...]]:
    """Section -> its parts."""
    text = (Path(__file__).parent / f"compositions_{language}.txt").read_text()
    sections = re.split(r"^=== (\w+)\n", text, flags=re.MULTILINE)[1:]
    return {name: tuple(body.rstrip("\n").split("\n---\n")) for name, body in zip(sections[::2], sections[1::2], strict=True)}


def cut(part: str) -> list[str]:
    """What stands before and after each `=>` at the start of a line."""
    return re.split(r"\n?^=> ", part, flags=re.MULTILINE)


def compositions(language: str, section: str, count: int, seed: int) -> Iterator[str]:
    """So many programs that call something of `section`; the same ones for the same seed."""
    for number in range(count):
        yield _Composition(language, random.Random(f"{language}{section}{seed}{number}")).program(section)


class _Composition:
    def __init__(self, language: str, hand: random.Random) -> None:
        self.python, self.parts, self.hand = language == "python", parts(language), hand
        self.lines: list[str] = []
        self.names = 0

    def program(self, section: str) -> str:
        before, function, text = cut(self.hand.choice(self.parts[section]))
        *imports, call = before.split("\n")
        self.lines += imports
        function = self.handed_on(function, "ways")
        given = self.handed_on(json.dumps(text), "texts", "ways")
        call = call.replace("@f", function).replace("@t", given)
        where = self.hand.choice(self.parts["calls"])
        if not self.python and "await" in call:
            where = "@x;" if self.hand.random() < 0.5 else "console.log(@x);"  # only at the top may one wait
        return "\n".join([*self.lines, where.replace("@x", call.rstrip(";"))]) + "\n"

    def handed_on(self, expression: str, *sections: str) -> str:
        for _ in range(self.hand.randint(0, _DEEPEST)):
            statements, gives = cut(self.with_names(self.hand.choice(self.parts[self.hand.choice(sections)])))
            self.lines += filter(None, [statements.replace("@x", expression)])
            expression = gives.replace("@x", expression)
        return expression

    def with_names(self, way: str) -> str:
        fresh: dict[str, str] = {}
        return _NAME.sub(lambda found: fresh.setdefault(found[0], self.name()), way)

    def name(self) -> str:
        self.names += 1
        return f"n{self.names}"
