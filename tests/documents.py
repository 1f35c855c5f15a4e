"""What is generated in README.md: the table of commands and the table of configuration keys.

python -m tests.documents README.md      writes them anew (`make docs`); tests/test_layout.py compares.
"""

from __future__ import annotations

import ast
import inspect
import sys
from pathlib import Path

from guard import config
from guard.cli import COMMANDS, GROUPS


def commands() -> str:
    """Every command with its help's first line and its example."""
    rows = list(COMMANDS)
    rows += [(f"{group} {name}", function, example) for group, _, within in GROUPS for name, function, example in within]
    lines = ["| command | what it does | example |", "|---|---|---|"]
    for name, function, example in rows:
        first = " ".join(inspect.cleandoc(function.__doc__ or "").split("\n\n")[0].split())
        lines.append(f"| `{name}` | {first} | `{example}` |")
    return "\n".join(lines)


def keys() -> str:
    """Every key of guard.toml with its default and meaning, from the classes that read it."""
    lines = ["| key | default | meaning |", "|---|---|---|"]
    for table, prefix in (
        (config.Config, ""),
        (config.SandboxTable, "sandbox."),
        (config.LimitsTable, "limits."),
        (config.BackupsTable, "backups."),
        (config.HttpTable, "http."),
        (config.EgressTable, "egress."),
        (config.AgentTable, "agents.NAME."),
        (config.NotifyTable, "notify[]."),
    ):
        documented = _documented(table)
        for name, field in table.model_fields.items():
            if name == "path" or (not prefix and name in ("sandbox", "limits", "backups", "http", "egress", "agents", "notify")):
                continue
            lines.append(
                f"| `{prefix}{name}` | {_default(name, field.get_default(call_default_factory=True), field.is_required())} | {documented[name]} |"
            )
    return "\n".join(lines)


def _default(name: str, value: object, required: bool) -> str:
    if required:
        return "(required)"
    if name in ("policies", "state"):
        return {"policies": "`policies` beside guard.toml", "state": "your state folder"}[name]
    if name == "secret_files" and isinstance(value, tuple):
        return f"{len(value)} patterns, see `guard init`'s guard.toml"
    if isinstance(value, tuple) and value:
        return ", ".join(f"`{one}`" for one in value)
    return f"`{list(value)}`" if isinstance(value, tuple) else f"`{value}`" if value != "" else "(empty)"


def _documented(table: type) -> dict[str, str]:
    """The docstrings under a class's attributes."""
    (body,) = (node for node in ast.parse(inspect.getsource(table)).body if isinstance(node, ast.ClassDef))
    found = {}
    for attribute, following in zip(body.body, body.body[1:], strict=False):
        if isinstance(attribute, ast.AnnAssign) and isinstance(attribute.target, ast.Name) and isinstance(following, ast.Expr):
            found[attribute.target.id] = " ".join(str(ast.literal_eval(following.value)).split())
    return found


SECTIONS = {"commands": commands, "keys": keys}


def renewed(text: str) -> str:
    """A document with its generated sections as they must be."""
    for name, make in SECTIONS.items():
        before, mark, rest = text.partition(f"<!-- generated: {name} -->\n")
        if mark:
            text = f"{before}{mark}{make()}\n<!-- end -->{rest.partition('<!-- end -->')[2]}"
    return text


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        path = Path(argument)
        path.write_text(renewed(path.read_text("utf-8")), "utf-8")
