"""guard.toml -> `Config`, one frozen tree. Unknown keys are errors; dangerous settings are refused with the reason.

Read from `$GUARD_CONFIG`, else from the user's configuration folder. Paths are made absolute and real. Nothing else in guard reads the
environment for settings.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

import platformdirs
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator

from guard.analyse.targets import ANY_HOST, endpoint
from guard.errors import ConfigError
from guard.model import Agent, Class, Facts
from guard.model import Limits as BoxLimits
from guard.path_rules import DEFAULT_SECRET_PATTERNS, DEFAULT_SECRET_VARIABLES

Seconds = Annotated[float, Field(gt=0, le=30 * 24 * 3600)]
Bytes = Annotated[int, Field(gt=0, le=1 << 50)]
Count = Annotated[int, Field(gt=0, le=10**9)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class LimitsTable(_Table):
    """[limits]: what one run may use. Sizes in bytes, times in seconds."""

    wall_seconds: Seconds = 60.0
    """How long a run may take."""
    cpu_seconds: int = Field(default=60, gt=0, le=24 * 3600)
    """How much processor time each of its processes may use."""
    memory_bytes: Bytes = Field(default=1 << 30, ge=64 << 20)
    """How much memory it may use."""
    processes: int = Field(default=128, ge=4, le=4096)
    """How many processes it may have at once."""
    open_files: int = Field(default=256, ge=16, le=65536)
    """How many files each of its processes may have open."""
    file_bytes: Bytes = 1 << 30
    """How large one file that it writes may be."""
    disk_bytes: Bytes = 1 << 30
    """How much it may write in all."""
    disk_files: Count = 100_000
    """How many files it may make."""
    output_bytes: int = Field(default=1 << 20, gt=0, le=64 << 20)
    """How much it may print."""
    runs: int = Field(default=8, ge=1, le=32)
    """How many programs of one agent may run at once; one more waits its turn, for `wall_seconds` at most."""

    @property
    def of_a_box(self) -> BoxLimits:
        return BoxLimits(**self.model_dump(exclude={"runs"}))


def _some_limits(given: dict[str, int | float]) -> dict[str, int | float]:
    try:
        LimitsTable.model_validate(given)
    except ValidationError as error:
        raise ValueError("; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())) from None
    return given


SomeLimits = Annotated[dict[str, int | float], AfterValidator(_some_limits)]
"""Some keys of [limits], where they differ."""


class AgentTable(_Table):
    """[agents.NAME]: who an agent belongs to."""

    teams: tuple[str, ...] = ()
    """Teams that the agent is in, for policies."""
    owner: str = ""
    """The person whom it works for: a policy may keep an owner from approving."""
    limits: SomeLimits = Field(default_factory=dict)
    """`[agents.NAME.limits]`: keys of `[limits]` that are others for its programs."""


class SandboxTable(_Table):
    """[sandbox]: which kind of box programs run in."""

    engine: Literal["auto", "bubblewrap", "container"] = "auto"
    """`bubblewrap`; `container` for the engine at `socket`; `auto` takes the first of both that passes the deny self-test."""
    socket: str = Field(default="", pattern=r"^((unix://)?/[^\s\x00]+)?$")
    """Socket of a container engine, Podman or Docker (`unix:///run/user/1000/podman/podman.sock`). One that runs as root is refused,
    unless `accept` renounces `rootless`."""
    image: str = Field(default="localhost/guard-box", pattern=r"^[a-z0-9][A-Za-z0-9._:/-]{0,255}$")
    """Name of the image that containers are made of; `guard image build` makes it."""


class BackupsTable(_Table):
    """[backups]: how long guard keeps what a commit replaced, for `guard rollback`."""

    days: int = Field(default=30, ge=1, le=3650)
    """How many days what a commit replaced is kept, for `guard rollback`. Change sets that nobody committed are kept for one."""
    bytes_per_agent: Bytes = 4 << 30
    """How much of one agent's commits is kept in all; beyond it the oldest go, never the newest."""


class HttpTable(_Table):
    """[http]: `guard serve --http`."""

    token_file: str = ""
    """File that holds the bearer token; made with mode 0600 in the state folder when empty."""


