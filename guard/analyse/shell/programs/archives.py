"""Archives and compressed files: what is packed, and where it is unpacked."""

from __future__ import annotations

import posixpath
import re

from guard.analyse.shell.call import Call
from guard.analyse.shell.marks import HOLE, SPLIT, STAR, known, listed, plain
from guard.analyse.shell.options import Parsed, parse
from guard.analyse.shell.programs import rows
from guard.analyse.shell.programs.rows import act

_SUFFIXES = {
    "gzip": ".gz",
    "pigz": ".gz",
    "bzip2": ".bz2",
    "xz": ".xz",
    "lzma": ".lzma",
    "zstd": ".zst",
    "lz4": ".lz4",
    "brotli": ".br",
    "lzip": ".lz",
    "compress": ".Z",
}


def compressor(call: Call) -> str:
    """gzip and its kin: the file is replaced unless it is kept or goes to the output."""
    parsed = parse(
        call.args,
        "S= suffix= T= c,stdout,to-stdout k,keep d,decompress,uncompress t,test l,list r,recursive f,force q v n N "
        "0 1 2 3 4 5 6 7 8 9 best fast o=write z C= M= D=read threads= format= rm e",
    )
    quiet = parsed.has("c", "t", "l")
    unpacks = parsed.has("d") or call.name.startswith("un") or call.name == "gunzip"
    for word in parsed.operands:
        call.sh.read(word, tree=parsed.has("r"))
        if quiet:
            continue
        call.sh.write(
            parsed.value("o")
            or (re.sub(r"\.\w+$", "", word) if unpacks else word + _SUFFIXES.get(call.name, ".z") if known(word) else word)
        )
        if not parsed.has("k") and call.name not in ("zstd", "unzstd", "lz4", "unlz4"):
            call.sh.delete(word, "replaces")
    return HOLE


_TAR = (
    "f,file= C,directory= T,files-from=read X,exclude-from=read b= H,format= L= N= K= V= g= I,use-compress-program=run "
    "F,info-script=run new-volume-script=run to-command=run rsh-command=run checkpoint-action= checkpoint? exclude= "
    "transform,xform= strip-components= owner= group= mode= mtime= sort= warning= one-top-level? add-file=read c,create "
    "x,extract,get t,list r,append u,update A,catenate d,diff,compare z,gzip j,bzip2 J,xz Z,compress a,auto-compress lzma zstd "
    "v k m p P h,dereference O,to-stdout S W l o s i B U G M R w delete remove-files overwrite recursive-unlink keep-old-files "
    "no-recursion recursion force-local numeric-owner exclude-vcs wildcards no-same-owner same-owner absolute-names verbose "
    "help version totals null show-transformed-names no-wildcards anchored rmt-command=run index-file=write volno-file=write "
    "exclude-vcs-ignores ignore-failed-read preserve-permissions no-same-permissions"
)


def tar(call: Call) -> str:
    args = list(call.args)
    if args and not args[0].startswith("-") and known(args[0]):
        args = _bundled(args)
    parsed = parse(args, _TAR)
    call.unknown_options(parsed.unknown)
    for option, value in parsed.options:
        if value is not None and option.role:
            act(call, option.role, value)
        if value is not None and option.name == "checkpoint-action":
            call.shell(value.removeprefix("exec=")) if value.startswith("exec=") else None
    folder, archive = parsed.value("C"), parsed.value("f")
    if archive is not None and re.match(r"[^/]+:", plain(archive)) and not parsed.has("force-local"):
        call.host(plain(archive).split(":", 1)[0].rsplit("@", 1)[-1], 22, taint=True)
        archive = None
    _tar_acts(call, parsed, folder, archive)
    return HOLE


def _bundled(args: list[str]) -> list[str]:
    """`tar xfC a b`: the old form, values in order after the letters."""
    letters, rest = args[0], args[1:]
    out: list[str] = []
    for letter in letters:
        out.append("-" + letter)
        if letter in "fCTXbHLNKVgIF" and rest:
            out.append(rest.pop(0))
    return out + rest


def _tar_acts(call: Call, parsed: Parsed, folder: str | None, archive: str | None) -> None:
    members = [posixpath.join(folder, word) if folder and known(folder) else word for word in parsed.operands]
    if parsed.has("c", "r", "u", "A") or not parsed.has("x", "t", "d", "delete"):
        for member in members:
            call.sh.read(member, tree=True)
            if parsed.has("remove-files"):
                call.sh.delete(member, tree=True)
        call.sh.write(archive or "-")
    elif archive:
        call.sh.read(archive)
    if parsed.has("delete") and archive:
        call.sh.write(archive)
    if parsed.has("x") and not parsed.has("O"):
        target = folder or parsed.value("one-top-level") or "."
        _unpacks(call, target)
        if parsed.has("P"):
            call.sh.write(SPLIT)
        if parsed.has("recursive-unlink"):
            call.sh.delete(target, tree=True)


def _unpacks(call: Call, target: str) -> None:
    call.sh.write(posixpath.join(target, "\x03") if known(target) else target, verb="unpacks into")


def zip_(call: Call) -> str:
    parsed = parse(call.args, "x= i= b= t= n= P= s= O=write -TT,unzip-command=run T r m,move d,delete u f 0 1 9 q v j y e D X @ g A F FF")
    call.unknown_options([option for option in parsed.unknown if option.startswith("--")])
    for option, value in parsed.options:
        if option.role and value is not None:
            rows.act(call, option.role, value)
    if parsed.operands:
        call.sh.write(parsed.operands[0])
        if parsed.has("d"):
            call.sh.delete(parsed.operands[0], "takes files out of")
    for word in parsed.operands[1:]:
        if not parsed.has("d"):
            call.sh.read(word, tree=parsed.has("r"))
        if parsed.has("m"):
            call.sh.delete(word, "moves away")
    return HOLE


def unzip(call: Call) -> str:
    parsed = parse(call.args, "d= x= P= l t p c o n q j v Z a b C L f u")
    for word in parsed.operands[:1]:
        call.sh.read(word)
    if not parsed.has("l", "t", "p", "c", "v", "Z"):
        _unpacks(call, parsed.value("d") or ".")
    return HOLE


def sevenzip(call: Call) -> str:
    command, *rest = call.args or ["l"]
    words = [word for word in rest if not word.startswith("-")]
    folder = next((word[2:] for word in rest if word.startswith("-o")), ".")
    if command == "d":
        call.sh.delete(words[0] if words else STAR, "takes files out of")
    if words:
        call.sh.write(words[0]) if command in ("a", "u", "d", "rn") else call.sh.read(words[0])
    for word in words[1:]:
        if command in ("a", "u"):
            call.sh.read(word, tree=True)
    if command in ("x", "e"):
        _unpacks(call, folder)
    if "-sdel" in rest:
        for word in words[1:]:
            call.sh.delete(word, tree=True)
    return HOLE


RUNNERS = {
    "tar": tar,
    "gtar": tar,
    "bsdtar": tar,
    "zip": zip_,
    "unzip": unzip,
    "7z": sevenzip,
    "7za": sevenzip,
    "7zz": sevenzip,
    **dict.fromkeys(
        listed("gzip gunzip bzip2 bunzip2 xz unxz lzma unlzma zstd unzstd lz4 unlz4 compress uncompress pigz brotli lzip lzop"), compressor
    ),
}
