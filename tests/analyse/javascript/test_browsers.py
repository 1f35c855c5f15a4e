"""Browser drivers: a process that starts, addresses that are gone to, and text that runs in the page."""

from __future__ import annotations

import pytest

from guard.analyse.javascript.browsers import BROWSERS
from guard.analyse.javascript.sinks import SPECS
from guard.model import Kind
from tests.analyse.javascript.check import effects_of

PAGES = [
    "const b = await require('puppeteer').launch(); const page = await b.newPage();",
    "const { chromium } = require('playwright'); const b = await chromium.launch(); const c = await b.newContext(); const page = await c.newPage();",
]


@pytest.mark.parametrize("package", BROWSERS)
def test_every_spec_of_a_browser_driver_exists(package: str) -> None:
    assert set(BROWSERS[package]) <= set(SPECS)


@pytest.mark.parametrize("start", PAGES)
def test_a_page_goes_to_an_address_and_runs_what_it_is_told(start: str) -> None:
    told = "await page.goto('https://a.example/'); await page.evaluate(`fetch('https://b.example/', { method: 'DELETE' })`)"
    found = effects_of(f"{start} {told}; await page.pdf({{ path: 'a.pdf' }})")
    assert {Kind.PROC_EXEC, Kind.HTTP_GET, Kind.HTTP_DELETE, Kind.FS_WRITE} <= {effect.kind for effect in found}
