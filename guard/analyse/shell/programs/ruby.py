"""ruby one-liners that are understood: programs that print, match and compute on what they read, made of nothing but known words.

What is understood is a closed list, as with `perl`: a name, a quoting or an operator that is not on it makes the whole program one that
guard does not analyse. Each rule here names what would else be a way out:

  * backquotes, `%x`, `system` and their kin run commands, as do `open`, `IO.read` and `URI.open` by what they are given; `send`, `method`,
    `eval`, `const_get`, `&name` and `define_method` reach everything by its name;
  * `#{…}` in texts and patterns holds code: that is read as code;
  * `<<x` begins a text that stands below; `/` begins a pattern where a term may stand, and is read only where nothing else is possible.

Sources: Ruby's documentation of literals, of `-n`, `-p`, `-a`, `-l`, `-F` and `-r`, and of the classes whose methods are listed.
"""

from __future__ import annotations

import re

from guard.analyse.shell.call import Call
from guard.analyse.shell.marks import SPLIT, TAINT, UNKNOWN, WILD, known, listed, plain

_WORDS = frozenset(
    listed(
        "puts print p pp printf if unless else elsif end then do while until case when in and or not nil true false self next break "
        "BEGIN END begin rescue ensure yield return gets readlines exit abort raise lambda proc loop format sprintf chomp Integer "
        "Float String Array Hash Math Comparable Struct Set Date DateTime Time JSON CSV STDIN STDOUT STDERR ARGF warn"
    )
)
"""Words that may stand by themselves; `File` and `YAML` may with some methods alone."""
_METHODS = frozenset(
    listed(
        "puts print printf length size count empty? nil? any? all? none? one? zero? even? odd? positive? negative? first last "
        "take take_while drop drop_while each each_with_index each_with_object each_line each_char each_slice each_cons "
        "each_key each_value each_pair each_entry map flat_map collect select filter reject filter_map find detect find_index "
        "find_all partition group_by chunk_while slice_when zip inject reduce sum min max minmax min_by max_by sort sort_by "
        "reverse uniq tally compact flatten join split strip lstrip rstrip chomp chop chars lines bytes upcase downcase "
        "capitalize swapcase sub gsub tr delete squeeze scan match match? start_with? end_with? include? index rindex slice "
        "center ljust rjust to_s to_i to_f to_a to_h to_sym to_r inspect hex oct ord chr abs round floor ceil truncate divmod "
        "fdiv times upto downto step succ pred clamp keys values key? has_key? value? fetch dig store merge update values_at "
        "transform_values transform_keys invert sort_by! map! uniq! sort! compact! push append pop shift unshift concat rotate "
        "sample shuffle combination permutation product transpose cycle with_index with_object then tap freeze dup is_a? "
        "kind_of? respond_to? instance_of? frozen? between? eql? equal? cover? begin end default headers header? row field "
        "fields parse pretty_generate generate to_json read readlines gets iso8601 strftime year month day hour wday yday sqrt "
        "log log2 log10 exp sin cos tan pow hypot now today new lineno filename names captures pre_match post_match "
        "force_encoding encode unpack unpack1 pack valid_encoding? ascii_only? unicode_normalize scrub bytesize hash digits "
        "gcd lcm bit_length delete_if keep_if lazy eager entries member? superset? subset? add intersection union difference "
        "prepend insert casecmp next rpartition casecmp?"
    )
)
_READS = re.compile(
    r"(?:File\.(?:read|readlines|foreach)|CSV\.(?:read|foreach|table)|YAML\.safe_load_file|JSON\.(?:load_file|parse_file))"
    r"\s*\(?\s*(?P<quote>['\"])(?P<path>[\w./-]+)(?P=quote)(?=\s*(?:[).;\n|{]|do\b|\Z|,\s*"
    r"(?:chomp|headers|col_sep|row_sep|quote_char|converters|header_converters|encoding|symbolize_names|return_headers|skip_blanks"
    r"|liberal_parsing|permitted_classes|aliases):))"
)
"""A call that reads a file of a known name; options name no way of opening it."""
_REACHING = re.compile(r":?(?:create_additions|mode|flags|perm|object_class|array_class)\b")
"""Names of options with which a call does more than it says."""
_FOLDS = re.compile(
    r"\s*(?:\(\s*(?:-?\d+(?:\.\d+)?|\{\}|\[\])\s*\)\s*(?=\{|do\b)|\(\s*(?:-?\d+\s*,\s*)?&?:(?:[-+*|&]|min|max|gcd|lcm|merge|concat)\s*\)|(?=\{|do\b))"
)
"""What may follow on inject: of a name that is not known it would call any method, with any argument."""
_KERNEL = frozenset(
    listed(
        "system exec eval open spawn fork send method binding load require require_relative select test trap syscall sleep autoload "
        "instance_eval instance_exec public_send define_method at_exit catch throw callcc set_trace_func srand p puts print putc display"
    )
)
"""Methods that every object has: no variable of such a name is known."""
_CALLED = re.compile(r"\s*(?:[(\"'$@{`]|:\w|:\"|%\S|(?!(?:if|unless|and|or|do|then|in|while|until|rescue|end|when|else|elsif)\b)\w)")
"""What follows on a name that is called: arguments, or a block."""
_OPENS = frozenset({"read", "readlines"})
"""Methods that read what is open already, but with an argument what this names (`CSV.read`)."""
_LIBRARIES = frozenset(listed("json csv yaml set date time pp bigdecimal"))
_TOKENS = re.compile(
    r"(?P<space>[ \t\r]+|\#[^\n]*)|(?P<end>\n)|(?P<number>0x[\da-f_]+|\d[\d_]*(?:\.\d+)?(?:e-?\d+)?"
    r"|(?:Math::(?:PI|E)|Float::(?:INFINITY|MAX|MIN))(?!\w))"
    r"|(?P<symbol>:[A-Za-z_]\w*[?!]?|:\"[\w ./-]*\")|(?P<variable>\$(?:stdin|stdout|stderr|[_.;,/~&F]|\d+)(?!\w)|@[a-z_]\w*)"
    r"|(?P<key>[A-Za-z_]\w*:(?!:))|(?P<word>[A-Za-z_]\w*(?:[?!](?!=))?)"
    r"|(?P<list>%[wi](?:\[[^\]\\#]*\]|\([^)\\#]*\)|\{[^}\\#]*\}))|(?P<text>[\"'])"
    r"|(?P<operator>\*\*=?|&\.|&&=?|\|\|=?|<=>|===?|=~|!~|!=|<<(?=[ \d(\[])=?|<=|>=|=>|->|\.\.\.?|[-+*|&^]=|<(?!<)|%(?=\s)"
    r"|[-+*.=>!?:,;|&^()\[\]{}])"
)
_BODY = {'"': re.compile(r"((?:\\.|[^\"\\])*)\"", re.DOTALL), "'": re.compile(r"((?:\\.|[^'\\])*)'", re.DOTALL)}
_PATTERN = re.compile(r"((?:\\.|\[(?:\\.|[^]\\\n])*\]|[^/\\\n])+)/[imxou]*(?!\w)")
_CODE = re.compile(r"#\{((?:[^{}\"'`]|\[['\"][\w ./-]*['\"]\])*)\}")
_BEFORE_PATTERN = frozenset(
    {*"\n;(,[{|!=", "&&", "||", "=~", "!~", "if", "unless", "while", "until", "when", "and", "or", "not", "=>", "elsif"}
)
"""What a slash begins a pattern behind."""
_SWITCHES = re.compile(r"-(?P<flags>[anplw]*)(?:(?P<code>e)|F(?P<split>[\w,:;|\t/ -]+)|r(?P<library>\w+))?")


