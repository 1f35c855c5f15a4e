"""A part of a path that a program makes of what it says itself, in a way that is not followed: steps up (`..`) may be in it.

What a program finds (in folders, in files, in what it is given) is a name where it is put into a path. `"data/" + Array(3).join(".")`
is none: nobody but who hides something has a reason to write it so.
"""

from __future__ import annotations

import re

from guard.analyse.javascript import library
from guard.analyse.javascript.evaluate import Evaluator
from guard.analyse.javascript.literals import fragment, name_of, string_text
from guard.analyse.javascript.scope import Definition
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
_CUTS = names("charAt at slice substr substring split match matchAll replace replaceAll filter join pop shift find")
_PARTS = names("slice substr substring")
_TEXTS = _PARTS | names(
    "String toString toFixed toPrecision toExponential toISOString toJSON toLocaleString toLocaleDateString toLocaleTimeString toUTCString "
    "stringify format trim replace replaceAll toUpperCase toLowerCase concat padStart padEnd repeat inspect encodeURIComponent"
)
_FRACTIONS = names(
    "Math.PI Math.E Math.LN2 Math.LN10 Math.LOG2E Math.LOG10E Math.SQRT2 Math.SQRT1_2 Number.EPSILON Number.MAX_VALUE Number.MIN_VALUE"
)
_SPLITS = frozenset({"binary_expression", "template_string", "ternary_expression"})


def climbs(ev: Evaluator, call: Node) -> bool:
    """Whether an argument of a call has such a part."""
    given = call.field("arguments")
    waiting, seen = list(given.kids) if given is not None else [], set[Node]()
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        values = ev.values(node)
        if all(isinstance(value, Constant) or (isinstance(value, Text) and value.complete) for value in values):
            continue
        if node.type == "identifier":
            definitions = _definitions(ev, node)
            if any(one.kind == "augmented" and not one.path and _adds_dots(ev, one.node) for one in definitions):
                return True
            waiting += [one.node for one in definitions if one.kind == "value" and not one.path]
            picked = [one.node for one in definitions if one.kind == "value" and one.path and _is_text(ev, one.node)]
            if any(_is_said(ev, one) for one in picked):
                return True  # `const [, letter] = String(1.5)`
        elif _makes_path(ev, node):
            waiting += node.fields["arguments"].kids
        elif node.type in TRANSPARENT or node.type in _SPLITS:
            waiting += node.kids
        elif node.type in ("call_expression", "subscript_expression") and _is_said(ev, node) and _may_be_dots(ev, node):
            return True
    return False


def _definitions(ev: Evaluator, name: Node) -> list[Definition]:
    binding = name.scope.find(name_of(ev.tree, name))
    return [] if binding is None else binding.definitions


def _adds_dots(ev: Evaluator, node: Node) -> bool:
    """`s += "."`"""
    added = node.field("right")
    return added is not None and any(isinstance(one, Text) and one.known and not one.known.strip("./") for one in ev.values(added))


def _makes_path(ev: Evaluator, node: Node) -> bool:
    function = node.field("function") if node.type == "call_expression" else None
    made = ev.values(function) if function is not None else ()
    return any(isinstance(value, Ref) and value.name.startswith("path.") and value.name != "path.relative" for value in made)


def _is_said(ev: Evaluator, whole: Node) -> bool:
    """Whether all that something is made of stands in the text: no parameter, no variable that changes, nothing that is read."""
    waiting, seen = [whole], set[Node]()
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        if node.type in ("this", "import", "await_expression"):
            return False
        if node.type not in ("identifier", "shorthand_property_identifier"):
            waiting += node.kids
            continue
        values, definitions = ev.values(node), _definitions(ev, node)
        if not definitions or all(isinstance(value, Ref) for value in values):
            if not all(isinstance(value, Ref) and library.is_pure(value.name) for value in values):
                return False
        elif any(isinstance(value, (Array, Object)) and value.open for value in values):
            return False  # it is filled later on
        elif len(definitions) > 1 or (definitions[0].node not in seen and (definitions[0].kind != "value" or definitions[0].path)):
            return False
        else:
            waiting.append(definitions[0].node)  # or a function in `whole` whose parameter it is
    return True


def _may_be_dots(ev: Evaluator, node: Node) -> bool:
    return _is_letter(ev, node) or _has_dots(ev, node, numbers=_cuts(ev, node))


