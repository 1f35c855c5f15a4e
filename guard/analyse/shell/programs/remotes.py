"""Command lines of remote services: clouds, clusters, containers, registries, message brokers. Their words say what they do (`verbs`)."""

from __future__ import annotations

import re

from guard.analyse import targets
from guard.analyse.shell.call import Call
from guard.analyse.shell.marks import HOLE, STAR, UNKNOWN, known, listed, plain
from guard.analyse.shell.options import parse
from guard.analyse.shell.programs import verbs
from guard.model import Kind

SERVICES = (
    "aws gcloud az gsutil bq kubectl oc helm gh glab hub doctl linode-cli hcloud oci ibmcloud aliyun tccli scw exo vultr-cli "
    "civo upctl heroku fly flyctl vercel netlify wrangler firebase supabase railway render amplify eb sam cdk serverless sls "
    "copilot ecs-cli eksctl kops vault consul nomad boundary waypoint op doppler bw pass lpass infisical chamber akeyless "
    "conjur circleci travis buildkite-agent drone argocd argo flux istioctl linkerd cilium velero kafka-topics "
    "kafka-consumer-groups kafka-configs kafka-acls kafka-delete-records kafka-reassign-partitions "
    "kafka-streams-application-reset kafka-topics.sh kafka-consumer-groups.sh kafka-configs.sh kafka-acls.sh "
    "kafka-delete-records.sh kcat kafkacat rpk rabbitmqctl rabbitmqadmin rabbitmq-diagnostics nats nsc pulsar-admin "
    "mosquitto_pub mosquitto_sub celery etcdctl zkCli.sh cqlsh influx clickhouse-client es curator meilisearch algolia "
    "typesense stripe paypal shopify twilio sendgrid mailgun sentry-cli datadog-ci newrelic pd pagerduty ldcli flipt unleash "
    "statsig fastly akamai cloudflared flarectl cloudflare cfcli route53 lego certbot acme.sh mc s3cmd s5cmd rclone "
    "azcopy b2 restic borg duplicity kopia duplicacy ansible ansible-playbook ansible-galaxy chef knife puppet salt salt-call "
    "salt-ssh pulumi terragrunt tofu terraform packer vagrant multipass kong deck apigee apigeecli traefik haproxy "
    "docker-machine skopeo crane oras regctl cosign trivy snyk sonar-scanner codecov jira confluence slack discord databricks "
    "dbt snowsql airflow prefect dagster dvc wandb huggingface-cli hf kaggle ollama replicate modal runpodctl sky ngrok "
    "localtunnel tailscale zerotier-cli wg-quick nvidia-smi virsh qm pct vmctl govc esxcli openstack nova cinder neutron glance "
    "swift ceph rados rbd gluster drush wp prowler promtool amtool grafana-cli logcli splunk kibana-plugin elasticsearch-plugin "
    "nexus jfrog jf"
)
_TOOLS_ON_DISK = frozenset(
    listed("restic borg pass terraform tofu terragrunt pulumi vagrant virsh ceph rados rbd qm pct dvc kopia duplicity")
)
"""Programs whose destroying words destroy local things as well."""
_SECRET_WORDS = re.compile(
    r"secret|credential|password|private-?key|access-?key|(?:^|-)token|decrypt|keyvault|auth-token|kv-get|connection-string", re.I
)
_VALUED = re.compile(
    r"--?(?:n|o|f|c|p|profile|region|namespace|context|project|output|format|query|subscription|resource-group|g|host|server|filename|config|cluster)$"
)


def words_of(args: list[str]) -> list[str]:
    """The subcommand words: operands before the first that looks like a name of a thing."""
    out: list[str] = []
    skip = False
    for arg in args:
        if skip:
            skip = False
        elif arg.startswith("-"):
            skip = bool(_VALUED.match(plain(arg)))
        elif UNKNOWN.search(arg) or len(out) >= 4:
            break
        else:
            out.append(arg)
    return out


def service(call: Call) -> str:
    """A remote command: reads, writes or destroys there by its words; local files that it names are read or written."""
    words = words_of(call.args)
    if not words and any(arg in ("--version", "--help", "-h", "-v", "version") for arg in call.args):
        return HOLE
    name = [call.name] if re.search(r"delete|remove|reset", call.name) else []
    flags = [arg for arg in call.args if re.match(r"--(?:delete|purge|prune|remove|destroy|force-delete|reset|flush)", plain(arg))]
    _files(call)
    if verbs.destroys([*name, *words, *flags]):
        call.remote(Kind.HTTP_DELETE, f"{call.line}: destroys at a remote service")
        if call.name in _TOOLS_ON_DISK:
            call.sh.delete(".", "may destroy what it manages under", tree=True)
    elif verbs.reads(words):
        call.remote(Kind.HTTP_GET)
    else:
        call.remote(Kind.HTTP_POST)
        if not verbs.writes(words):
            call.execute()
    if _SECRET_WORDS.search(" ".join(plain(word) for word in words)) and not verbs.destroys(words):
        call.sh.emit(Kind.SECRET_READ, targets.variable(""), f"{call.line}: handles secrets of a remote service", exact=False)
    return HOLE


