"""What names, keys and strings stand for as they are written: escapes resolved, holes of arrays counted."""

from __future__ import annotations

from guard.analyse.javascript.syntax import Node, Tree


def name_of(tree: Tree, node: Node) -> str:
    """The text of a name, its `\\u` escapes resolved as the language does."""
    text = tree.text(node)
    return unescape(text) if "\\" in text else text


def unescape(text: str) -> str:
    """Resolve `\\uXXXX` and `\\u{…}` in an identifier, and `\\xXX` in one that stands in quotes."""
    out: list[str] = []
    at = 0
    while at < len(text):
        if text.startswith(("\\u", "\\x"), at):
            braced = text.startswith("{", at + 2)
            end = text.find("}", at) if braced else at + (6 if text[at + 1] == "u" else 4)
            digits = text[at + 3 : end] if braced else text[at + 2 : end]
            try:
                out.append(chr(int(digits, 16)))
            except (ValueError, OverflowError):
                return text
            at = end + 1 if braced else end
        else:
            out.append(text[at])
            at += 1
    return "".join(out)


def property_name(tree: Tree, node: Node) -> str | None:
    """The name of a plain property key, or None if it is computed."""
    if node.type in ("property_identifier", "private_property_identifier", "shorthand_property_identifier", "identifier", "number"):
        return name_of(tree, node)
    if node.type == "string" and len(node.kids) <= 1 and (not node.kids or node.kids[0].type == "string_fragment"):
        return tree.text(node.kids[0]) if node.kids else ""
    if node.type == "computed_property_name" and node.kids:
        return property_name(tree, node.kids[0]) if node.kids[0].type == "string" else None
    return None


def is_getter(tree: Tree, node: Node) -> bool:
    """Whether a method definition is `get name() {…}`."""
    name = node.field("name")
    return name is not None and b"get" in tree.source[node.start : name.start].split()


def is_accessor(tree: Tree, node: Node) -> bool:
    """Whether a method definition is `get name() {…}` or `set name(value) {…}`."""
    name = node.field("name")
    return name is not None and not {b"get", b"set"}.isdisjoint(tree.source[node.start : name.start].split())


def string_text(tree: Tree, node: Node | None) -> str:
    """The value of a string literal with its escapes resolved; "" for anything else."""
    if node is None or node.type != "string":
        return ""
    return "".join(fragment(tree, kid) for kid in node.kids)


_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0"}


def fragment(tree: Tree, node: Node) -> str:
    """The characters that one part of a string or template stands for."""
    text = tree.text(node)
    if node.type != "escape_sequence":
        return text
    body = text[1:]
    try:
        if body[:1] == "x":
            return chr(int(body[1:3], 16))
        if body[:1] == "u":
            return chr(int(body[2:-1] if body[1:2] == "{" else body[1:5], 16))
        if body[:1].isdigit() and body != "0":
            return chr(int(body, 8))
    except (ValueError, OverflowError):
        return text
    if body[:1] in ("\n", "\r", "\u2028", "\u2029"):
        return ""
    return _ESCAPES.get(body, body)


def places(tree: Tree, node: Node) -> list[int]:
    """The index of each element of an array or array pattern, of which some may be left out: `[, second]`."""
    found: list[int] = []
    at, end = 0, node.start
    for kid in node.kids:
        between = tree.source[end : kid.start]
        at += between.count(b",") if b"/" not in between else int(bool(found))  # a comment may hold commas
        found.append(at)
        end = kid.end
    return found


NUMBERS = frozenset({"-", "*", "/", "%", "**", "&", "|", "^", "<<", ">>", ">>>", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="})
"""Operators that give a number (or fail) whatever they are given."""


def is_number(tree: Tree, node: Node, depth: int = 0) -> bool:
    """Whether an expression is a number as it is written: `7`, `i++`, `a - b`, and a variable that is only ever given such values."""
    while node.type in ("parenthesized_expression", "non_null_expression") and node.kids:
        node = node.kids[0]
    if depth > 6 or node.type in ("number", "update_expression"):
        return depth <= 6
    operator = node.field("operator")
    sign = operator.type if operator is not None else ""
    if node.type == "unary_expression":
        return sign in ("-", "+", "~")
    if node.type in ("binary_expression", "augmented_assignment_expression"):
        sides = (node.fields["left"], node.fields["right"])
        return sign in NUMBERS or (sign in ("+", "+=") and all(is_number(tree, side, depth + 1) for side in sides))
    binding = node.scope.find(name_of(tree, node)) if node.type == "identifier" else None
    if binding is None or not binding.declared or not binding.definitions:
        return False
    return all(not one.path and _gives_number(tree, one.kind, one.node, depth) for one in binding.definitions)


def _gives_number(tree: Tree, kind: str, given: Node, depth: int) -> bool:
    """Whether one definition gives a variable a number: a value, `++`, or `+=` of one."""
    if kind == "augmented":
        sign = given.fields["operator"].type
        return sign in NUMBERS or (sign == "+=" and is_number(tree, given.fields["right"], depth + 1))
    return given.type == "update_expression" if kind == "unknown" else kind == "value" and is_number(tree, given, depth + 1)
