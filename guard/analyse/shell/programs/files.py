"""Programs that copy, move and delete: where their operands' places or several effects at once need more than a row."""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace

from guard import path_rules
from guard.analyse.shell.call import Call, place_of
from guard.analyse.shell.marks import HOLE, SEVERAL, SPLIT, STAR, known, plain
from guard.analyse.shell.options import Parsed, parse
from guard.analyse.shell.programs import coreutils, rows
from guard.analyse.shell.programs.rows import act
from guard.model import Kind


def into(sources: list[str], target: str) -> list[str]:
    """The paths that appear when sources go to a target: below it if it looks like a folder, else the target itself."""
    if len(sources) == 1 and not target.endswith("/") and plain(target) not in (".", ".."):
        return [target]
    return [posixpath.join(target, source.rstrip("/").rsplit("/", 1)[-1]) for source in sources] if known(target) else [target]


def _copied(call: Call, options: str) -> tuple[Parsed, list[str], list[str]]:
    """(options, sources, what appears) of cp, mv, ln, install."""
    parsed = parse(call.args, "t,target-directory= T,no-target-directory " + options)
    words = parsed.operands
    target = parsed.value("t")
    if target is not None:
        return parsed, words, into(words, target + "/")
    if not words:
        return parsed, [], []
    if any(word.startswith(SPLIT) for word in words):
        return parsed, words, [SPLIT]
    if len(words) == 1 and SEVERAL.search(words[0]):
        return parsed, words, words  # several words, of which the last is the target
    sources = words[:-1]
    return parsed, sources, into(sources, words[-1]) if sources else []


def cp(call: Call) -> str:
    parsed, sources, made = _copied(
        call,
        "S= suffix= a,archive r,recursive R d p l s,symbolic-link u f i n v L P H x backup? sparse= "
        "reflink? preserve? no-preserve= context? remove-destination parents",
    )
    tree = parsed.has("a", "r", "R")
    for source in sources:
        call.sh.read(source, tree=tree)
        if plain(source) == "/dev/null":
            for path in made:
                call.sh.delete(path, "empties")
    for path in made:
        call.sh.write(path, Kind.FS_SYMLINK if parsed.has("s") else Kind.FS_WRITE)
        _renamed(call, sources, path)
    return HOLE


def _renamed(call: Call, sources: list[str], path: str) -> None:
    """A program under another name: who runs that runs the program."""
    if len(sources) == 1 and re.match(r"(?:/usr)?/s?bin/[\w.-]+$", plain(sources[0])):
        call.sh.texts[place_of(path)] = f'{plain(sources[0])} "$@"'


def mv(call: Call) -> str:
    _, sources, made = _copied(call, "S= suffix= f i n u v b Z backup? strip-trailing-slashes exchange")
    for source in sources:
        if call.sh.secret(source):
            call.sh.read(source)
        call.sh.delete(source, "moves away")
    for path in made:
        call.sh.write(path)
    return HOLE


def ln(call: Call) -> str:
    parsed, sources, made = _copied(call, "S= suffix= s,symbolic r,relative f n,no-dereference v i b L P d F")
    for source in sources:
        outside = any(not path_rules.in_workspace(resource.name, call.sh.facts) for resource, _ in call.sh.paths(source))
        if outside or call.sh.secret(source) or not parsed.has("s"):
            call.sh.read(source)  # whoever reads the link later reads it
    for path in made or [source.rsplit("/", 1)[-1] for source in sources]:
        if "/dev/null" in map(plain, sources):
            call.sh.delete(path, "puts nothing in the place of")
        call.sh.write(path, Kind.FS_SYMLINK if parsed.has("s") else Kind.FS_CREATE, "links")
    return HOLE


def rm(call: Call) -> str:
    parsed = parse(call.args, "r,recursive R f,force i I d,dir v interactive? one-file-system no-preserve-root preserve-root? empty e")
    if call.name == "trash" and parsed.has("empty", "e"):
        call.sh.delete("\x05/.Trash", "empties", tree=True)
    for word in parsed.operands:
        call.sh.delete(word, tree=parsed.has("r", "R"))
    return HOLE


def tee(call: Call) -> str:
    parsed = parse(call.args, "a,append i,ignore-interrupts p output-error?")
    for word in parsed.operands:
        call.sh.write(word)
        if call.sh.stdin is not None:
            call.sh.texts[place_of(word)] = call.sh.stdin
    return call.sh.stdin if call.sh.stdin is not None else HOLE


