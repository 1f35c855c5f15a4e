"""Approving for a while on the command line: the exact text first, only from who may approve, listed, revoked."""

from __future__ import annotations

from guard.model import Stage
from tests.cli.build import FETCHES, PASSPHRASE, Home
from tests.cli.test_cases import REMOTE, at_a_terminal

ID = "agent-may-get-example-com-443-0001"


def test_the_exact_text_is_printed_and_joins_the_policies(home: Home) -> None:
    home.submitted(FETCHES)
    said = home.guard("grants", "give", "1", "--for", "15m", "--uses", "3")
    assert said.code == 0, said.err
    written = (home.policies / "grants.cedar").read_text()
    text = written[written.index("@id") :].rstrip()
    assert text.splitlines() == [line[2:] for line in said.out.splitlines() if line.startswith("  ") and line[2:] in text.splitlines()]
    assert '@uses("3")' in text
    assert "Now   releases this case" in said.out
    assert "Past  would have covered 0 of the last 0 programs" in said.out


def test_the_list_says_what_until_when_how_often_and_who(home: Home) -> None:
    assert home.guard("grants", "list").out == "Nothing is granted for a while.\n"
    home.submitted(FETCHES)
    home.guard("grants", "give", "1")
    (line,) = home.guard("grants", "list").out.splitlines()[1:]
    assert line.startswith(ID)
    assert "  10  " in line
    assert line.endswith("agent may fetch from example.com")


def test_a_revoked_grant_is_gone_from_the_policies(home: Home) -> None:
    home.submitted(FETCHES)
    home.guard("grants", "give", "1")
    assert home.guard("grants", "revoke", ID).code == 0
    assert "permit" not in (home.policies / "grants.cedar").read_text()
    assert home.guard("grants", "revoke", ID).code == 65


def test_a_wider_place_is_chosen_by_its_number(home: Home) -> None:
    home.submitted(FETCHES)
    said = home.guard("grants", "give", "1", "--where", "2")
    assert 'resource in Guard::Domain::"example.com"' in said.out
    assert "* 2 Domain example.com" in said.out
    assert home.guard("grants", "give", "1", "--where", "9").code == 65
    assert home.guard("grants", "give", "1", "--for", "8d").code == 65


def test_nothing_is_granted_for_what_destroys(home: Home) -> None:
    home.submitted(REMOTE)
    said = home.guard("grants", "give", "1")
    assert said.code == 65
    assert "Not offered" in said.err


def test_what_waits_and_is_covered_is_counted(home: Home) -> None:
    for extra in ("", "# again\n", "import os\nos.remove('a')\n"):
        home.submitted(FETCHES + extra)
    home.submitted(FETCHES + "# rejected")
    home.guard("reject", "4", "--reason", "no")
    out = home.guard("grants", "give", "1").out
    assert "and 1 more: 0002" in out
    assert "covered 1 of the last 1 programs" in out


def test_a_script_gives_none_unless_a_policy_accepts_unattended_approvals(keyed: Home) -> None:
    keyed.submitted(FETCHES)
    said = keyed.guard("grants", "give", "1")
    assert said.code == 77
    assert "unattended" in said.err
    assert not (keyed.policies / "grants.cedar").exists()
    assert "grant.refused" in keyed.guard("audit", "list").out


def test_at_a_terminal_it_is_confirmed_and_signed(keyed: Home) -> None:
    keyed.submitted(FETCHES)
    code, seen = at_a_terminal(keyed, "grants", "give", "1", typing=[("[y/N]", "n")])
    assert code == 65, seen
    assert not (keyed.policies / "grants.cedar").exists()
    code, seen = at_a_terminal(keyed, "grants", "give", "1", typing=[("[y/N]", "y"), ("Passphrase", PASSPHRASE)])
    assert code == 0, seen
    assert "permit" in (keyed.policies / "grants.cedar").read_text()
    assert keyed.case(1).stage is Stage.WAITING, "this engine has no box; one that has takes it up"
