"""Signing in: the way back from the browser, and tokens that guard gets by itself."""

from __future__ import annotations

import asyncio
import base64
import webbrowser
from pathlib import Path
from typing import Any

import httpx2
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from guard.errors import ConfigError
from guard.upstream.oauth import Browser, authentication, tokens_of
from guard.upstream.target import Grant, SignIn, Target
from tests.upstream.serving import guarded


def target(url: str = "https://mcp.example.com/mcp", **given: Any) -> Target:
    return Target(name="suite", url=url, sign_in=SignIn(**given))


async def test_a_client_that_was_registered_beforehand_is_used_with_its_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "s3cret")
    known = target(folder=str(tmp_path), client_id="guard-1", client_secret="${env:SECRET}")
    client = await tokens_of(known).get_client_info()
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
    known = target(folder=str(tmp_path))
    tokens = tokens_of(known)
    async with authentication(known):
        port = await tokens.port()
        async with Browser(port) as second:
            assert second.port != port
    async with Browser(port) as third:
        assert third.port == port


async def status(known: Target) -> int:
    async with authentication(known) as auth, httpx2.AsyncClient(auth=auth) as web:
        return (await web.get(known.url)).status_code


def issuer(url: str) -> str:
    return url.removesuffix("/mcp")


async def test_with_credentials_of_its_own_guard_signs_in_and_nobody_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "s3cret")
    asked: list[dict[str, str]] = []
    async with guarded(asked) as url:
        known = target(
            url, grant=Grant.CLIENT_CREDENTIALS, client_id="robot", client_secret="${env:SECRET}", issuer=issuer(url),
            folder=str(tmp_path),
        )  # fmt: skip
        assert await status(known) == 200
        assert await status(known) == 200  # with the token that was kept
    (form,) = asked
    assert (form["grant_type"], form["resource"]) == ("client_credentials", url)
    assert form["authorization"] == "Basic " + base64.b64encode(b"robot:s3cret").decode()


async def test_credentials_are_sent_to_no_other_authorisation_server_than_the_operators(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "s3cret")
    asked: list[dict[str, str]] = []
    async with guarded(asked) as url:
        known = target(
            url, grant=Grant.CLIENT_CREDENTIALS, client_id="robot", client_secret="${env:SECRET}", issuer="https://login.example.com",
            folder=str(tmp_path),
        )  # fmt: skip
        with pytest.raises(Exception, match="issuer"):
            await status(known)
    assert asked == []


def pem(key: Any) -> bytes:
    return bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (rsa.generate_private_key(public_exponent=65537, key_size=2048), "RS256"),
        (ec.generate_private_key(ec.SECP256R1()), "ES256"),
        (ec.generate_private_key(ec.SECP384R1()), "ES384"),
        (ed25519.Ed25519PrivateKey.generate(), "EdDSA"),
    ],
    ids=["rsa", "p256", "p384", "ed25519"],
)
async def test_a_private_key_signs_who_the_client_is_by_its_own_algorithm(key: Any, algorithm: str, tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    file.write_bytes(pem(key))
    asked: list[dict[str, str]] = []
    async with guarded(asked) as url:
        known = target(
            url, grant=Grant.CLIENT_CREDENTIALS, client_id="robot", client_key=str(file), issuer=issuer(url), folder=str(tmp_path)
        )
        assert await status(known) == 200
        claims = jwt.decode(asked[0]["client_assertion"], key.public_key(), algorithms=[algorithm], audience=issuer(url))
    assert (claims["iss"], claims["sub"]) == ("robot", "robot")


@pytest.mark.parametrize(
    "text",
    [b"no key", b"\xff", pem(ec.generate_private_key(ec.SECP256K1())), pem(dsa.generate_private_key(1024))],
    ids=["text", "bytes", "curve", "dsa"],
)
async def test_a_key_that_cannot_be_used_is_said_before_anything_is_sent(text: bytes, tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    file.write_bytes(text)
    known = target(
        grant=Grant.CLIENT_CREDENTIALS, client_id="robot", client_key=str(file), issuer="https://i.example", folder=str(tmp_path)
    )
    with pytest.raises(ConfigError) as raised:
        async with authentication(known):
            pass
    assert raised.value.hint


async def test_an_assertion_is_read_anew_at_each_exchange(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", "s3cret")
    asked: list[dict[str, str]] = []
    renewed = tmp_path / "assertion.jwt"
    async with guarded(asked) as url:
        for number in ("first", "second"):
            renewed.write_text(number)
            known = target(
                url, grant=Grant.ASSERTION, client_id="robot", client_secret="${env:SECRET}", issuer=issuer(url),
                assertion=f"${{file:{renewed}}}", folder=str(tmp_path / number),
            )  # fmt: skip
            assert await status(known) == 200
    assert [form["assertion"] for form in asked] == ["first", "second"]
