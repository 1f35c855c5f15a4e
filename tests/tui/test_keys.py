"""One table of keys: what it names is done, and what is done is named."""

from __future__ import annotations

from tui import keys
from tui.case import CaseScreen
from tui.edit import EditScreen
from tui.grants import GrantsScreen
from tui.history import HistoryScreen, TimelineScreen
from tui.queue import QueueScreen


def test_every_key_of_the_table_does_something_on_its_screens() -> None:
    screens = {
        keys.QUEUE: QueueScreen,
        keys.CASE: CaseScreen,
        keys.HISTORY: HistoryScreen,
        keys.TIMELINE: TimelineScreen,
        keys.GRANTS: GrantsScreen,
        keys.EDIT: EditScreen,
    }
    for key in keys.KEYS:
        for face in key.on:
            assert hasattr(screens[face], f"do_{key.action}"), (face, key.action)


def test_no_key_means_two_things_on_one_screen() -> None:
    for face in (keys.QUEUE, keys.CASE, keys.HISTORY, keys.TIMELINE, keys.GRANTS):
        pressed = [name for key in keys.on(face) for name in key.keys]
        assert len(pressed) == len(set(pressed)), face


def test_footers_fit_eighty_columns_without_what_is_spare() -> None:
    for face in (keys.QUEUE, keys.CASE, keys.HISTORY, keys.TIMELINE, keys.GRANTS):
        assert sum(len(key.label) + len(key.word) + 3 for key in keys.footer(face) if not key.spare) <= 80, face


def test_what_is_never_a_single_key_in_the_queue() -> None:
    assert all(key.action != "approve" for key in keys.on(keys.QUEUE))
    assert keys.find(keys.CASE, "y").action == "copy"  # type: ignore[union-attr]
