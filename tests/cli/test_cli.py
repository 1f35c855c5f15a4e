"""guard/cli/__init__.py: how the command line is put together, and how errors end."""

import subprocess
import sys

import pytest

from guard.cli import COMMANDS, GROUPS
from tests.cli.build import REPOSITORY, Home

EVERY = [((name,), example) for name, _, example in COMMANDS] + [
    ((group, name), example) for group, _, rows in GROUPS for name, _, example in rows
]
SLOW = ("pydantic", "cedarpy", "mcp", "textual", "cryptography", "sqlglot", "tree_sitter", "docker", "apprise", "rich")


def test_every_command_stands_in_the_help_with_its_whole_first_line(bare: Home) -> None:
    text = " ".join(bare.guard("--help").out.split())
    for name, function, _ in COMMANDS:
        assert f"{name} {(function.__doc__ or '').split(chr(10))[0]}" in text, name
    for group, summary, rows in GROUPS:
        assert f"{group} {summary}" in text
        within = " ".join(bare.guard(group, "--help").out.split())
        for name, function, _ in rows:
            assert f"{name} {(function.__doc__ or '').split(chr(10))[0]}" in within, f"{group} {name}"


@pytest.mark.parametrize(("names", "example"), EVERY, ids=lambda value: "-".join(value) if isinstance(value, tuple) else "")
def test_every_command_has_a_help_text_with_an_example(names: tuple[str, ...], example: str, bare: Home) -> None:
    said = bare.guard(*names, "--help")
    assert said.code == 0
    assert f"Example: {example}" in " ".join(said.out.split())
    assert example.startswith(f"guard {' '.join(names)}")


def test_the_help_imports_nothing_slow() -> None:
    code = f"import sys, guard.cli; print([name for name in {SLOW} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_version_is_said_by_the_module_too() -> None:
    done = subprocess.run([sys.executable, "-m", "guard", "--version"], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("guard 0.")


def test_what_is_wrong_with_the_world_is_one_line_and_one_hint(bare: Home) -> None:
    said = bare.guard("queue")
    assert said.code == 78
    assert said.err.splitlines() == [
        f"guard: There is no configuration at {bare.path}",
        "hint: Run `guard init` in the folder that agents may work in.",
    ]


def test_an_error_text_from_outside_is_shown_escaped(home: Home) -> None:
    said = home.guard("policy", "show", "evil\x1b[2J\u202e")
    assert said.code == 65
    assert "\x1b" not in said.err
    assert "\u202e" not in said.err


def test_a_pipe_that_closes_early_is_not_an_error(home: Home) -> None:
    process = home.start("audit", "list")
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    assert "Traceback" not in process.stderr.read()
    process.stderr.close()
    process.wait(30)


def test_a_disk_that_is_full_is_one_line_and_one_hint(home: Home) -> None:
    command = [sys.executable, "-m", "guard", "policy", "show"]
    with open("/dev/full", "w") as full:
        done = subprocess.run(command, check=False, env=home.environment, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 74
    assert done.stderr.splitlines() == [
        "guard: [Errno 28] No space left on device",
        "hint: Is the disk full, or may guard not read or write there?",
    ]


def test_who_closed_the_standard_streams_gets_an_exit_code_and_no_traceback(home: Home) -> None:
    closed = ["sh", "-c", '"$0" -m guard serve <&-', sys.executable]
    done = subprocess.run(closed, check=False, env=home.environment, capture_output=True, text=True, timeout=60)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)


def test_a_locale_that_writes_other_file_names_than_guard_is_refused_before_anything_runs(home: Home) -> None:
    ascii_alone = {**home.environment, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, "-m", "guard", "queue"]
    done = subprocess.run(command, check=False, env=ascii_alone, capture_output=True, text=True)
    assert (done.returncode, "this locale has them as ascii" in done.stderr) == (78, True)
