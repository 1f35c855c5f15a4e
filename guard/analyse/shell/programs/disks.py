"""Disks, volumes and file systems: what shows them, and what destroys what is on them. What is not known to only look destroys."""

from __future__ import annotations

import re

from guard.analyse.shell.call import Call
from guard.analyse.shell.marks import HOLE, WILD, listed, plain

_LISTS = (
    r"-[abcdhimnoOPqSstuv]|--(?:units|noheadings|options|separator|sort|all|nosuffix|reportformat|segments|aligned|unbuffered"
    r"|nameprefixes|select|rows|verbose|quiet|readonly|columns|maps|short|colon)(?:=.*)?"
)
_SCANS = r"-[vqnsu]+|--(?:verbose|quiet|novolumegroup|short|uuid|active|inactive|reportformat)(?:=.*)?"
_ASKING: dict[str, tuple[str, str]] = {
    "fdisk": (r"-[lsx]|--(?:list|getsz|list-details)", r"-[uCHbSLtoB]\w*|--(?:units|color|output|bytes|type|sector-size)(?:=.*)?"),
    "sfdisk": (
        r"-[ldJVgsFT]|--(?:list|dump|json|verify|show-geometry|show-size|list-free|list-types)",
        r"-[quno]|--(?:quiet|no-act|output|bytes|color)(?:=.*)?",
    ),
    "sgdisk": (r"-[pvLEFDf]|-i\d*|--(?:print|verify|list-types|info)(?:=.*)?", r"(?!)"),
    "gdisk": (r"-l", r"(?!)"),
    "wipefs": (r"-n|--no-act", r"-.*"),
    "swapon": (r"-s|--summary|--show(?:=.*)?", r"--(?:bytes|noheadings|raw|output)(?:=.*)?"),
    "losetup": (r"-[alj]|--(?:all|list|associated)(?:=.*)?", r"-[nOJ]|--(?:json|raw|noheadings|output|output-all|bytes)(?:=.*)?"),
    "mdadm": (r"-[DQE]s?v?|--(?:detail|query|examine)", r"-[svbtY]+|--(?:scan|brief|export|verbose|test)"),
    "parted": (r"-l|--list", r"-[sm]|--(?:script|machine)"),
    "tune2fs": (r"-l", r"(?!)"),
    "hdparm": (r"-[Iig]+", r"(?!)"),
    "fsck": (r"-N", r"-[ARTV]+|-t"),
    "e2fsck": (r"-n", r"-[fvtdC]+"),
    "diskutil": (r"(?!)", r"-(?:plist|all)"),
    **dict.fromkeys(("pvs", "vgs", "lvs", "lvdisplay", "vgdisplay", "pvdisplay"), (r"", _LISTS)),
    **dict.fromkeys(("lvscan", "pvscan", "vgscan", "lvmdiskscan"), (r"", _SCANS)),
}
"""Program -> the options that ask (none needed where that is empty), and what may stand beside them; with any other it does something."""
_VERBS: dict[str, tuple[str, str]] = {
    "parted": (r"(?:\S+ )?(?:unit \w+ )?print(?: (?:free|all|devices|list|\d+))*$", r"-[lsm]|--(?:list|script|machine)"),
    "cryptsetup": (r"(?:status|luksDump|isLuks|luksUUID)\b", r"-v|--(?:verbose|type)(?:=.*)?"),
    "zfs": (r"(?:list|get|diff|holds|version)\b", r"-[a-zA-Z]+"),
    "zpool": (r"(?:list|status|get|iostat|history|version)\b", r"-[abd-zA-Z]+"),
    "btrfs": (
        r"(?:su\w* (?:list|show|get-default|find-new)|fi\w* (?:show|df|usage|du)|dev\w* (?:stats|usage)|qgroup show|scrub status"
        r"|balance status|property (?:get|list)|version|help)\b",
        r"-[a-yA-Z]+|--(?:all|human-readable|si|iec|raw|kbytes|mbytes|gbytes|summarize)",
    ),
    "dmsetup": (r"(?:ls|info|status|table|deps|version|targets)\b", r"-[cvjmo]\w*|--(?:tree|columns|noheadings|target)(?:=.*)?"),
    "nvme": (
        r"(?:list|list-subsys|id-ctrl|id-ns|smart-log|version)\b",
        r"-[ovHn]\w*|--(?:output-format|human-readable|verbose|namespace-id)(?:=.*)?",
    ),
    "diskutil": (r"(?:list|info|activity|apfs list|ap list|cs list)\b", r"-(?:plist|all)"),
    "lvm": (r"(?:pvs|vgs|lvs|(?:pv|vg|lv)display|version|fullreport)\b", _LISTS),
}
"""Program -> the words that only look, and the options that may stand beside them."""


def disk(call: Call) -> str:
    """mkfs, fdisk, lvremove, wipefs …: what is on disks."""
    options = [plain(arg) for arg in call.args if arg.startswith("-")]
    words = [arg for arg in call.args if not arg.startswith("-")]
    if _looks(call.name, options, " ".join(map(plain, words))):
        return HOLE
    if any(re.match(r"--exec", option) for option in options):
        call.execute(call.name, f"{call.line}: runs a command for what it finds")
        for place, arg in enumerate(call.args):
            if plain(arg) == "--exec":
                call.shell("".join(call.args[place + 1 : place + 2]))
    targets = [arg for arg in call.args if plain(arg).startswith("/") or WILD.search(arg)] or words[-1:]
    for word in targets:
        call.sh.delete(
            word if plain(word).startswith("/") or WILD.search(word) else "/dev/" + word, f"{call.line}: destroys what is on", tree=True
        )
    if not targets:
        call.sh.delete("/dev/\x03", f"{call.line}: may destroy what is on", tree=True)
    return HOLE


def _looks(name: str, options: list[str], line: str) -> bool:
    """Whether a command only shows, by all of its options or by its first words and all of its options."""
    asks, besides = _ASKING.get(name, (r"(?!)", r"(?!)"))
    asked = asks == "" or any(re.fullmatch(asks, option) for option in options)
    if asked and all(re.fullmatch(f"{asks}|{besides}" if asks else besides, option) for option in options):
        return True
    verbs, besides = _VERBS.get(name, (r"(?!)", r"(?!)"))
    return re.match(verbs, line) is not None and all(re.fullmatch(besides, option) for option in options)


RUNNERS = dict.fromkeys(
    listed(
        "mkfs fdisk sfdisk cfdisk gdisk sgdisk parted wipefs mkswap swapoff swapon blkdiscard badblocks lvm lvremove vgremove "
        "pvremove lvcreate vgcreate pvcreate lvresize lvreduce lvextend vgreduce vgs pvs lvs lvdisplay vgdisplay pvdisplay "
        "lvscan pvscan vgscan mdadm cryptsetup zfs zpool btrfs hdparm nvme losetup dmsetup resize2fs tune2fs e2fsck fsck "
        "debugfs xfs_repair diskutil growpart nwipe scrub sg_format multipath partprobe fstrim vgchange lvchange pvmove "
        "lvconvert vgsplit vgmerge lvrename e2label mke2fs mkdosfs newfs"
    ),
    disk,
)
