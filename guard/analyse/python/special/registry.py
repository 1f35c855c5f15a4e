"""How a special callable gets into the tables' reach: by its name."""

from __future__ import annotations

from guard.analyse.python.rows import SPECIAL, Special


def special(function: Special) -> Special:
    """Register under the function's own name (a trailing "_" keeps it from hiding a builtin)."""
    name = function.__name__.rstrip("_")
    assert name not in SPECIAL, f"two specials are called {name}"
    SPECIAL[name] = function
    return function
