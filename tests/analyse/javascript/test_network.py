"""Addresses and methods: known host with unknown path, unknown method as bad as DELETE, bases of clients."""

from __future__ import annotations

import pytest

from guard.analyse.javascript.network import graphql_kinds, method_kinds
from guard.analyse.javascript.values import HOLE, Text, text
from guard.model import Kind
from tests.analyse.javascript.check import check


@pytest.mark.parametrize(
    "line",
    [
        "fetch(`https://h.example/${x}`);  // http.get Endpoint h.example:443",
        "fetch(`https://h.example${x}`);  // http.get Domain - ~",
        "fetch(`https://${x}.example/`);  // http.get Domain - ~",
        "fetch('https://trusted.example@evil.example/');  // http.get Endpoint evil.example:443",
        "fetch('http://2130706433/');  // http.get Endpoint 127.0.0.1:80",
        "fetch('HTTPS://UPPER.example./');  // http.get Endpoint upper.example:443",
        "fetch(base + '/x');  // http.get Domain - ~",
        "fetch('https://h.example', { ...options });  // http.delete Endpoint h.example:443",
        "fetch('https://h.example', options);  // http.delete Endpoint h.example:443",
        "fetch('https://h.example', { method: m ? 'PUT' : 'POST' });  // http.post Endpoint h.example:443; http.put Endpoint h.example:443",
        "fetch('https://h.example', { method: 'PURGE' });  // http.delete Endpoint h.example:443",
        "require('axios').create({ baseURL: 'https://b.example' }).get('https://other.example/');  // http.get Endpoint other.example:443",
        "require('axios').create({ baseURL: 'https://b.example' }).get(path);  // http.get Domain - ~",
        "require('http').request({ host: h, port: 80 });  // http.get Domain - ~",
        "new (require('pg').Client)();  // net.connect Endpoint localhost:5432",
    ],
)
def test_where_a_request_goes_and_how(line: str) -> None:
    check(line)


def test_methods_are_kinds() -> None:
    assert method_kinds(None) == {Kind.HTTP_GET}
    assert method_kinds((text("post"),)) == {Kind.HTTP_POST}
    assert method_kinds((HOLE,)) == {Kind.HTTP_DELETE}


def test_graphql_reads_only_what_is_surely_a_query() -> None:
    assert graphql_kinds((text("query Q { a }"),)) == {Kind.HTTP_GET}
    assert graphql_kinds((text("{ a }"),)) == {Kind.HTTP_GET}
    assert graphql_kinds((text("mutation { a }"),)) == {Kind.HTTP_POST}
    assert graphql_kinds((text("query Q { a } mutation M { b }"),)) == {Kind.HTTP_POST}
    assert graphql_kinds((Text((None,)),)) == {Kind.HTTP_DELETE}
