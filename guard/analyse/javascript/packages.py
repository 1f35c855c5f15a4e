"""What packages from npm, jsr and Deno's standard library do: spec (see `sinks.SPECS`) -> names, and names that mean the same.

Adding a package is one row here and one line in tests/analyse/javascript/examples.
"""

from __future__ import annotations

from guard.analyse.javascript.browsers import BROWSERS
from guard.analyse.javascript.databases import DATABASES
from guard.analyse.javascript.tables import DENO_FS, names


def _table(text: str) -> dict[str, str]:
    """Lines of `meaning = name name …` (an indented line goes on with the one above) as name -> meaning; "?" is no meaning."""
    found: dict[str, str] = {}
    meaning = ""
    for word, after in zip(text.split(), [*text.split()[1:], ""], strict=True):
        if after == "=":
            meaning = "" if word == "?" else word
        elif word != "=":
            found[word] = meaning
    return found


PURE_PACKAGES = names(
    """
    lodash lodash-es underscore ramda mathjs bignumber.js big.js decimal.js bn.js date-fns dayjs moment moment-timezone luxon uuid
    nanoid ulid zod yup joi ajv validator superstruct io-ts fp-ts rxjs immutable immer qs query-string ms semver chalk colors kleur
    picocolors ansi-colors ansi-styles strip-ansi table cli-table3 columnify csv-parse csv-stringify papaparse csv-parser fast-csv
    js-yaml yaml toml ini marked markdown-it showdown turndown cheerio htmlparser2 entities he xml2js fast-xml-parser xmlbuilder2
    lru-cache p-limit p-queue p-map p-retry p-all async bluebird eventemitter3 mitt tslib core-js regenerator-runtime
    inherits once deepmerge fast-deep-equal deep-equal clone-deep camelcase snake-case change-case slugify pluralize escape-html
    string-width wrap-ansi natural compromise franc simple-statistics d3-array d3-scale d3-format d3-time-format ml-matrix fuse.js
    diff diff-match-patch text-table mustache handlebars reflect-metadata class-transformer class-validator type-fest ts-pattern
    neverthrow chai expect expect.js should jest vitest mocha ava tape sinon assert events util buffer process-nextick-args punycode
    string_decoder path-browserify color color-convert object-hash md5 sha1 crypto-js js-sha256 tweetnacl bcryptjs jsonwebtoken jose
    base64-js iso8601 chrono-node cron-parser rrule money accounting numeral @types/node memoizee p-debounce lodash.debounce
    seedrandom chance @faker-js/faker @std/assert @std/async @std/bytes @std/cache @std/cbor @std/collections @std/crypto @std/csv
    @std/data-structures @std/datetime @std/encoding @std/fmt @std/front-matter @std/html @std/ini @std/internal @std/io @std/json
    @std/jsonc @std/math @std/media-types @std/msgpack @std/random @std/regexp @std/semver @std/streams @std/tar @std/text @std/toml
    @std/ulid @std/uuid @std/yaml @std/xml @std/expect @std/testing @std/cli @std/dotenv/parse path
    @jest/globals react react/jsx-runtime react-dom/server preact prop-types classnames clsx redux reselect mobx
    acorn acorn-walk acorn-jsx esprima espree estraverse esquery escodegen @babel/parser @babel/types @babel/generator
    @babel/traverse magic-string source-map source-map-js css-tree parse5 node-html-parser
    domhandler domutils css-select sax xml-js xpath @xmldom/xmldom jsonc-parser json5 jmespath jsonpointer fast-json-patch
    jsondiffpatch microdiff deep-diff deep-object-diff json-stable-stringify fast-json-stable-stringify safe-stable-stringify flat
    dot-prop object-path smol-toml @iarna/toml d3-dsv d3-time d3-shape d3-hierarchy d3-interpolate d3-color d3-random
    remark remark-parse remark-gfm remark-stringify unist-util-visit mdast-util-from-markdown mdast-util-to-string hast-util-to-html
    graphlib @dagrejs/graphlib heap-js denque yallist tiny-invariant fraction.js complex.js humanize-duration pretty-bytes pretty-ms
    filesize bytes currency.js dinero.js date-fns-tz @js-temporal/polyfill temporal-polyfill spacetime cronstrue string-similarity
    fastest-levenshtein leven levenshtein stemmer stopword sentiment boxen cli-table console-table-printer asciichart treeify archy
    yoctocolors commander ansi-escapes figures remeda rambda radash es-toolkit valibot @sinclair/typebox runtypes tiny-emitter nanoevents
    mnemonist @noble/hashes @noble/curves crc-32 crc adler-32 pako fflate lz-string base-x bs58 hashids shortid short-uuid
    @paralleldrive/cuid2 random-js pure-rand fast-check jsonschema ajv-formats zod-to-json-schema url-join
    url-parse path-to-regexp micromatch minimatch picomatch ignore mime mime-types content-type cookie set-cookie-parser ua-parser-js
    libphonenumber-js email-validator intl-messageformat inflection title-case humps camelcase-keys geolib haversine h3-js
    ml-regression ml-kmeans ml-regression-simple-linear regression jstat ndarray sql-formatter node-sql-parser jszip pdf-lib
    split2 through2 concat-stream get-stream arg ora html-entities linkedom strip-json-comments unified anymatch fast-diff dequal
    rfdc pngjs jpeg-js front-matter plist saxes topojson-client ical.js stream-json JSONStream csv-string hyparquet d3-geo d3-delaunay
    d3-force d3-chord d3-path d3-polygon d3-quadtree d3-timer d3-ease d3-contour simplify-js kdbush supercluster rbush inversify
    quick-lru node-cache dagre graphology chroma-js tinycolor2 i18next graphql tar-stream lunr minisearch heap
    memoize-one p-memoize mem ipaddr.js cidr-regex @turf/turf wellknown proj4 @msgpack/msgpack cbor ndjson
    chardet iconv-lite jschardet text-encoding wrap-ansi-cjs escape-string-regexp lodash.get lodash.set lodash.groupby lodash.merge
    js-combinatorics big-integer ngraph.graph ngraph.path node-dijkstra dijkstrajs pathfinding tinyqueue flatqueue fastpriorityqueue
    js-priority-queue @datastructures-js/priority-queue @datastructures-js/queue @datastructures-js/heap @datastructures-js/graph
    @datastructures-js/trie @datastructures-js/stack @datastructures-js/linked-list @datastructures-js/set double-ended-queue
    blueimp-md5 spark-md5 ts-md5 js-md5 itertools iter-tools wu collect.js sorted-btree bintrees typescript-collections gl-matrix
    sprintf-js word-wrap dedent ts-dedent outdent common-tags moo parsimmon ohm-js cli-progress progress log-update
    ansi-regex dlv just-group-by array-flatten array-uniq is-number is-plain-object kind-of escape-goat
    lodash.clonedeep lodash.isequal lodash.throttle lodash.uniq lodash.sortby lodash.pick lodash.omit lodash.camelcase lodash.chunk
    """
)
"""Packages that only compute; a name may be used freely."""

