from guard.policy.load import builtin_folder
from tests.cli.build import Home


def test_check_shows_every_example_with_its_verdict(home: Home) -> None:
    said = home.guard("policy", "check")
    assert said.code == 0
    assert "1 person and a backup" in said.out
    assert "FAILS" not in said.out


def test_check_without_a_configuration_looks_at_the_default_policies(bare: Home) -> None:
    assert str(builtin_folder()) in bare.guard("policy", "check").out


def test_a_policy_that_does_not_parse_is_named_with_file_and_line(home: Home) -> None:
    (home.policies / "team.cedar").write_text('\n\n@id("x") @why("y") permit (principal, action resource);\n')
    said = home.guard("policy", "check")
    assert said.code == 78
    assert "team.cedar:3" in said.err


def test_a_word_that_the_schema_does_not_know_is_named_with_file_and_line(home: Home) -> None:
    (home.policies / "team.cedar").write_text('@id("x") @why("y")\nforbid (principal, action, resource) when { context.approval > 1 };\n')
    said = home.guard("policy", "check")
    assert said.code == 78
    assert "team.cedar:1" in said.err
    assert "approval" in said.err


def test_an_example_that_does_not_hold_fails_the_check(home: Home) -> None:
    (home.policies / "team.examples.toml").write_text('[[example]]\ntitle = "computing"\ncode = "print(1)"\nverdict = "deny"\n')
    said = home.guard("policy", "check")
    assert said.code == 1
    assert "FAILS  computing" in said.out
    assert "the verdict is allow, not deny" in said.out


def test_show_lists_policies_with_what_they_are_for(home: Home) -> None:
    out = home.guard("policy", "show").out
    assert "destroying-needs-a-backup" in out
    assert "What is destroyed must be restorable" in out


def test_show_prints_the_text_of_one(home: Home) -> None:
    out = home.guard("policy", "show", "destroying-needs-a-backup").out
    assert out.startswith("default.cedar:")
    assert "unless { context.backup || context.accepted_loss };" in out


def test_a_policy_that_does_not_exist_is_said_so(home: Home) -> None:
    assert home.guard("policy", "show", "nothing").code == 65


def test_a_pack_is_switched_on_and_off_and_the_ledger_knows(bare: Home) -> None:
    bare.init()
    assert "off  " in bare.guard("policy", "packs").out
    assert "in force" in bare.guard("policy", "packs", "--enable", "unattended").out
    assert (bare.policies / "unattended.cedar").exists()
    assert "in force" in bare.guard("policy", "packs", "--disable", "unattended").out
    assert not (bare.policies / "unattended.cedar").exists()
    assert bare.guard("audit", "list").out.count("policies.activated") == 3


def test_a_pack_that_was_edited_is_not_removed(home: Home) -> None:
    copy = home.policies / "unattended.cedar"
    copy.write_text(copy.read_text() + "// ours\n")
    assert home.guard("policy", "packs", "--disable", "unattended").code == 65
    assert copy.exists()


def test_a_pack_that_does_not_exist_is_said_so(home: Home) -> None:
    said = home.guard("policy", "packs", "--enable", "../../evil")
    assert said.code == 65
    assert "unattended" in said.err
