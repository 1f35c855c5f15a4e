"""The tables are complete: every callable behind CPython's audit events has an effectful line, or a reason why it needs none."""

from __future__ import annotations

import ast
import sys
import sysconfig
from pathlib import Path

import pytest

from guard.analyse.python import knowledge
from guard.analyse.python.vocabulary import INTERNALS

TABLE = Path(__file__).with_name("audit_events.tsv")
FACTS = [(event, name) for line in TABLE.read_text().splitlines() if not line.startswith("#") for event, name in [line.split("\t")]]
"""(event, callable that raises it) from CPython's own documentation and C sources; "-" where Python has no callable for it."""

THROUGH: dict[str, tuple[str, ...]] = {
    "compile": ("builtins.eval", "builtins.exec"),
    "ctypes.call_function": ("ctypes.CFUNCTYPE",),
    "ctypes.cdata": ("ctypes.c_void_p",),
    "ctypes.cdata/buffer": ("ctypes.Structure",),
    "ctypes.dlopen": ("ctypes.CDLL", "ctypes.PyDLL", "ctypes.cdll.LoadLibrary"),
    "ctypes.dlsym": ("ctypes.CDLL",),
    "ctypes.dlsym/handle": ("ctypes.CDLL",),
    "exec": ("runpy.run_path", "code.interact"),
    "ftplib.connect": ("ftplib.FTP", "ftplib.FTP_TLS"),
    "ftplib.sendcmd": ("ftplib.FTP.retrbinary", "ftplib.FTP.storbinary", "ftplib.FTP.delete"),
    "http.client.send": ("http.client.HTTPConnection.request",),
    "imaplib.open": ("imaplib.IMAP4", "imaplib.IMAP4_SSL"),
    "imaplib.send": ("imaplib.IMAP4",),
    "import": ("builtins.__import__", "importlib.import_module"),
    "marshal.loads": ("marshal.loads",),
    "object.__delattr__": ("builtins.delattr",),
    "object.__getattr__": ("builtins.getattr",),
    "object.__setattr__": ("builtins.setattr",),
    "open": ("io.open_code", "io.FileIO", "tokenize.open"),
    "os.exec": ("os.execv", "os.execve", "os.execlp", "os.execvpe"),
    "os.forkpty": ("pty.fork",),
    "os.rmdir": ("os.removedirs",),
    "os.spawn": ("os.spawnv", "os.spawnlp", "os.spawnvpe"),
    "pdb.Pdb": ("pdb.set_trace",),
    "pickle.find_class": ("pickle.load", "pickle.loads", "pickle.Unpickler"),
    "smtplib.connect": ("smtplib.SMTP", "smtplib.SMTP_SSL", "smtplib.LMTP"),
    "socket.bind": ("socket.Socket.bind",),
    "socket.connect": ("socket.Socket.connect", "socket.Socket.connect_ex", "socket.create_connection"),
    "socket.sendmsg": ("socket.Socket.sendmsg",),
    "socket.sendto": ("socket.Socket.sendto",),
    "subprocess.Popen": ("subprocess.run", "subprocess.check_output", "subprocess.getoutput"),
    "telnetlib.Telnet.open": ("telnetlib.Telnet",),
    "telnetlib.Telnet.write": ("telnetlib.Telnet",),
    "urllib.Request": ("urllib.request.Request", "urllib.request.urlretrieve"),
}
"""Event -> further callables of the standard library that lead to it, which CPython's table does not name."""

