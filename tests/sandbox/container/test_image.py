from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from guard.errors import BadInput, SandboxError
from guard.sandbox.container.engine import IMAGE, Engine
from guard.sandbox.container.image import PACKAGES, from_base, from_packages
from tests.sandbox.engines import SOCKET, needs_engine


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with closing(Engine(SOCKET or str(tmp_path / "nobody"), state=tmp_path)) as engine:
        yield engine


def program(folder: Path, text: str) -> None:
    """A program mmdebstrap of our own, alone on the PATH."""
    path = folder / "mmdebstrap"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_without_mmdebstrap_it_says_what_to_install(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SandboxError, match="not installed") as error:
        from_packages(engine, "localhost/x")
    assert "--from" in error.value.hint


def test_what_mmdebstrap_says_is_said(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, f'echo "$@" >{tmp_path}/asked; echo "E: no mirror" >&2; exit 25')
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(SandboxError, match="no mirror"):
        from_packages(engine, "localhost/x", suite="trixie")
    asked = (tmp_path / "asked").read_text()
    assert "trixie" in asked
    assert all(package in asked for package in PACKAGES)


@pytest.mark.parametrize("base", ["", "-x", "a b", "x\nRUN y", "a" * 300])
def test_a_base_that_is_no_name_of_an_image_is_refused(engine: Engine, base: str) -> None:
    with pytest.raises(BadInput, match="not the name of an image"):
        from_base(engine, "localhost/x", base)


@needs_engine
def test_an_image_is_its_content_whatever_its_name(engine: Engine) -> None:
    first = from_base(engine, "localhost/guard-test-a", IMAGE)
    assert from_base(engine, "localhost/guard-test-b", IMAGE) == first
    assert first != engine.image(IMAGE)


@needs_engine
def test_a_base_that_is_not_there_or_has_no_python_is_an_error(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SandboxError, match="cannot make the image"):
        from_base(engine, "localhost/guard-test-c", "localhost/guard-no-such-image")
    (tmp_path / "etc").mkdir()
    program(tmp_path, f'for last; do :; done; tar -cf "$last" -C {tmp_path} etc')
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert from_packages(engine, "localhost/guard-test-empty").startswith("sha256:")
    with pytest.raises(SandboxError, match="cannot make the image"):
        from_base(engine, "localhost/guard-test-c", "localhost/guard-test-empty")
