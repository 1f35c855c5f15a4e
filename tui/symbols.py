"""Terminals that do not speak UTF-8: every sign of the console has an ASCII one of the same width; outside text that has none is read only.

Its last step is a filter over what is painted, so that no screen needs to know.
"""

from __future__ import annotations

from collections.abc import Mapping

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_SIGNS = "‹< ›> ✱* │| ┊: ▌> ▶> ▸> ◂< ●* ✓v ✖x ↪+ →> ←< ↑^ ↓v ⏎< …~ –- −- —- ·- █# ░. “\" ”\" ‘' ’' ␍r ─- ━- ═= ║| ┃|"
_FRAMES = "╭╮╰╯┌┐└┘┏┓┗┛├┤┬┴┼"
_BLOCKS = "▁▂▃▄▅▆▇▊▋▍▎▏▔▕▖▗▘▝▀▐▉"
_TABLE = (
    {ord(pair[0]): pair[1] for pair in _SIGNS.split(" ")} | dict.fromkeys(map(ord, _FRAMES), "+") | dict.fromkeys(map(ord, _BLOCKS), "|")
)


def speaks_utf8(environment: Mapping[str, str]) -> bool:
    """Whether the locale names UTF-8, or nothing: the first of LC_ALL, LC_CTYPE and LANG that is set counts, as in POSIX."""
    named = next((environment[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if environment.get(name)), "UTF-8")
    return "utf8" in named.lower().replace("-", "")


def ascii_text(text: str) -> str:
    """The same in ASCII, cell by cell: what has no sign of its own becomes a question mark."""
    if text.isascii():
        return text
    from tui.paint import width

    return "".join(one if one.isascii() else "?" * width(one) for one in text.translate(_TABLE))


def has_signs(text: str) -> bool:
    """Whether nothing of a text is lost in ASCII."""
    return text.translate(_TABLE).isascii()


class Ascii(LineFilter):
    """Turns what is painted into ASCII."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        return [Segment(ascii_text(text), style, control) for text, style, control in segments]
