"""perl one-liners that are understood: programs that print, match and split what they read, made of nothing but known words.

What is understood is a closed list: a name, variable, operator or quoting that is not on it makes the whole program one that guard does
not analyse. Perl runs code from many places that do not look like it, so each rule here names what would else be a way out:

  * variables in texts and patterns: an index (`"$x[code]"`), `${…}` and `@{…}` hold code; in patterns `(?{…})` does;
  * `<…>` reads files and runs commands by name, and so does -n with what its file arguments say (`rm x|`, `>x`);
  * `@ARGV` and `%ENV` change what is read and run; names of handles, methods, globs (`*x`) and `&calls` reach everything else.

Sources: perldoc perlop ("Quote and Quote-like Operators", "I/O Operators"), perlrun, perlfunc ("open": two arguments).
"""

from __future__ import annotations

import re

from guard.analyse.shell.call import Call
from guard.analyse.shell.marks import SPLIT, TAINT, UNKNOWN, WILD, known, listed, plain

_WORDS = frozenset(
    listed(
        "print printf say if unless else elsif and or not xor eq ne lt gt le ge cmp x my our local for foreach while until next last "
        "length lc uc "
        "lcfirst ucfirst split join substr index rindex scalar sprintf reverse sort keys values each push pop shift unshift splice "
        "defined undef abs int sqrt sin cos exp log hex oct ord chr chomp chop grep map exists delete eof BEGIN END STDERR STDOUT "
        "quotemeta pos rand die warn exit close time localtime gmtime"
    )
)
_LIST_UTIL = frozenset(listed("sum sum0 max min maxstr minstr first any all none uniq uniqnum shuffle reduce pairs product"))
_JOINS = frozenset(listed("if unless and or xor while until for foreach x eq ne lt gt le ge cmp"))
"""Words that may stand where an operator is expected."""
_LISTS = frozenset(
    listed("not print say printf split grep map join push unshift return scalar keys values each elsif my our local exists delete")
)
"""Words behind which a term begins, whatever it begins with."""
_ARRAYS = re.compile(r"\s*\(?\s*(?:my\s*)?[@%]")
"""What has to follow on a function of arrays: of another scalar it would take the variable that its text names."""
_BLOCKS = frozenset(listed("else BEGIN END map grep sort first any all none reduce"))
_NAME = r"(?:[a-z_]\w*|[A-Z](?!\w)|ARGV(?![\w\[{])|\d+)"
_SCALAR = re.compile(rf"\$(?:{_NAME}|#(?:[a-z_]\w*|[A-Z](?!\w))|[.,/\\;&!])")
_WHOLE = re.compile(r"[@%](?:[a-z_]\w*|[A-Z])(?!\w)")
_INTERPOLATED = re.compile(
    r"(?:[^$@\\]|\\.|\$(?:(?:[a-z_]\w*|[A-Z]|ARGV|\d+)(?!\w)|[.&])(?:\[-?\d+\]|\[\$[a-z_]\w*\]|\{\w+\}|\{\$[a-z_]\w*\})?(?![\[{']|->|::)"
    r"|@(?:[a-z_]\w*|[A-Z])(?![\w\[{':]))*",
    re.DOTALL,
)
"""Text whose variables stand alone or with an index that is a number, a word or a variable."""
_PATTERN = re.compile(r"(?:[^$@\\]|\\.|\$(?=[)|]|\Z)|\$[a-z_]\w*(?![\w\[{'>:-]))*", re.DOTALL)
_CODE = re.compile(r"\(\s*\?\s*\??\s*[{p]|\(\s*\*")
"""Code in a pattern."""
_TOKENS = re.compile(
    r"(?P<space>\s+|#[^\n]*)|(?P<number>0x[\da-fA-F]+|\d+(?:\.\d+)?(?:e-?\d+)?)|(?P<word>[A-Za-z_]\w*)|(?P<text>\"|')"
    r"|(?P<operator>\*\*=?|\+\+|--|=~|!~|==|!=|<=>|<=|>=|&&=?|\|\|=?|//=?|\.\.\.?|=>|[-+*%.|]=|[-+*.=<>!?:,;%/~]|[(){}\[\]])"
)
_NO_ARGUMENT = re.compile(r"\s*(?:[;)}\],.?=!>:|+*-]|<|&&|\Z|(?:if|unless|for|foreach|while|and|or|x|eq|ne|lt|gt|le|ge)\b)")
"""What follows on a function that is given nothing."""
_ENDS = {"(": ")", "[": "]", "{": "}"}
_FLAGS = re.compile(r"[gimsxnorcpdau]*(?!\w)")
_SEPARATOR = re.compile(r"[\w,:;| \t=-]|\\[nt|s,:;]|\\s[+*]|/[^/'\"@$(){}]+/")
_SWITCHES = re.compile(
    r"-(?P<flags>(?:[anpw]|l[0-7]{0,3}|0(?:[0-7]{1,3}|x[\da-fA-F]+)?)*)(?:(?P<code>[eE])(?P<text>.*)|F(?P<split>.+)|M(?P<module>.+))?",
    re.DOTALL,
)


