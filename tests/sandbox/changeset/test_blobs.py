from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from guard.errors import SandboxError
from guard.sandbox.changeset.blobs import Blobs


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "blobs")


def opened(path: Path, data: bytes) -> int:
    path.write_bytes(data)
    return os.open(path, os.O_RDONLY)


def test_bytes_are_kept_by_their_digest_once(blobs: Blobs) -> None:
    digest = blobs.add(b"hello")
    assert digest == hashlib.sha256(b"hello").hexdigest()
    assert blobs.add(b"hello") == digest
    assert blobs.read(digest) == b"hello"
    assert len([path for path in blobs.root.rglob("*") if path.is_file()]) == 1


def test_an_open_file_is_copied_from_its_start_and_measured(blobs: Blobs, tmp_path: Path) -> None:
    fd = opened(tmp_path / "file", bytes(3 << 20))
    os.lseek(fd, 100, os.SEEK_SET)
    digest, size = blobs.add_descriptor(fd, 4 << 20)
    assert (digest, size) == (hashlib.sha256(bytes(3 << 20)).hexdigest(), 3 << 20)
    os.close(fd)


def test_a_file_longer_than_the_limit_is_not_kept(blobs: Blobs, tmp_path: Path) -> None:
    fd = opened(tmp_path / "file", b"12345")
    with pytest.raises(ValueError, match="longer than 4"):
        blobs.add_descriptor(fd, 4)
    os.close(fd)
    assert list(blobs.root.iterdir()) == []


def test_the_store_is_private_and_a_copy_not_a_link(blobs: Blobs, tmp_path: Path) -> None:
    fd = opened(tmp_path / "file", b"data")
    digest, _ = blobs.add_descriptor(fd, 100)
    os.close(fd)
    (tmp_path / "file").write_bytes(b"changed")
    assert blobs.read(digest) == b"data"
    assert blobs.root.stat().st_mode & 0o077 == 0
    blobs.flush()


def test_tampered_and_absent_contents_are_errors(blobs: Blobs, tmp_path: Path) -> None:
    digest = blobs.add(b"approved")
    blobs.path(digest).write_bytes(b"tampered")
    fd = os.open(tmp_path / "out", os.O_CREAT | os.O_WRONLY)
    for act in (lambda: blobs.read(digest), lambda: blobs.copy_to(digest, fd)):
        with pytest.raises(SandboxError, match="changed on disk"):
            act()
    blobs.path(digest).unlink()
    for act in (lambda: blobs.read(digest), lambda: blobs.copy_to(digest, fd)):
        with pytest.raises(SandboxError, match="no longer kept"):
            act()
    os.close(fd)
