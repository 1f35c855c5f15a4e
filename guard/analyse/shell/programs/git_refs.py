"""git: the subcommands that look at or move references, history, objects and settings."""

from __future__ import annotations

import re

from guard.analyse import targets
from guard.analyse.shell.call import Call
from guard.analyse.shell.marks import plain
from guard.analyse.shell.options import parse
from guard.analyse.shell.programs.git_effects import destroys, reads, repository
from guard.model import Kind


def _branch(call: Call, args: list[str]) -> None:
    parsed = parse(
        args,
        "u= set-upstream-to= contains? no-contains? merged? no-merged? points-at= sort= format= color? column? abbrev= "
        "d,delete D m,move M c,copy C f,force edit-description unset-upstream track? a r v l,list q show-current i all "
        "remotes verbose create-reflog t",
    )
    if parsed.has("d", "D", "M", "C", "f"):
        destroys(call, "git branch deletes or overwrites a branch")
    elif parsed.has("m", "c", "edit-description", "unset-upstream", "u", "set-upstream-to") or (
        parsed.operands and not parsed.has("l", "contains", "no-contains", "merged", "no-merged", "points-at", "a", "r")
    ):
        repository(call, "git branch changes branches")
    else:
        reads(call)


def _tag(call: Call, args: list[str]) -> None:
    parsed = parse(
        args,
        "m= F,file=read u= n? sort= format= contains? no-contains? merged? no-merged? points-at= cleanup= d,delete f,force l,list "
        "v,verify a s",
    )
    if parsed.value("F") is not None:
        call.sh.read(parsed.value("F") or "")
    if parsed.has("d", "f"):
        destroys(call, "git tag deletes or moves a tag")
    elif parsed.operands and not parsed.has("l", "v", "contains", "merged", "points-at", "n"):
        repository(call, "git tag makes a tag")
    else:
        reads(call)


_KEPT = re.compile(r"token|passw|secret|extraheader|oauth", re.IGNORECASE)
"""What is in the names of settings that hold secrets."""


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
    asked = [value or "" for option, value in parsed.options if option.name.startswith("get")] + (words[1:] if words[:1] == ["get"] else [])
    asked += words if len(words) == 1 else []
    if any(_KEPT.search(plain(word)) for word in asked):
        call.sh.emit(Kind.SECRET_READ, targets.variable(""), f"{call.line}: shows a secret that git keeps", exact=False)
    shows = parsed.has("l", "get", "get-all", "get-regexp", "get-urlmatch") or words[:1] in (["list"], ["get"])
    writes = parsed.has("unset", "unset-all", "replace-all", "add", "remove-section", "rename-section") or words[:1] in (["set"], ["unset"])
    if (shows or (len(words) == 1 and not writes)) and not parsed.has("e"):
        reads(call)
        return
    target = parsed.value("f") or ("~/.gitconfig" if parsed.has("global") else "/etc/gitconfig" if parsed.has("system") else ".git/config")
    call.sh.write("\x05" + target[1:] if target.startswith("~") else target, Kind.FS_SURFACE, "changes")


def _credential(call: Call, args: list[str]) -> None:
    """The stores of credentials: what is asked of them is a secret."""
    verb = plain(args[-1]) if args else ""
    if verb in ("approve", "reject", "store", "erase", "exit"):
        call.sh.write("\x05/.git-credentials")
        if verb in ("reject", "erase", "exit"):
            call.sh.delete("\x05/.git-credentials", "forgets credentials in")
        return
    call.sh.read("\x05/.git-credentials")
    call.sh.opaque("git asks the programs that keep credentials")


def _reflog(call: Call, args: list[str]) -> None:
    if args and plain(args[0]) in ("expire", "delete", "drop", "write"):
        destroys(call, "git reflog forgets where branches were")
    else:
        reads(call)


def _bisect(call: Call, args: list[str]) -> None:
    if args and plain(args[0]) == "run":
        call.run(args[1:], loop=True)
    repository(call, "git bisect moves through history")


def _gc(call: Call, args: list[str]) -> None:
    if any(re.match(r"--(?:prune|aggressive)", plain(arg)) and plain(arg) != "--prune=never" for arg in args):
        destroys(call, "git gc deletes objects that nothing refers to")
    else:
        repository(call, "git gc packs the repository")


def _prune(call: Call, args: list[str]) -> None:
    if any(plain(arg) in ("-n", "--dry-run") for arg in args):
        reads(call)
    else:
        destroys(call, "git prune deletes objects that nothing refers to")


def _update_ref(call: Call, args: list[str]) -> None:
    if any(re.match(r"-d$|--del|--stdin", plain(arg)) for arg in args):
        destroys(call, "git update-ref deletes a reference")
    else:
        destroys(call, "git update-ref lets a reference point elsewhere")


def _symbolic_ref(call: Call, args: list[str]) -> None:
    words = [arg for arg in args if not arg.startswith("-")]
    if any(re.match(r"-d$|--del", plain(arg)) for arg in args):
        destroys(call, "git symbolic-ref deletes a reference")
    else:
        repository(call, "git symbolic-ref moves a reference") if len(words) > 1 else reads(call)


def _fsck(call: Call, args: list[str]) -> None:
    repository(call, "git fsck writes what it found") if "--lost-found" in args else reads(call)


def _for_each_repo(call: Call, _: list[str]) -> None:
    call.sh.opaque("git runs a subcommand in repositories that its settings name")


def _help(call: Call, args: list[str]) -> None:
    if any(re.match(r"-(?:w|i|-web|-info)", plain(arg)) for arg in args):
        call.execute("git-help", "opens a viewer")


SPECIAL = {
    "branch": _branch,
    "tag": _tag,
    "config": _config,
    "reflog": _reflog,
    **dict.fromkeys(("credential", "credential-store", "credential-cache"), _credential),
    "bisect": _bisect,
    "gc": _gc,
    "prune": _prune,
    "update-ref": _update_ref,
    "symbolic-ref": _symbolic_ref,
    "fsck": _fsck,
    "for-each-repo": _for_each_repo,
    "help": _help,
}
