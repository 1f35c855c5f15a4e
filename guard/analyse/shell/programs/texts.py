"""Programs whose output is worth knowing (echo, printf, cat …), jq."""

from __future__ import annotations

import base64
import posixpath
import re

from guard.analyse.shell.call import Call
from guard.analyse.shell.marks import (
    HOLE,
    NUMBER,
    SPLIT,
    STAR,
    TAINT,
    TILDE,
    UNKNOWN,
    WILD,
    counted,
    in_common,
    known,
    located,
    measured,
    number_or_name,
    plain,
    unknown_part,
)
from guard.analyse.shell.options import parse
from guard.analyse.shell.programs import columns, coreutils, rows
from guard.analyse.shell.words import unescaped


def echo(call: Call) -> str:
    args = list(call.args)
    escapes, newline = False, True
    while args and re.fullmatch(r"-[neE]+", args[0]):
        escapes = escapes or "e" in args[0]
        newline = newline and "n" not in args[0]
        args.pop(0)
    _patterns(call, args)
    text = " ".join(args)
    text = text if WILD.search(text) or TILDE in text else plain(text)
    return (unescaped(text, zero=True) if escapes else text) + ("\n" if newline else "")


def _patterns(call: Call, args: list[str]) -> None:
    """What a pattern matches is looked up, and told."""
    for arg in args if call.sh.several else []:  # else what may be several words stands in quotes
        if STAR in arg and "/" in arg and not UNKNOWN.search(arg):
            call.sh.look(arg.rpartition("/")[0] or "/")


def printf(call: Call) -> str:
    args = call.args
    if args[:1] == ["-v"] and len(args) > 2:
        call.sh.named(args[1])
        formatted = printf(Call(name=call.name, args=args[2:], walker=call.walker)) if "[" not in plain(args[1]) else HOLE
        call.sh.assign(plain(args[1]).split("[", 1)[0], formatted)
        return ""
    if args[:1] == ["--"]:
        args = args[1:]
    if not args or UNKNOWN.search(args[0]):
        return HOLE
    _patterns(call, args[1:])
    form, values = unescaped(plain(args[0])), list(args[1:])
    if len(form) > 4096 or "%" in _CONVERSION.sub("", form):
        return HOLE
    out = ""
    for _ in range(len(values) + 1):
        out += _formatted(form, values)
        if not values or not re.search(r"%[^%]", form) or len(out) > 65536:
            break
    return out


def _formatted(form: str, values: list[str]) -> str:
    def one(match: re.Match[str]) -> str:
        if match[2] == "%":
            return "%"
        value = values.pop(0) if values else ""
        if match[1]:
            return _padded(match[1], match[2], plain(value)) if not WILD.search(value) else HOLE
        return (
            unescaped(value, zero=True)
            if match[2] == "b" and not UNKNOWN.search(value)
            else plain(value)
            if not WILD.search(value)
            else value
        )

    return _CONVERSION.sub(one, form)


_CONVERSION = re.compile(r"%([-0]?\d{0,2}(?:\.\d{1,2})?)([sdiubxXcq%])")


def _padded(width: str, kind: str, value: str) -> str:
    """A known value in a field of some width; unknown where the conversion is more than padding."""
    if kind in "di" and re.fullmatch(r"0|[1-9]\d{0,8}", value):
        return f"%{width}d" % int(value)
    return f"%{width}s" % value if kind == "s" and not width.startswith("0") else HOLE


def cat(call: Call) -> str:
    rows.run(call, coreutils.ROWS["cat"])
    words = [arg for arg in call.args if not arg.startswith("-")]
    if words or call.sh.stdin is None:
        return HOLE
    return call.sh.stdin


def pwd(call: Call) -> str:
    return call.sh.folders[0] + "\n" if len(call.sh.folders) == 1 else HOLE


def basename(call: Call) -> str:
    words = [arg for arg in call.args if not arg.startswith("-")]
    return posixpath.basename(words[0].rstrip("/")) if len(words) == 1 and not UNKNOWN.search(words[0]) else HOLE


def dirname(call: Call) -> str:
    words = [arg for arg in call.args if not arg.startswith("-")]
    return (posixpath.dirname(words[0]) or ".") if len(words) == 1 and not UNKNOWN.search(words[0]) else HOLE


