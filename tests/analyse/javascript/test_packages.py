"""The tables of packages: every spec exists, aliases end somewhere known, the pure ones have no rows."""

from __future__ import annotations

import pytest

from guard.analyse.javascript import library
from guard.analyse.javascript.packages import ALIASES, LIBRARIES, PARTS, PURE_PACKAGES, SDKS, STD, TEMPLATING
from guard.analyse.javascript.sinks import SPECS


@pytest.mark.parametrize("package", LIBRARIES)
def test_every_spec_of_a_package_exists(package: str) -> None:
    assert set(LIBRARIES[package]) <= set(SPECS)


def test_an_alias_means_something_known_and_is_not_itself_an_alias() -> None:
    for name, meaning in ALIASES.items():
        assert ALIASES.get(meaning, meaning) == meaning, name
        assert library.is_known(meaning) or library.is_pure(meaning) or library.is_global(meaning.split(".")[0].removesuffix("()")), name


def test_pure_packages_are_no_clients_and_their_rows_are_what_does_more_than_compute() -> None:
    assert not PURE_PACKAGES & set(SDKS)
    assert PURE_PACKAGES & set(LIBRARIES) > TEMPLATING
    assert all("pure" not in LIBRARIES[package] for package in PURE_PACKAGES & set(LIBRARIES))


@pytest.mark.parametrize("part", sorted(PARTS))
def test_a_part_of_a_pure_package_that_does_more_is_not_known(part: str) -> None:
    assert library.module(part) == "unknown"
    assert library.module(part.partition("/")[0]) in PURE_PACKAGES


def test_every_package_of_the_standard_library_is_known() -> None:
    assert all(library.is_known(module) for module in STD.values())


def test_hosts_are_host_names() -> None:
    assert all(not host or ("." in host and "/" not in host) for host in SDKS.values())
