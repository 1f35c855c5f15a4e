"""Editing a case, in the console or in $EDITOR, with what the edit changes shown live; it becomes a new case, judged from the start."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult, SuspendNotSupported
from textual.containers import Horizontal
from textual.widgets import TextArea

from guard.desk import Preview
from guard.edit import to_edit
from guard.errors import BadInput, GuardError
from guard.model import Case, Decision, Stage, Verdict
from guard.visible import decode, visible, without_hidden, words
from guard.words import clauses, count
from tui import keys
from tui.app import Console
from tui.fields import Editor
from tui.paint import WIDE, Line, line
from tui.panel import Panel
from tui.phrases import settled
from tui.screens import Face
from tui.textview import DocLine, Document, TextView

MOST_LINES = 2000
"""A longer program is edited in $EDITOR alone."""
SETTLES = 0.3
SUFFIX = {"json": ".json", "python": ".py", "javascript": ".js", "typescript": ".ts", "shell": ".sh", "bash": ".sh", "sql": ".sql"}


class EditScreen(Face):
    """Dismisses with the number of the new case, or None."""

    face: ClassVar[str] = keys.EDIT
    DEFAULT_CSS = """
    EditScreen { layout: vertical; }
    EditScreen #body { height: 1fr; layout: vertical; }
    EditScreen.-wide #body { layout: horizontal; }
    EditScreen Editor { height: 1fr; width: 1fr; border: none; padding: 0; }
    EditScreen TextView { height: 7; border-top: solid $surface; }
    EditScreen.-wide TextView { height: 1fr; width: 44; border-top: none; border-left: solid $surface; }
    """

    def __init__(self, case: Case, *, external: bool = False) -> None:
        super().__init__()
        self.case, self._external = case, external
        self.start, self.removed = without_hidden(to_edit(case.submission))
        self._preview: Preview | None = None
        self._before: Decision | None = None
        """On the program as it was, from its text alone: what a trial run found is held against no edit that was not tried."""
        self._typed = 0
        self._asked_to_leave = False
        self._text = self.start
        self._judged = Line()
        """What is known of the edit; a sentence stands over it until the next key."""

    def compose(self) -> ComposeResult:
        yield Panel(id="banners")
        yield Panel(id="top", base="bar", most=1)
        with Horizontal(id="body"):
            yield Editor(id="text", show_line_numbers=True, soft_wrap=True, tab_behavior="indent", compact=True)
            yield TextView(id="delta")
        yield Panel(id="status", base="bar", most=2)
        yield Panel(id="footer", base="bar", most=1)

    @property
    def editor(self) -> Editor:
        return self.query_one(Editor)

    @property
    def code(self) -> str:
        """The text as it would be submitted."""
        return self._text if self._long else self.editor.text

    @property
    def _long(self) -> bool:
        return self._text.count("\n") > MOST_LINES

    def on_mount(self) -> None:
        self.set_class(self.app.size.width >= WIDE, "-wide")
        self.editor.cursor_blink = False
        self._put(self.start)
        self.editor.focus()
        title = line(("Editing ", "strong"), (f"{self.case.id:04d}", "strong"), " → a new case, judged from the start")
        gone = line("   ", (f"{count(self.removed, 'hidden character')} removed", "warn")) if self.removed else Line()
        self.query_one("#top", Panel).show([title + gone])
        hints = (("^s", " submit  "), ("^e", " $EDITOR  "), ("^r", " undo all  "), ("esc", " back (asks if changed)"))
        parts = [part for key, word in hints for part in ((key, "key"), (word, ""))]
        self.query_one("#footer", Panel).show([line(*parts)])
        self._compare()
        if self._external:
            self.call_after_refresh(self._run_editor)

    def on_resize(self) -> None:
        self.set_class(self.app.size.width >= WIDE, "-wide")

    async def on_console_changed(self, event: Console.Changed) -> None:
        """Settled elsewhere: said on top. The text stays, for whoever wants to keep it."""
        try:
            now = await self.console_app.desk.case(self.case.id) if self.case.id in event.cases else None
        except GuardError as error:
            self.console_app.fail(error)
            return
        if self.alive and now is not None:
            self.banner([settled(now)] if now.stage is not Stage.WAITING else [])

    def _put(self, text: str) -> None:
        self._text = text
        self.editor.read_only = self._long
        self.editor.text = "Longer than 2,000 lines: ^e opens it in $EDITOR." if self._long else text

    @on(TextArea.Changed)
    def _changed(self) -> None:
        self._typed += 1
        mine = self._typed
        self._asked_to_leave = self._told = False
        self.console_app.clock.after(SETTLES, lambda: self.call_later(self._settled, mine) if self.is_attached else None)

    def _settled(self, mine: int) -> None:
        if mine == self._typed:
            self._compare()

    @work(exclusive=True, group="preview")
    async def _compare(self) -> None:
        """What the edit changes, by the same analysis and policies as any submission."""
        self._judged = line("judging …")
        self.show_state()
        try:
            if self._before is None:
                tried, code = self.case.execution is not None, self.case.submission.code
                self._before = (await self.console_app.desk.preview(self.case, code)).decision if tried else self.case.decision
            self._preview = await self.console_app.desk.preview(self.case, self.code)
        except BadInput as error:  # arguments of a call, half typed
            self._not_yet(error)
            return
        except GuardError as error:
            self.console_app.fail(error)
            return
        if not self.alive:
            return
        was, now = self.console_app.desk.owed(self.case.decision), self.console_app.desk.owed(self._preview.decision)
        self.query_one(TextView).show(Document(lines=tuple(delta(self.case, self._before, self._preview, was, now)), prose=True))
        old, new = self.start.split("\n"), self.code.split("\n")
        by = len(new) - len(old)
        other = sum(a != b for a, b in zip(old, new, strict=False))
        more = f"{count(abs(by), 'line')} {'more' if by > 0 else 'less'}" if by else f"{count(other, 'line')} changed"
        self._judged = line("no change yet" if self.code == self.start else more)
        self.show_state()

    def state(self) -> Line:
        return self._judged

    def _not_yet(self, error: BadInput) -> None:
        self.say(line(("! ", "warn"), visible(f"{error}. {error.hint}")))

    async def pressed(self, key: str) -> bool:
        self._told = False
        match key:
            case "ctrl+s":
                await self._submit()
            case "ctrl+e":
                self._run_editor()
            case "ctrl+r":
                self._put(self.start)
            case "escape" if self.code == self.start or self._asked_to_leave:
                self.dismiss(None)
            case "escape":
                self._asked_to_leave = True
                self.say(line(("Your edit is not submitted. esc again leaves it, ^s submits it.", "warn")))
            case _:
                return False
        return True

    async def _submit(self) -> None:
        me = self.console_app.me
        if me is None:
            self.say(line(("You are not registered here: you can read only.", "warn")))
            return
        try:
            answer = await self.console_app.desk.edit(self.case, self.code, person=me.name)
        except BadInput as error:
            self._not_yet(error)
            return
        except GuardError as error:
            self.console_app.fail(error)
            return
        if answer.refused is not None:
            self.say(line(("! Not taken: ", "warn"), visible(answer.refused.why)))
            return
        self.dismiss(answer.case.id)

    def _run_editor(self) -> None:
        """The text in $EDITOR, through a private folder; what comes back is bytes, judged like any other."""
        command = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")
        environment = {**os.environ, **({"NO_COLOR": "1"} if self.app.no_color else {})}  # Textual took it out of the environment
        with tempfile.TemporaryDirectory(prefix="guard-edit-") as folder:
            path = Path(folder, f"case-{self.case.id:04d}{SUFFIX.get(self.case.submission.language, '.txt')}")
            path.write_bytes(self.code.encode("utf-8", "surrogateescape"))
            try:
                with self.app.suspend():
                    ended = _ended([*command, str(path)], environment)
                text = decode(path.read_bytes())
            except (OSError, ValueError, SuspendNotSupported) as error:
                ended = str(error)
        if ended:
            self.say(line(("✖ Nothing was taken from the editor: ", "bad"), visible(ended)))
            return
        cleaned, removed = without_hidden(text)
        self._put(cleaned)
        if removed:
            self.say(line((f"{count(removed, 'hidden character')} removed from what the editor wrote.", "warn")))


def _ended(command: Sequence[str], environment: Mapping[str, str]) -> str:
    """Run an editor. Why its text does not count; "" if it does. Never raises for it: the console must get its terminal back."""
    try:
        code = subprocess.run(command, check=False, env=environment).returncode
    except (OSError, ValueError) as error:
        return f"{command[0]} could not be run ({getattr(error, 'strerror', None) or error}). $EDITOR names it."
    return f"it ended with {code}." if code else ""


def delta(case: Case, before: Decision, preview: Preview, was: str, now: str) -> Sequence[DocLine]:
    """Effects that go, come and stay, and what is owed before and after."""
    old = {clause.text: clause for clause in clauses(before.effects, case.facts)}
    new = {clause.text: clause for clause in clauses(preview.decision.effects, case.facts)}
    by_text = "  by its text alone: it is tried once you submit it" if case.rehearsed else ""
    out = [DocLine(body=line(("What your edit changes", "strong"), (by_text, "dim")))]
    if preview.decision.verdict is Verdict.DENY:
        why = preview.decision.broken or ", ".join(dict.fromkeys(p for r in preview.decision.reasons for p in r.policies))
        out.append(DocLine(body=line(("Owed now     ", "dim"), ("refused: no approval changes that ", "bad"), visible(why))))
    else:
        out.append(DocLine(body=line(("Owed now     ", "dim"), (now, "warn" if was != now else ""))))
    out.append(DocLine(body=line(("Owed before  ", "dim"), was)))
    if preview.decision.owed.approvals > case.decision.owed.approvals:
        out.append(DocLine(body=line(("Your edit needs more people than before.", "warn"))))
    changed = (
        ("−", "removed", [clause for text, clause in old.items() if text not in new]),
        ("+", "added", [clause for text, clause in new.items() if text not in old]),
        ("=", "dim", [clause for text, clause in new.items() if text in old]),
    )
    for sign, role, found in changed:
        for c in found:
            out.append(DocLine(body=line((f"{sign} ", role), (f"[{c.letter}] ", c.letter), words(c.text)), hang=6))
            notes = dict.fromkeys(e.note for e in c.effects if e.note and c.letter == "?" and sign == "+")
            out += [DocLine(body=line("      ", (visible(note), "dim"))) for note in notes]
    return out
