"""Callables whose effect a line of a table cannot say: each is one function here, named `!name` in the tables.

`(run, row, args, node, receiver) -> what the call gives`, or None: what the row says.
"""

from guard.analyse.python.special import (
    arguments,
    attributes,
    callables,
    clouds,
    data,
    dynamic,
    evaluated,
    files,
    frameworks,
    network,
    paths,
)

__all__ = ["arguments", "attributes", "callables", "clouds", "data", "dynamic", "evaluated", "files", "frameworks", "network", "paths"]
