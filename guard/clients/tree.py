"""A value of a configuration, and where it stands in the text; the same for every format."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One value: `start` to `end` in the text. An object has `members`, an array `items`, anything else a `value`."""

    start: int
    end: int
    kind: str
    """object, array, text or word."""
    value: object = None
    members: tuple[tuple[str, Node], ...] = ()
    items: tuple[Node, ...] = ()
    lines: bool = False
    """An object or array that has one line for each member, and no brackets (TOML, YAML)."""

    def get(self, *names: str) -> Node | None:
        """The member of the first of these names that there is; of several with it the last one, as readers take it."""
        for name in names:
            for key, node in reversed(self.members):
                if key == name:
                    return node
        return None


def plain(node: Node) -> object:
    """The value without its places."""
    if node.kind == "object":
        return {key: plain(value) for key, value in node.members}
    return [plain(item) for item in node.items] if node.kind == "array" else node.value
