"""The profiles as data: guard's own files, the operator's, and what the analysis is told of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from guard.analyse import analyse
from guard.analyse.profile import BUILT_IN, profile_of
from guard.errors import ConfigError
from guard.model import Facts, Kind
from guard.upstream.catalogue import conventions, profiles

OWN = """
name = "acme"
form = "body"
safe = ["help"]
reads = ["peek"]

[[code]]
name = "go"
argument = "script"
language = "python"

[[sinks]]
name = "acme"
style = "calls"
"""


def test_the_files_say_what_the_analysis_knows_by_name(tmp_path: Path) -> None:
    assert {profile.name: profile for profile in profiles(tmp_path)} == {profile.name: profile for profile in BUILT_IN}
    assert all(conventions(profile) == "" for profile in profiles(tmp_path))


def test_a_profile_of_the_operators_is_added_and_the_analysis_reads_programs_by_it(tmp_path: Path) -> None:
    (tmp_path / "acme.toml").write_text(OWN)
    acme = next(profile for profile in profiles(tmp_path) if profile.name == "acme")
    facts = Facts(restorable=False, profile="acme", server="a", conventions=conventions(acme))
    assert profile_of(facts) == acme
    found = analyse("python", "acme.peek(); acme.delete_all()", facts)
    assert [(e.kind.value, e.resource.name) for e in found.effects[:2]] == [("tool.read", "a/peek"), ("tool.destructive", "a/delete_all")]
    assert analyse("javascript", "acme.peek()", facts).effects[0].kind.value == "tool.read"


def test_a_profile_of_the_operators_takes_the_place_of_guards(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text(OWN.replace('"acme"', '"fastmcp"', 1))
    found = {profile.name: profile for profile in profiles(tmp_path)}
    assert len(found) == len(BUILT_IN)
    assert found["fastmcp"].code[0].name == "go"
    assert conventions(found["fastmcp"])


@pytest.mark.parametrize(
    ("arguments", "path", "exact"),
    [
        ({}, "/accounts/{accountId}/zones", True),
        ({"account_id": "acc1"}, "/accounts/acc1/zones", True),
        ({"account_id": "a/../../user"}, "/accounts/*/zones", False),
        ({"account_id": "a#"}, "/accounts/*/zones", False),
        ({"account_id": 7}, "/accounts/*/zones", False),
        ({"": "x"}, "/accounts/{accountId}/zones", True),
    ],
)
def test_a_word_of_the_servers_is_what_the_call_says_it_is(arguments: dict[str, object], path: str, exact: bool) -> None:
    """`accountId` is the server's, or the call's own `account_id`, which the server puts into the program as it is."""
    cloudflare = next(profile for profile in BUILT_IN if profile.name == "cloudflare")
    facts = Facts(profile="cloudflare", server="cf", conventions=conventions(cloudflare, (), arguments))
    code = "async () => cloudflare.request({ method: 'GET', path: `/accounts/${accountId}/zones` })"
    (effect,) = (effect for effect in analyse("javascript", code, facts).effects if effect.kind is not Kind.ANSWER)
    assert (effect.kind, effect.resource.name, effect.exact) == (Kind.TOOL_READ, f"cf/GET {path}", exact)


def test_what_the_operator_says_of_tools_counts_inside_programs_but_below_no_class_of_the_profile() -> None:
    utcp = next(profile for profile in BUILT_IN if profile.name == "utcp")
    said = (("desk.notes_get_note", "read"), ("desk.show", "destructive"), ("desk.peek", "forbidden"), ("register_manual", "read"))
    facts = Facts(profile="utcp", server="u", conventions=conventions(utcp, said))
    for call, kind in (
        ("desk.notes_get_note", Kind.TOOL_READ),
        ("desk.other_get_note", Kind.TOOL_WRITE),
        ("desk.show", Kind.TOOL_DESTRUCTIVE),
        ("desk.peek", Kind.TOOL_DESTRUCTIVE),
        ("__callToolRef.applySyncPromise", Kind.TOOL_DESTRUCTIVE),
    ):
        assert analyse("javascript", f"return {call}({{}})", facts).effects[0].kind is kind, call


@pytest.mark.parametrize(
    "text", ["", "name = 3", 'name = "x"', OWN + "\n[more]\n", OWN.replace('"body"', '"poem"'), OWN.replace('"calls"', '"shouts"'), "= 1"]
)
def test_a_file_that_is_no_profile_is_refused_by_name(text: str, tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text(text)
    with pytest.raises(ConfigError, match="broken.toml"):
        profiles(tmp_path)
