"""The wheel carries everything: built from this tree and installed into an empty environment, `guard demo` runs from it."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV", "GUARD_CONFIG")}
    done = subprocess.run(
        command, cwd=cwd, env={**kept, **environment}, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=400
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


def test_it_carries_guard_the_console_and_the_policies_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for name in (
        "guard/cli/compose.py",
        "tui/app.py",
        "guard/builtin_policies/default.cedar",
        "guard/builtin_policies/packs/unattended.cedar",
    ):
        assert name in names, name
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"guard", "tui"}


def test_guard_demo_runs_from_it_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "venv", tmp_path / "env", cwd=tmp_path)
    bin_ = tmp_path / "env" / "bin"
    run(bin_ / "python", "-m", "pip", "install", "-qq", wheel, cwd=tmp_path)
    (tmp_path / "tmp").mkdir()
    out = run(bin_ / "guard", "demo", cwd=tmp_path, TMPDIR=str(tmp_path / "tmp"), HOME=str(tmp_path))
    assert "The ledger verifies" in out
    assert out.count("-> ") == 6
