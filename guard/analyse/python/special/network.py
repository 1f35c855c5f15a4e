"""Requests whose kind is in their arguments, and clients of clouds whose methods are named by verbs."""

from __future__ import annotations

import ast

from guard.analyse import targets
from guard.analyse.python import bodies
from guard.analyse.python.calls import Calls
from guard.analyse.python.knowledge import Row
from guard.analyse.python.special.registry import special
from guard.analyse.python.values import TAINTED, UNKNOWN, Args, Const, Instance, Method, Ref, Seq, Value, known_text, options
from guard.model import Kind


@special
def urlopen(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    url, data = args.get(0, "url"), args.get(1, "data")
    taint = args.taint
    for option in options(url if url is not None else UNKNOWN):
        if isinstance(option, Instance) and option.cls == "urllib.request.Request":
            continue  # the Request said it already
        sends = data is not None and not (isinstance(data, Const) and data.value is None)
        kind = bodies.sent(Kind.HTTP_POST, args, url) if sends else Kind.HTTP_GET
        prefix = known_text(option) or ""
        if prefix.startswith("file:"):
            run.file_effect(Kind.FS_READ, Const(prefix.removeprefix("file://")), node, row.rule)
        run.http(kind, option, node, row.rule, taint=taint)
    return Instance("urllib.Response", None, taint)


@special
def request_object(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    url, data, method = args.get(0, "url"), args.get(1, "data"), args.get(5, "method")
    sends = data is not None and not (isinstance(data, Const) and data.value is None)
    kind = bodies.sent(Kind.HTTP_POST, args, url) if sends else Kind.HTTP_GET
    if method is not None:
        kind = bodies.sent(targets.METHODS.get((known_text(method) or "?").upper(), Kind.HTTP_DELETE), args, url)
    run.http(kind, url, node, row.rule, taint=args.taint)
    return Instance("urllib.request.Request", url)


@special
def graphql_client(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    transport = args.named.get("transport", UNKNOWN)
    if isinstance(transport, Instance):
        run.spoken.add(transport.cls)  # what goes over it is said by the client's calls
    if "fetch_schema_from_transport" in args.named:
        run.http(Kind.HTTP_GET, transport, node, row.rule)
    return None


@special
def graphql(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """A GraphQL document given to a client, which may be one for a server that answers with another."""
    url = receiver.resource if isinstance(receiver, Instance) else None
    document = run.given(row.params[0], row, args, receiver)
    run.http(bodies.document_kind(document), url, node, row.rule, taint=args.taint)
    return TAINTED


@special
def hosts(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """A client that takes one host, or a list of them."""
    given = run.given(row.params[0], row, args, receiver)
    several = list(given.look()) if isinstance(given, Seq) else [given if given is not None else UNKNOWN]
    for one in several or [UNKNOWN]:
        run.connect(one, args.named.get("port", Const(_PORTS.get(row.name.partition(".")[0], 0))), node, row.rule, taint=args.taint)
    return None


_PORTS = {"cassandra": 9042, "elasticsearch": 9200, "opensearchpy": 9200}


@special
def curl_option(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """`curl.setopt(curl.URL, url)` says where, and options for what is sent say how."""
    option, value = args.get(0, "option"), args.get(1, "value")
    name = option.name.rpartition(".")[2] if isinstance(option, (Ref, Method)) else ""
    if name == "URL":
        run.http(Kind.HTTP_GET, value, node, row.rule, taint=args.taint)
    elif name in ("POST", "POSTFIELDS", "HTTPPOST", "UPLOAD", "READFUNCTION", "READDATA", "PUT"):
        run.http(Kind.HTTP_POST, UNKNOWN, node, row.rule, taint=args.taint)
    elif name == "CUSTOMREQUEST":
        run.http(targets.METHODS.get((known_text(value) or "").upper(), Kind.HTTP_DELETE), UNKNOWN, node, row.rule, taint=args.taint)
    return None


@special
def sendto(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    address = args.positional[-1] if args.positional else UNKNOWN
    run.connect(address, None, node, row.rule, taint=args.taint)
    return UNKNOWN


@special
def aws_client(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    service = args.get(0, "service_name") or UNKNOWN
    name = known_text(service)
    region = known_text(args.get(1, "region_name") or UNKNOWN)
    endpoint = args.named.get("endpoint_url")
    if endpoint is not None:
        run.connect(endpoint, None, node, row.rule)
    else:
        host = f"{name}.{region}.amazonaws.com" if name and region else f"{name}.amazonaws.com" if name else ""
        run.add(Kind.NET_CONNECT, targets.endpoint(host, 443), node, row.rule, "connects to AWS", exact=bool(name))
    return Instance("boto3.Client", Const(f"https://{name}.amazonaws.com/") if name else None)


@special
def aws_call(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    return UNKNOWN


AWS_VERBS = (
    (("delete", "terminate", "remove", "purge", "deregister", "cancel", "stop", "reboot", "revoke", "detach", "disable"), Kind.HTTP_DELETE),
    (
        (
            "get",
            "list",
            "describe",
            "head",
            "scan",
            "query",
            "select",
            "lookup",
            "search",
            "batch_get",
            "filter",
            "download",
            "generate_presigned",
        ),
        Kind.HTTP_GET,
    ),
)


def aws_method(run: Calls, receiver: Instance, name: str, args: Args, node: ast.AST) -> Value:
    """A method of an AWS client: its verb says what it does."""
    kind = next((kind for verbs, kind in AWS_VERBS if name.startswith(verbs)), Kind.HTTP_POST)
    run.http(kind, receiver.resource, node, "py-aws", taint=args.taint)
    if name == "upload_file":
        run.file_effect(Kind.FS_READ, args.get(0, "Filename"), node, "py-aws")
    if name == "download_file":
        run.file_effect(Kind.FS_WRITE, args.get(2 if len(args.positional) > 2 else 1, "Filename"), node, "py-aws")
    return Instance("boto3.Client", receiver.resource, True)


@special
def kube_call(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    return UNKNOWN


def kube_method(run: Calls, name: str, args: Args, node: ast.AST) -> Value:
    """A method of a Kubernetes API object: its verb says what it does."""
    verbs = {
        "delete": Kind.HTTP_DELETE,
        "list": Kind.HTTP_GET,
        "read": Kind.HTTP_GET,
        "get": Kind.HTTP_GET,
        "patch": Kind.HTTP_PATCH,
        "replace": Kind.HTTP_PUT,
    }
    run.http(verbs.get(name.partition("_")[0], Kind.HTTP_POST), UNKNOWN, node, "py-containers")
    return TAINTED
