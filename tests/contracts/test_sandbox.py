"""What every sandbox promises, as programs that try it in the real box."""

from __future__ import annotations

import asyncio
import os
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from guard.errors import BadInput, SandboxError
from guard.model import Ending
from guard.ports import Sandbox
from guard.sandbox.container.engine import ROOTLESS
from guard.sandbox.language import deno_binary
from guard.sandbox.pool import Warm
from tests.sandbox.boxes import QUICK, brief, by_path, closing, job, processes_with, tree
from tests.sandbox.engines import ENGINES, box_of


@pytest.fixture(params=["bubblewrap, warm", *ENGINES])
async def sandbox(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Sandbox]:
    """Each kind of box; warm: the first run gets a box that waited."""
    engine, _, warm = request.param.partition(", ")
    waits = Warm(boxes=1, limits=QUICK, workspace=str(tmp_path.resolve() / "workspace")) if warm else None
    async with closing(box_of(engine, tmp_path / "state", warm=waits)) as box:
        assert await box.warmed() == (1 if warm else 0)
        yield box


async def appears(marker: str) -> None:
    """Wait (ten seconds at most) for a process with this marker."""
    deadline = time.monotonic() + 10
    while not processes_with(marker):
        assert time.monotonic() < deadline, "it never started"
        await asyncio.sleep(0.01)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    root = tmp_path.resolve() / "workspace"
    root.mkdir()
    (root / "a.txt").write_text("hello\n")
    (root / "folder").mkdir()
    (root / "folder" / "b.txt").write_text("b\n")
    (root / ".env").write_text("TOKEN=planted\n")
    return root


# ------------------------------------------------------------------------------------------------------------------- running


async def test_a_program_gives_its_output_and_its_exit_code(sandbox: Sandbox, workspace: Path) -> None:
    code = "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"
    execution = await sandbox.run(job(code, workspace))
    assert (execution.ending, execution.exit_code) == (Ending.EXITED, 3)
    assert (execution.stdout, execution.stderr) == ("out\n", "err\n")
    assert not execution.succeeded


async def test_a_program_starts_in_the_workspace_and_finds_it_by_its_real_path_too(sandbox: Sandbox, workspace: Path) -> None:
    code = f"import os; print(os.getcwd(), open('a.txt').read().strip(), open({str(workspace / 'a.txt')!r}).read().strip())"
    assert (await sandbox.run(job(code, workspace))).stdout == "/workspace hello hello\n"


async def test_a_program_without_a_workspace_runs_in_an_empty_folder(sandbox: Sandbox) -> None:
    execution = await sandbox.run(job("import os; print(os.listdir('.')); open('x', 'w')"))
    assert (execution.stdout, execution.succeeded, execution.change_set.changes) == ("[]\n", True, ())


async def test_await_and_return_work_at_the_top_level(sandbox: Sandbox) -> None:
    awaited = await sandbox.run(job("import asyncio\nawait asyncio.sleep(0)\nprint('woke')"))
    assert awaited.stdout == "woke\n"
    returned = await sandbox.run(job("from __future__ import annotations\nimport asyncio\nx = 20\nawait asyncio.sleep(0)\nreturn x + 1"))
    assert returned.stdout == "21\n", returned.stderr


async def test_a_traceback_shows_the_program_and_nothing_of_the_runner(sandbox: Sandbox) -> None:
    execution = await sandbox.run(job("def f():\n    raise ValueError('no')\nf()\n"))
    assert "raise ValueError('no')" in execution.stderr
    assert "runner" not in execution.stderr
    assert "exec(" not in execution.stderr
    assert "ValueError: no" in execution.stderr


async def test_text_that_is_no_program_fails_with_its_own_error(sandbox: Sandbox) -> None:
    for code, said in (("def (", "SyntaxError"), ("x = 'a\0b'", "null bytes"), ("\ufeffprint(1)", ""), ("(" * 5000, "Error")):
        execution = await sandbox.run(job(code))
        assert execution.ending in (Ending.EXITED, Ending.MEMORY)
        assert said in execution.stderr


async def test_modules_of_the_workspace_can_be_imported_but_shadow_nothing(sandbox: Sandbox, workspace: Path) -> None:
    (workspace / "mine.py").write_text("value = 'of the workspace'\n")
    (workspace / "json.py").write_text("raise SystemExit('shadowed')\n")
    execution = await sandbox.run(job("import json, mine; print(mine.value, json.dumps(1))", workspace))
    assert execution.stdout == "of the workspace 1\n", execution.stderr
    assert execution.change_set.changes == (), "importing leaves no caches behind"


