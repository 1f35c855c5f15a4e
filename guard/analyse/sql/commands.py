"""Statements of which the parser knows only the first word: what that word and the text behind it say."""

from __future__ import annotations

import re

from guard.analyse.sql.report import Report
from guard.analyse.sql.verbs import VERBS
from guard.model import Kind

BEYOND = re.compile(r"\bGLOBAL\b|\bPERSIST|\bROLE\b|\bAUTHORIZATION\b|\bPASSWORD\b|@@|\bSQL_LOG_BIN\b|\bFOREIGN_KEY_CHECKS\b")
"""What a SET says that changes more than the session."""


def command(found: Report, keyword: str, text: str) -> None:
    """A statement of which the parser knows only the first word."""
    first = keyword.split(" ", maxsplit=1)[0]
    if first in (
        "SHOW",
        "LIST",
        "DESC",
        "HELP",
        "CHECKPOINT",
        "SAVEPOINT",
        "RELEASE",
        "DECLARE",
        "FETCH",
        "CLOSE",
        "BEGIN",
        "START",
        "END",
        "ABORT",
        "ROLLBACK",
        "DEALLOCATE",
        "DISCARD",
        "LISTEN",
        "UNLISTEN",
        "UNLOCK",
        "PRINT",
        "GO",
        "SET",
        "MOVE",
        "PREPARE_TRANSACTION",
    ):
        bare = re.sub(r"'(?:[^']|'')*'|\"[^\"]*\"|`[^`]*`", " ", text)
        if first in ("SHOW", "LIST", "DESC", "HELP", "FETCH", "MOVE"):
            found.on_database(Kind.SQL_SELECT, "sql-show", "looks at the database")
            bare = re.sub(r"^\s*(?:CREATE|GRANTS?|TRIGGERS|ALTER)\b", "", bare, flags=re.IGNORECASE)
        if VERBS.search(bare):  # T-SQL needs no semicolon between statements
            found.opaque("sql-unknown", f"another statement stands behind {first}: {text[:60]}")
        elif first == "SET" and BEYOND.search(text.upper()):
            found.on_database(Kind.SQL_UPDATE, "sql-set", "changes a setting beyond this session, or who acts")
        elif first == "DECLARE" and re.search(r"\bHANDLER\b", text, re.IGNORECASE):
            found.opaque("sql-unknown", f"guard does not see what this SQL runs: {first} {text[:60]}")
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
            found.path(Kind.FS_WRITE, match[1], "sql-vacuum", "writes a copy of the database to")
        found.on_database(Kind.SQL_UPDATE, "sql-maintain", f"{first} changes how the database keeps its data")
        return
    if first in ("SHUTDOWN", "RESTART", "KILL", "PURGE", "RESET", "DROP", "TRUNCATE"):
        found.on_database(Kind.SQL_DROP if first == "DROP" else Kind.SQL_DELETE, f"sql-{first.lower()}", f"{first} {text[:80]}")
        return
    if first in ("CREATE", "ALTER", "GRANT", "REVOKE") and re.match(
        r"(?:OR\s+REPLACE\s+)?(?:USER|ROLE|GROUP|LOGIN|POLICY|PROFILE|ALL|USAGE|SELECT|DEFAULT\s+PRIVILEGES|MATERIALIZED"
        r"|SEQUENCE|TYPE|DOMAIN|VIEW|INDEX|UNIQUE|TABLE|TEMP|SCHEMA|PUBLICATION)\b",
        text,
        re.IGNORECASE,
    ):
        found.on_database(Kind.SQL_UPDATE, f"sql-{first.lower()}", f"{first} {text[:80]}")
        if re.search(r"\b(?:DROP|TRUNCATE|DETACH|DISCARD)\b", text, re.IGNORECASE):
            found.on_database(Kind.SQL_DROP, "sql-drop", f"{first} {text[:80]}")
        return
    if first in ("CREATE", "ALTER") and re.match(
        r"(?:OR\s+REPLACE\s+)?(?:DEFINER\s*=\s*\S+\s+)?(?:FUNCTION|PROCEDURE|TRIGGER|EVENT|RULE)\b", text, re.IGNORECASE
    ):
        found.opaque("sql-create-code", "makes code that runs later in the database")
        found.on_database(Kind.SQL_UPDATE, "sql-create", f"{first} {text[:80]}")
        return
    found.opaque(
        "sql-call" if first in ("CALL", "DO", "EXEC", "EXECUTE", "PREPARE") else "sql-unknown",
        f"guard does not see what this SQL runs: {first} {text[:60]}",
    )
