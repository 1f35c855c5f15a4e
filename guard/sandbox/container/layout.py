"""What a container sees: the folders of one run -> a `Container` for the engine. Everything not named here is the image, read-only."""

# ruff: noqa: S108 - these are folders inside the box

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from guard.errors import SandboxError
from guard.model import Limits
from guard.sandbox.container.engine import Container
from guard.sandbox.layout import LOCALHOST, PROGRAM, SHM_BYTES, TMP_BYTES, Overlay, check_masks, has_alias

INIT = Path(__file__).with_name("init.py").read_text()
_INSIDE = str(Path(PROGRAM).parent)
_CLOSED = ("/run", "/var/tmp", "/dev/mqueue", "/sys", "/sys/fs/cgroup")
"""Folders that an engine would make writable, or that show the machine."""


_CERTIFICATES = ("/etc/ssl/certs", "/etc/pki/tls/certs", "/etc/pki/ca-trust/extracted")
"""Whom programs trust on the network is what this machine says, not what an image says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerLayout:
    """One box, laid out on the disk."""

    folder: Path
    """Where the socket goes; the box sees it as /run/guard."""
    binds: tuple[tuple[str, str], ...]
    memory: dict[str, str]
    mount: str
    overlay: Overlay | None = None
    lower: Path = Path()
    """A link to the workspace: its own path may hold what mount options cannot."""
    links: tuple[tuple[str, str], ...] = ()
    """(target, link) that the first process makes, in the box's own temporary folder."""
    limits: Limits = field(default_factory=Limits)

    def container(self, name: str, image: str) -> Container:
        return Container(
            name=name,
            image=image,
            command=("python3", "-I", "-S", f"{_INSIDE}/init.py", f"{_INSIDE}/socket"),
            binds=self.binds,
            volume=(name, self.mount) if self.overlay else None,
            memory=self.memory,
            limits=self.limits,
        )


def lay_out(
    folder: Path,
    *,
    files: Sequence[tuple[str, str]],
    mount: str,
    overlay: Overlay | None,
    limits: Limits,
    hosts: str = "",
    workspace: str = "",
) -> ContainerLayout:
    """Make what a box needs in the private folder of its run. `files` are what it sees of the outside, read-only: (outside, inside), the
    program among them; `workspace` is the path by which programs may call it too. `SandboxError` for what a container cannot have."""
    inside = folder / "guard"
    inside.mkdir(mode=0o755)
    _write(inside / "init.py", INIT.encode())
    _write(folder / "hosts", (LOCALHOST + hosts).encode())
    _write(folder / "empty", b"")
    (folder / "hidden").touch(mode=0)
    for outside, path in files:
        if Path(path).parent == Path(_INSIDE):  # a place to mount it on: the folder is read-only in the box
            place = inside / Path(path).name
            place.mkdir() if Path(outside).is_dir() else place.touch()
    binds = [(str(inside), _INSIDE), (str(folder / "hosts"), "/etc/hosts"), (str(folder / "empty"), "/etc/resolv.conf"), *files]
    binds += [(path, path) for path in _CERTIFICATES if Path(path).is_dir()]
    lower = folder / "lower"
    if overlay is not None:
        check_masks(overlay.masks)
        lower.symlink_to(overlay.lower)
        binds += [(str(folder / "hidden"), f"{mount}/{path}") for path in overlay.masks.files]
        binds += [(overlay.nothing, f"{mount}/{path}") for path in overlay.masks.folders]
    links = _alias(folder / "alias", Path(workspace), mount, binds) if workspace else []
    for outside, path in binds:
        if ":" in outside + path:
            raise SandboxError(f"{path} cannot be shown or hidden in a container, since its name holds a colon", hint="Rename it.")
    return ContainerLayout(
        folder=inside, binds=tuple(binds), memory=_memory(limits, mount, overlay), mount=mount, overlay=overlay,
        lower=lower, links=tuple(links), limits=limits,
    )  # fmt: skip


def _memory(limits: Limits, mount: str, overlay: Overlay | None) -> dict[str, str]:
    """Temporary file systems: those that a program may fill, within its limits, and those that are put over what it must not see."""
    found = {path: "ro,size=4k,mode=0755" for path in _CLOSED}
    found["/tmp"] = f"size={min(TMP_BYTES, limits.disk_bytes)},mode=1777"
    found["/dev/shm"] = f"size={min(SHM_BYTES, limits.disk_bytes)},mode=1777"
    if overlay is None:
        found[mount] = f"size={min(TMP_BYTES, limits.disk_bytes)},mode=1777"
    return found


def _alias(folder: Path, workspace: Path, mount: str, binds: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """A link from the workspace's real path to the mount: a folder with this link in the place of the one that the workspace lies in,
    or, in /tmp, a link that the first process makes."""
    if not has_alias(str(workspace), mount) or workspace.parent == Path("/"):
        return []
    if workspace.is_relative_to("/tmp"):
        return [(mount, str(workspace))]
    folder.mkdir(mode=0o755)
    (folder / workspace.name).symlink_to(mount)
    binds.append((str(folder), str(workspace.parent)))
    return []


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    path.chmod(0o444)
