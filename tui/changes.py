"""What a run changed and printed, as a document: the unexpected first, the same change once, and what deleted files held folded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeGuard

from guard.desk import EVERY_LINE, FileDiff
from guard.model import Case, Change, EntryKind, FileType, Kind, Print, Stage
from guard.visible import lines, visible
from guard.words import changed, count, letters, telling
from tui.paint import Line, line
from tui.textview import DocLine, Document

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
    head = changed_words(files)
    waits = "Already run in the box. Approving commits these bytes; nothing runs again."
    kept = "This is what it changed." if case.stage in (Stage.DONE, Stage.COMMITTING) else "No change was kept. This is what it tried."
    said = waits if case.stage is Stage.WAITING else kept if files else "It changed no file."
    out = [DocLine(body=line((said, "ok"))), *([DocLine(body=line((head, "dim")))] if files else [])]
    ordered = sorted(files, key=lambda f: (not f.unexpected, change_order(f.change), f.change.path))
    moved = _moved(ordered)
    out += [_path_row(f, moved.get(f.change.path, "")) for f in ordered]
    out += [DocLine(body=line(("never kept: ", "bad"), visible(one))) for one in case.execution.change_set.refused]
    shown: dict[object, list[FileDiff]] = {}
    for f in ordered:
        if folded(f):
            continue
        shown.setdefault((f.lines, f.regular, f.change.kind) if f.lines else f.change.path, []).append(f)
    for same in shown.values():
        out += _hunks(same)
    for title, text in (("what it printed", case.execution.stdout), ("what it printed as errors", case.execution.stderr)):
        if text:
            out.append(DocLine(body=line((f"── {title} ──", "dim"))))
            out += [DocLine(body=Line(one.text)) for one in lines(text)]
    return Document(lines=tuple(out))


def changed_words(files: Sequence[FileDiff]) -> str:
    """How many paths were changed how, and how to see what deleted files held: that is folded."""
    gone = [held(f) for f in files if folded(f)]
    inside = f"; {count(sum(gone), 'line')} in {count(len(gone), 'deleted file')}, ⏎ on one shows them" if gone else ""
    return changed(f.change.kind for f in files) + inside


def folded(file: FileDiff) -> bool:
    """Whether what it held is not shown until it is asked for: the file is deleted, and nothing of it would come into the workspace."""
    return file.change.kind is EntryKind.DELETED and bool(file.lines)


def held(file: FileDiff) -> int:
    """How many lines a deleted file held."""
    return sum(sign == "-" for sign, _ in file.lines or ())


def held_document(file: FileDiff) -> Document:
    """What a deleted file held."""
    return Document(lines=tuple(DocLine(body=line((visible(text), "removed"))) for sign, text in file.lines or () if sign == "-"))


def _moved(files: Sequence[FileDiff]) -> dict[str, str]:
    """Of files that were made with exactly the bytes of a deleted one, and of those: what became of it. Each is shown all the same."""
    gone = {f.change.before.digest: f.change.path for f in files if f.change.kind is EntryKind.DELETED and _bytes(f.change.before)}
    told: dict[str, str] = {}
    for f in files:
        if f.change.kind is EntryKind.CREATED and f.change.after and _bytes(f.change.after) and f.change.after.digest in gone:
            was = gone.pop(f.change.after.digest)
            told |= {f.change.path: f"  renamed from {was}", was: f"  renamed to {f.change.path}"}
    return told


def _bytes(of: Print | None) -> TypeGuard[Print]:
    return of is not None and of.type is FileType.FILE and of.size > 0


def _path_row(f: FileDiff, moved: str = "") -> DocLine:
    sign, role, _ = _CHANGED[f.change.kind]
    plus, minus = (sum(one == mark for one, _ in f.lines or ()) for mark in "+-")
    ends = ", line ends not counted" if f.lines and f.lines[0][0] == "@" and f.lines[0][1].startswith(EVERY_LINE) else ""
    tally = f"  {count(minus, 'line')}" if folded(f) else f"  +{plus:,} −{minus:,}{ends}" if f.lines else ""
    surprise = ("  ! not predicted", "bad") if f.unexpected else ("", "")
    body = line((sign, role), " ", (visible(f.change.path), "strong"), "  ", (change_words(f.change), "dim"), (tally, "dim"))
    body += line((visible(moved), "strong"), surprise)
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
    out += [DocLine(body=line("  " if i else "", (visible(text), "warn"))) for i, text in enumerate(first.regular)]
    for sign, text in first.lines:
        said = sign in "@\\"
        role = {"+": "added", "-": "removed"}.get(sign, "dim" if said else "")
        body = line(" " if said else (sign, role), " ", (visible(text), role))
        out.append(DocLine(body=body, key=("hunk", first.change.path) if sign == "@" else None))
    return out


def _untried(case: Case) -> str:
    effects = telling(case.decision.effects)
    if any("N" in letters(e) for e in effects):
        return "Not tried first, since it uses the network: approving runs it, once."
    if any(e.kind in (Kind.SECRET_READ, Kind.ENV_READ) for e in effects):
        return "Not tried first, since it reads secrets or variables: approving runs it, once."
    return "Not tried first: there is no diff before it runs. Approving runs it, once."
