"""One pass over all nodes of a program: what is called, read, imported and handed on becomes effects.

Reachability does not matter: what is written anywhere counts. A reference to something effectful that leaves the code where it can be
followed is an effect itself ("may be called"), or opaque.
"""

from __future__ import annotations

import re
from dataclasses import replace

from guard.analyse.javascript import bare, calls, data, dom, dynamic, imports, jquery, library, patching, processes, sought, tools
from guard.analyse.javascript.aliases import is_stored
from guard.analyse.javascript.fallback import BY_METHOD, BY_NAME, PAGE_METHODS, PAGES, SQL_METHODS
from guard.analyse.javascript.handing import Handing
from guard.analyse.javascript.literals import name_of
from guard.analyse.javascript.loops import Loops
from guard.analyse.javascript.report import Report, is_sql
from guard.analyse.javascript.sinks import SPECS
from guard.analyse.javascript.syntax import TRANSPARENT, Node
from guard.analyse.javascript.taint import Taint
from guard.analyse.javascript.undeclared import Undeclared
from guard.analyse.javascript.values import ANY, UNKNOWN, Ref, Text, Values, texts
from guard.model import Effect

TEMPLATED = re.compile(rb"""["'](?:npm:)?(?:lodash|underscore)""")
"""Libraries whose chains have a method that makes code of text."""
COMMANDS = re.compile(rb"""["'](?:npm:)?commander""")
"""The library whose commands may be programs of their own."""
MOST_EFFECTS = 1000
"""More effects than this in one program are not read by anybody: the rest is opaque."""


