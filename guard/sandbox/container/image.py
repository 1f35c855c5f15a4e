"""The image that containers are made of: from Debian's packages, so that no registry is needed, or from a base image that has Python.

An image is known by its id, a digest of all that is in it; that is what a seal names, not the image's name.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

from guard.errors import BadInput, SandboxError
from guard.sandbox.container.engine import Engine

PACKAGES = ("python3", "bash", "dash", "coreutils", "sed", "grep", "findutils", "mawk", "diffutils", "tar", "gzip")
"""What programs in the box may use. Libraries of their own come with the box's environment."""

_BUILD_SECONDS = 900
_CHECKED = "FROM {base}\nLABEL guard.base={label}\nRUN python3 -c 'import sys; sys.exit(sys.version_info < (3, 9))'\n"


def from_packages(engine: Engine, name: str, *, suite: str = "") -> str:
    """Make an image of Debian's packages (of this machine's Debian, unless another suite is named); its id.

    Needs the program mmdebstrap and a mirror of Debian, no root. Raises `SandboxError` with what they said.
    """
    with tempfile.TemporaryDirectory(prefix="guard-image-") as folder:
        tree = Path(folder) / "image.tar"
        command = ["mmdebstrap", "--quiet", "--variant=extract", f"--include={','.join(PACKAGES)}", suite or _suite(), str(tree)]
        try:
            ran = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=_BUILD_SECONDS, check=False)
        except FileNotFoundError:
            raise SandboxError(
                "mmdebstrap, which makes an image of Debian's packages, is not installed",
                hint="Install it (apt install mmdebstrap), or name an image that has Python: guard image build --from python:3.12-slim",
            ) from None
        except subprocess.TimeoutExpired:
            raise SandboxError(f"mmdebstrap took longer than {_BUILD_SECONDS} s", hint="Is a mirror of Debian reachable?") from None
        if ran.returncode:
            said = ran.stderr.decode(errors="replace").strip().splitlines()[-3:]
            raise SandboxError(
                f"mmdebstrap failed: {' / '.join(said)}", hint="Is a mirror of Debian reachable, and the suite's name right?"
            )
        engine.load(tree, name)
    return engine.image(name)


def from_base(engine: Engine, name: str, base: str) -> str:
    """Make an image of another one, which the engine has or can fetch and which must have Python 3.9 or newer; its id."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._:/@-]{0,255}", base):
        raise BadInput(f"{base!r} is not the name of an image", hint="Such as docker.io/library/python:3.12-slim.")
    engine.build(_CHECKED.format(base=base, label=base), name)
    return engine.image(name)


def _suite() -> str:
    """The name of this machine's Debian release; "stable" on another system."""
    try:
        lines = Path("/etc/os-release").read_text().splitlines()
    except OSError:
        return "stable"
    known = dict(line.split("=", 1) for line in lines if "=" in line)
    codename = known.get("VERSION_CODENAME", "").strip('"')
    return codename if known.get("ID") == "debian" and codename else "stable"
