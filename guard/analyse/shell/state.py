"""The state of one analysis of a shell text: variables, folder, functions, and the effects seen so far. No syntax here.

A mutable machine on purpose: a shell is one. Everything in it is known text, or marked as unknown (`marks`).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tree_sitter import Node

from guard import path_rules
from guard.analyse import targets
from guard.analyse.shell.environment import COMMAND, EXPANDED, HIDDEN_COMMAND, IMPORTED, ORDINARY, POISON, RUNS, SEPARATORS, hidden_commands
from guard.analyse.shell.marks import (
    ANY,
    HOLE,
    MAX_WORDS,
    NUMBER,
    SPLIT,
    STAR,
    TAINT,
    TILDE,
    UNKNOWN,
    WILD,
    known_start,
    listed,
    plain,
    shown,
    tainted,
)
from guard.analyse.shell.source import Source
from guard.model import RUN, Effect, Facts, Kind, Loop, Resource, ResourceType, Span

MAX_COMMANDS = 400
"""Commands that one analysis walks (functions and nested texts count each time); more is opaque."""
MAX_ARGUMENTS = 2000
"""Words of one command that are looked at."""
MAX_EFFECTS = 1000
"""Effects that one analysis reports; more is opaque."""
MAX_VALUE = 8192
"""A variable that holds more characters is not known."""
MAX_NESTING = 40
"""Commands that run commands (`sudo env nice …`), functions that call functions, texts in texts."""

NOWHERE = listed("/dev/null /dev/stdin /dev/stdout /dev/stderr /dev/tty /dev/zero /dev/full /dev/random /dev/urandom")
READS = frozenset({Kind.FS_READ, Kind.SECRET_READ, Kind.ENV_READ})
NETWORK = frozenset(kind for kind in Kind if kind.startswith(("http.", "net.")))

Value = str | tuple[str, ...]
"""A variable's value: a word, or the words of an array."""