TEMPLATING = names("lodash lodash-es underscore")
"""Those of them with a function `template` that makes code of text."""

STD = {
    **{name.removeprefix("@std/"): name for name in PURE_PACKAGES if name.startswith("@std/") and name.count("/") == 1},
    "path": "path",
    "fs": "@std/fs",
    "dotenv": "@std/dotenv",
    "http": "@std/http",
    "net": "@std/net",
    "log": "@std/log",
    "flags": "@std/cli",
}
"""Packages of Deno's standard library -> canonical module."""

PARTS = names("rxjs/ajax rxjs/fetch rxjs/webSocket vitest/node vitest/config")
"""Modules of such packages that do more than compute, and are known no more than a package that nobody knows."""

SDKS = _table(
    """
    api.openai.com = openai
    api.anthropic.com = @anthropic-ai/sdk
    api.stripe.com = stripe
    slack.com = @slack/web-api
    hooks.slack.com = @slack/webhook
    api.twilio.com = twilio
    api.sendgrid.com = @sendgrid/mail
    api.resend.com = resend
    api.notion.com = @notionhq/client
    api.replicate.com = replicate
    api.linear.app = @linear/sdk
    api.cloudflare.com = cloudflare
    generativelanguage.googleapis.com = @google/generative-ai
    api.mistral.ai = @mistralai/mistralai
    api.cohere.com = cohere-ai
    discord.com = discord.js
    ? = googleapis aws-sdk @aws-sdk/client-s3 @aws-sdk/client-dynamodb @aws-sdk/client-sqs @aws-sdk/client-lambda @aws-sdk/client-ses
        @aws-sdk/lib-dynamodb @aws-sdk/lib-storage @aws-sdk/client-ec2 @aws-sdk/client-iam @aws-sdk/client-secrets-manager
        @aws-sdk/client-sns @aws-sdk/client-ssm @aws-sdk/client-sts @google-cloud/firestore @google-cloud/pubsub
        @google-cloud/secret-manager
        telegraf node-telegram-bot-api socketcluster-client puppeteer-cluster @sentry/node posthog-node @line/bot-sdk
        @supabase/supabase-js firebase firebase-admin @azure/storage-blob nodemailer web-push sequelize ldapjs @octokit/webhooks
        jira-client ssh2
        node-ssh ftp basic-ftp imap kafkajs amqplib mqtt nats socket.io-client @elastic/elasticsearch typeorm @prisma/client mongoose
        neo4j-driver cassandra-driver @modelcontextprotocol/sdk dockerode @kubernetes/client-node oracledb mssql snowflake-sdk
    storage.googleapis.com = @google-cloud/storage
    bigquery.googleapis.com = @google-cloud/bigquery
    api.mailgun.net = mailgun.js
    api.hubapi.com = @hubspot/api-client
    """
)
"""Client libraries of one service: any call on them is a request to that host ("" if the host is set elsewhere)."""

