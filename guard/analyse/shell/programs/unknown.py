"""Commands that no table knows: a process is started; what its words plainly say is told besides, as what may happen."""

from __future__ import annotations

import re

from guard import path_rules
from guard.analyse.shell.call import Call
from guard.analyse.shell.marks import HOLE, known, listed, plain
from guard.analyse.shell.programs import verbs
from guard.model import Kind

COMMANDS = frozenset(
    listed("rm dd mkfs shred bash sh zsh git curl wget python python3 perl ruby node mv cp tee chmod chown kill find xargs sudo env")
)
"""Words that, behind an unknown command, look like a command that it runs."""
_SHORT = {
    "efibootmgr": r"-\w*B",
    "nvram": r"-[cd]",
    "auditctl": r"-D",
    "ipcrm": r"-",
    "postsuper": r"-d",
    "tarsnap": r"-d",
    "ssh-keygen": r"-R",
    "ssh-add": r"-[dD]",
    "screen": r"quit",
    "hg": r"strip|purge|rollback|-C$|--clean",
    "jj": r"abandon|restore|undo",
    "passwd": r"-[dl]",
    "pw": r"(?:user|group)del",
    "usermod": r"-L",
    "lpadmin": r"-x",
}
"""Program -> the argument with which it takes something away, where no word says so."""


_OUTPUT = re.compile(r"-o|--?out(?:put|file|put-file|-file)?(?:=(.+))?")
"""Options behind which most programs name what they write."""
_NETWORK = frozenset(
    listed(
        "wpscan hydra medusa ncrack nikto sqlmap zmap amass subfinder nuclei feroxbuster dirsearch wfuzz theHarvester enum4linux smbmap "
        "rpcclient crackmapexec netexec nxc bettercap ettercap dnsrecon dnsenum fierce sublist3r whatweb wafw00f msfconsole iperf iperf3 "
        "httping hping3 siege vegeta k6 locust transmission-cli links elinks irssi weechat rtorrent gallery-dl you-get lux rsstail openvpn "
        "cryptcat rlogin rsh rcp ssh-keyscan ntpdate snmpwalk snmpget snmpset ldapsearch ldapmodify smtp-cli swaks speedtest speedtest-cli "
        "arp-scan bore chisel croc curlie devtunnel dirb distcc dns-sd evil-winrm ffuf finger frpc frps gobuster grpcurl hey "
        "hping httpie hurl ipmitool jmeter ldapadd ldapdelete naabu nbtscan netdiscover nping onionshare openconnect rathole "
        "rdesktop responder rexec rpcinfo rustscan showmount sshuttle sslscan stunnel testssl.sh tor torify tsh vncserver "
        "vncviewer vpnc webhook websocat wormhole wpa_supplicant wrk wscat x11vnc xfreerdp"
    )
)
"""Programs that are there to talk to other machines."""


def run(call: Call) -> str:
    call.execute()
    if call.name in _NETWORK:
        call.remote(Kind.HTTP_POST, f"{call.line}: talks to other machines")
    hints(call)
    words = call.name.strip("{}").split(",")
    if call.name.endswith("}") and len(words) > 1:  # braces where the grammar sees none: `{rm,-rf,x}`
        with call.sh.maybe():
            call.run([*words, *call.args])
    held = call.held(call.name)
    if held is not None:
        with call.sh.maybe():
            call.shell(held, positional=tuple(call.args))
    return HOLE


def hints(call: Call) -> None:
    """What an unknown command may do by its own words: destroy, read a secret, ask a host, run another command."""
    words = [plain(arg) for arg in call.args if not arg.startswith("-")]
    flags = [plain(arg) for arg in call.args if arg.startswith("--")]
    with call.sh.maybe():
        if any(re.match(_SHORT[call.name], arg) for arg in map(plain, call.args) if call.name in _SHORT):
            call.sh.emit(Kind.FS_DELETE, path_rules.ANYWHERE, f"{call.line}: takes something away", exact=False)
        elif verbs.destroys([call.name.rsplit("/", 1)[-1], *words[:6], *(flag.split("=", 1)[0] for flag in flags)]) and not verbs.reads(
            words[:1]
        ):
            call.sh.emit(Kind.FS_DELETE, path_rules.ANYWHERE, f"{call.line}: its words say that it destroys something", exact=False)
        for position, arg in enumerate(call.args):
            if known(arg) and plain(arg) in COMMANDS and position < 6:
                call.run(call.args[position:])
                break
        for place, arg in enumerate(call.args):
            given = _OUTPUT.fullmatch(plain(arg))
            target = given[1] or next(iter(call.args[place + 1 : place + 2]), "") if given else ""
            if target and not target.startswith("-"):
                call.sh.write(target, verb="seems to write")
        for arg in call.args:
            value = arg.split("=", 1)[-1]
            if re.match(r"\w+://", plain(value)):
                call.url(value, Kind.HTTP_POST)
            elif known(value) and value and not value.startswith("-") and call.sh.secret(value):
                call.sh.read(value)
