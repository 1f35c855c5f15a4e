"""A proxy within the test's own process, in front of a real server."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mcp.server import Server

from guard import config
from guard.cli import compose
from guard.cli.wrap import policy_text, write_policy
from guard.engine import Engine
from guard.front.proxy import Proxy, build_proxy
from guard.upstream.catalogue import profiles
from guard.upstream.target import Target
from guard.upstream.wrapped import Settings, Wrapped
from tests.e2e.serving import make, register

SERVERS = Path(__file__).parent.parent / "upstream" / "servers"


@dataclass(slots=True, kw_only=True)
class Proxied:
    engine: Engine
    wrapped: Wrapped
    proxy: Proxy
    server: Server[Any]
    place: Any = field(default=None)


@asynccontextmanager
async def proxied(root: Path, *command: str, url: str = "", hold: float = 0.0, **settings: Any) -> AsyncIterator[Proxied]:
    """An engine, a wrapped server and the proxy before it; ann may approve."""
    place = await register(make(root))
    write_policy(place.toml.parent / "policies" / "wrapped-files.cedar", policy_text("files", "run", None))
    loaded = config.load(place.toml)
    target = Target(name="files", command=(sys.executable, str(SERVERS / command[0]), *command[1:]) if command else (), url=url)
    wrapped = Wrapped(Settings(target=target, **settings), profiles(root / "no-profiles"), loaded.state / "upstreams")
    async with compose.open_engine(loaded, runs=False, upstream=wrapped) as engine:
        engine.start()
        proxy = Proxy(engine, wrapped, hold=hold)
        yield Proxied(engine=engine, wrapped=wrapped, proxy=proxy, server=build_proxy(proxy, wrapped), place=place)
