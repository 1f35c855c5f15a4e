"""Mercurial, Subversion and Fossil: what only shows a work tree, and what changes it, deletes of it or asks a server."""

from __future__ import annotations

import re

from guard.analyse.shell.call import Call
from guard.analyse.shell.marks import listed, plain
from guard.analyse.shell.programs import rows, unknown
from guard.analyse.shell.programs.git_effects import destroys, repository
from guard.model import Kind

_WRITES = {
    "hg": "clone pull fetch update up checkout co commit ci add addremove copy cp rename move mv merge import unbundle graft rebase "
    "resolve "
    "tag bookmark bookmarks branch phase init backout shelve unshelve archive bundle histedit evolve uncommit amend absorb fold split "
    "record convert remove rm forget revert",
    "svn": "update up checkout co switch sw merge add mkdir copy cp move mv rename ren propset ps propdel pd propedit pe resolve "
    "resolved "
    "patch relocate upgrade export changelist cl cleanup delete del remove rm revert commit ci",
    "fossil": "clone pull sync commit ci add addremove mv rename init new open update checkout co merge branch tag stash undo redo "
    "rm revert",
}
_DELETES = {
    "hg": "remove rm forget strip purge rollback revert histedit rename move mv",
    "svn": "delete del remove rm revert move mv rename ren",
    "fossil": "rm delete del clean revert forget mv rename close",
}
_ASKS = {
    "hg": "clone pull fetch incoming in outgoing out",
    "svn": "log ls list cat blame praise annotate ann update up checkout co export switch sw merge",
    "fossil": "clone pull sync update",
}
_TELLS = {"hg": "push email", "svn": "commit ci import lock unlock", "fossil": "push sync commit ci"}
"""Program -> the subcommands that change the work tree, that delete of it, that ask a server and that tell it something."""


def _acts(call: Call) -> str:
    """A subcommand that does more than to show: its hooks are programs, and it may do what its name says."""
    verb = next((plain(arg) for arg in call.args if not arg.startswith("-")), "")
    out = unknown.run(call)
    if verb in listed(_WRITES[call.name]):
        repository(call, f"{call.name} {verb} changes the work tree or its repository")
    if verb in listed(_DELETES[call.name]):
        destroys(call, f"{call.name} {verb} takes files or commits away")
    if verb in listed(_ASKS[call.name]):
        call.remote(Kind.HTTP_GET)
    if verb in listed(_TELLS[call.name]):
        call.remote(Kind.HTTP_POST)
    return out


_HG_READS = frozenset(
    listed(
        "status st stat log history diff annotate blame cat branches tags heads parents tip identify id manifest files locate grep root "
        "summary sum paths help version verify"
    )
)
_HG_OPTIONS = (
    "T,template=page "
    "style=page r? rev= l,limit= b? branch= u? user= d? date= k? keyword= p,patch G,graph stat v,verbose q,quiet I,include= "
    "X,exclude= A,all m,modified a,added,text c? removed deleted clean unknown i ignored n,no-status,number,line-number C,copies "
    "0,print0 "
    "terse= S,subrepos follow f,follow-first removed no-merges M newest-first o,output=write decode from= to= change= g,git nodates "
    "noprefix "
    "show-function w,ignore-all-space ignore-space-change B,ignore-blank-lines U,unified= root= tags bookmarks topo closed active t e,id "
    "fullpath ignore-case files-with-matches diff config=code R,repository=code cwd=code debug noninteractive pager=name color= h,help "
    "encoding= hidden remote+net"
)


def mercurial(call: Call) -> str:
    """hg: what only shows the repository reads it; all else is as a program that guard does not know."""
    verb = plain(call.args[0]) if call.args else ""
    if verb not in _HG_READS:
        return _acts(call)
    if call.sh.facts.server:  # as git: there nobody holds what the repository's configuration makes it run
        call.sh.opaque(f"hg {verb} runs what the configuration of the repository names, out of reach of guard")
    call.sh.read(".hg", tree=True)
    if verb in ("identify", "id") and any(not arg.startswith("-") for arg in call.args[1:]):
        call.remote(Kind.HTTP_GET, f"{call.line}: asks a repository that may be elsewhere")
    return rows.run(Call(name=call.name, args=call.args[1:], walker=call.walker), ("read*", _HG_OPTIONS))


_SVN_READS = frozenset(listed("status st stat diff di info help"))
_SVN_OPTIONS = (
    "q,quiet v,verbose N,non-recursive no-ignore depth= changelist,cl= ignore-externals xml incremental u,show-updates+net R,recursive "
    "r,revision+net c,change+net diff-cmd=run editor-cmd=run internal-diff x,extensions= no-diff-added no-diff-deleted ignore-properties "
    "properties-only summarize show-copies-as-adds notice-ancestry git old=connect new=connect patch-compatible no-newline show-item= "
    "config-option=code config-dir=code non-interactive username= password= version"
)


def subversion(call: Call) -> str:
    """svn: status, and differences to what was fetched, need no server."""
    verb = plain(call.args[0]) if call.args else ""
    remote = any("://" in plain(arg) or plain(arg).startswith("^/") for arg in call.args)
    if remote:
        call.remote(Kind.HTTP_GET)
    if (verb not in _SVN_READS and call.args != ["--version"]) or remote:
        return _acts(call)
    if re.fullmatch(r"di(?:ff)?|info", verb) and any(re.match(r"-[a-z]*r|-c|--rev|--change|[^-].*@.", plain(arg)) for arg in call.args):
        call.remote(Kind.HTTP_GET)
    if call.sh.facts.server:  # as git: there nobody holds what the repository's configuration makes it run
        call.sh.opaque(f"svn {verb} runs what its configuration names, out of reach of guard")
    call.sh.read(".svn", tree=True)
    return rows.run(Call(name=call.name, args=call.args[1:], walker=call.walker), ("read*:.", _SVN_OPTIONS))


RUNNERS = {"hg": mercurial, "svn": subversion, "fossil": _acts}
