"""curl and its kin: methods, hosts, files that are sent and written."""

from __future__ import annotations

import pytest

from tests.analyse.shell.check import effects

URL = "https://api.example.com/x"


@pytest.mark.parametrize(
    ("options", "kind"),
    [("", "http.get"), ("-I", "http.head"), ("-X DELETE", "http.delete"), ("-XDELETE", "http.delete"), ("--request=PUT", "http.put"), ("-sX PATCH", "http.patch"), ("-d a=b", "http.post"),
     ("--json {}", "http.post"), ("-F a=b", "http.post"), ("-G -d a=b", "http.get"), ("-X $M", "http.delete"), ("-X FROB", "http.delete"), ("-d a=b -X GET", "http.get")],
)  # fmt: skip
def test_the_method_is_the_one_that_is_sent(options: str, kind: str) -> None:
    assert effects(f"M=$(cat m); curl {options} {URL}")[-1] == f"{kind} api.example.com:443"


@pytest.mark.parametrize(
    "options",
    [
        "-d @a.txt",
        "--data-binary @a.txt",
        "-F f=@a.txt",
        "-F 'f=<a.txt'",
        "-T a.txt",
        "--upload-file a.txt",
        "-H @a.txt",
        "--cacert a.txt",
        "-sFf=@a.txt",
    ],
)
def test_files_that_are_sent_are_read(options: str) -> None:
    assert "fs.read a.txt" in effects(f"curl {options} {URL}")


@pytest.mark.parametrize(
    "options", ["-o out", "-oout", "-sSLo out", "--output out", "-D out", "-c out", "--trace out", "--libcurl out", "> out", "| tee out"]
)
def test_files_that_are_written_are_told(options: str) -> None:
    assert "fs.write out" in effects(f"curl {URL} {options}")


@pytest.mark.parametrize("options", ["-K conf", "--config conf", "--frobnicate x", "-Q 'DELE x'", "--engine x"])
def test_options_that_guard_does_not_follow_are_opaque(options: str) -> None:
    assert "opaque" in effects(f"curl {options} {URL}")


def test_hosts_are_those_that_are_connected_to() -> None:
    assert effects("curl https://good.example@evil.example/x") == ["http.get evil.example:443"]
    assert effects("curl http://0x7f.1:8080/") == ["http.get 127.0.0.1:8080"]
    assert effects("curl Example.COM.") == ["http.get example.com:80"]
    assert effects("curl https://$HOST/x; HOST=a") == ["env.read HOST", "http.get ?~"]
    assert effects("curl https://api.example.com/$(cat id)") == ["fs.read id", "http.get api.example.com:443"]
    assert effects("curl file:///etc/passwd") == ["fs.read /etc/passwd"]
    assert "net.connect proxy.example:3128" in effects(f"curl -x http://proxy.example:3128 {URL}")


def test_a_word_of_destruction_in_a_posted_path_is_told() -> None:
    assert "http.delete es.example:9200" in effects("curl -XPOST http://es.example:9200/logs/_delete_by_query")


def test_commands_on_other_hosts_are_opaque_and_told() -> None:
    assert effects("ssh me@host.example 'rm -rf /srv'") == ["net.connect host.example:22", "opaque", "fs.delete /srv~"]
    assert "fs.delete a" in effects("ssh -oProxyCommand='rm a' host.example true")
    assert "opaque" in effects("ssh host.example")


def test_names_that_are_looked_up_are_messages() -> None:
    for command in (
        "ping -c1 x.example.com",
        "dig x.example.com",
        "nslookup x.example.com",
        "host x.example.com",
        "getent hosts x.example.com",
        "whois x.example.com",
    ):
        assert any(effect.startswith("net.connect x.example.com") for effect in effects(command)), command
