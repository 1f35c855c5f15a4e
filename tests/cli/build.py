"""A whole guard for one test: workspace, configuration and state in a temporary folder, and the command line run on it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from guard import cli, config
from guard.cli import compose
from guard.engine import Engine
from guard.model import Case, Submission

REPOSITORY = Path(__file__).parents[2]

COMPUTES = "print(6 * 7)\n"
WRITES = "with open('out.txt', 'w') as out:\n    out.write('new')\n"
FETCHES = "import urllib.request\nurllib.request.urlopen('https://example.com/')\n"

PASSPHRASE = "correct horse battery"
"""Of the key of a `keyed` home's person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a command did."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """One guard."""

    root: Path
    capture: pytest.CaptureFixture[str]

    @property
    def workspace(self) -> Path:
        return self.root / "project"

    @property
    def path(self) -> Path:
        return self.root / "configuration" / "guard.toml"

    @property
    def policies(self) -> Path:
        return self.path.parent / "policies"

    @property
    def state(self) -> Path:
        return self.root / "state"

    @property
    def config(self) -> config.Config:
        return config.load(self.path)

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "GUARD_CONFIG": str(self.path), "PYTHONPATH": str(REPOSITORY), "PYTHONWARNINGS": "error"}

    def guard(self, *arguments: str) -> Said:
        """Run a command in this process."""
        self.capture.readouterr()
        code = 0
        try:
            cli.main(arguments)
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 1 if end.code else 0
        said = self.capture.readouterr()
        return Said(code=code, out=said.out, err=said.err)

    def start(self, *arguments: str, **options: object) -> subprocess.Popen[str]:
        """Start a command as a process of its own."""
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
        return subprocess.Popen([sys.executable, "-m", "guard", *arguments], env=self.environment, text=True, **pipes)

    def init(self, *options: str) -> Home:
        said = self.guard("init", "--workspace", str(self.workspace), "--state", str(self.state), *options)
        assert said.code == 0, said.err
        return self

    def submitted(self, code: str, language: str = "python") -> Case:
        """A case as a guard without a box takes it in: it waits, whatever it is."""

        async def submit() -> Case:
            async with compose.open_engine(self.config, runs=False) as engine:
                return await _submitted(engine, code, language)

        return asyncio.run(submit())

    def case(self, number: int) -> Case:
        async def load() -> Case:
            async with compose.open_desk(self.config) as desk:
                return await desk.case(number)

        return asyncio.run(load())


async def _submitted(engine: Engine, code: str, language: str) -> Case:
    return await engine.submit(Submission(agent=engine.config.agent, language=language, code=code, intent="say hello"))
