"""What guard believes of an engine: spoken to by a server that answers as engines do, and by the real one where it is there."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingUnixStreamServer
from typing import Any

import pytest

from guard.errors import SandboxError
from guard.sandbox import seccomp
from guard.sandbox.container.engine import IMAGE, ROOTLESS, USER, Container, Engine, alive, me
from guard.sandbox.layout import ENVIRONMENT
from tests.sandbox.engines import SOCKET, needs_engine


def is_locked(folder: Path) -> bool:
    """Whether somebody holds a folder's lock."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


@contextmanager
def speaking(folder: Path, answers: dict[str, Any]) -> Iterator[str]:
    """An engine that answers these paths, and anything else with an error."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.split("?")[0].rpartition("/")[2]
            body = json.dumps(answers.get(path, {"message": f"no such thing as {path}"})).encode()
            self.send_response(200 if path in answers else 500)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answers["asked"], answers["alone"] = asked, is_locked(folder)
            self.path, answers["create"] = "/create", {"Id": "made"}
            self.do_GET()

        def do_DELETE(self) -> None:
            path = self.path.split("?")[0].rpartition("/")[2]
            answers[path].pop(0)
            self.send_response(500 if answers[path] else 204)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def address_string(self) -> str:
            return "engine"

        def log_message(self, *_: object) -> None:
            pass

    path = folder / "engine.sock"
    with ThreadingUnixStreamServer(str(path), Answers) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"unix://{path}"
        server.shutdown()
        thread.join()


PODMAN = {"version": {"Version": "4.3.1", "Components": [{"Name": "Podman Engine"}]}, "info": {"Rootless": True, "CgroupVersion": "1", "PidsLimit": True, "MemoryLimit": True}}  # fmt: skip
DOCKER = {
    "version": {"Version": "20.10", "Components": [{"Name": "Engine"}]},
    "info": {"SecurityOptions": ["name=seccomp", "name=rootless"]},
}
ROOTFUL = {"version": DOCKER["version"], "info": {"SecurityOptions": ["name=seccomp"], "PidsLimit": True, "MemoryLimit": True}}


@pytest.mark.parametrize(
    ("answers", "name", "rootless", "limits"),
    [(PODMAN, "podman", True, False), (DOCKER, "docker", True, False), (ROOTFUL, "docker", False, True)],
)
def test_engines_are_known_by_what_they_say(tmp_path: Path, answers: dict[str, Any], name: str, rootless: bool, limits: bool) -> None:
    with speaking(tmp_path, answers) as socket, closing(Engine(socket, state=tmp_path, accepted=frozenset({ROOTLESS}))) as engine:
        about = engine.about
    assert (about.name, about.rootless, about.limits) == (name, rootless, limits), "control groups of version 1 bind nobody rootless"


def test_an_engine_that_runs_as_root_is_refused_unless_that_is_accepted_by_name(tmp_path: Path) -> None:
    with speaking(tmp_path, ROOTFUL) as socket, closing(Engine(socket, state=tmp_path)) as engine:
        with pytest.raises(SandboxError, match="runs as root") as refused:
            _ = engine.about
    assert 'accept = ["rootless"]' in refused.value.hint


BOX = Container(name="box", image="image", command=("first", "socket"), memory={"/tmp": "size=1"})


def asked_of(answers: dict[str, Any], folder: Path) -> dict[str, Any]:
    """What an engine is asked for, for one box."""
    answers.setdefault("json", {"Config": None})
    with speaking(folder, answers) as socket, closing(Engine(socket, state=folder, accepted=frozenset({ROOTLESS}))) as engine:
        assert engine.create(BOX) == "made"
    return dict(answers.pop("asked"))


@pytest.mark.parametrize("engine", [DOCKER, ROOTFUL])
def test_on_docker_the_box_makes_itself_a_user_namespace(tmp_path: Path, engine: dict[str, Any]) -> None:
    asked = asked_of(dict(engine), tmp_path)
    host = asked["HostConfig"]
    assert (asked["Entrypoint"], asked["Cmd"]) == (["first"], ["socket", USER])
    assert (host["CapDrop"], host["CapAdd"]) == (["ALL"], ["SETFCAP"]), "init.py drops that one"
    assert {"no-new-privileges", f"seccomp={seccomp.profile()}"} <= set(host["SecurityOpt"])
    assert "nproc" not in {limit["Name"] for limit in host["Ulimits"]}, "it would count the engine's own threads"
    assert host["Tmpfs"]["/dev"].startswith("ro,")


def test_podman_makes_the_user_namespace_and_keeps_its_filter(tmp_path: Path) -> None:
    asked = asked_of(dict(PODMAN), tmp_path)
    host = asked["HostConfig"]
    assert (asked["Entrypoint"], asked["Cmd"], host["UsernsMode"]) == (["first"], ["socket"], "keep-id:uid=65534,gid=65534")
    assert (host["CapDrop"], host.get("CapAdd") or []) == (["ALL"], [])
    assert not any(option.startswith("seccomp") for option in host["SecurityOpt"])
    assert host["Tmpfs"] == BOX.memory


@pytest.mark.parametrize(("engine", "alone"), [(PODMAN, True), (DOCKER, False)])
def test_a_rootless_podman_is_asked_for_one_box_at_a_time(tmp_path: Path, engine: dict[str, Any], alone: bool) -> None:
    answers = {**engine}
    asked_of(answers, tmp_path)
    assert answers["alone"] is alone
    assert not is_locked(tmp_path), "nor longer than that"


@pytest.mark.parametrize("engine", [PODMAN, DOCKER])
def test_of_what_an_image_says_to_be_done_nothing_is(tmp_path: Path, engine: dict[str, Any]) -> None:
    said = {"Env": ["PATH=/workspace/bin", "LD_PRELOAD=/workspace/evil.so"], "Volumes": {"/data": {}, "/tmp": {}}}
    asked = asked_of({**engine, "json": {"Config": said}}, tmp_path)
    assert sorted(asked["Env"]) == ["LD_PRELOAD=", f"PATH={ENVIRONMENT['PATH']}"]
    assert asked["Healthcheck"]["Test"] == ["NONE"]
    assert asked["Entrypoint"] == ["first"], "an empty one would be the image's"
    assert asked["HostConfig"]["Tmpfs"]["/data"].startswith("ro,"), "a volume of its own would be room that nothing limits"
    assert asked["HostConfig"]["Tmpfs"]["/tmp"] == BOX.memory["/tmp"]


def test_what_an_engine_says_is_wrong_is_said(tmp_path: Path) -> None:
    with speaking(tmp_path, PODMAN) as socket, closing(Engine(socket, state=tmp_path)) as engine:
        with pytest.raises(SandboxError, match="cannot list boxes: no such thing as json"):
            engine.sweep()


def test_a_removal_that_is_refused_for_a_moment_is_tried_again(tmp_path: Path) -> None:
    refusals = {"box": [1, 2, 3], "volume": [1, 2]}
    with speaking(tmp_path, {**PODMAN, **refusals}) as socket, closing(Engine(socket, state=tmp_path)) as engine:
        engine.remove("box", "volume")
    assert refusals == {"box": [], "volume": []}


def test_nobody_at_the_socket_is_an_error_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(SandboxError, match="does not answer") as error:
        _ = Engine(str(tmp_path / "nobody"), state=tmp_path).about
    assert "podman.socket" in error.value.hint


def test_the_environment_does_not_say_which_engine_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "named").mkdir()
    with speaking(tmp_path / "named", DOCKER) as other, speaking(tmp_path, PODMAN) as socket:
        for name in ("DOCKER_HOST", "CONTAINER_HOST", "http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, other)
        with closing(Engine(socket, state=tmp_path)) as engine:
            assert engine.about.name == "podman"


def test_paths_that_mount_options_would_misread_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SandboxError, match="cannot stand in mount options"):
        Engine("/x", state=tmp_path).overlay("name", lower=tmp_path, upper=tmp_path / "a,b", work=tmp_path)


def test_an_owner_is_alive_as_long_as_that_very_process(monkeypatch: pytest.MonkeyPatch) -> None:
    assert alive(me())
    pid, _, started = me().partition(" ")
    assert not alive(f"{pid} {started}0"), "another process with the same number"
    process = subprocess.Popen(["/bin/true"])
    process.wait()
    for gone in (f"{process.pid} {started}", "", "x y", pid, f"{pid} "):
        assert not alive(gone)


@needs_engine
def test_many_boxes_are_made_at_once_by_several_guards(tmp_path: Path) -> None:
    guards = [Engine(SOCKET, state=tmp_path / name, accepted=frozenset({ROOTLESS})) for name in "ab"]
    with ThreadPoolExecutor(8) as threads:
        image = guards[0].image(IMAGE)
        boxes = [Container(name=f"guard-{os.urandom(8).hex()}", image=image, command=("true",), memory={}) for _ in range(24)]
        made = list(threads.map(lambda numbered: guards[numbered[0] % 2].create(numbered[1]), enumerate(boxes)))
        list(threads.map(guards[0].remove, made))
    for guard in guards:
        guard.close()
    assert len({*made}) == len(boxes)


@needs_engine
def test_the_real_engine_knows_no_image_of_another_name(tmp_path: Path) -> None:
    with closing(Engine(SOCKET, state=tmp_path)) as engine:
        with pytest.raises(SandboxError, match="no image") as error:
            engine.image("localhost/guard-no-such-image")
    assert "guard image build" in error.value.hint
