"""The machine's own network: its links, routes and rules. What is not known to only show them changes them."""

from __future__ import annotations

import re

from guard.analyse import targets
from guard.analyse.shell.call import Call
from guard.analyse.shell.marks import HOLE, listed, plain
from guard.analyse.shell.options import parse
from guard.model import Kind

_RULES = (
    r"-[nvxw]*[LSCVh][nvx]*|--(?:list|list-rules|check|version|help|line-numbers|numeric)",
    r"-[nvxw46]+|-[tijpsdmcg]|--(?!a|del|ins|rep|fl|z|new|pol|ren|mod|set)[\w-]+(?:=.*)?",
)
_SHOWS: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("iptables", "ip6tables", "ebtables"), _RULES),
    "iptables-save": ("", r"-[ct]|--(?:counters|table)(?:=.*)?"),
    "firewall-cmd": (
        r"--(?:list|get|query|info)-\S+|--(?:state|version|help)|-[hV]",
        r"--(?:permanent|direct|zone|policy|ipset|service|icmptype|helper)(?:=.*)?",
    ),
    "conntrack": (r"-[LSCEhV]|--(?:dump|stats|count|event|version|help)", r"-[psdfnjgqro46]|--(?!del|fl|cr|up|load)[\w-]+(?:=.*)?"),
    "ipset": (r"-[LSV]|--(?:list|save|version)", r"-[nto]|--(?:name|terse|output|sorted)"),
    "pfctl": (r"-[vqr]*s\w*", r"-[vqrg]+|-a"),
    "ipvsadm": (r"-[lLSnc]+|--(?:list|save)", r"-[ncrts]+|--(?:stats|rate|numeric|timeout|daemon|connection|sort)"),
    "networksetup": (r"-(?:get|list|is|show|version)\w*", r"(?!)"),
    "nmcli": (r"-[hv]|--(?:version|help)", r"(?!)"),
}
"""Program -> the options that show (none needed where that is empty), and what may stand beside them."""
_VERBS: dict[str, tuple[str, str]] = {
    "nft": (r"(?:list|describe|monitor|get element)\b", r"-[nNaSsjypTt]+|--(?:handle|json|numeric\S*|stateless|service|reversedns|terse)"),
    "ufw": (r"(?:status|show|version|app (?:list|info))\b", r"--dry-run"),
    "wg": (r"(?:show\b.*)?$", r"(?!)"),
    "ipset": (r"(?:list|save|test|version|help)\b", r"-[nto]|--(?:name|terse|output|sorted)"),
    "nmcli": (
        r"(?:d\w* (?:(?:status|show|lldp)\b|wifi(?: list\b.*)?$)|c\w* (?:show|s|sh)\b|g\w*(?: (?:status|permissions|logging|hostname))?$"
        r"|r\w*(?: (?:all|wifi|wwan))?$|n\w* connectivity$|m\w*$|$)",
        r"-[tpafgmceswo]+|--(?:terse|pretty|mode|colors?|fields|get-values|escape|ask|show-secrets|wait|active|overview|rescan|order)(?:=.*)?",
    ),
}
"""Program -> the first words that only show, and the options that may stand beside them."""
_LINK_READS = re.compile(r"-[aCcegiklmnPSTuvx46]+|--(?:show\S*|driver|statistics|all|numeric|verbose|version|help)")
"""Options with which ifconfig, arp, route and ethtool show."""
_IP_READS = re.compile(r"s(?:h(?:ow?)?)?|l(?:i(?:st?)?|st|s)?|g(?:et?)?|identify|help")
"""Verbs of ip that only show, with what ip takes as short for them."""
_IP_VERBS = frozenset(listed("add del delete set change replace flush append a d f attach up down"))
_ENDS = re.compile(
    r"(?:^| )(?:-[FXDZP]|--(?:flush|panic-on|(?:delete|remove)\S*)|flush|destroy|remove|delete|del|delbr|delif|reset|disable|down|off)"
    r"(?: |$)"
)
"""What takes rules, links or routes away, or ends a connection."""


def network(call: Call) -> str:
    """iptables, ufw, ip, ifconfig …"""
    args = [plain(arg) for arg in call.args]
    words = [arg for arg in args if not arg.startswith("-")]
    if call.name in ("nmcli", "wg") and any(
        re.match(r"-s$|--show-s|showconf|wifi show|private-key|preshared|dump$| dump$", arg) for arg in [*args, " ".join(words[1:])]
    ):
        call.sh.emit(Kind.SECRET_READ, targets.variable(""), f"{call.line}: shows keys of the network", exact=False)
    if call.name == "ip":
        if words[:2] == ["netns", "exec"]:
            named = not any(re.match(r"-a", arg) for arg in args)
            return call.run(call.args[call.args.index("exec") + (2 if named else 1) :])
        if any(re.match(r"-(?:b(?:atch|atc|at|a)?)(?:=|$)", arg) for arg in args):
            call.sh.opaque("ip runs the commands that a file holds")
        sets = words[:1] and "link".startswith(words[0]) and words[1:2] == ["s"]  # short for `set` there, for `show` elsewhere
        if not sets and all(_IP_READS.fullmatch(word) for word in words[1:2]) and not _IP_VERBS & set(words[1:]):
            return HOLE
    elif call.name in ("ifconfig", "route", "arp", "iwconfig", "ethtool", "brctl", "tc"):
        if len(words) <= (1 if call.name != "route" else 0) and all(_LINK_READS.fullmatch(arg) for arg in args if arg.startswith("-")):
            return HOLE
    elif _shows(call):
        return HOLE
    call.execute(call.name, f"{call.line}: changes the network of the machine")
    if _ENDS.search(" ".join(args)):
        call.sh.delete("/proc/net/\x03", f"{call.line}: takes away rules or links", tree=True)
    parsed = parse(call.args, "f=")
    for option, value in parsed.options:
        if option.name == "f" and value is not None and call.name in ("arp", "nft", "pfctl"):
            call.sh.read(value)
        elif option.name == "f" and value is not None and call.name == "iptables-save":
            call.sh.write(value)
    return HOLE


def _shows(call: Call) -> bool:
    """Whether a command only shows, by all of its options or by its first words and all of its options."""
    options = [plain(arg) for arg in call.args if arg.startswith("-")]
    asks, besides = _SHOWS.get(call.name, (r"(?!)", r"(?!)"))
    asked = asks == "" or any(re.fullmatch(asks, option) for option in options)
    if asked and all(re.fullmatch(f"{asks}|{besides}" if asks else besides, option) for option in options):
        return True
    verbs, besides = _VERBS.get(call.name, (r"(?!)", r"(?!)"))
    words = parse(call.args, "f,fields= g,get-values= m,mode= c,colors= e,escape= w,wait=").operands if call.name == "nmcli" else None
    line = " ".join(plain(word) for word in (words if words is not None else [arg for arg in call.args if not arg.startswith("-")]))
    if re.search(r"[;{}\n]", line):  # nft takes several commands in a line
        return False
    return re.match(verbs, line) is not None and all(re.fullmatch(besides, option) for option in options)


RUNNERS = dict.fromkeys(
    listed(
        "iptables ip6tables nft ufw firewall-cmd ip ifconfig route arp iwconfig nmcli ethtool brctl tc ebtables ipset conntrack "
        "iptables-save iptables-restore ifup ifdown dhclient wg networksetup pfctl ipvsadm"
    ),
    network,
)