@dataclass(slots=True)
class Shell:
    """One shell: the machine that `walk` drives and that programs report their effects to."""

    facts: Facts
    depth: int
    source: Source
    at: Span | None = None
    """Where the outer text is, if this shell's own text is not what the reviewer sees."""
    span: Span | None = None
    effects: list[Effect] = field(default_factory=list)
    variables: dict[str, Value] = field(default_factory=dict)
    functions: dict[str, list[tuple[Source, Node]]] = field(default_factory=dict)
    called: set[str] = field(default_factory=set)
    integers: set[str] = field(default_factory=lambda: {"RANDOM", "OPTIND"})
    """Variables declared as integers: what they are given is evaluated."""
    smuggles: bool = False
    """The text holds a quoted index with a command in it: any unknown text may be that, where arithmetic evaluates it."""
    maps: set[str] = field(default_factory=set)
    """Associative arrays: their indices are texts."""
    unset: set[str] = field(default_factory=set)
    """Variables that the text itself has unset."""
    computed: bool = False
    """The words of the current command came out of expansions."""
    several: bool = False
    """A word of the current command is not quoted and may stand for any number of words."""
    calling: list[str] = field(default_factory=list)
    positional: tuple[str, ...] | None = None
    """`$1` and on; None: not known."""
    folders: tuple[str, ...] = ()
    """Where the shell may be; empty: not known."""
    entered: tuple[str, ...] | None = None
    """Where it is if the last `cd` succeeded."""
    stdin: str | None = None
    """What the current command reads; None: nothing of this text."""
    texts: dict[str, str] = field(default_factory=dict)
    """What files and descriptors hold that this text has filled (`echo … > s.sh`), unless something else has changed them since."""
    streams: dict[str, str] = field(default_factory=dict)
    """What the process substitutions among the words of the current command give, by the paths that stand for them."""
    substituted: int = 0
    """How many process substitutions there were."""
    moved: bool = False
    """A high descriptor was given something by its number: it may be the one of a process substitution."""
    sinks: list[tuple[Source, Node]] = field(default_factory=list)
    """Process substitutions `>(…)` that descriptors may lead to."""
    later: list[str] = field(default_factory=list)
    """Shell text that something hidden may run: an index in a name, a variable that a program takes for a command."""
    commands: int = 0
    nesting: int = 0
    loop: Loop = Loop.ONE
    count: int | None = None
    certain: bool = True
    rule: str = "sh"
    exhausted: bool = False

    # ------------------------------------------------------------------------------------------------------------- effects

    def emit(self, kind: Kind, resource: Resource, note: str, *, exact: bool = True, taint: bool = False) -> None:
        """Reports one effect of the command that is being looked at."""
        flows = taint or (kind in NETWORK and self.stdin is not None and tainted(self.stdin))
        effect = Effect(
            kind=kind,
            resource=resource,
            exact=exact,
            certain=self.certain,
            loop=self.loop,
            count=self.count,
            tainted=flows,
            span=self.span,
            rule=self.rule,
            note=note[:300],
        )
        if len(self.effects) >= MAX_EFFECTS:
            if self.effects[-1].rule != "sh-budget":
                note = f"more than {MAX_EFFECTS} effects: the rest is not told"
                self.effects.append(Effect(kind=Kind.OPAQUE, resource=RUN, exact=False, span=self.span, rule="sh-budget", note=note))
        elif not self.effects or self.effects[-1] != effect:
            self.effects.append(effect)

    def opaque(self, note: str) -> None:
        """What happens here cannot be known, and why."""
        self.emit(Kind.OPAQUE, RUN, note, exact=False)

    def network(self, kind: Kind, resource: Resource, note: str, *, exact: bool = True, taint: bool = False) -> None:
        self.emit(kind, resource, note, exact=exact and resource != targets.ANY_HOST, taint=taint)

    def env(self, name: str) -> None:
        """Reads an environment variable ("": all of them)."""
        if name in ORDINARY or name == "HOME":
            return
        secret = not name or path_rules.is_secret_variable(name, self.facts)
        what = f"the environment variable {name}" if name else "all environment variables"
        self.emit(Kind.SECRET_READ if secret else Kind.ENV_READ, targets.variable(name), f"reads {what}", exact=bool(name))

    # --------------------------------------------------------------------------------------------------------------- paths

    def paths(self, word: str) -> list[tuple[Resource, bool]]:
        """The files that a word may name: (resource, exact)."""
        if len(self.effects) > MAX_EFFECTS:
            return []
        home = word.startswith(TILDE)
        match = WILD.search(word)
        text = plain(word if match is None else word[: match.start()])
        if not home and text.startswith("~"):
            text = "./" + text
        if match is not None:
            if (match.group() not in (STAR, "\x04") and not text) or _CLIMBS.search(word, max(match.start() - 1, 0)):
                return [(path_rules.ANYWHERE, False)]
            text = text[: text.rfind("/") + 1] or "."
        if not text.startswith("/") and not home and not self.folders:
            return [(path_rules.ANYWHERE, False)]
        bases = ("/",) if text.startswith("/") or home else self.folders
        out = []
        for base in bases:
            path = text if home else posixpath.join(base, text)
            out.append((path_rules.folder(path, self.facts), False) if match is not None else (path_rules.file(path, self.facts), True))
        return out

    def _act(self, kind: Kind, word: str, verb: str, *, tree: bool = False) -> None:
        for resource, exact in self.paths(word):
            acted = Resource(type=ResourceType.FOLDER, name=resource.name) if exact and tree else resource
            self.emit(kind, acted, f"{verb} {shown(word) or 'a path'}", exact=exact and not tree)

    def read(self, word: str, *, tree: bool = False) -> None:
        """A file is read: a secret, a device, a socket, or an ordinary file."""
        if self.device(word) or word in ("", "-"):
            return
        if self.secret(word):
            for resource, exact in self.paths(word):
                self.emit(Kind.SECRET_READ, resource, f"reads the secret {shown(word)}", exact=exact)
                if not path_rules.in_workspace(resource.name, self.facts):
                    self.emit(Kind.FS_READ, resource, f"reads {shown(word)}, outside the workspace", exact=exact)
        else:
            self._act(Kind.FS_READ, word, "reads", tree=tree)

    def look(self, word: str, *, tree: bool = False) -> None:
        if not self.device(word):
            self._act(Kind.FS_LIST, word, "looks at", tree=tree)

    def write(self, word: str, kind: Kind = Kind.FS_WRITE, verb: str = "writes") -> None:
        """A file is written or made; a surface that something executes later is told apart."""
        if self.device(word) or word in ("", "-"):
            return
        for resource, exact in self.paths(word):
            surface = path_rules.is_surface(resource.name, self.facts) or self._may_be_surface(word)
            self.emit(Kind.FS_SURFACE if surface else kind, resource, f"{verb} {shown(word) or 'a path'}", exact=exact)
            if re.match(r"/dev/(?!shm/|mqueue/)", resource.name):  # those are files
                self.emit(Kind.FS_DELETE, resource, f"overwrites the device {shown(word)}", exact=exact)

    def delete(self, word: str, verb: str = "deletes", *, tree: bool = False) -> None:
        if word and plain(word) not in NOWHERE:
            self._act(Kind.FS_DELETE, word, verb, tree=tree)

    def workspace(self, kind: Kind, note: str) -> None:
        """An effect somewhere in the folder where the shell is."""
        for folder in self.folders or ("",):
            resource = path_rules.folder(folder, self.facts) if folder else path_rules.ANYWHERE
            self.emit(kind, resource, note, exact=False)

    def device(self, word: str) -> bool:
        """Whether a path is a device that holds nothing; bash's own /dev/tcp is reported as the connection that it is."""
        text = plain(word)
        if text in NOWHERE or re.match(r"/(?:dev/fd/|proc/self/fd/)\d+$", text):
            return True
        if match := re.match(r"/dev/(?:tcp|udp)/([^/]*)(?:/(.*))?", text):
            host, port = match[1], match[2] or ""
            exact = not WILD.search(word) and port.isdigit()
            target = targets.endpoint(host, int(port)) if exact else targets.ANY_HOST
            self.network(Kind.NET_CONNECT, target, f"connects to {shown(word)}")
            return True
        return False

    def secret(self, word: str) -> bool:
        """Whether a word names secret files, or a pattern that is made for them."""
        for resource, exact in self.paths(word):
            name = resource.name
            if exact and path_rules.is_secret(name, self.facts):
                return True
            if exact and path_rules.is_secret(name + "/x", self.facts) and posixpath.basename(name) not in path_rules.TEMPLATES:
                return True
            if not exact and name != "/" and path_rules.is_secret(name + "/x", self.facts):
                return True
        if NUMBER in word and path_rules.is_secret(plain(word).replace(NUMBER, "1"), self.facts):
            return True
        return bool(WILD.search(word)) and self._pattern_of_secrets(word)

    def _pattern_of_secrets(self, word: str) -> bool:
        text = re.sub("[\x00-\x02]", "", word).replace(TILDE, "~")
        name = text.rsplit("/", 1)[-1]
        if not re.search(r"\w", name) and not name.startswith("."):
            return path_rules.is_secret(posixpath.normpath("/" + re.sub("[\x03\x04]", "x", text)), self.facts)
        regex = "".join(".*" if c == STAR else "." if c == "\x04" else re.escape(c) for c in re.sub(r"\x04[^]/]*\]", "\x04", name))
        if path_rules.is_secret(posixpath.normpath("/" + re.sub("[\x03\x04]", "", text)), self.facts):
            return True
        if re.fullmatch("\x03\\.\\w+", name):  # all files of a kind are no pattern for secrets, unless the kind is one
            return path_rules.is_secret(posixpath.normpath("/" + text.replace(STAR, "x")), self.facts)
        patterns = self.facts.secret_patterns or path_rules.DEFAULT_SECRET_PATTERNS
        for folder, _, pattern in (pattern.rpartition("/") for pattern in patterns):  # a name by its folder is one there alone
            if f"{folder}/" in f"/{text}" and re.fullmatch(regex, pattern.replace("*", "") or "x", re.IGNORECASE):
                return True
        return False

    def _may_be_surface(self, word: str) -> bool:
        text = re.sub("[\x00-\x04]", "", word)
        return text != word and path_rules.is_surface("/" + plain(text).lstrip("/"), self.facts)

    # ----------------------------------------------------------------------------------------------------------- variables

    def variable(self, name: str) -> Value:
        """A variable's value; unknown ones are holes, and reading the environment is an effect."""
        if name in self.variables:
            return self.variables[name]
        if name in ("PWD", "OLDPWD") and name == "PWD" and len(self.folders) == 1:
            return self.folders[0]
        if name in self.unset:
            return ""
        if name == "HOME":
            return TILDE
        if name.isupper():
            self.env(name)
            if path_rules.is_secret_variable(name, self.facts):
                return TAINT
        return HOLE

    def assign(self, name: str, value: Value) -> None:
        """A variable gets a value in another way than by an assignment of the text (read, printf -v, for …)."""
        self.poisoned(name, value if isinstance(value, str) else HOLE)
        self.keep(name, value)

    def keep(self, name: str, value: Value) -> None:
        """A variable's value, unless it is too long to be kept."""
        if sum(map(len, value)) > MAX_VALUE:
            value = TAINT if any(TAINT in part for part in value) else HOLE
        self.variables[name] = value

    def evaluates(self, text: str, expanded: str = "") -> None:
        """Arithmetic evaluates the values of its names again, and runs the commands in the indices that they hold; `expanded` is what
        the expansions in it gave."""
        while (inner := EXPANDED.sub(" ", text)) != text:
            text = inner
        values, names = [expanded], re.findall(r"[A-Za-z_]\w*", f"{text} {expanded}")
        seen = set(names)
        while names:  # a value that is a name, or holds one, is evaluated in its turn
            value = "".join(self.variables.get(names.pop(), ""))
            values.append(value)
            found = set(re.findall(r"[A-Za-z_]\w*", value)) - seen
            seen |= found
            names += found
        if any(COMMAND.search(value) for value in values) or (self.smuggles and any(HOLE in value or SPLIT in value for value in values)):
            self.opaque("arithmetic holds a command")
            self.later += [command for value in values for command in hidden_commands(value)]
        elif any(STAR in value or ANY in value for value in values):
            self.opaque("arithmetic evaluates the name of a file: an index in it (`a[$(command)]`) runs a command")
        elif any(TAINT in value for value in values):
            self.opaque("arithmetic evaluates what was read from a file: an index in it (`a[$(command)]`) runs a command")

    def named(self, word: str) -> None:
        """A variable is named by a word: an index in it is evaluated."""
        if UNKNOWN.search(word) or STAR in word:
            self.opaque("names a variable that is only known when it runs")
        elif HIDDEN_COMMAND.search(text := plain(word.replace(ANY, "["))):
            self.opaque("the name of a variable holds a command")
            self.later += hidden_commands(text)
        elif (match := re.match("\x11?(\\w+)[\\[\x04](.+)", word)) and match[1] not in self.maps:
            self.evaluates(match[2])

    def removed(self, word: str) -> None:
        """A variable, or one value of it, is unset by a word."""
        self.named(word)
        name, index, _ = plain(word.replace(ANY, "[")).partition("[")
        if index and name in self.variables:
            self.variables[name] = HOLE
        elif not index:
            self.variables.pop(name, None)
            self.poisoned(name, "")
            self.unset.add(name)

    def computes(self, text: str, expanded: str = "") -> None:
        """Arithmetic assigns, too: `x=1`, `x+=1`, `x++`."""
        self.evaluates(text, expanded)
        for match in re.finditer(r"([A-Za-z_]\w*)\s*(?:(?:[-+*/%&|^]|<<|>>)?=(?!=)|\+\+|--)|(?:\+\+|--)\s*([A-Za-z_]\w*)", text):
            self.assign(match[1] or match[2], NUMBER)

    def poisoned(self, name: str, value: str, prefix: str | None = None) -> None:
        """Tells of a variable that changes what other commands do; `prefix` is the command that it is set for, if only for one."""
        if name == "IFS" and (prefix in ("read", "mapfile", "readarray") or (prefix is None and SEPARATORS.fullmatch(value))):
            return  # words know what it does to them
        if POISON.fullmatch(name) or (name == "PYTHONWARNINGS" and IMPORTED.search(value)):
            before, self.rule = self.rule, "sh-poison"
            self.opaque(f"sets {name} to {shown(value)[:60]!r}: it changes what other commands do")
            self.later += hidden_commands(plain(value)) if re.fullmatch(r"PS\d", name) else [plain(value)] if RUNS.search(name) else []
            self.rule = before

    @contextmanager
    def maybe(self) -> Iterator[None]:
        """What is reported inside happens on some runs only."""
        before, self.certain = self.certain, False
        try:
            yield
        finally:
            self.certain = before

    @contextmanager
    def looping(self, loop: Loop, count: int | None = None) -> Iterator[None]:
        """What is reported inside happens more than once."""
        before = self.loop, self.count
        self.loop = loop if self.loop is not Loop.UNBOUNDED else self.loop
        self.count = count if before[0] is Loop.ONE and loop is Loop.BOUNDED else None
        try:
            yield
        finally:
            self.loop, self.count = before

    @contextmanager
    def subshell(self) -> Iterator[None]:
        """Variables and folder changed inside are as before afterwards."""
        before = dict(self.variables), self.folders, self.positional
        try:
            yield
        finally:
            self.variables, self.folders, self.positional = before

    def merge(self, before: dict[str, Value]) -> None:
        """After two ways: variables that differ between them are unknown."""
        for name in before.keys() | self.variables.keys():
            now, then = self.variables.get(name), before.get(name)
            if now != then:
                self.variables[name] = TAINT if TAINT in "".join((*(now or ()), *(then or ()))) else HOLE

    def locate(self, start: int, end: int) -> None:
        """What is reported from now on is at these bytes (or where the outer text is)."""
        self.span = self.at or self.source.span(start, end)

    def spend(self) -> bool:
        """Takes one command from the budget; false (and opaque, once) when it is used up."""
        self.commands += 1
        if self.commands <= MAX_COMMANDS:
            return True
        if not self.exhausted:
            self.exhausted = True
            self.opaque(f"more than {MAX_COMMANDS} commands: the rest is not analysed")
        return False

    def flowed(self, since: int) -> bool:
        """Whether something was read (a file, a secret) since that many effects."""
        return any(effect.kind in READS for effect in self.effects[since:])

    def words_of_input(self) -> list[str] | None:
        """The words that the command reads, if they are known."""
        if self.stdin is None or not self.stdin or UNKNOWN.search(self.stdin):
            return [] if self.stdin == "" else None
        words = self.stdin.split()
        return words if len(words) <= MAX_WORDS else None

    @property
    def input_text(self) -> str | None:
        """What the command reads as one known text."""
        return None if self.stdin is None or WILD.search(self.stdin) else plain(self.stdin)


_CLIMBS = re.compile("\\.\\.(?:/|\\Z)|\\.(?:\x03|\x04(?!!\\.))[^/]{0,40}/")
"""Steps up behind the first unknown part of a path (`*/../../x`), or a pattern that matches `..` itself."""


__all__ = ["MAX_COMMANDS", "MAX_NESTING", "NETWORK", "READS", "Shell", "Value", "known_start"]
