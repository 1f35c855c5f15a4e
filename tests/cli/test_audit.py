import json
import sqlite3

from tests.cli.build import FETCHES, Home


def test_the_ledger_is_listed_oldest_first_and_by_case(home: Home) -> None:
    home.submitted(FETCHES)
    home.submitted(FETCHES + "\n# another program")
    everything = home.guard("audit", "list").out.splitlines()
    assert [int(line.split()[0]) for line in everything] == list(range(1, len(everything) + 1))
    of_one = home.guard("audit", "list", "--case", "0002").out
    assert "case.submitted" in of_one
    assert "case 0002" in of_one
    assert "case 0001" not in of_one


def test_the_latest_entries_are_the_ones_that_a_limit_leaves(home: Home) -> None:
    home.submitted(FETCHES)
    everything = home.guard("audit", "list").out.splitlines()
    assert home.guard("audit", "list", "--limit", "2").out.splitlines() == everything[-2:]


def test_json_lines_are_the_entries_that_were_hashed(home: Home) -> None:
    home.submitted(FETCHES)
    entries = [json.loads(line) for line in home.guard("audit", "list", "--json").out.splitlines()]
    assert {"seq", "prev", "at", "kind", "case", "data"} == set(entries[0])
    assert entries[-1]["prev"]


def test_an_entry_is_shown_with_its_hash(home: Home) -> None:
    entry = json.loads(home.guard("audit", "show", "1").out)
    following = json.loads(home.guard("audit", "show", "2").out)
    assert following["prev"] == entry["hash"]


def test_an_entry_that_does_not_exist_is_said_so(home: Home) -> None:
    assert home.guard("audit", "show", "99999").code == 65


def test_a_sound_ledger_verifies(home: Home) -> None:
    home.submitted(FETCHES)
    said = home.guard("audit", "verify")
    assert said.code == 0
    assert "The ledger verifies" in said.out


def test_an_entry_that_was_changed_is_named(home: Home) -> None:
    home.submitted(FETCHES)
    with sqlite3.connect(home.state / "guard.db") as database:
        database.execute("DROP TRIGGER ledger_is_not_edited")
        database.execute("UPDATE ledger SET body = CAST(replace(CAST(body AS TEXT), 'person', 'pers0n') AS BLOB) WHERE seq = 2")
    database.close()
    said = home.guard("audit", "verify")
    assert said.code == 76
    assert "entry 2 was changed" in said.err
    assert home.guard("audit", "list").code == 0, "a broken ledger can still be read"
