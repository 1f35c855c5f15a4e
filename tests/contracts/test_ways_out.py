"""Every way out of the box (sandbox and egress) is tried by at least three mechanisms: the table says by which, and that they are there.

A way is named as its suite names it; a test is named by its function. What runs in a box runs in the box of every engine, and in one that
waited for it.
"""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path

import pytest

from guard.sandbox.pool import Warm
from tests.contracts import test_escapes, test_network_escapes
from tests.contracts.test_escapes import WAYS, Planted, came_to_nothing, planted, tried
from tests.sandbox.boxes import closing
from tests.sandbox.engines import box_of

__all__ = ["planted"]

E: dict[str, tuple[str, ...]] = {
    "E1 races and links across what is allowed": (
        "files: a link made in the workspace", "files: a link that was there", "files: a hard link into the workspace",
        "files: a masked file by replacing its folder", "test_sandbox.test_a_masked_file_cannot_be_read_by_any_of_its_names",
        "test_workspace.test_another_name_of_the_same_file_keeps_its_content",
        "test_workspace.test_a_crash_while_a_late_conflict_is_undone_leaves_everything_as_it_was",
    ),
    "E2 links that guard itself would follow": (
        "files: writing through a link that was there", "test_workspace.test_a_commit_follows_no_link_out_of_the_workspace",
        "test_workspace.test_a_committed_link_is_not_written_through", "test_workspace.test_a_change_set_that_names_another_place_is_refused",
    ),
    "E3 the engine's socket": (
        "processes: the engine's socket", "network: a socket by its path", "network: a socket by the root of a process",
        "network: abstract sockets",
    ),
    "E4 the class of runc's holes": (
        "files: inherited descriptors", "files: the folder of every process", "files: any writable file of the kernel",
        "files: settings of the kernel", "left behind: the program that runs it", "processes: a first process that is less bound",
    ),
    "E5 an empty allow-list is none": (
        "network: tcp", "network: udp", "network: tcp over IPv6",
        "test_network_escapes.test_a_box_without_the_network_in_its_grant_has_no_internet_sockets",
        "test_network_escapes.test_what_is_granted_is_closed_to_a_rehearsal",
    ),
    "E6 names as a way out": (
        "network: the resolver", "around: udp, as a resolver asks", "through: a name that was not granted",
        "through: a name that looks alike",
    ),
    "E7 fronting": (
        "through: another Host", "through: another server name", "through: no server name", "through: no TLS in a tunnel",
        "through: CONNECT to another host",
    ),
    "E8 more than was meant through a host that is allowed": (
        "through: another method", "through: another method, in a header", "through: another port of a granted host",
        "through: another protocol on the same connection",
    ),
    "E9 around the proxy": (
        "around: urllib told to use no proxy", "around: tcp", "around: udp over IPv6", "around: an abstract socket", "around: tcp fast open",
        "test_network_escapes.test_there_are_no_raw_sockets",
    ),
    "E10 addresses inside": (
        "through: the machine in decimal", "through: an IPv4-mapped address", "through: the cloud's metadata",
        "through: a redirect to the machine", "through: 0.0.0.0", "through: localhost",
    ),
    "E11 secrets through the back": (
        "secrets: the environment of every process", "secrets: the open files of every process", "secrets: its own environment",
        "secrets: the memory of a process", "kernel: core dumps", "test_sandbox.test_the_environment_of_guard_is_not_in_the_box",
    ),
    "E12 what stays": (
        "left behind: the standard library, for the next run", "left behind: the start file of a shell",
        "left behind: a hook of another repository", "left behind: a job of the system", "kernel: shared memory that outlives it",
        "test_sandbox.test_background_processes_do_not_outlive_the_run", "test_sandbox.test_nothing_is_written_after_the_run_is_over",
    ),
    "E13 using everything up": (
        "test_sandbox.test_a_fork_bomb_stays_within_its_limit_and_dies", "test_sandbox.test_a_memory_hog_runs_out_of_memory",
        "test_sandbox.test_filling_the_disk_ends_the_run", "test_sandbox.test_using_up_inodes_ends_the_run",
        "test_sandbox.test_one_file_larger_than_allowed_is_a_full_disk", "test_sandbox.test_an_output_flood_is_cut_off",
        "test_sandbox.test_killing_everything_it_can_see_ends_only_the_run", "test_sandbox.test_stopping_its_parent_does_not_stop_the_clock",
        "kernel: memory that no limit counts", "processes: raising its own limits",
    ),
    "E14 the interpreter is no wall": (
        "left behind: the interpreter, for the next run", "network: a socket by a call of 32 bits", "network: a program of its own",
        "test_sandbox.test_modules_of_the_workspace_can_be_imported_but_shadow_nothing",
    ),
    "E15 names that can be guessed": (
        "secrets: a temporary file whose name is known", "secrets: a lasting temporary file whose name is known",
        "secrets: a file in shared memory whose name is known", "left behind: a temporary file for whoever comes next",
    ),
    "E16 holes in the list of calls": (
        "kernel: io_uring", "kernel: calls of x32", "kernel: calls of 32 bits", "processes: tracing a child",
        "processes: taking a child's descriptors", "kernel: a user namespace by clone3",
    ),
}  # fmt: skip

PROGRAMS = {
    **{name: bool(way.control) for name, way in test_escapes.WAYS.items()},
    **{f"around: {name}": False for name in test_network_escapes.AROUND},
    **{f"through: {name}": False for name in test_network_escapes.THROUGH},
}
"""Hostile programs -> whether no control can succeed outside (everywhere), and the row says why."""


def test_every_item_is_there() -> None:
    assert [item.split(" ")[0] for item in E] == [f"E{number}" for number in range(1, 17)]


@pytest.mark.parametrize("item", E)
def test_an_item_is_tried_by_three_mechanisms_that_exist_and_one_at_least_with_a_control(item: str) -> None:
    ways = E[item]
    assert len(set(ways)) >= 3
    for way in ways:
        if way not in PROGRAMS:
            module, _, name = way.partition(".")
            assert inspect.isfunction(getattr(importlib.import_module(f"tests.contracts.{module}"), name)), way
    assert any(not PROGRAMS.get(way, False) for way in ways), "something of it succeeds outside, or is a test with its own control"


def test_there_are_a_hundred_and_twenty_programs_and_most_have_a_control_everywhere() -> None:
    assert len(PROGRAMS) >= 120
    assert sum(PROGRAMS.values()) * 3 < len(PROGRAMS)


ALONE = {item: [way for way in ways if way in WAYS] for item, ways in E.items() if set(ways) & WAYS.keys()}
"""The items whose programs need no network, with these."""


@pytest.mark.parametrize("item", ALONE)
async def test_a_box_that_waited_holds_too(item: str, tmp_path: Path, planted: Planted) -> None:
    warm = Warm(boxes=1, limits=test_escapes.LIMITS, workspace=str(planted.workspace))
    async with closing(box_of("bubblewrap", tmp_path / "state", warm=warm)) as sandbox:
        for name in ALONE[item]:
            assert await sandbox.warmed() == 1
            program = planted.program(WAYS[name], boxed=True)
            execution = await tried(sandbox, planted, f"import sys\nassert 'wait' in sys.orig_argv\n{program}")
            assert came_to_nothing(execution), (name, execution)


def test_what_is_tried_with_the_network_alone_is_tried_around_and_through_the_broker() -> None:
    """A run with the network gets no box that waited; without it, boxes that waited are tried in test_network_escapes."""
    for item in E.keys() - ALONE.keys():
        assert any(way.startswith(("around: ", "through: ")) for way in E[item])
