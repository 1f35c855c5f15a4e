"""A case as documents: headline, effects, program, changes, grant, past, the agent's words; fixed words and visible names throughout."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache

from guard.desk import FileDiff, Past
from guard.model import Case, Change, EntryKind, Kind, Resource, ResourceType, Stage, Verdict
from guard.visible import NOTHING, Findings, SourceLine, Visible, findings, lines, visible, words
from guard.words import ORDER, TITLES, count, effect_parts, headline_parts, letter, letters, name, often, telling, verb, would
from tui.look import Notice
from tui.paint import Line, Span, line
from tui.textview import DocLine, Document

MOST_READS = 20
"""With more reading effects than this, they need not all be shown."""
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


def owed_line(case: Case, said: str) -> Line:
    """What is owed, and by which policies."""
    if case.stage is not Stage.WAITING:
        undone = line("  ", (visible(f"Rolled back: {case.rolled_back}."), "warn")) if case.rolled_back else Line()
        return line(("Is    ", "dim"), (case.stage.value.upper(), "strong"), " ", visible(case.outcome)) + undone
    have = len(case.approvals)
    signed = f", {have} {'has' if have == 1 else 'have'} signed (" if have else ""
    names = visible(", ".join(a.person for a in case.approvals)) if have else NOTHING
    worst = sorted(case.decision.reasons, key=lambda reason: ORDER.index(letter(case.decision.effects[reason.effect])))
    ids = list(dict.fromkeys(policy for reason in worst for policy in reason.policies))
    more = f" and {len(ids) - 1} more" if len(ids) > 1 else ""
    asks = line(("  by ", "dim"), (visible(ids[0]), "dim"), (more, "dim")) if ids else Line()
    return line(("Owed  ", "dim"), (said, "warn"), signed, names, ")" if have else "") + asks


def look_line(notices: Sequence[Notice]) -> Line:
    """The first three things that a reader should look at."""
    whole = line(("Look  ", "dim"))
    for i, notice in enumerate(notices[:3]):
        whole += line("  " if i else "", (notice.sign, "?" if notice.sign == "‹›" else "warn"), " ", (notice.text, "warn"))
    return whole


def case_lines(case: Case, said: str, notices: Sequence[Notice] = (), *, numbered: bool = False) -> list[Line]:
    """Headline, Owed, and Look if there is anything to look at."""
    first = line((f"{case.id:04d} ", "strong")) if numbered else Line()
    out = [first + headline_line(case), owed_line(case, said)]
    return [*out, look_line(notices)] if notices else out


# ---------------------------------------------------------------------------------------------------------------------- effects


def effects_document(case: Case, notices: Sequence[Notice] = (), past: Past | None = None) -> Document:
    """Effects by class, worst first, each with its line; then what is owed and why, and what else to look at."""
    told = telling(case.decision.effects or case.analysis.effects)
    rank = {effect: i for i, effect in enumerate(told)}
    out: list[DocLine] = []
    reads = sum(letter(e) == "R" for e in told)
    for cls in "D?NWR":
        group = [(i, e) for i, e in enumerate(case.decision.effects or case.analysis.effects) if e in rank and letter(e) == cls]
        group.sort(key=lambda one: rank[one[1]])
        if not group:
            continue
        needed = cls != "R" or reads <= MOST_READS
        out.append(DocLine(body=line((f" {cls} ", f"bad{cls}"), (f" {TITLES[cls]}", cls)), needed=needed))
        for i, effect in group:
            new = past is not None and effect.resource in past.new
            body = line("  ", *((text, "strong" if named else "") for text, named in effect_parts(effect, case.facts)))
            place = f"  L{effect.span.line}" if effect.span else ""
            out.append(DocLine(body=body + line((place, "dim")), key=("effect", i), letter=cls, needed=needed))
            more = [often(effect)] * bool(often(effect)) + ["first time for this agent"] * new
            if more:
                out.append(DocLine(body=line("     ", (" · ".join(more), "warn")), key=("effect", i), needed=needed))
            if effect.note and cls == "?":
                out.append(DocLine(body=line("     ", (visible(effect.note), "dim")), key=("effect", i), needed=needed))
    if not told:
        out.append(DocLine(body=line("  only computes, and gives its output to the model")))
    return Document(lines=(*out, *_looks(notices), *_why(case)), prose=True)


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


# ------------------------------------------------------------------------------------------------------------------------- code


def code_document(case: Case, highlights: Highlights | None = None, *, plain: bool = False) -> Document:
    """The program, with class letters in the margin; then the other arguments of the call."""
    worst: dict[int, str] = {}
    for effect in telling(case.decision.effects or case.analysis.effects):
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
    if not plain and case.submission.arguments.strip() not in ("", "{}"):
        out.append(DocLine(body=line(("── arguments of the call ──", "dim"))))
        out += [DocLine(body=Line(one.text)) for one in lines(_pretty(case.submission.arguments))]
        out.append(DocLine(body=line(("── end of the arguments ──", "dim"))))
    return Document(lines=tuple(out), numbered=True)


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


def _pretty(arguments: str) -> str:
    try:
        return json.dumps(json.loads(arguments), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return arguments


def _spans(text: Visible, found: Sequence[tuple[int, int, str]]) -> tuple[Span, ...]:
    if not text.marks:
        return tuple(found)
    return tuple((text.column(a), text.column(b), role) for a, b, role in found)


# ------------------------------------------------------------------------------------------------------- changes, grant, the rest

_CHANGED = {
    EntryKind.CREATED: ("A", "added", "created"),
    EntryKind.MODIFIED: ("M", "W", "changed"),
    EntryKind.MODE: ("M", "W", "mode changed"),
    EntryKind.SYMLINK: ("A", "added", "link made"),
    EntryKind.DELETED: ("D", "D", "deleted"),
}


def change_words(change: Change) -> str:
    """What happened to one path, without its name."""
    sign, _, said = _CHANGED[change.kind]
    before, after = change.before, change.after
    if change.kind is EntryKind.MODE and before and after:
        became = "becomes executable" if after.mode & 0o111 & ~before.mode else f"mode {before.mode & 0o777:o} -> {after.mode & 0o777:o}"
        return f"{sign} {became}"
    sizes = ""
    if after and after.type == "file":
        sizes = f"{after.size:,} bytes" if not before else f"{before.size:,} -> {after.size:,} bytes"
    return f"{said}{', ' + sizes if sizes else ''}"


def change_order(change: Change) -> int:
    """Deleted first, then added, then changed."""
    return {EntryKind.DELETED: 0, EntryKind.CREATED: 1, EntryKind.SYMLINK: 1}.get(change.kind, 2)


def diff_document(case: Case, files: Sequence[FileDiff] = ()) -> Document:
    """What the run changed, the unexpected first, with the same change in many files shown once; or why there is nothing to see."""
    if case.execution is None:
        return Document(lines=(DocLine(body=line(_untried(case)), needed=False),), prose=True)
    kinds = [change_order(f.change) for f in files]
    tally = [f"{kinds.count(kind)} {did}" for kind, did in ((1, "added"), (2, "changed"), (0, "deleted")) if kind in kinds]
    head = f"{count(len(files), 'path')}: {', '.join(tally)}"
    waits = "Already run in the box. Approving commits these bytes; nothing runs again."
    kept = "This is what it changed." if case.stage in (Stage.DONE, Stage.COMMITTING) else "No change was kept. This is what it tried."
    said = waits if case.stage is Stage.WAITING else kept if files else "It changed no file."
    out = [DocLine(body=line((said, "ok"))), *([DocLine(body=line((head, "dim")))] if files else [])]
    ordered = sorted(files, key=lambda f: (not f.unexpected, change_order(f.change), f.change.path))
    out += [_path_row(f) for f in ordered]
    out += [DocLine(body=line(("never kept: ", "bad"), visible(one))) for one in case.execution.change_set.refused]
    shown: dict[object, list[FileDiff]] = {}
    for f in ordered:
        shown.setdefault((f.lines, f.change.kind) if f.lines else f.change.path, []).append(f)
    for same in shown.values():
        out += _hunks(same)
    for title, text in (("what it printed", case.execution.stdout), ("what it printed as errors", case.execution.stderr)):
        if text:
            out.append(DocLine(body=line((f"── {title} ──", "dim"))))
            out += [DocLine(body=Line(one.text)) for one in lines(text)]
    return Document(lines=tuple(out))


def _path_row(f: FileDiff) -> DocLine:
    sign, role, _ = _CHANGED[f.change.kind]
    plus, minus = (sum(one == mark for one, _ in f.lines or ()) for mark in "+-")
    tally = f"  +{plus} −{minus}" if f.lines else ""
    surprise = ("  ! not predicted", "bad") if f.unexpected else ("", "")
    body = line((sign, role), " ", (visible(f.change.path), "strong"), "  ", (change_words(f.change), "dim"), (tally, "dim"), surprise)
    return DocLine(body=body, key=("path", f.change.path))


def _hunks(same: Sequence[FileDiff]) -> list[DocLine]:
    first = same[0]
    if first.lines == ():  # a folder, or an empty file: all of it stands in its row
        return []
    more = f" and {len(same) - 1} more with the same change" if len(same) > 1 else ""
    head = line(("── ", "dim"), (visible(first.change.path), "dim"), (f"{more} ──", "dim"))
    out = [DocLine(body=head, key=("hunk", first.change.path))]
    if first.lines is None:
        return [*out, DocLine(body=line(("  not shown as text: " + change_words(first.change), "warn")))]
    for sign, text in first.lines:
        said = sign in "@\\"
        role = {"+": "added", "-": "removed"}.get(sign, "dim" if said else "")
        body = line(" " if said else (sign, role), " ", (visible(text), role))
        out.append(DocLine(body=body, key=("hunk", first.change.path) if sign == "@" else None))
    return out


def _untried(case: Case) -> str:
    effects = telling(case.decision.effects)
    if any("N" in letters(e) for e in effects):
        return "Not tried first: it uses the network."
    if any(e.kind in (Kind.SECRET_READ, Kind.ENV_READ) for e in effects):
        return "Not tried first: it reads secrets or variables."
    return "Not tried first: there is no diff before it runs."


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
    head = line((" THE AGENT SAYS ", "tab"), ("  unverified: nobody checked this against the program", "dim"))
    rows = [head, *(_quoted(case.submission.intent) if case.submission.intent.strip() else [line(("  nothing", "dim"))])]
    for said in case.exchange:
        at = f"  {said.at:%H:%M:%S} UTC"
        if said.person:
            asked = line((" ASKED ", "tab"), "  ", visible(said.person), (at, "dim"))
            rows += [Line(), asked, *(line("  ", one.text) for one in lines(said.text))]
        else:
            rows += [Line(), line((" THE AGENT ANSWERS ", "tab"), (f"  unverified{at}", "dim")), *_quoted(said.text)]
    return Document(lines=tuple(DocLine(body=row, needed=False) for row in rows), prose=True)


def _quoted(text: str) -> list[Line]:
    return [line("  ", (one.text, "dim")) for one in lines(text)]
