"""Profiles are whole: every name once, every list of tools disjoint, every convention usable by the analysers."""

from __future__ import annotations

import json

import pytest

from guard.analyse import ALIASES, ANALYSERS
from guard.analyse.javascript import analyse
from guard.analyse.profile import BUILT_IN, Form, Profile, Style, profile_named
from guard.canonical import canonical
from guard.model import Facts, Kind


def test_names_are_unique_and_found() -> None:
    names = [profile.name for profile in BUILT_IN]
    assert sorted(set(names)) == sorted(names)
    assert all(profile_named(profile.name) is profile for profile in BUILT_IN)
    assert profile_named("no such server") is None


@pytest.mark.parametrize("profile", BUILT_IN, ids=lambda profile: profile.name)
def test_a_profile_is_whole(profile: Profile) -> None:
    assert profile.code
    assert all(ALIASES.get(tool.language, tool.language) in ANALYSERS for tool in profile.code)
    lists = (profile.safe, profile.gated, profile.forbidden, tuple(tool.name for tool in profile.code))
    names = [name for one in lists for name in one]
    assert sorted(set(names)) == sorted(names)
    assert len({sink.name for sink in profile.sinks}) == len(profile.sinks)


@pytest.mark.parametrize("profile", BUILT_IN, ids=lambda profile: profile.name)
def test_a_profile_is_plain_data_that_can_be_stored(profile: Profile) -> None:
    assert json.loads(canonical(profile))["name"] == profile.name


def test_every_form_and_style_is_used() -> None:
    assert {profile.form for profile in BUILT_IN} == set(Form)
    assert {sink.style for profile in BUILT_IN for sink in profile.sinks} == set(Style)


def test_code_for_a_server_that_no_profile_knows_is_opaque() -> None:
    assert {effect.kind for effect in analyse("async () => 1", Facts(profile="no such server"))} == {Kind.OPAQUE}
