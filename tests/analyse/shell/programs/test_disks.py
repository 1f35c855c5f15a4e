"""What only shows disks does so by all of its words."""

from __future__ import annotations

import pytest

from tests.analyse.shell.check import effects

SHOWS = [
    "fdisk -l /dev/sda",
    "parted -l",
    "parted /dev/sda unit MB print free",
    "zpool status -v",
    "btrfs filesystem df /",
    "losetup -a",
    "lvs",
]
DOES = [
    "parted /dev/sda rm 1 print", "zfs destroy list", "btrfs subvolume delete show", "hdparm -I -W0 /dev/sda", "sgdisk -p -d 1 /dev/sda",
    "dmsetup ls --exec 'rm x'", "cryptsetup luksDump --dump-volume-key /dev/sda1", "vgscan --mknodes", "zpool status -c x",
]  # fmt: skip


@pytest.mark.parametrize("command", SHOWS)
def test_what_only_shows_has_no_effect(command: str) -> None:
    assert effects(command) == []


@pytest.mark.parametrize("command", DOES)
def test_one_word_that_shows_does_not_excuse_the_others(command: str) -> None:
    assert any(effect.startswith("fs.delete") for effect in effects(command))
