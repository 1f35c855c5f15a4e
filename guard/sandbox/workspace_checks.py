"""Which folders may be a workspace: what guard checks before it mounts or writes anything there."""

from __future__ import annotations

import os
from pathlib import Path

from guard.errors import ConfigError, SandboxError
from guard.sandbox.changeset.spelling import reached_otherwise

OVERLAY_PREFIXES = ("user.overlay.", "trusted.overlay.")


def check_canonical(workspace: Path) -> Path:
    """The workspace as a real absolute folder; `ConfigError` if it is none, or the root of the file system."""
    try:
        real = workspace.resolve(strict=True)
    except OSError as error:
        raise ConfigError(f"the workspace {workspace} cannot be found: {error.strerror}", hint="Create it, or name another.") from error
    if not real.is_dir():
        raise ConfigError(f"the workspace {workspace} is not a folder", hint="Name a folder.")
    if real == Path("/"):
        raise ConfigError("the root of the file system cannot be a workspace", hint="Name the folder of one project.")
    return real


def folds(root: Path) -> bool:
    """Whether the folder takes other spellings of what is directly in it for the same names."""
    fd = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        return reached_otherwise(fd, os.listdir(fd)) != ""
    finally:
        os.close(fd)


def check_mounts(root: Path) -> None:
    """Refuse a workspace with a mount inside: an overlay does not show what is in it, so a program would see another tree."""
    inside = [point for point in mount_points() if point.startswith(f"{root}/")]
    if inside:
        raise SandboxError(
            f"the workspace {root} has a mount inside ({inside[0]}), which a copy-on-write box cannot show",
            hint="Unmount it, or choose the mounted folder itself as the workspace.",
        )


def mount_points() -> list[str]:
    """Every mount point that this process sees."""
    lines = Path("/proc/self/mountinfo").read_bytes().splitlines()
    return [os.fsdecode(_unescaped(line.split(b" ")[4])) for line in lines]


def _unescaped(field: bytes) -> bytes:
    # The kernel writes space, tab, newline and backslash as \ooo.
    for byte in (b" ", b"\t", b"\n", b"\\"):
        field = field.replace(b"\\%03o" % byte[0], byte)
    return field


def check_attributes(root: Path) -> None:
    """Refuse a workspace with a folder or file that an overlay would take for its own marks."""
    for folder, _, names in os.walk(root):
        for path in (folder, *(os.path.join(folder, name) for name in names)):
            try:
                attributes = os.listxattr(path, follow_symlinks=False)
            except OSError:
                continue  # the file system has none, or it went away
            if any(name.startswith(OVERLAY_PREFIXES) for name in attributes):
                raise SandboxError(
                    f"{path} carries attributes of an overlay file system, which would change what the box sees",
                    hint=f"It looks like the upper layer of another overlay. Remove them: setfattr -x NAME {path}",
                )
