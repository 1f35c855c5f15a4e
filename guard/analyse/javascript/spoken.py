"""A part of a path that a program makes of what it says itself, in a way that is not followed: steps up (`..`) may be in it.

What a program finds (in folders, in files, in what it is given) is a name where it is put into a path. `"data/" + Array(3).join(".")`
is none: nobody but who hides something has a reason to write it so.
"""

from __future__ import annotations

import re

from guard.analyse.javascript import library
from guard.analyse.javascript.evaluate import Evaluator
from guard.analyse.javascript.literals import fragment, name_of, string_text
from guard.analyse.javascript.scope import FUNCTIONS
from guard.analyse.javascript.syntax import TRANSPARENT, Node
from guard.analyse.javascript.tables import names
from guard.analyse.javascript.values import Array, Constant, Object, Ref, Text

_DOTS = re.compile(r"\.|[^\x00-\x7f]|%2e|(?:x|u00|u\{)2e", re.IGNORECASE)
"""What is a dot, or becomes one."""
_ASKED = names("split indexOf lastIndexOf includes startsWith endsWith match matchAll search localeCompare")
"""Methods of text whose argument is only looked for."""
_DECODES = names(
    "String.fromCharCode String.fromCodePoint TextDecoder atob Buffer.from decodeURIComponent decodeURI unescape path.relative"
)
_SPLITS = frozenset({"binary_expression", "template_string", "ternary_expression"})
_DEEPEST = 12


def climbs(ev: Evaluator, call: Node) -> bool:
    """Whether an argument of a call has such a part."""
    given = call.field("arguments")
    return given is not None and any(_has_part(ev, kid, 0) for kid in given.kids)


def _has_part(ev: Evaluator, node: Node, depth: int) -> bool:
    while node.type in TRANSPARENT and node.kids:
        node = node.kids[0]
    values = ev.values(node)
    if depth > _DEEPEST or all(isinstance(value, Constant) or (isinstance(value, Text) and value.complete) for value in values):
        return False
    if node.type == "identifier":
        binding = node.scope.find(name_of(ev.tree, node))
        definitions = [] if binding is None else [one for one in binding.definitions if not one.path]
        if any(one.kind == "augmented" and _adds_dots(ev, one.node) for one in definitions):
            return True
        return any(one.kind == "value" and _has_part(ev, one.node, depth + 1) for one in definitions)
    if node.type in _SPLITS or _makes_path(ev, node):
        parts = node.fields["arguments"].kids if node.type == "call_expression" else node.kids
        return any(_has_part(ev, kid, depth + 1) for kid in parts)
    return node.type in ("call_expression", "subscript_expression") and _is_said(ev, node, node, depth) and _has_dots(ev, node, depth)


def _adds_dots(ev: Evaluator, node: Node) -> bool:
    """`s += "."`"""
    added = node.field("right")
    return added is not None and any(isinstance(one, Text) and one.known and not one.known.strip("./") for one in ev.values(added))


def _makes_path(ev: Evaluator, node: Node) -> bool:
    function = node.field("function") if node.type == "call_expression" else None
    made = ev.values(function) if function is not None else ()
    return any(isinstance(value, Ref) and value.name.startswith("path.") and value.name != "path.relative" for value in made)


def _is_said(ev: Evaluator, node: Node, whole: Node, depth: int) -> bool:
    """Whether all that something is made of stands in the text: no parameter, no variable that changes, nothing that is read."""
    if node.type in ("identifier", "shorthand_property_identifier"):
        binding = node.scope.find(name_of(ev.tree, node))
        values = ev.values(node)
        if binding is None or all(isinstance(value, Ref) for value in values):
            return all(isinstance(value, Ref) and library.is_pure(value.name) for value in values)
        if any(isinstance(value, (Array, Object)) and value.open for value in values):
            return False  # it is filled later on
        one = binding.definitions[0] if len(binding.definitions) == 1 else None
        if one is None or one.path or depth > _DEEPEST:
            return one is not None and _is_inside(one.node, whole)
        if one.kind == "value":
            return _is_inside(one.node, whole) or _is_said(ev, one.node, one.node, depth + 1)
        return _is_inside(one.node, whole)
    if node.type in ("this", "import", "await_expression"):
        return False
    return all(_is_said(ev, kid, whole, depth) for kid in node.kids)


def _is_inside(node: Node, whole: Node) -> bool:
    """Whether a function whose parameter is meant stands in what is looked at."""
    return node.type in FUNCTIONS and whole.start <= node.start and node.end <= whole.end


def _has_dots(ev: Evaluator, node: Node, depth: int) -> bool:
    if node.type == "string":
        return _DOTS.search(string_text(ev.tree, node)) is not None
    if node.type == "string_fragment":
        return _DOTS.search(fragment(ev.tree, node)) is not None
    if node.type == "identifier":
        binding = node.scope.find(name_of(ev.tree, node))
        made = [one.node for one in binding.definitions if one.kind == "value"] if binding is not None and depth <= _DEEPEST else []
        return any(_has_dots(ev, one, depth + 1) for one in made)
    kids = node.kids
    maker = node.field("function") or node.field("constructor")
    if maker is not None:
        if any(isinstance(value, Ref) and value.name in _DECODES for value in ev.values(maker)):
            return True
        given = node.fields["arguments"].kids if "arguments" in node.fields else []
        asked = name_of(ev.tree, maker.fields["property"]) if maker.type == "member_expression" else ""
        kids = [maker, *(() if asked in _ASKED else given[1:] if asked in ("replace", "replaceAll") else given)]
    return any(_has_dots(ev, kid, depth) for kid in kids)
