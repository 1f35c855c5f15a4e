"""Signing in: what is kept, and the way back from the browser."""

from __future__ import annotations

import asyncio
import stat
import webbrowser
from pathlib import Path

import httpx2
import pytest
from mcp.shared.auth import OAuthToken

from guard.upstream.oauth import Browser, provider, tokens_of
from guard.upstream.target import Target

TARGET = Target(name="suite", url="https://mcp.example.com/mcp", oauth=True)


async def test_tokens_are_kept_in_a_private_file_over_restarts(tmp_path: Path) -> None:
    tokens = tokens_of(TARGET, tmp_path / "upstreams")
    assert await tokens.get_tokens() is None
    await tokens.set_tokens(OAuthToken(access_token="a", refresh_token="r"))
    tokens.port = 4711
    again = tokens_of(TARGET, tmp_path / "upstreams")
    found = await again.get_tokens()
    assert found is not None
    assert (found.access_token, found.refresh_token, again.port) == ("a", "r", 4711)
    (file,) = (tmp_path / "upstreams").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_a_client_that_was_registered_beforehand_is_used_with_its_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "s3cret")
    target = Target(name="suite", url=TARGET.url, oauth=True, client_id="guard-1", client_secret="${env:SECRET}")
    client = await tokens_of(target, tmp_path).get_client_info()
    assert client is not None
    assert (client.client_id, client.client_secret) == ("guard-1", "s3cret")
    assert list(tmp_path.iterdir()) == []


async def test_the_browser_is_sent_and_what_it_brings_back_is_taken_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda url: opened.append(url) or True)
    async with Browser() as browser, httpx2.AsyncClient() as web:
        await browser.send("https://login.example.com/?x=1")
        assert (await web.get(browser.redirect)).status_code == 400
        answers = await asyncio.gather(web.get(browser.redirect + "?code=c1&state=s1&iss=i"), browser.answer())
        assert answers[0].status_code == 200
        assert (answers[1].code, answers[1].state, answers[1].iss) == ("c1", "s1", "i")
        await web.get(browser.redirect + "?code=forged")
        assert (await browser.answer()).code == "c1"
    assert opened == ["https://login.example.com/?x=1"]
    assert "https://login.example.com/?x=1" in capsys.readouterr().err


async def test_the_port_that_the_server_knows_is_used_again_if_it_is_free(tmp_path: Path) -> None:
    tokens = tokens_of(TARGET, tmp_path)
    async with Browser() as first:
        provider(TARGET, first, tokens)
        async with Browser(tokens.port) as second:
            assert second.port != first.port
    async with Browser(tokens.port) as third:
        assert third.port == tokens.port
