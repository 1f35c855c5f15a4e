"""Programs that run code of a language: shells (their text is analysed), Python and JavaScript (analysed as such), all others (opaque)."""

from __future__ import annotations

import re

from guard.analyse.shell.call import Call
from guard.analyse.shell.environment import IMPORTED
from guard.analyse.shell.marks import HOLE, STAR, UNKNOWN, WILD, listed, plain, shown
from guard.analyse.shell.options import parse
from guard.analyse.shell.programs import perl, ruby
from guard.analyse.shell.programs.packages import package
from guard.analyse.shell.programs.unknown import hints
from guard.model import Kind

_BASH = (
    "O= o= c,command i l r s D n x e u v f k t a b h m p B C E H P T rcfile=code init-file=code norc noprofile login posix "
    "restricted verbose version help dump-strings noediting pretty-print"
)


def shell(call: Call) -> str:
    """sh, bash, zsh …: `-c text`, a script, or the input."""
    parsed = parse(call.args, _BASH, permute=False)
    words = parsed.operands[1:] if parsed.operands[:1] == ["-"] else parsed.operands  # a lone dash ends the options
    if parsed.has("version", "help"):
        return HOLE
    if parsed.has("n") and all(re.fullmatch(r"-[nvexu]+|--posix|(?!-)[^+].*", plain(arg)) for arg in call.args):
        for word in words[:1]:  # it is only parsed
            call.sh.read(word)
        return HOLE
    if parsed.has("k") or any(option.name == "o" and plain(value or "") == "keyword" for option, value in parsed.options):
        call.sh.opaque(f"{call.name} -k: assignments count wherever they stand in a command")
    if parsed.has("init-file", "rcfile"):
        call.sh.opaque(f"{call.name} runs a start file")
        with call.sh.maybe():
            call.shell(call.streamed(parsed.value("init-file", "rcfile") or "") or "")
    if call.name in ("fish", "csh", "tcsh", "nu", "elvish", "xonsh", "rc"):
        call.sh.opaque(f"{call.name} has a language of its own")
    if parsed.has("c"):
        if not words:
            return HOLE
        return call.shell(words[0], positional=tuple(words[2:]))
    if words and not parsed.has("s"):
        return script(call, words[0])
    if call.sh.stdin is None or WILD.search(call.sh.stdin):
        call.sh.opaque(f"{call.name} runs the commands that its input holds")
        if call.sh.stdin is not None and re.match(r"[^\x00-\x02]*\S", call.sh.stdin):
            call.shell(call.sh.stdin)
        return HOLE
    text, call.sh.stdin = call.sh.stdin, None
    out = call.shell(text, positional=tuple(words))
    call.sh.stdin = text
    return out


_LANGUAGES = {"node": "javascript", "nodejs": "javascript", "tsx": "typescript", "ts-node": "typescript", "deno": "typescript"}


def script(call: Call, path: str) -> str:
    """A file that is run: its text is not here, unless it is the input, a substitution's output, or was written by this very text."""
    shell = call.name in _SHELLS
    if shell and plain(path) in ("/dev/stdin", "/dev/fd/0") and call.sh.stdin is not None:
        text, call.sh.stdin = call.sh.stdin, None
        return call.shell(text, shared=call.name in ("source", "."))
    streamed = call.streamed(path)
    if streamed is not None and shell:
        return call.shell(streamed, shared=call.name in ("source", "."))
    held = call.held(path)
    if held is not None:  # the file may have been changed since
        with call.sh.maybe():
            call.shell(held) if shell else call.embedded(_LANGUAGES.get(call.name, "python"), held)
    call.sh.read(path)
    call.sh.opaque(f"{call.name} runs the file {shown(path)}, whose text is not shown")
    hints(call)
    return HOLE


def source(call: Call) -> str:
    if not call.args:
        return HOLE
    return script(call, call.args[0])


def evaluate(call: Call) -> str:
    words = call.args[1:] if call.args[:1] == ["--"] else call.args
    if call.sh.computed and not any(UNKNOWN.search(word) for word in words):
        call.sh.opaque("eval runs text that is put together from variables")
    return call.shell(" ".join(words), shared=True) if words else HOLE


