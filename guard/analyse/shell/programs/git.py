"""git: what its subcommands do to the work tree, to the repository and to the places it pushes to."""

from __future__ import annotations

import re

from guard.analyse.shell.call import Call
from guard.analyse.shell.marks import HOLE, SPLIT, TAINT, globbed, listed, plain
from guard.analyse.shell.options import Parsed, parse
from guard.analyse.shell.programs import git_refs, git_remotes, git_shows, git_tree, verbs
from guard.analyse.shell.programs.git_effects import destroys, reads, repository
from guard.analyse.shell.programs.git_output import printed

_GLOBAL = (
    "C= c= git-dir= work-tree= namespace= super-prefix= config-env= exec-path? list-cmds= attr-source= p paginate P no-pager "
    "bare version help v h no-replace-objects no-optional-locks no-lazy-fetch literal-pathspecs glob-pathspecs noglob-pathspecs "
    "icase-pathspecs no-advice html-path"
)
_HARMLESS_CONFIG = re.compile(
    r"(?:(?:color|advice|column|i18n|user)\.[\w.-]+|log\.(?:date|decorate|follow|abbrevcommit|showroot|showsignature|mailmap)"
    r"|blame\.(?:blankboundary|coloring|date|showemail|showroot)|merge\.(?:conflictstyle|log)"
    r"|diff\.(?:color\w*|renames|renamelimit|context|interhunkcontext|algorithm|noprefix|mnemonicprefix|wserrorhighlight|submodule|statgraphwidth)"
    r"|status\.\w+|branch\.(?:sort|autosetup\w+)|init\.defaultbranch|commit\.(?:gpgsign|verbose)|tag\.(?:sort|gpgsign)"
    r"|core\.(?:quotepath|autocrlf|safecrlf|abbrev|ignorecase|precomposeunicode|longpaths)|gc\.auto|clean\.requireforce"
    r"|push\.default|pull\.(?:ff|rebase)|fetch\.prune|rerere\.\w+|safe\.\w+)(?:=.*)?",
    re.IGNORECASE,
)
"""Settings (`-c`) that change no more than how things look."""
_EXPIRY = re.compile(r"gc\.\S*expire", re.IGNORECASE)
_COMMAND_SETTING = re.compile(
    r"(?:alias\.[^=]+=!|credential\.(?:[^=]+\.)?helper=!?|pager\.[\w-]+=|gpg\.(?:\w+\.)?program=|diff\.(?:external|[^=]+\.(?:command|textconv))="
    r"|core\.(?:pager|fsmonitor|sshcommand|editor|askpass|gitproxy|alternaterefscommand)=|sequence\.editor=|interactive\.difffilter="
    r"|filter\.[^=]+\.(?:clean|smudge|process)=|merge\.[^=]+\.driver=|(?:difftool|mergetool|man|browser)\.[^=]+\.(?:cmd|path)="
    r"|uploadpack\.packobjectshook=|trailer\.[^=]+\.(?:command|cmd)=|sendemail\.(?:\w*cmd|smtpserver)=|ssh\.variant=)(.*)",
    re.IGNORECASE | re.DOTALL,
)
"""Settings whose value is a command."""

