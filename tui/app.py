"""The approval console: an app that holds the desk, the person, the clock and what was read, and gives every key to the right screen.

Screens decide what is shown, `guard.desk` what is true. Keys arrive here first: bursts, held keys and pastes are dropped before any
screen sees them.
"""

from __future__ import annotations

import asyncio
import dataclasses
import gc
import sys
from collections.abc import Coroutine, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text
from textual import events, work
from textual.app import App, SystemCommand
from textual.message import Message
from textual.screen import Screen
from textual.theme import Theme
from textual.widget import Widget
from textual.widgets import Input, TextArea

from guard.desk import Desk, Health
from guard.errors import GuardError, StoreError
from guard.model import Person
from guard.visible import visible
from guard.words import count
from tui import keys
from tui.burst import Bursts, Outcome, Pressed
from tui.clock import BURST, MOVED, Clock, RealClock
from tui.fields import Typed
from tui.paint import Line, Palette, line, palette
from tui.phrases import sentence
from tui.reading import Reading
from tui.screens import Face
from tui.symbols import Ascii

if TYPE_CHECKING:
    from tui.queue import QueueScreen

MANY, FAST = 10, 8.0
"""After so many approvals at under so many seconds each, the status line says so."""
POLL = 30.0
"""Seconds between looks when nothing changes."""

DARK = Theme(name="guard-dark", primary="#8fc1f0", background="#14181d", surface="#232a33", foreground="#d8dee6", dark=True)
LIGHT = Theme(name="guard-light", primary="#1f5c94", background="#fbfbf8", surface="#e4e7ea", foreground="#20262d", dark=False)