_MAX_LENGTH = 4000
"""A longer program is no one-liner, and some patterns here look ahead at each place."""
_VALUED = frozenset({"&", "**", "%"})
_VALUE = re.compile(r"[\w)\]]+[?!]?")
"""Operators that mean something else where no value stands before them: a text, or a block or options that a variable holds."""


def simple(call: Call) -> bool:
    """Reports what a one-liner that is understood reads; false, with nothing reported, if it is not."""
    codes: list[str] = []
    queue, loops = list(call.args), False
    while queue and queue[0].startswith("-"):
        arg = queue.pop(0)
        match = _SWITCHES.fullmatch(plain(arg)) if known(arg) else None
        if match is None or (match["library"] and match["library"] not in _LIBRARIES):
            return False
        loops = loops or re.search("[np]", match["flags"]) is not None
        if match["code"]:
            if not queue or UNKNOWN.search(queue[0]):
                return False
            codes.append(plain(queue.pop(0)))
    reads: list[str] = []
    if not codes or not all(_understood(code, reads) for code in codes) or not all(map(_names_a_file, queue)):
        return False
    loops = loops or any(re.search(r"\bARGF\b|\bgets\b|\breadlines\b|\$F", code) for code in codes)
    for word in [*reads, *(queue if loops else [])]:
        call.sh.read(word)
    return True


