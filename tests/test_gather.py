"""Facts from the disk: the sources of workspace modules, and no file beyond it."""

from __future__ import annotations

from guard import gather
from guard.analyse import analyse
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


def test_no_workspace_no_modules():
    assert gather.modules(["os"], "") == ()


def test_files_are_listed_with_their_whole_path(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b").write_text("")
    assert gather.files(str(tmp_path)) == [str(tmp_path / "a" / "b")]
