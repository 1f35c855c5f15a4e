"""Family D: whatever a program, its names and its agent's words hold, the terminal is told nothing but what the console says."""

from __future__ import annotations

import os
import pty
import re
import select
import struct
import sys
import time
import unicodedata
from pathlib import Path

import pytest

from guard.visible import lines
from tests.tui.build import bench, opened, press, screen_text
from tui.case import CaseScreen

ROOT = Path(__file__).parent.parent.parent
SEQUENCES = re.compile(r"\x1b\[[0-9;:?<>=]*[ -/]*[@-~]|\x1b\][0-9]+;[^\x07\x1b]*(?:\x07|\x1b\\)|\x1bP[^\x1b]*\x1b\\|\x1b[=>78M]|[\r\n]")
"""What a full-screen program sends: cursor, colours, modes. Everything else must be visible text."""


def record(size: tuple[int, int], **environment: str) -> str:
    """All that the console sends to its terminal while it is walked through."""
    import fcntl
    import termios

    child, descriptor = pty.fork()
    if child == 0:
        os.environ.update({"TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", **environment})
        os.execv(sys.executable, [sys.executable, str(Path(__file__).with_name("terminal.py"))])
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
    sent = b""
    end = time.monotonic() + 240
    while time.monotonic() < end:
        if not select.select([descriptor], [], [], 1.0)[0]:
            continue
        try:
            data = os.read(descriptor, 1 << 16)
        except OSError:
            break
        if not data:
            break
        sent += data
    os.waitpid(child, 0)
    return sent.decode("utf-8")


@pytest.mark.parametrize(("size", "environment"), [((80, 24), {}), ((160, 50), {"NO_COLOR": "1"})], ids=["80x24", "160x50 without colour"])
def test_the_terminal_gets_no_control_bidi_or_invisible_character_from_outside(size: tuple[int, int], environment: dict[str, str]) -> None:
    """D1, D2, D4: sequences, hidden characters and Textual's own markup, as a terminal gets them."""
    sent = record(size, **environment)
    assert "WALKED" in sent, sent[-3000:]
    assert "‹U+202E RLO›" in sent
    assert "‹U+001B ESC›" in sent
    assert "\x1b]52" not in sent
    assert "\x1b]8;" not in sent
    assert "\x1b[31mred" not in sent
    rest = SEQUENCES.sub("", sent)
    acting = {
        c for c in rest if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") or (unicodedata.category(c) == "Zs" and c != " ")
    }
    assert acting == set(), {hex(ord(c)) for c in acting}


async def test_a_megabyte_in_one_line_opens_and_reads(tmp_path: Path) -> None:
    async with bench(tmp_path) as of:
        await of.person()
        await of.case(of.effect("fs.write", "a.txt", 1), code="x = '" + "a" * 998_110 + "'")
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "enter", "2", "end", apart=0.6)
            assert isinstance(app.screen, CaseScreen)
            text = "\n".join(screen_text(app))
            assert "end of the program" in text
            assert "a line of 998,116 characters" in text
            assert "rows cannot be reviewed here" in text


async def test_code_is_never_folded_away_or_scrolled_sideways(tmp_path: Path) -> None:
    code = "x = 1" + " " * 300 + "; import os; os.system('true')\n# " + "long " * 60 + "END\n"
    async with bench(tmp_path) as of:
        await of.person()
        await of.case(of.effect("fs.write", "a.txt", 1), code=code)
        async with opened(of) as (app, pilot, hands):
            await press(pilot, hands, "enter", "2", apart=0.6)
            text = "".join(row[9:79].rstrip("\n") for row in screen_text(app))
            assert "‹300 spaces›; import os; os.system('true')" in text
            assert "END" in text
            assert any("↪" in row for row in screen_text(app))


@pytest.mark.parametrize("text", ["x" * 500, "é" * 500, "漢" * 300, "a漢" * 200, "e\u0301" * 200, "\u202e" * 50])
async def test_every_row_fits_its_pane_whatever_the_width_of_its_letters(tmp_path: Path, text: str) -> None:
    from tui.paint import width, wrap

    for one in lines(text):
        rows = wrap(one.text.text, 60)
        assert "".join(one.text.text[a:b] for a, b in rows) == one.text.text
        assert all(width(one.text.text[a:b]) <= 60 for a, b in rows)