async def test_classes_of_the_program_can_be_pickled_and_its_source_found(sandbox: Sandbox) -> None:
    code = (
        "import inspect, pickle\nclass A: pass\nprint(type(pickle.loads(pickle.dumps(A()))).__name__, inspect.getsource(A).split(':')[0])"
    )
    assert (await sandbox.run(job(code))).stdout == "A class A\n"


async def test_a_program_finds_what_lies_beside_it_in_the_workspace(sandbox: Sandbox, workspace: Path) -> None:
    code = (
        "from pathlib import Path\nimport os\nprint((Path(__file__).resolve().parent / 'a.txt').read_text().strip(), "
        "os.listdir(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'folder')))"
    )
    execution = await sandbox.run(job(code, workspace))
    assert (execution.stdout, execution.change_set.changes) == ("hello ['b.txt']\n", ()), execution.stderr


async def test_shell_runs_and_a_failing_command_gives_its_code(sandbox: Sandbox, workspace: Path) -> None:
    execution = await sandbox.run(job("cat a.txt; rm a.txt; exit 4", workspace, language="bash"))
    assert (execution.stdout, execution.exit_code, brief(execution.change_set)) == ("hello\n", 4, ["deleted a.txt"])


@pytest.mark.skipif(deno_binary() is None, reason="deno is not installed")
async def test_javascript_and_typescript_run_and_see_the_workspace(sandbox: Sandbox, workspace: Path) -> None:
    code = "const x: number = 41; console.log(x + 1, Deno.readTextFileSync('a.txt')); Deno.writeTextFileSync('made', 'x')"
    execution = await sandbox.run(job(code, workspace, language="typescript"))
    assert (execution.stdout, brief(execution.change_set)) == ("42 hello\n\n", ["created made"]), execution.stderr
    script = await sandbox.run(job("console.log([1,2].map(x => x * 2))", workspace, language="javascript"))
    assert script.stdout == "[ 2, 4 ]\n", script.stderr


@pytest.mark.skipif(deno_binary() is None, reason="deno is not installed")
@pytest.mark.parametrize("language", ["javascript", "typescript"])
async def test_javascript_finds_what_lies_beside_it_in_the_workspace(sandbox: Sandbox, workspace: Path, language: str) -> None:
    (workspace / "mine.js").write_text("export const mine = 'mine';\n")
    code = "import { mine } from './mine.js'; console.log(mine, Deno.readTextFileSync(new URL('./a.txt', import.meta.url)).trim());"
    execution = await sandbox.run(job(code, workspace, language=language, limits=replace(QUICK, processes=64, memory_bytes=512 << 20)))
    assert (execution.stdout, execution.change_set.changes) == ("mine hello\n", ()), execution.stderr


@pytest.mark.skipif(deno_binary() is None, reason="deno is not installed")
async def test_what_javascript_imports_beside_itself_comes_from_the_workspace_and_packages_never(sandbox: Sandbox, workspace: Path) -> None:
    (workspace / "lib").mkdir()
    (workspace / "lib" / "a.js").write_text("import two from '../two.ts'; export const one = two - 1;")
    (workspace / "two.ts").write_text("const two: number = 2; export default two;")
    (workspace / "package.json").write_text('{"dependencies": {"lodash": "*"}}')
    (workspace / "node_modules" / "lodash").mkdir(parents=True)
    (workspace / "node_modules" / "lodash" / "index.js").write_text("console.log('stranger')")
    code = (
        "import {one} from './lib/a.js'; const again = await import('/workspace/lib/a.js'); console.log(one, again.one);"
        "for (const name of ['lodash', './lib/a', '../etc/passwd', './none.js']) await import(name).catch(() => console.log('no', name))"
    )
    execution = await sandbox.run(job(code, workspace, language="javascript"))
    assert execution.stdout == "1 1\nno lodash\nno ./lib/a\nno ../etc/passwd\nno ./none.js\n", execution.stderr


async def test_an_unknown_language_is_refused_with_what_could_run(sandbox: Sandbox) -> None:
    with pytest.raises(SandboxError, match="cobol") as refused:
        await sandbox.run(job("STOP RUN.", language="cobol"))
    assert "python" in refused.value.hint


async def test_text_that_is_not_unicode_is_refused(sandbox: Sandbox) -> None:
    with pytest.raises(BadInput, match="surrogate"):
        await sandbox.run(job("x = '\ud800'"))


