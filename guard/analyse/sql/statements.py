"""One parsed SQL statement -> effects on tables, databases, files and hosts. Tree in, effects out; the text is parsed elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlglot import exp

from guard import places
from guard.analyse import targets
from guard.analyse.embedded import effects_of
from guard.analyse.sql.functions import EFFECTS, HARMLESS, OPAQUE
from guard.model import RUN, Effect, Facts, Kind, Loop, Resource, Span

HOLE = "__hole__"
"""What stands in the text for a part that is not known."""

_CHANGES = (exp.Insert, exp.Update, exp.Delete, exp.Merge)
_CODE = ("FUNCTION", "PROCEDURE", "TRIGGER", "EVENT", "RULE", "MACRO")
_NEUTRAL = (exp.Transaction, exp.Commit, exp.Rollback, exp.Use, exp.Detach, exp.Semicolon)


@dataclass(slots=True)
class Statement:
    """One statement being looked at, and what was found in it."""

    tree: exp.Expression
    facts: Facts
    depth: int
    database: str
    span: Span | None
    effects: list[Effect] = field(default_factory=list)
    certain: bool = True

    # ------------------------------------------------------------------------------------------------------------- reporting

    def emit(self, kind: Kind, resource: Resource, rule: str, note: str, *, exact: bool = True, loop: Loop = Loop.ONE) -> None:
        effect = Effect(
            kind=kind, resource=resource, exact=exact and HOLE not in resource.name, certain=self.certain, loop=loop, span=self.span, rule=rule,
            note=note.replace(HOLE, "…")[:300],
        )  # fmt: skip
        if HOLE in resource.name:
            name = f"{self.database}/" if resource.name.partition("/")[1] else ""
            effect = Effect(kind=kind, resource=Resource(type=resource.type, name=name), exact=False, certain=self.certain, loop=loop, span=self.span,
                            rule=rule, note=effect.note)  # fmt: skip
        if effect not in self.effects:
            self.effects.append(effect)

    def opaque(self, rule: str, note: str) -> None:
        self.emit(Kind.OPAQUE, RUN, rule, note, exact=False)

    def on_database(self, kind: Kind, rule: str, note: str, name: str | None = None) -> None:
        name = self.database if name is None else name
        self.emit(kind, targets.database(name), rule, note, exact=bool(name))

    def table(self, kind: Kind, table: exp.Expression | None, rule: str, verb: str, *, loop: Loop = Loop.ONE) -> None:
        """An effect on one table; what is no plain name (a function, a variable) is on the database."""
        if isinstance(table, exp.Schema):
            table = table.this
        if not isinstance(table, exp.Table) or not table.name:
            self.on_database(kind, rule, f"{verb} what is not a plain table")
            return
        database = table.catalog or self.database
        name = f"{table.db}.{table.name}" if table.db else table.name
        self.emit(kind, targets.table(database, name), rule, f"{verb} {name}", loop=loop)

    def path(self, kind: Kind, word: str, rule: str, verb: str) -> None:
        """A file or URL that SQL names."""
        text = word.strip("'\"")
        if re.match(r"\w[\w+.-]*://", text):
            target, exact = targets.url_target(text, complete=HOLE not in text)
            upload = kind is Kind.FS_WRITE
            self.emit(Kind.HTTP_PUT if upload else Kind.HTTP_GET, target, rule, f"{verb} {text[:80]}", exact=exact)
            return
        resource = places.file(text, self.facts) if text and HOLE not in text else places.ANYWHERE
        exact = resource != places.ANYWHERE
        if kind is Kind.FS_READ and exact and places.is_secret(resource.name, self.facts):
            kind = Kind.SECRET_READ
        if kind is Kind.FS_WRITE and exact and places.is_surface(resource.name, self.facts):
            kind = Kind.FS_SURFACE
        self.emit(kind, resource, rule, f"{verb} {text[:80] or 'a file'}", exact=exact)

    # ------------------------------------------------------------------------------------------------------------ statements

    def look(self) -> list[Effect]:
        """All effects of the statement."""
        tree = self.tree
        if isinstance(tree, _NEUTRAL):
            return self.effects
        if isinstance(tree, exp.Command):
            self.command(str(tree.this).upper(), str(tree.expression or "").strip())
            return self.effects
        self._whole(tree)
        self._inside(tree)
        if not self.effects and not isinstance(tree, exp.Set):
            self.on_database(Kind.SQL_SELECT, "sql-select", "asks the database")
        return self.effects

    def _whole(self, tree: exp.Expression) -> None:  # noqa: PLR0912 - one branch per kind of statement
        match tree:
            case exp.Drop():
                self._drop(tree)
            case exp.TruncateTable():
                for table in tree.expressions:
                    self.table(Kind.SQL_DELETE, table, "sql-truncate", "deletes all rows of", loop=Loop.UNBOUNDED)
            case exp.Alter():
                self._alter(tree)
            case exp.Create():
                self._create(tree)
            case exp.Grant() | exp.Revoke():
                self.on_database(Kind.SQL_UPDATE, "sql-grant", "changes who may do what in the database")
            case exp.Copy():
                self._copy(tree)
            case exp.Attach():
                name = tree.find(exp.Literal)
                self.path(Kind.FS_READ, str(name.this) if name else "", "sql-attach", "opens the database file")
                self.path(Kind.FS_WRITE, str(name.this) if name else "", "sql-attach", "may write the database file")
            case exp.Pragma():
                self._pragma(tree)
            case exp.Set():
                self._set(tree)
            case exp.Kill():
                self.on_database(Kind.SQL_DELETE, "sql-kill", "ends a session of the database")
            case exp.LoadData():
                self.path(Kind.FS_READ, str(tree.args.get("inpath") or ""), "sql-load-data", "reads the file")
                self.table(Kind.SQL_INSERT, tree.this, "sql-load-data", "inserts into")
            case exp.Describe():
                self._describe(tree)
            case exp.Execute():
                self._execute(tree)
            case exp.Comment() | exp.Analyze() | exp.Cache() | exp.Uncache() | exp.Refresh():
                self.table(
                    Kind.SQL_UPDATE, tree.this if isinstance(tree.this, exp.Table) else None, "sql-maintain", "changes what is kept about"
                )
            case (
                exp.Select() | exp.SetOperation() | exp.Subquery() | exp.Values() | exp.Table() | exp.Show() | exp.Summarize() | exp.Paren()
            ):
                pass
            case _ if isinstance(tree, _CHANGES):
                pass
            case _:
                self.opaque("sql-unknown", f"guard does not know this SQL statement: {tree.key}")

    def _inside(self, tree: exp.Expression) -> None:
        """Rows that are read and changed, at any depth, and functions with effects."""
        names = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
        written = set()
        for node in tree.find_all(*_CHANGES):
            written |= {id(table) for table in self._change(node)}
        for select in tree.find_all(exp.Select):
            into = select.args.get("into")
            if into is not None:
                self.table(Kind.SQL_INSERT, into.this, "sql-select-into", "makes")
                written.add(id(into.this))
            if select.args.get("locks"):
                self.on_database(Kind.SQL_UPDATE, "sql-lock", "locks rows")
        code = isinstance(tree, exp.Create) and str(tree.args.get("kind") or "").upper() in _CODE
        if not code and not isinstance(
            tree, (exp.Drop, exp.TruncateTable, exp.Alter, exp.Grant, exp.Revoke, exp.Copy, exp.Execute, exp.Comment, exp.Analyze)
        ):
            for table in self._read_tables(tree, names, written):
                self.table(Kind.SQL_SELECT, table, "sql-select", "reads")
        for function in (
            tree.find_all(exp.Func) if not isinstance(tree, (exp.Pragma, exp.Create)) or tree.args.get("expression") is not None else ()
        ):
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
            if not isinstance(table.this, exp.Func):
                yield table

    def _change(self, node: exp.Expression) -> list[exp.Expression]:
        """One INSERT, UPDATE, DELETE or MERGE; gives the nodes of the tables that it writes."""
        target = node.this.this if isinstance(node.this, exp.Schema) else node.this
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
            every = node.args.get("where") is None and node.args.get("using") is None
            note = "deletes every row (no WHERE) of" if every else "deletes rows of"
            places_ = node.args.get("tables") or [target]
            for table in places_:
                self.table(Kind.SQL_DELETE, table, "sql-delete", note, loop=Loop.UNBOUNDED if every else Loop.ONE)
            return [*places_, target]
        else:
            self._merge(node, target)
        return [target]

    def _merge(self, node: exp.Expression, target: exp.Expression) -> None:
        found = {type(when.args.get("then")) for when in node.find_all(exp.When)}
        text = node.sql().upper()
        if exp.Insert in found:
            self.table(Kind.SQL_INSERT, target, "sql-merge", "inserts into")
        if exp.Update in found or not found:
            self.table(Kind.SQL_UPDATE, target, "sql-merge", "updates rows of")
        if "DELETE" in text:
            self.table(Kind.SQL_DELETE, target, "sql-merge", "deletes rows of")

    def _drop(self, tree: exp.Drop) -> None:
        kind = str(tree.args.get("kind") or "").upper()
        tables = [table for table in tree.args.get("tables") or [tree.this] if isinstance(table, exp.Table)]
        for table in tables:
            if kind in ("DATABASE", "SCHEMA"):
                self.on_database(Kind.SQL_DROP, "sql-drop", f"drops the {kind.lower()} {table.sql()}", table.name or table.db)
            else:
                self.table(Kind.SQL_DROP, table, "sql-drop", f"drops the {kind.lower() or 'object'}")
        if not tables:
            self.on_database(Kind.SQL_DROP, "sql-drop", f"drops the {kind.lower() or 'object'}")

    def _alter(self, tree: exp.Alter) -> None:
        drops = any(isinstance(action, exp.Drop) or "DROP" in action.sql().upper()[:12] for action in tree.args.get("actions") or [])
        kind = str(tree.args.get("kind") or "").upper()
        if kind not in ("TABLE", "VIEW", "INDEX", "SEQUENCE", ""):
            self.on_database(Kind.SQL_UPDATE, "sql-alter", f"changes a {kind.lower()}")
            return
        self.table(
            Kind.SQL_DROP if drops else Kind.SQL_UPDATE, tree.this, "sql-alter", "drops part of" if drops else "changes the shape of"
        )

    def _create(self, tree: exp.Create) -> None:
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

    def _copy(self, tree: exp.Copy) -> None:
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
        table = tree.this if isinstance(tree.this, (exp.Table, exp.Schema)) else None
        if table is not None:
            self.table(Kind.SQL_SELECT if reads_table else Kind.SQL_INSERT, table, "sql-copy", "reads" if reads_table else "inserts into")
        elif tree.this is not None:
            for inner in tree.this.find_all(exp.Table):
                self.table(Kind.SQL_SELECT, inner, "sql-copy", "reads")

    def _pragma(self, tree: exp.Pragma) -> None:
        text = tree.sql().upper()
        if "=" in text or re.search(r"\b(?:WAL_CHECKPOINT|OPTIMIZE|INCREMENTAL_VACUUM|SHRINK_MEMORY)\b", text):
            self.on_database(Kind.SQL_UPDATE, "sql-pragma", "changes a setting of the database")
        if re.search(r"WRITABLE_SCHEMA|TRUSTED_SCHEMA|TEMP_STORE_DIRECTORY|DATA_STORE_DIRECTORY", text):
            self.opaque("sql-pragma", "changes how the database treats its own schema or files")

    def _set(self, tree: exp.Set) -> None:
        text = tree.sql().upper()
        if re.search(r"\bGLOBAL\b|\bPERSIST|\bROLE\b|\bAUTHORIZATION\b|\bPASSWORD\b|@@|\bSQL_LOG_BIN\b|\bFOREIGN_KEY_CHECKS\b", text):
            self.on_database(Kind.SQL_UPDATE, "sql-set", "changes a setting beyond this session, or who acts")

    def _describe(self, tree: exp.Describe) -> None:
        """EXPLAIN and DESCRIBE: a plan only, unless it is analysed, which runs it."""
        if isinstance(tree.this, _CHANGES) and "ANALYZE" not in tree.sql().upper():
            tree.set("this", None)
            self.on_database(Kind.SQL_SELECT, "sql-explain", "shows a plan")

    def _execute(self, tree: exp.Execute) -> None:
        name = tree.this.name.lower() if tree.this is not None else ""
        if name == "xp_cmdshell":
            text = next((str(literal.this) for literal in tree.find_all(exp.Literal)), "")
            self.emit(Kind.PROC_EXEC, targets.program(text.split(" ")[0]), "sql-xp-cmdshell", f"the database's host runs {text[:80]}")
        else:
            self.opaque("sql-call", f"calls the procedure {name or '…'}, whose code is not shown")

    def _function(self, function: exp.Expression) -> None:
        name = (
            function.name if isinstance(function, exp.Anonymous) else function.sql_name() if isinstance(function, exp.Func) else ""
        ).lower()
        if name in EFFECTS:
            kind, note = EFFECTS[name]
            if kind.startswith("fs."):
                word = function.find(exp.Literal)
                self.path(kind, str(word.this) if word is not None and word.is_string else "", f"sql-{name.replace('_', '-')}", note + ":")
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
            and not re.match(r"(?:pg_(?:get|stat_get|size|is)|json|jsonb|array|st|regexp|date|time|to|is|has)_", name)
        ):
            before, self.certain = self.certain, False
            self.opaque("sql-function", f"calls the function {name}, whose code is not shown")
            self.certain = before

    # --------------------------------------------------------------------------------- statements that the parser only names

    def command(self, keyword: str, text: str) -> None:
        """A statement of which the parser knows only the first word."""
        first = keyword.split(" ", maxsplit=1)[0]
        if first in ("SHOW", "LIST", "DESC", "HELP", "CHECKPOINT", "SAVEPOINT", "RELEASE", "DECLARE", "FETCH", "CLOSE", "BEGIN", "START", "END", "ABORT", "ROLLBACK",
                     "DEALLOCATE", "DISCARD", "LISTEN", "UNLISTEN", "UNLOCK", "PRINT", "GO", "SET", "MOVE", "PREPARE_TRANSACTION"):  # fmt: skip
            if first in ("SHOW", "LIST", "DESC", "HELP"):
                self.on_database(Kind.SQL_SELECT, "sql-show", "looks at the database")
            return
        if first in (
            "VACUUM",
            "REINDEX",
            "CLUSTER",
            "OPTIMIZE",
            "REPAIR",
            "CHECK",
            "LOCK",
            "NOTIFY",
            "COMMENT",
            "REFRESH",
            "FLUSH",
            "HANDLER",
            "SECURITY",
            "REASSIGN",
            "RENAME",
        ):
            match = re.search(r"\bINTO\s+'([^']+)'", text, re.IGNORECASE) if first == "VACUUM" else None
            if match:
                self.path(Kind.FS_WRITE, match[1], "sql-vacuum", "writes a copy of the database to")
            self.on_database(Kind.SQL_UPDATE, "sql-maintain", f"{first} changes how the database keeps its data")
            return
        if first in ("SHUTDOWN", "RESTART", "KILL", "PURGE", "RESET", "DROP", "TRUNCATE"):
            self.on_database(Kind.SQL_DROP if first == "DROP" else Kind.SQL_DELETE, f"sql-{first.lower()}", f"{first} {text[:80]}")
            return
        if first in ("CREATE", "ALTER", "GRANT", "REVOKE") and re.match(r"(?:OR\s+REPLACE\s+)?(?:USER|ROLE|GROUP|LOGIN|POLICY|PROFILE|ALL|USAGE|SELECT|DEFAULT\s+PRIVILEGES|MATERIALIZED"
                                                                       r"|SEQUENCE|TYPE|DOMAIN|VIEW|INDEX|UNIQUE|TABLE|TEMP|SCHEMA|PUBLICATION)\b", text, re.IGNORECASE):  # fmt: skip
            self.on_database(Kind.SQL_UPDATE, f"sql-{first.lower()}", f"{first} {text[:80]}")
            if re.search(r"\bDROP\b", text, re.IGNORECASE):
                self.on_database(Kind.SQL_DROP, "sql-drop", f"{first} {text[:80]}")
            return
        if first in ("CREATE", "ALTER") and re.match(
            r"(?:OR\s+REPLACE\s+)?(?:DEFINER\s*=\s*\S+\s+)?(?:FUNCTION|PROCEDURE|TRIGGER|EVENT|RULE)\b", text, re.IGNORECASE
        ):
            self.opaque("sql-create-code", "makes code that runs later in the database")
            self.on_database(Kind.SQL_UPDATE, "sql-create", f"{first} {text[:80]}")
            return
        self.opaque(
            "sql-call" if first in ("CALL", "DO", "EXEC", "EXECUTE", "PREPARE") else "sql-unknown",
            f"guard does not see what this SQL runs: {first} {text[:60]}",
        )
