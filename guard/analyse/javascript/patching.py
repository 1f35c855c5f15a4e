"""Monkey-patching: what a program changes that its own text, or other code, relies on.

New members of builtins are none of that: they are followed by their names, as those of the program's own objects.
"""

from __future__ import annotations

from guard.analyse.javascript import fold, library
from guard.analyse.javascript.literals import name_of
from guard.analyse.javascript.report import Report
from guard.analyse.javascript.scope import FUNCTIONS, GLOBAL_OBJECTS
from guard.analyse.javascript.syntax import Node
from guard.analyse.javascript.tables import EFFECTFUL_GLOBALS, names
from guard.analyse.javascript.values import ANY, UNKNOWN, Array, Function, Object, Ref, Text, Values, texts

BUILTIN_METHODS = names(
    """
    push pop shift unshift splice slice map filter forEach reduce reduceRight join concat indexOf lastIndexOf includes find
    findIndex some every sort reverse keys values entries flat flatMap at fill toString valueOf hasOwnProperty isPrototypeOf call
    apply bind then catch finally split replace replaceAll match matchAll test exec charAt charCodeAt codePointAt substring substr
    trim toUpperCase toLowerCase startsWith endsWith padStart padEnd repeat get set has delete add clear size length constructor
    name message stack
    """
)
NOT_OF_TEXT = names(
    """
    push pop shift unshift splice map filter forEach reduce reduceRight join find findIndex some every sort reverse keys values entries
    flat flatMap fill call apply bind then catch finally test exec get set has delete add clear
    """
)
NOT_OF_ARRAYS = names(
    """
    call apply bind catch finally split replace replaceAll match matchAll test exec charAt charCodeAt codePointAt substring substr trim
    toUpperCase toLowerCase startsWith endsWith padStart padEnd repeat get set has delete add clear size name message stack
    """
)
FOREIGN = {
    "String.prototype": NOT_OF_TEXT,
    "Number.prototype": BUILTIN_METHODS - names("toString valueOf hasOwnProperty isPrototypeOf constructor"),
    "Array.prototype": NOT_OF_ARRAYS,
}
"""Builtin -> methods that others have, and it has not."""
OF_FUNCTIONS = BUILTIN_METHODS | names("prototype arguments caller toLocaleString propertyIsEnumerable toSource")
DEFINERS = frozenset({"Object.defineProperty", "Object.defineProperties", "Object.setPrototypeOf", "Object.assign"})
EXTENDED = frozenset(f"{name}.prototype" for name in ("Array", "String", "Number", "Map", "Set", "Date", "RegExp"))
GIVEN = ("process.argv", "Deno.args")
"""What the command line gives, on which programs rely."""


def check_definer(report: Report, node: Node, definer: str, arguments: list[Values]) -> None:
    """`Object.defineProperty(x, …)` and its kind, where x is none of the program's own objects."""
    for target in arguments[0]:
        if definer == "Object.setPrototypeOf" and isinstance(target, (Array, Text)):
            report.opaque(node, "js-prototype", "gives an array other methods")
        if isinstance(target, Ref) and library.is_pure(target.name) and not target.name.endswith(".prototype"):
            report.lost.add(None)
            if target.name in GIVEN:
                report.opaque(node, "js-patch", "changes the arguments that it was started with")
        elif isinstance(target, Ref):
            if definer == "Object.assign" and target.name in ("process.env", "globalThis"):
                continue
            if definer == "Object.defineProperty" and target.name in EXTENDED:
                for name in texts(arguments[1] if len(arguments) > 1 else ANY):
                    _check_patch(report, node, target.name, name.known if name.complete else None)
                continue
            given = arguments[1:]
            if definer == "Object.assign" and target.name in EXTENDED and all(_is_whole(values) for values in given):
                report.lost.add(None)  # which may be calls of what is stored there, by names that are known
                for name in dict.fromkeys(name for values in given for value in values for name in getattr(value, "properties", ())):
                    _check_patch(report, node, target.name, name)
                continue
            report.opaque(node, "js-patch", f"changes {target.name} itself")


def _is_whole(values: Values) -> bool:
    """Whether all the properties of an argument are known."""
    return all(isinstance(value, Object) and not value.open for value in values)


