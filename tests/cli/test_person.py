import pytest

from guard import keys
from tests.cli.build import FETCHES, Home
from tests.cli.test_cases import PASSPHRASE, at_a_terminal


def test_a_person_is_registered_with_teams_and_a_key(home: Home) -> None:
    public = keys.make(home.root / "elsewhere", "ann", PASSPHRASE)
    assert home.guard("person", "add", "ann", "--os-user", "ann", "--team", "data", "--team", "ops", "--key", public).code == 0
    line = next(line for line in home.guard("person", "list").out.splitlines() if line.startswith("ann"))
    assert "data, ops" in line
    assert public in line


@pytest.mark.parametrize("name", ["", "../evil", "a b", "-x", "é", "a" * 65])
def test_a_name_that_could_be_a_path_or_a_trick_is_refused(name: str, home: Home) -> None:
    assert home.guard("person", "add", "--os-user", "other", "--", name).code == 65


def test_a_key_that_is_not_one_is_refused(home: Home) -> None:
    assert home.guard("person", "add", "ann", "--os-user", "ann", "--key", "abc").code == 65


def test_one_user_of_this_machine_is_one_person(home: Home) -> None:
    said = home.guard("person", "add", "second")
    assert said.code == 65
    assert "already" in said.err


def test_a_key_is_made_at_a_terminal_only(home: Home) -> None:
    assert home.guard("person", "key").code == 78


def test_a_key_made_at_a_terminal_is_registered(home: Home) -> None:
    code, seen = at_a_terminal(home, "person", "key", typing=[("Passphrase", PASSPHRASE), ("again", PASSPHRASE)])
    assert code == 0, seen
    assert PASSPHRASE not in seen
    (pem,) = (home.state / "keys").iterdir()
    signer = keys.unlock(home.state / "keys", pem.stem, PASSPHRASE)
    assert signer.public in home.guard("person", "list").out


def test_a_passphrase_that_will_not_do_is_asked_for_again(home: Home) -> None:
    typing = [("Passphrase:", "short"), ("8 characters or more:", PASSPHRASE), ("same again:", PASSPHRASE)]
    code, seen = at_a_terminal(home, "person", "key", typing=typing)
    assert code == 0, seen
    assert keys.unlock(home.state / "keys", next((home.state / "keys").iterdir()).stem, PASSPHRASE)


def test_no_passphrase_makes_no_key(home: Home) -> None:
    code, seen = at_a_terminal(
        home, "person", "key", typing=[("Passphrase:", PASSPHRASE), ("again:", "another one"), ("from the start:", "")]
    )
    assert code == 65, seen
    assert "No passphrase" in seen
    assert not list((home.state / "keys").glob("*"))


def test_who_i_am_comes_from_the_user_id_and_not_from_the_environment(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("USER", "LOGNAME", "USERNAME"):
        monkeypatch.setenv(name, "eve")
    said = home.guard("person", "add", "eve")
    assert said.code == 65
    assert "already" in said.err


def test_a_person_who_is_removed_may_decide_nothing_more_and_the_ledger_says_so(home: Home) -> None:
    name = home.guard("person", "list").out.splitlines()[1].split()[0]
    home.submitted(FETCHES)
    assert home.guard("grants", "give", "1").code == 0
    assert home.guard("person", "remove", "nobody").code == 65
    said = home.guard("person", "remove", name)
    assert said.code == 0
    assert "agent-may-get-example-com-443-0001" in said.out
    assert home.guard("approve", "1").code == 78
    assert "Nothing is granted" in home.guard("grants", "list").out
    assert "person.removed" in home.guard("audit", "list").out
    assert home.guard("person", "remove", name).code == 78, "nobody is left who could"


def test_whom_the_policies_do_not_let_removes_nobody_and_revokes_nothing(home: Home) -> None:
    name = home.guard("person", "list").out.splitlines()[1].split()[0]
    home.submitted(FETCHES)
    assert home.guard("grants", "give", "1").code == 0
    both = 'action in [Guard::Action::"remove", Guard::Action::"revoke"]'
    (home.policies / "team.cedar").write_text(f'@id("not-here") @why("x") forbid (principal, {both}, resource);')
    for command in (("person", "remove", name), ("grants", "revoke", "agent-may-get-example-com-443-0001")):
        said = home.guard(*command)
        assert said.code == 77
        assert "not-here" in said.err
    assert name in home.guard("person", "list").out
    assert "agent-may-get-example-com-443-0001" in home.guard("grants", "list").out
