"""The Python environment of the box: packages that programs may import, apart from guard's own and never installed at run time.

One per state folder. Every change makes a new one from nothing: pip resolves and downloads what was asked for, the lock file has the hash
of every package, and only what the lock file names is installed. Wheels alone are taken, since building anything would run its code
outside of the box. A guard keeps the environment that it started with; one that nobody holds any more is removed at the next change.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from guard.errors import BadInput, SandboxError
from guard.sandbox.language import ENVIRONMENT, interpreter

LOCK = "lock.txt"
_ASKED = "# asked: "
_REQUIREMENT = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?(\[[A-Za-z0-9._,-]+\])?([<>=!~]=?[A-Za-z0-9.*+!<>=~,_-]+)?")
_ONLY = ("--only-binary", ":all:", "--no-input", "--disable-pip-version-check")


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """One environment as it lies on disk. Nothing in it changes any more."""

    folder: Path
    digest: str
    """Of the lock file."""
    asked: tuple[str, ...]
    """What people asked for, as they wrote it; the rest came along."""
    packages: tuple[tuple[str, str], ...]
    """(name, version), by name."""

    @property
    def words(self) -> str:
        """For people, and for the seal."""
        named = {plain(one) for one in self.asked}
        first = [f"{name} {version}" for name, version in self.packages if plain(name) in named]
        more = len(self.packages) - len(first)
        return f"{', '.join(first)}{f' and {more} more' if more else ''} (lock {self.digest[:16]})"


def plain(requirement: str) -> str:
    """The name in a requirement, as package indexes compare names."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~]", requirement, maxsplit=1)[0]).lower()


class Environments:
    """The environments of one state folder: at most one is current."""

    def __init__(self, state: Path) -> None:
        self._root = state / "environments"

    def current(self) -> Environment | None:
        """The one that the next guard takes. `SandboxError` if it is named and is not there."""
        try:
            name = (self._root / "current").read_text("ascii").strip()
        except FileNotFoundError:
            return None
        return _read(self._root / name)

    def hold(self) -> tuple[Environment | None, int]:
        """The current one with a descriptor: as long as that is open nobody removes it. -1 if there is none."""
        if not self._root.is_dir():
            return None, -1
        with self._locked(".switching", fcntl.LOCK_SH):
            found = self.current()
            if found is None:
                return None, -1
            held = os.open(found.folder / LOCK, os.O_RDONLY | os.O_CLOEXEC)
            fcntl.flock(held, fcntl.LOCK_SH)
        return found, held

    @contextmanager
    def _locked(self, name: str, how: int) -> Iterator[None]:
        with (self._root / name).open("w") as lock:
            fcntl.flock(lock, how)
            yield

    def change(self, asked: Sequence[str], *, tell: Callable[[str], None], shown: bool = False) -> Environment | None:
        """Make an environment of exactly these requirements the current one; of none: there is none any more.

        `tell` hears what is being done; `shown`: pip shows its progress on stderr. Raises `BadInput` for what is no requirement,
        `SandboxError` if pip refuses: then nothing changed.
        """
        for one in asked:
            if not _REQUIREMENT.fullmatch(one):
                raise BadInput(f"{one!r} is not a package name, or a name with versions", hint="Such as pandas, or 'pandas>=2,<3'.")
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._locked(".changing", fcntl.LOCK_EX):
            made = self._make(sorted(asked, key=plain), tell, shown) if asked else None
            with self._locked(".switching", fcntl.LOCK_EX):  # nobody is about to hold what goes
                self._point_to(made)
                self._remove_others(made)
        return made

    def _make(self, asked: Sequence[str], tell: Callable[[str], None], shown: bool) -> Environment:
        building = Path(tempfile.mkdtemp(prefix=".new-", dir=self._root))
        try:
            _venv(building)
            wheels = building / "wheels"
            tell(f"Resolving {', '.join(asked)} …")
            _pip(building, "download", "--dest", str(wheels), *asked, shown=shown)
            lock = f"# Python: {os.path.realpath(interpreter())}\n{_ASKED}{' '.join(asked)}\n{_lock(wheels)}"
            final = self._root / hashlib.sha256(lock.encode()).hexdigest()[:32]
            if final.exists():
                return _read(final)
            (building / LOCK).write_text(lock)
            tell(f"Installing {lock.count('--hash')} packages …")
            alone = ("--no-index", "--find-links", str(wheels), "--no-deps", "--ignore-installed", "--require-hashes")
            _pip(building, "install", *alone, "-r", str(building / LOCK), shown=shown)
            shutil.rmtree(wheels)
            _move_scripts(building)
            building.rename(final)
            return _read(final)
        finally:
            shutil.rmtree(building, ignore_errors=True)

    def _point_to(self, made: Environment | None) -> None:
        current = self._root / "current"
        if made is None:
            current.unlink(missing_ok=True)
            return
        aside = self._root / ".current"
        aside.write_text(made.folder.name, "ascii")
        aside.replace(current)

    def _remove_others(self, kept: Environment | None) -> None:
        """Remove what nobody holds; also what a guard that died was making."""
        for folder in self._root.iterdir():
            if not folder.is_dir() or (kept and folder == kept.folder):
                continue
            with suppress(BlockingIOError), ExitStack() as stack:
                with suppress(FileNotFoundError):
                    fcntl.flock(stack.enter_context((folder / LOCK).open()), fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)


