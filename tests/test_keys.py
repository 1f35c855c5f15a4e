"""Keys of people: made under a passphrase, unlocked for a while, sign one approval exactly."""

from __future__ import annotations

import stat

import pytest

from guard import keys
from guard.errors import BadInput, ConfigError
from guard.pipeline import question
from guard.review import check
from tests import build


def test_a_key_signs_what_review_accepts(tmp_path):
    public = keys.make(tmp_path / "keys", "ann", "correct horse")
    signer = keys.unlock(tmp_path / "keys", "ann", "correct horse")
    assert signer.public == public
    at = build.world(people=(build.Person(name="ann", key=public),))
    case = build.case(build.WRITE, at=at)
    given = signer.sign(build.approval(case, sign=False))
    assert check(given, case, question(case, at), at.policies) is None


def test_a_wrong_passphrase_unlocks_nothing(tmp_path):
    keys.make(tmp_path, "ann", "correct horse")
    with pytest.raises(BadInput, match="passphrase is wrong"):
        keys.unlock(tmp_path, "ann", "battery staple")
    with pytest.raises(BadInput, match="passphrase is wrong"):
        keys.unlock(tmp_path, "ann", "")


def test_the_file_is_private_and_encrypted(tmp_path):
    keys.make(tmp_path / "keys", "ann", "correct horse")
    path = tmp_path / "keys" / "ann.pem"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert b"ENCRYPTED" in path.read_bytes()


def test_a_short_passphrase_and_a_second_key_are_refused(tmp_path):
    with pytest.raises(BadInput, match="fewer than"):
        keys.make(tmp_path, "ann", "short")
    keys.make(tmp_path, "ann", "correct horse")
    with pytest.raises(BadInput, match="has a key already"):
        keys.make(tmp_path, "ann", "correct horse")


def test_a_person_without_a_key_is_told_how_to_make_one(tmp_path):
    with pytest.raises(ConfigError) as caught:
        keys.unlock(tmp_path, "ann", "x")
    assert "guard person key" in caught.value.hint


def test_a_forgotten_key_signs_no_more(tmp_path):
    keys.make(tmp_path, "ann", "correct horse")
    signer = keys.unlock(tmp_path, "ann", "correct horse")
    signer.forget()
    with pytest.raises(ConfigError, match="forgotten"):
        signer.sign(build.approval(build.case(build.WRITE), sign=False))
