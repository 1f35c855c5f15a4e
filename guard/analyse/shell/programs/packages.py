"""Package managers, build tools and test runners: they fetch, write, and run code that guard does not see."""

from __future__ import annotations

import re

from guard import path_rules
from guard.analyse.shell.call import Call
from guard.analyse.shell.marks import HOLE, STAR, listed, plain
from guard.analyse.shell.options import parse
from guard.analyse.shell.programs import verbs
from guard.analyse.shell.programs.rows import act
from guard.model import Kind

_READS = frozenset(
    listed(
        "list ls show info view search help version outdated audit why config-list freeze check tree query depends rdepends "
        "policy explain fund root prefix bin env licenses owner-list ll la ping whoami doctor deps leaves uses cat "
        "desc log options metadata locate-project pkgid verify-project inspect debug index hash cache-dir"
    )
)
_LOOKUPS = frozenset(listed("view info show search outdated audit ping whoami owner query doctor index"))
"""Of those that read: the ones that may ask a registry."""
_EVALUATES = frozenset(listed("bundle bundler yarn mix rebar3 dotnet sbt composer hatch"))
"""Programs whose settings are code of the project, or name it: they run it whatever they do."""
_REMOVES = frozenset(
    listed(
        "uninstall remove rm un unlink purge autoremove clean prune erase r autoclean cleanup delete unpublish deprecate yank clear mark"
    )
)
_PUBLISHES = frozenset(listed("publish upload push login adduser owner dist-tag deprecate unpublish yank release"))
_TARGETS = {
    "npm": "node_modules",
    "yarn": "node_modules",
    "pnpm": "node_modules",
    "bun": "node_modules",
    "cargo": "target",
    "go": "go.mod",
    "composer": "vendor",
}
_SYSTEM = frozenset(
    listed(
        "apt apt-get aptitude dnf yum zypper pacman apk brew port snap flatpak dpkg rpm emerge nix nix-env guix choco winget scoop "
        "pkg yay paru gdebi"
    )
)
_READ_ONLY_GO = frozenset(listed("env version list doc vet help"))


_PROTECTED = re.compile(r"auth|token|pass|key|secret|cert|/|^_| ", re.IGNORECASE)
"""Settings that are no plain names, or that hold secrets."""


_ELSEWHERE = (
    "prefix=readtree dir=readtree cwd=readtree directory=readtree project-dir=readtree manifest-path=read path=readtree C=readtree "
    "target=readtree userconfig=code globalconfig=code node-options=code script-shell=code browser=code viewer=code "
    "logs-dir=write cache=write depth= format= filter= workspace= omit= include="
)
"""Options of those that read which take them elsewhere, or have them run something."""


def _elsewhere(call: Call) -> None:
    for option, value in parse(call.args, _ELSEWHERE).options:
        if value is not None and option.role:
            act(call, option.role, value)


def _pip(call: Call) -> None:
    """Options of pip that every subcommand takes: a log that is written, another interpreter that is started."""
    parsed = parse(call.args, "log=write python=code cache-dir= proxy= cert=read client-cert=read r,requirement=read c,constraint=read")
    for option, value in parsed.options:
        if option.role and value is not None:
            act(call, option.role, value)


_MACROS = re.compile(r"-[A-Za-z]*[ED]|--(?:pipe|eval|define|load|macros|rcfile|predefine)")
"""Options of rpm that run shell text or expand macros, which do."""


