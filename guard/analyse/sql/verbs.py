"""Words that begin statements: where one stands inside another statement, two may be meant."""

from __future__ import annotations

import re

VERBS = re.compile(
    r"\b(?:INSERT|UPDATE|DELETE|MERGE|DROP|TRUNCATE|ALTER|CREATE|EXEC|EXECUTE|GRANT|REVOKE|DENY|CALL|COPY|KILL|SHUTDOWN|RECONFIGURE"
    r"|BACKUP|RESTORE|BULK|DBCC|LOAD|IMPORT|EXPORT|ATTACH|INSTALL|VACUUM|REPLACE\s+INTO|SELECT\b.{0,80}?\bINTO)\b",
    re.IGNORECASE | re.DOTALL,
)
"""Words that begin a statement that changes something."""
