"""An initialised connection: its era, what the server said of itself, and the headers that its transport wants."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any

from mcp.shared.exceptions import MCPError
from mcp.shared.inbound import (
    MCP_METHOD_HEADER,
    MCP_NAME_HEADER,
    MCP_PROTOCOL_VERSION_HEADER,
    NAME_BEARING_METHODS,
    encode_header_value,
    find_invalid_x_mcp_header,
    mcp_param_headers,
    x_mcp_header_map,
)
from mcp_types import CLIENT_CAPABILITIES_META_KEY, CLIENT_INFO_META_KEY, PROTOCOL_VERSION_META_KEY
from mcp_types.version import LATEST_HANDSHAKE_VERSION, LATEST_MODERN_VERSION, MODERN_PROTOCOL_VERSIONS

from guard import __version__
from guard.errors import NotForwarded, UpstreamError
from guard.upstream.link import Link
from guard.upstream.notices import Caller
from guard.upstream.target import LONGEST_SIGN_IN, Grant, Target

PROBE = 10.0
"""Seconds that a server gets to say whether it speaks the modern protocol."""
LONGEST_LISTING = 60.0
"""Seconds for a page of its tools: calls of every client wait for it."""
LONGEST_HELLO = 300.0
"""Seconds in which it answers guard's own introduction: some are installed by their first start."""
MOST_PAGES = 100
SELF = {"name": "guard", "version": __version__}