READING = frozenset(
    listed(
        "status log diff show blame annotate shortlog describe rev-parse rev-list ls-files ls-tree cat-file name-rev merge-base "
        "diff-tree diff-index diff-files count-objects check-ignore check-attr check-ref-format check-mailmap for-each-ref "
        "show-ref show-branch whatchanged cherry fsck verify-commit verify-tag verify-pack var version help range-diff "
        "patch-id get-tar-commit-id merge-tree column stripspace "
        "show-index cherry-mark"
    )
)
_WRITING = {
    "add": "stages changes",
    "commit": "makes a commit",
    "init": "makes a repository",
    "tag": "makes a tag",
    "merge": "merges",
    "stage": "stages changes",
    "rebase": "rewrites commits",
    "cherry-pick": "applies commits",
    "revert": "reverts commits",
    "am": "applies patches",
    "notes": "writes notes",
    "update-index": "changes the index",
    "update-ref": "moves a reference",
    "symbolic-ref": "moves a reference",
    "write-tree": "writes objects",
    "commit-tree": "writes objects",
    "hash-object": "writes objects",
    "mktag": "writes objects",
    "mktree": "writes objects",
    "read-tree": "changes the index",
    "checkout-index": "writes files",
    "sparse-checkout": "changes the work tree",
    "repack": "packs objects",
    "pack-refs": "packs references",
    "maintenance": "changes the repository",
    "rerere": "records resolutions",
    "replace": "replaces objects",
    "bundle": "writes a bundle",
    "format-patch": "writes patches",
    "archive": "writes an archive",
    "switch": "switches branches",
    "checkout": "switches branches",
    "worktree": "makes a work tree",
    "bisect": "moves through history",
    "gc": "packs the repository",
    "fast-import": "imports commits",
    "fast-export": "exports commits",
    "mergetool": "merges",
    "pack-objects": "packs objects",
    "unpack-objects": "unpacks objects",
    "index-pack": "packs objects",
    "prune-packed": "packs objects",
    "lfs": "handles large files",
    "commit-graph": "writes a graph",
    "multi-pack-index": "writes an index",
    "citool": "makes a commit",
    "bugreport": "writes a report",
    "diagnose": "writes a report",
    "unpack-file": "writes a file",
    "gui": "opens a window",
}
_FETCHING = frozenset(
    listed("fetch pull clone ls-remote fetch-pack remote-http remote-https http-fetch submodule svn p4 send-email imap-send")
)

_NOTHING = frozenset[str]()
_STARTED = frozenset(("--abort", "--skip"))
_GIVES_UP: dict[str, frozenset[str]] = {
    **dict.fromkeys(("merge", "rebase", "cherry-pick", "revert", "am"), _STARTED),
    "notes": frozenset(("remove", "prune", "-f", "--force")),
    "replace": frozenset(("-d", "--delete", "-f", "--force")),
    "commit": frozenset(("--amend",)),
    "read-tree": frozenset(("--reset", "-u")),
    "checkout-index": frozenset(("-f", "--force", "-fa", "-af")),
    "lfs": frozenset(("prune", "migrate", "uninstall", "dedup")),
    "repack": frozenset(("-d", "-ad", "-Ad", "-adf")),
    "citool": frozenset(("--amend",)),
    "sparse-checkout": frozenset(("set", "reapply")),
    "rerere": frozenset(("clear", "forget", "gc")),
}
"""Words of subcommands that write which throw something away."""

_HISTORY = frozenset(listed("filter-branch filter-repo"))


SPECIAL = {**git_remotes.SPECIAL, **git_tree.SPECIAL, **git_refs.SPECIAL}
"""Subcommands whose words say more than a table does."""


def git(call: Call) -> str:
    parsed = parse(call.args, _GLOBAL, permute=False)
    folders = call.sh.folders
    _globals(call, parsed)
    if not parsed.operands:
        return HOLE
    name, *args = parsed.operands
    for value in [plain(value or "") for option, value in parsed.options if option.name == "c"]:
        if value.lower().startswith(f"alias.{plain(name).lower()}=") and "=!" not in value:
            with call.sh.maybe():
                call.run(["git", *value.partition("=")[2].split(), *args])
    if re.search("[\x00-\x04]", name):
        call.sh.opaque("git runs a subcommand that is only known when it runs")
        return HOLE
    out = _subcommand(call, plain(name), args)
    settings = [plain(value or "") for option, value in parsed.options if option.name == "c"]
    if plain(name) in ("gc", "maintenance") and "--no-prune" not in args and any(map(_EXPIRY.match, settings)):
        destroys(call, "git deletes objects that nothing refers to, from an age on that a setting gives")
    call.sh.folders = folders
    return out


