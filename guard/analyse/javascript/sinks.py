"""A call of something known -> effects on resources. One spec, one function, one rule id; which names have which spec is in the tables."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from guard import places
from guard.analyse import embedded, targets
from guard.analyse.javascript.library import root
from guard.analyse.javascript.packages import SDKS
from guard.analyse.javascript.syntax import Node
from guard.analyse.javascript.values import HOLE, Array, Constant, Object, Text, Values, merged, texts
from guard.model import RUN, Effect, Facts, Kind, Resource, Span

MOST = 8
"""More alternatives for one resource than this are one unknown resource."""
UNKNOWN_WORD = '"$unknown"'
"""How a word that cannot be known is written in a shell text for the shell's analyser."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One call: what is called, with what, where. `read` gives an argument's values; `certain` is false for a callable handed on."""

    name: str
    arguments: list[Values]
    node: Node
    span: Span
    facts: Facts
    depth: int
    base: Text | None = None
    certain: bool = True
    tagged: bool = False
    server: str = ""

    def argument(self, at: int) -> Values:
        """The values of an argument; none if it is not there."""
        return self.arguments[at] if at < len(self.arguments) else ()

    def option(self, at: int, *names: str) -> Values | None:
        """The values of an option in an object argument: None if it is not set, unknown if that cannot be told."""
        found: list[Values] = []
        for value in self.argument(at):
            if isinstance(value, Object):
                present = [value.properties[name] for name in names if name in value.properties]
                found.extend(present)
                if value.open and not present:
                    found.append((HOLE,))
            elif not isinstance(value, (Constant, Text, Array)):
                found.append((HOLE,))
        return tuple(v for values in found for v in values) if found else None

    def effect(self, kind: Kind, resource: Resource, rule: str, note: str, *, exact: bool = True) -> Effect:
        return Effect(kind=kind, resource=resource, exact=exact, certain=self.certain, span=self.span, rule=rule, note=note)

    def opaque(self, rule: str, note: str) -> Effect:
        return self.effect(Kind.OPAQUE, RUN, rule, note, exact=False)


# ----------------------------------------------------------------------------------------------------------------------- files


def path_resources(values: Values, facts: Facts) -> list[tuple[Resource, bool, str]]:
    """(resource, exact, text) of each path that the values can be."""
    options = texts(values)
    if len(options) > MOST:
        return [(places.ANYWHERE, False, "*")]
    found = [path_resource(option, facts) for option in options]
    return list(dict.fromkeys(found))


def path_resource(value: Text, facts: Facts) -> tuple[Resource, bool, str]:
    known = value.known
    shape = value.shape
    if known.startswith("file://"):
        known, shape = known[7:], shape[7:]
    if value.complete:
        return places.file(known or ".", facts), True, known
    head, slash, _ = known.rpartition("/")
    if known.startswith("~") and not slash:
        return places.ANYWHERE, False, shape
    if slash:
        return places.folder(head or "/", facts), False, shape
    return (places.folder(".", facts), False, shape) if known else (places.ANYWHERE, False, shape)


def _stand_in(shape: str, facts: Facts) -> str:
    """A canonical path that stands for a partly known one, to ask what its known parts say."""
    return places.canonical_path(
        shape.replace("*", "unknown") if not shape.startswith("*") else "/unknown/" + shape.lstrip("*").lstrip("/"), facts
    )


def file_effect(site: Site, kind: Kind, values: Values, rule: str, verb: str) -> Iterable[Effect]:
    """Effects of one file operation; reads of secrets and writes to surfaces become what they are."""
    for resource, exact, shape in path_resources(values, site.facts):
        if shape == "/dev/stdin" and kind is Kind.FS_READ:
            continue
        place = resource.name if exact else _stand_in(shape, site.facts)
        shown = places.shown(resource.name, site.facts) if exact else (shape if shape != "*" else "a path that cannot be known")
        actual, note = kind, f"{verb} {shown}"
        if kind is Kind.FS_READ and places.is_secret(place, site.facts):
            actual, note = Kind.SECRET_READ, f"reads {shown}, which holds secrets"
        elif kind in (Kind.FS_WRITE, Kind.FS_CREATE, Kind.FS_SYMLINK, Kind.FS_MODE) and places.is_surface(place, site.facts):
            actual, note = Kind.FS_SURFACE, f"{verb} {shown}, which tools run or trust by themselves"
        yield site.effect(actual, resource, rule, note, exact=exact)


def _files(rule: str, *actions: tuple[Kind, int, str]) -> Callable[[Site], Iterable[Effect]]:
    def effects(site: Site) -> Iterable[Effect]:
        for kind, at, verb in actions:
            values = site.argument(at)
            if values and all(isinstance(value, Constant) and isinstance(value.value, float) for value in values):
                continue  # a descriptor: opening it was the effect
            yield from file_effect(site, kind, values, rule, verb)

    return effects


def _open(site: Site) -> Iterable[Effect]:
    """`open(path, flags)` in Node, `open(path, {write: true})` in Deno."""
    flags = site.argument(1)
    modes: set[str] = set()
    for value in flags:
        if isinstance(value, Text):
            modes.add(
                "r" if value.complete and value.known in ("r", "rs", "sr") else "w+" if "+" in value.known or not value.complete else "w"
            )
        elif isinstance(value, Object):
            on = [name for name in ("write", "append", "truncate", "create", "createNew") if name in value.properties]
            modes.update({"w"} if on else set())
            modes.update({"r"} if not on or "read" in value.properties else set())
            modes.update({"w+"} if value.open else set())
        elif not (isinstance(value, Constant) and value.value is None):
            modes.add("w+")
    modes = modes or {"r"}
    if modes & {"r", "w+"}:
        yield from file_effect(site, Kind.FS_READ, site.argument(0), "js-fs-open", "opens")
    if modes & {"w", "w+"}:
        yield from file_effect(site, Kind.FS_WRITE, site.argument(0), "js-fs-open", "opens for writing")


def _edit(site: Site) -> Iterable[Effect]:
    """shelljs `sed("-i", …, file)`."""
    last = site.arguments[-1] if site.arguments else ()
    in_place = any(text.known.startswith("-i") or not text.complete for text in texts(site.argument(0)))
    yield from file_effect(site, Kind.FS_READ, last, "js-fs-read", "reads")
    if in_place:
        yield from file_effect(site, Kind.FS_WRITE, last, "js-fs-write", "edits")


def _without_flags(effects: Callable[[Site], Iterable[Effect]]) -> Callable[[Site], Iterable[Effect]]:
    """Shell-like functions take flags (`-rf`) before their paths, and several paths."""

    def unflagged(site: Site) -> Iterable[Effect]:
        arguments = [a for a in site.arguments if not all(t.known.startswith("-") and t.complete for t in texts(a))]
        yield from effects(replace(site, arguments=arguments))
        if root(site.name) == "shelljs":
            for more in arguments[1:] if not site.name.endswith((".cp", ".mv", ".ln")) else ():
                yield from effects(replace(site, arguments=[more]))

    return unflagged


def _extract(site: Site) -> Iterable[Effect]:
    values = site.argument(0)
    found = site.option(0, "cwd", "C", "path")
    yield from file_effect(
        site, Kind.FS_WRITE, found if found is not None else values or (HOLE,), "js-fs-extract", "unpacks an archive into"
    )


def _saved(site: Site) -> Iterable[Effect]:
    """`page.pdf({path})`: a file, if a path is given."""
    path = site.option(0, "path")
    if path is not None:
        yield from file_effect(site, Kind.FS_WRITE, path, "js-fs-write", "writes")


def _temporary(site: Site) -> Iterable[Effect]:
    prefix = site.argument(0)
    inside = prefix if any(isinstance(value, Text) for value in prefix) else (Text(("/tmp/", None)),)  # noqa: S108 - the name of a place
    yield from file_effect(site, Kind.FS_CREATE, tuple(merged([*value.pieces, None]) for value in texts(inside)), "js-fs-create", "makes")


def _chdir(site: Site) -> Iterable[Effect]:
    yield site.opaque("js-chdir", "changes its working folder, so relative paths mean something else")


def _bun_file(site: Site) -> Iterable[Effect]:
    yield from file_effect(site, Kind.FS_READ, site.argument(0), "js-fs-read", "reads")


def _sqlite(site: Site) -> Iterable[Effect]:
    names = texts(site.argument(0))
    if not site.arguments or all(name.complete and name.known in (":memory:", "") for name in names):
        return
    yield from file_effect(site, Kind.FS_WRITE, site.argument(0), "js-sqlite", "opens the database")


# --------------------------------------------------------------------------------------------------------------------- network


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
        yield from url_effects(site, [kind], inner if inner is not None else urls, "js-http")

    return effects


def _fetch(site: Site) -> Iterable[Effect]:
    """`fetch(url | Request, {method})`."""
    first = site.argument(0)
    urls: Values = first
    method = site.option(1, "method")
    if any(isinstance(value, Object) for value in first):
        urls = site.option(0, "url", "href") or (HOLE,)
        method = method if method is not None else site.option(0, "method")
    yield from url_effects(site, method_kinds(method), urls, "js-fetch")


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
        kind = verb_kind(verb)
    resource = targets.endpoint(host, 443) if host else targets.ANY_HOST
    yield site.effect(kind, resource, "js-sdk", f"uses the service client {package} ({verb})", exact=bool(host))


READ_VERBS = frozenset(
    "get list search find retrieve read fetch query describe show count check exists head download lookup view paginate iterator select".split()
)
DELETE_VERBS = frozenset(
    "delete remove destroy drop purge cancel terminate revoke wipe erase unlink clear reset flush prune uninstall kill".split()
)


def words(name: str) -> list[str]:
    """The words of a camelCase or snake_case name, lower case."""
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)]


def verb_kind(name: str) -> Kind:
    """A method's name -> the HTTP kind that it most likely is; an unknown verb writes."""
    parts = words(name)
    if any(part in DELETE_VERBS for part in parts):
        return Kind.HTTP_DELETE
    return Kind.HTTP_GET if parts and parts[0] in READ_VERBS else Kind.HTTP_POST


