"""Copying, moving, packing, finding."""

from __future__ import annotations

import pytest

from tests.analyse.shell.check import effects


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("cp a b", ["fs.read a", "fs.write b"]), ("cp a b c/", ["fs.read a", "fs.read b", "fs.write c/a", "fs.write c/b"]), ("cp -t c a b", ["fs.read a", "fs.read b", "fs.write c/a", "fs.write c/b"]),
        ("cp -r a b", ["fs.read a~", "fs.write b"]), ("cp a ..", ["fs.read a", "fs.write /a"]), ("mv a b", ["fs.delete a", "fs.write b"]), ("mv a /dev/null", ["fs.delete a"]),
        ("ln -s /etc/passwd a", ["fs.read /etc/passwd", "fs.symlink a"]), ("ln .env a", ["secret.read .env", "fs.create a"]), ("rm -rf a b", ["fs.delete a~", "fs.delete b~"]), ("tee a b", ["fs.write a", "fs.write b"]),
        ("tar xf a.tar", ["fs.read a.tar", "fs.write .~"]), ("tar xf a.tar -C d", ["fs.read a.tar", "fs.write d~"]), ("tar xPf a.tar", ["fs.read a.tar", "fs.write .~", "fs.write /~"]),
        ("tar tf a.tar", ["fs.read a.tar"]), ("tar cf h.example:/x a", ["net.connect h.example:22", "fs.read a~"]), ("unzip -l a.zip", ["fs.read a.zip"]), ("gzip -c a", ["fs.read a"]),
        ("gzip -k a", ["fs.read a", "fs.write a.gz"]), ("gunzip a.gz", ["fs.read a.gz", "fs.write a", "fs.delete a.gz"]), ("rsync -n a/ b/", ["fs.list a~", "fs.list b~"]),
        ("rsync a h.example:b", ["fs.read a~", "net.connect h.example:22"]), ("dd if=a of=b", ["fs.read a", "fs.write b"]),
    ],
)  # fmt: skip
def test_sources_are_read_and_targets_written(command: str, expected: list[str]) -> None:
    assert effects(command) == expected


@pytest.mark.parametrize("action", ["-exec rm {} ;", "-exec rm {} +", "-execdir rm {} ;", "-ok rm {} ;", "-delete", "-exec sh -c 'rm x' ;"])
def test_actions_of_find_are_walked(action: str) -> None:
    action = action.replace(";", "\\;")
    assert any(effect.startswith("fs.delete") for effect in effects(f"find . -name x {action}"))


def test_find_says_what_it_finds() -> None:
    assert effects("find . -name '*.log' | xargs wc -l") == ["fs.list .~", "fs.read .~"]
    assert "secret.read .~" in effects("find . -name .env -exec cat {} \\;")
    assert "fs.read /etc~" in effects("find /etc -name '*.conf' | xargs cat")
    assert "opaque" in effects("find . -frobnicate")


def test_names_of_files_are_no_shell_text() -> None:
    assert "opaque" in effects("find . | xargs -I{} sh -c 'cat {}'")
    assert "opaque" in effects("ls | sh")
