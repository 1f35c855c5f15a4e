"""Attributes by a name that comes from data: of what is surely an object of the program, and of nothing else."""

from __future__ import annotations

import pytest

from guard.analyse.python import analyse
from guard.model import Kind
from guard.path_rules import in_workspace
from tests.analyse.python.check import FACTS

MACHINE = """
class Machine:
    def __init__(self):
        self.total = 0
    def add(self, n):
        self.total += int(n)
    def sub(self, n):
        self.total -= int(n)
    def step(self, line):
        name, number = line.split()
        getattr(self, name)(number)

machine = Machine()
for line in open("program.txt"):
    machine.step(line)
print(machine.total)
"""
OUTSIDE = """
class Machine:
    def add(self, n):
        print(n)

machine = Machine()
for line in open("program.txt"):
    name, number = line.split()
    getattr(machine, name)(number)
"""


def parks(code: str) -> bool:
    return any(effect.kind is not Kind.FS_READ or not in_workspace(effect.resource.name, FACTS) for effect in analyse(code, FACTS))


@pytest.mark.parametrize("code", [MACHINE, OUTSIDE, MACHINE + "for self in range(3): print(self)\n"])
def test_a_machine_that_calls_its_own_methods_by_names_from_its_program_computes(code: str) -> None:
    assert not parks(code)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("        getattr(self, name)(number)", "        thing = getattr(self, name)\n        getattr(thing, number)"),
        ("        getattr(self, name)(number)", "        thing = getattr(self, name)\n        thing = getattr(self, name).__self__"),
        ("        self.total += int(n)", "        print(open(n).read())"),
        ("class Machine:", "from subprocess import Popen\nclass Machine(Popen):"),
        ("class Machine:", "@print\nclass Machine:"),
        ("class Machine:", "class Machine(metaclass=type):"),
        ("    machine.step(line)", "    Machine.step(line, line)"),
        ("    machine.step(line)", "    machine.step.__func__(line, line)"),
        ("    machine.step(line)", "    hash(line).step(line)"),
        ("    machine.step(line)", "    machine.step(line)\nstep = machine.step; step"),
        ("    def step(self, line):", "    @print\n    def step(self, line):"),
        ("        name, number", "        self = line\n        name, number"),
        ("        name, number", "        for self in [line]: pass\n        name, number"),
        (
            "        name, number",
            "        def turn():\n            nonlocal self\n            self = line\n        turn()\n        name, number",
        ),
        ("machine = Machine()", "machine = Machine()\nimport operator"),
    ],
)
def test_what_might_be_another_thing_is_not_followed(old: str, new: str) -> None:
    assert old in MACHINE
    assert parks(MACHINE.replace(old, new))


@pytest.mark.parametrize(
    "more", ["machine = open\n", "for machine in [Machine()]: pass\n", "def f(machine): pass\n", "class Machine: pass\n"]
)
def test_a_variable_counts_if_it_is_nothing_but_new_objects_of_the_class(more: str) -> None:
    assert parks(OUTSIDE + more)