def base64_(call: Call) -> str:
    rows.run(call, coreutils.ROWS["base64"])
    parsed = parse(call.args, coreutils.ROWS["base64"][1])
    text = call.sh.input_text
    if parsed.operands or text is None:
        return HOLE
    try:
        if not parsed.has("d", "D", "decode"):
            return base64.b64encode(text.encode()).decode()
        return re.sub(r"[\x00-\x08\x0b-\x1f]", "?", base64.b64decode(text, validate=False).decode())
    except ValueError:  # what is not base64, or not text
        return HOLE


def test(call: Call) -> str:
    """`test -f x`, `[ -f x ]`: looks at the file behind a file operator."""
    for operator, word in zip(call.args, call.args[1:], strict=False):
        if operator == "-v":
            call.sh.named(word)
        if re.fullmatch(r"-[abcdefghkprstuwxLNOSG]", operator) and not (operator in ("-a",) and call.args[0] != operator):
            call.sh.look(word)
    return ""


_COUNTED = re.compile(rf"(?:{NUMBER} [^\n{SPLIT}]+\n?)+")
"""Lines of a number and a name, as wc writes them."""


def first_word(call: Call) -> str:
    """What `cut -d' ' -f1` and `awk '{print $1}'` make of lines that begin with a number."""
    text = call.sh.stdin
    return NUMBER if text is not None and (_COUNTED.fullmatch(text) or measured(text)) else HOLE


def first_field(call: Call) -> str:
    """What `cut -d: -f1` makes of lines that begin with the names of their files, or with their numbers."""
    if call.sh.stdin is None or not located(call.sh.stdin):
        return HOLE
    return "\n".join(line.partition(":")[0] for line in call.sh.stdin.rstrip("\n").split("\n"))


def cut(call: Call) -> str:
    row = coreutils.ROWS["cut"]
    rows.run(call, row)
    parsed = parse(call.args, row[1])
    separator, which, text = parsed.value("d", "delimiter"), parsed.value("f", "fields") or "", call.sh.stdin
    if parsed.operands or text is None:
        return HOLE
    if separator == "/" and re.fullmatch(r"1(?:-\d+)?", which) and in_common([*text.split(), "a"]).startswith("./"):
        return STAR  # the first folders of names that do not lead out
    if measured(text):
        plainly = not parsed.unknown and all(option.name in ("d", "f", "delimiter", "fields") for option, _ in parsed.options)
        return (columns.cut(text, plain(separator or "\t"), plain(which)) if plainly else "") or HOLE
    if (separator, which) == (" ", "1"):
        return first_word(call)
    return first_field(call) if (separator, which) == (":", "1") else HOLE


def tr(call: Call) -> str:
    """tr: other letters, but for the borders of names."""
    rows.run(call, coreutils.ROWS["tr"])
    return columns.nul(call) or HOLE


def file(call: Call) -> str:
    """file: a line for each of its operands, which begins with its name."""
    row = coreutils.ROWS["file"]
    rows.run(call, row)
    words = parse(call.args, row[1]).operands
    plainly = all(re.fullmatch(r"-[iLhkzsp]+|--mime(?:-type|-encoding)?", plain(arg)) for arg in call.args if arg.startswith("-"))
    text = "\n".join(f"{word}:{HOLE}" for word in words)
    return text if plainly and located(text) else HOLE


def silent(call: Call) -> str:
    """true, false, `:`: nothing is written, whatever stands behind them."""
    rows.run(call, coreutils.ROWS[call.name])
    return ""


def counts(call: Call) -> str:
    """wc, du, cksum …: numbers, beside the names of what was counted."""
    row = coreutils.ROWS[call.name]
    rows.run(call, row)
    words = parse(call.args, row[1]).operands
    options = [plain(arg) for arg in call.args if arg.startswith("-")]
    if call.name == "du":
        below = [f"{word.rstrip('/')}/{STAR}" for word in words or ["."]]
        return (columns.lines("\t", below) if all(map(_DU_PLAIN.fullmatch, options)) else "") or HOLE
    if any(STAR in word for word in words) and not any("files" in option for option in options):
        return columns.lines("  ", words) or f"{NUMBER} {HOLE}"
    if call.name == "wc" and not all(known(word) for word in words):
        return f"{NUMBER} {HOLE}"
    return " ".join([NUMBER, *words]) if all(known(word) for word in words) else HOLE


