"""sed and awk: what their programs read, write and run."""

from __future__ import annotations

import re
from itertools import pairwise

from guard.analyse.shell.call import Call
from guard.analyse.shell.marks import (
    HOLE,
    NUMBER,
    STAR,
    UNKNOWN,
    known,
    listed,
    plain,
    with_numbers,
)
from guard.analyse.shell.options import parse
from guard.analyse.shell.programs import columns
from guard.analyse.shell.programs.texts import first_field, first_word
from guard.analyse.shell.words import unescaped
from guard.model import Kind

_SED = (
    "e,expression= f,file=code i,in-place? l,line-length= n,quiet,silent s,separate u z E r,regexp-extended null-data "
    "unbuffered posix debug sandbox follow-symlinks help version"
)


def sed(call: Call) -> str:
    parsed = parse(call.args, _SED)
    call.unknown_options(parsed.unknown)
    scripts = [value for option, value in parsed.options if option.name == "e" and value is not None]
    files = parsed.operands
    if not scripts and not parsed.has("f"):
        scripts, files = files[:1], files[1:]
    if parsed.has("f"):
        call.sh.read(parsed.value("f") or "")
        call.sh.opaque("sed runs a script from a file")
    for script in scripts:
        _sed_script(call, script)
    for word in files:
        call.sh.read(word)
        if parsed.has("i"):
            call.sh.write(word, verb="edits")
    if not files and len(scripts) == 1 and (names := _renamed(call, plain(scripts[0]), parsed.has("n", "i", "s", "z"))):
        return names
    return NUMBER if parsed.has("n") and [plain(script).strip() for script in scripts] == ["$="] and not parsed.has("f") else HOLE


_ENDING = re.compile(r"s([/|#,])(?:\\\.|[\w-])+\$\1(\.?[\w-][\w.-]*)?\1")
_HERE = re.compile(r"s([|#,])\^\\?\./\1\1")


def _renamed(call: Call, script: str, otherwise: bool) -> str:
    """Names of files below a folder of which a script changes the ending, or takes `./` away: they are names below that folder still."""
    text = call.sh.stdin or ""
    if otherwise or STAR not in text or UNKNOWN.search(text):
        return ""
    if _HERE.fullmatch(script.strip()):
        return "\n".join(line.removeprefix("./") for line in text.split("\n"))
    lines = text.rstrip("\n").split("\n")
    ending = _ENDING.fullmatch(script.strip())
    if ending is None or not all(STAR in line for line in lines):
        return ""
    return "".join(f"{line[: line.rindex(STAR) + 1]}{ending[2] or ''}\n" for line in lines)


_SED_ADDRESS = re.compile(
    r"(?:\d+|\$|/(?:\\.|[^/\\])*/[IM]*|\\(.)(?:(?!\1).)*\1[IM]*)(?:~\d+)?(?:,\s*[+~]?(?:\d+|\$|/(?:\\.|[^/\\])*/[IM]*))?\s*!?\s*"
)


def _sed_script(call: Call, script: str) -> None:
    """Finds commands that write files (w, W), read them (r, R) or run programs (e, s///e)."""
    script = with_numbers(script)
    text = plain(UNKNOWN.sub("", script))
    if UNKNOWN.search(script):
        call.sh.opaque("sed runs a script that is only known when it runs")
    position = 0
    for _ in range(200):
        match = re.compile(r"[\s;{}]*").match(text, position)
        position = match.end() if match else position
        if position >= len(text):
            return
        address = _SED_ADDRESS.match(text, position)
        position = address.end() if address else position
        step = _sed_command(call, text, position)
        if step < 0:
            call.sh.opaque("sed runs a script that guard does not understand")
            return
        position = step
    call.sh.opaque("sed runs a script that is too long for guard")


def _sed_command(call: Call, text: str, position: int) -> int:
    """Where the command at a position ends; negative if it is not understood."""
    letter = text[position : position + 1]
    if letter in ("s", "y"):
        mark = re.escape(text[position + 1 : position + 2])
        body = rf"(?:\\.|\[\^?\]?[^]]*\]|(?!{mark}).)*?" if letter == "s" and mark not in ("\\]", "\\[") else rf"(?:\\.|(?!{mark}).)*"
        match = re.compile(rf"[sy]{mark}{body}{mark}(?:\\.|(?!{mark}).)*{mark}([gpiImM\de]*)(\s*w[ \t]*([^\n]*))?", re.DOTALL).match(
            text, position
        )
        if match is None:
            return -1
        if "e" in match[1]:
            call.sh.opaque("sed runs its text as commands (s///e)")
            with call.sh.maybe():
                call.shell(re.sub(r"\\\d|(?<!\\)&", HOLE, re.split(rf"(?<!\\){mark}", match.group())[2]))
        if match[3]:
            call.sh.write(match[3])
        return match.end()
    end = re.compile(r"[^\n]*").match(text, position)
    line = end.group() if end else ""
    if letter in "wWrR" and letter:
        (call.sh.write if letter in "wW" else call.sh.read)(line[1:].strip())
        return position + len(line)
    if letter == "e":
        call.shell(line[1:].strip()) if line[1:].strip() else call.sh.opaque("sed runs its text as commands (e)")
        return position + len(line)
    if letter == "#":
        return position + len(line)
    if letter in "aic" and letter:
        given = _SED_TEXT.match(text, position)
        return given.end() if given and not re.fullmatch(r"[aic][ \t]*\\[ \t]+", line) else -1
    if letter in "=dDgGhHnNpPxzFl{}":
        return position + 1
    match = re.compile(r"[btTqQlL:v][ \t]*[\w.-]*").match(text, position)
    return match.end() if match else -1


