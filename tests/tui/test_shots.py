"""The kept screens: what each says, cell by cell, and how it is painted. `python tests/tui/test_shots.py` keeps them anew; then look at the
difference, and at the pictures of `tests/tui/shots.py`."""

from __future__ import annotations

import asyncio
import re
import string
import sys
import tempfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from tests.tui.build import bench
from tests.tui.shots import LOOKS, fill, walk
from tui.app import Console

KEPT = Path(__file__).with_name("screens")
VARIES = (
    (re.compile(r"\b[0-9a-f]{4} [0-9a-f]{4} [0-9a-f]{4}\b"), "7f3a 91c2 0be4"),
    (re.compile(r"ed25519 …[0-9a-f]{4}"), "ed25519 …c41e"),
    (re.compile(r"policies (.) [0-9a-f]{4}"), r"policies \1 4f1c"),
    (re.compile(r"proposed [0-9a-f]{4}"), "proposed 7f3a"),
)
"""Seals, keys and digests, which depend on the folder of the run and on the policies; each is replaced by one as long."""
WHAT = [((80, 24), look) for look in LOOKS] + [((160, 50), "")]


def page(app: Console) -> str:
    """The screen as text, and below it the style of each cell as a letter, with what the letters mean."""
    rows = [list(strip) for strip in app.screen._compositor.render_strips()]
    letters: dict[str, str] = {}
    text, styles = [], []
    for row in rows:
        line = "".join(segment.text for segment in row).rstrip()
        for pattern, same in VARIES:
            line = pattern.sub(same, line)
        text.append(line)
        signs = ""
        for segment in row:
            sign = letters.setdefault(str(segment.style), (string.ascii_letters + string.digits)[len(letters)])
            signs += sign * segment.cell_length
        styles.append(re.sub(r"(.)\1{3,}", lambda run: f"{run[1]}({len(run[0])})", signs))
    legend = [f"{sign} {style}" for style, sign in letters.items()]
    return "\n".join([*text, "", *styles, "", *legend, ""])


async def pages(root: Path, size: tuple[int, int], look: str) -> dict[str, str]:
    async with bench(root) as of:
        await fill(of)
        return {f"{name}-{size[0]}{look}": page(app) async for name, app in walk(of, size, LOOKS[look][0])}


@pytest.mark.parametrize(("size", "look"), WHAT, ids=[f"{size[0]}{look}" for size, look in WHAT])
async def test_every_screen_is_as_it_was_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], look: str
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in LOOKS[look][1].items():
        monkeypatch.setenv(name, value)
    found = await pages(tmp_path, size, look)
    assert {path.stem for path in KEPT.glob(f"*-{size[0]}{look}.txt")} == set(found)
    for name, said in found.items():
        assert said == (KEPT / f"{name}.txt").read_text(), name


def keep() -> None:
    """Write all of them anew."""
    import os

    KEPT.mkdir(exist_ok=True)
    for path in KEPT.glob("*.txt"):
        path.unlink()
    for size, look in WHAT:
        os.environ.pop("NO_COLOR", None)
        os.environ.update(LOOKS[look][1])
        with tempfile.TemporaryDirectory() as root:
            for name, said in asyncio.run(pages(Path(root), size, look)).items():
                (KEPT / f"{name}.txt").write_text(said)


if __name__ == "__main__":
    keep()