async def test_runs_at_the_same_time_do_not_meet(sandbox: Sandbox, workspace: Path) -> None:
    code = "import os, sys\nopen('shared', 'x').write('{0}')\nopen('/tmp/shared', 'x')\nprint(open('shared').read(), os.getpid())"
    executions = await asyncio.gather(*(sandbox.run(job(code.format(n), workspace)) for n in range(4)))
    assert [execution.stdout.split()[0] for execution in executions] == ["0", "1", "2", "3"], executions


async def test_the_environment_of_guard_is_not_in_the_box(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    planted = secrets.token_hex(8)
    monkeypatch.setenv("PLANTED", planted)
    code = "print(open('/proc/self/environ').read(), open('/proc/1/environ').read(), open('/proc/1/cmdline').read())"
    control = await asyncio.create_subprocess_exec("/usr/bin/env", stdout=asyncio.subprocess.PIPE)
    assert planted.encode() in (await control.communicate())[0]
    execution = await sandbox.run(job(code))
    assert planted not in execution.stdout + execution.stderr


# --------------------------------------------------------------------------------------------------------- what a run changed


async def test_nothing_reaches_the_workspace(sandbox: Sandbox, workspace: Path) -> None:
    before = tree(workspace)
    code = "import shutil; shutil.rmtree('folder'); open('a.txt', 'w').write('x'); open('new', 'w').write('y')"
    assert (await sandbox.run(job(code, workspace))).succeeded
    assert tree(workspace) == before


async def test_every_kind_of_change_is_in_the_change_set(sandbox: Sandbox, workspace: Path) -> None:
    code = """
import os
open('a.txt', 'a').write('more\\n')
os.chmod('folder/b.txt', 0o600)
os.mkdir('empty')
open('made', 'w').write('made')
os.symlink('a.txt', 'link')
os.remove('.env')
"""
    found = by_path((await sandbox.run(job(code, workspace))).change_set)
    assert {path: str(change.kind) for path, change in found.items()} == {
        "a.txt": "modified",
        "folder/b.txt": "mode",
        "empty": "created",
        "made": "created",
        "link": "symlink",
        ".env": "deleted",
    }
    assert found["a.txt"].before
    assert found["a.txt"].before.size == 6
    assert found["a.txt"].after
    assert found["a.txt"].after.size == 11
    assert found["folder/b.txt"].after
    assert found["folder/b.txt"].after.mode == 0o600


async def test_a_run_that_leaves_things_as_they_were_changes_nothing(sandbox: Sandbox, workspace: Path) -> None:
    code = """
import os, shutil
os.utime('a.txt'); open('a.txt', 'r+').close(); os.chmod('a.txt', 0o600); os.chmod('a.txt', 0o644)
text = open('a.txt').read(); os.remove('a.txt'); open('a.txt', 'w').write(text)
shutil.copytree('folder', 'copy'); shutil.rmtree('folder'); shutil.move('copy', 'folder')
"""
    execution = await sandbox.run(job(code, workspace))
    assert execution.succeeded, execution.stderr
    assert execution.change_set.changes == ()


async def test_a_deleted_folder_is_the_entries_that_were_in_it(sandbox: Sandbox, workspace: Path) -> None:
    (workspace / "folder" / "inner").mkdir()
    (workspace / "folder" / "inner" / "c").write_text("c")
    execution = await sandbox.run(job("import shutil; shutil.rmtree('folder')", workspace))
    assert brief(execution.change_set) == [
        "deleted folder/inner/c",
        "deleted folder/inner",
        "deleted folder/b.txt",
        "deleted folder",
    ]


async def test_a_folder_put_in_the_place_of_another_deletes_what_the_old_one_held(sandbox: Sandbox, workspace: Path) -> None:
    (workspace / "folder" / "inner").mkdir()
    (workspace / "folder" / "inner" / "c").write_text("c")
    code = "import os, shutil; shutil.rmtree('folder'); os.makedirs('folder/inner'); open('folder/inner/d', 'w')"
    execution = await sandbox.run(job(code, workspace))
    assert brief(execution.change_set) == ["deleted folder/inner/c", "deleted folder/b.txt", "created folder/inner/d"]


async def test_a_change_of_type_is_a_deletion_and_a_creation(sandbox: Sandbox, workspace: Path) -> None:
    code = """
import os, shutil
os.remove('a.txt'); os.mkdir('a.txt'); open('a.txt/x', 'w')
shutil.rmtree('folder'); os.symlink('/etc/passwd', 'folder')
"""
    execution = await sandbox.run(job(code, workspace))
    assert brief(execution.change_set) == [
        "deleted folder/b.txt",
        "deleted folder",
        "deleted a.txt",
        "created a.txt",
        "created a.txt/x",
        "symlink folder",
    ]


async def test_a_renamed_folder_is_a_deletion_and_a_creation(sandbox: Sandbox, workspace: Path) -> None:
    execution = await sandbox.run(job("import shutil; shutil.move('folder', 'renamed')", workspace))
    assert brief(execution.change_set) == ["deleted folder/b.txt", "deleted folder", "created renamed", "created renamed/b.txt"]


async def test_what_cannot_be_committed_is_named_and_left_out(sandbox: Sandbox, workspace: Path) -> None:
    code = r"""
import os, socket
os.mkfifo('fifo')
socket.socket(socket.AF_UNIX).bind('sock')
open('suid', 'w').write('x'); os.chmod('suid', 0o4755)
open(b'bad\xff', 'w'); open('line\nfeed', 'w')
os.symlink(b'\xff', 'badlink')
open('fine', 'w').write('x'); os.setxattr('fine', 'user.mine', b'1')
os.setxattr('fine', 'user.overlay.opaque', b'y')
open('sparse', 'w').truncate(20 << 20); open('sparse2', 'w').truncate(20 << 20)
os.link('fine', 'alias')
"""
    execution = await sandbox.run(job(code, workspace))
    assert execution.succeeded, execution.stderr
    assert brief(execution.change_set) == ["created alias", "created fine", "created sparse"]
    refused = "\n".join(execution.change_set.refused)
    for said in (
        "fifo: a FIFO",
        "sock: a socket",
        "suid: a set-user-id",
        r"bad\xff: its name is not valid UTF-8",
        r"line\nfeed: its name holds control characters",
        "badlink: a symbolic link whose text",
        "fine: extended attributes are never committed: user.mine",
        "sparse2: 20971520 bytes long",
    ):
        assert said in refused, refused
    assert "\n" not in "".join(execution.change_set.refused)


async def test_files_that_the_program_closed_to_everybody_are_sealed_all_the_same(sandbox: Sandbox, workspace: Path) -> None:
    code = "import os; os.mkdir('d'); open('d/f', 'w').write('x'); os.chmod('d/f', 0); os.chmod('d', 0)"
    found = by_path((await sandbox.run(job(code, workspace))).change_set)
    assert set(found) == {"d", "d/f"}
    assert found["d"].after
    assert found["d"].after.mode == 0
    assert found["d/f"].after
    assert found["d/f"].after.mode == 0


async def test_a_file_that_changed_below_while_the_program_ran_has_no_known_before(sandbox: Sandbox, workspace: Path) -> None:
    marker = f"started-{secrets.token_hex(8)}"
    code = f"""
import subprocess
open('a.txt', 'a').write('mine')
subprocess.run(['/usr/bin/python3', '-c', 'import time; time.sleep(1)', {marker!r}])
"""
    running = asyncio.create_task(sandbox.run(job(code, workspace)))
    await appears(marker)
    (workspace / "a.txt").write_text("yours\n")
    change = by_path((await running).change_set)["a.txt"]
    assert change.before
    assert change.before.digest == "changed while the program ran"


# --------------------------------------------------------------------------------------------------------------------- secrets


async def test_a_masked_file_cannot_be_read_by_any_of_its_names(sandbox: Sandbox, workspace: Path) -> None:
    os.link(workspace / ".env", workspace / "folder" / "harmless.txt")
    os.symlink(".env", workspace / "link")
    code = """
import os, shutil
for path in ('.env', 'folder/harmless.txt', 'link', '/proc/self/cwd/.env', '/proc/self/root/workspace/.env'):
    for act in (lambda: open(path).read(), lambda: shutil.copy(path, '/tmp/x') and open('/tmp/x').read()):
        try:
            print(act())
        except OSError as error:
            print(path, error.strerror)
for act in (lambda: os.link('.env', 'hard') or open('hard').read(), lambda: os.rename('.env', 'moved') or open('moved').read()):
    try:
        print(act())
    except OSError as error:
        print('refused')
"""
    masked = (workspace / ".env",)
    hidden = await sandbox.run(job(code, workspace, masked=masked))
    assert "planted" not in hidden.stdout, hidden.stdout
    assert hidden.stdout.count("refused") == 2
    shown = await sandbox.run(job(code, workspace))
    assert shown.stdout.count("planted") == 12, "the control: unmasked, every one of these names reads it"


async def test_a_masked_folder_is_masked_file_by_file(sandbox: Sandbox, workspace: Path) -> None:
    code = "print(open('folder/b.txt').read())"
    assert (await sandbox.run(job(code, workspace))).succeeded
    assert not (await sandbox.run(job(code, workspace, masked=(workspace / "folder",)))).succeeded


# ---------------------------------------------------------------------------------------------------------------------- limits


async def test_an_endless_loop_times_out(sandbox: Sandbox) -> None:
    execution = await sandbox.run(job("print('started', flush=True)\nwhile True: pass", limits=replace(QUICK, wall_seconds=0.7)))
    assert execution.ending is Ending.TIMEOUT
    assert execution.stdout == "started\n"


async def test_a_sleeping_program_times_out_too(sandbox: Sandbox) -> None:
    execution = await sandbox.run(job("import time; time.sleep(100)", limits=replace(QUICK, wall_seconds=0.5)))
    assert (execution.ending, execution.seconds < 10) == (Ending.TIMEOUT, True)


async def test_processor_time_is_limited(sandbox: Sandbox) -> None:
    execution = await sandbox.run(job("while True: pass", limits=replace(QUICK, cpu_seconds=1)))
    assert execution.ending is Ending.TIMEOUT
    assert execution.seconds < 15


async def test_a_death_by_signal_is_told_apart_from_an_exit(sandbox: Sandbox) -> None:
    execution = await sandbox.run(job("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"))
    assert (execution.ending, execution.signal) == (Ending.KILLED, 11)


@pytest.mark.parametrize(
    "code",
    [
        "x = []\nwhile True: x.append(bytearray(1 << 20))",
        "import os, time\nfor _ in range(12):\n    if os.fork() == 0:\n        x = bytearray(os.urandom(1 << 20)) * 60\n        time.sleep(30)\nos.wait()",
        "for i in range(2):\n    f = open(f'/dev/shm/{i}', 'wb')\n    try:\n        while True: f.write(bytes(1 << 20))\n    except OSError: pass\ng = bytearray(b'x') * (225 << 20)\nimport time; time.sleep(15)",
    ],
    ids=["one process", "many processes", "files in memory"],
)
async def test_a_memory_hog_runs_out_of_memory(sandbox: Sandbox, code: str) -> None:
    execution = await sandbox.run(job(code))
    assert execution.ending is Ending.MEMORY, execution


async def test_filling_the_disk_ends_the_run(sandbox: Sandbox, workspace: Path) -> None:
    code = "import os, time\nfor i in range(10000):\n    open(f'f{i}', 'wb').write(os.urandom(1 << 20))\n"
    execution = await sandbox.run(job(code, workspace))
    assert (execution.ending, execution.change_set.changes) == (Ending.DISK, ())


async def test_using_up_inodes_ends_the_run(sandbox: Sandbox, workspace: Path) -> None:
    for folder in (".", "/tmp"):
        code = f"import os, time\nfor i in range(200000):\n    open(f'{folder}/f{{i}}', 'wb')\n"
        execution = await sandbox.run(job(code, workspace))
        assert execution.ending is Ending.DISK, (folder, execution)


async def test_hiding_the_files_from_the_count_does_not_help(sandbox: Sandbox, workspace: Path) -> None:
    code = """
import os, time
os.mkdir('d'); os.chdir('d'); os.mkdir('e'); os.chdir('e'); os.chmod('.', 0o300); os.chmod('..', 0)
for i in range(100):
    open(f'f{i}', 'wb').write(os.urandom(1 << 20))
time.sleep(15)
"""
    assert (await sandbox.run(job(code, workspace))).ending is Ending.DISK


async def test_one_file_larger_than_allowed_is_a_full_disk(sandbox: Sandbox, workspace: Path) -> None:
    execution = await sandbox.run(job("open('huge', 'w').truncate(1 << 40)", workspace))
    assert execution.ending is Ending.DISK, execution


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("for i in 1 2 3; do head -c 20000000 /dev/zero > /tmp/$i || exit 1; done", "sh"),
        ("head -c 200000000 /dev/zero > /tmp/x; exit 3", "sh"),
        ("import shutil, os\nfor i in range(9): open(f'/tmp/{i}', 'wb').write(bytes(20_000_000))", "python"),
    ],
)
async def test_a_program_that_fails_on_a_full_disk_says_so_in_any_language(sandbox: Sandbox, code: str, language: str) -> None:
    assert (await sandbox.run(job(code, language=language))).ending is Ending.DISK


