"""Archives and compressed files: what is packed, and where it is unpacked."""

from __future__ import annotations

import posixpath
import re

from guard.analyse.shell.call import Call
from guard.analyse.shell.marks import HOLE, SPLIT, STAR, TILDE, UNKNOWN, known, listed, plain
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


_COMPRESSOR = (
    "S,suffix= T,threads= c,stdout,to-stdout k,keep d,decompress,uncompress t,test l,list r,recursive f,force q,quiet,no-warn v,verbose "
    "n,no-name N,name s,small z,compress a,ascii e,extreme h,help H,long-help V,version L,license best fast rsyncable synchronous "
    "repetitive-fast repetitive-best o,output=write F,format= C,check= M,memlimit,memory= memlimit-compress= memlimit-decompress= "
    "block-size= flush-timeout= lzma1? lzma2? x86? arm? delta? robot single-stream no-sparse ignore-check files?exec files0?exec "
    "p,processes= b,blocksize= i,independent m Z,best rm"
)
_ZSTD = (
    "o=write D=read c,stdout k,keep d,decompress,uncompress t,test l,list r f,force q,quiet v,verbose z,compress h,H,help V,version n "
    "T,threads? M,memory? B? b? e? i? S m rm C no-check check ultra long? fast? best adapt? format= single-thread auto-threads= rsyncable "
    "stream-size= size-hint= exclude-compressed content-size no-content-size no-dictID sparse no-sparse progress no-progress pass-through "
    "no-pass-through priority= asyncio no-asyncio zstd= show-default-cparams no-crc favor-decSpeed filelist=exec patch-from=read "
    "trace=write output-dir-flat=writetree output-dir-mirror=writetree train? train-cover? train-fastcover? maxdict= dictID= split="
)
_KEEPING = ("zstd", "unzstd", "lz4", "unlz4")


def compressor(call: Call) -> str:
    """gzip and its kin: the file is replaced unless it is kept or goes to the output."""
    spec = _ZSTD if call.name in _KEEPING else _BROTLI if call.name == "brotli" else _COMPRESSOR
    parsed = parse(call.args, spec)
    call.unknown_options(parsed.unknown)
    if spec is _COMPRESSOR and parsed.has(
        *([] if "xz" in call.name or "lzma" in call.name else "TFCM"), *([] if call.name == "pigz" else "p")
    ):
        call.sh.opaque(f"{call.name} has an option that takes a value in some programs and none in others")
    for option, value in parsed.options:
        if option.role == "exec":
            call.sh.read(value or "-")
            call.sh.opaque(f"{call.name} packs and replaces files that a list names")
        elif option.role and value is not None:
            act(call, option.role.removesuffix("tree"), value, tree=option.role.endswith("tree"))
    words = parsed.operands
    if call.name in ("lz4", "unlz4") and len(words) == 2 and not parsed.has("m"):
        call.sh.write(words.pop())
    quiet = parsed.has("c", "t", "l")
    unpacks = parsed.has("d") or call.name.startswith("un") or call.name == "gunzip"
    for word in words:
        call.sh.read(word, tree=parsed.has("r"))
        if quiet:
            continue
        if not parsed.has("o"):
            call.sh.write(re.sub(r"\.\w+$", "", word) if unpacks else word + _SUFFIXES.get(call.name, ".z") if known(word) else word)
        if parsed.has("rm") or not (parsed.has("k") or call.name in _KEEPING):
            call.sh.delete(word, "replaces")
    return HOLE


_BROTLI = (
    "o,output=write D,dictionary=read c,stdout k,keep d,decompress t,test f,force n,no-copy-stat q,quality= w,lgwin= S,suffix= v "
    "Z,best rm,j h V"
)


