"""SQL text -> effects, with sqlglot: statement kinds, tables, files and hosts, in several dialects.

What does not parse in any dialect, or would be read in two ways by two databases, is `opaque`. Cheap linear checks come before the parser.
"""

from __future__ import annotations

import dataclasses
import logging
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from guard import path_rules
from guard.analyse import targets
from guard.analyse.sql.verbs import VERBS
from guard.model import RUN, Effect, Facts, Kind, Loop, Span

if TYPE_CHECKING:
    from types import ModuleType

MAX_BYTES = 64 * 1024
MAX_NESTING = 24
"""Open brackets, CASEs and unary operators in a row; the parser recurses for each."""
MAX_STATEMENTS = 500

DUCKDB = "memory"
"""The name under which DuckDB's callers pass its database, whatever it is: what its tables are is theirs to say."""

DIALECTS = ("postgres", "mysql", "sqlite", "tsql", "duckdb")
"""In the order in which they are tried."""

_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e0fff]"
)
_TOKEN = re.compile(
    r"(?P<string>'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`)|(?P<comment>--[^\n]*|/\*.*?\*/)"
    r"|(?P<hole>\{\{[^{}]*\}\}|\$?\{[^{}]*\}|%\(\w+\)s|%s|__hole__)|(?P<unfinished>/\*)",
    re.DOTALL,
)
_SQLITE_TOKEN = re.compile(_TOKEN.pattern.replace("|`[^`]*`", r"|`[^`]*`|\[[^\]]*\]"), re.DOTALL)
"""SQLite has names in brackets, too; what stands in them is nothing else."""
_TCL = re.compile(r"[$@:#]\w+(?:::\w+)*\(")
_TWO_WAYS = re.compile(r"\\|#|\$\w*\$|`")
"""What databases read differently: escapes, comments, quotes. Then the text is read in more than one way."""


def analyse(code: str, facts: Facts, depth: int, argument: str) -> tuple[Effect, ...]:
    """All effects of SQL text. `argument` is the name of the database ("": not known). Never raises on any text."""
    whole = _span(code, 0, len(code))
    if len(code) > MAX_BYTES:
        return (_opaque(whole, "the SQL is too long to be analysed"), *_hints(code[:MAX_BYTES], argument, whole))
    found: list[Effect] = []
    if match := _CONTROL.search(code):
        found.append(
            _opaque(_span(code, match.start(), match.end()), f"the SQL holds a hidden or control character (U+{ord(match.group()):04X})")
        )
    in_file = path_rules.database_file(argument) is not None
    text, doubts = _prepared(code, _SQLITE_TOKEN if in_file else _TOKEN)
    if in_file and _TCL.search(text):
        doubts.append("a variable with a bracket behind it, which only SQLite takes for one word")
    found += [_opaque(whole, note) for note in doubts]
    if _nesting(text) > MAX_NESTING:
        return (*found, _opaque(whole, "the SQL is nested too deeply to be analysed"), *_hints(text, argument, whole))
    if text.count(";") > MAX_STATEMENTS:
        return (*found, _opaque(whole, f"the SQL has more than {MAX_STATEMENTS} statements"), *_hints(text, argument, whole))
    read = _read_in_dialects(text, facts, depth, argument)
    if read is None:
        return (*found, _opaque(whole, "this does not parse as SQL"), *_hints(text, argument, whole))
    return tuple(dict.fromkeys((*found, *read)))


def _opaque(span: Span, note: str) -> Effect:
    return Effect(kind=Kind.OPAQUE, resource=RUN, exact=False, span=span, rule="sql", note=note)


def _span(code: str, start: int, end: int) -> Span:
    before, upto = code[:start], code[:end]
    return Span(
        line=before.count("\n") + 1,
        column=start - (before.rfind("\n") + 1),
        end_line=upto.count("\n") + 1,
        end_column=end - (upto.rfind("\n") + 1),
    )


# ------------------------------------------------------------------------------------------------------------- before the parser


