"""What is known of libraries, as data: one line per callable, in the tables of the modules beside this one.

A line is `name(parameters) = effects -> result`, for example

    os.rename(src, dst) = fs.delete src; fs.write dst
    requests.get(url) = http.get url -> requests.Response
    sqlite3.connect(database) = fs.write database -> sqlite3.Connection(database)

- effects: `kind resource`, where the kind is one of `guard.model.Kind` or a verb of `guard.analyse.python.rows`, and the resource a
  parameter, `self` (what the object stands for), `host:port` (two parameters, or a parameter and a number), `"a literal"`, or `*` (not
  known). A folder is written `name/`. `pure`: none. `may` before a kind: it does not happen on every call. `!name`: a function of
  `guard.analyse.python.special`.
- result: a class with, in brackets, the parameter that its `resource` is; `=name` gives that argument back, `&name`
  is the thing of that name.
- A name has one line, in the table of its library: a second one would win, or lose, in silence.
- `Class.*` stands for the methods without a line of their own; `Class < Base` inherits Base's lines; `name => other` is another name.
- `[module] pure` or `[module] opaque` says what a name without a line is in that module and below it; a library
  that has lines and no such word is opaque.
- Names joined by "|" share a line (and the class or module of the first); a line that ends in "|" goes on in the next.
- `@py-rule` is the rule id of the lines below it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache

from guard.analyse.python.knowledge import (
    acting,
    cloud,
    data,
    databases,
    documents,
    frameworks,
    inner,
    pure,
    screens,
    services,
    stdlib,
    system,
    web,
)

_PARTS = (stdlib, system, web, databases, data, documents, screens, cloud, acting, inner, frameworks, services)
TABLES = tuple(part.TABLE for part in _PARTS)


NO_MODULES = frozenset({"db", "pypath", "Path"})
"""First words of class names that the tables make up: nothing that can be imported."""


@dataclass(frozen=True, slots=True)
class Does:
    """One effect of a callable: `verb` on `args`."""

    verb: str
    args: tuple[str, ...]
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """What is known of one callable."""

    name: str
    rule: str
    params: tuple[str, ...]
    does: tuple[Does, ...]
    result: str = ""
    resource: str = ""
    """The parameter that becomes the result's resource."""

    @property
    def effectful(self) -> bool:
        return bool(self.does)

    @property
    def makes(self) -> bool:
        """Whether it gives an object of a class."""
        return self.result[:1] not in ("", "=", "&")


