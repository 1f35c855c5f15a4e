from pathlib import Path

import pytest

from tests.cli.build import Home


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Home:
    """A workspace, and nothing else yet."""
    home = Home(root=tmp_path.resolve(), capture=capsys)
    home.workspace.mkdir()
    monkeypatch.setenv("GUARD_CONFIG", str(home.path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "xdg"))
    monkeypatch.chdir(home.workspace)
    return home


@pytest.fixture
def home(bare: Home) -> Home:
    """A guard on which unattended approvals count."""
    return bare.init("--unattended")
