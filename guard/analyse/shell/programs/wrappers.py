"""Programs that run another command: sudo, env, xargs, timeout, watch, parallel … The command behind them is what is analysed."""

from __future__ import annotations

import re
import shlex

from guard.analyse.shell.call import Call
from guard.analyse.shell.marks import (
    HOLE,
    SPLIT,
    STAR,
    TAINT,
    UNKNOWN,
    counted,
    known,
    listed,
    located,
    measured,
    number_or_name,
    plain,
    tainted,
)
from guard.analyse.shell.options import parse
from guard.analyse.shell.programs import rows
from guard.analyse.shell.programs.rows import act

OPTIONS = {
    "sudo": "u,user= g,group= C,close-from= h,host=code p,prompt= r,role= t,type= T,command-timeout= U,other-user= D,chdir=code "
    "R,chroot=code A,askpass b,background e,edit+opaque E,preserve-env? H,set-home i,login k,reset-timestamp K,remove-timestamp l,list "
    "n,non-interactive P,preserve-groups S,stdin s,shell v,validate V,version B,bell N,no-update",
    "doas": "u= C=read n s L",
    "pkexec": "user=",
    "runuser": "u,user= g,group= G,supp-group= l,login f m p c,command=run session-command=run s,shell=cmd w,whitelist-environment= P",
    "su": "c,command=run session-command=run s,shell=cmd g,group= G,supp-group= w,whitelist-environment= l,login m p f P",
    "nice": "n,adjustment=",
    "ionice": "c= n= p= u= P= t",
    "chrt": "p,pid T= P= D= f,fifo r,rr o,other b,batch d,deadline i,idle a,all-tasks m,max v,verbose R,reset-on-fork",
    "taskset": "p,pid c,cpu-list a,all-tasks",
    "numactl": "N,cpunodebind= m,membind= C,physcpubind= i,interleave= p,preferred= l,localalloc s,show H,hardware",
    "nohup": "",
    "setsid": "c f w fork ctty wait",
    "timeout": "k,kill-after= s,signal= v f foreground preserve-status verbose",
    "time": "f,format= o,output=write p a v q portability append verbose",
    "stdbuf": "i,input= o,output= e,error=",
    "unbuffer": "p",
    "command": "p v V",
    "builtin": "",
    "exec": "a= c l",
    "eatmydata": "",
    "chronic": "v e",
    "ts": "r i s m u",
    "unshare": "S= G= R=code w= m? u? i? n? p? U? C? T? r c f mount-proc? map-root-user fork mount net pid user",
    "nsenter": "t= S= G= r? w? m? u? i? n? p? U? C? T? a F target= all",
    "setarch": "R v L B",
    "linux64": "R",
    "linux32": "R",
    "setpriv": "reuid= regid= clear-groups keep-groups init-groups groups= inh-caps= ambient-caps= bounding-set= securebits= "
    "pdeathsig= no-new-privs nnp d,dump reset-env",
    "prlimit": "p,pid= c,core? d,data? e,nice? f,fsize? i,sigpending? l,memlock? m,rss? n,nofile? q,msgqueue? r,rtprio? s,stack? t,cpu? "
    "u,nproc? v,as? x,locks? y,rttime? o,output= noheadings raw verbose",
    "systemd-run": "u,unit= p,property= M= slice= on-calendar= on-active= uid= gid= E= setenv= working-directory=code nice= description= "
    "timer-property= wait t pty P pipe q scope user system r remain-after-exit G collect S shell no-block",
    "systemd-inhibit": "what= who= why= mode= list",
    "dbus-run-session": "config-file=code dbus-daemon=code",
    "xvfb-run": "a,auto-servernum n,server-num= s,server-args= e,error-file=write f,auth-file=write l,listen-tcp+opaque p,xauth-protocol= "
    "w,wait=",
    "proxychains": "f=code q",
    "proxychains4": "f=code q",
    "torsocks": "",
    "faketime": "",
    "fakeroot": "l,lib=code faked=code s=write i=read u,unknown-is-real b=",
    "fakechroot": "",
    "firejail": "quiet noprofile net= private? profile=read",
    "bwrap": "",
    "chroot": "userspec= groups= skip-chdir",
    "flock": "s x e n u w= E= o F c,command=run shared exclusive nonblock timeout= close",
    "direnv": "",
    "dotenv": "",
    "aws-vault": "",
    "op-run": "",
    "catchsegv": "",
    "rlwrap": "a,always-readline? A,ansi-colour-aware? b,break-chars= c,complete-filenames C,command-name= D,history-no-dupes= "
    "e,extra-char-after-completion= E f,file=read F g,forget-matching= h H,history-filename=write i,case-insensitive "
    "I,pass-sigint-as-sigterm "
    "l,logfile=write m,multi-line? M,multi-line-ext= n,no-warnings N,no-children o,one-shot O,only-cook= p,prompt-colour? "
    "P,pre-given= q,quote-characters= r,remember R s,histsize= S,substitute-prompt= t,set-term-name= U v,version w,wait-before-prompt= "
    "W,polling? X,skip-setctty z,filter=code",
    "entr": "c r p s d n a z",
    "hyperfine": "w= m= M= r= p=run P= L= S=code prepare=run setup=run cleanup=run conclude=run export-json=write "
    "export-markdown=write export-csv=write N n= i",
    "cpulimit": "l= p= e=",
    "trickle": "s d= u=",
    "caffeinate": "t= w= d i m s u",
    "arch-chroot": "",
    "gosu": "",
    "su-exec": "",
    "cgexec": "g=",
    "softlimit": "",
    "schroot": "c= u=",
    "coproc": "",
    "nocorrect": "",
    "noglob": "",
    "ifne": "",
    "pee": "",
    "sponge": "",
    "daemonize": "",
    "start-stop-daemon": "",
    "setuidgid": "",
    "chpst": "u=",
    "busybox": "",
    "toybox": "",
}
"""Wrapper -> its own options; what follows them is a command."""

