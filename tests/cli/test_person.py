import pytest

from guard import keys
from tests.cli.build import FETCHES, PASSPHRASE, Home
from tests.cli.test_cases import at_a_terminal


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
    user = home.guard("person", "list").out.splitlines()[1].split()[1]
    said = home.guard("person", "add", "second", "--os-user", user)
    assert said.code == 65
    assert "already" in said.err


TWO = """
@id("two") @why("Two people look at what is fetched.")
forbid (principal, action in Guard::Action::"network", resource) unless { context.approvals >= 2 };
"""


def test_who_has_no_user_here_answers_by_the_passphrase_of_their_key(keyed: Home) -> None:
    """Two people at one account: neither can be taken for the other, and the case runs when both have signed."""
    (keyed.policies / "two.cedar").write_text(TWO)
    assert "guard --as bea" in keyed.guard("person", "add", "bea").out
    made = [("Passphrase", "another secret"), ("again", "another secret")]
    assert at_a_terminal(keyed, "person", "key", "bea", typing=made)[0] == 0
    keyed.submitted(FETCHES)
    assert at_a_terminal(keyed, "approve", "1", typing=[("Passphrase", PASSPHRASE)])[0] == 0
    assert at_a_terminal(keyed, "approve", "1", typing=[("Passphrase", PASSPHRASE)])[0] != 0, "the same person again"
    code, seen = at_a_terminal(keyed, "--as", "bea", "approve", "1", typing=[("Passphrase of bea", PASSPHRASE)])
    assert (code, "The passphrase is wrong" in seen) == (65, True)
    assert len(keyed.case(1).approvals) == 1
    code, seen = at_a_terminal(keyed, "--as", "bea", "approve", "1", typing=[("Passphrase of bea", "another secret")])
    assert code == 0, seen
    assert [one.person for one in keyed.case(1).approvals][1] == "bea"
    assert all(one.attended for one in keyed.case(1).approvals)


def test_a_rejection_as_somebody_else_needs_their_passphrase_too(keyed: Home) -> None:
    keyed.guard("person", "add", "bea")
    keyed.submitted(FETCHES)
    code, seen = at_a_terminal(keyed, "--as", "bea", "reject", "1", "--reason", "no", typing=[])
    assert (code, "bea has no key here" in seen) == (78, True)
    made = [("Passphrase", "another secret"), ("again", "another secret")]
    assert at_a_terminal(keyed, "person", "key", "bea", typing=made)[0] == 0
    said = keyed.guard("--as", "bea", "reject", "1", "--reason", "no")
    assert (said.code, "terminal" in said.err) == (78, True)
    assert keyed.case(1).stage.value == "waiting"
    code, seen = at_a_terminal(keyed, "--as", "bea", "reject", "1", "--reason", "no", typing=[("Passphrase of bea", "another secret")])
    assert code == 0, seen
    assert "bea" in keyed.case(1).outcome


def test_a_key_that_is_not_the_registered_one_is_nobody(keyed: Home) -> None:
    other = keys.make(keyed.root / "elsewhere", "bea", PASSPHRASE)
    keyed.guard("person", "add", "bea", "--key", other)
    keys.make(keyed.state / "keys", "bea", "another secret")
    code, seen = at_a_terminal(keyed, "--as", "bea", "grants", "list", typing=[("Passphrase of bea", "another secret")])
    assert (code, "not the one that is registered" in seen) == (78, True)


def test_nobody_puts_another_key_in_the_place_of_one_that_is_registered(home: Home) -> None:
    """Whoever may use the account would be that person from then on, without a passphrase of theirs."""
    registered = keys.make(home.root / "elsewhere", "bea", PASSPHRASE)
    assert "guard person key" not in home.guard("person", "add", "bea", "--key", registered).out
    code, seen = at_a_terminal(home, "person", "key", "bea", typing=[("Passphrase", "another secret"), ("again", "another secret")])
    assert (code, "bea has a key already" in seen) == (65, True)
    assert registered in home.guard("person", "list").out
    assert not keys.exists(home.state / "keys", "bea")


def test_nobody_makes_the_key_of_another_user(home: Home) -> None:
    home.guard("person", "add", "bea", "--os-user", "somebody-else")
    code, seen = at_a_terminal(home, "person", "key", "bea", typing=[])
    assert (code, "as the user somebody-else" in seen) == (65, True)


def test_a_command_in_which_nobody_answers_takes_no_name(home: Home) -> None:
    said = home.guard("--as", "bea", "serve")
    assert said.code == 65
    assert "does nothing for serve" in said.err


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


def test_who_was_removed_and_is_added_anew_makes_another_key(home: Home) -> None:
    made = []
    for _ in range(2):
        assert home.guard("person", "add", "bea").code == 0
        code, said = at_a_terminal(home, "person", "key", "bea", typing=[("Passphrase", PASSPHRASE), ("The same again", PASSPHRASE)])
        assert code == 0, said
        made.append(keys.unlock(home.state / "keys", "bea", PASSPHRASE).public)
        assert made[-1] in home.guard("person", "list").out
        assert home.guard("person", "remove", "bea").code == 0
    assert made[0] != made[1]


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
    me = home.guard("person", "list").out.splitlines()[1].split()[1]
    assert home.guard("person", "add", "eve").code == 0
    assert [line.split()[1] for line in home.guard("person", "list").out.splitlines()[1:]].count(me) == 1


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