_BREW_PLACES = re.compile(r"--(?:prefix|cellar|caskroom|repository)(?: [\w@.-]+)*")
"""Where things are."""
_SETTINGS = re.compile(r"-[co]|--(?:conf|setopt|installroot|root|rcf|opt|plug|enablep)")
"""Options of the packagers of systems that give them other settings, which name programs and plug-ins."""
_REMOTE_LISTS: dict[str, str] = {
    **dict.fromkeys(("dnf", "yum"), r"(?:list|ls|ll)(?!.* (?:--)?installed\b)"),
    "gem": r".* (?:-[a-z]*[rb]|--(?:remote|both|source))",
    **dict.fromkeys(("pip", "pip3"), r"list.* (?:-u|--upt|-o|--outd)"),
    "asdf": r"list.* all\b",
    "sdk": r"list",
    "nuget": r"list",
    "pipenv": r"check",
    "npm": r"(?:list|ls).* --outdated",
}
"""Program -> what of its commands that read asks a registry, besides `_LOOKUPS`."""
_RUNS = {"npm": r"fund [^-]", "uv": r"tree(?!.* --frozen\b)", "mise": r"env"}
"""Program -> what of its commands that read starts other programs, or builds packages."""


def _asks(call: Call, verb: str) -> None:
    """What commands that read do besides."""
    rest = call.args[call.args.index(verb) + 1 :] if verb in call.args else call.args
    line = " ".join([verb, *map(plain, rest)])
    if call.name in listed("apt apt-get aptitude dnf yum zypper gem") and any(_SETTINGS.match(plain(arg)) for arg in call.args):
        call.sh.opaque(f"{call.line}: has other settings, which may name programs")
    if call.name in _REMOTE_LISTS and re.match(_REMOTE_LISTS[call.name], line):
        call.remote(Kind.HTTP_GET)
    if call.name in _RUNS and re.match(_RUNS[call.name], line):
        call.execute(call.name, f"{call.line}: starts other programs")
    for word in [arg for arg in rest if not arg.startswith("-")] if verb == "hash" else []:
        call.sh.read(word)


def package(call: Call) -> str:
    """npm, pip, apt and their kin."""
    words = [plain(arg) for arg in call.args if not arg.startswith("-")]
    verb = words[0] if words else ""
    if not words and all(plain(arg) in ("--version", "-v", "-V", "--help", "-h", "-l", "version") for arg in call.args) and call.args:
        return HOLE
    if call.name == "rpm" and any(_MACROS.match(plain(arg)) for arg in call.args):
        call.sh.opaque(f"{call.line}: rpm runs commands that its macros or options name")
    if call.name == "brew" and _BREW_PLACES.fullmatch(" ".join(plain(arg) for arg in call.args)):
        return HOLE
    if call.name in ("dpkg", "rpm", "pacman"):
        verb = _by_flag(call, verb)
    if call.name.startswith("pip"):
        _pip(call)
    if verb == "env" and len(words) > 1:  # `conda env remove`: the word behind says what happens
        verb = words[1]
    if any(plain(arg) in ("--dry-run", "--simulate") for arg in call.args) and verb not in ("run", "exec"):
        call.remote(Kind.HTTP_GET)
        return HOLE
    for word in words:
        if "://" in word:
            call.url(word, Kind.HTTP_GET)
    if verb in _READS and not (verb == "version" and len(words) > 1):
        call.sh.read(".", tree=True)
        _elsewhere(call)
        if call.name in _EVALUATES or (call.name == "cargo" and (verb in ("check", "bin") or _told(call))):
            call.execute(call.name, f"{call.line}: runs code of the project")
        _asks(call, verb)
        if verb in _LOOKUPS and not (verb == "show" and call.name.startswith("pip")) and (call.name, verb) != ("npm", "query"):
            call.remote(Kind.HTTP_GET)
        return HOLE
    if verb == "config" and words[1:2] == ["get"] and len(words) > 2 and not _PROTECTED.search(" ".join(words[2:])):
        return HOLE
    if (call.name, verb, words[1:2]) == ("npm", "pkg", ["get"]):
        call.sh.read("package.json")
        _elsewhere(call)
        return HOLE
    if verb == "config" and len(words) > 1 and words[1] in ("get", "list", "ls"):
        call.sh.read("\x05/." + call.name + "rc")
        return HOLE
    _changes(call, verb, words)
    return HOLE


