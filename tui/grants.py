"""Approve for a while, and what was approved for a while: a permit of the narrowest sensible shape, its text shown before it is written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from guard.desk import Draft, Offer
from guard.errors import BadInput, GuardError
from guard.model import Case, Decision, Person, Resource, ResourceType, Standing, Verdict
from guard.visible import Visible, lines, visible, words
from guard.words import count, name
from tui import keys
from tui.app import Console
from tui.button import Push
from tui.choices import Choice, Choices
from tui.document import asking
from tui.fields import Editor, Field
from tui.listing import Listing
from tui.listscreen import ListFace
from tui.notices import Notice
from tui.paint import Line, columns, line
from tui.panel import Panel
from tui.phrases import number, sentence
from tui.reading import PartRead
from tui.screens import Dialog, Footer
from tui.signing import MOMENT, SigningDialog
from tui.textview import DocLine, Document, TextView

LASTS = (
    ("15 min", timedelta(minutes=15)),
    ("1 hour", timedelta(hours=1)),
    ("8 hours", timedelta(hours=8)),
    ("7 days, the limit", timedelta(days=7)),
)
USES = (1, 10, 50)
UNSEEN = line(("pgdn shows the rest of the text, which must be seen", "warn"))
MOST_NAMED = 6
"""Released cases that are named; more are counted."""
MOST_PLACES = 4
"""Grants for more places than this are given on the command line, where their text has all the room it needs."""


def text_document(text: str) -> Document:
    """Policy text, all of which must be shown."""
    return Document(lines=tuple(DocLine(body=Line(one.text)) for one in lines(text.rstrip("\n"))))


class WhileDialog(SigningDialog):
    """Lets a case and its like run for a while. Every ladder starts at its narrowest, but time and times."""

    DEFAULT_CSS: ClassVar[str] = "WhileDialog TextView { height: 8; }"

    def __init__(self, case: Case, notices: Sequence[Notice], offers: Sequence[Offer]) -> None:
        super().__init__(case, notices)
        self._offers = tuple(offers)
        self.draft: Draft | None = None
        self._part = PartRead()

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Panel(id="what", most=2)
            yield Choices([*self._ladders(), _TIME, _TIMES], id="choices")
            yield Panel(id="joins", most=1)
            yield TextView(id="text")
            yield Panel(id="does", most=5)
            yield from self.proofs()
            yield self.buttons("Sign the grant")

    def _ladders(self) -> list[Choice]:
        several = len(self._offers) > 1
        ladders = []
        for offer in self._offers:
            label = visible(_verb(offer)) if several else words("where")
            ladders.append(Choice(label=label, options=tuple(place(rung, self.case) for rung in offer.rungs)))
        return ladders

    def on_mount(self) -> None:
        agent = visible(self.case.submission.agent)
        head = line((f"Approve {number(self.case.id)} and its like for a while", "strong"), ("   ↑↓   → is wider", "dim"))
        self.query_one("#what", Panel).show([head, line((" who     ", "dim"), (agent, "strong"), ", and no other agent")])
        self.query_one("#joins", Panel).show([line(("This text joins the policies, and nothing else:", "dim"))])
        self.query_one(Choices).focus()
        self._compute()

    def on_resize(self) -> None:
        self._fit()

    def _fit(self) -> None:
        """All of the text, if it has room; otherwise it scrolls."""
        other = 5 + len(self._offers) + 2 + len(self.query_one("#does", Panel).lines) + self.proof_rows + 2
        view = self.query_one(TextView)
        rows = max(3, min(view.rows, self.app.size.height - other))
        view.styles.height = rows
        if rows < view.rows:
            self.say(UNSEEN)

    @on(Choices.Chosen)
    def _chosen(self) -> None:
        self.draft = None
        self.liven()
        self._compute()

    @work(exclusive=True, group="draft")
    async def _compute(self) -> None:
        """The text of what is chosen, and what it would do."""
        self.query_one("#does", Panel).show([line(("Now   …", "dim"))])
        *rungs, time, times = self.query_one(Choices).chosen
        console = self.console_app
        assert console.me is not None
        try:
            draft = await console.desk.draft(self.case, person=console.me.name, rungs=rungs, lasts=LASTS[time][1], uses=USES[times])
        except GuardError as error:
            self.say(line(("✖ ", "bad"), visible(sentence(error))))
            return
        if not self.alive:
            return
        self.draft = draft
        document = text_document(draft.text)
        self._part = PartRead(needed=tuple(document.needed()))
        self.query_one(TextView).show(document, self._part)
        self.query_one("#does", Panel).show(self._does(draft))
        self._fit()
        self.liven()

    def _does(self, draft: Draft) -> list[Line]:
        said = [line(("That is  ", "dim"), visible("; ".join(one.what for one in draft.grants)))]
        others = [number(one) for one in draft.releases if one != self.case.id]
        mine = "releases this case" if draft.still is None else f"does not release this case: {self._still(draft.still)}"
        more = f", and {len(others)} more: {' '.join(others[:MOST_NAMED])}{' …' if len(others) > MOST_NAMED else ''}" if others else ""
        said.append(line(("Now      ", "dim"), (visible(mine + more), "" if draft.still is None else "warn")))
        if draft.past:
            said.append(line(("Past     ", "dim"), f"would have covered {draft.covered} of the last {draft.past} programs of this agent"))
        if any(offer.rungs[0].type in (ResourceType.ENDPOINT, ResourceType.DOMAIN) for offer in self._offers):
            said.append(line(("Note     ", "dim"), "over HTTPS guard sees the host only, not what is sent there"))
        return said

    def _still(self, decision: Decision) -> str:
        """What holds the case all the same, and which policy wants it."""
        rules = asking(decision) or "no policy that permits it"
        return f"refused by {rules}" if decision.verdict is Verdict.DENY else f"{self.console_app.desk.owed(decision)} by {rules}"

    @on(TextView.Shown)
    def _shown(self) -> None:
        self.liven()

    def lacks(self) -> Line | None:
        if self.draft is None:
            return MOMENT
        return UNSEEN if self._part.missing() else super().lacks()

    def typed_into(self, key: str) -> Field | Editor | None:
        return None if key == "space" and self.focused is self.query_one(Choices) else super().typed_into(key)

    async def pressed(self, key: str) -> bool:
        view, choices = self.query_one(TextView), self.query_one(Choices)
        page = max(1, view.size.height - 1)
        moves = {"pagedown": page, "pageup": -page} | ({"space": page} if self.focused is choices else {})
        if key in moves and view.rows > view.size.height:
            view.scroll_rows(moves[key])
            return True
        if key in ("up", "down"):
            self.set_focus(choices)
        if key == "enter" and self.focused is choices:
            self.focus_next()
            return True
        return await super().pressed(key)

    async def sign(self, me: Person) -> Line:
        draft, console = self.draft, self.console_app
        assert draft is not None
        answer = await console.desk.give(draft, signer=console.signer)
        if answer.refused is not None:
            return line(("! Not taken: ", "warn"), visible(answer.refused.why))
        numbers = ", ".join(number(one) for one in draft.releases[:MOST_NAMED])
        more = f" and {len(draft.releases) - MOST_NAMED} more" if len(draft.releases) > MOST_NAMED else ""
        now = f" It releases {numbers}{more}." if numbers else " Nothing that waits is released by it."
        until = f" until {draft.until:%d %b %H:%M} UTC, {count(draft.uses, 'time')}."
        return line(("✓ Granted", "ok"), until, now, " w in the queue lists and revokes it.")


_TIME = Choice(label=words("for"), options=tuple(words(said) for said, _ in LASTS), chosen=1)
_TIMES = Choice(label=words("times"), options=tuple(words(str(uses)) for uses in USES), chosen=1)


def _verb(offer: Offer) -> str:
    return offer.kinds[0].value.split(".")[-1]


def place(rung: Resource, case: Case) -> Visible:
    """Where it may happen: the thing itself, or everything in something."""
    shown = name(rung, case.facts)
    match rung.type:
        case ResourceType.FOLDER:
            return words("all in ") + (shown if shown.text not in ("", ".") else words("the workspace"))
        case ResourceType.DOMAIN:
            return shown + words(" and below")
        case ResourceType.SERVER:
            return words("every tool of ") + shown
        case ResourceType.DATABASE:
            return words("every table of ") + shown
        case _:
            return shown if shown.text else visible(rung.name)


class GrantsScreen(ListFace):
    """What is approved for a while, as it is now; the text of the one at the cursor."""

    face: ClassVar[str] = keys.GRANTS
    DEFAULT_CSS = """
    GrantsScreen { layout: vertical; }
    GrantsScreen Listing { height: 1fr; min-height: 3; }
    GrantsScreen #preview { height: auto; max-height: 12; border-top: solid $surface; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._rows: dict[int, Standing] = {}
        self._numbers: dict[str, int] = {}
        self._said = line("Each lets its like run unasked; what a policy forbids stays forbidden.")

    def compose(self) -> ComposeResult:
        yield Panel(id="banners")
        yield Panel(id="top", base="bar", most=1)
        yield Panel(id="columns", most=1)
        yield Listing(self._draw, id="list")
        yield Panel(id="preview", most=11)
        yield Panel(id="status", base="bar", most=1)
        yield Footer(self.face)

    def on_mount(self) -> None:
        self._load()

    async def on_console_changed(self, event: Console.Changed) -> None:
        self._load()

    @work(exclusive=True, group="load")
    async def _load(self) -> None:
        try:
            found = await self.console_app.desk.grants()
        except GuardError as error:
            self.console_app.fail(error)
            return
        if not self.alive:
            return
        self._rows = {self._numbers.setdefault(one.id, len(self._numbers) + 1): one for one in found}
        self.listing.put(list(self._rows))
        self.banner([])
        top = line(("guard", "strong"), "  approved for a while  ", count(len(self._rows), "grant"), " in force")
        self.query_one("#top", Panel).show([top])
        head = "  until            left  given by    what"
        self.query_one("#columns", Panel).show([line((head if self._rows else "", "dim"))])
        self.say(self._said)
        self.query_one(Footer).offer(without=frozenset() if self._rows else frozenset({"open", "revoke"}))
        self._preview()

    def _draw(self, item: int, cells: int, here: bool) -> list[Line]:
        one = self._rows[item]
        head = [(line(("▌" if here else " ", "strong")), 1), (line(f"{one.until:%d %b %H:%M} UTC"), 16), (line(f"{one.left:>4}"), 5)]
        return [columns([*head, (line((visible(one.person), "dim")), 11), (line(visible(one.what)), max(4, cells - 37))])]

    @on(Listing.Moved)
    def _preview(self) -> None:
        one = self._rows.get(self.listing.cursor or 0)
        if one is None:
            rows = [line("Nothing is approved for a while. w in an opened case offers it.")]
        else:
            about = line(("From  ", "dim"), (number(one.case), "strong"), ("   ⏎ opens that case", "dim"))
            rows = [about, *(Line(said.text) for said in lines(one.text.rstrip("\n")))]
        self.query_one("#preview", Panel).show(rows)

    def do_open(self) -> None:
        if one := self._rows.get(self.listing.cursor or 0):
            self.console_app.open_case(one.case)

    def do_revoke(self) -> None:
        """End the one at the cursor, once asked."""
        one = self._rows.get(self.listing.cursor or 0)
        if self.console_app.me is None:
            self.say(line(("You are not registered here: you can read only.", "warn")))
        elif one is not None:
            self.app.push_screen(RevokeDialog(one), self._revoked)

    def _revoked(self, said: Line | None) -> None:
        self._said = said or line("Nothing was revoked.")
        self._load()