def _files(call: Call) -> None:
    for position, arg in enumerate(call.args):
        text = plain(arg)
        if match := re.match(r"(?:--?[\w-]+=)?(?:fileb?://|@)(.+)", text):
            call.sh.read(match[1])
        elif text in ("-f", "--filename", "--from-file", "--values", "--body-file", "--data-file", "--kubeconfig") and position + 1 < len(
            call.args
        ):
            value = call.args[position + 1]
            call.url(value, Kind.HTTP_GET) if "://" in plain(value) else call.sh.read(value)
        elif match := re.match(r"--(?:filename|from-file|values|kubeconfig|from-env-file)=(?:[\w.-]+=)?(.+)", text):
            call.sh.read(match[1])


_STORED = re.compile(r"(?:s3|gs|az|b2|swift|https?|r2)://|[\w-]+:(?!\\)")


def _copies(call: Call, words: list[str], *, moves: bool, mirrors: bool) -> None:
    """cp, mv and sync between here and a store."""
    tree = mirrors or any(re.match(r"-(?:-recursive|r|R)|sync|mirror|copy$|move$", plain(arg)) for arg in call.args)
    *sources, target = words if len(words) > 1 else [*words, ""]
    for source in sources:
        if _STORED.match(plain(source)):
            call.remote(Kind.HTTP_GET)
            if moves:
                call.remote(Kind.HTTP_DELETE, "moves away there")
        else:
            call.sh.read(source, tree=tree)
            if moves:
                call.sh.delete(source, "moves away", tree=True)
    if _STORED.match(plain(target)):
        call.remote(Kind.HTTP_PUT, taint=True)
        if mirrors:
            call.remote(Kind.HTTP_DELETE, "deletes there what the source has not")
    elif target:
        call.sh.write(target)
        if mirrors:
            call.sh.delete(target, "deletes there what the source has not", tree=True)


def storage(call: Call) -> str:
    """aws s3, gsutil, rclone, mc, s3cmd, azcopy: stores with copy commands."""
    words = [arg for arg in call.args if not arg.startswith("-")]
    if call.name in ("aws", "gcloud", "az"):
        if plain(words[0] if words else "") not in ("s3", "storage"):
            return service(call)
        words = words[1:]
    verb = plain(words[0]) if words else ""
    mirrors = any(re.match(r"--(?:delete|remove|delete-destination)|-d$", plain(arg)) for arg in call.args)
    if verb in listed("cp copy sync mv move rsync mirror put get copyto moveto bisync"):
        sync = verb in ("sync", "bisync") and call.name == "rclone"
        _copies(call, words[1:], moves=verb.startswith("m") and verb != "mirror", mirrors=mirrors or sync)
        return HOLE
    return service(call)


def _compose(call: Call, args: list[str]) -> str:
    words = words_of(args)
    call.sh.read("docker-compose.yml")
    verb = plain(words[0]) if words else ""
    if verb in ("exec", "run"):
        rest = args[args.index(words[0]) + 1 :]
        parsed = parse(rest, _DOCKER_RUN, permute=False)
        call.run(parsed.operands[1:])
    if verb in listed("up run build start restart create exec watch"):
        call.execute(call.name, f"{call.line}: builds or starts containers")
    elif verb in ("down", "rm", "kill", "stop", "pause"):
        call.sh.delete("/var/lib/docker", "removes or stops containers under", tree=True)
    elif verb == "config" and not {"--services", "--volumes", "--profiles", "--images"} & set(args):
        call.sh.read(".env")
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
    elif verb in ("cp",):
        words = [arg for arg in args if not arg.startswith("-")]
        for position, word in enumerate(words[:2]):
            if not re.match(r"[\w-]+:", plain(word)):
                call.sh.write(word) if position else call.sh.read(word)
            elif position:
                call.execute(call.name, f"{call.line}: changes files in a container")
    elif verb in ("save", "export"):
        parsed = parse(args, "o,output=write")
        call.sh.write(parsed.value("o") or "-")
    elif verb in ("load", "import"):
        parsed = parse(args, "i,input=read c= m=")
        call.sh.read(parsed.value("i") or "-")
        call.execute()
    elif verb in ("pull", "search", "login", "logout", "push"):
        call.remote(Kind.HTTP_POST if verb in ("push", "login") else Kind.HTTP_GET)
    elif noun == "manifest":
        call.remote(Kind.HTTP_GET)
    elif verbs.destroys([verb]) or verb in ("leave", "pause", "rm", "rmi", "down", "df-prune"):
        call.sh.delete("/var/lib/docker", f"{noun or call.name} {verb} removes or stops under", tree=True)
    elif verb not in listed("ps ls list images logs inspect info version stats top port diff history events df show wait help"):
        call.execute()


