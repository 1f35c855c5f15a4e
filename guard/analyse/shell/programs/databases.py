"""Clients of databases: SQL on the command line or the input is analysed as SQL; the rest by its words."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable

from guard import path_rules
from guard.analyse.shell.call import Call
from guard.analyse.shell.marks import HOLE, NUMBER, UNKNOWN, listed, plain
from guard.analyse.shell.options import parse
from guard.analyse.shell.programs import verbs
from guard.analyse.shell.programs.remotes import service
from guard.analyse.shell.programs.rows import act
from guard.analyse.targets import PORTS, database
from guard.model import Kind


def _connects(call: Call, host: str | None, port: str | None, default: int) -> None:
    number = int(port) if port and port.isdigit() else default
    call.host(host or "localhost", number)


def _statement(call: Call, text: str, name: str) -> None:
    call.embedded("sql", text, name)


def _server(call: Call, text: str, name: str) -> None:
    _statement(call, text, path_rules.server_database(name))


def _script(call: Call, path: str) -> None:
    call.sh.read(path)
    call.sh.opaque(f"{call.name} runs the statements of a file")


def psql(call: Call) -> str:
    parsed = parse(
        call.args,
        "c,command= f,file=read d,dbname= h,host= p,port= U,username= o,output=write L,log-file=write v,set,variable= F= R= T= "
        "P= l,list A t q x X e E a b n s S w W 1 0 z H csv expanded tuples-only no-align quiet html echo-all no-psqlrc",
    )
    words = parsed.operands
    name = plain(parsed.value("d") or (words[0] if words else ""))
    host, port = parsed.value("h"), parsed.value("p")
    if match := re.match(r"(\w+)://(?:[^@/]*@)?([^/:?]*)(?::(\d+))?(?:/([^?]*))?", name):
        name, host, port = match[4] or "", match[2], match[3]
    _connects(call, host, port, 5432)
    if parsed.value("o"):
        call.sh.write(parsed.value("o") or "")
    given = [value for option, value in parsed.options if option.name == "c" and value is not None]
    for text in given:
        _psql_text(call, text, name)
    if parsed.has("f"):
        _script(call, parsed.value("f") or "")
    elif not given and not parsed.has("l"):
        _input(call, name, _psql_text)
    return HOLE


def _psql_text(call: Call, text: str, name: str) -> None:
    for line in re.split(r"(?m)^\s*(?=\\)", plain(text)) if "\\" in text else [text]:
        if match := re.match(r"\\(!|copy\b|\w+)\s*(.*)", line, re.DOTALL):
            if match[1] == "!":
                call.shell(match[2])
            else:
                call.sh.opaque(f"psql runs {line[:60]!r}")
        elif not line.startswith("\\") and line.strip():
            _server(call, line, name)


def _input(call: Call, name: str, run: Callable[[Call, str, str], None]) -> None:
    """Statements on the input, if it is known; no input at all is an interactive client."""
    text = call.sh.stdin
    if text is not None and not UNKNOWN.search(text):
        run(call, text, name)
    else:
        call.sh.opaque(f"{call.name} runs the statements that its input holds")


def mysql(call: Call) -> str:
    parsed = parse(
        call.args,
        "e,execute= h,host= P,port= u,user= p,password? D,database= S,socket= defaults-file=read defaults-extra-file=read "
        "init-command= default-character-set= delimiter= tee=write ssl-ca=read B N r s t v E H X A f n q C batch "
        "skip-column-names table raw silent",
    )
    name = plain(parsed.value("D") or (parsed.operands[0] if parsed.operands else ""))
    _connects(call, parsed.value("h"), parsed.value("P"), 3306)
    given = [value for option, value in parsed.options if option.name in ("e", "init-command") and value is not None]
    for text in given:
        _mysql_text(call, text, name)
    if not given:
        _input(call, name, _mysql_text)
    return HOLE


def _mysql_text(call: Call, text: str, name: str) -> None:
    if re.search(r"(?:^|;)\s*(?:\\!|system\s|source\s|\\\.|tee\s|pager\s)", plain(text), re.IGNORECASE):
        call.sh.opaque(f"{call.name} runs a client command: {plain(text)[:60]!r}")
    _server(call, text, name)


_SQLITE = (
    "-separator= -cmd= -init=code -newline= -nullvalue= -maxsize= -mmap= -escape= -ascii -bail -batch -box -column -csv -echo -header "
    "-noheader -help -html -interactive -json -line -list -markdown -nofollow -quote -readonly -safe -stats -table -tabs -version -utf8"
)


_URI = re.compile(r"file:(?:/(?=/)){0,2}([^?#%]+)(?:\?(?:&?(?:mode=r[ow]|immutable=[01]|nolock=[01]|cache=\w+))+)?")
"""A file as a URI, whose parameters say no more than how it is opened."""


def sqlite(call: Call) -> str:
    """sqlite3: a database file, then texts of SQL and dot commands. What it asks is in the file, and is told as that file's."""
    parsed = parse([re.sub(r"^--(?=\w)", "-", arg) for arg in call.args], _SQLITE)
    call.unknown_options(parsed.unknown)
    for option, value in parsed.options:
        if option.role and value is not None:
            act(call, option.role, value)
    if parsed.has("-version", "-help"):
        return HOLE
    words = parsed.operands
    path, statements = (words[0], words[1:]) if words else (":memory:", [])
    if match := _URI.fullmatch(plain(path)):
        path = match[1]
    elif plain(path).startswith("file:"):
        call.sh.opaque("sqlite3 opens a URI, whose parameters say how")
    held = plain(path) not in (":memory:", "")
    if held:
        call.sh.read(path)
    texts = [*(value for option, value in parsed.options if option.name == "-cmd" and value is not None), *statements]
    if not statements and call.sh.stdin is not None and not UNKNOWN.search(call.sh.stdin):
        texts.append(call.sh.stdin)
    elif not statements:
        call.sh.opaque(f"{call.name} runs the statements that its input holds")
    found = [resource.name for resource, exact in call.sh.paths(path) if exact] if held else ["/:memory:"]
    names = [path_rules.file_database(name) for name in found] or [""]
    before = len(call.sh.effects)
    for text, name in itertools.product(texts, names):
        _sqlite_text(call, text, name)
    if held and any(re.match(r"\.restore\b", plain(text)) for text in texts):
        call.sh.delete(path, "overwrites")
    asked = [effect for effect in call.sh.effects[before:] if effect.kind.startswith("sql.")]
    if not held:  # tables in memory are nothing outside of the program
        call.sh.effects[before:] = [effect for effect in call.sh.effects[before:] if effect not in asked]
    elif any(effect.kind is not Kind.SQL_SELECT for effect in asked):
        call.sh.write(path)
    return HOLE