def _told(call: Call) -> bool:
    """Whether cargo is given settings, which name the programs that it starts."""
    return any(re.match(r"--conf|-Z", plain(arg)) for arg in call.args)


def _by_flag(call: Call, verb: str) -> str:
    flags = [plain(arg) for arg in call.args if arg.startswith("-")]
    flags = [flag for flag in flags if call.name != "rpm" or not _MACROS.match(flag)]
    asks, besides = _ASKING[call.name]
    if any(re.fullmatch(asks, flag) for flag in flags) and all(re.fullmatch(f"{asks}|{besides}", flag) for flag in flags):
        return "list"
    return "remove" if re.search(r"-(?:-remove|-purge|-erase|[rPe]\b|R)", " ".join(flags)) else "install"


_ASKING = {
    "dpkg": (
        r"-[lsSLpCVIcf]|--(?:list|status|listfiles|search|print-avail|audit|verify|info|contents|field|get-selections|compare-versions"
        r"|print-(?:foreign-)?architectures?|validate-\w+|assert-[\w-]+|version|help)",
        r"-W|--(?:no-pager|showformat=.*|verify-format=.*)",
    ),
    "rpm": (
        r"-[qV][acdfgilpsvqLARVP]*|-K|--(?:query|verify|checksig|showrc|querytags|version|help)",
        r"-[acdfgilpsvqLARP]+|--(?:all|list|info|docfiles|configfiles|requires|provides|scripts|changelog|whatrequires|whatprovides|last"
        r"|file|package|group|queryformat|qf|nosignature|nodigest|nofiles|nomtime|state|dump|filesbypkg|triggers|recommends|suggests"
        r"|supplements|enhances|conflicts|obsoletes|quiet|verbose|noscripts|nodeps)(?:=.*)?",
    ),
    "pacman": (
        r"-Q\w*|-F[lxqs]*|-T|-V|-h|-S[sligqp]*[slig][sligqp]*|--(?:query|deptest|version|help)",
        r"-[a-xz]+|--(?:info|list|search|owns|deps|explicit|unrequired|foreign|native|groups|changelog|check|upgrades|quiet|color|noconfirm"
        r"|verbose|regex|file)(?:=.*)?",
    ),
}
"""Program -> the options that ask, one of which there is, and what may stand beside them; with any other it does something."""


_GROUPS = frozenset(
    listed(
        "cache store access token owner team org history services env pip tool self python plugin repo repository profile nuget pm hook "
        "package packages config channel remote source sources group dist-tag generation generations registry workspace toolchain"
    )
)
"""First words behind which the second says what happens."""
_KEPT_REMOTELY = frozenset(listed("access token owner team org dist-tag nuget hex.retire hex.owner"))
_TAKES = re.compile(
    r"--(?:remove|uninstall|purge|delete|erase|del)(?:-\w+)*$|(?<=^nix-env )-e$|(?<=^pacman )-Sc+$|(?<=^apk )--purge$", re.IGNORECASE
)
"""Options that take something away, with the program for those that other programs mean otherwise."""


def _takes_away(call: Call, verb: str, words: list[str]) -> bool:
    """Whether something is uninstalled, deleted or revoked: by the first word, by the one behind a group, or by an option."""
    if any(_TAKES.search(plain(arg)) or _TAKES.search(f"{call.name} {plain(arg)}") for arg in call.args):
        return True
    if verb in ("run", "exec", "test", "run-script", "x", "dlx"):
        return False
    return verbs.destroys(words[:1]) or (verb in _GROUPS and verbs.destroys(words[1:2]))


