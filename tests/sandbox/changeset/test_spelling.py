"""Which names a file system takes for one: what may be, and what a real one does."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guard.sandbox.changeset.spelling import alike, folded, merged, reached_otherwise, respelled, taken_for
from tests.sandbox.folding import mounted, needs_fuse

NAMES = st.text(st.sampled_from("aAbBéÉe\u0301ßſsSK\u212akσςΣ\u200c\u00ad.-1日Ǆǆǅ"), min_size=1, max_size=6)


@pytest.mark.parametrize(
    "other",
    ["CAFÉ.TXT", "cafe\u0301.txt", "Cafe\u0301.txt", "caf\u200cé.txt", "café.tx\u00adt"],
    ids=["case", "composed", "both", "joiner", "hyphen"],
)
def test_what_some_file_system_takes_for_one_name_is_folded_into_one(other: str) -> None:
    assert folded(other) == folded("café.txt")
    assert folded(other) != folded("cafe.txt")


@given(NAMES)
def test_every_case_and_composition_of_a_name_is_folded_into_one(name: str) -> None:
    for form in (
        name.upper(),
        name.lower(),
        name.casefold(),
        unicodedata.normalize("NFC", name),
        unicodedata.normalize("NFD", name),
        folded(name),
    ):
        assert folded(form) == folded(name)


@given(st.lists(NAMES, max_size=8))
def test_alike_are_those_names_that_share_their_fold_with_another(names: list[str]) -> None:
    found = alike(names)
    shared = {a for a in names for b in names if a != b and folded(a) == folded(b)}
    assert found == sorted(shared)
    assert alike(reversed(names)) == found


@given(st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=6))
def test_another_spelling_of_a_name_is_another_name_and_still_a_name(name: str) -> None:
    for other in respelled(name):
        assert other != name
        assert not set("/\0") & set(other)


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[int]:
    with_names(tmp_path)
    fd = os.open(tmp_path, os.O_RDONLY)
    yield fd
    os.close(fd)


@pytest.fixture
def folding(tmp_path: Path) -> Iterator[int]:
    (tmp_path / "below").mkdir()
    with_names(tmp_path / "below")
    with mounted(tmp_path / "below", tmp_path / "seen") as seen:
        fd = os.open(seen, os.O_RDONLY)
        yield fd
        os.close(fd)


def with_names(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / ".env").write_text("x")
    (folder / "sub" / "日本").write_text("x")


def test_a_file_system_that_tells_names_apart_merges_none_and_nothing_is_left_of_the_look(plain: int) -> None:
    before = os.listdir(plain)
    assert merged(plain, ["a", "A", "é", "e\u0301"]) == []
    assert os.listdir(plain) == before


def test_on_it_no_other_spelling_leads_anywhere_a_link_of_another_name_is_a_name_of_its_own(plain: int) -> None:
    assert reached_otherwise(plain, [".env", "sub/日本"]) == ""
    os.link(".env", ".ENV", src_dir_fd=plain, dst_dir_fd=plain)
    assert reached_otherwise(plain, [".env"]) == ""
    assert taken_for(plain, ".ENV") == ""
    assert taken_for(plain, "nothing") == ""


def test_a_look_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    fd = os.open(tmp_path / "gone", os.O_RDONLY)
    (tmp_path / "gone").rmdir()
    with pytest.raises(FileNotFoundError):
        merged(fd, ["a", "A"])
    os.close(fd)


@needs_fuse
def test_a_file_system_that_folds_names_says_which_of_them(folding: int) -> None:
    before = os.listdir(folding)
    assert merged(folding, ["A", "a", "b", "e\u0301", "é"]) == [("a", "A"), ("é", "e\u0301")]
    assert os.listdir(folding) == before


@needs_fuse
def test_on_it_other_spellings_lead_to_what_is_there(folding: int) -> None:
    assert taken_for(folding, ".Env") == ".env"
    assert taken_for(folding, ".env") == ""
    assert reached_otherwise(folding, [".env"]) == ".env"
    assert reached_otherwise(folding, ["sub/日本"]) == "sub", "a name without case, in a folder with another spelling"
    assert reached_otherwise(folding, ["nothing"]) == ""
