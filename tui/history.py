"""Past cases, and one case as a timeline of its ledger entries; a committed change can be rolled back from there."""

from __future__ import annotations

import json
from typing import ClassVar

from textual import work
from textual.app import ComposeResult

from guard.desk import Moment
from guard.errors import GuardError
from guard.model import FINAL, Case, EntryKind, Stage, Verdict
from guard.visible import Visible, lines, visible, words
from guard.words import changed, count
from tui import keys
from tui.app import Console
from tui.fields import Field
from tui.listing import Listing
from tui.listscreen import FilteredFace
from tui.paint import WIDE, Line, columns, fit, line, width
from tui.panel import Panel
from tui.phrases import granted, number
from tui.queuerow import Waiting, class_strip, summary
from tui.rollback import ask_rollback, can_roll_back
from tui.screens import Face, Footer
from tui.textview import DocLine, Document, TextView

MOST = 1000
LEAST = 20
"""Cells that are left for what a case did, where the row has them."""
FACTS_AT = 24
"""The column of a timeline's row where its facts begin."""
GOOD = {Stage.DONE: "ok", Stage.REJECTED: "warn", Stage.DENIED: "warn", Stage.FAILED: "bad", Stage.INTERRUPTED: "bad"}


class HistoryScreen(FilteredFace):
    """The latest cases in any stage, newest first."""

    face: ClassVar[str] = keys.HISTORY
    DEFAULT_CSS = """
    HistoryScreen { layout: vertical; }
    HistoryScreen Listing { height: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._rows: dict[int, tuple[Waiting, Case]] = {}
        self._givers: dict[int, tuple[tuple[str, str], ...]] = {}

    def compose(self) -> ComposeResult:
        yield Panel(id="banners")
        yield Panel(id="top", base="bar", most=1)
        yield Panel(id="columns", most=1)
        yield Listing(self._draw, id="list")
        yield Panel(id="status", base="bar", most=1)
        yield Field(id="filter", placeholder="class:D agent:NAME host:NAME age<1h word")
        yield Footer(self.face)

    def on_mount(self) -> None:
        self._load()

    @work(exclusive=True, group="load")
    async def _load(self) -> None:
        try:
            cases = await self.console_app.desk.history(limit=MOST)
            self._givers = await self.console_app.desk.granters(cases)
        except GuardError as error:
            self.console_app.fail(error)
            return
        self._rows = {case.id: (summary(case), case) for case in cases}
        if self.alive:
            self.put_matching()

    async def on_console_changed(self, event: Console.Changed) -> None:
        for case_id in event.cases:
            try:
                case = await self.console_app.desk.case(case_id)
                self._givers |= await self.console_app.desk.granters([case])
            except GuardError as error:
                self.console_app.fail(error)
                return
            self._rows = {case_id: (summary(case), case), **{k: v for k, v in self._rows.items() if k != case_id}}
        self._rows = dict(sorted(self._rows.items(), reverse=True))
        if self.alive:
            self.put_matching()

    def put_matching(self) -> None:
        now, me = self.console_app.desk.now(), self.console_app.me
        kept = [i for i, (row, _) in self._rows.items() if self.matcher is None or self.matcher(row, now, me.name if me else "")]
        self.listing.put(kept)
        self.banner([])
        title = line(("guard", "strong"), "  history  ", f"{len(kept):,} of {len(self._rows):,} cases, newest first")
        self.query_one("#top", Panel).show([title])
        said = [("case", 4), ("RWND?", 5), *[("asked", 12)] * self._wide, ("settled", 12), ("agent", 10), ("outcome", 11)]
        head = [(line((word, "dim")), size) for word, size in (*said, ("who decided, why, on what", 30))]
        self.query_one("#columns", Panel).show([columns(head)])
        self.show_state()

    def state(self) -> Line:
        filtered = line((visible(self.wanted), "warn"), "  esc clears · ") if self.wanted else Line()
        return filtered + line("⏎ opens the timeline · ") + self.console_app.ledger()

    def _draw(self, item: int, cells: int, here: bool) -> list[Line]:
        row, case = self._rows[item]
        who = ", ".join([a.person for a in case.approvals] + [f"by {one}'s grant" for one in self._granted_by(item)])
        who = who or (case.rejection.person if case.rejection else "")
        stage = line(("rolled back", "warn") if case.rolled_back else (case.stage.value, GOOD.get(case.stage, "")))
        head = line(("▌" if here else " ", "strong"), (number(item), "bold"))
        cells_ = [
            (head, 5),
            (class_strip(row.strip), 5),
            *[(line((f"{case.created_at:%d %b %H:%M}", "dim")), 12)] * self._wide,
            (line((f"{case.updated_at:%d %b %H:%M}" if case.stage in FINAL else "not yet", "dim")), 12),
            (line((row.agent, "dim")), 10),
            (stage, 11),
        ]
        room = cells - sum(size + 1 for _, size in cells_)
        told = line((visible(f"{who}: " if who else ""), "dim"))
        if why := _why(case):
            told += line(fit(visible(why), max(room // 2, room - LEAST - width(told.text.text))), (" · ", "dim"))
        return [columns([*cells_, (told + line(row.told(max(room - width(told.text.text), 2))), room)])]

    @property
    def _wide(self) -> bool:
        return self.app.size.width >= WIDE

    def on_resize(self) -> None:
        self.put_matching()

    def _granted_by(self, item: int) -> list[str]:
        return list(dict.fromkeys(person for _, person in self._givers.get(item, ())))

    def do_open(self) -> None:
        if self.listing.cursor is not None:
            self.app.push_screen(TimelineScreen(self.listing.cursor))

    def do_verify(self) -> None:
        self.console_app.verify()


def _why(case: Case) -> str:
    """Why it did not come to its end, without what is always said then."""
    if case.rejection or case.stage not in FINAL or case.stage is Stage.DONE:
        return case.rejection.reason if case.rejection else ""
    return case.outcome.removeprefix("It ended with ").removesuffix(" No change was kept.").rstrip(".")


class TimelineScreen(Face):
    """One case, event by event; `enter` shows an event's record."""

    face: ClassVar[str] = keys.TIMELINE
    DEFAULT_CSS = "TimelineScreen { layout: vertical; } TimelineScreen TextView { height: 1fr; }"

    def __init__(self, case_id: int) -> None:
        super().__init__()
        self.case_id = case_id
        self.case: Case | None = None
        self._moments: list[Moment] = []
        self._rolled: list[Line] = []
        """What became of a rollback from here."""

    def compose(self) -> ComposeResult:
        yield Panel(id="banners")
        yield Panel(id="top", base="bar", most=1)
        yield TextView(id="events")
        yield Panel(id="same", most=2)
        yield Panel(id="status", base="bar", most=1)
        yield Footer(self.face)

    def on_mount(self) -> None:
        self._load()
        self.console_app.verify(quietly=True)

    async def on_console_changed(self, event: Console.Changed) -> None:
        self._load()

    @work(exclusive=True, group="load")
    async def _load(self) -> None:
        desk = self.console_app.desk
        try:
            self.case, self._moments = await desk.case(self.case_id), await desk.timeline(self.case_id)
            by = granted((await desk.granters([self.case])).get(self.case_id, ()))
        except GuardError as error:
            self.console_app.fail(error)
            return
        if not self.alive:
            return
        last = next((m.seq for m in reversed(self._moments) if m.kind in ("run.started", "commit.started")), 0)
        rows = [DocLine(body=moment_line(m, by if m.seq == last else ""), key=("seq", m.seq), hang=FACTS_AT) for m in self._moments]
        view = self.query_one(TextView)
        cursor = view.cursor
        view.show(Document(lines=tuple(rows), prose=True))
        view.point(min(cursor, len(rows) - 1))
        self._headings()

    def _headings(self) -> None:
        case = self.case
        if case is None:
            return
        self.banner(self._rolled)
        stage, agent = case.stage.value.upper(), visible(case.submission.agent)
        undone = (", rolled back", "warn") if case.rolled_back else ""
        title = line((number(case.id), "strong"), " ", (stage, "strong"), undone, "  ", (agent, "bold"), "  ")
        room = self.app.size.width - 2 - width(title.text.text)
        self.query_one("#top", Panel).show([title + line(summary(case).told(max(room, 4)))])
        self.query_one("#same", Panel).show([same_line(case, self._moments)])
        self.show_state()
        self.query_one(Footer).offer(without=frozenset() if can_roll_back(case) else frozenset({"rollback"}))

    def state(self) -> Line:
        return self.console_app.ledger() + line(" · ⏎ the record of an event")

    def do_down(self) -> None:
        self.query_one(TextView).step(1)

    def do_up(self) -> None:
        self.query_one(TextView).step(-1)

    def do_page_down(self) -> None:
        self.query_one(TextView).scroll_rows(10)

    def do_page_up(self) -> None:
        self.query_one(TextView).scroll_rows(-10)

    def do_top(self) -> None:
        self.query_one(TextView).point(0)

    def do_bottom(self) -> None:
        self.query_one(TextView).point(len(self._moments) - 1)

    def do_back(self) -> None:
        self.dismiss()

    def do_case(self) -> None:
        self.console_app.open_case(self.case_id)

    def do_verify(self) -> None:
        self.console_app.verify()

    def do_record(self) -> None:
        from tui.help import ReadDialog

        if self._moments:
            found = self._moments[self.query_one(TextView).cursor]
            text = json.dumps(found.data, indent=2, ensure_ascii=False)
            body = tuple(DocLine(body=Line(one.text)) for one in lines(text))
            self.app.push_screen(
                ReadDialog(
                    line((f"Entry {found.seq:,}  ", "strong"), visible(found.kind), f"  {found.at:%Y-%m-%d %H:%M:%S} UTC"),
                    Document(lines=body),
                )
            )

    async def do_rollback(self) -> None:
        """Put back what it changed, after showing what."""
        await ask_rollback(self, self.case, self._rolled_back)

    def _rolled_back(self, said: Line | None) -> None:
        if said is not None:
            self._rolled = [said]
            self._load()


