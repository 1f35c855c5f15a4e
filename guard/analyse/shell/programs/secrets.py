"""Which commands of remote services and password stores show secrets, or make new ones: by the program, and by their words."""

from __future__ import annotations

import re

from guard.analyse import targets
from guard.analyse.shell.call import Call
from guard.analyse.shell.marks import HOLE, listed, plain
from guard.analyse.shell.options import parse
from guard.analyse.shell.programs.unknown import hints, run
from guard.model import Kind

_WORDS = re.compile(
    r"secret|credential|password|private-?key|access-?key|(?:^|[-: ])token|decrypt|keyvault|kv[ -]get|connection-string|login-password"
    r"|\bkeys? list\b|\blist-keys\b|\bkeys create\b|appsettings|config[: ](?:get|show|dump|view)|env[: ](?:list|get|pull|ls)|\bvariables?\b"
    r"|get-session|assume-role|create-for-rbac|get-function-configuration|describe-user-pool-client|get-parameter|create token|get values|"
    r"\bexport\b.*\bsecrets?\b|\bcreds\b|auth:|generate-db-auth"
)
"""Subcommands that are about secrets."""
_LINE = re.compile(r"--(?:show-secrets?|reveal|with-decryption|raw|plaintext)\b|\bconfig --list\b")
"""Options that show what would else be hidden."""
_STORES = frozenset(listed("pass gopass op bw rbw lpass chamber doppler infisical akeyless conjur vault keyring heroku"))
"""Programs that exist to keep secrets: what they do not keep for themselves they show."""
_DISCREET = frozenset(
    listed(
        "status version help policy audit operator plugin namespace user group account whoami setup update completion sync logout ls list "
        "find grep git init config generate insert vaults secrets lease auth apps ps logs releases addons domains local monitor agent "
        "server -v --version"
    )
)
"""First words of those behind which nothing is shown."""
_SHOWS = frozenset(listed("list secrets")), frozenset(listed("bw doppler infisical akeyless"))


_LOCAL = {
    "sops": r"-d|--decrypt|decrypt|exec-|edit|[\w./-]+\.(?:ya?ml|json|env|ini)$",
    **dict.fromkeys(("age", "rage"), r"-d|--decrypt|-i"),
    "ansible-vault": r"view|decrypt|edit|rekey",
    "keyctl": r"print|read|pipe",
    "systemd-creds": r"decrypt|cat",
    "kwallet-query": r"-r|-l",
    "security": r"find-|dump-|export|unlock",
    "secret-tool": r"lookup|search",
    "git-crypt": r"unlock|export-key",
    "git-secret": r"reveal|cat",
    "blackbox_cat": r"",
    "keytool": r"-list|-export|-importkeystore",
    **dict.fromkeys(("john", "hashcat"), r"--show"),
    "certutil": r"-[KL]",
    "pkcs11-tool": r"--read|-r",
    "mimikatz": r"",
}
"""Program -> the argument with which it shows a secret of this machine."""


def local(call: Call) -> str:
    """Programs that keep secrets on this machine, or encrypt files with them."""
    call.execute(call.name, f"{call.line}: handles secrets")
    if not call.args or any(re.match(_LOCAL[call.name], plain(arg)) for arg in call.args):
        call.sh.emit(Kind.SECRET_READ, targets.variable(""), f"{call.line}: shows secrets", exact=False)
    for word in call.args:
        if not word.startswith("-") and re.search(r"[./]", plain(word)):
            call.sh.read(word)
    hints(call)
    return HOLE


def ssh_keygen(call: Call) -> str:
    """ssh-keygen: makes a key where -f says, unless it is asked what there is."""
    run(call)
    parsed = parse(call.args, "t= b= C= f= N= P= m= O= I= n= V= s= z= D= E= F= R= r= Z= a= w= K= l y c p e i B q v A L h H u k Q U g Y= M=")
    if not parsed.has("l", "F", "B", "y", "L", "Q", "r", "e", "R"):
        call.sh.write(parsed.value("f") or "\x05/.ssh/id_ed25519", verb="makes or changes the key")
    return HOLE


RUNNERS = {**dict.fromkeys(_LOCAL, local), "ssh-keygen": ssh_keygen}


def shown(name: str, words: list[str], line: str) -> bool:
    """Whether a command handles secrets; `line` is all of it as a person reads it."""
    verbs = [plain(word) for word in words]
    text = " ".join(verbs)
    if _WORDS.search(text.lower()) or ("--" in line and _LINE.search(line)):
        return True
    if name not in _STORES or name == "heroku":
        return name == "heroku" and verbs[:1] == ["config"]
    first = verbs[0] if verbs else ""
    if verbs[1:2] in (["list"], ["ls"]):
        return False
    return first not in _DISCREET or (first in _SHOWS[0] and name in _SHOWS[1])