def _prepared(code: str, tokens: re.Pattern[str]) -> tuple[str, list[str]]:
    """The text with unknown parts as one identifier and executable comments opened; and what is doubtful."""
    doubts: list[str] = []

    def one(match: re.Match[str]) -> str:
        text = match.group()
        if match["hole"]:
            return "__hole__".ljust(len(text))[: max(len(text), 8)]
        if match["comment"] and text.startswith(("/*!", "/*M!", "/*+")):
            doubts.append("a comment that a database runs or obeys")
            return re.sub(r"^/\*M?[!+]\d*", lambda m: " " * len(m.group()), text)[:-2] + "  "
        if match["comment"] and "/*" in text[2:]:
            doubts.append("nested comments, which databases read differently")
        if match["comment"] and re.match(r"--[^\s-]", text):
            doubts.append("a comment without a space behind its dashes, which databases read differently")
        if match["unfinished"]:
            doubts.append("a comment without an end")
        return text

    return tokens.sub(one, code), doubts


_DEEP = re.compile(
    r"[(\[{]|[)\]}]|\bcase\b|\bend\b|'(?:[^']|'')*'|\"[^\"]*\"|--[^\n]*|(?:\b(?:not|exists|all|any)\b\s*|[-+~!@]\s*){8,}", re.IGNORECASE
)


def _nesting(text: str) -> int:
    """How deeply the text nests, counted without a parser."""
    depth = deepest = 0
    for match in _DEEP.finditer(text):
        token = match.group().lower()
        if token in ("(", "[", "{", "case"):
            depth += 1
            deepest = max(deepest, depth)
        elif token in (")", "]", "}", "end"):
            depth = max(0, depth - 1)
        elif token[0] not in "'\"" and not token.startswith("--"):
            return MAX_NESTING + 1
    return deepest


# --------------------------------------------------------------------------------------------------------------------- dialects


@cache
def _sqlglot() -> ModuleType:
    import sqlglot

    logging.getLogger("sqlglot").setLevel(logging.CRITICAL)  # it reports each statement that it only names
    return sqlglot


def _dialects(argument: str) -> tuple[str, ...]:
    """Those that may be meant: a database that is a file is SQLite's."""
    if path_rules.database_file(argument) is not None:
        return ("sqlite",)
    return ("duckdb", *DIALECTS[:-1]) if argument == DUCKDB else DIALECTS


def _read_in_dialects(text: str, facts: Facts, depth: int, argument: str) -> list[Effect] | None:
    """Effects as the first dialect reads them that knows every statement; where databases differ, as all read them."""
    best: list[Effect] | None = None
    every: list[Effect] = []
    for candidate in dict.fromkeys((text, re.sub(r"(?<![\w?|&@])\?(?![\w?|&])", " __hole__ ", text))):
        for dialect in _dialects(argument):
            read = _read(candidate, dialect, facts, depth, argument)
            if read is None:
                continue
            effects, named = read
            every += effects
            if best is None or not named:
                best = effects
            if not named and not _TWO_WAYS.search(text):
                return best
        if best is not None:
            break
    return list(dict.fromkeys((*best, *every))) if best is not None and _TWO_WAYS.search(text) else best


def _read(text: str, dialect: str, facts: Facts, depth: int, argument: str) -> tuple[list[Effect], bool] | None:
    """(effects, some statement is only named) of the text in one dialect; None if it does not parse."""
    from guard.analyse.sql.statements import Statement

    sqlglot = _sqlglot()
    found: list[Effect] = []
    named = False
    text = _files(text, facts, argument, found)
    try:
        reader = sqlglot.Dialect.get_or_raise(dialect)
        for tokens in _chunks(reader.tokenize(text)):
            span = _span(text, tokens[0].start, tokens[-1].end + 1)
            rest = _explained(text, tokens, dialect)
            if rest is not None:
                found += [dataclasses.replace(effect, span=span) for effect in analyse(rest, facts, depth, argument)] if rest else []
                continue
            for tree in reader.parser().parse(tokens, text):
                if tree is None:
                    continue
                named = named or isinstance(tree, sqlglot.exp.Command)
                looked = Statement(tree=tree, facts=facts, depth=depth, database=argument, span=span).look()
                found += looked
                if any(effect.rule in ("sql-unknown", "sql-call") for effect in looked):
                    found += _hints(text[tokens[0].start : tokens[-1].end + 1], argument, span)
    except (sqlglot.errors.SqlglotError, RecursionError, ValueError, TypeError, AttributeError, IndexError, KeyError):
        return None  # the parser's own faults on hostile text count as "does not parse"
    return found, named


def _chunks(tokens: list[Any]) -> list[list[Any]]:
    """Tokens by statement."""
    out: list[list[Any]] = [[]]
    for token in tokens:
        if token.token_type.name == "SEMICOLON":
            out.append([])
        else:
            out[-1].append(token)
    return [chunk for chunk in out if chunk]


