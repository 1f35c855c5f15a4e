"""Imports: known modules do nothing by themselves, unknown ones are code that nobody saw, types are no imports."""

from __future__ import annotations

import pytest

from tests.analyse.javascript.check import check


@pytest.mark.parametrize(
    "line",
    [
        "import 'left-pad';  // import.unknown",
        "const x = require('./local');  // import.unknown",
        "import x from 'https://esm.sh/x';  // http.get Endpoint esm.sh:443; import.unknown",
        "import x from 'data:text/javascript,1';  // import.unknown",
        "export * from 'left-pad';  // import.unknown",
        "import _ from 'lodash';",
        "import fs from 'node:fs';",
    ],
)
def test_an_import(line: str) -> None:
    check(line)


@pytest.mark.parametrize(
    "line",
    [
        "import type { A } from './a';",
        "import { type A } from './a';",
        "import { A } from './a'; let x: A; class B implements A {}",
        "import { A } from './a'; let x = new A();  // import.unknown",
        "import './a';  // import.unknown",
        "import cp = require('child_process'); cp.exec('id');  // proc.exec Program id",
    ],
)
def test_an_import_in_typescript(line: str) -> None:
    check(line, language="typescript")
