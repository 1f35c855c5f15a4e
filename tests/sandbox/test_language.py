from __future__ import annotations

from pathlib import Path

import pytest

from guard.errors import SandboxError
from guard.sandbox.language import ALIASES, deno_binary, interpreter, language
from tests.sandbox.boxes import QUICK


@pytest.mark.parametrize("alias", ["python", "PY", "python3", "bash", "sh", "shell"])
def test_a_language_is_known_by_its_other_names(alias: str) -> None:
    assert language(alias, "/workspace", QUICK) == language(ALIASES.get(alias.lower(), alias.lower()), "/workspace", QUICK)


def test_python_is_isolated_and_leaves_no_caches() -> None:
    command = language("python", "/workspace", QUICK).command
    assert command[1:3] == ("-I", "-B")
    assert Path(interpreter()).is_absolute()


def test_deno_fetches_nothing_and_asks_nobody() -> None:
    if deno_binary() is None:
        pytest.skip("deno is not installed")
    command = language("ts", "/workspace", QUICK).command
    assert {"--no-prompt", "--no-remote", "--no-npm", "--no-config", "--ext=ts"} <= set(command)
    assert "--ext=js" in language("js", "/workspace", QUICK).command


@pytest.mark.parametrize("name", ["", "cobol", "python;sh"])
def test_what_it_does_not_run_is_an_error_with_what_it_runs(name: str) -> None:
    with pytest.raises(SandboxError) as refused:
        language(name, "/workspace", QUICK)
    assert "typescript" in refused.value.hint
