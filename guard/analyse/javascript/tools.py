"""Calls of a wrapped server's tools, in the calling conventions of its profile -> `tool.read`, `tool.write`, `tool.destructive`.

A tool that no list names is judged by the verb in its name; without a verb it writes. What could be any tool is opaque.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache

from guard.analyse import embedded, targets
from guard.analyse.javascript import network
from guard.analyse.javascript.site import MOST, Site
from guard.analyse.javascript.values import HOLE, Constant, Object, Text, Value, Values, texts
from guard.analyse.profile import Profile, Style
from guard.analyse.tools import SQL_ARGUMENTS, SQL_WORDS, TEXT_ARGUMENTS, by_verb, sink_for, takes_sql
from guard.model import Effect, Kind, Resource, ResourceType

RULE = "js-tool"
HTTP_KINDS = {
    "GET": Kind.TOOL_READ, "HEAD": Kind.TOOL_READ, "OPTIONS": Kind.TOOL_READ, "POST": Kind.TOOL_WRITE, "PUT": Kind.TOOL_WRITE,
    "PATCH": Kind.TOOL_WRITE, "DELETE": Kind.TOOL_DESTRUCTIVE,
}  # fmt: skip
_PLAIN_PATH = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~!$&'()*+,=:@{}-]*)+|\*.*")
"""A path that means what it says: no fragment, no escapes, no folders up, nothing that a URL parser drops or turns round. ("*" is a part
that is not known: it is not exact in any case.)"""
RAW_VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "request"})
CREDENTIALS = frozenset({"apiKey", "token", "bearerToken", "authToken", "accessToken", "clientSecret", "webhookSecret"})
CLIENT_DATA = frozenset({"baseURL", "timeout", "maxRetries", "logger", "logLevel", "then", "catch"})


def effects(site: Site, profile: Profile | None) -> Iterable[Effect]:
    """What one call of something injected does. `site.name` is "%" and the dotted name; `site.server` is the wrapped server."""
    if profile is None:
        return
    name = site.name[1:].replace("()", "")
    found = sink_for(profile, name)
    if found is None:
        yield site.opaque(RULE, f"calls {name}, which is not among the calls known of this server")
        return
    sink, rest = found
    yield from _STYLES[sink.style](site, profile, rest)


def handed(site: Site, profile: Profile | None) -> Iterable[Effect]:
    """An injected name that leaves sight."""
    found = sink_for(profile, site.name[1:]) if profile is not None else None
    if found is not None and found[0].style is Style.DATA:
        return
    yield site.opaque(RULE, f"hands {site.name[1:]} on to code that cannot be followed: it could call any tool")


def _tool(server: str, name: str) -> Resource:
    return Resource(type=ResourceType.TOOL, name=f"{server}/{name}")


def judged(profile: Profile, name: str, kind: Kind) -> Kind:
    """The kind after the profile's own lists; the strictest list that matches counts."""
    for patterns, listed in ((profile.destroys, Kind.TOOL_DESTRUCTIVE), (profile.writes, Kind.TOOL_WRITE), (profile.reads, Kind.TOOL_READ)):
        if any(_pattern(pattern).fullmatch(name) for pattern in patterns):
            return kind if listed is Kind.TOOL_DESTRUCTIVE and name.startswith("GET ") else listed
    return kind


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    escaped = re.escape(pattern).replace(r"\*\*", ".*").replace(r"\*", "[^/ ]*")
    return re.compile(escaped)


def _named(site: Site, profile: Profile, name: str, *, server: str = "", exact: bool = True) -> Effect:
    """The effect of one tool known by name."""
    last = name.rsplit(".", 1)[-1]
    kind = judged(profile, name, judged(profile, last, _by_verb(name, last)))
    what = {Kind.TOOL_READ: "reads with", Kind.TOOL_WRITE: "changes something with", Kind.TOOL_DESTRUCTIVE: "destroys with"}[kind]
    return site.effect(kind, _tool(server or site.server, name), RULE, f"{what} {name}", exact=exact)


def _as_asked(site: Site, at: int, effect: Effect) -> Effect:
    """A tool that reads by its name does what the SQL says that it is given: `query({sql: "DROP TABLE …"})`."""
    if effect.kind is not Kind.TOOL_READ or all(_only_selects(site, value, effect.resource.name) for value in site.argument(at)):
        return effect
    return replace(effect, kind=Kind.TOOL_DESTRUCTIVE, note=f"{effect.note}: runs SQL that does more than read, or cannot be known")


