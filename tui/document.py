"""A case as documents: headline, effects, program, changes, grant, past, the agent's words; fixed words and visible names throughout."""

from __future__ import annotations

import difflib
import json
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from guard.canonical import canonical
from guard.desk import LET_THROUGH, Past
from guard.model import FINAL, Case, Decision, Facts, Resource, ResourceType, Stage, Submission
from guard.path_rules import shown
from guard.visible import NOTHING, Findings, SourceLine, Visible, findings, lines, visible, words
from guard.words import ORDER, count, headline_parts, letter, letters, name, verb, would
from tui.effects import agent_says, marking, quoted
from tui.notices import Notice
from tui.paint import Line, Span, line
from tui.phrases import granted, number
from tui.textview import DocLine, Document

MOST_READS = 20
"""With more reading effects than this, they need not all be shown."""
MOST_CROSSING = 4
"""Cases named that touch the same."""
END = "── end of the program ──"

Highlights = Mapping[int, Sequence[tuple[int, int, str]]]
"""By source line: start and end in characters of the source, and a role."""


@lru_cache(maxsize=8)
def source(code: str) -> tuple[SourceLine, ...]:
    """The lines of a program, visible."""
    return lines(code)


@lru_cache(maxsize=8)
def found_in(code: str) -> Findings:
    """What is notable in the text of a program."""
    return findings(source(code))


# ---------------------------------------------------------------------------------------------------------------------- headers


def headline_line(case: Case) -> Line:
    """What it does, in one sentence."""
    whole = Line()
    for text, one, named in headline_parts(case.decision.effects or case.analysis.effects, case.facts):
        whole += line((text, "strong" if named else one if one != "R" else ""))
    return whole


def through_line(case: Case, grants: Sequence[tuple[str, str]]) -> Line:
    """Who let it through: those who signed, and those whose grants released it; nothing if a policy alone did."""
    signed = " and ".join(a.person for a in case.approvals)
    found = [f"Approved by {signed}"] * bool(signed) + [f"Released by {granted(grants)}"] * bool(grants)
    return line(" ", ("✓ ", "ok"), visible(". ".join(found)), ".") if found and case.stage in LET_THROUGH else Line()


def asking(decision: Decision) -> str:
    """The policies that a decision comes from: the one that the worst effect falls under, and how many more; "" if none spoke."""
    worst = sorted(decision.reasons, key=lambda reason: ORDER.index(letter(decision.effects[reason.effect])))
    ids = list(dict.fromkeys(policy for reason in worst for policy in reason.policies))
    more = f" and {count(len(ids) - 1, 'more rule')}" if len(ids) > 1 else ""
    return f"{ids[0]}{more}" if ids else ""


def owed_line(case: Case, said: str, grants: Sequence[tuple[str, str]] = ()) -> Line:
    """What is owed, and by which policies; of a case that is settled, how. `grants`: what let it through, and who gave that."""
    if case.stage is not Stage.WAITING:
        undone = line("  ", (visible(f"Rolled back: {case.rolled_back}."), "warn")) if case.rolled_back else Line()
        no = case.rejection
        how = line(" by ", visible(no.person), ": ", visible(no.reason)) if no else line(" ", visible(case.outcome))
        return line(("Is    ", "dim"), (case.stage.value.upper(), "strong")) + through_line(case, grants) + how + undone
    have = len(case.approvals)
    signed = f", {have} {'has' if have == 1 else 'have'} signed (" if have else ""
    names = visible(", ".join(a.person for a in case.approvals)) if have else NOTHING
    rules = asking(case.decision)
    asks = line(("  by ", "dim"), (visible(rules), "dim")) if rules else Line()
    return line(("Owed  ", "dim"), (said, "warn"), signed, names, ")" if have else "") + asks


