"""Canonical names of libraries and their members, and what is known of each: a lookup over the tables in `tables` and `packages`.

A canonical name is dotted and has no prefix: `fs.readFile` stands for `require("node:fs").readFileSync`, `fs/promises` and
`fs.promises.readFile` alike. A call's result is its name and `()`: `pg.Client().query`.
"""

from __future__ import annotations

import re

from guard.analyse.javascript.packages import ALIASES, LIBRARIES, PARTS, PURE_PACKAGES, SDKS, STD, SUBTREES, TEMPLATING
from guard.analyse.javascript.tables import BUILTIN_MODULES, EFFECTFUL_GLOBALS, GLOBALS, PURE_GLOBALS, PURE_MODULES

REQUIRE = frozenset(
    {
        "require", "module.require", "require.main.require", "process.mainModule.require", "process.getBuiltinModule",
        "jest.requireActual", "jest.requireMock", "jest.createMockFromModule", "jest.jest.requireActual", "vi.importActual",
        "@jest/globals.jest.requireActual", "@jest/globals.jest.requireMock", "@jest/globals.jest.createMockFromModule",
        "vi.importMock", "vitest.vi.importActual", "vitest.vi.importMock", "vitest.vitest.importActual", "vitest.vitest.importMock",
    }
)  # fmt: skip
"""Functions that give the module which they are told the name of."""
PASSED_ON = frozenset(
    [
        "util.promisify",
        "pify",
        "promisify",
        "universalify.fromCallback",
        "universalify.fromPromise",
        "thenify",
        "util.callbackify",
        "Promise.resolve",
        "Object.freeze",
        "Object.create",
        "Object",
    ]
)
"""Functions that give back what they are given."""


def _full(library: str, name: str) -> str:
    """The canonical name of a row: "()" is the library itself when it is called, "()x" goes on from what that gives."""
    if name in ("()", "()()"):
        return library + name[2:]
    return library + name if name.startswith("()") else f"{library}.{name}"


SINKS: dict[str, str] = {
    _full(library, name): spec
    for table in (GLOBALS, LIBRARIES)
    for library, rows in table.items()
    for spec, names in rows.items()
    for name in names.split()
}
"""Canonical name -> the spec of what a call of it does (see `sinks.SPECS`)."""

PREFIXES = frozenset(
    prefix
    for name in (*SINKS, *ALIASES)
    for prefix in (name[:at] for at in range(1, len(name)) if name[at] == "." or name.startswith("()", at))
)

COMPUTING = PURE_MODULES | PURE_PACKAGES
REPL_GLOBALS = frozenset(
    name
    for name in BUILTIN_MODULES | PURE_MODULES
    if name.isidentifier()
    and name not in ("module", "process", "test", "console", "constants", "domain", "events", "stream", "buffer", "sea")
) | {
    "shelljs",
    "execa",
    "superagent",
    "got",
    "rimraf",
}
"""Modules that Node's REPL and `-e` have as globals, and names that fragments use for well-known packages."""

_VERSION = re.compile(r"(?<=[^/])@[\w.^~*<>=|+-]+(?=/|$)")
_SPECIFIER = re.compile(r"(?:bun:)?@?[\w$.-]*[\w-][\w$.-]*(?:/[\w$.-]*[\w-][\w$.-]*)*")
"""A name without anything that leads elsewhere: no `..`, no empty step, no `%2e`."""
_REMOTE_STD = re.compile(r"https://deno\.land/std(?:@[\w.]+)?/(?!dotenv/load)([a-z_]+)(?:/[\w-]+(?:\.[\w-]+)*)*/?")
RUNNERS = frozenset({"jest", "mocha", "vitest", "ava"})
"""Packages whose other modules run what they find."""
PROGRAMS = frozenset({"bin", "cli", "register"})
"""Parts of packages that are programs, or change how modules are loaded."""


def is_global(name: str) -> bool:
    return name in EFFECTFUL_GLOBALS or name in PURE_GLOBALS


def module(specifier: str) -> str:
    """The canonical name of an imported module; "unknown" if the tables do not have it."""
    remote = _REMOTE_STD.fullmatch(specifier)
    if remote:
        return _std(remote.group(1))
    source = next((prefix for prefix in ("node:", "npm:", "jsr:", "bun:") if specifier.startswith(prefix)), "")
    name = _VERSION.sub("", specifier[len(source) :].removeprefix("/") if source in ("npm:", "jsr:") else specifier.removeprefix("node:"))
    if not _SPECIFIER.fullmatch(name) or not _comes_from(source, name):
        return "unknown"
    if name.startswith("@std/dotenv/load"):
        return "unknown"  # loading it reads .env into the environment
    if name.startswith("@std/"):
        return _std(name[5:].split("/")[0])
    if name in PARTS:
        return "unknown"
    if name in ALIASES:
        return ALIASES[name]
    if is_known(name):
        return name
    head = "/".join(name.split("/")[: 2 if name.startswith("@") else 1])
    if head in PURE_PACKAGES and head not in RUNNERS and PROGRAMS.isdisjoint(name.split("/")):
        below = f"{head}.{name[len(head) + 1 :].removesuffix('.js')}"
        return below if below in SINKS else head
    return "unknown"


