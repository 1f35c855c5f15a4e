"""Clients of databases: what they are asked is said, and by which statement."""

from __future__ import annotations

import pytest

from guard.analyse.javascript.databases import DATABASES
from guard.analyse.javascript.sinks import SPECS
from guard.model import Kind
from tests.analyse.javascript.check import effects_of

ASKED = {
    "const { Pool } = require('pg'); new Pool().query('DELETE FROM t')": Kind.SQL_DELETE,
    "require('mysql2').createPool({}).execute('UPDATE t SET a = 1')": Kind.SQL_UPDATE,
    "require('better-sqlite3')('a.db').exec('DROP TABLE t')": Kind.SQL_DROP,
    "const { MongoClient } = require('mongodb'); new MongoClient('mongodb://h').db('a').collection('b').deleteMany({})": Kind.SQL_DELETE,
    "const R = require('ioredis'); new R().flushall()": Kind.SQL_DELETE,
}


@pytest.mark.parametrize("package", DATABASES)
def test_every_spec_of_a_database_exists(package: str) -> None:
    assert set(DATABASES[package]) <= set(SPECS)


@pytest.mark.parametrize("program", ASKED)
def test_what_a_database_is_asked_is_said(program: str) -> None:
    assert ASKED[program] in {effect.kind for effect in effects_of(program)}
