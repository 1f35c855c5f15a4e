"""What the interpreter remembers while it reads one program, and how effects are written down.

`Report` turns "this call does `fs.delete` to this value" into effects: a value with several alternatives becomes several effects, a
value known in part becomes a folder or host that is not exact, an unknown one becomes "anywhere".
"""

from __future__ import annotations

import ast
import dataclasses
import posixpath
import re
from collections.abc import Callable

from guard import path_rules
from guard.analyse import embedded, targets
from guard.analyse.python.values import (
    CLIMBING,
    NONE,
    UNKNOWN,
    Args,
    Class,
    Const,
    Dict,
    Function,
    Instance,
    Method,
    Partial,
    Ref,
    Scope,
    Seq,
    Text,
    Value,
    holes,
    known_text,
    options,
    parts_of,
    text,
    union,
)
from guard.model import RUN, Effect, Facts, Kind, Loop, Resource, ResourceType, Span

MAX_EFFECTS = 400
MAX_STEPS = 120_000
"""Expressions evaluated for one program; more is opaque."""

ANY_ADDRESS = "0.0.0.0"  # noqa: S104 - what an empty host means to bind()
STREAMS = frozenset(
    {"/dev/stdin", "/dev/stdout", "/dev/stderr", "/dev/null", "/dev/tty", "/dev/fd/0", "/dev/fd/1", "/dev/fd/2", "/proc/self/fd/0"}
)
"""Paths of the program's own streams, which the box gives it."""
READS = {Kind.FS_READ, Kind.SECRET_READ, Kind.ENV_READ, Kind.FS_LIST}
WRITES = {Kind.FS_WRITE, Kind.FS_CREATE, Kind.FS_SYMLINK}
_REMOTELY = {Kind.FS_READ: Kind.HTTP_GET, Kind.FS_LIST: Kind.HTTP_GET, Kind.FS_DELETE: Kind.HTTP_DELETE, Kind.SECRET_READ: Kind.HTTP_GET}
_URL = re.compile(r"(?!file:|sqlite)[A-Za-z][A-Za-z0-9+.-]+://")
"""What libraries take in the place of a path, and reach over the network; what it changes there is put."""
_ORDER = (Loop.ONE, Loop.BOUNDED, Loop.UNBOUNDED)


class TooMuch(Exception):
    """The budget for one program is used up."""


class HasArguments(Exception):
    """A program that was read as one without arguments may be given some."""


@dataclasses.dataclass(slots=True)
class Around:
    """Where in the control flow the interpreter is."""

    loop: Loop = Loop.ONE
    count: int | None = 1
    certain: bool = True

    def copy(self) -> Around:
        return Around(self.loop, self.count, self.certain)