def _sqlite_text(call: Call, text: str, name: str) -> None:
    commands, statement = lines_of(call, text)
    for command in commands:
        dot_command(call, command)
    if UNKNOWN.search(statement.replace(NUMBER, "")):
        call.sh.opaque(f"{call.name} runs SQL that is only known when it runs")
    if statement.strip():
        since = len(call.sh.effects)
        _statement(call, statement, name)
        if call.sh.folders != (call.sh.facts.mount,) and any(e.kind.startswith("fs.") for e in call.sh.effects[since:]):
            call.sh.opaque("sqlite3 names files from a folder that it has been taken to")


def lines_of(call: Call, text: str) -> tuple[list[str], str]:
    """(dot commands, statements): commands stand on lines of their own, where no statement is begun; all else is SQL."""
    commands, statement = [], ""
    for line in text.split("\n"):
        if line.startswith(".") and (not statement.strip() or plain(statement).rstrip().endswith(";")):
            commands.append(plain(line))
        else:
            statement += line + "\n"
            if re.match(r"\s*(?:\.|/(?!\*)|go\b)", plain(line), re.IGNORECASE):  # "/" and "go" end statements, too
                call.sh.opaque(f"{call.name} may take a line of a statement for a command: {plain(line).strip()[:60]!r}")
    return commands, statement