class EgressTable(_Table):
    """[egress]: what one run may use of the network, once its grant lets it reach something."""

    allow_private: tuple[str, ...] = ()
    """`host:port` of places that are not on the internet (10.0.0.5:5432, db.internal:5432) and may be reached when granted."""
    requests: Count = 10_000
    """How many HTTP requests, tunnels and connections one run may make."""
    connections: int = Field(default=32, gt=0, le=256)
    """How many of them it may have at the same time."""
    sent_bytes: Bytes = 1 << 30
    """How much it may send."""
    received_bytes: Bytes = 8 << 30
    """How much it may receive."""
    hold_counts: bool = False
    """Refuse requests to a host beyond as many as the analysis counted. It counts calls in the code: one in a function that is called twice
    is one, redirects and retries are further requests, and what goes through one TLS tunnel is one. Strict, for small programs."""
    on_refusal: Literal["refuse", "stop"] = "refuse"
    """What follows when it tries what it may not: `refuse` tells the program, which goes on; `stop` also kills the box, and no change is
    kept. Either way the case says exactly what was tried."""

    @field_validator("allow_private")
    @classmethod
    def _canonical(cls, places: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_place(place) for place in places)


def _place(text: str) -> str:
    host, _, port = text.rpartition(":")
    found = endpoint(host, int(port)) if port.isascii() and port.isdigit() else ANY_HOST
    if found == ANY_HOST:
        raise ValueError(f"{text!r} is not host:port with one exact host and port (patterns are not taken)")
    return found.name


class NotifyTable(_Table):
    """[[notify]]: one place where people are told that something waits for them. Order is escalation only where `after_minutes` says so."""

    url: SecretStr
    """Address as Apprise writes them (mailto://, slack://, json:// …); `${env:NAME}` and `${file:PATH}` keep secrets out of this file."""
    teams: tuple[str, ...] = ()
    """Teams whose agents' programs it is told of; all if empty."""
    classes: tuple[Class, ...] = ()
    """Classes of effects (`read`, `write`, `destructive`, `network`) of which a program must ask one; all if empty."""
    after_minutes: int = Field(default=0, ge=0, le=7 * 24 * 60)
    """Told only of what has waited so long and nobody has settled; 0 is the first call."""
    quiet: str = Field(default="", pattern=r"^((?:[01]\d|2[0-3]):[0-5]\d-(?:[01]\d|2[0-3]):[0-5]\d)?$")
    """Hours, local time, in which nothing is sent (`22:00-07:00`); afterwards one line says what waits."""


class Config(_Table):
    """Everything that guard.toml can say."""

    workspace: Path
    """The folder that programs may read, and change after approval."""
    agent: str = Field(default="agent", pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")
    """Name under which submissions of this guard are judged; never taken from what a client says of itself."""
    policies: Path = Path()
    """Folder of *.cedar files."""
    state: Path = Path()
    """Folder of the store, the ledger, backups and keys."""
    secret_files: tuple[str, ...] = DEFAULT_SECRET_PATTERNS
    """Patterns of files that hold secrets: masked in the box unless a grant covers reading them."""
    secret_variables: tuple[str, ...] = DEFAULT_SECRET_VARIABLES
    """Patterns of names of environment variables that hold secrets."""
    on_park: Literal["wait", "deny"] = "wait"
    """What happens to a program that needs a person: it waits, or (CI, headless) it is denied and told so."""
    wait_seconds: Seconds = 3600.0
    """How long a program waits for people before it expires."""
    most_waiting: int = Field(default=20, ge=1, le=100_000)
    """How many programs of one agent may wait at once; one more that needs a person is denied and told so."""
    at_client: str = ""
    """Who sits at the AI client, by the name of a registered person: parked calls of wrapped servers are asked about there too, in a form,
    if the policies take that person's approvals without a key."""
    case_link: str = Field(default="", pattern=r"^(https?://[^\s{}]*\{case\}[^\s{}]*)?$")
    """A link to a case for notifications, with `{case}` where its number goes."""
    tokens: Literal["file", "keyring"] = "file"
    """Where what wrapped servers give at sign-in (OAuth) is kept: files with mode 0600 in the state folder, or the system's keyring."""
    accept: tuple[str, ...] = ()
    """Weaknesses of this machine's box accepted by name (`guard doctor` lists the names)."""
    warm_boxes: int = Field(default=1, ge=0, le=32)
    """How many boxes `guard serve` keeps waiting with Python up (about 4 MB each); other runs start cold."""
    sandbox: SandboxTable = SandboxTable()
    limits: LimitsTable = LimitsTable()
    class_limits: dict[Class, SomeLimits] = Field(default_factory=dict)
    """`[class_limits.network]`, likewise `read`, `write`, `destructive`: keys of `[limits]` that are others for programs with such effects.
    Of several the least holds, and none goes beyond what the agent's own limits say."""
    backups: BackupsTable = BackupsTable()
    http: HttpTable = HttpTable()
    egress: EgressTable = EgressTable()
    notify: tuple[NotifyTable, ...] = ()
    agents: dict[str, AgentTable] = Field(default_factory=dict)
    path: Path = Path()
    """Where this configuration was read from; not a key of the file."""

    def limits_for(self, agent: str, classes: Iterable[Class] = ()) -> LimitsTable:
        """What a program of this agent may use whose effects are of these classes."""
        values = self.limits.model_dump()
        own = self.agents[agent].limits if agent in self.agents else {}
        tables = [self.class_limits[one] for one in classes if one in self.class_limits]
        for key in {key for table in tables for key in table}:
            values[key] = min(table[key] for table in [*tables, own] if key in table)
            own = {name: value for name, value in own.items() if name != key}
        return LimitsTable.model_validate({**values, **own})

    @property
    def box_limits(self) -> BoxLimits:
        """Those of this guard's agent, for programs of no class that has its own."""
        return self.limits_for(self.agent).of_a_box

    @property
    def waits(self) -> timedelta:
        return timedelta(seconds=self.wait_seconds)

    @property
    def known_agents(self) -> tuple[Agent, ...]:
        return tuple(Agent(name=name, teams=table.teams, owner=table.owner) for name, table in sorted(self.agents.items()))

    @property
    def protected(self) -> tuple[Path, ...]:
        """Folders that no workspace may contain or lie in: guard's state, policies, configuration and code."""
        code = Path(__file__).resolve().parent
        return (self.state, self.policies, self.path.parent, code)

    def facts(self) -> Facts:
        """What the analysis may know of this machine."""
        return Facts(
            workspace=str(self.workspace),
            home=str(Path.home()),
            secret_patterns=self.secret_files,
            secret_variables=self.secret_variables,
        )


def default_path() -> Path:
    """Where guard.toml is looked for."""
    return Path(os.environ.get("GUARD_CONFIG") or platformdirs.user_config_path("guard") / "guard.toml")


def load(path: Path | None = None, *, workspace: str = "", agent: str = "") -> Config:
    """Read guard.toml; `workspace` and `agent` override it (the command line's options). `ConfigError` names the key and what to do."""
    path = path or default_path()
    try:
        path = path.expanduser()
        table = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"There is no configuration at {path}", hint="Run `guard init` in the folder that agents may work in.") from None
    except RecursionError:
        raise ConfigError(f"{path} is not valid TOML: it is nested too deeply", hint="Correct it.") from None
    except (OSError, UnicodeDecodeError, RuntimeError) as error:  # RuntimeError: "~" of nobody
        raise ConfigError(f"{path} cannot be read: {error}", hint="Check its permissions and encoding (UTF-8).") from None
    except ValueError as error:
        raise ConfigError(f"{path} is not valid TOML: {error}", hint="Correct that line.") from None
    if "path" in table:
        raise ConfigError(f"{path}: unknown key 'path'", hint="Remove it.")
    return build({**table, **({"workspace": workspace} if workspace else {}), **({"agent": agent} if agent else {})}, path)