class Report:
    """Effects found so far, and what is needed to resolve values into resources."""

    __slots__ = (
        "_inside",
        "_kinds",
        "_places",
        "around",
        "bare",
        "careful",
        "cwd",
        "depth",
        "effects",
        "facts",
        "lacking",
        "namespace",
        "news",
        "numbered",
        "origin",
        "outer_span",
        "refilled",
        "rules_seen",
        "steps",
    )

    def __init__(self, facts: Facts, depth: int) -> None:
        self.facts = facts
        self.depth = depth
        self.effects: dict[tuple[object, ...], Effect] = {}
        self.around = Around()
        self.steps = 0
        self.cwd: Value | None = None
        """What os.chdir went to; None: the workspace."""
        self.outer_span: Span | None = None
        """In a module of the workspace: the import in the program."""
        self.origin = ""
        self.rules_seen: set[str] = set()
        self._places: dict[tuple[str, bool], Resource] = {}
        """Path as the program says it, whether it is a folder -> what that is. A program says the same path again and again."""
        self._kinds: dict[tuple[Kind, str, bool], Kind] = {}
        self._inside: dict[tuple[str, str, str, Span | None], tuple[Effect, ...]] = {}
        """Language, code, database and place -> the effects of code in the program."""
        self.careful = True
        """Whether the program may name files: then loops that put texts together are followed until they do so no more."""
        self.bare = depth == 0 and not facts.profile and not facts.server
        """Whether the program is given no arguments: so it is in our box."""
        self.lacking = False
        """Whether something was made of the arguments that are not there."""
        self.namespace: Class | None = None
        """The class of what argument parsers give."""
        self.numbered = False
        """Whether what was opened by its number may be another thing later."""
        self.refilled: list[Callable[[], None]] = []
        """Containers and attributes that were looked into and changed since, each with what makes it anything."""
        self.news: list[tuple[Value | None, list[Value], list[Value]]] = []
        """The containers among them, what was in each of all those, and what came into it."""

    # ------------------------------------------------------------------------------------------------------ writing down

    def span(self, node: ast.AST | None) -> Span | None:
        if self.outer_span is not None or node is None:
            return self.outer_span
        line = getattr(node, "lineno", None)
        if line is None:
            return None
        return Span(line=line, column=node.col_offset, end_line=node.end_lineno, end_column=node.end_col_offset)  # type: ignore[attr-defined]

    def add(
        self,
        kind: Kind,
        resource: Resource,
        node: ast.AST | None,
        rule: str,
        note: str,
        *,
        exact: bool = True,
        certain: bool = True,
        taint: bool = False,
    ) -> None:
        """Write one effect down, with the loop that it is in."""
        self.rules_seen.add(rule)
        around = self.around
        span = self.span(node)
        key = (kind, resource, span.line if span else 0, span.column if span else 0)
        certain = certain and around.certain
        loop, count = around.loop, None if around.loop is Loop.ONE else around.count
        tainted = taint and (kind.startswith(("http.", "net.", "tool.")) or kind is Kind.PROC_EXEC)
        old = self.effects.get(key)
        if old is not None and (old.exact, old.certain, old.loop, old.count, old.tainted) == (exact, certain, loop, count, tainted):
            return  # read once more, and nothing is new
        if self.origin:
            note = f"{note} (in {self.origin})"
        effect = Effect(
            kind=kind,
            resource=resource,
            exact=exact,
            certain=certain,
            loop=loop,
            count=count,
            tainted=tainted,
            span=span,
            rule=rule,
            note=note,
        )
        self._merge(key, effect)

    def _merge(self, key: tuple[object, ...], effect: Effect) -> None:
        old = self.effects.get(key)
        if old is None:
            if len(self.effects) >= MAX_EFFECTS:
                raise TooMuch
            self.effects[key] = effect
            return
        if old == effect:
            return
        more = max(old, effect, key=lambda one: _ORDER.index(one.loop))
        self.effects[key] = dataclasses.replace(
            old,
            loop=more.loop,
            count=more.count if old.count == effect.count else None,
            certain=old.certain or effect.certain,
            exact=old.exact and effect.exact,
            tainted=old.tainted or effect.tainted,
        )

    def has_arguments(self) -> None:
        """The program may get arguments after all: if that was ruled out so far, it must be read again."""
        if self.bare:
            raise HasArguments

    def opaque(self, node: ast.AST | None, note: str, rule: str = "py-opaque") -> None:
        self.add(Kind.OPAQUE, RUN, node, rule, note, exact=False, certain=False)

    def take(self, effects: tuple[Effect, ...], certain: bool = True, rule: str = "") -> None:
        """Write down the effects of embedded code."""
        for effect in effects:
            if effect.kind in (Kind.COMPUTE, Kind.ANSWER):
                continue
            around = self.around
            loop = max(effect.loop, around.loop, key=_ORDER.index)
            key = (effect.kind, effect.resource, effect.span.line if effect.span else 0, effect.span.column if effect.span else 0)
            self._merge(key, dataclasses.replace(effect, loop=loop, certain=certain and effect.certain and around.certain))

    # ------------------------------------------------------------------------------------------------------------- files

    def places(self, value: Value | None, *, folder: bool = False) -> list[tuple[Resource, bool]]:
        """The files or folders that a value may name, each with whether it is exact. A standard stream is none."""
        found: list[tuple[Resource, bool]] = []
        several = [item for option in options(value if value is not None else UNKNOWN) for item in _listed(option)]
        for option in several:
            if len(several) > 1 and isinstance(option, Const) and option.value is None:
                continue  # no path: where None comes, something else is done, or an error is raised
            one = self._place(option, folder)
            if one is not None and one not in found:
                found.append(one)
        return found

    def _place(self, value: Value, folder: bool) -> tuple[Resource, bool] | None:
        if isinstance(value, Const) and isinstance(value.value, int) and not isinstance(value.value, bool):
            return None if value.value in (0, 1, 2) else (path_rules.ANYWHERE, False)
        if isinstance(value, Instance):
            if value.cls in ("io.Memory", "sys.Stream", "urllib.Response", "requests.Response", "os.Pipe"):
                return None
            return self._place(value.resource, folder) if value.resource is not None else (path_rules.ANYWHERE, False)
        known = known_text(value)
        if known is not None:
            return self._known_place(known, folder)
        if isinstance(value, Text) and value.prefix:
            if _URL.match(value.prefix):
                return path_rules.ANYWHERE, False
            return self._folder_of(value.beginning)
        return path_rules.ANYWHERE, False

    def _based(self, path: str) -> str | None:
        """A path as seen from the working folder; None if that is not known."""
        if self.cwd is None or path.startswith(("/", "~")):
            return path
        base = known_text(self.cwd)
        return None if base is None else posixpath.join(base, path)

    def _known_place(self, path: str, folder: bool) -> tuple[Resource, bool] | None:
        based = self._based(path)
        if based is None:
            return path_rules.ANYWHERE, False
        if based in STREAMS:
            return None
        if "://" in path:
            if _URL.match(path):
                return path_rules.ANYWHERE, False
            based = based.removeprefix("file://")
        found = self._places.get((based, folder))
        if found is None:
            found = self._places[based, folder] = (path_rules.folder if folder else path_rules.file)(based, self.facts)
        return found, True

    def _folder_of(self, prefix: str) -> tuple[Resource, bool]:
        based = self._based(prefix)
        if based is None or (based.startswith(("/", "~")) and "/" not in based[1:]):
            return path_rules.ANYWHERE, False
        return path_rules.folder(based[: based.rfind("/") + 1] or ".", self.facts), False

    def file_effect(self, kind: Kind, value: Value | None, node: ast.AST, rule: str, *, folder: bool = False, certain: bool = True) -> None:
        """An effect on what a value names: secret files and executable surfaces become their own kinds, and a URL is no file."""
        if isinstance(value, Const) and isinstance(value.value, int):
            self.numbered |= not (isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant))
        named = [item for option in options(value if value is not None else UNKNOWN) for item in _listed(option)]
        urls = [one for one in named if _URL.match(known_text(one) or (one.prefix if isinstance(one, Text) else ""))]
        for url in urls:
            self.http(_REMOTELY.get(kind, Kind.HTTP_PUT), url, node, rule, certain=certain)
        if len(urls) == len(named):
            return
        for resource, exact in self.places(Seq([one for one in named if one not in urls]) if urls else value, folder=folder):
            actual = self._kinds.get((kind, resource.name, exact))
            if actual is None:
                actual = self._kinds[kind, resource.name, exact] = self._kind_of(kind, resource, exact)
            self.add(actual, resource, node, rule, _FILE_NOTES[actual], exact=exact, certain=certain)

    def _kind_of(self, kind: Kind, resource: Resource, exact: bool) -> Kind:
        name = resource.name if exact else resource.name.rstrip("/") + "/?"
        if kind is Kind.FS_READ and resource != path_rules.ANYWHERE and path_rules.is_secret(name, self.facts):
            return Kind.SECRET_READ
        if kind in WRITES and resource != path_rules.ANYWHERE and path_rules.is_surface(name, self.facts):
            return Kind.FS_SURFACE
        return kind

    def variable(self, value: Value | None, node: ast.AST, rule: str) -> None:
        for option in options(value if value is not None else UNKNOWN):
            name = known_text(option)
            secret = name is not None and path_rules.is_secret_variable(name, self.facts)
            kind = Kind.SECRET_READ if secret else Kind.ENV_READ
            note = "reads environment variables" if name is None else f"reads the environment variable {name}"
            self.add(kind, targets.variable(name or ""), node, rule, note, exact=name is not None)

    # ----------------------------------------------------------------------------------------------------------- network

    def hosts(self, value: Value | None, base: Value | None = None) -> list[tuple[Resource, bool]]:
        """The endpoints that a URL value may name."""
        found: list[tuple[Resource, bool]] = []
        for option in options(value if value is not None else UNKNOWN):
            one = self._host(option, base)
            if one not in found:
                found.append(one)
        return found

    def _host(self, value: Value, base: Value | None) -> tuple[Resource, bool]:
        if isinstance(value, Instance) and value.resource is not None:
            return self._host(value.resource, base)
        parts = parts_of(value)
        if isinstance(value, Const) and isinstance(value.value, bytes):
            parts = (value.value.decode("latin-1"),)
        prefix = (parts[0] if parts else "") or ""
        if "://" not in prefix and base is not None:
            based = [target for target in self.hosts(base) if target[1]]
            return based[0] if len(based) == 1 and "://" not in prefix and parts not in ((None,), CLIMBING) else (targets.ANY_HOST, False)
        if prefix.startswith("//"):
            prefix = "https:" + prefix
        return targets.url_target(prefix.strip(), complete=len(parts) == 1 and parts[0] is not None)

    def http(
        self,
        kind: Kind,
        url: Value | None,
        node: ast.AST,
        rule: str,
        *,
        base: Value | None = None,
        taint: bool = False,
        certain: bool = True,
    ) -> None:
        for resource, exact in self.hosts(url, base):
            self.add(kind, resource, node, rule, _HTTP_NOTES.get(kind, "sends an HTTP request"), exact=exact, taint=taint, certain=certain)

    def connect(
        self, host: Value | None, port: Value | int | None, node: ast.AST, rule: str, *, taint: bool = False, certain: bool = True
    ) -> None:
        """A connection to host and port; `host` may be a (host, port) pair, a "host:port" text or a URL."""
        for option, number in _pairs(host if host is not None else UNKNOWN, port):
            resource = self._endpoint(option, number)
            self.add(
                Kind.NET_CONNECT,
                resource,
                node,
                rule,
                "connects to the network",
                exact=resource.type is ResourceType.ENDPOINT,
                taint=taint,
                certain=certain,
            )

    def _endpoint(self, host: Value, port: Value | int | None) -> Resource:
        if isinstance(host, Instance) and host.resource is not None:
            return self._endpoint(host.resource, port)
        if isinstance(host, Seq):
            return targets.ANY_HOST
        name = known_text(host)
        if name is None:
            resource, exact = self._host(host, None)
            return resource if exact else targets.ANY_HOST
        if "://" in name:
            return targets.url_target(name, complete=True)[0]
        number = port.value if isinstance(port, Const) else port
        head, colon, tail = name.rpartition(":")
        if colon and tail.isdigit() and ":" not in head:
            return targets.endpoint(head, int(tail))
        canonical = targets.canonical_host(name or ANY_ADDRESS)
        if not isinstance(number, int) or isinstance(number, bool):
            return Resource(type=ResourceType.DOMAIN, name=canonical)
        return targets.endpoint(name or ANY_ADDRESS, number)

    # --------------------------------------------------------------------------------------------- code in other languages

    def inside(self, language: str, code: str, node: ast.AST, argument: str = "") -> tuple[Effect, ...]:
        """The effects of code that the program runs at a node. It is read once, however often the program is seen to come there."""
        at = self.span(node)
        found = self._inside.get((language, code, argument, at))
        if found is None:
            found = embedded.effects_of(language, code, self.facts, at=at, depth=self.depth, argument=argument)
            self._inside[language, code, argument, at] = found
        return found

    def shell(self, value: Value | None, node: ast.AST, rule: str, taint: bool = False) -> None:
        """A command line given to a shell: the start of a process, and what the command does."""
        for option in options(value if value is not None else UNKNOWN):
            if isinstance(option, Seq):
                self.command(option, node, rule)
                continue
            parts = (known_text(option),) if known_text(option) is not None else holes(parts_of(option))
            line = "".join('"$1"' if part is None else part for part in parts)
            words = (parts[0] or "").split() if parts else []
            known = bool(words) and (len(words) > 1 or len(parts) == 1 or (parts[0] or " ")[-1].isspace())
            self._process(words[0] if known else "", node, rule, taint)
            if known:
                self.take(self.inside("shell", line, node))

    def command(self, value: Value | None, node: ast.AST, rule: str, taint: bool = False) -> None:
        """A program with its arguments as a list."""
        for option in options(value if value is not None else UNKNOWN):
            if not isinstance(option, Seq):
                known = known_text(option)
                if known is not None:
                    option = Seq([Const(word) for word in known.split()] or [Const("")])  # noqa: PLW2901 - a text is its words
                else:
                    self._process("", node, rule, taint)
                    continue
            words = [known_text(item) for item in option.items]
            program = words[0] if words and words[0] else ""
            if isinstance(option.items[0] if option.items else None, Ref) and option.items[0].name == "sys.executable":  # type: ignore[attr-defined]
                program = words[0] = "python3"
            self._process(program, node, rule, taint)
            if program and words:
                line = " ".join('"$1"' if word is None else "'" + word.replace("'", "'\\''") + "'" for word in words)
                if not option.exact:
                    line += ' "$1"'
                self.take(self.inside("shell", line, node))

    def _process(self, program: str, node: ast.AST, rule: str, taint: bool) -> None:
        name = program.rsplit("/", 1)[-1]
        note = f"starts the program {name}" if name else "starts a program whose name is computed"
        self.add(Kind.PROC_EXEC, targets.program(name), node, rule, note, exact=bool(name), taint=taint)

    def sql(self, value: Value | None, node: ast.AST, rule: str, database: Value | None) -> None:
        """SQL text given to a database connection."""
        name = known_text(database) if database is not None else None
        label = path_rules.server_database(database_name(name or ""))
        for option in options(value if value is not None else UNKNOWN):
            if isinstance(option, Instance) and option.cls == "sqlalchemy.Statement":
                continue
            parts = (known_text(option),) if known_text(option) is not None else holes(parts_of(option))
            statement = "".join("unknown_part" if part is None else part for part in parts)
            if not parts or not (parts[0] or "").strip():
                self.opaque(node, "runs SQL that it builds while running", rule)
                continue
            if name == ":memory:":
                if any(
                    word in statement.lower()
                    for word in ("attach", "vacuum", "load_extension", "writefile", "readfile", "copy ", "install ", "read_")
                ):
                    self.opaque(node, "runs SQL that reaches beyond its database", rule)
                continue
            if name is not None and READ_ONLY.fullmatch(name):
                path = Const(database_path(name))
                self.file_effect(Kind.FS_READ, path, node, rule)
                found = [resource.name for resource, exact in self.places(path, folder=False) if exact]
                label = path_rules.file_database(found[0]) if len(found) == 1 else ""
            effects = self.inside("sql", statement, node, label)
            if len(parts) > 1 or parts[0] is None:
                effects = tuple(dataclasses.replace(effect, exact=False) for effect in effects)
            self.take(effects)

    def selects(self, statement: Value, node: ast.AST) -> bool:
        """Whether a text is SQL that only reads, all of it known."""
        text = known_text(statement)
        found = self.inside("sql", text, node) if text else ()
        return bool(found) and all(effect.kind is Kind.SQL_SELECT for effect in found)

    def code(self, language: str, value: Value | None, node: ast.AST, rule: str, note: str) -> None:
        for option in options(value if value is not None else UNKNOWN):
            known = known_text(option)
            if known is None:
                self.opaque(node, note, rule)
            else:
                self.take(self.inside(language, known, node))