def _globals(call: Call, parsed: Parsed) -> None:
    for option, value in parsed.options:
        if option.name == "C" and value is not None:
            call.sh.folders = tuple(resource.name for resource, exact in call.sh.paths(value) if exact)
        elif option.name == "c" and not _HARMLESS_CONFIG.fullmatch(plain(value or "")):
            call.sh.opaque(f"git runs with the setting {plain(value or '')[:60]!r}")
            if match := _COMMAND_SETTING.fullmatch(plain(value or "")):
                with call.sh.maybe():
                    call.shell(match[1])
        elif option.name in ("git-dir", "work-tree", "exec-path", "config-env") and value is not None:
            call.sh.opaque(f"git runs with another {option.name}: {plain(value)[:60]!r}")
    call.unknown_options(parsed.unknown)


def _subcommand(call: Call, name: str, args: list[str]) -> str:
    special = SPECIAL.get(name)
    if args in (["--help"], ["-h"]):
        return HOLE
    _common(call, name, args)
    if call.sh.facts.server:  # in our box what the repository configures (a monitor, a pager, filters) is held; there by nobody
        call.sh.opaque(f"git {name} runs what the configuration of the repository names, out of reach of guard")
    if git_shows.only(call, name, args):
        return HOLE
    if special is not None:
        special(call, args)
        return printed(name, args)
    if name == "rev-parse" and args == ["--show-toplevel"] and call.sh.folders == (call.sh.facts.mount,):
        reads(call)
        return call.sh.facts.mount + "\n"  # no repository that holds the workspace is in sight of it
    if name in READING:
        git_tree.files(call, args)
    elif name in _WRITING:
        repository(call, f"git {name} {_WRITING[name]}")
        if _GIVES_UP.get(name, _NOTHING) & {plain(arg) for arg in args}:
            destroys(call, f"git {name} gives up what it was at, or what was there before")
    elif name in _FETCHING:
        git_remotes.fetches(call, args)
    elif name in _HISTORY:
        destroys(call, f"git {name} rewrites the whole history")
        call.sh.opaque(f"git {name} runs commands on every commit")
    else:
        call.execute(f"git-{name}", f"runs git {name}, which guard does not know")
        if verbs.destroys([name, *(plain(arg) for arg in args[:6] if not arg.startswith("-"))]):
            with call.sh.maybe():
                destroys(call, f"git {name}: its words say that it destroys something")
    return printed(name, args)


_RUNS = re.compile(r"--(?:upl|rec|exec|ext|textc|filt|open|remote=|tool|gui)[\w-]*(?:=.*)?$", re.DOTALL)
"""Options that run commands, also abbreviated."""


def _common(call: Call, name: str, args: list[str]) -> None:
    """Options of several subcommands that run commands or write files, and secrets among the paths."""
    for position, arg in enumerate(args):
        text = plain(arg)
        if text == "--":
            break
        match = _RUNS.match(text) if not text.startswith(("--recurse", "--filter=")) else None
        short = (name == "grep" and text.startswith("-O")) or (name in ("difftool", "rebase") and text.startswith("-x"))
        if (match or short) and text != "--textconv" and name not in ("commit", "add"):
            command = text.partition("=")[2] or (args[position + 1] if position + 1 < len(args) else "")
            call.sh.opaque(f"git {name} runs a command: {text[:60]!r}")
            if command and name in listed("rebase difftool fetch clone ls-remote push pull archive"):
                call.shell(command)
        if re.match(r"--o(?:u(?:t(?:p(?:ut?)?)?)?)?(?:(?<=output)-directory)?(?:=|$)", text):
            call.sh.write(text.partition("=")[2] or (args[position + 1] if position + 1 < len(args) else ""))
        if arg.startswith((SPLIT, TAINT)):
            call.sh.opaque(f"git {name}: what is only known when it runs may be an option")
    for arg in args:
        path = arg.rsplit(":", 1)[-1] if name == "grep" else globbed(arg.rsplit(":", 1)[-1])
        named = not arg.startswith(("-", ":!", ":^", ":(exclude")) or arg.startswith("-L")
        if path and named and call.sh.secret(path):
            call.sh.read(path)


RUNNERS = {"git": git}
