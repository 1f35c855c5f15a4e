"""Databases and variables."""

from __future__ import annotations

import pytest

from guard.model import Kind
from tests.analyse.javascript.check import check, effects_of


@pytest.mark.parametrize(
    "line",
    [
        "this.query('DELETE FROM users');  // sql.delete Table /users ?",
        "this.db.all('SELECT * FROM users WHERE id = ?', [id]);  // sql.select Table /users ?",
        "process.env.PATH;  // env.read Variable PATH",
        "process.env['SECRET' + '_KEY'];  // secret.read Variable SECRET_KEY",
        "const { env } = process; env.DATABASE_URL;  // secret.read Variable DATABASE_URL",
        "Object.entries(process.env);  // secret.read Variable - ~",
        "import.meta.env.API_KEY;  // secret.read Variable API_KEY",
    ],
)
def test_what_is_read_and_changed(line: str) -> None:
    check(line)


def test_setting_a_variable_of_this_process_reads_none() -> None:
    assert effects_of("process.env.NODE_ENV = 'test'") == ()


def test_a_query_that_is_not_sql_is_no_effect() -> None:
    assert effects_of("const [store, list, page] = JSON.parse(text); store.query('by-name'); list.all('x'); page.run('DELETEd')") == ()


def test_sql_with_a_hole_is_not_exact() -> None:
    (effect,) = effects_of("import pg from 'pg'; async (c = new pg.Client()) => 0; this.x.query(`DELETE FROM users WHERE id = ${id}`)")[-1:]
    assert (effect.kind, effect.exact) == (Kind.SQL_DELETE, False)