_OPERANDS = {
    "timeout": 1,
    "chroot": 1,
    "flock": 1,
    "chrt": 1,
    "taskset": 1,
    "setuidgid": 1,
    "gosu": 1,
    "su-exec": 1,
    "setarch": 1,
    "faketime": 1,
    "cpulimit": 0,
    "arch-chroot": 1,
}
"""Wrappers with operands of their own before the command."""
_CAREFUL = frozenset(
    listed(
        "unshare nsenter chroot arch-chroot systemd-run bwrap firejail schroot proxychains proxychains4 torsocks start-stop-daemon "
        "daemonize"
    )
)
"""Wrappers that change where or how the command runs so much that they are told of themselves."""

_SHELLS = frozenset(listed("chroot arch-chroot schroot nsenter unshare firejail runuser setarch linux32 linux64 fakeroot fakechroot"))
"""Wrappers that open a shell where no command follows; what it runs is their input."""


def wrapper(call: Call) -> str:
    parsed = parse(call.args, OPTIONS[call.name], permute=False)
    if call.name == "command" and parsed.has("v", "V"):
        return HOLE
    call.unknown_options(parsed.unknown)
    for option, value in parsed.options:
        if option.role == "+opaque":
            call.sh.opaque(f"{call.line}: edits or runs what is not shown")
        elif option.role and value is not None:
            act(call, option.role, value)
    words = list(parsed.operands)
    if call.name in ("sudo", "doas", "env"):
        words = _assignments(call, words)
    skip = _OPERANDS.get(call.name, 0)
    if call.name == "flock" and words:
        call.sh.write(words[0])
    if call.name in _CAREFUL:
        call.execute(call.name, f"{call.line}: runs a command elsewhere")
    words = [word for word in words[skip:] if call.name != "exec" or not re.fullmatch(r"\{\w+\}", plain(word))]
    if not words:
        more = len(call.args) > 2 or (call.name in ("ionice", "prlimit") and len(parsed.options) > 1)
        if call.name in ("ionice", "prlimit", "cpulimit") and parsed.has("p") and more:
            call.execute(call.name, f"{call.line}: changes how a process runs")
        if call.name in _SHELLS or (call.name in ("sudo", "su", "doas") and not parsed.options) or parsed.has("s", "i", "shell", "login"):
            call.sh.opaque(f"{call.name} opens a shell")
        return HOLE
    return call.run(words)


def _assignments(call: Call, words: list[str]) -> list[str]:
    while words and (match := re.match(r"([A-Za-z_]\w*)=", words[0])):
        call.sh.poisoned(match[1], words[0][match.end() :])
        words = words[1:]
    return words