def _comes_from(source: str, name: str) -> bool:
    """Whether a name of the tables is meant: `npm:fs` is no builtin, and `npm:@std/fs` and `jsr:lodash` are somebody else's."""
    builtin = name in BUILTIN_MODULES or name in PURE_MODULES
    if source == "node:":
        return builtin
    if source == "npm:":
        return not name.startswith("@std/") and (not builtin or name in PURE_PACKAGES)
    return source != "jsr:" or name.startswith("@")


def _std(package: str) -> str:
    return STD.get(package.replace("_", "-"), "unknown")


def is_known(name: str) -> bool:
    return name in PREFIXES or name in SINKS or name in BUILTIN_MODULES or name in PURE_MODULES or name in PURE_PACKAGES or name in SDKS


def member(name: str, prop: str) -> str:
    """The canonical name of a member."""
    if prop == "default":
        return name
    if prop == "template" and (head := root(name)) in TEMPLATING:
        return f"{head}.template"  # of a chain, too
    full = f"{name}.{prop}"
    found = ALIASES.get(full)
    if found is not None:
        return found
    if name.endswith("()") and full not in SINKS and (fluent := _of_same_object(name, prop)) is not None:
        return fluent
    if prop.endswith("Sync") and full not in SINKS and full[:-4] in SINKS:
        return full[:-4]
    return full


def _of_same_object(name: str, prop: str) -> str | None:
    """What a harmless method gives is often its object again: `sharp(a).resize(9).toFile(b)`."""
    made = name.rfind("()", 0, -2)
    while made > 0:
        found = f"{name[: made + 2]}.{prop}"
        if found in SINKS and SINKS.get(name[:-2]) == "pure":
            return found
        made = name.rfind("()", 0, made)
    return None


def root(name: str) -> str:
    """The module or global that a canonical name starts with."""
    at = len(name)
    while at > 0:
        head = name[:at]
        if head in PURE_PACKAGES or head in PURE_MODULES or head in BUILTIN_MODULES or head in SDKS or head in EFFECTFUL_GLOBALS:
            return head
        at = name.rfind(".", 0, at)
        if at < 0:
            break
    return name.split(".", 1)[0].removesuffix("()")


def is_pure(name: str) -> bool:
    """Nothing that can be reached through this name has an effect that the tables do not list."""
    if name not in SINKS and root(name) in COMPUTING:
        return True
    if name in SINKS or name in PREFIXES:
        return SINKS.get(name) == "pure" and name not in PREFIXES
    at = name.rfind(".")
    while at > 0:
        above = name[:at]
        if above in SINKS or above in PREFIXES:
            if SINKS.get(above) == "pure" and above not in PREFIXES:
                return True
            break
        if above.endswith("()") and SINKS.get(above[:-2]) == "pure":
            return True
        at = name.rfind(".", 0, at)
    head = root(name)
    return head in PURE_GLOBALS or head in PURE_MODULES or head in PURE_PACKAGES


def spec(name: str) -> str | None:
    """What calling this does: a spec's name, "pure", "sdk", or None if it is not in the tables."""
    found = SINKS.get(name)
    if found is not None:
        return found
    if is_pure(name):
        return "pure"
    if name + "()" in ALIASES or (name.startswith("constructor.") and not name.split(".", 1)[1].startswith(("constructor", "_", "value"))):
        return "pure"  # `x.constructor.from(…)`: a static method; the function that makes functions has none. `value`: of a descriptor
    head = root(name)
    if head in SDKS:
        return "sdk"
    return next((spec for prefix, spec in SUBTREES.items() if name.startswith(prefix)), None)


def result(name: str) -> str | None:
    """The canonical name of what a call gives back, if anything is known about that."""
    full = name + "()"
    if full in ALIASES:
        return ALIASES[full]
    if full in PREFIXES or root(name) in SDKS or (SINKS.get(name) == "pure" and "()." in name):
        return full
    return None


def binds(name: str) -> bool:
    """Whether this is the `bind` of a function, and not a library's or a class's own, which gives back what cannot be told."""
    holder = name.removesuffix(".bind")
    return holder != name and holder not in COMPUTING and not holder.startswith("async_hooks.Async")


def takes_base(name: str) -> bool:
    """Whether what the call gives back remembers the address it was made with."""
    return name + "()" in PREFIXES or name + "()" in ALIASES