# ------------------------------------------------------------------------------------------------------------------ in words

_SAID = {
    "case.submitted": "asked", "case.decided": "judged", "case.approved": "approved", "approval.refused": "not taken",
    "rejection.refused": "not taken", "seal.changed": "changed", "rehearsal.started": "is tried", "rehearsal.ended": "tried",
    "run.started": "started", "run.ended": "ran", "commit.started": "commits",
    "rollback.started": "rolls back", "case.rolled-back": "rolled back", "case.closed": "closed",
    "notify.failed": "not notified", "case.opened": "opened",
    "case.asked": "question", "case.answered": "answer", "question.refused": "not taken",
    "analysis.wrong": "unforeseen",
    "grant.given": "granted", "grant.ended": "grant ended", "grant.refused": "not taken",
}  # fmt: skip
_GRAVE = frozenset(
    {"approval.refused", "rejection.refused", "question.refused", "grant.refused", "seal.changed", "notify.failed", "analysis.wrong"}
)


def moment_line(of: Moment, by: str = "") -> Line:
    """One event: when, what, and its facts in words; of a start, `by` which grants it was let through."""
    sign = "!" if of.kind in _GRAVE or of.data.get("diverged") else "●"
    word = words(_SAID[of.kind].ljust(12)) if of.kind in _SAID else visible(of.kind.ljust(12))
    head = line((f"{of.at:%H:%M:%S} ", "dim"), (sign, "warn" if sign == "!" else "ok"), " ", (word, "bold"), " ")
    return head + line(_facts(of, by))