_PYTHON = "W= X= c m Q= check-hash-based-pycs= b B d E h i I O q s S u v V x 3 help version"


def python(call: Call) -> str:
    args = call.args
    settings = [(option.name, value or "") for option, value in parse(args, _PYTHON, permute=False).options]
    if any((name == "W" and IMPORTED.search(value)) or (name == "X" and "=" in value) for name, value in settings):
        call.sh.opaque(f"{call.name} is given settings that may load modules, or write files")
    valued = False
    for position, arg in enumerate(args):
        text = plain(arg)
        if valued:  # by the option before it
            valued = False
            continue
        valued = re.fullmatch(r"-[bBdEiIOqsSuvx3]*[WX]", text) is not None
        if match := re.fullmatch(r"-[bBdEiIOqsSuvx3]*c(.*)", text, re.DOTALL):
            code = arg[arg.index("c") + 1 :] if match[1] else args[position + 1] if position + 1 < len(args) else ""
            call.embedded("python", code)
            return _interactive(call, args[: position + 1], "python")
        if match := re.fullmatch(r"-[bBdEiIOqsSuvx3]*m(.*)", text):
            return _module(
                call, match[1] or plain(args[position + 1] if position + 1 < len(args) else ""), args[position + (1 if match[1] else 2) :]
            )
        if arg in ("-V", "--version", "-h", "--help", "-VV"):
            return HOLE
        if not arg.startswith("-") or arg == "-":
            if arg != "-":
                return script(call, arg)
            break
    return _from_input(call, "python")


def _module(call: Call, name: str, args: list[str]) -> str:
    if name in listed("pip pytest black ruff mypy unittest tox nox coverage pipx poetry isort flake8 pylint twine build"):
        return call.run(["pip" if name == "pip" else "pytest" if name in ("unittest", "build") else name, *args])
    if name in ("json.tool", "calendar", "this", "tokenize", "ast", "dis"):
        words = [arg for arg in args if not arg.startswith("-")]
        for word in words[:1]:
            call.sh.read(word)
        for word in words[1:2]:
            call.sh.write(word)
        return HOLE
    call.execute("python", f"runs the Python module {name}")
    if name in ("http.server", "SimpleHTTPServer"):
        call.remote(Kind.NET_CONNECT, "serves the folder to the network", taint=True)
        call.sh.read(".", tree=True)
    return HOLE


def _interactive(call: Call, options: list[str], language: str) -> str:
    """Behind `-i` the input is run too, after what the command line holds."""
    if any(re.match(r"-\w*i|--interactive", plain(option)) for option in options) and call.sh.stdin is not None:
        return _from_input(call, language)
    return HOLE


def _from_input(call: Call, language: str) -> str:
    text = call.sh.input_text
    if text is None:
        call.sh.opaque(f"{call.name} runs the code that its input holds")
    else:
        call.embedded(language, text)
    return HOLE


_NODE = (
    "e,eval= p,print= r,require=code import=code loader=code experimental-loader=code inspect?+net inspect-brk?+net inspect-wait?+net "
    "inspect-port?+net i,interactive c,check=read env-file=read env-file-if-exists=read v,version h,help input-type= title= "
    "stack-trace-limit= "
    "max-old-space-size? max-semi-space-size? stack-size= no-warnings trace-warnings disable-warning= throw-deprecation no-deprecation "
    "trace-deprecation trace-uncaught unhandled-rejections= enable-source-maps test watch harmony expose-gc strip-types "
    "experimental-strip-types experimental-transform-types experimental-vm-modules experimental-default-type= no-experimental-fetch "
    "preserve-symlinks use-strict frozen-intrinsics disallow-code-generation-from-strings dns-result-order= max-http-header-size= "
    "no-addons icu-data-dir=read prof?write cpu-prof?write cpu-prof-dir=write heap-prof?write diagnostic-dir=write "
    "redirect-warnings=write report-dir=write report-directory=write"
)
"""Options of node; one that is not listed may load a file, or write one."""