ALIASES = _table(
    """
    fs = fs/promises fs.promises graceful-fs mz/fs original-fs
    fs-extra = fs-extra.promises fs-extra/esm zx.fs
    dns = dns/promises dns.promises
    test = test.test test.it
    fetch = Bun.fetch
    $ = jQuery $.noConflict()
    globalThis = linkedom.parseHTML().window linkedom.parseHTML().globalThis linkedom.parseHTML().self
        linkedom.parseHTML().document.defaultView linkedom.parseHTML().defaultView linkedom.DOMParser().parseFromString().defaultView
    path = path/posix path/win32 path.posix path.win32
    Bun = bun
    Bun.file() = Bun.file().slice()
    open-npm = open
    process.env = Bun.env shelljs.env
    os = zx.os
    zx = zx/globals
    mysql = mysql2 mysql2/promise
    mysql.createConnection() = mysql.createPool() mysql.createPool().promise() mysql.createConnection().promise()
        mysql.createConnection().getConnection()
    pg.Client() = pg.Pool() pg.Client().connect()
    pg = pg.native
    axios = axios.create() axios.default
    got = got.extend()
    ky = ky.create() ky.extend()
    superagent = superagent.agent()
    request = request.defaults() request-promise request-promise-native
    fetch = isomorphic-fetch cross-fetch node-fetch node-fetch-native cross-fetch.fetch unfetch undici.fetch node-fetch.fetch
        whatwg-fetch make-fetch-happen fetch-retry fetch.fetch minipass-fetch window.fetch
    Headers = node-fetch.Headers fetch.Headers undici.Headers
    Request = fetch.Request undici.Request
    Response = fetch.Response
    FormData = fetch.FormData undici.FormData
    WebSocket = http.WebSocket ws ws.WebSocket WebSocket.WebSocket isomorphic-ws
    ws-server = WebSocket.Server WebSocket.WebSocketServer
    EventSource = eventsource
    octokit = @octokit/rest @octokit/core @octokit/action
    octokit.Octokit = octokit.App
    octokit-request = @octokit/request @octokit/request.request octokit-request.request octokit-request.defaults()
    octokit-graphql = @octokit/graphql @octokit/graphql.graphql octokit-graphql.graphql octokit-graphql.defaults()
    puppeteer = puppeteer-core
    playwright = playwright-core @playwright/test playwright-chromium
    cross-spawn = cross-spawn.spawn
    mongodb.MongoClient() = mongodb.MongoClient.connect() mongodb.MongoClient().connect()
    URL = url.URL
    URLSearchParams = url.URLSearchParams
    Buffer = buffer.Buffer
    atob = buffer.atob
    setTimeout = timers.setTimeout
    process = process.process
    node-module = module node-module.Module
    require = node-module.createRequire()
    redis = ioredis ioredis.Redis redis.Redis
    better-sqlite3 = better-sqlite3.Database
    sqlite3.Database = sqlite3.cached.Database
    sqlite3 = sqlite3.verbose()
    knex = knex.default
    postgres = postgres.default
    shelljs = shelljs/global
    Deno.Command = Deno.Command.default
    rimraf = rimraf.rimraf rimraf.native
    del = del.deleteAsync
    image-size = image-size/fromFile
    glob = glob.glob tiny-glob fast-glob globby glob.globby
    mkdirp = mkdirp.mkdirp
    execa = execa.execa
    execa.$ = execa.$()
    zx.$ = zx.$()
    tinyexec = tinyexec.x
    dotenv = dotenv.default
    """
)
"""Canonical name -> the canonical name that it means."""