@dataclass(slots=True)
class Index:
    """All tables, by name; rows are parsed when they are first asked for."""

    lines: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Dotted name -> (rule, line)."""
    bases: dict[str, tuple[str, ...]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    modules: dict[str, str] = field(default_factory=dict)
    rules: list[str] = field(default_factory=list)
    methods: dict[str, list[str]] = field(default_factory=dict)
    """Last part of a name -> dotted names of class methods called so."""

    def take(self, table: str) -> None:
        for rule, line in entries(table):
            if rule not in self.rules:
                self.rules.append(rule)
            if line.startswith("["):
                names, _, default = line[1:].partition("]")
                for name in names.split():
                    self.modules[name] = default.strip()
            elif " => " in line:
                name, _, other = line.partition(" => ")
                self.aliases[name.strip()] = other.strip()
            elif " < " in line and "=" not in line:
                name, _, parents = line.partition(" < ")
                self.bases[name.strip()] = tuple(parents.replace(",", " ").split())
            else:
                self._line(rule, line)

    def _line(self, rule: str, line: str) -> None:
        for full in names_of(line):
            self.lines[full] = (rule, line)
            owner, _, name = full.rpartition(".")
            if owner.rpartition(".")[2][:1].isupper():
                self.methods.setdefault(name, []).append(full)


def entries(table: str) -> Iterator[tuple[str, str]]:
    """What a table says, each with the rule that it stands under."""
    rule = ""
    for raw in table.replace("|\n    ", "|").splitlines():
        line = raw.strip()
        if line.startswith("@"):
            rule = line[1:]
        elif line and not line.startswith("#"):
            yield rule, line


def names_of(line: str) -> list[str]:
    """The names that share a line."""
    head, _, _ = line.partition(" = ")
    first, *others = head.partition("(")[0].strip().split("|")
    stem = first.rpartition(".")[0]
    return [first, *(f"{stem}.{other}" for other in others)]


@cache
def index() -> Index:
    """The tables, read once per process."""
    built = Index()
    for name in sys.stdlib_module_names:
        built.modules[name] = "opaque"
    for name in pure.STDLIB.split():
        built.modules[name] = "pure"
    for name in pure.LIBRARIES.split():
        built.modules[name] = "pure"
    for table in TABLES:
        built.take(table)
    for name in built.lines:
        top = name.partition(".")[0]
        if top not in NO_MODULES:
            built.modules.setdefault(top, "opaque")
    return built


@lru_cache(maxsize=1 << 14)
def canonical(name: str) -> str:
    """The name under which the tables know a thing (`io.open` is `builtins.open`)."""
    aliases = index().aliases
    for _ in range(4):
        if name in aliases:
            name = aliases[name]
            continue
        head, dot, tail = name.rpartition(".")
        while dot and head not in aliases:
            head, dot, more = head.rpartition(".")
            tail = f"{more}.{tail}"
        if not dot:
            return name
        name = f"{aliases[head]}.{tail}"
    return name


@lru_cache(maxsize=1 << 14)
def row(name: str) -> Row | None:
    """The line of a callable, by its canonical dotted name."""
    found = index().lines.get(name)
    return _parse(name, *found) if found else None


@lru_cache(maxsize=1 << 14)
def method(cls: str, name: str) -> Row | None:
    """The line of a method of a class: its own, an inherited one, or the class's `*`."""
    seen = _lineage(cls)
    for one in seen:
        if found := row(f"{one}.{name}"):
            return found
    for one in seen:
        if found := row(f"{one}.*"):
            return found
    return None


@cache
def _lineage(cls: str) -> tuple[str, ...]:
    order = [cls]
    for one in order:
        order.extend(base for base in index().bases.get(one, ()) if base not in order)
    return tuple(order)


@lru_cache(maxsize=1 << 14)
def default(name: str) -> str:
    """What a module, or a name in one, is without a line of its own: "pure", "opaque" or "" (a module that nobody knows)."""
    modules = index().modules
    module = name
    while module and module not in modules:
        module = module.rpartition(".")[0]
    standing = modules.get(module, "")
    return "opaque" if standing == "pure" and _PRIVATE.search(name, len(module)) else standing


_PRIVATE = re.compile(r"\._(?!_)\w")
"""What a library keeps to itself is not what was looked at when it was said to compute."""


@lru_cache(maxsize=1 << 14)
def is_foreign(library: str) -> bool:
    """Whether this is the top-level name of a library, not of Python's own, that computes as a rule."""
    return library not in sys.stdlib_module_names and default(library) == "pure"


@lru_cache(maxsize=1 << 14)
def is_module(name: str) -> bool:
    """Whether a dotted name is a module or package of the tables."""
    return name in index().modules


def _parse(name: str, rule: str, line: str) -> Row:
    head, _, body = line.partition(" = ")
    _, _, params = head.partition("(")
    effects, _, result = body.partition(" -> ")
    result, _, resource = result.strip().partition("(")
    return Row(
        name=name,
        rule=rule,
        params=tuple(param.strip() for param in params.rstrip(") ").split(",") if param.strip()),
        does=tuple(_does(effect) for effect in _effects(effects)),
        result=result.strip(),
        resource=resource.rstrip(")").strip(),
    )


def _effects(text: str) -> list[str]:
    """What a line says between its name and its result, piece by piece."""
    return [effect for effect in text.split(";") if effect.strip() != "pure"]


def _does(effect: str) -> Does:
    words = effect.split()
    certain = words[0] != "may"
    words = words if certain else words[1:]
    if '"' in effect:
        return Does(words[0], (effect.split('"')[1],) if words[0] in ("opaque", "answer") else tuple(words[1:]), certain)
    return Does(words[0], tuple(words[1:]), certain)