def _facts(of: Moment, by: str) -> Visible:
    data = of.data
    match of.kind:
        case "case.submitted":
            return visible(f"{data.get('tool', '')}, {data.get('language', '')}, by {data.get('agent', '')}, seal {_seal(data)}")
        case "case.decided":
            verdict = "allowed" if data.get("verdict") == Verdict.ALLOW.value else f"{data.get('verdict', '')}: {data.get('owed', '')}"
            return visible(f"{verdict}, seal {_seal(data)}")
        case "case.approved":
            how = "signed" if data.get("attended") else "approved unattended"
            return visible(f"{data.get('person', '')} {how} {_seal(data)}; was shown {data.get('shown', '')}")
        case "approval.refused" | "rejection.refused" | "question.refused" | "grant.refused":
            return visible(f"{data.get('person', '')}: {data.get('code', '')}")
        case "rehearsal.ended" | "run.ended":
            seconds = data.get("milliseconds", 0) / 1000 if isinstance(data.get("milliseconds"), int) else 0
            did = changed(EntryKind(kind) for kind, _ in data.get("changes", []))
            return visible(f"{seconds:.1f} s, {data.get('ending', '')}, exit {data.get('exit_code', '')}, {did}")
        case "analysis.wrong":
            effects = [effect for effect in data.get("effects", []) if isinstance(effect, list)]
            return visible(f"not predicted: {', '.join(f'{e[0]} {e[2]}' for e in effects[:3])}{' …' if len(effects) > 3 else ''}")
        case "case.opened":
            return visible(f"{data.get('person', '')}, was shown {data.get('shown', '')}")
        case "case.asked":
            return visible(f"{data.get('person', '')}: “{data.get('text', '')}”")
        case "case.answered":
            return visible(f"{data.get('characters', '')} characters of the agent's, unverified")
        case "case.closed":
            said = "" if data.get("stage") == Stage.REJECTED.value else f"{data.get('stage', '')}: "  # its outcome says so
            return visible(f"{said}{data.get('outcome', '')}")
        case "grant.given":
            times, until = count(data.get("uses", 0), "time"), str(data.get("until", ""))[:16].replace("T", " ")
            return visible(f"{data.get('person', '')}, for a while: {_granted_what(data)}, {times} until {until} UTC")
        case "grant.ended":
            giver = f", which {data['person']} gave" if data.get("person") else ""
            return visible(f"{_granted_what(data)}{giver}: {data.get('why', '')}")
        case "rollback.started":
            return visible(f"by {data.get('person', '')}")
        case "case.rolled-back":
            return visible(f"by {data.get('person', '')}" + (f", refused: {'; '.join(data['conflicts'])}" if data.get("conflicts") else ""))
        case "seal.changed":
            return visible(str(data.get("why", "")))
        case _:
            return visible(", ".join(filter(None, (by and f"by {by}", data.get("seal") and f"seal {_seal(data)}"))))