def _only_selects(site: Site, given: Value, name: str) -> bool:
    runs_sql = takes_sql(name)
    if isinstance(given, Text):
        return _is_select(site, given) if runs_sql or given.known.lstrip().lower().startswith(SQL_WORDS) else True
    if not isinstance(given, Object):
        return not runs_sql or isinstance(given, Constant)
    sql = [text for option in SQL_ARGUMENTS if option in given.properties for text in texts(given.properties[option])]
    said = [text for option in TEXT_ARGUMENTS if option in given.properties for text in texts(given.properties[option])]
    if given.open and not sql and runs_sql:
        return False
    return all(_is_select(site, text) for text in sql) and all(
        _is_select(site, text)
        for text in said
        if text.known.lstrip(" (\n\t\r").lower().startswith(SQL_WORDS) or (runs_sql and not text.complete)
    )


def _is_select(site: Site, statement: Text) -> bool:
    written = "".join("?" if piece is None else piece for piece in statement.pieces)
    found = embedded.effects_of("sql", written, site.facts, at=site.span, depth=site.depth) if statement.complete else ()
    return bool(found) and all(effect.kind is Kind.SQL_SELECT for effect in found)


def _by_verb(name: str, last: str) -> Kind:
    """What the verb says, which may stand behind the server's name: `github__list_issues`, `slack.slack_list_channels`."""
    space = name.rsplit(".", 2)[-2] if "." in name else ""
    bare = last.rpartition("__")[2]
    bare = (bare.removeprefix(f"{space}_") if space else bare) or last
    kind = by_verb(last)[0]
    return kind if kind is Kind.TOOL_DESTRUCTIVE else by_verb(bare)[0]


def _calls(site: Site, profile: Profile, rest: str) -> Iterable[Effect]:
    if rest:
        yield _as_asked(site, 0, _named(site, profile, rest))
    else:
        yield site.opaque(RULE, "calls something of the server whose name cannot be known: it could be any tool")


def _request_effects(site: Site, profile: Profile, methods: Values | None, paths: Values, body: Values | None) -> Iterable[Effect]:
    for method in texts(methods) if methods is not None else (Text(("GET",)),):
        known = method.known.upper() if method.complete else ""
        kind = HTTP_KINDS.get(known, Kind.TOOL_DESTRUCTIVE)
        for path in texts(paths)[:MOST]:
            shape = path.shape.split("?", 1)[0]
            name = f"{known or '*'} {shape or '*'}"
            plain = _PLAIN_PATH.fullmatch(shape) is not None
            final = kind
            if plain and shape.rstrip("/").endswith("/graphql") and known == "POST":
                final = _graphql_kind(body)
            final = judged(profile, name, final)
            if final is not Kind.TOOL_READ and not path.complete and path.known == "":
                final = Kind.TOOL_DESTRUCTIVE  # an unknown path could be any of those that the profile raises
            if not plain and kind is not Kind.TOOL_READ:
                final = Kind.TOOL_DESTRUCTIVE  # and so could one that a URL parser makes another of
            exact = bool(known) and (path.complete or "?" in path.known) and plain  # what follows the "?" is no part of the path
            note = f"{known or 'a method that cannot be known'} {path.shape or 'a path that cannot be known'}"
            yield site.effect(final, _tool(site.server, name), RULE, note, exact=exact)


def _graphql_kind(body: Values | None) -> Kind:
    kinds = {kind for value in body or (HOLE,) for kind in network.graphql_kinds(network.document(value))}
    if kinds == {Kind.HTTP_GET}:
        return Kind.TOOL_READ
    return Kind.TOOL_DESTRUCTIVE if Kind.HTTP_DELETE in kinds else Kind.TOOL_WRITE


def _request(site: Site, profile: Profile, rest: str) -> Iterable[Effect]:
    options = site.argument(0)
    if rest or not options or not all(isinstance(value, Object) for value in options):
        yield site.effect(
            Kind.TOOL_DESTRUCTIVE, _tool(site.server, "* *"), RULE, "sends a request whose method cannot be known", exact=False
        )
        return
    methods, paths = site.option(0, "method"), site.option(0, "path", "url")
    missing = any(isinstance(v, Object) and "method" not in v.properties for v in options)
    yield from _request_effects(site, profile, (*(methods or ()), HOLE) if missing else methods, paths or (HOLE,), site.option(0, "body"))


