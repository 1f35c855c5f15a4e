"""Callables whose effect a line of a table cannot say: each is one function here, named `!name` in the tables."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Callable

from guard import places
from guard.analyse import targets
from guard.analyse.python import fold, knowledge
from guard.analyse.python.calls import SPECIAL, Calls, Special
from guard.analyse.python.knowledge import Row
from guard.analyse.python.values import (
    NONE, TAINTED, UNKNOWN, Args, Class, Const, Dict, Function, Instance, Method, Module, Object, Part, Partial, Ref, Seq, Text, Union, Unknown, Value,
    known_text, options, parts_of, text, union,
)  # fmt: skip
from guard.model import Kind, Loop


def special(function: Special) -> Special:
    """Register under the function's own name (a trailing "_" keeps it from hiding a builtin)."""
    SPECIAL[function.__name__.rstrip("_")] = function
    return function


def _file(path: Value | None, taint: bool) -> Value:
    return Instance("io.File", path if path is not None else UNKNOWN, taint)


# ------------------------------------------------------------------------------------------------------------ files and paths


def _open(run: Calls, row: Row, args: Args, node: ast.AST, path: Value | None, mode: Value | None) -> Value:
    modes = {known_text(option) for option in options(mode)} if mode is not None else {"r"}
    taint = False
    for one in modes:
        if isinstance(path, Instance) and path.cls in ("os.Fd", "io.Memory"):
            continue
        if one is None:
            run.file_effect(Kind.FS_READ, path, node, row.rule, certain=False)
            run.file_effect(Kind.FS_WRITE, path, node, row.rule, certain=False)
        elif "x" in one:
            run.file_effect(Kind.FS_CREATE, path, node, row.rule)
        elif any(letter in one for letter in "wa+"):
            if "+" in one:
                run.file_effect(Kind.FS_READ, path, node, row.rule)
            run.file_effect(Kind.FS_WRITE, path, node, row.rule)
        else:
            run.file_effect(Kind.FS_READ, path, node, row.rule)
        taint = taint or one is None or "r" in one or "+" in one
    if row.result and row.result != "io.File":
        return Instance(row.result, path, taint)
    return _file(path, taint)


