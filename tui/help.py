"""The keys of a screen, and the policies in force: read, and back."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical

from guard.visible import lines, visible
from tui import keys
from tui.paint import Line, line
from tui.panel import Panel
from tui.screens import Dialog
from tui.textview import DocLine, Document, TextView

_TERMS: dict[str, tuple[tuple[str, str], ...]] = {
    keys.QUEUE: (
        ("RWND?", "Classes: reads, writes, network (sending is a write too), destroys, cannot be seen."),
        ("policies 4a42", "The first digits of the digest of the policies in force: they change with each edit."),
        ("ledger ✓ 28", "How many records of what happened were there, unchanged, when they were last verified."),
    ),
    keys.CASE: (
        ("L10", "The line of the program that it comes from; several where which of them did it is not known."),
        ("┊ │", "Left of the program: not shown yet; shown."),
        ("seal", "A digest of program, effects, grant and box, and of what a trial did: what a signature is given to."),
    ),
    keys.TIMELINE: (
        ("proposed, decided, ran", "The seals at these times. A trial changes the seal; what ran must have the seal that was signed."),
        ("ledger ✓ 28", "How many records of what happened were there, unchanged, when they were last verified."),
    ),
}  # fmt: skip
"""What stands on a screen and does not say itself what it is."""

_LONG = """
ReadDialog #box { width: 96%; height: 92%; border: round $primary; background: $background; padding: 0 1; }
ReadDialog TextView { height: 1fr; }
"""


class ReadDialog(Dialog):
    """A document to read; any of `q`, `escape`, `enter` goes back."""

    DEFAULT_CSS: ClassVar[str] = _LONG

    def __init__(self, title: Line, document: Document, *, at: int = 0) -> None:
        """`at`: the line that it begins with."""
        super().__init__()
        self._heading, self._document, self._at = title, document, at

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Panel(id="what", most=2)
            yield TextView(id="text")
            yield Panel(id="status", most=1)

    def on_mount(self) -> None:
        self.query_one("#what", Panel).show([self._heading])
        view = self.query_one(TextView)
        view.show(self._document)
        self.call_after_refresh(view.lead, self._at)
        self.say(line(("j k scroll   esc back", "dim")))

    async def pressed(self, key: str) -> bool:
        view = self.query_one(TextView)
        moves = {
            "j": 1,
            "down": 1,
            "k": -1,
            "up": -1,
            "space": view.size.height - 1,
            "pagedown": view.size.height // 2,
            "pageup": -view.size.height // 2,
        }
        if key in moves:
            view.scroll_rows(moves[key])
            return True
        if key in ("q", "enter", "question_mark"):
            self.dismiss(None)
            return True
        return await super().pressed(key)


class HelpDialog(ReadDialog):
    """The keys of a screen, from the table."""

    def __init__(self, face: str) -> None:
        told = [(_signs(key), key.word, key.help) for key in keys.on(face)] + [("^p", "all commands", "Commands by name; themes.")]
        wide = [max(len(row[i]) for row in told) + 2 for i in (0, 1)]
        rows = [
            DocLine(body=line((signs.ljust(wide[0]), "key"), word.ljust(wide[1]), (said, "dim")), hang=sum(wide))
            for signs, word, said in told
        ]
        if terms := _TERMS.get(face, ()):
            first = max(sum(wide), max(len(term) for term, _ in terms) + 2)
            rows.append(DocLine(body=Line()))
            rows += [DocLine(body=line((term.ljust(first), "bold"), (said, "dim")), hang=first) for term, said in terms]
        super().__init__(line((f"Keys: {face}", "strong")), Document(lines=tuple(rows), prose=True))


class PolicyDialog(ReadDialog):
    """The policies in force; the named ones are marked."""

    def __init__(self, files: tuple[tuple[str, str], ...], named: frozenset[str] = frozenset()) -> None:
        rows: list[DocLine] = []
        for file, text in files:
            if not file.endswith(".cedar"):
                continue
            rows.append(DocLine(body=line((visible(file), "tab"))))
            for one in lines(text):
                speaks = any(f'@id("{policy}")' in one.text.text for policy in named)
                rows.append(DocLine(body=line(("▶ " if speaks else "  ", "warn")) + Line(one.text), hang=4))
        head = line(("Policies in force", "strong"), "   ▶ asks for something here" if named else "")
        super().__init__(
            head, Document(lines=tuple(rows), prose=True), at=next((i for i, row in enumerate(rows) if row.body.text.text[0] == "▶"), 0)
        )


def _signs(key: keys.Key) -> str:
    """All keys of an action, as short as they are known by."""
    short = {"escape": "esc", "pagedown": "pgdn", "pageup": "pgup"}
    others = [short.get(name, name) for name in key.keys[1:] if name not in ("down", "up")]
    return " ".join((key.label, *others))
