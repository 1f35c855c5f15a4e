# ruff: noqa
# fmt: off
import heapq
import itertools
import operator
from dataclasses import dataclass, field
from pathlib import Path
from xml.dom import minidom

import more_itertools
import natsort
from rich.progress import Progress, track
from tqdm.auto import tqdm

found = sorted(Path("a").iterdir())  # fs.list Folder a

for p in heapq.nsmallest(3, found, key=str):
    p.read_text()  # fs.read Folder a ~

for p in itertools.takewhile(str, found):
    p.read_text()  # fs.read Folder a ~

for one, two in itertools.pairwise(found):
    two.read_text()  # fs.read Folder a ~

for several in itertools.batched(found, 5):
    for p in several:
        p.unlink()  # fs.delete Folder a ~

for several in more_itertools.chunked(found, 5):
    for p in several:
        p.read_text()  # fs.read Folder a ~

for suffix, group in itertools.groupby(found, key=lambda p: p.suffix):
    for p in group:
        p.read_text()  # fs.read Folder a ~

for p in natsort.natsorted(found):
    p.read_text()  # fs.read Folder a ~

for p in track(found, description="reads"):
    p.read_text()  # fs.read Folder a ~

for p in tqdm(found):
    p.read_text()  # fs.read Folder a ~

with Progress() as bar:
    for p in bar.track(found):
        p.read_text()  # fs.read Folder a ~


@dataclass(order=True)
class Entry:
    size: int
    path: Path = field(compare=False)


for entry in sorted(Entry(1, p) for p in found):
    entry.path.read_text()  # fs.read Folder a ~

operator.attrgetter("path")(Entry(1, Path("c.txt"))).read_text()  # fs.read File c.txt; fs.read Folder a ~

paths = dict(zip(["a", "b"], ["e.txt", "f.txt"]))
open(paths["a"])  # fs.read File e.txt; fs.read File f.txt
open(dict([("a", "e.txt"), ("b", "f.txt")])["b"])  # fs.read File f.txt

document = minidom.parse("d.xml")  # fs.read File d.xml
document.documentElement.tagName
document.unlink()
