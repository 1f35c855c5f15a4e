"""The form in which a server splices the text into its own program: what is analysed must be what will run.

The text goes on byte for byte; this module only decides whether it is of the form, and where its code is. Positions are kept: what is
stripped (fences) becomes blanks.
"""

from __future__ import annotations

import re

from guard.analyse.javascript.literals import name_of
from guard.analyse.javascript.syntax import Node, Tree
from guard.analyse.profile import Form

FENCED = re.compile(r"^```(?:js|javascript|typescript|ts|tsx|jsx)?\s*\n([\s\S]*?)```\s*$")
"""As @cloudflare/codemode strips it (normalize.ts): anchored at both ends of the trimmed text."""


def code_of(code: str, form: Form | None) -> str:
    """The text to parse: fences that the server (or, in our own box, a model) puts around it are blanked."""
    if form not in (Form.NORMALISED, None):
        return code
    lead = len(code) - len(code.lstrip())
    found = FENCED.match(code.strip())
    if found is None:
        return code
    start, end = lead + found.start(1), lead + found.end(1)
    return _blank(code[:start]) + code[start:end] + _blank(code[end:])


def _blank(text: str) -> str:
    return "".join(c if c == "\n" else " " for c in text)


def mismatch(tree: Tree, form: Form | None) -> str:
    """Why the text is not exactly of the form; "" if it is."""
    if form is Form.ARROW:
        return _not_one_function(tree)
    if form is Form.RUN and not _defines_run(tree):
        return "does not define `run`, which the server calls"
    return ""


def _not_one_function(tree: Tree) -> str:
    why = "is not exactly one function expression, so the server would splice it into something else"
    if tree.errors or len(tree.root.kids) != 1:
        return why
    node = tree.root.kids[0]
    if node.type == "expression_statement" and len(node.kids) == 1:
        inner = node.kids[0]
        if inner.type not in ("arrow_function", "function_expression", "generator_function"):
            return why
        node = inner if tree.source[inner.end : node.end].strip() == b"" else node
    elif node.type not in ("function_declaration", "generator_function_declaration"):
        return why
    if node.type == "expression_statement" or tree.source[node.end :].strip():
        return why + " (text after the function)"
    return ""


def _defines_run(tree: Tree) -> bool:
    for statement in tree.root.kids:
        declared = statement.field("declaration") or statement
        name = declared.field("name")
        if name is not None and name_of(tree, name) == "run":
            return True
        for kid in declared.kids:
            inner = kid.field("name") if kid.type == "variable_declarator" else None
            if inner is not None and name_of(tree, inner) == "run":
                return True
    return False


def is_run(tree: Tree, function: Node) -> bool:
    """Whether a function is the `run` that the server calls with its client."""
    name = function.field("name")
    above = function.parent
    if name is None and above is not None and above.type == "variable_declarator":
        name = above.field("name")
    return name is not None and name_of(tree, name) == "run"
