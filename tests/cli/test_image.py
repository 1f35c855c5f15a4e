from tests.cli.build import Home
from tests.sandbox.engines import SOCKET, needs_engine


def test_without_an_engine_it_says_where_to_name_one(home: Home) -> None:
    said = home.guard("image", "build")
    assert (said.code, "No container engine is named" in said.err, "[sandbox]" in said.err) == (78, True, True)


def test_a_socket_that_nobody_answers_is_an_error_with_a_hint(home: Home) -> None:
    said = home.guard("image", "build", "--socket", str(home.root / "nobody"))
    assert said.code == 69
    assert "does not answer" in said.err
    assert "podman.socket" in said.err


def test_a_release_with_an_odd_name_is_refused(home: Home) -> None:
    assert home.guard("image", "build", "--suite", "--help").code != 0
    assert home.guard("image", "build", "--suite", "a b").code == 65


@needs_engine
def test_an_image_is_made_of_another_and_named_by_its_id(home: Home) -> None:
    said = home.guard("image", "build", "--socket", SOCKET, "--from", "localhost/guard-box", "--name", "localhost/guard-test-derived")
    assert said.code == 0, said.err
    assert said.out.startswith("localhost/guard-test-derived is sha256:")


@needs_engine
def test_doctor_shows_each_kind_of_box_and_which_is_used(home: Home) -> None:
    home.path.write_text(f'{home.path.read_text()}\n[sandbox]\nsocket = "{SOCKET}"\n')
    said = home.guard("doctor")
    assert said.code == 0, said.out
    for name in ("bubblewrap: box", "container: rootless", "container: no-network", "engine"):
        assert f"  {name}" in said.out, name
    assert "programs run in bubblewrap" in said.out
    home.path.write_text(f'{home.path.read_text()}engine = "container"\nimage = "localhost/guard-no-such-image"\n')
    missing = home.guard("doctor")
    assert missing.code == 1
    assert "guard image build" in missing.out
