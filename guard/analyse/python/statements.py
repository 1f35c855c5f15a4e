"""The interpreter: runs a module, statement by statement, then every function that nothing called.

What that misses is caught by the net: a library function that is handed on and never seen called becomes an effect of its own.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from guard.analyse.profile import Form
from guard.analyse.python import knowledge, walks
from guard.analyse.python.control import ControlFlow
from guard.analyse.python.parse import nodes
from guard.analyse.python.stowing import says_steps
from guard.analyse.python.values import Args, Function, Instance, Object
from guard.analyse.python.vocabulary import LEADING

MOST_NESTED = 64
"""Functions defined in functions that nothing called, and so on."""


class Interpreter(ControlFlow):
    """Reads one program."""

    __slots__ = ()

    # ------------------------------------------------------------------------------------------------------------- program

    def program(self, tree: ast.Module) -> None:
        """Run the module, then what was defined and never called, then what was handed on and never seen called."""
        self.tree = tree
        self.hooked = self.careful and walks.hooks(tree)
        self.spelt = self.careful and says_steps(tree)
        if self.profile is not None:
            self.called_names.update(one.func.id for one in nodes(tree) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name))
        self.block(tree.body)
        self.rest()
        self.once_more()
        self.net()
        self.come_back()

    def rest(self) -> None:
        """Functions that nothing called, and those that got out of sight: somebody may."""
        found = set[tuple[int, int]]()
        for _ in range(MOST_NESTED):
            hooks = self.hooks_by_now()
            unseen = [hook for key, hook in hooks.items() if key not in found]
            found.update(hooks)
            if unseen:
                self.call_unseen(unseen)
            waiting = [func for func in self.functions if id(func.node) not in self.reached]
            by_now = self.lost_by_now()
            lost = [value for key, value in by_now.items() if key not in found]
            if not waiting and not lost and not unseen:
                break
            for func in waiting:
                self._uncalled(func)
            found.update(by_now)
            for value in lost:
                self.lose_functions(self.call(value, Args(more=True), ast.Pass()))

    def _uncalled(self, func: Function) -> None:
        if id(func.node) in self.reached:
            return
        receiver = Object(func.owner) if func.owner is not None and func.kind != "static" else None
        if self.profile is not None and self.profile.form is Form.UNKNOWN and not func.escaped and _takes_something(func.node.args):
            self.opaque(func.node, f"defines {func.name}, which the server may call with its tools")
        target = func.bound(receiver if func.kind != "class" or func.owner is None else func.owner) if receiver is not None else func
        scope, self.scope = self.scope, func.scope
        try:
            self.invoke(target, Args(more=func.escaped), ast.Pass() if func.origin else func.node)
        finally:
            self.scope = scope

    def net(self) -> None:
        """Library functions that were handed on and never seen called, and objects that were made and never seen used."""
        certain, self.around.certain = self.around.certain, False
        for name, node in self.mentioned.items():
            if name in self.called and not self.by_name.get(name):
                continue
            row = knowledge.lookup(name)
            if row is None:
                what = "the module " if knowledge.is_module(name) else ""
                self.opaque(node, f"hands on {what}{name}, and what happens to it is not seen")
            elif row.name not in self.called or self.by_name.get(name):
                self.apply(row, Args(more=True), node, None)
        for name in self.relied.keys() & self.asked:
            self.opaque(self.relied[name], f"reads an attribute whose name it computes of what {name} is given")
        if self.walked is not None and (self.unseen or self.asked & LEADING or walks.bound_again(self.tree, self.raised)):
            self.opaque(self.walked, "takes all that is in something that is not known, and calls what is not known", "py-internals")
        for cls, (row, node) in self.latent.items():
            if cls not in self.spoken:
                self.apply(row, Args(), node, Instance(cls))
        self.around.certain = certain

    # -------------------------------------------------------------------------------------------------------------- blocks

    def block(self, body: list[ast.stmt]) -> bool:
        """Run statements; True if the end is not reached (return, raise, break, continue)."""
        ended = False
        for node in body:
            if _STATEMENTS[type(node)](self, node):
                ended = True
        return ended

    def on_Expr(self, node: ast.Expr) -> None:
        self.value(node.value)

    def on_Assert(self, node: ast.Assert) -> None:
        self.value(node.test)
        if node.msg is not None:
            self.value(node.msg)


_STATEMENTS: dict[type[ast.stmt], Callable[[Interpreter, Any], bool | None]] = {
    kind: getattr(Interpreter, f"on_{kind.__name__}", lambda run, node: None) for kind in ast.stmt.__subclasses__()
}


def _takes_something(given: ast.arguments) -> bool:
    """Whether a function is handed anything besides its object."""
    names = [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return bool(given.vararg or given.kwarg or [name for name in names if name not in ("self", "cls")])
