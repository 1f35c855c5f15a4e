"""Names that a program finds stay in the folder that they are put behind; texts that it makes in a way that is not followed may leave it."""

from __future__ import annotations

import pytest

from tests.analyse.python.check import programs, reads_in_workspace

FOUND = """
import os
for name in sorted(set(os.listdir("a")) - set(os.listdir("b"))): print(open("a/" + name).read())
---
for i in range(100): print(open(f"data/part{i}.csv").read())
---
i = 0
while i < 10:
    print(open(f"data/{i}.txt").read())
    i += 1
---
import datetime
d = datetime.date.today() - datetime.timedelta(days=1)
print(open(f"logs/{d.year}/{d.month:02}.log").read(), open("logs/" + d.strftime("%Y-%m-%d")).read())
---
import re
for m in re.finditer(r"\\((\\w+\\.md)\\)", open("index.md").read()): print(open("docs/" + m.group(1)).read())
---
import re
print(open("data/" + re.sub(r"\\W+", "-", "Hello World").lower()).read())
---
import itertools, os
for _, group in itertools.groupby(sorted(os.listdir("data")), key=lambda n: n[0]):
    for name in group: print(open("data/" + name).read())
---
import heapq, os
for name in heapq.nlargest(3, os.listdir("data"), key=len): print(open("data/" + name).read())
---
import os
for name in [x.replace(".txt", ".md") for x in os.listdir("data")]: print(open("data/" + name).read())
---
import os
for name in os.listdir("data"): print(open(f"meta/{name.rsplit('.', 1)[0]}.json").read())
---
import hashlib
print(open("cache/" + hashlib.md5(b"abc").hexdigest()).read())
---
import configparser
c = configparser.ConfigParser(); c.read("a.ini")
print(open("data/" + c["a"]["b"]).read())
---
import os
for x, y in dict(zip(os.listdir("a"), os.listdir("b"))).items(): print(open("a/" + x).read() == open("b/" + y).read())
---
import string
for letter in string.ascii_lowercase: print(open(f"data/{letter}.txt").read())
---
import os
print(open(f"data/{os.path.getsize('a') // 2}.txt").read())
---
from enum import Enum
class F(Enum):
    A = "a.txt"
    B = "b.txt"
for f in F: print(open("data/" + f.value).read())
"""

MADE = """
import html
print(open("data/" + html.unescape("&#46;&#46;/x")).read())
---
import html
print(open("data/" + html.unescape(input() + "&#46;&#46;/x")).read())
---
import re
print(open("data/" + re.sub("_", ".", open("x").read() + "__/x")).read())
---
import re
print(open("data/" + re.match("x(.*)", "x../../etc/passwd").group(1)).read())
---
print(open("data/" + "." * int(input()) + "/x").read())
---
n = 11822
print(open("data/" + n.to_bytes(2, "big").decode() + "/x").read())
---
import time
print(open("data/" + time.strftime("..") + "/x").read())
---
import random
print(open("data/" + random.Random(1).choice([".."]) + "/x").read())
---
import statistics
print(open("data/" + statistics.mode([".."]) + "/x").read())
---
import itertools
print(open("data/" + next(itertools.repeat("../x"))).read())
"""


@pytest.mark.parametrize("code", programs(FOUND))
def test_a_name_that_is_found_stays_in_its_folder(code: str) -> None:
    assert reads_in_workspace(code)


@pytest.mark.parametrize("code", programs(MADE))
def test_a_text_that_the_program_makes_unseen_may_go_up(code: str) -> None:
    assert not reads_in_workspace(code)