@lru_cache(maxsize=1 << 14)
def lookup(name: str) -> Row | None:
    """The line for a dotted name: its own, its class's, or the nearest `*` above it that is nearer than the module's default."""
    if found := row(name):
        return found
    owner, _, last = name.rpartition(".")
    if owner and (found := method(owner, last)):
        return found
    made = row(owner) or _one_of(owner)
    if made is not None and made.result and (found := method(made.result, last)):
        return found  # `socket.socket.connect`, where a socket's class has another name here
    while owner:
        if (above := row(owner)) is not None and not above.effectful:
            return above  # what hangs on a harmless value (`sys.platform.startswith`)
        if is_module(owner):
            return None
        owner = owner.rpartition(".")[0]
        if owner and (found := row(owner + ".*")):
            return found
    return None


def _one_of(name: str) -> Row | None:
    """The line of the things of a module that are objects of one class (`palettable.tableau.* = pure -> palettable.Palette`)."""
    every = row(name.rpartition(".")[0] + ".*")
    return every if every is not None and every.makes and not every.effectful else None


@lru_cache(maxsize=1 << 14)
def is_effectful(name: str) -> bool:
    """Whether using the thing of this name could have an effect (or is not known)."""
    name = canonical(name)
    found = lookup(name)
    if found is not None:
        return found.effectful
    return default(name) == "opaque" and not is_module(name)


@cache
def effectful_modules() -> frozenset[str]:
    """Top-level modules of the standard library in which something has an effect."""
    tops = {name.partition(".")[0] for name, (_, line) in index().lines.items() if _effects(line.partition(" = ")[2].partition(" -> ")[0])}
    return frozenset(tops & sys.stdlib_module_names)


@cache
def _insides() -> frozenset[str]:
    return frozenset(
        ".".join(name.split(".")[:depth]) for name in (*index().lines, *index().modules) for depth in range(1, name.count(".") + 1)
    )


@lru_cache(maxsize=1 << 14)
def is_known_inside(name: str) -> bool:
    """Whether the tables have lines or modules below this dotted name."""
    return name in _insides() or is_module(name)


@cache
def _makers() -> dict[str, set[str]]:
    """Class -> top-level modules whose lines give such an object."""
    makers: dict[str, set[str]] = {}
    for name, (_, line) in index().lines.items():
        result = line.rpartition(" -> ")[2].partition("(")[0].strip() if " -> " in line else ""
        if result and result[0] not in "=&":
            for one in _lineage(result):
                makers.setdefault(one, set()).add(name.partition(".")[0])
    return makers


def loose(name: str, imported: set[str] | None) -> tuple[Row, ...]:
    """Effectful methods of this name in classes whose objects the imported libraries (None: any library) make."""
    if name not in index().methods:
        return ()
    return _loose(name, frozenset(imported) if imported is not None else None)


@lru_cache(maxsize=1 << 14)
def _loose(name: str, imported: frozenset[str] | None) -> tuple[Row, ...]:
    found = []
    for full in index().methods[name]:
        owner = full.rpartition(".")[0]
        tops = _makers().get(owner, set()) | {owner.partition(".")[0]}
        one = row(full)
        if (imported is None or tops & imported) and one is not None and one.effectful:
            found.append(one)
    return tuple(found)


@lru_cache(maxsize=1 << 10)
def lends(cls: str, prefix: str) -> bool:
    """Whether a library class has a method with an effect whose name begins so, or is not known."""
    made = row(cls)
    owners = _lineage(made.result if made is not None and made.result and made.result[0] not in "=&" else cls)
    if any((every := row(f"{owner}.*")) is not None and every.effectful for owner in owners):
        return True
    return any(
        name.startswith(prefix) and full.rpartition(".")[0] in owners and is_effectful(full)
        for name, names in index().methods.items()
        for full in names
    )


@lru_cache(maxsize=1 << 14)
def harmless_name(name: str) -> bool:
    """Whether a name of a library is by its form a constant or an exception class."""
    last = name.rpartition(".")[2]
    return (
        last.isupper()
        or last.endswith(("Error", "Exception", "Warning"))
        or (last.startswith("__") and last.endswith("__") and last in _METADATA)
    )


_METADATA = {"__version__", "__name__", "__doc__", "__file__", "__author__", "__all__", "__path__", "__annotations__"}