_EXPLAIN = re.compile(r"\s*EXPLAIN\s+(?:ANALY[SZ]E\b|\((?:[^()]*\bANALY[SZ]E\b[^()]*)\))\s*(?:VERBOSE\b)?", re.IGNORECASE)
_OPTION = r"\s*(?:VERBOSE|COSTS|SETTINGS|GENERIC_PLAN|BUFFERS|SERIALIZE|WAL|TIMING|SUMMARY|MEMORY|FORMAT)\b[^(),]*"
_SHOWN = re.compile(rf"\s*EXPLAIN\s+\({_OPTION}(?:,{_OPTION})*\)", re.IGNORECASE)
"""EXPLAIN with options of which none runs the statement."""
_CURSOR = re.compile(r"\s*DECLARE\s+\w+\s+(?:\w+\s+){0,4}?CURSOR\s+(?:WITH(?:OUT)?\s+HOLD\s+)?FOR\b", re.IGNORECASE)
_TOP = re.compile(r"\s*(DELETE|UPDATE)\s+TOP\s*\(?\s*[\w@]+\s*\)?\s*(?:PERCENT\b\s*)?(?:FROM\b)?", re.IGNORECASE)
_TRANSACTION = re.compile(
    r"(?:START\s+TRANSACTION|SAVEPOINT|RELEASE(?:\s+SAVEPOINT)?|ROLLBACK\s+TO(?:\s+SAVEPOINT)?|UNLOCK\s+TABLES|CLOSE|DEALLOCATE(?:\s+PREPARE)?)"
    r"(?:\s+\w+){0,4}",
    re.IGNORECASE,
)
"""Statements that only begin, mark or end work; not every dialect's parser knows them."""
_PLAN = re.compile(r"\s*EXPLAIN\s+QUERY\s+PLAN\b", re.IGNORECASE)
_REPLACE = re.compile(r"\s*REPLACE\s+(?:LOW_PRIORITY\s+|DELAYED\s+)?(?:INTO\b)?", re.IGNORECASE)


def _explained(text: str, tokens: list[Any], dialect: str) -> str | None:
    """The statement behind EXPLAIN ANALYZE, which runs it, or behind a cursor; REPLACE as the INSERT OR REPLACE that it is; "" for none."""
    statement = text[tokens[0].start : tokens[-1].end + 1]
    if match := _EXPLAIN.match(statement) or _CURSOR.match(statement):
        return statement[match.end() :]
    if match := _SHOWN.match(statement):
        return "EXPLAIN " + statement[match.end() :]
    if match := _TOP.match(statement):
        verb = "UPDATE" if match[1].upper() == "UPDATE" else "DELETE FROM"
        return f"{verb} {statement[match.end() :]}"
    if _TRANSACTION.fullmatch(statement) and not VERBS.search(statement):
        return ""
    if _PLAN.match(statement):
        return "SELECT 1"
    if dialect in ("mysql", "sqlite") and (match := _REPLACE.match(statement)):
        return "INSERT OR REPLACE INTO " + statement[match.end() :]
    return None


_OUTFILE = re.compile(
    r"\bINTO\s+(?:OUTFILE|DUMPFILE)\s+('(?:[^']|'')*'|\S+)(?:\s+(?:CHARACTER|FIELDS|COLUMNS|LINES)\b.*?(?=\bFROM\b|;|$))?",
    re.IGNORECASE | re.DOTALL,
)
_LOAD = re.compile(
    r"\bLOAD\s+(?:DATA|XML)\s+(?:LOW_PRIORITY\s+|CONCURRENT\s+)?(?:LOCAL\s+)?INFILE\s+('(?:[^']|'')*'|\S+)\s+(REPLACE\s+|IGNORE\s+)?INTO\s+TABLE\s+([\w.`\"]+)[^;]*",
    re.IGNORECASE,
)