@special
def open_(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    path = run.given(row.params[0], row, args, receiver)
    opener = args.named.get("opener")
    if opener is not None:
        run.call(opener, Args([path if path is not None else UNKNOWN], more=True), node)
    mode = run.given("mode", row, args, receiver)
    if mode is None and args.more:
        mode = UNKNOWN
    if path is None and "fileobj" in args.named:
        return Instance(row.result, args.named["fileobj"])
    return _open(run, row, args, node, path, mode)


@special
def open_binary(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    return open_(run, row, args, node, receiver)


@special
def path_open(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    mode = args.get(0, "mode")
    return _open(run, row, args, node, receiver, mode)


@special
def os_open(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    path, flags = args.get(0, "path"), args.get(1, "flags")
    if isinstance(flags, Ref) and flags.name.endswith("O_RDONLY"):
        run.file_effect(Kind.FS_READ, path, node, row.rule)
    else:
        run.file_effect(Kind.FS_WRITE, path, node, row.rule)
    return Instance("os.Fd", path, True)


@special
def listing(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    path = args.get(0, "path") or Const(".")
    run.file_effect(Kind.FS_LIST, path, node, row.rule, folder=True)
    if row.name == "os.scandir":
        return Seq([Instance("pathlib.Path", _below(path))], exact=False)
    return Seq([Text(("./", None))], exact=False)


@special
def walk(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    path = args.get(0, "top") or Const(".")
    run.file_effect(Kind.FS_LIST, path, node, row.rule, folder=True)
    names = Seq([Text(("./", None))], exact=False)
    return Seq([Seq([_below(path), names, names])], exact=False)


@special
def glob(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    found: list[Value] = []
    root = args.named.get("root_dir")
    for option in options(args.get(0, "pathname") or UNKNOWN):
        parts = parts_of(option)
        pattern = (parts[0] or "") if parts else ""
        head = pattern
        for letter in "*?[":
            head = head.split(letter, 1)[0]
        folder: Value = UNKNOWN
        if parts and parts[0] is not None:
            base = head[: head.rfind("/") + 1]
            folder = Const(base or ".") if base or "/" not in head else UNKNOWN
        if root is not None:
            folder = join_paths([root, folder])
        run.file_effect(Kind.FS_LIST, folder, node, row.rule, folder=True)
        found.append(_below(folder))
    return Seq(found, exact=False)


def _below(folder: Value) -> Value:
    """A path somewhere in a folder."""
    return union([text((*_folder_parts(option), None)) for option in options(folder)])


def _folder_parts(value: Value) -> tuple[Part, ...]:
    parts = parts_of(value)
    if parts and parts[-1] is not None and not parts[-1].endswith("/"):
        return (*parts[:-1], parts[-1] + "/")
    return parts


def join_paths(values: list[Value]) -> Value:
    """posixpath.join of values known in part."""
    combined: list[tuple[Part, ...]] = [()]
    taint = any(value.taint for value in values)
    for value in values:
        ways = [parts_of(option) for option in options(value)][:4]
        combined = [_joined(head, tail) for head in combined for tail in ways][:12]
    return union([text(parts, taint) for parts in combined])


def _joined(head: tuple[Part, ...], tail: tuple[Part, ...]) -> tuple[Part, ...]:
    first = tail[0] if tail else ""
    if not head or (first is not None and first.startswith("/")):
        return tail
    last = head[-1]
    if last is not None and last and not last.endswith("/"):
        head = (*head[:-1], last + "/")
    elif last is None:
        head = (*head, "/")
    return (*head, *tail)


@special
def join(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    values = list(args.positional)
    if args.more:
        values.append(UNKNOWN)
    return join_paths(values) if values else UNKNOWN


@special
def look(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    run.file_effect(Kind.FS_LIST, args.get(0, "path"), node, row.rule)
    return args.get(0, "path") if row.name.endswith("realpath") else UNKNOWN


@special
def look_self(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    run.file_effect(Kind.FS_LIST, receiver, node, row.rule)
    return UNKNOWN


@special
def path_text(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    value = args.get(0, "path") or UNKNOWN
    if row.name.endswith("expandvars"):
        return text((None,)) if any("$" in (known_text(option) or "$") for option in options(value)) else value
    if row.name.endswith("abspath"):
        return union([Const(posixpath.join(run.facts.mount, known)) if (known := known_text(option)) is not None and run.cwd is None else option
                      for option in options(value)])  # fmt: skip
    return value


@special
def path_part(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    value = args.get(0, "p") or UNKNOWN
    return union([_path_part(row.name.rpartition(".")[2], option) for option in options(value)])


def _path_part(name: str, value: Value) -> Value:
    known = known_text(value)
    if known is not None:
        result = fold.constant(getattr(posixpath, name)(known), value.taint)
        return result if result is not None else UNKNOWN
    if isinstance(value, Text) and name == "dirname":
        return text((value.prefix[: value.prefix.rfind("/") + 1], None))
    if name in ("split", "splitext"):
        return Seq([value if name == "splitext" else _path_part("dirname", value), Text(("./", None)) if name == "split" else UNKNOWN])
    return Text(("./", None), value.taint) if name == "basename" else UNKNOWN


@special
def chdir(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    target = args.get(0, "path") or UNKNOWN
    known = known_text(target)
    if known is None:
        run.cwd = UNKNOWN
    elif run.cwd is None or known.startswith("/"):
        run.cwd = Const(known)
    else:
        base = known_text(run.cwd)
        run.cwd = UNKNOWN if base is None else Const(posixpath.join(base, known))
    return UNKNOWN


@special
def getcwd(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    return Const(run.facts.mount) if run.cwd is None else run.cwd


@special
def path(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    resource = join_paths(args.positional) if args.positional else Const(".")
    if args.more:
        resource = join_paths([*args.positional, UNKNOWN])
    return _paths(resource)


def _paths(resource: Value) -> Value:
    return union([Instance("pathlib.Path", option, option.taint) for option in options(resource)])


@special
def path_method(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """A method of a path without a line of its own: those that make other paths; anything else does nothing."""
    return UNKNOWN


def path_call(run: Calls, receiver: Instance, name: str, args: Args) -> Value | None:
    """Methods of a Path that give another path; None for all others."""
    base = receiver.resource or UNKNOWN
    if name in ("joinpath", "__truediv__"):
        return _paths(join_paths([base, *args.positional]))
    if name in ("resolve", "absolute", "expanduser"):
        return receiver
    if name in ("with_name", "with_suffix", "with_stem", "with_segments"):
        return _paths(_renamed(base, name, args))
    if name in ("as_posix", "__str__", "__fspath__", "as_uri"):
        return base
    if name in ("relative_to",):
        return receiver
    if name == "home":
        return Instance("pathlib.Path", Const("~/"))
    if name == "cwd":
        return Instance("pathlib.Path", Const(run.facts.mount) if run.cwd is None else run.cwd)
    return None


def _renamed(base: Value, name: str, args: Args) -> Value:
    known, argument = known_text(base), args.get(0)
    new = known_text(argument) if argument is not None else None
    if known is not None:
        head, _, last = known.rpartition("/")
        prefix = head + "/" if head else ""
        if name == "with_name":
            return text((prefix, *(parts_of(argument) if argument is not None else (None,))))
        if name == "with_suffix" and new is not None:
            return Const(prefix + last.rpartition(".")[0] + new if "." in last else known + new)
        return text((prefix, None)) if prefix else text(("./", None))
    return _path_part("dirname", base)


def path_attribute(receiver: Instance, name: str) -> Value | None:
    """Attributes of a Path that matter."""
    base = receiver.resource or UNKNOWN
    if name == "parent":
        return _paths(union([_parent(option) for option in options(base)]))
    if name == "parents":
        return Seq([Instance("pathlib.Path", _parent(base)), Instance("pathlib.Path", UNKNOWN)], exact=False)
    if name == "path":
        return base
    if name in ("name", "stem", "suffix"):
        known = known_text(base)
        if known is not None:
            last = known.rstrip("/").rpartition("/")[2]
            stem, dot, suffix = last.rpartition(".")
            return Const({"name": last, "stem": stem if dot else last, "suffix": dot + suffix}[name])
        return Text(("./", None)) if name != "suffix" else UNKNOWN
    return None


def _parent(base: Value) -> Value:
    known = known_text(base)
    if known is None:
        return _path_part("dirname", base)
    parent = posixpath.dirname(known.rstrip("/"))
    return Const(parent or (".." if known in (".", "") else "."))


@special
def path_listing(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    run.file_effect(Kind.FS_LIST, receiver, node, row.rule, folder=True)
    base = receiver.resource if isinstance(receiver, Instance) and receiver.resource is not None else UNKNOWN
    return Seq([Instance("pathlib.Path", _below(base))], exact=False)


@special
def path_walk(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    found = path_listing(run, row, args, node, receiver)
    names = Seq([Text(("./", None))], exact=False)
    return Seq([Seq([found.items[0] if isinstance(found, Seq) else UNKNOWN, names, names])], exact=False)


@special
def temporary(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """A temporary file or folder: in the box's private /tmp, unless `dir` says otherwise."""
    folder = args.named.get("dir")
    base = folder if folder is not None and not (isinstance(folder, Const) and folder.value is None) else Const("/tmp")  # noqa: S108
    run.file_effect(Kind.FS_CREATE, _below(base), node, row.rule)
    name = _below(base)
    if row.name == "tempfile.mkstemp":
        return Seq([Instance("os.Fd", name), name])
    if row.name in ("tempfile.mkdtemp", "tempfile.mktemp", "tempfile.TemporaryDirectory"):
        return name
    return _file(name, False)


@special
def temp_folder(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    return Const("/tmp")  # noqa: S108


@special
def extract(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    path = args.get(1 if row.name.endswith("extract") else 0, "path") or Const(".")
    run.file_effect(Kind.FS_WRITE, _below(path), node, row.rule)
    return _below(path)


@special
def extract_member(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    run.file_effect(Kind.FS_WRITE, _below(args.get(1, "path") or Const(".")), node, row.rule)
    return UNKNOWN


@special
def log_file(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    if "filename" in args.named:
        run.file_effect(Kind.FS_WRITE, args.named["filename"], node, row.rule)
    return UNKNOWN


@special
def log_sink(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    sink = args.get(0, "sink")
    if sink is not None and not isinstance(sink, (Ref, Function)):
        run.file_effect(Kind.FS_WRITE, sink, node, row.rule)
    return UNKNOWN


@special
def dotenv(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    run.file_effect(Kind.FS_READ, args.get(0, "dotenv_path") or Const(".env"), node, row.rule)
    return TAINTED


# ------------------------------------------------------------------------------------------------------------ data in and out


@special
def read_anything(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """A reader that takes a path, a URL or an open file."""
    source = args.get(0, row.params[0])
    for option in options(source if source is not None else UNKNOWN):
        prefix = known_text(option) or (option.prefix if isinstance(option, Text) else "")
        if isinstance(option, Instance):
            run.file_effect(Kind.FS_READ, option, node, row.rule)
        elif "://" in prefix and not prefix.startswith("file:"):
            run.http(Kind.HTTP_GET, option, node, row.rule)
        elif isinstance(option, Const) and isinstance(option.value, str) and option.value.lstrip().startswith(("<", "{", "[")):
            continue
        elif row.name.startswith("cv2.VideoCapture") and isinstance(option, Const):
            run.opaque(node, "uses the camera", row.rule) if isinstance(option.value, int) else run.file_effect(
                Kind.FS_READ, option, node, row.rule
            )
        else:
            run.file_effect(Kind.FS_READ, option, node, row.rule)
    return Instance(row.result, None, True) if row.result else TAINTED


@special
def write_if_given(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """`DataFrame.to_csv()`: without a path it gives a string."""
    target = args.get(0, row.params[0])
    for name in ("path_or_buf", "excel_writer", "buf", "path", "file"):
        target = args.named.get(name, target)
    if target is None and row.name.endswith(("to_pickle", "to_excel", "to_feather", "to_hdf")):
        target = UNKNOWN
    if target is not None and not (isinstance(target, Const) and target.value is None):
        run.file_effect(Kind.FS_WRITE, target, node, row.rule)
    return TAINTED if receiver is not None and receiver.taint else UNKNOWN


@special
def table_write(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    name, connection = known_text(args.get(0, "name")), args.get(1, "con")
    database = known_text(connection.resource) if isinstance(connection, Instance) else None
    if database == ":memory:":
        return UNKNOWN
    label = (database or "").rsplit("/", 1)[-1]
    resource = targets.table(label, name) if name else targets.database(label)
    run.add(Kind.SQL_INSERT, resource, node, row.rule, "adds rows to a table", exact=bool(name))
    if_exists = args.named.get("if_exists")
    if if_exists is not None and known_text(if_exists) not in ("append", "fail"):
        run.add(Kind.SQL_DROP, resource, node, row.rule, "replaces a table", exact=bool(name))
    return UNKNOWN


@special
def expression(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """Text that a library evaluates as an expression (DataFrame.query, sympify): harmless if it is known and calls nothing."""
    for option in options(args.get(0) or UNKNOWN):
        known = known_text(option)
        if known is None and (isinstance(option, (Text, Const)) or row.name.startswith("numexpr")) and not isinstance(option, Const):
            run.opaque(node, "evaluates text that it builds while running", row.rule)
        elif known is not None and ("__" in known or "@" in known or "import" in known):
            run.opaque(node, "evaluates text that reaches into the interpreter", row.rule)
    return UNKNOWN


@special
def numpy_load(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    run.file_effect(Kind.FS_READ, args.get(0, "file"), node, row.rule)
    allow = args.get(2, "allow_pickle")
    if allow is not None and not (isinstance(allow, Const) and allow.value is False):
        run.opaque(node, "unpickles data, which can run any code", row.rule)
    return TAINTED


@special
def yaml_load(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    loader = args.get(1, "Loader")
    if not (isinstance(loader, Ref) and "Safe" in loader.name or isinstance(loader, Ref) and loader.name.endswith("BaseLoader")):
        run.opaque(node, "loads YAML that can run code", row.rule)
    return TAINTED if any(value.taint for value in args.all()) else UNKNOWN


@special
def sqlite(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    database = args.get(0, row.params[0])
    if database is None:
        database = Const(":memory:")
    if known_text(database) not in (":memory:", ""):
        run.file_effect(Kind.FS_READ, database, node, row.rule)
        run.file_effect(Kind.FS_WRITE, database, node, row.rule, certain=False)
    return Instance(row.result, database)


@special
def db_connect(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """A connection to a database server: where, and to which database."""
    dsn = args.get(0)
    host, port = args.named.get("host") or args.named.get("server"), args.named.get("port")
    known = known_text(dsn) or (dsn.prefix if isinstance(dsn, Text) else "")
    database = args.named.get("dbname") or args.named.get("database") or args.named.get("db") or dsn
    if known.startswith("sqlite:"):
        path = known.partition("///")[2]
        if path and path != ":memory:":
            run.file_effect(Kind.FS_READ, Const(path), node, row.rule)
            run.file_effect(Kind.FS_WRITE, Const(path), node, row.rule, certain=False)
        return Instance(row.result, Const(path or ":memory:"))
    usual = _PORTS.get(row.name.partition(".")[0], 5432)
    if "host=" in known:
        run.connect(Const(known.split("host=", 1)[1].split()[0]), port or Const(usual), node, row.rule)
    elif "://" in known and dsn is not None:
        run.connect(dsn, None, node, row.rule)
    else:
        run.connect(
            host if host is not None else (dsn if known and row.name.startswith("clickhouse") else UNKNOWN),
            port or Const(usual),
            node,
            row.rule,
        )
    return Instance(row.result, database)


_PORTS = {"pymysql": 3306, "mysql": 3306, "MySQLdb": 3306, "mariadb": 3306, "aiomysql": 3306, "pymssql": 1433, "pyodbc": 1433, "oracledb": 1521,
          "cx_Oracle": 1521, "clickhouse_driver": 9000, "clickhouse_connect": 8123}  # fmt: skip


@special
def mongo(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    run.connect(args.get(0, "host") or Const("localhost"), args.get(1, "port") or Const(27017), node, row.rule)
    return None


@special
def redis(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    run.connect(args.get(0, "host") or args.named.get("url") or Const("localhost"), args.get(1, "port") or Const(6379), node, row.rule)
    return None


# -------------------------------------------------------------------------------------------------------------------- network


@special
def urlopen(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    url, data = args.get(0, "url"), args.get(1, "data")
    taint = any(value.taint for value in args.all())
    for option in options(url if url is not None else UNKNOWN):
        if isinstance(option, Instance) and option.cls == "urllib.request.Request":
            continue  # the Request said it already
        kind = Kind.HTTP_POST if data is not None and not (isinstance(data, Const) and data.value is None) else Kind.HTTP_GET
        prefix = known_text(option) or ""
        if prefix.startswith("file:"):
            run.file_effect(Kind.FS_READ, Const(prefix.removeprefix("file://")), node, row.rule)
        run.http(kind, option, node, row.rule, taint=taint)
    return Instance("urllib.Response", None, taint)


@special
def request_object(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    url, data, method = args.get(0, "url"), args.get(1, "data"), args.get(5, "method")
    sends = data is not None and not (isinstance(data, Const) and data.value is None)
    kind = Kind.HTTP_POST if sends else Kind.HTTP_GET
    if method is not None:
        kind = targets.METHODS.get((known_text(method) or "?").upper(), Kind.HTTP_DELETE)
    run.http(kind, url, node, row.rule, taint=any(value.taint for value in args.all()))
    return Instance("urllib.request.Request", url)


@special
def sendto(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    address = args.positional[-1] if args.positional else UNKNOWN
    run.connect(address, None, node, row.rule, taint=any(value.taint for value in args.all()))
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
    run.http(kind, receiver.resource, node, "py-aws", taint=any(value.taint for value in args.all()))
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


# ------------------------------------------------------------------------------------------------------ processes and callables


@special
def subprocess(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    command, shell = args.get(0, "args"), args.get(8, "shell")
    taint = any(value.taint for value in args.all())
    if shell is not None and not (isinstance(shell, Const) and not shell.value):
        run.shell(command, node, row.rule, taint)
    else:
        run.command(command, node, row.rule, taint)
    executable = args.named.get("executable")
    if executable is not None:
        run._process((known_text(executable) or "").rsplit("/", 1)[-1], node, row.rule, taint)
    for name in ("preexec_fn",):
        if name in args.named:
            run.call(args.named[name], Args(), node)
    return None


@special
def map_(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """map(f, items): f is called with what the items hold, and the result is made of what f gives."""
    if len(args.positional) < 2:
        return UNKNOWN
    func, *sources = args.positional
    exact = [source for source in sources if isinstance(source, Seq) and source.exact]
    if len(exact) == len(sources) == 1 and len(exact[0].items) <= 64 and all(isinstance(item, Const) for item in exact[0].items):
        with run.looping(Loop.BOUNDED, len(exact[0].items)):
            return Seq([run.call(func, Args([item]), node) for item in exact[0].items])
    with run.looping(Loop.BOUNDED if len(exact) == len(sources) else Loop.UNBOUNDED, None):
        return Seq([run.call(func, Args([fold.element(source) for source in sources]), node)], exact=False)


@special
def file_input(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    files = args.get(0, "files")
    if files is None:
        return UNKNOWN
    run.file_effect(Kind.FS_READ, files, node, row.rule)
    if "inplace" in args.named:
        run.file_effect(Kind.FS_WRITE, files, node, row.rule)
    return TAINTED


@special
def execute(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """os.exec* and os.spawn*: the program's own name for itself is dropped."""
    given = args.positional[1 if row.name.startswith("os.spawn") else 0 :]
    if not given:
        run.command(UNKNOWN, node, row.rule)
    elif len(given) > 1 and isinstance(given[1], Seq):
        run.command(Seq([given[0], *given[1].items[1:]], given[1].exact), node, row.rule)
    else:
        run.command(Seq([given[0], *given[2:]], not args.more), node, row.rule)
    return UNKNOWN


@special
def partial(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    if not args.positional:
        return UNKNOWN
    return Partial(args.positional[0], Args(args.positional[1:], args.named, args.more))


@special
def identity(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """A decorator that keeps what it decorates, with or without arguments of its own."""
    first = args.get(0)
    return first if isinstance(first, (Function, Class, Instance, Ref, Object, Method)) else Ref(row.name)


@special
def wraps(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    return args.get(0) if row.name.endswith("update_wrapper") else Ref("functools.cache")


@special
def methodcaller(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    name = known_text(args.get(0) or UNKNOWN)
    if name is None:
        run.opaque(node, "calls a method whose name it computes", row.rule)
    elif knowledge.index().methods.get(name) or name.startswith("__"):
        run.loose(UNKNOWN, name, Args(more=True), node)
        if name.startswith("__"):
            run.attribute(UNKNOWN, name, node)
    return UNKNOWN


@special
def attrgetter(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    for value in args.positional:
        name = known_text(value)
        if name is None:
            run.opaque(node, "reads an attribute whose name it computes", row.rule)
        else:
            for one in name.split("."):
                run.attribute(UNKNOWN, one, node)
    return UNKNOWN


# --------------------------------------------------------------------------------------------------------------- dynamic code


@special
def evaluate(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """eval and exec: the text is analysed where it is known; running text as code is opaque in any case."""
    source = args.get(0, "source")
    result: list[Value] = []
    verb = "evaluates" if row.name.endswith("eval") else "runs"
    for option in options(source if source is not None else UNKNOWN):
        known = known_text(option)
        if known is None:
            run.opaque(node, f"{verb} text as code, and the text is not known before it runs", row.rule)
        else:
            run.opaque(node, f"{verb} text as code (the text is known, and was analysed too)", row.rule)
            result.append(run.run_text(known, run.module_scope, node))
    return union(result) if result else UNKNOWN


@special
def compile_(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    source = args.get(0, "source")
    if source is not None and known_text(source) is not None:
        run.opaque(node, "compiles text to code", row.rule)
        return source
    run.opaque(node, "compiles text to code, and the text is not known before it runs", row.rule)
    return UNKNOWN


@special
def timeit(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    for position, name in ((1, "setup"), (0, "stmt")):
        value = args.get(position, name)
        for option in options(value) if value is not None else ():
            if isinstance(option, (Function, Ref, Method, Partial)):
                run.call(option, Args(), node)
            elif (known := known_text(option)) is not None:
                run.run_text(known, run.module_scope, node)
            elif isinstance(option, Text):
                run.run_text(option.filled("0"), run.module_scope, node)
            else:
                run.opaque(node, "times text as code, and the text is not known before it runs", row.rule)
    return UNKNOWN


@special
def unittest(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    return UNKNOWN


@special
def doctest(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """doctest runs the examples in docstrings: so they are read as code."""
    if row.name.endswith(("testfile", "testsource", "debug")):
        run.opaque(node, "runs examples in a file as code", row.rule)
        return UNKNOWN
    for examples in _examples(run.tree):
        run.run_text(examples, run.module_scope, node)
    return UNKNOWN


def _examples(tree: ast.AST | None) -> list[str]:
    """The examples of each docstring, as one program each."""
    found = []
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
            body = node.body[0] if node.body else None
            if (
                isinstance(body, ast.Expr)
                and isinstance(body.value, ast.Constant)
                and isinstance(body.value.value, str)
                and ">>>" in body.value.value
            ):
                lines = [line.strip() for line in body.value.value.splitlines()]
                raw = [line.lstrip() for line in body.value.value.splitlines()]
                code = [one[4:] for line, one in zip(lines, raw, strict=True) if line.startswith((">>> ", "... "))]
                found.append("\n".join(code))
    return found


@special
def getattr_(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    if len(args.positional) < 2:
        run.opaque(node, "reads an attribute whose name it computes", row.rule)
        return UNKNOWN
    owner, names = args.positional[0], args.positional[1]
    found = [args.positional[2]] if len(args.positional) > 2 else []
    for option in options(names):
        known = known_text(option)
        if known is not None:
            if isinstance(option, Const) and option.made and isinstance(owner, Ref):
                run.opaque(node, f"reads an attribute by a name that it puts together ({known})", row.rule)
            value = run.attribute(owner, known, node)
            run.mention(value, node)
            found.append(value)
        elif isinstance(option, Text) and option.prefix and not option.prefix.startswith("_") and _own(owner):
            found.extend(_methods(owner, option.prefix))
        elif _own(owner) and not isinstance(option, Text):
            run.opaque(node, "reads an attribute whose name it computes", row.rule)
            found.extend(_methods(owner, ""))
        else:
            run.opaque(node, "reads an attribute whose name it computes", row.rule)
    return union(found) if found else UNKNOWN


def _own(value: Value) -> bool:
    return all(isinstance(option, (Object, Class, Unknown)) for option in options(value))


def _methods(owner: Value, prefix: str) -> list[Value]:
    found: list[Value] = []
    for option in options(owner):
        cls = option.cls if isinstance(option, Object) else option if isinstance(option, Class) else None
        if cls is not None:
            found += [
                value.bound(option) for name, value in cls.scope.names.items() if name.startswith(prefix) and isinstance(value, Function)
            ]
    return found


@special
def setattr_(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    if not args.positional:
        return NONE
    for owner in options(args.positional[0]):
        name = known_text(args.get(1) or UNKNOWN)
        if isinstance(owner, (Ref, Module)):
            run.opaque(node, "replaces a part of a library", row.rule)
        elif isinstance(owner, (Object, Class)) and name is not None and len(args.positional) > 2:
            run.set_attribute(owner, name, args.positional[2], node)
        elif name is not None and name.startswith("__"):
            run.opaque(node, f"sets {name} of an object", row.rule)
    return NONE


@special
def namespace(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    if row.name.endswith("vars") and args.positional:
        return run.attribute(args.positional[0], "__dict__", node)
    return Instance("builtins.Namespace")


@special
def import_(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    found: list[Value] = []
    for option in options(args.get(0, "name") or UNKNOWN):
        known = known_text(option)
        if known is None:
            run.opaque(node, "imports a module whose name it computes", row.rule)
        elif known.startswith("."):
            run.opaque(node, "imports a module by a relative name", row.rule)
        else:
            if isinstance(option, Const) and option.made:
                run.opaque(node, f"imports a module by a name that it puts together ({known})", row.rule)
            whole = run.import_name(known, node)
            has_list = args.get(3, "fromlist") is not None
            top = run.import_name(known.partition(".")[0], node) if row.name.startswith("builtins") and not has_list else whole
            found.append(top)
    return union(found) if found else UNKNOWN


@special
def sys_path(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    return Instance("sys.Path")


NAMES: dict[str, Callable[..., object]] = {"aws": aws_method, "kube": kube_method}
__all__ = ["NAMES", "Dict", "Loop", "Union", "aws_method", "kube_method", "path_attribute", "path_call", "places"]
