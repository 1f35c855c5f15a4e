"""Every key of the console in one table: footer, `?`, command palette and what happens all come from it."""

from __future__ import annotations

from dataclasses import dataclass

QUEUE, CASE, HISTORY, TIMELINE, GRANTS, EDIT, DIALOG = "queue", "case", "history", "timeline", "grants", "edit", "dialog"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One thing that can be done on some screens."""

    keys: tuple[str, ...]
    """As Textual names them; the first is shown."""
    action: str
    word: str
    """What the footer says."""
    help: str
    """One sentence for `?`."""
    on: tuple[str, ...]
    footer: int = 0
    """Its place in the footer, from the left; 0: only in `?`."""
    decides: bool = False
    """Never taken from a burst of keys, a paste or a held key."""
    spare: bool = False
    """Left out of the footer first, where it has no room."""
    sign: str = ""
    """How the key is written, if not by its name."""

    @property
    def label(self) -> str:
        return self.sign or self.keys[0]


_LISTS = (QUEUE, HISTORY)
_MOVES = (*_LISTS, CASE, TIMELINE, GRANTS)
KEYS: tuple[Key, ...] = (
    Key(keys=("enter",), action="open", word="open", help="Open the case at the cursor.", on=_LISTS, footer=1, decides=True, sign="⏎"),
    Key(keys=("enter",), action="record", word="record", help="The whole record of the event.", on=(TIMELINE,), footer=1, sign="⏎"),
    Key(keys=("c",), action="case", word="case", help="The case itself: program, effects, changes.", on=(TIMELINE,), footer=2),
    Key(keys=("enter",), action="jump", word="jump", help="From an effect to its line, from a line to its effect.", on=(CASE,), sign="⏎"),
    Key(keys=("space",), action="read", word="read", help="Show the next thing not shown yet.", on=(CASE,), footer=1),
    Key(keys=("space",), action="preview", word="scroll", help="Scroll the preview.", on=(QUEUE,)),
    Key(keys=("slash",), action="filter", word="filter",
        help="Filter: class:D agent:NAME host:NAME is:new left<10m WORD.", on=_LISTS, footer=2, sign="/"),
    Key(keys=("o",), action="order", word="order", help="Order by risk, expiry, age or agent.", on=(QUEUE,), footer=3, spare=True),
    Key(keys=("asterisk",), action="mark", word="mark like",
        help="Mark all that do the same to the same things: r rejects them; a in one approves those you read.", on=(QUEUE,), sign="*"),
    Key(keys=("u",), action="new", word="show new", help="Sort in the cases that came since.", on=(QUEUE,)),
    Key(keys=("slash",), action="find", word="find", help="Find a text in what is shown; again: the next.", on=(CASE,), sign="/"),
    Key(keys=("n",), action="next", word="next effect",
        help="Next effect, worst first; in the diff the next change.", on=(CASE,), footer=2, spare=True),
    Key(keys=("N",), action="previous", word="previous", help="The one before.", on=(CASE,)),
    Key(keys=("a",), action="approve", word="approve",
        help="Approve what was shown, after a last look.", on=(CASE,), footer=3, decides=True),
    Key(keys=("a",), action="approve_opened", word="approve", help="Only in an opened case, once it was read.", on=(QUEUE,)),
    Key(keys=("r",), action="reject", word="reject",
        help="Reject, with a reason that the agent reads.", on=(QUEUE, CASE), footer=4, decides=True),
    Key(keys=("e",), action="edit", word="edit",
        help="Edit the program; the edit is judged as a new case.", on=(CASE,), footer=5, decides=True),
    Key(keys=("m",), action="ask", word="ask",
        help="Ask the agent something; the case waits on.", on=(CASE,), footer=6, decides=True),
    Key(keys=("ctrl+e",), action="editor", word="$EDITOR", help="Edit it in $EDITOR.", on=(CASE,), decides=True, sign="^e"),
    Key(keys=("d",), action="whole", word="whole or diff", help="An edited program: whole, or against what it was.", on=(CASE,)),
    Key(keys=("w",), action="while", word="for a while",
        help="Approve it and its like for a while: a permit, its text shown first.", on=(CASE,), footer=7, decides=True),
    Key(keys=("w",), action="grants", word="grants", help="What is approved for a while: list and revoke.", on=(QUEUE,), footer=7),
    Key(keys=("enter",), action="open", word="open case",
        help="The case that it was given for.", on=(GRANTS,), footer=1, decides=True, sign="⏎"),
    Key(keys=("r",), action="revoke", word="revoke", help="End it now, after asking.", on=(GRANTS,), footer=2, decides=True),
    Key(keys=("h",), action="history", word="history", help="Past cases.", on=(QUEUE,), footer=6),
    Key(keys=("h",), action="history", word="history", help="Past cases.", on=(CASE,)),
    Key(keys=("b",), action="rollback", word="roll back",
        help="Put back what this case changed, after asking.", on=(TIMELINE, CASE), footer=3, decides=True, spare=True),
    Key(keys=("v",), action="verify", word="verify", help="Verify the ledger, entry by entry.", on=(HISTORY, TIMELINE), footer=4),
    Key(keys=("v",), action="verify", word="verify", help="Verify the ledger, entry by entry.", on=(QUEUE,)),
    Key(keys=("p",), action="policies", word="policies", help="The policies in force, with their reasons.", on=(QUEUE, CASE)),
    Key(keys=("y",), action="copy", word="copy", help="Copy the case's number (queue) or its text, escaped.", on=(QUEUE, CASE)),
    Key(keys=("1",), action="tab_1", word="effects", help="What it would do.", on=(CASE,)),
    Key(keys=("2",), action="tab_2", word="code", help="The program.", on=(CASE,)),
    Key(keys=("3",), action="tab_3", word="diff or result", help="What it changed and printed, once it was tried or ran.", on=(CASE,)),
    Key(keys=("4",), action="tab_4", word="grant", help="What the box would let out.", on=(CASE,)),
    Key(keys=("5",), action="tab_5", word="past cases", help="Similar cases and how they ended.", on=(CASE,)),
    Key(keys=("6",), action="tab_6", word="agent says", help="What the agent says of it; nobody checked that.", on=(CASE,)),
    Key(keys=("tab",), action="pane", word="pane", help="The other pane, or the next tab.", on=(CASE,)),
    Key(keys=("j", "down"), action="down", word="down", help="Down.", on=_MOVES, sign="j ↓"),
    Key(keys=("k", "up"), action="up", word="up", help="Up.", on=_MOVES, sign="k ↑"),
    Key(keys=("J",), action="next_case", word="next case", help="The next case of the queue.", on=(CASE,)),
    Key(keys=("K",), action="previous_case", word="previous case", help="The case before.", on=(CASE,)),
    Key(keys=("ctrl+d", "pagedown"), action="page_down", word="page down",
        help="Half a page down.", on=_MOVES, sign="^d"),
    Key(keys=("ctrl+u", "pageup"), action="page_up", word="page up", help="Half a page up.", on=_MOVES, sign="^u"),
    Key(keys=("g", "home"), action="top", word="top", help="To the top.", on=_MOVES),
    Key(keys=("G", "end"), action="bottom", word="bottom", help="To the end.", on=_MOVES),
    Key(keys=("question_mark",), action="help", word="keys",
        help="The keys of this screen.", on=_MOVES, footer=8, sign="?"),
    Key(keys=("q", "escape"), action="back", word="back", help="Back.", on=(CASE, HISTORY, TIMELINE, GRANTS), footer=9),
    Key(keys=("q",), action="quit", word="quit", help="Leave the console; nothing is left half done.", on=(QUEUE,), footer=9),
    Key(keys=("escape",), action="clear", word="clear", help="Clear the filter.", on=(QUEUE,), sign="esc"),
)  # fmt: skip

DECIDES_IN_DIALOGS = frozenset({"enter", "ctrl+s"})
"""Keys that press something in a dialog. Space is none of them: it is a letter of what is typed there."""


def on(screen: str) -> tuple[Key, ...]:
    """The keys of a screen."""
    return tuple(key for key in KEYS if screen in key.on)


def footer(screen: str) -> tuple[Key, ...]:
    """The keys that its footer names, from the left."""
    return tuple(sorted((key for key in on(screen) if key.footer), key=lambda key: key.footer))


def find(screen: str, pressed: str) -> Key | None:
    """What a key does on a screen."""
    return next((key for key in on(screen) if pressed in key.keys), None)
