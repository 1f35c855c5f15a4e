"""The official conformance suite: an upstream behind guard ends every server scenario as it does directly, and guard signs in to servers
as well as the SDK's own client."""

from __future__ import annotations

import subprocess
import sys
import urllib.request
import webbrowser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from mcp.client import Client
from mcp.client.auth import OAuthClientProvider
from mcp.client.auth.extensions.client_credentials import ClientCredentialsOAuthProvider, PrivateKeyJWTOAuthProvider, SignedJWTParameters
from mcp.client.auth.extensions.identity_assertion import IdentityAssertionOAuthProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import AuthorizationCodeResult, OAuthClientInformationFull, OAuthClientMetadata
from pydantic import AnyUrl

from guard.upstream.session import opened
from guard.upstream.target import Grant, SignIn, Target
from guard.upstream.tokens import PrivateFile, Tokens
from tests.e2e.conformance import client_scenarios, server_scenarios
from tests.e2e.serving import Place, free_port, make, started
from tests.e2e.wrapping import SERVERS

PERMIT = """\
@id("the-suite-may-call-everything") @why("A server for tests, and nothing else.")
permit (principal, action in Guard::Action::"effect", resource in Guard::Server::"conformance");
"""
DOCUMENT = "https://conformance-test.local/client-metadata.json"
"""What the suite takes as the description of a client."""


def wrapped(place: Place, url: str, port: int) -> list[str]:
    policy = place.root / "suite.cedar"
    policy.write_text(PERMIT)
    options = ["--url", url, "--http", f"127.0.0.1:{port}", "--no-token", "--policy", str(policy)]
    return [sys.executable, "-m", "guard", "wrap", "conformance", *options]


def test_every_server_scenario_ends_through_guard_as_directly_and_all_pass(tmp_path: Path) -> None:
    place, upstream, front = make(tmp_path / "guard"), free_port(), free_port()
    quiet: dict[str, Any] = {"stderr": subprocess.DEVNULL}
    with started([sys.executable, str(SERVERS / "conformance.py"), str(upstream)], upstream, **quiet) as url:
        direct = server_scenarios(url)
        with started(wrapped(place, url, front), front, env=place.environment, **quiet) as through:
            found = server_scenarios(through)
    assert found == direct
    assert len(found) >= 30
    assert sum(int(said.split()[0]) for said in found.values()) >= 40
    assert [name for name, said in found.items() if not said.endswith(" 0 failed")] == []


async def issuer_of(url: str) -> str:
    """The authorisation server, as the operator would have been told it."""
    split = urlsplit(url)
    async with httpx2.AsyncClient() as web:
        found = await web.get(f"{split.scheme}://{split.netloc}/.well-known/oauth-protected-resource{split.path}")
    return str(found.json()["authorization_servers"][0])


async def asserted(context: dict[str, Any], issuer: str, url: str) -> str:
    """What the organisation's identity provider gives for the token of who is signed in there."""
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "requested_token_type": "urn:ietf:params:oauth:token-type:id-jag",
        "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
        "subject_token": context["idp_id_token"],
        "client_id": context["idp_client_id"],
        "audience": issuer,
        "resource": url,
    }
    async with httpx2.AsyncClient() as web:
        return str((await web.post(context["idp_token_endpoint"], data=form)).json()["access_token"])


class Users:
    """guard as its user configures it for a scenario."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def guard(self, scenario: str, url: str, context: dict[str, Any]) -> None:
        """Sign in by guard's link, and call every tool."""
        name = scenario.removeprefix("auth/")
        session = await opened(Target(name=name, url=url, sign_in=await self._sign_in(name, url, context)))
        try:
            for tool in await session.tools():
                await session.own("tools/call", {"name": tool["name"], "arguments": {}})
        finally:
            await session.link.close()

    def _kept(self, name: str, text: str) -> str:
        file = self._folder / name
        file.write_text(text)
        return str(file)

    async def _sign_in(self, name: str, url: str, context: dict[str, Any]) -> SignIn:
        given: dict[str, Any] = {"folder": str(self._folder / "tokens")}
        if name == "basic-cimd":
            given["client_metadata"] = DOCUMENT
        if "client_id" in context:
            given["client_id"] = context["client_id"]
        if "client_secret" in context:
            given["client_secret"] = f"${{file:{self._kept(f'{name}.secret', context['client_secret'])}}}"
        if name.startswith("client-credentials"):
            given |= {"grant": Grant.CLIENT_CREDENTIALS, "issuer": await issuer_of(url)}
        if "private_key_pem" in context:
            given["client_key"] = self._kept(f"{name}.pem", context["private_key_pem"])
        if "idp_id_token" in context:
            issuer = await issuer_of(url)
            reference = self._kept(f"{name}.jwt", await asserted(context, issuer, url))
            given |= {"grant": Grant.ASSERTION, "issuer": issuer, "assertion": f"${{file:{reference}}}"}
        return SignIn(**given)