def _octokit(site: Site) -> Iterable[Effect]:
    """`octokit.request("DELETE /repos/…")`, `octokit.rest.issues.create(…)`, `octokit.graphql(…)`."""
    verb = site.name.rsplit(".", 1)[-1]
    kinds = {verb_kind(verb)}
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
    kinds = set()
    for value in texts(values):
        body = re.sub(r"(?m)#.*$", "", value.known).lstrip()
        reads = body.startswith(("query", "{")) and "mutation" not in value.shape and (value.complete or body.startswith("query"))
        kinds.add(Kind.HTTP_GET if reads else Kind.HTTP_DELETE if value.complete is False and not body else Kind.HTTP_POST)
    return kinds


def _graphql(at: int) -> Callable[[Site], Iterable[Effect]]:
    def effects(site: Site) -> Iterable[Effect]:
        kinds = graphql_kinds(site.argument(at))
        github = root(site.name).startswith("octokit")
        urls: Values = (Text(("https://api.github.com/graphql",)),) if github else (site.base or HOLE,) if at == 0 else site.argument(0)
        yield from url_effects(replace(site, base=None), kinds, urls, "js-graphql")

    return effects


# ------------------------------------------------------------------------------------------------------------ programs and code


def process(site: Site, line: Text, name: str, rule: str) -> Iterable[Effect]:
    """A process that starts: always `proc.exec`, and what the command itself does."""
    exact = bool(name) and line.complete
    shown = line.shape if len(line.shape) <= 80 else line.shape[:77] + "..."
    yield site.effect(Kind.PROC_EXEC, targets.program(name), rule, f"starts a process: {shown}", exact=exact)
    if line.known:
        written = "".join(UNKNOWN_WORD if piece is None else piece for piece in line.pieces)
        for effect in embedded.effects_of("shell", written, site.facts, at=site.span, depth=site.depth):
            if effect.kind is not Kind.PROC_EXEC:
                yield replace(effect, certain=effect.certain and site.certain)


