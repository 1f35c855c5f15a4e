"""A program that reads what it finds in folders, and the names that it looks for there: those of files that hold secrets are read.

`for (const name of readdirSync(".")) if (name === ".env") readFileSync(name)` reads a file of the folder by what it gives; which one is
told by what the names are compared with. Names as they are written count wherever they stand (`".env"`, `/\\.pem$/`), words that mean
something else as well only beside a name that a folder gave (`name.includes("secret")`, `name.split(".").pop() === "key"`). So do the
ways to ask for a name without saying it: by its dot (`name[0] === "."`), or in disguise (`btoa(name) === "LmVudg=="`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guard import path_rules
from guard.analyse.javascript import globs, hidden
from guard.analyse.javascript.literals import name_of, string_text
from guard.analyse.javascript.report import Report
from guard.analyse.javascript.scope import Definition
from guard.analyse.javascript.syntax import TRANSPARENT, Node
from guard.analyse.javascript.tables import names
from guard.analyse.javascript.values import Constant, Object, Text, Values, elements, join, texts
from guard.analyse.javascript.wanted import is_wanted
from guard.model import Effect, Kind, ResourceType

_NAME = re.compile(r"[\w.*?{},-]{2,60}")
_SAYS_SO = re.compile(r"\.|\bid_")
"""What tells a file's name from any other word."""
_VARIABLES = re.compile(r"\b(?:process|meta|Deno|Bun)\.env")
_EQUAL = frozenset({"==", "===", "!=", "!=="})
_EDGES = {"<": ("1",), ">=": ("1",), "<=": ("0",), ">": ("0",)}
_AROUND = {"startsWith": "{}*", "endsWith": "*{}", "includes": "*{}*", "indexOf": "*{}*", "search": "*{}*", "match": "*{}*"}
"""Methods of text -> what a name is like that holds theirs."""
_ASKING = names("has test exec equals localeCompare") | _AROUND.keys()
_OWNING = names("hasOwnProperty hasOwn has")
_DISGUISES = names("btoa from digest reverse charCodeAt codePointAt encode map reduce escape")
"""What makes something of a name in which it cannot be read."""
_FIRST = names("[] charAt at slice substr substring startsWith split replace replaceAll match shift trimStart")
_COUNTS = names("length indexOf lastIndexOf search")
_CLASSES = "dDwWsSpP"


def secrets(report: Report) -> Iterator[tuple[Node, Effect]]:
    """What a program reads among the files that it finds, by the names of secrets that it looks for."""
    found = next((effect for _, effect in report.effects if _is_found(report, effect)), None)
    named = next(_named(report), None) if found is not None else None
    if found is not None and named is not None:
        node, name = named
        note = f"looks for {name} among what it reads, which holds secrets"
        yield (
            node,
            Effect(kind=Kind.SECRET_READ, resource=found.resource, exact=False, span=report.tree.span(node), rule="js-fs-read", note=note),
        )


def _is_found(report: Report, effect: Effect) -> bool:
    found = effect.kind is Kind.FS_READ and not effect.exact and effect.resource.type is ResourceType.FOLDER
    return found and path_rules.in_workspace(effect.resource.name, report.facts)


def _named(report: Report) -> Iterator[tuple[Node, str]]:
    for node in report.program.order:
        for pattern in _written(report, node):
            if _SAYS_SO.search(pattern) and _NAME.fullmatch(pattern) and not _VARIABLES.search(pattern) and _is_secret(report, pattern):
                yield node, pattern
        for file, other, around in _questions(node, report):
            values = report.evaluator.values(file)
            way = _way(report, file, values)
            if way is None:
                continue
            for name, pattern in _compared(report, other, around, whole=any(_is_entry(value) for value in values)):
                if globs.asks_for_secrets(pattern, report.facts):
                    yield node, name
            asked = _tells_hidden(report, way, other, around)
            if asked is None and _is_hinted(report, way, other, around):
                asked = True
            if asked is not None and is_wanted(report.program, node, negated=_is_negated(node, report) is asked):
                yield node, "what it does not say"
        if node.type == "call_expression" and hidden.takes_first(report, node):
            yield node, "what comes first"
        if _is_empty(node, report) and is_wanted(report.program, node, negated=True):
            yield node, "what it does not say"


