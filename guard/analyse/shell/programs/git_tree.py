"""git: the subcommands that read, write or throw away files of the work tree."""

from __future__ import annotations

import re

from guard.analyse.shell.call import Call
from guard.analyse.shell.marks import globbed, plain
from guard.analyse.shell.options import parse
from guard.analyse.shell.programs.git_effects import destroys, reads, repository
from guard.model import Kind


def _checkout(call: Call, args: list[str]) -> None:
    parsed = parse(
        [arg for arg in args if arg != "--"], "b= B= orphan= conflict= pathspec-from-file=read t l f,force m p q ours theirs detach guess"
    )
    if not parsed.operands and parsed.has("b", "B", "orphan"):
        repository(call, "git checkout makes a branch")
        return
    words = parsed.operands
    paths = args[args.index("--") + 1 :] if "--" in args else [word for word in words if "." in plain(word) or "/" in plain(word)][:8]
    if (
        "--" in args
        or plain(words[0] if words else "") == "."
        or parsed.has("f", "ours", "theirs")
        or (len(words) > 1 and not parsed.has("b", "B"))
    ):
        for path in paths or ["."]:
            call.sh.delete(path, "discards the changes in", tree=True)
    elif paths and not parsed.has("b", "B"):
        with call.sh.maybe():
            destroys(call, "git checkout may discard changes")
    if parsed.has("B"):
        destroys(call, "git checkout -B resets a branch")
    repository(call, "git checkout writes files")


def _switch(call: Call, args: list[str]) -> None:
    parsed = parse(args, "c= C= orphan= conflict= f,force discard-changes m d t q")
    repository(call, "git switch writes files")
    if parsed.has("f", "discard-changes", "C"):
        destroys(call, "git switch discards changes")


def _restore(call: Call, args: list[str]) -> None:
    parsed = parse(args, "s= source= conflict= pathspec-from-file=read S,staged W,worktree p q ours theirs m")
    if parsed.has("S") and not parsed.has("W"):
        repository(call, "git restore changes the index")
        return
    for word in parsed.operands or ["."]:
        call.sh.delete(word, "discards the changes in", tree=True)


def _reset(call: Call, args: list[str]) -> None:
    if any(re.match(r"--(?:hard|merge|keep|har|mer|ke)", plain(arg)) for arg in args):
        destroys(call, "git reset discards changes")
    else:
        repository(call, "git reset changes the index")


def _clean(call: Call, args: list[str]) -> None:
    parsed = parse(args, "e= exclude= n,dry-run f,force d x X i q interactive")
    if parsed.has("n"):
        reads(call)
        return
    for word in parsed.operands or ["."]:
        call.sh.delete(word, "deletes untracked files in", tree=True)


def _stash(call: Call, args: list[str]) -> None:
    verb = plain(args[0]) if args else "push"
    if verb in ("list", "show"):
        reads(call)
    elif verb in ("drop", "clear"):
        destroys(call, f"git stash {verb} deletes stashed changes")
    else:
        repository(call, "git stash moves changes")


def _worktree(call: Call, args: list[str]) -> None:
    verb, words = (plain(args[0]), [arg for arg in args[1:] if not arg.startswith("-")]) if args else ("list", [])
    if verb == "list":
        reads(call)
    elif verb in ("remove", "prune"):
        for word in words or ["."]:
            call.sh.delete(word, "removes the work tree", tree=True)
    else:
        for word in words[:1]:
            call.sh.write(word + "/\x03", Kind.FS_CREATE, "makes the work tree")
        repository(call, f"git worktree {verb}")


def _rm(call: Call, args: list[str]) -> None:
    parsed = parse(args, "pathspec-from-file=read cached n,dry-run r f q")
    for word in parsed.operands:
        if parsed.has("n"):
            continue
        call.sh.delete(word, tree=parsed.has("r")) if not parsed.has("cached") else repository(call, "git rm changes the index")


def _mv(call: Call, args: list[str]) -> None:
    words = [arg for arg in args if not arg.startswith("-")]
    for word in words[:-1]:
        call.sh.delete(word, "moves away")
    if words:
        call.sh.write(words[-1])


def _diff(call: Call, args: list[str]) -> None:
    for word in args:
        outside = plain(word).startswith(("/", "../", "\x05")) or word.startswith("\x05")
        if not word.startswith("-") and ("--no-index" in args or outside):
            call.sh.read(word)
    files(call, args)


_GREP = "e= f=read A= B= C= m= max-depth= max-count= threads= color? column O? open-files-in-pager?"


def _grep(call: Call, args: list[str]) -> None:
    """Patterns from a file, and paths; those outside need no repository. Before `--` stand commits, behind the pattern."""
    parsed = parse(args, _GREP)
    given = parsed.has("e", "f")
    for option, value in parsed.options:
        if option.role == "read" and value is not None:
            call.sh.read(value)
    commits = args[: args.index("--")] if "--" in args and not {"--no-index", "--untracked"} & set(args) else []
    skipped = len(parse(commits, _GREP).operands) if given else max(1, len(parse(commits, _GREP).operands))
    for word in parsed.operands[skipped:]:
        call.sh.read(globbed(word), tree=True)
    reads(call)


def _apply(call: Call, args: list[str]) -> None:
    """A patch is applied, unless an option asks only what it would do."""
    parsed = parse(
        args,
        "p= C= directory= exclude= include= whitespace= build-fake-ancestor=write check stat numstat summary apply R index cached 3 v z",
    )
    for word in parsed.operands:
        call.sh.read(word)
    if parsed.has("check", "stat", "numstat", "summary") and not parsed.has("apply", "build-fake-ancestor"):
        reads(call)
    else:
        repository(call, "git apply edits what the patch names")


def files(call: Call, args: list[str]) -> None:
    """Subcommands that read, some of whose options name a file."""
    parsed = parse(
        args,
        "F,file=read X,exclude-from=read contents=read ignore-revs-file=read pathspec-from-file=read S= O=read "
        "in-place trim-empty if-exists= trailer=",
    )
    for option, value in parsed.options:
        if option.role == "read" and value is not None:
            call.sh.read(value)
    reads(call)


def _interpret_trailers(call: Call, args: list[str]) -> None:
    for word in args:
        if "--in-place" in args and not word.startswith("-"):
            call.sh.write(word, verb="edits")
    files(call, args)


SPECIAL = {
    "checkout": _checkout,
    "switch": _switch,
    "restore": _restore,
    "reset": _reset,
    "clean": _clean,
    "stash": _stash,
    "worktree": _worktree,
    "rm": _rm,
    "mv": _mv,
    "diff": _diff,
    "grep": _grep,
    "apply": _apply,
    **dict.fromkeys(("blame", "annotate", "ls-files", "log", "show", "fmt-merge-msg"), files),
    "interpret-trailers": _interpret_trailers,
}