def _pairs(host: Value, port: Value | int | None) -> list[tuple[Value, Value | int | None]]:
    """The ways to read a host and a port, of which the host may be a (host, port) pair."""
    found: list[tuple[Value, Value | int | None]] = []
    for option in options(host):
        one, number = (option.items[0], option.items[1]) if isinstance(option, Seq) and len(option.items) > 1 else (option, port)
        numbers = options(number) if isinstance(number, Value) else (number,)
        found += [(name, each) for name in options(one) for each in numbers]
    return found[:16]


READ_ONLY = re.compile(r"file:[^?#%]*\?(?:(?:cache=\w+|nolock=1)&)*(?:mode=ro|immutable=1)(?:&(?:mode=ro|immutable=1|cache=\w+|nolock=1))*")
"""The whole name of an SQLite database that is opened for reading alone. Of two modes the last would hold; a path in % is another one."""


def database_path(uri: str) -> str:
    """The path in the URI of an SQLite database."""
    return uri.removeprefix("file:").partition("?")[0]


def database_name(dsn: str) -> str:
    """The name of a database out of a path, URL or DSN."""
    if "dbname=" in dsn:
        return dsn.split("dbname=", 1)[1].split(maxsplit=1)[0]
    tail = dsn.split("?", 1)[0].rstrip("/").rsplit("/", 1)[-1]
    return tail.rpartition("@")[2].partition(":")[0] if "://" in dsn else tail if "@" not in tail and ":" not in tail else ""