class Session:
    """One connection to the server that may be used. Made by `opened` or `introduced`."""

    def __init__(self, link: Link, hello: dict[str, Any], *, modern: bool, version: str) -> None:
        self.link, self.hello, self.modern, self.version = link, hello, modern, version
        self.listed = False
        """Its tools are known."""
        self.schemas: dict[str, Any] = {}
        """Input schemas by tool, as this connection listed them: for headers that mirror arguments, which only the modern era knows."""

    @property
    def alive(self) -> bool:
        return self.link.alive

    @property
    def server_info(self) -> dict[str, Any]:
        """What the server calls itself."""
        meta = self.hello.get("_meta")
        found = self.hello.get("serverInfo") or (meta.get("io.modelcontextprotocol/serverInfo") if isinstance(meta, dict) else None)
        return found if isinstance(found, dict) else {}

    def learn(self, tools: Iterable[Mapping[str, Any]]) -> None:
        """These are its tools."""
        self.listed = True
        if self.modern:
            self.schemas = {tool["name"]: tool.get("inputSchema") for tool in tools}

    @property
    def envelope(self) -> dict[str, Any]:
        """What guard says of itself in a request of its own."""
        if not self.modern:
            return {}
        return {PROTOCOL_VERSION_META_KEY: self.version, CLIENT_INFO_META_KEY: SELF, CLIENT_CAPABILITIES_META_KEY: {}}

    async def request(self, method: str, params: Mapping[str, Any] | None, caller: Caller | None = None) -> dict[str, Any]:
        """See `Link.request`."""
        return await self.link.request(method, params, caller, headers=self._headers(method, params or {}))

    async def own(self, method: str, params: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """A request of guard's own."""
        meta = self.envelope
        return await self.request(method, {**(params or {}), **({"_meta": meta} if meta else {})})

    async def tools(self) -> list[dict[str, Any]]:
        """All raw tool definitions. A server without tools has none. `UpstreamError` if its list does not end, or is none."""
        found: list[dict[str, Any]] = []
        params: dict[str, Any] = {}
        for _ in range(MOST_PAGES):
            try:
                async with asyncio.timeout(LONGEST_LISTING + _patience(self.link.target)):
                    page = await self.own("tools/list", params)
            except TimeoutError:
                raise NotForwarded(f"{self.link.target.name} does not list its tools: no answer came in time.") from None
            except MCPError as error:
                raise NotForwarded(f"{self.link.target.name} does not list its tools: {error.error.message}.") from None
            listed = page.get("tools")
            if not isinstance(listed, list) or not all(isinstance(tool, dict) and isinstance(tool.get("name"), str) for tool in listed):
                raise NotForwarded(f"{self.link.target.name} lists tools that are none.")
            found.extend(listed)
            cursor = page.get("nextCursor")
            if not isinstance(cursor, str) or params.get("cursor") == cursor:
                return found
            params = {"cursor": cursor}
        raise NotForwarded(f"The tools of {self.link.target.name} fill more than {MOST_PAGES} pages.")

    def _headers(self, method: str, params: Mapping[str, Any]) -> dict[str, str]:
        """What streamable HTTP wants beside the message; stdio ignores it."""
        headers = {MCP_PROTOCOL_VERSION_HEADER: self.version}
        if not self.modern:
            return headers
        headers[MCP_METHOD_HEADER] = method
        named = "taskId" if method.startswith("tasks/") else NAME_BEARING_METHODS.get(method)
        if named and isinstance(name := params.get(named), str):
            headers[MCP_NAME_HEADER] = encode_header_value(name)
        schema = self.schemas.get(str(params.get("name"))) if method == "tools/call" else None
        if schema is not None and find_invalid_x_mcp_header(schema) is None:
            headers.update(mcp_param_headers(x_mcp_header_map(schema), params.get("arguments") or {}))
        return headers


async def opened(target: Target) -> Session:
    """A connection of guard's own, in the newest era that the server speaks. `NotForwarded` if there is none."""
    link = Link(target)
    await link.open()
    try:
        if (session := await _discovered(link)) is not None:
            return session
        async with asyncio.timeout(LONGEST_HELLO + _patience(target)):
            return await _initialised(link, _introduction())
    except (MCPError, UpstreamError, TimeoutError) as error:
        await link.close()
        why = link.why or str(error) or "no answer came in time"
        raise NotForwarded(f"{target.name} cannot be used: {why}", hint="Its own log says more.") from None
    except BaseException:
        await link.close()
        raise


async def introduced(target: Target, params: Mapping[str, Any] | None, audience: Caller, *, listens: bool = True) -> Session:
    """A connection for one client, initialised by the client's own words. `listens`: see `Link.listen`. `MCPError` is the server's
    refusal."""
    link = Link(target, audience=audience, listens=listens)
    await link.open()
    try:
        return await _initialised(link, params, notify=False)
    except UpstreamError as error:
        await link.close()
        raise NotForwarded(f"{target.name} cannot be used: {link.why or error}", hint="Its own log says more.") from None
    except BaseException:
        await link.close()
        raise


async def _discovered(link: Link) -> Session | None:
    session = Session(link, {}, modern=True, version=LATEST_MODERN_VERSION)
    try:
        hello = await asyncio.wait_for(session.own("server/discover"), _patience(link.target))
    except (MCPError, TimeoutError):
        return None
    except UpstreamError:
        if link.alive:  # an HTTP server that knows no such request
            return None
        raise
    supported = hello.get("supportedVersions")
    spoken = [version for version in MODERN_PROTOCOL_VERSIONS if isinstance(supported, list) and version in supported]
    if not spoken:
        return None
    return Session(link, hello, modern=True, version=spoken[-1])


def _patience(target: Target) -> float:
    """Seconds for the first answer, which waits for a person who has to sign in."""
    by_person = target.sign_in is not None and target.sign_in.grant is Grant.BROWSER
    return PROBE + LONGEST_SIGN_IN if by_person else PROBE


async def _initialised(link: Link, params: Mapping[str, Any] | None, *, notify: bool = True) -> Session:
    hello = await link.request("initialize", params)
    version = hello.get("protocolVersion")
    session = Session(link, hello, modern=False, version=version if isinstance(version, str) else LATEST_HANDSHAKE_VERSION)
    if notify:
        await link.notify("notifications/initialized", None)
    return session


def _introduction() -> dict[str, Any]:
    return {"protocolVersion": LATEST_HANDSHAKE_VERSION, "capabilities": {}, "clientInfo": SELF}