def simple(call: Call) -> bool:
    """Reports what a one-liner that is understood reads; false, with nothing reported, if it is not."""
    code: str | None = None
    words, queue, loops = _WORDS, list(call.args), False
    while queue and queue[0].startswith("-") and code is None:
        arg = queue.pop(0)
        match = _SWITCHES.fullmatch(plain(arg)) if known(arg) else None
        if match is None:
            return False
        loops = loops or match["split"] is not None or re.search("[anp]", match["flags"]) is not None
        if match["text"]:
            code = match["text"]
        elif match["code"] and queue and not UNKNOWN.search(queue[0]):
            code = plain(queue.pop(0))
        elif match["code"] or (match["split"] and not _SEPARATOR.fullmatch(match["split"])):
            return False
        elif match["module"]:
            name, _, imported = match["module"].partition("=")
            if name != "List::Util" or not _LIST_UTIL.issuperset(imported.split(",")):
                return False
            words = _WORDS | _LIST_UTIL
    if code is None or not _understood(code, words) or any(arg.startswith("-") for arg in queue):
        return False
    if loops and not all(_opens_plainly(word) for word in queue):
        return False
    for word in queue if loops else []:
        call.sh.read(word)
    return True


def _opens_plainly(word: str) -> bool:
    """Whether an argument of -n names a file and cannot be one that perl runs or writes: its ends are known, and are those of a name."""
    ends = WILD.split(word)
    return not re.search(f"[{SPLIT}{TAINT}]", word) and bool(re.match(r"[\w./\x05]", ends[0])) and bool(re.search(r"[\w.]\Z", ends[-1]))


def _understood(code: str, words: frozenset[str]) -> bool:
    """Whether a program consists of nothing but what is listed above."""
    if _CODE.search(code):
        return False
    reader = _Reader(code, words)
    while reader.at < len(code):
        if not reader.token():
            return False
    return not reader.open


