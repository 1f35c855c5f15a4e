"""Readers and writers that take a path, a URL or an open file; databases by their addresses."""

from __future__ import annotations

import ast
import re

from guard.analyse import targets
from guard.analyse.python.calls import Calls
from guard.analyse.python.knowledge import Row
from guard.analyse.python.special.registry import special
from guard.analyse.python.state import READ_ONLY, database_path
from guard.analyse.python.values import (
    TAINTED,
    UNKNOWN,
    Args,
    Class,
    Const,
    Dict,
    Foreign,
    Instance,
    Ref,
    Seq,
    Text,
    Unknown,
    Value,
    known_text,
    options,
)
from guard.model import Kind, ResourceType


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
        elif prefix.startswith(("<", "imageio:")) and row.name.startswith("imageio."):
            run.opaque(node, "takes pictures with the camera or of the screen, or fetches them", row.rule)
        elif "!" in prefix and row.name.startswith("cv2."):
            run.opaque(node, "takes pictures from wherever a pipeline says", row.rule)
        elif isinstance(option, Const) and isinstance(option.value, str) and option.value.lstrip().startswith(("<", "{", "[")):
            continue
        elif row.name.startswith("cv2.VideoCapture") and isinstance(option, Const):
            run.opaque(node, "uses the camera", row.rule) if isinstance(option.value, int) else run.file_effect(
                Kind.FS_READ, option, node, row.rule
            )
        else:
            run.file_effect(Kind.FS_READ, option, node, row.rule)
    return Instance(row.result, source if row.resource else None, True) if row.result else TAINTED