class Console(App[None]):
    """`guard console`."""

    ENABLE_COMMAND_PALETTE = True
    CSS = """
    Screen { background: $background; color: $foreground; layers: base; }
    Dialog { background: $background 60%; align: center middle; }
    TextView, Listing, Editor { scrollbar-color: $primary; scrollbar-background: $surface; scrollbar-color-hover: $primary;
        scrollbar-background-hover: $surface; scrollbar-color-active: $primary; scrollbar-background-active: $surface; }
    Editor { scrollbar-size: 0 1; }
    """
    TITLE = "guard console"

    class Changed(Message):
        """The store changed: these cases are not what they were."""

        def __init__(self, cases: tuple[int, ...]) -> None:
            super().__init__()
            self.cases = cases

    def __init__(self, desk: Desk, *, clock: Clock | None = None, case: int | None = None, utf8: bool = True) -> None:
        super().__init__()
        self.utf8 = utf8
        """Otherwise everything is painted in ASCII, and text that has no ASCII can only be read."""
        if not utf8:
            self._filters.append(Ascii())
        self.desk = desk
        self.clock: Clock = clock or RealClock()
        self.me: Person | None = None
        self.signer: Any = desk.signer
        """The unlocked key, while it is."""
        self.health = Health()
        self.rekeyed: datetime | None = None
        """When another key was registered for this person than the one that was there at the start."""
        self.trouble = ""
        """The store cannot be read: what it says."""
        self._first_case = case
        self._besides: set[asyncio.Task[None]] = set()
        self._bursts: Bursts[events.Key] = Bursts()
        self._readings: dict[tuple[int, str], Reading] = {}
        self._palettes: dict[tuple[bool, bool], Palette] = {}
        self._seen = 0
        self.focused_terminal = True
        self._hushed = -MOVED
        """When a dialog closed by itself, or a key came just after: what is typed on was meant for that dialog."""
        self.drafts: dict[tuple[str, int], str] = {}
        """What was written about a case and not sent yet, by what it was written for."""
        self.approved: list[float] = []
        """How long each approval of this session took."""
        self.animation_level = "none"
        for theme in (DARK, LIGHT):
            self.register_theme(theme)
        self.theme = "guard-dark"

    # ------------------------------------------------------------------------------------------------------------------ state

    @property
    def palette(self) -> Palette:
        key = (self.current_theme.dark, not self.no_color)
        if key not in self._palettes:
            self._palettes[key] = palette(dark=key[0], colour=key[1])
        return self._palettes[key]

    def reading(self, case_id: int, seal: str) -> Reading:
        """What was shown of a sealed case; another seal starts anew."""
        return self._readings.setdefault((case_id, seal), Reading())

    def watched(self, screen: Screen[Any]) -> bool:
        """Whether somebody can be looking at this screen: it is on top, and the terminal has the focus."""
        return screen is self.screen and self.focused_terminal and not self.too_small

    @property
    def too_small(self) -> bool:
        return self.size.width < 60 or self.size.height < 20

    # ------------------------------------------------------------------------------------------------------------------- start

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """The palette lists what the table of keys lists, and themes."""
        if isinstance(screen, Face):
            for key in keys.on(screen.face):
                yield SystemCommand(key.word, key.help, lambda key=key: self._command(screen, key))
        other = "guard-light" if self.current_theme.dark else "guard-dark"
        yield SystemCommand(f"theme: {other}", "Light or dark.", lambda: setattr(self, "theme", other))

    def _command(self, screen: Face, key: keys.Key) -> None:
        self.call_later(screen.act, key.action)

    async def on_mount(self) -> None:
        gc.set_threshold(50_000, 20, 50)  # with ten thousand cases, looking for garbage would take as long as reading them
        sys.setswitchinterval(0.001)  # what a thread computes (reading cases, a wrap) does not hold up a key at each step of the loop
        from tui.queue import QueueScreen

        try:
            self.me = await self.desk.me()
            self._seen = await self.desk.head()
        except StoreError as error:
            self.trouble = sentence(error)
        await self.push_screen(QueueScreen())
        if self._first_case is not None:
            self.open_case(self._first_case)
        self._follow()

    @work(exclusive=True, group="follow")
    async def _follow(self) -> None:
        """Wait for changes of the store, and say which cases they are about."""
        counter = 0
        while True:
            try:
                counter = await self.desk.wait(counter, POLL)
                self._seen, cases = await self.desk.changed(self._seen)
                health = dataclasses.replace(await self.desk.health(), entries=self.health.entries)
                moved, self.health = health != self.health, health
                was, self.trouble = self.trouble, ""
                if await self._other_me() or cases or moved or was:
                    self._tell(self.Changed(cases))
            except StoreError as error:
                if self.trouble != sentence(error):
                    self.trouble = sentence(error)
                    self._tell(self.Changed(()))
                await self.wait(1.0)

    async def _other_me(self) -> bool:
        """Whether this person is registered otherwise than before: another key is not taken for granted."""
        was, self.me = self.me, await self.desk.me()
        if was and self.me and was.key and was.key != self.me.key:
            self.rekeyed, self.signer = self.desk.now(), None
        return was != self.me

    @work(exclusive=True, group="verify")
    async def verify(self, *, quietly: bool = False) -> None:
        """Verify the whole ledger, and say what came of it."""
        if not quietly:
            self.say(line("Verifying the ledger …"))
        try:
            self.health = await self.desk.health(ledger=True)
        except GuardError as error:
            self.fail(error)
            return
        self._tell(self.Changed(()))
        if not quietly and not self.health.ledger:
            self.say(line(("✓ ", "ok"), f"The ledger verifies: {count(self.health.entries, 'entry')}."))

    async def wait(self, seconds: float) -> None:
        """Wait by the console's clock."""
        import asyncio

        done = asyncio.Event()
        self.clock.after(seconds, done.set)
        await done.wait()

    def _tell(self, message: Changed) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, Face):
                screen.post_message(self.Changed(message.cases))

    @property
    def queue(self) -> QueueScreen:
        """The screen under all others."""
        from tui.queue import QueueScreen

        return next(screen for screen in self.screen_stack if isinstance(screen, QueueScreen))

    def open_case(self, case_id: int) -> None:
        """Open a case over what is there."""
        from tui.case import CaseScreen

        self.push_screen(CaseScreen(case_id))

    def pace(self) -> str:
        """What a reviewer who approves fast should know of himself; "" if there is nothing to say."""
        last = self.approved[-MANY:]
        each = sum(last) / len(last) if last else FAST
        return f"{len(self.approved)} approvals, {each:.0f} s each" if len(last) == MANY and each < FAST else ""

    def ledger(self) -> Line:
        """Whether the ledger was sound when it was last verified, how far that was, and how much came since."""
        health = self.health
        if not health.entries and not health.ledger:
            return line("ledger not verified yet")
        since = f", {self._seen - health.entries:,} since" if self._seen > health.entries and not health.ledger else ""
        return line("ledger ", ("✖", "bad") if health.ledger else ("✓", "ok"), f" {count(health.entries, 'entry')}{since}")

    def banners(self) -> list[Line]:
        """What is wrong, on top, until its cause is gone."""
        said: list[Line] = []
        if self.trouble:
            said.append(line(("✖ The store cannot be read: ", "bad"), visible(self.trouble), " Nothing you press is lost or half done."))
        if self.health.policies:
            digest = self.health.policy_digest[:4]
            text = ". In force, also for what you approve: the last good set "
            said.append(line(("✖ Policies broken: ", "bad"), visible(self.health.policies), text, f"({digest}), which p shows."))
        if self.health.ledger:
            said.append(
                line(("✖ The ledger does not verify: ", "bad"), visible(self.health.ledger), ". Nothing can be approved.  v shows where")
            )
        if self.me is None and not self.trouble:
            said.append(line(("! You are not registered here: you can read only.", "warn"), "  guard person add"))
        if self.rekeyed and self.me:
            text = (
                f" is not the one registered since {self.rekeyed:%H:%M} UTC. You can read only; start the console again with the new one."
            )
            said.append(line(("! The key of ", "warn"), visible(self.me.name), text))
        if self.too_small:
            said.append(line(("! Make the window 60 x 20 or larger to decide. You can read.", "warn")))
        return said

    # ------------------------------------------------------------------------------------------------------------------- keys

    async def on_event(self, event: events.Event) -> None:
        """Keys and pastes go through the burst gate; everything else as usual."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            self._press(event)
        elif isinstance(event, events.Paste) and not event.is_forwarded:
            await self._paste(event)
        elif isinstance(event, events.AppBlur):
            self.focused_terminal = False
            self._each("look_away")
            await super().on_event(event)
        elif isinstance(event, events.AppFocus):
            self.focused_terminal = True
            self._each("look_again")
            await super().on_event(event)
        else:
            await super().on_event(event)

    def _each(self, what: str) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, Face):
                getattr(screen, what)()

    def hush(self) -> None:
        """A dialog closes by itself, perhaps under a person's fingers: keys do nothing until none came for a moment."""
        self._hushed = self.clock.now()

    def _press(self, event: events.Key) -> None:
        if self.clock.now() - self._hushed < MOVED:
            self.hush()
            self.say(line(("The dialog closed while you typed: one moment.", "warn")))
            return
        field = self._field_of(event)
        pressed = Pressed(
            event,
            event.key,
            self._decides(event.key, field),
            self.clock.at(event.time),
            typed=isinstance(field, Typed) and event.is_printable,
        )
        self._take(self._bursts.press(pressed))
        self.clock.after(BURST + 0.001, self._quiet)

    def _field_of(self, event: events.Key) -> Input | TextArea | None:
        """The field that a key goes to: the one with the focus; in a dialog letters go to what is still to be typed."""
        if isinstance(self.focused, Input | TextArea):
            return self.focused
        return self.screen.typed_into(event.key) if event.is_printable and isinstance(self.screen, Face) else None

    def _decides(self, key: str, field: Widget | None) -> bool:
        if field is None and isinstance(self.screen, Face) and self.screen.face != keys.DIALOG:
            found = keys.find(self.screen.face, key)
            return bool(found and found.decides)
        return key in keys.DECIDES_IN_DIALOGS

    def _quiet(self) -> None:
        self.call_later(self._check_quiet)

    def _check_quiet(self) -> None:
        self._take(self._bursts.quiet(self.clock.now()))

    def _take(self, outcome: Outcome[events.Key]) -> None:
        if outcome.pasted:
            self.say(line(("Type it; a paste does not count.", "warn")))
        elif outcome.dropped and not outcome.held:
            self.say(line((f"Ignored {count(outcome.dropped, 'key')} that came at once.", "warn")))
        for event in outcome.taken:
            self.call_later(self._deliver, event)

    async def _deliver(self, event: events.Key) -> None:
        screen = self.screen
        if (field := self._field_of(event)) is not None and field is not self.focused:
            screen.set_focus(field)
        if isinstance(screen, Face) and field is None:
            found = keys.find(screen.face, event.key)
            if found is not None:
                await screen.act(found.action)
                return
            if screen.face != keys.DIALOG and event.key not in ("ctrl+p", "ctrl+q"):
                return
        if isinstance(screen, Face) and await screen.pressed(event.key):
            return
        await super().on_event(event)

    async def _paste(self, event: events.Paste) -> None:
        if isinstance(self.focused, Typed):
            self.say(line(("Type it; a paste does not count.", "warn")))
        elif isinstance(self.focused, Input | TextArea):
            await super().on_event(event)
        else:
            self.say(line((f"Ignored a paste of {count(len(event.text), 'character')}.", "warn")))

    def say(self, said: Line) -> None:
        """One sentence in the status line of the screen on top."""
        if isinstance(self.screen, Face):
            self.screen.say(said)

    def _fatal_error(self) -> None:
        """A fault of ours: said in one line, without the locals and the environment that a traceback would print."""
        self._exit_renderables.append(
            Text(f"guard console stopped ({type(self._exception).__name__}). Nothing is left half done: start it again.")
        )
        self._close_messages_no_wait()

    def beside(self, work: Coroutine[Any, Any, None]) -> None:
        """Do what no screen waits for; the console's end does."""
        task = asyncio.create_task(self._beside(work))
        self._besides.add(task)
        task.add_done_callback(self._besides.discard)

    async def _beside(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except GuardError as error:
            if self.screen_stack:
                self.fail(error)

    async def on_unmount(self) -> None:
        await asyncio.gather(*self._besides)

    def fail(self, error: GuardError) -> None:
        """Something could not be done."""
        self.say(line(("✖ ", "bad"), visible(sentence(error))))

    BINDINGS: ClassVar = []
