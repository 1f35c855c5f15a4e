"""Which variables change what commands do, and what in the text of a value is a command."""

from __future__ import annotations

import re

from guard.analyse.shell.marks import listed

SEPARATORS = re.compile(r"[\s,:;|]*")
"""Values of IFS of which no command is made."""
EXPANDED = re.compile(r"\$\([^()]*\)|`[^`]*`|\$\{[^{}]*\}|\$\w+")
"""What stands in arithmetic by its value, innermost first: the names in it are not evaluated again."""
COMMAND = re.compile(r"[$`]")
"""What no number holds: an expansion, and so perhaps a command, in text that arithmetic evaluates."""
HIDDEN_COMMAND = re.compile("[\x04\\[][^]]*(?:\\$\\(|`)")


def hidden_commands(text: str) -> list[str]:
    """The commands of the substitutions that a text holds."""
    return [inner or quoted for inner, quoted in re.findall(r"\$\(([^()]*)\)|`([^`]*)`", text)]


RUNS = re.compile(r"PAGER$|EDITOR$|_COMMAND$|_CMD$|^GIT_(?:EXTERNAL_DIFF|ASKPASS|SSH)$|^VISUAL$|^BROWSER$|^LESSOPEN$|_RSH$")
"""Variables whose value is run as a command."""
POISON = re.compile(
    r"PATH|IFS|ENV|BASH_ENV|BASH_FUNC.*|BASH_XTRACEFD|LD_.*|DYLD_.*|GIT_.*|SHELLOPTS|BASHOPTS|BASH_CMDS|BASH_ALIASES|BASH_LOADABLES_PATH|PS[0-4]|PROMPT_COMMAND|MAILPATH|COWPATH|CDPATH|GLOBIGNORE|HOME"
    r"|.*PAGER|.*EDITOR|VISUAL|BROWSER|SHELL|LESS.*|.*_OPTIONS|.*_?OPTS|.*OPTIONS_FILE|.*_RSH|RSYNC_.*|TAPE|.*_COMMAND|.*_CMD"
    r"|PYTHON(?!UNBUFFERED|DONTWRITEBYTECODE|HASHSEED|WARNINGS|IOENCODING|UTF8).*|PERL.*|RUBY.*|GEM_.*|NODE_(?!ENV$).*|NPM_CONFIG.*|npm_config.*"
    r"|JAVA_.*|CLASSPATH|MAVEN_.*|GRADLE_.*|CC|CXX|LD|AR|RUSTC.*|CARGO_.*|GO(?!OS$|ARCH$|ARM$|AMD64$|GC$|MEMLIMIT$|MAXPROCS$)[A-Z]+|CGO_.*|PIP_.*|UV_.*|YARN_.*|MLRRC.*|GCONV_PATH|GLIBC_TUNABLES|MALLOC_TRACE|BAT_CONFIG.*|XZ_DEFAULTS|RUSTUP_.*|HELM_.*|MAKE(?:FLAGS|FILES)|RIPGREP_CONFIG_PATH"
    r"|GREP_.*|FZF_.*|MAN.*|TERMINFO.*|LOCPATH|LANGUAGE_PATH|HOSTALIASES|RES_OPTIONS|OPENSSL_.*|.*_PROXY|.*_proxy|SSH_.*|CURL_HOME"
    r"|WGETRC|INPUTRC|XDG_CONFIG_.*|DOCKER_(?:HOST|CONFIG).*|KUBECONFIG|AWS_(?:CONFIG|SHARED|ENDPOINT).*|PSQLRC|PGSERVICE.*|.*RC_FILE"
    r"|COWPATH|HG(?!PLAIN$|ENCODING$|USER$).*|SVN_.*|LUA_.*|GROFF_.*|GETCONF_DIR|PARALLEL.*|APT_CONFIG|EXIFTOOL.*|AWK(?:LIB)?PATH|UNZIP(?:OPT)?|ZIPINFO(?:OPT)?|NLSPATH|VIMINIT|EXINIT|ACKRC|TIGRC_.*|(?:MY)?UNITSFILE|MAGIC|R_PROFILE.*|TCL.*|LOCATE_.*"
)
"""Variables that change what later commands do (which programs run, which libraries they load, which options they take)."""

IMPORTED = re.compile(r":[^,:]*\.|[\x00-\x02]")
"""What in a filter of Python's warnings names a class of some module, which is imported."""


ORDINARY = frozenset(
    listed(
        "PATH USER LOGNAME SHELL PWD OLDPWD HOSTNAME HOSTTYPE OSTYPE MACHTYPE UID EUID PPID RANDOM SRANDOM SECONDS LINENO "
        "COLUMNS LINES TERM LANG LC_ALL LC_CTYPE TZ TMPDIR TEMP TMP EDITOR PAGER VISUAL REPLY OPTARG OPTIND IFS FUNCNAME "
        "PIPESTATUS BASH BASH_VERSION BASH_SOURCE BASH_LINENO BASHPID BASH_REMATCH BASH_VERSINFO SHLVL DISPLAY EPOCHSECONDS "
        "EPOCHREALTIME GROUPS DIRSTACK COLORTERM NO_COLOR CI XDG_CONFIG_HOME XDG_CACHE_HOME XDG_DATA_HOME XDG_RUNTIME_DIR"
    )
)
"""Variables that every shell has and that tell nothing."""
