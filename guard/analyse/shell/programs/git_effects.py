"""What git does to the repository that it is called in, and the remote that a word names."""

from __future__ import annotations

import re

from guard.analyse.shell.call import Call
from guard.analyse.shell.marks import plain
from guard.model import Kind


def reads(call: Call) -> None:
    call.sh.workspace(Kind.FS_READ, "reads the repository")


def repository(call: Call, note: str) -> None:
    call.sh.workspace(Kind.FS_WRITE, note)


def destroys(call: Call, note: str) -> None:
    call.sh.workspace(Kind.FS_DELETE, note)


def remote_of(call: Call, args: list[str], kind: Kind, note: str) -> None:
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
