"""What a script in a page does without a call that says so: properties of elements that load or run what is assigned to them, methods that
send what the page holds. Elements cannot be followed; so in a script of a page these names count on everything that is not known.
"""

from __future__ import annotations

import re

from guard.analyse import targets
from guard.analyse.javascript.literals import name_of
from guard.analyse.javascript.network import url_effects
from guard.analyse.javascript.report import Report
from guard.analyse.javascript.scope import GLOBAL_OBJECTS, Program
from guard.analyse.javascript.sinks import SPECS
from guard.analyse.javascript.syntax import TRANSPARENT, Node
from guard.analyse.javascript.tables import names
from guard.analyse.javascript.values import HOLE, UNKNOWN, Function, Object, Ref, Text, Values, texts
from guard.model import Kind

LOADED = names("src href action formAction data srcset poster background codebase ping manifest")
"""Properties and attributes that name what is loaded, or where a form is sent."""
MARKUP = names("innerHTML outerHTML srcdoc")
STYLES = names("cssText backgroundImage background listStyleImage borderImage cursor content filter maskImage")
MARKUP_METHODS = {"insertAdjacentHTML": 1, "createContextualFragment": 0, "setHTMLUnsafe": 0, "setContent": 0, "writeln": 0, "write": 0}
ATTRIBUTES = {"setAttribute": 0, "setAttributeNS": 1}
"""Methods that set an attribute -> which argument is its name."""
RULES = names("insertRule addRule replaceSync")
SENDING = names("submit requestSubmit click dispatchEvent")
FRAMES = names("contentWindow contentDocument defaultView")
OTHERS = names("top parent opener frames document")
"""Names of other windows, and of the document, all of which can be led elsewhere."""
PAGES = names("document window HTMLElement Image Audio $ jQuery")
PARTICULAR = names("innerHTML outerHTML contentWindow contentDocument")
"""Properties that only elements of a page have, so that a program is for a page where they are used."""
IN_PAGE = names(
    "$eval $$eval evaluate evaluateHandle evaluateAll addInitScript querySelector querySelectorAll getElementById setContent executeScript"
)
_LOADS = re.compile(r"url\(|@import|image-set\(", re.IGNORECASE)
PLAIN = re.compile(
    r"(?:[^<]|</?(?:[abipqsu]|b[ru]|br|hr|h[1-6]|[duo]l|d[dt]|li|em|div|span|strong|small|code|pre|t[rdh]|table|thead|tbody|p)\s*>)*"
)
"""Markup that shows text and nothing else."""


def in_page(program: Program) -> bool:
    """Whether the program, or a function of it, runs in a page."""
    free = [node for name in PAGES if program.top.names.get(name) is None for node in program.identifiers.get(name, ())]
    return any(not _is_asked_for(program, node) for node in free) or not IN_PAGE.isdisjoint(program.property_calls)


def _is_asked_for(program: Program, mention: Node) -> bool:
    """`typeof window`, and the whole of it where it is handed over: `(function (w) {…})(typeof window === "undefined" ? {} : window)`"""
    use = mention.parent
    if use is None or use.type != "ternary_expression":
        return use is not None and use.type == "unary_expression" and program.tree.text(use).startswith("typeof")
    if use.parent is None or use.parent.type != "arguments":
        return False
    asked = program.tree.text(use.fields["condition"]).lstrip("( ")
    return use.field("condition") is not mention and asked.startswith("typeof") and program.tree.text(mention) in GLOBAL_OBJECTS


def check_assignment(report: Report, left: Node, right: Node) -> None:
    """`element.src = …`, `element.innerHTML = …`, `document.cookie = …`, `top.location = …`"""
    owner = left.field("object")
    name = report.evaluator.key(left.field("property") or left.field("index"))
    if owner is None or name is None:
        return
    if _is_location(report, owner if name == "href" else left):
        report.opaque(left, "js-patch", "leads the page elsewhere")
        return
    values = report.evaluator.values(owner)
    if any(isinstance(value, Ref) and (value.name in ("localStorage", "sessionStorage")) for value in values) or (
        name == "cookie" and any(isinstance(value, Ref) and value.name == "document" for value in values)
    ):
        report.add(left, SPECS["storage"](report.site(left, "storage", [])))
    elif (report.in_page or name in PARTICULAR) and _is_element(values):
        set_property(report, left, name, report.evaluator.values(right))


