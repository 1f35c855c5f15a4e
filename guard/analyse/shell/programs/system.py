"""The machine: processes, services, users, disks, schedules, networks, kernels. What they end or change is not in any workspace."""

from __future__ import annotations

import re

from guard.analyse import targets
from guard.analyse.shell.call import Call
from guard.analyse.shell.marks import HOLE, NUMBER, SPLIT, known, listed, plain
from guard.analyse.shell.options import parse
from guard.analyse.shell.programs import rows, verbs
from guard.analyse.shell.programs.unknown import hints
from guard.model import Kind


def kill(call: Call) -> str:
    """Ends processes: /proc is where they are."""
    words = [plain(arg) for arg in call.args]
    if call.name == "kill" and words and all(re.fullmatch(r"-\w+|%[\d%+-]?", word) for word in words) and words[-1].startswith("%"):
        return HOLE  # a command that this very text started
    if (words[:1] and words[0] in ("-l", "-L", "--list", "--table")) or (call.name == "kill" and "-0" in words[:1]):
        return HOLE
    parsed = parse(
        [arg for arg in call.args if not re.fullmatch(r"-(?:[A-Z][A-Z0-9+-]*|\d+)", arg)],
        "s,signal= n= u= g= P= t= U= G= f e x i q v w r o= y= F=read",
    )
    call.execute(call.name, f"{call.line}: ends processes")
    for word in parsed.operands or [SPLIT]:
        path = f"/proc/{word}" if call.name == "kill" and re.fullmatch(r"\d+", plain(word)) else "/proc/\x03"
        call.sh.delete(path, f"{call.name} ends the process", tree=False)
    return HOLE


def sessions(call: Call) -> str:
    """who, users: who is logged in, by the machine's records or by a file that looks like them."""
    words = [arg for arg in call.args if not arg.startswith("-")]
    if len(words) == 1:
        call.sh.read(words[0])
    return HOLE


def ps(call: Call) -> str:
    """ps: processes; the letter e without a dash (E with one on a Mac) shows their environments."""
    if any(re.fullmatch(r"[a-zA-Z]*e[a-zA-Z]*|-[A-Za-z]*E[A-Za-z]*", plain(arg)) for arg in call.args):
        call.sh.env("")
    return HOLE


_UNIT_READS = re.compile(
    r"status|show(?:-environment)?|cat|help|list-[a-z-]+|is-[a-z-]+|get-default|whoami"
    r"|blame|time|critical-chain|dot|dump|plot|verify|security|calendar|timestamp|timespan|cat-config|unit-paths|syscall-filter|capability"
)
"""What systemctl and systemd-analyze only show."""
_DAEMONS = dict.fromkeys(listed("nginx apachectl apache2ctl"), r"-[tTvVhqSMLl]+") | {
    "monit": r"-[tVh]",
    "supervisorctl": r"--version|-f|-\d+",
}
"""Programs that start a service, or take commands from their input, where no argument says otherwise, and the options with which they do
not."""


def _elsewhere(call: Call) -> None:
    """Options with which the programs of systemd ask another machine, or look at another system."""
    parsed = parse(call.args, "H,host= M,machine= root= image=")
    for option, value in parsed.options:
        if option.name == "H" and value is not None:
            call.host(re.sub(r"^.*@", "", plain(value)).split(":")[0], 22)
        else:
            call.sh.opaque(f"{call.line}: looks at another system")


