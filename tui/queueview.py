"""The queue on the screen: what waits, the worst and the oldest in sight at once, live, and still under the cursor."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Collection, Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal

from guard.desk import Past, Today, reached, reaches
from guard.errors import GuardError, StoreError
from guard.model import Case, Resource, Stage, Standing
from guard.visible import visible
from guard.words import count
from tui import keys
from tui.app import Console
from tui.clock import MOVED, REST, SETTLED
from tui.document import case_lines, code_document, found_in
from tui.effects import effects_document
from tui.fields import Field
from tui.listing import Listing
from tui.listscreen import FilteredFace
from tui.notices import Notice, notices_of
from tui.paint import NARROW, WIDE, Line, line, width
from tui.panel import Panel
from tui.phrases import ago, number
from tui.queuerow import ORDERS, Tally, Waiting, heading, row, summary, tally
from tui.screens import Footer
from tui.textview import TextView

PAGE = 250
AGES = 5.0
SWEEP = 0.3
"""Settled cases leave together: the list is put in order this often at most."""


class QueueView(FilteredFace):
    """Everything that waits."""

    face: ClassVar[str] = keys.QUEUE
    DEFAULT_CSS = """
    QueueView { layout: vertical; }
    QueueView Listing { height: 1fr; min-height: 3; }
    QueueView #preview { height: auto; max-height: 7; border-top: solid $surface; padding: 0; }
    QueueView #panes { height: 0; }
    QueueView.-wide #panes { height: 40%; }
    QueueView.-wide #panes TextView { width: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[int, Waiting] = {}
        self._new: dict[int, Waiting] = {}
        self._gone: dict[int, float] = {}
        self._orders = list(ORDERS)
        self._moved_at = -MOVED
        self._unseen = False
        """The cursor came to another case while another screen was on top."""
        self._awaited: tuple[int, int | None] = (0, None)
        """The case that replaced the one at the cursor, and the row below that one: the cursor goes there once it is answered."""
        self._rest = 0
        self._loading = ""
        self._tally: Tally | None = None
        """None: rows changed since it was counted."""
        self._preview: Case | None = None
        self._notices: tuple[Notice, ...] = ()
        self._known: dict[str, frozenset[Resource]] = {}
        """What each agent that waits was let reach before."""
        self._day: list[Line] = []
        self.marked: frozenset[int] = frozenset()
        """Cases of one shape, neither destroying nor unseen, that may be answered together."""

    def compose(self) -> ComposeResult:
        yield Panel(id="banners")
        yield Panel(id="top", base="bar", most=1)
        yield Panel(id="columns", most=1)
        yield Listing(self._draw, id="list")
        yield Panel(id="preview", most=6, hang=6, flush=1)
        with Horizontal(id="panes"):
            yield TextView(id="effects")
            yield TextView(id="code")
        yield Panel(id="status", base="bar", most=1)
        yield Field(id="filter", placeholder="class:D agent:NAME host:NAME is:new left<10m word")
        yield Footer(self.face)

    @property
    def _digits(self) -> int:
        return len(number(max(self.rows, default=0)))

    def on_mount(self) -> None:
        self.listing.height = 2 if self.app.size.width < 80 else 1
        self._load()
        self._tick()

    def on_resize(self) -> None:
        self.set_class(self.app.size.width >= WIDE, "-wide")
        self.listing.height = 2 if self.app.size.width < 80 else 1
        self._headings()
        self.listing.put(self.listing.items)
        self._show_preview()

    @property
    def order(self) -> tuple[int, ...]:
        """What waits, as it is sorted and filtered now."""
        return tuple(case_id for case_id in self.listing.items if self.rows[case_id].stage is Stage.WAITING)

    def crossing(self, of: Waiting) -> dict[int, frozenset[str]]:
        """The other cases that wait and touch what this one touches, where one of both changes it."""
        others = (other for other in self.rows.values() if other.id != of.id and other.stage is Stage.WAITING)
        return {other.id: both for other in others if (both := of.crosses(other))}

    def point(self, case_id: int) -> None:
        """The cursor to a case."""
        self.listing.go(case_id)

    def follow(self, old: int, new: int) -> None:
        """The cursor to the case that replaced another one, now or once it is in the list."""
        items = list(self.listing.items)
        below = items[items.index(old) + 1 :] if old in items else []
        self._awaited = new, next((one for one in below if one != new), None)
        if new in self._new:
            self.do_new()
        self._go(new)

    def _go(self, case_id: int | None) -> None:
        """The cursor to a case, if it is there, by itself: what is pressed at once was meant for the one before."""
        if case_id in self.rows and case_id != self.listing.cursor:
            self.listing.go(case_id)
            self._jumped()

    def _jumped(self) -> None:
        self._moved_at, self._unseen = self.console_app.clock.now(), self.app.screen is not self

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        if self._unseen:
            self._jumped()

    # ------------------------------------------------------------------------------------------------------------- the cases

    @work(exclusive=True, group="load")
    async def _load(self) -> None:
        """All that waits, page by page, so that the first rows are there at once."""
        after = 0
        try:
            while page := await self.console_app.desk.waiting(after=after, limit=PAGE):
                if not self.alive:
                    return
                self.rows |= await asyncio.to_thread(_rows, page)
                self._tally = None
                after = page[-1].id
                if len(page) < PAGE:
                    break
                self._loading = f"reading, {len(self.rows):,} so far"
                self.put_matching() if len(self.rows) == PAGE else self.show_state()
        except StoreError as error:
            self.console_app.fail(error)
        self._loading = ""
        if len(self.rows) > PAGE:
            gc.freeze()  # the rows stay: looking through all of them for garbage would hold up a key
        gc.set_threshold(5_000, 20, 50)  # from here on in small steps, each shorter than a key
        if self.alive:
            self.put_matching()
            self._learn()
            self.console_app.verify(quietly=True)

    @work(exclusive=True, group="learn")
    async def _learn(self) -> None:
        """What is new to the agents that wait: their past is read once, and then followed."""
        try:
            for agent in {of.agent_name for of in self.rows.values()} - self._known.keys():
                self._known[agent] = await self.console_app.desk.known(agent)
        except GuardError as error:
            self.console_app.fail(error)
            return
        if self.alive:
            self._compare(self._known.keys())

    def _compare(self, agents: Collection[str]) -> None:
        """Mark anew what is new to these agents."""
        for held in (self.rows, self._new):
            held |= {number: of.against(self._known[of.agent_name]) for number, of in held.items() if of.agent_name in agents}
        if self.matcher:
            self.put_matching()
        self.listing.redraw()
        if self._preview is not None and self._preview.submission.agent in agents:
            self._fetch(self._preview.id)

    async def on_console_changed(self, event: Console.Changed) -> None:
        """Cases changed, here or anywhere else."""
        self._headings()
        learned: set[str] = set()
        try:
            for case_id in event.cases:
                case = await self.console_app.desk.case(case_id)
                if not self.alive:
                    return
                self._take(case)
                agent = case.submission.agent
                if agent in self._known and (more := reached([case]) - self._known[agent]):
                    self._known[agent] |= more
                    learned.add(agent)
        except GuardError as error:
            self.console_app.fail(error)
        if learned:
            self._compare(learned)
        self._headings()

    def _take(self, case: Case) -> None:
        was, self._tally, agent = self.rows.get(case.id), None, case.submission.agent
        if case.stage is Stage.WAITING:
            now = summary(case).against(self._known[agent]) if agent in self._known else summary(case)
            if was is None and self.rows and self._worth(now) and case.id != self._awaited[0]:
                self._new[case.id] = now
                self._wait_for_rest()
            else:
                self.rows[case.id] = now
                self.put_matching() if was is None else self.listing.redraw(case.id)
                if was is None and case.id == self._awaited[0]:
                    self._go(case.id)
        elif was is not None:
            self.rows[case.id] = summary(case)
            self._gone[case.id] = self.console_app.clock.now()
            self.listing.redraw(case.id)
            if len(self._gone) == 1:
                self._sweep_in(SETTLED)
        self._new.pop(case.id, None) if case.stage is not Stage.WAITING else None
        if case.stage is Stage.WAITING and agent not in self._known and not self._loading:
            self._learn()
        if case.id == self.listing.cursor:
            self._fetch(case.id)

    def _sweep_in(self, seconds: float) -> None:
        self.console_app.clock.after(seconds, lambda: self.call_later(self._sweep))

    def _sweep(self) -> None:
        now = self.console_app.clock.now()
        due = [case_id for case_id, at in self._gone.items() if now - at >= SETTLED]
        for case_id in due:
            del self._gone[case_id]
            self.marked -= {case_id}
            self.rows.pop(case_id, None)
        if due:
            self._tally = None
            if self.listing.cursor == self._awaited[0] in due:
                self._go(self._awaited[1])
            self._put([case_id for case_id in self.listing.items if case_id in self.rows])
        if self._gone:
            self._sweep_in(SWEEP)

    def _wait_for_rest(self) -> None:
        self._rest += 1
        mine = self._rest
        self.console_app.clock.after(REST, lambda: self.call_later(self._rested, mine))

    def _rested(self, mine: int) -> None:
        if mine == self._rest and self._new:
            self.do_new()

    def _worth(self, of: Waiting) -> bool:
        return self.matcher is None or self._matches(of)

    def _matches(self, of: Waiting) -> bool:
        me = self.console_app.me
        return self.matcher is None or self.matcher(of, self.console_app.desk.now(), me.name if me else "")

    def put_matching(self) -> None:
        shown = sorted(filter(self._matches, self.rows.values()) if self.matcher else self.rows.values(), key=ORDERS[self._orders[0]])
        self._put([of.id for of in shown])

    def _put(self, items: list[int]) -> None:
        there = self.listing.cursor is not None  # the first rows moved nothing
        was = self.listing.cursor
        if self.listing.put(items) and items and there:
            self._moved_at = self.console_app.clock.now()
        if there and self.listing.cursor not in (None, was):
            self._jumped()
        self._headings()

    # -------------------------------------------------------------------------------------------------------------- painting

    def _draw(self, item: int, cells: int, here: bool) -> list[Line]:
        return row(self.rows[item], cells, self.console_app.desk.now(), here=here, marked=item in self.marked, digits=self._digits)

    def _tick(self) -> None:
        self.listing.redraw()
        self._headings()
        self.console_app.clock.after(AGES, lambda: self.call_later(self._tick) if self.is_attached else None)

    def _headings(self) -> None:
        self.banner([])
        self.query_one("#top", Panel).show([self._top()])
        self.query_one("#columns", Panel).show([heading(self.app.size.width, digits=self._digits)])
        self.show_state()

    def _top(self) -> Line:
        now = self.console_app.desk.now()
        if self._tally is None:
            self._tally = tally(self.rows.values())
        cells = self.app.size.width
        whole = line(("guard  ", "strong")) if cells >= NARROW else Line()
        whole += line(f"{self._tally.waiting:,} waiting  ")
        if self._tally.grave:
            grave = "destroy or unseen" if cells >= WIDE else "D or ?"
            whole += line((f" {self._tally.grave:,} {grave} ", "badD"), "  ")
        old, due = self._tally.oldest, self._tally.due
        if old and due:
            left = ago((due.expires - now).total_seconds())
            whole += line(
                f"oldest {number(old.id)} {ago((now - old.created).total_seconds())} · ",
                (f"next to expire {number(due.id)} {left}" if cells >= NARROW else f"expires {number(due.id)} {left}", "warn"),
            )
        if cells < NARROW:
            return whole
        me = self.console_app.me
        name = line((visible(me.name), "dim")) if me else line(("not registered", "warn"))
        gap = cells - 2 - width(whole.text.text) - width(name.text.text)
        return whole + line(" " * max(1, gap)) + name

    def state(self) -> Line:
        """What there is to know of the list, and then what it stands on: a narrow window cuts what is mostly well."""
        said: list[Line] = []
        if self.matcher:
            said.append(
                line((f"{len(self.listing.items):,} of {len(self.rows):,} match ", "warn"), visible(self.wanted), ("  esc clears", "dim"))
            )
        if self.marked:
            said.append(line((f"{len(self.marked)} marked, * unmarks", "warn")))
        if pace := self.console_app.pace():
            said.append(line((pace, "warn")))
        if self._new and not self._loading:
            said.append(line((f"+{len(self._new)} new, u shows {'it' if len(self._new) == 1 else 'them'}", "warn")))
        said.append(line(self._loading or ("not live" if self.console_app.trouble else "live")))
        health = self.console_app.health
        said.append(line(f"sorted by {self._orders[0]}"))
        said.append(line("policies ", ("✖", "bad") if health.policies else ("✓", "ok"), f" {health.policy_digest[:4]}"))
        if health.entries or health.ledger:
            said.append(self.console_app.ledger())
        whole = said[0]
        for one in said[1:]:
            if width(whole.text.text) + 3 + width(one.text.text) > self.app.size.width - 2:
                break
            whole += line(" · ") + one
        return whole

    @on(Listing.Moved)
    def _cursor_moved(self, event: Listing.Moved) -> None:
        self._wait_for_rest()
        if event.item is None:
            self._preview = None
            self._show_preview()
            self._sum_up()
        else:
            self._fetch(event.item)

    @work(exclusive=True, group="preview")
    async def _fetch(self, case_id: int) -> None:
        try:
            case = await self.console_app.desk.case(case_id)
            found = await asyncio.to_thread(found_in, case.submission.code)
        except GuardError as error:
            self.console_app.fail(error)
            return
        if not self.alive:
            return
        known = self._known.get(case.submission.agent)
        new = Past(new=tuple(one for one in reaches(case) if one not in known)) if known is not None else None
        self._preview, self._notices = case, notices_of(case, found, new)
        self._show_preview()

    @work(exclusive=True, group="preview")
    async def _sum_up(self) -> None:
        """Nothing waits: what became of the day, and what runs by itself."""
        desk = self.console_app.desk
        try:
            self._day = day_lines(await desk.today(), await desk.grants())
        except GuardError as error:
            self.console_app.fail(error)
            return
        if self.alive:
            self._show_preview()

    def _show_preview(self) -> None:
        case, panel = self._preview, self.query_one("#preview", Panel)
        effects, code = self.query_one("#effects", TextView), self.query_one("#code", TextView)
        if case is None:
            panel.show(self._nothing() if not self.listing.items and not self._loading else [])
            effects.show(effects.document.__class__())
            code.show(code.document.__class__())
            return
        panel.show(case_lines(case, self.console_app.desk.owed(case.decision), self._notices, numbered=True))
        if self.app.size.width >= WIDE:
            effects.show(effects_document(case, self._notices[3:]))
            code.show(code_document(case, plain=True))

    def _nothing(self) -> list[Line]:
        if self.matcher:
            return [line("Nothing that waits matches the filter.  esc clears it")]
        return [line("Nothing is waiting. New cases appear here by themselves."), *self._day]

    def do_new(self) -> None:
        self.rows |= self._new
        self._new, self._tally = {}, None
        self.put_matching()


def day_lines(of: Today, grants: Sequence[Standing]) -> list[Line]:
    """The day in one sentence, and the grants in force in another."""
    parts = ((of.approved, "approved"), (of.rejected, "rejected"), (of.expired, "expired"), (of.denied, "refused by a policy"))
    told = [f"{of.alone:,} ran by {'itself' if of.alone == 1 else 'themselves'}", *(f"{many:,} {said}" for many, said in parts if many)]
    out = [line(("Today: ", "dim"), ", ".join(told), ".  h lists them")]
    if grants:
        first = min(one.until for one in grants)
        is_ = "is" if len(grants) == 1 else "are"
        out.append(line(f"{count(len(grants), 'grant')} {is_} in force, the next ends at {first:%H:%M} UTC.  w lists them"))
    return out


def _rows(page: Sequence[Case]) -> dict[int, Waiting]:
    return {case.id: summary(case) for case in page}