def _changes(call: Call, verb: str, words: list[str]) -> None:
    system = call.name in _SYSTEM
    target = "/usr/" + STAR if system else _TARGETS.get(call.name, "site-packages") + "/" + STAR
    if verb in _REMOVES or _takes_away(call, verb, words):
        if verb not in _KEPT_REMOTELY:
            call.sh.delete("/usr" if system else ".", "removes packages under", tree=True)
        if verb in _KEPT_REMOTELY or verb in ("unpublish", "deprecate", "yank"):
            call.remote(Kind.HTTP_DELETE, f"{call.line}: takes away at a registry")
        if call.name in _EVALUATES:
            call.execute(call.name, f"{call.line}: runs code of the project")
        return
    if verb in _PUBLISHES:
        call.remote(Kind.HTTP_POST, f"{call.line}: publishes", taint=True)
        if verbs.destroys(words):
            call.remote(Kind.HTTP_DELETE, f"{call.line}: takes back what was published")
        return
    call.execute(call.name, f"{call.line}: runs code of packages or of the project")
    if verb in listed("run test start exec build t run-script bench fmt vet generate lint stop restart shell init new"):
        if verb in ("exec",):
            with call.sh.maybe():
                call.run([arg for arg in call.args[call.args.index(verb) + 1 :] if arg != "--"] if verb in call.args else [])
        return
    call.remote(Kind.HTTP_GET, f"{call.line}: fetches packages")
    call.sh.write(target, verb="installs under")


def runner(call: Call) -> str:
    """npx, uvx, pipx run …: fetch a package and run it."""
    call.execute(call.name, f"{call.line}: fetches a package and runs it")
    call.remote(Kind.HTTP_GET, f"{call.line}: may fetch a package")
    words = [arg for arg in call.args if not arg.startswith("-")]
    if words:
        with call.sh.maybe():
            call.run([re.sub(r"(?<=.)@[\w.^~-]+$", "", words[0]), *call.args[call.args.index(words[0]) + 1 :]])
    return HOLE


_COMPILERS = frozenset(listed("gcc g++ cc clang clang++ ld as rustc javac"))
_TASKS = frozenset(
    listed("make gmake ninja gradle gradlew mvn ant rake just task scons lein sbt fab invoke gulp grunt bazel tox nox rails nx turbo")
)
"""Programs whose operands are names of tasks."""


_V_IS_VERSION = frozenset(
    listed("make gmake gradle gradlew mvn mvnw scons tsc jest rspec rails webpack vite rollup gulp gcc g++ cc clang clang++ meson")
)
"""Programs to which `-v` alone is no wish for many words, with which they would run."""


def _tells(name: str, args: list[str]) -> bool:
    """Whether a program is just asked what it is, or for help."""
    if name == "rustc" and len(args) == 2 and args[0] in ("--explain", "--print"):
        return re.fullmatch(r"[\w-]+", args[1]) is not None
    if len(args) != 1:
        return False
    return args[0] in ("--version", "--help", "-h") or (args[0] == "-v" and name in _V_IS_VERSION) or (name, args[0]) in _VERSIONS


_VERSIONS = frozenset(
    (
        ("javac", "-version"),
        ("rustc", "-V"),
        ("ant", "-version"),
        ("gcc", "-dumpversion"),
        ("gcc", "-dumpmachine"),
        ("clang", "-dumpversion"),
    )
)


def build(call: Call) -> str:
    """make, gradle, pytest …: run what the project says."""
    if _tells(call.name, [plain(arg) for arg in call.args]):
        return HOLE
    call.execute(call.name, f"{call.line}: runs code of the project")
    if call.name in _COMPILERS:
        parsed = parse(call.args, "o,output=")
        call.sh.write(parsed.value("o") or STAR, verb="compiles to")
        for word in parsed.operands:
            call.sh.read(word)
    words = [plain(arg) for arg in call.args if not arg.startswith("-")]
    if any(re.fullmatch(r"(?:dist|mr|real)?clean|purge|uninstall|clobber", word) for word in words):
        with call.sh.maybe():
            call.sh.delete(".", "removes what was built under", tree=True)
    elif call.name in _TASKS and verbs.destroys(words[:4]):
        with call.sh.maybe():
            call.sh.emit(Kind.FS_DELETE, path_rules.ANYWHERE, f"{call.line}: by its name, a task that destroys something", exact=False)
    recipes = call.sh.input_text if call.name in ("make", "gmake") and any(arg in ("-f-", "-f") for arg in call.args) else None
    for recipe in re.findall(r"^\t(.*)|^[^\t#=\n]*:[^=\n;]*;(.*)", recipes or "", re.MULTILINE)[:20]:
        with call.sh.maybe():
            call.shell((recipe[0] or recipe[1]).lstrip("@-+ "))
    return HOLE


