"""What a name says when nothing else does: calls on values that cannot be resolved, free names of fragments, members of unknown modules.

A name here is so particular (`unlinkSync`, `writeTextFile`) that it is taken for what it is called; the effect then says "may".
"""

from __future__ import annotations

from collections.abc import Iterable

from guard.analyse.javascript.packages import LIBRARIES
from guard.analyse.javascript.tables import GLOBALS, names

METHODS = {
    "read": "readFile createReadStream readTextFile readJson",
    "write": "writeFile appendFile createWriteStream writeTextFile outputFile outputJson writeJson",
    "list": "readdir",
    "create": "ensureDir ensureFile",
    "temporary": "mkdtemp makeTempDir",
    "delete": "emptyDir rmdir removeSync",
    "copy": "copyFile",
    "move": "moveSync",
    "mode": "chmod chown utimes lutimes",
    "spawn": "execFile",
    "post": "sendBeacon",
    "host": "createConnection",
    "connect-unknown": "addRequest createSocket",
    "eval": "runInNewContext runInThisContext runInContext",
    "opaque": "getBuiltinModule _load dlopen _linkedBinding commandDir",
}
NAMES = {
    "shell": "exec execCommand",
    "spawn": "spawn execa",
    "fork": "fork",
    "delete": "unlink rimraf rm",
    "list": "readdir",
    "create": "mkdir",
    "open": "openSync",
    "config": "GM_xmlhttpRequest",
    "opaque": "require",
}
SYNCHRONOUS = ("fs", "fs-extra", "child_process", "Deno")
FAMILIES = ("fs", "fs-extra", "@std/fs", "child_process", "shelljs")


def _rows(rows: dict[str, str]) -> dict[str, str]:
    return {name: spec for spec, names in rows.items() for name in names.split()}


def _members(libraries: Iterable[str]) -> dict[str, str]:
    """The plain members of libraries, without those that say nothing."""
    tables = [LIBRARIES.get(library) or GLOBALS[library] for library in libraries]
    rows = {name: spec for table in tables for name, spec in _rows(table).items()}
    return {name: spec for name, spec in rows.items() if "." not in name and spec not in ("pure", "opaque", "chdir")}


BY_METHOD = {name + "Sync": spec for name, spec in _members(SYNCHRONOUS).items()} | _rows(METHODS)
"""Methods of something unknown."""
BY_NAME = BY_METHOD | _rows(NAMES)
"""Free names, which a fragment may have imported out of sight."""
BY_MODULE = BY_NAME | _members(FAMILIES) | {name + "Sync": spec for name, spec in _members(FAMILIES).items()}
"""Members of an unknown module: added to the unknown import, never instead of it."""

PAGES = names("page frame tab popup driver browser context newPage webview")
"""Names that a page, or what drives it, goes by."""
PAGE_METHODS = _rows(
    {
        "goto": "goto navigate newPage navigateTo",
        "page": "evaluate evaluateHandle $eval $$eval addInitScript waitForFunction executeScript executeAsyncScript",
        "opaque": "addScriptTag exposeFunction exposeBinding setInputFiles",
    }
)
"""What such a name is told."""

SQL_METHODS = names(
    """
    query execute exec run all get each prepare raw $queryRaw $executeRaw $queryRawUnsafe $executeRawUnsafe unsafe
    """
)

DATA_METHODS = names(
    """
    toString then catch finally on once off addListener removeListener emit pipe end write close destroy unref ref hasOwnProperty
    valueOf addEventListener removeEventListener setEncoding cancel json text arrayBuffer blob bytes formData slice map filter forEach join
    split includes indexOf match replace trim find some every reduce keys values entries length push
    """
)
"""Methods of what library calls give back (streams, promises, responses): data that is already there."""
