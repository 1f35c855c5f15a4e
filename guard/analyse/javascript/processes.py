"""Processes, and text that is run as code -> effects; a command's own effects are found by the analyser of its language."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterable
from dataclasses import replace

from guard.analyse import embedded, targets
from guard.analyse.javascript.network import url_effects
from guard.analyse.javascript.site import MOST, Site
from guard.analyse.javascript.tables import names
from guard.analyse.javascript.values import HOLE, Array, Constant, Object, Text, Values, merged, texts
from guard.model import Effect, Kind

UNKNOWN_WORD = '"$unknown"'
"""How a word that cannot be known is written in a shell text for the shell's analyser."""


def process(site: Site, line: Text, name: str, rule: str) -> Iterable[Effect]:
    """A process that starts: always `proc.exec`, and what the command itself does."""
    exact = bool(name) and line.complete
    shown = line.shape if len(line.shape) <= 80 else line.shape[:77] + "..."
    yield site.effect(Kind.PROC_EXEC, targets.program(name), rule, f"starts a process: {shown}", exact=exact)
    if line.known:
        written = "".join(UNKNOWN_WORD if piece is None else piece for piece in line.pieces)
        for effect in embedded.effects_of("shell", written, site.facts, at=site.span, depth=site.depth):
            if effect.kind is not Kind.PROC_EXEC:
                yield replace(effect, certain=effect.certain and site.certain)


def _shell(site: Site) -> Iterable[Effect]:
    for line in texts(site.argument(0))[:MOST]:
        first = line.known.strip().split(" ")[0] if " " in line.known.strip() or line.complete else ""
        yield from process(
            site, line, first if first.replace("-", "").replace("/", "").replace(".", "").replace("_", "").isalnum() else "", "js-shell"
        )


def command_line(program: Values, arguments: Iterable[Values], *, rest: bool) -> list[tuple[Text, str]]:
    """Quoted command lines of a program and its arguments, with the program's name."""
    lines = []
    tail: list[str | None] = []
    for argument in arguments:
        value = texts(argument)[0] if len(texts(argument)) == 1 else HOLE
        tail.extend([" ", shlex.quote(value.known) if value.complete else None])
    for name in texts(program)[:MOST]:
        head = shlex.quote(name.known) if name.complete else None
        lines.append((merged([head, *tail, *([" ", None] if rest else [])]), name.known if name.complete else ""))
    return lines


def _spawn(site: Site) -> Iterable[Effect]:
    """`spawn(program, [arguments], {shell})`."""
    listed = site.argument(1)
    shell = site.option(2, "shell") or site.option(1, "shell")
    arguments, rest = _listed(listed)
    for line, name in command_line(site.argument(0), arguments, rest=rest):
        if shell is not None or " " in name:
            joined = merged(
                [piece for part in (texts(site.argument(0))[0], *[texts(a)[0] for a in arguments]) for piece in (*part.pieces, " ")]
            )
            yield from process(site, joined, name.split(" ")[0], "js-spawn")
        else:
            yield from process(site, line, name, "js-spawn")


def _fork(site: Site) -> Iterable[Effect]:
    """`fork(module, [arguments])`: Node on a module of the program's choice."""
    arguments, rest = _listed(site.argument(1))
    for line, name in command_line((Text(("node",)),), [site.argument(0), *arguments], rest=rest):
        yield from process(site, line, name, "js-spawn")


def _listed(values: Values) -> tuple[list[Values], bool]:
    """The elements of an array argument, and whether there may be more."""
    for value in values:
        if isinstance(value, Array):
            return list(value.items), value.open or len(values) > 1
    return [], any(not isinstance(value, (Object, Constant)) for value in values)


def _spawn_options(site: Site) -> Iterable[Effect]:
    """`new Deno.Command(program, {args})`."""
    given = site.option(1, "args")
    arguments, rest = _listed(given) if given is not None else ([], False)
    for line, name in command_line(site.argument(0), arguments, rest=rest):
        yield from process(site, line, name, "js-spawn")


def _spawn_list(site: Site) -> Iterable[Effect]:
    """`Bun.spawn(["program", …])`, `Bun.spawn({cmd: […]})`, `Deno.run({cmd: […]})`."""
    values = site.option(0, "cmd") if any(isinstance(value, Object) for value in site.argument(0)) else site.argument(0)
    arguments, rest = _listed(values or (HOLE,))
    program, tail = (arguments[0], arguments[1:]) if arguments else ((HOLE,), [])
    for line, name in command_line(program, tail, rest=rest):
        yield from process(site, line, name, "js-spawn")


def _shell_tag(site: Site) -> Iterable[Effect]:
    if site.tagged:
        yield from _shell(site)


def _browser(site: Site) -> Iterable[Effect]:
    yield site.effect(Kind.PROC_EXEC, targets.program("browser"), "js-browser", "starts a browser", exact=False)


def _git(site: Site) -> Iterable[Effect]:
    yield site.effect(Kind.PROC_EXEC, targets.program("git"), "js-spawn", "runs git", exact=False)


def _kill(site: Site) -> Iterable[Effect]:
    yield site.effect(Kind.PROC_EXEC, targets.program("kill"), "js-kill", "sends a signal to a process", exact=False)


