"""Facts from the disk: the sources of workspace modules, and no file beyond it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from guard import gather
from guard.analyse import analyse
from guard.analyst import Analyst
from guard.model import Facts, Kind


def test_modules_of_the_workspace_are_found_and_others_are_not(tmp_path):
    (tmp_path / "helper.py").write_text("x = 1")
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "__init__.py").write_text("")
    (tmp_path / "pkg" / "part.py").write_text("y = 2")
    found = dict(gather.modules(["helper", "pkg.part", "requests"], str(tmp_path)))
    assert found == {"helper.py": "x = 1", "pkg/__init__.py": "", "pkg/part.py": "y = 2"}


def test_a_link_out_of_the_workspace_is_not_followed(tmp_path):
    (tmp_path / "outside.py").write_text("secret")
    workspace = tmp_path / "w"
    workspace.mkdir()
    (workspace / "helper.py").symlink_to(tmp_path / "outside.py")
    assert gather.modules(["helper"], str(workspace)) == (("helper.py", gather.UNREADABLE),)


def test_what_is_not_text_or_too_large_is_not_mistaken_for_the_library_of_its_name(tmp_path):
    (tmp_path / "binary.py").write_bytes(b"\xff\xfe")
    (tmp_path / "math.py").write_text("#" * (gather.MOST_BYTES + 1))
    found = gather.modules(["binary", "math"], str(tmp_path))
    assert found == (("binary.py", gather.UNREADABLE), ("math.py", gather.UNREADABLE))
    kinds = analyse("python", "import binary\nbinary.go()", Facts(workspace=str(tmp_path), modules=found)).kinds
    assert Kind.OPAQUE in kinds


def test_a_path_is_that_file_alone(tmp_path):
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "a.js").write_text("1")
    (tmp_path / "lib" / "b.js.py").write_text("2")
    assert gather.modules(["./lib/a.js", "./lib/b.js", "./lib", "./none.ts"], str(tmp_path)) == (
        ("lib", gather.UNREADABLE),
        ("lib/a.js", "1"),
    )


def test_a_folder_that_cannot_be_looked_into_is_not_mistaken_for_the_library_of_its_name(tmp_path):
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert gather.modules(["loop.part"], str(tmp_path))[0] == ("loop/__init__.py", gather.UNREADABLE)


async def test_an_analysis_goes_on_until_all_modules_that_it_imports_are_read(tmp_path):
    (tmp_path / "first.py").write_text("import second\ndef go():\n    second.go()\n")
    (tmp_path / "second.py").write_text("import os\ndef go():\n    os.remove('a')\n")
    analyst = Analyst(count=1)
    try:
        found = await gather.analysis_of(analyst, "python", "import first\nfirst.go()\n", Facts(workspace=str(tmp_path)))
    finally:
        await analyst.close()
    assert [path for path, _ in found.modules] == ["first.py", "second.py"]
    assert Kind.FS_DELETE in found.kinds


def test_no_workspace_no_modules():
    assert gather.modules(["os"], "") == ()


def test_files_are_listed_with_their_whole_path(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b").write_text("")
    assert gather.files(str(tmp_path)) == ([str(tmp_path / "a" / "b")], [])


def test_no_number_of_files_leaves_one_out():
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:  # in memory: a second for so many names of one file
        one = Path(folder, "0")
        one.touch()
        for number in range(1, 200_002):
            os.link(one, f"{folder}/{number}")
        assert len(gather.files(folder)[0]) == 200_002


@pytest.mark.skipif(os.geteuid() == 0, reason="root looks into every folder")
def test_folders_that_cannot_be_looked_into_are_named_and_their_files_are_not(tmp_path):
    for mode in (0o000, 0o400, 0o100):
        (tmp_path / f"{mode:o}" / "in").mkdir(parents=True)
        (tmp_path / f"{mode:o}").chmod(mode)
    found = gather.files(str(tmp_path))
    for folder in tmp_path.iterdir():
        folder.chmod(0o700)
    assert (found[0], sorted(found[1])) == ([], [f"{tmp_path}/{mode}" for mode in ("0", "100", "400")])
    tmp_path.chmod(0o000)
    found = gather.files(str(tmp_path))
    tmp_path.chmod(0o700)
    assert found == ([], [str(tmp_path)])