_DU_PLAIN = re.compile(
    r"-[ashkmbcSxLHPl]+|-d\d*|--(?:all|summarize|human-readable|total|apparent-size|bytes|si|max-depth=\d+|exclude=.*|one-file-system)"
)
"""Options of du with which its lines are a number and a name."""


def expr(call: Call) -> str:
    """expr: of numbers it makes a number."""
    numbers = all(re.fullmatch(rf"-?(?:\d|{NUMBER}{SPLIT}?)+", word) for word in call.args[::2])
    return NUMBER if numbers and all(plain(word) in tuple("+-*/%") for word in call.args[1::2]) and call.args else HOLE


def stat(call: Call) -> str:
    """stat: what its format asks for, which is a number but for names and rights."""
    row = coreutils.ROWS["stat"]
    rows.run(call, row)
    parsed = parse(call.args, row[1])
    form = parsed.value("c") or parsed.value("format") or ""
    alone = len(parsed.operands) == len(parsed.options) == 1 and not parsed.unknown
    if alone and STAR in parsed.operands[0] and (text := columns.form("stat", form, parsed.operands[0])):
        return text
    return NUMBER if re.fullmatch(r"(?:%[abBdDgGhiosStTuwWxXyYzZ]|[\s\d])+", form) else HOLE


def filtered(call: Call) -> str:
    """Some lines of the input: names of files stay such names."""
    text = call.sh.stdin
    if counted(text):
        return number_or_name(text or "")
    kept = text is not None and WILD.search(text) and (located(text) or measured(text) or not UNKNOWN.search(text))
    return (text or "") if kept else HOLE


def filter_(call: Call) -> str:
    """head, sort, uniq …: files, or some lines of the input."""
    rows.run(call, coreutils.ROWS[call.name])
    parsed = parse(call.args, coreutils.ROWS[call.name][1])
    parts = call.name in ("head", "tail") and parsed.has("c", "bytes")  # of a name, too
    return filtered(call) if not parsed.operands and not parts else HOLE


def pager(call: Call) -> str:
    """less, more, vimdiff: files; `+command` is run at the start, and some commands start programs."""
    plainly = [arg for arg in call.args if not arg.startswith("+")]
    if any(not re.fullmatch(r"\+(?:\d+|F|G|/.*)", plain(arg)) for arg in call.args if arg.startswith("+")):
        call.sh.opaque(f"{call.line}: runs a command of the pager")
    return rows.run(Call(name=call.name, args=plainly, walker=call.walker), coreutils.ROWS[call.name])


def ls(call: Call) -> str:
    """ls: the names that it prints are those of its operands, or in the folder."""
    rows.run(call, coreutils.ROWS["ls"])
    parsed = parse(call.args, coreutils.ROWS["ls"][1])
    if parsed.has("l", "R") or any(re.fullmatch(r"-\w*[lsi]\w*", arg) for arg in call.args):
        return HOLE
    words = parsed.operands
    if not words:
        return STAR
    return "\n".join(words) if all(STAR in word or (known(word) and "." in plain(word)[1:]) for word in words) else HOLE


def jq(call: Call) -> str:
    row = coreutils.ROWS[call.name]
    args = _without_named(call)
    if call.name == "yq" and args and plain(args[0]) in _YQ_VERBS:
        args = args[1:]
    call = Call(name=call.name, args=args, walker=call.walker)
    parsed = parse(call.args, row[1])
    rows.run(call, ("read*" if parsed.has("f", "from-file") else "text read*", row[1]))
    program = parsed.operands[0] if parsed.operands else ""
    if parsed.has("f", "from-file"):
        call.sh.opaque(f"{call.name} runs a program from a file, which may show the environment or other files")
    if re.search(r"\benv\b|\$ENV|\bstrenv\b|\benvsubst\b", plain(program)):
        call.sh.env("")
    if call.name == "yq" and re.search(r"\bsystem\(", plain(program)):
        call.sh.opaque("yq runs a program")
    if re.search(r"\beval\(|\bload\(|\bload_str\(|\bimport\b|\binclude\b", plain(program)):
        call.sh.opaque(f"{call.name} loads files that its program names")
    return NUMBER if call.name == "jq" and known(program) and _LENGTH.fullmatch(plain(program)) else HOLE