def go(call: Call) -> str:
    words = [plain(arg) for arg in call.args if not arg.startswith("-")]
    if words and words[0] == "env" and any(re.match(r"--?[wu](?:=|$)", plain(arg)) for arg in call.args):
        call.sh.write("\x05/.config/go/env", Kind.FS_SURFACE, "changes")
        return HOLE
    if words and words[0] in _READ_ONLY_GO:
        call.sh.read(".", tree=True)
        if any(
            re.match(r"--?(?:vettool|toolexec|exec|export|compiled|cgo|overlay|modfile|http|mod=mod)\b", plain(arg)) for arg in call.args
        ):
            call.execute()
        if words[0] == "list" and any(re.match(r"--?(?:u|versions|retracted)(?:=|$)", plain(arg)) for arg in call.args):
            call.remote(Kind.HTTP_GET)
        if (folder := parse(call.args, "C=").value("C")) is not None:
            call.sh.read(folder, tree=True)
        for word in words[1:] if words[0] == "version" else []:
            call.sh.read(word)
        return HOLE
    if words and words[0] in ("fmt", "fix"):
        call.sh.write(STAR)
        return HOLE
    if words and words[0] == "clean":
        call.sh.delete(".", "removes what was built under", tree=True)
        return HOLE
    return package(call)


def formatter(call: Call) -> str:
    """Linters and formatters: they read the project; with --fix or --write they edit it. Many run plug-ins of the project."""
    call.execute(call.name, f"{call.line}: may run plug-ins of the project")
    edits = any(re.match(r"--?(?:fix|write|w|i|in-place)\b", plain(arg)) for arg in call.args)
    for arg in call.args:
        if not arg.startswith("-"):
            call.sh.write(arg + "/" + STAR) if edits else call.sh.read(arg, tree=True)
    return HOLE


RUNNERS = {
    **dict.fromkeys(
        (
            *_SYSTEM,
            *listed(
                "npm yarn pnpm bun pip pip3 pipx uv poetry pdm hatch conda mamba micromamba gem bundle bundler cargo composer cpan "
                "cpanm luarocks opam cabal stack mix rebar3 nuget dotnet mvnw pipenv rye deno nvm rustup pyenv rbenv asdf mise volta "
                "sdk easy_install twine add-apt-repository update-alternatives dpkg-reconfigure"
            ),
        ),
        package,
    ),
    **dict.fromkeys(("npx", "uvx", "bunx", "pnpx", "dlx"), runner),
    **dict.fromkeys(
        listed(
            "make gmake cmake ninja meson bazel buck gradle gradlew mvn ant sbt lein rake just task scons tox nox pytest jest mocha "
            "vitest phpunit rspec unittest nosetests ctest gcc g++ cc clang clang++ rustc javac ld as tsc webpack vite rollup "
            "esbuild turbo nx lerna pre-commit jupyter mypy pyright pylint coverage act invoke fab configure autoconf automake "
            "cython swig protoc playwright cypress storybook gulp grunt rails"
        ),
        build,
    ),
    **dict.fromkeys(
        listed(
            "eslint prettier black ruff isort autopep8 yapf goimports stylelint rubocop standard biome flake8 markdownlint tflint "
            "golangci-lint"
        ),
        formatter,
    ),
    "go": go,
}
