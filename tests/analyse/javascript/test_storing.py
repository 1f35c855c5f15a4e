"""Functions that store into what they are given, however they are called."""

from __future__ import annotations

import pytest

from guard.analyse.javascript import storing, syntax

TAKEN = """\
const f = Object.assign;
[Object.assign][0](o, x);
Object.assign.bind(null, o)(x);
Object.assign.call(null, o, x);
(0, Object.assign)(o, x);
const { assign: f } = Object;
const { keys, ...others } = Object;
const O = Object;
library(Object);
class X extends Object {}
const o = Object["as" + name];
const f = Object.constructor;
""".splitlines()

NAMED = """\
Object.assign(o, x);
Object.keys(o).map(f);
const f = Object.keys;
const { keys, values } = Object;
if (o instanceof Object || o.constructor === Object) f();
Object(o);
""".splitlines()


def taken(code: str) -> bool:
    tree = syntax.parse(code, ("javascript",))
    assert tree is not None
    todo, found = [tree.root], []
    while todo:
        node = todo.pop()
        todo.extend(node.kids)
        found += [node] if node.type == "identifier" and tree.text(node) == "Object" else []
    return any(storing.is_taken(tree, node) for node in found)


@pytest.mark.parametrize("code", TAKEN)
def test_a_function_that_stores_is_taken(code: str) -> None:
    assert taken(code)


@pytest.mark.parametrize("code", NAMED)
def test_what_only_looks_or_is_called_on_the_spot_is_not(code: str) -> None:
    assert not taken(code)


def test_functions_of_libraries_are_known_by_their_last_name() -> None:
    assert all(storing.stores(name) for name in ("assign", "lodash/merge", "lodash.set", "defaultsDeep"))
    assert not any(storing.stores(name) for name in ("lodash", "keys", "setup"))