_YQ_VERBS = frozenset({"e", "eval", "ea", "eval-all"})
_LENGTH = re.compile(r"(?:(?!\bdef\b)[^#])*\|\s*length\s*|\s*length\s*")
"""A program of jq whose last word counts."""


def _without_named(call: Call) -> list[str]:
    """The arguments without those that give a name a value: `--arg n text`, `--slurpfile n file`, whose file is read."""
    rest, args = [], list(call.args)
    while args:
        option = plain(args.pop(0))
        if re.fullmatch(r"--(?:arg|argjson|slurpfile|rawfile|argfile)", option) and len(args) > 1:
            if option.endswith("file"):
                call.sh.read(args[1])
            args = args[2:]
        else:
            rest.append(option if option.startswith("--") else call.args[len(call.args) - len(args) - 1])
    return rest


def read_builtin(call: Call) -> str:
    """`read a b`: variables from the input; known input of one line gives known values for one name."""
    parsed = parse(call.args, "a= d= i= n= N= p= t= u= e r s")
    names = [plain(word) for word in parsed.operands] or ["REPLY"]
    if parsed.value("a"):
        names = [plain(parsed.value("a") or "REPLY")]
    text = TAINT if parsed.has("u") or call.sh.stdin is None else call.sh.stdin
    for word in parsed.operands:
        call.sh.named(word)
    part, several = unknown_part(text), len(names) > 1 or UNKNOWN.search(text) is not None
    for place, name in enumerate(names):
        named = several and STAR in text and (place > 0 or len(names) == 1 or not measured(text))  # a part of it may be the name of a file
        call.sh.assign(name, part + STAR if part == HOLE and named else part)
    if UNKNOWN.search(text) or len(names) > 1 or parsed.has("n", "N", "t", "i"):
        return ""
    lines = text.strip().split("\n")
    if parsed.has("a"):
        if len(lines) == 1 and not WILD.search(text) and "\\" not in text and "IFS" not in call.sh.variables and not parsed.has("d"):
            call.sh.variables[names[0]] = tuple(text.split())
    elif len(lines) == 1 or STAR in text:  # one line, or names of files, of which it may be any
        secrets = [line for line in lines if STAR in line and call.sh.secret(line)]
        call.sh.variables[names[0]] = in_common(secrets or lines)
    return ""


def spell(call: Call) -> str:
    """aspell, hunspell: some words and options only list what is wrong; all else goes through a file and changes it."""
    options = [plain(arg) for arg in call.args if arg.startswith("-")]
    words = parse(call.args, "d= l a G L w").operands
    verb = plain(words[0]) if words and call.name == "aspell" else ""
    lists = verb in ("list", "dicts", "pipe", "filter") or (call.name == "hunspell" and {"-l", "-a", "-G", "-L"} & set(options))
    if not all(re.fullmatch(r"-[alGLdw]|--?(?:lang|encoding|mode|size|dont-.*|ignore)=?[\w.-]*", option) for option in options):
        call.execute(call.name, f"{call.line}: has options that guard does not know")
    for word in words[1:] if verb else words:
        call.sh.read(word) if lists else call.sh.write(word, verb="corrects")
    return HOLE


RUNNERS = {
    **dict.fromkeys(("aspell", "hunspell"), spell),
    "echo": echo,
    "printf": printf,
    "cat": cat,
    "pwd": pwd,
    "basename": basename,
    "dirname": dirname,
    "base64": base64_,
    "test": test,
    "[": test,
    "[[": test,
    "jq": jq,
    "yq": jq,
    "tomlq": jq,
    "xq": jq,
    "ls": ls,
    **dict.fromkeys(("true", "false", ":"), silent),
    **dict.fromkeys(("less", "zless", "more", "zmore", "most", "vimdiff"), pager),
    **dict.fromkeys(("head", "tail", "sort", "uniq", "tac", "shuf"), filter_),
    "cut": cut,
    "tr": tr,
    "file": file,
    "read": read_builtin,
    "wc": counts,
    "du": counts,
    "expr": expr,
    "stat": stat,
}