def env(call: Call) -> str:
    """`env [-i] [-u NAME] [-S 'words'] [NAME=value] command`; without a command it shows all variables."""
    args = list(call.args)
    for position, arg in enumerate(args):
        text = plain(arg)
        match = re.match(r"-\w*?S(.*)|--split-string(?:=(.*))?$", text, re.DOTALL)
        if match and not re.match(r"--(?!split)", text):
            value = match[1] or match[2] or (args[position + 1] if position + 1 < len(args) else "")
            rest = args[position + (1 if match[1] or match[2] else 2) :]
            return _split_string(call, value, rest)
        if not arg.startswith("-"):
            break
    parsed = parse(
        args,
        "u,unset= C,chdir= S= P= i,ignore-environment 0,null v,debug block-signal? default-signal? ignore-signal? list-signal-handling",
        permute=False,
    )
    call.unknown_options([option for option in parsed.unknown if option != "-"])
    if parsed.has("P"):
        call.sh.opaque("env looks for the command in folders of its own")
    folder = parsed.value("C")
    before = call.sh.folders
    if folder is not None:
        call.sh.folders = tuple(resource.name for resource, exact in call.sh.paths(folder) if exact)
    words = _assignments(call, [word for word in parsed.operands if word != "-"])
    out = HOLE
    if words:
        out = call.run(words)
    elif not parsed.has("i"):
        call.sh.env("")
    call.sh.folders = before
    return out


def _split_string(call: Call, value: str, rest: list[str]) -> str:
    """env splits a text into words by rules of its own; what those rules make special is opaque."""
    if UNKNOWN.search(value) or re.search(r"[\\$#]", plain(value)):
        call.sh.opaque("env -S splits text in ways that guard does not follow")
    try:
        words = shlex.split(UNKNOWN.sub("x", plain(value)))
    except ValueError:
        call.sh.opaque("env -S is given text that does not split")
        return HOLE
    return env(Call(name="env", args=[*words, *rest], walker=call.walker))


_XARGS = (
    "a,arg-file=read d,delimiter= E= e? I= i? L= l? n,max-args= P,max-procs= s,max-chars= R= S= J= 0,null r,no-run-if-empty "
    "t,verbose p,interactive o x,exit process-slot-var= show-limits replace?"
)


def xargs(call: Call) -> str:
    parsed = parse(call.args, _XARGS, permute=False)
    for option, value in parsed.options:
        if value is not None and option.role:
            act(call, option.role, value)
    words = parsed.operands or ["echo"]
    listed = call.sh.stdin is not None and STAR in call.sh.stdin  # names of files that find or ls print: they are borders enough
    given = call.sh.words_of_input() if not parsed.has("a", "0", "d") or (listed and not parsed.has("a")) else None
    unknown = TAINT if call.sh.stdin is not None and tainted(call.sh.stdin) else SPLIT
    unknown = number_or_name(call.sh.stdin or "") + SPLIT if counted(call.sh.stdin) else unknown
    place = parsed.value("I") or ("{}" if parsed.has("i", "replace") else None)
    if given and re.search(r"['\"\\]", call.sh.stdin or ""):
        given = None  # xargs takes quotes and backslashes away by rules of its own
    elif place is not None and given is not None and known(call.sh.stdin or ""):
        given = [line.strip() for line in (call.sh.stdin or "").splitlines() if line.strip()]  # each line is one item there
    elif parsed.has("0") and call.sh.stdin and known(call.sh.stdin) and "?" not in call.sh.stdin:  # no text here can hold a NUL
        given = [plain(call.sh.stdin)]
    stdin, call.sh.stdin, out = call.sh.stdin, "", HOLE
    call.sh.several = place is None
    if given is not None and place is None:
        if given or not parsed.has("r"):
            out = call.run([*words, *given], loop=True)
    elif place is not None:
        for word in (given or [])[:8] if given is not None and len(given) <= 8 else [unknown]:
            call.run([item.replace(place, word) for item in words], loop=True)
    else:
        call.run([*words, unknown], loop=True)
    call.sh.stdin = stdin
    return out if located(out) or measured(out) or (STAR in out and not UNKNOWN.search(out)) else HOLE