@special
def read_text(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """What takes data, or a text that names the file with them."""
    for option in options(args.get(0, row.params[0]) or UNKNOWN):
        if isinstance(option, Text) or known_text(option) or (isinstance(option, Instance) and option.cls == "pathlib.Path"):
            run.file_effect(Kind.FS_READ, option, node, row.rule)
    return Instance(row.result, None, args.taint) if row.result else Foreign(row.name.partition(".")[0], args.taint)


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
def unsafe_yaml(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """`ruamel.yaml.YAML(typ=…)`: of its kinds, "unsafe" makes any object."""
    kind = args.get(0, "typ")
    kinds = kind.items if isinstance(kind, Seq) else options(kind) if kind is not None else ()
    if any((known_text(one) or "unsafe") in ("unsafe", "base+unsafe") for one in kinds):
        run.opaque(node, "loads YAML that can run code", row.rule)
    return None


@special
def xml_parser(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """`lxml.etree.XMLParser(…)`: told so, it reads the files and URLs that a document names."""
    asked = {"resolve_entities": True, "load_dtd": True, "dtd_validation": True, "no_network": False}
    for name, value in asked.items():
        given = args.named.get(name)
        if given is not None and (not isinstance(given, Const) or given.value is value):
            run.opaque(node, f"reads what an XML document names ({name})", row.rule)
    return None


@special
def backend(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """`matplotlib.use("module://name")` imports that module."""
    for option in options(args.get(0, row.params[0]) or UNKNOWN):
        if (known_text(option) or "module://").startswith("module://"):
            run.opaque(node, "loads a module by a name in a text", row.rule)
    return None


@special
def rc_params(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """What sets parameters of matplotlib: its backend may be a module to import, and TeX is a program to start."""
    pairs: list[tuple[Value, Value]] = [(Const(name), value) for name, value in args.named.items()]
    if row.name.endswith("__setitem__"):
        pairs.append((args.get(0) or UNKNOWN, args.get(1) or UNKNOWN))
    for given in args.positional if not pairs else ():
        for one in options(given):
            if isinstance(one, Dict):
                pairs += [(Const(name), value) for name, value in one.items.items()] + [(UNKNOWN, value) for value in one.rest]
            elif isinstance(one, Unknown):
                pairs.append((UNKNOWN, one))
    for key, value in pairs:
        names = {known_text(one) for one in options(key)}
        for option in options(value) if {"backend", None} & names else ():
            known = known_text(option)
            if (known or "").startswith("module://") or (known is None and ("backend" in names or isinstance(option, (Text, Unknown)))):
                run.opaque(node, "loads a module by a name in a text", row.rule)
        if {"text.usetex", "usetex"} & names and not (isinstance(value, Const) and not value.value):
            run.command(Const("latex"), node, row.rule)
    return None


@special
def plot_backend(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """pandas draws with the module that `plotting.backend` names."""
    given = [args.named["backend"]] if "backend" in args.named else []
    if receiver is None:
        for key, value in zip(args.positional[::2], args.positional[1::2], strict=False):
            if any("backend" in (known_text(one) or "backend") for one in options(key)):
                given.append(value)
    if any(known_text(one) not in ("matplotlib", "plotly", "bokeh", "altair") for value in given for one in options(value)):
        run.opaque(node, "loads a module by a name in a text", row.rule)
    return Instance(row.result) if row.result else None


@special
def schema(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """A JSON schema: what it refers to outside of itself is fetched. One that was read from a file is taken for one of its own."""
    given = args.get(1 if row.name.endswith("validate") else 0, "schema")
    todo = [given if given is not None else UNKNOWN]
    while todo:
        for one in options(todo.pop()):
            if isinstance(one, Dict):
                todo += [value for name, value in one.items.items() if name != "$ref"] + one.rest
                if "$ref" in one.items and not (known_text(one.items["$ref"]) or "").startswith("#"):
                    run.http(Kind.HTTP_GET, one.items["$ref"], node, row.rule)
            elif isinstance(one, Seq):
                todo += one.items
            elif (isinstance(one, (Text, Unknown)) and not one.taint) or "$ref" in (known_text(one) or ""):
                run.http(Kind.HTTP_GET, UNKNOWN, node, row.rule)
    return None


@special
def csv_rows(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """The rows of a file or of lines: of a file, what is known is its own, and of lines nothing is."""
    given = args.get(0, row.params[0]) or UNKNOWN
    return Seq([Seq([UNKNOWN], exact=False)], exact=False, taint=given.taint) if isinstance(given, (Seq, Const, Text, Dict)) else given


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
    if isinstance(loader, Class) and not _leads_to_unsafe(run.tree):
        loader = loader.foreign()
    if not (isinstance(loader, Ref) and re.search(r"\.C?(?:Safe|Base)Loader$", loader.name)):
        run.opaque(node, "loads YAML that can run code", row.rule)
    return TAINTED if args.taint else UNKNOWN


def _leads_to_unsafe(tree: ast.AST | None) -> bool:
    """Whether a program with a loader of its own names what could make that loader more than safe."""
    if tree is None:
        return True
    names = {getattr(one, "attr", None) or getattr(one, "id", None) or getattr(one, "name", None) for one in ast.walk(tree)}
    return any(re.search(r"Unsafe|Full|Constructor$|^Loader$|^CLoader$|_constructors$|python_", str(name)) for name in names)


def _is_true(value: Value | None) -> bool:
    return isinstance(value, Const) and value.value is True


@special
def sqlite(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    database = args.get(0, row.params[0])
    if database is None:
        database = Const(":memory:")
    if known_text(database) not in (":memory:", ""):
        known = known_text(database) or ""
        path = database_path(known)
        named = UNKNOWN if known.startswith("file:") and "%" in path else Const(path) if path else database
        run.file_effect(Kind.FS_READ, named, node, row.rule)
        reads = row.name.startswith("duckdb.") and _is_true(args.get(1, "read_only"))
        if not reads and not (READ_ONLY.fullmatch(known) and _is_true(args.named.get("uri"))):
            run.file_effect(Kind.FS_WRITE, named, node, row.rule, certain=False)
    return Instance(row.result, database)


_DATA_FILE = re.compile(r"[/*:]|\.(?:csv|tsv|parquet|json|jsonl|ndjson|xlsx|arrow|db|duckdb|sqlite|txt)(?:\.gz|\.zst)?$", re.IGNORECASE)
"""The name of a table that is a file's."""


@special
def duckdb(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """SQL of DuckDB, where a table may be a file. Tables of a database in memory are nothing outside of the program."""
    database = receiver.resource if isinstance(receiver, Instance) else None
    path = known_text(database) if database is not None else ":memory:"
    for option in options(args.get(0, row.params[0] if row.params else "") or UNKNOWN):
        known = known_text(option)
        if known is not None:
            known = _LOOKING.sub(lambda said: "" if said[1] else "SELECT * FROM ", _with_parameters(known, args.get(1, "parameters")))
            for files in _LIST.findall(known):  # each of a list of files is read
                run.file_effect(Kind.FS_READ, Seq([Const(one) for one in re.findall(r"'([^']*)'", files)]), node, row.rule)
            known = _LIST.sub(lambda found: re.findall(r"'[^']*'", found[0])[0], known)
        if known is None or "[" in known:  # another list would be seen in part
            run.opaque(node, "runs SQL that it builds while running", row.rule)
            continue
        for effect in run.inside("sql", known, node, "memory"):
            table = effect.resource.name.partition("/")[2]
            if effect.kind is Kind.SQL_SELECT and effect.resource.type is ResourceType.TABLE and _DATA_FILE.search(table):
                run.file_effect(Kind.FS_READ, Const(table), node, row.rule)
            elif path != ":memory:" or not effect.kind.startswith("sql."):
                run.take((effect,), rule=row.rule)
    return Instance(row.result, database)


_LOOKING = re.compile(r"^\s*(?:SUMMARIZE|DESCRIBE)\s+(?:(?=(SELECT|WITH)\b)|(?=['\"\w]))", re.IGNORECASE)
"""DuckDB's statements that read what the rest of them names, to say how it looks."""

_LIST = re.compile(r"\[\s*'[^'\[\]]*'(?:\s*,\s*'[^'\[\]]*')*\s*\]")
"""A list of texts in DuckDB's SQL."""


def _with_parameters(statement: str, given: Value | None) -> str:
    """A statement with its parameters put in, if all of them are texts or lists of texts, and nothing else could be meant by a "?"."""
    if not isinstance(given, Seq) or not given.exact or "'" in statement or '"' in statement or statement.count("?") != len(given.items):
        return statement
    written = [_literal(one) for one in given.look()]
    if None in written:
        return statement
    head, *tails = statement.split("?")
    return head + "".join(f"{one}{tail}" for one, tail in zip(written, tails, strict=True))


def _literal(value: Value) -> str | None:
    if isinstance(value, Seq) and value.exact and value.items:
        inner = [_literal(one) for one in value.look()]
        return f"[{', '.join(one for one in inner if one)}]" if None not in inner else None
    text = known_text(value)
    return f"'{text}'" if text is not None and not set(text) & set("'[]") else None


@special
def db_connect(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """A connection to a database server: where, and to which database."""
    dsn = args.get(0)
    host, port = args.named.get("host") or args.named.get("server"), args.named.get("port")
    known = known_text(dsn) or (dsn.prefix if isinstance(dsn, Text) else "")
    if host is None and row.name.partition(".")[0] in _HOST_FIRST and args.positional:
        host, dsn, known = dsn, args.get(3), ""
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


_HOST_FIRST = frozenset({"MySQLdb", "pymysql", "pymssql", "cymysql", "_mysql"})
"""Drivers whose arguments are host, user, password and database."""

_PORTS = {
    "pymysql": 3306,
    "cymysql": 3306,
    "asyncmy": 3306,
    "_mysql": 3306,
    "mysql": 3306,
    "MySQLdb": 3306,
    "mariadb": 3306,
    "aiomysql": 3306,
    "pymssql": 1433,
    "pyodbc": 1433,
    "oracledb": 1521,
    "cx_Oracle": 1521,
    "clickhouse_driver": 9000,
    "clickhouse_connect": 8123,
}


@special
def mongo(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    run.connect(args.get(0, "host") or Const("localhost"), args.get(1, "port") or Const(27017), node, row.rule)
    return None


@special
def redis(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    run.connect(args.get(0, "host") or args.named.get("url") or Const("localhost"), args.get(1, "port") or Const(6379), node, row.rule)
    return None


@special
def ensured_folder(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """A folder of platformdirs: told so, by a name or far behind the app's name, it is made."""
    told = args.named.get("ensure_exists"), *args.positional[3:]
    if args.more or any(one is not None and not (isinstance(one, Const) and one.value is not True) for one in told):
        run.file_effect(Kind.FS_CREATE, UNKNOWN, node, row.rule, folder=True)
    return None


@special
def cached_parser(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """`lark.Lark(…, cache=…)`: a parser kept in a file, and unpickled from there."""
    kept = args.named.get("cache")
    if kept is not None and not (isinstance(kept, Const) and kept.value is False):
        run.file_effect(Kind.FS_WRITE, kept, node, row.rule)
        run.opaque(node, "unpickles data, which can run any code", row.rule)
    return None


@special
def sax_feature(run: Calls, row: Row, args: Args, node: ast.AST, receiver: Value | None) -> Value | None:
    """`parser.setFeature(…)`: one of the features is to read the files and URLs that a document names."""
    feature, state = args.get(0, "name"), args.get(1, "state")
    known = feature.name if isinstance(feature, Ref) else known_text(feature) or "external"
    if "external" in known and not (isinstance(state, Const) and not state.value):
        run.opaque(node, "reads what an XML document names", row.rule)
    return None
