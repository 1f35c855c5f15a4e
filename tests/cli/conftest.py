import asyncio
from pathlib import Path

import pytest

from guard import keys
from guard.cli import compose
from tests.cli.build import PASSPHRASE, Home


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


@pytest.fixture
def keyed(home: Home) -> Home:
    """A guard whose person has a key, and on which unattended approvals do not count."""
    name = home.guard("person", "list").out.splitlines()[1].split()[0]
    public = keys.make(home.state / "keys", name, PASSPHRASE)

    async def register() -> None:
        async with compose.open_desk(home.config) as desk:
            await desk.store.set_key(name, public, now=compose.WallClock().now())

    asyncio.run(register())
    assert home.guard("policy", "packs", "--disable", "unattended").code == 0
    return home