def node(call: Call) -> str:
    args = [part for arg in call.args for part in (("-p", "-e") if re.fullmatch(r"-(?:pe|ep)", plain(arg)) else (arg,))]
    if args[:2] == ["-p", "-e"]:
        args = args[1:]
    parsed = parse(
        args,
        _NODE,
        permute=False,
    )
    if call.name in ("node", "nodejs"):
        call.unknown_options([option for option in parsed.unknown if option != "-"])
    for option, value in parsed.options:
        if option.role == "code":
            call.sh.opaque(f"{call.name} loads {shown(value or '')[:60]} first")
        elif option.role == "+net":
            call.remote(Kind.NET_CONNECT, f"{call.name} lets a debugger in that connects")
        elif option.role == "write":
            call.sh.write(value or STAR)
        elif option.role == "read" and value is not None:
            call.sh.read(value)
    codes = [value for option, value in parsed.options if option.name in ("e", "p") and value is not None]
    if parsed.has("p") and not codes and parsed.operands:
        codes = parsed.operands[:1]
    if codes:
        for code in codes:
            call.embedded("typescript" if "typescript" in plain(parsed.value("input-type") or "") else "javascript", code)
        return _interactive(call, args, "javascript")
    if parsed.has("v", "h", "c"):
        return HOLE
    if parsed.operands and parsed.operands[0] != "-":
        return script(call, parsed.operands[0])
    return _from_input(call, "javascript")


def deno(call: Call) -> str:
    """`deno eval CODE` and `deno run SCRIPT`; everything else that deno does fetches and builds packages."""
    words = [plain(arg) for arg in call.args]
    operands = [arg for arg, word in zip(call.args[1:], words[1:], strict=True) if not word.startswith("-")]
    if words[:1] == ["eval"] and operands:
        call.embedded("typescript", operands[0])
        return HOLE
    if words[:1] == ["run"] and operands and operands[0] != "-" and ":" not in plain(operands[0]):
        return script(call, operands[0])
    return package(call)


def other(call: Call) -> str:
    """perl, ruby, php, lua, R …: guard does not analyse their languages; what their text plainly says is told besides."""
    if call.args and all(re.fullmatch(r"-(?:v|V|-version|h|-help)", plain(arg)) for arg in call.args):
        return HOLE
    if (call.name == "perl" and perl.simple(call)) or (call.name == "ruby" and ruby.simple(call)):
        return HOLE
    call.sh.opaque(f"{call.name} runs code that guard does not analyse")
    text = " ".join(plain(arg) for arg in call.args)
    if call.sh.input_text:
        text += call.sh.input_text
    with call.sh.maybe():
        _hints(call, UNKNOWN.sub("", text))
    if not any(re.match(r"-\w*[eErcx]", plain(arg)) for arg in call.args):
        hints(call)
    edits = call.name in ("perl", "ruby") and any(re.match(r"-[acFlnpsw0-9]*i", plain(arg)) for arg in call.args)
    for before, arg in zip(["", *call.args], call.args, strict=False):
        if arg.startswith("-") or re.match(r"-\w*[eE]$", plain(before)) or re.search(r"\s", plain(arg)):
            continue
        if edits:
            call.sh.write(arg, verb="edits")
        elif "/" in plain(arg):
            call.sh.read(arg)
    return HOLE


_DELETES = re.compile(
    r"\b(?:unlink|rmtree|rm_rf|rm_r|rmdir|remove_entry\w*|delete|removeSync|rmSync|Remove-Item|rm|Files\.delete\w*|os\.remove|file\.remove|remove_tree|deltree|del|rd)\b"
)
_STARTS = re.compile(
    r"\bsystem\b|\bexec\b|\bpopen\b|`|\bqx\b|%x|\bshell_exec\b|\bpassthru\b|\bspawn\b|\bInvoke-Expression\b|\biex\b|\bos\.execute\b"
)
_WRITES = re.compile(
    r"\bwrite\w*\b|\bfile_put_contents\b|['\"]>|,\s*['\"][wa]\+?['\"]|\bSet-Content\b|\bOut-File\b|\bwriteLines\b|\bchmod\b|\brename\b|\bcopy\w*\b"
)
_CONNECTS = re.compile(
    r"\b[Ss]ockets?\b|\bztcp\b|^-S\s|\bhttpd\b|\bTCPSocket\b|\bNet::HTTP\b|\bfsockopen\b|\bLWP\b|https?://|\bInvoke-WebRequest\b|\bcurl_exec\b|\bopen-uri\b|\biwr\b|\bDownloadString\b|\bIO::Socket\b"
)