class _Reader:
    """Reads a program token by token."""

    def __init__(self, code: str, words: frozenset[str]) -> None:
        self.code, self.words = code, words
        self.at = 0
        self.term = True
        """A term comes next, and not an operator."""
        self.last = ";"
        """The token before."""
        self.open: list[str] = []
        """What closes the brackets that are open; behind a mark, those of an index."""

    def token(self) -> bool:
        """Takes the next token; false if it is not understood."""
        here = self.code[self.at]
        if here in "$@" or (here == "%" and self.term):
            match = (_SCALAR if here == "$" else _WHOLE).match(self.code, self.at)
            return match is not None and self.term and not (here == "%" and self.last == "}") and self._variable(match)
        if here == "/" and self.term:
            return self.last != "}" and self._quoted("m", self.at, 1)
        match = _TOKENS.match(self.code, self.at)
        if match is None:
            return False
        match match.lastgroup:
            case "space":
                self.at = match.end()
                return not (match.group().endswith("\n") and self.code[self.at : self.at + 1] == "=")
            case "word":
                understood = self._word(match)
            case "text":
                understood = self._quoted("qq" if here == '"' else "q", self.at, 1)
            case "number":
                understood, self.at, self.term = self.term, match.end(), False
            case _:
                understood = self._operator(match)
        self.last = match.group()
        return understood

    def _variable(self, match: re.Match[str]) -> bool:
        """A variable with its index; an index of an index would follow a reference, or a text that names a variable."""
        self.at, self.term, self.last = match.end(), False, "$"
        following = re.compile(r"[\[{]").match(self.code, self.at)
        if following is None:
            return not re.compile(r"\s*(?:->|::|\(|[\[{])").match(self.code, self.at)
        self.at = following.end()
        key = re.compile(r"[ \t]*-?\w+[ \t]*\}").match(self.code, self.at) if following.group() == "{" else None
        if key:
            self.at = key.end()
            return self._ended()
        self.open.append("$" + _ENDS[following.group()])
        self.term = True
        return True

    def _ended(self) -> bool:
        """Behind an index."""
        self.term = False
        return not re.compile(r"\s*(?:->|\(|[\[{])").match(self.code, self.at)

    def _word(self, match: re.Match[str]) -> bool:
        word, end = match.group(), match.end()
        if re.compile(r"\s*=>").match(self.code, end):  # a text
            self.at, self.term = end, False
            return True
        mark = self.code[end : end + 1]
        if word in ("m", "qr", "q", "qq", "qw", "s", "tr", "y") and mark and mark in "/|!,:%~#{([":
            return self._quoted(word, end, 2 if word in ("s", "tr", "y") else 1)
        if word not in self.words or (word == "x" and self.term) or not (self.term or word in _JOINS):
            return False
        if word in ("print", "say", "printf") and re.compile(r"\s*\(?\s*\{").match(self.code, end):
            return False  # a handle that is computed
        if word == "close":  # of the files of -n alone, which starts the count of lines again
            closed = re.compile(r"\s*\(?\s*ARGV\s*\)?(?!\w)").match(self.code, end)
            self.at, self.term = (closed.end(), False) if closed else (end, False)
            return closed is not None
        if word == "eof" and re.compile(r"\s*\(").match(self.code, end):
            return False  # the end of a handle, or of files that it opens
        if word == "sort" and not re.compile(r"\s*\(?\s*(?:\{|keys\b|values\b|map\b|grep\b|@)").match(self.code, end):
            return False  # the name of what compares
        if word in ("keys", "values", "each", "push", "unshift", "splice") and not _ARRAYS.match(self.code, end):
            return False
        if word not in _JOINS | _LISTS and re.compile(r"\s*[/?<%*&]").match(self.code, end):
            return False  # an operator or a term: which, perl decides by rules of its own
        if word in ("STDERR", "STDOUT") and self.last not in ("print", "printf", "say"):
            return False
        self.at = end
        self.term = word in _JOINS | _LISTS or not _NO_ARGUMENT.match(self.code, end)
        return True

    def _operator(self, match: re.Match[str]) -> bool:
        text, before = match.group(), self.term
        self.at, self.term = match.end(), True
        if text in _ENDS:
            return self._opens(text, term=before)
        if text in _ENDS.values():
            closing = self.open.pop() if self.open else ""
            self.term = closing == "}"
            return closing[-1:] == text and (closing[0] != "$" or self._ended())
        if text in ("++", "--"):
            self.term = before
            return True
        if before and text not in ("-", "+", "!", ";", ","):
            return False
        return not (text == "-" and before and re.compile(r"\s*[A-Za-z]").match(self.code, self.at))

    def _opens(self, text: str, *, term: bool) -> bool:
        """A bracket: a block stands where a statement may, an anonymous hash nowhere; a list may have a slice of it taken."""
        self.open.append(_ENDS[text])
        if text == "{":
            return self.last in (";", "{", "}", ")") or self.last in _BLOCKS
        return term or (text == "[" and self.last == ")") or (text == "(" and self.last in self.words)

    def _quoted(self, kind: str, at: int, parts: int) -> bool:
        """A text, pattern or list in quotes, from its first delimiter on."""
        if not self.term:
            return False
        mark = self.code[at]
        end = _ENDS.get(mark, mark)
        body = re.compile(rf"((?:\\.|[^\\{re.escape(end + mark)}])*){re.escape(end)}", re.DOTALL)
        bodies: list[str] = []
        for part in range(parts):
            if part and mark in _ENDS and self.code[at : at + 1] != mark:
                return False
            match = body.match(self.code, at + 1 if not part or mark in _ENDS else at)
            if match is None:
                return False
            bodies.append(match[1])
            at = match.end()
        if kind in ("m", "s", "qr", "tr", "y"):
            flags = _FLAGS.match(self.code, at)
            if flags is None or (kind not in ("tr", "y") and not _PATTERN.fullmatch(bodies[0])):
                return False
            at = flags.end()
        self.at, self.term, self.last = at, False, "$"
        return all(_INTERPOLATED.fullmatch(text) for text in (bodies[1:] if kind == "s" else bodies if kind == "qq" else []))
