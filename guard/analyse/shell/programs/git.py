"""git: what its subcommands do to the work tree, to the repository and to the places it pushes to."""

from __future__ import annotations

import re

from guard.analyse.shell.call import Call
from guard.analyse.shell.marks import HOLE, SPLIT, TAINT, listed, plain
from guard.analyse.shell.options import Parsed, parse
from guard.analyse.shell.programs.git_output import printed
from guard.model import Kind

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
    r"|core\.(?:quotepath|autocrlf|safecrlf|abbrev|ignorecase|precomposeunicode|longpaths)|gc\.(?:auto|pruneexpire)|clean\.requireforce"
    r"|push\.default|pull\.(?:ff|rebase)|fetch\.prune|rerere\.\w+|safe\.\w+)(?:=.*)?",
    re.IGNORECASE,
)
"""Settings (`-c`) that change no more than how things look."""

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
    "apply": "applies a patch",
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

_HISTORY = frozenset(listed("filter-branch filter-repo"))


def git(call: Call) -> str:
    parsed = parse(call.args, _GLOBAL, permute=False)
    folders = call.sh.folders
    _globals(call, parsed)
    if not parsed.operands:
        return HOLE
    name, *args = parsed.operands
    if re.search("[\x00-\x04]", name):
        call.sh.opaque("git runs a subcommand that is only known when it runs")
        return HOLE
    out = _subcommand(call, plain(name), args)
    call.sh.folders = folders
    return out


def _globals(call: Call, parsed: Parsed) -> None:
    for option, value in parsed.options:
        if option.name == "C" and value is not None:
            call.sh.folders = tuple(resource.name for resource, exact in call.sh.paths(value) if exact)
        elif option.name == "c" and not _HARMLESS_CONFIG.fullmatch(plain(value or "")):
            call.sh.opaque(f"git runs with the setting {plain(value or '')[:60]!r}")
            match = re.fullmatch(r"alias\.[^=]+=!(.*)", plain(value or ""), re.DOTALL)
            if match:
                call.shell(match[1])
        elif option.name in ("git-dir", "work-tree", "exec-path", "config-env") and value is not None:
            call.sh.opaque(f"git runs with another {option.name}: {plain(value)[:60]!r}")
    call.unknown_options(parsed.unknown)


def _subcommand(call: Call, name: str, args: list[str]) -> str:
    special = _SPECIAL.get(name)
    if args in (["--help"], ["-h"]):
        return HOLE
    _common(call, name, args)
    if call.sh.facts.server:  # in our box what the repository configures (a monitor, a pager, filters) is held; there by nobody
        call.sh.opaque(f"git {name} runs what the configuration of the repository names, out of reach of guard")
    if special is not None:
        special(call, args)
        return printed(name, args)
    if name == "rev-parse" and args == ["--show-toplevel"] and call.sh.folders == (call.sh.facts.mount,):
        _reads(call)
        return call.sh.facts.mount + "\n"  # no repository that holds the workspace is in sight of it
    if name in READING:
        _files(call, args)
    elif name in _WRITING:
        _repository(call, f"git {name} {_WRITING[name]}")
    elif name in _FETCHING:
        _fetches(call, args)
    elif name in _HISTORY:
        _destroys(call, f"git {name} rewrites the whole history")
        call.sh.opaque(f"git {name} runs commands on every commit")
    else:
        call.execute(f"git-{name}", f"runs git {name}, which guard does not know")
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
        if re.match(r"--outp(?:ut?)?(?:-directory)?(?:=|$)", text):
            call.sh.write(text.partition("=")[2] or (args[position + 1] if position + 1 < len(args) else ""))
        if arg.startswith((SPLIT, TAINT)):
            call.sh.opaque(f"git {name}: what is only known when it runs may be an option")
    for arg in args:
        path = arg.rsplit(":", 1)[-1]
        if path and not arg.startswith("-") and call.sh.secret(path):
            call.sh.read(path)


def _reads(call: Call) -> None:
    call.sh.workspace(Kind.FS_READ, "reads the repository")


def _repository(call: Call, note: str) -> None:
    call.sh.workspace(Kind.FS_WRITE, note)


def _destroys(call: Call, note: str) -> None:
    call.sh.workspace(Kind.FS_DELETE, note)


def _remote_of(call: Call, args: list[str], kind: Kind, note: str) -> None:
    """A request to the remote that is named: a URL, `user@host:path`, or a name that only the configuration knows."""
    word = next((arg for arg in args if not arg.startswith("-")), "")
    text = plain(word)
    match = re.match(r"(?:ssh://)?(?:[\w.-]+@)?([\w.-]+\.[\w.-]+):(?!//)", text)
    if re.match(r"ext::", text):
        call.sh.opaque("git reaches its remote through a command")
        call.shell(text[5:].replace("%S", "git"))
    elif "://" in text:
        call.url(word, kind)
    elif match:
        call.host(match[1], 22, kind)
    else:
        call.remote(kind, note)


