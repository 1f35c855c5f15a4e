"""What a path is: its canonical form, whether it is secret, whether tools execute or trust it later. Pure: asks the text, never the disk.

Canonical here means: absolute, no "." or "..", no doubled or trailing slashes, the box's mount point replaced by the workspace's real
path. Links are not followed (that needs the disk); in our box the mounts are what enforces.
"""

from __future__ import annotations

import fnmatch
import posixpath
import re
from collections.abc import Iterable
from functools import cache

from guard.model import Facts, Resource, ResourceType

SCRIPT = "program.py"
"""What a Python program in the box takes itself for (`__file__`): a name in the workspace's root under which no file need lie."""

DEFAULT_SECRET_PATTERNS = (
    ".env", ".env.*", "*.env", ".netrc", ".pgpass", ".npmrc", ".pypirc", ".git-credentials", ".htpasswd",
    "*.pem", "*.key", "*.p12", "*.pfx", "*.jks", "*.keystore", "*.kdbx", "id_rsa*", "id_dsa*", "id_ecdsa*", "id_ed25519*",
    "*credentials*", "*secret*", "*.tfstate", "*.tfvars", "service-account*.json", "kubeconfig",
    ".aws/*", ".ssh/*", ".gnupg/*", ".kube/*", ".docker/config.json", ".config/gcloud/*", ".azure/*",
    "*_key", "*.keytab", "*.ovpn", "_netrc", ".my.cnf", ".s3cfg", ".boto", ".dockercfg", ".vault-token", ".terraformrc",
    "rclone.conf", ".config/gh/*", ".config/hub", ".config/op/*", ".password-store/*", ".m2/settings.xml", "key4.db",
    "logins.json", "cookies.sqlite", "login data", "wallet.dat",
)  # fmt: skip
"""Names (or folder/name tails) of files that hold secrets; matched case-insensitively against every tail of a path."""

DEFAULT_SECRET_VARIABLES = (
    "*TOKEN*", "*SECRET*", "*PASSWORD*", "*PASSWD*", "*API_KEY*", "*APIKEY*", "*ACCESS_KEY*", "*PRIVATE_KEY*", "*CREDENTIAL*",
    "*_KEY", "*_DSN", "DATABASE_URL", "*CONNECTION_STRING*", "*AUTH*",
)  # fmt: skip

TEMPLATES = frozenset({".env.example", ".env.sample", ".env.template", ".env.dist"})
"""Names that say of a file that it shows which secrets there are, and holds none; in the repository for everybody to read. Where one
stands among the patterns itself, it is secret all the same."""

SYSTEM_SECRETS = (
    "/etc/shadow*", "/etc/gshadow*", "/etc/sudoers*", "/etc/security/opasswd", "/etc/master.passwd",
    "/etc/spwd.db", "/var/db/dslocal/nodes/*/users/*", "/etc/ssl/private/*", "/etc/kubernetes/*.conf",
    "/run/secrets/*", "/var/run/secrets/*", "/etc/networkmanager/system-connections/*", "/root/*", "/proc/*/environ",
    "/proc/self/environ", "/proc/*/mem",
)  # fmt: skip

SURFACE_NAMES = (
    "Makefile", "makefile", "GNUmakefile", "*.mk", "Justfile", "justfile", "Taskfile.y*ml", "Rakefile", "Gruntfile.*", "gulpfile.*",
    "Dockerfile*", "docker-compose*.y*ml", "compose*.y*ml", "Jenkinsfile", ".gitlab-ci.yml", ".travis.yml", "azure-pipelines.yml",
    "bitbucket-pipelines.yml", "conftest.py", "sitecustomize.py", "usercustomize.py", "setup.py", "setup.cfg", "pyproject.toml",
    "noxfile.py", "tox.ini", "*.pth", "package.json", ".npmrc", ".yarnrc*", ".pnpmfile.cjs", "*.config.js", "*.config.ts", "*.config.mjs",
    "*.config.cjs", ".eslintrc*", ".babelrc*", "build.gradle*", "pom.xml", "build.rs", "Cargo.toml", "CMakeLists.txt", "configure",
    ".bashrc", ".bash_profile", ".bash_login", ".profile", ".zshrc", ".zshenv", ".zprofile", ".kshrc", ".cshrc", ".login", ".logout",
    ".bash_logout", ".inputrc", ".vimrc", ".exrc", ".emacs", ".envrc", ".gitconfig", ".gitmodules", ".gitattributes", ".hgrc",
    ".pre-commit-config.yaml", ".editorconfig", ".mcp.json", "CLAUDE.md", "AGENTS.md", "GEMINI.md", ".cursorrules", "guard.toml",
    "*.cedar", "*.cedarschema", "crontab", "*.service", "*.timer", "*.desktop", "*.plist", "authorized_keys", "known_hosts",
    "*.code-workspace", "rust-toolchain*", "go.mod", "go.work", "Gemfile", "*.gemspec", "Vagrantfile", "Brewfile", "Procfile", "gradlew*",
    "mvnw*", "Pipfile", "pytest.ini", ".pylintrc", "pylintrc", ".rubocop.y*ml", ".prettierrc*", ".stylelintrc*", "deno.json*",
    "bunfig.toml", "tsconfig*.json", ".gdbinit", ".lldbinit", ".pdbrc", ".Rprofile", ".dir-locals.el", ".ugrep",
)  # fmt: skip
"""Files that something executes or trusts later without asking: an edit in them becomes an effect of another kind."""

