"""The grants file is written whole or not at all."""

from __future__ import annotations

import pytest

from guard.errors import PolicyError
from guard.policy.files import write_standing
from guard.standing_grants import FILE


def test_the_file_is_replaced_and_nothing_else_is_left(tmp_path):
    write_standing(tmp_path, "// one\n")
    write_standing(tmp_path, "// two\n")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [(FILE, "// two\n")]


def test_a_folder_that_is_gone_is_a_policy_error_with_a_hint(tmp_path):
    with pytest.raises(PolicyError) as caught:
        write_standing(tmp_path / "gone", "x")
    assert caught.value.hint
