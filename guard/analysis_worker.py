"""The processes in which programs are analysed: each is a loop over length-prefixed JSON, under limits that were set before.

What enters: {"language", "code", "facts"}. What leaves: the analysis, or nothing (the process died; `guard.analyst` then says so). The
encoding of both sides is here, so that they cannot drift apart. One process loads the analysers and reads no program; the workers are
copies of it, up in a millisecond. This module starts nothing but itself and imports no event loop: it is meant to stay small.
"""

from __future__ import annotations

import contextlib
import dataclasses
import gc
import json
import os
import resource
import signal
import socket
import struct
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from guard.analyse import ALIASES, ANALYSERS, analyse
from guard.model import Analysis, Effect, Facts, Kind, Loop, Resource, ResourceType, Span

RECURSION = 3000
"""Python frames; an expression nested to the parser's own limit needs fewer."""
RETIRE_BYTES = 192 << 20
"""A worker that has ever grown beyond this says so in its answer and is replaced."""


LOADING_SECONDS = 20
HINTS = {
    "shell": ("subprocess", "system", "popen", "spawn", "exec", "command", "run(", "sh "),
    "sql": ("execute", "sql", "query", "SQL"),
    "python": ("python",),
    "javascript": ("evaluate", "execute_script", "node "),
}
"""Words without which a program has no code of that language inside."""
SAMPLES = {"sql": "SELECT 1", "shell": "ls", "python": "import os"}
_loaded: set[str] = set()

Answer = Callable[[dict[str, Any]], dict[str, Any]]
"""A question -> what is said of its program."""

_FACTS = tuple(field.name for field in dataclasses.fields(Facts))
_KINDS = {kind.value: kind for kind in Kind}
_TYPES = {type_.value: type_ for type_ in ResourceType}
_LOOPS = {loop.value: loop for loop in Loop}


def encode_facts(facts: Facts) -> dict[str, Any]:
    return {name: getattr(facts, name) for name in _FACTS}


def decode_facts(data: dict[str, Any]) -> Facts:
    lists = {name: tuple(data[name]) for name in ("secret_patterns", "secret_variables", "packages", "earlier")}
    modules = tuple((path, text) for path, text in data["modules"])
    return Facts(**{**data, **lists, "modules": modules})


def encode_analysis(analysis: Analysis) -> dict[str, Any]:
    return {
        "language": analysis.language,
        "imports": analysis.imports,
        "modules": analysis.modules,
        "effects": [_encode_effect(effect) for effect in analysis.effects],
    }


def decode_analysis(data: dict[str, Any]) -> Analysis:
    return Analysis(
        language=data["language"],
        imports=tuple(data["imports"]),
        modules=tuple((path, digest) for path, digest in data["modules"]),
        effects=tuple(_decode_effect(effect) for effect in data["effects"]),
    )


def _encode_effect(effect: Effect) -> list[Any]:
    span = effect.span
    return [
        effect.kind, effect.resource.type, effect.resource.name, effect.exact, effect.certain, effect.loop, effect.count, effect.tainted,
        None if span is None else [span.line, span.column, span.end_line, span.end_column], effect.rule, effect.note,
    ]  # fmt: skip


def _decode_effect(data: list[Any]) -> Effect:
    kind, type_, name, exact, certain, loop, count, tainted, span, rule, note = data
    where = None if span is None else Span(line=span[0], column=span[1], end_line=span[2], end_column=span[3])
    return Effect(
        kind=_KINDS[kind], resource=Resource(type=_TYPES[type_], name=name), exact=exact, certain=certain, loop=_LOOPS[loop], count=count,
        tainted=tainted, span=where, rule=rule, note=note,
    )  # fmt: skip


def pack(message: dict[str, Any]) -> bytes:
    """One message on the pipe. Lone surrogates survive as JSON escapes."""
    body = json.dumps(message).encode("ascii")
    return struct.pack(">I", len(body)) + body


def read(count: int) -> bytes:
    """So many bytes of what guard sends. Where guard is gone, the process ends."""
    parts = []
    while count:
        part = os.read(0, min(count, 1 << 20))
        if not part:
            os._exit(0)  # guard is gone
        parts.append(part)
        count -= len(part)
    return b"".join(parts)


def _limit(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))


def _allow_cpu(seconds: int) -> None:
    """So much more processor time from now: an endless loop ends even if guard is gone."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(usage.ru_utime + usage.ru_stime) + seconds, hard))


def loads(language: str, code: str) -> tuple[str, ...]:
    """The languages that this program may be analysed with and that are not loaded yet: loading a grammar does not count as analysing."""
    name = ALIASES.get(language.lower(), language.lower())
    hinted = (other for other, hints in HINTS.items() if other not in _loaded and any(hint in code for hint in hints))
    return tuple(one for one in dict.fromkeys((name, *hinted)) if one in ANALYSERS and one not in _loaded)


def load(language: str) -> None:
    """Load an analyser and run it once, so that its grammar is up."""
    analyse(language, SAMPLES.get(language, "x"), Facts())
    _loaded.add(language)


def answer(question: dict[str, Any]) -> dict[str, Any]:
    """One analysis, encoded."""
    return encode_analysis(analyse(question["language"], question["code"], decode_facts(question["facts"])))


def main(memory: int, cpu_seconds: int, languages: Sequence[str], answers: Callable[[], Answer] = lambda: answer) -> None:
    """Load these languages, then become a worker for each socket that comes in, in a copy of this process; end when guard hangs up.

    `answers` makes what answers a question, once the languages are loaded.
    """
    _limit(memory)
    sys.setrecursionlimit(RECURSION)
    for language in languages:
        load(language)
    answered = answers()
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # only now: the next worker finds these analysers compiled
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    signal.signal(signal.SIGCHLD, lambda *_: _reap(os.WNOHANG))
    guard = socket.socket(fileno=0)
    while True:
        _, fds, _, _ = socket.recv_fds(guard, 1, 1)
        if not fds:  # guard is gone, or needs no more
            _reap(0)
            os._exit(0)
        if os.fork() == 0:
            os.setsid()  # the kernel shares the processors out by session
            os.dup2(fds[0], 0)
            os.dup2(fds[0], 1)
            os.close(fds[0])
            _serve(cpu_seconds, answered)
        os.close(fds[0])


def _reap(how: int) -> None:
    """Take notice of the copies that have ended, so that their processor time is counted; without WNOHANG wait for all."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, how)[0]:
            pass


def _serve(cpu_seconds: int, answer: Answer) -> NoReturn:
    """Answer questions until guard hangs up, each with whether this worker should be replaced."""
    os.write(1, pack({"ready": os.getpid()}))
    while True:
        _allow_cpu(cpu_seconds)  # for the next program, while nobody waits
        gc.collect(0)  # so too the interpreter's cycles: left for later they would make every analysis slower
        (size,) = struct.unpack(">I", read(4))
        question = json.loads(read(size))
        if missing := loads(question["language"], question["code"]):
            _allow_cpu(LOADING_SECONDS)
            for language in missing:
                os.write(1, pack({"loading": language}))
                load(language)
            os.write(1, pack({"loading": ""}))
            _allow_cpu(cpu_seconds)
        said = answer(question)
        said["retire"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 > RETIRE_BYTES
        reply = pack(said)
        while reply:
            reply = reply[os.write(1, reply) :]
