"""The runner as text, outside of the box: what it does to a program. That it is no control is the point."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from guard.sandbox.language import RUNNER


def run(tmp_path: Path, code: str) -> subprocess.CompletedProcess[str]:
    (tmp_path / "program").write_text(code)
    (tmp_path / "modules").mkdir(exist_ok=True)
    return subprocess.run(
        [
            *("/usr/bin/python3", "-I", "-B", "-c", RUNNER),
            *(str(tmp_path / "program"), str(tmp_path / "modules"), str(tmp_path / "modules" / "script.py")),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )


@pytest.mark.parametrize(
    ("code", "printed"),
    [
        ("print(1)", "1\n"),
        ("return 1 + 1", "2\n"),
        ("return None", ""),
        ("x = 1\ndef f():\n    return x + 1\nreturn f()", "2\n"),
        ("if True:\n    return 'early'\nprint('late')", "early\n"),
        ("import asyncio\nx = await asyncio.sleep(0, 'slept')\nprint(x)", "slept\n"),
        ("async def f():\n    return 3\nreturn await f()", "3\n"),
        ("print(__name__, __file__ == __import__('sys').argv[0])", "__main__ True\n"),
        ("if __name__ == '__main__':\n    print('main')", "main\n"),
        ("from __future__ import annotations\nx: Undefined = 1\nprint(x)", "1\n"),
        ("import sys; print('main' in sys.modules, len(sys.argv))", "False 1\n"),
        ("import inspect\ndef f():\n    return 1\nprint(inspect.getsource(f))", "def f():\n    return 1\n\n"),
        ("import pickle\nclass A: pass\nprint(type(pickle.loads(pickle.dumps(A()))) is A)", "True\n"),
    ],
)
def test_a_program_does_what_it_says(tmp_path: Path, code: str, printed: str) -> None:
    ran = run(tmp_path, code)
    assert ran.stdout == printed, ran.stderr


@pytest.mark.parametrize("code", ["import sys; sys.exit(5)", "raise SystemExit(5)", "return __import__('sys').exit(5)"])
def test_exit_codes_pass(tmp_path: Path, code: str) -> None:
    assert run(tmp_path, code).returncode == 5


@pytest.mark.parametrize(
    "code", ["def f(:", "x = 'open", "break", "yield 1", "yield 1\nreturn", "import nowhere", "1/0", "def f():\n  x = 1\n  global x"]
)
def test_errors_are_the_programs_own(tmp_path: Path, code: str) -> None:
    ran = run(tmp_path, code)
    assert ran.returncode == 1
    assert str(tmp_path / "modules" / "script.py") in ran.stderr or ran.stderr.startswith("SyntaxError")
    assert "<string>" not in ran.stderr


def test_modules_of_the_folder_come_last(tmp_path: Path) -> None:
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "json.py").write_text("raise SystemExit('shadowed')")
    (tmp_path / "modules" / "mine.py").write_text("x = 'mine'")
    assert run(tmp_path, "import json, mine; print(mine.x)").stdout == "mine\n"


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("def f():\n    return 1 / 0\n\nf()", ["    f()", "    return 1 / 0"]),
        ("x = 1\nreturn x / 0", ["    return x / 0"]),
        ("import traceback\ntry:\n    1 / 0\nexcept ZeroDivisionError:\n    traceback.print_exc()\n    raise", ["    1 / 0", "    1 / 0"]),
        ("x = 1\nfor a in b c:\n    pass", ["    for a in b c:"]),
        ("def f():\n    x = 1\n    global x", ["    global x"]),
        ("raise ValueError('\u2603') from KeyError(1)", ["    raise ValueError('\u2603') from KeyError(1)"]),
    ],
)
def test_errors_show_the_programs_lines_and_none_of_the_runners(tmp_path: Path, code: str, lines: list[str]) -> None:
    shown = run(tmp_path, code).stderr
    assert [line for line in shown.splitlines() if line in lines] == lines
    assert '"<string>"' not in shown
    assert "runner" not in shown


def test_a_program_lies_in_the_workspace_to_itself(tmp_path: Path) -> None:
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "data.csv").write_text("1,2")
    code = "from pathlib import Path\nimport sys\nprint((Path(__file__).parent / 'data.csv').read_text(), sys.argv[0] == __file__)"
    assert run(tmp_path, code).stdout == "1,2 True\n"
