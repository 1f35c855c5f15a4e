"""guard.toml: one frozen tree; unknown keys and unsafe places are refused with the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from guard import config
from guard.errors import ConfigError
from guard.model import Class


@pytest.fixture
def home(tmp_path):
    for name in ("etc", "state", "project"):
        (tmp_path / name).mkdir()
    return tmp_path


def write(home: Path, text: str = "") -> Path:
    path = home / "etc" / "guard.toml"
    path.write_text(f'workspace = "{home}/project"\nstate = "{home}/state"\n{text}')
    return path


def test_a_small_file_is_enough(home):
    loaded = config.load(write(home))
    assert loaded.workspace == home / "project"
    assert loaded.policies == home / "etc" / "policies"
    assert (loaded.agent, loaded.on_park) == ("agent", "wait")
    assert ".env" in loaded.facts().secret_patterns


def test_the_command_line_overrides_workspace_and_agent(home):
    (home / "other").mkdir()
    loaded = config.load(write(home), workspace=str(home / "other"), agent="bot")
    assert (loaded.workspace, loaded.agent) == (home / "other", "bot")


REFUSED = {
    'wokspace = "x"': "wokspace",
    'agent = "../x"': "agent",
    "[limits]\nwall_seconds = 0": "limits.wall_seconds",
    'on_park = "allow"': "on_park",
    'secret_files = ["*"]': "hide everything",
    '[sandbox]\nengine = "container"': "no socket of an engine",
    '[sandbox]\nsocket = "tcp://127.0.0.1:2375"': "sandbox.socket",
    '[sandbox]\nimage = "-x"': "sandbox.image",
    'path = "x"': "unknown key 'path'",
    "agent = ": "not valid TOML",
    f"wait_seconds = {'9' * 5000}": "not valid TOML",
    f"x = {'[' * 5000}": "nested too deeply",
    f"[limits]\nmemory_bytes = {1 << 70}": "limits.memory_bytes",
    f"[limits]\ndisk_files = {1 << 53}": "limits.disk_files",
    f"[egress]\nsent_bytes = {1 << 63}": "egress.sent_bytes",
    'policies = "~nobody-has-this-name/x"': "is no path",
    'policies = "a\\u0000b"': "is no path",
}


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_wrong_is_named(home, text):
    with pytest.raises(ConfigError, match=REFUSED[text]) as caught:
        config.load(write(home, text))
    assert caught.value.hint


def test_a_workspace_of_an_impossible_name_is_no_folder(home):
    with pytest.raises(ConfigError, match="is not a folder"):
        config.load(write(home), workspace="a" * 5000)


def test_a_workspace_that_is_a_loop_of_links_is_named(home):
    (home / "loop").symlink_to(home / "loop")
    with pytest.raises(ConfigError, match="loop' is no path"):
        config.load(write(home), workspace=str(home / "loop"))


def test_a_configuration_in_the_home_of_nobody_is_named(home):
    with pytest.raises(ConfigError, match="cannot be read"):
        config.load(Path("~nobody-has-this-name/guard.toml"))


def test_without_a_file_the_error_says_what_to_do(home):
    with pytest.raises(ConfigError) as caught:
        config.load(home / "none.toml")
    assert "guard init" in caught.value.hint


@pytest.mark.parametrize("workspace", ["state", "etc", ".", "state/deeper"])
def test_a_workspace_that_holds_or_lies_in_guards_own_folders_is_refused(home, workspace):
    (home / "state" / "deeper").mkdir()
    with pytest.raises(ConfigError, match="one in the other"):
        config.load(write(home), workspace=str(home / workspace))


def test_a_link_to_guards_own_folders_does_not_get_round_that(home):
    (home / "link").symlink_to(home / "state")
    with pytest.raises(ConfigError, match="one in the other"):
        config.load(write(home), workspace=str(home / "link"))


def test_guards_own_code_is_no_workspace(home):
    with pytest.raises(ConfigError, match="one in the other"):
        config.load(write(home), workspace=str(Path(config.__file__).parent / "policy"))


def test_the_whole_disk_is_no_workspace(home):
    with pytest.raises(ConfigError, match="far too much"):
        config.load(write(home), workspace="/")
    with pytest.raises(ConfigError, match="not a folder"):
        config.load(write(home), workspace=str(home / "missing"))


def test_places_that_are_not_on_the_internet_are_named_one_by_one(home):
    loaded = config.load(write(home, '[egress]\nallow_private = ["10.0.0.5:5432", "DB.Internal.:5432", "[::1]:8080"]\n'))
    assert loaded.egress.allow_private == ("10.0.0.5:5432", "db.internal:5432", "::1:8080")


@pytest.mark.parametrize("place", ["10.0.0.0/8:80", "*:80", "*.internal:80", "10.0.0.5", "10.0.0.5:0", "10.0.0.5:http", ":80", ""])
def test_a_pattern_of_private_places_is_refused(home, place):
    with pytest.raises(ConfigError, match="allow_private"):
        config.load(write(home, f'[egress]\nallow_private = ["{place}"]\n'))


NOTIFY_REFUSED = {
    "[[notify]]": "notify.0.url",
    '[[notify]]\nurl = "json://x"\nquiet = "22-7"': "notify.0.quiet",
    '[[notify]]\nurl = "json://x"\nquiet = "25:00-07:00"': "notify.0.quiet",
    '[[notify]]\nurl = "json://x"\nclasses = ["grave"]': "notify.0.classes",
    '[[notify]]\nurl = "json://x"\nafter_minutes = -1': "notify.0.after_minutes",
    'case_link = "javascript:{case}"': "case_link",
    'case_link = "https://guard.example/"': "case_link",
    "most_waiting = 0": "most_waiting",
}


@pytest.mark.parametrize("text", NOTIFY_REFUSED)
def test_what_is_wrong_with_a_route_is_named(home, text):
    with pytest.raises(ConfigError, match=NOTIFY_REFUSED[text]):
        config.load(write(home, text))


def test_the_address_of_a_route_is_in_no_words_for_the_configuration(home):
    text = '[[notify]]\nurl = "json://user:s3cret@host"\nteams = ["data"]\nclasses = ["destructive"]\nquiet = "22:00-07:00"'
    loaded = config.load(write(home, text))
    assert "s3cret" not in f"{loaded!r} {loaded}"
    assert loaded.notify[0].url.get_secret_value() == "json://user:s3cret@host"
    with pytest.raises(ConfigError) as caught:
        config.load(write(home, text + "\nteam = 'x'"))
    assert "s3cret" not in str(caught.value)


def test_limits_differ_by_agent_and_by_the_classes_of_what_a_program_does(home):
    text = """
