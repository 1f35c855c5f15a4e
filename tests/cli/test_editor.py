"""The person's editor gets the exact text in a private folder of its own, and gives back what they left."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from guard.cli.editor import edited
from guard.errors import BadInput, ConfigError


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """An editor that runs this Python text on `path`."""

    def use(text: str) -> None:
        script = tmp_path / "editor.py"
        script.write_text(f"import sys\nfrom pathlib import Path\npath = Path(sys.argv[1])\n{text}\n")
        monkeypatch.delenv("VISUAL", raising=False)
        monkeypatch.setenv("EDITOR", f"{sys.executable} {script}")

    return use


def test_the_text_is_given_exactly_and_comes_back_as_left(editor) -> None:
    text = "print('é\u202e')\r\n\tx"
    editor("path.write_bytes(path.read_bytes() + b'!')")
    assert edited(text, "python") == text + "!"


def test_a_line_break_that_the_editor_adds_is_no_change(editor) -> None:
    editor("path.write_bytes(path.read_bytes() + b'\\n')")
    assert edited("x", "python") == "x"


def test_the_folder_is_private_the_editors_own_and_gone_afterwards(editor, tmp_path: Path) -> None:
    note = tmp_path / "note"
    editor(f"import os\nPath({str(note)!r}).write_text(f'{{os.getcwd()}} {{path}} {{os.stat(path.parent).st_mode}} {{len(os.listdir())}}')")
    edited("x", "shell")
    folder, path, mode, files = note.read_text().split()
    assert (Path(path).parent, Path(path).name, files) == (Path(folder), "program.sh", "1")
    assert stat.S_IMODE(int(mode)) == 0o700
    assert not Path(folder).exists()


@pytest.mark.parametrize("text", ["sys.exit(3)", "path.write_bytes(b'\\xff')", "path.unlink()"])
def test_an_editor_that_fails_changes_nothing(editor, text: str) -> None:
    editor(text)
    with pytest.raises((ConfigError, BadInput)):
        edited("x", "python")


def test_an_editor_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISUAL", "/no/such/editor")
    with pytest.raises(ConfigError, match="/no/such/editor"):
        edited("x", "python")


@pytest.mark.parametrize("named", ["", " ", "vi '"])
def test_without_a_terminal_or_with_no_editor_nothing_is_started(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", named)
    with pytest.raises(ConfigError, match="no editor" if named else "no terminal"):
        edited("x", "python")
