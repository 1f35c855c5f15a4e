import json
import stat

import pytest

from guard.config import load
from tests.cli.build import FETCHES, PASSPHRASE, Home
from tests.cli.test_cases import at_a_terminal


def test_init_makes_a_guard_that_works(bare: Home) -> None:
    bare.init("--unattended", "--agent", "etl-bot")
    config = load(bare.path)
    assert (config.workspace, config.state, config.agent) == (bare.workspace, bare.state, "etl-bot")
    assert {path.name for path in bare.policies.iterdir()} >= {"default.cedar", "schema.cedarschema", "default.examples.toml", "packs"}
    assert bare.guard("policy", "check").code == 0
    assert bare.guard("audit", "verify").code == 0


def test_what_init_makes_is_private(bare: Home) -> None:
    bare.init()
    for path, mode in ((bare.path, 0o600), (bare.path.parent, 0o700), (bare.state, 0o700)):
        assert stat.S_IMODE(path.stat().st_mode) == mode, path


def test_init_registers_the_user_of_this_machine(bare: Home) -> None:
    bare.init("--unattended")
    assert "no key" in bare.guard("person", "list").out


def test_init_says_what_goes_into_the_clients_configuration(bare: Home) -> None:
    out = bare.guard("init", "--state", str(bare.state)).out
    snippet = json.loads(out[out.index("{") :])
    server = snippet["mcpServers"]["guard"]
    assert server["args"][-1] == "serve"
    assert server["env"] == {"GUARD_CONFIG": str(bare.path)}


def test_without_a_key_and_unattended_approvals_init_says_that_nobody_can_approve(bare: Home) -> None:
    assert "guard person key" in bare.guard("init", "--state", str(bare.state)).out


@pytest.mark.parametrize("key", ["\x03", "\x04"], ids=["Ctrl-C", "Ctrl-D"])
def test_who_leaves_init_at_the_passphrase_leaves_at_once_and_is_registered_without_a_key(bare: Home, key: str) -> None:
    code, seen = at_a_terminal(bare, "init", "--state", str(bare.state), typing=[("Passphrase", "")], key=key)
    assert code != 0, seen
    assert "Traceback" not in seen
    assert "no key" in bare.guard("person", "list").out
    made = [("Passphrase:", PASSPHRASE), ("same again:", PASSPHRASE)]
    code, seen = at_a_terminal(bare, "person", "key", typing=made)
    assert code == 0, seen


def test_only_unattended_switches_the_pack_on(bare: Home) -> None:
    bare.init()
    assert not (bare.policies / "unattended.cedar").exists()
    bare.init("--force", "--unattended")
    assert (bare.policies / "unattended.cedar").exists()


def test_init_does_not_overwrite_a_configuration(home: Home) -> None:
    before = home.path.read_bytes()
    said = home.guard("init", "--agent", "other")
    assert said.code == 78
    assert "--force" in said.err
    assert home.path.read_bytes() == before


def test_a_forced_init_keeps_cases_and_people(home: Home) -> None:
    home.submitted(FETCHES)
    home.init("--force", "--agent", "other", "--unattended")
    assert home.config.agent == "other"
    assert home.guard("queue").out.count("0001") == 1


@pytest.mark.parametrize("inside", ["project/state", "."])
def test_a_workspace_with_guards_own_folders_in_it_is_refused_and_nothing_is_written(bare: Home, inside: str) -> None:
    said = bare.guard("init", "--workspace", str(bare.workspace if inside != "." else bare.root), "--state", str(bare.root / inside))
    assert said.code == 78
    assert "one in the other" in said.err
    assert not bare.path.exists()
    assert not bare.policies.exists()
