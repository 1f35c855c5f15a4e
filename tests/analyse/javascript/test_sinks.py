"""The table of specs is whole: every spec of the knowledge tables has its function, and no function is left over."""

from __future__ import annotations

from guard.analyse.javascript.fallback import BY_MODULE
from guard.analyse.javascript.packages import LIBRARIES, SUBTREES
from guard.analyse.javascript.sinks import SPECS
from guard.analyse.javascript.tables import GLOBALS


def test_specs_and_tables_agree() -> None:
    used = {spec for table in (GLOBALS, LIBRARIES) for rows in table.values() for spec in rows}
    used |= set(BY_MODULE.values()) | set(SUBTREES.values()) | {"sdk"}
    assert used == set(SPECS)
