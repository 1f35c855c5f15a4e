"""Values of the model as plain lines for a terminal, a pipe or a screen reader.

Everything that came from outside goes through `safe`; what is returned here can be printed as it is. No colours: each meaning is a word.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from guard.cli.terminal import Exact
from guard.visible import lines, visible

if TYPE_CHECKING:
    from guard.desk import FileDiff, Moment
    from guard.model import Case, Change, Decision, Effect, Execution, Facts, Print

QUIET = ("compute", "answer")
"""Kinds that are not worth a line: every program computes and answers."""


def safe(text: str) -> str:
    """Outside text with every control, bidi and invisible character as a visible mark; line breaks are marks too."""
    return visible(text).text


def number(case_id: int) -> str:
    """A case's number as people write it."""
    return f"{case_id:04d}"


def table(rows: Sequence[Sequence[str]], *, head: Sequence[str] = ()) -> list[str]:
    """Rows in columns, the last one unpadded."""
    every = [*([head] if head else []), *rows]
    if not every:
        return []
    widths = [max(len(row[i]) for row in every) for i in range(len(every[0]))]
    return ["  ".join([*(cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=False)), row[-1]]).rstrip() for row in every]


def as_json(value: Any) -> str:
    """A value of the model as JSON, every character outside ASCII escaped."""
    from guard.canonical import plain

    return json.dumps(plain(value), indent=2)


def since(moment: datetime, now: datetime | None = None) -> str:
    """How long ago, in one unit."""
    seconds = max(0, int(((now or datetime.now(UTC)) - moment).total_seconds()))
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


# ------------------------------------------------------------------------------------------------------------------- decisions


def verdict_line(decision: Decision) -> str:
    """The verdict in one sentence."""
    from guard.decide import owed_words

    if decision.broken:
        return f"DENY: a policy is broken, so nothing can be decided: {safe(decision.broken)}"
    if decision.short:
        return f"DENY: needs {safe(owed_words(decision))}"
    if decision.verdict.value == "deny":
        spoke = list(dict.fromkeys(policy for reason in decision.reasons for policy in reason.policies))
        return f"DENY: forbidden by {', '.join(spoke)}" if spoke else "DENY: no policy permits it"
    return f"{decision.verdict.value.upper()}: owes {owed_words(decision)}"


def effect_lines(decision: Decision, facts: Facts) -> list[str]:
    """One line per effect worth one, with the reason why it is owed something, under it."""
    found: list[str] = []
    reasons = {reason.effect: reason for reason in decision.reasons}
    rows = [(i, effect) for i, effect in enumerate(decision.effects) if effect.kind.value not in QUIET or i in reasons]
    for (i, _), line in zip(rows, table([_effect(effect, facts) for _, effect in rows]), strict=True):
        found.append(line)
        if reason := reasons.get(i):
            found.append(f"    {', '.join(reason.policies)}: {safe(reason.why)}" if reason.policies else "    no policy permits it")
    return found


def _effect(effect: Effect, facts: Facts) -> tuple[str, str, str, str]:
    where = f"line {effect.span.line}" if effect.span else "-"
    return where, effect.kind.value, resource(effect, facts), safe(effect.note)


def resource(effect: Effect, facts: Facts) -> str:
    """The resource as people read it; "…" where it is known only in part."""
    from guard.path_rules import shown

    name = safe(shown(effect.resource.name, facts)) if effect.resource.type in ("File", "Folder") else safe(effect.resource.name)
    if effect.resource.type == "Run":
        return "-"
    if effect.resource.type == "Folder" and effect.resource.name == "/":
        return "a path that is not known"
    return name if effect.exact else f"{name or 'not known'} …"


# ----------------------------------------------------------------------------------------------------------------------- cases


def headline(case: Case) -> str:
    return f"{number(case.id)}  {case.submission.agent}  {case.stage.value.upper()}  {told(case)}"


def told(case: Case) -> str:
    """What it does, in one sentence, as the console says it: of a program that was tried, what it was seen to do."""
    from guard import words

    return words.headline(case.analysis.effects if case.execution is None else case.decision.effects, case.facts)


def case_lines(case: Case) -> Iterator[str]:
    """A case but for its diff and what was said of it: what is asked, why it waits, all of the code, who answered, what came out."""
    s = case.submission
    yield headline(case)
    yield f"Asked    {case.created_at:%Y-%m-%d %H:%M:%S} UTC, {since(case.created_at)} ago, {safe(s.language)}, tool {safe(s.tool)}"
    yield f"Where    {safe(case.facts.workspace)}"
    if s.arguments != "{}":
        yield f"With     {safe(s.arguments)}"
    if s.extra:
        yield f"Beside   {safe(s.extra)}"
    yield f"Seal     {case.seal[:16]}"
    yield f"Verdict  {verdict_line(case.decision)}"
    if case.outcome:
        yield f"Outcome  {safe(case.outcome)}"
    for approval in case.approvals:
        how = "in person" if approval.attended else "unattended"
        yield f"Approved by {safe(approval.person)}, {approval.at:%H:%M:%S} UTC, {how}, shown: {safe(approval.shown)}"
    if effects := effect_lines(case.decision, case.facts):
        yield ""
        yield "What it does"
        yield from (f"  {line}" for line in effects)
    yield from (f"  ! {warning}" for warning in warnings(case))
    if case.box.packages:
        yield f"Packages in the box: {safe(case.box.packages)}"
    yield ""
    yield from code_lines(s.code)
    if case.execution:
        yield ""
        if case.rehearsed and case.stage.value == "waiting":
            yield "Already run in the box, without network and secrets. Approving commits exactly these changes; nothing runs again."
        yield from execution_lines(case.execution)
    if case.rolled_back:
        yield f"Rolled back by {safe(case.rolled_back)}"


