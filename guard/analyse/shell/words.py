"""Word nodes of the tree -> words (`marks`): quoting, expansions, substitutions. The walk comes back through `substitute`."""

from __future__ import annotations

import re
from collections.abc import Callable
from fnmatch import fnmatchcase

from tree_sitter import Node

from guard.analyse.shell.environment import COMMAND, hidden_commands
from guard.analyse.shell.marks import (
    COMMA,
    DESCRIPTOR,
    EMPTY,
    FIELD,
    HOLE,
    LEFT,
    MAX_WORDS,
    NUMBER,
    RIGHT,
    SEVERAL,
    SPLIT,
    STAR,
    TAINT,
    TILDE,
    UNKNOWN,
    counted,
    fields,
    globbed,
    number_or_name,
    split_words,
)
from guard.analyse.shell.state import Shell, Value

Substitute = Callable[[Shell, Node], str]
"""Runs the commands of a substitution and gives its output as a word."""

_TERM = r"[\s(]*(?:\d+|[A-Za-z_]\w*|\$[A-Za-z_]\w*)[\s)]*"
_SUM = re.compile(rf"\$\(\({_TERM}(?:[-+*/%]{_TERM})*\)\)")
"""Arithmetic that can be nothing else: two words side by side would be a command in a subshell."""
SUBSTITUTIONS = frozenset({"command_substitution", "process_substitution"})
_ESCAPES = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "a": "?",
    "b": "?",
    "e": "?",
    "E": "?",
    "f": "?",
    "v": "?",
    "\\": "\\",
    "'": "'",
    '"': '"',
    "?": "?",
}
_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|U([0-9a-fA-F]{1,8})|([0-7]{1,3})|c.|(.))", re.DOTALL)


def unescaped(text: str, *, zero: bool = False) -> str:
    """Backslash escapes of $'…', printf and `echo -e`; `zero`: octal needs a leading 0 there as well as without."""

    def one(match: re.Match[str]) -> str:
        for group, base in ((1, 16), (2, 16), (3, 16), (4, 8)):
            if match[group]:
                code = int(match[group], base)
                if group == 4:
                    code &= 0xFF
                char = chr(code) if code < 0x110000 else "?"
                return char if char >= " " or char in "\n\t" else "?"
        return _ESCAPES.get(match[5] or "", match.group())

    text = re.sub(r"\\0([0-7]{1,3})", r"\\\1", text) if zero else text
    return _ESCAPE.sub(one, text)


_SPECIAL = re.compile(r"[\\{},*?\[]|^~")
_TEXT = str.maketrans({SPLIT: HOLE, FIELD: " ", LEFT: "{", COMMA: ",", RIGHT: "}", EMPTY: None})
"""Where no words are made of it; wildcards stay live: the value may be used unquoted."""