def dot_command(call: Call, line: str, looking: str = "") -> None:
    """A command of the sqlite3 shell, or of another of its making, which may know more that only look."""
    match = re.match(r"\.(\w+)\s*(.*)", line)
    verb, rest = (match[1], match[2]) if match else ("", "")
    if verb in ("shell", "system"):
        call.shell(rest)
    elif verb in ("excel", "www") or re.search(r"(?:^|\s)-[exw]", rest):
        call.execute("", f"{call.name} opens another program: {line.strip()[:60]!r}")
    elif verb in ("output", "once", "backup", "save", "clone", "log", "trace"):
        call.sh.opaque(f"{call.name} sends its output to a program") if "|" in rest else call.sh.write(rest.strip("'\" "))
    elif (verb not in _LOOKING and verb not in listed(looking)) or UNKNOWN.search(line):
        if verb in ("read", "import", "restore", "open"):
            call.sh.read(rest.split(" ")[0].strip("'\""))
        call.sh.opaque(f"{call.name} runs a command that guard does not follow: {line.strip()[:60]!r}")


_LOOKING = frozenset(
    listed(
        "tables schema databases indexes indices headers header mode help width show timer dump stats quit exit separator nullvalue echo "
        "bail fullschema dbinfo version print changes eqp explain"
    )
)
"""Dot commands that look at the database, or say how what is found is shown."""


def mixed(call: Call) -> str:
    """bq, cockroach: SQL behind a word of their own, else services by their words."""
    return other_sql(call) if {"query", "sql"} & set(call.args) else service(call)


def other_sql(call: Call) -> str:
    """Clients that take statements behind -q, -Q, -e, --query, --command, --execute."""
    parsed = parse(
        call.args,
        "q= Q= e,execute= c,command= query= d= D= S= h,host= H= s= P= p? U= u= f,file=read i=read o,output=write sql= t= "
        "database= server= use_legacy_sql? format=",
    )
    _connects(
        call,
        parsed.value("h") or parsed.value("H") or parsed.value("S"),
        parsed.value("P"),
        PORTS.get({"sqlcmd": "mssql"}.get(call.name, ""), 1433),
    )
    given = [value for option, value in parsed.options if option.name in ("q", "Q", "e", "query", "c", "sql") and value is not None]
    given += [word for word in parsed.operands if re.search(r"\s", plain(word))]
    for text in given:
        _server(call, text, plain(parsed.value("d") or parsed.value("D") or ""))
    if not given:
        _input(call, "", _server)
    return HOLE


_MONGO_WRITES = re.compile(
    r"\b(?:insert|update|replace|save|create|rename|findAndModify|findOneAndUpdate|findOneAndReplace|bulkWrite|copyTo|grant|setProfiling)\w*\s*\("
)
_MONGO_DELETES = re.compile(
    r"\b(?:drop|remove|delete|findOneAndDelete|shutdownServer|killOp|revoke|fsyncLock|convertToCapped)\w*\s*\(|\$out\b|\$merge\b|dropDatabase|multi\s*:|\$unset\b|\b(?:shutdown|drop\w*|delete)['\"]?\s*:"
)


def mongo(call: Call) -> str:
    parsed = parse(call.args, "eval= f,file=read host= port= u,username= p,password? authenticationDatabase= -quiet quiet norc shell db=")
    words = parsed.operands
    name = re.sub(r"^mongodb(?:\+srv)?://", "", plain(words[0])) if words else ""
    host, _, rest = name.partition("/")
    if "://" in plain(words[0] if words else "") or parsed.value("host"):
        _connects(call, parsed.value("host") or host.rsplit("@", 1)[-1].split(":")[0], parsed.value("port"), 27017)
    else:
        _connects(call, None, parsed.value("port"), 27017)
        rest = name
    texts = [value for option, value in parsed.options if option.name == "eval" and value is not None]
    if call.sh.stdin and not texts:
        texts.append(call.sh.stdin)
    for text in texts:
        _mongo_text(call, text, rest.split("?")[0])
    if not texts or parsed.has("f") or len(words) > 1:
        call.sh.opaque(f"{call.name} runs code that is not shown")
    return HOLE