_SED_TEXT = re.compile(r"(?:\\[^\n]|[^\\\n]|\\\n)*+\\?")
"""The text of a, i and c: to the end of the first line that no backslash continues."""


_AWK = (
    "F,field-separator= v,assign= f,file=code e,source= i,include=code l,load=code E,exec=code o? d? p? W= posix traditional "
    "re-interval sandbox lint? version help b c n N O r s S t"
)


def awk(call: Call) -> str:
    parsed = parse(call.args, _AWK, permute=False)
    call.unknown_options(parsed.unknown)
    words = parsed.operands
    programs = [value for option, value in parsed.options if option.name == "e" and value is not None]
    if parsed.has("f", "i", "l", "E"):
        for name in ("f", "i", "l", "E"):
            call.sh.read(parsed.value(name) or "")
        call.sh.opaque("awk runs a program from a file")
    if not programs and not parsed.has("f", "E"):
        programs, words = words[:1], words[1:]
    for word in words if plain(parsed.value("i") or "") == "inplace" else []:
        call.sh.write(word, verb="edits")
    for name, default in (("o", "awkprof.out"), ("p", "awkprof.out"), ("d", "awkvars.out")):
        if parsed.has(name):
            call.sh.write(parsed.value(name) or default)
    if parsed.has("W"):
        call.sh.opaque("awk has an option of one implementation (-W), which may give it another program")
    for program in programs:
        _awk_program(call, program)
    for word in words:
        if not re.match(r"[A-Za-z_]\w*=", plain(word)):
            call.sh.read(word)
    texts = [re.sub(r"\s", "", plain(program)) for program in programs]
    column = re.fullmatch(r"\{print\$([1-9])\}", texts[0]) if len(texts) == 1 and not words and not parsed.options else None
    if column and (names := columns.word(call.sh.stdin or "", int(column[1]))):
        return names
    if not words and texts == ["{print$1}"] and parsed.value("F") in (":", None):
        return first_field(call) if parsed.has("F") else first_word(call)
    told = parsed.has("f", "i", "l", "E", "v") or any("=" in word for word in words)
    return NUMBER if len(programs) == 1 and known(programs[0]) and not told and _adds(plain(programs[0])) else HOLE


def _adds(program: str) -> bool:
    """Whether all that an awk program prints is numbers of lines, and variables that it only adds to."""
    readings = _readings(program)
    return bool(readings) and all(_prints_sums(bare) for bare, _ in readings)


def _prints_sums(bare: str) -> bool:
    printed = re.findall(r"\bprint\b\s*([^;}\n]*)", bare)
    if not printed or _SETS.search(bare):
        return False
    names = [re.fullmatch(r"(N[RF]|FNR|[a-z]\w*)(?:\s*\+\s*0)?\s*", what) for what in printed]
    return all(name and (name[1].isupper() or re.search(rf"\b{name[1]}\s*(?:\+=|\+\+)", bare)) for name in names)


_SETS = re.compile(r"(?<![=!<>+])=(?!=)|\b(?:func|function|getline|printf|g?sub|gensub|split|for|delete)\b")
"""What gives a variable of awk a value in another way than by adding."""


_AWK_TOKEN = re.compile(
    r"(?P<space>[ \t\r]+|#[^\n]*|\\[ \t]*(?:#[^\n]*)?\r?\n)|(?P<end>\n)|(?P<text>\"(?:\\\r?\n|\\.|[^\"\\\n])*+\")"
    r"|(?P<word>[A-Za-z_]\w*)|(?P<number>\.?\d[\w.]*)|(?P<operator>\+\+|--|&&|\|\||\|&|[][(){};,~!&|<>=+*%^?:$@.-])"
)
_AWK_PATTERN = re.compile(r"/(?:\\.|[^/\\\n])*+/", re.DOTALL)
_AWK_PATTERN_WITH_CLASSES = re.compile(r"/(?:\\.|\[\^?\]?+(?:\[:[a-z]{0,9}:\]|\\.|[^]\\\n])*+\]|[^/\\\n[])*+/", re.DOTALL)
_BEFORE_PATTERN = frozenset(
    {*"\n(,;{}~!&|<>=+*%^?:$@/-[", "&&", "||", "|&", "print", "printf", "return", "case", "in", "else", "do", "exit"}
)
"""Tokens behind which a slash begins a pattern; behind `)` it divides, and behind other words of awk the implementations differ."""
_AWK_HEADS = frozenset(listed("if while for switch"))
_AWK_WORDS = _AWK_HEADS | frozenset(listed("getline length next nextfile function func delete BEGIN END default break continue"))