async def test_an_output_flood_is_cut_off(sandbox: Sandbox) -> None:
    execution = await sandbox.run(job("while True: print('x' * 1000)"))
    assert (execution.ending, execution.truncated) == (Ending.OUTPUT, True)
    assert len(execution.stdout) + len(execution.stderr) == QUICK.output_bytes


async def test_a_fork_bomb_stays_within_its_limit_and_dies(sandbox: Sandbox) -> None:
    marker = f"bomb-{secrets.token_hex(8)}"
    code = f"""
import os, subprocess, time
def bomb():
    while True:
        try:
            if os.fork() == 0:
                continue
        except OSError:
            pass
subprocess.Popen(['/usr/bin/python3', '-c', 'import time; time.sleep(600)', {marker!r}])
bomb()
"""
    running = asyncio.create_task(sandbox.run(job(code, limits=replace(QUICK, wall_seconds=2))))
    most = 0
    while not running.done():
        most = max(most, len(processes_with(marker)))
        await asyncio.sleep(0.02)
    assert (await running).ending is Ending.TIMEOUT
    assert 0 < most <= QUICK.processes
    assert processes_with(marker) == []


# ------------------------------------------------------------------------------------------------------------------ the end


async def test_background_processes_do_not_outlive_the_run(sandbox: Sandbox) -> None:
    marker = f"daemon-{secrets.token_hex(8)}"
    code = f"""
import os, subprocess
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        subprocess.Popen(['/usr/bin/python3', '-c', 'import time; time.sleep(600)', {marker!r}], stdout=subprocess.DEVNULL)
        while True: pass
    os._exit(0)
os.wait()
"""
    control = await asyncio.create_subprocess_exec("/usr/bin/python3", "-c", "import time; time.sleep(600)", marker)
    try:
        await appears(marker)
    finally:
        control.kill()
        await control.wait()
    execution = await sandbox.run(job(code))
    assert execution.succeeded, execution
    assert processes_with(marker) == []