SUBTREES = {
    "octokit.Octokit().": "octokit",
    **{f"Bun.{client}.": "connect-unknown" for client in ("redis", "RedisClient()", "s3", "S3Client", "S3Client()")},
}
"""Everything below these names does what the spec says, judged by its verb."""

_HTTP = {
    "get": "get getUri",
    "head": "head",
    "options": "options",
    "post": "post postForm",
    "put": "put putForm",
    "patch": "patch patchForm",
    "http-delete": "delete del",
}
_FS_EXTRA = {
    "read": "readFile createReadStream readJson readJSON readlink",
    "list": "readdir opendir stat lstat exists access realpath pathExists glob watch watchFile",
    "open": "open",
    "write": "writeFile appendFile createWriteStream truncate outputFile outputJson outputJSON writeJson writeJSON",
    "temporary": "mkdtemp",
    "create": "mkdir mkdirp mkdirs ensureDir ensureFile createFile",
    "delete": "unlink rm rmdir remove emptyDir emptydir",
    "mode": "chmod chown lchown utimes lutimes",
    "move": "rename move",
    "copy": "copyFile cp copy",
    "link": "link symlink ensureLink ensureSymlink createLink createSymlink",
    "pure": "constants close read write fsync fdatasync ftruncate futimes fchmod fchown writev Stats Dirent gracefulify fstat",
}

