"""Builtins of the shell that change its state or its later behaviour."""

from __future__ import annotations

import re

from guard.analyse.shell.call import Call
from guard.analyse.shell.environment import hidden_commands
from guard.analyse.shell.marks import ANY, HOLE, NUMBER, SEVERAL, STAR, TAINT, UNKNOWN, listed, plain, shown, unknown_part
from guard.analyse.shell.options import parse
from guard.analyse.shell.state import Shell


def _enter(sh: Shell, folders: tuple[str, ...]) -> None:
    """The shell is in one of these folders if the change succeeded; until that is tested it may also be where it was."""
    sh.entered = folders
    sh.folders = tuple(dict.fromkeys((*folders, *sh.folders))) if folders and len(folders) + len(sh.folders) <= 4 else ()


def cd(call: Call) -> str:
    words = [arg for arg in call.args if arg not in ("-L", "-P", "-e", "-@", "--")]
    if not words:
        words = ["\x05"]
    if words[0] == "-" or call.name == "popd" or UNKNOWN.search(words[0]):
        call.sh.entered = ()
        call.sh.folders = ()
        return ""
    folders = tuple(resource.name for resource, exact in call.sh.paths(words[0]) if exact)
    _enter(call.sh, folders)
    return ""


def keyword(call: Call) -> str:
    """A word of the syntax where the grammar took it for a command (`! ! command`): what follows is the command."""
    return call.run(call.args)


def nothing(_: Call) -> str:
    return ""


def unset(call: Call) -> str:
    for word in call.args:
        call.sh.removed(word)
    return ""


def shift(call: Call) -> str:
    number = plain(call.args[0]) if call.args else "1"
    if call.sh.positional is not None:
        words = call.sh.positional
        count = int(number) if re.fullmatch(r"\d{1,4}", number) else len(words)
        several = next((place for place, word in enumerate(words) if SEVERAL.search(word)), count)
        call.sh.positional = words[min(count, several) :]
    return ""


def set_(call: Call) -> str:
    """`set -- words` gives new arguments; `set -e` and the like matter little; bare `set` shows all variables."""
    if not call.args:
        call.sh.env("")
        return HOLE
    args = list(call.args)
    if any(re.fullmatch(r"-\w*k\w*|keyword", plain(arg)) for arg in args[: args.index("--") if "--" in args else None]):
        call.sh.opaque("set -k: assignments count wherever they stand in a command")
    while args and re.match(r"[-+][a-zA-Z]", args[0]):
        args = args[2:] if re.fullmatch(r"[-+]\w*o", args[0]) else args[1:]
    if args[:1] == ["--"] or args:
        call.sh.positional = tuple(args[1:] if args[:1] == ["--"] else args)
    return ""


def variables(call: Call) -> str:
    """mapfile, readarray, getopts, let, wait -p: variables get values that are not known; callbacks are run."""
    if call.name in ("mapfile", "readarray"):
        parsed = parse(call.args, "d= n= O= s= u= t C=run c=")
        if parsed.value("C") is not None:
            call.shell(parsed.value("C") or "")
            call.sh.opaque(f"{call.name} runs {shown(parsed.value('C') or '')[:60]!r} with what it reads")
        text = call.sh.stdin if not parsed.has("u") else None
        plain_lines = not any(option.name != "t" for option, _ in parsed.options)
        names = text is not None and (STAR in text or plain_lines) and not UNKNOWN.search(text)
        for word in parsed.operands or ["MAPFILE"]:
            call.sh.named(word)
            call.sh.assign(plain(word), tuple((text or "").strip().split("\n")) if names else TAINT if text is None else unknown_part(text))
    elif call.name == "getopts":
        for word in call.args[1:2]:
            call.sh.assign(plain(word), HOLE)
        given = "".join([*call.args[2:], *(call.sh.positional or ())])
        call.sh.assign("OPTARG", TAINT if TAINT in given else HOLE)
    else:
        for arg in call.args:
            match = re.match(r"\s*([A-Za-z_]\w*)", plain(arg))
            # a star that is written there multiplies; out of an expansion comes the name of a file
            call.sh.evaluates(plain(arg), arg if call.sh.computed else arg.replace(STAR, "*").replace(ANY, "["))
            if match:
                call.sh.assign(match[1], HOLE)
            if re.search(r"\$\(|`", plain(arg)):
                call.sh.opaque("arithmetic holds a command")
                call.sh.later += hidden_commands(plain(arg))
    return ""


def hidden(call: Call) -> str:
    """trap, alias, enable, complete …: what runs later, or under another name, is not where it is written."""
    call.sh.opaque(f"{call.line}: changes what runs later or under which name")
    with call.sh.maybe():
        if call.name == "trap":
            words = [arg for arg in call.args if arg not in ("--", "-p", "-l")]
            if words and plain(words[0]) not in ("", "-"):
                call.shell(words[0], shared=True)
        elif call.name == "alias":
            for arg in call.args:
                _, equals, value = arg.partition("=")
                if equals:
                    call.shell(value + ' "$1"', positional=(HOLE,))
    return ""


