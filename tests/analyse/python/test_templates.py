"""A template goes through attributes and items of what it is given, and what stands there is looked at as if the program did."""

from __future__ import annotations

import pytest

from guard.analyse import analyse
from guard.model import Kind
from tests.analyse.python.check import FACTS, programs

WALKS = """
import json
print("{0.codecs.sys.modules[os].environ}".format(json))
---
import random
print("{r._os.environ}".format(r=random))
---
import os
print("{.environ[HOME]}".format(os))
---
import os
print("{os.environ[HOME]}".format(**globals()))
---
print("{a.gi_frame.f_globals}".format_map({"a": (x for x in ())}))
---
print(("{0.gi_" + "frame.f_builtins}").format(x for x in ()))
---
def f(): pass
print(input().format(f))
---
import string, os
print(string.Formatter().format("{0.environ}", os))
---
import string, os
print(string.Formatter().vformat("{a.environ}", (), {"a": os}))
---
class A:
    @property
    def secret(self): return open("/etc/passwd").read()
print("{0.secret}".format(A()))
"""

PLAIN = """
class Point:
    x = y = 1
print("{0.x:>5} {0.y!r} {1[name]} {1[0]}".format(Point(), {"name": 1}))
---
import datetime
print("{:%Y}-{d.month}".format(datetime.date.today(), d=datetime.date.today()))
---
print(input().format(name="a", number=1))
---
import sys
print("{0.major}.{0.minor}".format(sys.version_info))
---
print("{{{0}}} {}".format(1) if input() else "{a[b]}".format_map({"a": {"b": 1}}))
"""


@pytest.mark.parametrize("code", programs(WALKS))
def test_a_template_that_walks_is_seen(code: str) -> None:
    assert {effect.kind for effect in analyse("python", code, FACTS).effects} - {Kind.COMPUTE, Kind.ANSWER}


@pytest.mark.parametrize("code", programs(PLAIN))
def test_a_template_that_shows_things_computes(code: str) -> None:
    assert {effect.kind for effect in analyse("python", code, FACTS).effects} <= {Kind.COMPUTE, Kind.ANSWER}
