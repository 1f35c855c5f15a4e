"""Searches of folders -> the paths that they can give: names of entries, and what a pattern can match. Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable

from guard import path_rules
from guard.analyse.javascript.values import ANY, HOLE, Array, Object, Text, Value, Values, elements, merged, texts
from guard.model import Facts

ENTRY = Object({"name": (Text(("./", None)),)}, True, "an entry of a folder")
"""What a listing with types gives: a name, and methods."""


def listing(arguments: list[Values], cwd: str) -> Values:
    """The names in a folder, none of which leads out of it; or its entries."""
    asked = arguments[1] if len(arguments) > 1 else ()
    plain = all(isinstance(value, Object) and not value.open for value in asked)
    typed = any(isinstance(value, Object) and "withFileTypes" in value.properties for value in asked)
    return (Array((), True, (ENTRY,) if typed else (Text(("./", None)),)),) if plain else ANY


def dirents(arguments: list[Values], cwd: str) -> Values:
    return (Array((), True, (ENTRY,)),)


def walked(arguments: list[Values], cwd: str) -> Values:
    """What Deno's `walk(folder)` gives: entries with paths, all below the folder."""
    return _entries(merged([*folder.pieces, "/", None]) for folder in texts(arguments[0] if arguments else ANY))


def expanded(arguments: list[Values], cwd: str) -> Values:
    """What Deno's `expandGlob(pattern, {root})` gives: entries, all below what the pattern begins with."""
    options = arguments[1] if len(arguments) > 1 else ()
    if not arguments or not all(isinstance(value, Object) and not value.open for value in options):
        return ANY
    given = tuple(one for value in options if isinstance(value, Object) for one in value.properties.get("root", ()))
    roots = texts(given) if given else (Text((cwd,)),)
    paths = [matched(pattern) for pattern in patterns(arguments[0])]
    return _entries(
        path if path == HOLE or path.known.startswith("/") else merged([*root.pieces, "/", *path.pieces])
        for path in paths
        for root in roots
    )


def _entries(found: Iterable[Text]) -> Values:
    """Entries with paths. What they are told apart by are the paths: of equal values only one is kept."""
    paths = tuple(dict.fromkeys(found))
    return (Array((), True, (Object({"path": paths, "name": (Text(("./", None)),)}, True, ("an entry of a walk", paths)),)),)


def basename(arguments: list[Values], cwd: str) -> Values:
    """The last part of a path, where it is known, or is the name of an entry of a folder."""
    suffix = texts(arguments[1]) if len(arguments) > 1 else (Text(("",)),)
    found: list[Text] = []
    for path in texts(arguments[0] if arguments else ANY):
        entry = len(path.pieces) > 1 and path.pieces[-1] is None and (path.pieces[-2] or "").endswith("./")
        if path.complete and all(one.complete for one in suffix):
            last = posixpath.basename(path.known.rstrip("/"))
            found.extend(Text((last.removesuffix(one.known) or last,)) for one in suffix)
        else:
            found.append(Text(("./", None)) if entry else HOLE)
    return tuple(dict.fromkeys(found))


def parsed(arguments: list[Values], cwd: str) -> Values:
    """`path.parse(path)`: of the parts, those that are names."""
    last = basename(arguments[:1], cwd)
    name = last if all(not value.complete for value in last if isinstance(value, Text)) else ANY
    return (Object({"base": last, "name": name}, True, ("a parsed path", last, name)),)


def globbed(arguments: list[Values], cwd: str) -> Values:
    """The paths that patterns match: each begins as its pattern does before its first wildcard."""
    if not arguments or not all(_only_narrows(value) for options in arguments[1:] for value in options):
        return ANY
    return (Array((), True, tuple(dict.fromkeys(matched(pattern) for pattern in patterns(arguments[0])))),)


def patterns(values: Values) -> tuple[Text, ...]:
    """What a search is given: one pattern, or an array of them."""
    return texts(tuple(one for value in values for one in (elements((value,)) if isinstance(value, Array) else (value,))))