def _granted_what(data: dict[str, object]) -> str:
    """Whom the grant lets do what; of an entry that does not say it, its name."""
    return str(data.get("what") or data.get("id", ""))


def _seal(data: dict[str, object]) -> str:
    text = str(data.get("seal", ""))
    return " ".join(text[i : i + 4] for i in (0, 4, 8)).strip()


def same_line(case: Case, moments: list[Moment]) -> Line:
    """Whether what ran is what was proposed and what was signed."""
    seals = {
        kind: [str(m.data.get("seal", "")) for m in moments if m.kind == kind]
        for kind in ("case.submitted", "case.approved", "run.started")
    }
    ran = seals["run.started"][-1:] or ([case.seal] if case.rehearsed and case.stage in (Stage.DONE, Stage.COMMITTING) else [])
    parts = [("proposed", seals["case.submitted"][:1]), ("decided", seals["case.approved"][-1:]), ("ran", ran)]
    whole = line(*((f"{' · ' if i else ''}{name} {found[0][:4] if found else '–'}", "dim") for i, (name, found) in enumerate(parts)))
    if seals["case.approved"] and seals["case.submitted"] and seals["case.submitted"][0] != seals["case.approved"][-1]:
        whole += line(("  what the trial did joined the first" if case.rehearsed else "  it was judged anew since", "dim"))
    if ran and seals["case.approved"]:
        same = ran[0] == seals["case.approved"][-1]
        whole += line("  ", ("✓ what ran is what was signed", "ok") if same else ("✖ what ran is not what was signed", "bad"))
    return whole
