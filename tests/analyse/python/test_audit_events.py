"""The tables are complete: every callable behind CPython's audit events has an effectful line, or a reason why it needs none."""

from __future__ import annotations

import ast
import sysconfig
from pathlib import Path

import pytest

from guard.analyse.python import knowledge

# event -> callables that raise it (docs.python.org, "Audit events table"), or a sentence: why no line is needed
EVENTS: dict[str, tuple[str, ...] | str] = {
    "_thread.start_new_thread": ("_thread.start_new_thread", "threading.Thread"),
    "array.__new__": "memory only",
    "builtins.breakpoint": ("builtins.breakpoint",),
    "builtins.id": "a number",
    "builtins.input": "standard input of the box",
    "builtins.input/result": "standard input of the box",
    "code.__new__": ("types.CodeType",),
    "compile": ("builtins.compile", "builtins.eval", "builtins.exec"),
    "cpython.run_command": "the command line of the interpreter",
    "cpython.run_file": "the command line of the interpreter",
    "cpython.run_interactivehook": "the interactive interpreter",
    "cpython.run_module": "the command line of the interpreter",
    "cpython.run_startup": "the interactive interpreter",
    "cpython.run_stdin": "the command line of the interpreter",
    "ctypes.addressof": ("ctypes.addressof",),
    "ctypes.call_function": ("ctypes.CFUNCTYPE",),
    "ctypes.cdata": ("ctypes.c_void_p",),
    "ctypes.cdata/buffer": ("ctypes.Structure",),
    "ctypes.create_string_buffer": ("ctypes.create_string_buffer",),
    "ctypes.create_unicode_buffer": ("ctypes.create_unicode_buffer",),
    "ctypes.dlopen": ("ctypes.CDLL", "ctypes.PyDLL", "ctypes.cdll.LoadLibrary"),
    "ctypes.dlsym": ("ctypes.CDLL",),
    "ctypes.dlsym/handle": ("ctypes.CDLL",),
    "ctypes.get_errno": ("ctypes.get_errno",),
    "ctypes.get_last_error": ("ctypes.get_last_error",),
    "ctypes.set_errno": ("ctypes.set_errno",),
    "ctypes.set_last_error": ("ctypes.set_last_error",),
    "ctypes.string_at": ("ctypes.string_at",),
    "ctypes.wstring_at": ("ctypes.wstring_at",),
    "ensurepip.bootstrap": ("ensurepip.bootstrap",),
    "exec": ("builtins.exec", "builtins.eval", "runpy.run_path", "code.interact"),
    "fcntl.fcntl": "works on a file that is open already; nothing of it leaves the box",
    "fcntl.flock": "works on a file that is open already; nothing of it leaves the box",
    "fcntl.ioctl": "works on a file that is open already; nothing of it leaves the box",
    "fcntl.lockf": "works on a file that is open already; nothing of it leaves the box",
    "ftplib.connect": ("ftplib.FTP", "ftplib.FTP_TLS", "ftplib.FTP.connect"),
    "ftplib.sendcmd": ("ftplib.FTP.sendcmd", "ftplib.FTP.retrbinary", "ftplib.FTP.storbinary", "ftplib.FTP.delete"),
    "function.__new__": ("types.FunctionType",),
    "gc.get_objects": ("gc.get_objects",),
    "gc.get_referents": ("gc.get_referents",),
    "gc.get_referrers": ("gc.get_referrers",),
    "glob.glob": ("glob.glob", "glob.iglob"),
    "glob.glob/2": ("glob.glob", "glob.iglob"),
    "http.client.connect": ("http.client.HTTPConnection.connect",),
    "http.client.send": ("http.client.HTTPConnection.request", "http.client.HTTPConnection.send"),
    "imaplib.open": ("imaplib.IMAP4", "imaplib.IMAP4_SSL"),
    "imaplib.send": ("imaplib.IMAP4",),
    "import": ("builtins.__import__", "importlib.import_module"),
    "marshal.dumps": "gives bytes",
    "marshal.load": ("marshal.load",),
    "marshal.loads": ("marshal.loads",),
    "mmap.__new__": ("mmap.mmap",),
    "nntplib.connect": ("nntplib.NNTP", "nntplib.NNTP_SSL"),
    "nntplib.putline": ("nntplib.NNTP",),
    "object.__delattr__": ("builtins.delattr",),
    "object.__getattr__": ("builtins.getattr",),
    "object.__setattr__": ("builtins.setattr",),
    "open": ("builtins.open", "io.open_code", "io.FileIO", "os.open", "io.open", "tokenize.open"),
    "os.add_dll_directory": ("os.add_dll_directory",),
    "os.chdir": ("os.chdir", "os.fchdir"),
    "os.chflags": ("os.chflags", "os.lchflags"),
    "os.chmod": ("os.chmod", "os.fchmod", "os.lchmod"),
    "os.chown": ("os.chown", "os.fchown", "os.lchown"),
    "os.exec": ("os.execv", "os.execve", "os.execlp", "os.execvpe"),
    "os.fork": ("os.fork",),
    "os.forkpty": ("os.forkpty", "pty.fork"),
    "os.fwalk": ("os.fwalk",),
    "os.getxattr": ("os.getxattr",),
    "os.kill": ("os.kill",),
    "os.killpg": ("os.killpg",),
    "os.link": ("os.link",),
    "os.listdir": ("os.listdir",),
    "os.listxattr": ("os.listxattr",),
    "os.lockf": "works on a file that is open already; nothing of it leaves the box",
    "os.mkdir": ("os.mkdir", "os.makedirs"),
    "os.posix_spawn": ("os.posix_spawn", "os.posix_spawnp"),
    "os.putenv": "changes its own environment, which dies with it; the commands that it starts are opaque or known anyway",
    "os.remove": ("os.remove", "os.unlink"),
    "os.removexattr": ("os.removexattr",),
    "os.rename": ("os.rename", "os.renames", "os.replace"),
    "os.rmdir": ("os.rmdir", "os.removedirs"),
    "os.scandir": ("os.scandir",),
    "os.setxattr": ("os.setxattr",),
    "os.spawn": ("os.spawnv", "os.spawnlp", "os.spawnvpe"),
    "os.startfile": ("os.startfile",),
    "os.startfile/2": ("os.startfile",),
    "os.symlink": ("os.symlink",),
    "os.system": ("os.system",),
    "os.truncate": ("os.truncate", "os.ftruncate"),
    "os.unsetenv": "changes its own environment, which dies with it",
    "os.utime": ("os.utime",),
    "os.walk": ("os.walk",),
    "pathlib.Path.glob": ("pathlib.Path.glob",),
    "pathlib.Path.rglob": ("pathlib.Path.rglob",),
    "pdb.Pdb": ("pdb.Pdb", "pdb.set_trace"),
    "pickle.find_class": ("pickle.load", "pickle.loads", "pickle.Unpickler"),
    "poplib.connect": ("poplib.POP3", "poplib.POP3_SSL"),
    "poplib.putline": ("poplib.POP3",),
    "pty.spawn": ("pty.spawn",),
    "resource.prlimit": "limits of its own process in the box",
    "resource.setrlimit": "limits of its own process in the box",
    "setopencodehook": "a C function",
    "shutil.chown": ("shutil.chown",),
    "shutil.copyfile": ("shutil.copy", "shutil.copy2", "shutil.copyfile"),
    "shutil.copymode": ("shutil.copymode",),
    "shutil.copystat": ("shutil.copystat",),
    "shutil.copytree": ("shutil.copytree",),
    "shutil.make_archive": ("shutil.make_archive",),
    "shutil.move": ("shutil.move",),
    "shutil.rmtree": ("shutil.rmtree",),
    "shutil.unpack_archive": ("shutil.unpack_archive",),
    "signal.pthread_kill": ("signal.pthread_kill",),
    "smtplib.connect": ("smtplib.SMTP", "smtplib.SMTP_SSL", "smtplib.LMTP"),
    "smtplib.send": ("smtplib.SMTP",),
    "socket.__new__": "an unconnected socket; that it is never seen used is an effect of its own (`socket.Socket.__latent__`)",
    "socket.bind": ("socket.Socket.bind",),
    "socket.connect": ("socket.Socket.connect", "socket.Socket.connect_ex", "socket.create_connection"),
    "socket.getaddrinfo": ("socket.getaddrinfo",),
    "socket.gethostbyaddr": ("socket.gethostbyaddr",),
    "socket.gethostbyname": ("socket.gethostbyname", "socket.gethostbyname_ex"),
    "socket.gethostname": "the box's own name",
    "socket.getnameinfo": ("socket.getnameinfo",),
    "socket.getservbyname": "a fixed table",
    "socket.getservbyport": "a fixed table",
    "socket.sendmsg": ("socket.Socket.sendmsg",),
    "socket.sendto": ("socket.Socket.sendto",),
    "socket.sethostname": "needs a right that the box does not have",
    "sqlite3.connect": ("sqlite3.connect",),
    "sqlite3.connect/handle": ("sqlite3.connect",),
    "sqlite3.enable_load_extension": ("sqlite3.Connection.enable_load_extension",),
    "sqlite3.load_extension": ("sqlite3.Connection.load_extension",),
    "subprocess.Popen": ("subprocess.Popen", "subprocess.run", "subprocess.check_output", "subprocess.getoutput"),
    "sys._current_exceptions": ("sys._current_exceptions",),
    "sys._current_frames": ("sys._current_frames",),
    "sys._getframe": ("sys._getframe",),
    "sys.addaudithook": ("sys.addaudithook",),
    "sys.excepthook": "called by the interpreter with an exception",
    "sys.set_asyncgen_hooks_finalizer": "functions of the program, which are read",
    "sys.set_asyncgen_hooks_firstiter": "functions of the program, which are read",
    "sys.setprofile": ("sys.setprofile",),
    "sys.settrace": ("sys.settrace",),
    "sys.unraisablehook": "called by the interpreter with an exception",
    "syslog.closelog": "the box has no syslog socket",
    "syslog.openlog": "the box has no syslog socket",
    "syslog.setlogmask": "the box has no syslog socket",
    "syslog.syslog": "the box has no syslog socket",
    "tempfile.mkdtemp": ("tempfile.mkdtemp", "tempfile.TemporaryDirectory"),
    "tempfile.mkstemp": ("tempfile.mkstemp", "tempfile.NamedTemporaryFile"),
    "telnetlib.Telnet.open": ("telnetlib.Telnet", "telnetlib.Telnet.open"),
    "telnetlib.Telnet.write": ("telnetlib.Telnet",),
    "urllib.Request": ("urllib.request.urlopen", "urllib.request.Request", "urllib.request.urlretrieve"),
    "webbrowser.open": ("webbrowser.open",),
    "winreg.OpenKey": ("winreg.OpenKey",),
    "winreg.SetValue": ("winreg.SetValue",),
}


@pytest.mark.parametrize("event", [event for event, who in EVENTS.items() if not isinstance(who, str)])
def test_a_callable_behind_an_audit_event_has_an_effectful_line(event: str) -> None:
    silent = [name for name in EVENTS[event] if not knowledge.is_effectful(name)]
    assert silent == []


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
    assert raised - set(EVENTS) == set()


def _audited(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "audit" and node.args:
            first = node.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                found.add(first.value)
    return found
