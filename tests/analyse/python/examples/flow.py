# ruff: noqa
# fmt: off
# How values are followed to where they are used.
import os
import os as operating
from contextlib import contextmanager
from functools import partial
from pathlib import Path

NAME = "data" + "/" + "{}.txt"
open(NAME.format("a"))  # fs.read File data/a.txt
open("data/%s.txt" % "b")  # fs.read File data/b.txt
open(f"data/{'c'}.txt")  # fs.read File data/c.txt
open(f"data/{input()}.txt")  # fs.read Folder data ~
open("".join(["d", ".", "txt"]))  # fs.read File d.txt
open("d-d".replace("d", "e", 1))  # fs.read File e-d
open(bytes.fromhex("61").decode())  # fs.read File a
open(chr(97) + chr(98))  # fs.read File ab
open(input() + ".txt")  # fs.read Folder / ~
def remove(p, how=os.remove):
    how(p)  # fs.delete File x; fs.delete File y
remove("x")
remove(p="y")
class Store:
    base = "store"
    def __init__(self, name):
        self.path = Path(self.base) / name
    def drop(self):
        self.path.unlink()  # fs.delete File store/z
Store("z").drop()
kill = operating.remove
kill("k")  # fs.delete File k
{"go": os.remove}["go"]("m")  # fs.delete File m
[os.remove][0]("n")  # fs.delete File n
(lambda f: f("o"))(os.remove)  # fs.delete File o
partial(os.remove, "p")()  # fs.delete File p
for one in ("q", "r"):
    os.remove(one)  # fs.delete File q; fs.delete File r
while True:
    os.remove("s")  # fs.delete File s
    break
[os.remove(one) for one in ["t"]]  # fs.delete File t
list(map(os.remove, ["u"]))  # fs.delete File u
@contextmanager
def opened(p):
    yield open(p)  # fs.read File v
with opened("v") as h:
    h.read()
def never_called(folder):
    os.rmdir(folder)  # fs.delete Folder / ~
def unused(folder="w"):
    os.rmdir(folder)  # fs.delete Folder w
if input():
    target = "one"
else:
    target = "two"
os.remove(target)  # fs.delete File one; fs.delete File two
print(os.remove)  # fs.delete Folder / ~
def delete(thing):
    thing.delete()
    thing.remove("x")
    thing.get("y")
class Tree:
    def insert(self, key): ...
    def delete(self, key): ...
Tree().delete(1)
