"""The standard library: files, folders, archives, the environment, what else can be read or written."""

TABLE = """
@py-builtins
[builtins] pure
builtins.print(*, sep, end, file) = pure
builtins.breakpoint() = opaque "starts the debugger"
builtins.help() = !help
builtins.map(function, iterable) = !map
builtins.type.__setattr__(self, name, value) = !setattr
builtins.copyright = pure
builtins.copyright.* = pure
builtins.copyright.__class__|__init__() = opaque "reads the files that it is told"
builtins.credits.__class__|__init__() = opaque "reads the files that it is told"
builtins.license.__class__|__init__() = opaque "reads the files that it is told"
builtins.__loader__ = opaque "uses the module loader"
builtins.__spec__ = pure
builtins.__debug__ = pure

@py-open
builtins.open(file, mode) = !open -> io.File(file)
io.open => builtins.open
_io.open => builtins.open
_pyio.open => builtins.open
codecs.open => builtins.open
tokenize.open(filename) = fs.read filename
io.open_code(path) = fs.read path -> io.File(path)
io.FileIO(file, mode) = !open -> io.File(file)
_io.FileIO => io.FileIO
io.StringIO|BytesIO(initial) = pure -> io.Memory
io.TextIOWrapper|BufferedReader|BufferedWriter|BufferedRandom(buffer) = pure -> =buffer
io.File(file, mode) = !open -> io.File(file)
io.File.write|writelines|read|readline|readlines|close|flush|seek|tell|truncate() = pure
io.File.* = pure
io.Memory.* = pure

@py-os
os.remove|unlink(path) = fs.delete path
os.rmdir(path) = fs.delete path/
os.removedirs(name) = fs.delete name/
os.rename|replace|renames(src, dst) = fs.delete src; fs.write dst
os.mkdir|makedirs(path) = fs.create path/
os.mkfifo|mknod(path) = fs.create path
os.chmod|lchmod(path) = fs.mode path
os.fchmod(fd) = fs.mode *
os.chown|lchown(path) = fs.mode path
os.fchown(fd) = fs.mode *
os.chflags|lchflags(path) = fs.mode path
os.utime(path) = fs.mode path
os.setxattr|removexattr(path) = fs.mode path
os.getxattr|listxattr(path) = fs.list path
os.symlink|link(src, dst) = fs.symlink dst
os.truncate(path) = fs.write path
os.ftruncate(fd) = fs.write *
os.open(path, flags) = !os_open -> os.Fd(path)
os.fdopen(fd) = pure -> =fd
os.read|write|close|fsync|lseek|fstat|dup|dup2|pipe|isatty|get_terminal_size|pread|pwrite|readv|writev|closerange|fdatasync|ttyname|
    set_blocking|get_blocking|set_inheritable|get_inheritable|pipe2|device_encoding|copy_file_range|splice|eventfd|eventfd_read|
    eventfd_write|openpty|posix_fadvise|posix_fallocate|lockf|fpathconf|fstatvfs|tcgetpgrp|tcsetpgrp|login_tty = pure
os.sendfile() = pure
os.listdir|scandir(path) = !listing
os.walk|fwalk(top) = !walk
os.stat|lstat|access|readlink|statvfs|pathconf|listdrives|listvolumes|listmounts(path) = fs.list path
os.path.exists|isfile|isdir|islink|ismount|getsize|getmtime|getatime|getctime|realpath|lexists|samefile|sameopenfile|samestat|
    isjunction(path) = !look
os.path.expanduser|expandvars|abspath|normpath(path) = !path_text
os.path.join(path) = !join
os.path.dirname|basename|splitext|split(p) = !path_part
os.chdir(path) = !chdir
os.fchdir(fd) = !chdir
os.chroot(path) = opaque "changes the root folder"
os.getcwd|getcwdb() = !getcwd
os.getpid|getppid|getuid|geteuid|getgid|getegid|getgroups|getlogin|uname|cpu_count|getloadavg|times|urandom|getrandom|strerror|fspath|
    fsencode|fsdecode|umask|get_exec_path|getpgid|getpgrp|getpriority|getsid|getresuid|getresgid|sched_getaffinity|sched_yield|wait|
    waitpid|waitstatus_to_exitcode|WIFEXITED|WEXITSTATUS|WIFSIGNALED|WTERMSIG|sysconf|confstr|ctermid|get_handle_inheritable|major|
    minor|makedev|getgrouplist|wait3|wait4|waitid|process_cpu_count|sched_getscheduler|sched_getparam|sched_get_priority_max|
    sched_get_priority_min|sched_rr_get_interval|sched_param|times_result|stat_result|terminal_size|statvfs_result|uname_result|
    waitid_result|pidfd_open|WCOREDUMP|WIFCONTINUED|WIFSTOPPED|WSTOPSIG = pure
os.setpriority|nice|setsid|setpgid|setpgrp|setuid|setgid|seteuid|setegid|setreuid|setregid|setresuid|setresgid|setgroups|initgroups|
    sched_setaffinity|sched_setscheduler|sched_setparam|setns|unshare() = opaque "changes the rights or standing of its own process"
os.sep|linesep|name|curdir|pardir|extsep|altsep|pathsep|devnull|defpath|error|PathLike|DirEntry|supports_bytes_environ|supports_dir_fd|
    supports_follow_symlinks|supports_fd|supports_effective_ids|st|abc|stat_float_times|environb_types|GenericAlias|Mapping|
    MutableMapping = pure
os._exit|abort() = pure
os.sync() = pure
os.memfd_create() = opaque "makes a file in memory, which can be run"
os.add_dll_directory() = opaque "loads native code"
os.register_at_fork() = opaque "hooks into starting processes"
os.set_handle_inheritable() = pure
os.posix_openpt|grantpt|unlockpt|ptsname() = pure
os.Fd.* = pure
os.path.__latent__ = pure
pathlib.os => os
shutil.os => os
glob.os => os
tempfile._os => os
posix => os
nt => os
posixpath => os.path
genericpath => os.path
ntpath.exists|isfile|isdir|islink|ismount|getsize|getmtime|getatime|getctime|realpath|lexists|samefile(path) = !look

@py-environment
os.environ = env.read *
os.environb = env.read *
os.getenv|getenvb(key) = env.read key
os.putenv|unsetenv() = pure
os.environ.get|pop|setdefault|__getitem__(key) = env.read key
os.environ.copy|items|values|keys|__iter__() = env.read *
os.environ.update|clear|__setitem__|__delitem__|__contains__() = pure
os.environb.get(key) = env.read key

@py-shutil
shutil.rmtree(path) = fs.delete path/
shutil.copy|copy2|copyfile(src, dst) = fs.read src; fs.write dst
shutil.copytree(src, dst) = fs.read src/; fs.write dst/
shutil.copymode|copystat(src, dst) = fs.mode dst
shutil.move(src, dst) = fs.delete src; fs.write dst
shutil.chown(path) = fs.mode path
shutil.make_archive(base_name, format, root_dir) = fs.read root_dir/; fs.write base_name
shutil.unpack_archive(filename, extract_dir) = fs.read filename; fs.write extract_dir/
shutil.disk_usage(path) = fs.list path
shutil.which(cmd) = pure
shutil.copyfileobj|get_terminal_size|get_archive_formats|get_unpack_formats|ignore_patterns|Error|SameFileError|ReadError|ExecError|
    SpecialFileError|RegistryError|register_archive_format|register_unpack_format|unregister_archive_format|
    unregister_unpack_format = pure

@py-pathlib
[pathlib] pure
pathlib.Path|PurePath|PosixPath|PurePosixPath|WindowsPath|PureWindowsPath() = !path
pathlib.Path.home|cwd() = !known_folder
pathlib.PosixPath < pathlib.Path
pathlib.WindowsPath < pathlib.Path
pathlib.Path.open(mode) = !path_open -> io.File(self)
pathlib.Path.read_text|read_bytes() = fs.read self
pathlib.Path.write_text|write_bytes(data) = fs.write self
pathlib.Path.touch() = fs.create self
pathlib.Path.mkdir() = fs.create self/
pathlib.Path.rmdir() = fs.delete self/
pathlib.Path.unlink() = fs.delete self
pathlib.Path.rename|replace|move|move_into(target) = fs.delete self; fs.write target
pathlib.Path.copy|copy_into(target) = fs.read self; fs.write target
pathlib.Path.chmod|lchmod() = fs.mode self
pathlib.Path.symlink_to|hardlink_to|link_to(target) = fs.symlink self
pathlib.Path.stat|lstat|exists|is_file|is_dir|is_symlink|is_mount|owner|group|readlink|samefile|is_socket|is_fifo|is_block_device|
    is_char_device|is_junction() = !look_self
pathlib.Path.glob|rglob|iterdir() = !path_listing
pathlib.Path.walk() = !path_walk
pathlib.Path.* = !path_method
Path.__latent__ = pure

@py-glob
glob.glob|iglob(pathname) = !glob
glob.glob0|glob1(dirname) = fs.list dirname/
glob.escape|has_magic|translate() = pure

@py-tempfile
tempfile.NamedTemporaryFile|TemporaryFile|SpooledTemporaryFile(mode) = !temporary -> io.File
tempfile.TemporaryDirectory|mkdtemp() = !temporary
tempfile.mkstemp|mktemp() = !temporary
tempfile.gettempdir|gettempprefix|gettempdirb|gettempprefixb() = !temp_folder
tempfile.tempdir|template = pure

@py-archive
zipfile.ZipFile|PyZipFile(file, mode) = !open -> zipfile.ZipFile(file)
zipfile.ZipFile.extract|extractall(path) = !extract
zipfile.ZipFile.write(filename) = fs.read filename
zipfile.ZipFile.writepy(pathname) = fs.read pathname
zipfile.ZipFile.infolist() = !members
zipfile.ZipFile.open() = pure -> io.File(self)
zipfile.ZipFile.getinfo() = pure -> zipfile.ZipInfo
zipfile.ZipInfo.* = pure
zipfile.ZipFile.* = pure
zipfile.is_zipfile(filename) = fs.read filename
zipfile.ZipInfo|BadZipFile|BadZipfile|LargeZipFile|error = pure
zipfile.Path(root) = fs.read root -> zipfile.Path
zipfile.Path.open() = pure -> io.File(self)
zipfile.Path.* = pure -> zipfile.Path
zipfile.ZipInfo.from_file(filename) = fs.list filename
tarfile.open(name, mode) = !open -> tarfile.TarFile(name)
tarfile.TarFile(name, mode) = !open -> tarfile.TarFile(name)
tarfile.TarFile.open(name, mode) = !open -> tarfile.TarFile(name)
tarfile.TarFile.extract(member, path) = !extract_member
tarfile.TarFile.extractall(path) = !extract
tarfile.TarFile.add(name) = fs.read name
tarfile.TarFile.makefile|makedir|makelink|makefifo|makedev|makeunknown(tarinfo, targetpath) = fs.write targetpath
tarfile.TarFile.chmod|chown|utime(tarinfo, targetpath) = fs.mode targetpath
tarfile.TarFile.extractfile() = pure -> io.File(self)
tarfile.TarFile.gettarinfo(name) = fs.list name
tarfile.TarFile.* = pure
tarfile.is_tarfile(name) = fs.read name
tarfile.TarInfo|data_filter|tar_filter|fully_trusted_filter = pure
zipapp.create_archive(source, target) = fs.read source/; fs.write target
zipapp.get_interpreter(archive) = fs.read archive
gzip.open(filename, mode) = !open_binary -> io.File(filename)
gzip.GzipFile(filename, mode) = !open_binary -> io.File(filename)
bz2.open|BZ2File(filename, mode) = !open_binary -> io.File(filename)
lzma.open|LZMAFile(filename, mode) = !open_binary -> io.File(filename)
compression.zstd.open(file, mode) = !open_binary -> io.File(file)

@py-formats
csv.reader|DictReader(f) = !csv_rows
collections.defaultdict(default_factory) = !default_dict
collections.Counter(iterable) = !counter
dataclasses.replace(obj) = !replaced
copy.replace(obj) = !replaced
queue.Queue|LifoQueue|PriorityQueue|SimpleQueue() = !queue
asyncio.Queue|LifoQueue|PriorityQueue() = !queue
filecmp.dircmp(a, b) = !dircmp
fileinput.input|FileInput(files) = !file_input
fileinput.filename|lineno|filelineno|isfirstline|isstdin|nextfile|close|fileno|hook_compressed|hook_encoded = pure
linecache.getline|getlines|updatecache(filename) = fs.read filename
linecache.checkcache|clearcache|lazycache = pure
traceback.FrameSummary(filename) = may fs.read filename
traceback.format_list|print_list|StackSummary.from_list(extracted_list) = !lines_of_files
warnings.formatwarning|showwarning|warn_explicit(message, category, filename) = may fs.read filename
zoneinfo.reset_tzpath(to) = may fs.read to
json.load|dump() = pure
configparser.ConfigParser|RawConfigParser|SafeConfigParser() = pure -> configparser.ConfigParser
configparser.ConfigParser.read(filenames) = fs.read filenames
configparser.ConfigParser.* = pure
xml.etree.ElementTree.parse|iterparse(source) = fs.read source -> xml.ElementTree
xml.etree.ElementTree.ElementTree(element, file) = may fs.read file -> xml.ElementTree
xml.etree.cElementTree => xml.etree.ElementTree
xml.etree.ElementTree.canonicalize(xml_data, *, from_file) = may fs.read from_file
xml.etree.ElementInclude.default_loader(href) = fs.read href
xml.etree.ElementInclude.include() = fs.read *
xml.ElementTree.write|write_c14n(file_or_filename) = fs.write file_or_filename
xml.ElementTree.parse(source) = fs.read source
xml.ElementTree.* = pure
xml.dom.minidom.parse(file) = fs.read file -> xml.dom.Document
xml.dom.minidom.parseString|Document() = pure -> xml.dom.Document
xml.dom.Document.* = pure
xml.dom.pulldom.parse(stream_or_string) = fs.read stream_or_string
xml.dom.expatbuilder.parse(file) = fs.read file
xml.sax.parse(source) = !read_anything
xml.dom.expatbuilder.parseFragment(file) = fs.read file
xml.dom.xmlbuilder.DOMBuilder.parse|parseURI() = http.get *; fs.read *
xml.sax.saxutils.prepare_input_source(source) = !read_anything
xml.sax.make_parser(parser_list) = !patched -> xml.sax.Parser
xml.sax.Parser.setFeature(name, state) = !sax_feature
xml.sax.Parser.parse(source) = !read_anything
xml.sax.Parser.* = pure
plistlib.readPlist(path) = fs.read path
plistlib.writePlist(value, path) = fs.write path
wave.open|Wave_read|Wave_write(f, mode) = !open_binary -> io.File(f)
aifc.open(f, mode) = !open_binary -> io.File(f)
sunau.open|Au_read|Au_write(f, mode) = !open_binary -> io.File(f)
imghdr.what(file) = fs.read file
sndhdr.what|whathdr(file) = fs.read file
filecmp.cmp(f1, f2) = fs.read f1; fs.read f2
filecmp.cmpfiles(a, b) = fs.read a/; fs.read b/
filecmp.clear_cache|DEFAULT_IGNORES|BUFSIZE = pure
mimetypes.init|read_mime_types(files) = fs.read files
mimetypes.MimeTypes(filenames) = may fs.read filenames -> mimetypes.MimeTypes
mimetypes.MimeTypes.read(filename) = fs.read filename
mimetypes.MimeTypes.* = pure
gettext.translation|install(domain, localedir) = may fs.read localedir/
gettext.bindtextdomain|find(domain, localedir) = may fs.read localedir/
optparse.Values.read_file|read_module() = opaque "runs a file as code"
base64.main() = opaque "runs the module as a command"
gzip.main() = opaque "runs the module as a command"
quopri.main() = opaque "runs the module as a command"
tabnanny.main() = opaque "runs the module as a command"
tokenize.main() = opaque "runs the module as a command"
trace.main() = opaque "runs the module as a command"
zipfile.main() = opaque "runs the module as a command"
cProfile.main() = opaque "runs the module as a command"
profile.main() = opaque "runs the module as a command"
netrc.netrc(file) = secret.read file
mailbox.Mailbox|mbox|Maildir|MH|Babyl|MMDF(path, factory, create) = !mailbox -> mailbox.Box(path)
mailbox.Box.add|update|lock|add_folder|set_sequences|__setitem__() = fs.write self
mailbox.Box.remove|discard|clear|pop|popitem|remove_folder|clean|pack() = fs.delete self
mailbox.Box.* = pure
mailcap.getcaps() = fs.list "/etc"
logging.FileHandler(filename) = fs.write filename
logging.handlers.RotatingFileHandler|TimedRotatingFileHandler|WatchedFileHandler(filename) = fs.write filename
logging.basicConfig(*, filename) = !log_file
logging.handlers.SocketHandler|DatagramHandler(host, port) = net.connect host:port
logging.handlers.SysLogHandler(address) = net.connect *
logging.handlers.SMTPHandler(mailhost) = net.connect mailhost
logging.handlers.HTTPHandler(host) = http.post host
logging.config.fileConfig|dictConfig|DictConfigurator|BaseConfigurator() = opaque "configures logging with names of classes"
logging.config.listen() = opaque "listens for configuration that can run code"
trace.Trace(*, infile, outfile) = may fs.read infile; may fs.write outfile -> trace.Trace
trace.Trace.results() = pure -> trace.CoverageResults
trace.CoverageResults(*, infile, outfile) = may fs.read infile; may fs.write outfile -> trace.CoverageResults
trace.CoverageResults.write_results() = fs.write *
trace.CoverageResults.write_results_file(path) = fs.write path
trace.CoverageResults.* = pure
trace.Trace.run(cmd) = py cmd
trace.Trace.runctx(cmd) = py cmd
trace.Trace.runfunc(func) = call func
cProfile.run|runctx(statement, filename) = py statement; may fs.write filename
profile.run|runctx(statement, filename) = py statement; may fs.write filename
cProfile.Profile|profile.Profile() = pure -> cProfile.Profile
profile.Profile() = pure -> cProfile.Profile
cProfile.Profile.run|runctx(cmd) = py cmd
cProfile.Profile.runcall(func) = call func
cProfile.Profile.dump_stats(file) = fs.write file
cProfile.Profile.* = pure
pstats.Stats(filename) = fs.read filename -> pstats.Stats
pstats.Stats.dump_stats(filename) = fs.write filename
pstats.Stats.add|load_stats(filename) = fs.read filename
pstats.Stats.* = pure
tracemalloc.take_snapshot() = pure -> tracemalloc.Snapshot
tracemalloc.Snapshot.dump(filename) = fs.write filename
tracemalloc.Snapshot.load(filename) = fs.read filename; opaque "unpickles data, which can run any code"
tracemalloc.Snapshot.* = pure
turtle.write_docstringdict() = fs.write *
turtle.config_dict|readconfig(filename) = fs.read filename
timeit.timeit|repeat|main(stmt, setup) = !timeit
timeit.Timer(stmt, setup) = !timeit
unittest.main() = !unittest
unittest.mock.patch(target) = !patched
unittest.mock.patch.dict(in_dict) = !patched
unittest.mock.patch.multiple(target) = !patched
unittest.mock.patch.object(target, attribute, new) = !setattr
mock => unittest.mock
doctest.testmod|run_docstring_examples|testfile|testsource|debug() = !doctest
readline.read_history_file|read_init_file(filename) = fs.read filename
readline.write_history_file|append_history_file(filename) = fs.write filename
hashlib.file_digest() = pure
resource.setrlimit|prlimit() = pure
lib2to3.* = opaque "reads and rewrites source files"
tabnanny.check(file) = fs.read file
pyclbr.readmodule|readmodule_ex() = fs.read *
uu.encode|decode(in_file, out_file) = fs.read in_file; fs.write out_file
unittest.TestProgram => unittest.main
unittest.TestProgram.__init__ => unittest.main
doctest.DocTestRunner|DebugRunner() = pure -> doctest.Runner
doctest.Runner.run() = opaque "runs the examples of a document as code"
doctest.Runner.* = pure
doctest.debug_src|debug_script() = opaque "runs the examples of a document as code"
tracemalloc.Snapshot() = pure -> tracemalloc.Snapshot
ssl.create_connection => socket.create_connection
ssl.socket => socket.socket
logging.config.ThreadingTCPServer => socketserver.ThreadingTCPServer
logging.config.StreamRequestHandler => socketserver.StreamRequestHandler
wsgiref.simple_server.HTTPServer => http.server.HTTPServer
importlib.metadata.import_module => importlib.import_module
inspect.attrgetter => operator.attrgetter
pathlib.attrgetter => operator.attrgetter
xml.dom.xmlbuilder.DOMEntityResolver.resolveEntity(publicId, systemId) = http.get systemId
cgi.initlog|log() = fs.write *
cgi.test|print_environ|print_environ_usage() = env.read *
turtle.read_docstrings() = opaque "imports a module whose name it computes"
mailcap.findmatch() = proc.exec "test"
"""