async def test_nothing_is_written_after_the_run_is_over(sandbox: Sandbox, workspace: Path) -> None:
    code = """
import os
for _ in range(6):
    if os.fork() == 0:
        i = 0
        while True:
            open(f'n{os.getpid()}', 'w').write(str(i)); i += 1
"""
    for _ in range(5):
        execution = await sandbox.run(job(code, workspace))
        assert execution.ending is Ending.EXITED, execution


async def test_killing_everything_it_can_see_ends_only_the_run(sandbox: Sandbox) -> None:
    execution = await sandbox.run(job("import os, signal\nos.kill(1, 9)\nos.kill(-1, 9)"))
    assert execution.ending in (Ending.KILLED, Ending.EXITED)
    assert (await sandbox.run(job("print('alive')"))).stdout == "alive\n"


async def test_stopping_its_parent_does_not_stop_the_clock(sandbox: Sandbox) -> None:
    code = "import os, signal, time\nos.kill(os.getppid(), signal.SIGSTOP)\nos.kill(os.getpid(), signal.SIGSTOP)"
    execution = await sandbox.run(job(code, limits=replace(QUICK, wall_seconds=1)))
    assert execution.ending is Ending.TIMEOUT


async def test_a_cancelled_run_is_dead_when_the_cancellation_arrives(sandbox: Sandbox) -> None:
    marker = f"cancelled-{secrets.token_hex(8)}"
    code = f"import subprocess; subprocess.run(['/usr/bin/python3', '-c', 'import time; time.sleep(600)', {marker!r}])"
    running = asyncio.create_task(sandbox.run(job(code)))
    await appears(marker)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert processes_with(marker) == []


async def test_the_box_proves_that_it_denies_and_remembers_it(sandbox: Sandbox) -> None:
    guarantees = await sandbox.prove()
    assert {guarantee.name for guarantee in guarantees} >= {"no-write-outside", "no-network", "no-secrets", "process-limit"}
    lacking = [guarantee for guarantee in guarantees if not guarantee.holds and guarantee.name != ROOTLESS]
    assert lacking == [], "an engine may run as root, where that is accepted by name"
    assert await sandbox.prove() == guarantees


async def test_the_profile_names_the_engine_and_changes_with_the_limits(sandbox: Sandbox) -> None:
    assert sandbox.profile(QUICK) == sandbox.profile(QUICK)
    assert sandbox.profile(QUICK) != sandbox.profile(replace(QUICK, processes=1))
    assert len(sandbox.profile(QUICK).digest) == 64