def _shell(site: Site) -> Iterable[Effect]:
    for line in texts(site.argument(0))[:MOST]:
        first = line.known.strip().split(" ")[0] if " " in line.known.strip() or line.complete else ""
        yield from process(
            site, line, first if first.replace("-", "").replace("/", "").replace(".", "").replace("_", "").isalnum() else "", "js-shell"
        )


def command_line(program: Values, arguments: Iterable[Values], *, rest: bool) -> list[tuple[Text, str]]:
    """Quoted command lines of a program and its arguments, with the program's name."""
    lines = []
    tail: list[str | None] = []
    for argument in arguments:
        value = texts(argument)[0] if len(texts(argument)) == 1 else HOLE
        tail.extend([" ", shlex.quote(value.known) if value.complete else None])
    for name in texts(program)[:MOST]:
        head = shlex.quote(name.known) if name.complete else None
        lines.append((merged([head, *tail, *([" ", None] if rest else [])]), name.known if name.complete else ""))
    return lines


def _spawn(site: Site) -> Iterable[Effect]:
    """`spawn(program, [arguments], {shell})`."""
    listed = site.argument(1)
    shell = site.option(2, "shell") or site.option(1, "shell")
    arguments, rest = _listed(listed)
    for line, name in command_line(site.argument(0), arguments, rest=rest):
        if shell is not None or " " in name:
            joined = merged(
                [piece for part in (texts(site.argument(0))[0], *[texts(a)[0] for a in arguments]) for piece in (*part.pieces, " ")]
            )
            yield from process(site, joined, name.split(" ")[0], "js-spawn")
        else:
            yield from process(site, line, name, "js-spawn")