def _read(folder: Path) -> Environment:
    try:
        lock = (folder / LOCK).read_bytes()
    except OSError as error:
        what = f"the box's environment {folder} cannot be read: {error.strerror}"
        raise SandboxError(what, hint="Remove the file `current` beside it, then `guard env add` makes a new one.") from error
    lines = lock.decode().splitlines()
    asked = next((line.removeprefix(_ASKED).split(" ") for line in lines if line.startswith(_ASKED)), [])
    pinned = [line.split(" ")[0].split("==") for line in lines if "--hash=" in line]
    return Environment(
        folder=folder,
        digest=hashlib.sha256(lock).hexdigest(),
        asked=tuple(asked),
        packages=tuple((name, version) for name, version in pinned),
    )


def _venv(folder: Path) -> None:
    """An empty environment on the Python that the box runs, which sees what that Python has."""
    command = [interpreter(), "-I", "-m", "venv", "--without-pip", "--system-site-packages", str(folder)]
    made = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if made.returncode:
        said = (made.stderr or made.stdout).strip().rpartition("\n")[2]
        raise SandboxError(f"{interpreter()} cannot make an environment: {said}", hint="On Debian and Ubuntu: apt install python3-venv")


def _lock(wheels: Path) -> str:
    """Every wheel as a pinned requirement with the hash of its bytes."""
    found = []
    for path in wheels.iterdir():
        name, version = path.name.split("-")[:2]
        found.append(f"{name.replace('_', '-')}=={version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n")
    return "".join(sorted(found, key=str.lower))


def _pip(building: Path, verb: str, *arguments: str, shown: bool = False) -> None:
    runs = sys.executable if importlib.util.find_spec("pip") else interpreter()
    command = [runs, "-I", "-m", "pip", "--python", str(building / "bin" / "python"), verb, *_ONLY, *arguments]
    # In a folder of its own: nothing that lies about is taken for a package.
    done = subprocess.run(
        command, cwd=building, stdin=subprocess.DEVNULL, stdout=sys.stderr if shown else subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, errors="replace", check=False,
    )  # fmt: skip
    if done.returncode:
        said = [line for line in (done.stderr or "").splitlines() if line.startswith("ERROR:")] or (done.stderr or "").splitlines()[-1:]
        hint = "Nothing was changed. Only wheels are taken: building a package would run its code here, outside of the box."
        if "No module named pip" in (done.stderr or ""):
            hint = "Install pip beside guard: python -m ensurepip"
        raise SandboxError(f"pip: {' '.join(line.removeprefix('ERROR: ') for line in said[:3]) or 'it failed'}", hint=hint)


def _move_scripts(building: Path) -> None:
    """Console scripts name their interpreter by its path: by the one that it has in the box."""
    here, there = f"#!{building}/bin/".encode(), f"#!{ENVIRONMENT}/bin/".encode()
    for script in (building / "bin").iterdir():
        if script.is_file() and not script.is_symlink():
            text = script.read_bytes()
            if text.startswith(here):
                script.write_bytes(there + text.removeprefix(here))