def service(call: Call) -> str:
    """systemctl, service, launchctl …: states of services."""
    words = [plain(arg) for arg in call.args if not arg.startswith("-")]
    verb = words[0] if words else "list-units"
    if call.name in _DAEMONS and (not call.args or not all(re.fullmatch(_DAEMONS[call.name], plain(a)) for a in call.args if a[:1] == "-")):
        verb = verb if words else "start"
        call.execute(call.name, f"{call.line}: starts or steers a service")
    if call.name in ("systemctl", "systemd-analyze"):
        _elsewhere(call)
    for word in words[1:] if call.name == "systemd-analyze" else []:
        if "/" in word:
            call.sh.read(word)
    if call.name in ("service", "rc-service", "invoke-rc.d"):
        verb = words[1] if len(words) > 1 else "status"
        if words and "/" in words[0]:
            call.execute(words[0], f"{call.line}: runs a program by its path")
    if verb == "show-environment":
        call.sh.env("")
    if _shows(call.name, verb):
        return HOLE
    call.execute(call.name, f"{call.line}: changes what the machine runs")
    if verbs.destroys([verb]) or verb in listed("restart mask kexec hibernate reboot bootout isolate emergency rescue unload quit"):
        call.sh.delete("/run/systemd/\x03", f"{call.line}: stops", tree=True)
    elif verb in listed("enable edit link set-default daemon-reload preset revert load bootstrap"):
        call.sh.write("/etc/systemd/\x03", Kind.FS_SURFACE, "changes services under")
    return HOLE


def _shows(name: str, verb: str) -> bool:
    if name in ("systemctl", "systemd-analyze"):
        return _UNIT_READS.fullmatch(verb) is not None
    return verbs.reads([verb]) or re.match(r"(?:is|list|show|cat|status|get|print)\b|--", verb) is not None


def setting(call: Call) -> str:
    """hostnamectl, timedatectl, localectl, loginctl: they show how the machine is set, and set it."""
    _elsewhere(call)
    words = [plain(arg) for arg in call.args if not arg.startswith("-")]
    verb = words[0] if words else "status"
    if not (verb.startswith(("list", "show")) or verb.endswith("status")) and (verb != "hostname" or len(words) > 1):
        call.execute(call.name, f"{call.line}: changes how the machine is set")
        hints(call)
    return HOLE


_DATE = (
    "text*",
    "d= date= f,file=read r,reference=read s,set=code I? iso-8601? rfc-3339= R u j v= utc universal rfc-email rfc-2822 debug "
    "resolution help version",
)


def date(call: Call) -> str:
    """date: shows the time; digits instead of a format set the clock."""
    if any(re.match(r"\d{8}", plain(word)) for word in parse(call.args, _DATE[1]).operands):
        call.execute(call.name, f"{call.line}: sets the clock")
    rows.run(call, _DATE)
    return NUMBER if any(_DIGITS.fullmatch(plain(arg)) for arg in call.args) else HOLE


_DIGITS = re.compile(r"\+(?:%[dHIjmMsSuUVwWyY]|\d)+")
"""A format of date that gives digits alone."""


def power(call: Call) -> str:
    call.execute(call.name, f"{call.line}: stops or restarts the machine")
    call.sh.delete("/run/\x03", f"{call.name} ends everything that runs", tree=True)
    return HOLE


def mount(call: Call) -> str:
    words = [arg for arg in call.args if not arg.startswith("-")]
    if call.name == "mount" and not words and not any(re.match(r"-\w*a|--a", plain(arg)) for arg in call.args):
        return HOLE
    call.execute(call.name, f"{call.line}: changes what is mounted")
    if call.name == "sshfs":
        for word in words[:1]:
            call.host(re.sub(r"^[^@]*@|:.*$", "", plain(word)), 22)
    for word in words[-1:]:
        call.sh.write(word, verb="mounts at")
    return HOLE


def accounts(call: Call) -> str:
    """useradd, passwd, visudo …"""
    call.execute(call.name, f"{call.line}: changes accounts")
    hints(call)
    call.sh.write("/etc/passwd")
    call.sh.write("/etc/shadow")
    if verbs.destroys([call.name, *(plain(arg) for arg in call.args)]) or re.search(r"del\b|-d\b", call.line):
        call.sh.delete("/etc/passwd", f"{call.line}: removes from")
        if re.search(r"\s(-\w*r|--remove)", call.line):
            call.sh.delete("/home/\x03", f"{call.line}: removes", tree=True)
    return HOLE


