"""git: the subcommands that speak to remotes."""

from __future__ import annotations

import re

from guard.analyse.shell.call import Call
from guard.analyse.shell.marks import plain
from guard.analyse.shell.options import parse
from guard.analyse.shell.programs.git_effects import destroys, reads, remote_of, repository
from guard.model import Kind


def fetches(call: Call, args: list[str]) -> None:
    remote_of(call, args, Kind.HTTP_GET, "fetches from a remote")
    if any(re.match(r"-[a-zA-Z]*[pP]|--prune", plain(arg)) for arg in args):
        destroys(call, "git fetch deletes the references of branches that are gone there")
    if any(re.match(r"\+|-[a-zA-Z]*f$|--force", plain(arg)) for arg in args):
        destroys(call, "git overwrites branches with those of a remote")
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
    remote_of(call, words, Kind.HTTP_GET, "clones a repository")
    target = words[1] if len(words) > 1 else re.sub(r"\.git$", "", plain(words[0]).rstrip("/").rsplit("/", 1)[-1]) if words else "."
    call.sh.write(target + "/\x03", Kind.FS_CREATE, "clones into")


def _ls_remote(call: Call, args: list[str]) -> None:
    remote_of(call, args, Kind.HTTP_GET, "asks a remote")


def _pull(call: Call, args: list[str]) -> None:
    fetches(call, args)


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
        remote_of(call, parsed.operands, Kind.HTTP_GET, "asks a remote")
        return
    remote_of(call, parsed.operands, Kind.HTTP_POST, "pushes commits to a remote")
    if forced:
        remote_of(call, parsed.operands, Kind.HTTP_DELETE, "overwrites or deletes branches of a remote")


def _remote(call: Call, args: list[str]) -> None:
    words = [plain(arg) for arg in args if not arg.startswith("-")]
    if not words or words[0] == "get-url" or words == ["show"]:
        reads(call)
    elif words[0] in ("show", "update", "prune"):
        call.remote(Kind.HTTP_GET, "asks a remote")
        if words[0] == "prune" or any(re.match(r"-p$|--prune", plain(arg)) for arg in args):
            destroys(call, "git remote deletes the references of branches that are gone there")
        repository(call, "git remote changes references")
    elif words[0] in ("remove", "rm"):
        destroys(call, "git remote removes a remote and its references")
    else:
        call.sh.write(".git/config", Kind.FS_SURFACE, "changes")


def _submodule(call: Call, args: list[str]) -> None:
    words = [arg for arg in args if not arg.startswith("-")]
    verb = plain(words[0]) if words else "status"
    if verb in ("status", "summary"):
        reads(call)
    elif verb == "foreach":
        command = args[args.index(words[0]) + 1 :]
        while command and command[0].startswith("-"):
            command = command[1:]
        call.shell(" ".join(command))
    elif verb == "deinit":
        destroys(call, "git submodule deinit deletes the submodule's files")
    else:
        call.remote(Kind.HTTP_GET, "fetches submodules")
        repository(call, "git submodule writes files")
        if verb == "update" and any(re.match(r"-f$|--force|--checkout", plain(arg)) for arg in args):
            destroys(call, "git submodule update throws changes in submodules away")
        call.sh.write(".gitmodules", Kind.FS_SURFACE, "changes")


def _request_pull(call: Call, args: list[str]) -> None:
    remote_of(call, args[1:], Kind.HTTP_GET, "asks a remote")
    reads(call)


def _archive(call: Call, args: list[str]) -> None:
    parsed = parse(args, "o,output=write format= prefix= remote= exec= add-file=read add-virtual-file= l v")
    for option, value in parsed.options:
        if option.name == "add-file" and value is not None:
            call.sh.read(value)
    if parsed.value("remote") is not None:
        remote_of(call, [parsed.value("remote") or ""], Kind.HTTP_GET, "asks a remote")
    reads(call)
    if parsed.value("o") is not None:
        call.sh.write(parsed.value("o") or "")


SPECIAL = {
    "clone": _clone,
    "ls-remote": _ls_remote,
    "pull": _pull,
    "push": _push,
    "remote": _remote,
    "submodule": _submodule,
    "request-pull": _request_pull,
    "archive": _archive,
}