def _files(text: str, facts: Facts, argument: str, found: list[Effect]) -> str:
    """MySQL's own file statements, which the parser does not know: reported, and taken out of the text."""

    def out(match: re.Match[str]) -> str:
        found.append(
            Effect(
                kind=Kind.FS_WRITE,
                resource=path_rules.file(match[1].strip("'"), facts),
                span=_span(text, *match.span()),
                rule="sql-outfile",
                note=f"writes its result to {match[1][:80]}",
            )
        )
        return " " * len(match.group())

    def load(match: re.Match[str]) -> str:
        span = _span(text, *match.span())
        found.append(
            Effect(
                kind=Kind.FS_READ,
                resource=path_rules.file(match[1].strip("'"), facts),
                span=span,
                rule="sql-load-data",
                note=f"reads {match[1][:80]}",
            )
        )
        name = match[3].replace("`", "").replace('"', "")
        for kind in (Kind.SQL_INSERT, *([Kind.SQL_DELETE] if (match[2] or "").upper().startswith("REPLACE") else [])):
            found.append(
                Effect(kind=kind, resource=targets.table(argument, name), span=span, rule="sql-load-data", note=f"inserts into {name}")
            )
        return ("" if not text[: match.start()].strip() else " ").ljust(len(match.group()))

    return _LOAD.sub(load, _OUTFILE.sub(out, text))


# ------------------------------------------------------------------------------------------------ what an unparsable text may do

_HINTS = (
    (
        r"\bDROP\s+(?:MATERIALIZED\s+|FOREIGN\s+|TEMP(?:ORARY)?\s+|EXTERNAL\s+)?(?:TABLE|DATABASE|SCHEMA|VIEW|INDEX|COLUMN|USER|ROLE|FUNCTION"
        r"|TRIGGER|SEQUENCE|PARTITION|CONSTRAINT|PROCEDURE|EVENT|TYPE|DOMAIN|EXTENSION|OWNED|POLICY|KEYSPACE|WAREHOUSE|STAGE|STREAM|TASK|PIPE"
        r"|TABLESPACE|SERVER|PUBLICATION|SUBSCRIPTION|LOGIN|AGGREGATE|OPERATOR|RULE|SYNONYM|PACKAGE|MODEL|DICTIONARY|BUCKET|COLLECTION)\s+"
        r"(?:IF\s+EXISTS\s+)?([\w.\"`\[\]]+)?",
        Kind.SQL_DROP,
        "may drop",
    ),
    (r"\b(?:DETACH|DISCARD|EXCHANGE|TRUNCATE)\s+(?:PARTITION|TABLESPACE)()", Kind.SQL_DROP, "may drop"),
    (r"(?:^|;)\s*(?:PURGE|RESET\s+(?:MASTER|SLAVE|REPLICA)|SHUTDOWN|FLUSHALL|FLUSHDB|DETACH\s+DELETE)\b()", Kind.SQL_DELETE, "may delete"),
    (r"\b(?:WHEN\s+(?:NOT\s+)?MATCHED\b[^;]*THEN|DETACH)\s+DELETE\b()", Kind.SQL_DELETE, "may delete"),
    (r"\bTRUNCATE\s+(?:TABLE\s+)?([\w.\"`\[\]]+)", Kind.SQL_DELETE, "may delete all rows of"),
    (r"\bDELETE\s+FROM\s+([\w.\"`\[\]]+)", Kind.SQL_DELETE, "may delete rows of"),
    (r"\bUPDATE\s+([\w.\"`\[\]]+)\s+SET\b", Kind.SQL_UPDATE, "may update"),
    (r"\b(?:INSERT|REPLACE)\s+(?:OR\s+\w+\s+)?INTO\s+([\w.\"`\[\]]+)", Kind.SQL_INSERT, "may insert into"),
    (r"\b(?:ALTER\s+TABLE|CREATE\s+TABLE(?:\s+IF\s+NOT\s+EXISTS)?)\s+([\w.\"`\[\]]+)", Kind.SQL_UPDATE, "may change the shape of"),
    (r"\bFROM\s+([\w.\"`\[\]]+)", Kind.SQL_SELECT, "may read"),
)


def _hints(text: str, argument: str, span: Span) -> list[Effect]:
    """What the words of a text that does not parse say, as what may happen."""
    found = []
    for pattern, kind, verb in _HINTS:
        for match in list(re.finditer(pattern, text, re.IGNORECASE))[:20]:
            name = re.sub(r"[\"`\[\]]", "", match[1] or "")
            known = bool(name) and "__hole__" not in name
            found.append(
                Effect(
                    kind=kind,
                    resource=targets.table(argument, name if known else ""),
                    exact=known,
                    certain=False,
                    loop=Loop.ONE,
                    span=span,
                    rule="sql-hint",
                    note=f"{verb} {name or 'something'}",
                )
            )
    return list(dict.fromkeys(found))
