"""What the box sees: the arguments of `bwrap` for one run. Everything not named here does not exist in the box."""

# ruff: noqa: S108 - these are folders inside the box

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from guard.errors import SandboxError
from guard.model import Limits
from guard.sandbox.masks import Masks

PROGRAM = "/run/guard/program"
MAX_MASKS = 1000
"""Every mask is a mount, and bwrap's time grows with their square: this many take seconds."""

TMP_BYTES, SHM_BYTES = 256 << 20, 64 << 20

_PROC_HIDDEN = ("kcore", "keys", "key-users", "kmsg", "timer_list", "kallsyms", "kpagecount", "kpageflags", "kpagecgroup", "sched_debug")
"""Files that show the machine rather than the box."""
_PROC_READ_ONLY = ("bus", "fs", "irq", "sys", "sysrq-trigger")
"""What every engine mounts read-only."""

_ETC = ("ld.so.cache", "alternatives", "localtime", "timezone", "mime.types", "ssl/certs", "pki/tls/certs", "pki/ca-trust/extracted")
LOCALHOST = "127.0.0.1 localhost\n"
_ETC_TEXTS = {
    "passwd": "user:x:65534:65534:user:/tmp:/bin/sh\n",
    "group": "user:x:65534:\n",
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
}

ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "HOME": "/tmp",
    "TMPDIR": "/tmp",
    "USER": "user",
    "LANG": "C.UTF-8",
    "PYTHONDONTWRITEBYTECODE": "1",
    "DENO_DIR": "/tmp/.deno",
    "NO_COLOR": "1",
}

_TOP_LEVEL_TAKEN = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/proc", "/sys", "/dev", "/etc", "/run/guard")


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """The copy-on-write workspace: the user's folder below, two private folders of one file system above, and what is hidden of it."""

    lower: str
    upper: str
    work: str
    masks: Masks
    nothing: str
    """An empty folder that nobody may list, to be put over masked folders."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """All that differs from one box to another."""

    mount: str
    overlay: Overlay | None
    command: Sequence[str]
    workspace: str = ""
    """The workspace's real path, by which programs may call it too."""
    folder: str = ""
    """Where the command starts; the mount if empty."""
    files: Sequence[tuple[str, str]] = ()
    """What is shown of the outside, read-only: (path outside, path in the box); the program's file, say."""
    hosts: str = ""
    """Further lines of /etc/hosts."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """Further variables."""


def arguments(layout: Layout, limits: Limits, text: Callable[[str], int]) -> list[str]:
    """bwrap's arguments. `text` makes descriptors of small files.

    Raises `SandboxError` if the workspace has more secret files than a box can mask.
    """
    if layout.overlay:
        check_masks(layout.overlay.masks)
    mount = layout.mount
    out = [
        "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--new-session", "--cap-drop", "ALL",
        "--uid", "65534", "--gid", "65534", "--hostname", "box",
        *_system(), *_proc(), *_etc(text, layout.hosts),
        "--dev", "/dev", "--remount-ro", "/dev",
        "--perms", "1777", "--size", str(min(SHM_BYTES, limits.disk_bytes)), "--tmpfs", "/dev/shm",
        "--perms", "1777", "--size", str(min(TMP_BYTES, limits.disk_bytes)), "--tmpfs", "/tmp",
    ]  # fmt: skip
    for source, target in layout.files:
        out += ["--ro-bind", source, target]
    if layout.overlay is None:
        out += ["--size", str(min(TMP_BYTES, limits.disk_bytes)), "--tmpfs", mount]
    else:
        out += ["--overlay-src", layout.overlay.lower, "--overlay", layout.overlay.upper, layout.overlay.work, mount]
        for path in layout.overlay.masks.files:
            out += ["--ro-bind", "/dev/null", f"{mount}/{path}"]
        for path in layout.overlay.masks.folders:
            out += ["--ro-bind", layout.overlay.nothing, f"{mount}/{path}"]
    if has_alias(layout.workspace, mount):
        out += ["--symlink", mount, layout.workspace]
    out += ["--remount-ro", "/", "--clearenv"]
    for name, value in {**ENVIRONMENT, **layout.environment}.items():
        out += ["--setenv", name, value]
    return [*out, "--chdir", layout.folder or mount, "--", *layout.command]


def check_masks(masks: Masks) -> None:
    """`SandboxError` if there are more than a box can have."""
    hidden = len(masks.files) + len(masks.folders)
    if hidden > MAX_MASKS:
        raise SandboxError(
            f"{hidden} files of the workspace are to be hidden, more than the {MAX_MASKS} that one box can hide",
            hint="Choose a smaller workspace, or narrower patterns of secret files.",
        )


def _system() -> list[str]:
    out = ["--ro-bind", "/usr", "/usr"]
    for name in ("bin", "sbin", "lib", "lib32", "lib64", "libx32"):
        path = Path("/", name)
        if path.is_symlink():
            out += ["--symlink", os.readlink(path), str(path)]
        elif path.is_dir():
            out += ["--ro-bind", str(path), str(path)]
    return out


@cache
def _proc() -> tuple[str, ...]:
    """INVARIANT: nothing of /proc can be written. A box started by root is kernel uid 0, and many files there ask for nothing else before
    they let it write, or change their mode."""
    out = ["--proc", "/proc"]
    for path in (f"/proc/{name}" for name in _PROC_HIDDEN):
        if os.access(path, os.R_OK):
            out += ["--ro-bind", "/dev/null", path]
    return (*out, "--remount-ro", "/proc")


@cache
def masked_proc() -> tuple[str, ...]:
    """What an engine has to hide of /proc for the same: what shows the machine, and what we could write (engines make the rest of /proc
    read-only themselves)."""
    return tuple(
        f"/proc/{name}"
        for name in sorted(os.listdir("/proc"))
        if not name.isdigit() and not os.path.islink(f"/proc/{name}") and name not in _PROC_READ_ONLY
        if name in _PROC_HIDDEN or _writable(f"/proc/{name}")
    )


def _writable(path: str) -> bool:
    """Whether we may write a file, or any in a folder."""
    if not os.path.isdir(path):
        return os.access(path, os.W_OK)
    return any(os.access(os.path.join(folder, name), os.W_OK) for folder, _, names in os.walk(path) for name in names)


def _etc(text: Callable[[str], int], hosts: str) -> list[str]:
    out: list[str] = []
    for name in _ETC:
        out += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    for name, content in {**_ETC_TEXTS, "hosts": LOCALHOST + hosts}.items():
        out += ["--perms", "0444", "--file", str(text(content)), f"/etc/{name}"]
    return out


def has_alias(workspace: str, mount: str) -> bool:
    """Whether the workspace's real path is free in the box, so that a link from there to the mount can make absolute paths work."""
    taken = (*_TOP_LEVEL_TAKEN, mount)
    return workspace not in ("", "/tmp", "/run") and not any(workspace == top or workspace.startswith(top + "/") for top in taken)
