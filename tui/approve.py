"""The last look: what exactly is signed, made from the sealed case alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical

from guard.errors import GuardError
from guard.model import Case, Person
from guard.visible import visible
from guard.words import clauses, count, letters
from tui.fields import Field
from tui.notices import Notice
from tui.paint import Line, Part, line
from tui.panel import Panel
from tui.phrases import ago, not_taken, sentence
from tui.signing import SigningDialog

MOST_CLAUSES = 6
"""More are counted, but for those that a summary must hold."""
OFTEN = 3
"""After so many approvals of its like, a case's dialog says that there is another way."""


def _undone(case: Case) -> bool:
    """Whether what it changes are files, which guard puts back if it is asked to."""
    return case.submission.server == "guard" and any(e.kind.startswith("fs.") and "W" in letters(e) for e in case.decision.effects)


class ApproveDialog(SigningDialog):
    """Shows what is signed."""

    DEFAULT_CSS: ClassVar[str] = "ApproveDialog.-level3 #box { border: round #ff6b6b; }"

    def __init__(
        self, case: Case, notices: Sequence[Notice], *, shown: str, opened: float, like: Sequence[Case] = (), again: int = 0
    ) -> None:
        super().__init__(case, notices)
        self.shown, self.opened, self.like, self.again = shown, opened, tuple(like), again

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Panel(id="what", hang=8)
            yield from self.proofs()
            yield self.buttons(self._verb())

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
        fields = list(self.query(Field))
        (fields[0] if fields else self.query_one("#back")).focus()

    def _what(self) -> list[Line]:
        case = self.case
        more = f" and {len(self.like)} like it" if self.like else ""
        gap = [Line()] if self.app.size.height >= 24 else []
        out = [line((f"Approve {case.id:04d}{more}?", "strong"), "  You sign each:" if more else "  You sign:"), *gap]
        told = clauses(case.decision.effects, case.facts)
        kept = [clause for i, clause in enumerate(told) if i < MOST_CLAUSES or clause.grave]
        for clause in kept:
            badge = line((f" {clause.letter} ", f"bad{clause.letter}"), " ")
            out.append(badge + line(*((text, "strong" if named else "") for text, named in clause.parts)))
        if rest := [clause.letter for clause in told if clause not in kept]:
            classes = ", ".join(sorted(set(rest)))
            out.append(line((f"    and {len(rest)} more of the classes {classes}, all shown in tab 1", "warn")))
        if not told:
            out.append(line("    it only computes"))
        out += gap
        if case.decision.losses:
            out.append(line(("Before  ", "dim"), ("no backup can be taken: you accept the loss", "warn")))
        elif case.decision.backup or _undone(case):
            out.append(line(("Before  ", "dim"), "guard keeps a copy; it can be rolled back"))
        seal = " ".join(case.seal[i : i + 4] for i in (0, 4, 8))
        lines_ = count(len(case.submission.code.splitlines()) or 1, "line")
        out.append(line(("Bytes   ", "dim"), f"{lines_}, seal ", (seal, "strong"), "; these or none"))
        if self.like:
            each = " · ".join(f"{other.id:04d} {other.seal[:4]} {other.seal[4:8]}" for other in self.like)
            out.append(line(("And     ", "dim"), f"{each}: marked like it, and read by you"))
        out += [self.as_line(), *self.stands_lines()]
        out.append(line(("Then    ", "dim"), *self._then()))
        left = ago((case.expires_at - self.console_app.desk.now()).total_seconds())
        out.append(line(("Good    ", "dim"), f"for {left}, until {case.expires_at:%H:%M} UTC; once"))
        if self.again >= OFTEN:
            out.append(line(("Again   ", "dim"), f"its like was approved {self.again} times: w lets it run for a while"))
        return out

    def _then(self) -> list[Part]:
        """What happens once it is signed."""
        case, left = self.case, self.case.decision.owed.approvals - len(self.case.approvals) - 1
        agent = visible(case.submission.agent)
        first: list[Part] = [f"{count(left, 'more person')} must sign; then " if left > 0 else ""]
        if case.execution is not None:
            return [*first, "the changes of tab 3 are written; ", agent, " reads its output"]
        if case.submission.server != "guard":
            return [*first, "it goes to ", visible(case.submission.server), " once; ", agent, " reads the answer"]
        sends = any("N" in letters(e) for e in case.decision.effects)
        return [*first, "it runs once in the box; ", agent, " reads its output", "; what it sends stays sent" if sends else ""]

    async def sign(self, me: Person) -> Line:
        console = self.console_app
        losses = tuple(self.case.decision.effects[i].key for i in self.case.decision.losses)
        shown = f"{self.shown}; open for {round(console.clock.now() - self.opened)} s"
        answer = await console.desk.approve(self.case, person=me.name, signer=console.signer, losses=losses, shown=shown)
        if answer.refused is not None:
            return line(("! Not taken: ", "warn"), visible(answer.refused.why))
        console.approved.append(console.clock.now() - self.opened)
        if self.like:
            return await self._sign_like(me)
        left = answer.case.decision.owed.approvals - len(answer.case.approvals)
        after = f" {count(left, 'more person')} must sign." if left > 0 else " It runs as soon as a guard of its workspace takes it."
        return line(("✓ Signed", "ok"), " as ", visible(me.name), ".", after)

    async def _sign_like(self, me: Person) -> Line:
        console, refused = self.console_app, dict[int, str]()
        for other in self.like:
            shown = f"all {count(len(other.submission.code.splitlines()) or 1, 'line')}, all effects; marked like {self.case.id:04d}"
            try:
                answer = await console.desk.approve(other, person=me.name, signer=console.signer, shown=shown)
            except GuardError as error:
                refused[other.id] = sentence(error)
                continue
            if answer.refused:
                refused[other.id] = answer.refused.why
        signed = count(1 + len(self.like) - len(refused), "case")
        return line(("✓ Signed", "ok"), " as ", visible(me.name), f": {signed}. ") + not_taken(refused, named=True)