NARROWING = frozenset({"ignore", "nodir", "dot", "onlyFiles", "nocase", "maxDepth", "deep", "unique", "gitignore", "followSymbolicLinks"})
"""Options of a search that leave its paths what the pattern says."""


def _only_narrows(value: Value) -> bool:
    return isinstance(value, Object) and not value.open and value.properties.keys() <= NARROWING


def matched(pattern: Text) -> Text:
    """What a path that the pattern matches can be. Alternatives that may begin elsewhere (`{/etc,a}/*`) could be anything."""
    if not pattern.complete or leads_elsewhere(pattern.known):
        return HOLE
    return Text((_before_wildcard(pattern) or "./", None))


def leads_elsewhere(pattern: str) -> bool:
    """Whether a pattern can match what does not lie where the pattern begins."""
    return _ELSEWHERE.search(pattern) is not None


_ELSEWHERE = re.compile(r"[{(|,][^*]*/|\.\.|\\|\[[.:=!^]|[!*+?]\(")
"""Alternatives that may begin elsewhere, steps up, and what spells a name otherwise than it is read: escapes, classes, repetitions."""
_GROUP = re.compile(r"(?:\{|@\()([^{}()]*)[})]")
MOST_ALTERNATIVES = 64
MOST_WILDCARDS = 6
"""More of them in one name are not matched against anything: that would take too long."""


def asks_for_secrets(pattern: str, facts: Facts) -> bool:
    """Whether a pattern is made for files that hold secrets: `**/.env`, `.ssh/*`, `id_rsa*`, `*.pem`. One for all files, or for all of a
    kind that is not secret, is none, though there may be secrets among what it matches."""
    if pattern.startswith("!") and not pattern.startswith("!!"):
        return False  # what a search leaves out
    plain = alternatives(pattern.lstrip("!"))
    return not plain or any(_one_asks_for_secrets(one, facts) for one in plain)


def alternatives(pattern: str) -> list[str]:
    """A pattern without choices: `a.{b,c}` is two; none if there are too many of them."""
    todo, plain = [pattern], list[str]()
    while todo and len(todo) + len(plain) < MOST_ALTERNATIVES:
        one = todo.pop()
        group = _GROUP.search(one)
        if group is None:
            plain.append(re.sub(r"\[[^]]*\]", "?", one))
        else:
            todo.extend(one[: group.start()] + choice + one[group.end() :] for choice in re.split("[,|]", group[1]))
    return [] if todo else plain


def _one_asks_for_secrets(pattern: str, facts: Facts) -> bool:
    fillings = ("", "x") if re.search(r"[*?]", pattern) else ("",)
    if any(path_rules.is_secret(path_rules.canonical_path(re.sub(r"[*?]+", one, pattern), facts), facts) for one in fillings):
        return True
    steps = [re.sub(r"[*?]*\*[*?]*", "*", step) for step in pattern.split("/")]
    if any(step.count("*") > MOST_WILDCARDS for step in steps):
        return True
    for secret in facts.secret_patterns or path_rules.DEFAULT_SECRET_PATTERNS:
        folder, _, rest = secret.partition("/")
        if rest == "*" and any(_is_special(step) and _matches(step, folder) for step in steps[:-1]):
            return True
        tail = "/".join(steps[-1 - secret.count("/") :])
        if _is_special(steps[-1]) and _matches(tail, secret.replace("*", "")):
            return True
    return False


def _is_special(name: str) -> bool:
    """Whether a name with wildcards says more than of which kind a file is."""
    return re.search(r"[*?]", name) is not None and re.search(r"\w", name) is not None and not re.match(r"[*?]+\.", name)


def _matches(pattern: str, name: str) -> bool:
    regex = "".join("[^/]*" if c == "*" else "[^/]" if c == "?" else re.escape(c) for c in pattern)
    return re.fullmatch(regex, name, re.IGNORECASE) is not None


def _before_wildcard(pattern: Text) -> str:
    wildcard = re.search(r"[*?\[{(!+@]", pattern.known)
    start = pattern.known[: wildcard.start()] if wildcard is not None else pattern.known
    return start[: start.rfind("/") + 1]
