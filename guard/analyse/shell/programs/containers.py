"""Containers: docker, podman, compose and their kin. What runs in a container guard does not see; what it is given guard does."""

from __future__ import annotations

import re

from guard.analyse.shell.call import Call
from guard.analyse.shell.marks import HOLE, STAR, known, listed, plain
from guard.analyse.shell.options import parse
from guard.analyse.shell.programs import verbs
from guard.analyse.shell.programs.remotes import words_of
from guard.analyse.shell.programs.rows import act
from guard.model import Kind

_COMPOSE_GLOBAL = "f,file=read env-file=read p,project-name= profile= project-directory= ansi= parallel= progress="


def _compose(call: Call, args: list[str]) -> str:
    words = words_of(args)
    call.sh.read("docker-compose.yml")
    for option, value in parse(args, _COMPOSE_GLOBAL, permute=False).options:
        if option.role and value is not None:
            act(call, option.role, value)
    verb = plain(words[0]) if words else ""
    if verb in ("exec", "run"):
        rest = args[args.index(words[0]) + 1 :]
        parsed = parse(rest, _DOCKER_RUN, permute=False)
        call.run(parsed.operands[1:])
    if verb in listed("up run build start restart create exec watch"):
        call.execute(call.name, f"{call.line}: builds or starts containers")
    elif verb in ("down", "rm", "kill", "stop", "pause"):
        call.sh.delete("/var/lib/docker", "removes or stops containers under", tree=True)
    elif verb == "config":
        if not {"--services", "--volumes", "--profiles", "--images"} & set(args):
            call.sh.read(".env")
        if output := parse(args, "f,file= p= o,output=write").value("o"):
            call.sh.write(output)
    elif verb in ("pull", "push"):
        call.remote(Kind.HTTP_GET if verb == "pull" else Kind.HTTP_POST)
    elif verb not in ("ps", "logs", "config", "images", "ls", "version", "top", "port", "events", ""):
        call.execute()
    return HOLE


_DOCKER_RUN = (
    "e,env= v,volume= p,publish= w,workdir= u,user= name= entrypoint= network= net= h,hostname= env-file=read l,label= "
    "m,memory= cpus= mount= add-host= cap-add= cap-drop= device= dns= expose= gpus= health-cmd= init ip= ipc= link= log-driver= "
    "log-opt= pid= platform= pull= restart= runtime= security-opt= shm-size= stop-signal= tmpfs= ulimit= userns= volumes-from= "
    "cidfile=write detach-keys= index= c,cpu-shares= a,attach= d,detach i,interactive t,tty rm P privileged read-only T no-deps "
    "service-ports n,namespace= container= f,filename="
)
_DOCKER_GLOBAL = (
    "H,host= c,context= l,log-level= config= tlscacert=read tlscert=read tlskey=read D tls tlsverify v version help f,file= "
    "p,project-name= profile="
)


def docker(call: Call) -> str:
    """docker, podman, nerdctl: containers run code that guard does not see."""
    if call.name in ("docker-compose", "podman-compose"):
        return _compose(call, call.args)
    parsed = parse(call.args, _DOCKER_GLOBAL, permute=False)
    if parsed.has("H", "c", "config"):
        call.sh.opaque(f"{call.name} speaks to another machine, or with other settings")
    if not parsed.operands:
        return HOLE
    name, *args = [*parsed.operands]
    verb = plain(name)
    if verb == "compose":
        return _compose(call, args)
    if (
        verb
        in listed(
            "container image volume network system builder buildx context manifest plugin secret config node service stack swarm "
            "trust machine pod play generate scout checkpoint"
        )
        and args
    ):
        noun, verb, args = verb, plain(args[0]), args[1:]
    else:
        noun = ""
    _docker_verb(call, noun, verb, args)
    return HOLE