def check_assignment(report: Report, left: Node, right: Node) -> None:
    """Monkey-patching: an assignment to a name that others rely on."""
    if left.type != "identifier":
        return
    name = name_of(report.tree, left)
    binding = left.scope.find(name)
    if name in ("location", "module"):
        if name == "location" and binding is not None and not binding.declared:
            report.opaque(left, "js-patch", "leads the page elsewhere")
        return
    if name in EFFECTFUL_GLOBALS and (
        binding is None or (binding.scope is report.program.top and all(d.node is right for d in binding.definitions))
    ):
        report.opaque(left, "js-patch", f"replaces {name}")


def check_target(report: Report, left: Node, owner: Node, key: str | None) -> None:
    """Monkey-patching: a member of what others rely on is assigned to, in whatever form (see `aliases.is_stored`)."""
    for value in report.evaluator.values(owner):
        if isinstance(value, Ref) and value.name == "exports":
            continue  # the program's own object, followed by the names that are stored in it
        if isinstance(value, Array) and key == "constructor":
            report.opaque(left, "js-prototype", "changes what the methods of an array make")
        known = isinstance(value, Ref) and (value.name.startswith("%") or library.is_pure(value.name))
        if known or (isinstance(value, Function) and key in ("call", None)):
            report.lost.add(None)  # its calls, known by name, may be calls of whatever the program stored somewhere
        if isinstance(value, Ref):
            _check_patch(report, left, value.name, key)


def _check_patch(report: Report, left: Node, owner: str, name: str | None) -> None:
    if owner in GIVEN or (owner in ("process", "Deno") and f"{owner}.{name}" in GIVEN):
        report.opaque(left, "js-patch", "changes the arguments that it was started with")
        return
    if owner.endswith(".prototype") and library.is_pure(owner):
        known = name in BUILTIN_METHODS and name not in FOREIGN.get(owner, ())
        if name is None or known or (owner.startswith(("Function.", "Promise.")) and not _is_new_method(report, left, name)):
            report.opaque(left, "js-patch", f"changes {owner}.{name or '…'}, which other code relies on")
        return
    if owner == "globalThis":
        if name is None or name in EFFECTFUL_GLOBALS or name in GLOBAL_OBJECTS:
            report.opaque(left, "js-patch", f"replaces the global {name or 'name that is worked out at run time'}")
        return
    if owner == "location" and name in ("href", None):
        report.opaque(left, "js-patch", "leads the page elsewhere")
        return
    if name is not None and fold.is_worked_out(f"{owner}.{name}"):
        report.opaque(left, "js-patch", f"replaces {owner}.{name}")
        return
    if owner in ("process", "process.env", "module", "exports", "document", "location", "unknown") or owner.startswith(
        ("process.env", "unknown", "%")
    ):
        return
    if library.is_pure(owner):
        if (
            library.is_pure(f"{owner}.{name}")
            and owner in ("Object", "Function", "Reflect", "JSON", "Promise", "Array", "Error")
            and name == "prepareStackTrace"
        ):
            report.opaque(left, "js-patch", f"changes {owner}.{name}")
        return
    if "()" in owner:
        return  # a property of an instance, such as `socket.onmessage`
    report.opaque(left, "js-patch", f"replaces {owner}.{name or '…'}")


def _is_new_method(report: Report, left: Node, name: str) -> bool:
    """`Function.prototype.partial = function …`: no method that functions or promises have, and no constructor is named; nor does
    it change the prototype of what it is called on (`Array.method("map", …)`), by that name or by one that is not known."""
    use = left.parent
    right = use.field("right") if use is not None and use.type == "assignment_expression" else None
    if right is None or right.type not in FUNCTIONS or name in OF_FUNCTIONS or b"constructor" in report.tree.source:
        return False
    if "prototype" in report.tree.text(right):
        return False
    if any(report.tree.text(owner).endswith(".prototype") for owner in report.program.indexed):
        return False
    owners = [owner for owner in report.program.indexed if right.start < owner.start < right.end]
    return not any(UNKNOWN in report.evaluator.values(owner) for owner in owners)
