"""YAML -> a tree that knows where each value stands in the text. Pure."""

from __future__ import annotations

import yaml

from guard.clients.tree import Node
from guard.errors import BadInput


def parse(text: str) -> Node:
    """The tree of a whole text. `BadInput` says where it is no YAML."""
    try:
        document = yaml.compose(text, Loader=yaml.SafeLoader)
        return _node(document, set()) if document else Node(start=0, end=0, kind="word")
    except (yaml.YAMLError, RecursionError) as error:
        place = " ".join(str(error).split())
        raise BadInput(f"It is no YAML: {place}", hint="Correct that place first; nothing was changed.") from None


def _node(node: yaml.Node, seen: set[int]) -> Node:
    start, end = node.start_mark.index, node.end_mark.index
    if id(node) in seen:  # an alias: what it stands for is elsewhere, and could be without end
        return Node(start=start, end=end, kind="word")
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        members = tuple((str(key.value), _node(value, seen)) for key, value in node.value)
        return Node(start=start, end=end, kind="object", members=members, lines=not node.flow_style)
    if isinstance(node, yaml.SequenceNode):
        items = tuple(_node(item, seen) for item in node.value)
        return Node(start=start, end=end, kind="array", items=items, lines=not node.flow_style)
    kind = "text" if node.tag == "tag:yaml.org,2002:str" else "word"
    return Node(start=start, end=end, kind=kind, value=node.value)
