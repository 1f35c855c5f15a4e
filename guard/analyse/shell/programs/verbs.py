"""Words that say what a command does, for programs that have no table of their own: `destroy`, `list`, `create` …"""

from __future__ import annotations

import re

from guard.analyse.shell.marks import listed, plain

DESTROYING = frozenset(
    listed(
        "delete deletes del remove removes rm rmi destroy purge drop terminate uninstall unpublish yank prune wipe erase flush "
        "flushall flushdb truncate clear reset revoke archive disable deregister detach stop kill cancel expire forget evict "
        "drain abort rollback undeploy deprovision unregister shred zap format overwrite rdelete nuke cleanup empty unlink "
        "unset unlock discard deactivate decommission reap revert rotate suspend shutdown poweroff halt fence scram obliterate "
        "expunge disassociate unassign taint deallocate undelete close unfreeze downgrade bulkdelete hdel zrem srem lrem unbind "
        "untag unsubscribe invalidate free retire sunset trash dropdb dropuser deletebyquery swapoff dealloc rb remvol undo "
        "deletion dedupe clean recreate absent break leave seal gc garbage down rmdir rmdirs rmm rmp compact unload teardown refund "
        "refunds logout invalidation cleanse unpair disown rmi delbr delif abandon decommissioned clearsnapshot removenode "
        "unregistered wiped quit eject nuke del-all stopall removal unlist delist unpin unsuspend uninstallation erasure undeployed dropall"
    )
)
READING = frozenset(
    listed(
        "get list ls show describe status info view version help explain logs log tail search find lookup cat read inspect "
        "print diff history whoami top stats query check validate verify test ping events watch wait head count export dump "
        "download pull fetch lsd lsf size tree query-logs locate env config-view cluster-info api-resources api-versions "
        "auth-list ps images history port lint template render plan output graph preview scan summary report metrics health "
        "ready current-context"
    )
)
WRITING = frozenset(
    listed(
        "create put update set add apply patch edit run start restart deploy install upgrade push upload import copy cp mv move "
        "sync scale enable attach register tag label annotate rename invoke send publish post write exec login logout connect "
        "rollout expose cordon uncordon restore resize modify change configure init up migrate promote merge approve comment "
        "fork new generate submit trigger schedule retry rerun assign associate grant authorize transfer replace mount "
        "format-disk activate lock enqueue produce clone link bootstrap provision release launch reboot seed"
    )
)


def parts(words: list[str]) -> list[str]:
    """The single lower-case words of subcommands and paths: `delete_user`, `v1/objects:purge`, `deleteMany`."""
    out = []
    for word in words:
        text = re.sub(r"([a-z0-9])([A-Z])", r"\1-\2", plain(word))
        out += [part for part in re.split(r"[^A-Za-z0-9]+", text.lower()) if part]
    return out


def destroys(words: list[str]) -> bool:
    """Whether any of these words says that something is destroyed."""
    return any(
        part in DESTROYING or re.search(r"^(?:remove|delete|destroy|purge)|(?:remove|delete|destroy|wipe|erase|purge)$", part)
        for part in parts(words)
    )


def reads(words: list[str]) -> bool:
    """Whether the first word with a meaning says that something is only looked at."""
    for part in parts(words):
        if part in READING:
            return True
        if part in WRITING or part in DESTROYING:
            return False
    return False


def writes(words: list[str]) -> bool:
    return any(part in WRITING for part in parts(words))