def _mongo_text(call: Call, text: str, name: str) -> None:
    code, place = plain(text), database(name)
    known = False
    for pattern, kind, verb in ((_MONGO_DELETES, Kind.SQL_DELETE, "deletes from"), (_MONGO_WRITES, Kind.SQL_UPDATE, "changes")):
        if pattern.search(code):
            call.sh.emit(
                Kind.SQL_DROP if "drop" in code and kind is Kind.SQL_DELETE else kind, place, f"{verb} a database: {code[:80]}", exact=False
            )
            known = True
    if not known and re.fullmatch(
        r"\s*(?:printjson\()?db\.(?:\w+\.)*(?:find|findOne|count|countDocuments|stats|getCollectionNames|distinct|version|aggregate)\([^()]*\)[\w.()]*\)?;?\s*",
        code,
    ):
        call.sh.emit(Kind.SQL_SELECT, place, f"reads a database: {code[:80]}", exact=False)
    elif not known or UNKNOWN.search(text):
        call.sh.opaque(f"{call.name} runs JavaScript: {code[:80]}")


_REDIS_DELETES = frozenset(
    listed(
        "DEL UNLINK FLUSHALL FLUSHDB HDEL SREM ZREM LREM LTRIM LPOP RPOP SPOP ZPOPMIN ZPOPMAX GETDEL XDEL XTRIM SHUTDOWN RENAME "
        "MIGRATE EXPIRE PEXPIRE EXPIREAT ZREMRANGEBYSCORE ZREMRANGEBYRANK ZREMRANGEBYLEX SWAPDB RESTORE DEBUG REPLICAOF SLAVEOF "
        "FAILOVER RESET SCRIPT CLUSTER CLIENT ACL MODULE LATENCY SLOWLOG"
    )
)
_REDIS_READS = frozenset(
    listed(
        "GET MGET HGET HGETALL HKEYS HVALS HLEN KEYS SCAN HSCAN SSCAN ZSCAN TTL PTTL TYPE EXISTS LRANGE LLEN LINDEX SMEMBERS "
        "SCARD SISMEMBER ZRANGE ZCARD ZSCORE ZRANK INFO PING DBSIZE STRLEN GETRANGE XRANGE XLEN TIME LASTSAVE MEMORY OBJECT "
        "ECHO COMMAND RANDOMKEY SRANDMEMBER MONITOR BITCOUNT PFCOUNT"
    )
)


def redis(call: Call) -> str:
    parsed = parse(
        call.args,
        "h= p= a= n= u= s= r= i= x X= d= D= t= user= pass= eval=code rdb=write functions-rdb=write raw no-raw json c tls "
        "cacert=read cert=read key=read pipe scan bigkeys memkeys hotkeys stat latency pattern= csv no-auth-warning askpass "
        "cluster=",
        permute=False,
    )
    _connects(call, parsed.value("h"), parsed.value("p"), 6379)
    if parsed.has("eval", "pipe"):
        call.sh.opaque("redis-cli runs a script or a stream of commands")
    if parsed.has("rdb"):
        call.sh.write(parsed.value("rdb") or "")
    words = parsed.operands
    if words:
        _redis_command(call, words)
    elif call.sh.input_text:
        for line in call.sh.input_text.splitlines()[:50]:
            _redis_command(call, line.split())
    elif not parsed.options:
        call.sh.opaque("redis-cli runs the commands that its input holds")
    return HOLE


