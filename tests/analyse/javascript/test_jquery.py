"""jQuery's collections: what sends, loads and writes markup is seen; what shows text and waits for events does nothing."""

from __future__ import annotations

import pytest

from tests.analyse.javascript.check import effects_of

DOES = """
$("#form").submit()  // http.post
$("#form").addClass("sent").submit()  // http.post
jQuery("#form").submit()  // http.post
const form = $("#form"); form.submit()  // http.post
const given = []; $("#form").submit(...given)  // http.post
$("#form").trigger("submit")  // http.post
$("a").trigger("click.menu")  // http.post
$("#form").get(0).submit(() => {})  // http.post
$("#form")[0].submit(() => {})  // http.post
$("#part").load("https://x.example/part.html")  // http.get
$("#part").html(location.hash)  // opaque
$("#part").html("<script src=https://x.example></script>")  // opaque
$("#part").append("<img src=https://x.example/>")  // opaque
$("#part").append(`<li>${location.hash}</li>`)  // opaque
$("<img src='https://x.example'>").appendTo("body")  // opaque
$("img").attr("src", "https://x.example/a.png")  // http.get
$("img").prop({ src: "https://x.example/a.png" })  // http.get
$("#part").css("background-image", "url(https://x.example/a.png)")  // http.get
$.getScript("https://x.example/a.js")  // http.get
$.globalEval("1")  // opaque
$({ cwd: "." })`ls`  // proc.exec
""".strip().splitlines()

NOTHING = """
$(function () { $("#part").addClass("seen").text("hello") })
$("#button").click(function () { alert(1) })
$("#form").submit((event) => event.preventDefault())
$("#part").trigger("change")
$("#part").html("<b>done</b>").append("<li>a</li>", $("<li>").text("b"))
$("#part").load(() => console.log("loaded"))
$("#part").attr("disabled", true).css("color", "red").css({ width: 3 }).val()
$("#part").datepicker()
$.each([1, 2], (at, one) => console.log($.trim(one)))
""".strip().splitlines()


@pytest.mark.parametrize("line", DOES)
def test_what_a_collection_sends_or_loads_is_seen(line: str) -> None:
    program, _, kind = line.partition("  // ")
    assert kind in {str(effect.kind) for effect in effects_of(program)}


@pytest.mark.parametrize("line", NOTHING)
def test_what_only_shows_something_does_nothing(line: str) -> None:
    assert effects_of(line) == ()
