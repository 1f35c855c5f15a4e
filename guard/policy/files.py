"""What guard itself writes into the policies folder: the file of standing grants, whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from guard.errors import PolicyError
from guard.standing_grants import FILE


def write_standing(folder: Path, text: str) -> None:
    """Replace the grants file by `text`. `PolicyError` if the folder cannot be written."""
    try:
        descriptor, name = tempfile.mkstemp(dir=folder, prefix=".grants-")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(file.fileno(), 0o644)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, folder / FILE)
    except OSError as error:
        raise PolicyError(f"{folder / FILE} cannot be written: {error.strerror}", hint="Check the folder's permissions.") from None
