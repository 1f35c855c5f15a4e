from __future__ import annotations

from dataclasses import replace

import pytest

from guard.errors import SandboxError
from guard.sandbox.layout import MAX_MASKS, Layout, Overlay, arguments
from guard.sandbox.masks import Masks
from tests.sandbox.boxes import QUICK

OVERLAY = Overlay(lower="/home/u/project", upper="/s/upper", work="/s/work", masks=Masks(), nothing="/s/nothing")
LAYOUT = Layout(
    mount="/workspace", overlay=OVERLAY, workspace=OVERLAY.lower, command=("/bin/true",), files=(("/s/program", "/run/guard/program"),)
)


def line(layout: Layout) -> str:
    return " ".join(arguments(layout, QUICK, lambda text: 8))


def with_masks(masks: Masks) -> Layout:
    return replace(LAYOUT, overlay=replace(OVERLAY, masks=masks))


def test_the_box_shares_nothing_and_keeps_no_rights() -> None:
    for option in ("--unshare-all", "--disable-userns", "--die-with-parent", "--new-session", "--cap-drop ALL", "--clearenv"):
        assert option in line(LAYOUT)
    assert "--share-net" not in line(LAYOUT)


def test_nothing_of_the_host_is_bound_but_named_read_only_parts() -> None:
    parts = arguments(LAYOUT, QUICK, lambda text: 8)
    assert "--bind" not in parts
    assert "--dev-bind" not in parts
    sources = {parts[i + 1] for i, part in enumerate(parts) if part in ("--ro-bind", "--ro-bind-try")}
    allowed = ("/s/program", "/usr", "/lib", "/bin", "/sbin", "/proc/", "/dev/null", "/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime",
               "/etc/timezone", "/etc/mime.types", "/etc/ssl/certs", "/etc/pki/tls/certs", "/etc/pki/ca-trust/extracted")  # fmt: skip
    assert all(source.startswith(allowed) for source in sources), sources


def test_nothing_of_proc_can_be_written_and_what_shows_the_machine_is_hidden() -> None:
    options = line(LAYOUT)
    assert options.index("--proc /proc ") < options.index("--ro-bind /dev/null /proc/keys ") < options.index("--remount-ro /proc ")


def test_the_root_is_closed_after_all_is_in_place() -> None:
    assert line(LAYOUT).index("--remount-ro / ") > line(LAYOUT).rindex("--overlay ")
    assert line(LAYOUT).index("--remount-ro / ") > line(LAYOUT).index("--symlink /workspace")


def test_masks_come_after_the_overlay() -> None:
    masked = line(with_masks(Masks(files=(".env",), folders=("keys",))))
    assert masked.index("--overlay ") < masked.index("--ro-bind /dev/null /workspace/.env")
    assert "--ro-bind /s/nothing /workspace/keys" in masked


def test_more_masks_than_a_box_can_bear_are_refused() -> None:
    with pytest.raises(SandboxError, match="hide"):
        line(with_masks(Masks(files=tuple(map(str, range(MAX_MASKS + 1))))))


@pytest.mark.parametrize("workspace", ["/home/u/project", "/tmp/x", "/srv/data", "/root/p", "/usrlocal"])
def test_the_real_path_of_the_workspace_is_a_link_where_it_is_free(workspace: str) -> None:
    layout = replace(LAYOUT, workspace=workspace)
    assert f"--symlink /workspace {workspace} " in line(layout)


@pytest.mark.parametrize("workspace", ["/usr/src/p", "/etc/p", "/workspace", "/workspace/p", "/dev/shm/p", "/proc/p", "/tmp", "/bin"])
def test_where_the_box_has_something_of_its_own_there_is_no_link(workspace: str) -> None:
    layout = replace(LAYOUT, workspace=workspace)
    assert "--symlink /workspace" not in line(layout)


def test_a_box_without_a_workspace_has_a_small_folder_in_memory() -> None:
    assert "--tmpfs /workspace" in line(replace(LAYOUT, overlay=None))
    assert "--overlay" not in line(replace(LAYOUT, overlay=None))


def test_a_command_starts_in_the_mount_or_where_it_is_told() -> None:
    assert "--chdir /workspace --" in line(LAYOUT)
    assert "--chdir / --" in line(replace(LAYOUT, folder="/"))