def schedule(call: Call) -> str:
    """crontab, at, batch, systemd-run: something runs later."""
    parsed = parse(call.args, "u= f=read t= q= l r e i d c v V m b")
    if parsed.has("l") or call.name in ("atq",):
        call.sh.read("/var/spool/cron/crontabs")
        return HOLE
    if parsed.has("r", "d") or call.name == "atrm":
        call.sh.delete("/var/spool/cron/\x03", f"{call.line}: removes scheduled commands", tree=True)
        return HOLE
    call.sh.write("/var/spool/cron/crontab", Kind.FS_SURFACE, f"{call.name} schedules commands in")
    for word in parsed.operands if call.name == "crontab" else []:
        call.sh.read(word)
    if call.sh.input_text is None or parsed.has("e"):
        call.sh.opaque(f"{call.name} schedules commands that are not shown")
    if not parsed.has("e"):
        for line in [line for line in (call.sh.stdin or "").splitlines() if known(line)][:50]:
            command = (
                re.sub(r"^\s*(?:@\w+|(?:\S+\s+){5})", "", line) if call.name == "crontab" and not re.match(r"\s*(?:#|\w+=)", line) else line
            )
            with call.sh.maybe():
                call.shell(command)
    return HOLE


_SYSCTL_READS = re.compile(r"-[aAbdeNnXxhVi]+|--(?:all|binary|names?|values|deprecated|ignore|pattern|dry-run|help|version)")


def kernel(call: Call) -> str:
    """insmod, sysctl -w, setenforce …"""
    words = [plain(arg) for arg in call.args]
    for word in words if call.name == "sysctl" else []:
        if word.startswith("/") or ".." in word:  # a path from /proc/sys on
            call.sh.read(f"/proc/sys/{word.lstrip('/')}")
    if call.name == "sysctl" and not any("=" in word for word in words) and all(_SYSCTL_READS.fullmatch(o) for o in words if o[:1] == "-"):
        return HOLE
    if call.name == "ldconfig" and words and all(re.fullmatch(r"-[pNX]*p[NX]*|-V|--(?:print-cache|version)", word) for word in words):
        return HOLE
    call.execute(call.name, f"{call.line}: changes the kernel")
    hints(call)
    return HOLE


def journal(call: Call) -> str:
    """journalctl: reads the machine's log; `--vacuum-…` deletes of it."""
    if any(re.match(r"--(?:vacuum|rot|flush|relinquish|smart)", plain(arg)) for arg in call.args):
        call.sh.delete("/var/log/journal", f"{call.line}: deletes from", tree=True)
    call.sh.read("/var/log/journal", tree=True)
    return HOLE


def environment(call: Call) -> str:
    for name in [plain(arg) for arg in call.args if not arg.startswith("-")] or [""]:
        call.sh.env(name)
    return HOLE


def clipboard(call: Call) -> str:
    call.sh.opaque(f"{call.name} reaches the clipboard, the screen or another program of the user")
    hints(call)
    return HOLE


def editor(call: Call) -> str:
    """vi, nano, emacs, ed: they edit what they open and can run anything."""
    call.sh.opaque(f"{call.name} edits and runs what its input says")
    parsed = parse(call.args, "c= S=read u=read i=read s w=write cmd= e? E? eval= f=read l=read batch d b R n N p o? O? Q q")
    scripts = [plain(value or "") for option, value in parsed.options if option.name in ("c", "cmd", "eval")]
    for word in parsed.operands:
        if word.startswith("+"):
            scripts.append(plain(word[1:]))
        else:
            call.sh.read(word)
            call.sh.write(word)
    with call.sh.maybe():
        for text in [*scripts, *(call.sh.input_text or "").splitlines()[:50]]:
            if match := re.match(r"[^!]{0,40}!(.*)", text):
                call.shell(match[1])
            if _ERASES.search(text):
                call.sh.delete(HOLE, f"{call.name} seems to delete", tree=True)
    return HOLE


