"""What git prints, where that tells no more than names: of files below the folder, or of commits, branches and tags."""

from __future__ import annotations

import re

from guard.analyse.shell.marks import HOLE, NAME, NUMBER, STAR, plain

_REFERENCES = {
    "rev-parse": r"--(?:short(?:=\d+)?|verify|quiet|abbrev-ref|symbolic-full-name)|-q",
    "rev-list": r"--(?:count|all|no-merges|merges|first-parent|reverse|max-count=\d+|skip=\d+|since=.*|until=.*|branches|tags)|-\d+|-n|--",
    "merge-base": r"--(?:all|octopus|fork-point)",
    "describe": r"--(?:tags|always|dirty|all|long|abbrev=\d+|exact-match)",
    "branch": r"--show-current",
    "tag": r"-l|--(?:list|sort=.*|merged(?:=.*)?|contains)",
}
"""Subcommands that print references if all their options are these. A reference begins with no dash and holds no bracket."""
_FORMAT = r"--(?:format|pretty)=(?:t?format:)?(?:%(?:[hHtTpP]|[ac][tsiIr]|\((?:refname|objectname|upstream)(?::\w+)?\))|[\s:])+"
_PLAIN = (
    r"-\d+|-n|-s|-a|-r|--|--(?:all|no-merges|merges|first-parent|reverse|follow|sort=.*|count=\d+|since=.*|until=.*|author=.*"
    r"|diff-filter=\w+|merged|no-patch)"
)
_FORMATTED = dict.fromkeys(("log", "for-each-ref", "branch", "tag"), _FORMAT) | {"show": r"-s|--no-patch"}
"""Subcommands that print what a format asks for (`show`, and the changes unless an option forbids it)."""

_FILES = {
    "ls-files": r"(?!--stage|--error-unmatch|--format|--debug|--resolve-undo|--eol|-[a-z]*[sufvt])--?[a-z-]+(?:=.*)?",
    "ls-tree": r"-[rdtz]+|--(?:name-only|full-tree)",
    "diff": r"-[zRwbMC]|--(?:name-only|cached|staged|diff-filter=\w+|no-renames|find-renames(?:=.*)?|merge-base|relative)",
    "grep": r"-[abEFGhHiIlLnopPqrvwWz]+|--(?:files-with-matches|files-without-match|name-only|cached|untracked)",
}
"""Subcommands that print names of files, with the options that change nothing of that."""
_ASKED = {"ls-files": r".*", "ls-tree": r"--name-only", "diff": r"--name-only", "grep": r"-\w*[lL]\w*|--(?:files-with.*|name-only)"}
"""The options that one needs for names alone."""
_SHORT = r"-u?s|--short|--porcelain(?:=(?:v1|1))?"
_STATUS = rf"{_SHORT}|-u(?:no|all|normal)?|--(?:untracked-files(?:=\w+)?|no-renames|no-ahead-behind|ignore-submodules(?:=\w+)?)|--"
"""Options with which status prints two letters and a name a line, which is as a number and a name."""
_OUTSIDE = re.compile(r"[/~:\x00-\x05]|(?:.*/)?\.\.(?:/|$)")


def printed(name: str, args: list[str]) -> str:
    """A subcommand and its arguments -> its output as a word: names of files, references (told as numbers are), or unknown."""
    options = [plain(arg) for arg in args if arg.startswith("-")]
    if _references(name, options, args):
        return NAME
    if name == "grep" and _only(r"-[nriIEFPwv]+|--", options) and not any(_OUTSIDE.match(arg) for arg in args[1:]):
        return f"{STAR}:{HOLE}"
    if name == "status" and _only(_STATUS, options) and any(re.fullmatch(_SHORT, option) for option in options):
        return HOLE if any(_OUTSIDE.match(arg) for arg in args) else f"{NUMBER} {STAR}"
    known = _only(_FILES[name], [option for option in options if option != "--"]) if name in _FILES else False
    asked = any(re.fullmatch(_ASKED[name], option) for option in (*options, "")) if known else False
    return STAR if asked and not any(_OUTSIDE.match(arg) for arg in args if not arg.startswith("-")) else HOLE


def _references(name: str, options: list[str], args: list[str]) -> bool:
    if name == "rev-parse" and not all(re.fullmatch(r"[\w./@{}^~:+\x13-]+", arg) for arg in args):
        return False  # it repeats what it is given
    if name in _REFERENCES and (options or name in ("rev-parse", "merge-base", "rev-list")) and _only(_REFERENCES[name], options):
        return True
    asked = _FORMATTED.get(name)
    formatted = any(re.fullmatch(_FORMAT, option) for option in options) and _only(f"{_FORMAT}|{_PLAIN}", options)
    return asked is not None and formatted and any(re.fullmatch(asked, option) for option in options)


def _only(allowed: str, options: list[str]) -> bool:
    return all(re.fullmatch(allowed, option) for option in options)
