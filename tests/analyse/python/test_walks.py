"""What a program may do with the attributes of something unknown, before it counts as taking them out."""

from __future__ import annotations

import ast

import pytest

from guard.analyse import analyse
from guard.analyse.python import walks
from guard.model import Kind
from tests.analyse.python.check import FACTS


def _looked_at(code: str) -> bool:
    tree = ast.parse(code)
    taken = [one for one in ast.walk(tree) if isinstance(one, ast.Attribute) and one.attr == "__dict__"]
    return walks.only_looked_at(tree, taken[0])


@pytest.mark.parametrize(
    "code",
    [
        "print(x.__dict__)",
        "for name in x.__dict__: f(name)",
        "x.__dict__[name] = 1",
        "print(name in x.__dict__)",
        "f(sorted(x.__dict__))",
        "x.__dict__.update(a=1)",
        "', '.join(f'{k}={v!r}' for k, v in sorted(x.__dict__.items()))",
        "for k, v in x.__dict__.items(): print(k, v)",
        "import types\nx = types.SimpleNamespace(a=1)\nf(x.__dict__['a'])",
    ],
)
def test_names_and_texts_are_only_looked_at(code: str) -> None:
    assert _looked_at(code)


@pytest.mark.parametrize(
    "code",
    [
        "y = x.__dict__[name]",
        "import types\nx = types.SimpleNamespace(a=1)\nx = type(x)\nf(x.__dict__['a'])",
        "import types\nx = types.SimpleNamespace(a=1)\nfor x in y: f(x.__dict__['a'])",
        "import types\nx = types.SimpleNamespace(a=1)\ndef g(x): f(x.__dict__['a'])",
        "import other as types\nx = types.SimpleNamespace(a=1)\nf(x.__dict__['a'])",
        "import types\nx, y = types.SimpleNamespace(a=1)\nf(x.__dict__['a'])",
        "for k, v in x.__dict__.items(): v(x)",
        "for k, v in x.__dict__.items(): y.append(v)",
        "for pair in x.__dict__.items(): print(pair)",
        "print(x.__dict__ == y)",
        "print(y in x.__dict__ in z)",
        "def print(d): d.get('a')(x)\nprint(x.__dict__)",
        "f(**x.__dict__)",
        "sorted(x.__dict__.items(), key=f)",
    ],
)
def test_whoever_gets_a_value_takes_it_out(code: str) -> None:
    assert not _looked_at(code)


@pytest.mark.parametrize(
    "code",
    [
        "class D:\n def __get__(self, o, c=None): return o.__dict__[self.n]\n def __set__(self, o, v):\n"
        "  if v < 0: raise ValueError(f'{v} is below zero')\n  o.__dict__[self.n] = v",
        "def shown(x): return ', '.join(f'{k}={v!r}' for k, v in vars(x).items())\ndef made(cls, *a): return cls(*a)",
        "import inspect, sys\ndef test_a(): return 1\nfor n, f in inspect.getmembers(sys.modules[__name__], inspect.isfunction): f()",
        "from collections import namedtuple\nP = namedtuple('P', 'x y')\nprint({f: getattr(P(1, 2), f) for f in P._fields})",
        "def family(x): return [c.__name__ for c in type(x).__mro__]",
    ],
)
def test_looking_at_what_is_not_known_is_computing(code: str) -> None:
    assert {effect.kind for effect in analyse("python", code, FACTS).effects} <= {Kind.COMPUTE, Kind.ANSWER}


@pytest.mark.parametrize("handler", ["Exception as e", "(KeyError, AttributeError) as e", "kinds as e"])
def test_an_error_about_an_attribute_has_the_object(handler: str) -> None:
    assert walks.catches(ast.parse(f"try: x\nexcept {handler}: pass"))
    assert not walks.catches(ast.parse("try: x\nexcept (KeyError, ValueError) as e: pass"))


def test_methods_that_others_call_are_known_by_their_names() -> None:
    assert walks.hooks(ast.parse("class A:\n  def __repr__(self): pass"))
    assert not walks.hooks(ast.parse("class A:\n  def __init__(self): pass\n  def show(self): pass"))