def _fork(site: Site) -> Iterable[Effect]:
    """`fork(module, [arguments])`: Node on a module of the program's choice."""
    arguments, rest = _listed(site.argument(1))
    for line, name in command_line((Text(("node",)),), [site.argument(0), *arguments], rest=rest):
        yield from process(site, line, name, "js-spawn")


def _listed(values: Values) -> tuple[list[Values], bool]:
    """The elements of an array argument, and whether there may be more."""
    for value in values:
        if isinstance(value, Array):
            return list(value.items), value.open or len(values) > 1
    return [], any(not isinstance(value, (Object, Constant)) for value in values)


def _spawn_options(site: Site) -> Iterable[Effect]:
    """`new Deno.Command(program, {args})`."""
    given = site.option(1, "args")
    arguments, rest = _listed(given) if given is not None else ([], False)
    for line, name in command_line(site.argument(0), arguments, rest=rest):
        yield from process(site, line, name, "js-spawn")


def _spawn_list(site: Site) -> Iterable[Effect]:
    """`Bun.spawn(["program", …])`, `Bun.spawn({cmd: […]})`, `Deno.run({cmd: […]})`."""
    values = site.option(0, "cmd") if any(isinstance(value, Object) for value in site.argument(0)) else site.argument(0)
    arguments, rest = _listed(values or (HOLE,))
    program, tail = (arguments[0], arguments[1:]) if arguments else ((HOLE,), [])
    for line, name in command_line(program, tail, rest=rest):
        yield from process(site, line, name, "js-spawn")


def _shell_tag(site: Site) -> Iterable[Effect]:
    if site.tagged:
        yield from _shell(site)


def _browser(site: Site) -> Iterable[Effect]:
    yield site.effect(Kind.PROC_EXEC, targets.program("browser"), "js-browser", "starts a browser", exact=False)


def _git(site: Site) -> Iterable[Effect]:
    yield site.effect(Kind.PROC_EXEC, targets.program("git"), "js-spawn", "runs git", exact=False)


def _kill(site: Site) -> Iterable[Effect]:
    yield site.effect(Kind.PROC_EXEC, targets.program("kill"), "js-kill", "sends a signal to a process", exact=False)


def _eval(site: Site) -> Iterable[Effect]:
    yield site.opaque("js-eval", f"runs text as code ({site.name.removesuffix('()')})")