class Reference:
    """The SDK's own client with the SDK's own providers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def sdk(self, scenario: str, url: str, context: dict[str, Any]) -> None:
        auth = await self._auth(scenario.removeprefix("auth/"), url, context)
        async with httpx2.AsyncClient(auth=auth, timeout=30) as web:
            async with Client(streamable_http_client(url, http_client=web)) as client:
                for tool in (await client.list_tools()).tools:
                    await client.call_tool(tool.name, {})

    async def _auth(self, name: str, url: str, context: dict[str, Any]) -> httpx2.Auth:
        known = None
        if "client_secret" in context:
            known = OAuthClientInformationFull(
                client_id=context["client_id"], client_secret=context["client_secret"], redirect_uris=[AnyUrl("http://localhost:3000/c")],
                token_endpoint_auth_method="client_secret_basic",
            )  # fmt: skip
        tokens = Tokens(PrivateFile(self._folder / f"{name}.json"), known)
        if "idp_id_token" in context:

            async def assertion(audience: str, resource: str) -> str:
                return await asserted(context, audience, resource)

            return IdentityAssertionOAuthProvider(
                url, tokens, context["client_id"], context["client_secret"], await issuer_of(url), assertion, None, "client_secret_basic"
            )
        if "private_key_pem" in context:
            signed = SignedJWTParameters(
                issuer=context["client_id"], subject=context["client_id"], signing_key=context["private_key_pem"],
                signing_algorithm=context["signing_algorithm"],
            )  # fmt: skip
            provider = signed.create_assertion_provider()
            return PrivateKeyJWTOAuthProvider(url, tokens, context["client_id"], provider, issuer=await issuer_of(url))
        if name.startswith("client-credentials"):
            secret = context["client_secret"]
            return ClientCredentialsOAuthProvider(url, tokens, context["client_id"], secret, issuer=await issuer_of(url))
        return self._interactive(name, url, tokens)

    def _interactive(self, name: str, url: str, tokens: Tokens) -> httpx2.Auth:
        back: dict[str, str] = {}

        async def send(where: str) -> None:
            async with httpx2.AsyncClient(follow_redirects=False) as web:
                query = parse_qs(urlsplit((await web.get(where)).headers["location"]).query)
            back.update({key: query[key][0] for key in ("code", "state", "iss") if key in query})

        async def answer() -> AuthorizationCodeResult:
            return AuthorizationCodeResult(**back)

        metadata = OAuthClientMetadata(client_name="sdk", redirect_uris=[AnyUrl("http://localhost:3000/c")])
        return OAuthClientProvider(url, metadata, tokens, send, answer, DOCUMENT if name == "basic-cimd" else None)


async def test_guard_signs_in_wherever_the_sdks_own_client_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webbrowser, "open", lambda url: urllib.request.urlopen(url, timeout=30).close() is None)
    folders = tmp_path / "sdk", tmp_path / "guard"
    for folder in folders:
        folder.mkdir()
    wanted = await client_scenarios(Reference(folders[0]).sdk, folders[0])
    found = await client_scenarios(Users(folders[1]).guard, folders[1])
    assert found == wanted
    assert len(wanted) >= 22
    failed = [name for name, said in wanted.items() if not said.endswith(" 0 failed")]
    assert failed == ["auth/2025-03-26-oauth-metadata-backcompat"]  # the SDK refuses metadata of another issuer than the one asked
