from __future__ import annotations

import hashlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from guard.model import FileType, Print
from guard.sandbox.changeset.fingerprint import Unprintable, describe, fingerprint, name_problem, open_folder, readable


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[int]:
    fd = os.open(tmp_path, os.O_RDONLY | os.O_DIRECTORY)
    yield fd
    os.close(fd)


def test_files_folders_and_links_have_prints(tmp_path: Path, folder: int) -> None:
    (tmp_path / "file").write_bytes(b"data")
    (tmp_path / "file").chmod(0o640)
    (tmp_path / "inner").mkdir(mode=0o750)
    (tmp_path / "link").symlink_to("nowhere")
    assert fingerprint(folder, "file") == Print(type=FileType.FILE, mode=0o640, size=4, digest=hashlib.sha256(b"data").hexdigest())
    assert fingerprint(folder, "inner") == Print(type=FileType.FOLDER, mode=0o750)
    assert fingerprint(folder, "link") == Print(type=FileType.SYMLINK, mode=0o777, size=7, digest=hashlib.sha256(b"nowhere").hexdigest())
    assert fingerprint(folder, "gone") is None


def test_an_inherited_group_bit_of_a_folder_says_nothing(tmp_path: Path, folder: int) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner").chmod(0o2755)
    assert fingerprint(folder, "inner") == Print(type=FileType.FOLDER, mode=0o755)


def test_what_is_no_file_is_named_and_never_waited_for(tmp_path: Path, folder: int) -> None:
    os.mkfifo(tmp_path / "fifo")
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(tmp_path / "socket"))
    for name, said in (("fifo", "a FIFO"), ("socket", "a socket")):
        with pytest.raises(Unprintable, match=said):
            fingerprint(folder, name)
    assert describe(os.stat("/dev/null").st_mode) == "a device"


def test_a_file_that_cannot_be_read_has_no_print(tmp_path: Path, folder: int) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    (tmp_path / "file").write_bytes(b"data")
    (tmp_path / "file").chmod(0)
    with pytest.raises(Unprintable, match="Permission denied"):
        fingerprint(folder, "file")


def test_a_folder_is_never_opened_through_a_link(tmp_path: Path, folder: int) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "link").symlink_to("inner")
    os.close(open_folder(folder, "inner"))
    with pytest.raises(OSError, match="Not a directory|symbolic links"):
        open_folder(folder, "link")


def test_names_that_hide_something_are_shown_and_refused() -> None:
    assert readable("a\nb") == r"a\nb"
    assert readable(os.fsdecode(b"a\xff")) == r"a\xff"
    assert readable("a\u202eb") == r"a\u202eb"
    assert readable("café 日本") == "café 日本"
    assert name_problem(os.fsdecode(b"a\xff"))
    assert name_problem("a\x1bb")
    assert name_problem("a\x7f")
    assert not name_problem("café 日本.txt")
