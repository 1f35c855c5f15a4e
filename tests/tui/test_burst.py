"""Which keys count as a person's."""

from tui.burst import Bursts, Outcome, Pressed


def feed(*presses: tuple[str, float], decides: str = "a⏎y", typed: bool = False) -> list[str]:
    """What is taken of keys pressed at these times."""
    bursts: Bursts[str] = Bursts()
    taken: list[str] = []
    for key, at in presses:
        taken += bursts.press(Pressed(key, key, key in decides, at, typed)).taken
    return taken + bursts.quiet(1e9).taken


def test_one_key_counts_once_nothing_follows_it() -> None:
    bursts: Bursts[str] = Bursts()
    assert bursts.press(Pressed("a", "a", True, 0.0)) == Outcome()
    assert bursts.quiet(0.010) == Outcome()
    assert bursts.quiet(0.016).taken == ["a"]


def test_a_burst_with_a_decision_key_does_nothing_whole() -> None:
    assert feed(("j", 0.0), ("j", 0.001), ("a", 0.002), ("j", 0.003)) == []
    assert feed(*[(key, i / 1000) for i, key in enumerate("aaaa⏎yyyy⏎")]) == []


def test_a_burst_without_one_counts() -> None:
    assert feed(("j", 0.0), ("j", 0.001), ("k", 0.002)) == ["j", "j", "k"]


def test_keys_at_a_persons_pace_count() -> None:
    assert feed(("j", 0.0), ("a", 0.1), ("⏎", 0.3)) == ["j", "a", "⏎"]


def test_a_held_decision_key_counts_once() -> None:
    assert feed(*[("a", i * 0.03) for i in range(50)]) == ["a"]
    assert feed(("a", 0.0), ("a", 0.6)) == ["a", "a"]
    assert feed(*[("j", i * 0.03) for i in range(5)]) == ["j"] * 5


def test_a_dropped_burst_still_starts_the_wait_for_repeats() -> None:
    assert feed(("a", 0.0), ("a", 0.001), ("a", 0.2)) == []


def test_text_that_must_be_typed_is_not_taken_from_a_burst() -> None:
    bursts: Bursts[str] = Bursts()
    for i, key in enumerate("data/raw"):
        bursts.press(Pressed(key, key, False, i / 1000, typed=True))
    outcome = bursts.quiet(1.0)
    assert outcome.taken == []
    assert outcome.pasted == 8


def test_what_follows_a_burst_is_another() -> None:
    bursts: Bursts[str] = Bursts()
    bursts.press(Pressed("j", "j", False, 0.0))
    assert bursts.press(Pressed("a", "a", True, 0.02)).taken == ["j"]
    assert bursts.quiet(0.05).taken == ["a"]