def _redis_command(call: Call, words: list[str]) -> None:
    verb = plain(words[0]).upper() if words else ""
    place = database("redis")
    if verb in _REDIS_DELETES:
        call.sh.emit(Kind.SQL_DROP if verb.startswith("FLUSH") else Kind.SQL_DELETE, place, f"redis {verb} deletes", exact=False)
    elif verb in _REDIS_READS or (verb == "CONFIG" and len(words) > 1 and plain(words[1]).upper() == "GET"):
        call.sh.emit(Kind.SQL_SELECT, place, f"redis {verb} reads", exact=False)
    elif verb in listed("EVAL EVALSHA FCALL FUNCTION CONFIG SAVE BGSAVE BGREWRITEAOF") or not re.fullmatch(r"[A-Z]+", verb):
        call.sh.opaque(f"redis {verb} runs or configures what guard does not see")
        if any(name.upper() in _REDIS_DELETES for word in words[1:2] for name in re.findall(r"[a-z]+", plain(word), re.IGNORECASE)):
            call.sh.emit(Kind.SQL_DELETE, place, f"redis {verb} runs a script that deletes", exact=False)
        call.sh.emit(Kind.SQL_UPDATE, place, f"redis {verb} changes", exact=False)
    else:
        call.sh.emit(Kind.SQL_UPDATE, place, f"redis {verb} changes", exact=False)


def tool(call: Call) -> str:
    """dropdb, createdb, pg_dump, mysqladmin …: the name or the words say what happens."""
    words = [call.name, *(plain(arg) for arg in call.args if not arg.startswith("-"))]
    parsed = parse(
        call.args,
        "h,host= p,port= U= u= d= f,file,output,out,r=write o=write U= j= F= n= t= T= Z= drop clean c C a s archive? gzip uri= "
        "db= collection= nsInclude=",
    )
    port = 3306 if "mysql" in call.name else 27017 if "mongo" in call.name else 5432
    _connects(call, parsed.value("h"), parsed.value("p"), port)
    target = parsed.value("f") or parsed.value("o")
    name = next((word for word in reversed(words[1:])), "")
    if verbs.destroys(words) or call.name == "pg_resetwal" or parsed.has("drop") or (parsed.has("clean", "c") and "restore" in call.name):
        call.sh.emit(Kind.SQL_DROP, database(name), f"{call.line}: drops", exact=False)
    elif re.search(r"dump|backup|export", call.name):
        call.sh.emit(Kind.SQL_SELECT, database(name), f"{call.line}: reads a whole database", exact=False)
        if target is not None and "dump" in call.name:
            call.sh.write(target)
    else:
        call.sh.emit(Kind.SQL_UPDATE, database(name), f"{call.line}: changes a database", exact=False)
        if re.search(r"restore|import", call.name):
            call.sh.opaque(f"{call.name} loads what a file holds")
    return HOLE


RUNNERS = {
    "psql": psql,
    "pgcli": psql,
    "mysql": mysql,
    "mariadb": mysql,
    "mycli": mysql,
    "sqlite3": sqlite,
    "sqlite": sqlite,
    "litecli": sqlite,
    "mongo": mongo,
    "mongosh": mongo,
    "redis-cli": redis,
    "valkey-cli": redis,
    "keydb-cli": redis,
    "bq": mixed,
    "cockroach": mixed,
    **dict.fromkeys(
        listed(
            "sqlcmd snowsql clickhouse-client clickhouse cqlsh trino presto beeline isql sqlplus usql impala-shell spark-sql osql tsql dolt"
        ),
        other_sql,
    ),
    **dict.fromkeys(
        listed(
            "dropdb createdb dropuser createuser pg_dump pg_dumpall pg_restore mysqladmin mysqldump mysqlimport mongodump "
            "mongorestore mongoexport mongoimport pg_basebackup pg_ctl pg_resetwal vacuumdb reindexdb initdb"
        ),
        tool,
    ),
}
