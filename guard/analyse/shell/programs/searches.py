"""The grep family; and searches of any program that are made for files that hold secrets: who asks for `*.pem` by name reads secrets, who
searches a folder does not."""

from __future__ import annotations

import posixpath
import re

from guard.analyse.shell.call import Call
from guard.analyse.shell.marks import (
    HOLE,
    NUMBER,
    SEVERAL,
    STAR,
    UNKNOWN,
    globbed,
    known,
    listed,
    plain,
    split_words,
)
from guard.analyse.shell.options import Parsed, parse
from guard.analyse.shell.programs import coreutils, rows
from guard.analyse.shell.programs.texts import filtered
from guard.analyse.shell.state import Shell

_ALTERNATIVES = re.compile(r"\\?[()|]|\(\?[:i]+")
_REPEATED = re.compile(r"(?:\\[wdsSWDbB]|\[[^]]*\]|\.)(?:\\?[*+?]|\\?\{[\d,]*\\?\})*|[*+?^$\\]")
_BRACES = str.maketrans({"{": "\x0e", ",": "\x0f", "}": "\x10"})


def by_glob(sh: Shell, *texts: str) -> str | None:
    """A pattern as a program takes it (rg -g, grep --include, find -name): the word that it is, if it is made for files that hold secrets;
    one that excludes is not."""
    for text in texts:
        for part in [] if text.startswith("!") else split_words(plain(text).translate(_BRACES)):
            word = globbed(part)
            for name in (word, word.replace(f"{STAR}/", "")):
                if re.search(r"\w\w", plain(name)) and sh.secret(f"./{name}"):
                    return name
    return None


def by_expression(sh: Shell, *texts: str) -> str | None:
    """A regular expression for names: the name of a secret that one of its alternatives says, with nothing before it or an ending."""
    for text in texts:
        for part in _ALTERNATIVES.split(plain(text)):
            letters = _REPEATED.sub("", re.sub(r"\\([^\w])", lambda match: f"\x15{ord(match[1])};", part))
            name = re.sub(r"\x15(\d+);", lambda match: chr(int(match[1])), letters)
            for each in (name, f".{name}", f"x.{name}"):
                if re.search(r"\w\w", name) and sh.secret(f"./{each.lstrip('/')}"):
                    return STAR + each.removeprefix("x") + (STAR if each.endswith("/") else "")
    return None


def greplike(call: Call) -> str:
    """grep, rg, ag …: a pattern, then files; without files the folder, if it searches folders."""
    row = coreutils.ROWS.get(call.name, coreutils.ROWS["grep"])
    parsed = parse(call.args, row[1])
    given = parsed.has("e", "regexp", "f", "file", "files", "type-list") or (call.name == "ag" and parsed.has("g"))
    rows.run(call, ("read*" if given else "text read*", row[1]))
    words = parsed.operands if given else parsed.operands[1:]
    if call.name.startswith("pcre"):
        _calls_out(call, parsed)
    searches = call.name in ("rg", "ag", "ack", "ugrep") or any(
        re.fullmatch(r"-\w*[rR]\w*|--(dereference-)?recursive", arg) for arg in call.args
    )
    if not words and searches and call.sh.stdin is None:
        call.sh.read(".", tree=True)
        words = ["."]
    _aims(call, parsed, words or ["."])
    tells = searches or len(words) > 1 or not all(_one(call, word) for word in words)  # which file a number is of
    tells = tells or any(re.fullmatch(r"-[a-zA-Z]*H[a-zA-Z]*|--with-filename", arg) for arg in call.args)
    short = "abchHiInoqrRsUvVwxyzZEFGPT" if "grep" in call.name else "abchHiInoqsSuUvVwxzFPN"  # letters that take no value
    if any(re.fullmatch(rf"-[{short}]*c[a-zA-Z]*|--count", arg) for arg in call.args) and not tells:
        return NUMBER
    options = [plain(arg) for arg in call.args if arg.startswith("-")]
    if not tells and any(re.match(rf"-[{short}]*n|--line-number", option) for option in options) and _all(_NUMBERS_LINES, options):
        return f"{NUMBER}:{HOLE}"
    if not words:
        parts = any(re.match(rf"-[{short}]*[oABC]|--only|--(?:after-|before-)?context", option) for option in options)
        return HOLE if parts else _chosen(call, parsed)
    names = any(re.fullmatch(rf"-[{short}]*[lL][a-zA-Z]*|--files(?:-with(?:out)?-match(?:es)?)?", arg) for arg in call.args)
    found = [posixpath.join(word, STAR) if searches else word for word in words]
    if names:
        return "\n".join(found)
    return "\n".join(f"{word}:{HOLE}" for word in found) if searches and _all(_LOCATES, options) else HOLE


