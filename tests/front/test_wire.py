"""Bytes that JSON readers disagree about are refused, under the request's own id, with a word on what is wrong."""

from __future__ import annotations

import json

import pytest

from guard.front.wire import DEEPEST, LARGEST_INTEGER, LONGEST_MESSAGE, Refusal, taken


def message(arguments: str = "{}", id_: str = "7") -> bytes:
    return f'{{"jsonrpc":"2.0","id":{id_},"method":"tools/call","params":{{"name":"execute","arguments":{arguments}}}}}'.encode()


def refused(raw: bytes) -> Refusal:
    found = taken(raw)
    assert isinstance(found, Refusal)
    return found


@pytest.mark.parametrize(
    "raw",
    [
        message(),
        message(json.dumps({"code": "print('ä 🎉 \\ud83c\\udf89')"})),
        message(f'{{"n": 1.5e300, "m": -0.0, "k": {LARGEST_INTEGER}}}'),
        message(id_='"seven"'),
        b'{"jsonrpc":"2.0","method":"notifications/initialized"}',
        b'{"jsonrpc":"2.0","id":1,"result":{}}\r\n',
    ],
)
def test_an_unambiguous_message_passes(raw: bytes) -> None:
    found = taken(raw)
    assert not isinstance(found, Refusal)
    assert json.loads(found.model_dump_json(by_alias=True, exclude_unset=True)) == json.loads(raw)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (message('{"code": "safe()", "code": "evil()"}'), "'code' stands twice"),
        (message('{"code": "safe()", "\\u0063ode": "evil()"}'), "'code' stands twice"),
        (message('{"timeout": NaN}'), "params.arguments.timeout is not a finite number"),
        (message('{"timeout": -Infinity}'), "params.arguments.timeout is not a finite number"),
        (message('{"timeout": 1e999}'), "params.arguments.timeout is not a finite number"),
        (message('{"timeout": 9007199254740993}'), "params.arguments.timeout is an integer beyond 2^53"),
        (message('{"timeout": %s}' % ("9" * 5000)), "params.arguments.timeout is an integer beyond 2^53"),
        (message('{"code": "a\\ud800b"}'), "params.arguments.code holds a lone surrogate"),
        (message('{"list": ["\\udc00"]}'), "params.arguments.list[0] holds a lone surrogate"),
        (message('{"\\ud800": 1}'), "A key in params.arguments holds a lone surrogate"),
        (message("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1)), "nested more than 64 levels"),
        (b'{"jsonrpc":"2.0","id":7,"method":"x","params":[]}', "not one JSON-RPC 2.0 message"),
        (b'{"jsonrpc":"1.0","id":7,"method":"x"}', "not one JSON-RPC 2.0 message"),
        (b'{"jsonrpc":"2.0","id":7}', "not one JSON-RPC 2.0 message"),
    ],
)
def test_what_readers_disagree_about_is_refused_by_name_under_its_id(raw: bytes, says: str) -> None:
    found = refused(raw)
    assert says in found.message
    assert found.id == 7
    assert found.code == -32600


@pytest.mark.parametrize(
    ("raw", "says", "code"),
    [
        (b"", "not JSON", -32700),
        (b"{", "not JSON", -32700),
        (b'{"jsonrpc":"2.0","id":1,"method":"x"} trailing', "not JSON", -32700),
        (b'\xef\xbb\xbf{"jsonrpc":"2.0","id":1,"method":"x"}', "not JSON", -32700),
        (b'{"jsonrpc":"2.0","id":1,"method":"\xff"}', "not UTF-8 (byte 34)", -32700),
        (b'{"a":"\xed\xa0\x80"}', "not UTF-8", -32700),
        (b"[" * 200_000, "nested more than 64 levels", -32700),
        (b'[{"jsonrpc":"2.0","id":1,"method":"x"}]', "batches are not taken", -32600),
        (b'{"jsonrpc":"2.0","id":true,"method":"x"}', "not one JSON-RPC 2.0 message", -32600),
        (b'{"jsonrpc":"2.0","id":null,"method":"x"}', "not one JSON-RPC 2.0 message", -32600),
        (b'{"jsonrpc":"2.0","id":1.0,"method":"x"}', "not one JSON-RPC 2.0 message", -32600),
        (b'{"jsonrpc":"2.0","id":"\\ud800","method":"x"}', "id holds a lone surrogate", -32600),
        (b'{"jsonrpc":"2.0","id":9007199254740993,"method":"x"}', "id is an integer beyond 2^53", -32600),
        (b'{"jsonrpc":"2.0","id":1,"id":2,"method":"x"}', "'id' stands twice", -32600),
        (b" " * (LONGEST_MESSAGE + 1), "longer than 32 MiB", -32600),
    ],
)
def test_a_message_without_a_usable_id_is_refused_without_one(raw: bytes, says: str, code: int) -> None:
    found = refused(raw)
    assert says in found.message
    assert found.code == code
    assert found.id in (None, 2)