def _verbs(site: Site, profile: Profile, rest: str) -> Iterable[Effect]:
    verb = rest.rsplit(".", 1)[-1]
    if verb == "request":
        yield from _request(site, profile, "")
    elif verb in RAW_VERBS:
        body = site.option(1, "body") or site.argument(1) or None
        yield from _request_effects(site, profile, (Text((verb.upper(),)),), site.argument(0) or (HOLE,), body)
    else:
        yield from _calls(site, profile, rest)


def _client(site: Site, profile: Profile, rest: str) -> Iterable[Effect]:
    if "." not in rest and rest in RAW_VERBS:
        yield from _verbs(site, profile, rest)
    elif rest.rsplit(".", maxsplit=1)[-1] not in CLIENT_DATA:
        yield from _calls(site, profile, rest)


def _call_by_name(site: Site, profile: Profile, rest: str) -> Iterable[Effect]:
    """`call_tool("tool", …)` or `call_tool("server", "tool", …)`."""
    first, second = texts(site.argument(0) or (HOLE,)), site.argument(1)
    two = bool(second) and all(isinstance(value, Text) for value in second)
    for name in texts(second) if two else first:
        server = first[0].known if two and first[0].complete else ""
        if name.complete and name.known and (not two or first[0].complete):
            yield _as_asked(site, 2 if two else 1, _named(site, profile, name.known, server=server))
        else:
            yield site.opaque(RULE, "calls a tool whose name is worked out at run time: it could be any tool")


def _invoke(site: Site, profile: Profile, rest: str) -> Iterable[Effect]:
    names = site.option(0, "name", "tool")
    given = site.option(0, "arguments", "args", "input") or ()
    yield from _call_by_name(replace(site, arguments=[names or (HOLE,), tuple(v for v in given if not isinstance(v, Text))]), profile, rest)


def _data(site: Site, profile: Profile, rest: str) -> Iterable[Effect]:
    return ()


_STYLES = {
    Style.REQUEST: _request,
    Style.VERBS: _verbs,
    Style.CLIENT: _client,
    Style.CALLS: _calls,
    Style.NAMED: _call_by_name,
    Style.INVOKE: _invoke,
    Style.IMPORTS: _calls,
    Style.DATA: _data,
}


def fetch(site: Site, profile: Profile) -> Iterable[Effect]:
    """`fetch` in a wrapped server: a call of the tool proxy (jx) is that tool; anything else is the network."""
    urls = texts(site.argument(0) or (HOLE,))
    local = all(_is_local(url) for url in urls)
    if not (profile.proxy and local):
        yield from network.fetch(site)
        return
    base = profile.proxy.rsplit("/", 1)[0]
    for url in urls:
        path = re.sub(r"^https?://[^/]*", "", url.shape)
        if path.split("?")[0] == profile.proxy:
            yield from _proxied(site, profile)
        elif path.startswith(base) and url.complete and network.method_kinds(site.option(1, "method")) == {Kind.HTTP_GET}:
            yield site.effect(Kind.TOOL_READ, _tool(site.server, path.lstrip("/")), RULE, "lists servers or tools")
        elif not url.complete:
            yield site.opaque(RULE, "sends a request to the tool proxy that cannot be known: it could be any tool")
        else:
            yield from network.fetch(site)


def _is_local(url: Text) -> bool:
    """Whether a URL surely names this machine."""
    resource, exact = targets.url_target(url.known, complete=url.complete)
    return exact and resource.name.rsplit(":", 1)[0] in ("localhost", "127.0.0.1", "::1")


def _proxied(site: Site, profile: Profile) -> Iterable[Effect]:
    bodies = site.option(1, "body") or (HOLE,)
    for body in bodies:
        servers = texts(body.properties.get("server", (HOLE,))) if isinstance(body, Object) else (HOLE,)
        tools = texts(body.properties.get("tool", (HOLE,))) if isinstance(body, Object) else (HOLE,)
        for server in servers:
            for tool in tools:
                if server.complete and tool.complete:
                    given = body.properties.get("args", ()) if isinstance(body, Object) else ()
                    asked = replace(site, arguments=[given])
                    yield _as_asked(asked, 0, _named(site, profile, tool.known, server=server.known))
                else:
                    yield site.opaque(RULE, "calls a tool whose server or name is worked out at run time: it could be any tool")


def credential(site: Site, profile: Profile | None, name: str) -> Iterable[Effect]:
    """Reading `client.apiKey`: the credential that the server injected."""
    found = sink_for(profile, name) if profile is not None else None
    if found is not None and found[0].style is Style.CLIENT and found[1] in CREDENTIALS:
        yield site.effect(Kind.SECRET_READ, targets.variable(found[1]), RULE, f"reads the credential {found[1]} of the server's client")