def _hints(call: Call, text: str) -> None:
    if _DELETES.search(text):
        path = re.search(r"['\"]?(/[\w./~-]+)", text)
        call.sh.delete(path[1] if path else HOLE, f"{call.name} seems to delete", tree=True)
    if _WRITES.search(text):
        call.sh.write(HOLE, verb=f"{call.name} seems to write")
    if _CONNECTS.search(text):
        call.remote(Kind.NET_CONNECT, f"{call.name} seems to use the network")
    if _STARTS.search(text):
        call.execute("", f"{call.name} seems to start programs")
        for match in re.finditer(
            r"(?:system|exec|popen|shell_exec|passthru|execute)\s*\(?\s*(['\"])(.+?)\1|`([^`]+)`|%x[({\[]([^)}\]]+)", text
        ):
            call.shell(match[2] or match[3] or match[4])
        for match in re.finditer(r"(?:system|exec|spawn)\s*\(?\s*((?:(['\"])[^'\"]*\2\s*,\s*)+(['\"])[^'\"]*\3)", text):
            call.run(re.findall(r"['\"]([^'\"]*)['\"]", match[1]))


def loader(call: Call) -> str:
    """ldd: the loader starts the program that it is to look at."""
    call.execute("ldd", f"{call.line}: may start what it looks at")
    for word in call.args:
        if not word.startswith("-"):
            call.sh.read(word)
    return HOLE


def dc(call: Call) -> str:
    """dc: `!` gives the rest of a line to the shell."""
    parsed = parse(call.args, "e,expression= f,file=read h,help V,version")
    texts = [value for option, value in parsed.options if option.name == "e" and value is not None]
    files = [*parsed.operands, *(value for option, value in parsed.options if option.name == "f" and value is not None)]
    for file in files:
        script(call, file)
    if not texts and not files and call.sh.stdin is not None:
        texts = [call.sh.stdin]
    for text in texts:
        if UNKNOWN.search(text):
            call.sh.opaque("dc runs a program that is only known when it runs")
        for command in re.findall(r"!(?![<>=])([^\n]*)", plain(text)):
            call.shell(command)
    return HOLE


def java(call: Call) -> str:
    """java, scala, mono …: start a program that is a file; words of its command line say more."""
    if call.args and all(re.fullmatch(r"--?(?:show-)?(?:version|help)", plain(arg)) for arg in call.args):
        return HOLE
    call.execute(call.name, f"{call.line}: runs a program that is not shown")
    hints(call)
    return HOLE


_SHELLS = frozenset(listed("sh bash dash ash zsh ksh mksh rbash fish csh tcsh nu elvish xonsh rc yash posh source ."))
RUNNERS = {
    **dict.fromkeys(_SHELLS, shell),
    "source": source,
    ".": source,
    "eval": evaluate,
    **dict.fromkeys(("python", "pypy", "ipython", "bpython", "python2", "python3", "pypy3"), python),
    **dict.fromkeys(("node", "nodejs", "tsx", "ts-node"), node),
    "deno": deno,
    "ldd": loader,
    "dc": dc,
    **dict.fromkeys(
        listed(
            "perl ruby irb php lua luajit R Rscript r julia tclsh wish guile racket scheme sbcl clisp clojure clj elixir erl iex "
            "escript ghc runghc ghci ocaml swift kotlin groovy octave matlab gnuplot m4 pwsh powershell cmd cmd.exe powershell.exe "
            "jshell raku nim crystal dart v zig tcc gforth qjs d8 bb nix-shell jupyter-console sage maxima bqn osascript-js mshta "
            "wscript cscript rundll32 wsl sqlite-utils vbs"
        ),
        other,
    ),
    **dict.fromkeys(listed("java scala mono wine dotnet-script kotlinc jbang spark-submit hadoop hdfs"), java),
}
