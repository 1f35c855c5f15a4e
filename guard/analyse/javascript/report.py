"""The effects of one JavaScript program as they are found, and what they are judged by: its values, the facts, the server's profile."""

from __future__ import annotations

import re
from collections.abc import Iterable

from guard.analyse.javascript import files, library, spoken, tools
from guard.analyse.javascript.evaluate import Evaluator
from guard.analyse.javascript.fallback import BY_MODULE, DATA_METHODS, SQL_METHODS
from guard.analyse.javascript.imports import Modules
from guard.analyse.javascript.sinks import SPECS
from guard.analyse.javascript.site import Site
from guard.analyse.javascript.syntax import Node
from guard.analyse.javascript.values import Ref, Text, Values, texts
from guard.analyse.profile import Profile
from guard.analyse.tools import SQL_WORDS
from guard.model import RUN, Effect, Facts, Kind

UPWARDS = re.compile(
    rb"""(?:^|[^.\w)\]])\.\.(?:[/\\]|["'`])|[/\\]\.\.|%2e%2e|(["'`])\.\1\s*(?:\.\s*(?:repeat|concat|pad)|\+\s*["'`]\.)""", re.IGNORECASE
)
"""`..` in a text, not the dots of a spread; or what makes it of single dots."""


class Report:
    """What a program was found to do."""

    def __init__(
        self,
        evaluator: Evaluator,
        facts: Facts,
        depth: int,
        *,
        profile: Profile | None,
        server: str,
        typed: bool,
        modules: Modules | None = None,
        importer: str = "",
    ) -> None:
        self.program = evaluator.program
        self.tree = evaluator.tree
        self.evaluator = evaluator
        self.facts = facts
        self.depth = depth
        self.profile = profile
        self.server = server
        self.typed = typed
        self.modules = modules
        self.importer = importer
        """The path of the module that this is; "" for the program itself."""
        self.effects: list[tuple[Node, Effect]] = []
        self.lost: set[str | None] = set()
        """Names of methods that are called on something unknown; None: something unknown is called, or a method of unknown name."""
        self.strange: set[str | None] = set()
        """Those among them of which nothing is known that they could be."""
        self.timed: list[Node] = []
        """What timers are given that is no function of the program's: text, perhaps."""
        self.in_page = False
        """Whether it runs in a page."""
        self.climbs = UPWARDS.search(self.tree.source) is not None

    def add(self, node: Node, effects: Iterable[Effect]) -> None:
        self.effects.extend((node, effect) for effect in effects)

    def opaque(self, node: Node, rule: str, note: str) -> None:
        self.add(node, [Effect(kind=Kind.OPAQUE, resource=RUN, exact=False, span=self.tree.span(node), rule=rule, note=note)])

    def site(self, node: Node, name: str, arguments: list[Values], *, base: Text | None = None, certain: bool = True) -> Site:
        tagged = node.fields.get("arguments") is not None and node.fields["arguments"].type == "template_string"
        return Site(name=name, arguments=arguments, node=node, span=self.tree.span(node), facts=self.facts, depth=self.depth, base=base,
                    certain=certain, tagged=tagged, server=self.server,
                    climbs=self.climbs or (library.spec(name) in files.SPECS and spoken.climbs(self.evaluator, node)))  # fmt: skip

    def known_call(self, node: Node, value: Ref, arguments: list[Values], *, certain: bool = True) -> None:
        """The effects of a call, or a use that may be one, of a library thing."""
        name = value.name
        spec = library.spec(name)
        if library.root(name) == "unknown":
            found = BY_MODULE.get(name.rsplit(".", 1)[-1])
            if found is not None:
                self.add(node, SPECS[found](self.site(node, name, arguments, certain=False)))
        elif spec is None and name.rsplit(".", 1)[-1] in DATA_METHODS:
            return
        elif spec is None:
            self.opaque(node, "js-unknown-member", f"uses {name}, which the tables do not know")
            found = BY_MODULE.get(name.rsplit(".", 1)[-1])
            if found is not None:
                self.add(node, SPECS[found](self.site(node, name, arguments, certain=False)))
        elif name == "fetch" and self.profile is not None:
            self.add(node, tools.fetch(self.site(node, name, arguments), self.profile))
        else:
            site = self.site(node, name, arguments, base=value.base, certain=certain)
            self.add(node, SPECS[spec](site))
            if spec == "sdk" and name.rsplit(".", 1)[-1] in SQL_METHODS and is_sql(site):
                self.add(node, SPECS["sql"](site))


def is_sql(site: Site) -> bool:
    """Whether a call is given a statement of SQL."""
    return any(t.known.lstrip().lower().startswith(SQL_WORDS) for t in texts(site.argument(0)))
