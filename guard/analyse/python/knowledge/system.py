"""The standard library: processes, native code, dynamic code, serialised objects, threads, the network, GUIs."""

TABLE = """
@py-process
os.system(command) = sh command
os.popen(cmd) = sh cmd -> os.Pipe
os.popen2|popen3|popen4(cmd) = sh cmd
os.Pipe.* = pure
os.execv|execve|execvp|execvpe|execl|execle|execlp|execlpe(file, args) = !execute
os.spawnv|spawnve|spawnvp|spawnvpe|spawnl|spawnle|spawnlp|spawnlpe(mode, file) = !execute
os.posix_spawn|posix_spawnp(path, argv) = argv argv
os.startfile(path) = proc.exec path
os.fork|forkpty() = proc.exec "python"
os.kill|killpg|pidfd_send_signal() = proc.exec "kill"
os.ptrace() = proc.exec *
subprocess.run|call|check_call|check_output|Popen(args, bufsize, executable, *, shell) = !subprocess -> subprocess.Popen
subprocess.getoutput|getstatusoutput(cmd) = sh cmd
subprocess.list2cmdline() = pure
subprocess.CompletedProcess|SubprocessError|TimeoutExpired|CalledProcessError|STARTUPINFO = pure
subprocess.Popen.* = pure
commands.getoutput|getstatusoutput|getstatus(cmd) = sh cmd
popen2.popen2|popen3|popen4|Popen3|Popen4(cmd) = sh cmd
[commands popen2] opaque
asyncio.create_subprocess_exec|subprocess.create_subprocess_exec(program) = argv *args
asyncio.create_subprocess_shell(cmd) = sh cmd
asyncio.subprocess.create_subprocess_shell(cmd) = sh cmd
pty.spawn(argv) = argv argv
pty.fork() = proc.exec "python"
pty.openpty|master_open|slave_open() = pure
pipes.Template() = pure -> pipes.Template
pipes.Template.append|prepend(cmd) = sh cmd
pipes.Template.open|copy() = proc.exec *
pipes.quote() = pure
webbrowser.open|open_new|open_new_tab(url) = http.get url; proc.exec "browser"
webbrowser.get() = pure -> webbrowser.Browser
webbrowser.register() = proc.exec *
webbrowser.Browser.open|open_new|open_new_tab(url) = http.get url; proc.exec "browser"
webbrowser.Browser.* = proc.exec *
antigravity = http.get "https://xkcd.com/353/"; proc.exec "browser"
antigravity.geohash() = pure
venv.create|EnvBuilder(env_dir) = fs.create env_dir/; proc.exec "python"
ensurepip.bootstrap() = proc.exec "pip"
pydoc.* = opaque "imports and documents modules"
pydoc.getdoc|plain|splitdoc() = pure
platform.* = pure
signal.signal(signalnum, handler) = call handler
signal.raise_signal|alarm|setitimer|getitimer|pause|getsignal|default_int_handler|siginterrupt|sigpending|strsignal|valid_signals|
    sigwait|pthread_sigmask|sigtimedwait|sigwaitinfo|set_wakeup_fd|Signals|Handlers|Sigmasks|struct_siginfo|ITIMER_REAL = pure
signal.pthread_kill|pidfd_send_signal() = proc.exec "kill"
_posixsubprocess.fork_exec() = proc.exec *
multiprocessing.Process|
    context.Process(group, target, name, args, kwargs) = proc.exec "python"; call target args kwargs -> multiprocessing.Process
multiprocessing.process.BaseProcess(group, target) = proc.exec "python"; call target
multiprocessing.Process.* = pure
multiprocessing.Manager() = proc.exec "python"
multiprocessing.Pool(processes, initializer, initargs) = proc.exec "python"; call initializer initargs -> concurrent.Pool
multiprocessing.pool.Pool(processes, initializer, initargs) = proc.exec "python"; call initializer initargs -> concurrent.Pool
multiprocessing.pool.ThreadPool(processes, initializer, initargs) = call initializer initargs -> concurrent.Pool
multiprocessing.dummy.Pool(processes, initializer, initargs) = call initializer initargs -> concurrent.Pool
multiprocessing.set_executable|spawn.set_executable(executable) = proc.exec executable
multiprocessing.set_forkserver_preload() = opaque "imports modules by their names"
multiprocessing.dummy.Process|Thread(group, target, name, args, kwargs) = call target args kwargs -> multiprocessing.Process
multiprocessing.get_context() = pure -> &multiprocessing
multiprocessing.cpu_count|current_process|active_children|parent_process|freeze_support|set_start_method|get_start_method|
    get_all_start_methods|Queue|SimpleQueue|JoinableQueue|Lock|RLock|Event|Condition|Semaphore|BoundedSemaphore|Barrier|Value|Array|
    RawValue|RawArray|Pipe|TimeoutError|ProcessError|BufferTooShort|AuthenticationError|log_to_stderr|get_logger|
    allow_connection_pickling = pure
multiprocessing.connection.Client|Listener|SocketClient|SocketListener|PipeClient|XmlClient|XmlListener(address) = net.connect address
multiprocessing.shared_memory.SharedMemory|ShareableList() = fs.write "/dev/shm"
multiprocessing.managers.SyncManager|SharedMemoryManager() = proc.exec "python"
multiprocessing.managers.MakeProxyType|AutoProxy() = opaque "makes code of the names that it is given"
multiprocessing.sharedctypes.make_property() = opaque "makes code of the names that it is given"
multiprocessing.managers.BaseManager() = opaque "shares objects with other processes"
multiprocessing.pool.AsyncResult|ApplyResult|MapResult|IMapIterator|IMapUnorderedIterator|MaybeEncodingError|TimeoutError = pure
multiprocessing.managers.BaseProxy|NamespaceProxy|Namespace|Token|DictProxy|ListProxy|ArrayProxy|ValueProxy|AcquirerProxy|EventProxy|
    ConditionProxy|BarrierProxy|IteratorProxy|PoolProxy|ProcessLocalSet|Value|Array|State = pure
multiprocessing.connection.Connection|Pipe|wait|BUFSIZE|AuthenticationError|BufferTooShort|ConnectionWrapper = pure
multiprocessing.context.AuthenticationError|BaseContext|BufferTooShort|DefaultContext|ProcessError|TimeoutError|assert_spawning|
    reduction|SpawnContext|ForkContext|ForkServerContext = pure
multiprocessing.process.current_process|active_children|parent_process|AuthenticationString = pure
multiprocessing.dummy.Queue|JoinableQueue|Lock|RLock|Semaphore|BoundedSemaphore|Condition|Event|Barrier|Pipe|Value|Array|Namespace|list|
    dict|Manager|current_process|active_children|freeze_support|shutdown = pure
[multiprocessing.pool multiprocessing.managers multiprocessing.connection multiprocessing.dummy multiprocessing.context] opaque
[multiprocessing.queues multiprocessing.synchronize] pure
[multiprocessing.process multiprocessing.shared_memory] opaque
concurrent.futures.ThreadPoolExecutor|
    InterpreterPoolExecutor(max_workers, thread_name_prefix, initializer, initargs) = call initializer initargs -> concurrent.Pool
concurrent.futures.ProcessPoolExecutor|
    process.ProcessPoolExecutor(workers, context, initializer, initargs) = proc.exec "python"; call initializer initargs -> concurrent.Pool
concurrent.Pool.submit|apply_async|apply|schedule(fn) = call *args
concurrent.Pool.map|imap|imap_unordered|map_async|starmap|starmap_async(fn) = map *args
concurrent.Pool.* = pure
threading.Thread(group, target, name, args, kwargs) = call target args kwargs -> multiprocessing.Process
threading.Timer(interval, function, args, kwargs) = call function args kwargs -> multiprocessing.Process
_thread.start_new_thread|start_new|start_joinable_thread(function, args) = call function args
threading._start_new_thread => _thread.start_new_thread
threading._start_joinable_thread => _thread.start_new_thread
atexit.register(func) = call *args
sched.scheduler() = pure -> sched.Scheduler
sched.Scheduler.enter|enterabs(delay, priority, action, argument) = call action argument
sched.Scheduler.* = pure
weakref.finalize(obj, func) = call func
asyncio.to_thread(func) = call *args
asyncio.Loop.run_in_executor(executor, func) = call func
asyncio.Loop.call_soon|call_soon_threadsafe(callback) = call *args
asyncio.Loop.call_later|call_at(delay, callback) = call callback
asyncio.Loop.subprocess_exec(factory, program) = proc.exec program
asyncio.Loop.subprocess_shell(factory, cmd) = sh cmd
asyncio.Loop.create_connection|create_datagram_endpoint|create_server(factory, host, port) = net.connect host:port
asyncio.Loop.sock_connect|sock_sendto|sock_sendall() = net.connect *
asyncio.Loop.getaddrinfo|getnameinfo(host, port) = net.connect host:port
asyncio.Loop.* = pure
asyncio.get_event_loop|new_event_loop|get_running_loop() = pure -> asyncio.Loop
asyncio.open_connection(host, port) = net.connect host:port
asyncio.start_server|start_unix_server() = net.connect *
asyncio.open_unix_connection() = net.connect *
functools.partial|partialmethod(func) = !partial
functools.reduce(function, iterable, initial) = !reduce
typing.NamedTuple._make|_asdict|_replace|_fields|_field_defaults() = pure
collections.namedtuple(typename, field_names, *, rename, defaults) = !namedtuple
functools.wraps|update_wrapper() = !wraps
functools.lru_cache|cache|cached_property|singledispatch|total_ordering|singledispatchmethod() = !identity
contextlib.contextmanager|asynccontextmanager|suppress() = !identity
contextlib.closing|aclosing() = !identity
contextlib.nullcontext(enter_result) = pure -> =enter_result
contextlib.redirect_stdout|redirect_stderr() = !identity
contextlib.ExitStack|AsyncExitStack() = pure -> contextlib.ExitStack
contextlib.ExitStack.enter_context|enter_async_context(cm) = pure -> =cm
contextlib.ExitStack.callback|push(callback) = call *args
contextlib.ExitStack.* = pure
contextlib.chdir(path) = !chdir
dataclasses.dataclass() = !identity
dataclasses.field(*, default, default_factory) = !data_field
typing.cast(typ, val) = pure -> =val
operator.methodcaller() = !methodcaller
operator.methodcaller.call() = !called_method
operator.attrgetter() = !attrgetter
operator.attrgetter.call() = !got_attribute
inspect.* = pure
[inspect] pure
inspect.getmembers|getmembers_static|classify_class_attrs(object, predicate) = !module_members
operator.getitem(a, b) = !getitem
operator.itemgetter() = !itemgetter
inspect.getmodule|getattr_static|unwrap() = opaque "finds modules and attributes by computed names"
inspect.currentframe|stack|trace|getouterframes|getinnerframes|getclosurevars() = opaque "looks into the frames of the interpreter"

@py-dynamic
builtins.eval|exec(source) = !evaluate
builtins.compile(source) = !compile
builtins.__import__(name) = !import
importlib.import_module|__import__(name) = !import
importlib.reload() = opaque "runs a module again"
importlib.resources.* = fs.read *
importlib.metadata.* = pure
importlib.metadata.EntryPoint|EntryPoints|entry_points() = opaque "finds code in installed packages"
typing.get_type_hints(obj) = !type_hints
inspect.signature|get_annotations|Signature.from_callable(obj, *, eval_str) = !type_hints
inspect.getsource|getsourcelines|findsource|getcomments(object) = !sources
platform.popen(cmd) = sh cmd
typing.ForwardRef() = opaque "holds text that is evaluated later"
string.Formatter() = pure -> string.Formatter
string.Formatter.get_field() = opaque "walks through attributes in a format string"
string.Formatter.format|vformat(format_string) = !formatted
string.Formatter.* = pure
rlcompleter.* = opaque "evaluates text to complete it"
gettext.c2py() = opaque "evaluates text"
unittest.TestLoader() = pure -> unittest.TestLoader
unittest.TestLoader.discover|loadTestsFromName|loadTestsFromNames() = opaque "imports and runs test files"
unittest.TestLoader.* = pure
unittest.defaultTestLoader.discover|loadTestsFromName|loadTestsFromNames() = opaque "imports and runs test files"
pytest.main|console_main() = opaque "imports and runs test files"
pytest.MonkeyPatch|MonkeyPatch.context() = pure -> pytest.MonkeyPatch
pytest.MonkeyPatch.undo() = pure
pytest.MonkeyPatch.* = opaque "puts something else in the place of what the program uses"
nose.main|run|runmodule() = opaque "imports and runs test files"
[importlib.metadata] pure
importlib.util.find_spec() = pure -> importlib.machinery.ModuleSpec
importlib.machinery.ModuleSpec.loader = opaque "uses the module loader"
importlib.machinery.ModuleSpec.* = pure
importlib.util.cache_from_source|source_from_cache|resolve_name() = pure
importlib.util.spec_from_file_location|module_from_spec|spec_from_loader|
    LazyLoader() = opaque "loads a module from a place that it computes"
importlib.invalidate_caches() = pure
builtins.getattr(obj, name, default) = !getattr
builtins.setattr(obj, name, value) = !setattr
builtins.delattr(obj, name) = !setattr
builtins.object.__setattr__(obj, name, value) = !setattr
builtins.hasattr() = pure
builtins.globals|locals|vars() = !namespace
builtins.__build_class__() = opaque "builds classes by hand"
code.interact|InteractiveInterpreter|InteractiveConsole() = opaque "runs text as code"
code.compile_command() = pure
codeop.* = opaque "compiles text"
runpy.run_path|run_module() = opaque "runs another module or file"
types.FunctionType|CodeType|LambdaType() = opaque "makes code objects by hand"
types.MethodType(func) = !partial
types.ModuleType() = pure
types.DynamicClassAttribute = pure
gc.get_objects|get_referrers|get_referents() = opaque "searches the memory of the interpreter for objects"
gc.* = pure
sysconfig.get_python_version|get_platform|get_path|get_paths|get_path_names|get_scheme_names|get_default_scheme|is_python_build|
    get_config_var|get_config_vars|get_makefile_filename|get_config_h_filename() = pure
sys.modules = opaque "looks modules up in the interpreter's own table"
sys._getframe|_current_frames|_current_exceptions() = opaque "looks into the frames of the interpreter"
sys.settrace|setprofile|addaudithook|activate_stack_trampoline|remote_exec() = opaque "hooks into the interpreter"
sys.monitoring.* = opaque "hooks into the interpreter"
sys.meta_path|path_hooks|path_importer_cache = opaque "changes how modules are found"
sys.path = !sys_path
sys.breakpointhook() = opaque "starts the debugger"
sys.exec|call_tracing() = opaque "runs code under trace"
sys.argv|stdin|stdout|stderr|__stdin__|__stdout__|__stderr__|exit|maxsize|version|version_info|platform|getsizeof|setrecursionlimit|
    getrecursionlimit|float_info|int_info|byteorder|executable|intern|exc_info|set_int_max_str_digits|get_int_max_str_digits|
    getrefcount|getdefaultencoding|hexversion|implementation|flags|warnoptions|builtin_module_names|stdlib_module_names|maxunicode|
    hash_info|api_version|copyright|prefix|exec_prefix|base_prefix|base_exec_prefix|displayhook|excepthook|unraisablehook|
    getswitchinterval|setswitchinterval|is_finalizing|exception|getfilesystemencoding|getallocatedblocks|thread_info|orig_argv|
    float_repr_style|last_value|last_type|last_traceback|tracebacklimit|ps1|ps2|gettrace|getprofile|dont_write_bytecode|pycache_prefix|
    platlibdir|_git|_MEIPASS|set_asyncgen_hooks|get_asyncgen_hooks|getfilesystemencodeerrors|getwindowsversion|winver|dllhandle|
    abiflags|_clear_type_cache|getunicodeinternedsize|setdlopenflags|getdlopenflags|_is_gil_enabled = pure
sys.stdin.* = pure
sys.Stream.read|readline() = !text
sys.Stream.* = pure
sys.Path.* = pure
site.* = opaque "changes where modules are found"
pickle.loads|load|Unpickler(data) = opaque "unpickles data, which can run any code"
pickle.dump|dumps|Pickler|PickleError|PicklingError|UnpicklingError|PickleBuffer|whichmodule|encode_long|decode_long = pure
_pickle.loads|load|Unpickler() = opaque "unpickles data, which can run any code"
cPickle.loads|load|Unpickler() = opaque "unpickles data, which can run any code"
cPickle.dump|dumps|Pickler = pure
[cPickle] opaque
copyreg.pickle|constructor|add_extension|__newobj__ = opaque "changes how objects are pickled"
marshal.loads|load() = opaque "loads code objects"
marshal.dumps|dump() = pure
shelve.open|Shelf|DbfilenameShelf|
    BsdDbShelf(filename) = fs.read filename; fs.write filename; opaque "unpickles data, which can run any code"
dbm.open|gnu.open|ndbm.open|dumb.open(file) = fs.read file; fs.write file
dbm.whichdb(filename) = fs.read filename
dbm.sqlite3.open(file) = fs.read file; fs.write file
ctypes.c_int|c_uint|c_long|c_ulong|c_char|c_byte|c_ubyte|c_short|c_ushort|c_float|c_double|c_bool|c_size_t|c_int8|c_int16|c_int32|
    c_int64|c_uint8|c_uint16|c_uint32|c_uint64|c_longlong|c_ulonglong|sizeof|ArgumentError|BigEndianStructure|LittleEndianStructure = pure
ctypes.Type.from_address|in_dll() = opaque "reads and writes memory as it likes"
ctypes.c_int < ctypes.Type
ctypes.c_uint < ctypes.Type
ctypes.c_long < ctypes.Type
ctypes.c_ulong < ctypes.Type
ctypes.c_char < ctypes.Type
ctypes.c_byte < ctypes.Type
ctypes.c_ubyte < ctypes.Type
ctypes.c_short < ctypes.Type
ctypes.c_ushort < ctypes.Type
ctypes.c_float < ctypes.Type
ctypes.c_double < ctypes.Type
ctypes.c_bool < ctypes.Type
ctypes.c_size_t < ctypes.Type
ctypes.c_int8 < ctypes.Type
ctypes.c_int16 < ctypes.Type
ctypes.c_int32 < ctypes.Type
ctypes.c_int64 < ctypes.Type
ctypes.c_uint8 < ctypes.Type
ctypes.c_uint16 < ctypes.Type
ctypes.c_uint32 < ctypes.Type
ctypes.c_uint64 < ctypes.Type
ctypes.c_longlong < ctypes.Type
ctypes.c_ulonglong < ctypes.Type
ctypes.BigEndianStructure < ctypes.Type
ctypes.LittleEndianStructure < ctypes.Type
ctypes.* = opaque "uses native code"
cffi.* = opaque "uses native code"
[cffi] opaque
mmap.mmap() = !mmap
codecs.register|register_error|unregister(search_function) = opaque "registers a codec, which runs when text is decoded"
codecs.* = pure
[codecs] pure
code.* = opaque "runs text as code"
bdb.* = opaque "debugs code"
pdb.* = opaque "starts the debugger"
[faulthandler] pure
dis.dis|disassemble|Bytecode|code_info|get_instructions|show_code|distb|disco = pure
compileall.* = fs.write *
py_compile.* = fs.write *
imp.* = opaque "loads a module from a place that it computes"
pkgutil.* = opaque "searches and loads modules"
modulefinder.* = opaque "searches and loads modules"
zipimport.* = opaque "loads modules from an archive"
distutils.* = opaque "builds and installs code"
setuptools.* = opaque "builds and installs code"
[setuptools pip] opaque
fcntl.ioctl(fd, request) = !ioctl
fcntl.* = pure
[fcntl termios tty syslog] pure
[msvcrt getpass nis spwd winreg] pure
spwd.* = secret.read "/etc/shadow"
winreg.* = opaque "uses the Windows registry"
getpass.getuser() = pure
pwd.getpwall|getpwnam|getpwuid() = fs.read "/etc/passwd"
grp.getgrall|getgrnam|getgrgid() = fs.read "/etc/group"
argparse.ArgumentParser() = !argument_parser -> argparse.Parser
argparse.Parser.add_argument() = !add_argument -> argparse.Action
argparse.Parser.add_argument_group|add_mutually_exclusive_group|add_parser() = pure -> argparse.Parser
argparse.Parser.add_subparsers() = !add_subparsers -> argparse.Parser
argparse.Parser.set_defaults() = !set_defaults
argparse.Parser.parse_args|parse_intermixed_args|parse_known_args|parse_known_intermixed_args(args) = !parse_args
argparse.Parser.error|exit|print_help|print_usage|format_help|format_usage() = pure
argparse.Parser.* = !changed_parser
argparse.Action.* = !changed_parser
optparse.OptionParser() = !argument_parser -> argparse.Parser
argparse.Parser.add_option() = !add_argument -> argparse.Action
argparse.Parser.set_usage|get_usage() = pure
getopt.getopt|gnu_getopt(args) = !getopt
argparse.FileType(mode) = !file_type -> argparse.FileType
argparse.FileType.__call__(string) = !open_argument
idlelib.* = opaque "starts IDLE"
readline.parse_and_bind = pure

@py-socket
socket.socket|SocketType() = pure -> socket.Socket
socket.Socket.connect|connect_ex(address) = net.connect address
socket.Socket.bind(address) = net.connect address
socket.Socket.send|sendall|sendmsg|sendfile(data) = may net.connect *
socket.Socket.sendto(data, flags, address) = !sendto
socket.Socket.__latent__() = net.connect *
socket.Socket.* = pure
socket.create_connection(address) = net.connect address -> socket.Connected
socket.Connected < socket.Socket
socket.create_server(address) = net.connect address -> socket.Socket
socket.fromfd|socketpair|fromshare() = net.connect * -> socket.Socket
socket.gethostbyname|gethostbyname_ex|getaddrinfo|gethostbyaddr(host) = net.connect host:53
socket.getnameinfo|getfqdn() = net.connect *
socket.gethostname|inet_aton|inet_ntoa|inet_pton|inet_ntop|htons|htonl|ntohs|ntohl|setdefaulttimeout|getdefaulttimeout|error|timeout|
    gaierror|herror|getservbyname|getservbyport|getprotobyname|has_ipv6|AddressFamily|SocketKind|if_nameindex|if_nametoindex|
    if_indextoname|has_dualstack_ipv6|SocketIO|close|CMSG_LEN|CMSG_SPACE|recv_fds|send_fds|sethostname|MsgFlag|AddressInfo = pure
_socket => socket
ssl.wrap_socket(sock) = pure -> =sock
ssl.create_default_context|SSLContext|_create_unverified_context() = pure -> ssl.SSLContext
ssl.SSLContext.wrap_socket(sock) = pure -> =sock
ssl.SSLContext.load_cert_chain(certfile, keyfile) = fs.read certfile; secret.read keyfile
ssl.SSLContext.load_verify_locations(cafile) = fs.read cafile
ssl.SSLContext.* = pure
ssl.get_server_certificate(addr) = net.connect addr
ssl.* = pure
[ssl] pure
socketserver.TCPServer|UDPServer|ThreadingTCPServer|ThreadingUDPServer|UnixStreamServer|UnixDatagramServer|
    ForkingTCPServer(server_address) = net.connect server_address
socketserver.BaseRequestHandler|StreamRequestHandler|DatagramRequestHandler|ThreadingMixIn|ForkingMixIn|BaseServer = pure
http.server.HTTPServer|ThreadingHTTPServer(server_address) = net.connect server_address
http.server.SimpleHTTPRequestHandler|BaseHTTPRequestHandler|CGIHTTPRequestHandler = pure
http.server.test() = net.connect "0.0.0.0"
[http.cookies http.cookiejar] pure
http.cookiejar.FileCookieJar|MozillaCookieJar|LWPCookieJar(filename) = pure -> http.cookiejar.FileCookieJar(filename)
http.cookiejar.FileCookieJar.load|revert(filename) = secret.read filename
http.cookiejar.FileCookieJar.save(filename) = fs.write filename
http.cookiejar.FileCookieJar.* = pure
http.client.HTTPConnection|HTTPSConnection(host, port) = pure -> http.client.HTTPConnection(host)
http.client.HTTPConnection.request|putrequest(method, url) = http_host method url
http.client.HTTPConnection.connect|send() = net.connect self
http.client.HTTPConnection.__latent__() = net.connect self
http.client.HTTPConnection.* = pure
http.client.* = pure
xmlrpc.client.ServerProxy|Server(uri) = http.post uri
xmlrpc.client.Transport|SafeTransport() = pure -> xmlrpc.client.Transport
xmlrpc.client.Transport.request|single_request|send_request|make_connection(host) = http.post host
xmlrpc.client.Transport.* = pure
xmlrpc.server.SimpleXMLRPCServer|DocXMLRPCServer|MultiPathXMLRPCServer(addr) = net.connect addr
[xmlrpc] pure
wsgiref.simple_server.make_server(host, port) = net.connect host:port
wsgiref.simple_server.WSGIServer(server_address) = net.connect server_address
[wsgiref] pure
nis.* = net.connect *

@py-urllib
urllib.request.urlopen(url, data) = !urlopen -> urllib.Response
urllib.request.urlretrieve(url, filename) = http.get url; fs.write filename
urllib.request.Request(url, data, headers, origin_req_host, unverifiable, method) = !request_object
urllib.request.build_opener|OpenerDirector() = pure -> urllib.request.OpenerDirector
urllib.request.OpenerDirector.open(fullurl, data) = !urlopen -> urllib.Response
urllib.request.OpenerDirector.retrieve(url, filename) = http.get url; fs.write filename
urllib.request.OpenerDirector.__latent__() = http.get *
urllib.request.OpenerDirector.* = pure
urllib.request.URLopener|FancyURLopener() = pure -> urllib.request.OpenerDirector
urllib.request.install_opener|getproxies|pathname2url|url2pathname|quote|unquote|urlencode|urlparse|ProxyHandler|
    HTTPCookieProcessor|HTTPBasicAuthHandler|HTTPPasswordMgrWithDefaultRealm|HTTPRedirectHandler|HTTPPasswordMgr|
    BaseHandler|HTTPDigestAuthHandler|urlcleanup|parse_http_list|HTTPDefaultErrorHandler|HTTPErrorProcessor|UnknownHandler|
    ProxyBasicAuthHandler|localhost|thishost = pure
urllib.request.HTTPHandler|HTTPSHandler|FileHandler|FTPHandler|CacheFTPHandler|AbstractHTTPHandler() = pure -> urllib.Handler
urllib.Handler.http_open|https_open|file_open|open_local_file|ftp_open|connect_ftp|do_open() = http.get *; fs.read *
urllib.Handler.* = pure
[urllib.request] opaque
urllib.urlopen => urllib.request.urlopen
urllib.urlretrieve => urllib.request.urlretrieve
urllib.URLopener => urllib.request.URLopener
urllib.FancyURLopener => urllib.request.FancyURLopener
urllib2 => urllib.request
urllib.response.* = pure
urllib.robotparser.RobotFileParser(url) = pure -> urllib.robotparser.RobotFileParser(url)
urllib.robotparser.RobotFileParser.read() = http.get self
urllib.robotparser.RobotFileParser.* = pure
urllib.Response.* = pure

@py-mail
smtplib.SMTP|SMTP_SSL|LMTP(host, port) = net.connect host:25
smtplib.SMTPException|SMTPAuthenticationError|SMTPServerDisconnected|SMTPResponseException|SMTPSenderRefused|SMTPRecipientsRefused|
    SMTPDataError|SMTPConnectError|SMTPHeloError|SMTPNotSupportedError|quoteaddr|quotedata = pure
ftplib.FTP|FTP_TLS(host) = net.connect host:21 -> ftplib.FTP(host)
ftplib.FTP.connect(host, port) = net.connect host:21
ftplib.FTP.delete|rmd(filename) = net.connect self:21; http.delete self
ftplib.FTP.login|cwd|retrbinary|retrlines|storbinary|storlines|nlst|mlsd|dir|rename|mkd|quit|close|size|pwd|sendcmd|voidcmd|transfercmd|
    set_pasv|auth|prot_p|getwelcome|ntransfercmd|abort|set_debuglevel|makeport|ccc|prot_c|acct|makepasv() = may net.connect self:21
ftplib.FTP.* = pure
ftplib.Error|all_errors|error_reply|error_temp|error_perm|error_proto|parse227|parse229|parse150|print_line = pure
imaplib.IMAP4|IMAP4_SSL|IMAP4_stream(host, port) = net.connect host:993 -> imaplib.IMAP4
imaplib.IMAP4.delete|expunge|deleteacl|unsubscribe|dele() = http.delete *
imaplib.IMAP4.append|copy|create|rename|store|setacl|uid() = http.post *
imaplib.IMAP4.* = pure
imaplib.Internaldate2tuple|Int2AP|ParseFlags|Time2Internaldate = pure
poplib.POP3|POP3_SSL(host, port) = net.connect host:995 -> imaplib.IMAP4
nntplib.NNTP|NNTP_SSL(host, port) = net.connect host:119
telnetlib.Telnet(host, port) = net.connect host:23 -> telnetlib.Telnet
telnetlib.Telnet.open(host, port) = net.connect host:23
telnetlib.Telnet.* = pure
smtpd.SMTPServer|DebuggingServer|PureProxy(localaddr) = net.connect localaddr
asyncore.* = net.connect *
asynchat.* = net.connect *

@py-sqlite
sqlite3.connect(database) = !sqlite -> sqlite3.Connection(database)
sqlite3.Connection.execute|executemany|executescript(sql) = sql sql -> sqlite3.Connection(self)
sqlite3.Connection.cursor() = pure -> sqlite3.Connection(self)
sqlite3.Connection.load_extension|enable_load_extension() = opaque "loads native code into SQLite"
sqlite3.Connection.backup|iterdump|serialize|deserialize|blobopen() = pure
sqlite3.Connection.create_function|create_aggregate|create_collation|set_authorizer|set_trace_callback|
    set_progress_handler(name, narg, func) = pure
sqlite3.Connection.fetchone|fetchall|fetchmany|__enter__() = pure
sqlite3.Connection.* = pure
sqlite3.Connection(database) = !sqlite -> sqlite3.Connection(database)
sqlite3.Row|Error|Cursor|complete_statement|register_adapter|register_converter|sqlite_version|version|PrepareProtocol|adapt|
    enable_callback_tracebacks|threadsafety|apilevel|paramstyle|Blob|sqlite_version_info|version_info|Date|Time|Timestamp|Binary|
    DateFromTicks|TimeFromTicks|TimestampFromTicks|adapters|converters = pure
sqlite3.dbapi2 => sqlite3
"""
