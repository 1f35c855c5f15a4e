"""One command as a program sees it: what programs get and what they may ask of the shell."""

from __future__ import annotations

import dataclasses
import posixpath
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from guard import path_rules
from guard.analyse import targets
from guard.analyse.embedded import effects_of
from guard.analyse.shell.marks import HOLE, MAX_WORDS, SPLIT, TAINT, UNKNOWN, WILD, known, known_start, plain, shown, tainted
from guard.analyse.shell.state import Shell
from guard.model import Effect, Kind, Loop, Resource, ResourceType


def place_of(path: str) -> str:
    """The name under which the shell keeps what a file holds."""
    return posixpath.normpath(plain(path)) if known(path) else path


class Walker(Protocol):
    """The walk, as far as programs need it."""

    sh: Shell

    def run(self, words: list[str]) -> str:
        """Runs a command given by its words; its output as a word."""
        ...

    def code(self, text: str, *, positional: tuple[str, ...] | None = None, shared: bool = False) -> str:
        """Runs shell text, in this shell (`shared`, as eval) or in a new one; its output as a word."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A command: the program's bare name, its arguments, and the shell that it acts through."""

    name: str
    args: list[str]
    walker: Walker

    @property
    def sh(self) -> Shell:
        return self.walker.sh

    @property
    def line(self) -> str:
        """The whole command for a person."""
        return " ".join([self.name, *(shown(arg) for arg in self.args)])[:160]

    def held(self, path: str) -> str | None:
        """What a file holds that this text has filled, as far as it is known; it may have been changed since."""
        return self.sh.texts.get(place_of(path))

    @contextmanager
    def feeding(self) -> Iterator[None]:
        """Around commands that a program starts and gives an input of its own, which is not known."""
        before, self.sh.stdin = self.sh.stdin, HOLE
        yield
        self.sh.stdin = before

    def listed(self, path: str) -> None:
        """A file of names: it is read, and what it names. Names on the input are those that another command gave."""
        self.sh.read(path)
        given = self.sh.stdin if plain(path) in ("-", "/dev/stdin") else None
        names = [SPLIT] if given is None or UNKNOWN.search(given) or "?" in given else given.split()
        for name in names[:MAX_WORDS]:
            self.sh.read(name)

    def streamed(self, path: str) -> str | None:
        """What a process substitution among the words of this command gives, by the path that stands for it."""
        return self.sh.streams.get(path) if not self.sh.moved else None

    def run(self, words: list[str], *, loop: bool = False) -> str:
        """Another command that this one starts."""
        if not words:
            return HOLE
        if loop:
            with self.sh.looping(Loop.UNBOUNDED):
                return self.walker.run(words)
        return self.walker.run(words)

    def shell(self, word: str, *, positional: tuple[str, ...] | None = None, shared: bool = False) -> str:
        """Shell text that this command runs; opaque if it is not known."""
        if WILD.search(word):
            self.sh.opaque(f"{self.name} runs shell text that is only known when it runs")
            if re.match(r"\s*[\w./-]+\s", known_start(word)):
                self.walker.code(UNKNOWN.sub('"${_unknown}"', plain(word)), positional=positional, shared=shared)
            return HOLE
        return self.walker.code(plain(word), positional=positional, shared=shared)

    def embedded(self, language: str, word: str, argument: str = "") -> tuple[Effect, ...]:
        """Code of another language that this command runs."""
        if UNKNOWN.search(word) and language != "sql":
            self.sh.opaque(f"{self.name} runs {language} code that is only known when it runs")
            return ()
        text = UNKNOWN.sub("?", plain(word))
        found = effects_of(language, text, self.sh.facts, at=self.sh.span, depth=self.sh.depth, argument=argument)
        self.sh.effects += found
        if language != "sql" and self.sh.facts.workspace and self.sh.folders != (self.sh.facts.mount,):
            self.sh.effects += [moved for effect in found for moved in self._moved(effect)]
        return found

    def _moved(self, effect: Effect) -> list[Effect]:
        """An effect of embedded code on a file, as it is where the shell has gone: the code's names are relative to that."""
        workspace, name = self.sh.facts.workspace, effect.resource.name
        if effect.resource.type not in (ResourceType.FILE, ResourceType.FOLDER) or not f"{name}/".startswith(f"{workspace}/"):
            return []
        if not self.sh.folders:
            return [dataclasses.replace(effect, resource=path_rules.ANYWHERE, exact=False)]
        inside = name[len(workspace) :].strip("/")
        make = path_rules.file if effect.resource.type is ResourceType.FILE else path_rules.folder
        moved = []
        for folder in self.sh.folders:
            resource = make(posixpath.join(folder, inside), self.sh.facts)
            kind = effect.kind
            if kind is Kind.FS_READ and path_rules.is_secret(resource.name, self.sh.facts):
                kind = Kind.SECRET_READ
            elif kind in (Kind.FS_WRITE, Kind.FS_CREATE) and path_rules.is_surface(resource.name, self.sh.facts):
                kind = Kind.FS_SURFACE
            if folder != self.sh.facts.mount:
                moved.append(dataclasses.replace(effect, kind=kind, resource=resource))
        return moved

    def execute(self, name: str | None = None, note: str = "") -> None:
        """A program whose doings are not known is started."""
        self.sh.emit(Kind.PROC_EXEC, targets.program(name if name is not None else self.name), note or f"runs {self.line}")

    def host(self, word: str, port: int, kind: Kind = Kind.NET_CONNECT, *, taint: bool = False) -> None:
        """A connection to a named host."""
        target = targets.endpoint(plain(word), port) if known(word) else targets.ANY_HOST
        self.sh.network(kind, target, f"{self.name} connects to {shown(word)}", taint=taint or tainted(word))

    def remote(self, kind: Kind, note: str = "", *, taint: bool = False) -> None:
        """A request to a host that the command line does not name."""
        self.sh.network(kind, targets.ANY_HOST, note or f"{self.line}: asks a remote service", exact=False, taint=taint)

    def url(self, word: str, kind: Kind, *, scheme: str = "http", taint: bool = False) -> Resource:
        """A request to a URL (without a scheme: `scheme`)."""
        start = known_start(word)
        if "://" not in start and not UNKNOWN.match(word):
            start = f"{scheme}://{start}"
        target, exact = targets.url_target(start, complete=not UNKNOWN.search(word))
        flows = taint or TAINT in word
        self.sh.network(kind, target, f"{self.name} asks {shown(word)[:120]}", exact=exact, taint=flows)
        return target

    def unknown_options(self, options: list[str]) -> None:
        """Options that the tables do not know, of a program that has harmful ones."""
        for option in options:
            if option.startswith((SPLIT, HOLE, TAINT)):
                self.sh.opaque(f"{self.name}: what is only known when it runs may be an option")
            else:
                self.sh.opaque(f"{self.name} has an option that guard does not know: {shown(option)[:60]}")
