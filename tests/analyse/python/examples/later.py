# ruff: noqa
# fmt: off
import argparse
import heapq
import multiprocessing
import operator
import os
import pwd
import queue
import string
import tokenize
import types
import unittest.mock
import xml.sax
from pathlib import Path

import jinja2
import sympy


class Loader:
    def __init__(self, path):
        self.path = path

    def lines(self):
        return open(self.path).readlines()  # fs.read File a.txt; fs.read File /etc/hostname


Loader("a.txt").lines()
Loader("/etc/hostname").lines()


def first(names):
    return open(names[0][0]).readline()  # fs.read File b.txt; fs.read File /etc/hosts


first([["b.txt"]])
first([["/etc/hosts"]])

options = {"mode": "r"}


def use():
    return open("c.txt", options["mode"])  # fs.read File c.txt; fs.write File c.txt


use()
options["mode"] = "w"
use()

mode = "r"
for turn in range(3):
    open("d.txt", mode)  # fs.read File d.txt; fs.write File d.txt
    mode = "w"

climbing = Path("a")
for part in [".."] * 9:
    climbing = climbing / part
climbing.read_text()  # fs.read File /

heap = []
heapq.heappush(heap, (1, open))
heapq.heappop(heap)[1]("x.bin", "w")  # fs.write File x.bin

waiting = queue.Queue()
waiting.put(Path("a"))
waiting.get().touch()  # fs.create File a

match (1, (2, os.remove)):
    case (_, (_, remove)):
        remove("e.txt")  # fs.delete File e.txt

operator.methodcaller("system", "id")(__import__("os"))  # opaque; proc.exec Program id
string.Formatter().format("{0.__init__.__globals__}", Loader)  # opaque
jinja2.Template("{{ ''.__class__.__mro__ }}").render()  # opaque
sympy.lambdify([], "__import__('os').system('id')")  # opaque
unittest.mock._importer("os")  # opaque
tokenize._builtin_open("x.bin", "w")  # opaque
pwd.getpwall()  # fs.read File /etc/passwd
xml.sax.parse("http://example.com/x.xml", None)  # http.get Endpoint example.com:80
multiprocessing.Manager()  # proc.exec Program python
isinstance(use, types.FunctionType)
argparse.FileType("w")  # fs.read Folder / ~; fs.write Folder / ~