_FILE_NOTES = {
    Kind.FS_READ: "reads a file",
    Kind.FS_LIST: "lists a folder or looks at a file's properties",
    Kind.SECRET_READ: "reads a secret file",
    Kind.FS_WRITE: "creates or replaces a file",
    Kind.FS_CREATE: "creates a file or folder",
    Kind.FS_MODE: "changes rights or times of a file",
    Kind.FS_SYMLINK: "makes a link",
    Kind.FS_SURFACE: "changes a file that something runs or trusts later",
    Kind.FS_DELETE: "deletes",
}

_HTTP_NOTES = {
    Kind.HTTP_GET: "fetches from the network",
    Kind.HTTP_HEAD: "asks a server",
    Kind.HTTP_POST: "sends data to a server",
    Kind.HTTP_PUT: "sends data to a server",
    Kind.HTTP_PATCH: "changes data on a server",
    Kind.HTTP_DELETE: "deletes on a server",
}

__all__ = [
    "MAX_STEPS",
    "NONE",
    "READS",
    "Args",
    "Around",
    "Dict",
    "Function",
    "Method",
    "Partial",
    "Report",
    "Scope",
    "TooMuch",
    "text",
    "union",
]


def _listed(value: Value) -> list[Value]:
    """The values of a list of paths; any other value as it is."""
    return [one for item in value.look() for one in options(item)] if isinstance(value, Seq) and value.items else [value]
