"""What a path is: canonical form, secret, surface."""

from __future__ import annotations

import fnmatch
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guard.model import Facts
from guard.path_rules import (
    DEFAULT_SECRET_PATTERNS,
    canonical_path,
    database_file,
    file_database,
    in_workspace,
    is_secret,
    is_secret_variable,
    is_surface,
    server_database,
    shown,
)

FACTS = Facts(workspace="/home/ann/project", home="/home/ann")

CANONICAL = {
    "a.txt": "/home/ann/project/a.txt",
    "./a//b/../c/": "/home/ann/project/a/c",
    "/workspace/a": "/home/ann/project/a",
    "/workspace": "/home/ann/project",
    "/workspaces/a": "/workspaces/a",
    "/home/ann/project/a": "/home/ann/project/a",
    "../x": "/x",
    "/workspace/../etc/passwd": "/etc/passwd",
    "//etc//passwd": "/etc/passwd",
    "~/.ssh/id_rsa": "/home/ann/.ssh/id_rsa",
    "/proc/self/root/etc/shadow": "/etc/shadow",
    "/proc/self/cwd/.env": "/home/ann/project/.env",
}


@pytest.mark.parametrize("path", CANONICAL)
def test_a_path_has_one_canonical_form(path):
    assert canonical_path(path, FACTS) == CANONICAL[path]


@pytest.mark.parametrize(
    "path", [".env", "sub/.env.local", "ID_RSA", "keys/server.PEM", "~/.aws/credentials", "/etc/shadow", "/proc/1/environ"]
)
def test_secret_files_are_known_by_name_in_any_case(path):
    assert is_secret(canonical_path(path, FACTS), FACTS)


def test_a_template_of_an_environment_file_is_no_secret_unless_its_folder_or_the_operator_says_so():
    assert not is_secret("/home/ann/project/.env.example", FACTS)
    assert is_secret("/home/ann/project/.env.examples", FACTS)
    assert is_secret("/home/ann/.ssh/.env.example", FACTS)
    assert is_secret("/w/.env.example", Facts(workspace="/w", secret_patterns=(".env.*", ".env.example")))


@pytest.mark.parametrize("path", ["data.csv", "environment.md", "/etc/passwd", "notes/env"])
def test_other_files_are_not_secret(path):
    assert not is_secret(canonical_path(path, FACTS), FACTS)


def test_a_configured_list_replaces_the_default_one_but_not_the_systems_own():
    facts = Facts(workspace="/w", secret_patterns=("hush/*",))
    assert is_secret("/w/hush/x", facts)
    assert not is_secret("/w/.env", facts)
    assert is_secret("/etc/shadow", facts)


_NAMES = (".env", "a.env", "id_rsa.pub", ".aws", "credentials", "config.json", ".docker", ".config", "hub", "my_key", "x\n", "SECRETS", "x")
_PATTERNS = st.lists(st.sampled_from((*DEFAULT_SECRET_PATTERNS, "*/x", "*", "[.]aws/*", "?")), min_size=1).map(tuple)


@given(st.lists(st.sampled_from(_NAMES), min_size=1, max_size=5), _PATTERNS)
def test_a_path_is_secret_if_a_pattern_matches_some_tail_of_it(names, patterns):
    tails = ["/".join(names[start:]).lower() for start in range(len(names))]
    expected = any(fnmatch.fnmatchcase(tail, pattern.lower()) for tail in tails for pattern in patterns)
    assert is_secret("/" + "/".join(names), Facts(secret_patterns=patterns)) == expected


def test_a_path_of_very_many_folders_costs_no_more_than_its_length():
    begun = time.thread_time()
    assert not is_secret("/a" * 20_000, FACTS)
    assert time.thread_time() - begun < 1, "each tail for itself takes seven seconds"


@pytest.mark.parametrize(
    "path",
    [
        "Makefile", "makefile", "sub/.github/workflows/ci.yml", ".git/hooks/pre-commit", "x.pth", "conftest.py", "package.json", ".BASHRC",
        "rust-toolchain.toml", ".cargo/config.toml", "go.mod", "Gemfile", "gradlew", ".prettierrc.json", ".gdbinit", ".Rprofile",
    ],
)  # fmt: skip
def test_files_that_run_later_are_surfaces(path):
    assert is_surface(canonical_path(path, FACTS), FACTS)


def test_a_workspace_below_a_folder_with_such_a_name_is_not_one_itself():
    assert not is_surface("/srv/venv/project/a.txt", Facts(workspace="/srv/venv/project"))
    assert not is_surface(canonical_path("src/main.py", FACTS), FACTS)


def test_the_name_of_the_workspace_itself_makes_nothing_secret():
    assert not is_secret("/srv/secrets/project/a.txt", Facts(workspace="/srv/secrets/project"))
    assert is_secret("/srv/secrets/other/a.txt", Facts(workspace="/srv/secrets/project"))


@pytest.mark.parametrize("path", ["C:\\Windows\\x.ini", "c:/x", "\\\\server\\share\\x", "..\\..\\x", "a\\..\\..\\x", "%APPDATA%\\x"])
def test_a_path_of_another_system_is_never_one_of_the_workspace(path):
    assert not in_workspace(canonical_path(path, FACTS), FACTS)
    assert in_workspace(canonical_path("a\\b.txt", FACTS), FACTS)


def test_a_neighbour_with_the_same_beginning_is_not_in_the_workspace():
    assert in_workspace("/home/ann/project/x", FACTS)
    assert not in_workspace("/home/ann/project-2/x", FACTS)
    assert not in_workspace("/home/ann/project", Facts())


def test_people_read_paths_relative_to_the_workspace():
    assert shown("/home/ann/project/a/b", FACTS) == "a/b"
    assert shown("/etc/passwd", FACTS) == "/etc/passwd"


def test_variables_that_hold_secrets_are_known_by_name():
    assert is_secret_variable("GITHUB_TOKEN", FACTS)
    assert is_secret_variable("aws_secret_access_key", FACTS)
    assert not is_secret_variable("HOME", FACTS)


def test_a_database_is_a_file_only_where_it_was_named_as_one():
    assert database_file(file_database("/home/ann/project/app.db")) == "/home/ann/project/app.db"
    for name in ("app", "", "/home/ann/project/app.db", "file:app.db"):
        assert database_file(name) is None
    for name in ("file:/home/ann/project/app.db", "file:file:/x", "app"):
        assert database_file(server_database(name)) is None


@given(st.text(max_size=20))
def test_no_name_that_a_program_gives_its_server_becomes_a_file(name):
    assert database_file(server_database("file:" + name)) is None


@pytest.mark.parametrize(
    "path", ["/C:\\Users\\ann\\.aws\\credentials", "/%LOCALAPPDATA%\\Google\\Chrome\\User Data\\Default\\Login Data", "/..\\.ssh\\id_rsa"]
)
def test_a_secret_file_of_windows_is_one_as_well(path: str) -> None:
    assert is_secret(path, FACTS)


def test_a_path_through_the_process_is_followed_however_often_it_goes_there():
    assert canonical_path("/proc/self/root" * 5000 + "/proc/self/cwd/a", FACTS) == canonical_path("a", FACTS)
