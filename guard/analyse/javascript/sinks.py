"""Spec -> what a call with it does. Which names have which spec is in `tables` and `packages`; the functions are in `files`, `network`,
`processes` and `data`, one for each family of resources.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from guard.analyse.javascript import data, files, network, processes
from guard.analyse.javascript.site import Site
from guard.model import Effect


def nothing(site: Site) -> Iterable[Effect]:
    """Computing: no effect."""
    return ()


SPECS: dict[str, Callable[[Site], Iterable[Effect]]] = {"pure": nothing, **files.SPECS, **network.SPECS, **processes.SPECS, **data.SPECS}
"""Every spec of the tables, a test compares."""