class RevokeDialog(Dialog):
    """Safe: it can only narrow what runs by itself."""

    safe: ClassVar[str] = "revoke"

    DEFAULT_CSS: ClassVar[str] = """
    RevokeDialog #box { width: 72; max-width: 100%; height: auto; border: round $primary; background: $background; padding: 0 1; }
    RevokeDialog #buttons { height: 1; align-horizontal: right; }
    """

    def __init__(self, grant: Standing) -> None:
        super().__init__()
        self.grant = grant

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Panel(id="what")
            yield Panel(id="status", most=2)
            yield Horizontal(Push("Back  esc", id="back"), Push("Revoke", id="revoke"), id="buttons")

    def on_mount(self) -> None:
        said = [line(("Revoke this grant?", "strong")), Line(), line(visible(self.grant.what)), Line()]
        self.query_one("#what", Panel).show([*said, line("What runs under it now keeps no change; the next asks a person again.")])
        self.query_one("#revoke").focus()

    @on(Push.Pushed)
    async def _pushed(self, event: Push.Pushed) -> None:
        me = self.console_app.me
        if event.push.id == "back" or me is None:
            self.dismiss(None)
            return
        try:
            await self.console_app.desk.revoke(self.grant.id, person=me.name)
        except BadInput as error:
            self.dismiss(line(("! ", "warn"), visible(f"{error}.")))
        except GuardError as error:
            self.dismiss(line(("✖ ", "bad"), visible(sentence(error))))
        else:
            self.dismiss(line(("✓ Revoked.", "ok")))
