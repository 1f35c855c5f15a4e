"""What a row of a program table means: one interpreter for all tables, so that a new program is one line of data.

A row is (operands, options). Operands are roles in order, one of them starred: `text read*`, `read* write`; a role behind a colon is what
happens without operands (`list*:.`). Options are a specification (`options`) whose roles are the same words:

  read list write create delete mode link   a path is read, looked at, written, made, deleted …; with `tree`: all below it
  media                                      a path, a URL, or a protocol of ffmpeg's own
  names                                      a file is read, and all that its lines name
  page                                       the name of a manual's page; with a slash in it a file
  text                                       nothing that matters
  run cmd filter code                        the value is shell text, a program's name, the name of one that is given files, or code
                                             that cannot be analysed
  name                                       one of the program's own names; a file in its place is code
  get head post put connect                  the value names a host
  +write +delete +tree +net +exec +opaque    (flags) what the operands suffer besides; or the network, a process, the unknown
  +hide                                      (flags) nothing happens: a dry run, a help text
"""

from __future__ import annotations

import re

from guard.analyse.shell.call import Call
from guard.analyse.shell.marks import HOLE, SEVERAL, STAR, UNKNOWN, listed, plain
from guard.analyse.shell.options import Parsed, parse, spec
from guard.model import Kind

Row = tuple[str, str]

_PATHS = {
    "write": (Kind.FS_WRITE, "writes"),
    "create": (Kind.FS_CREATE, "makes"),
    "mode": (Kind.FS_MODE, "changes the rights of"),
    "link": (Kind.FS_SYMLINK, "makes the link"),
}
_VITAL = re.compile(
    r"(?:/|/(?:etc|usr|bin|sbin|lib\w*|boot|var|root|home|opt|dev|proc|sys|System|Library|Users|private)|~\w*|/home/[^/]+|/Users/[^/]+)/?\*?|/\*"
)
"""Folders of the machine, or a home: whose rights are changed with all below them, that is as good as gone."""
_REMOTE = re.compile(r"(?!file:)[a-z][a-z0-9+.-]*://")
"""Programs that read a URL fetch it."""
_LOCAL = re.compile(r"file:/{1,3}(?:localhost/)?")
_RESPONDING = frozenset(listed("readelf nm objdump strings size addr2line c++filt ranlib strip ar javap clang-format"))
"""Programs to which `@file` is a file of further options."""
_URLS = {"get": Kind.HTTP_GET, "head": Kind.HTTP_HEAD, "post": Kind.HTTP_POST, "put": Kind.HTTP_PUT}


def act(call: Call, role: str, word: str, *, tree: bool = False) -> None:
    """One operand or value in its role."""
    tree = tree or role.endswith("tree")
    role = ("read" if "/" in plain(word) or UNKNOWN.search(word) else "text") if role == "page" else role
    match role.removesuffix("tree"):
        case "read" if _REMOTE.match(plain(word)):
            call.url(word, Kind.HTTP_GET)
        case "read":
            call.sh.read(word, tree=tree)
            if match := _LOCAL.match(plain(word)):
                call.sh.read("/" + word[match.end() :], tree=tree)
        case "media" if re.match(r"(?!https?:|ftp:)[a-z0-9]+[:,]|.*\ba?movie\s*=", plain(word), re.DOTALL):
            call.sh.opaque(f"{call.name} reaches what it reads in a way of its own: {plain(word)[:60]!r}")
        case "media":
            act(call, "read", word)
        case "names":
            call.listed(word)
        case "list":
            call.sh.look(word, tree=tree)
        case "delete":
            call.sh.delete(word, tree=tree)
        case "write" | "create" | "mode" | "link" as name:
            _change(call, name, word, tree=tree)
        case "run":
            with call.feeding():
                call.shell(word)
        case "cmd" | "filter" as name:
            with call.feeding():
                call.run([word] if name == "cmd" else [word, STAR])
        case "code":
            call.sh.opaque(f"{call.name} runs code that is not analysed")
        case "name" if not re.fullmatch(r"[\w+-]*", plain(word)):
            call.sh.opaque(f"{call.name} is given a file or code where a name stands: {plain(word)[:60]!r}")
        case "connect":
            call.host(word, 443)
        case "get" | "head" | "post" | "put" as name:
            call.url(word, _URLS[name])
        case "open":
            if not call.sh.secret(word):
                call.sh.look(word)
            else:
                call.sh.read(word)


def _change(call: Call, name: str, word: str, *, tree: bool) -> None:
    """A path is written, made, or given other rights."""
    kind, verb = _PATHS[name]
    call.sh.write(f"{word.rstrip('/')}/{STAR}" if tree else word, kind, verb)
    if name == "mode" and tree and _VITAL.fullmatch(plain(word)):
        call.sh.delete(word, "makes unusable what is in", tree=True)


def run(call: Call, row: Row) -> str:
    """Interprets a row for a call; gives its output, which is not known."""
    parsed = parse(call.args, row[1], permute=not row[0].endswith("|"))
    if spec(row[1]).closed:
        call.unknown_options(parsed.unknown)
    flags = {option.role for option, _ in parsed.options}
    if "+hide" in flags:
        return HOLE
    for word in [word for word in parsed.operands if call.name in _RESPONDING and word.startswith("@")]:
        call.sh.read(word[1:])
        call.sh.opaque(f"{call.name} takes options from a file")
    for option, value in parsed.options:
        _option(call, option.role, value)
    _operands(call, row[0].rstrip("|"), parsed, flags)
    return HOLE


def _option(call: Call, role: str, value: str | None) -> None:
    if role == "+net":
        call.remote(Kind.NET_CONNECT)
    elif role == "+exec":
        call.execute()
    elif role == "+opaque":
        call.sh.opaque(f"{call.line}: guard does not know what this does")
    elif role == "names" and value is None:
        call.listed("-")
    elif value is not None and not role.startswith("+"):
        act(call, role, value)


def _operands(call: Call, roles: str, parsed: Parsed, flags: set[str]) -> None:
    tree = "+tree" in flags
    for word, role in [*assigned(roles, parsed.operands), *(_spread(roles, parsed.operands) if call.sh.several else [])]:
        act(call, role, word, tree=tree)
        if "+write" in flags:
            call.sh.write(word)
        if "+delete" in flags:
            call.sh.delete(word, tree=tree)


def _spread(roles: str, words: list[str]) -> list[tuple[str, str]]:
    """The further roles of operands that may be several words (`xxd *`): all that stand behind their own."""
    names = roles.partition(":")[0].split()
    if len(names) < 2 or any(name.endswith("*") for name in names[:-1]):
        return []
    return [(word, name.rstrip("*")) for place, word in enumerate(words) if SEVERAL.search(word) for name in names[place + 1 :]]


def assigned(roles: str, words: list[str]) -> list[tuple[str, str]]:
    """Which operand has which role."""
    roles, _, default = roles.partition(":")
    if not words and default:
        words = [default]
    names = roles.split()
    star = next((i for i, name in enumerate(names) if name.endswith("*")), None)
    if star is None:
        return list(zip(words, names, strict=False))
    tail = names[star + 1 :]
    head, middle, end = words[:star], words[star : max(star, len(words) - len(tail))], words[max(star, len(words) - len(tail)) :]
    return [
        *zip(head, names, strict=False),
        *((word, names[star][:-1]) for word in middle),
        *zip(end, tail[len(tail) - len(end) :], strict=True),
    ]
