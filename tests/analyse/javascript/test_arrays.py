"""What stands where in an array: a path is taken for the one that the program reads, or for any of them, never for its neighbour."""

from __future__ import annotations

import pytest

from guard.analyse.javascript.values import HOLE, Array, Text, text
from tests.analyse.javascript.check import effects_of
from tests.analyse.javascript.test_evaluate import value_of

ELSEWHERE = """\
const xs = ["a.txt", "/etc/passwd", ...JSON.parse(x)]; const [f] = xs.slice(1); Deno.readTextFile(f)
Deno.readTextFile(["a.txt", "/etc/passwd"].filter((x) => x.startsWith("/"))[0])
Deno.readTextFile(["b.txt", "/etc/passwd"].sort()[0])
Deno.readTextFile(["b.txt", "/etc/passwd"].toSorted()[0])
const [f] = ["b.txt", "/etc/passwd"].filter(Boolean).sort(); Deno.readTextFile(f)
Deno.readTextFile([["a.txt"], ["/etc/passwd"]].flat()[1])
Deno.readTextFile(["a.txt"].concat("/etc/passwd")[1])
Deno.readTextFile(["a.txt", ...JSON.parse(x), "b.txt"][1])
Deno.readTextFile(["a.txt"].concat(JSON.parse(x), "b.txt")[1])
const more = JSON.parse(x); Deno.readTextFile([...more, "b.txt"].reverse()[1])
Deno.readTextFile(Array.from(["a.txt", "/etc/passwd"], (x) => "/etc/" + x)[0])
Deno.readTextFile(await Promise.race(["a.txt", "/etc/passwd"]))
Deno.readTextFile(await Promise.any(["a.txt", "/etc/passwd"]))
Deno.readTextFile([undefined, "etc", "passwd"].join("/"))
Deno.readTextFile([null, "/etc/passwd"].join(""))
Deno.readTextFile(String([null, "/etc/passwd"]).slice(1))
const [f] = Object.values({ b: "b.txt", 1: "/etc/passwd" }); Deno.readTextFile(f)
const [[f]] = Object.entries({ b: 1, ...JSON.parse(x) }); Deno.readTextFile(f)
Deno.readTextFile(["a", "/etc/passwd"].find((x) => x))
const l = ["a"]; l.push("/etc/passwd"); Deno.readTextFile(l.find((x) => x))
const l = ["a"]; h(l); function h(z) { z.unshift("/etc/passwd") } Deno.readTextFile(l.find((x) => x))
const l = ["a"]; l.find = () => "/etc/passwd"; Deno.readTextFile(l.find((x) => x))
""".splitlines()

INSIDE = """\
Deno.readTextFile(["a.txt", "b.txt"].find((f) => f.length > 3))
for (const f of ["b.txt", "a.txt"].filter(Boolean).sort()) Deno.readTextFile(f)
const xs = ["a.txt", ...["b.txt"], "c.txt"]; Deno.readTextFile(xs[2])
Deno.readTextFile(["x.txt", "/etc/passwd"].slice(0, 1)[0])
""".splitlines()


def names(program: str) -> set[str]:
    return {effect.resource.name for effect in effects_of(program)}


@pytest.mark.parametrize("program", ELSEWHERE)
def test_a_path_in_another_place_is_not_overlooked(program: str) -> None:
    assert names(program) & {"", "/", "/etc", "/etc/passwd", "/etc/etc/passwd"}


@pytest.mark.parametrize("program", INSIDE)
def test_paths_of_a_known_array_are_known(program: str) -> None:
    assert {name.startswith("/home/dev/project/") for name in names(program)} == {True}


def test_only_what_stands_before_an_unknown_part_has_a_place() -> None:
    assert value_of("['a', ...q, 'b']") == (Array(((text("a"),),), True, (*value_of("q"), text("b"))),)
    assert value_of("['a', ...['b'], 'c'][2]") == (text("c"),)
    assert value_of("['a', 'b', ...q].slice(1)[0]") == (text("b"),)


def test_an_array_is_joined_as_the_language_does() -> None:
    assert value_of("[null, 'a', undefined, 'b'].join('-')") == (text("-a--b"),)
    assert value_of("['a', ...q].join('-')") == (HOLE,)
    assert value_of("Array.from(q, (x) => 'f/' + x)[0]") == (Text(("f/", None)),)
