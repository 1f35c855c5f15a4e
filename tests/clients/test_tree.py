"""What every format's tree can be asked."""

from __future__ import annotations

from guard.clients.tree import Node, plain


def word(value: object) -> Node:
    return Node(start=0, end=1, kind="word", value=value)


def test_of_a_name_that_is_there_twice_the_last_one_counts_and_of_several_names_the_first_that_is_there() -> None:
    node = Node(start=0, end=9, kind="object", members=(("a", word(1)), ("a", word(2)), ("b", word(3))))
    found = node.get("c", "a", "b")
    assert found is not None
    assert found.value == 2
    assert node.get("c") is None
    assert plain(node) == {"a": 2, "b": 3}
