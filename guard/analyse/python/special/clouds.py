"""Clients of Google's clouds: the module says which service, the verb of a method what it does there."""

from __future__ import annotations

import ast
import re

from guard.analyse import targets
from guard.analyse.python.calls import Calls
from guard.analyse.python.knowledge import Row
from guard.analyse.python.special.registry import special
from guard.analyse.python.values import UNKNOWN, Args, Const, Instance, Ref, Value
from guard.model import Kind

API = "google.Api"
"""The class of what a client is, and of what its methods give."""

_HOSTS = {
    "tasks": "cloudtasks", "kms": "cloudkms", "asset": "cloudasset", "resourcemanager": "cloudresourcemanager",
    "scheduler": "cloudscheduler",
    "build": "cloudbuild", "devtools": "cloudbuild", "functions": "cloudfunctions", "talent": "jobs", "translate": "translation",
    "bigquery_storage": "bigquerystorage", "bigquery_datatransfer": "bigquerydatatransfer", "monitoring_dashboard": "monitoring",
    "iam_admin": "iam", "iam_credentials": "iamcredentials", "ndb": "datastore", "billing": "cloudbilling", "trace": "cloudtrace",
    "error_reporting": "clouderrorreporting", "profiler": "cloudprofiler", "securitycentermanagement": "securitycentermanagement",
    "discoveryengine": "discoveryengine", "storage_transfer": "storagetransfer", "storage_control": "storage", "dialogflowcx": "dialogflow",
    "webrisk": "webrisk", "gke_hub": "gkehub", "api_keys": "apikeys", "security": "privateca", "video": "", "location": "", "sql": "",
}  # fmt: skip
"""Modules whose service has another name."""

_VERSION = re.compile(r"_?v\d+\w*$")
_ENDS = ("delete", "purge", "destroy", "drop", "remove", "cancel", "stop", "reset", "revoke", "undeploy", "disable", "suspend", "abandon")
_READS = (
    "get",
    "list",
    "search",
    "query",
    "fetch",
    "read",
    "lookup",
    "download",
    "aggregated_list",
    "batch_get",
    "result",
    "exception",
    "stream",
)
_KEEPS = re.compile(
    r"(?:collection|document|bucket|blob|instance|table|database|dataset|key|transaction|batch|sink|metric|topic|subscription|cluster|where|order_by|limit|start_at|start_after|"
    r"end_at|end_before|select|filter|add_filter|key_filter|snapshot|subcollection|collection_group|from_service_account\w*|"
    r"parse_\w+|common_\w+|\w+_path|__enter__|__exit__|__aenter__|__aexit__|add_done_callback|done|path)$"
)
"""Methods that only name something, and wait for the next."""


@special
def google_cloud(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """Whatever is called in `google.cloud`: its clients have a host of their own."""
    service, name = _service(called_name(run, node))
    if not name.endswith("Client") and name != "Connector":
        run.connect(None, None, node, row.rule, taint=args.taint)
        return None
    moved = args.more or any(option in args.named for option in ("client_options", "transport", "channel"))
    host = "" if moved or not service else f"{service}.googleapis.com"
    run.add(Kind.NET_CONNECT, targets.endpoint(host, 443), node, row.rule, "connects to Google's cloud", exact=bool(host), taint=args.taint)
    return Instance(API, Const(f"https://{host}/") if host else None)


def called_name(run: Calls, node: ast.AST) -> str:
    """The dotted name by which a call says what it calls; "" if it says it in another way."""
    at = node.func if isinstance(node, ast.Call) else node
    after: list[str] = []
    while isinstance(at, ast.Attribute):
        after.insert(0, at.attr)
        at = at.value
    meant = run.lookup(at.id) if isinstance(at, ast.Name) else None
    return ".".join([meant.name, *after]) if isinstance(meant, Ref) else ""


def _service(called: str) -> tuple[str, str]:
    """(the first word of the service's host, what is called) of a dotted name below `google.cloud`."""
    parts = called.removeprefix("google.cloud.").split(".")
    if len(parts) < 2:
        return "", parts[-1]
    module = _VERSION.sub("", parts[0])
    return _HOSTS.get(module, module.replace("_", "")), parts[-1]


@special
def google_call(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    return UNKNOWN


def google_method(run: Calls, receiver: Instance, name: str, args: Args, node: ast.AST) -> Value:
    """A method of a client, or of what one gave: its verb says what it does."""
    if not _KEEPS.match(name):
        kind = Kind.HTTP_DELETE if name.startswith(_ENDS) else Kind.HTTP_GET if name.startswith(_READS) else Kind.HTTP_POST
        run.http(kind, receiver.resource, node, "py-google", taint=args.taint)
    return Instance(API, receiver.resource, True)