_TAR = (
    "f,file= C,directory= T,files-from=read X,exclude-from=read b= H,format= L= N= K= V= g,listed-incremental=write "
    "I,use-compress-program=run "
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
    archives = []
    for archive in [value for option, value in parsed.options if option.name == "f" and value is not None]:
        if re.match(r"[^/]+:", plain(archive)) and not parsed.has("force-local"):
            call.host(plain(archive).split(":", 1)[0].rsplit("@", 1)[-1], 22, taint=True)
        else:
            archives.append(archive)
    _tar_acts(call, parsed, _folders(args, parsed), archives)
    return HOLE


def _folders(args: list[str], parsed: Parsed) -> list[str]:
    """Where tar may be when it comes to a member: each -C starts from the one before, and is for what follows it."""
    places = ["."]
    for option, value in parsed.options:
        if option.name == "C" and value is not None:
            places.append(_inside(places[-1], value))
    before = sum(option.name == "C" for option, _ in parse(args, _TAR, permute=False).options)
    return places[-1:] if before == len(places) - 1 else places


def _inside(folder: str, word: str) -> str:
    """A path from a folder on; one that is absolute, or may be, is itself."""
    return word if folder == "." or word.startswith(("/", TILDE)) or UNKNOWN.match(word) else posixpath.join(folder, word)


def _bundled(args: list[str]) -> list[str]:
    """`tar xfC a b`: the old form, values in order after the letters."""
    letters, rest = args[0], args[1:]
    out: list[str] = []
    for letter in letters:
        out.append("-" + letter)
        if letter in "fCTXbHLNKVgIF" and rest:
            out.append(rest.pop(0))
    return out + rest


def _tar_acts(call: Call, parsed: Parsed, folders: list[str], archives: list[str]) -> None:
    words = parsed.operands + [value for option, value in parsed.options if option.name == "add-file" and value is not None]
    if parsed.has("c", "r", "u", "A") or not parsed.has("x", "t", "d", "delete"):
        for member in [_inside(folder, word) for word in words for folder in folders]:
            call.sh.read(member, tree=True)
            if parsed.has("remove-files"):
                call.sh.delete(member, tree=True)
        for word in words:  # the members of another archive (bsdtar)
            if word.startswith("@"):
                call.sh.read(word[1:])
        if parsed.has("T"):
            call.sh.read(SPLIT)
            if parsed.has("remove-files"):
                call.sh.delete(SPLIT)
    for archive in archives:
        if not parsed.has("x", "t", "d", "delete"):
            call.sh.write(archive)
        else:
            call.sh.read(archive)
            if parsed.has("delete"):
                call.sh.write(archive)
    if parsed.has("x") and not parsed.has("O"):
        for target in [parsed.value("one-top-level") or "."] if folders == ["."] else folders:
            _unpacks(call, target)
            if parsed.has("recursive-unlink"):
                call.sh.delete(target, tree=True)
        if parsed.has("P"):
            call.sh.write(SPLIT)


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


def cpio(call: Call) -> str:
    """cpio: packs the files that its input names, or unpacks an archive, which says where to."""
    parsed = parse(
        call.args,
        "o,create i,extract p,pass-through t,list O=write F,file=write I=read H,format= C,io-size= E,pattern-file=read D,directory= "
        "rsh-command=run R,owner= M,message= A,append B 0,null a c,ascii L,dereference v,verbose V,dot m d u f n r k b s S l "
        "quiet block-size= no-absolute-filenames reproducible only-verify-crc sparse force-local",
    )
    call.unknown_options(parsed.unknown)
    for option, value in parsed.options:
        if option.role and value is not None:
            act(call, "read" if option.name == "F" and not parsed.has("o") else option.role, value)
        if option.name in ("O", "F", "I") and ":" in plain(value or ""):
            call.host(plain(value or "").partition(":")[0].rpartition("@")[2], 22, taint=True)
    if parsed.has("o", "p"):
        call.listed("-")
    if parsed.has("p") or (parsed.has("i") and not parsed.has("t")):
        call.sh.opaque("cpio unpacks to where an archive or its input says")
        for target in parsed.operands[:1] if parsed.has("p") else ["."]:
            _unpacks(call, target)
    return HOLE


def jar(call: Call) -> str:
    """jar: lists an archive; all else of it makes or unpacks one."""
    letters, words = (plain(call.args[0]).lstrip("-"), call.args[1:]) if call.args else ("", [])
    if letters not in ("t", "tf", "tvf", "ft", "vtf"):
        call.execute("jar", f"{call.line}: makes, changes or unpacks an archive")
        call.sh.write(STAR)
    for word in words[:1]:
        call.sh.read(word)
    if any(word.startswith("@") for word in words):
        call.sh.opaque("jar takes its options from a file")
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
    if not re.fullmatch(r"[adelnrtuxbhi]+|rn", plain(command)) or not known(command):
        call.sh.opaque("7z is given a command that guard does not know")
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
    for word in rest:  # lists of files
        if re.match(r"-[iax][rnm\d-]*@", plain(word)) or word.startswith("@"):
            call.sh.read(word.partition("@")[2])
            call.sh.opaque("7z takes the names of files from a list")
    if "-sdel" in rest:
        for word in words[1:]:
            call.sh.delete(word, tree=True)
    return HOLE


RUNNERS = {
    "cpio": cpio,
    "jar": jar,
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