def _tells_hidden(report: Report, way: list[str], other: Node, around: str) -> bool | None:
    """Whether a pattern is asked for that matches hidden names alone (True), or all others (False)."""
    if way:
        return None
    regex = hidden.regex_of(report, _made(other, report) or other)
    if regex is None:
        return None
    return hidden.asks(f"^(?:{regex[0]})" if around == "{}*" else regex[0], regex[1])


def _is_empty(node: Node, report: Report) -> bool:
    """Whether something is looked at for being empty, or the first, that tells where a name has its dot: `!name.split(".")[0]`."""
    use = node.parent
    while use is not None and use.type == "parenthesized_expression":
        use = use.parent
    if use is None or node.type not in ("identifier", "subscript_expression") or not _is_asked(use, node):
        return False
    way = _way(report, node, report.evaluator.values(node))
    return bool(way) and way is not None and way[-1] == "split" and "[]" in way and _is_first(node, report)


def _is_asked(use: Node, node: Node) -> bool:
    """Whether only the truth of something matters where it is used: `!x`, `x && …`, `if (x)`, `x ? … : …`"""
    condition, operator = use.field("condition"), use.field("operator")
    if condition is not None:
        return condition.start <= node.start and node.end <= condition.end
    return use.type in ("unary_expression", "binary_expression") and operator is not None and operator.type in ("!", "&&", "||")


def _is_first(node: Node, report: Report) -> bool:
    one = _definition(node, report)
    if one is not None and one.path:
        return one.path == (0,)
    made = one.node if one is not None else node
    return made.type == "subscript_expression" and report.tree.text(made.fields["index"]) == "0"


def _is_secret(report: Report, pattern: str) -> bool:
    """Whether a name, or one that a pattern may stand for, is that of a secret."""
    return any(
        path_rules.is_secret(path_rules.canonical_path(re.sub(r"[*?]+", filling, one), report.facts), report.facts)
        for one in globs.alternatives(pattern) or ["secret"]
        for filling in ("", "x")
    )


def _written(report: Report, node: Node) -> list[str]:
    """The names that are written somewhere: in a text, in a regular expression."""
    if node.type == "string":
        return [string_text(report.tree, node)]
    if node.type == "regex_pattern":
        return as_globs(report.tree.text(node))
    maker = node.field("constructor") or node.field("function")
    if maker is not None and maker.type == "identifier" and report.tree.text(maker) == "RegExp":
        given = node.fields["arguments"].kids if "arguments" in node.fields else []
        return [
            one for kid in given[:1] for value in texts(report.evaluator.values(kid)) if value.complete for one in as_globs(value.known)
        ]
    if node.type in ("binary_expression", "template_string") and node.parent is not None and node.parent.type != "binary_expression":
        return [value.known for value in report.evaluator.values(node) if isinstance(value, Text) and value.complete]
    return []


def _questions(node: Node, report: Report) -> Iterator[tuple[Node, Node, str]]:
    """(file, other, around): what may be the name of a file, what it is compared with, and what a name is like that fits that.

    `around` is "in" where names of properties are what it is compared with."""
    if node.type == "binary_expression" and node.fields["operator"].type in hidden.ORDERS:
        yield node.fields["left"], node.fields["right"], "<"
        yield node.fields["right"], node.fields["left"], "<"
    elif node.type == "binary_expression" and node.fields["operator"].type in (*_EQUAL, "in"):
        left, right = node.fields["left"], node.fields["right"]
        if node.fields["operator"].type == "in":
            yield left, right, "in"
        else:
            yield left, right, "{}"
            yield right, left, "{}"
    elif node.type == "subscript_expression" and "index" in node.fields:
        yield node.fields["index"], node.fields["object"], "in"
    elif node.type == "switch_case" and node.field("value") is not None and node.parent is not None and node.parent.parent is not None:
        yield node.parent.parent.fields["value"], node.fields["value"], "{}"
    elif node.type == "call_expression" and node.fields["function"].type == "member_expression":
        asked = node.fields["function"]
        name, kids = name_of(report.tree, asked.fields["property"]), node.fields["arguments"].kids
        if name in _ASKING and kids:
            yield asked.fields["object"], kids[0], "{}*" if _is_at_start(node, report) else _AROUND.get(name, "{}")
            yield kids[0], asked.fields["object"], "{}"
            if name == "localeCompare":
                yield asked.fields["object"], kids[0], "<"
        if name in _OWNING and kids:
            yield kids[-1], asked.fields["object"] if len(kids) == 1 else kids[0], "in"


