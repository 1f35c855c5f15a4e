"""find and fd: what they look at, what they do with it, and the names that they print."""

from __future__ import annotations

import posixpath
import re

from guard import path_rules
from guard.analyse.shell.call import Call
from guard.analyse.shell.marks import HOLE, SPLIT, STAR, globbed, known, listed, plain
from guard.analyse.shell.options import parse
from guard.analyse.shell.programs import columns, searches
from guard.analyse.shell.programs.rows import act

_FIND_TESTS = frozenset(
    listed(
        "-amin -anewer -atime -cmin -cnewer -ctime -fstype -gid -group -ilname -iname -inum -ipath -iregex -iwholename -links "
        "-lname -mmin -mtime -name -newer -path -perm -regex -regextype -samefile -size -type -uid -used -user -wholename "
        "-xtype -context -maxdepth -mindepth -printf -files0-from -Bmin -Btime -flags"
    )
)
_FIND_PLAIN = frozenset(
    listed(
        "-a -and -o -or -not ! ( ) , -print -print0 -ls -prune -quit -true -false -empty -executable -readable -writable "
        "-nogroup -nouser -daystart -depth -d -follow -mount -xdev -noleaf -warn -nowarn -ignore_readdir_race "
        "-noignore_readdir_race -local -acl -sparse -H -L -P -X -x -s -E -help --help -version --version"
    )
)


def find(call: Call) -> str:
    args = list(call.args)
    roots: list[str] = []
    while args and (not args[0].startswith(("-", "(", "!", ",")) or args[0] in ("-H", "-L", "-P", "--") or _of_bsd(args, roots)):
        word = args.pop(0)
        if not word.startswith("-"):
            roots.append(word)
    roots = roots or ["."]
    found = _found(call, args)
    for root in roots:
        call.sh.look(root, tree=True)
    printed, measures = _prints_names(args), _measures(args)
    while args:
        args = _find_part(call, roots, found, args)
    names = [posixpath.join(root, found) for root in roots]
    if measures:
        return "\n".join(columns.form("find", measures, name) for name in names) + "\n"
    return "\n".join(names) + "\n" if printed else HOLE


def _of_bsd(args: list[str], roots: list[str]) -> bool:
    """Whether options stand before the folders, as BSD has them."""
    return not roots and re.fullmatch(r"-[HLPEXdsx]+", args[0]) is not None and args[1:2] != [] and not args[1].startswith(("-", "(", "!"))


def _prints_names(args: list[str]) -> bool:
    """Whether all that find writes is names below its roots, or of folders that they are in."""
    for place, arg in enumerate(args):
        rest = [plain(word) for word in args[place + 1 : place + 4]]
        if arg == "-printf" and re.fullmatch(r"%[pPhf]\\[n0]", rest[0] if rest else ""):
            continue
        if arg == "-exec" and rest == [rest[0] if rest and rest[0] in ("dirname", "basename") else "dirname", "{}", ";"]:
            continue
        if arg.startswith(("-printf", "-ls", "-exec", "-fprint", "-ok")):
            return False
    return True


def _measures(args: list[str]) -> str:
    """The format with which all that find writes is numbers and the name behind them, line by line; "" if it has none."""
    formats = [args[place + 1] for place, arg in enumerate(args[:-1]) if arg == "-printf"]
    others = any(arg.startswith(("-ls", "-exec", "-fprint", "-ok", "-print0")) or arg == "-print" for arg in args)
    return formats[0] if len(formats) == 1 and not others and known(formats[0]) and columns.form("find", formats[0], STAR) else ""


def _found(call: Call, args: list[str]) -> str:
    """What find prints of each root: anything below it, or what its only test of names lets through, or the secrets that it is for."""
    tests = [i for i, arg in enumerate(args[:-1]) if re.match(r"-(?:i?name|i?path|i?wholename|i?regex)$", plain(arg))]
    for i in tests:
        asked = args[i - 1 : i] not in (["!"], ["-not"]) and args[i + 2 : i + 3] != ["-prune"]
        aimed = searches.by_expression if "regex" in args[i] else searches.by_glob
        if asked and (name := aimed(call.sh, args[i + 1])) is not None:
            return f"{STAR}/{name}/{STAR}" if _folder_of_secrets(call, name) else STAR + name
    names = [args[i + 1] for i in tests if args[i] in ("-name", "-iname")]
    plainly = len(names) == 1 and not any(arg in ("-o", "-or", "!", "-not", ",") for arg in args)
    return STAR + globbed(names[0]) if plainly and known(names[0]) else STAR


