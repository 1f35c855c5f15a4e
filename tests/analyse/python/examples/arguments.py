"""Arguments of the command line: a program in the box has none, and gets the defaults."""

import argparse
import getopt
import os
import sys
from collections import namedtuple
from dataclasses import dataclass, field
from functools import reduce, singledispatch
from optparse import OptionParser
from pathlib import Path

import click
import typer

path = sys.argv[1] if len(sys.argv) > 1 else "data.csv"
open(path)  # fs.read File data.csv
open(Path(sys.argv[1]) if sys.argv[1:] else Path("b.csv"))  # fs.read File b.csv
open(sys.argv[1])  # fs.read Folder / ~
open(sys.argv[0])  # fs.read File program.py
for name in sys.argv[1:] or ["c.csv"]:
    open(name)  # fs.read File c.csv


def main(folder="docs"):
    return list(Path(folder).iterdir())  # fs.list Folder docs


main(*sys.argv[1:])

parser = argparse.ArgumentParser()
parser.add_argument("--in-file", "-i", type=Path, default="in.txt")
parser.add_argument("names", nargs="*", default=["n.txt"])
parser.add_argument("where")
parser.add_argument("--log", type=argparse.FileType("r"), default="x.log")  # fs.read File x.log
parser.add_argument("-v", action="store_true")
parser.set_defaults(extra="e.txt")
args = parser.parse_args()
args.in_file.read_text()  # fs.read File in.txt
open(args.names[0])  # fs.read File n.txt
open(args.extra)  # fs.read File e.txt
open(args.where)  # fs.read Folder / ~


@click.command()
@click.option("--path", "-p", default="click.txt", type=click.Path(path_type=Path))  # fs.list File click.txt
@click.option("--many", multiple=True)
@click.argument("given")
def command(path, many, given):
    path.read_text()  # fs.read File click.txt
    open(given)  # fs.read Folder / ~


command()


def run(path: Path = typer.Option("typer.txt"), other: Path = Path("other.txt")):
    path.read_text()  # fs.read File typer.txt
    other.open()  # fs.read File other.txt


typer.run(run)

option_parser = OptionParser()
option_parser.add_option("-f", "--file", dest="filename", default="opt.txt")
(given, rest) = option_parser.parse_args()
open(given.filename)  # fs.read File opt.txt
flags, names = getopt.getopt(sys.argv[1:], "f:")
open(names[0] if names else "get.txt")  # fs.read File get.txt


@dataclass
class Job:
    source: Path = field(default_factory=lambda: Path("job.txt"))
    other: str = "x"

    def __setattr__(self, name, value):
        super().__setattr__(name, "o.txt")


job = Job(**vars(parser.parse_args()))
job.source.read_text()  # fs.read File job.txt
job.other = "y"
open(job.other)  # fs.read File o.txt; fs.read File x; fs.read File y


class Parts:
    def __iter__(self):
        yield Path("part.txt")


for part in Parts():
    part.read_text()  # fs.read File part.txt

Entry = namedtuple("Entry", "path size", defaults=[0])
for entry in [Entry(found, 1) for found in Path("entries").iterdir()]:  # fs.list Folder entries
    entry.path.read_bytes()  # fs.read Folder entries ~


def load(name):
    return open(name).read()  # fs.read File pipe.txt


print(reduce(lambda value, step: step(value), [load, str.upper, len], "pipe.txt"))


@singledispatch
def show(value):
    return "a.txt"


@show.register
def _(value: str):
    return "b.txt"


open(show("x"))  # fs.read File a.txt; fs.read File b.txt
sorted(os.listdir("named"), key=lambda name: os.path.getmtime("named/" + name), reverse=True)  # fs.list Folder named; fs.list Folder named ~
