from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from guard.errors import SandboxError
from guard.sandbox.container.layout import INIT, ContainerLayout, lay_out
from guard.sandbox.layout import MAX_MASKS, Overlay
from guard.sandbox.masks import Masks
from tests.sandbox.boxes import QUICK


def laid_out(folder: Path, overlay: Overlay | None = None, **options: Any) -> ContainerLayout:
    return lay_out(folder, files=[("/dev/null", "/run/guard/program")], mount="/workspace", overlay=overlay, limits=QUICK, **options)


def overlay(folder: Path, lower: str, *files: str) -> Overlay:
    return Overlay(
        lower=lower, upper=str(folder / "upper"), work=str(folder / "work"), masks=Masks(files=files), nothing=str(folder / "nothing")
    )


def test_what_the_box_sees_of_guard_is_the_program_and_the_first_process(tmp_path: Path) -> None:
    laid = laid_out(tmp_path, hosts="127.0.0.2 db.example\n")
    assert {path.name: path.read_text() for path in laid.folder.iterdir()} == {"init.py": INIT, "program": ""}
    inside = {path: outside for outside, path in laid.binds}
    assert inside["/run/guard"] == str(laid.folder)
    assert Path(inside["/etc/hosts"]).read_text() == "127.0.0.1 localhost\n127.0.0.2 db.example\n"
    assert Path(inside["/etc/resolv.conf"]).read_text() == ""
    container = laid.container("name", "sha256:1")
    assert (container.volume, container.image) == (None, "sha256:1")
    assert container.memory["/workspace"].startswith("size=")


def test_whatever_else_could_be_written_is_closed(tmp_path: Path) -> None:
    laid = laid_out(tmp_path, overlay(tmp_path, "/srv/x/y"))
    writable = {path for path, options in laid.memory.items() if not options.startswith("ro,")}
    assert writable == {"/tmp", "/dev/shm"}
    assert set(laid.memory) >= {"/run", "/var/tmp", "/dev/mqueue", "/sys", "/sys/fs/cgroup"}


def test_what_is_shown_in_guards_folder_has_a_place_to_be_mounted_on(tmp_path: Path) -> None:
    files = [("/usr/bin/env", "/run/guard/deno"), ("/usr/lib", "/run/guard/env"), ("/usr/bin/env", "/opt/elsewhere")]
    laid = lay_out(tmp_path, files=files, mount="/workspace", overlay=None, limits=QUICK)
    assert sorted((path.name, path.is_dir()) for path in laid.folder.iterdir()) == [("deno", False), ("env", True), ("init.py", False)]
    assert set(files) <= set(laid.binds)


def test_hidden_files_are_covered_by_one_that_nobody_may_read(tmp_path: Path) -> None:
    laid = laid_out(tmp_path, overlay(tmp_path, "/srv/x/y", ".env", "a,b"))
    inside = {path: Path(outside) for outside, path in laid.binds}
    for path in ("/workspace/.env", "/workspace/a,b"):
        assert inside[path].stat().st_mode & 0o777 == 0


@pytest.mark.parametrize("name", ["a:b", ".env:ro"])
def test_a_name_that_the_engine_would_misread_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SandboxError, match="holds a colon"):
        laid_out(tmp_path, overlay(tmp_path, "/srv/x/y", name))


def test_more_secrets_than_a_box_can_hide_are_refused(tmp_path: Path) -> None:
    many = overlay(tmp_path, "/srv/x/y", *(str(number) for number in range(MAX_MASKS + 1)))
    with pytest.raises(SandboxError, match="more than"):
        laid_out(tmp_path, many)


@pytest.mark.parametrize(
    ("workspace", "bound", "links"),
    [
        ("/home/ann/project", "/home/ann", ()),
        ("/tmp/x/project", "", (("/workspace", "/tmp/x/project"),)),
        ("/project", "", ()),
        ("/usr/local/project", "", ()),
        ("/workspace/project", "", ()),
    ],
)
def test_the_workspace_is_found_by_its_own_path_where_that_is_free(
    tmp_path: Path, workspace: str, bound: str, links: tuple[tuple[str, str], ...]
) -> None:
    laid = laid_out(tmp_path, overlay(tmp_path, workspace), workspace=workspace)
    inside = {path: Path(outside) for outside, path in laid.binds}
    assert laid.links == links
    assert (bound in inside) is bool(bound)
    if bound:
        assert (inside[bound] / "project").readlink() == Path("/workspace")
    assert laid.lower.readlink() == Path(workspace), "mount options name a link, whatever the path"