def _docker_verb(call: Call, noun: str, verb: str, args: list[str]) -> None:
    if verb in listed("run exec create start restart build compose up bake kube unpause update"):
        call.execute(call.name, f"{call.line}: runs what is in a container")
        if verb in ("run", "exec", "create"):
            _container(call, verb, args)
        elif verb in ("build", "bake"):
            for word in [arg for arg in args if not arg.startswith("-")][-1:]:
                call.sh.read(word, tree=True)
    elif verb == "inspect":
        if noun not in ("volume", "network", "node", "plugin") and _shows_environment(args):
            call.sh.env("")
    elif verb == "top" and not all(plain(arg) in ("-e", "-f", "-ef", "-eF", "aux") for arg in args[1:]):
        call.sh.opaque(f"{call.line}: options of ps may show the environment")
    elif verb == "cp":
        _copies(call, [arg for arg in args if not arg.startswith("-")])
    elif verb in ("save", "export", "load", "import"):
        _packs(call, noun, verb, args)
    elif verb in ("history", "imagetools") and noun == "buildx" and not verbs.reads(args[:1]):
        call.sh.delete("/var/lib/docker", f"buildx {verb} may remove under", tree=True)
    elif verb in ("pull", "search", "login", "logout", "push"):
        call.remote(Kind.HTTP_POST if verb in ("push", "login") else Kind.HTTP_GET)
    elif noun == "manifest" and not verbs.destroys([verb]):
        call.remote(Kind.HTTP_GET)
    elif verbs.destroys([verb]) or verb in ("leave", "pause", "rm", "rmi", "down", "df-prune"):
        call.sh.delete("/var/lib/docker", f"{noun or call.name} {verb} removes or stops under", tree=True)
    elif verb not in listed("ps ls list images logs inspect info version stats top port diff history events df show wait help"):
        call.execute()


def _copies(call: Call, words: list[str]) -> None:
    """A file between here and a container."""
    for position, word in enumerate(words[:2]):
        if not re.match(r"[\w-]+:", plain(word)):
            call.sh.write(word) if position else call.sh.read(word)
        elif position:
            call.execute(call.name, f"{call.line}: changes files in a container")
        elif call.sh.secret(word.partition(":")[2]):
            call.sh.read(word.partition(":")[2])


def _packs(call: Call, noun: str, verb: str, args: list[str]) -> None:
    """Images, containers and settings as one file."""
    if noun == "context" and verb == "export":
        call.sh.write(args[1] if len(args) > 1 else f"{(args or [STAR])[0]}.dockercontext")
        call.sh.read("\x05/.docker/config.json")
    elif verb in ("save", "export"):
        call.sh.write(parse(args, "o,output=write").value("o") or "-")
    else:
        call.sh.read(parse(args, "i,input=read c= m=").value("i") or "-")
        call.execute()


_WHOLE = re.compile(r"Env|ContainerConfig|CreateCommand|\.Config(?![\w.])|\{\{[^}]*(?<!\w)\.(?!\w)|[$]")
"""A template that shows the environment of a container, or a whole that it is part of."""


def _shows_environment(args: list[str]) -> bool:
    """Whether `inspect` shows the variables that a container was started with: it does unless a format asks for other things."""
    form = parse(args, "f,format= type= s,size").value("f")
    return form is None or not known(form) or "{{" not in plain(form) or _WHOLE.search(plain(form)) is not None


def _container(call: Call, verb: str, args: list[str]) -> None:
    parsed = parse(args, _DOCKER_RUN, permute=False)
    for option, value in parsed.options:
        if option.name == "v" and value and known(value.split(":", 1)[0]):
            source = value.split(":", 1)[0]
            if "/" in source or source.startswith((".", "\x05")):
                call.sh.read(source, tree=True)
                if not value.endswith(":ro"):
                    call.sh.write(source + "/" + STAR)
    command = parsed.operands[1:]
    if command and verb != "create":
        folders, call.sh.folders = call.sh.folders, ()
        with call.sh.maybe():
            call.run(command)
        call.sh.folders = folders


def containers(call: Call) -> str:
    """ctr, crictl, lxc, incus, buildah …: containers of another kind, by their words."""
    words = words_of(call.args)
    if [plain(word) for word in words[:1]] == ["exec"] and "--" in call.args:
        _container(call, "exec", ["", *call.args[call.args.index("--") + 1 :]])
    if verbs.destroys(words):
        call.sh.delete("/var/lib/containers", f"{call.line}: removes or stops under", tree=True)
    elif not all(plain(word) in _CONTAINER_LOOKS for word in words[:2]) or not words:
        call.execute()
    return HOLE


_CONTAINER_LOOKS = frozenset(
    listed("images image containers container c tasks task namespaces snapshots content ps pods list ls info version inspect stats check")
)


RUNNERS = {
    **dict.fromkeys(listed("docker podman nerdctl docker-compose podman-compose"), docker),
    **dict.fromkeys(listed("buildah ctr crictl lxc incus"), containers),
}
