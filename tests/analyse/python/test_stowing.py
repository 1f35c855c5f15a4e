"""A text that leads up, once put into what nobody follows, may be the end of any path that is found; what is not so stays in its folder."""

from __future__ import annotations

import ast

import pytest

from guard.analyse.python.stowing import is_method, leads_up, says_steps
from guard.analyse.python.values import UNKNOWN, Const, Dict, Seq, Text, Union
from tests.analyse.python.check import programs, reads_in_workspace

PUT_AWAY = """
import sqlite3
connection = sqlite3.connect(":memory:")
print(open("data/" + connection.execute("select '../../x'").fetchone()[0]).read())
---
import sqlite3
connection = sqlite3.connect(":memory:")
print(open("data/" + connection.execute("select char(46,46,47,120)").fetchone()[0]).read())
---
import pandas as pd
table = pd.read_csv("x.csv")
table.loc[0, "p"] = "../../x"
for name in table.p: print(open("data/" + name).read())
---
import pandas as pd
table = pd.read_csv("x.csv")
table["p"] = table["n"].apply(lambda n: "../../" + n)
for name in table.p: print(open("data/" + name).read())
---
import configparser
settings = configparser.ConfigParser({"a": ".", "b": "%(a)s%(a)s/%(a)s%(a)s/x"})
settings.read("c.ini")
print(open("data/" + settings["s"]["b"]).read())
---
import json
found = json.load(open("a.json"))
dict.__setitem__(found, "p", "../../x")
print(open("data/" + found["p"]).read())
---
import enum
class Place(enum.Enum):
    A = 1
    def path(self): return up
up = "../../x"
print(open("data/" + Place.A.path()).read())
---
import collections
places = {}
chain = collections.ChainMap(places)
places["a"] = "../../x"
print(open("data/" + chain["a"]).read())
---
def called(f): return f()
up = "../../x"
@called
def place(): return up
print(open("data/" + place).read())
---
import threading
def show(found): print(open(found["p"]).read())
given = {"p": "a.txt"}
timer = threading.Timer(1, show, (given,))
timer.start()
given["p"] = "/etc/passwd"
timer.join()
given["p"] = "a.txt"
---
import threading
def show(path): print(open(path).read())
given = ["a.txt"]
thread = threading.Thread(target=show, args=given)
given[0] = "/etc/passwd"
thread.start()
given[0] = "a.txt"
"""

HARMLESS = """
import sqlite3
connection = sqlite3.connect(":memory:")
for name, in connection.execute("select first || '.' || last from people"): print(name)
---
import sqlite3
connection = sqlite3.connect(":memory:")
connection.execute("create table sums (name, price)")
for name, in connection.execute("select name || '.csv', replace(price, '.', ',') from sums"): print(open("data/" + name).read())
---
import matplotlib.pyplot as plt
import pandas as pd
for year in range(2000, 2020):
    table = pd.read_csv(f"data/{year}.csv", sep=".", na_values="..")
    plt.plot(table.x, table.y, ".", marker=".")
---
import re, sys
for name in sys.stdin:
    pairs = re.findall("..", name)
    print(open("data/" + name.strip()).read(), pairs)
---
import logging
logging.info("Loading...")
for line in open("list.txt"): print(open("data/" + line.strip()).read())
---
import threading
def show(number): print(open(f"data/{number}.txt").read())
threads = [threading.Thread(target=show, args=(number,)) for number in range(3)]
for thread in threads: thread.start()
---
import sys
for name in sys.stdin:
    if ".." in name or name.startswith("../"): raise ValueError(name)
    print(open("data/" + name.strip()).read())
---
import asyncio
state = {"n": 0, "last": "a"}
async def step():
    state["n"] += 1
    state["last"] = "b"
    print(open("data/" + state["last"]).read())
asyncio.run(step())
---
sieve = bytearray([1]) * 100
for number in range(2, 10): sieve[number * number :: number] = bytes(len(sieve[number * number :: number]))
print(open("data/primes.txt").read(), sum(sieve))
"""


@pytest.mark.parametrize("code", programs(PUT_AWAY))
def test_what_was_put_away_comes_back_in_a_path(code: str) -> None:
    assert not reads_in_workspace(code)


@pytest.mark.parametrize("code", programs(HARMLESS))
def test_names_that_are_found_stay_in_their_folder(code: str) -> None:
    assert reads_in_workspace(code)


@pytest.mark.parametrize("said", ["../x", "..", "a/../..", "select '../x'", "<a>../x</a>", ".", "./", "x\\..\\y", "'..' || '/x'"])
def test_a_step_up_is_one_wherever_it_stands(said: str) -> None:
    assert leads_up([UNKNOWN, Seq([Dict({"k": Union((Const(1), Const(said)))})])])
    assert leads_up([Text(("../", None))])
    assert leads_up([Dict({said: Const(1)})])


@pytest.mark.parametrize("said", ["Loading...", "a..b", "#..#\n..##", "1.5", "x.csv", "", "|| '.csv'"])
def test_dots_alone_are_none(said: str) -> None:
    assert not leads_up([Const(said), UNKNOWN])


def test_what_means_something_else_by_dots_gets_them() -> None:
    assert not leads_up([Const("."), Const("..")], pieces=False)
    assert leads_up([Const("../x")], pieces=False)


def test_methods_are_those_of_texts_and_containers() -> None:
    assert is_method("strip")
    assert is_method("most_common")
    assert not is_method("enter_result")


@pytest.mark.parametrize("code", ["x = '../x'", "f(b'..')", "@d\ndef f(): return '../x'", "f(help=g('../x'))", "x = a.replace('b', '../')"])
def test_a_step_up_that_is_written_down_may_come_into_any_path(code: str) -> None:
    assert says_steps(ast.parse(code))


@pytest.mark.parametrize(
    "code",
    [
        "'../x'",
        "if '../' in name or name in ('.', '..'): raise E",
        "x.startswith('../')",
        "re.findall('..', x)",
        "f(na_values='..')",
        "print('../x')",
    ],
)
def test_whoever_looks_for_a_step_up_makes_none(code: str) -> None:
    assert not says_steps(ast.parse(code))
