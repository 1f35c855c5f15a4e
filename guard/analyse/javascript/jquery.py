"""What methods of jQuery's collections do, and the same names do not elsewhere: `$("form").submit()`, `$("#a").load(url)`, `.html(text)`.

Only what is seen to begin with `$(…)` is such a collection; everything else is an element, for `dom`.
"""

from __future__ import annotations

import re

from guard.analyse.javascript import dom
from guard.analyse.javascript.literals import name_of
from guard.analyse.javascript.network import url_effects
from guard.analyse.javascript.report import Report
from guard.analyse.javascript.syntax import TRANSPARENT, Node
from guard.analyse.javascript.tables import names
from guard.analyse.javascript.values import HOLE, UNKNOWN, Function, Object, Ref, Text, Values, texts
from guard.model import Kind

ELEMENTS = names("get toArray")
"""Methods that give elements, no collection."""
MARKUP = names("html append prepend after before replaceWith wrap wrapAll wrapInner")
PLACING = names("add appendTo prependTo insertAfter insertBefore replaceAll")
"""Methods that take elements, or a text that names some, or markup."""
EVENTS = names("submit click")
"""Events that send something, and the methods that set them off."""
LONGEST = 64
"""Longer chains are not followed."""


def is_collection(report: Report, node: Node | None) -> bool:
    """Whether something is `$(…)`, what its methods give again, or a name for that."""
    for _ in range(LONGEST):
        if node is None:
            return False
        if node.type in TRANSPARENT and node.kids:
            node = node.kids[0]
        elif node.type == "identifier":
            binding = node.scope.find(name_of(report.tree, node))
            made = [one for one in binding.definitions if one.kind == "value" and not one.path] if binding is not None else []
            node = made[-1].node if made else None
        elif node.type == "call_expression":
            function = node.fields["function"]
            if function.type != "member_expression":
                return any(isinstance(value, Ref) and value.name == "$" for value in report.evaluator.values(function))
            if name_of(report.tree, function.fields["property"]) in ELEMENTS:
                return False
            node = function.fields["object"]
        else:
            return False
    return False


def check_made(report: Report, node: Node, arguments: list[Values]) -> None:
    """`$("<img src=…>")`: elements, of markup."""
    markup = tuple(
        value for value in (arguments[0] if arguments else ()) if isinstance(value, Text) and value.known.lstrip().startswith("<")
    )
    dom.check_markup(report, node, markup)


def check_call(report: Report, node: Node, name: str, arguments: list[Values]) -> None:
    """A method of a collection."""
    given = arguments[0] if arguments else ()
    if name in EVENTS:
        if not node.fields["arguments"].kids or any(kid.type == "spread_element" for kid in node.fields["arguments"].kids):
            dom.send(report, node, name)  # with an argument, that is called when it happens
    elif name in ("trigger", "triggerHandler"):
        if not all(event.complete and re.split(r"\W", event.known)[0] not in EVENTS for event in texts(given or (HOLE,))):
            dom.send(report, node, name)
    elif name == "load":
        if not given or not all(isinstance(value, Function) for value in given):
            report.add(node, url_effects(report.site(node, name, arguments), [Kind.HTTP_GET], given or (HOLE,), "js-dom"))
    elif name in MARKUP:
        for values in arguments:
            markup = tuple(value for value in values if isinstance(value, Text))
            dom.check_markup(report, node, (HOLE,) if name == "html" and (UNKNOWN in values or not markup) else markup)
    elif name in PLACING:
        check_made(report, node, arguments)
    elif name in ("attr", "prop", "css"):
        for key, values in _settings(arguments):
            dom.set_property(report, node, dom.camel(key) if name == "css" else key, values)


def _settings(arguments: list[Values]) -> list[tuple[str, Values]]:
    """`("src", url)`, `({src: url})`"""
    pairs = [
        (key, held) for value in (arguments[0] if arguments else ()) if isinstance(value, Object) for key, held in value.properties.items()
    ]
    if len(arguments) > 1:
        pairs += [(key.known if key.complete else "src", arguments[1]) for key in texts(arguments[0])]
    return pairs
