"""The tables of builtins: every spec exists, no name says two things, nothing effectful is called pure by mistake."""

from __future__ import annotations

import pytest

from guard.analyse.javascript.sinks import SPECS
from guard.analyse.javascript.tables import BUILTIN_MODULES, EFFECTFUL_GLOBALS, GLOBALS, PURE_GLOBALS, PURE_MODULES


@pytest.mark.parametrize("library", GLOBALS)
def test_every_spec_of_a_library_exists(library: str) -> None:
    assert set(GLOBALS[library]) <= set(SPECS)


@pytest.mark.parametrize("library", GLOBALS)
def test_no_name_of_a_library_says_two_things(library: str) -> None:
    names = [name for names in GLOBALS[library].values() for name in names.split()]
    assert sorted(set(names)) == sorted(names)


def test_effectful_and_pure_do_not_overlap() -> None:
    assert not EFFECTFUL_GLOBALS & PURE_GLOBALS
    assert not {"fs", "child_process", "net", "http", "vm", "worker_threads", "process", "Deno", "Bun"} & (PURE_GLOBALS | PURE_MODULES)


def test_every_effectful_builtin_module_has_rows() -> None:
    rows = {name.split("/")[0] for name in BUILTIN_MODULES} - {name.split("/")[0] for name in PURE_MODULES}
    assert rows - set(GLOBALS) == {"bun", "trace_events", "bun:jsc"}


def test_what_destroys_in_node_and_deno_is_said_to() -> None:
    assert {"unlink", "rm", "rmdir"} <= set(GLOBALS["fs"]["delete"].split())
    assert GLOBALS["Deno"]["delete"].split() == ["remove"]