def ended_lines(case: Case) -> list[Line]:
    """Of a case that is over and ran: the last that it said of an error, what is known to have left the box, and where its output is."""
    run = case.execution
    if run is None or case.stage not in FINAL:
        return []
    out = []
    if not run.succeeded and (last := next((text for text in reversed(run.stderr.splitlines()) if text.strip()), "")):
        out.append(line(("Why   ", "dim"), (visible(last.strip()), "bad")))
    told = line(
        ("Tried " if case.rehearsed else "Ran   ", "dim"), f"{run.seconds:.1f} s", *() if case.submission.wrapped else (" · ", _sent(case))
    )
    return [*out, told + line(" · 3 shows what it printed") if run.stdout or run.stderr else told]


def _sent(case: Case) -> Visible:
    """What went out of the box, as the broker counted it."""
    reached = case.execution.traffic.reached if case.execution else ()
    if not reached:
        return words("nothing was sent")
    return visible(", ".join(f"{one.sent:,} bytes sent to {one.endpoint.removesuffix(':443')}" for one in reached[:3]))


def look_line(notices: Sequence[Notice]) -> Line:
    """The first three things that a reader should look at."""
    whole = line(("Look  ", "dim"))
    for i, notice in enumerate(notices[:3]):
        whole += line("  " if i else "", (notice.sign, "?" if notice.sign == "‹›" else "warn"), " ", (notice.text, "warn"))
    return whole


def crossing_line(crossing: Mapping[int, Collection[str]], facts: Facts) -> Line:
    """Which other cases wait and touch the same, and what that is if it is one thing."""
    both = set().union(*crossing.values())
    what = visible(shown(both.pop(), facts)) if len(both) == 1 else words(f"{len(both)} things of it")
    numbers = [number(one) for one in sorted(crossing)]
    more = f" and {len(numbers) - MOST_CROSSING} more" if len(numbers) > MOST_CROSSING else ""
    touch = "waits and touches" if len(numbers) == 1 else "wait and touch"
    return line(("Also  ", "dim"), (", ".join(numbers[:MOST_CROSSING]), "strong"), f"{more} {touch} ", what, " too")


def case_lines(
    case: Case, said: str, notices: Sequence[Notice] = (), *, numbered: bool = False, grants: Sequence[tuple[str, str]] = ()
) -> list[Line]:
    """Headline, Owed, and Look if there is anything to look at."""
    first = line((f"{case.id:04d} ", "strong")) if numbered else Line()
    out = [first + headline_line(case), owed_line(case, said, grants)]
    return [*out, look_line(notices)] if notices else out


# ------------------------------------------------------------------------------------------------------------------------- code


def code_document(case: Case, highlights: Highlights | None = None, *, plain: bool = False) -> Document:
    """The program, with class letters in the margin; then the other arguments of the call."""
    worst: dict[int, str] = {}
    for effect in marking(case):
        if effect.span:
            worst.setdefault(effect.span.line, letter(effect))
    out = [
        DocLine(
            body=Line(one.text, _spans(one.text, (highlights or {}).get(one.number, ()))),
            number=str(one.number),
            letter=worst.get(one.number, ""),
            key=("line", one.number),
        )
        for one in source(case.submission.code)
    ]
    out.append(DocLine(body=line((END, "dim"))))
    if not plain and _tells(case.submission):
        out += _part("arguments of the call", case.submission.arguments, "end of the arguments")
    if not plain and case.submission.extra:
        out += _part("sent beside the arguments", case.submission.extra, "end of what is sent")
    return Document(lines=tuple(out), numbered=True)


def _part(begins: str, text: str, ends: str) -> list[DocLine]:
    marks = [DocLine(body=line((f"── {mark} ──", "dim"))) for mark in (begins, ends)]
    return [marks[0], *(DocLine(body=Line(one.text)) for one in lines(_pretty(text))), marks[1]]


def against_document(old: str, new: str) -> Document:
    """An edited program against what it was edited from. Approving needs the whole: this is only for finding one's way."""
    diff = list(difflib.unified_diff(old.split("\n"), new.split("\n"), lineterm="", n=3))[2:]
    out = [DocLine(body=line(("Against the program that it was edited from.  d shows the whole", "dim")), needed=False)]
    for text in diff:
        sign = text[:1]
        role = {"+": "added", "-": "removed"}.get(sign, "")
        shown = words("…") if sign == "@" else visible(text[1:])
        out.append(DocLine(body=line((" " if sign == "@" else sign, role), " ", (shown, role)), needed=False))
    return Document(lines=tuple(out))