def _calls_out(call: Call, parsed: Parsed) -> None:
    """pcregrep, pcre2grep: a callout in a pattern starts a program."""
    if any("(?C" in plain(arg) for arg in call.args) or any(UNKNOWN.search(word) for word in parsed.operands[:1]) or parsed.has("f"):
        call.sh.opaque(f"{call.name} may start a program that a pattern names")


def _chosen(call: Call, parsed: Parsed) -> str:
    """Names of files that a pattern has let through: if it is made for secrets, they are those."""
    text = call.sh.stdin or ""
    patterns = [value for option, value in parsed.options if option.name in ("e", "regexp") and value] or parsed.operands[:1]
    inverted = any(re.fullmatch(r"-[a-zA-Z]*v[a-zA-Z]*|--invert-match", plain(arg)) for arg in call.args)
    if STAR in text and not inverted and not UNKNOWN.search(text):
        name = by_expression(call.sh, *patterns)
        return filtered(call) if name is None else name + "\n"
    return filtered(call)


def _aims(call: Call, parsed: Parsed, roots: list[str]) -> None:
    """Which files a search is made for, by the options that say so; those that hold secrets are read."""
    names = []
    for option, value in parsed.options:
        if value is not None and (option.name in ("include", "g", "glob", "iglob") or (option.name == "type-add" and ":" in value)):
            names.append(by_glob(call.sh, value.partition(":")[2] if option.name == "type-add" else value))
        elif value is not None and option.name == "G" and call.name == "ag":
            names.append(by_expression(call.sh, value))
    for name in filter(None, names):
        for root in roots:
            call.sh.read(posixpath.join(root, name))


def _one(call: Call, word: str) -> bool:
    """Whether a word is one name, known or not, and no option."""
    return known(word) or not (call.sh.several or SEVERAL.search(word.replace(STAR, "")) or UNKNOWN.match(word))


_LOCATES = re.compile(
    r"-[rRnHiIEFPwxvosSuUNe]+|--(?:include|exclude|exclude-dir|glob|type|color)=.*|--(?:line-number|ignore-case|recursive|word-regexp"
    r"|fixed-strings|only-matching|no-heading|with-filename|hidden|extended-regexp|perl-regexp)|-[gt]\S*|--"
)
"""Options with which each line of a search begins with the name of its file."""


_NUMBERS_LINES = re.compile(
    r"-[nEFPwxivosaIe]+|-m\d*|--(?:line-number|ignore-case|word-regexp|fixed-strings|extended-regexp|only-matching|color=.*)|--"
)
"""Options with which each line of a search of one file begins with its number."""


def _all(allowed: re.Pattern[str], options: list[str]) -> bool:
    return all(allowed.fullmatch(option) for option in options)


RUNNERS = dict.fromkeys(
    listed(
        "grep egrep fgrep rg ag ack ugrep zgrep zegrep zfgrep xzgrep xzegrep xzfgrep lzgrep bzgrep bzegrep bzfgrep zstdgrep "
        "pcregrep pcre2grep"
    ),
    greplike,
)