_COMPGEN = "a b c d e f g j k s u v A= W= P= S= o= F=run C=run V=code G=code X="


def compgen(call: Call) -> str:
    """Lists names; some options run functions or commands, or expand words."""
    parsed = parse(call.args, _COMPGEN)
    expanded = [value for option, value in parsed.options if option.name in ("W", "P", "S", "X") and value is not None]
    plainly = not parsed.unknown and not any(option.role for option, _ in parsed.options)
    if plainly and all(re.fullmatch(r"[\w\s.,:/@%+=*-]*", plain(word)) for word in (*expanded, *parsed.operands)):
        return HOLE
    return hidden(call)


_SHOPT = frozenset(
    listed(
        "nullglob globstar failglob extglob nocaseglob nocasematch inherit_errexit checkwinsize histappend cmdhist autocd cdspell dirspell "
        "checkhash checkjobs histverify histreedit lithist hostcomplete huponexit mailwarn no_empty_cmd_completion progcomp direxpand "
        "force_fignore complete_fullquote gnu_errfmt interactive_comments shift_verbose globasciiranges"
    )
)
"""Options that say what patterns match, or what a shell does that people type at."""


def shopt(call: Call) -> str:
    """Options that change nothing that was not reckoned with; without -s and -u they are shown."""
    words = {plain(arg) for arg in call.args if not arg.startswith("-")}
    shown = all(re.fullmatch(r"-[pq]+|\w+", plain(arg)) for arg in call.args)
    return "" if words <= _SHOPT else HOLE if shown else hidden(call)


def alias(call: Call) -> str:
    return hidden(call) if any("=" in arg for arg in call.args) else ""


def trap(call: Call) -> str:
    words = [plain(arg) for arg in call.args]
    words = words[1:] if words[:1] == ["--"] else words
    if not words or words[0] in ("-p", "-l", "-", "") or len(words) == 1:
        return ""
    if _TELLS.fullmatch(words[0]) and call.sh.functions.keys().isdisjoint(words[0].split()):
        return ""
    return hidden(call)


_TELLS = re.compile(
    r"(?:\s*(?:echo|printf(?!\s+-v)|exit|return|true|:)\b(?:[^;&|<>()`$\\\n]|\$(?:LINENO|BASH_COMMAND|SECONDS|[?!$#0])(?!\w)|>&2|\\n)*(?:;|\n|$))+"
)
"""Text of a handler that does no more than to say something and to end, whenever it runs."""


def hash_(call: Call) -> str:
    if any(re.match(r"-\w*p", plain(arg)) for arg in call.args):
        with call.sh.maybe():
            call.run([*call.args[1:2], HOLE])
        return hidden(call)
    return ""


def jobs(call: Call) -> str:
    """jobs: lists what this text started; `-x` runs a command."""
    if call.args[:1] and re.match(r"-\w*x", plain(call.args[0])):
        return call.run(call.args[1:])
    return HOLE


def wait(call: Call) -> str:
    """wait: `-p name` names a variable."""
    if (name := parse(call.args, "p= f n").value("p")) is not None:
        call.sh.named(name)
        call.sh.assign(plain(name), NUMBER)
    return HOLE


def history(call: Call) -> str:
    parsed = parse(call.args, "c w? a? r? n? d= p s")
    if parsed.has("c", "d"):
        call.sh.delete("\x05/.bash_history", "clears")
    elif parsed.has("w", "a"):
        call.sh.write(parsed.value("w") or parsed.value("a") or "\x05/.bash_history")
    elif parsed.has("r", "n"):
        call.sh.read(parsed.value("r", "n") or "\x05/.bash_history")
    return HOLE


def type_(_: Call) -> str:
    return HOLE


def export(call: Call) -> str:
    """Declarations that come here through `command export` or `builtin declare`."""
    call.sh.opaque(f"{call.line}: declares variables through a wrapper")
    return ""


RUNNERS = {
    **dict.fromkeys(("cd", "pushd", "popd", "chdir"), cd),
    **dict.fromkeys(listed("exit return break continue logout bg fg disown suspend times caller dirs"), nothing),
    **dict.fromkeys(listed("! { } if then elif else fi for while until do done case esac select in function"), keyword),
    "shift": shift,
    "set": set_,
    "mapfile": variables,
    "readarray": variables,
    "getopts": variables,
    "let": variables,
    **dict.fromkeys(listed("enable complete compopt bind fc setopt zmodload autoload unalias"), hidden),
    "alias": alias,
    "compgen": compgen,
    "shopt": shopt,
    "trap": trap,
    "hash": hash_,
    "history": history,
    "jobs": jobs,
    "wait": wait,
    "unset": unset,
    **dict.fromkeys(("type", "which", "ulimit", "umask"), type_),
    **dict.fromkeys(("export", "declare", "typeset", "readonly", "local"), export),
}