def _readings(program: str) -> list[tuple[str, list[str]]]:
    """A program as awk reads it: patterns as `0`, no comments, each text as its number in the list of texts, a statement on one line.
    Implementations differ on whether a slash in a class (`[/]`) ends a pattern: both readings where both are possible, none where
    neither is."""
    found = [_reading(program, pattern) for pattern in (_AWK_PATTERN_WITH_CLASSES, _AWK_PATTERN)]
    return [reading for reading in found[: 1 if found[0] == found[1] else 2] if reading is not None]


def _reading(program: str, pattern: re.Pattern[str]) -> tuple[str, list[str]] | None:
    """One reading, from left to right; None if it does not come out."""
    out: list[str] = []
    strings: list[str] = []
    last, position = "\n", 0
    headed: list[bool] = []
    while position < len(program):
        if program[position] == "/":
            if last in _AWK_WORDS:
                return None
            match = pattern.match(program, position) if last in _BEFORE_PATTERN else re.compile("/").match(program, position)
            token = match.group() if match else ""
            out.append(" 0 " if len(token) > 1 else "/")
            last = "0" if len(token) > 1 else "/"
        else:
            match = _AWK_TOKEN.match(program, position)
            token = match.group() if match else ""
            group = match.lastgroup if match else None
            if group == "space" or (group == "end" and last in (",", "&&", "||")):
                out.append(" ")
            elif group == "text":
                strings.append(unescaped(re.sub(r"\\\r?\n", "", token)[1:-1]))
                out.append(f'"{len(strings) - 1}"')
                last = "0"
            else:
                out.append(token)
                if token == "(":
                    headed.append(last in _AWK_HEADS)
                heads = (token == ")" and headed and headed.pop()) or (group == "end" and last in (")", "if"))
                last = "if" if heads else token
        if match is None:
            return None
        position = match.end()
    return "".join(out), strings


def _awk_program(call: Call, program: str) -> None:
    """Finds system(), pipes to and from commands, output to and input from files, ENVIRON."""
    program = with_numbers(program)
    if UNKNOWN.search(program):
        call.sh.opaque("awk runs a program that is only known when it runs")
    known = UNKNOWN.sub("", plain(program))
    if "/inet" in known:
        call.remote(Kind.NET_CONNECT, "awk connects to a host")
        call.sh.opaque("awk opens a connection as if it were a file")
    readings = _readings(known)
    if not readings:
        call.sh.opaque("awk runs a program that guard does not understand")
    for bare, strings in readings:
        _awk_acts(call, bare, strings)


def _awk_acts(call: Call, bare: str, strings: list[str]) -> None:
    given = dict(re.findall(r'\b([A-Za-z_]\w*)\s*=\s*("\d+")\s*[;}\n]', bare))

    def text(operand: str) -> str:
        match = re.fullmatch(r'\s*"(\d+)"\s*', operand)
        return strings[int(match[1])] if match else HOLE

    def command(operand: str) -> str:
        """Shell text; where it is put together, what is known of its parts, which a variable may have lost since."""
        exact = text(operand)
        if exact != HOLE:
            return exact
        operand = re.sub(r"[A-Za-z_]\w*", lambda name: given.get(name.group(), name.group()), operand)
        parts = re.split(r'\s*"(\d+)"\s*', operand)
        return "".join(strings[int(part)] if place % 2 else HOLE * bool(part.strip()) for place, part in enumerate(parts)) + HOLE

    for argument in re.findall(r"\bsystem\s*\(([^)]*)\)?", bare):
        call.shell(command(argument))
    for statement in re.split(r"[;{}\n]", bare):
        stages = re.split(r"(?<!\|)\|&?(?!\|)", statement)
        for before, after in pairwise(stages):
            if re.match(r"\s*getline\b", after):
                call.shell(command(before))
            else:
                with call.feeding():
                    call.shell(command(after))
    for target in re.findall(r"\bprintf?\b[^;{}\n>]*>>?([^;}\n]+)", bare):
        call.sh.write(text(target))
    for target in re.findall(r"\bgetline\b[^;{}\n<]*<([^;}\n)]+)", bare):
        call.sh.read(text(target))
    if re.search(r"\bENVIRON\b", bare):
        call.sh.env("")
    if re.search(r"\b(?:ARGV|SYMTAB|FUNCTAB)\b|@", bare):
        call.sh.opaque("awk reads files or calls functions whose names are only known when it runs")


RUNNERS = {
    **dict.fromkeys(("sed", "gsed"), sed),
    **dict.fromkeys(("awk", "gawk", "mawk", "nawk", "original-awk"), awk),
}
