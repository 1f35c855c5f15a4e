"""The tables are complete: every function that the runtimes' type declarations export has a row, or a reason why it needs none.

`declared.txt` holds the names of @types/node 26.6, @types/deno 2.7 and bun-types 1.4: functions and classes with their static methods,
and the methods of what some of them make; without what streams and emitters inherit.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from guard.analyse.javascript import library
from guard.model import Kind
from tests.analyse.javascript.check import effects_of

PARKED = {
    "node:ffi": ".*",
    "node:vfs": ".*",
    "node:fs": "Utf8Stream",
    "node:http": "globalAgent.* setGlobalProxyFromEnv",
    "node:https": "globalAgent.*",
    "node:inspector": "DOMStorage.* Network.* NetworkResources.*",
    "node:module": "Module require",
    "node:quic": "Quic.* listEndpoints",
    "node:repl": "Recoverable writer",
    "node:trace_events": "createTracing getEnabledCategories",
    "node:v8": (
        "getHeapSnapshot promiseHooks.* queryObjects start.*Profile startupSnapshot.(add|set).* startCpuProfile stopCoverage takeCoverage"
    ),
    "node:worker_threads": "locks.request moveMessagePortToContext postMessageToThread",
    "process": "getBuiltinModule permission.*",
    "Deno": r"AtomicOperation ChildProcess Command\(\)\..* HttpClient KvListIterator KvU64 Unsafe.* webgpu.*",
    "Bun": (
        "Archive CryptoHashInterface FetchSession FileSystemRouter Image.* ModuleGraph SQL.* Terminal WebView.* cron generateHeapSnapshot "
        "unsafe.*"
    ),
    "bun:ffi": "CString read.* toArrayBuffer viewSource",
}
"""What has no row on purpose, because hardly a program uses it: a call of it cannot be known, so it parks."""

ACTING = re.compile(
    r"(?<!dis)connect(?!ed)|request(?!s)|fetch|listen(?!er)|spawn|exec(?!Path|ution)|fork|^run|load(?!avg)|open|^read(?!able)|^write|remove(?!.*Listener)|"
    r"unlink|serve(?!r)|socket|eval|compile(?!Cache)|[fF]ile(?!URL|r)|^zip[A-Z]"
)
QUIET = {
    "node:fs": "read write readSync writeSync readv writev readvSync writevSync unwatchFile",  # by a descriptor, whose opening speaks
    "node:buffer": "File",
    "node:tty": "ReadStream WriteStream",  # of a descriptor
    "node:zlib": "ZipEntry.read ZipFile",  # of bytes; of what `ZipFile.open` opened
    "Deno": "FsFile stdin.read stdin.readSync stdout.write stdout.writeSync stderr.write stderr.writeSync permissions.request(Sync)? .*listenQueue",
}
"""What sounds as if it did something to the world, and only computes, or acts on what it is given."""


def _declared() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    module = ""
    for line in Path(__file__).with_name("declared.txt").read_text().splitlines():
        if line.startswith(" "):
            found[module].extend(line.split())
        else:
            module = line.removesuffix(":")
            found[module] = []
    return found


DECLARED = _declared()


def meaning(module: str, name: str) -> str | None:
    """What the tables say of a call of it."""
    full = library.module(module) if ":" in module else module
    for step in re.findall(r"[\w$]+(?:\(\))?", name):
        full = library.member(full, step.removesuffix("()"))
        if step.endswith("()"):
            full = library.result(full) or full + "()"
    return library.spec(full)


def _listed(listed: str, name: str) -> bool:
    return any(re.fullmatch(one, name) for one in listed.split())


@pytest.mark.parametrize("module", DECLARED)
def test_what_a_runtime_exports_has_a_row_or_is_parked_on_purpose(module: str) -> None:
    unknown = {name for name in DECLARED[module] if meaning(module, name) is None}
    parked = PARKED.get(module, "")
    assert {name for name in unknown if not _listed(parked, name)} == set()
    assert bool(unknown) == bool(parked)


@pytest.mark.parametrize("module", DECLARED)
def test_what_sounds_like_doing_something_is_not_called_harmless(module: str) -> None:
    quiet = {name for name in DECLARED[module] if meaning(module, name) == "pure" and ACTING.search(name.rsplit(".", 1)[-1])}
    assert {name for name in quiet if not _listed(QUIET.get(module, ""), name)} == set()


@pytest.mark.parametrize("module", [module for module in PARKED if module.startswith("node:")])
def test_what_has_no_row_is_not_known(module: str) -> None:
    name = [name for name in DECLARED[module] if meaning(module, name) is None][-1]
    kinds = {effect.kind for effect in effects_of(f'import * as m from "{module}"; m.{name}("x")')}
    assert kinds & {Kind.OPAQUE, Kind.IMPORT_UNKNOWN, Kind.PROC_EXEC}


def test_the_declarations_are_whole() -> None:
    assert sum(len(names) for names in DECLARED.values()) > 1100