def _folder_of_secrets(call: Call, name: str) -> bool:
    """Whether a name is that of a folder (`.ssh`) in which all is secret."""
    facts = call.sh.facts
    return not path_rules.is_secret(f"/{plain(name)}", facts) and path_rules.is_secret(f"/{plain(name)}/x", facts)


def _find_part(call: Call, roots: list[str], name: str, args: list[str]) -> list[str]:
    """One test or action of find, which finds `name` below its roots; gives the arguments after it."""
    word, rest = args[0], args[1:]
    if word in ("-exec", "-execdir", "-ok", "-okdir"):
        end = next((i for i, arg in enumerate(rest) if arg == ";" or (arg == "+" and i and rest[i - 1] == "{}")), len(rest))
        command = rest[:end]
        for root in roots:
            found = posixpath.join(root, name)
            call.run([arg.replace("{}", found) for arg in command], loop=True)
        return rest[end + 1 :]
    if word == "-delete":
        for root in roots:
            call.sh.delete(root, tree=True)
        return rest
    if word in ("-files0-from", "-newer", "-anewer", "-cnewer", "-samefile"):
        if rest:
            call.listed(rest[0]) if word == "-files0-from" else call.sh.look(rest[0])
        return rest[1:]
    if word in ("-fprint", "-fprint0", "-fls", "-fprintf"):
        call.sh.write(rest[0] if rest else "")
        return rest[2 if word == "-fprintf" else 1 :]
    if word in _FIND_TESTS or re.match(r"-(?:newer[aBcm][aBcmt]|Bnewer|mnewer)$", word):
        return rest[1:]
    if word == "-depth" and rest and re.fullmatch(r"[-+]?\d+", plain(rest[0])):  # as BSD has it
        return rest[1:]
    if word not in _FIND_PLAIN and not re.match(r"-(O\d|D)$", word):
        call.unknown_options([word])
    return rest


_FD = (
    "t,type= e,extension= E,exclude= d,max-depth,maxdepth= min-depth= exact-depth= S,size= changed-within,newer= changed-before,older= "
    "o,owner= c,color= j,threads= base-directory=list search-path=list ignore-file=read and= path-separator= max-results= batch-size= "
    "format= strip-cwd-prefix? hyperlink? H,hidden I,no-ignore u,unrestricted s,case-sensitive i,ignore-case g,glob regex F,fixed-strings "
    "a,absolute-path l,list-details L,follow p,full-path 0,print0 prune 1 q,quiet show-errors one-file-system no-ignore-vcs h,help "
    "V,version"
)


def fd(call: Call) -> str:
    """fd, fdfind: a pattern, then folders; -x and -X run a command for what is found."""
    starts = [re.fullmatch(r"(?:--exec(?:-batch)?|-[a-zA-Z0-9]*[xX])(?:=?(.+))?", plain(arg), re.DOTALL) for arg in call.args]
    place, match = next(((place, match) for place, match in enumerate(starts) if match), (len(call.args), None))
    parsed = parse(call.args[:place], _FD)
    for option, value in parsed.options:
        if option.role and value is not None:
            act(call, option.role, value)
    given = [value for option, value in parsed.options if option.name in ("base-directory", "search-path") and value is not None]
    roots = given or parsed.operands[1:] or ["."]
    for root in roots:
        call.sh.look(root, tree=True)
    if any(word.startswith(SPLIT) for word in call.args[:place]):
        call.unknown_options([SPLIT])
    aimed = searches.by_glob if parsed.has("g") else searches.by_expression
    endings = [f"*.{value}" for option, value in parsed.options if option.name == "e" and value is not None]
    found = aimed(call.sh, *parsed.operands[:1]) or searches.by_glob(call.sh, *endings) or STAR
    paths = [posixpath.join(root, found) for root in roots]
    command = ([match[1]] if match and match[1] else []) + call.args[place + 1 :]
    command = command[: command.index(";")] if ";" in command else command
    for path in paths if command else []:
        words = [part if "{" not in part else path for part in command]
        call.run(words if words != command else [*words, path], loop=True)
    return "\n".join(paths)


RUNNERS = {"find": find, "gfind": find, "fd": fd, "fdfind": fd}
