"""How a server is named and reached."""

from __future__ import annotations

from typing import Any

import pytest

from guard.errors import ConfigError
from guard.upstream.target import Grant, SignIn, Target


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "", "command": ("x",)}, {"name": "guard", "command": ("x",)}, {"name": "a b", "command": ("x",)}, {"name": "-x", "command": ("x",)},
        {"name": 'a"b', "command": ("x",)}, {"name": "x" * 65, "command": ("x",)}, {"name": "a"}, {"name": "a", "command": ("x",), "url": "http://h"},
        {"name": "a", "url": "ftp://h"}, {"name": "a", "url": "http://"}, {"name": "a", "url": "https://user:secret@h/mcp"},
        {"name": "a", "command": ("x",), "sign_in": SignIn()},
    ],
)  # fmt: skip
def test_what_is_no_name_or_no_way_to_a_server_is_refused_with_a_hint(fields: dict[str, Any]) -> None:
    with pytest.raises(ConfigError) as refused:
        Target(**fields)
    assert refused.value.hint
    assert "secret" not in str(refused.value)


def test_the_identity_is_what_is_reached_and_not_the_name() -> None:
    one = Target(name="a", command=("npx", "server"))
    assert one.identity == Target(name="b", command=("npx", "server")).identity
    assert one.identity != Target(name="a", command=("npx server",)).identity
    assert Target(name="a", url="http://h/mcp").identity != Target(name="a", url="http://h/mcp", headers=(("X", "1"),)).identity


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"grant": Grant.CLIENT_CREDENTIALS, "client_id": "a", "client_secret": "${env:S}"}, "needs --issuer"),
        ({"grant": Grant.CLIENT_CREDENTIALS, "client_id": "a", "issuer": "https://i"}, "needs --client-secret"),
        ({"grant": Grant.CLIENT_CREDENTIALS, "client_id": "a", "issuer": "https://i", "client_key": "k", "client_secret": "s"}, "no use for --client-secret"),
        ({"grant": Grant.ASSERTION, "client_id": "a", "client_secret": "s", "issuer": "https://i"}, "needs --assertion"),
        ({"client_key": "k"}, "no use for --client-key"),
        ({"client_id": "a", "issuer": "https://i"}, "no use for --issuer"),
    ],
)  # fmt: skip
def test_a_way_of_signing_in_says_what_it_lacks_and_what_it_has_no_use_for(given: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigError, match=says) as refused:
        SignIn(**given)
    assert refused.value.hint
