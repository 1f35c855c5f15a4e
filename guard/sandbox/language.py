"""How the box runs each language: the command, and what it needs from outside."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from guard.errors import SandboxError
from guard.model import Limits
from guard.path_rules import SCRIPT
from guard.sandbox.layout import PROGRAM

RUNNER = Path(__file__).with_name("runner.py").read_text()
ALIASES = {"py": "python", "python3": "python", "js": "javascript", "ts": "typescript", "tsx": "typescript", "bash": "shell", "sh": "shell"}
DENO = "/run/guard/deno"
ENVIRONMENT = "/run/guard/env"
"""Where the box's own Python environment lies in it, if it has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One command line in the box."""

    command: tuple[str, ...]
    files: tuple[tuple[str, str], ...] = ()
    """Files bound into the box: (outside, inside)."""
    address_space: bool = True
    waiting: tuple[str, ...] = ()
    """The command that starts up and then waits for its program; () if this language has none."""


def language(name: str, mount: str, limits: Limits, *, environment: bool = False, image: bool = False) -> Language:
    """How to run a language. `SandboxError` if this machine cannot, with what to install.

    With `environment`, Python is the one of `ENVIRONMENT`; else, and bash always, in an `image` its own, wherever its PATH has them.
    """
    match canonical(name):
        case "python":
            own = "python3" if image else interpreter()
            python = f"{ENVIRONMENT}/bin/python" if environment else own
            command = (python, "-I", "-B", "-c", RUNNER, PROGRAM, mount, f"{mount}/{SCRIPT}")
            return Language(command=command, waiting=(*command, "wait"))
        case "shell":
            if image or _has("bash"):
                return Language(command=("bash" if image else "/usr/bin/bash", "--noprofile", "--norc", PROGRAM))
            return Language(command=("/bin/sh", PROGRAM))
        case "javascript" | "typescript" as kind:
            return _deno("ts" if kind == "typescript" else "js", limits)
        case other:
            raise SandboxError(f"the box cannot run {other!r}", hint="It runs python, shell, javascript and typescript.")


def canonical(name: str) -> str:
    """The one name of a language that has several."""
    return ALIASES.get(name.lower(), name.lower())


def interpreter() -> str:
    """The Python that the box runs: the system's own, since the box sees /usr and nothing of guard's environment."""
    for path in ("/usr/bin/python3", "/usr/local/bin/python3"):
        if Path(path).exists():
            return path
    raise SandboxError("the box has no Python: neither /usr/bin/python3 nor /usr/local/bin/python3 exists", hint="Install python3.")


def _has(name: str) -> bool:
    return Path("/usr/bin", name).exists()


def _deno(extension: str, limits: Limits) -> Language:
    """Deno reads the program from its standard input: to itself it then lies in the working folder (`import.meta.url`)."""
    binary = deno_binary()
    if binary is None:
        raise SandboxError("JavaScript and TypeScript need deno, which is not installed", hint="Install it: pip install deno")
    heap = max(16, limits.memory_bytes // 2 >> 20)
    return Language(
        command=(
            "/bin/sh", "-c", f'exec "$@" - <{PROGRAM}', "sh",
            DENO, "run", "--quiet", "--allow-all", "--no-prompt", "--no-remote", "--no-npm", "--no-config", "--no-lock",
            f"--v8-flags=--max-old-space-size={heap}", f"--ext={extension}",
        ),
        files=((str(binary), DENO),),
        address_space=False,
    )  # fmt: skip


def deno_binary() -> Path | None:
    """The deno of the PyPI package, else one on the PATH."""
    try:
        from deno import find_deno_bin  # type: ignore[import-not-found,import-untyped,unused-ignore]

        return Path(find_deno_bin())
    except (ImportError, FileNotFoundError):
        found = shutil.which("deno")
        return Path(found) if found else None