def _compared(report: Report, other: Node, around: str, *, whole: bool) -> Iterator[tuple[str, str]]:
    """(name, pattern) of each text that `other` can be, or holds, where a name of a file, or a part of one, is compared with it."""
    for known in _keys(report, other) if around == "in" else _known(report, other):
        if whole:
            yield known, around.format(known) if "*" not in known and around != "in" else known if around == "in" else f"*{known}*"
        if around in ("{}", "in"):
            yield known, f"*.{known.lstrip('._-')}"  # `name.replace(".", "_") === "_env"`


def _keys(report: Report, node: Node) -> list[str]:
    """The names of the properties of an object."""
    return [key for value in report.evaluator.values(node) if isinstance(value, Object) for key in value.properties if len(key) > 2]


def _is_hinted(report: Report, way: list[str], other: Node, around: str) -> bool:
    """Whether what is asked of a name, on the way to a part of it, is whether it begins with a dot, or what it is in disguise."""
    values = report.evaluator.values(other)
    if around == "<":
        return hidden.is_between(values) and _COUNTS.isdisjoint(way)
    if around == "in" and not _FIRST.isdisjoint(way):
        return any(isinstance(value, Object) and "." in value.properties for value in values)
    if not _DISGUISES.isdisjoint(way) and around != "*{}*":
        told = join(values, elements(values))
        return bool(_keys(report, other)) or any((isinstance(v, Text) and v.complete and v.known) or _is_number(v) for v in told)
    if around == "{}" and not _FIRST.isdisjoint(way):
        if "split" in way and "[]" in way and way[0] == "length":
            return any(_is_number(value) and isinstance(value, Constant) and value.value == 0 for value in values)  # its length
        signs = (".", "") if "split" in way else (".",)
        known = [value.known for value in join(values, elements(values)) if isinstance(value, Text) and value.complete]
        return any(one in signs or (len(one) < 6 and "." in one and not re.search(r"\w", one)) for one in known)
    if around == "{}*" or (around == "{}" and not way):
        asked = [value.known for value in values if isinstance(value, Text) and value.complete]
        made = _made(other, report) or other
        asked = as_globs(report.tree.text(made.fields["pattern"])) if made.type == "regex" else asked if around == "{}*" else []
        return any(one.rstrip("*?") == "." for one in asked)
    return False


def _is_number(value: object) -> bool:
    return isinstance(value, Constant) and isinstance(value.value, (int, float)) and not isinstance(value.value, bool)


def _is_at_start(node: Node, report: Report) -> bool:
    """`name.indexOf(text) === 0`, `name.indexOf(text) < 1`, `!name.indexOf(text)`"""
    use = node.parent
    operator = use.field("operator") if use is not None else None
    if use is None or operator is None:
        return False
    if use.type == "unary_expression":
        return operator.type == "!" and name_of(report.tree, node.fields["function"].field("property") or node) in ("indexOf", "search")
    edges = ("0",) if operator.type in _EQUAL else _EDGES.get(operator.type, ())
    return any(report.tree.text(kid) in edges for kid in use.kids)


def _is_negated(node: Node, report: Report) -> bool:
    """Whether the opposite is asked: `name !== text`, `name > "0"`, `name.indexOf(text) > 0`."""
    use = node.parent
    operator = use.field("operator") if use is not None and node.type == "call_expression" else None
    if use is not None and operator is not None and (_is_at_start(node, report) or operator.type in hidden.ORDERS):
        return hidden.ORDERS.get(operator.type, operator.type in ("!=", "!==", "!"))
    operator = node.field("operator")
    if operator is not None and operator.type in hidden.ORDERS:
        right = node.fields["right"]
        return hidden.ORDERS[operator.type] is (_way(report, right, report.evaluator.values(right)) is None)
    return operator is not None and operator.type in ("!=", "!==")


def _known(report: Report, node: Node) -> list[str]:
    made = _made(node, report) or node
    if made.type == "regex":
        return as_globs(report.tree.text(made.fields["pattern"]))
    if made.type in ("call_expression", "new_expression") and (patterns := _written(report, made)):
        return patterns
    values = report.evaluator.values(node)
    plain = tuple(value for value in join(values, elements(values)) if isinstance(value, Text))
    return [value.known for value in plain if value.complete and len(value.known) > (1 if value.known.startswith(".") else 2)]