def _is_letter(ev: Evaluator, node: Node) -> bool:
    """Whether one letter is picked of a text that is worked out, by its place: `String(0.5)[1]`."""
    if node.type == "subscript_expression":
        return _is_place(ev, node.fields["index"]) and _is_text(ev, node.fields["object"])
    function, given = node.fields["function"], node.fields["arguments"].kids
    if function.type != "member_expression" or not given or not all(_is_place(ev, kid) for kid in given):
        return False
    name = name_of(ev.tree, function.fields["property"])
    places = [value.value for kid in given for value in ev.values(kid)[:1] if isinstance(value, Constant)]
    one = len(places) > 1 and places[1] == (1 if name == "substr" else (places[0] or 0) + 1)
    return (name in ("charAt", "at") or (name in _PARTS and one)) and _is_text(ev, function.fields["object"])


def _is_place(ev: Evaluator, index: Node) -> bool:
    return all(isinstance(value, Constant) and isinstance(value.value, float) for value in ev.values(index))


def _is_text(ev: Evaluator, node: Node) -> bool:
    """Whether something is a text, by what makes it, in which there may be a dot."""
    for _ in range(8):
        known = [value.known for value in ev.values(node) if isinstance(value, Text) and value.complete]
        if known:
            return any("." in one for one in known)
        if node.type == "identifier":
            definitions = _definitions(ev, node)
            if len(definitions) != 1 or definitions[0].kind != "value" or definitions[0].path:
                return False
            node = definitions[0].node
        elif (node.type in TRANSPARENT or node.type == "array") and node.kids:
            node = node.kids[0]
        else:
            break
    if node.type == "call_expression":
        function = node.fields["function"]
        name = name_of(ev.tree, function.fields["property"]) if function.type == "member_expression" else name_of(ev.tree, function)
        return name in _TEXTS
    return node.type == "template_string" or (node.type == "binary_expression" and node.fields["operator"].type == "+")


def _cuts(ev: Evaluator, node: Node) -> bool:
    """Whether parts are taken of something: `String(0.5).replace(/\\d/g, "")`."""
    while node.type in ("call_expression", "subscript_expression", "member_expression"):
        function = node.field("function")
        if node.type == "subscript_expression" or (function is not None and function.type != "member_expression"):
            return node.type == "subscript_expression"
        if function is not None and name_of(ev.tree, function.fields["property"]) in _CUTS:
            return True
        node = (function or node).fields["object"]
    return False


def _is_fraction(ev: Evaluator, node: Node) -> bool:
    """Whether the text of a number has a dot in it."""
    if node.type == "number":
        return re.fullmatch(r"\d*\.\d*[1-9]\d*(?:e.*)?", ev.tree.text(node)) is not None
    if node.type == "binary_expression" and node.fields["operator"].type == "/":
        return all(kid.type == "number" for kid in node.kids if kid is not node.fields["operator"])
    return node.type == "member_expression" and any(isinstance(value, Ref) and value.name in _FRACTIONS for value in ev.values(node))


def _has_dots(ev: Evaluator, whole: Node, *, numbers: bool = False) -> bool:
    """Whether something may be made of dots: a text of dots is in it, or a call that makes other texts of texts. `numbers`: those, too."""
    waiting, seen = [whole], set[Node]()
    while waiting:
        node = waiting.pop()
        if node in seen:
            continue
        seen.add(node)
        said = string_text(ev.tree, node) if node.type == "string" else fragment(ev.tree, node) if node.type == "string_fragment" else ""
        if _DOTS.search(said) or _decodes(ev, node) or (numbers and _is_fraction(ev, node)):
            return True
        if node.type == "identifier":
            waiting += [one.node for one in _definitions(ev, node) if one.kind == "value"]
        waiting += _made_of(ev, node)
    return False


def _decodes(ev: Evaluator, node: Node) -> bool:
    maker = node.field("function") or node.field("constructor")
    return maker is not None and any(isinstance(value, Ref) and value.name in _DECODES for value in ev.values(maker))


def _made_of(ev: Evaluator, node: Node) -> list[Node]:
    """What of a node gets into its text: not what a method only looks for."""
    asked, given = node.field("function"), node.field("arguments")
    if asked is None or given is None or asked.type != "member_expression":
        return node.kids
    name = name_of(ev.tree, asked.fields["property"])
    return [asked, *(() if name in _ASKED else given.kids[1:] if name in ("replace", "replaceAll") else given.kids)]