def set_property(report: Report, node: Node, name: str, values: Values) -> None:
    """A property, or an attribute, of an element."""
    site = report.site(node, name, [values], certain=False)
    if name in MARKUP:
        check_markup(report, node, values)
    elif name in STYLES:
        if any(_LOADS.search(text.shape) or not text.complete for text in texts(values)):
            report.add(node, url_effects(site, [Kind.HTTP_GET], (HOLE,), "js-dom"))
    elif name in LOADED:
        report.add(node, url_effects(site, [Kind.HTTP_GET], values, "js-dom"))
    elif name.startswith("on") and not all(isinstance(value, Function) for value in values):
        report.opaque(node, "js-dom", f"makes text run as code in the page ({name})")


def check_markup(report: Report, node: Node, values: Values) -> None:
    """Text that becomes elements."""
    if values and not all(text.complete and PLAIN.fullmatch(text.known) for text in texts(values)):
        report.opaque(node, "js-dom", "writes markup into the page, which can load and run what it names")


def check_call(report: Report, node: Node, function: Node, arguments: list[Values]) -> None:
    """A method of something unknown: `form.submit()`, `element.setAttribute("src", …)`, `element.insertAdjacentHTML(…)`"""
    name = report.evaluator.key(function.field("property") or function.field("index"))
    owner = function.field("object")
    if name == "postMessage" and owner is not None and owner.type == "identifier" and _is_other_window(report, owner):
        report.opaque(node, "js-dom", "sends a message to another window")
    if name == "addModule" and owner is not None and report.tree.text(owner).endswith("Worklet"):
        report.opaque(node, "js-dom", "loads a module into the page")
    if name is None or not report.in_page:
        return
    if name in SENDING:
        send(report, node, name)
    elif name in MARKUP_METHODS:
        at = MARKUP_METHODS[name]
        check_markup(report, node, arguments[at] if at < len(arguments) else (HOLE,))
    elif name == "assign" and arguments and _is_element(arguments[0]):
        for given in (one for values in arguments[1:] for one in values if isinstance(one, Object)):
            for key, held in given.properties.items():
                set_property(report, node, key, held)
    elif name in ATTRIBUTES and len(arguments) > ATTRIBUTES[name] + 1:
        for attribute in texts(arguments[ATTRIBUTES[name]]):
            if attribute.complete:
                set_property(report, node, attribute.known.lower().rpartition(":")[2], arguments[ATTRIBUTES[name] + 1])
            else:
                report.opaque(node, "js-dom", "sets an attribute of the page that cannot be known")
    elif name == "setProperty" and len(arguments) > 1:
        for style in texts(arguments[0]):
            set_property(report, node, camel(style.known) if style.complete else "cssText", arguments[1])
    elif name in RULES:
        set_property(report, node, "cssText", tuple(one for values in arguments for one in values if isinstance(one, Text)))


def send(report: Report, node: Node, name: str) -> None:
    """What sends a form, or follows a link."""
    site = report.site(node, name, [], certain=False)
    note = f"{name}s in the page, which may send something"
    report.add(node, [site.effect(Kind.HTTP_POST, targets.ANY_HOST, "js-dom", note, exact=False)])


def camel(style: str) -> str:
    """The property of a style: `background-image` -> `backgroundImage`."""
    return re.sub(r"-(\w)", lambda found: found[1].upper(), style)


def check_member(report: Report, node: Node, name: str) -> None:
    """`frame.contentWindow`: another page's runtime."""
    if name in FRAMES and (report.in_page or name in PARTICULAR):
        report.opaque(node, "js-dom", f"reaches into another window by {name}")


def _is_element(values: Values) -> bool:
    return UNKNOWN in values or any(isinstance(value, Ref) and value.name.startswith(("document", "Image", "Audio")) for value in values)


def _is_location(report: Report, node: Node) -> bool:
    """`top.location`, `document.location`, `window.parent.location`"""
    while node.type in TRANSPARENT and node.kids:
        node = node.kids[0]
    prop, owner = node.field("property"), node.field("object")
    if prop is None or owner is None or name_of(report.tree, prop) != "location":
        return False
    if owner.type == "subscript_expression":  # `frames[0]`
        owner = owner.fields["object"]
    inner = owner.field("property")
    return name_of(report.tree, inner) in OTHERS if inner is not None else owner.type == "identifier" and _is_other_window(report, owner)


def _is_other_window(report: Report, name: Node) -> bool:
    return name_of(report.tree, name) in OTHERS and name.scope.find(name_of(report.tree, name)) is None
