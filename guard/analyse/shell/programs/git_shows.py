"""git: words and options with which subcommands that write only show something."""

from __future__ import annotations

import re

from guard.analyse.shell.call import Call
from guard.analyse.shell.marks import WILD, plain
from guard.analyse.shell.programs.git_effects import reads

_ADD = r"-[nAuvf]+|--(?:dry-run|all|update|verbose|force|ignore-missing|intent-to-add|ignore-removal)"
_SHOWS: dict[str, tuple[str, str, str]] = {
    "bisect": (r"log|terms", r"", r"--term-(?:good|bad|old|new)"),
    "notes": (r"|list|show|get-ref", r"", r"--ref=[\w./-]+"),
    "bundle": (r"verify|list-heads", r"", r"-q|--quiet"),
    "sparse-checkout": (r"list", r"", r"(?!)"),
    "lfs": (
        r"ls-files|status|version",
        r"",
        r"-[lsnadpj]|--(?:long|size|name-only|debug|all|deleted|porcelain|json|include=.*|exclude=.*)",
    ),
    "rerere": (r"status|diff|remaining", r"", r"(?!)"),
    "replace": (r".*", r"-l|--list", r"--format=\w+"),
    "commit-graph": (r"verify", r"", r"--(?:shallow|no-progress|progress)"),
    "multi-pack-index": (r"verify", r"", r"--(?:no-progress|progress)"),
    "am": (r"", r"--show-current-patch(?:=\w+)?", r"(?!)"),
    "rebase": (r"", r"--show-current-patch", r"(?!)"),
    "commit": (
        r"",
        r"--dry-run",
        r"-[avsuqz]+|--(?:all|verbose|short|porcelain|branch|long|null|quiet|untracked-files=\w+)",
    ),
    "add": (r".*", r"-[Auvf]*n[nAuvfN]*|--dry-run", _ADD),
    "stage": (r".*", r"-[Auvf]*n[nAuvfN]*|--dry-run", _ADD),
    "mv": (r".*", r"-[vkf]*n[vkf]*|--dry-run", r"-[vkf]+|--(?:verbose|force)"),
    "format-patch": (
        r".*",
        r"--stdout",
        r"-\d+|-[knNspM]+|--(?:root|signoff|no-signature|cover-letter|numbered|no-numbered|subject-prefix=.*|start-number=\d+|no-stat"
        r"|stat|patch|binary|full-index|no-renames|zero-commit|base=[\w./@{}^~-]+)",
    ),
    "fast-export": (
        r".*",
        r"",
        r"-[MC]+\d*|--(?:all|branches|tags|no-data|show-original-ids|use-done-feature|full-tree|anonymize|mark-tags|reencode=\w+"
        r"|progress=\d+|signed-tags=[\w-]+|tag-of-filtered-object=\w+)",
    ),
}
"""Subcommand -> its first word ("": none), an option that it needs, and the options that it may have besides; `(?!)`: none."""

_OF_FILES: dict[str, tuple[str, str]] = {
    "hash-object": (r"", r"--(?:stdin|no-filters|path=.*)"),
    "merge-file": (r"-p|--stdout", r"-q|--(?:quiet|ours|theirs|union|diff3|zdiff3|marker-size=\d+)"),
}
"""The same of subcommands whose operands are files: a needed option, and the others."""


def only(call: Call, name: str, args: list[str]) -> bool:
    """Whether a subcommand that may write only shows something here; what it reads is reported then."""
    end = args.index("--") if "--" in args else len(args)
    options = [plain(arg) for arg in args[:end] if arg.startswith("-")]
    words = [arg for place, arg in enumerate(args) if not (arg.startswith("-") and place < end) and place != end]
    if any(WILD.search(option) for option in options):
        return False
    if name in _OF_FILES:
        needed, allowed = _OF_FILES[name]
    elif name in _SHOWS:
        first, needed, allowed = _SHOWS[name]
        if not re.fullmatch(first, plain(words[0]) if words else ""):
            return False
    else:
        return False
    if needed and not any(re.fullmatch(needed, option) for option in options):
        return False
    if not all(re.fullmatch(f"(?:{needed or '(?!)'})|(?:{allowed})", option) for option in options):
        return False
    for word in words if name in _OF_FILES else []:
        call.sh.read(word)
    reads(call)
    return True
