"""Paths, secrets, surfaces and devices: what a word names."""

from __future__ import annotations

import pytest

from tests.analyse.shell.check import effects


@pytest.mark.parametrize(
    "word",
    [".env", "./.env", "config/.env", ".env.production", "~/.ssh/id_rsa", "~/.aws/credentials", "/root/.bashrc", "/etc/shadow", "server.key", "*.pem", ".e*", ".en?", "id_[er]*",
     "/home/*/.ssh/id_rsa", "~/.ssh/*", "deploy_key", "/etc/kubernetes/admin.conf", "/proc/1/environ", ".ENV", "a/../.env", "//workspace/.env", "~/.gnupg"],
)  # fmt: skip
def test_reading_a_secret_is_told_as_such(word: str) -> None:
    assert any(effect.startswith("secret.read") for effect in effects(f"cat {word}")), effects(f"cat {word}")


@pytest.mark.parametrize("word", ["README.md", "*.txt", "*", "src/*", "environment.md", "e*", "keys.py", "*.py"])
def test_reading_anything_else_is_not(word: str) -> None:
    assert all(effect.startswith("fs.read") for effect in effects(f"cat {word}"))


@pytest.mark.parametrize(
    "word",
    [
        "Makefile",
        ".git/hooks/pre-commit",
        ".github/workflows/ci.yml",
        "~/.bashrc",
        "package.json",
        "conftest.py",
        "x/../Makefile",
        ".git/h*",
        "MAKEFILE",
    ],
)
def test_writing_what_something_executes_later_is_told_as_such(word: str) -> None:
    assert any(effect.startswith("fs.surface") for effect in effects(f"tee {word} < /dev/null")), effects(f"tee {word} < /dev/null")


@pytest.mark.parametrize("word", ["/dev/null", "/dev/stdout", "/dev/stderr", "/dev/tty", "/dev/fd/3", "/proc/self/fd/1"])
def test_devices_that_hold_nothing_are_nothing(word: str) -> None:
    assert effects(f"echo a > {word}") == []


def test_devices_of_disks_are_destroyed() -> None:
    assert effects("echo a > /dev/sda") == ["fs.write /dev/sda", "fs.delete /dev/sda"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("/dev/tcp/example.com/80", "net.connect example.com:80"),
        ("/dev/udp/10.0.0.1/53", "net.connect 10.0.0.1:53"),
        ("/dev/tcp/$H/80", "net.connect ?~"),
    ],
)
def test_sockets_of_bash_are_connections(word: str, expected: str) -> None:
    assert expected in effects(f"H=$(cat h); echo a > {word}")


@pytest.mark.parametrize(
    "name",
    [
        "PATH",
        "LD_PRELOAD",
        "BASH_ENV",
        "IFS",
        "GIT_SSH_COMMAND",
        "PYTHONPATH",
        "NODE_OPTIONS",
        "TAR_OPTIONS",
        "LESSOPEN",
        "PROMPT_COMMAND",
        "HOME",
        "HTTPS_PROXY",
    ],
)
@pytest.mark.parametrize(
    "form",
    ["{}=x", "{}=x ls", "export {}=x", "declare {}=x", "export {}; {}=x", "read {} <<< x", "printf -v {} x", "for {} in a b; do ls; done", ": ${{{}:=x}}", "(({}=1))",
     "let {}=1", "mapfile {} < a", "env {}=x ls", "sudo {}=x ls", "{}+=x", "x={}; declare $x=y", "unset {}; {}=x"],
)  # fmt: skip
def test_variables_that_change_later_commands_are_opaque(name: str, form: str) -> None:
    if (name, form) != ("IFS", "read {} <<< x"):
        assert "opaque" in effects(form.replace("{}", name).replace("{{", "{").replace("}}", "}"))


@pytest.mark.parametrize(
    "command", ["FOO=1 ls", "LC_ALL=C ls", "NO_COLOR=1 ls", "x=1; ls", "while IFS= read -r l; do :; done < a", "TZ=UTC date"]
)
def test_other_variables_are_not(command: str) -> None:
    assert "opaque" not in effects(command)


INDEX = "a[$(rm s)]"