def _opaque(site: Site) -> Iterable[Effect]:
    yield site.opaque("js-internals", f"uses {site.name}, which reaches into the runtime")


def _worker(site: Site) -> Iterable[Effect]:
    yield site.opaque("js-worker", "starts a worker that runs other code")


def _constructor(site: Site) -> Iterable[Effect]:
    yield site.opaque("js-constructor", "calls what `.constructor` gives, which can be the function that runs text as code")


def _computed(site: Site) -> Iterable[Effect]:
    yield site.opaque("js-computed", "calls a member whose name is worked out at run time on something with effects")


def _proxy(site: Site) -> Iterable[Effect]:
    yield site.opaque("js-proxy", "makes a Proxy, which can hide what it does")


def _wasm(site: Site) -> Iterable[Effect]:
    """WebAssembly without imports only computes; with imports it calls what it is given in ways that cannot be followed."""
    if len(site.arguments) > 1:
        yield site.opaque("js-wasm", "runs WebAssembly that can call functions of this program")


def _import_url(site: Site) -> Iterable[Effect]:
    yield from url_effects(site, [Kind.HTTP_GET], site.argument(0), "js-import")
    yield site.opaque("js-import", "loads scripts and runs them")


def _page(site: Site) -> Iterable[Effect]:
    """JavaScript that runs in the browser's page: a text is analysed here; a function's body is in the tree already."""
    for value in site.argument(0):
        if isinstance(value, Text):
            if value.complete and site.name.endswith((".evaluate", ".evaluateHandle", ".waitForFunction", ".addInitScript")):
                yield from embedded.effects_of("javascript", value.known, site.facts, at=site.span, depth=site.depth)
            elif not site.name.endswith(("eval", "exposeFunction")):
                yield site.opaque("js-eval", "runs text as code in the page")


# --------------------------------------------------------------------------------------------------------- databases, variables


def _sql(site: Site) -> Iterable[Effect]:
    first = site.option(0, "sql", "text", "query") if any(isinstance(v, Object) for v in site.argument(0)) else site.argument(0)
    for value in texts(first or ())[:MOST]:
        if not value.known:
            yield site.opaque("js-sql", "runs SQL that cannot be known")
            continue
        written = "".join("?" if piece is None else piece for piece in value.pieces)
        for effect in embedded.effects_of("sql", written, site.facts, at=site.span, depth=site.depth):
            yield replace(effect, exact=effect.exact and (value.complete or site.tagged), certain=effect.certain and site.certain)


def _mongo(kind: Kind) -> Callable[[Site], Iterable[Effect]]:
    def effects(site: Site) -> Iterable[Effect]:
        parts = site.base.shape.rsplit("/", 1) if site.base is not None and site.base.complete else ["", ""]
        name = parts[-1]
        resource = targets.table("mongodb", name) if name else targets.database("mongodb")
        verb = site.name.rsplit(".", 1)[-1]
        yield site.effect(kind, resource, "js-mongo", f"{verb} on {name or 'a collection'}", exact=bool(name))

    return effects


def _redis(kind: Kind) -> Callable[[Site], Iterable[Effect]]:
    def effects(site: Site) -> Iterable[Effect]:
        yield site.effect(kind, targets.database("redis"), "js-redis", f"redis: {site.name.rsplit('.', 1)[-1]}")

    return effects


def variable_effects(site: Site, values: Values) -> Iterable[Effect]:
    for value in texts(values)[:MOST]:
        name = value.known if value.complete else ""
        secret = not name or places.is_secret_variable(name, site.facts)
        what = f"reads the variable {name}" if name else "reads variables that cannot be known"
        yield site.effect(Kind.SECRET_READ if secret else Kind.ENV_READ, targets.variable(name), "js-env", what, exact=bool(name))


def _variable(site: Site) -> Iterable[Effect]:
    yield from variable_effects(site, site.argument(0))


def _environment(site: Site) -> Iterable[Effect]:
    yield from variable_effects(site, ())


def _secret_client(site: Site) -> Iterable[Effect]:
    return ()