def build(table: dict[str, Any], path: Path) -> Config:
    """A checked Config from the values of guard.toml, read from `path`."""
    try:
        config = Config.model_validate({"path": path.resolve(), **table})
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise ConfigError(f"{path}: {'; '.join(lines)}", hint="README.md lists every key with its meaning.") from None
    base = path.resolve().parent
    resolved = {
        "workspace": _real(config.workspace, base),
        "policies": _real(config.policies, base) if config.policies != Path() else base / "policies",
        "state": _real(config.state, base) if config.state != Path() else platformdirs.user_state_path("guard").resolve(),
    }
    config = config.model_copy(update=resolved)
    _check(config)
    return config


def _real(path: Path, base: Path) -> Path:
    try:
        return (base / path.expanduser()).resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise ConfigError(f"{str(path)[:100]!r} is no path: {error}", hint="Correct it in guard.toml, or on the command line.") from None


def _check(config: Config) -> None:
    workspace = config.workspace
    if not os.path.isdir(workspace):  # False too for what cannot be looked at
        raise ConfigError(f"The workspace {workspace} is not a folder", hint="Make it, or name another with --workspace.")
    if workspace == Path("/") or workspace == Path.home():
        raise ConfigError(f"The workspace must not be {workspace}: far too much would lie in it", hint="Name a project's folder.")
    for folder in config.protected:
        if workspace == folder or workspace in folder.parents or folder in workspace.parents:
            raise ConfigError(
                f"The workspace {workspace} and guard's own {folder} lie one in the other: a program could change what judges it",
                hint="Move the workspace, or set `state` and `policies` to folders outside it.",
            )
    if config.sandbox.engine == "container" and not config.sandbox.socket:
        raise ConfigError("sandbox.engine is container, and no socket of an engine is named", hint="Set sandbox.socket.")
    for pattern in config.secret_files:
        if pattern.strip() in ("", "*", "/", "**"):
            raise ConfigError(f"secret_files: the pattern {pattern!r} would hide everything", hint="Name files, such as '.env' or '*.pem'.")