_ERASES = re.compile(r"\bdelete\(|\b(?:delete-file|delete-directory|rmtree|unlink)\b|^\s*(?:1,\$|%)\s*d\s*(?:\||$)")
"""What in the commands of an editor deletes a file, or all of its lines."""


def strace(call: Call) -> str:
    """strace, gdb, perf …: they run or look into other programs."""
    call.execute(call.name, f"{call.line}: runs or looks into another program")
    call.sh.emit(Kind.PROC_EXEC, targets.program(call.name), "traces")
    if call.name in ("strace", "ltrace", "perf", "valgrind") and (
        out := parse(call.args, "o,output,log-file= e= s= p= E= u=", permute=False).value("o")
    ):
        call.sh.write(out)
    if call.name in ("tcpdump", "tshark", "ngrep"):
        call.remote(Kind.NET_CONNECT, f"{call.line}: listens to the network")
        for arg in parse(call.args, "w=").options:
            call.sh.write(arg[1] or "")
    return HOLE


def prunes(call: Call) -> str:
    """logrotate, tmpreaper, journal cleaners, caches: they delete by rules of their own."""
    call.execute()
    call.sh.delete(
        next((arg for arg in reversed(call.args) if plain(arg).startswith("/")), "/var/\x03"),
        f"{call.line}: deletes by its own rules",
        tree=True,
    )
    return HOLE


RUNNERS = {
    **dict.fromkeys(("hostnamectl", "timedatectl", "localectl", "loginctl"), setting),
    "ps": ps,
    **dict.fromkeys(("who", "users"), sessions),
    **dict.fromkeys(listed("kill pkill killall killall5 skill snice xkill fuser"), kill),
    **dict.fromkeys(
        listed(
            "systemctl service launchctl initctl rc-service rc-update supervisorctl pm2 sv s6-rc update-rc.d chkconfig invoke-rc.d "
            "monit nginx apachectl apache2ctl systemd-analyze brew-services forever a2ensite a2dissite"
        ),
        service,
    ),
    **dict.fromkeys(("shutdown", "reboot", "halt", "poweroff", "init", "telinit", "kexec"), power),
    **dict.fromkeys(("mount", "umount", "fusermount", "sshfs", "guestmount", "udisksctl"), mount),
    **dict.fromkeys(
        listed(
            "useradd adduser userdel deluser usermod groupadd groupdel groupmod delgroup addgroup gpasswd passwd chpasswd chage "
            "visudo chsh chfn vipw newusers dscl smbpasswd htpasswd"
        ),
        accounts,
    ),
    **dict.fromkeys(("crontab", "at", "batch", "atq", "atrm"), schedule),
    **dict.fromkeys(
        listed(
            "insmod rmmod modprobe depmod sysctl setenforce setsebool semanage auditctl update-grub grub-install update-initramfs "
            "dkms efibootmgr bcdedit nvram csrutil spctl mokutil setpci flashrom ldconfig swapctl tuned-adm apparmor_parser"
        ),
        kernel,
    ),
    "date": date,
    "printenv": environment,
    "journalctl": journal,
    **dict.fromkeys(
        listed(
            "pbcopy pbpaste xclip xsel wl-copy wl-paste osascript open xdg-open screencapture import scrot screen tmux expect "
            "dbus-send gdbus gsettings defaults xdotool wall write notify-send say"
        ),
        clipboard,
    ),
    **dict.fromkeys(listed("vi vim nvim ex ed nano emacs emacsclient code pico joe micro hx kak view subl"), editor),
    **dict.fromkeys(listed("strace ltrace gdb lldb perf valgrind bpftrace tcpdump tshark dtrace rr heaptrack ngrep"), strace),
    **dict.fromkeys(listed("logrotate tmpreaper tmpwatch bleachbit systemd-tmpfiles mogrify fdupes rdfind jdupes"), prunes),
}