def _variable_write(site: Site) -> Iterable[Effect]:
    for value in texts(site.argument(0))[:MOST]:
        name = value.known if value.complete else ""
        yield site.effect(
            Kind.ENV_READ,
            targets.variable(name),
            "js-env",
            f"changes the variable {name or 'whose name cannot be known'}",
            exact=bool(name),
        )


def _nothing(site: Site) -> Iterable[Effect]:
    return ()


K = Kind
SPECS: dict[str, Callable[[Site], Iterable[Effect]]] = {
    "pure": _nothing,
    "read": _without_flags(_files("js-fs-read", (K.FS_READ, 0, "reads"))),
    "list": _without_flags(_files("js-fs-list", (K.FS_LIST, 0, "looks at"))),
    "open": _open,
    "write": _files("js-fs-write", (K.FS_WRITE, 0, "writes")),
    "create": _without_flags(_files("js-fs-create", (K.FS_CREATE, 0, "makes"))),
    "delete": _without_flags(_files("js-fs-delete", (K.FS_DELETE, 0, "deletes"))),
    "mode": _files("js-fs-mode", (K.FS_MODE, 0, "changes the mode, owner or times of")),
    "move": _without_flags(_files("js-fs-move", (K.FS_DELETE, 0, "moves away"), (K.FS_WRITE, 1, "writes"))),
    "copy": _without_flags(_files("js-fs-copy", (K.FS_READ, 0, "copies"), (K.FS_WRITE, 1, "writes"))),
    "link": _without_flags(_files("js-fs-link", (K.FS_READ, 0, "links to"), (K.FS_SYMLINK, 1, "makes the link"))),
    "edit": _edit,
    "extract": _extract,
    "saved": _saved,
    "temporary": _temporary,
    "chdir": _chdir,
    "bun-file": _bun_file,
    "sqlite": _sqlite,
    "fetch": _fetch,
    "config": _config,
    "method-url": _method_url,
    "get": _http(K.HTTP_GET),
    "head": _http(K.HTTP_HEAD),
    "options": _http(K.HTTP_HEAD),
    "post": _http(K.HTTP_POST),
    "put": _http(K.HTTP_PUT),
    "patch": _http(K.HTTP_PATCH),
    "http-delete": _http(K.HTTP_DELETE),
    "goto": _http(K.HTTP_GET),
    "request-http": _node_request(None),
    "request-get": _node_request(K.HTTP_GET),
    "connect": _connect,
    "connect-unknown": _anywhere,
    "host": _host,
    "host-options": _host,
    "serve": _serve,
    "dns": _dns,
    "xhr": _xhr,
    "sdk": _sdk,
    "octokit": _octokit,
    "graphql": _graphql(0),
    "graphql-url": _graphql(1),
    "secret-client": _secret_client,
    "shell": _shell,
    "shell-tag": _shell_tag,
    "spawn": _spawn,
    "spawn-deno": _spawn,
    "fork": _fork,
    "spawn-options": _spawn_options,
    "spawn-list": _spawn_list,
    "spawn-run": _spawn_list,
    "spawn-browser": _browser,
    "spawn-git": _git,
    "kill": _kill,
    "eval": _eval,
    "opaque": _opaque,
    "worker": _worker,
    "constructor": _constructor,
    "computed": _computed,
    "proxy": _proxy,
    "wasm": _wasm,
    "import-url": _import_url,
    "page": _page,
    "sql": _sql,
    "mongo-read": _mongo(K.SQL_SELECT),
    "mongo-insert": _mongo(K.SQL_INSERT),
    "mongo-update": _mongo(K.SQL_UPDATE),
    "mongo-delete": _mongo(K.SQL_DELETE),
    "mongo-drop": _mongo(K.SQL_DROP),
    "redis-read": _redis(K.SQL_SELECT),
    "redis-write": _redis(K.SQL_UPDATE),
    "redis-delete": _redis(K.SQL_DELETE),
    "variable": _variable,
    "variable-write": _variable_write,
    "environment": _environment,
    "mode-key": _opaque,
}
"""Spec -> the function that says what a call with it does."""
