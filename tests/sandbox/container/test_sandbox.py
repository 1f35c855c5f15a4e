"""What is particular to boxes that are containers; the promises of every sandbox are in tests/contracts. Only where an engine is."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import struct
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import docker
import pytest

from guard.errors import SandboxError
from guard.model import Ending
from guard.sandbox.container.engine import IMAGE, OWNER, STATE
from guard.sandbox.container.image import from_base
from guard.sandbox.container.sandbox import ContainerSandbox
from guard.sandbox.pool import Warm
from tests.sandbox.boxes import QUICK, brief, job, processes_with
from tests.sandbox.engines import SOCKET, container, needs_engine

pytestmark = needs_engine

ROOT = Path(__file__).parents[3]


@pytest.fixture
async def box(tmp_path: Path) -> AsyncIterator[ContainerSandbox]:
    sandbox = container(tmp_path / "state")
    yield sandbox
    await sandbox.close()


def left(state: Path) -> list[str]:
    """What the engine still has of a guard with this state folder."""
    with closing(docker.APIClient(base_url=SOCKET, version="1.41")) as client:
        chosen = {"label": f"{STATE}={state}"}
        containers = [found["Names"][0] for found in client.containers(all=True, filters=chosen)]
        return containers + [found["Name"] for found in client.volumes(filters=chosen)["Volumes"] or []]


def wait_for(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


async def test_the_engine_is_asked_for_everything_that_it_can_deny(box: ContainerSandbox, tmp_path: Path) -> None:
    marker = f"inspected-{secrets.token_hex(8)}"
    workspace = tmp_path.resolve() / "workspace"
    workspace.mkdir()
    code = f"import subprocess; subprocess.run(['/usr/bin/python3', '-c', 'import time; time.sleep(600)', {marker!r}])"
    running = asyncio.create_task(box.run(job(code, workspace)))
    while not processes_with(marker):
        assert not running.done(), running.exception()
        await asyncio.sleep(0.02)
    (name,) = {found.removeprefix("/") for found in left(box.state)}
    with closing(docker.APIClient(base_url=SOCKET, version="1.41")) as client:
        seen = client.inspect_container(name)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    host = seen["HostConfig"]
    assert (host["NetworkMode"], host["ReadonlyRootfs"], host["Privileged"], host["LogConfig"]["Type"]) == ("none", True, False, "none")
    assert "no-new-privileges" in host["SecurityOpt"]
    assert set(seen["Config"]["Labels"]) >= {OWNER, STATE}
    assert seen["Image"].removeprefix("sha256:") == box.engine.image(IMAGE).removeprefix("sha256:")


async def test_nothing_is_left_of_a_run(tmp_path: Path) -> None:
    box = container(tmp_path / "state")
    workspace = tmp_path.resolve() / "workspace"
    workspace.mkdir()
    for code in ("print(1)", "import time; time.sleep(600)", "raise SystemExit(3)"):
        running = asyncio.create_task(box.run(job(code, workspace)))
        await asyncio.wait([running], timeout=2)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    await box.close()
    assert left(box.state) == []
    assert list((box.state / "boxes").iterdir()) == []


GUARD = """
import asyncio, sys
from pathlib import Path
from tests.sandbox.boxes import job
from tests.sandbox.engines import container
code = "import subprocess; subprocess.run(['/usr/bin/python3', '-c', 'import time; time.sleep(600)', %r])" % sys.argv[2]
asyncio.run(container(Path(sys.argv[1])).run(job(code, sys.argv[3])))
"""


def test_a_box_dies_with_a_guard_that_is_killed_and_the_next_guard_sweeps(tmp_path: Path) -> None:
    state, marker, workspace = tmp_path / "state", f"orphan-{secrets.token_hex(8)}", tmp_path.resolve() / "workspace"
    workspace.mkdir()
    command = [sys.executable, "-c", GUARD, str(state), marker, str(workspace)]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}) as guard:
        wait_for(lambda: len(processes_with(marker)) > 1, "the box never started")
        guard.send_signal(signal.SIGKILL)
        guard.wait()
        wait_for(lambda: not processes_with(marker), "the box outlived its guard")
    assert len(left(state)) == 2, "a container and its volume"

    async def next_guard() -> None:
        following = container(state)
        following.profile(QUICK)
        assert left(state) == []
        await following.close()

    asyncio.run(next_guard())
    assert list((state / "boxes").iterdir()) == []


async def test_a_living_guards_boxes_are_not_swept(box: ContainerSandbox, tmp_path: Path) -> None:
    marker = f"living-{secrets.token_hex(8)}"
    code = f"import subprocess; subprocess.run(['/usr/bin/python3', '-c', 'import time; time.sleep(1)', {marker!r}]); print('alive')"
    running = asyncio.create_task(box.run(job(code)))
    while not processes_with(marker):
        assert not running.done(), running.exception()
        await asyncio.sleep(0.02)
    box.engine.sweep()
    assert (await running).stdout == "alive\n"


async def test_a_workspace_may_have_any_name(box: ContainerSandbox, tmp_path: Path) -> None:
    workspace = tmp_path.resolve() / 'a,b:c "d" \\e'
    workspace.mkdir()
    (workspace / "a.txt").write_text("here")
    execution = await box.run(job("open('b.txt', 'w').write(open('a.txt').read())", workspace))
    assert brief(execution.change_set) == ["created b.txt"], execution


async def test_the_image_is_part_of_what_is_sealed_and_what_runs(tmp_path: Path, box: ContainerSandbox) -> None:
    from_base(box.engine, "localhost/guard-test-sealed", IMAGE)
    other = container(tmp_path / "other", image="localhost/guard-test-sealed")
    assert other.profile(QUICK).digest != box.profile(QUICK).digest
    sealed = other.profile(QUICK)
    other.engine.build(f"FROM {IMAGE}\nLABEL changed=1\n", "localhost/guard-test-sealed")
    assert other.profile(QUICK) == sealed, "the name may move; what runs is what was sealed"
    assert (await other.run(job("print(1)"))).ending is Ending.EXITED
    await other.close()


async def test_an_image_that_is_not_there_is_an_error_with_a_hint(tmp_path: Path) -> None:
    box = container(tmp_path / "state", image="localhost/guard-no-such-image")
    with pytest.raises(SandboxError, match="no image") as error:
        await box.run(job("print(1)"))
    assert "guard image build" in error.value.hint
    assert [promise.holds for promise in await box.prove() if promise.name == "box"] == [False]
    await box.close()


async def test_an_image_without_python_is_an_error(tmp_path: Path, box: ContainerSandbox) -> None:
    box.engine.build(
        f"FROM {IMAGE}\nRUN python3 -c \"import os; os.rename('/usr/bin/python3', '/usr/bin/no')\"\n", "localhost/guard-test-bare"
    )
    bare = container(tmp_path / "bare", image="localhost/guard-test-bare")
    with pytest.raises(SandboxError, match="python3"):
        await bare.run(job("print(1)"))
    await bare.close()
    assert left(bare.state) == []


HOSTILE = """
FROM {image}
ENV PATH=/workspace/bin:/usr/bin PYTHONSTARTUP=/workspace/start.py PYTHONINSPECT=1
VOLUME /data
HEALTHCHECK --interval=1s CMD ["/workspace/bin/run"]
ENTRYPOINT ["/workspace/bin/run"]
"""


async def test_nothing_of_an_image_runs_what_lies_in_the_workspace_before_the_filter_is_set(
    tmp_path: Path, box: ContainerSandbox, workspace: Path
) -> None:
    """Only a program may: what runs earlier, or beside it, would be bound by less."""
    box.engine.build(HOSTILE.format(image=IMAGE), "localhost/guard-test-hostile")
    (workspace / "bin").mkdir()
    for name, goes_on in (("run", '[ "$1" ] && exec "$@"'), ("python3", 'exec /usr/bin/python3 "$@"')):
        (workspace / "bin" / name).write_text(f"#!/bin/sh\n: > /workspace/{name}-ran\n{goes_on}\n")
        (workspace / "bin" / name).chmod(0o755)
    (workspace / "start.py").write_text("open('/workspace/start-ran', 'w')")
    hostile = container(tmp_path / "hostile", image="localhost/guard-test-hostile")
    execution = await hostile.run(job("import os, time; time.sleep(2.5); print(os.access('/data', os.W_OK))", workspace))
    await hostile.close()
    assert (execution.stdout, brief(execution.change_set)) == ("False\n", []), execution
    control = await box.run(job("import subprocess; subprocess.run(['/workspace/bin/run'])", workspace))
    assert brief(control.change_set) == ["created run-ran"], "as a program it runs"


async def test_a_container_without_guards_own_filter_is_found(box: ContainerSandbox) -> None:
    """An engine's filter denies some of the same, so that it could hide that ours is missing."""
    box._filter = struct.pack("<HBBI", 0x06, 0, 0, 0x7FFF0000)
    promises = {promise.name: promise.holds for promise in await box.prove()}
    assert not promises["system-calls"]
    assert promises["no-secrets"]