def dd(call: Call) -> str:
    given = dict(arg.partition("=")[::2] for arg in call.args)
    if "if" in given:
        call.sh.read(given["if"])
    if "of" in given:
        call.sh.write(given["of"])
        outside = any(not path_rules.in_workspace(resource.name, call.sh.facts) for resource, _ in call.sh.paths(given["of"]))
        fresh = re.match(r"(?:/var)?/tmp/|/dev/shm/", plain(given["of"]))  # where files are made rather than kept
        if outside and not fresh and re.fullmatch(r"/dev/(?:null|zero|u?random)", plain(given.get("if", ""))):
            call.sh.delete(given["of"], "overwrites with nothing, or with noise,")
    return HOLE


_RSYNC = (
    "e,rsh=run rsync-path=run f,filter= exclude= include= exclude-from=read include-from=read files-from=read T,temp-dir= B= "
    "M,remote-option=code "
    "backup-dir=write suffix= log-file=write password-file=read port= bwlimit= timeout= max-size= min-size= partial-dir= chmod= chown= "
    "compare-dest= copy-dest= link-dest= out-format= info= debug= daemon config=read address= modify-window= write-batch=write "
    "only-write-batch=write read-batch=read early-input=read n,dry-run delete del delete-before delete-during delete-delay delete-after "
    "delete-excluded delete-missing-args remove-source-files force"
)


def rsync(call: Call) -> str:
    parsed = parse(call.args, _RSYNC)
    for option, value in parsed.options:
        if value is not None and option.role:
            act(call, option.role, value)
    if parsed.has("daemon"):
        call.sh.opaque("rsync serves folders that its settings name")
        call.remote(Kind.NET_CONNECT, taint=True)
    port = _port(parsed.value("e"), r"ssh(?:\s+-[\w]+)*?\s+-p\s*(\d{1,5})(?:\s.*)?")
    if not parsed.operands or parsed.has("n"):
        for word in parsed.operands:
            if not _remote(call, word, port=port):
                call.sh.look(word, tree=True)
        return HOLE
    *sources, target = _from_to(parsed.operands)
    secrets = any(call.sh.secret(source) for source in sources)
    for source in sources:
        if not _remote(call, source, port=port):
            call.sh.read(source, tree=True)
        if parsed.has("remove-source-files"):
            call.sh.delete(source, "moves away", tree=True)
    far = _remote(call, target, taint=secrets or bool(sources), port=port)
    if not far and target:
        call.sh.write(target + "/\x03" if known(target) else target)
    deletes = any(option.name.startswith("del") for option, _ in parsed.options)
    if target and deletes and not _remote(call, target, Kind.HTTP_DELETE, port=port):
        call.sh.delete(target, "deletes there what the source has not", tree=True)
    return HOLE


def _from_to(words: list[str]) -> list[str]:
    """Sources and, last, the target ("": none); one word that may be several is both."""
    return words if len(words) > 1 else [*words, words[0] if words and SEVERAL.search(words[0]) else ""]


def _port(text: str | None, pattern: str = r"(\d{1,5})") -> int:
    """The port that an option names, or that of ssh."""
    match = re.fullmatch(pattern, plain(text or ""))
    return int(match[1]) if match else 22


def _remote(call: Call, word: str, kind: Kind = Kind.NET_CONNECT, *, taint: bool = False, port: int = 22) -> bool:
    """Whether a word is `host:path` or a URL; then it is connected to."""
    text = plain(word)
    match = re.match(r"(?:\w+://)?(?:[^/@:]*@)?(\[[^]]+\]|[^/:\x00-\x04]+):{1,2}|\w+://(?:[^/@]*@)?([^/:]+)", text)
    if match is None:
        return False
    call.host(match[1] or match[2], port, kind, taint=taint)
    return True


def scp(call: Call) -> str:
    parsed = parse(call.args, "o= i=read F=read J= P= c= l= D=code S=run X= r p q v C B A T O 3 4 6 R")
    call.unknown_options(parsed.unknown)
    for option, value in parsed.options:
        if option.name == "o" and value is not None:
            ssh_option(call, value)
        elif value is not None and option.role:
            act(call, option.role, value)
    *sources, target = _from_to(parsed.operands)
    port = _port(parsed.value("P"))
    for source in sources:
        if not _remote(call, source, port=port):
            call.sh.read(source, tree=parsed.has("r"))
    if target and not _remote(call, target, taint=True, port=port):
        call.sh.write(target)
    return HOLE


