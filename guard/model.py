"""The nouns of guard: plain, frozen values that everything else passes around.

Nothing here touches the world: no files, no clock, no randomness. A change returns a new value (`dataclasses.replace`). An existing
value is a valid value: constructors refuse what could not be shown, hashed or stored exactly.

NOTE: these shapes are stored (canonical JSON, RFC 8785) and hashed. They are append-only: a new field goes last and has a default.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from guard.canonical import digest
from guard.errors import BadInput

# ------------------------------------------------------------------------------------------------ effects: what a program does


class Word(StrEnum):
    """A text of a fixed list, hashed as the text that it equals: `Enum` hashes its name, by a call in Python each time."""

    __hash__ = str.__hash__


class Class(Word):
    """The four classes of effects; in Cedar, action groups inside the group `effect`."""

    READ = "read"
    WRITE = "write"
    DESTRUCTIVE = "destructive"
    NETWORK = "network"


class Kind(Word):
    """What exactly happens, as `family.verb`; in Cedar, the action. `policies/schema.cedarschema` is the authority (a test compares)."""

    COMPUTE = "compute"
    ANSWER = "answer"
    OPAQUE = "opaque"
    IMPORT_UNKNOWN = "import.unknown"
    FS_READ = "fs.read"
    FS_LIST = "fs.list"
    SECRET_READ = "secret.read"
    ENV_READ = "env.read"
    FS_WRITE = "fs.write"
    FS_CREATE = "fs.create"
    FS_MODE = "fs.mode"
    FS_SYMLINK = "fs.symlink"
    FS_SURFACE = "fs.surface"
    FS_DELETE = "fs.delete"
    NET_CONNECT = "net.connect"
    HTTP_GET = "http.get"
    HTTP_HEAD = "http.head"
    HTTP_POST = "http.post"
    HTTP_PUT = "http.put"
    HTTP_PATCH = "http.patch"
    HTTP_DELETE = "http.delete"
    SQL_SELECT = "sql.select"
    SQL_INSERT = "sql.insert"
    SQL_UPDATE = "sql.update"
    SQL_DELETE = "sql.delete"
    SQL_DROP = "sql.drop"
    PROC_EXEC = "proc.exec"
    TOOL_READ = "tool.read"
    TOOL_WRITE = "tool.write"
    TOOL_DESTRUCTIVE = "tool.destructive"


_R, _W, _D, _N = Class.READ, Class.WRITE, Class.DESTRUCTIVE, Class.NETWORK

CLASSES: dict[Kind, frozenset[Class]] = {
    Kind.COMPUTE: frozenset({_R}),
    Kind.ANSWER: frozenset({_R}),
    Kind.OPAQUE: frozenset({_D}),
    Kind.IMPORT_UNKNOWN: frozenset({_D}),
    Kind.FS_READ: frozenset({_R}),
    Kind.FS_LIST: frozenset({_R}),
    Kind.SECRET_READ: frozenset({_R}),
    Kind.ENV_READ: frozenset({_R}),
    Kind.FS_WRITE: frozenset({_W}),
    Kind.FS_CREATE: frozenset({_W}),
    Kind.FS_MODE: frozenset({_W}),
    Kind.FS_SYMLINK: frozenset({_W}),
    Kind.FS_SURFACE: frozenset({_W}),
    Kind.FS_DELETE: frozenset({_D}),
    Kind.NET_CONNECT: frozenset({_N, _W}),
    Kind.HTTP_GET: frozenset({_N}),
    Kind.HTTP_HEAD: frozenset({_N}),
    Kind.HTTP_POST: frozenset({_N, _W}),
    Kind.HTTP_PUT: frozenset({_N, _W}),
    Kind.HTTP_PATCH: frozenset({_N, _W}),
    Kind.HTTP_DELETE: frozenset({_N, _D}),
    Kind.SQL_SELECT: frozenset({_R}),
    Kind.SQL_INSERT: frozenset({_W}),
    Kind.SQL_UPDATE: frozenset({_W}),
    Kind.SQL_DELETE: frozenset({_D}),
    Kind.SQL_DROP: frozenset({_D}),
    Kind.PROC_EXEC: frozenset({_D}),
    Kind.TOOL_READ: frozenset({_R}),
    Kind.TOOL_WRITE: frozenset({_W}),
    Kind.TOOL_DESTRUCTIVE: frozenset({_D}),
}

UNSEEN = frozenset({Kind.OPAQUE, Kind.IMPORT_UNKNOWN, Kind.PROC_EXEC})
"""Kinds whose real effects the analysis cannot know; in our box they can touch the workspace and nothing else."""


class ResourceType(Word):
    """The Cedar entity types that an effect can act on."""

    FILE = "File"
    FOLDER = "Folder"
    ENDPOINT = "Endpoint"
    DOMAIN = "Domain"
    SERVER = "Server"
    TOOL = "Tool"
    DATABASE = "Database"
    TABLE = "Table"
    PROGRAM = "Program"
    VARIABLE = "Variable"
    RUN = "Run"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """One thing that is acted on.

    `name` by type. File, Folder: canonical absolute path ("/" alone: a path that cannot be known). Endpoint: "host:port". Domain: a
    host name without port ("" alone: any host). Tool: "server/tool". Table: "database/table". Program: its name as started
    ("" alone: unknown). Variable: its name ("" alone: unknown). Run: "run".
    """

    type: ResourceType
    name: str


RUN = Resource(type=ResourceType.RUN, name="run")


class Loop(Word):
    """How often an effect happens in one run."""

    ONE = "one"
    BOUNDED = "bounded"
    UNBOUNDED = "unbounded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Where in the code: 1-based lines, 0-based columns in characters, end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One thing that a program does to one resource, predicted from its code or observed after its run."""

    kind: Kind
    resource: Resource
    exact: bool = True
    """The resource is known exactly, not only the folder, host or database that it is in."""
    certain: bool = True
    """It happens on every run that reaches its line; otherwise "may"."""
    loop: Loop = Loop.ONE
    count: int | None = None
    """How many times, where a bounded loop tells; None: not known."""
    tainted: bool = False
    """The analysis saw a secret or a private file flow into this effect (`source_tainted` for policies)."""
    span: Span | None = None
    rule: str = ""
    """The id of the rule that saw it, such as `py-open`."""
    note: str = ""
    """One line for a person: what was seen here."""

    @property
    def classes(self) -> frozenset[Class]:
        return CLASSES[self.kind]

    @property
    def key(self) -> str:
        """Names this effect in an acceptance of loss: kind and resource, not the place in the code."""
        return f"{self.kind} {self.resource.type}::{self.resource.name}"


