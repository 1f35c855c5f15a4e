"""The registry of programs: a name leads to a row of data (`rows`) or to a function; what neither knows is `unknown`."""

from __future__ import annotations

import fnmatch
import posixpath
import re
from collections.abc import Callable

from guard.analyse.shell.call import Call
from guard.analyse.shell.marks import UNKNOWN, plain
from guard.analyse.shell.programs import (
    archives,
    builtins,
    containers,
    coreutils,
    databases,
    disks,
    duckdb,
    files,
    find,
    git,
    interpreters,
    links,
    media,
    network,
    packages,
    readers,
    remotes,
    rows,
    searches,
    secrets,
    sed_awk,
    system,
    tabular,
    texts,
    unknown,
    version_control,
    web,
    wrappers,
)

Runner = Callable[[Call], str]

ROWS: dict[str, rows.Row] = {**coreutils.ROWS, **tabular.ROWS}
RUNNERS: dict[str, Runner] = {
    **packages.RUNNERS,
    **remotes.RUNNERS,
    **containers.RUNNERS,
    **databases.RUNNERS,
    **duckdb.RUNNERS,
    **system.RUNNERS,
    **disks.RUNNERS,
    **links.RUNNERS,
    **secrets.RUNNERS,
    **network.RUNNERS,
    **web.RUNNERS,
    **interpreters.RUNNERS,
    **wrappers.RUNNERS,
    **files.RUNNERS,
    **find.RUNNERS,
    **archives.RUNNERS,
    **media.RUNNERS,
    **texts.RUNNERS,
    **tabular.RUNNERS,
    **readers.RUNNERS,
    **version_control.RUNNERS,
    **searches.RUNNERS,
    **sed_awk.RUNNERS,
    **git.RUNNERS,
    **builtins.RUNNERS,
}
"""Later tables win: a function knows more than a row."""

_STANDARD = frozenset({"/bin", "/usr/bin", "/usr/local/bin", "/sbin", "/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"})
_VERSIONED = re.compile(r"(python|pypy|pip|perl|ruby|php|lua|node|gcc|g\+\+|clang|mkfs)[\d.]+\w*|(mkfs)\.\w+")


def canonical(name: str) -> str | None:
    """The name under which the tables know a program; None if they do not."""
    folder, base = posixpath.split(name)
    if folder and posixpath.normpath(folder) not in _STANDARD:
        return None
    if base in RUNNERS or base in ROWS:
        return base
    match = _VERSIONED.fullmatch(base)
    return (match[1] or match[2]) if match else None


def known(name: str) -> bool:
    return canonical(name) is not None


def guesses(name: str, text: str) -> list[str]:
    """The dangerous programs that a name may mean which is only known when it runs: a pattern that their paths match, or their names in
    the text that gives it (`$(which rm)`, `${0+rm}`)."""
    if re.search("[\x03\x04]", name) and not UNKNOWN.search(name):
        pattern = plain(re.sub("\x04[^]/]*\\]", "\x04", name))
        return [each for each in sorted(unknown.COMMANDS) if any(fnmatch.fnmatchcase(f"{folder}/{each}", pattern) for folder in _STANDARD)]
    first = re.match(r"\s*(?:\$\((?:[^()]*)\)|`[^`]*`|\$\{[^{}]*\})", text)
    return [word for word in re.findall(r"[\w.-]+", first.group()) if word in unknown.COMMANDS] if first else []


def run(call: Call) -> str:
    """Reports the effects of one command; gives its output as a word."""
    name = canonical(call.name)
    if name is None:
        call.sh.rule = "sh-program"
        return unknown.run(call) if call.name else ""
    call.sh.rule = f"sh-{name}"
    if call.args in (["--help"], ["--version"]):
        return ""
    plain_call = Call(name=name, args=call.args, walker=call.walker)
    runner = RUNNERS.get(name)
    return runner(plain_call) if runner is not None else rows.run(plain_call, ROWS[name])
