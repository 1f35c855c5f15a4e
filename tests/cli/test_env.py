from __future__ import annotations

import pytest

from tests.cli.build import Home
from tests.sandbox.wheels import index


def test_packages_are_added_listed_shown_and_taken_out_quietly_in_a_pipe(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    index(home.root / "wheels", monkeypatch)
    assert "Nothing is installed" in home.guard("env", "list").out
    assert home.guard("env", "show").code == 65
    added = home.guard("env", "add", "tiny")
    assert (added.code, added.err.splitlines()) == (
        0,
        ["A guard that runs keeps what it started with: restart it. Cases that wait were sealed with the old packages."],
    )
    assert added.out.startswith("The box has tiny 1.0 and 1 more (lock ")
    home.guard("env", "add", "Small")
    assert home.guard("env", "list").out.splitlines() == ["* small 1.5", "* tiny 1.0"]
    shown = home.guard("env", "show").out
    assert "tiny==1.0 --hash=sha256:" in shown
    assert "(lock" in home.guard("doctor").out
    assert home.guard("env", "remove", "other").code == 65
    assert home.guard("env", "remove", "tiny", "small").out == "The box has no packages of its own any more.\n"


def test_a_case_says_which_packages_its_box_has(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    index(home.root / "wheels", monkeypatch)
    home.guard("env", "add", "small")
    program = home.root / "program.py"
    program.write_text("import small\nopen('out.txt', 'w').write(small.value)\n")
    assert home.guard("run", str(program), "--no-wait").code == 10
    shown = home.guard("show", "1").out
    assert "Packages in the box: small 1.5 (lock " in shown
    assert "+here" in shown.replace(" ", "") or "out.txt" in shown


def test_what_pip_cannot_find_is_one_sentence(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    index(home.root / "wheels", monkeypatch)
    said = home.guard("env", "add", "nowhere")
    assert said.code != 0
    assert "nowhere" in said.err
    assert "Traceback" not in said.err