LIBRARIES: dict[str, dict[str, str]] = {
    "fs-extra": _FS_EXTRA,
    "@std/fs": {
        **{spec: names for spec, names in DENO_FS.items()},
        "list": DENO_FS["list"] + " exists",
        "walk": "walk",
        "glob": "expandGlob",
        "create": DENO_FS["create"] + " ensureDir ensureFile",
        "move": DENO_FS["move"] + " move",
        "copy": DENO_FS["copy"] + " copy",
        "link": DENO_FS["link"] + " ensureLink ensureSymlink",
        "delete": DENO_FS["delete"] + " emptyDir",
        "pure": "eol detect format EOL LF CRLF umask",
    },
    "@std/dotenv": {"environment": "load", "pure": "parse stringify"},
    "@std/http": {
        "serve": "serve serveTls Server",
        "read": "serveFile serveDir",
        "pure": (
            "STATUS_CODE STATUS_TEXT HEADER METHOD isStatus isErrorStatus isClientErrorStatus isServerErrorStatus isInformationalStatus "
            "isRedirectStatus isSuccessfulStatus accepts acceptsEncodings acceptsLanguages route getCookies getSetCookies setCookie "
            "deleteCookie signCookie verifySignedCookie parseSignedCookie UserAgent ServerSentEventStream ServerSentEventParseStream eTag "
            "ifMatch ifNoneMatch"
        ),
    },
    "@std/net": {"serve": "getAvailablePort", "pure": "getNetworkAddress"},
    "@std/log": {"write": "FileHandler RotatingFileHandler", "pure": "info warn error debug critical setup getLogger ConsoleHandler"},
    "axios": {
        **_HTTP,
        "config": "() request",
        "pure": (
            "isAxiosError isCancel AxiosError CancelToken all spread interceptors defaults AxiosHeaders interceptors.request.use "
            "interceptors.response.use"
        ),
    },
    "got": {**_HTTP, "fetch": "() stream", "pure": "HTTPError"},
    "ky": {**_HTTP, "fetch": "()", "pure": "HTTPError TimeoutError"},
    "superagent": {**_HTTP, "fetch": "()"},
    "request": {**_HTTP, "config": "()"},
    "needle": {**_HTTP, "method-url": "() request"},
    "supertest": {"serve": "() agent"},
    "undici": {
        "fetch": "fetch request stream pipeline",
        "connect": "connect upgrade Client Pool Agent",
        "pure": "setGlobalDispatcher getGlobalDispatcher ProxyAgent MockAgent",
    },
    "octokit": {"octokit": "Octokit().request Octokit().graphql", "pure": "Octokit RequestError"},
    "octokit-request": {"octokit": "()", "pure": "defaults"},
    "octokit-graphql": {"graphql": "()", "pure": "defaults"},
    "graphql-request": {
        "graphql-url": "request gql-request",
        "connect": "GraphQLClient",
        "graphql": "GraphQLClient().request",
        "pure": "gql",
    },
    "shelljs": {
        "shell": "exec",
        "spawn": "cmd",
        "delete": "rm",
        "move": "mv",
        "copy": "cp",
        "create": "mkdir",
        "mode": "chmod",
        "write": "touch ShellString().to",
        "read": "cat head tail sort uniq grep",
        "list": "ls find test",
        "edit": "sed",
        "link": "ln",
        "chdir": "cd pushd popd",
        "pure": "echo pwd which exit error set config env tempdir dirs errorCode ShellString",
    },
    "execa": {"spawn": "() execaNode execaSync", "shell": "execaCommand command shell", "shell-tag": "$", "pure": "ExecaError"},
    "tinyexec": {"spawn": "() exec"},
    "zx": {
        "shell-tag": "$",
        "chdir": "cd",
        "fetch": "fetch",
        "pure": "echo question sleep chalk argv within quote which minimist YAML path os spinner",
    },
    "cross-spawn": {"spawn": "() sync"},
    "node-pty": {"spawn": "spawn fork"},
    "node-cmd": {"shell": "run runSync get"},
    "rimraf": {"delete": "() sync rimraf"},
    "del": {"delete": "() sync deleteSync"},
    "trash": {"delete": "()"},
    "ncp": {"copy": "() ncp"},
    "cpr": {"copy": "() cpr"},
    "cpy": {"copy": "()"},
    "write-file-atomic": {"write": "() sync"},
    "write-json-file": {"write": "() writeJsonFile"},
    "tmp": {
        "temporary": "file dir tmpName fileSync dirSync tmpNameSync withFile withDir",
        "pure": "setGracefulCleanup tmpdir dirSync().removeCallback fileSync().removeCallback",
    },
    "tmp-promise": {"temporary": "file dir tmpName withFile withDir", "pure": "setGracefulCleanup"},
    "klaw": {"list": "()"},
    "readdirp": {"list": "() readdirp readdirpPromise"},
    "vinyl-fs": {"read": "src", "write": "dest symlink"},
    "http-proxy": {"serve": "createProxyServer createServer createProxy"},
    "http-server": {"serve": "createServer"},
    "serve-handler": {"read": "()"},
    "@oak/oak": {"serve": "Application().listen", "pure": "Application Application().use Application().addEventListener Router"},
    "@david/dax": {"shell-tag": "$", "pure": "$.path $.log $.logStep $.sleep"},
    "mkdirp": {"create": "() sync"},
    "glob": {"glob": "() sync globSync stream Glob globStream", "pure": "hasMagic escape isDynamicPattern escapePath"},
    "tar": {"extract": "x extract", "write": "c create"},
    "adm-zip": {
        "read": "()",
        "extract": "().extractAllTo ().extractAllToAsync",
        "write": "().writeZip",
        "pure": "().getEntries ().readAsText ().addFile",
    },
    "unzipper": {"extract": "Extract Open"},
    "dotenv": {"environment": "config", "pure": "parse populate"},
    "open-npm": {"spawn": "()"},
    **DATABASES,
    **BROWSERS,
    "ws-server": {"serve": "()"},
    "express": {
        "serve": "().listen",
        "pure": (
            "() json urlencoded static Router ().get ().post ().put ().delete ().use ().all ().patch ().set Router().get Router().post "
            "Router().use Router().put Router().delete"
        ),
    },
    "koa": {"serve": "().listen", "pure": "() ().use"},
    "fastify": {"serve": "().listen", "pure": "() ().get ().post ().register"},
    "vm2": {"eval": "VM().run NodeVM().run VMScript NodeVM.code NodeVM.file", "pure": "VM NodeVM"},
    "isolated-vm": {"eval": "Isolate", "pure": "Reference"},
    "serialize-javascript": {"pure": "()"},
    **{library: {"eval": "template"} for library in sorted(TEMPLATING)},
    "mathjs": {
        "interpreted": " ".join(
            f"{made}{name}"
            for made in ("", "create().", "parser().", "create().parser().")
            for name in ("evaluate", "eval", "parse", "compile", "simplify", "derivative", "rationalize")
        ),
        "eval": " ".join(f"{made}chain().{name}" for made in ("", "create().") for name in ("evaluate", "eval", "parse", "compile")),
    },
    "handlebars": {"interpreted": "compile precompile parse create().compile create().precompile", "interpreted-second": "registerPartial"},
    "front-matter": {"unsafe": "()"},
    "js-yaml": {"opaque": "DEFAULT_FULL_SCHEMA"},
    "mocha": {"opaque": "() run"},
    "jest": {"opaque": "run runCLI"},
    "cheerio": {"get": "fromURL"},
    "jose": {"get": "createRemoteJWKSet"},
    "papaparse": {"download": "parse"},
    "hyparquet": {"get": "asyncBufferFromUrl byteLengthFromUrl", "read": "asyncBufferFromFile"},
    "cron-parser": {"read": "parseFile CronFileParser.parseFile"},
    "plist": {"read": "parseFile readFile", "write": "writeFile writeBinaryFile"},
    "fast-csv": {"read": "parseFile", "write": "writeToPath"},
    "chardet": {"read": "detectFile"},
    "natural": {
        "read": "BayesClassifier.load LogisticRegressionClassifier.load MaxEntClassifier.load Sample.load WordNet TfIdf().addFile",
        "write": "BayesClassifier().save LogisticRegressionClassifier().save MaxEntClassifier().save Sample().save",
        "opaque": "StorageBackend",
    },
    "image-size": {"read": "() imageSize imageSizeFromFile", "pure": "types disableTypes setConcurrency"},
    "jsonfile": {"read": "readFile", "write": "writeFile"},
    "load-json-file": {"read": "() loadJsonFile"},
    "csvtojson": {"read": "().fromFile", "pure": "() ().fromString ().fromStream"},
    "n-readlines": {"read": "()", "pure": "().next ().close ().reset"},
    "mammoth": {"path-option": "extractRawText convertToHtml convertToMarkdown", "pure": "images"},
    "music-metadata": {"read": "parseFile", "pure": "parseBuffer selectCover"},
    "node-serialize": {"eval": "unserialize", "pure": "serialize"},
    "exceljs": {
        "read": "Workbook().xlsx.readFile Workbook().csv.readFile",
        "write": "Workbook().xlsx.writeFile Workbook().csv.writeFile",
        "pure": "Workbook Workbook().addWorksheet Workbook().getWorksheet",
    },
    "xlsx": {"read": "readFile", "write": "writeFile writeFileXLSX", "pure": "read write utils SSF"},
    "sharp": {
        "read": "()",
        "write": "().toFile",
        "pure": "().resize ().rotate ().flip ().flop ().blur ().sharpen ().extract ().trim ().grayscale ().greyscale ().negate "
        "().normalize ().composite ().withMetadata ().clone ().stats ().png ().jpeg ().webp ().avif ().toFormat ().toBuffer ().metadata",
    },
    "pdf-parse": {"pure": "()"},
    "simple-git": {
        "spawn-git": "() simpleGit gitP",
        **{
            spec: " ".join(f"{made}().{name}" for made in ("", "simpleGit", "gitP") for name in members.split())
            for spec, members in {
                "connect-unknown": "push pull fetch clone pushTags listRemote mirror",
                "pure": "add commit status log diff branch branchLocal checkout checkoutLocalBranch tag tags addTag stash show raw init "
                "addConfig addRemote getRemotes revparse cwd env merge rebase reset clean rm mv exec",
            }.items()
        },
    },
    "keytar": {"environment": "getPassword findPassword findCredentials", "mode-key": "setPassword deletePassword"},
    "child-process-promise": {"shell": "exec", "spawn": "spawn execFile fork"},
    "import-fresh": {"opaque": "()"},
    "proxyquire": {"opaque": "() noCallThru load"},
    "ejs": {"eval": "render compile", "opaque": "renderFile"},
    "pug": {"eval": "render compile", "opaque": "renderFile compileFile"},
    "winston": {"write": "transports.File", "pure": "createLogger format transports.Console add info error warn"},
    "commander": {"variable": "Option().env", "opaque": "program.executableDir Command().executableDir createCommand().executableDir"},
    "linkedom": {
        "opaque": " ".join(
            f"parseHTML().{name}" for name in names("eval Function fetch process require module XMLHttpRequest WebSocket Worker Deno Bun")
        )
    },
    "mime": {"read": "load"},
    "@std/testing": {"opaque": "assertSnapshot createAssertSnapshot"},
    "yargs": {"pure": "() argv"},
    "minimist": {"pure": "()"},
    "inquirer": {"pure": "prompt"},
    "chokidar": {"list": "watch"},
    "wget-improved": {"get": "download"},
    "download": {"get": "()"},
    "node-downloader-helper": {"get": "DownloaderHelper"},
}
"""Package -> {spec: names}."""