def _fetches(call: Call, args: list[str]) -> None:
    _remote_of(call, args, Kind.HTTP_GET, "fetches from a remote")
    call.sh.workspace(Kind.FS_WRITE, "writes what it fetched")


def _clone(call: Call, args: list[str]) -> None:
    parsed = parse(
        args,
        "b= o= c=code u= j= depth= branch= origin= config=code reference= template=code filter= shallow-since= "
        "separate-git-dir=write bundle-uri= server-option= recurse-submodules? upload-pack=",
    )
    for option, value in parsed.options:
        if option.role == "code":
            call.sh.opaque(f"git clone runs with the setting {plain(value or '')[:60]!r}")
    words = parsed.operands
    _remote_of(call, words, Kind.HTTP_GET, "clones a repository")
    target = words[1] if len(words) > 1 else re.sub(r"\.git$", "", plain(words[0]).rstrip("/").rsplit("/", 1)[-1]) if words else "."
    call.sh.write(target + "/\x03", Kind.FS_CREATE, "clones into")


def _ls_remote(call: Call, args: list[str]) -> None:
    _remote_of(call, args, Kind.HTTP_GET, "asks a remote")


def _pull(call: Call, args: list[str]) -> None:
    _fetches(call, args)


def _push(call: Call, args: list[str]) -> None:
    parsed = parse(
        args,
        "o= push-option= receive-pack= exec= repo= recurse-submodules? signed? force-with-lease? f,force d,delete mirror "
        "n,dry-run prune u,set-upstream all tags v q follow-tags atomic no-verify thin porcelain progress branches "
        "force-if-includes",
    )
    refs = parsed.operands[1:]
    forced = parsed.has("f", "d", "mirror", "prune", "force-with-lease") or any(re.match(r"[+:]", plain(ref)) for ref in refs)
    if parsed.has("n"):
        _remote_of(call, parsed.operands, Kind.HTTP_GET, "asks a remote")
        return
    _remote_of(call, parsed.operands, Kind.HTTP_POST, "pushes commits to a remote")
    if forced:
        _remote_of(call, parsed.operands, Kind.HTTP_DELETE, "overwrites or deletes branches of a remote")


def _checkout(call: Call, args: list[str]) -> None:
    parsed = parse(
        [arg for arg in args if arg != "--"], "b= B= orphan= conflict= pathspec-from-file=read t l f,force m p q ours theirs detach guess"
    )
    if not parsed.operands and parsed.has("b", "B", "orphan"):
        _repository(call, "git checkout makes a branch")
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
            _destroys(call, "git checkout may discard changes")
    if parsed.has("B"):
        _destroys(call, "git checkout -B resets a branch")
    _repository(call, "git checkout writes files")


def _switch(call: Call, args: list[str]) -> None:
    parsed = parse(args, "c= C= orphan= conflict= f,force discard-changes m d t q")
    _repository(call, "git switch writes files")
    if parsed.has("f", "discard-changes", "C"):
        _destroys(call, "git switch discards changes")


def _restore(call: Call, args: list[str]) -> None:
    parsed = parse(args, "s= source= conflict= pathspec-from-file=read S,staged W,worktree p q ours theirs m")
    if parsed.has("S") and not parsed.has("W"):
        _repository(call, "git restore changes the index")
        return
    for word in parsed.operands or ["."]:
        call.sh.delete(word, "discards the changes in", tree=True)


def _reset(call: Call, args: list[str]) -> None:
    if any(re.match(r"--(?:hard|merge|keep|har|mer|ke)", plain(arg)) for arg in args):
        _destroys(call, "git reset discards changes")
    else:
        _repository(call, "git reset changes the index")


def _clean(call: Call, args: list[str]) -> None:
    parsed = parse(args, "e= exclude= n,dry-run f,force d x X i q interactive")
    if parsed.has("n"):
        _reads(call)
        return
    for word in parsed.operands or ["."]:
        call.sh.delete(word, "deletes untracked files in", tree=True)


def _stash(call: Call, args: list[str]) -> None:
    verb = plain(args[0]) if args else "push"
    if verb in ("list", "show"):
        _reads(call)
    elif verb in ("drop", "clear"):
        _destroys(call, f"git stash {verb} deletes stashed changes")
    else:
        _repository(call, "git stash moves changes")


