"""Methods that somebody else calls: they count with whatever they may be given, and with what they may change before it is looked at."""

from __future__ import annotations

import pytest

from tests.analyse.python.check import programs, reads_in_workspace

UNSEEN = """
class A:
    path = "data.txt"
    def __eq__(self, other): self.path = "/etc/passwd"
a = A()
1 in [a]
print(open(a.path).read())
---
path = "data.txt"
class A:
    def __lt__(self, other):
        global path
        path = "/etc/passwd"
a, path = A(), "data.txt"
sorted([a, A()])
print(open(path).read())
---
conf = {"p": "data.txt"}
class A:
    def __len__(self):
        conf["p"] = "/etc/passwd"
        return 1
a = A()
conf["p"] = "data.txt"
len(a)
print(open(conf["p"]).read())
---
conf = {"p": "data.txt"}
class A:
    path = "data.txt"
    def __eq__(self, other): self.path = conf["p"]
a = A()
conf["p"] = "/etc/passwd"
1 in [a]
print(open(a.path).read())
---
import cmd
class C(cmd.Cmd):
    def do_read(self, name): print(open(name).read())
C().do_read("data.txt")
C().onecmd("read /etc/passwd")
---
def read(path): return open(path).read()
read("data.txt")
class A:
    def __eq__(self, other): print(other("/etc/passwd"))
read in [A()]
---
def read(path): return open(path).read()
read("data.txt")
class M(type):
    def __instancecheck__(cls, one): print(one("/etc/passwd"))
class A(metaclass=M): pass
isinstance(read, A)
---
def read(path): return open(path).read()
read("data.txt")
class A:
    def __gt__(self, other): print(other("/etc/passwd"))
sorted([read, A()])
"""

HARMLESS = """
from html.parser import HTMLParser
class Titles(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []
    def handle_data(self, text): self.found.append(text)
for page in ["a.html", "b.html"]:
    titles = Titles()
    titles.feed(open(page).read())
    print(titles.found)
---
class Store:
    def __init__(self, root): self.root = root
    def __getitem__(self, name): return open(f"{self.root}/{name}.txt").read()
    def __call__(self, name): return self[name]
    def __iter__(self): return iter(["a", "b"])
store = Store("data")
print([store[name] for name in store], store("a"))
---
import threading
class Reader(threading.Thread):
    def __init__(self, name):
        super().__init__()
        self.path = "data/" + name
    def run(self): self.text = open(self.path).read()
reader = Reader("a")
reader.start()
reader.join()
print(reader.text)
---
class Rule:
    def __init__(self, text): self.text = text
    def __or__(self, other): return Rule(self.text + "|" + other.text)
rules = [Rule(line) for line in open("rules.txt")]
print((rules[0] | rules[1]).text)
---
class Chain:
    def __init__(self, inner): self.inner = inner
    def __getattr__(self, name): return Chain(getattr(self.inner, name))
print(Chain(open("a").read()).real.imag)
"""


@pytest.mark.parametrize("code", programs(UNSEEN))
def test_what_is_called_unseen_counts(code: str) -> None:
    assert not reads_in_workspace(code)


@pytest.mark.parametrize("code", programs(HARMLESS))
def test_harmless_methods_park_nothing(code: str) -> None:
    assert reads_in_workspace(code)
