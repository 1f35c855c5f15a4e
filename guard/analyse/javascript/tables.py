"""What the languages' own globals and Node's, Deno's and Bun's builtins do: spec (see `sinks.SPECS`) -> names.

Every name stands for its `…Sync` twin too. "()" is the thing itself when it is called. A member of an effectful module that is in no row
is opaque, so a forgotten one parks and does not slip through.
"""

from __future__ import annotations


def names(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


BUILTIN_MODULES = names(
    """
    fs fs/promises child_process net http https http2 tls dgram dns dns/promises os process worker_threads vm cluster module
    inspector inspector/promises quic repl v8 node-module sqlite wasi test trace_events diagnostics_channel sea bun:ffi bun:sqlite
    bun:test bun:jsc bun
    """
)

PURE_MODULES = names(
    """
    path path/posix path/win32 url util util/types assert assert/strict events stream stream/promises stream/web stream/consumers
    test/reporters buffer string_decoder querystring punycode timers timers/promises crypto zlib async_hooks perf_hooks readline
    readline/promises tty constants console domain diagnostics_channel test node:test bun:test test/reporters
    stream/iter zlib/iter
    """
)
"""Builtin modules that compute only (`path`), or only act on values handed to them."""

PURE_GLOBALS = names(
    """
    Object Array String Number Boolean Symbol BigInt Math JSON Date RegExp Map Set WeakMap WeakSet WeakRef FinalizationRegistry
    Promise Error TypeError RangeError SyntaxError ReferenceError EvalError URIError AggregateError SuppressedError DisposableStack
    AsyncDisposableStack Iterator Intl Atomics SharedArrayBuffer ArrayBuffer DataView Int8Array Uint8Array Uint8ClampedArray
    Int16Array Uint16Array Int32Array Uint32Array BigInt64Array BigUint64Array Float16Array Float32Array Float64Array parseInt
    parseFloat isNaN isFinite NaN Infinity encodeURIComponent decodeURIComponent encodeURI decodeURI escape unescape structuredClone
    console setTimeout setInterval setImmediate clearTimeout clearInterval clearImmediate queueMicrotask requestAnimationFrame
    cancelAnimationFrame performance Performance crypto Crypto CryptoKey SubtleCrypto TextEncoder TextDecoder TextEncoderStream
    TextDecoderStream URL URLSearchParams URLPattern Headers Request Response FormData Blob File FileReader AbortController
    AbortSignal Event EventTarget CustomEvent MessageChannel MessagePort MessageEvent ErrorEvent CloseEvent ProgressEvent
    PromiseRejectionEvent DOMException DOMParser ReadableStream WritableStream TransformStream ReadableStreamDefaultReader
    WritableStreamDefaultWriter ByteLengthQueuingStrategy CountQueuingStrategy CompressionStream DecompressionStream Buffer atob
    btoa alert confirm prompt reportError exports arguments describe it test expect beforeEach afterEach beforeAll afterAll before
    after jest vi bench assert Temporal ImageData PerformanceObserver PerformanceEntry addEventListener removeEventListener
    dispatchEvent
    """
)

EFFECTFUL_GLOBALS = names(
    """
    fetch eval Function AsyncFunction GeneratorFunction require process Deno Bun globalThis XMLHttpRequest WebSocket WebSocketStream
    EventSource WebTransport importScripts Worker SharedWorker ServiceWorker navigator document localStorage sessionStorage
    indexedDB caches location Reflect Proxy WebAssembly open postMessage $ axios jQuery Bun GM_xmlhttpRequest BroadcastChannel
    execScript ActiveXObject WScript chrome browser nw Image module Audio RTCPeerConnection fetchLater FontFace CSS
    ethereum ShadowRealm
    """
)

_FS = {
    "read": "readFile createReadStream readv readlink ReadStream FileReadStream openAsBlob",
    "list": "readdir opendir stat lstat statfs exists access realpath realpath.native watch watchFile",
    "glob": "glob",
    "open": "open",
    "write": "writeFile appendFile createWriteStream truncate WriteStream FileWriteStream",
    "create": "mkdir",
    "temporary": "mkdtemp mkdtempDisposable",
    "delete": "unlink rm rmdir",
    "mode": "chmod chown lchown lchmod utimes lutimes",
    "move": "rename",
    "copy": "copyFile cp",
    "link": "link symlink",
    "pure": (
        "constants Stats Dirent close read write fsync fdatasync ftruncate futimes fchmod fchown writev fstat unwatchFile "
        "F_OK R_OK W_OK X_OK Dir StatsFs"
    ),
}
"""`read`, `write`, `close` … act on a descriptor that `open` gave, which was the effect."""

_DENO_FS = {
    "read": "readFile readTextFile readLink",
    "list": "readDir stat lstat realPath watchFs",
    "open": "open",
    "create": "mkdir create",
    "temporary": "makeTempDir makeTempFile",
    "write": "writeFile writeTextFile truncate",
    "delete": "remove",
    "mode": "chmod chown utime",
    "move": "rename",
    "copy": "copyFile",
    "link": "link symlink",
}

DENO_FS = _DENO_FS

_AGENTS = ("globalAgent", "Agent()", "Agent.prototype")
_AGENT = {
    "host": " ".join(f"{agent}.createConnection" for agent in _AGENTS),
    "connect-unknown": " ".join(f"{agent}.{name}" for agent in _AGENTS for name in ("addRequest", "createSocket")),
}
"""An agent connects by itself, too."""

GLOBALS: dict[str, dict[str, str]] = {
    "fs": _FS,
    "child_process": {"shell": "exec", "spawn": "execFile spawn ChildProcess().spawn", "fork": "fork", "opaque": "ChildProcess"},
    "http": {
        "request-http": "request ClientRequest",
        "request-get": "get",
        "serve": "createServer Server",
        "pure": (
            "STATUS_CODES METHODS Agent IncomingMessage OutgoingMessage ServerResponse CloseEvent MessageEvent validateHeaderName "
            "validateHeaderValue maxHeaderSize setMaxIdleHTTPParsers"
        ),
        **_AGENT,
    },
    "https": {"request-http": "request", "request-get": "get", "serve": "createServer Server", "pure": "Agent", **_AGENT},
    "http2": {
        "connect": "connect",
        "serve": "createServer createSecureServer performServerHandshake",
        "pure": (
            "constants getDefaultSettings getPackedSettings getUnpackedSettings sensitiveHeaders Http2ServerRequest Http2ServerResponse"
        ),
    },
    "quic": {"connect": "connect", "serve": "listen"},
    "net": {
        "host": "connect createConnection Socket().connect",
        "serve": "createServer Server BoundSocket",
        "pure": (
            "isIP isIPv4 isIPv6 BlockList SocketAddress getDefaultAutoSelectFamily setDefaultAutoSelectFamily "
            "getDefaultAutoSelectFamilyAttemptTimeout setDefaultAutoSelectFamilyAttemptTimeout"
        ),
        "connect-unknown": "Socket",
    },
    "tls": {
        "host": "connect TLSSocket",
        "serve": "createServer Server",
        "pure": "createSecureContext getCiphers rootCertificates checkServerIdentity getCACertificates getCertificateCompressionAlgorithms",
        "opaque": "setDefaultCACertificates",
    },
    "dgram": {"connect-unknown": "createSocket Socket"},
    "dns": {
        "dns": (
            "lookup resolve resolve4 resolve6 resolveTxt resolveMx resolveSrv resolveNs resolveCname resolvePtr resolveAny resolveCaa "
            "resolveNaptr resolveSoa resolveTlsa reverse lookupService Resolver"
        ),
        "pure": "getServers setServers getDefaultResultOrder setDefaultResultOrder NODATA NOTFOUND",
    },
    "os": {
        "pure": (
            "EOL platform type arch cpus totalmem freemem homedir tmpdir hostname release uptime endianness loadavg constants userInfo "
            "networkInterfaces version machine availableParallelism devNull getPriority"
        ),
        "kill": "setPriority",
    },
    "worker_threads": {
        "worker": "Worker",
        "pure": (
            "isMainThread parentPort workerData threadId threadName resourceLimits SHARE_ENV MessageChannel MessagePort BroadcastChannel "
            "getEnvironmentData setEnvironmentData receiveMessageOnPort markAsUntransferable isMarkedAsUntransferable markAsUncloneable "
            "structuredClone locks.query"
        ),
    },
    "cluster": {"worker": "fork setupPrimary setupMaster", "pure": "isMaster isPrimary isWorker worker workers on"},
    "vm": {
        "eval": "runInNewContext runInThisContext runInContext Script SourceTextModule compileFunction SyntheticModule Module",
        "pure": "createContext isContext measureMemory constants",
    },
    "node-module": {
        "opaque": (
            "_load _extensions _resolveFilename _compile register registerHooks Module runMain _cache _pathCache globalPaths "
            "syncBuiltinESMExports"
        ),
        "create": "enableCompileCache flushCompileCache",
        "list": "findPackageJSON",
        "pure": (
            "builtinModules isBuiltin createRequire findSourceMap SourceMap getSourceMapsSupport setSourceMapsSupport getCompileCacheDir "
            "stripTypeScriptTypes wrap constants"
        ),
    },
    "inspector": {"opaque": "open Session url waitForDebugger", "pure": "close"},
    "repl": {"opaque": "start REPLServer"},
    "v8": {
        "opaque": "setFlagsFromString startupSnapshot",
        "write": "writeHeapSnapshot setHeapSnapshotNearHeapLimit",
        "pure": (
            "serialize deserialize Serializer Deserializer DefaultSerializer DefaultDeserializer getHeapStatistics getHeapSpaceStatistics "
            "getHeapCodeStatistics getCppHeapStatistics cachedDataVersionTag isStringOneByteRepresentation GCProfiler "
            "startupSnapshot.isBuildingSnapshot"
        ),
    },
    "wasi": {"opaque": "WASI"},
    "sqlite": {
        "sqlite": "DatabaseSync",
        "sql": "DatabaseSync().exec DatabaseSync().prepare",
        "pure": "DatabaseSync().close constants StatementSync",
        "write-second": "backup",
        "opaque": "DatabaseSync().loadExtension DatabaseSync().enableLoadExtension",
    },
    "process": {
        "pure": (
            "cwd exit argv argv0 execArgv execPath exitCode pid ppid platform arch version versions release title uptime hrtime "
            "memoryUsage cpuUsage resourceUsage nextTick on once off addListener removeListener removeAllListeners emit emitWarning "
            "stdout stderr stdin config features getuid getgid geteuid getegid umask abort stdout.write stderr.write stdin.on "
            "stdin.once stdin.resume stdin.pause stdin.setEncoding stdin.read "
            "noDeprecation allowedNodeEnvironmentFlags constrainedMemory availableMemory send connected disconnect channel listenerCount "
            "listeners rawListeners eventNames prependListener prependOnceListener getMaxListeners setMaxListeners getgroups debugPort "
            "getActiveResourcesInfo hasUncaughtExceptionCaptureCallback sourceMapsEnabled setSourceMapsEnabled threadCpuUsage ref unref "
            "finalization.register finalization.registerBeforeExit finalization.unregister throwDeprecation traceDeprecation "
            "traceProcessWarnings"
        ),
        "kill": "kill _kill _debugProcess",
        "environment": "report.getReport loadEnvFile",
        "write": "report.writeReport",
        "chdir": "chdir",
        "opaque": (
            "binding _linkedBinding dlopen mainModule setuid setgid seteuid setegid setgroups initgroups "
            "setUncaughtExceptionCaptureCallback addUncaughtExceptionCaptureCallback _getActiveHandles _rawDebug reallyExit openStdin "
            "execve permission"
        ),
    },
    "Deno": {
        **_DENO_FS,
        "spawn-options": "Command",
        "spawn-deno": "spawn spawnAndWait",
        "spawn-run": "run",
        "host-options": "connect connectTls connectQuic",
        "serve": "serve listen listenTls listenDatagram serveHttp upgradeWebSocket upgradeWebTransport QuicEndpoint",
        "connect-unknown": "startTls",
        "dns": "resolveDns",
        "kv": "openKv",
        "kv-read": "openKv().get openKv().getMany openKv().list openKv().watch",
        "kv-write": "openKv().set openKv().enqueue openKv().atomic().set openKv().atomic().sum openKv().atomic().enqueue",
        "kv-delete": "openKv().delete openKv().atomic().delete",
        "opaque": "dlopen UnsafePointer UnsafeCallback UnsafeFnPointer UnsafePointerView internal core Kv bundle",
        "kill": "kill",
        "chdir": "chdir",
        "variable": "env.get env.has",
        "variable-write": "env.set env.delete",
        "environment": "env.toObject",
        "pure": (
            "args build cron version pid ppid noColor mainModule exit exitCode test bench errors stdin stdout stderr inspect memoryUsage "
            "hostname osRelease osUptime loadavg systemMemoryInfo execPath cwd addSignalListener removeSignalListener isatty consoleSize "
            "refTimer unrefTimer permissions gid uid umask networkInterfaces stdout.write stdout.writeSync stderr.write stderr.writeSync "
            "stdin.read stdin.readable stdin.close stdin.setRaw stdin.isTerminal stdout.writable stdout.close stdout.isTerminal "
            "stderr.writable stderr.close stderr.isTerminal Permissions PermissionStatus fstat ftruncate futime fsync fdatasync flock "
            "funlock seek read write readAll writeAll iter metrics resources createHttpClient SeekMode FsFile Conn Listener lint jupyter "
            "telemetry customInspect close openKv().close openKv().listenQueue openKv().commitVersionstamp openKv().atomic "
            "openKv().atomic().check openKv().atomic().mutate openKv().atomic().min openKv().atomic().max openKv().atomic().commit"
        ),
    },
    "Bun": {
        "bun-file": "file",
        "bun-file-write": "file().write file().writer",
        "bun-file-delete": "file().delete file().unlink",
        "scan": "Glob().scan Glob().scanSync",
        "write": "write Archive.write",
        "read": "mmap",
        "list": "resolve",
        "spawn-list": "spawn",
        "shell": "$",
        "serve": "serve listen",
        "host-options": "connect udpSocket",
        "dns": "dns.lookup dns.prefetch",
        "sql": "sql sql.unsafe",
        "connect": "SQL RedisClient redis s3 S3Client postgres",
        "environment": "secrets.get",
        "opaque": "plugin build Transpiler openInEditor FFI registerMacro secrets.set secrets.delete unsafe",
        "pure": (
            "version revision main argv hash password sleep nanoseconds which peek escapeHTML stringWidth fileURLToPath pathToFileURL "
            "inspect deepEquals gzipSync gunzipSync deflateSync inflateSync readableStreamToText readableStreamToJSON "
            "readableStreamToArray CryptoHasher semver TOML YAML Glob Glob().match randomUUIDv7 color stdin stdout stderr "
            "file().text file().json file().arrayBuffer file().bytes file().formData file().stream file().slice file().exists "
            "stripANSI sliceAnsi wrapAnsi concatArrayBuffers readableStreamToArrayBuffer readableStreamToFormData readableStreamToBytes "
            "readableStreamToBlob deepMatch allocUnsafe gc shrink sha zstdCompress zstdDecompress indexOfLine randomUUIDv5 XML JSONC JSONL "
            "JSON5 markdown ArrayBufferSink CSRF SHA1 MD5 MD4 SHA224 SHA256 SHA384 SHA512 SHA512_256 Cookie CookieMap isMainThread "
            "version_with_sha embeddedFiles enableANSIColors dns.getCacheStats S3Client.presign "
            "file().stat file().size file().type file().name file().lastModified"
        ),
    },
    "bun:sqlite": {
        "sqlite": "Database Database.open",
        "sql": "Database().query Database().run Database().exec Database().prepare",
        "pure": "Database().close Database.deserialize constants Statement SQLiteError",
        "opaque": "Database.setCustomSQLite Database().loadExtension",
    },
    "bun:ffi": {"opaque": "dlopen cc JSCallback CFunction linkSymbols toBuffer read ptr suffix"},
    "fetch": {"fetch": "()"},
    "navigator": {
        "post": "sendBeacon",
        "pure": "userAgent language languages hardwareConcurrency platform onLine",
        "opaque": "serviceWorker clipboard",
    },
    "XMLHttpRequest": {"connect-unknown": "()", "xhr": "().open", "pure": "().send().setRequestHeader ().abort"},
    "WebSocket": {"connect": "()", "pure": "OPEN CLOSED CONNECTING CLOSING"},
    "WebSocketStream": {"connect": "()"},
    "WebTransport": {"connect": "()"},
    "EventSource": {"get": "()"},
    "importScripts": {"import-url": "()"},
    "Worker": {"worker": "()"},
    "SharedWorker": {"worker": "()"},
    "eval": {"eval": "()"},
    "execScript": {"eval": "()"},
    "ShadowRealm": {"opaque": "().evaluate ().importValue"},
    "Function": {"eval": "()", "pure": "prototype name length"},
    "AsyncFunction": {"eval": "()"},
    "GeneratorFunction": {"eval": "()"},
    "constructor": {"constructor": "()", "pure": "name prototype length toString"},
    "computed": {"computed": "()"},
    "Reflect": {
        "opaque": "apply construct get set defineProperty setPrototypeOf getPrototypeOf getOwnPropertyDescriptor deleteProperty",
        "pure": "ownKeys has getMetadata defineMetadata metadata hasMetadata isExtensible preventExtensions",
    },
    "Proxy": {"proxy": "() revocable"},
    "WebAssembly": {
        "wasm": "instantiate Instance instantiateStreaming",
        "pure": "validate Module compile compileStreaming Memory Table Global",
    },
    "require": {"pure": "resolve main", "opaque": "cache extensions"},
    "document": {
        "opaque": "write writeln",
        "element": "createElement",
        "environment": "cookie",
        "pure": (
            "getElementById querySelector querySelectorAll addEventListener createTextNode getElementsByTagName getElementsByClassName "
            "body title head documentElement readyState"
        ),
    },
    "localStorage": {"storage": "setItem removeItem clear", "environment": "getItem", "pure": "key length"},
    "sessionStorage": {"storage": "setItem removeItem clear", "environment": "getItem", "pure": "key length"},
    "crypto": {"opaque": "setEngine"},
    "zlib": {"read": "zipFiles", "opaque": "ZipFile.open"},
    "sea": {"pure": "isSea getAsset getAssetAsBlob getRawAsset getAssetKeys"},
    "test": {"opaque": "run"},
    "location": {"get": "assign replace", "pure": "href pathname search hash host hostname origin protocol reload"},
    "$": {
        "config": "ajax",
        "get": "get getJSON getScript",
        "post": "post",
        "shell-tag": "()",
        "eval": "globalEval",
        "opaque": "parseHTML ajaxTransport",
        "pure": (
            "each extend trim map grep inArray isFunction isArray isPlainObject isEmptyObject isNumeric isWindow type now noop "
            "Deferred when proxy makeArray merge unique uniqueSort contains data removeData hasData param parseJSON parseXML fn expr "
            "support ready error Event Callbacks holdReady escapeSelector queue dequeue ajaxSetup ajaxPrefilter"
        ),
    },
    "ActiveXObject": {"opaque": "()"},
    "open": {"get": "()"},
    "Image": {"pure": "()"},
    "Audio": {"get": "()"},
    "RTCPeerConnection": {"connect-unknown": "()"},
    "fetchLater": {"fetch": "()"},
    "FontFace": {"opaque": "()"},
    "ethereum": {"opaque": "request send sendAsync enable", "pure": "isMetaMask on removeListener isConnected"},
    "CSS": {"pure": "escape supports", "import-url": "paintWorklet.addModule layoutWorklet.addModule animationWorklet.addModule"},
    "module": {"pure": "exports id filename loaded path paths isPreloading hot", "opaque": "children parent constructor _compile"},
}
"""Library or global -> {spec: names}."""
