"""Every rule is listed, and every rule speaks somewhere."""

from __future__ import annotations

import re
from pathlib import Path

from guard.analyse import javascript
from guard.analyse.javascript.rules import RULES
from guard.model import Facts
from tests.analyse.javascript.check import effects_of
from tests.analyse.javascript.test_examples import FILES, language, profile

WITHOUT_A_FILE = {
    "js-too-large": effects_of("x;" * 600_000),
    "js-too-deep": effects_of("a" + ".b()" * 400),
    "js-form": effects_of("const x = 1;", profile="cloudflare"),
    "js-unknown-name": effects_of("async () => mystery()", profile="cloudflare"),
    "js-profile": javascript.analyse("1", Facts(profile="no such server")),
}


def test_every_rule_in_the_code_is_listed() -> None:
    folder = Path(javascript.__file__).parent
    written = {
        rule
        for path in folder.glob("*.py")
        if path.name not in ("rules.py", "packages.py")
        for rule in re.findall(r'"(js-[a-z-]+)"', path.read_text())
    }
    assert set(RULES) == written


def test_every_rule_speaks_in_an_example() -> None:
    spoken = {effect.rule for path in FILES for effect in effects_of(path.read_text(), language=language(path), profile=profile(path))}
    for rule, effects in WITHOUT_A_FILE.items():
        assert rule in {effect.rule for effect in effects}
    assert set(RULES) - spoken - set(WITHOUT_A_FILE) == set()