def _eval(site: Site) -> Iterable[Effect]:
    yield site.opaque("js-eval", f"runs text as code ({site.name.removesuffix('()')})")


REACHING = re.compile(
    r"constructor|prototype|__|lookup|import|createUnit|evaluate|parse|simplify|derivative|compile|function|process|require|global",
    re.IGNORECASE,
)
"""Words by which texts of such languages got out of them, or into the evaluator again."""


def _interpreted(site: Site) -> Iterable[Effect]:
    """Text in a small language (a formula, a template) whose evaluators were escaped from: known text computes if it names no way out."""
    for written in texts(site.argument(0) or (HOLE,)):
        if not written.complete or REACHING.search(written.known):
            yield from _eval(site)


def _unsafe(site: Site) -> Iterable[Effect]:
    """`frontMatter(text, {allowUnsafe: true})`: its YAML may hold functions."""
    if site.option(1, "allowUnsafe") is not None:
        yield from _eval(site)


def _opaque(site: Site) -> Iterable[Effect]:
    yield site.opaque("js-internals", f"uses {site.name}, which reaches into the runtime")


PLAIN_ELEMENTS = names(
    """
    a article aside b br button canvas caption code dd details div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i label
    legend fieldset li main nav ol option p pre section select small span strong sub summary sup table tbody td textarea tfoot th thead
    time tr u ul
    """
)
"""Elements that neither load nor run anything by being there; what is set on them is seen where it is set."""


def _element(site: Site) -> Iterable[Effect]:
    if not all(tag.complete and tag.known.lower() in PLAIN_ELEMENTS for tag in texts(site.argument(0) or (HOLE,))):
        yield from _opaque(site)


def _worker(site: Site) -> Iterable[Effect]:
    yield site.opaque("js-worker", "starts a worker that runs other code")


def _constructor(site: Site) -> Iterable[Effect]:
    if not site.arguments and site.certain:
        return  # `new x.constructor()`: no text that could be code
    yield site.opaque("js-constructor", "calls what `.constructor` gives, which can be the function that runs text as code")


def _computed(site: Site) -> Iterable[Effect]:
    yield site.opaque("js-computed", "calls a member whose name is worked out at run time on something with effects")


def _proxy(site: Site) -> Iterable[Effect]:
    """The traps of a Proxy are functions of the program, whose effects are seen where they are written; what is called through it is lost
    from sight, which `handing` is told."""
    if not site.certain:
        yield site.opaque("js-proxy", "makes a Proxy, which can hide what it does")


def _wasm(site: Site) -> Iterable[Effect]:
    """WebAssembly without imports only computes; with imports it calls what it is given in ways that cannot be followed."""
    if len(site.arguments) > 1:
        yield site.opaque("js-wasm", "runs WebAssembly that can call functions of this program")


def _import_url(site: Site) -> Iterable[Effect]:
    yield from url_effects(site, [Kind.HTTP_GET], site.argument(0), "js-import")
    yield site.opaque("js-import", "loads scripts and runs them")


def _page(site: Site) -> Iterable[Effect]:
    """JavaScript that runs in the browser's page: a text is analysed here; a function's body is in the tree already."""
    for value in site.argument(0):
        if isinstance(value, Text):
            if value.complete and site.name.endswith((".evaluate", ".evaluateHandle", ".waitForFunction", ".addInitScript", "Script")):
                yield from embedded.effects_of("javascript", value.known, site.facts, at=site.span, depth=site.depth)
            elif not site.name.endswith(("eval", "exposeFunction")):
                yield site.opaque("js-eval", "runs text as code in the page")


def runs_what_it_finds(name: str, arguments: list[Values]) -> bool:
    """commander's `command(name, description)`, a program of its own beside this one, and yargs' `commandDir(folder)`."""
    library_, _, method = name.partition(".")
    if library_.startswith("yargs"):
        return method.endswith("commandDir")
    given = arguments[1] if len(arguments) > 1 else ()
    plain = all(isinstance(value, Object) and not value.open and "executableFile" not in value.properties for value in given)
    return library_ == "commander" and method.endswith("command") and not plain


SPECS: dict[str, Callable[[Site], Iterable[Effect]]] = {
    "shell": _shell,
    "shell-tag": _shell_tag,
    "spawn": _spawn,
    "spawn-deno": _spawn,
    "fork": _fork,
    "spawn-options": _spawn_options,
    "spawn-list": _spawn_list,
    "spawn-run": _spawn_list,
    "spawn-browser": _browser,
    "spawn-git": _git,
    "kill": _kill,
    "eval": _eval,
    "interpreted": _interpreted,
    "interpreted-second": lambda site: _interpreted(replace(site, arguments=site.arguments[1:])),
    "unsafe": _unsafe,
    "opaque": _opaque,
    "element": _element,
    "worker": _worker,
    "constructor": _constructor,
    "computed": _computed,
    "proxy": _proxy,
    "wasm": _wasm,
    "import-url": _import_url,
    "page": _page,
    "mode-key": _opaque,
}
"""Spec -> the function that says what a call with it does."""