[limits]
wall_seconds = 60
memory_bytes = 500000000
[class_limits.network]
wall_seconds = 300
processes = 16
[class_limits.write]
wall_seconds = 100
[agents.small.limits]
wall_seconds = 30
runs = 2
[agents.large.limits]
wall_seconds = 600
memory_bytes = 900000000
"""
    loaded = config.load(write(home, text))
    seconds = {
        (agent, classes): loaded.limits_for(agent, classes).wall_seconds
        for agent in ("other", "small", "large")
        for classes in ((), (Class.NETWORK,), (Class.NETWORK, Class.WRITE), (Class.DESTRUCTIVE,))
    }
    assert [seconds["other", c] for c in ((), (Class.NETWORK,), (Class.NETWORK, Class.WRITE), (Class.DESTRUCTIVE,))] == [60, 300, 100, 60]
    assert {value for (agent, _), value in seconds.items() if agent == "small"} == {30}
    assert (seconds["large", ()], seconds["large", (Class.NETWORK,)]) == (600, 300)
    assert (loaded.limits_for("small").runs, loaded.limits_for("large").memory_bytes) == (2, 900_000_000)
    assert loaded.limits_for("other", [Class.NETWORK]).of_a_box.processes == 16
    assert loaded.box_limits.wall_seconds == 60


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[agents.a.limits]\nwall = 3", "wall"),
        ("[agents.a.limits]\nprocesses = 1", "processes"),
        ("[class_limits.write]\nmemory_bytes = 1.5e8\ncpu_seconds = 0", "cpu_seconds"),
        ("[class_limits.compute]\nprocesses = 8", "compute"),
    ],
)
def test_limits_that_are_none_are_refused_by_name(home, text, said):
    with pytest.raises(ConfigError, match=said):
        config.load(write(home, text))
