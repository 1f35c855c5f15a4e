"""What is found is a name, but a dot of it twice is a step up; numbers and names behind each other are none."""

from __future__ import annotations

import ast

import pytest

from guard.analyse.python.doubling import again, twice
from guard.analyse.python.values import CLIMBING, FOUND, UNKNOWN, Const, Text
from tests.analyse.python.check import programs, reads_in_workspace

TWICE = """
dot = input()[0]
print(open("a/" + dot * 2 + "/" + dot * 2 + "/x").read())
---
dot = open("a.txt").read()[3]
print(open("a/" + dot + dot + "/" + dot + dot + "/x").read())
---
dot = open("a.txt").read()[3]
both = dot + dot
print(open("a/" + both + "/" + both + "/x").read())
---
for dot in open("a.txt").read(): print(open(f"a/{dot}{dot}/{dot}{dot}/x").read())
---
dot = open("a.txt").read()[3]
print(open("a/%s%s/%s%s/x" % (dot, dot, dot, dot)).read())
---
dot = open("a.txt").read()[3]
print(open("a/{0}{0}/{0}{0}/x".format(dot)).read())
---
dot = open("a.txt").read()[3]
print(open("a/{}{}/{}{}/x".format(dot, dot, dot, dot)).read())
---
dot = open("a.txt").read()[3]
print(open("a/" + "".join([dot, dot]) + "/x").read())
---
import re
dot = re.search("[.]", input()).group()
print(open("a/" + dot + dot + "/" + dot * 2 + "/x").read())
---
import os
for name in os.listdir("."):
    dot = os.path.splitext(name)[1][:1]
    print(open("a/" + dot * 2 + "/" + dot * 2 + "/x").read())
---
import os
print(open("a/" + os.extsep * 2 + "/" + os.extsep * 2 + "/x").read())
"""

ONCE = """
import os
for name in os.listdir("a"):
    base, ending = os.path.splitext(name)
    print(open("a/" + base + ending).read(), open(f"a/{base}{ending}").read())
---
for number in range(3): print(open(f"a/{number * 2}.txt").read(), open("a/" + str(number + number)).read())
---
word = input()
print(open("a/" + word[0].upper() + word[1:]).read(), open("a/%s-%s" % (word, word)).read(), "-" * 20 + word)
---
for line in open("a.txt"):
    price = float(line) * 2
    print(open(f"a/{price}").read(), price + price)
"""


@pytest.mark.parametrize("code", programs(TWICE))
def test_a_part_of_what_is_found_may_be_two_dots_when_it_is_said_twice(code: str) -> None:
    assert not reads_in_workspace(code)


@pytest.mark.parametrize("code", programs(ONCE))
def test_names_and_numbers_are_no_steps_up(code: str) -> None:
    assert reads_in_workspace(code)


def test_the_same_expression_is_known_again() -> None:
    one, other = (ast.parse(code, mode="eval").body for code in ("a[0]", "a[0]"))
    assert again(one, other)
    assert not again(one, ast.parse("a[1]", mode="eval").body)
    assert not again(None, one)


def test_texts_that_are_known_and_numbers_are_what_they_are() -> None:
    assert twice(Const("a")).value == "a"  # type: ignore[attr-defined]
    assert twice(FOUND) is FOUND
    assert twice(FOUND, among_texts=True).parts == CLIMBING  # type: ignore[attr-defined]
    assert twice(Text((None,))).parts == CLIMBING  # type: ignore[attr-defined]
    assert twice(UNKNOWN) is UNKNOWN
