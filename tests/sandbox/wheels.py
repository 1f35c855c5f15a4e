"""Small wheels made on the spot, and pip told to look nowhere else."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest


def wheel(folder: Path, name: str, version: str = "1.0", *, needs: str = "", value: str = "here", script: bool = False) -> Path:
    """A wheel with one module that has one `value`."""
    info = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n" + (f"Requires-Dist: {needs}\n" if needs else "")
    files = {
        f"{name}.py": f"value = {value!r}\ndef main():\n    print('script', value)\n",
        f"{info}/METADATA": metadata,
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    if script:
        files[f"{info}/entry_points.txt"] = f"[console_scripts]\nrun-{name} = {name}:main\n"
    files[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    made = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(made, "w") as out:
        for path, text in files.items():
            out.writestr(zipfile.ZipInfo(path), text)
    return made


def index(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels that is all that pip knows: tiny needs small; nothing of a registry."""
    folder.mkdir()
    wheel(folder, "tiny", needs="small>=1", script=True)
    wheel(folder, "small", "1.5")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    return folder