WINDOWS = "only on Windows, where guard has no box"
REASONS: dict[str, str] = {
    "_winapi.CreateFile": WINDOWS,
    "_winapi.CreateJunction": WINDOWS,
    "_winapi.CreateNamedPipe": WINDOWS,
    "_winapi.CreatePipe": WINDOWS,
    "_winapi.CreateProcess": WINDOWS,
    "_winapi.OpenProcess": WINDOWS,
    "_winapi.TerminateProcess": WINDOWS,
    "array.__new__": "memory only",
    "builtins.id": "a number",
    "builtins.input": "standard input of the box",
    "builtins.input/result": "standard input of the box",
    "cpython.PyInterpreterState_Clear": "the C API",
    "cpython.PyInterpreterState_New": "the C API",
    "cpython._PySys_ClearAuditHooks": "the C API",
    "cpython.run_command": "the command line of the interpreter",
    "cpython.run_file": "the command line of the interpreter",
    "cpython.run_module": "the command line of the interpreter",
    "cpython.run_startup": "the interactive interpreter",
    "cpython.run_stdin": "the command line of the interpreter",
    "ctypes.PyObj_FromPtr": "undocumented, of a module that is opaque as a whole",
    "ctypes.call_function": "a call of a library, whose loading is opaque already",
    "ctypes.seh_exception": WINDOWS,
    "fcntl.fcntl": "works on a file that is open already; nothing of it leaves the box",
    "fcntl.flock": "works on a file that is open already; nothing of it leaves the box",
    "fcntl.lockf": "works on a file that is open already; nothing of it leaves the box",
    "imaplib.open": "called by the constructor, which has a line",
    "imaplib.send": "what the constructor connected to is told there",
    "import": "syntax: an import is an effect of its own if its module is not known",
    "marshal.dumps": "gives bytes, or writes them to a file that is open already",
    "msvcrt.get_osfhandle": WINDOWS,
    "msvcrt.locking": WINDOWS,
    "msvcrt.open_osfhandle": WINDOWS,
    "object.__delattr__": "an attribute: deleting those of library things is opaque",
    "object.__getattr__": "an attribute: those that lead into the interpreter are in `vocabulary.INTERNALS`",
    "object.__setattr__": "an attribute: setting those of `vocabulary.INTERNALS` and of library things is opaque",
    "os.lockf": "works on a file that is open already; nothing of it leaves the box",
    "os.putenv": "changes its own environment, which dies with it; the commands that it starts are opaque or known anyway",
    "os.unsetenv": "changes its own environment, which dies with it",
    "resource.prlimit": "limits of its own process in the box",
    "resource.setrlimit": "limits of its own process in the box",
    "setopencodehook": "a C function",
    "socket.__new__": "an unconnected socket; that it is never seen used is an effect of its own (`socket.Socket.__latent__`)",
    "socket.gethostname": "the box's own name",
    "socket.getservbyname": "a fixed table",
    "socket.getservbyport": "a fixed table",
    "socket.sethostname": "needs a right that the box does not have",
    "sys.excepthook": "called by the interpreter with an exception",
    "sys.set_asyncgen_hook_finalizer": "functions of the program, which are read",
    "sys.set_asyncgen_hook_firstiter": "functions of the program, which are read",
    "sys.set_asyncgen_hooks_finalizer": "functions of the program, which are read",
    "sys.set_asyncgen_hooks_firstiter": "functions of the program, which are read",
    "sys.unraisablehook": "called by the interpreter with an exception",
    "syslog.closelog": "the box has no syslog socket",
    "syslog.openlog": "the box has no syslog socket",
    "syslog.setlogmask": "the box has no syslog socket",
    "syslog.syslog": "the box has no syslog socket",
    "telnetlib.Telnet.write": "what `open` or the constructor connected to is told there",
}
"""Event -> why the callables that CPython names for it need no line."""


def test_the_table_is_cpythons() -> None:
    assert len(FACTS) > 220
    assert {("subprocess.Popen", "subprocess.Popen"), ("exec", "builtins.exec"), ("os.remove", "os.unlink")} <= set(FACTS)


@pytest.mark.parametrize(("event", "name"), [(event, name) for event, name in FACTS if event not in REASONS and name != "-"])
def test_a_callable_behind_an_audit_event_has_an_effectful_line(event: str, name: str) -> None:
    assert knowledge.is_effectful(name)


@pytest.mark.parametrize("event", THROUGH)
def test_what_leads_to_an_audit_event_has_an_effectful_line(event: str) -> None:
    assert [name for name in THROUGH[event] if not knowledge.is_effectful(name)] == []


def test_every_event_has_lines_or_a_reason_and_no_reason_is_left_over() -> None:
    events = {event for event, _ in FACTS}
    named = {event for event, name in FACTS if name != "-"} | set(THROUGH)
    assert events - named - set(REASONS) == set()
    assert set(REASONS) - events == set()
    needless = [
        event
        for event in REASONS
        if event not in ("import", "object.__getattr__", "object.__setattr__", "object.__delattr__")
        and (names := [name for one, name in FACTS if one == event and name != "-"])
        and all(knowledge.is_effectful(name) for name in names)
    ]
    assert needless == []


@pytest.mark.parametrize("name", ["__code__", "__defaults__", "__kwdefaults__", "f_code", "gi_code", "cr_code", "ag_frame", "tb_frame"])
def test_attributes_that_cpython_audits_lead_into_the_interpreter(name: str) -> None:
    assert name in INTERNALS


LATER = {
    "_thread.start_new_thread": ("_thread.start_new_thread", "threading.Thread"),
    "_thread.start_joinable_thread": ("_thread.start_joinable_thread",),
    "sys._getframemodulename": ("sys._getframemodulename",),
    "sys.monitoring.register_callback": ("sys.monitoring.register_callback",),
    "sys.remote_exec": ("sys.remote_exec",),
}
"""Events of versions of Python after the table's -> callables behind them."""


@pytest.mark.parametrize("event", LATER)
def test_a_callable_behind_a_later_event_has_an_effectful_line(event: str) -> None:
    assert [name for name in LATER[event] if not knowledge.is_effectful(name)] == []


def test_every_event_that_this_interpreters_library_raises_is_in_the_table() -> None:
    library = Path(sysconfig.get_path("stdlib"))
    raised: set[str] = set()
    for path in [*library.glob("*.py"), *library.glob("[a-z]*/*.py")]:
        if "test" in path.parts[-2] or path.parts[-2] in ("idlelib", "lib2to3", "dist-packages", "site-packages"):
            continue
        text = path.read_text("utf-8", "replace")
        if "sys.audit(" in text:
            raised |= _audited(ast.parse(text))
    assert len(raised) > 20, "the library's source was not found"
    assert raised - {event for event, _ in FACTS} - set(LATER) == set(), sys.version


def _audited(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "audit" and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                found.add(first.value)
    return found
