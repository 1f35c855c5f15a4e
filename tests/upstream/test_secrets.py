"""References to secrets."""

from __future__ import annotations

from pathlib import Path

import pytest

from guard.errors import ConfigError
from guard.upstream.secrets import resolved


def test_references_are_followed_wherever_they_stand(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TOKEN", "t0")
    (tmp_path / "secret").write_text("f1\n")
    assert resolved(f"Bearer ${{env:TOKEN}}.${{file:{tmp_path}/secret}}") == "Bearer t0.f1"
    assert resolved("plain $ {text}") == "plain $ {text}"


def test_a_secret_that_looks_like_a_reference_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "${env:HOME}")
    assert resolved("${env:TOKEN}") == "${env:HOME}"


@pytest.mark.parametrize(
    "text", ["${env:NOT_SET_ANYWHERE}", "${file:/nowhere/at/all}", "${vault:x}", "${env:}", "${env:EMPTY}", "${env:LINES}"]
)
def test_a_reference_that_cannot_be_followed_is_named_and_its_value_is_not(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMPTY", "")
    monkeypatch.setenv("LINES", "one-secret\r\nInjected: yes")
    with pytest.raises(ConfigError) as refused:
        resolved(text)
    assert "one-secret" not in str(refused.value)
    assert refused.value.hint