@pytest.mark.parametrize(
    "code",
    [
        "declare 'g[$(rm s)]=1'", "declare -a 'g=([$(rm s)]=1)'", "f() { local 'g[$(rm s)]=1'; }; f", "readonly 'g[$(rm s)]=1'",
        "export 'g[$(rm s)]=1'", "typeset 'g[$(rm s)]=1'", "RANDOM='a[$(rm s)]'", "OPTIND='a[$(rm s)]'",
        *(f"x='{INDEX}'; {rest}" for rest in (
            "g=([x]=1)", "declare 'g[x]=1'", "g[1]=1; unset 'g[x]'", "printf -v 'g[x]' a", "read 'g[x]' <<< a", "[[ -v g[x] ]]",
            "test -v 'g[x]'", "echo ${g[@]:x:1}", "until (( x )); do exit; done", "while (( x )); do exit; done", "if (( x )); then :; fi",
            "let x", "let 'y=x'", "declare -i y; y=x", "declare -i y; y+=x", "y=abc; echo ${y:x}", "echo ${g[x]}", "((1,x))", "y=$[x]",
            "case $((x)) in 0) ;; esac", "set -- $((x))", "[[ x -lt 3 ]]", "[[ 1 -eq x ]]", "echo ${x@P}", "for ((;x;)); do exit; done",
            "y=x; (( y ))", "y=x; (( $y ))", "y=x; echo ${g[$y]}", "y=x; z=y; (( z ))")),
        *(f"{before}'{INDEX}'{after}" for before, after in (
            ("f() { echo $(( $1 )); }; f ", ""), ("f() { (( $1 )); }; f ", ""), ("f() { local n=$1; (( n )); }; f ", ""),
            ("f() { [[ $1 -gt 2 ]]; }; f ", ""), ("read v <<< ", "; (( v ))"), ("v=$(echo ", "); (( v ))"), ("arr=(", "); (( arr[0] ))"),
            ("arr=(", "); (( ${arr[0]} ))"), ("arr=(", "); (( arr ))"), ("for v in ", "; do (( v )); done"),
            ("declare -A m=([k]=", "); (( m[k] ))"), ("declare -A m; m[k]=", "; (( m[k] ))"), ("arr[0]=", "; (( arr[0] ))"),
            ("arr+=(", "); (( arr[0] ))"), ("printf -v v %s ", "; (( v ))"), ("set -- ", "; (( $1 ))"), ("mapfile -t v <<< ", "; (( v ))"),
            ("IFS=, read a b <<< 1,", "; (( b ))"), ("v=$(echo 1 | sed s/1/", "/); (( v ))"))),
        "v=a; v+='[$(rm s)]'; (( v ))", "v='a['; w='$(rm s)]'; (( $v$w ))", "y=0; while read -r l; do (( y )); y='a[$(rm s)]'; done < f",
        *(f"for f in *; do {rest}; done" for rest in (
            "(( f ))", "echo $((f))", "echo $(($f + 1))", "let f++", "let x=f", "[[ $f -gt 3 ]]", "[[ -v $f ]]", "[ -v \"$f\" ]", "test -v $f",
            "x[$f]=1", "echo ${x[$f]}", "echo ${a:$f:1}", "declare -i z=$f", "printf -v \"$f\" x", "read \"$f\" < a", "unset \"$f\"",
            "mapfile $f < a", "echo ${!f}", "x=${f%.png}; echo $((10#$x))")),
        "set -- *; echo $(($1))", "f=(*); echo $((f[0]))", "ls | while read f; do echo $((f)); done",
    ],
)  # fmt: skip
def test_whatever_makes_bash_run_the_command_in_an_index_is_opaque(code: str) -> None:
    assert "opaque" in effects(code), effects(code)


def test_arithmetic_on_numbers_is_not() -> None:
    assert effects("n=$(wc -l < a); for ((i = 0; i < n; i += 2)); do echo $((n - i)) ${x:i:1} ${y[i]}; done") == ["fs.read a"]
    for code in ("let x=3*4", "n=2; for f in *; do n=$((n*2)); (( ${#f} > n )) && n=${#f}; done", 'x=*; echo "$x"', "a=(1 2); unset a[1]"):
        assert effects(code) == []
    assert effects("x='[$(date)]'; echo \"$x\"; s=abc; echo ${s:1}") == []
