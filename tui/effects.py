"""What a case does, as a document: effects by class with the lines that they come from, what it plants, why it asks, and last the agent's
words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from guard.desk import FileDiff, Past, foreseen
from guard.model import Case, Effect, Kind, ResourceType, Verdict
from guard.visible import lines, visible, words
from guard.words import ORDER, TITLES, count, letter, letters, name, often, same_parts, telling
from tui.notices import Notice
from tui.paint import Line, line
from tui.textview import DocLine, Document

MOST_READS = 20
"""With more reading effects than this, they need not all be shown."""
MOST_CAUSES = 1000
"""Of more effects of a run than this, the lines that they come from are not looked for."""
MOST_LINES, MOST_NAMED = 4, 3
"""Lines named beside one effect; effects of one kind and line that share a row."""
MOST_PLANTED = 5
"""Added lines of a file that other tools run, on the first page; all of them are among the changes."""

Places = tuple[tuple[int, ...], ...]
"""For each effect of a case the lines of its program that it comes from."""


def effects_of(case: Case) -> tuple[Effect, ...]:
    """The effects that were decided on; of a case without any, those that were predicted."""
    return case.decision.effects or case.analysis.effects


def marking(case: Case) -> tuple[Effect, ...]:
    """The effects that mark the program, worst first: also what was predicted and, when it was tried, did not come true."""
    return telling((*effects_of(case), *(case.analysis.effects if case.rehearsed else ())))


def places(case: Case) -> Places:
    """The lines that each effect comes from. What a run did has none of its own: there it is those of the predictions that cover it."""
    effects = effects_of(case)
    blind = [e for e in effects if not e.span] if case.execution else []
    found = dict(zip(blind, foreseen(case, blind), strict=True)) if len(blind) <= MOST_CAUSES else {}
    return tuple((e.span.line,) if e.span else tuple(sorted({one.span.line for one in found.get(e, ()) if one.span})) for e in effects)


def effects_document(
    case: Case, notices: Sequence[Notice] = (), past: Past | None = None, files: Sequence[FileDiff] = (), where: Places | None = None
) -> Document:
    """Effects by class, worst first, each with its lines; then what else to look at, what is owed and why, and what the agent says."""
    effects, where = effects_of(case), places(case) if where is None else where
    rank = {effect: i for i, effect in enumerate(telling(effects))}
    changed = {f"{case.facts.workspace.rstrip('/')}/{file.change.path}": file for file in files}
    out: list[DocLine] = []
    reads = sum(letter(e) == "R" for e in rank)
    for cls in "D?NWR":
        group = [(i, e) for i, e in enumerate(effects) if e in rank and letter(e) == cls]
        group.sort(key=lambda one: (rank[one[1]] if one[1].span else 0, "" if one[1].span else one[1].resource.name))
        if not group:
            continue
        needed = cls != "R" or reads <= MOST_READS
        said = _title(case, cls, [e for _, e in group])
        out.append(DocLine(body=line((f" {cls} ", f"bad{cls}"), (f" {TITLES[cls]}", cls), (said, "dim")), needed=needed))
        for same in _alike(case, group, where, past):
            out += _rows(case, same, where, past, changed, needed=needed)
    if not rank:
        out.append(DocLine(body=line("  only computes, and gives its output to the model")))
    says = [DocLine(body=row, needed=False) for row in (Line(), *agent_says(case))] if case.submission.intent.strip() else []
    return Document(lines=(*out, *_looks(notices), *_why(case), *says), prose=True)


def _title(case: Case, cls: str, group: Sequence[Effect]) -> str:
    """What is to be known of all effects of a class."""
    if cls == "R" and case.rehearsed:
        return "  as predicted: what a trial reads is not watched"
    if cls == "?":
        return "  what it does cannot be seen before it runs"
    return "  sending counts as a write (W) too" if cls == "N" and any("W" in letters(e) for e in group) else ""


def _alike(case: Case, group: Sequence[tuple[int, Effect]], where: Places, past: Past | None) -> Iterator[list[tuple[int, Effect]]]:
    """Reads of one kind at one line share a row, as far as it can name them all; so does what a trial did to files."""

    def key(one: tuple[int, Effect]) -> object:
        i, e = one
        shared = letter(e) == "R" or (case.rehearsed and e.resource.type is ResourceType.FILE and e.kind is not Kind.FS_SURFACE)
        apart = -1 if shared and not (past is not None and e.resource in past.new) else i
        return e.kind, e.resource.type, where[i], often(e, ran=case.rehearsed), e.exact, e.certain, apart

    for _, found in groupby(group, key):
        same = list(found)
        yield from (same[at : at + MOST_NAMED] for at in range(0, len(same), MOST_NAMED))


def _rows(
    case: Case, same: Sequence[tuple[int, Effect]], where: Places, past: Past | None, changed: Mapping[str, FileDiff], *, needed: bool
) -> Iterator[DocLine]:
    (i, effect), key = same[0], ("effect", same[0][0])
    body = line("  ", *((text, "strong" if named else "") for text, named in same_parts([e for _, e in same], case.facts)))
    yield DocLine(body=body + line((_at(where[i]), "dim")), key=key, letter=letter(effect), needed=needed)
    new = past is not None and effect.resource in past.new
    if more := [*filter(None, [often(effect, ran=case.rehearsed)]), *["first time for this agent"] * new]:
        yield DocLine(body=line("     ", (" · ".join(more), "warn")), key=key, needed=needed)
    if effect.note and letter(effect) == "?":
        yield DocLine(body=line("     ", (visible(effect.note), "dim")), key=key, needed=needed)
    for file in (changed[e.resource.name] for _, e in same if e.resource.name in changed and letter(e) != "R"):
        told = _planted(file) if effect.kind is Kind.FS_SURFACE else _by_columns(file)
        yield from (DocLine(body=row, key=key, needed=needed) for row in told)


def _at(found: Sequence[int]) -> str:
    """The lines that an effect comes from, as they follow its words."""
    more = " …" if len(found) > MOST_LINES else ""
    return "  " + " ".join(f"L{one}" for one in found[:MOST_LINES]) + more if found else ""


def _planted(file: FileDiff) -> Iterator[Line]:
    """What is put into a file that other tools run: its first lines."""
    if file.lines is None:
        yield line("     ", ("what it puts there is not text", "warn"))
        return
    added = [text for sign, text in file.lines if sign == "+"]
    for text in added[:MOST_PLANTED]:
        yield line("     ", ("+", "added"), " ", (visible(text), "added"))
    if (rest := len(added) - MOST_PLANTED) > 0:
        yield line("     ", (f"and {count(rest, 'more added line')}: tab 3", "warn"))


def _by_columns(file: FileDiff) -> Iterator[Line]:
    """What a long, regular change of a table comes to: what was written beside the point is seen before hundreds of lines are."""
    yield from (line("     ", (visible(text), "warn")) for text in file.regular)


def agent_says(case: Case) -> list[Line]:
    """The agent's words on the whole, marked as what they are."""
    head = line((" THE AGENT SAYS ", "tab"), ("  unverified: nobody checked this against the program", "dim"))
    intent = case.submission.intent
    return [head, *(quoted(intent) if intent.strip() else [line(("  nothing", "dim"))])]