async def test_an_engine_that_is_gone_is_an_error(tmp_path: Path) -> None:
    box = ContainerSandbox(tmp_path / "state", str(tmp_path / "nobody"), image=IMAGE)
    with pytest.raises(SandboxError, match="does not answer"):
        await box.run(job("print(1)"))
    await box.close()


# ----------------------------------------------------------------------------------------------------------------------- waiting


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    root = tmp_path.resolve() / "workspace"
    root.mkdir()
    (root / "a.txt").write_text("hello")
    (root / ".env").write_text("planted")
    return root


@pytest.fixture
async def waiting(tmp_path: Path, workspace: Path) -> AsyncIterator[ContainerSandbox]:
    sandbox = container(tmp_path / "state", warm=Warm(boxes=1, limits=QUICK, workspace=str(workspace)))
    assert await sandbox.warmed() == 1
    yield sandbox
    await sandbox.close()


WAITED = "import sys; print('wait' in sys.orig_argv)"


async def test_a_container_that_waited_serves_one_run_and_is_followed_by_another(waiting: ContainerSandbox) -> None:
    for _ in range(2):
        assert (await waiting.run(job(f"{WAITED}; open('/tmp/left', 'x')"))).stdout == "True\n"
        assert await waiting.warmed() == 1
    assert (await waiting.run(job(WAITED, limits=replace(QUICK, processes=31)))).stdout == "False\n", "other limits, another box"