SURFACE_FOLDERS = (
    ".git", ".hg", ".github", ".gitlab", ".circleci", ".husky", ".githooks", ".vscode", ".idea", ".cursor", ".claude", ".codex",
    ".gemini", ".devcontainer", ".config", "node_modules", ".venv", "venv", "site-packages", "__pycache__", ".ssh", "cron.d",
    "init.d", "systemd", "LaunchAgents", "LaunchDaemons", "autostart", ".cargo", ".mvn", ".bundle", ".yarn",
)  # fmt: skip
"""Everything below a folder of this name is such a surface."""


_ELSEWHERE = re.compile(r"[A-Za-z]:[\\/]|\\\\|%\w+%[\\/]|(?:.*[\\/])?\.\.\\")
"""Windows' absolute and climbing paths: `C:\\x`, `\\\\server\\share`, `%APPDATA%\\x`, `..\\x`."""


_PROCESS = ("/proc/self/root", "/proc/1/root", "/proc/self/cwd")
"""Other names of the box's root, and of the folder that a program starts in."""


def canonical_path(path: str, facts: Facts) -> str:
    """The canonical absolute form of a path as the program writes it; "~" is the home; relative is relative to the mount."""
    if path.startswith("~"):
        head, _, tail = path.partition("/")
        path = posixpath.join(facts.home or "/home/" + (head[1:] or "user"), tail)
    if _ELSEWHERE.match(path):
        path = "/" + path  # a path of another system, were the program to run there: never one of the workspace
    path = posixpath.normpath(posixpath.join(facts.mount if facts.workspace else "/", path.replace("\0", "")))
    path = "/" + path.lstrip("/")
    while prefix := next((p for p in _PROCESS if path == p or path.startswith(p + "/")), ""):
        path = (facts.mount if prefix.endswith("cwd") else "") + path[len(prefix) :] or "/"
    if facts.workspace and (path == facts.mount or path.startswith(facts.mount + "/")):
        path = facts.workspace + path[len(facts.mount) :]
    return path


def in_workspace(path: str, facts: Facts) -> bool:
    """Whether a canonical path is the workspace or lies in it."""
    return bool(facts.workspace) and (path == facts.workspace or path.startswith(facts.workspace.rstrip("/") + "/"))


def shown(path: str, facts: Facts) -> str:
    """A canonical path as people read it: relative to the workspace where it lies in it."""
    if path == facts.workspace and path:
        return "the workspace"
    return path[len(facts.workspace) :].lstrip("/") if in_workspace(path, facts) else path


def is_secret(path: str, facts: Facts) -> bool:
    """Whether a canonical path names a file that holds secrets, by the configured patterns and the system's own secret files."""
    patterns = facts.secret_patterns or DEFAULT_SECRET_PATTERNS
    path = path.replace("\\", "/")  # Windows' names lie in folders too
    folder, _, name = path.rpartition("/")
    if name in TEMPLATES and name not in patterns:  # what is secret by its folder stays so
        path = folder + "/template"
    inside = shown(path, facts) if in_workspace(path, facts) else path
    return _any_of(SYSTEM_SECRETS, path) or _tails_match(inside, patterns)


def is_secret_variable(name: str, facts: Facts) -> bool:
    return _any_of(facts.secret_variables or DEFAULT_SECRET_VARIABLES, name)


def is_surface(path: str, facts: Facts) -> bool:
    """Whether tools execute or trust this file later by themselves (Makefile, CI, git hooks, shell start files, .pth …)."""
    inside = shown(path, facts) if in_workspace(path, facts) else path
    parts = inside.strip("/").split("/")
    return any(_any_of(SURFACE_FOLDERS, part) for part in parts) or _any_of(SURFACE_NAMES, parts[-1])


def _any_of(patterns: tuple[str, ...], text: str) -> bool:
    return _expression(patterns).match(text.lower()) is not None


def _tails_match(path: str, patterns: tuple[str, ...]) -> bool:
    """Whether some tail of the path (its last name, its last two names …) matches."""
    return _tails_expression(patterns).match(path.strip("/").lower()) is not None


@cache
def _expression(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """One expression for all patterns: asked for every path of every program."""
    return re.compile(_one_of(patterns))


@cache
def _tails_expression(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """One expression for all patterns and all tails. A pattern that begins with "*" matches some tail if it matches the whole path."""
    whole = _one_of(pattern for pattern in patterns if pattern.startswith("*"))
    tail = _one_of(pattern for pattern in patterns if not pattern.startswith("*"))
    return re.compile(f"{whole}|(?s:.*/)?{tail}")


def _one_of(patterns: Iterable[str]) -> str:
    return f"(?:{'|'.join(fnmatch.translate(pattern.lower()) for pattern in patterns) or '(?!)'})"


def file(path: str, facts: Facts) -> Resource:
    """The File resource of a path as the program writes it."""
    return Resource(type=ResourceType.FILE, name=canonical_path(path, facts))


def folder(path: str, facts: Facts) -> Resource:
    """The Folder resource of a path as the program writes it; "/" stands for "anywhere"."""
    return Resource(type=ResourceType.FOLDER, name=canonical_path(path, facts))


_IN_FILE = "file:"


def file_database(path: str) -> str:
    """The name of a SQLite database that is a file, of that file's canonical path."""
    return _IN_FILE + path


def server_database(name: str) -> str:
    """The name of any other database, as a program or an SQL text gives it.

    INVARIANT: it is never one that `database_file` knows. Policies let programs read databases that are files of the workspace; whoever
    could name another one so would read that.
    """
    while name.startswith(_IN_FILE):
        name = name.removeprefix(_IN_FILE)
    return name


def database_file(name: str) -> str | None:
    """The canonical path of the file that a database of this name is; None if it is none."""
    return name.removeprefix(_IN_FILE) if name.startswith(_IN_FILE + "/") else None


ANYWHERE = Resource(type=ResourceType.FOLDER, name="/")
"""A path that cannot be known."""