def _branch(call: Call, args: list[str]) -> None:
    parsed = parse(
        args,
        "u= set-upstream-to= contains? no-contains? merged? no-merged? points-at= sort= format= color? column? abbrev= "
        "d,delete D m,move M c,copy C f,force edit-description unset-upstream track? a r v l,list q show-current i all "
        "remotes verbose create-reflog t",
    )
    if parsed.has("d", "D", "M", "C", "f"):
        _destroys(call, "git branch deletes or overwrites a branch")
    elif parsed.has("m", "c", "edit-description", "unset-upstream", "u", "set-upstream-to") or (
        parsed.operands and not parsed.has("l", "contains", "no-contains", "merged", "no-merged", "points-at", "a", "r")
    ):
        _repository(call, "git branch changes branches")
    else:
        _reads(call)


def _tag(call: Call, args: list[str]) -> None:
    parsed = parse(
        args,
        "m= F,file=read u= n? sort= format= contains? no-contains? merged? no-merged? points-at= cleanup= d,delete f,force l,list "
        "v,verify a s",
    )
    if parsed.value("F") is not None:
        call.sh.read(parsed.value("F") or "")
    if parsed.has("d", "f"):
        _destroys(call, "git tag deletes or moves a tag")
    elif parsed.operands and not parsed.has("l", "v", "contains", "merged", "points-at", "n"):
        _repository(call, "git tag makes a tag")
    else:
        _reads(call)


def _remote(call: Call, args: list[str]) -> None:
    words = [plain(arg) for arg in args if not arg.startswith("-")]
    if not words or words[0] == "get-url":
        _reads(call)
    elif words[0] in ("show", "update", "prune"):
        call.remote(Kind.HTTP_GET, "asks a remote")
        _repository(call, "git remote changes references")
    elif words[0] in ("remove", "rm"):
        _destroys(call, "git remote removes a remote and its references")
    else:
        call.sh.write(".git/config", Kind.FS_SURFACE, "changes")


def _config(call: Call, args: list[str]) -> None:
    parsed = parse(
        args,
        "f,file=read blob= type= default= comment= get= get-all= get-regexp= get-urlmatch= l,list global system local "
        "worktree z e,edit unset= unset-all= replace-all= add= remove-section= rename-section= show-origin show-scope "
        "name-only null includes int bool path",
    )
    words = [plain(word) for word in parsed.operands]
    if parsed.value("f") is not None:
        call.sh.read(parsed.value("f") or "")
    if parsed.has("e") or words[:1] == ["edit"]:
        call.sh.opaque("git config opens an editor")
    reads = parsed.has("l", "get", "get-all", "get-regexp", "get-urlmatch") or words[:1] in (["list"], ["get"])
    writes = parsed.has("unset", "unset-all", "replace-all", "add", "remove-section", "rename-section") or words[:1] in (["set"], ["unset"])
    if (reads or (len(words) == 1 and not writes)) and not parsed.has("e"):
        _reads(call)
        return
    target = parsed.value("f") or ("~/.gitconfig" if parsed.has("global") else "/etc/gitconfig" if parsed.has("system") else ".git/config")
    call.sh.write("\x05" + target[1:] if target.startswith("~") else target, Kind.FS_SURFACE, "changes")


def _reflog(call: Call, args: list[str]) -> None:
    if args and plain(args[0]) in ("expire", "delete", "drop", "write"):
        _destroys(call, "git reflog forgets where branches were")
    else:
        _reads(call)


def _worktree(call: Call, args: list[str]) -> None:
    verb, words = (plain(args[0]), [arg for arg in args[1:] if not arg.startswith("-")]) if args else ("list", [])
    if verb == "list":
        _reads(call)
    elif verb in ("remove", "prune"):
        for word in words or ["."]:
            call.sh.delete(word, "removes the work tree", tree=True)
    else:
        for word in words[:1]:
            call.sh.write(word + "/\x03", Kind.FS_CREATE, "makes the work tree")
        _repository(call, f"git worktree {verb}")


def _submodule(call: Call, args: list[str]) -> None:
    words = [arg for arg in args if not arg.startswith("-")]
    verb = plain(words[0]) if words else "status"
    if verb in ("status", "summary"):
        _reads(call)
    elif verb == "foreach":
        call.shell(" ".join(words[1:]))
    elif verb == "deinit":
        _destroys(call, "git submodule deinit deletes the submodule's files")
    else:
        call.remote(Kind.HTTP_GET, "fetches submodules")
        _repository(call, "git submodule writes files")
        call.sh.write(".gitmodules", Kind.FS_SURFACE, "changes")


def _rm(call: Call, args: list[str]) -> None:
    parsed = parse(args, "pathspec-from-file=read cached n,dry-run r f q")
    for word in parsed.operands:
        if parsed.has("n"):
            continue
        call.sh.delete(word, tree=parsed.has("r")) if not parsed.has("cached") else _repository(call, "git rm changes the index")


