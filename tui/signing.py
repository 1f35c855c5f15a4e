"""What every signature asks for: as much friction as the case can do harm, a passphrase, buttons that are dead at first, and a case that
did not move meanwhile. The dialogs that sign (an approval, a grant for a while) are made on it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from textual import events, on
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input

from guard.errors import BadInput, ConfigError, GuardError
from guard.model import Case, Person, Stage
from guard.visible import visible
from guard.words import count, letter, lost, name, telling
from tui.app import Console
from tui.button import Push
from tui.clock import DEAD
from tui.fields import Field, Typed
from tui.notices import Notice
from tui.paint import Line, line, width
from tui.panel import Panel
from tui.phrases import sentence, settled
from tui.screens import Dialog

MOST_TYPED = 24
WIDEST = 78
"""Cells that such a dialog takes at most."""
MOMENT = line(("One moment.", "warn"))
"""What a button says that is dead for a moment only."""
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
        unseen = all(letter(e) == "?" for e in grave) and not case.decision.losses
        why = "to say that you sign what cannot be seen" if unseen else "to say that you know what is lost"
        return Friction(level=3, typed=_plain(_lost(case), case), why=why)
    if notices:
        return Friction(level=2, typed=_plain(notices[0].typed, case), why="to say that you saw it")
    return Friction(level=1)


def _lost(case: Case) -> str:
    grave = [e for e in telling(case.decision.effects) if letter(e) in "D?"]
    if case.decision.losses:
        return "no backup"
    if all(letter(e) == "?" for e in grave):
        return "unseen"
    counted, noun = lost(grave)
    names = list(dict.fromkeys(name(e.resource, case.facts).text for e in counted if letter(e) == "D"))
    return names[0] if len(names) == 1 else count(len(names), noun)


def _plain(text: str, case: Case) -> str:
    """The thing by its name, or by the last part of its path; where neither can be typed as it is, the digits that the seal begins with."""
    parts = (text, text.rpartition("/")[2])
    return next((part for part in parts if len(part) <= MOST_TYPED and _PLAIN.fullmatch(part)), case.seal[:4])


class SigningDialog(Dialog):
    """Dismisses with a sentence for the banner, or None."""

    DEFAULT_CSS: ClassVar[str] = """
    SigningDialog #box { width: 78; max-width: 100%; height: auto; max-height: 100%; padding: 0 1; overflow-y: auto; }
    SigningDialog #box { scrollbar-size: 0 1; }
    SigningDialog #box { border: round $primary; background: $background; }
    SigningDialog Field { background: $surface; width: 100%; }
    SigningDialog #locked { height: 1; }
    SigningDialog #ask-passphrase { width: 36; }
    SigningDialog #passphrase { width: 1fr; }
    SigningDialog #confirm { height: 1; }
    SigningDialog #confirm Field { width: 1fr; }
    SigningDialog #buttons { height: 1; align-horizontal: right; margin: 0; }
    SigningDialog #status { height: auto; min-height: 1; }
    """

    def __init__(self, case: Case, notices: Sequence[Notice]) -> None:
        super().__init__()
        self.case = case
        self.friction = friction(case, notices)
        self._dead_until = 0.0
        self._signing = False
        """It is being signed, or was: what changes then is its own doing, and it closes once."""

    # ------------------------------------------------------------------------------------------------------- what a kind of it adds

    def lacks(self) -> Line | None:
        """What is missing before it can be signed; None if nothing is."""
        if self.console_app.too_small:
            return line(("Make the window 60 x 20 or larger to decide.", "warn"))
        return next(filter(None, (typed.lacks() for typed in self.query(Typed))), None)

    async def sign(self, me: Person) -> Line:
        """Sign it. Returns what is said of it then."""
        raise NotImplementedError

    # ------------------------------------------------------------------------------------------------------------------ its lower part

    def proofs(self) -> Iterator[Widget]:
        """The fields that a signature needs."""
        if self._needs_passphrase():
            yield Horizontal(Panel(id="ask-passphrase", most=1), Field(id="passphrase", password=True), id="locked")
        if self.friction.typed:
            asked = (Panel(id="ask-typed", most=2), Typed(self.friction.typed, id="typed"))
            yield from [Horizontal(*asked, id="confirm")] if self._one_row else asked
        yield Panel(id="status", most=2)

    @property
    def proof_rows(self) -> int:
        """Rows that `proofs` takes."""
        return bool(self.query("#locked")) + (2 - bool(self.query("#confirm"))) * bool(self.friction.typed) + 1

    @property
    def _one_row(self) -> bool:
        """What is to be typed has room beside the words that ask for it."""
        room = min(self.app.size.width, WIDEST) - 6 - width(self._asked.text.text)
        return self.friction.level == 2 and room > len(self.friction.typed)

    @property
    def _asked(self) -> Line:
        """What asks for what is to be typed."""
        begins = ", which the seal begins with," if self.friction.typed == self.case.seal[:4] else ""
        typed = visible(self.friction.typed), "badD" if self.friction.level == 3 else "tab"
        return line("Type “", typed, f"”{begins} {self.friction.why}:")

    def buttons(self, verb: str) -> Horizontal:
        """The safe one first."""
        return Horizontal(Push("Back  esc", id="back"), Push(verb, id="sign"), id="buttons")

    def _needs_passphrase(self) -> bool:
        console = self.console_app
        if console.signer is not None:
            try:
                return not console.signer.public
            except ConfigError:
                console.signer = None
        return self._has_key()

    def attended(self) -> bool:
        """Whether the signature would prove presence."""
        return self.console_app.signer is not None or self._has_key()

    def _has_key(self) -> bool:
        console = self.console_app
        return bool(console.me and console.me.key and console.desk.has_key(console.me.name))

    def on_mount(self) -> None:
        if self.query("#ask-passphrase"):
            self.query_one("#ask-passphrase", Panel).show([line("Passphrase (good for 15 minutes):")])
        if self.friction.typed:
            panel = self.query_one("#ask-typed", Panel)
            panel.show([self._asked])
            if self.query("#confirm"):
                panel.styles.width = width(self._asked.text.text) + 3
        self._die()

    def stands_lines(self) -> list[Line]:
        """What else the signer should know: that a question is open, and until when the key is."""
        out, console = [], self.console_app
        if self.case.asked and console.me:
            last = self.case.asked[-1]
            whose = "your question" if last.person == console.me.name else f"the question of {last.person}"
            out.append(line(("Asked   ", "dim"), (visible(f"{whose} at {last.at:%H:%M} UTC has no answer yet"), "warn")))
        if console.signer is not None and not self._needs_passphrase():
            until = console.desk.now() + timedelta(seconds=console.signer.seconds_left)
            out.append(line((f"Key     open until {until:%H:%M} UTC", "dim")))
        return out

    def as_line(self) -> Line:
        """Who signs, with which key."""
        me = self.console_app.me
        if me is None:
            return Line()
        teams = f" (team {', '.join(me.teams)})" if me.teams else ""
        key = f", key ed25519 …{me.key[-4:]}" if self.attended() else ", without a key: unattended"
        return line(("As      ", "dim"), visible(me.name), visible(teams), key)

    # ---------------------------------------------------------------------------------------------------------- the dead time

    def _die(self) -> None:
        """The buttons do nothing for a moment."""
        clock = self.console_app.clock
        self._dead_until = clock.now() + DEAD
        self.liven()
        clock.after(DEAD + 0.01, lambda: self.call_later(self.liven) if self.is_attached else None)

    def liven(self) -> None:
        """Dead or alive, as things stand now."""
        if not self.is_attached:
            return
        dead = MOMENT if self.console_app.clock.now() < self._dead_until else None
        self.query_one("#back", Push).kill(dead)
        sign = self.query_one("#sign", Push)
        was, why = sign.why, dead or (MOMENT if self._signing else self.lacks())
        sign.kill(why)
        if was != why and self.query_one("#status", Panel).lines == (was,):
            self.say(Line())
        self.hint()

    def on_resize(self) -> None:
        if self.is_mounted:
            self._die()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """In a small window not all of it is in sight: what has the focus is."""
        event.widget.scroll_visible(animate=False, immediate=True, force=True)
        self.liven()

    async def pressed(self, key: str) -> bool:
        if key in ("pageup", "pagedown"):
            self.query_one("#box").scroll_relative(y=-8 if key == "pageup" else 8, animate=False, immediate=True, force=True)
            return True
        return await super().pressed(key)

    def look_again(self) -> None:
        super().look_again()
        if self.is_mounted:
            self._die()

    @on(Input.Changed)
    def _typing(self) -> None:
        self.say(Line())
        self.liven()

    @on(Input.Submitted)
    def _next(self, event: Input.Submitted) -> None:
        """Enter in a field never signs: it goes on to the next, or says what was to be typed."""
        if isinstance(event.input, Typed) and (why := event.input.lacks()):
            self.say(why)
        else:
            self.focus_next()

    # --------------------------------------------------------------------------------------------------------------- signing

    @on(Push.Pushed)
    async def _pushed(self, event: Push.Pushed) -> None:
        if event.push.id == "back":
            self.dismiss(None)
        elif not self._signing and self.lacks() is None:
            self._signing = True
            try:
                await self._sign()
            except BadInput as error:
                self._signing = False
                self._try_again(line(("✖ ", "bad"), visible(sentence(error))))
            except GuardError as error:
                self.dismiss(line(("✖ Nothing was signed: ", "bad"), visible(sentence(error))))

    def _try_again(self, why: Line) -> None:
        """Say what was wrong; a passphrase is typed anew."""
        for field in self.query("#passphrase").results(Field):
            with field.prevent(Input.Changed):
                field.value = ""
            field.focus()
        self.say(why)

    async def _sign(self) -> None:
        console = self.console_app
        me, desk = console.me, console.desk
        assert me is not None
        if self.query("#passphrase"):
            console.signer = await desk.unlock(me.name, self.query_one("#passphrase", Field).value)
        now = await desk.case(self.case.id)
        health = await desk.health()
        said = moved(self.case, now, desk.owed(now.decision), health.policy_digest)
        self.dismiss(said or await self.sign(me))

    async def on_console_changed(self, event: Console.Changed) -> None:
        """The case moved under the dialog: it closes, and a banner says what."""
        if self.case.id in event.cases and not self._signing:
            desk = self.console_app.desk
            try:
                now = await desk.case(self.case.id)
            except GuardError as error:
                said: Line | None = line(("✖ ", "bad"), visible(sentence(error)))
            else:
                said = moved(self.case, now, desk.owed(now.decision), now.decision.policy_digest)
            if said and not self._signing:
                self._signing = True
                self.console_app.hush()
                self.dismiss(said)


def moved(was: Case, now: Case, owed: str, policies: str) -> Line | None:
    """What changed since the dialog opened, as a sentence; None if nothing did."""
    if now.stage is not Stage.WAITING:
        return settled(now)
    if now.seal != was.seal:
        return line(("! The program changed after you read it.", "warn"))
    if now.decision != was.decision or policies != was.decision.policy_digest:
        return line(("! The policies changed; ", "warn"), f"what is owed is now {owed}.")
    if now.approvals != was.approvals:
        return line(
            ("! ", "warn"), visible(now.approvals[-1].person if now.approvals else "Somebody"), " approved it meanwhile. Look again."
        )
    return None
