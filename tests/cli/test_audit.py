import asyncio
import dataclasses
import json
import sqlite3

import pytest

from guard.analyse import analyse
from guard.cli import compose
from guard.model import Case, Execution, Stage, Traffic
from tests.build import change, effect, execution
from tests.cli.build import COMPUTES, FETCHES, Home

TRIED = Traffic(refused=("http.post evil.example:80: it was not approved",), beyond=(effect("http.post", "Endpoint", "evil.example:80"),))


def ran(home: Home, code: str, did: Execution) -> Case:
    """A case whose run did that, as an engine would have left it in the store."""
    case = home.submitted(code)

    async def save() -> Case:
        async with compose.open_store(home.config) as store:
            after = dataclasses.replace(case, execution=did, stage=Stage.DONE)
            return await store.save(after, [], now=case.updated_at, before=case, policy_digest=None)

    return asyncio.run(save())


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


@pytest.mark.parametrize("arguments", [("list", "--limit"), ("show",)])
def test_a_number_that_no_ledger_has_is_a_wrong_argument(home: Home, arguments: tuple[str, ...]) -> None:
    assert home.guard("audit", *arguments, str(1 << 70)).code == 2


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


def test_a_ledger_that_was_replaced_as_a_whole_is_found_by_the_head_that_was_noted(home: Home) -> None:
    noted = home.guard("audit", "verify").out.split()[-1]
    home.submitted(FETCHES)
    assert home.guard("audit", "verify", "--head", noted).code == 0, "it grew"
    number, digest = noted.split(":")
    said = home.guard("audit", "verify", "--head", f"{number}:{digest[::-1]}")
    assert said.code == 76
    assert f"entry {number} is not the one that was noted" in said.err
    assert home.guard("audit", "verify", "--head", f"9{number}:{digest}").code == 76, "the end was cut off"


def test_a_head_that_is_none_is_said_so(home: Home) -> None:
    said = home.guard("audit", "verify", "--head", "2:abc")
    assert said.code == 65
    assert "'2:abc' is no head" in said.err


def test_without_a_divergence_it_says_so(home: Home) -> None:
    ran(home, COMPUTES, execution())
    home.submitted(FETCHES)
    assert home.guard("audit", "divergences").out == "No run was seen to diverge.\n"
    assert home.guard("audit", "divergences", "--jsonl").out == ""
    assert home.guard("audit", "divergences", "--json").out == "[]\n"


def test_a_run_that_diverged_is_listed_with_exactly_what_it_did(home: Home) -> None:
    ran(home, COMPUTES, execution(change("created", "b\x1b[31m.txt")))
    ran(home, FETCHES, execution(traffic=dataclasses.replace(TRIED, beyond=())))
    said = home.guard("audit", "divergences").out
    assert "  not predicted: fs.create b‹U+001B ESC›[31m.txt\n" in said
    assert "  not granted: fs.create b‹U+001B ESC›[31m.txt\n" in said
    assert "  tried, and was refused: http.post evil.example:80: it was not approved\n" in said
    assert said.count("The analysis was wrong about this program") == 1
    rows = json.loads(home.guard("audit", "divergences", "--json").out)
    assert [(row["case"], row["analysis_wrong"]) for row in rows] == [(1, True), (2, False)]
    assert rows[0]["divergence"]["unpredicted"][0]["kind"] == "fs.create"


def test_programs_about_which_the_analysis_was_wrong_become_lines_of_the_corpus_once_each(home: Home) -> None:
    ran(home, COMPUTES, execution(change("created", "b.txt"), traffic=TRIED))
    ran(home, COMPUTES, execution(change("created", "b.txt")))
    ran(home, FETCHES, execution(traffic=dataclasses.replace(TRIED, beyond=())))
    (line,) = home.guard("audit", "divergences", "--jsonl").out.splitlines()
    row = json.loads(line)
    assert row == {
        "id": "divergence-0001", "language": "python", "code": COMPUTES,
        "effects": ["fs.create File b.txt", "http.post Endpoint evil.example:80"],
    }  # fmt: skip
    # What is labelled so is what `tests/corpus` asks: the analysis does not see it yet.
    assert "fs.create" not in analyse(row["language"], row["code"], home.config.facts()).kinds


def test_the_two_forms_are_not_mixed(home: Home) -> None:
    assert home.guard("audit", "divergences", "--json", "--jsonl").code == 65
