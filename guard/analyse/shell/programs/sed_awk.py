"""sed and awk: what their programs read, write and run."""

from __future__ import annotations

import re

from guard.analyse.shell.call import Call
from guard.analyse.shell.marks import (
    HOLE,
    NUMBER,
    UNKNOWN,
    known,
    plain,
    with_numbers,
)
from guard.analyse.shell.options import parse
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
    return NUMBER if parsed.has("n") and [plain(script).strip() for script in scripts] == ["$="] and not parsed.has("f") else HOLE


_SED_ADDRESS = re.compile(
    r"(?:\d+|\$|/(?:\\.|[^/\\])*/[IM]*|\\(.)(?:(?!\1).)*\1[IM]*)(?:~\d+)?(?:,[+~]?(?:\d+|\$|/(?:\\.|[^/\\])*/[IM]*))?\s*!?\s*"
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
    if letter in "aic#" and letter:
        return position + len(line) if not line.endswith("\\") else len(text)
    if letter in "=dDgGhHnNpPxzFl{}":
        return position + 1
    match = re.compile(r"[btTqQlL:v][ \t]*[\w.-]*").match(text, position)
    return match.end() if match else -1


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
    elif not programs:
        programs, words = words[:1], words[1:]
    for name, default in (("o", "awkprof.out"), ("p", "awkprof.out"), ("d", "awkvars.out")):
        if parsed.has(name):
            call.sh.write(parsed.value(name) or default)
    for program in programs:
        _awk_program(call, program)
    for word in words:
        if not re.match(r"[A-Za-z_]\w*=", plain(word)):
            call.sh.read(word)
    texts = [re.sub(r"\s", "", plain(program)) for program in programs]
    if not words and texts == ["{print$1}"] and parsed.value("F") in (":", None):
        return first_field(call) if parsed.has("F") else first_word(call)
    told = parsed.has("f", "i", "l", "E", "v") or any("=" in word for word in words)
    return NUMBER if len(programs) == 1 and known(programs[0]) and not told and _adds(plain(programs[0])) else HOLE


def _adds(program: str) -> bool:
    """Whether all that an awk program prints is numbers of lines, and variables that it only adds to."""
    bare = re.sub(r'"(?:\\.|[^"\\])*"|/(?:\\.|[^/\\\n])+/', '""', program)
    printed = re.findall(r"\bprint\b\s*([^;}\n]*)", bare)
    if not printed or _SETS.search(bare):
        return False
    names = [re.fullmatch(r"(N[RF]|FNR|[a-z]\w*)(?:\s*\+\s*0)?\s*", what) for what in printed]
    return all(name and (name[1].isupper() or re.search(rf"\b{name[1]}\s*(?:\+=|\+\+)", bare)) for name in names)


_SETS = re.compile(r"(?<![=!<>+])=(?!=)|\b(?:func|function|getline|printf|g?sub|gensub|split|for|delete)\b")
"""What gives a variable of awk a value in another way than by adding."""


def _awk_program(call: Call, program: str) -> None:
    """Finds system(), pipes to and from commands, output to and input from files, ENVIRON."""
    program = with_numbers(program)
    known = UNKNOWN.sub("", plain(program))
    if UNKNOWN.search(program):
        call.sh.opaque("awk runs a program that is only known when it runs")
    strings: list[str] = []

    def numbered(match: re.Match[str]) -> str:
        strings.append(unescaped(match.group()[1:-1]))
        return f'"{len(strings) - 1}"'

    bare = re.sub(r'"(?:\\.|[^"\\])*"', numbered, known)
    bare = re.sub(r"(?<=[(,~!&|{;=\s])/(?:\\.|[^/\\\n])+/|\A\s*/(?:\\.|[^/\\\n])+/", " ", bare)

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
    for before, after in re.findall(r"([^|;{}\n]*)(?<!\|)\|&?(?!\|)([^;}\n]*)", bare):
        call.shell(command(before) if "getline" in after else command(after))
    for target in re.findall(r"\bprintf?\b[^;{}\n>]*>>?([^;}\n]+)", bare):
        call.sh.write(text(target))
    for target in re.findall(r"\bgetline\b[^;{}\n<]*<([^;}\n)]+)", bare):
        call.sh.read(text(target))
    if re.search(r"\bENVIRON\b|\bPROCINFO\b", bare):
        call.sh.env("")
    if "/inet" in known:
        call.remote(Kind.NET_CONNECT, "awk connects to a host")
    if re.search(r"\bARGV\b|@include|@load|@\w+\(|/inet/", known):
        call.sh.opaque("awk reads files or calls functions whose names are only known when it runs")


RUNNERS = {
    **dict.fromkeys(("sed", "gsed"), sed),
    **dict.fromkeys(("awk", "gawk", "mawk", "nawk", "original-awk"), awk),
}
