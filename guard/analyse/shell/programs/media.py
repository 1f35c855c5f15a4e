"""Programs for pictures and their data, whose operands are more than paths: they name formats, programs, and what is to be changed."""

from __future__ import annotations

import re

from guard.analyse.shell.call import Call
from guard.analyse.shell.marks import HOLE, UNKNOWN, listed, plain
from guard.analyse.shell.options import parse
from guard.analyse.shell.programs import rows
from guard.model import Kind

_OPTIONS = re.compile(
    r"-(?:config|@|execute|stay_open|if|api|use|p|printFormat|userParam|geotag|tagsFromFile|srcfile|(?:delete|restore)_original!?|overwrite_original(?:_in_place)?"
    r"|htmlDump\d*|efile\d*!?|diff|fileOrder\d*|password|plot|listItem|stay|(?:filename|directory|testname|hardlink|symlink)=.*)$",
    re.IGNORECASE,
)
"""Options of exiftool that run code, read instructions or take values from other files."""


_OUTPUTS = re.compile(r"-(?:tagsFromFile|(?:w|textOut|tagOut)\d*[!+]*|W[!+]*|o|out)$", re.IGNORECASE)
"""Options of exiftool with which it writes files."""


def exiftool(call: Call) -> str:
    """Reads the files' data; `-TAG=value` and some options change them."""
    words = [arg for arg in call.args if not arg.startswith("-")]
    changes = any(re.match(r"-[\w:*]+[-+<]?[=<]", plain(arg)) or _OUTPUTS.match(plain(arg)) for arg in call.args)
    for arg in call.args:
        if _OPTIONS.match(plain(arg)) or UNKNOWN.match(arg):
            call.sh.opaque(f"exiftool is told more than its tags: {plain(arg)[:60]}")
    for arg in call.args:
        if match := re.match(r"-(?:csv|j|json|geotag)\+?=(.+)|-[^=]*<=(.+)", plain(arg), re.IGNORECASE | re.DOTALL):
            call.sh.read(match[1] or match[2])
    for word in words:
        call.sh.read(word)
        if changes:
            call.sh.write(word, verb="changes")
    return HOLE


def magick(call: Call) -> str:
    """ImageMagick: `identify`, `compare` and `display` read, the others write their last operand; `msl:`, `@list` and the like do more."""
    words = [arg for arg in call.args if not arg.startswith(("-", "+"))]
    for word in words:
        if re.match(r"(?:[A-Za-z][\w-]*:(?!//)|[@|])", plain(word)):
            call.sh.opaque(f"{call.name} is given a format or a list instead of a file: {plain(word)[:60]}")
    if any(plain(arg) in ("-write", "-script", "-process", "-distribute-cache") for arg in call.args):
        call.sh.opaque(f"{call.name} writes or runs what its options name")
    written = words if call.name == "mogrify" else [] if call.name in ("identify", "display") else words[-1:]
    for word in words:
        if word in written:
            call.sh.write(word)
        if word not in written or call.name == "mogrify":
            rows.act(call, "read", word)
    return HOLE


def pdftotext(call: Call) -> str:
    """Reads a PDF; writes the text beside it, or where the second operand says (`-`: its output)."""
    words = parse(call.args, "f= l= r= x= y= W= H= fixed= enc= eol= opw= upw= colspacing=").operands
    for word in words[:1]:
        call.sh.read(word)
        call.sh.write(words[1] if len(words) > 1 else re.sub(r"(?i)\.pdf$", "", word) + ".txt")
    return HOLE


def xmlstarlet(call: Call) -> str:
    """xmlstarlet: some subcommands read, `ed` with -L edits, the others do more than guard knows."""
    words = call.args
    verb = plain(words[0]) if words else ""
    if verb not in listed("sel select val validate el elements fo format pyx c14n canonic ed edit"):
        call.execute()
        return HOLE
    edits = any(re.match(r"-(?:L|-inplace)", plain(arg)) for arg in words)
    if any(plain(arg) == "--net" for arg in words):
        call.remote(Kind.HTTP_GET)
    if any(re.search(r"\bdocument\s*\(", plain(arg)) or UNKNOWN.search(arg) for arg in words if verb in ("sel", "select")):
        call.sh.opaque("xmlstarlet may read what its expressions name")
    for word in [] if call.sh.stdin is not None and not edits else words[1:][-1:]:
        call.sh.read(word)
        if edits:
            call.sh.write(word, verb="edits")
    return HOLE


RUNNERS = {
    "pdftotext": pdftotext,
    **dict.fromkeys(("xmlstarlet", "xml"), xmlstarlet),
    "exiftool": exiftool,
    **dict.fromkeys(listed("identify display convert magick mogrify compare composite montage"), magick),
}
