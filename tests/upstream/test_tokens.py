"""What is kept of a sign-in: in a private file, or in the system's keyring."""

from __future__ import annotations

import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from mcp.shared.auth import OAuthClientInformationFull, OAuthToken

from guard.errors import ConfigError, StoreError
from guard.upstream.tokens import Kept, Keyring, PrivateFile, Tokens


class Memory(KeyringBackend):
    """A keyring, as a backend of the library."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password


@pytest.fixture
def memory() -> Iterator[Memory]:
    before, used = keyring.get_keyring(), Memory()
    keyring.set_keyring(used)
    yield used
    keyring.set_keyring(before)


async def check(kept: Kept) -> None:
    """What is written is read again by another, and one part leaves the others alone."""
    tokens = Tokens(kept)
    assert await tokens.get_tokens() is None
    assert await tokens.port() == 0
    await tokens.set_tokens(OAuthToken(access_token="a", refresh_token="r"))
    await tokens.set_client_info(OAuthClientInformationFull(client_id="c", redirect_uris=None))
    await tokens.set_port(4711)
    found, client = await Tokens(kept).get_tokens(), await Tokens(kept).get_client_info()
    assert found is not None
    assert client is not None
    assert (found.access_token, found.refresh_token, client.client_id, await Tokens(kept).port()) == ("a", "r", "c", 4711)


async def test_tokens_are_kept_in_a_private_file_over_restarts(tmp_path: Path) -> None:
    await check(PrivateFile(tmp_path / "sign-ins" / "zones.json"))
    (file,) = (tmp_path / "sign-ins").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_tokens_are_kept_in_the_keyring_under_guards_name(memory: Memory) -> None:
    await check(Keyring("zones https://zones.example/mcp"))
    assert list(memory.entries) == [("guard", "zones https://zones.example/mcp")]


async def test_a_machine_without_a_keyring_is_said_and_no_file_is_written_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    from keyring.backends.fail import Keyring as Nothing

    before = keyring.get_keyring()
    keyring.set_keyring(Nothing())
    try:
        with pytest.raises(ConfigError, match="cannot be used") as raised:
            await Tokens(Keyring("zones")).set_port(1)
    finally:
        keyring.set_keyring(before)
    assert "tokens" in raised.value.hint
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(ConfigError, match="No keyring is installed"):
        await Tokens(Keyring("zones")).get_tokens()


async def test_a_file_that_cannot_be_read_is_said_and_one_that_holds_nothing_is_signed_in_anew(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(StoreError):
        await Tokens(PrivateFile(tmp_path / "folder")).get_tokens()
    (tmp_path / "torn").write_text("{")
    assert await Tokens(PrivateFile(tmp_path / "torn")).get_tokens() is None