def _names_a_file(word: str) -> bool:
    ends = WILD.split(word)
    return not re.search(f"[{SPLIT}{TAINT}]", word) and bool(re.match(r"[\w./\x05]", ends[0])) and bool(re.search(r"[\w.]\Z", ends[-1]))


def _understood(code: str, reads: list[str]) -> bool:
    """Whether a program consists of nothing but what is listed above; the files that it names go to `reads`."""
    if len(code) > _MAX_LENGTH or re.search(r"(?m)^(?:=begin|__END__)", code):
        return False
    names = set(re.findall(r"(?<![\w.@$:])([a-z_]\w*)\s*(?:(?:\|\||&&|[-+*])?=(?![=~>])|,(?=[^|\n]{0,40}\|))", code))
    for held in re.findall(r"\|([a-z_][\w, ()*]*)\|", code):
        names |= set(re.findall(r"[a-z_]\w*", held))
    names -= _KERNEL
    at, last = 0, "\n"
    while at < len(code):
        if (match := _READS.match(code, at)) and last not in (".", "&.", "::"):
            reads.append(match["path"])
            at, last = match.end(), "0"
            continue
        if code[at] == "/":
            end = _slash(code, at, last)
            if end is None:
                return False
            at, last = end
            continue
        match = _TOKENS.match(code, at)
        if match is None:
            return False
        token, kind = match.group(), match.lastgroup or ""
        if kind == "text":
            body = _BODY[token].match(code, match.end())
            if body is None or code[body.end() : body.end() + 1] == ":" or (token == '"' and not _interpolates(body[1], reads, names)):
                return False
            at, last = body.end(), "0"
            continue
        if _refused(token, kind, last, code[match.end() :], names):
            return False
        at = match.end()
        if kind != "space":
            last = token
    return True


def _refused(token: str, kind: str, last: str, rest: str, names: set[str]) -> bool:
    """Whether a token is one that could lead further, for what it is, or between what it stands."""
    if _REACHING.match(token) or (kind == "word" and not _word(token, last, names, rest)):
        return True
    if kind == "symbol" and last == "&":
        return token[1:] not in _METHODS - _OPENS
    if kind == "key" and last == "?":  # behind `?` it is a call, and what stands behind its colon the other value
        return True
    if token == ":" and rest[:1] == ":":  # a name in a module, or a method of it
        return True
    if token == "?":  # a character, which may be any
        return not rest[:1].isspace()
    return token in _VALUED and not (_VALUE.fullmatch(last) and last not in _WORDS) and (token, rest[:1]) != ("&", ":")


def _word(token: str, last: str, names: set[str], rest: str) -> bool:
    """A word behind a dot is a method, else a known word or a variable of the program, which is not called."""
    if last in (".", "&."):
        if token in _OPENS and _CALLED.match(rest):
            return False
        return token in _METHODS and (token not in ("inject", "reduce") or _FOLDS.match(rest) is not None)
    return token in _WORDS or (token in names and not _CALLED.match(rest))


def _slash(code: str, at: int, last: str) -> tuple[int, str] | None:
    """A pattern where one must stand, a division where one must; (where it ends, what stands before what follows)."""
    if last in _BEFORE_PATTERN:
        match = _PATTERN.match(code, at + 1)
        if match is None or not re.fullmatch(r"(?:[^#]|#(?!\{|\$|@))*", match[1]):
            return None
        return match.end(), "0"
    divides = (re.fullmatch(r"[\w)\]]+", last) and last not in _WORDS and code[at + 1 : at + 2] in (" ", "=")) or last in (")", "]", "0")
    return (at + 1, "/") if divides else None


def _interpolates(text: str, reads: list[str], names: set[str]) -> bool:
    """Whether what stands in `#{…}` of a text is understood; the names of the program are known there, too."""
    bare = re.sub(r"\\.", "", text, flags=re.DOTALL)
    if re.search(r"#[$@]", bare) or len(re.findall(r"#\{", bare)) != len(_CODE.findall(bare)):
        return False
    given = "".join(f"{name}=0;" for name in sorted(names))
    return all(_understood(given + inner, reads) for inner in _CODE.findall(bare))
