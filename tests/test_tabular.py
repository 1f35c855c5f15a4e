"""A long and regular change of a table is told by its columns; where that would not be all of it, nothing is."""

from __future__ import annotations

import json

import pytest

from guard.tabular import regular

OLD = "id,country,price\n" + "".join(f"{i},{'fr ' if i % 2 else 'DE'},{i}.00\n" for i in range(40))
NEW = OLD.replace("fr ,", "FR,")


def told(before: str, after: str, path: str = "data/orders.csv") -> tuple[str, ...]:
    return regular(path, before.encode("utf-8", "surrogateescape"), after.encode("utf-8", "surrogateescape"))


def test_each_column_that_changed_is_named_with_how_often_and_what_became_what() -> None:
    assert told(OLD, NEW) == (
        "20 of 40 rows differ, in 1 of 3 columns; no row came or went:",
        "“country”: 20 rows; “fr ” -> “FR” 20 times",
    )
    dearer = NEW.replace(".00", ".50")
    assert told(OLD, dearer)[0] == "40 of 40 rows differ, in 2 of 3 columns; no row came or went:"
    assert told(OLD, dearer)[2].startswith("“price”: 40 rows; “0.00” -> “0.50” 1 times; ")
    assert told(OLD, dearer)[2].endswith("; and 37 other changes")


def test_line_ends_that_all_changed_are_no_values() -> None:
    """As Python's csv module writes them; the line diff says it."""
    assert told(OLD, NEW.replace("\n", "\r\n")) == told(OLD, NEW) == told(OLD.replace("\n", "\r\n"), NEW)


def test_a_list_of_objects_is_told_as_a_table() -> None:
    objects = [{"id": i, "price": 12.5, "tags": ["ä: "]} for i in range(20)]
    new = [{**one, "price": 13.5} for one in objects]
    for style in ({"indent": 2}, {"indent": 4, "ensure_ascii": False}, {}, {"separators": (",", ":")}):
        assert told(json.dumps(objects, **style), json.dumps(new, **style) + "\n", "a.json") == (  # type: ignore[arg-type]
            "20 of 20 rows differ, in 1 of 3 columns; no row came or went:",
            "“price”: 20 rows; “12.5” -> “13.5” 20 times",
        )


JSON = json.dumps([{"id": i, "price": 1} for i in range(20)])
DEARER = JSON.replace('"price": 1', '"price": 2')


@pytest.mark.parametrize(
    ("before", "after", "path"),
    [
        (OLD, NEW, "orders.txt"),
        (OLD, OLD.replace("fr ", "FR", 7), "orders.csv"),
        (OLD, NEW + "41,FR,1.00\n", "orders.csv"),
        (OLD, NEW.replace("country", "land"), "orders.csv"),
        (OLD, NEW.replace("1,FR,", "1,FR,,"), "orders.csv"),
        (OLD, NEW.replace("\n2,DE,", '\n2,"DE",'), "orders.csv"),
        (OLD, NEW.removesuffix("\n"), "orders.csv"),
        (OLD, NEW.replace("\n", "\r\n", 3), "orders.csv"),
        (OLD, NEW.replace("FR", '"F\nR"', 1), "orders.csv"),
        (OLD.replace("country", "id"), NEW.replace("country", "id"), "orders.csv"),
        (OLD, NEW.replace("FR", "\udcff", 1), "orders.csv"),
        ("", NEW, "orders.csv"),
        (OLD, "", "orders.csv"),
        (JSON, DEARER.replace('"id": 3', '"price": 9, "id": 3'), "a.json"),
        (JSON, DEARER.replace('"id": 3', '"id": 7, "id": 3'), "a.json"),
        (JSON, DEARER.replace('"id": 3', '"id":  3'), "a.json"),
        (JSON, json.dumps(json.loads(DEARER), indent=2), "a.json"),
        ("[" * 100_000, DEARER, "a.json"),
        ('{"a": 1}', '{"a": 2}', "a.json"),
    ],
)
def test_of_a_change_that_columns_do_not_account_for_nothing_is_told(before: str, after: str, path: str) -> None:
    assert told(before, after, path) == ()


def test_what_is_not_known_is_not_told() -> None:
    long = OLD.encode() * 10_000
    assert regular("a.csv", long, long.replace(b"fr ", b"FR")) == ()
    assert regular("a.csv", None, NEW.encode()) == regular("a.csv", OLD.encode(), None) == ()


def test_many_columns_and_long_values_are_counted_and_cut() -> None:
    head = ",".join(f"c{i}" for i in range(12))
    before, after = (head + "\n" + "".join(",".join([value * 30] * 12) + "\n" for _ in range(9)) for value in "ab")
    found = told(before, after)
    assert found[1] == f"“c0”: 9 rows; “{'a' * 23}…” -> “{'b' * 23}…” 9 times"
    assert len(found) == 10
    assert found[-1] == "and 4 other columns"
