"""Python: from source text to effects, by abstract interpretation of its syntax tree. Nothing of the program is ever run.

`parse` refuses what cannot be read safely. The interpreter is one class in layers, each upon the next: `statements` (runs a program),
`control` (flow), `definitions` (functions, classes, imports), `bindings` (assignment), `expressions`, `operators`, `call_sites`, `names`,
`setting` (of attributes), `calls`, `hooks` (methods that others call), `losing` (values that nobody follows), `invocation` (of the
program's own functions), `rows` (what a line of the tables does), `state` (values into resources).
`outside` watches what functions took from outside themselves, so that they are read again where that changes, and only there.
`readings` says whether a call that was read would be read in the same way by now, `late` works out what generators and their like hold
when somebody goes through them.
`filling` is about texts that values are put into, `origins` about what the program says and what it finds, `knowledge` says what
libraries do, `special` has the few callables that a table cannot describe.
"""

from __future__ import annotations

import ast
import hashlib
import re

from guard.analyse import Examined
from guard.analyse.python import special
from guard.analyse.python.hooks import MayChange
from guard.analyse.python.parse import Unreadable, hidden, parse
from guard.analyse.python.state import HasArguments, TooMuch
from guard.analyse.python.statements import Interpreter
from guard.analyse.python.vocabulary import COMPUTE
from guard.model import RUN, Effect, Facts, Kind

_CALM = (
    "name main init future str repr eq ne lt le gt ge hash bool len iter next contains getitem setitem post_init enter exit slots "
    "add sub mul truediv floordiv mod pow neg abs radd rsub rmul rpow iadd isub imul and or xor matmul int float index call all doc "
    "delitem missing reversed length_hint copy deepcopy format bytes complex round trunc floor ceil pos invert divmod lshift rshift "
    "rtruediv rfloordiv rmod rdivmod rmatmul rand ror rxor rlshift rrshift itruediv ifloordiv imod ipow imatmul iand ior ixor ilshift "
    "irshift author version date license copyright email credits status maintainer"
)
"""Names between double underscores under which a program defines what its own objects do, and which lead to nothing else."""

_NAMES_FILES = re.compile(
    r"\b(?:open|os|io|pathlib|shutil|glob|codecs|subprocess|requests|urllib|pandas|numpy|read\w*|load\w*|eval|exec|testfile|FileType"
    rf"|__(?!(?:{_CALM.replace(' ', '|')})__)\w+__)\b"
)
"""What a program that opens anything says somewhere, unless it imports something that opens files under other names."""

assert special  # registers the functions that the tables name


def analyse(code: str, facts: Facts, depth: int = 0, argument: str = "") -> tuple[Effect, ...]:
    """The effects of a Python program, without `compute` and `answer`."""
    return examine(code, facts, depth).effects


def examine(code: str, facts: Facts, depth: int = 0) -> Examined:
    """The effects of a Python program, the modules that it imports, and the workspace modules that were read with it."""
    bare, foreseeing = True, False
    tree: ast.Module | None = None
    while True:  # each of the two says so once at most
        run = Interpreter(facts, depth)
        run.bare, run.foreseeing = run.bare and bare, foreseeing
        try:
            return _examined(run, code, depth, tree)
        except HasArguments:
            bare = False
        except MayChange:
            foreseeing = True
        finally:
            tree = run.tree
            run.forget()


def _examined(run: Interpreter, code: str, depth: int, tree: ast.Module | None = None) -> Examined:
    run.careful = _NAMES_FILES.search(code) is not None or not _computes(code)
    try:
        if (unseen := hidden(code)) is not None:
            run.opaque(None, unseen, "py-unreadable")
        run.program(tree or parse(code, () if depth else run.facts.earlier))
    except Unreadable as error:
        return Examined(effects=(*run.effects_found(), _opaque(str(error))))
    except (TooMuch, RecursionError, MemoryError):
        found = run.effects_found()
        return Examined(effects=(*found, _opaque("is too large or too nested to be analysed whole")), imports=tuple(run.imports))
    return Examined(
        effects=run.effects_found(),
        imports=tuple(run.imports),
        modules=tuple(sorted((path, hashlib.sha256(source.encode()).hexdigest()) for path, source in run.modules_used.items())),
    )


def _computes(code: str) -> bool:
    """Whether the imports in a program's text are all of modules that open nothing."""
    at = code.find("import")
    while at >= 0:
        before = code[code.rfind("\n", 0, at) + 1 : at].rpartition(";")[2].split()
        line = code[at + 6 : at + 400].partition("\n")[0].partition(";")[0]
        names = before[-1:] if before[-2:-1] == ["from"] else [(name.split() or ["?"])[0] for name in line.split(",")]
        if not all(name.partition(".")[0] in COMPUTE for name in names):
            return False
        at = code.find("import", at + 6)
    return True


def _opaque(note: str) -> Effect:
    return Effect(kind=Kind.OPAQUE, resource=RUN, exact=False, certain=False, rule="py-unreadable", note=note)