def ssh_option(call: Call, text: str) -> None:
    """`-o Name=value`: some options run commands."""
    match = re.match(r"\s*(\w+)[\s=]+(.*)", plain(text), re.DOTALL)
    if match and match[1].lower() in ("proxycommand", "localcommand", "knownhostscommand", "remotecommand"):
        call.shell(match[2])
    elif match and match[1].lower() in ("identityfile", "include", "permitlocalcommand", "pkcs11provider", "securitykeyprovider"):
        call.sh.opaque(f"{call.name} is told {plain(text)[:60]!r}")


def truncate(call: Call) -> str:
    """truncate: a file gets a size; what is behind the new end is gone."""
    parsed = parse(call.args, "s,size= r,reference=read c,no-create o,io-blocks")
    if parsed.value("r") is not None:
        call.sh.read(parsed.value("r") or "")
    for word in parsed.operands:
        call.sh.write(word)
        if not re.match(r"[+>%]", plain(parsed.value("s") or "")):
            call.sh.delete(word, "cuts off what is behind the new end of")
    return HOLE


def split(call: Call) -> str:
    """split, csplit: pieces in the folder, unless a prefix says where."""
    row = coreutils.ROWS[call.name]
    rows.run(call, row)
    parsed = parse(call.args, row[1])
    if re.fullmatch(r"(?:[lr]/)?\d+/\d+", plain(parsed.value("n", "number") or "")) and call.name == "split":
        return HOLE  # one piece of them, to its output
    if call.name == "csplit" or (len(parsed.operands) < 2 and not parsed.has("filter")):
        call.sh.write((parsed.value("f") or "x") + STAR)
    return HOLE


_RIGHTS = {
    "chmod": (r"-[rwxXst]+", "reference=read R,recursive+tree c f v changes silent quiet verbose preserve-root no-preserve-root"),
    "chattr": (r"-[aAcCdDeFijmPsStTux]+", "R+tree V f p= v="),
    "chown": (r"(?!)", "from= reference=read R,recursive+tree"),
    "chgrp": (r"(?!)", "reference=read R,recursive+tree"),
    "setcap": (r"-[rvq]+", "n="),
}
"""Program -> what a right that is taken away looks like (an option), and the options."""


def rights(call: Call) -> str:
    """chmod, chown and their kin: whose rights they change stands behind the rights, unless those look like options or come of a file."""
    pattern, options = _RIGHTS[call.name]
    args = [arg for arg in call.args if not re.fullmatch(pattern, plain(arg))]
    all_paths = len(args) < len(call.args) or parse(args, options).has("reference")
    return rows.run(replace(call, args=args), ("mode*" if all_paths else "text mode*", options))


_CTAGS = (
    "f,o=write R,recurse n e x a N t h= languages= exclude= extras= fields= kinds-all= sort= append= list-languages "
    "list-kinds? version help"
)


def ctags(call: Call) -> str:
    """ctags: reads sources; writes their index, `tags` where no option says otherwise."""
    parsed = parse(call.args, _CTAGS)
    if not parsed.has("f", "x", "list-languages", "list-kinds"):
        call.sh.write("TAGS" if parsed.has("e") else "tags")
    return rows.run(call, ("readtree*", _CTAGS))


def patch(call: Call) -> str:
    """patch: edits the files that the patch names."""
    parsed = parse(
        call.args,
        "p,strip= i,input=read o,output=write r,reject-file=write d,directory= b,backup B,prefix= z,suffix= D,ifdef= F,fuzz= V= Y= "
        "R,reverse N,forward f,force E s,quiet,silent u c e n l t v dry-run verbose binary posix merge? no-backup-if-mismatch",
    )
    for option, value in parsed.options:
        if value is not None and option.role:
            rows.act(call, option.role, value)
    for word in parsed.operands[1:]:
        call.sh.read(word)
    if parsed.has("dry-run"):
        return HOLE
    for word in parsed.operands[:1]:
        call.sh.write(word, verb="patches")
    if not parsed.operands and not parsed.has("o"):
        call.sh.write((parsed.value("d") or ".") + "/" + STAR, verb="patches files under")
    return HOLE


RUNNERS = {
    "cp": cp,
    "mv": mv,
    "ln": ln,
    "rm": rm,
    "trash": rm,
    "trash-put": rm,
    "tee": tee,
    "dd": dd,
    "dcfldd": dd,
    "ctags": ctags,
    **dict.fromkeys(_RIGHTS, rights),
    "patch": patch,
    "split": split,
    "csplit": split,
    "rsync": rsync,
    "scp": scp,
    "srm": rm,
    "rimraf": rm,
    "del-cli": rm,
    "link": ln,
    "rename": mv,
    "truncate": truncate,
}