def quoted(text: str) -> list[Line]:
    """Words of the agent, escaped."""
    return [line("  ", (one.text, "dim")) for one in lines(text)]


def _why(case: Case) -> list[DocLine]:
    """Which policies ask, for which classes of effects, and why they do: each once."""
    alone = {reason.policies[0]: reason.why for reason in case.decision.reasons if len(reason.policies) == 1}
    asks: dict[tuple[tuple[str, ...], str], set[str]] = {}
    for reason in case.decision.reasons:
        first, *others = reason.policies or ("",)
        known = [policy for policy in others if policy in alone]  # what these say stands in a row of their own
        why = reason.why
        for policy in reversed(known):
            why = why.removesuffix(alone[policy]).rstrip()
        ids = tuple(policy for policy in (first, *others) if policy not in known)
        asks.setdefault((ids, why), set()).add(letter(case.decision.effects[reason.effect]))
    refused = case.decision.verdict is Verdict.DENY
    out = [
        DocLine(body=Line(), needed=False),
        DocLine(body=line((" WHY IT IS REFUSED " if refused else " WHY IT ASKS ", "tab")), needed=False),
    ]
    for (policies, why), found in sorted(asks.items(), key=lambda row: min(ORDER.index(one) for one in row[1])):
        badges = [part for one in ORDER if one in found for part in ((one, f"bad{one}"), " ")]
        named = visible(", ".join(policies)) if any(policies) else words("No policy permits it.")
        body = line("  ", *badges, (named, "bold"), "  ", (visible(why), "dim"))
        out.append(DocLine(body=body, needed=False))
    if case.decision.losses:
        lost = [name(case.decision.effects[i].resource, case.facts).text or "what cannot be seen" for i in case.decision.losses]
        out.append(DocLine(body=line("  ", ("No backup can be taken of ", "warn"), words(", ".join(dict.fromkeys(lost))))))
    if refused:
        out.append(DocLine(body=line("  ", ("Refused: no approval changes that.", "bad"))))
    return out if len(out) > 2 else []


def _looks(notices: Sequence[Notice]) -> list[DocLine]:
    if not notices:
        return []
    rows = [DocLine(body=line("  ", (n.sign, "warn"), " ", n.text), key=("line", n.line) if n.line else None) for n in notices]
    return [DocLine(body=Line()), DocLine(body=line((" LOOK ", "tab"))), *rows]