class Words:
    """Expands the words of one source text for one shell."""

    def __init__(self, sh: Shell, substitute: Substitute) -> None:
        self.sh = sh
        self.substitute = substitute

    def expand(self, node: Node) -> list[str]:
        """One argument node -> the words it becomes."""
        return split_words(self.word(node))

    def text(self, node: Node) -> str:
        """A node where no splitting happens: an assignment's value, a redirection's target, a here-string."""
        out = self.word(node)
        return out.replace(NUMBER + SPLIT, NUMBER).translate(_TEXT)

    def word(self, node: Node) -> str:
        """The marked text of one node."""
        kind = node.type
        raw = self._raw(node)
        if kind in ("word", "number", "extglob_pattern", "variable_name", "test_operator", "regex", "file_descriptor", "heredoc_start"):
            return self._unquoted(raw) if node.named_child_count == 0 else self._joined(node, quoted=False)
        if kind == "string":
            return EMPTY + self._joined(node, quoted=True)
        if kind == "raw_string":
            return EMPTY + raw.strip()[1:-1]
        if kind == "ansi_c_string":
            return EMPTY + unescaped(raw.strip()[2:-1])
        if kind in ("concatenation", "command_name", "translated_string", "array"):
            return self._joined(node, quoted=False)
        return self._expansion(node, kind, raw, quoted=False)

    def _raw(self, node: Node) -> str:
        return self.sh.source.text(node)

    def _unquoted(self, raw: str) -> str:
        """A bare word of the source: backslashes quote, wildcards and braces are live."""
        if not _SPECIAL.search(raw):
            return raw
        out, index = [], 0
        while index < len(raw):
            char = raw[index]
            if char == "\\" and index + 1 < len(raw):
                out.append("" if raw[index + 1] == "\n" else raw[index + 1])
                index += 2
                continue
            out.append({"{": LEFT, ",": COMMA, "}": RIGHT}.get(char) or globbed(char))
            index += 1
        if match := re.match(r"~([+-])(?=/|\Z)", raw):
            return self._value("PWD" if match[1] == "+" else "OLDPWD", quoted=True) + "".join(out[2:])
        return TILDE + "".join(out[1:]) if raw.startswith("~") and not raw.startswith(("~+", "~-")) else "".join(out)

    def _joined(self, node: Node, *, quoted: bool) -> str:
        """The children of a string, concatenation or here-document, and the bytes between them."""
        data = self.sh.source.data
        out: list[str] = []
        end: int | None = None
        for child in node.children:
            if end is not None and quoted:
                out.append(data[end : child.start_byte].decode("utf-8", "replace"))
            end = child.end_byte
            if quoted and child.type in ('"', '$"'):
                out.append(self._raw(child)[:-1] if child != node.children[0] else "")  # blanks before it are in it
                continue
            if quoted and child.type in ("string_content", "heredoc_content"):
                out.append(re.sub(r'\\([$`"\\\n])', lambda m: "" if m[1] == "\n" else m[1], self._raw(child)))
            elif quoted:
                raw = self._raw(child)
                out.append(raw[: len(raw) - len(raw.lstrip())] if child.is_named else "")
                out.append(self._expansion(child, child.type, raw.lstrip(), quoted=True) if child.is_named else raw)
            elif child.is_named:
                out.append(self.word(child))
            else:
                out.append(globbed(self._raw(child)))
        return "".join(out)

    def body(self, node: Node) -> str:
        """The text of a here-document."""
        if not node.children:
            return re.sub(r"\\([$`\\\n])", lambda m: "" if m[1] == "\n" else m[1], self._raw(node))
        first = self.sh.source.data[node.start_byte : node.children[0].start_byte].decode("utf-8", "replace")
        return first + self._joined(node, quoted=True)

    # ------------------------------------------------------------------------------------------------------------ expansions

    def _expansion(self, node: Node, kind: str, raw: str, *, quoted: bool) -> str:
        if kind == "simple_expansion":
            return self._value(raw.strip()[1:], quoted=quoted)
        if kind == "expansion":
            return self._parameter(node, raw.strip(), quoted=quoted)
        if quoted and _SUM.fullmatch(raw):  # in a here-document the grammar takes it for a command
            return self._arithmetic(raw, self.inside(node))
        if kind in SUBSTITUTIONS:
            out = self.substitute(self.sh, node)
            if kind == "process_substitution":
                self.sh.substituted += 1
                path = f"/dev/fd/{63 + self.sh.substituted}{DESCRIPTOR}"
                self.sh.streams[path] = out
                return path
            return self._quoted_or_split(out.rstrip("\n"), quoted=quoted)
        held = self.inside(node)
        if kind == "arithmetic_expansion":
            return self._arithmetic(raw, held)
        if kind == "brace_expression":
            return self._range(raw)
        if kind in ("string", "raw_string", "ansi_c_string", "concatenation", "word", "number"):
            return self.word(node)
        return HOLE if quoted else SPLIT

    def inside(self, node: Node) -> str:
        """Runs the substitutions that lie anywhere inside a node, and reads the variables of its expansions; gives what they are."""
        todo = list(node.children)
        out = ""
        while todo:
            child = todo.pop()
            if child.type in SUBSTITUTIONS:
                out += self.substitute(self.sh, child)
            elif child.type == "simple_expansion":
                out += self._value(self._raw(child).strip()[1:], quoted=True)
            elif child.type == "expansion":
                out += self._parameter(child, self._raw(child).strip(), quoted=True)
            else:
                todo += child.children
        return out

    def _quoted_or_split(self, text: str, *, quoted: bool) -> str:
        if quoted:
            return text.translate(_TEXT)
        return number_or_name(text) + SPLIT if counted(text) else self._fields(text.replace(HOLE, SPLIT))

    def _fields(self, text: str) -> str:
        """The words of an unquoted value; where the text set IFS, how many they are is not counted out."""
        separators = self.sh.variables.get("IFS")
        if separators is None:
            return fields(text)
        return SPLIT if any(char.isspace() or char in separators for char in text) else globbed(text)

    def _value(self, name: str, *, quoted: bool) -> str:
        """`$name`: also the positional and special ones."""
        if name.isdigit():
            return self._positional(int(name), quoted=quoted)
        if name in ("@", "*"):
            if self.sh.positional is None:
                return SPLIT
            return self._fields_of(self.sh.positional, quoted=quoted, join=name == "*" and quoted)
        if name in ("?", "#", "$", "!"):
            return NUMBER
        if name in ("-", "_", "0"):
            return HOLE
        if name == "IFS" and name not in self.sh.variables:
            return " \t\n" if quoted else FIELD
        value = self.sh.variable(name)
        return self._rendered(value[0] if isinstance(value, tuple) and value else value if isinstance(value, str) else "", quoted=quoted)

    def _positional(self, number: int, *, quoted: bool) -> str:
        if number == 0 or self.sh.positional is None:
            return HOLE if quoted else SPLIT
        words = self.sh.positional
        if any(SEVERAL.search(word) for word in words[: number - 1]) or any(SPLIT in word for word in words[number - 1 : number]):
            return HOLE if quoted else SPLIT  # a pattern may stand for many words
        return self._rendered(words[number - 1] if number <= len(words) else "", quoted=quoted)

    def _rendered(self, text: str, *, quoted: bool) -> str:
        if quoted:
            return text.replace(SPLIT, HOLE)
        home = TILDE if text.startswith(TILDE) else ""
        return home + self._fields(text[len(home) :].replace(HOLE, SPLIT))

    def _fields_of(self, words: tuple[str, ...], *, quoted: bool, join: bool = False) -> str:
        if len(words) > MAX_WORDS:
            return SPLIT
        if join and "IFS" in self.sh.variables:
            return HOLE
        border = " " if join else FIELD
        return border.join((EMPTY + word if quoted else self._fields(word)) for word in words)

    _PARAMETER = re.compile(r"(?P<name>[A-Za-z_]\w*|\d+|[@*#?$!_-])(?:\[(?P<index>[^]]*)\])?(?P<rest>.*)", re.DOTALL)

    def _parameter(self, node: Node, raw: str, *, quoted: bool) -> str:
        body = raw[2:-1]
        if body.startswith("#") and len(body) > 1:
            held = self.inside(node)
            if (counted_name := self._PARAMETER.fullmatch(body[1:])) and counted_name["index"] and counted_name["name"] not in self.sh.maps:
                self.sh.evaluates(counted_name["index"], held)
            return NUMBER
        indirect = body.startswith("!") and len(body) > 1
        match = self._PARAMETER.fullmatch(body[1:] if indirect else body)
        if match is None:
            self.inside(node)
            return HOLE if quoted else SPLIT
        name, index, rest = match["name"], match["index"], match["rest"]
        if indirect:
            return self._indirect(name, f"[{index}]{rest}" if index is not None else rest, quoted=quoted)
        if index is not None:
            return self._element(node, name, index, rest, quoted=quoted)
        if not rest:
            return self._value(name, quoted=quoted)
        if rest[0] == "@":
            if rest[1:2] in ("P", "E", "A"):
                self.sh.opaque("a parameter is transformed and expanded again")
            return HOLE if quoted else SPLIT
        operator = re.match(r":?[-=+?]|##?|%%?|//?|\^\^?|,,?|:", rest)
        if operator is None:
            self.inside(node)
            return HOLE if quoted else SPLIT
        return self._operated(node, name, operator.group(), rest[operator.end() :], quoted=quoted)

    def _indirect(self, name: str, rest: str, *, quoted: bool) -> str:
        value = self._positional(int(name), quoted=True) if name.isdigit() else self.sh.variables.get(name)
        held = "" if re.fullmatch(r"[@*]|\[[@*]\].*", rest) else "".join(value or "")
        if TAINT in held or STAR in held or COMMAND.search(held) or (self.sh.smuggles and UNKNOWN.search(held)):
            self.sh.opaque("names a variable by text that may hold a command in an index")
            self.sh.later += hidden_commands(held)
        if not rest and isinstance(value, str) and re.fullmatch(r"[A-Za-z_]\w*", value):
            return self._value(value, quoted=quoted)
        if not re.match(r"[@*\[]", rest) and (not held or UNKNOWN.search(held)):
            self.sh.env("")  # it may be any variable, and so one that holds a secret
        if rest.startswith("[") and name not in self.sh.maps:  # the indices of an array are numbers
            return HOLE if quoted else SPLIT
        return TAINT if quoted else SPLIT  # it may be any variable, and so hold what any file held

    def _element(self, node: Node, name: str, index: str, rest: str, *, quoted: bool) -> str:
        held = self.inside(node)
        if name not in self.sh.maps:
            self.sh.evaluates(index, held)
        if re.match(r":(?![-=+?])", rest):
            self.sh.evaluates(rest[1:], held)
        value = self.sh.variable(name) if name in self.sh.variables else HOLE
        words = value if isinstance(value, tuple) else (value,)
        if index in ("@", "*") and not rest and not any(UNKNOWN.search(word) for word in words):
            return self._fields_of(words, quoted=quoted, join=index == "*" and quoted)
        if (
            index.isdigit()
            and not rest
            and isinstance(value, tuple)
            and int(index) < len(value)
            and not SEVERAL.search("".join(words[: int(index)]))
        ):
            return self._rendered(value[int(index)], quoted=quoted)
        taint = any(TAINT in word for word in words)
        return TAINT if taint else HOLE if quoted and index not in ("@", "*") else SPLIT

    def _operated(self, node: Node, name: str, operator: str, argument: str, *, quoted: bool) -> str:
        value: Value | None
        if name.isdigit():
            value = self._positional(int(name), quoted=True)
        elif name in ("@", "*", "?", "#", "$", "!", "-", "_"):
            self.inside(node)
            return SPLIT
        else:
            value = self.sh.variables.get(name)
            if value is None and operator[-1] not in "-=+?":
                value = self.sh.variable(name)
        text = value[0] if isinstance(value, tuple) and value else value if isinstance(value, str) else None
        if operator[-1] in "-=+?" and operator[0] in ":-=+?":
            return self._default(node, name, operator, text, quoted=quoted)
        held = self.inside(node)
        if operator == ":":
            self.sh.evaluates(argument, held)
        if text is None or UNKNOWN.search(text) or re.search(r"[$`\\]", argument):
            return (TAINT if text and TAINT in text else HOLE) if quoted else SPLIT
        changed = _edited(text, operator, argument)
        return (HOLE if quoted else SPLIT) if changed is None else self._rendered(changed, quoted=quoted)

    def _default(self, node: Node, name: str, operator: str, text: str | None, *, quoted: bool) -> str:
        """`${x:-word}` and its kin: unset variables take the word, known ones their value, unknown ones may be either."""
        words = [child for child in node.named_children if child.type not in ("variable_name", "special_variable_name")]
        alternative = "".join(self.word(child) for child in words) if words else ""
        if operator[-1] == "?":
            return self._value(name, quoted=quoted)
        if quoted:
            alternative = alternative.translate(_TEXT)
        unset = text is None or (text == "" and operator.startswith(":"))
        if text is not None and UNKNOWN.search(text):
            return text if quoted else text.replace(HOLE, SPLIT)
        if operator.endswith("+"):
            return "" if text == "" or (text is None and name in self.sh.unset) else alternative
        if unset and operator.endswith("="):
            self.sh.assign(name, alternative.translate(_TEXT))
        return alternative if unset else self._rendered(text or "", quoted=quoted)

    def _arithmetic(self, raw: str, expanded: str) -> str:
        self.sh.computes(raw, expanded)
        inner = re.sub(r"^\$\(\(|\)\)$|^\$\[|\]$", "", raw.strip())
        match = re.fullmatch(r"\s*(\d{1,9})\s*(?:([-+*])\s*(\d{1,9})\s*)?", inner)
        if match is None:
            return NUMBER
        left, right = int(match[1]), int(match[3] or 0)
        return str({None: left, "+": left + right, "-": left - right, "*": left * right}[match[2]])

    def _range(self, raw: str) -> str:
        match = re.fullmatch(r"\{(-?\d{1,6})\.\.(-?\d{1,6})\}", raw.strip())
        if match is None:
            return SPLIT
        low, high = sorted((int(match[1]), int(match[2])))
        return LEFT + COMMA.join(str(n) for n in range(low, high + 1)) + RIGHT if 0 < high - low < MAX_WORDS else SPLIT


def _edited(text: str, operator: str, argument: str) -> str | None:
    """The value after `%`, `#`, `/`, `^`, `,` or `:offset`; None where it is not worth knowing."""
    if operator[0] in "#%":
        cuts = range(len(text) + 1)
        pieces = [text[:cut] if operator[0] == "#" else text[cut:] for cut in cuts]
        hits = [piece for piece in pieces if fnmatchcase(piece, argument)]
        if len(text) > 2000 or not hits:
            return None if len(text) > 2000 else text
        piece = (max if len(operator) == 2 else min)(hits, key=len)
        return text[len(piece) :] if operator[0] == "#" else text[: len(text) - len(piece)]
    if operator[0] == "/":
        old, _, new = argument.partition("/")
        return None if re.search(r"[*?\[#%]", old) or not old else text.replace(old, new, -1 if operator == "//" else 1)
    if operator[0] in "^,":
        change = str.upper if operator[0] == "^" else str.lower
        return None if argument else change(text) if len(operator) == 2 else change(text[:1]) + text[1:]
    match = re.fullmatch(r"\s*(\d{1,6})(?::(\d{1,6}))?\s*", argument)
    return None if match is None else text[int(match[1]) :][: int(match[2]) if match[2] else None]