def said_lines(case: Case) -> Iterator[str]:
    """What the agent says of its case, and to what it was asked: last, since nobody checked it."""
    if case.submission.intent or case.exchange:
        yield ""
    if case.submission.intent:
        yield f"The agent says (nobody checked it): “{safe(case.submission.intent)}”"
    for said in case.exchange:
        who = f"{safe(said.person)} asked" if said.person else "The agent answered (nobody checked it)"
        yield f"{who}, {said.at:%H:%M:%S} UTC: “{safe(said.text)}”"


def warnings(case: Case) -> Iterator[str]:
    """What a reviewer must know before saying yes."""
    from guard.model import Class

    for i in case.decision.losses:
        yield f"no backup can be taken of: {safe(case.decision.effects[i].key)}"
    if case.box.network == "none" and any(Class.NETWORK in effect.classes for effect in case.decision.effects):
        yield "this box has no network: approved or not, its requests will fail"


def code_lines(code: str) -> Iterator[str]:
    """The whole program with line numbers, and a line that says where it ends."""
    shown = lines(code)
    last = shown[-1].number + shown[-1].count - 1
    yield f"Program, {last} line{'' if last == 1 else 's'}"
    yield from (Exact(f"  {line.number:>{len(str(last))}} | {line.text.text}") for line in shown)
    yield "  end of the program"


def execution_lines(execution: Execution) -> Iterator[str]:
    """How a run ended, what it changed and what it printed."""
    ending = f"exit code {execution.exit_code}" if execution.ending.value == "exited" else execution.ending.value
    yield f"Ran {execution.seconds:.2f} s, {ending}"
    for refusal in execution.change_set.refused:
        yield f"  never kept: {safe(refusal)}"
    for reached in execution.traffic.reached:
        often = f"{reached.requests} request{'' if reached.requests == 1 else 's'}"
        yield f"  reached {safe(reached.endpoint)}: {often}, {reached.sent} bytes sent, {reached.received} received"
    for refusal in execution.traffic.refused:
        yield f"  not let out: {safe(refusal)}"
    for name, text in (("printed", execution.stdout), ("stderr", execution.stderr)):
        if text:
            yield f"  {name}:"
            yield from (Exact(f"    {line.text.text}") for line in lines(text))
    if execution.truncated:
        yield "  (output cut off)"


def diff_lines(diffs: Iterable[FileDiff]) -> Iterator[str]:
    """What a run changed, line by line where it is text; what was not predicted is said so."""
    for i, diff in enumerate(diffs):
        if not i:
            yield ""
            yield "Changes of files"
        yield f"  {diff.change.kind.value} {safe(diff.change.path)}{_mode(diff.change)}{'  ! not predicted' if diff.unexpected else ''}"
        if diff.lines is None:
            yield f"    {_size(diff.change.before)} -> {_size(diff.change.after)}, not shown as text"
        else:
            yield from (f"    {safe(text)}" for text in diff.regular)
            yield from (Exact(f"    {sign}{safe(text)}") for sign, text in diff.lines)


def _mode(change: Change) -> str:
    if change.before and change.after and change.before.mode != change.after.mode:
        return f" (mode {change.before.mode:04o} -> {change.after.mode:04o})"
    return ""


def _size(found: Print | None) -> str:
    return f"{found.type.value} of {found.size:,} bytes {found.digest[:12]}".strip() if found else "nothing"


def timeline_lines(moments: Iterable[Moment]) -> Iterator[str]:
    """What the ledger says of a case."""
    yield ""
    yield "In the ledger"
    yield from (f"  {moment_line(moment)}" for moment in moments)


def moment_line(moment: Moment) -> str:
    """A ledger entry in one line."""
    about = f"case {number(moment.case)}" if moment.case else "-"
    return f"{moment.seq:>6}  {moment.at:%Y-%m-%d %H:%M:%S}  {about:9}  {moment.kind:20} {safe(_gist(moment.data))}".rstrip()


def _gist(data: dict[str, Any]) -> str:
    words = ("person", "verdict", "owed", "stage", "outcome", "reason", "name", "code", "digest", "ending", "missing", "problem")
    return "; ".join(f"{word}: {data[word]}" for word in words if data.get(word) not in (None, "", [], {}))[:160]


def ascii_only(line: str) -> str:
    """The same line for a terminal or an encoding that cannot show the marks."""
    plain = line.encode("ascii", "backslashreplace").decode()
    return Exact(plain) if isinstance(line, Exact) else plain
