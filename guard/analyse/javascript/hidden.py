"""Whether what a program asks of a name of a file is whether it is hidden: by an order (`name < "0"`) or a pattern (`/^\\W/`)."""

from __future__ import annotations

import re

from guard.analyse.javascript.literals import name_of
from guard.analyse.javascript.report import Report
from guard.analyse.javascript.syntax import TRANSPARENT, Node
from guard.analyse.javascript.tables import names
from guard.analyse.javascript.values import Constant, Ref, Text, Values, texts

HIDDEN = (".env", ".xyz")
PLAIN = ("a", "src", "test", "main.c", "index.js", "a.md", "README", "data.csv", "Makefile", "lib_x.py", "img-1.png", "xyz", "env")
LONGEST = 200
"""Longer patterns are not tried."""
ORDERS = {"<": False, "<=": False, ">": True, ">=": True}
"""Operator -> whether what is greater is asked for."""
FIRSTS = names("shift at")
SORTING = names("sort toSorted")
_PROPERTY = re.compile(r"\\([pP])\{(?:[\w]+=)?(\w+)\}")


def asks(pattern: str, flags: str) -> bool | None:
    """Whether a regular expression tells hidden names from others: True where it matches those, False where it matches the others."""
    if len(pattern) > LONGEST:
        return None
    try:
        tried = re.compile(_PROPERTY.sub(_letters, pattern).replace("(?<", "(?P<").replace("(?P<=", "(?<=").replace("(?P<!", "(?<!"),
                           re.IGNORECASE if "i" in flags else 0)  # fmt: skip
    except (re.error, RecursionError, OverflowError):
        return None
    hidden = [tried.search(name) is not None for name in HIDDEN]
    plain = [tried.search(name) is not None for name in PLAIN]
    if all(hidden) and not any(plain):
        return True
    return False if all(plain) and not any(hidden) else None


def _letters(found: re.Match[str]) -> str:
    letter = found[2][0] in "LNA"
    return r"\w" if letter == (found[1] == "p") else r"\W"


def regex_of(report: Report, made: Node) -> tuple[str, str] | None:
    """(pattern, flags) of a regular expression that is written there, or made of a text."""
    if made.type == "regex":
        flags = made.field("flags")
        return report.tree.text(made.fields["pattern"]), report.tree.text(flags) if flags is not None else ""
    function = made.field("function") or made.field("constructor")
    if function is None or report.tree.text(function) != "RegExp" or made.field("arguments") is None:
        return None
    given = [report.evaluator.values(kid) for kid in made.fields["arguments"].kids[:2]]
    said = [[value.known for value in values if isinstance(value, Text) and value.complete] for values in given]
    return (said[0][0], said[1][0] if len(said) > 1 and said[1] else "") if said and said[0] else None


def is_between(values: Values) -> bool:
    """Whether it is what stands between a dot and letters, in order: a text, or the number of a letter."""
    return any(
        (isinstance(value, Text) and value.complete and ".env" < value.known <= "A")
        or (isinstance(value, Constant) and isinstance(value.value, (int, float)) and 46 < value.value <= 65)
        for value in values
    )


def takes_first(report: Report, sorted_: Node) -> bool:
    """`names.sort()[0]`, of all the names that the working folder holds: those with a dot come first."""
    function = sorted_.field("function")
    method = function.field("property") if function is not None else None
    if method is None or name_of(report.tree, method) not in SORTING or sorted_.fields["arguments"].kids:
        return False
    if function is None or not _lists_root(report, function.fields["object"]):
        return False
    use = sorted_.parent
    if use is None:
        return False
    if use.type == "subscript_expression":
        return report.tree.text(use.fields["index"]) == "0"
    if use.type == "member_expression":
        return name_of(report.tree, use.fields["property"]) in FIRSTS
    return use.type == "variable_declarator" and use.fields["name"].type == "array_pattern"


def _lists_root(report: Report, node: Node) -> bool:
    """`readdirSync(".")`, or a name for that."""
    while node.type in TRANSPARENT and node.kids:
        node = node.kids[0]
    binding = node.scope.find(name_of(report.tree, node)) if node.type == "identifier" else None
    if binding is not None and len(binding.definitions) == 1 and not binding.definitions[0].path:
        node = binding.definitions[0].node
        while node.type in TRANSPARENT and node.kids:
            node = node.kids[0]
    values = report.evaluator.values(node.fields["function"]) if node.type == "call_expression" else ()
    if not any(isinstance(value, Ref) and value.name.endswith((".readdir", ".readdirSync")) for value in values):
        return False
    given = node.fields["arguments"].kids
    folders = [text.known.rstrip("/") for text in texts(report.evaluator.values(given[0]))] if given else []
    return any(folder in (".", "") or folder == (report.facts.workspace or "").rstrip("/") for folder in folders)