class Walk(Report):
    """Visits a program's nodes in order."""

    def run(self) -> tuple[Effect, ...]:
        self.handing = Handing(self)
        self.in_page = dom.in_page(self.program)
        if self.profile is None and not self.depth and not self.importer:
            Undeclared(self).run()
        for node in self.program.order:
            visit = _VISITS.get(node.type)
            if visit is not None:
                visit(self, node)
            if len(self.effects) > MOST_EFFECTS:
                self.opaque(node, "js-too-large", "does more things than can be listed")
                break
        self.handing.settle(module=bool(self.importer))
        bare.check(self)
        self.effects.extend(list(sought.secrets(self)))
        loops, taint = Loops(self.program, self.evaluator), Taint(self.program, self.evaluator, self.effects)
        for node in self.timed:
            if taint.is_read(node):
                self.opaque(node, "js-eval", "hands what it read to a timer, which runs text as code")
        done: dict[Effect, None] = {}
        for node, effect in self.effects:
            loop, count = loops.of(node)
            done[replace(effect, loop=loop, count=count, tainted=taint.reaches(node, effect))] = None
        return tuple(done)

    # ----------------------------------------------------------------------------------------------------------------------- calls

    def call(self, node: Node) -> None:
        function = node.field("function") or node.field("constructor")
        if function is None or function.type == "super":
            return
        if function.type == "import":
            self.import_call(node, calls.arguments_of(self.evaluator, node), self.modules)
            return
        values, arguments = calls.callee(self.evaluator, node)
        for value in values:
            if isinstance(value, Ref):
                self.reference_call(node, value, arguments)
                if value.name.startswith("document.") or value.name == "Object.assign":
                    dom.check_call(self, node, function, arguments)
                elif value.name == "$":
                    jquery.check_made(self, node, arguments)
        if UNKNOWN in values or not values:
            resolved = any(isinstance(value, Ref) and not value.name.startswith("constructor.") for value in values)
            self.unknown_call(node, function, arguments, resolved=resolved)
        self.handing.see(node)
        dynamic.check_call(self, node, function, values, arguments)

    def reference_call(self, node: Node, value: Ref, arguments: list[Values]) -> None:
        name, arguments = value.name, [*value.bound, *arguments]
        if name in library.REQUIRE:
            self.import_call(node, arguments, None)  # `require` finds files by rules of its own
        elif name.startswith("%"):
            self.add(node, tools.effects(self.site(node, name, arguments), self.profile))
        elif name in ("Proxy", "Proxy.revocable") or (name.startswith("Reflect.") and dynamic.reflects_own(self, node)):
            self.lost.add(None)
        elif library.binds(name) or name.endswith((".toString", ".name")) or name in library.PASSED_ON:
            return
        else:
            self.known_call(node, value, arguments)

    def unknown_call(self, node: Node, function: Node, arguments: list[Values], *, resolved: bool) -> None:
        """A call of something that may not be what it resolves to, if to anything: particular names count as what they are."""
        while function.type in TRANSPARENT and function.kids:
            function = function.kids[0]
        site = self.site(node, self.tree.text(function)[:60], arguments, certain=False)
        if function.type in ("member_expression", "subscript_expression"):
            key = self.evaluator.key(function.field("property") or function.field("index"))
            self.lost.add(key)
            if not resolved:
                self.strange.add(key)
            name = key or ""
            if jquery.is_collection(self, function.field("object")):
                jquery.check_call(self, node, name, arguments)
            else:
                dom.check_call(self, node, function, arguments)
            if name in BY_METHOD and name not in self.program.properties:
                self.add(node, SPECS[BY_METHOD[name]](replace(site, name=name)))
            elif name == "template" and TEMPLATED.search(self.tree.source):
                self.opaque(node, "js-eval", "makes code of a template")  # of a chain: `_.chain(text).template()`
            elif name == "command" and COMMANDS.search(self.tree.source) and processes.runs_what_it_finds("commander.command", arguments):
                self.opaque(
                    node, "js-spawn", "makes a command run files that it finds by name"
                )  # of a chain: `program.version("1").command(…)`
            elif name in SQL_METHODS and is_sql(site):
                self.add(node, SPECS["sql"](site))
            elif name in PAGE_METHODS and site.arguments and self._is_page(function.field("object")):
                self.add(node, SPECS[PAGE_METHODS[name]](replace(site, name=f"page.{name}")))
            return
        if site.tagged and self._is_shell(function):
            self.add(node, SPECS["shell"](site))
        if self._is_absent(function):
            return
        self.lost.add(None)
        if function.type == "identifier" and function.scope.find(name_of(self.tree, function)) is None:
            name = name_of(self.tree, function)
            if name in BY_NAME:
                self.add(node, SPECS[BY_NAME[name]](replace(site, name=name)))

    def _is_shell(self, function: Node) -> bool:
        """`$({cwd})`: the shell with options, which takes a template in its turn."""
        inner = function.field("function")
        values = self.evaluator.values(inner) if inner is not None else ()
        return any(isinstance(value, Ref) and library.spec(value.name) == "shell-tag" for value in values)

    def _is_absent(self, function: Node) -> bool:
        """`define(…)` of a module for browsers: there is no such thing where it runs, unless the program makes one."""
        name = name_of(self.tree, function)
        absent = function.type == "identifier" and name == "define" and function.scope.find(name) is None
        return absent and self.profile is None and name not in self.program.properties

    def _is_page(self, owner: Node | None) -> bool:
        """Whether something unknown goes by the name of a page: `page`, `this.page`."""
        named = owner.field("property") or owner if owner is not None else None
        return named is not None and name_of(self.tree, named) in PAGES

    def import_call(self, node: Node, arguments: list[Values], modules: imports.Modules | None) -> None:
        for specifier in texts(arguments[0] if arguments else ANY):
            if specifier.complete:
                self.imported(node, specifier.known, modules)
            else:
                self.opaque(node, "js-import", "imports a module whose name is worked out at run time")

    # ----------------------------------------------------------------------------------------------- what is read, and handed on

    def member(self, node: Node) -> None:
        prop, owner = node.field("property"), node.field("object")
        if prop is None or owner is None:
            return
        dynamic.check_member(self, node, owner, name_of(self.tree, prop))
        if owner.type == "this" and name_of(self.tree, prop) == "constructor":
            self.handing.see_class(node)
        if is_stored(node):
            patching.check_target(self, node, owner, self.evaluator.key(prop))
        dom.check_member(self, node, name_of(self.tree, prop))
        self.read(node)
        self.handing.see(node)

    def subscript(self, node: Node) -> None:
        owner, index = node.field("object"), node.field("index")
        if owner is None or index is None:
            return
        key = self.evaluator.key(index)
        keys = (key,) if key is not None else self._keys(index)
        for one in keys:
            dynamic.check_member(self, node, owner, one)
        if not keys or (key is None and is_stored(node)):
            dynamic.check_computed(self, node, owner)
        if is_stored(node):
            patching.check_target(self, node, owner, key)
        self.read(node)
        self.handing.see(node)

    def _keys(self, index: Node) -> tuple[str, ...]:
        """The few names that an index can be, where all are known; () if it can be another."""
        known = self.evaluator.values(index)
        if not all(isinstance(value, Text) and value.complete and value.known not in ("constructor", "__proto__") for value in known):
            return ()
        return tuple(value.known for value in known if isinstance(value, Text))

    def read(self, node: Node) -> None:
        """Reading some properties is an effect: variables, cookies."""
        for value in self.evaluator.values(node):
            if not isinstance(value, Ref) or self.is_target(node):
                continue
            if value.name.startswith("%"):
                self.add(node, tools.credential(self.site(node, value.name, []), self.profile, value.name[1:]))
            if value.name.startswith("process.env."):
                name = value.name[len("process.env.") :]
                self.add(node, data.variable_effects(self.site(node, value.name, []), (Text((name or None,)),)))
            elif value.name == "process.env":
                self.whole_environment(node)
            elif value.name.startswith(("localStorage.", "sessionStorage.")) and library.spec(value.name) is None and not is_stored(node):
                self.add(node, SPECS["environment"](self.site(node, value.name, [])))  # `localStorage.token`
            elif library.SINKS.get(value.name) == "environment" and "." in value.name and not _is_callee(node):
                self.add(node, SPECS["environment"](self.site(node, value.name, [])))
            elif library.SINKS.get(value.name) == "opaque" and not _is_callee(node):
                self.add(node, SPECS["opaque"](self.site(node, value.name, [])))

    def whole_environment(self, node: Node) -> None:
        use = node.parent
        while use is not None and use.type in TRANSPARENT:
            node, use = use, use.parent
        if use is None or (use.type in ("member_expression", "subscript_expression") and use.field("object") is node):
            return
        names = (
            use.field("name") if use.type == "variable_declarator" else use.field("left") if use.type == "assignment_expression" else None
        )
        if names is not None and names.type == "object_pattern":
            for kid in names.kids:
                key = kid.field("key") or kid.field("left") or kid
                name = None if kid.type == "rest_pattern" else self.evaluator.key(key) or name_of(self.tree, key)
                self.add(node, data.variable_effects(self.site(node, "process.env", []), (Text((name,)),)))
        elif names is None or names.type != "identifier":
            self.add(node, data.variable_effects(self.site(node, "process.env", []), ()))

    def is_target(self, node: Node) -> bool:
        use = node.parent
        return use is not None and use.type == "assignment_expression" and use.field("left") is node

    def identifier(self, node: Node) -> None:
        self.unknown_name(node)
        if node.parent is not None and node.parent.type in _PATTERNS:
            self.taken_out(node)
        if any(isinstance(value, Ref) and value.name == "process.env" for value in self.evaluator.values(node)):
            self.whole_environment(node)  # `const {env} = process; show(env)`
        self.handing.see(node)

    def this(self, node: Node) -> None:
        if node.parent is not None and node.parent.type == "return_statement":
            self.handing.see(node)

    def unknown_name(self, node: Node) -> None:
        """A wrapped server may have put anything where the program declares nothing."""
        if self.profile is None:
            return
        name = name_of(self.tree, node)
        if node.scope.find(name) is not None or self.is_target(node):
            return
        if self.evaluator.free(name) is ANY and name not in ("undefined", "arguments"):
            self.opaque(node, "js-unknown-name", f"uses {name}, which nothing declares")

    def pattern(self, node: Node) -> None:
        dynamic.check_pattern(self, node)

    def taken_out(self, node: Node) -> None:
        """`const {env: {TOKEN}} = process`: a name in a pattern is a variable that is read."""
        for value in self.evaluator.values(node):
            if isinstance(value, Ref) and value.name.startswith("process.env."):
                found = data.variable_effects(self.site(node, value.name, []), (Text((value.name[len("process.env.") :] or None,)),))
                self.add(node, [one for one in found if all(one.resource != seen.resource for _, seen in self.effects)])

    # ---------------------------------------------------------------------------------------------------------- other statements

    def import_statement(self, node: Node) -> None:
        specifier = imports.specifier_of(self.program, node, typed=self.typed)
        if specifier is not None:
            self.imported(node, specifier, self.modules, as_data=imports.is_data(self.program, node))
            if self.importer and node.type == "export_statement" and not library.is_pure(library.module(specifier)):
                self.opaque(node, "js-handed-on", f"hands {specifier} on to whoever imports it")

    def imported(self, node: Node, specifier: str, modules: imports.Modules | None, *, as_data: bool = False) -> None:
        span = self.tree.span(node)
        self.add(node, imports.effects(specifier, span, self.facts, modules=modules, importer=self.importer, as_data=as_data))

    def assignment(self, node: Node) -> None:
        left, right = node.field("left"), node.field("right")
        if left is not None and right is not None:
            patching.check_assignment(self, left, right)
            dom.check_assignment(self, left, right)

    def with_statement(self, node: Node) -> None:
        self.opaque(node, "js-with", "uses `with`, which changes what every name means")

    def decorator(self, node: Node) -> None:
        """What a decorator gives takes the place of a member, whatever that is called."""
        self.lost.add(None)

    def string(self, node: Node) -> None:
        dynamic.check_string(self, node)


def _is_callee(node: Node) -> bool:
    use = node.parent
    return use is not None and node in (use.field("function"), use.field("constructor"))


_PATTERNS = frozenset({"pair_pattern", "pair", "object_assignment_pattern", "assignment_pattern", "array_pattern", "object"})

_VISITS = {
    "call_expression": Walk.call,
    "new_expression": Walk.call,
    "member_expression": Walk.member,
    "subscript_expression": Walk.subscript,
    "identifier": Walk.identifier,
    "this": Walk.this,
    "shorthand_property_identifier": Walk.identifier,
    "shorthand_property_identifier_pattern": Walk.taken_out,
    "object_pattern": Walk.pattern,
    "import_statement": Walk.import_statement,
    "export_statement": Walk.import_statement,
    "assignment_expression": Walk.assignment,
    "augmented_assignment_expression": Walk.assignment,
    "with_statement": Walk.with_statement,
    "decorator": Walk.decorator,
    "string": Walk.string,
}
