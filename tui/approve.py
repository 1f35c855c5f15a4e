"""The last look: what exactly is signed, made from the sealed case alone, with as much friction as it can do harm."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input

from guard.errors import BadInput, ConfigError, GuardError
from guard.model import Case, Stage
from guard.visible import visible, words
from guard.words import clauses, count, letter, name, telling
from tui.app import Console
from tui.button import Push
from tui.clock import DEAD
from tui.fields import Field, Typed
from tui.look import Notice
from tui.paint import Line, line
from tui.panel import Panel
from tui.screens import Dialog

MOST_TYPED = 24
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/-]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Friction:
    """How hard an approval is: 1 nothing to type, 2 the new thing, 3 what is lost."""

    level: int
    typed: str = ""
    why: str = ""


def friction(case: Case, notices: Sequence[Notice]) -> Friction:
    """The friction of a case, from its sealed effects and what is to be looked at."""
    grave = [e for e in telling(case.decision.effects) if letter(e) in "D?"]
    if grave:
        return Friction(level=3, typed=_plain(_lost(case), case), why="to say that you know what is lost")
    if notices:
        return Friction(level=2, typed=_plain(notices[0].typed, case), why="to say that you saw it")
    return Friction(level=1)


def _lost(case: Case) -> str:
    grave = [e for e in telling(case.decision.effects) if letter(e) in "D?"]
    if case.decision.losses:
        return "no backup"
    if all(letter(e) == "?" for e in grave):
        return "unseen"
    names = list(dict.fromkeys(name(e.resource, case.facts).text for e in grave if letter(e) == "D"))
    if len(names) == 1:
        return names[0]
    noun = (
        "table"
        if all(e.kind.value.startswith("sql.") for e in grave)
        else "file"
        if all(e.kind.value.startswith("fs.") for e in grave)
        else "thing"
    )
    return count(len(names), noun)


def _plain(text: str, case: Case) -> str:
    return text if len(text) <= MOST_TYPED and _PLAIN.fullmatch(text) else case.seal[:4]


class ApproveDialog(Dialog):
    """Shows what is signed; dismisses with a sentence for the banner, or None."""

    DEFAULT_CSS: ClassVar[str] = """
    ApproveDialog #box { width: 78; max-width: 100%; height: auto; max-height: 100%; padding: 0 1; }
    ApproveDialog #box { border: round $primary; background: $background; }
    ApproveDialog.-level3 #box { border: round #ff6b6b; }
    ApproveDialog Field { background: $surface; width: 100%; }
    ApproveDialog #buttons { height: 1; align-horizontal: right; margin: 0; }
    ApproveDialog #status { height: auto; min-height: 1; }
    """

    def __init__(self, case: Case, notices: Sequence[Notice], *, shown: str, opened: float) -> None:
        super().__init__()
        self.case, self.notices, self.shown, self.opened = case, tuple(notices), shown, opened
        self.friction = friction(case, notices)
        self._dead_until = 0.0
        self._signing = False

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Panel(id="what", most=16)
            if self._needs_passphrase():
                yield Panel(id="ask-passphrase", most=1)
                yield Field(id="passphrase", password=True)
            if self.friction.typed:
                yield Panel(id="ask-typed", most=2)
                yield Typed(id="typed")
            yield Panel(id="status", most=2)
            with Horizontal(id="buttons"):
                yield Push("Back  esc", id="back")
                yield Push(self._verb(), id="sign")

    def _needs_passphrase(self) -> bool:
        console = self.console_app
        if console.signer is not None:
            try:
                return not console.signer.public
            except ConfigError:
                console.signer = None
        return bool(console.me and console.me.key and console.desk.has_key(console.me.name))

    def _verb(self) -> str:
        need, have = self.case.decision.owed.approvals, len(self.case.approvals)
        if need - have > 1:
            return f"Sign ({have + 1} of {need})"
        if self.case.execution is not None:
            return "Sign and commit"
        return "Sign and run" if self.case.submission.server == "guard" else "Sign and forward"

    def on_mount(self) -> None:
        self.set_class(self.friction.level == 3, "-level3")
        self.query_one("#what", Panel).show(self._what())
        if self.query("#ask-passphrase"):
            self.query_one("#ask-passphrase", Panel).show([line("Passphrase of your key; it stays unlocked for 15 minutes:")])
        if self.friction.typed:
            self.query_one("#ask-typed", Panel).show(
                [line("Type ", (visible(self.friction.typed), "D" if self.friction.level == 3 else "warn"), f" {self.friction.why}:")]
            )
        fields = list(self.query(Field))
        (fields[0] if fields else self.query_one("#back")).focus()
        self._die()

    def _what(self) -> list[Line]:
        case, me = self.case, self.console_app.me
        out = [line((f"Approve {case.id:04d}?", "strong"), "  You sign:"), Line()]
        told = clauses(case.decision.effects, case.facts)
        for clause in told[:8]:
            badge = line((f" {clause.letter} ", f"bad{clause.letter}"), " ")
            out.append(badge + line(*((text, "strong" if named else "") for text, named in clause.parts)))
        if len(told) > 8:
            rest = ", ".join(sorted({c.letter for c in told[8:]}))
            out.append(line((f"    and {len(told) - 8} more of the classes {rest}, all shown in tab 1", "warn")))
        if not told:
            out.append(line("    it only computes"))
        out.append(Line())
        if case.decision.losses:
            out.append(line(("Before  ", "dim"), ("no backup can be taken: you accept the loss", "warn")))
        elif case.decision.backup:
            out.append(line(("Before  ", "dim"), "guard keeps what it replaces or deletes; it can be rolled back"))
        seal = " ".join(case.seal[i : i + 4] for i in (0, 4, 8))
        lines_ = count(len(case.submission.code.splitlines()) or 1, "line")
        out.append(line(("Bytes   ", "dim"), f"{lines_}, seal ", (seal, "strong"), "; these bytes or none"))
        if me is not None:
            teams = f" (team {', '.join(me.teams)})" if me.teams else ""
            key = f", key ed25519 …{me.key[-4:]}" if self._attended() else ", without a key: unattended"
            out.append(line(("As      ", "dim"), visible(me.name), visible(teams), key))
        out.append(line(("Good    ", "dim"), f"until {case.expires_at:%H:%M} UTC, once"))
        return out

    def _attended(self) -> bool:
        console = self.console_app
        return console.signer is not None or bool(console.me and console.me.key and console.desk.has_key(console.me.name))

    # ---------------------------------------------------------------------------------------------------------- the dead time

    def _die(self) -> None:
        """The buttons do nothing for a moment."""
        clock = self.console_app.clock
        self._dead_until = clock.now() + DEAD
        self._liven()
        clock.after(DEAD + 0.01, lambda: self.call_later(self._liven) if self.is_attached else None)

    def _liven(self) -> None:
        if not self.is_attached:
            return
        dead = self.console_app.clock.now() < self._dead_until
        self.query_one("#back", Push).kill(dead)
        self.query_one("#sign", Push).kill(dead or self._signing or not self._confirmed() or self.console_app.too_small)

    def on_resize(self) -> None:
        if self.is_mounted:
            self._die()

    def look_again(self) -> None:
        if self.is_mounted:
            self._die()

    def _confirmed(self) -> bool:
        return not self.friction.typed or self.query_one("#typed", Typed).value == self.friction.typed

    @on(Input.Changed, "#typed")
    def _typing(self) -> None:
        self.say(Line())
        self._liven()

    @on(Input.Submitted)
    def _next(self) -> None:
        """Enter in a field never signs: it goes on to the next."""
        self.focus_next()

    # --------------------------------------------------------------------------------------------------------------- signing

    @on(Push.Pushed)
    async def _pushed(self, event: Push.Pushed) -> None:
        if event.push.id == "back":
            self.dismiss(None)
        elif not self._signing and self._confirmed():
            self._signing = True
            try:
                await self._sign()
            except BadInput as error:
                self.say(line(("✖ ", "bad"), visible(f"{error}. {error.hint}")))
            except GuardError as error:
                self.dismiss(line(("✖ Nothing was signed: ", "bad"), visible(f"{error}. {error.hint}")))
            finally:
                self._signing = False

    async def _sign(self) -> None:
        console = self.console_app
        me, desk = console.me, console.desk
        assert me is not None
        if self.query("#passphrase"):
            console.signer = await desk.unlock(me.name, self.query_one("#passphrase", Field).value)
        now = await desk.case(self.case.id)
        health = await desk.health()
        if said := moved(self.case, now, desk.owed(now.decision), health.policy_digest):
            self.dismiss(said)
            return
        losses = tuple(self.case.decision.effects[i].key for i in self.case.decision.losses)
        answer = await desk.approve(self.case, person=me.name, signer=console.signer, losses=losses, shown=self.shown)
        if answer.refused is not None:
            self.dismiss(line(("! Not taken: ", "warn"), visible(answer.refused.why)))
            return
        console.approved.append(console.clock.now() - self.opened)
        left = answer.case.decision.owed.approvals - len(answer.case.approvals)
        after = f" {count(left, 'more person')} must sign." if left > 0 else " It runs as soon as a guard of its workspace takes it."
        self.dismiss(line(("✓ Signed", "ok"), " as ", visible(me.name), ".", after))

    async def on_console_changed(self, event: Console.Changed) -> None:
        """The case moved under the dialog: it closes, and a banner says what."""
        if self.case.id in event.cases and not self._signing:
            desk = self.console_app.desk
            try:
                now = await desk.case(self.case.id)
            except GuardError as error:
                self.dismiss(line(("✖ ", "bad"), visible(f"{error}. {error.hint}")))
                return
            if said := moved(self.case, now, desk.owed(now.decision), now.decision.policy_digest):
                self.dismiss(said)


def moved(was: Case, now: Case, owed: str, policies: str) -> Line | None:
    """What changed since the dialog opened, as a sentence; None if nothing did."""
    if now.stage is not Stage.WAITING:
        return line(
            ("! ", "warn"),
            visible(now.outcome) if now.outcome else words("Somebody settled it."),
            " Nothing is left to decide here.  q back",
        )
    if now.seal != was.seal:
        return line(("! The program changed after you read it.", "warn"))
    if now.decision != was.decision or policies != was.decision.policy_digest:
        return line(("! The policies changed; ", "warn"), f"what is owed is now {owed}.")
    if now.approvals != was.approvals:
        return line(
            ("! ", "warn"), visible(now.approvals[-1].person if now.approvals else "Somebody"), " approved it meanwhile. Look again."
        )
    return None
