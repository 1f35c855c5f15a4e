"""A case on the screen: what it does, its program, its changes, what was shown of it, and why it can or cannot be answered here."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal

from guard.desk import FileDiff, Past, Refused
from guard.errors import GuardError
from guard.model import Case, Stage
from guard.visible import visible
from guard.words import count, telling
from tui import keys
from tui.app import Console
from tui.changes import diff_document, folded
from tui.document import (
    against_document,
    agent_document,
    case_lines,
    code_document,
    crossing_line,
    ended_lines,
    found_in,
    grant_document,
    past_document,
    source,
)
from tui.effects import Places, effects_document, places
from tui.fields import Field
from tui.highlight import highlight
from tui.notices import Notice, notices_of
from tui.paint import NARROW, WIDE, Line, columns, fit, line, width
from tui.panel import Panel
from tui.phrases import ago, sentence, settled
from tui.queuerow import summary
from tui.reading import Reading
from tui.rollback import can_roll_back
from tui.screens import Face, Footer
from tui.symbols import has_signs
from tui.textview import Document, TextView, rows_at

MOST_ROWS = 5000
"""More rows than this at 80 columns cannot be reviewed here."""
TICK = 1.0
"""Seconds after which the age of a case is painted anew."""
TABS = ("Effects", "Code", "Diff", "Grant", "History", "Agent says")
PARTS = {1: "effects", 2: "code", 3: "diff"}


class CaseView(Face):
    """A case, opened."""

    face: ClassVar[str] = keys.CASE
    DEFAULT_CSS = """
    CaseView { layout: vertical; }
    CaseView #head { max-height: 7; }
    CaseView #body { height: 1fr; }
    CaseView #find { display: none; }
    CaseView.-finding #find { display: block; }
    CaseView.-finding #status { display: none; }
    CaseView #left { width: 1fr; }
    CaseView #main { width: 1fr; display: none; }
    CaseView.-main #left { display: none; }
    CaseView.-main #main { display: block; }
    CaseView.-wide #left { display: block; width: 38%; border-right: solid $surface; }
    CaseView.-wide #main { display: block; }
    """

    def __init__(self, case_id: int) -> None:
        super().__init__()
        self.case_id = case_id
        self.case: Case | None = None
        self.past: Past | None = None
        self.notices: tuple[Notice, ...] = ()
        self.refused: Refused | None = None
        """Why this person's approval would not be taken."""
        self.reading = Reading()
        self.tab = 1
        self._documents: dict[int, Document] = {}
        self._scrolls: dict[int, int] = {}
        self._changed: list[Line] = []
        self._against: Document | None = None
        self._files: tuple[FileDiff, ...] = ()
        self.places: Places = ()
        """For each effect the lines that it comes from."""
        self._long = 0
        self._opened = 0.0
        self._waited: Case | None = None
        """The case, if it waited when it was opened."""
        self._mine = False
        """This person answered it here: how it goes on is no news from elsewhere, and stands below."""
        self._grants: tuple[tuple[str, str], ...] = ()
        """The standing grants that let it through, and who gave them."""
        self._crossing: dict[int, frozenset[str]] = {}
        """What other waiting cases touch too."""
        self._effect = -1
        self._row: tuple[int, ...] = ()
        """The queue's cases in its order, when this one was opened."""

    def compose(self) -> ComposeResult:
        yield Panel(id="banners")
        yield Panel(id="top", base="bar", most=1)
        yield Panel(id="head", most=7, hang=6, flush=1)
        yield Panel(id="tabs", most=1)
        with Horizontal(id="body"):
            yield TextView(id="left")
            yield TextView(id="main")
        yield Panel(id="status", base="bar", most=1)
        yield Field(id="find", placeholder="a text to find; ⏎ goes to the next, esc leaves")
        yield Footer(self.face)

    @property
    def left(self) -> TextView:
        return self.query_one("#left", TextView)

    @property
    def main(self) -> TextView:
        return self.query_one("#main", TextView)

    @property
    def wide(self) -> bool:
        return self.app.size.width >= WIDE

    @property
    def view(self) -> TextView:
        """The view that keys scroll."""
        return self.left if self.tab == 1 else self.main

    def on_mount(self) -> None:
        self._opened = self.console_app.clock.now()
        self._row = self.console_app.queue.order
        self.set_class(self.wide, "-wide")
        self.load()
        self._tick()

    def _tick(self) -> None:
        """Time goes on, on the screen too."""
        if self.is_attached:
            self.query_one("#top", Panel).show([self._top()])
            self.console_app.clock.after(TICK, lambda: self.call_later(self._tick))

    def on_resize(self) -> None:
        was = self.has_class("-wide")
        self.set_class(self.wide, "-wide")
        if was != self.wide and self.case:
            self._go(self.tab if not self.wide or self.tab > 1 else 1)
        self._headings()

    def on_unmount(self) -> None:
        """Who looked at it, and how much of it was on the screen, is in the ledger; a glance is not."""
        console, of, seconds = self.console_app, self._waited, round(self.console_app.clock.now() - self._opened)
        if of and console.me and seconds >= 1:
            much = "all of it" if self.reading.complete else f"{int(self.reading.share * 100)} % of it"
            console.beside(console.desk.opened(of.id, person=console.me.name, shown=f"{much}; open for {seconds} s"))

    # ---------------------------------------------------------------------------------------------------------------- content

    @work(exclusive=True, group="load")
    async def load(self) -> None:
        """Read the case and show it. What cannot be shown says so, and cannot be approved here."""
        desk = self.console_app.desk
        try:
            case = await desk.case(self.case_id)
            past = await desk.past(case)
            me = self.console_app.me
            refused = await desk.may_approve(case, me.name if me else "", attended=bool(me and me.key and desk.has_key(me.name)))
            self._files = await desk.diff(case)
            self._grants = (await desk.granters([case])).get(case.id, ())
            parent = await desk.case(case.submission.parent) if case.submission.parent else None
            self._against = against_document(parent.submission.code, case.submission.code) if parent else None
            await asyncio.to_thread(source, case.submission.code)
        except GuardError as error:
            self._cannot_show(error)
            return
        if not self.alive:
            return
        if self.case is None and case.stage is Stage.WAITING:
            self._waited = case
        self.case, self.past, self.refused = case, past, refused
        self._crossing = self.console_app.queue.crossing(summary(case)) if case.stage is Stage.WAITING else {}
        try:
            self.notices = notices_of(case, found_in(case.submission.code), past, sum(f.unexpected for f in self._files))
            self._build(case)
        except GuardError as error:
            self.case = None
            self._cannot_show(error)
            return
        self._highlight(case)

    def _cannot_show(self, error: GuardError) -> None:
        """A case that cannot be shown in full cannot be answered here, and does not end the console."""
        said = line(("✖ This case cannot be shown: ", "bad"), visible(sentence(error)), f"  guard show {self.case_id:04d}")
        self._changed = [said]
        self._headings()

    def _build(self, case: Case) -> None:
        assert self.past is not None
        self.places = places(case)
        self._documents = {
            1: effects_document(case, self.notices, self.past, self._files, self.places),
            2: code_document(case),
            3: diff_document(case, self._files),
            4: grant_document(case),
            5: past_document(self.past),
            6: agent_document(case),
        }
        self.reading = self.console_app.reading(case.id, case.seal)
        for tab, part in PARTS.items():
            if tab != 3 or case.execution is not None:
                self.reading.need(part, self._documents[tab].needed())
        shown = [self._documents[tab] for tab, part in PARTS.items() if part in self.reading.parts]
        rows = rows_at(shown, 70)
        self._long = rows if rows > MOST_ROWS else 0
        self.left.show(self._documents[1], self.reading.parts["effects"])
        self._go(self.tab, again=True)
        self._headings()

    @work(exclusive=True, group="highlight")
    async def _highlight(self, case: Case) -> None:
        spans = await asyncio.to_thread(highlight, case.submission.language, case.submission.code)
        if spans and self.case is case and self.alive:
            plain, self._documents[2] = self._documents[2], code_document(case, spans)
            if self.main.document is plain:
                self.main.restyle(self._documents[2])

    @property
    def folded(self) -> bool:
        """Whether deleted files held something, which is shown only when it is asked for."""
        return any(map(folded, self._files))

    @property
    def _main_tab(self) -> int:
        return self.tab if self.tab > 1 else self._last_main

    _last_main = 2

    def _go(self, tab: int, *, again: bool = False) -> None:
        """Show a tab."""
        if self.case is None:
            return
        if tab > 1 and (again or self.main.document is not self._documents[tab]):
            self._scrolls[self._last_main] = self.main.scroll_offset.y
            self.main.show(self._documents[tab], self.reading.parts.get(PARTS.get(tab, "")))
            self.main.scroll_to(y=self._scrolls.get(tab, 0), animate=False, immediate=True, force=True)
            self._last_main = tab
        elif self.wide and self.main.document is not self._documents[self._last_main]:
            self.main.show(self._documents[self._last_main], self.reading.parts.get(PARTS.get(self._last_main, "")))
        self.tab = tab
        self.set_class(tab > 1, "-main")
        self._headings()

    # ------------------------------------------------------------------------------------------------------------------- bars

    def _headings(self) -> None:
        self.banner(self._changed)
        self.query_one("#top", Panel).show([self._top()])
        if self.case is None:
            return
        head = case_lines(self.case, self.console_app.desk.owed(self.case.decision), self.notices, grants=self._grants)
        if self.refused is not None and self.case.stage is Stage.WAITING:
            head.append(line(("! ", "warn"), visible(self.refused.why)))
        if self._crossing:
            head.append(crossing_line(self._crossing, self.case.facts))
        head += ended_lines(self.case)
        self.query_one("#head", Panel).show(head)
        self.query_one("#tabs", Panel).show([self._tabs()])
        self.show_state()
        self._footer()

    def _top(self) -> Line:
        if self.case is None:
            return line(f"{self.case_id:04d} …")
        case, now = self.case, self.console_app.desk.now()
        s = case.submission
        number = f"{case.id:04d}"
        lines_ = count(len(s.code.splitlines()) or 1, "line")
        edited = line(f" · edit of {s.parent:04d} by ", visible(s.edited_by)) if s.edited_by and s.parent else Line()
        tool = line(" · ", visible(f"{s.server}/{s.tool}")) if s.server != "guard" else Line()
        who = fit(visible(s.agent), 24)
        head = line((number, "strong"), "  ", (who, "strong"), "  ", visible(s.language), f" · {lines_}") + tool + edited
        asked = line(f"   asked {ago((now - case.created_at).total_seconds())} ago")
        if case.stage is Stage.WAITING:
            asked += line(", ", (f"{ago((case.expires_at - now).total_seconds())} left", "warn"))
        room = self.app.size.width - 2 - width(asked.text.text)  # its time stands there, however long the rest is
        return (columns([(head, room)]) if width(head.text.text) > room else head) + asked

    def _tabs(self) -> Line:
        assert self.case is not None
        numbers = {
            1: len(telling(self.case.decision.effects)),
            2: len(source(self.case.submission.code)),
            5: len(self.past.agent) if self.past else 0,
        }
        if self.case.exchange:
            numbers[6] = len(self.case.exchange)
        if self.case.execution:
            numbers[3] = len(self.case.execution.change_set.changes)
        whole, before = Line(), False
        for i, title in enumerate(TABS, 1):
            many = f" {numbers[i]}" if i in numbers else " –" if i == 3 else ""
            on_ = i == self.tab or (self.wide and i in (1, self._main_tab))
            short = self.app.size.width < NARROW and not on_
            title = "Result" if i == 3 and self.case.execution and self.case.stage is not Stage.WAITING else title  # noqa: PLW2901
            text = f"[{i} {title}{many}]" if on_ else f" {i} " if short else f" {i} {title}{many} "
            whole += line(" " if on_ and before else "", (text, "tab" if on_ else "dim"))
            before = on_
        return whole

    def state(self) -> Line:
        return self.progress()

    def progress(self) -> Line:
        """What is left to read, or why this cannot be approved."""
        if self.case is None or self.case.stage is not Stage.WAITING:
            undo = line(("b", "key"), " puts back what it changed · ") if self.case and can_roll_back(self.case) else Line()
            return line("Nothing is left to decide here · ") + undo + line(("q", "key"), " back") if self.case else line("reading …")
        if self._long:
            return line((f"{self._long:,} rows cannot be reviewed here. Reject it, or ask for it in parts.", "warn"))
        missing = self.reading.missing()
        if missing is None:
            ready = line((why, "warn")) if (why := self._cannot()) else line(("ready to decide", "ok"))
            folded_ = ", deleted files folded" if self.folded else ""
            return line("Read ", ("████████████", "ok"), (f" all of it{folded_}", "ok"), " · ") + ready
        done = min(11, int(self.reading.share * 12))
        bar = line("Read ", ("█" * done, "unread"), ("░" * (12 - done), "dim"), " ")
        return bar + line((f"{self._what(missing)} not shown yet", "unread"), " · space reads on")

    def left_to_read(self) -> str:
        """All that was not shown yet, in words."""
        return ", ".join(self._what((part, gap)) for part, read in self.reading.parts.items() if (gap := read.missing()))

    def _what(self, missing: tuple[str, tuple[int, int]]) -> str:
        """What was not shown yet of a part."""
        part, (start, end) = missing
        if part != "code":
            shown, total = self.reading.parts[part].share
            of = "the effects" if part == "effects" else "the changes"
            return f"{100 - shown * 100 // total} % of {of}" if shown else of
        document = self._documents[2]
        numbers = [
            one.number for one, at in zip(document.lines, document.offsets, strict=False) if start <= at + len(one.body.text) and at < end
        ]
        known = [n for n in numbers if n]
        if not known:
            return "the end of the program"
        return f"line {known[0]}" if len(known) == 1 else f"lines {known[0]}–{known[-1]}"

    def _footer(self) -> None:
        answers = {"approve", "reject", "ask", "edit", "while"} if self.case is None or self.case.stage is not Stage.WAITING else set()
        if self.case is None or not can_roll_back(self.case):
            answers.add("rollback")
        early = {"approve", "while"} if self._cannot() or not self.reading.complete else set()
        self.query_one(Footer).offer(without=frozenset(answers), dim=frozenset(early))

    @on(TextView.Shown)
    def _more_shown(self) -> None:
        self.show_state()
        self._footer()

    async def on_console_changed(self, event: Console.Changed) -> None:
        """Somebody settled it, or it is not what it was: said on top, and shown anew."""
        self._headings()
        if self.case is None or self.case_id not in event.cases:
            return
        try:
            now = await self.console_app.desk.case(self.case_id)
        except GuardError as error:
            self.console_app.fail(error)
            return
        if self.alive:
            self.moved(now)

    def moved(self, now: Case) -> None:
        """The case is this now."""
        was, me = self.case, self.console_app.me
        if was is None or now.version == was.version:
            return
        if now.stage is not Stage.WAITING and now.stage is not was.stage:
            mine = self._mine or (me is not None and me.name in [one.person for one in now.approvals])
            self._changed = [] if mine else [settled(now)]
        elif now.seal != was.seal and now.rehearsed and not was.rehearsed:
            self._changed = [line(("It was tried meanwhile: ", "warn"), "what it did is to be read.")]
        elif now.seal != was.seal:
            self._changed = [line(("! The program changed while you read it.", "warn"), " It must be read again.")]
        elif now.decision != was.decision:
            before, owed = self.console_app.desk.owed(was.decision), self.console_app.desk.owed(now.decision)
            still = "still" if owed == before else "now"
            self._changed = [line(("! The policies changed while you read: ", "warn"), f"what is owed is {still} {owed}.")]
        elif len(now.approvals) > len(was.approvals) and now.approvals[-1].person != (me.name if me else ""):
            self._changed = [line(("! ", "warn"), visible(now.approvals[-1].person), " approved this just now.")]
        elif now.replied and len(now.exchange) > len(was.exchange):
            self._changed = [line(("! The agent answered.", "warn"), " Nobody checked what it says.  6 shows it")]
        self.load()

    def _cannot(self) -> str:
        """Why nothing can be approved on this screen; "" if it can be."""
        console = self.console_app
        if self.case is None or self.case.stage is not Stage.WAITING:
            return "Nothing is left to decide here."
        if console.trouble:
            return "The store cannot be read: no answer can be taken."
        if console.health.ledger:
            return "The ledger does not verify: nothing can be approved."
        if console.me is None:
            return "You are not registered here: you can read only."
        if console.too_small:
            return "Make the window 60 x 20 or larger to decide. You can read."
        if console.rekeyed:
            return "Your key is not the registered one any more: you can read only."
        if console.me.name in [one.person for one in self.case.approvals]:
            return f"You have signed it; {count(self.case.decision.owed.approvals - len(self.case.approvals), 'more person')} must."
        if not console.utf8 and not all(has_signs(one.body.text.text) for tab in PARTS for one in self._documents[tab].lines):
            return "This terminal has no UTF-8, and this case has letters that it cannot show. You can only read."
        return f"{self._long:,} rows cannot be reviewed here. Reject it, or ask for it in parts." if self._long else ""