ANSWER = Effect(kind=Kind.ANSWER, resource=RUN, rule="answer", note="gives its output to the model")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the analysis and the decision may know of the world, gathered at the edge and passed as data."""

    workspace: str = ""
    """Canonical real path of the workspace; "" where there is none of ours (a wrapped server)."""
    mount: str = "/workspace"
    """Where the program sees the workspace; also its working folder. Its real path works inside the box too."""
    home: str = ""
    secret_patterns: tuple[str, ...] = ()
    """Patterns of secret files (see `guard.path_rules`), case-insensitive."""
    secret_variables: tuple[str, ...] = ()
    """Patterns of names of environment variables that hold secrets."""
    modules: tuple[tuple[str, str], ...] = ()
    """Source text of modules in the workspace that the program imports: (path relative to the workspace, text)."""
    packages: tuple[str, ...] = ()
    """Top-level names of the packages installed in the box's own environment."""
    profile: str = ""
    """Name of the analysis profile (calling convention of a wrapped server); "" for our own box."""
    restorable: bool = True
    """guard itself can restore what a run in the workspace changes: true in our box, false behind a wrapped server."""
    server: str = ""
    """Name of the wrapped server; "" for our own box."""
    conventions: str = ""
    """The profile itself as canonical JSON, where it is an operator's own; "" for a built-in one, which `profile` names."""
    earlier: tuple[str, ...] = ()
    """Programs whose definitions the wrapped server still holds, oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """What a program could do. Never fails: what cannot be known is an effect of kind `opaque`."""

    language: str
    effects: tuple[Effect, ...]
    summary: str = ""
    """Of cases of earlier guards, the effects in one sentence; it is made where it is shown (`guard.words.headline`)."""
    imports: tuple[str, ...] = ()
    """What the program imports, for the edge to look for in the workspace: dotted names (Python, where they stand before libraries), and
    paths relative to the workspace ("./lib/a.js")."""
    modules: tuple[tuple[str, str], ...] = ()
    """Workspace modules that were analysed with it: (path relative to the workspace, sha256 of the text); part of the seal."""

    @property
    def kinds(self) -> frozenset[Kind]:
        return frozenset(effect.kind for effect in self.effects)


# ------------------------------------------------------------------------------------------------------- who asks, and for what


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """One program that an agent asks to run. `agent` comes from the transport or the configuration, never from the caller's words."""

    agent: str
    language: str
    code: str
    tool: str = "execute"
    server: str = "guard"
    arguments: str = "{}"
    """All arguments of the call but the code, as canonical JSON text."""
    intent: str = ""
    """The agent's own words about it: shown last, marked unverified, never believed."""
    workspace: str = ""
    parent: int | None = None
    """The case that this program is an edit of."""
    edited_by: str = ""
    extra: str = ""
    """Behind a wrapped server: what else the request carried and is forwarded with it (`_meta`, unknown fields), as canonical JSON."""

    def __post_init__(self) -> None:
        for name in ("agent", "language", "code", "tool", "server", "arguments", "intent", "extra"):
            try:
                getattr(self, name).encode("utf-8")
            except UnicodeEncodeError as error:
                raise BadInput(
                    f"{name} holds a lone surrogate at position {error.start}: it cannot be stored or run exactly as sent",
                    hint="Send text that is valid Unicode.",
                ) from None

    @property
    def wrapped(self) -> bool:
        """Whether it goes to a wrapped server rather than into a box of ours."""
        return self.server != "guard"

    @property
    def code_digest(self) -> str:
        return hashlib.sha256(self.code.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who may decide. `key` is the Ed25519 public key in hex; "" for an OS user without one."""

    name: str
    teams: tuple[str, ...] = ()
    os_user: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """Who submits, as the configuration knows it."""

    name: str
    teams: tuple[str, ...] = ()
    owner: str = ""


# ---------------------------------------------------------------------------------------------------------- decision and terms


class Verdict(StrEnum):
    ALLOW = "allow"
    REVIEW = "review"
    DENY = "deny"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what terms effects are asked: a rung of the ladder, or what truly holds for a case."""

    approvals: int = 0
    secured: bool = False
    """What is lost is covered: by guard's backup where guard can restore it, else by acceptance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why one effect is owed something, or forbidden: the policies that spoke, by id, with their `@why`."""

    effect: int
    """Index into the effects that were asked."""
    policies: tuple[str, ...]
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """What only more people could approve than may approve it here."""

    people: int
    """So many it would need."""
    registered: int
    """So many of those who are registered may."""
    teams: tuple[str, ...] = ()
    """Whoever is in one of these may; none: it is not asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The verdict on all effects of a case together, explained."""

    verdict: Verdict
    owed: Terms = Terms()
    """The rung: what must hold before it may run. Meaningless for DENY."""
    backup: tuple[int, ...] = ()
    """Effects (by index) that guard must be able to undo."""
    losses: tuple[int, ...] = ()
    """Effects (by index) whose loss a signed approval must accept by name."""
    reasons: tuple[Reason, ...] = ()
    policy_digest: str = ""
    broken: str = ""
    """Not empty: the policies are broken; DENY, and this says how. Not a rule's refusal."""
    effects: tuple[Effect, ...] = ()
    """What was asked: the analysis' effects, and what follows from them (a connection for a request …)."""
    standing: tuple[str, ...] = ()
    """Ids of the standing grants without which it would not be permitted: starting takes one use of each."""
    short: Shortage | None = None
    """DENY, but not if there were more people to ask."""


# ------------------------------------------------------------------------------------------------------------ grant and the box


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing that a run may do: these kinds, on this resource (or what lies in it, if it is not exact)."""

    kinds: tuple[Kind, ...]
    resource: Resource
    exact: bool = True
    uses: int | None = None
    """How many requests to an endpoint the analysis counted; None where it cannot tell. Held where the configuration says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """The least that a run needs. Backends may narrow it, never widen it."""

    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a run may use. Seconds and bytes."""

    wall_seconds: float = 60.0
    cpu_seconds: int = 60
    memory_bytes: int = 1 << 30
    processes: int = 128
    open_files: int = 256
    file_bytes: int = 1 << 30
    disk_bytes: int = 1 << 30
    disk_files: int = 100_000
    output_bytes: int = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxProfile:
    """Which box a run gets; part of the seal."""

    engine: str
    digest: str = ""
    """Digest of the image or environment that the run sees."""
    limits: Limits = Limits()
    network: str = "none"
    tool: str = ""
    """Behind a wrapped server: digest of the raw definition of the tool that is called; `digest` is that of the server's identity."""
    packages: str = ""
    """What was installed for the box's Python, in words, with the digest of its lock file; "" if nothing was."""


class EntryKind(StrEnum):
    """How one path of the workspace changed."""

    CREATED = "created"
    MODIFIED = "modified"
    MODE = "mode"
    SYMLINK = "symlink"
    DELETED = "deleted"


class FileType(StrEnum):
    FILE = "file"
    FOLDER = "folder"
    SYMLINK = "symlink"


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """Fingerprint of one path: enough to tell whether it is still the same thing."""

    type: FileType
    mode: int
    size: int = 0
    digest: str = ""
    """sha256 of a file's bytes or of a symlink's text; "" for a folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One path of the workspace that a run changed, relative to it, with what it was and what it is to be."""

    kind: EntryKind
    path: str
    before: Print | None = None
    after: Print | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSet:
    """All that a run changed, sealed into the content-addressed store; and what it left that is never committed."""

    changes: tuple[Change, ...] = ()
    refused: tuple[str, ...] = ()
    """Devices, FIFOs, sockets, setuid bits, unreadable names …: one sentence each, names made visible."""

    @property
    def digest(self) -> str:
        return digest(self)


class Ending(StrEnum):
    """How the process in the box ended."""

    EXITED = "exited"
    KILLED = "killed"
    TIMEOUT = "timeout"
    MEMORY = "memory"
    DISK = "disk"
    OUTPUT = "output"
    REFUSED = "refused"
    """It tried what it may not on the network, and the configuration says that this stops a run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """What went between a box and one endpoint, as the broker counted it."""

    endpoint: str
    """`host:port`."""
    requests: int
    """HTTP requests, tunnels and connections."""
    sent: int
    received: int
    """Bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """All that a run did on the network: the broker is its only way out."""

    reached: tuple[Reached, ...] = ()
    refused: tuple[str, ...] = ()
    """What was tried and not let out, one sentence each."""
    beyond: tuple[Effect, ...] = ()
    """Those of the tried that the grant does not cover, as effects."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """What happened in the box. Only `EXITED` with code 0 commits."""

    ending: Ending
    exit_code: int = 0
    signal: int = 0
    stdout: str = ""
    """Decoded as UTF-8, undecodable bytes as U+FFFD; at most `Limits.output_bytes` with stderr."""
    stderr: str = ""
    truncated: bool = False
    seconds: float = 0.0
    change_set: ChangeSet = ChangeSet()
    result: str = ""
    """Behind a wrapped server: its answer as JSON text, an object with `result` or `error` as it came; or, where it is long, "sha256:" and
    the digest of the payload that is that text."""
    traffic: Traffic = Traffic()

    @property
    def succeeded(self) -> bool:
        return self.ending is Ending.EXITED and self.exit_code == 0


# ------------------------------------------------------------------------------------------------------------ case and answers


class Stage(StrEnum):
    """Where a case is; see the table in `guard.pipeline`."""

    REHEARSING = "rehearsing"
    WAITING = "waiting"
    RUNNING = "running"
    COMMITTING = "committing"
    DONE = "done"
    FAILED = "failed"
    DENIED = "denied"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    INTERRUPTED = "interrupted"


FINAL = frozenset({Stage.DONE, Stage.FAILED, Stage.DENIED, Stage.REJECTED, Stage.SUPERSEDED, Stage.EXPIRED, Stage.INTERRUPTED})

HELD = (Stage.WAITING, Stage.REHEARSING)
"""Stages in which a submission waits for people, or is tried for them: the same program, sent again, joins it."""

ANSWERED = FINAL | {Stage.WAITING}
"""Stages in which a submission has its first answer: it is over, or a person is owed something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A person's yes to one seal. It counts only for that seal, once, while the person may still approve."""

    case: int
    seal: str
    person: str
    at: datetime
    attended: bool
    """A passphrase-unlocked key proved presence; otherwise it is unattended, which only an explicit policy accepts."""
    policy_digest: str
    """The policies in force when it was given: recorded, not sealed."""
    losses: tuple[str, ...] = ()
    """Keys of the effects whose loss is accepted (`Effect.key`)."""
    shown: str = ""
    """What the face showed, in words: "all 71 lines"."""
    key: str = ""
    """Public key (hex) that signed; "" when unattended."""
    signature: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A person's no; final. `reason` goes back to the model in quotes."""

    case: int
    person: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One thing said about a waiting case: a person's question to its agent, or what the agent says to the questions before it."""

    person: str
    """Who asked; "" for the agent's answer."""
    text: str
    """A question is shown to the agent in quotes. An answer is words that nobody checked: shown escaped and last, deciding nothing."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A standing grant: a permit that joined the policies for a while. See `guard.standing_grants`."""

    id: str
    """The `@id` of its policy."""
    text: str
    until: datetime
    left: int
    """Uses that are left."""
    case: int
    person: str
    what: str = ""
    """What it lets whom do, in words."""
    key: str = ""
    """Public key (hex) that signed it; "" when it was given unattended."""
    signature: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One submission on its way; changed only by `guard.pipeline.advance`."""

    id: int
    ticket: str
    """For the model: unguessable, bound to the agent."""
    version: int
    stage: Stage
    submission: Submission
    facts: Facts
    analysis: Analysis
    decision: Decision
    grant: Grant
    box: BoxProfile
    seal: str
    created_at: datetime
    expires_at: datetime
    updated_at: datetime
    approvals: tuple[Approval, ...] = ()
    rejection: Rejection | None = None
    execution: Execution | None = None
    runner: str = ""
    """Id of the engine that runs or commits it; "" while nobody does."""
    outcome: str = ""
    """Why a final stage was reached, one sentence for people."""
    successor: int | None = None
    """The edited case that replaced this one."""
    rolled_back: str = ""
    """Who rolled the committed change back, and when; "" if nobody did."""
    rehearsed: bool = False
    """`execution` is of a rehearsal: approving commits exactly its change set, and nothing is run again."""
    withheld: bool = False
    """It ran, and what it printed was not permitted to reach the model."""
    escalated: int = 0
    """The escalation step (minutes waited) that people were last called for."""
    exchange: tuple[Said, ...] = ()
    """What people asked its agent about it, and what that answered."""

    @property
    def asked(self) -> tuple[Said, ...]:
        """The questions that its agent is to answer: those since its last answer, while the case waits."""
        since = max((i for i, said in enumerate(self.exchange, 1) if not said.person), default=0)
        return self.exchange[since:] if self.stage is Stage.WAITING else ()

    @property
    def replied(self) -> bool:
        """Whether the agent has had the last word."""
        return bool(self.exchange) and not self.exchange[-1].person

    @property
    def answerable(self) -> bool:
        """Whether what the run printed may reach the model: only once the case is permitted (INVARIANT 10)."""
        return self.stage in (Stage.DONE, Stage.FAILED) and not self.withheld


# -------------------------------------------------------------------------------------------------------------------- the ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One fact for the ledger. `data` is plain JSON (strings, integers, booleans, lists, objects)."""

    kind: str
    """`case.submitted`, `case.decided`, `case.approved`, `run.started`, `commit.done`, `policies.activated` …"""
    case: int | None = None
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One link of the chain: `body` is the canonical JSON that was hashed, `hash` its sha256 in hex."""

    seq: int
    body: bytes
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The end of the ledger."""

    seq: int = 0
    hash: str = "0" * 64
    at: datetime | None = None
