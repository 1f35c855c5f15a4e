"""A container engine behind its socket, through the docker SDK: Podman or Docker, rootless unless the configuration accepts it rootful.

The socket is named, never found: nothing here reads the environment (`DOCKER_HOST`, proxies) or an engine's own configuration.
"""

from __future__ import annotations

import fcntl
import functools
import io
import os
import resource
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from guard.errors import SandboxError
from guard.model import Limits
from guard.sandbox import seccomp
from guard.sandbox.layout import ENVIRONMENT, masked_proc

ROOTLESS = "rootless"
"""The guarantee that a configuration renounces by name if it trusts an engine that runs as root."""

IMAGE = "localhost/guard-box"
"""The image that `guard image build` makes, unless told another name."""

OWNER, STATE = "guard.owner", "guard.state"
"""Labels: who started a box (pid and start time), and for which state folder."""

USER = "65534:65534"
_API, _SECONDS = "1.41", 60
"""What Podman 4 and Docker 20.10 speak, and how long one answer may take."""
_TRIES, _PAUSE, _TURN = 40, 0.05, 0.005
_MASKED = ("/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats",
           "/proc/sched_debug", "/proc/scsi", "/sys/firmware", "/sys/devices/virtual/powercap")  # fmt: skip
"""What Docker masks of itself, unless told what to mask."""
_FILES, _PROCESSES = 1024, 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What an engine says of itself."""

    name: str
    """"podman" or "docker"."""
    version: str
    rootless: bool
    limits: bool
    """Whether it can limit the memory and the processes of a whole container (control groups)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """One container to be made."""

    name: str
    image: str
    command: Sequence[str]
    """Takes one more argument where the box is to make itself a user namespace: the user to be there."""
    binds: Sequence[tuple[str, str]] = ()
    """(outside or volume, inside), read-only but for the volume."""
    volume: tuple[str, str] | None = None
    """(name, inside)."""
    memory: Mapping[str, str] = field(default_factory=dict)
    """Temporary file systems: path -> options."""
    limits: Limits = field(default_factory=Limits)