_WHOLE = re.compile(r"Env|\.Config(?![\w.])|\{\{[^}]*(?<!\w)\.(?!\w)|[$]")
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


def kubectl(call: Call) -> str:
    words = words_of(call.args)
    verb = plain(words[0]) if words else ""
    if verb == "version" and "--client" in call.args:
        return HOLE
    if verb == "exec":
        rest = call.args[call.args.index("--") + 1 :] if "--" in call.args else [arg for arg in call.args if not arg.startswith("-")][2:]
        call.execute(call.name, f"{call.line}: runs a command in a cluster")
        call.remote(Kind.HTTP_POST)
        folders, call.sh.folders = call.sh.folders, ()
        with call.sh.maybe():
            call.run(rest)
        call.sh.folders = folders
        return HOLE
    if verb == "cp":
        _copies(call, words[1:], moves=False, mirrors=False)
        return HOLE
    if verb in ("run", "debug", "proxy", "port-forward", "attach", "plugin", "krew"):
        call.execute()
    if verb in ("drain", "cordon", "taint", "replace") or (verb == "apply" and any("prune" in plain(arg) for arg in call.args)):
        call.remote(Kind.HTTP_DELETE, f"{call.line}: takes away at a cluster")
    if verb == "scale" and re.search(r"--replicas[= ]0\b", call.line):
        call.remote(Kind.HTTP_DELETE, f"{call.line}: stops all copies")
    if verb in ("get", "describe") and re.search(r"\bsecrets?\b", call.line):
        call.sh.emit(Kind.SECRET_READ, targets.variable(""), f"{call.line}: reads secrets of a cluster", exact=False)
    if verb == "config" and len(words) > 1 and not verbs.reads(words[1:]):
        call.sh.write("\x05/.kube/config", Kind.FS_SURFACE, "changes")
    return service(call)


_INFRA_READING = frozenset(
    listed("plan validate fmt show output version providers graph state-list console get preview logs about whoami refresh-only")
)


def terraform(call: Call) -> str:
    words = words_of([arg for arg in call.args if not plain(arg).startswith("-chdir")])
    verb = plain(words[0]) if words else ""
    call.sh.read(".", tree=True)
    if verb in listed("apply up destroy down import refresh taint run-all cancel delete"):
        call.remote(Kind.HTTP_POST, f"{call.line}: changes infrastructure")
    if (
        verb in ("destroy", "down", "taint", "force-unlock", "delete")
        or "-destroy" in call.args
        or "--destroy" in call.args
        or verbs.destroys(words[:3])
    ):
        call.remote(Kind.HTTP_DELETE, f"{call.line}: destroys infrastructure")
    elif verb in ("state", "workspace", "stack", "config") and not verbs.reads(words[1:]):
        call.execute(call.name, f"{call.line}: changes what is known of the infrastructure")
        call.remote(Kind.HTTP_POST)
    elif verb in ("apply", "up", "run-all"):
        call.remote(Kind.HTTP_DELETE, f"{call.line}: may destroy infrastructure")
    elif verb == "init":
        call.remote(Kind.HTTP_GET)
        call.sh.write(".terraform/" + STAR)
    elif verb == "fmt":
        call.sh.write(STAR)
    elif verb not in _INFRA_READING and verb not in ("state", "workspace", "stack", "config"):
        call.execute()
    elif verb in ("plan", "preview", "providers", "console", "refresh"):
        call.execute(call.name, f"{call.line}: runs provider plugins")
        call.remote(Kind.HTTP_GET)
    elif verb in ("validate", "show", "graph"):
        call.execute(call.name, f"{call.line}: runs provider plugins")
    if verb in ("output", "show") or [plain(word) for word in words[:2]] in (["state", "pull"], ["state", "show"]):
        call.sh.read("terraform.tfstate")
    return HOLE


RUNNERS = {
    **dict.fromkeys(SERVICES.split(), service),
    **dict.fromkeys(listed("aws gcloud az gsutil rclone mc s3cmd s5cmd azcopy b2"), storage),
    **dict.fromkeys(listed("docker podman nerdctl docker-compose podman-compose buildah ctr crictl lxc incus"), docker),
    **dict.fromkeys(listed("kubectl oc k k3s microk8s minikube kind k3d"), kubectl),
    **dict.fromkeys(("terraform", "tofu", "terragrunt", "pulumi"), terraform),
}