async def test_a_workspace_is_mounted_into_a_container_that_waited(waiting: ContainerSandbox, workspace: Path) -> None:
    code = f"""
import os
{WAITED}
print(os.getcwd(), open('a.txt').read(), open({str(workspace / "a.txt")!r}).read())
open('made', 'w').write('x'); os.remove('a.txt')
for act in (lambda: open('.env').read(), lambda: os.rename('.env', 'moved'), lambda: os.link('.env', 'hard') or open('hard').read()):
    try:
        print(act())
    except OSError as error:
        print('refused')
"""
    execution = await waiting.run(job(code, workspace, masked=(workspace / ".env",)))
    assert execution.stdout == "True\n/workspace hello hello\nrefused\nrefused\nrefused\n", execution
    assert brief(execution.change_set) == ["deleted a.txt", "created made"]
    assert (workspace / "a.txt").read_text() == "hello"


async def test_a_container_that_waited_is_bound_like_any_other(waiting: ContainerSandbox, workspace: Path, tmp_path: Path) -> None:
    code = (
        f"ALIAS = {str(workspace.parent)!r}"
        + """
import os, resource
status = dict(line.split(':', 1) for line in open('/proc/self/status').read().splitlines())
print({name: status[name].strip() for name in ('CapBnd', 'NoNewPrivs', 'Seccomp', 'Uid', 'Gid')})
print([resource.getrlimit(which) for which in range(16)], sorted(os.environ), os.listdir('/sys/fs/cgroup'), os.listdir('/proc/self/fd'))
print(sorted(line.split()[1] for line in open('/proc/mounts') if line.split()[1] != ALIAS))
"""
    )
    cold = container(tmp_path / "cold")
    waited, alone = await waiting.run(job(code)), await cold.run(job(code))
    await cold.close()
    assert waited.stdout == alone.stdout


async def test_a_run_that_times_out_in_a_container_that_waited_is_told_so(waiting: ContainerSandbox) -> None:
    quick = container(waiting.state.parent / "quick", warm=Warm(boxes=1, limits=replace(QUICK, wall_seconds=0.5)))
    assert await quick.warmed() == 1
    assert (await quick.run(job("while True: pass", limits=replace(QUICK, wall_seconds=0.5)))).ending is Ending.TIMEOUT
    await quick.close()
    assert left(quick.state) == [], "those that wait are gone too"


async def test_a_container_that_died_while_it_waited_is_not_given_out(waiting: ContainerSandbox) -> None:
    place = waiting._pool._waiting[0]  # type: ignore[union-attr]
    os.kill(place.box.init, signal.SIGKILL)
    assert place.box.dead(10)
    assert (await waiting.run(job(WAITED))).stdout == "False\n"