class Engine:
    """One engine. Safe to use from many threads. Raises `SandboxError` for whatever it refuses or cannot do."""

    def __init__(self, endpoint: str, *, state: Path, accepted: frozenset[str] = frozenset()) -> None:
        self.socket = endpoint.removeprefix("unix://")
        self._accepted = accepted
        self._labels = {OWNER: me(), STATE: str(state)}
        self._local = threading.local()
        self._clients: list[Any] = []
        self._images: dict[str, tuple[Sequence[str], Sequence[str]]] = {}

    @cached_property
    def about(self) -> About:
        """Asked once. `SandboxError` if nobody answers, or if it runs as root and the configuration does not accept that by name."""
        with self._said("does not answer"):
            version, info = self._client.version(), self._client.info()
        podman = any("podman" in str(part.get("Name", "")).lower() for part in version.get("Components") or ())
        rootless = bool(info.get("Rootless")) or any("name=rootless" in option for option in info.get("SecurityOptions") or ())
        if not rootless and ROOTLESS not in self._accepted:
            raise SandboxError(
                f"the engine at {self.socket} runs as root: what breaks out of a container is root on this machine",
                hint=f'Use a rootless engine or bubblewrap, or renounce it by name: accept = ["{ROOTLESS}"] in guard.toml.',
            )
        counted = not rootless or (str(info.get("CgroupVersion")) == "2" and _delegated())
        return About(
            name="podman" if podman else "docker",
            version=str(version.get("Version", "")),
            rootless=rootless,
            limits=counted and bool(info.get("PidsLimit")) and bool(info.get("MemoryLimit")),
        )

    def image(self, name: str) -> str:
        """The id (a digest of its content and configuration) of an image that the engine has."""
        from docker.errors import NotFound

        try:
            with self._said(f"cannot look at the image {name}"):
                return str(self._client.inspect_image(name)["Id"])
        except SandboxError as error:
            if isinstance(error.__cause__, NotFound):
                raise SandboxError(f"the engine has no image {name}", hint="Make it: guard image build") from error
            raise

    def _inherited(self, image: str) -> tuple[Sequence[str], Sequence[str]]:
        """The names of the variables, and the paths of the volumes, that an image would add to a container. An id says always the same."""
        if image not in self._images:
            said = self._client.inspect_image(image).get("Config") or {}
            variables = [str(line).partition("=")[0] for line in said.get("Env") or ()]
            self._images[image] = variables, [str(path) for path in said.get("Volumes") or ()]
        return self._images[image]

    def load(self, tree: Path, name: str) -> None:
        """Make an image of a tree of files (a tar)."""
        with self._said("cannot take the image"):
            self._client.import_image_from_file(str(tree), repository=name, changes=["LABEL guard.image=1"])

    def build(self, recipe: str, name: str) -> None:
        """Make an image by a recipe (a Dockerfile's text). Its steps have no network."""
        said = []
        with self._said("cannot make the image"):
            file = io.BytesIO(recipe.encode())
            for line in self._client.build(fileobj=file, tag=name, rm=True, forcerm=True, network_mode="none", decode=True):
                said.append(str(line.get("error") or line.get("stream") or "").strip())
                if "error" in line:
                    last = " / ".join(filter(None, said[-3:]))
                    raise SandboxError(
                        f"the container engine cannot make the image: {last}", hint="Has the base image Python 3.9 or newer?"
                    )

    def overlay(self, name: str, *, lower: Path, upper: Path, work: Path) -> None:
        """Make a volume that is a copy-on-write view of a folder. Paths with characters that mount options know are refused."""
        for path in (lower, upper, work):
            if any(character in str(path) for character in ',:\\"'):
                raise SandboxError(f"{path} holds a character that cannot stand in mount options", hint="Move guard's state folder.")
        options = f"userxattr,lowerdir={lower},upperdir={upper},workdir={work}"
        with self._said("cannot lay out the workspace"):
            self._client.create_volume(
                name=name,
                driver="local",
                driver_opts={"type": "overlay", "device": "overlay", "o": options},
                labels=self._labels,
            )

    def create(self, container: Container) -> str:
        """Make a container that has nothing but what is named; its id. It does not run yet."""
        with self._said("cannot make a box"):
            variables, volumes = self._inherited(container.image)
            host = self._host(container, volumes)
            # INVARIANT: of what an image says to be done, nothing is: it could name what lies in the workspace, and our first process has
            # not set its filter yet. An empty entrypoint would be the image's; what a health check runs is no child of the first process.
            made = self._made(
                container.image,
                name=container.name,
                entrypoint=[*container.command[:1]],
                command=[*container.command[1:], *([USER] if self._apart else [])],
                healthcheck={"test": ["NONE"]},
                host_config=host,
                user=self._user,
                hostname="box",
                working_dir="/",
                environment={**dict.fromkeys(variables, ""), "PATH": ENVIRONMENT["PATH"]},
                labels=self._labels,
                detach=True,
                use_config_proxy=False,
            )
        return str(made["Id"])

    def _made(self, image: str, **how: Any) -> Any:
        """Have a container made: by a rootless Podman one after the other, whichever guard asks."""
        if not self._maps:
            return self._client.create_container(image, **how)
        # Podman 4 looks up the user's ids in libsubid, which is not made for threads: of two that ask at once one is refused, or the
        # engine dies (seen with 4.3.1). All guards of a user know the socket's folder, and a lock on it ends with its holder.
        folder = os.open(Path(self.socket).resolve().parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            _locked(folder)
            return self._client.create_container(image, **how)
        finally:
            os.close(folder)

    def start(self, container: str) -> None:
        with self._said("cannot start a box"):
            self._client.start(container)

    def ended(self, container: str) -> int | None:
        """The exit code of a container that runs no more."""
        with self._said("cannot look at a box"):
            state = self._client.inspect_container(container)["State"]
        return None if state.get("Running") else int(state.get("ExitCode", 0))

    def ran_out_of_memory(self, container: str) -> bool:
        """Whether its control group, if it has one, ran out of memory. The box is dead."""
        if not self.about.limits:
            return False
        with suppress(SandboxError), self._said("cannot look at a box"):
            self._client.wait(container, timeout=_SECONDS)  # until the engine knows as well
            return bool(self._client.inspect_container(container)["State"].get("OOMKilled"))
        return False

    def remove(self, container: str, volume: str = "") -> None:
        """Remove a container, dead or alive, with its volume. What is gone needs no removal; what will not go is left to a sweep."""
        _insist(lambda: self._client.remove_container(container, force=True, v=True))
        if volume:
            _insist(lambda: self._client.remove_volume(volume, force=True))

    def sweep(self) -> None:
        """Remove the boxes that a guard of this state folder left and that nobody owns any more."""
        chosen = {"label": f"{STATE}={self._labels[STATE]}"}
        with self._said("cannot list boxes"):
            containers = self._client.containers(all=True, filters=chosen)
            volumes = self._client.volumes(filters=chosen).get("Volumes") or []
        for container in containers:
            if not alive((container.get("Labels") or {}).get(OWNER, "")):
                self.remove(container["Id"])
        for volume in volumes:
            if not alive((volume.get("Labels") or {}).get(OWNER, "")):
                _insist(functools.partial(self._client.remove_volume, volume["Name"], force=True))

    def close(self) -> None:
        """Close the connections of all threads."""
        while self._clients:
            self._clients.pop().close()
        self._local = threading.local()

    @property
    def _client(self) -> Any:
        """A connection for each thread: the SDK's session is not made for many."""
        client = getattr(self._local, "client", None)
        if client is None:
            from docker import APIClient

            with socket.socket(socket.AF_UNIX) as probe:  # the SDK leaves a socket open that it could not connect
                probe.connect(self.socket)
            client = APIClient(base_url=f"unix://{self.socket}", version=_API, timeout=_SECONDS)
            client.trust_env = False
            client.headers["Connection"] = "close"  # else the SDK leaves one open for every run
            self._clients.append(client)
            self._local.client = client
        return client

    @property
    def _user(self) -> str:
        """INVARIANT: outside, the program is the user that guard is: what it leaves is ours to read and to remove."""
        if self._maps:
            return USER  # see `_host`: that user of the box is us
        return "0:0" if self.about.rootless else f"{os.geteuid()}:{os.getegid()}"

    @property
    def _maps(self) -> bool:
        """Whether the engine gives each box a user namespace in which the user is who guard is: rootless Podman does."""
        return self.about.name == "podman" and self.about.rootless

    @property
    def _apart(self) -> bool:
        """Whether the box makes itself a user namespace: Docker has one for all containers, or none."""
        return self.about.name == "docker"

    def _host(self, container: Container, volumes: Sequence[str]) -> dict[str, Any]:
        from docker.types import LogConfig, Ulimit

        podman, masked = self.about.name == "podman", masked_proc()
        binds = [f"{outside}:{inside}:ro" for outside, inside in container.binds]
        if container.volume:
            binds.insert(0, ":".join(container.volume))
        whole = {}
        if self.about.limits:
            whole = {"mem_limit": container.limits.memory_bytes, "memswap_limit": container.limits.memory_bytes}
            whole["pids_limit"] = container.limits.processes
        ulimits = [Ulimit(name="core", soft=0, hard=0), Ulimit(name="nofile", **_within(resource.RLIMIT_NOFILE, _FILES))]
        more = [f"mask={':'.join(masked)}"] if podman else []
        if self._apart:
            # Docker's own filter forbids namespaces, and to map root into one takes a capability. Only init.py has it, under a
            # filter that allows this too: it drops all and sets guard's, which forbids namespaces, before the program starts. No limit
            # on processes is set outside of the namespace: there it would count the engine, and whatever else its user runs.
            more.append(f"seccomp={seccomp.profile()}")
        else:
            ulimits.append(Ulimit(name="nproc", **_within(resource.RLIMIT_NPROC, _PROCESSES)))
        taken = {inside for _, inside in (*container.binds, container.volume or ("", ""))}
        memory = {**{path: "ro,size=4k,mode=0755" for path in volumes if path not in taken}, **container.memory}
        if self._apart:
            memory["/dev"] = "ro,dev,size=64k,mode=0755"  # it would be the program's own: in a rootless engine that is the user who made it
        host = self._client.create_host_config(
            binds=binds,
            tmpfs=memory,
            network_mode="none",
            ipc_mode="private",
            read_only=True,
            cap_drop=["ALL"],
            cap_add=["SETFCAP"] if self._apart else [],
            security_opt=["no-new-privileges", "label=disable", *more],
            log_config=LogConfig(type="none"),
            ulimits=ulimits,
            **whole,
        )
        if not podman:
            host["MaskedPaths"] = sorted({*_MASKED, *masked})  # the SDK has no name for it
        if self._maps:
            # A user namespace for each box, so that limits count for it alone; the box's root is nobody that owns anything.
            user, _, group = USER.partition(":")
            host["UsernsMode"] = f"keep-id:uid={user},gid={group}"
        return dict(host)

    @contextmanager
    def _said(self, what: str) -> Iterator[None]:
        from docker.errors import APIError, DockerException
        from requests.exceptions import RequestException

        try:
            yield
        except APIError as error:
            raise SandboxError(f"the container engine {what}: {error.explanation or error}", hint=_HINT) from error
        except (DockerException, RequestException, OSError) as error:
            raise SandboxError(
                f"the container engine at {self.socket} {what}: {error}",
                hint="Is it running? Rootless Podman: systemctl --user start podman.socket; rootless Docker: systemctl --user start docker",
            ) from error


_HINT = "Run `guard doctor` to see what this engine guarantees here."


def _insist(removal: Callable[[], object]) -> None:
    """Have something removed. A container that just died may be in the hands of the engine's own cleaning, which refuses for a moment."""
    from docker.errors import APIError, DockerException, NotFound
    from requests.exceptions import RequestException

    for _ in range(_TRIES):
        try:
            removal()
        except NotFound:
            return
        except APIError:
            time.sleep(_PAUSE)
        except (DockerException, RequestException, OSError):
            return
        else:
            return


def _locked(folder: int) -> None:
    """Wait for a folder's lock. Raises `TimeoutError` if another holds it longer than the engine may take for an answer."""
    until = time.monotonic() + _SECONDS
    while True:
        try:
            return fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                raise TimeoutError("another process has been making a box there for a minute") from None
            time.sleep(_TURN)


def me() -> str:
    """This process, as nobody else will ever be called on this machine before it starts again."""
    return f"{os.getpid()} {_started(os.getpid())}"


def alive(owner: str) -> bool:
    """Whether the process that `me` named lives."""
    pid, _, started = owner.partition(" ")
    return pid.isdigit() and started != "" and _started(int(pid)) == started


def _started(pid: int) -> str:
    """When a process started, with the boot that it is of; "" if there is none."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""
    return f"{boot} {text.rpartition(')')[2].split()[19]}"


def _within(which: int, wanted: int) -> dict[str, int]:
    """A limit that is no higher than our own: a rootless engine cannot give more."""
    _, hard = resource.getrlimit(which)
    top = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    return {"soft": top, "hard": top}


def _delegated() -> bool:
    """Whether this user may limit memory and processes by control groups of version 2."""
    uid = os.geteuid()
    own = Path(f"/sys/fs/cgroup/user.slice/user-{uid}.slice/user@{uid}.service/cgroup.controllers")
    try:
        return {"pids", "memory"} <= set(own.read_text().split())
    except OSError:
        return False
