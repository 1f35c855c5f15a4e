"""One parsed SQL statement -> effects on tables, databases, files and hosts. Tree in, effects out; the text is parsed elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from sqlglot import exp

from guard.analyse import targets
from guard.analyse.embedded import effects_of
from guard.analyse.sql.commands import BEYOND, command
from guard.analyse.sql.functions import EFFECTS, HARMLESS, OPAQUE, listed
from guard.analyse.sql.report import Report
from guard.analyse.sql.verbs import VERBS
from guard.model import Effect, Kind, Loop

_CHANGES = (exp.Insert, exp.Update, exp.Delete, exp.Merge)
_Kinds = type[exp.Expression] | tuple[type[exp.Expression], ...]
_READING = (exp.Select, exp.SetOperation, exp.Subquery, exp.Values, exp.Table, exp.Show, exp.Summarize, exp.Paren, exp.Pivot)
_CODE = ("FUNCTION", "PROCEDURE", "TRIGGER", "EVENT", "RULE", "MACRO")
_NEUTRAL = (exp.Transaction, exp.Commit, exp.Rollback, exp.Use, exp.Detach, exp.Semicolon)


_PRAGMAS = frozenset(
    listed(
        "TABLE_INFO TABLE_XINFO TABLE_LIST INDEX_LIST INDEX_INFO INDEX_XINFO FOREIGN_KEY_LIST FOREIGN_KEY_CHECK INTEGRITY_CHECK "
        "QUICK_CHECK DATABASE_LIST COLLATION_LIST FUNCTION_LIST MODULE_LIST PRAGMA_LIST COMPILE_OPTIONS"
    )
)
"""Pragmas that only look, whatever they are given: `name(value)` sets others, as `name = value` does."""
_ACTING = frozenset(listed("WAL_CHECKPOINT OPTIMIZE INCREMENTAL_VACUUM SHRINK_MEMORY"))
"""Pragmas that act without a value."""
_FILES_AS_TABLES = frozenset(listed("fsdir lsdir zipfile"))
"""Tables of the sqlite3 program that are files: a WHERE names them as well as an argument."""

_OF_SERVERS = re.compile(r"\bTYPE (?!SQLITE|DUCKDB)\w")
"""Kinds of databases that duckdb attaches over a connection."""


@dataclass(slots=True, kw_only=True)
class Statement(Report):
    """One parsed statement being looked at."""

    tree: exp.Expression

    def look(self) -> list[Effect]:
        """All effects of the statement."""
        tree = self.tree
        if isinstance(tree, _NEUTRAL):
            return self.effects
        if isinstance(tree, exp.Command):
            rest = tree.expression.name if isinstance(tree.expression, exp.Expression) else str(tree.expression or "")
            command(self, str(tree.this).upper(), rest.strip())
            return self.effects
        self._whole(tree)
        self._inside(tree)
        if not self.effects and not isinstance(tree, exp.Set):
            self.on_database(Kind.SQL_SELECT, "sql-select", "asks the database")
        return self.effects

    def _whole(self, tree: exp.Expression) -> None:
        """What the kind of statement says, besides what is inside."""
        if isinstance(tree, (*_CHANGES, *_READING)):
            return
        for kinds, look in self._KINDS:
            if isinstance(tree, kinds):
                look(self, tree)
                return
        self.opaque("sql-unknown", f"guard does not know this SQL statement: {tree.key}")

    def _truncate(self, tree: exp.Expression) -> None:
        for table in tree.expressions:
            self.table(Kind.SQL_DELETE, table, "sql-truncate", "deletes all rows of", loop=Loop.UNBOUNDED)

    def _grant(self, _: exp.Expression) -> None:
        self.on_database(Kind.SQL_UPDATE, "sql-grant", "changes who may do what in the database")

    def _attach(self, tree: exp.Expression) -> None:
        name = tree.find(exp.Literal)
        if re.match(r"(?!file:|sqlite:|duckdb:)\w{2,}:(?!//)", str(name.this) if name else "") or _OF_SERVERS.search(tree.sql().upper()):
            self.emit(Kind.NET_CONNECT, targets.ANY_HOST, "sql-attach", "opens a database that may be elsewhere", exact=False)
        self.path(Kind.FS_READ, str(name.this) if name else "", "sql-attach", "opens the database file")
        self.path(Kind.FS_WRITE, str(name.this) if name else "", "sql-attach", "may write the database file")

    def _kill(self, _: exp.Expression) -> None:
        self.on_database(Kind.SQL_DELETE, "sql-kill", "ends a session of the database")

    def _load(self, tree: exp.Expression) -> None:
        self.path(Kind.FS_READ, str(tree.args.get("inpath") or ""), "sql-load-data", "reads the file")
        self.table(Kind.SQL_INSERT, tree.this, "sql-load-data", "inserts into")

    def _maintain(self, tree: exp.Expression) -> None:
        target = tree.this if isinstance(tree.this, exp.Table) else None
        self.table(Kind.SQL_UPDATE, target, "sql-maintain", "changes what is kept about")

    def _inside(self, tree: exp.Expression) -> None:
        """Rows that are read and changed, at any depth, and functions with effects."""
        names = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
        written = set()
        for node in tree.find_all(*_CHANGES):
            if isinstance(node.parent, exp.When):
                continue  # part of a MERGE, which is told as a whole
            written |= {id(table) for table in self._change(node)}
        for alias in tree.find_all(exp.Alias, exp.TableAlias):
            name = alias.args["alias"] if isinstance(alias, exp.Alias) else alias.this
            if isinstance(name, exp.Identifier) and not name.quoted and VERBS.fullmatch(name.name):
                self.opaque("sql-unknown", f"another statement seems to begin at {name.name}")
        for select in tree.find_all(exp.Select):
            into = select.args.get("into")
            if into is not None:
                self.table(Kind.SQL_INSERT, into.this, "sql-select-into", "makes")
                written.add(id(into.this))
            if select.args.get("locks"):
                self.on_database(Kind.SQL_UPDATE, "sql-lock", "locks rows")
        code = isinstance(tree, exp.Create) and str(tree.args.get("kind") or "").upper() in (*_CODE, "INDEX")
        if not code and not isinstance(
            tree, (exp.Drop, exp.TruncateTable, exp.Alter, exp.Grant, exp.Revoke, exp.Copy, exp.Execute, exp.Comment, exp.Analyze)
        ):
            for table in self._read_tables(tree, names, written):
                self.table(Kind.SQL_SELECT, table, "sql-select", "reads")
        if not isinstance(tree, (exp.Pragma, exp.Create)) or tree.args.get("expression") is not None:
            for function in tree.find_all(exp.Func):
                self._function(function)

    def _read_tables(self, tree: exp.Expression, names: set[str], written: set[int]) -> Iterator[exp.Table]:
        created = (
            tree.this.this
            if isinstance(tree, exp.Create) and isinstance(tree.this, exp.Schema)
            else tree.this
            if isinstance(tree, exp.Create)
            else None
        )
        for table in tree.find_all(exp.Table):
            if id(table) in written or table is created or (table.name.lower() in names and not table.db):
                continue
            if table.name.lower() in _FILES_AS_TABLES:
                self.opaque("sql-file-table", f"reads the files that {table.name} shows as a table")
            if not isinstance(table.this, exp.Func):
                yield table

    def _change(self, node: exp.Expression) -> list[exp.Expression]:
        """One INSERT, UPDATE, DELETE or MERGE; gives the nodes of the tables that it writes."""
        written = node.this.this if isinstance(node.this, exp.Schema) else node.this
        target = self._named(node, written)
        if isinstance(node, exp.Insert):
            if isinstance(target, exp.Directory):
                self.path(Kind.FS_WRITE, str(target.this), "sql-insert", "writes into the folder")
                return []
            self.table(Kind.SQL_INSERT, target, "sql-insert", "inserts into")
            if node.args.get("conflict") is not None:
                self.table(Kind.SQL_UPDATE, target, "sql-insert", "updates rows that are there already in")
            if node.args.get("overwrite") or str(node.args.get("alternative") or "").upper() == "REPLACE":
                self.table(Kind.SQL_DELETE, target, "sql-replace", "replaces rows of")
        elif isinstance(node, exp.Update):
            every = node.args.get("where") is None
            note = "updates every row (no WHERE) of" if every else "updates rows of"
            self.table(Kind.SQL_UPDATE, target, "sql-update", note, loop=Loop.UNBOUNDED if every else Loop.ONE)
        elif isinstance(node, exp.Delete):
            every = node.args.get("where") is None
            note = "deletes every row (no WHERE) of" if every else "deletes rows of"
            places_ = [self._named(node, table) for table in node.args.get("tables") or [target]]
            for table in places_:
                self.table(Kind.SQL_DELETE, table, "sql-delete", note, loop=Loop.UNBOUNDED if every else Loop.ONE)
            return [*places_, *(node.args.get("tables") or []), target, written]
        else:
            self._merge(node, target)
        return [target, written]

    def _named(self, node: exp.Expression, table: exp.Expression) -> exp.Expression:
        """The table behind an alias of the statement (`DELETE o FROM orders o`, `UPDATE o SET … FROM orders o`)."""
        if not isinstance(node, (exp.Update, exp.Delete)) or not isinstance(table, exp.Table) or table.db or table.alias:
            return table
        return next((other for other in node.find_all(exp.Table) if other.alias.lower() == table.name.lower()), table)

    def _merge(self, node: exp.Expression, target: exp.Expression) -> None:
        found = {type(when.args.get("then")) for when in node.find_all(exp.When)}
        text = node.sql().upper()
        if exp.Insert in found:
            self.table(Kind.SQL_INSERT, target, "sql-merge", "inserts into")
        if exp.Update in found or not found:
            self.table(Kind.SQL_UPDATE, target, "sql-merge", "updates rows of")
        if "DELETE" in text:
            self.table(Kind.SQL_DELETE, target, "sql-merge", "deletes rows of")

    def _drop(self, tree: exp.Expression) -> None:
        kind = str(tree.args.get("kind") or "").upper()
        tables = [table for table in tree.args.get("tables") or [tree.this] if isinstance(table, exp.Table)]
        for table in tables:
            if kind in ("DATABASE", "SCHEMA"):
                self.on_database(Kind.SQL_DROP, "sql-drop", f"drops the {kind.lower()} {table.sql()}", table.name or table.db)
            else:
                self.table(Kind.SQL_DROP, table, "sql-drop", f"drops the {kind.lower() or 'object'}")
        if not tables:
            self.on_database(Kind.SQL_DROP, "sql-drop", f"drops the {kind.lower() or 'object'}")

    def _alter(self, tree: exp.Expression) -> None:
        drops = any(isinstance(action, exp.Drop) or "DROP" in action.sql().upper()[:12] for action in tree.args.get("actions") or [])
        kind = str(tree.args.get("kind") or "").upper()
        if kind not in ("TABLE", "VIEW", "INDEX", "SEQUENCE", ""):
            self.on_database(Kind.SQL_UPDATE, "sql-alter", f"changes a {kind.lower()}")
            return
        self.table(
            Kind.SQL_DROP if drops else Kind.SQL_UPDATE, tree.this, "sql-alter", "drops part of" if drops else "changes the shape of"
        )

    def _create(self, tree: exp.Expression) -> None:
        kind = str(tree.args.get("kind") or "").upper()
        if kind in _CODE:
            self.opaque("sql-create-code", f"makes a {kind.lower()}: code that runs later in the database")
            self.on_database(Kind.SQL_UPDATE, "sql-create", f"makes a {kind.lower()}")
            return
        if kind in ("DATABASE", "SCHEMA"):
            self.on_database(Kind.SQL_INSERT, "sql-create", f"makes a {kind.lower()}")
            return
        target = tree.this.this if isinstance(tree.this, exp.Schema) else tree.this
        if isinstance(target, exp.Index):
            target = target.args.get("table")
            self.table(Kind.SQL_UPDATE, target, "sql-create", "makes an index on")
            return
        self.table(
            Kind.SQL_INSERT, target if isinstance(target, exp.Table) else None, "sql-create", f"makes the {kind.lower() or 'object'}"
        )
        if tree.args.get("replace"):
            self.table(
                Kind.SQL_DROP, target if isinstance(target, exp.Table) else None, "sql-create", f"replaces the {kind.lower() or 'object'}"
            )
        location = tree.find(exp.LocationProperty)
        if location is not None:
            self.path(Kind.FS_READ, str(location.this.this), "sql-create", "keeps its data at")

    def _copy(self, tree: exp.Expression) -> None:
        table = tree.this if isinstance(tree.this, (exp.Table, exp.Schema)) else None
        if isinstance(table, exp.Table) and re.match(r"\w+://|@", table.name):  # COPY INTO 's3://…' FROM table
            self.path(Kind.FS_WRITE, table.name, "sql-copy-file", "writes")
            for word in tree.args.get("files") or []:
                self.table(Kind.SQL_SELECT, exp.to_table(word.name) if word.name else None, "sql-copy", "reads")
            return
        reads_table = not tree.args.get("kind")
        if any(word.name.upper() == "PROGRAM" for word in tree.args.get("files") or []):
            command = next((param.name for param in tree.args.get("params") or []), "")
            self.emit(
                Kind.PROC_EXEC,
                targets.program(command.split(" ")[0]),
                "sql-copy-program",
                f"the database's host runs {command[:80]}",
                exact=bool(command),
            )
            self.effects += effects_of("shell", command, self.facts, at=self.span, depth=self.depth)
        else:
            for word in tree.args.get("files") or []:
                name = str(word.this) if isinstance(word, exp.Literal) else word.name
                if name.upper() not in ("STDIN", "STDOUT", ""):
                    self.path(Kind.FS_WRITE if reads_table else Kind.FS_READ, name, "sql-copy-file", "writes" if reads_table else "reads")
        if table is not None:
            self.table(Kind.SQL_SELECT if reads_table else Kind.SQL_INSERT, table, "sql-copy", "reads" if reads_table else "inserts into")
        elif tree.this is not None:
            for inner in tree.this.find_all(exp.Table):
                self.table(Kind.SQL_SELECT, inner, "sql-copy", "reads")

    def _pragma(self, tree: exp.Expression) -> None:
        text = tree.sql().upper()
        asked = re.fullmatch(r"PRAGMA\s+(?:\w+\.)?(\w+)\s*(.*)", text, re.DOTALL)
        if asked is None or not (asked[1] in _PRAGMAS if asked[2] or asked[1] in _ACTING else True):
            self.on_database(Kind.SQL_UPDATE, "sql-pragma", "changes a setting of the database")
        if re.search(r"WRITABLE_SCHEMA|TRUSTED_SCHEMA|TEMP_STORE_DIRECTORY|DATA_STORE_DIRECTORY", text):
            self.opaque("sql-pragma", "changes how the database treats its own schema or files")

    def _set(self, tree: exp.Expression) -> None:
        if BEYOND.search(tree.sql().upper()):
            self.on_database(Kind.SQL_UPDATE, "sql-set", "changes a setting beyond this session, or who acts")

    def _describe(self, tree: exp.Expression) -> None:
        """EXPLAIN and DESCRIBE: a plan only, unless it is analysed, which runs it."""
        if isinstance(tree.this, _CHANGES) and "ANALYZE" not in tree.sql().upper():
            tree.set("this", None)
            self.on_database(Kind.SQL_SELECT, "sql-explain", "shows a plan")

    def _execute(self, tree: exp.Expression) -> None:
        name = tree.this.name.lower() if tree.this is not None else ""
        if name == "xp_cmdshell":
            text = next((str(literal.this) for literal in tree.find_all(exp.Literal)), "")
            self.emit(Kind.PROC_EXEC, targets.program(text.split(" ")[0]), "sql-xp-cmdshell", f"the database's host runs {text[:80]}")
        else:
            self.opaque("sql-call", f"calls the procedure {name or '…'}, whose code is not shown")

    def _function(self, function: exp.Func) -> None:
        name = (
            function.name if isinstance(function, exp.Anonymous) else function.sql_name() if isinstance(function, exp.Func) else ""
        ).lower()
        if name in EFFECTS:
            kind, note = EFFECTS[name]
            if kind.startswith("fs."):
                for word in _named_files(function, 1 if name == "lo_export" else 0):
                    near = name.startswith(("pg_", "lo_", "load_")) and not word.startswith("/")  # in a folder of the server's own
                    self.path(kind, "" if near else word, f"sql-{name.replace('_', '-')}", note + ":")
            elif kind is Kind.NET_CONNECT:
                self.emit(kind, targets.ANY_HOST, "sql-connects", f"{name}: {note}", exact=False)
            elif kind is Kind.PROC_EXEC:
                self.emit(kind, targets.program(""), "sql-exec", f"{name}: {note}", exact=False)
            else:
                self.on_database(kind, "sql-function", f"{name}: {note}")
        elif name in OPAQUE:
            self.opaque("sql-dynamic", f"{name} runs SQL or code that is given as text")
        elif (
            isinstance(function, exp.Anonymous)
            and name not in HARMLESS
            and not re.match(r"(?:pg_(?:get|stat_get|size)|json|jsonb|array|st(?!_read)|regexp)_", name)
        ):
            before, self.certain = self.certain, False
            self.opaque("sql-function", f"calls the function {name}, whose code is not shown")
            self.certain = before

    _KINDS: ClassVar[
        tuple[tuple[type[exp.Expression] | tuple[type[exp.Expression], ...], Callable[[Statement, exp.Expression], None]], ...]
    ] = (
        (exp.Drop, _drop),
        (exp.TruncateTable, _truncate),
        (exp.Alter, _alter),
        (exp.Create, _create),
        ((exp.Grant, exp.Revoke), _grant),
        (exp.Copy, _copy),
        (exp.Attach, _attach),
        (exp.Pragma, _pragma),
        (exp.Set, _set),
        (exp.Kill, _kill),
        (exp.LoadData, _load),
        (exp.Describe, _describe),
        (exp.Execute, _execute),
        ((exp.Comment, exp.Analyze, exp.Cache, exp.Uncache, exp.Refresh), _maintain),
    )
    """Kind of statement -> what looks at it."""


def _named_files(function: exp.Func, place: int) -> list[str]:
    """The files that a function's argument names, one text or a list of them; "" for anything else."""
    arguments = [value for value in (function.this, *function.expressions) if isinstance(value, exp.Expression)]
    named = arguments[place] if place < len(arguments) else None
    items = named.expressions if isinstance(named, exp.Array) else [named]
    return [str(item.this) if isinstance(item, exp.Literal) and item.is_string else "" for item in items]