def parallel(call: Call) -> str:
    """GNU parallel: a command (shell text) for each argument behind `:::` or of the input."""
    args = call.args
    end = next((i for i, arg in enumerate(args) if re.match(r":::", plain(arg))), len(args))
    parsed = parse(
        args[:end],
        "j,jobs,P,max-procs= a,arg-file=read N,max-replace-args= n,max-args= I= i? d,delimiter= C,colsep= S,sshlogin=code "
        "sshloginfile,slf=code results,res=write joblog=write tmpdir=write timeout= delay= retries= k,keep-order bar eta progress "
        "will-cite 0,null X m xargs u,ungroup group line-buffer,lb load= noswap memfree= halt= tag t,verbose v p,interactive "
        "r,no-run-if-empty "
        "l,L,max-lines= max-chars,s= nice= plus link q,quote rt eof? shuf dry-run,dryrun tty silent version help bibtex citation "
        "resume resume-failed skip-first-line header= trim= wait fg",
        permute=False,
    )
    call.unknown_options(parsed.unknown)
    for arg in args:
        if "{=" in plain(arg):
            call.sh.opaque("parallel runs the Perl that its replacement text holds")
    _argument_files(call, args[end:])
    for option, value in parsed.options:
        if value is not None and option.role:
            act(call, option.role, value)
    values = [arg for arg in args[end + 1 :] if not re.match(r":::", plain(arg))]
    words = list(parsed.operands)
    if not words:
        for value in values or [HOLE]:
            call.shell(value)
        return HOLE
    call.sh.opaque("parallel builds shell text from its arguments") if not values or not all(known(value) for value in values) else None
    for value in values[:8] or [SPLIT]:
        text = [value.join(re.split(r"\{[./]*\}", word)) for word in words]
        filled = text if text != words else [*words, value]
        call.shell(" ".join(filled)) if re.search(r"\s", plain(words[0])) else call.run(filled, loop=True)
    return HOLE


def _argument_files(call: Call, args: list[str]) -> None:
    """Behind `::::` stand files, whose lines are the arguments."""
    files = False
    for arg in args:
        if re.match(r":::", plain(arg)):
            files = plain(arg).startswith("::::")
        elif files:
            call.sh.read(arg)
            call.sh.opaque("parallel builds shell text from the lines of a file")


def watch(call: Call) -> str:
    parsed = parse(
        call.args, "n,interval= q= s= d? t g e b c x p w C r color differences? no-title exec precise beep errexit chgexit", permute=False
    )
    if parsed.operands:
        call.run(parsed.operands) if parsed.has("x") else call.shell(" ".join(parsed.operands))
    return HOLE


def busybox(call: Call) -> str:
    if call.args and not call.args[0].startswith("-"):
        return call.run(call.args)
    if call.args and plain(call.args[0]) not in ("--list", "--list-full", "--long"):
        call.execute(call.name, f"{call.line}: puts its commands into folders")
    return HOLE


def su(call: Call) -> str:
    parsed = parse(call.args, OPTIONS[call.name])
    call.unknown_options(parsed.unknown)
    if (given := parsed.value("s")) is not None:
        act(call, "cmd", given)
    text = parsed.value("c") or parsed.value("session-command")
    if text is None:
        call.sh.opaque(f"{call.name} opens a shell")
    else:
        call.shell(text)
    return HOLE


_SCRIPT = ("write:typescript", "c,command=run q a f e t?write O=write log-out=write I=write T=write B=write E= quiet append flush return")


def recorded(call: Call) -> str:
    """script: a shell, or the command behind -c, whose screen goes to a file."""
    if not parse(call.args, _SCRIPT[1]).has("c"):
        call.sh.opaque("script opens a shell")
    return rows.run(call, _SCRIPT)


def sponge(call: Call) -> str:
    for arg in call.args:
        if not arg.startswith("-"):
            call.sh.write(arg)
    return HOLE


RUNNERS = {
    **dict.fromkeys(OPTIONS, wrapper),
    "env": env,
    "xargs": xargs,
    "gxargs": xargs,
    "parallel": parallel,
    "rush": parallel,
    "watch": watch,
    "busybox": busybox,
    "toybox": busybox,
    "su": su,
    "sponge": sponge,
    "script": recorded,
}