def _tells(submission: Submission) -> bool:
    """Whether its arguments say more than what stands on top of the screen anyway."""
    return submission.arguments.strip() not in ("", "{}", canonical({"language": submission.language}).decode())


def _pretty(arguments: str) -> str:
    try:
        return json.dumps(json.loads(arguments), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return arguments


def _spans(text: Visible, found: Sequence[tuple[int, int, str]]) -> tuple[Span, ...]:
    if not text.marks:
        return tuple(found)
    return tuple((text.column(a), text.column(b), role) for a, b, role in found)


# -------------------------------------------------------------------------------------------------------------- grant and the rest


def grant_document(case: Case) -> Document:
    """What the box will let out, one row per rule, and what it does not cover."""
    rows = [DocLine(body=line(("The run may do this, and nothing else:", "dim")), needed=False)]
    for rule in case.grant.rules:
        what = name(rule.resource, case.facts) if rule.resource.name not in ("/", "") else words("any")
        kinds = ", ".join(dict.fromkeys(verb(kind) for kind in rule.kinds))
        rows.append(
            DocLine(body=line("  ", (kinds, "bold"), "  ", what, ("" if rule.exact else _around(rule.resource), "dim")), needed=False)
        )
    if not case.grant.rules:
        rows.append(DocLine(body=line("  nothing: it may compute, and that is all"), needed=False))
    if any("?" in letters(e) for e in case.decision.effects):
        rows.append(DocLine(body=line(("Not covered: what cannot be seen. If it does more, that is refused.", "warn")), needed=False))
    limits = case.box.limits
    box = f"Box {case.box.engine}: {limits.wall_seconds:g} s, {limits.memory_bytes >> 20:,} MB, {limits.processes} processes"
    rows.append(DocLine(body=line((visible(box), "dim")), needed=False))
    if case.box.packages:
        rows.append(DocLine(body=line(("Packages in the box: ", "dim"), visible(case.box.packages)), needed=False))
    return Document(lines=tuple(rows), prose=True)


def _around(resource: Resource) -> str:
    return "  and what lies in it" if resource.type in (ResourceType.FOLDER, ResourceType.DOMAIN) else "  (known only in part)"


def past_document(past: Past) -> Document:
    """Same program, same shape, same agent, with outcomes and the reasons of rejections."""
    out: list[DocLine] = []
    groups = (("same program", past.program), ("same effects, another text", past.shape), ("same agent", past.agent[:30]))
    for title, cases in groups:
        stages = [case.stage for case in cases]
        tally = ", ".join(f"{stages.count(stage)} {stage.value}" for stage in dict.fromkeys(stages)) or "never"
        out.append(DocLine(body=line((f" {title}: ", "bold"), tally), needed=False))
        for case in cases[:10]:
            said = visible(case.rejection.reason if case.rejection else case.outcome)
            did = words(would(case.decision.effects, case.facts))
            body = line(f"   {case.id:04d} ", (case.stage.value.ljust(11), "bold"), "  ", did, "  " if said.text else "", (said, "dim"))
            out.append(DocLine(body=body, key=("case", case.id), needed=False))
    return Document(lines=tuple(out), prose=True)


def agent_document(case: Case) -> Document:
    """The agent's own words, marked as what they are, and what it was asked between them."""
    rows = agent_says(case)
    for said in case.exchange:
        at = f"  {said.at:%H:%M:%S} UTC"
        if said.person:
            asked = line((" ASKED ", "tab"), "  ", visible(said.person), (at, "dim"))
            rows += [Line(), asked, *(line("  ", one.text) for one in lines(said.text))]
        else:
            rows += [Line(), line((" THE AGENT ANSWERS ", "tab"), (f"  unverified{at}", "dim")), *quoted(said.text)]
    return Document(lines=tuple(DocLine(body=row, needed=False) for row in rows), prose=True)
