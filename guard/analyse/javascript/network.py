"""Requests and connections -> effects on the endpoints they go to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from guard.analyse import graphql, targets
from guard.analyse.javascript.library import root
from guard.analyse.javascript.packages import SDKS
from guard.analyse.javascript.site import MOST, Site
from guard.analyse.javascript.values import HOLE, Constant, Object, Text, Value, Values, merged, texts
from guard.analyse.tools import by_method
from guard.model import Effect, Kind


def url_effects(site: Site, kinds: Iterable[Kind], urls: Values, rule: str) -> Iterable[Effect]:
    options = texts(urls)
    found = {targets.url_target(_based(option, site.base).known, complete=_based(option, site.base).complete) for option in options[:MOST]}
    if len(options) > MOST:
        found = {(targets.ANY_HOST, False)}
    for kind in sorted(kinds):
        for resource, exact in sorted(found, key=lambda pair: pair[0].name):
            where = resource.name or "an address that cannot be known"
            what = "connects to" if kind is Kind.NET_CONNECT else f"sends {kind.removeprefix('http.').upper()} to"
            yield site.effect(kind, resource, rule, f"{what} {where}", exact=exact)


def _based(value: Text, base: Text | None) -> Text:
    if base is None or "://" in value.known:
        return value
    if value.known.startswith("//") or (value.known == "" and not value.complete):
        return HOLE
    return merged([*base.pieces, "" if base.pieces[-1:] and (base.pieces[-1] or "").endswith("/") else "/", *value.pieces])


def method_kinds(values: Values | None) -> set[Kind]:
    """HTTP method values -> kinds; a method that is not known is as bad as DELETE."""
    if values is None:
        return {Kind.HTTP_GET}
    kinds = set()
    for value in texts(values):
        if value.complete and value.known in ("undefined", "null", ""):
            kinds.add(Kind.HTTP_GET)
        else:
            kinds.add(targets.METHODS.get(value.known.upper(), Kind.HTTP_DELETE) if value.complete else Kind.HTTP_DELETE)
    return kinds


def _http(kind: Kind) -> Callable[[Site], Iterable[Effect]]:
    def effects(site: Site) -> Iterable[Effect]:
        urls = site.argument(0)
        inner = site.option(0, "url", "uri") if any(isinstance(value, Object) for value in urls) else None
        if inner is not None:
            urls = inner
        kinds = {kind} if site.option(2, "params") is not None else sent({kind}, site.argument(1), urls, site.base)
        yield from url_effects(site, kinds, urls, "js-http")

    return effects


def fetch(site: Site) -> Iterable[Effect]:
    """`fetch(url | Request, {method})`."""
    first = site.argument(0)
    urls: Values = first
    method = site.option(1, "method")
    if any(isinstance(value, Object) for value in first):
        urls = site.option(0, "url", "href") or (HOLE,)
        method = method if method is not None else site.option(0, "method")
    body = site.option(1, "body") or site.option(0, "body")
    yield from url_effects(site, sent(method_kinds(method), body, urls, site.base), urls, "js-fetch")


def sent(kinds: set[Kind], body: Values | None, urls: Values, base: Text | None) -> set[Kind]:
    """The kinds of a request with this body: a POST of a GraphQL query to a place that answers GraphQL reads."""
    if kinds != {Kind.HTTP_POST} or not all(graphql.speaks(_based(url, base).shape) for url in texts(urls)):
        return kinds
    asked = {kind for value in body or () for query in document(value) for kind in graphql_kinds((query,))}
    return asked if asked == {Kind.HTTP_GET} else kinds


def document(body: Value) -> Values:
    """What a body says as a GraphQL document; unknown where it says more than that."""
    queries = body.properties.get("query", (HOLE,)) if isinstance(body, Object) and not body.open else (HOLE,)
    plain = isinstance(body, Object) and all(graphql.plain(body.properties, query.pieces) for query in texts(queries))
    return queries if plain else (HOLE,)


def _config(site: Site) -> Iterable[Effect]:
    """`axios(config)`, `axios(url, config)`, `request(options)`, `$.ajax(…)`."""
    at = 0 if any(isinstance(value, Object) for value in site.argument(0)) else 1
    urls = site.option(at, "url", "uri") if at == 0 else site.argument(0)
    base = site.option(at, "baseURL", "baseUrl")
    if base is not None and len(texts(base)) == 1:
        site = replace(site, base=texts(base)[0])
    yield from url_effects(site, method_kinds(site.option(at, "method", "type")), urls or (HOLE,), "js-request")


def _method_url(site: Site) -> Iterable[Effect]:
    yield from url_effects(site, method_kinds(site.argument(0)), site.argument(1), "js-request")


def _node_request(default: Kind | None) -> Callable[[Site], Iterable[Effect]]:
    """`http.request(url, options)` or `http.request({hostname, port, path, method})`."""

    def effects(site: Site) -> Iterable[Effect]:
        first = site.argument(0)
        scheme = "https" if root(site.name) == "https" else "http"
        at = 0 if any(isinstance(value, Object) for value in first) else 1
        urls: Values = first
        if at == 0:
            hosts = texts(site.option(0, "hostname", "host") or ())
            ports = texts(site.option(0, "port") or ())
            given = site.option(0, "port") is not None
            urls = tuple(
                merged([f"{scheme}://", *host.pieces, *([":", *port.pieces] if given else []), "/"])
                for host in (hosts if site.option(0, "hostname", "host") is not None else (HOLE,))
                for port in (ports if given else (HOLE,))
            )
        kinds = method_kinds(site.option(at, "method")) if default is None else {default}
        yield from url_effects(site, kinds, urls, "js-http-request")

    return effects


def _connect(site: Site) -> Iterable[Effect]:
    """Something that connects to the address in its first argument or in its options."""
    urls = site.argument(0)
    for value in urls:
        if isinstance(value, Object):
            url = site.option(0, "connectionString", "url", "uri", "node")
            if url is not None:
                yield from url_effects(site, [Kind.NET_CONNECT], url, "js-connect")
            else:
                yield from _host_effects(
                    site, site.option(0, "host", "hostname", "server"), site.option(0, "port"), PORTS.get(root(site.name), 0)
                )
            return
    if not site.arguments and root(site.name) in PORTS:
        yield from _host_effects(site, None, None, PORTS[root(site.name)])
        return
    yield from url_effects(site, [Kind.NET_CONNECT], urls, "js-connect")


PORTS = {"pg": 5432, "postgres": 5432, "mysql": 3306, "redis": 6379, "mongodb": 27017}
"""Where a database client connects when nothing else is said."""


def _host_effects(site: Site, hosts: Values | None, ports: Values | None, default: int = 0) -> Iterable[Effect]:
    for host in texts(hosts)[:MOST] if hosts is not None else (Text(("localhost",)),):
        for port in texts(ports)[:MOST] if ports is not None else (Text((str(default),)),):
            known = host.complete and port.complete and port.known.isdigit()
            resource = targets.endpoint(host.known, int(port.known)) if known and len(port.known) < 6 else targets.ANY_HOST
            where = resource.name or (host.known if host.complete and host.known else "an address that cannot be known")
            yield site.effect(Kind.NET_CONNECT, resource, "js-connect", f"connects to {where}", exact=resource != targets.ANY_HOST)


def _host(site: Site) -> Iterable[Effect]:
    """`net.connect(port, host)`, `net.connect({port, host})`."""
    if any(isinstance(value, Object) for value in site.argument(0)):
        yield from _host_effects(site, site.option(0, "host", "hostname"), site.option(0, "port") or (HOLE,))
    else:
        yield from _host_effects(site, site.argument(1) if len(site.arguments) > 1 else None, site.argument(0) or (HOLE,))


def _serve(site: Site) -> Iterable[Effect]:
    yield site.effect(Kind.NET_CONNECT, targets.ANY_HOST, "js-serve", "listens for connections from the network", exact=False)


def _anywhere(site: Site) -> Iterable[Effect]:
    yield site.effect(Kind.NET_CONNECT, targets.ANY_HOST, "js-connect", "uses the network", exact=False)


def _dns(site: Site) -> Iterable[Effect]:
    names = texts(site.argument(0))
    for name in names[:MOST]:
        host = targets.canonical_host(name.known) if name.complete else ""
        resource = targets.endpoint(host, 53) if host else targets.ANY_HOST
        yield site.effect(Kind.NET_CONNECT, resource, "js-dns", f"looks up {host or 'a name that cannot be known'}", exact=bool(host))


def _xhr(site: Site) -> Iterable[Effect]:
    yield from url_effects(site, method_kinds(site.argument(0)), site.argument(1), "js-xhr")


def _sdk(site: Site) -> Iterable[Effect]:
    package = root(site.name)
    host = SDKS.get(package, "")
    verb = site.name.rsplit(".", 1)[-1]
    if site.name == package or not site.name.endswith(verb) or "." not in site.name[len(package) :]:
        kind = Kind.NET_CONNECT
    else:
        kind = by_method(verb)
    resource = targets.endpoint(host, 443) if host else targets.ANY_HOST
    yield site.effect(kind, resource, "js-sdk", f"uses the service client {package} ({verb})", exact=bool(host))


def _octokit(site: Site) -> Iterable[Effect]:
    """`octokit.request("DELETE /repos/…")`, `octokit.rest.issues.create(…)`, `octokit.graphql(…)`."""
    verb = site.name.rsplit(".", 1)[-1]
    kinds = {by_method(verb)}
    if verb in ("request", "octokit-request"):
        kinds = set()
        for route in texts(site.argument(0)):
            method = route.known.split(" ", 1)[0].upper()
            kinds.add(targets.METHODS.get(method, Kind.HTTP_GET if method.startswith("/") else Kind.HTTP_DELETE))
    elif verb == "graphql":
        kinds = graphql_kinds(site.argument(0))
    for kind in sorted(kinds):
        yield site.effect(kind, targets.endpoint("api.github.com", 443), "js-octokit", f"asks GitHub: {verb}")


def graphql_kinds(values: Values) -> set[Kind]:
    """A GraphQL text -> kinds: a query reads, a mutation (or what cannot be known) may do anything."""
    return {graphql.kind(value.pieces) or (Kind.HTTP_POST if value.known else Kind.HTTP_DELETE) for value in texts(values)}


def _graphql(at: int) -> Callable[[Site], Iterable[Effect]]:
    def effects(site: Site) -> Iterable[Effect]:
        kinds = graphql_kinds(site.argument(at))
        github = root(site.name).startswith("octokit")
        urls: Values = (Text(("https://api.github.com/graphql",)),) if github else (site.base or HOLE,) if at == 0 else site.argument(0)
        yield from url_effects(replace(site, base=None), kinds, urls, "js-graphql")

    return effects


def _download(site: Site) -> Iterable[Effect]:
    """`Papa.parse(address, {download: true})`"""
    wanted = site.option(1, "download")
    if wanted is not None and wanted != (Constant(False),):
        yield from url_effects(site, [Kind.HTTP_GET], site.argument(0), "js-http")


SPECS: dict[str, Callable[[Site], Iterable[Effect]]] = {
    "fetch": fetch,
    "config": _config,
    "method-url": _method_url,
    "get": _http(Kind.HTTP_GET),
    "head": _http(Kind.HTTP_HEAD),
    "options": _http(Kind.HTTP_HEAD),
    "post": _http(Kind.HTTP_POST),
    "put": _http(Kind.HTTP_PUT),
    "patch": _http(Kind.HTTP_PATCH),
    "http-delete": _http(Kind.HTTP_DELETE),
    "goto": _http(Kind.HTTP_GET),
    "request-http": _node_request(None),
    "request-get": _node_request(Kind.HTTP_GET),
    "connect": _connect,
    "connect-unknown": _anywhere,
    "host": _host,
    "host-options": _host,
    "serve": _serve,
    "download": _download,
    "dns": _dns,
    "xhr": _xhr,
    "sdk": _sdk,
    "octokit": _octokit,
    "graphql": _graphql(0),
    "graphql-url": _graphql(1),
}
"""Spec -> the function that says what a call with it does."""