def _made(node: Node, report: Report) -> Node | None:
    """What a name stands for, where that is one thing."""
    one = _definition(node, report)
    return one.node if one is not None else None


def _definition(node: Node, report: Report) -> Definition | None:
    binding = node.scope.find(name_of(report.tree, node)) if node.type == "identifier" else None
    one = binding.definitions[0] if binding is not None and len(binding.definitions) == 1 else None
    return one if one is not None and one.kind == "value" else None


def _is_entry(value: object) -> bool:
    """Whether a value is the name, or the path, of what a folder holds."""
    return isinstance(value, Text) and len(value.pieces) == 2 and value.pieces[1] is None and value.known.endswith("/")


def _way(report: Report, node: Node, values: Values) -> list[str] | None:
    """What is done with the name of a file until it is this, from its end: `["pop", "split"]` of `name.split(".").pop()`, under a name of
    its own or not; [] where it is the name; None where it is nothing of the kind."""
    way: list[str] = []
    for _ in range(10):
        if any(_is_entry(value) for value in values):
            return way
        if node.type == "identifier":
            made = _definition(node, report)
            if made is None:
                return None
            way += ["[]" for step in made.path if isinstance(step, int) or str(step).isdigit()]
            node = made.node
        elif (node.type in TRANSPARENT or node.type == "array") and node.kids:
            node = node.kids[0]
        elif node.type == "call_expression":
            asked, given = node.fields["function"], node.fields["arguments"].kids
            method = asked.type == "member_expression"
            way.append(name_of(report.tree, asked.fields["property"] if method else asked))
            if any(_is_entry(value) for kid in given for value in report.evaluator.values(kid)):
                return way
            if not method:
                return None
            node = asked.fields["object"]
        elif node.type in ("subscript_expression", "member_expression"):
            way.append(
                "[]" if node.type == "subscript_expression" else "length" * (name_of(report.tree, node.fields["property"]) == "length")
            )
            node = node.fields["object"]
        else:
            return None
        values = report.evaluator.values(node)
    return None


def as_globs(pattern: str) -> list[str]:
    """A regular expression as the patterns of the names that it matches; what stands for several letters is "*"."""
    out: list[str] = []
    at, depth = 0, 0
    tops = [0]
    """Where the alternatives of the whole begin."""
    while at < len(pattern):
        letter, step = pattern[at], 1
        if letter == "\\":
            step = 2
            following = pattern[at + 1 : at + 2]
            out.append("?" if following in _CLASSES else "" if following in "bB" else following)
        elif letter == "[":
            step = _end_of_class(pattern, at) - at
            out.append("?")
        elif letter == "(":
            look = re.match(r"\(\?(?:<?[=!]|:|<\w+>)?", pattern[at:])
            step = look.end() if look is not None else 1
            out.append("{")
            depth += 1
        elif letter == ")":
            out.append("}")
            depth -= 1
        elif letter == "|":
            if depth:
                out.append(",")
            else:
                tops.append(len(out))
        elif letter in "*+?" or (letter == "{" and re.match(r"\{\d+,?\d*\}", pattern[at:])):
            step = (pattern.index("}", at) + 1 - at) if letter == "{" else 1
            _repeat(out, letter)
        else:
            out.append("?" if letter == "." else letter)
        at += step
    parts = ["".join(out[start:end]) for start, end in zip(tops, [*tops[1:], len(out)], strict=True)]
    return [_unanchored(part) for part in parts]


def _repeat(out: list[str], letter: str) -> None:
    """`x*`: anything, as far as names go; a group that may be left out is one more choice."""
    if out and out[-1] == "}":
        out[-1] = "}" if letter in "+{" else ",}"
    elif out and (out[-1] == "?" or (letter != "+" and out[-1] != "*")):
        out[-1] = "*"


def _end_of_class(pattern: str, at: int) -> int:
    found = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL).match(pattern, at)
    return found.end() if found is not None else len(pattern)


def _unanchored(part: str) -> str:
    start, end = part.startswith("^"), part.endswith("$")
    inner = re.sub(r"[\^$]", "", part)
    return ("" if start else "*") + inner + ("" if end else "*")