def _mv(call: Call, args: list[str]) -> None:
    words = [arg for arg in args if not arg.startswith("-")]
    for word in words[:-1]:
        call.sh.delete(word, "moves away")
    if words:
        call.sh.write(words[-1])


def _bisect(call: Call, args: list[str]) -> None:
    if args and plain(args[0]) == "run":
        call.run(args[1:], loop=True)
    _repository(call, "git bisect moves through history")


def _gc(call: Call, args: list[str]) -> None:
    if any(re.match(r"--(?:prune|aggressive)", plain(arg)) for arg in args):
        _destroys(call, "git gc deletes objects that nothing refers to")
    else:
        _repository(call, "git gc packs the repository")


def _prune(call: Call, args: list[str]) -> None:
    if any(plain(arg) in ("-n", "--dry-run") for arg in args):
        _reads(call)
    else:
        _destroys(call, "git prune deletes objects that nothing refers to")


def _update_ref(call: Call, args: list[str]) -> None:
    _destroys(call, "git update-ref deletes a reference") if "-d" in args else _repository(call, "git update-ref moves a reference")


def _symbolic_ref(call: Call, args: list[str]) -> None:
    words = [arg for arg in args if not arg.startswith("-")]
    _repository(call, "git symbolic-ref moves a reference") if len(words) > 1 or "-d" in args else _reads(call)


def _diff(call: Call, args: list[str]) -> None:
    for word in args:
        outside = plain(word).startswith(("/", "../", "\x05")) or word.startswith("\x05")
        if not word.startswith("-") and ("--no-index" in args or outside):
            call.sh.read(word)
    _files(call, args)


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
        call.sh.read(word, tree=True)
    _reads(call)


def _files(call: Call, args: list[str]) -> None:
    """Subcommands that read, some of whose options name a file."""
    parsed = parse(
        args,
        "F,file=read X,exclude-from=read contents=read ignore-revs-file=read pathspec-from-file=read S= O=read "
        "in-place trim-empty if-exists= trailer=",
    )
    for option, value in parsed.options:
        if option.role == "read" and value is not None:
            call.sh.read(value)
    _reads(call)


def _interpret_trailers(call: Call, args: list[str]) -> None:
    for word in args:
        if "--in-place" in args and not word.startswith("-"):
            call.sh.write(word, verb="edits")
    _files(call, args)


def _fsck(call: Call, args: list[str]) -> None:
    _repository(call, "git fsck writes what it found") if "--lost-found" in args else _reads(call)


def _request_pull(call: Call, args: list[str]) -> None:
    _remote_of(call, args[1:], Kind.HTTP_GET, "asks a remote")
    _reads(call)


def _for_each_repo(call: Call, _: list[str]) -> None:
    call.sh.opaque("git runs a subcommand in repositories that its settings name")


def _help(call: Call, args: list[str]) -> None:
    if any(re.match(r"-(?:w|i|-web|-info)", plain(arg)) for arg in args):
        call.execute("git-help", "opens a viewer")


def _archive(call: Call, args: list[str]) -> None:
    parsed = parse(args, "o,output=write format= prefix= remote= exec= add-file=read add-virtual-file= l v")
    for option, value in parsed.options:
        if option.name == "add-file" and value is not None:
            call.sh.read(value)
    if parsed.value("remote") is not None:
        _remote_of(call, [parsed.value("remote") or ""], Kind.HTTP_GET, "asks a remote")
    _reads(call)
    if parsed.value("o") is not None:
        call.sh.write(parsed.value("o") or "")


_SPECIAL = {
    "clone": _clone,
    "ls-remote": _ls_remote,
    "pull": _pull,
    "push": _push,
    "checkout": _checkout,
    "switch": _switch,
    "restore": _restore,
    "reset": _reset,
    "clean": _clean,
    "stash": _stash,
    "branch": _branch,
    "tag": _tag,
    "remote": _remote,
    "config": _config,
    "reflog": _reflog,
    "worktree": _worktree,
    "submodule": _submodule,
    "rm": _rm,
    "mv": _mv,
    "bisect": _bisect,
    "gc": _gc,
    "prune": _prune,
    "update-ref": _update_ref,
    "symbolic-ref": _symbolic_ref,
    "diff": _diff,
    "grep": _grep,
    **dict.fromkeys(("blame", "annotate", "ls-files", "log", "show", "fmt-merge-msg"), _files),
    "interpret-trailers": _interpret_trailers,
    "fsck": _fsck,
    "request-pull": _request_pull,
    "for-each-repo": _for_each_repo,
    "help": _help,
    "archive": _archive,
}

RUNNERS = {"git": git}
