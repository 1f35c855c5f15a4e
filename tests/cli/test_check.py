import json

import pytest

from tests.cli.build import COMPUTES, FETCHES, WRITES, Home

FORBIDS = '@id("no-network") @why("None here.") forbid (principal, action in Guard::Action::"network", resource);\n'


@pytest.mark.parametrize(("code", "exit_code", "word"), [(COMPUTES, 0, "ALLOW"), (WRITES, 10, "REVIEW: owes 1 person")])
def test_the_exit_code_is_the_verdict(code: str, exit_code: int, word: str, bare: Home) -> None:
    (bare.workspace / "program.py").write_text(code)
    said = bare.guard("check", "program.py")
    assert said.code == exit_code
    assert f"program.py: {word}" in said.out


def test_the_worst_verdict_of_several_files_is_the_exit_code(home: Home) -> None:
    (home.policies / "team.cedar").write_text(FORBIDS)
    for name, code in (("a.py", COMPUTES), ("b.py", FETCHES), ("c.py", WRITES)):
        (home.workspace / name).write_text(code)
    said = home.guard("check", "a.py", "b.py", "c.py")
    assert said.code == 20
    assert "b.py: DENY: forbidden by no-network" in said.out


def test_an_effect_is_shown_with_its_line_and_the_policy_that_speaks(bare: Home) -> None:
    (bare.workspace / "program.py").write_text("x = 1\nimport os\nos.remove('a.txt')\n")
    out = bare.guard("check", "program.py").out
    assert "line 3  fs.delete  a.txt" in out
    assert "destroying-needs-a-backup" in out
    assert "What is destroyed must be restorable" in out


def test_checking_runs_nothing_and_records_nothing(home: Home) -> None:
    (home.workspace / "program.py").write_text(WRITES)
    home.guard("check", "program.py")
    assert not (home.workspace / "out.txt").exists()
    assert home.guard("queue").out == "Nothing is waiting.\n"


def test_json_has_the_verdict_and_its_reasons(bare: Home) -> None:
    (bare.workspace / "program.py").write_text(WRITES)
    (found,) = json.loads(bare.guard("check", "--json", "program.py").out)
    assert (found["verdict"], found["owed"], found["language"]) == ("review", "1 person", "python")
    assert "fs.write" in {effect["kind"] for effect in found["decision"]["effects"]}


ASKS = {
    "a.sh": "sqlite3 data/app.db 'SELECT name FROM users'",
    "b.py": "import sqlite3\nprint(sqlite3.connect('file:app.db?mode=ro', uri=True).execute('SELECT a FROM t').fetchall())",
    "c.js": "const D = require('better-sqlite3');\nconsole.log(new D('app.db', {readonly: true}).prepare('SELECT a FROM t').all());",
    "d.sh": "sqlite3 app.db 'PRAGMA table_info(users)' .tables",
}
PARKED = {
    "a.sh": "sqlite3 ../app.db 'SELECT name FROM users'",
    "b.sh": "sqlite3 app.db 'SELECT $a$; DROP TABLE t; SELECT $a$'",
    "c.sh": "sqlite3 app.db \"SELECT readfile('/etc/passwd')\"",
    "d.sh": "sqlite3 app.db 'PRAGMA user_version(3)'",
    "e.sh": "psql -d file:app.db -c 'SELECT a FROM t'",
    "f.sh": "sqlite3 app.db 'SELECT name FROM users WHERE id = $1' \"$2\"",
    "g.py": "import sqlite3\nsqlite3.connect('file:app.db?mode=ro', uri=True).execute(\"ATTACH '/etc/x.db' AS x\")",
    "h.js": "const D = require('better-sqlite3');\nnew D('app.db', {readonly: true, nativeBinding: './x.node'}).prepare('SELECT a FROM t').all();",
    "i.sql": 'SELECT a FROM "file:/work/project/app".s.t',
    "j.sh": "sqlite3 secrets.db 'SELECT a FROM t'",
}


def test_a_database_file_of_the_workspace_may_be_asked(bare: Home) -> None:
    for name, code in ASKS.items():
        (bare.workspace / name).write_text(code)
    assert bare.guard("check", *ASKS).code == 0


def test_what_reaches_beyond_asking_a_database_file_waits(bare: Home) -> None:
    for name, code in PARKED.items():
        (bare.workspace / name).write_text(code)
    found = json.loads(bare.guard("check", "--json", *PARKED).out)
    assert {one["verdict"] for one in found} == {"review"}
    assert len(found) == len(PARKED)


def test_a_policy_that_closes_a_file_closes_the_database_in_it(home: Home) -> None:
    path = home.workspace.resolve() / "app.db"
    (home.policies / "team.cedar").write_text(
        f'@id("not-that") @why("Ours alone.") forbid (principal, action == Guard::Action::"sql.select", resource in Guard::File::"{path}");\n'
    )
    (home.workspace / "a.sh").write_text(ASKS["a.sh"].replace("data/", ""))
    said = home.guard("check", "a.sh")
    assert said.code == 20
    assert "forbidden by not-that" in said.out


def test_a_language_that_guard_does_not_know_needs_a_person(bare: Home) -> None:
    (bare.workspace / "program").write_text("10 PRINT 1")
    assert bare.guard("check", "--language", "basic", "program").code == 10


def test_hidden_characters_of_a_program_do_not_reach_the_terminal(bare: Home) -> None:
    (bare.workspace / "program.py").write_text("open('a\\x1b[2J\u202e.txt', 'w')\n")
    out = bare.guard("check", "program.py").out
    assert "\x1b" not in out
    assert "\u202e" not in out
