"""A code mode that is a command, not a server (lootbox): what may run is handed to the command, once.

Like a wrapped server it has no box of guard's: the analysis alone decides, by the conventions of its profile.
"""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
import os
import shutil
import signal
import time
from contextlib import suppress
from pathlib import Path

from guard.analyse.profile import Profile
from guard.canonical import digest
from guard.errors import ConfigError, NotForwarded, UpstreamError
from guard.model import BoxProfile, Case, Ending, Execution, Facts, Submission
from guard.ports import Call
from guard.upstream.catalogue import conventions

LONGEST_RUN = 600.0
"""Seconds that a command gets."""
MOST_OUTPUT = 1 << 20
"""Bytes of each stream that are kept."""


class Command:
    """`ports.Upstream` over the `command` of a profile, with the program as its last argument. `ConfigError` if the profile has none."""

    def __init__(self, profile: Profile) -> None:
        if not profile.command or not profile.code:
            raise ConfigError(f"The profile {profile.name!r} is of a server, not of a command", hint="`guard wrap` stands before servers.")
        self.profile = profile

    @property
    def name(self) -> str:
        return self.profile.name

    def submission(self, agent: str, code: str) -> Submission:
        """A program for this command as what is decided."""
        tool = self.profile.code[0]
        return Submission(agent=agent, server=self.name, tool=tool.name, language=tool.language, code=code)

    async def describe(self, submission: Submission, facts: Facts) -> Call:
        own = dataclasses.replace(
            facts,
            workspace="",
            restorable=False,
            packages=(),
            modules=(),
            profile=self.name,
            server=self.name,
            conventions=conventions(self.profile),
        )
        return Call(facts=own, box=BoxProfile(engine="upstream", digest=self._identity()), program=True)

    async def call(self, case: Case) -> Execution:
        if case.box.digest != self._identity():
            raise NotForwarded(f"{self.profile.command[0]} is another program since this was decided.", hint="Submit it again.")
        began = time.monotonic()
        try:
            process = await asyncio.create_subprocess_exec(
                *self.profile.command,
                case.submission.code,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            raise NotForwarded(f"{self.profile.command[0]} cannot be started: {error.strerror}.") from None
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            async with asyncio.timeout(LONGEST_RUN):
                (stdout, more), (stderr, still) = await asyncio.gather(_kept(process.stdout), _kept(process.stderr))
                code = await process.wait()
        except TimeoutError:
            raise UpstreamError(f"{self.profile.command[0]} did not end within {LONGEST_RUN:g} seconds and was killed.") from None
        finally:
            with suppress(ProcessLookupError):  # also what it left in the background
                os.killpg(process.pid, signal.SIGKILL)
        return Execution(
            ending=Ending.EXITED if code >= 0 else Ending.KILLED,
            exit_code=code if code >= 0 else 128 - code,
            signal=max(0, -code),
            stdout=stdout,
            stderr=stderr,
            truncated=more or still,
            seconds=time.monotonic() - began,
        )

    async def close(self) -> None:
        """Nothing is held between runs."""

    def _identity(self) -> str:
        """Digest of the command line and of the program that it starts. `NotForwarded` if there is none."""
        found = shutil.which(self.profile.command[0])
        if found is None:
            raise NotForwarded(f"There is no command {self.profile.command[0]} here.", hint="Install it, or put it on the PATH.")
        return digest([list(self.profile.command), found, hashlib.sha256(Path(found).read_bytes()).hexdigest()])


async def _kept(stream: asyncio.StreamReader) -> tuple[str, bool]:
    """The start of a stream as text, read to its end, and whether there was more."""
    kept, size = bytearray(), 0
    while data := await stream.read(1 << 16):
        size += len(data)
        kept += data[: max(0, MOST_OUTPUT - len(kept))]
    return kept.decode("utf-8", "replace"), size > len(kept)
