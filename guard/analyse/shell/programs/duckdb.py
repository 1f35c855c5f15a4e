"""duckdb: its SQL reads and writes files by their names, and a database in memory is nothing outside of the program.

Sources: DuckDB's documentation, "CLI > Arguments", "CLI > Dot Commands", "Data Import > Replacement Scans", "Configuration".
"""

from __future__ import annotations

import re
from dataclasses import replace

from guard import path_rules
from guard.analyse import targets
from guard.analyse.shell.call import Call
from guard.analyse.shell.marks import HOLE, TILDE, UNKNOWN, globbed, plain
from guard.analyse.shell.options import parse
from guard.analyse.shell.programs.databases import dot_command, lines_of
from guard.analyse.shell.programs.rows import act
from guard.analyse.sql import DUCKDB
from guard.model import Effect, Kind, ResourceType

_OPTIONS = (
    "-c= -s= -cmd= -init=code -f=code -newline= -separator= -nullvalue= -storage-version=code -ascii -bail -batch -box -column -csv -echo "
    "-header -noheader -help -html -interactive -json -jsonlines -latex -line -list -markdown -no-init -no-stdin -quote -readonly -safe "
    "-stats -table -tabs -version"
)
_FILE = re.compile(r"[/*:?\[]|\.(?:csv|tsv|parquet|json|jsonl|ndjson|xlsx|arrow|db|duckdb|sqlite|txt)(?:\.gz|\.zst|\.bz2)?$", re.IGNORECASE)
"""The name of a table that is a file's."""
_SETTING = re.compile(r"\b(?:SET|PRAGMA)\b(?:\s+(?:SESSION|LOCAL|GLOBAL|VARIABLE)\b)?(?:\s+(\w+))?", re.IGNORECASE)
"""A setting's name; none where it is in quotes, or behind a comment."""
_ELSEWHERE = re.compile(r"(?!file:)\w{2,}:(?!//)")
"""A database that another program's driver opens (`md:`, `postgres:`, `sqlite:`)."""
_PLAIN_SETTINGS = re.compile(
    r"threads|worker_threads|memory_limit|max_memory|timezone|calendar|default_\w+|preserve_insertion_order|enable_progress_bar|schema"
    r"|disable_progress_bar|errors_as_json|pivot_limit|binary_as_string|explain_output|integer_division|order_by_non_integer_literal"
    r"|show_tables\w*|table_info|database_list|database_size|version|storage_info|show|functions|collations|platform|user_agent",
    re.IGNORECASE,
)
"""Settings that say how something is computed or shown, and pragmas that look. Others name files, folders, hosts and libraries."""


def duckdb(call: Call) -> str:
    """duckdb [options] [file [statements]]; without statements, those of the input."""
    parsed = parse([re.sub(r"^--(?=\w)", "-", arg) for arg in call.args], _OPTIONS)
    call.unknown_options(parsed.unknown)
    for option, value in parsed.options:
        if option.role and value is not None:
            act(call, option.role, value)
    if parsed.has("-version", "-help"):
        return HOLE
    path, texts = parsed.operands[0] if parsed.operands else ":memory:", parsed.operands[1:]
    texts += [value for option, value in parsed.options if option.name in ("-c", "-s", "-cmd") and value is not None]
    held = plain(path) not in (":memory:", "")
    if held:
        act(call, "read", path)
    if _ELSEWHERE.match(plain(path)):
        call.sh.opaque("duckdb opens a database in a way of its own")
    if not texts and call.sh.stdin is not None and not UNKNOWN.search(call.sh.stdin):
        texts.append(call.sh.stdin)
    elif not texts:
        call.sh.opaque("duckdb runs the statements that its input holds")
    for text in texts:
        _text(call, text, path if held else None)
    return HOLE


def _text(call: Call, text: str, path: str | None) -> None:
    """Dot commands and statements; what these do to tables is told as done to the file, or not at all if there is none."""
    commands, statement = lines_of(call, text)
    for command in commands:
        dot_command(call, command, "maxrows maxwidth columns rows large_number_rendering highlight")
    if UNKNOWN.search(statement):
        call.sh.opaque("duckdb runs SQL that is only known when it runs")
    for name in _SETTING.findall(plain(statement)):
        if not _PLAIN_SETTINGS.fullmatch(name):
            call.sh.opaque(f"duckdb is given the setting {name or 'of a name that is not plain'}")
    if match := re.search(r"\bEXTENSIONS\b|\bSUMMARIZE\s*'", plain(statement), re.IGNORECASE):
        call.sh.opaque(f"duckdb fetches its extensions anew, or looks at a file: {match[0]}")
    before = len(call.sh.effects)
    if statement.strip():
        call.embedded("sql", statement, DUCKDB)
    found, call.sh.effects[before:] = call.sh.effects[before:], []
    names = [resource.name for resource, exact in call.sh.paths(path) if exact] if path is not None else []
    for effect in found:
        table = effect.resource.name.partition("/")[2] if effect.resource.type is ResourceType.TABLE else ""
        if effect.kind is Kind.SQL_SELECT and _FILE.search(table):
            act(call, "read", re.sub(r"^~(?=/|$)", TILDE, globbed(table)))
        elif effect.kind is Kind.FS_READ and re.search(r"[*?\[]", effect.resource.name):
            act(call, "read", globbed(effect.resource.name))
        elif not effect.kind.startswith("sql."):
            call.sh.effects.append(effect)
        else:
            _on_file(call, effect, table, names)
    if path is not None and any(effect.kind.startswith("sql.") and effect.kind is not Kind.SQL_SELECT for effect in found):
        call.sh.write(path)


def _on_file(call: Call, effect: Effect, table: str, names: list[str]) -> None:
    for name in names:
        database = path_rules.file_database(name)
        resource = targets.table(database, table) if table else targets.database(database)
        call.sh.effects.append(replace(effect, resource=resource))


RUNNERS = {"duckdb": duckdb}
