"""Command lines of remote services: clouds, clusters, containers, registries, message brokers. Their words say what they do (`verbs`)."""

from __future__ import annotations

import re

from guard.analyse import targets
from guard.analyse.shell.call import Call
from guard.analyse.shell.marks import HOLE, STAR, UNKNOWN, listed, plain
from guard.analyse.shell.options import parse
from guard.analyse.shell.programs import secrets, verbs
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
    "nexus jfrog jf jenkins-cli nodetool gitlab-ctl gitlab-rake gitlab-backup gitlab-runner gitlab-rails surge deployctl neonctl "
    "pscale turso upstash appwrite convex dokku cf gopass rbw keyring elasticdump awslocal tea hub crossplane stern kubeseal "
    "kafkactl kafka-storage kafka-storage.sh kafka-leader-election kafka-reassign-partitions.sh confluent"
)
_TOOLS_ON_DISK = frozenset(
    listed("restic borg pass terraform tofu terragrunt pulumi vagrant virsh ceph rados rbd qm pct dvc kopia duplicity")
)
"""Programs whose destroying words destroy local things as well."""
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


_HERE = frozenset(
    listed(
        "ansible ansible-playbook puppet salt-call chef knife packer vagrant wg-quick gitlab-runner buildkite-agent sam serverless sls "
        "cdk dvc dbt airflow prefect celery op doppler infisical chamber conjur modal ngrok localtunnel cloudflared tailscale"
    )
)
"""Programs that start others on this machine, or open a way into it, when they do more than to look."""
_FLAGS = re.compile(
    r"--?(?:forget|cleanup|clean|wipe|erase|overwrite|unset|clear|drop|revoke|repair|uninstall|terminate|force|detach|disable|decommission)"
)
"""Options of commands that do not only look which take something away, or overwrite it."""
_TAKING = re.compile(r"--?(?:delete|purge|prune|remove|destroy|force-delete|reset|flush)|--repair$")
"""Options that take something away whatever the words seem to say: there are programs that have no verbs but these."""
_ENDS = re.compile(
    r"\bscale\b.*[= ]0(?:\s|$)|--(?:replicas|desired-count|min-size|desired-capacity|count)[= ]0\b|\blifecycle set\b|put-\S*lifecycle"
    r"|Status=Suspended|\bversioning set off\b|\bbatch-write-item\b|\brelease-(?:address|hosts)\b|retention\.ms=|retention\.bytes="
)
"""What ends or empties in other words than verbs: no copies any more, a rule or an age by which things are deleted."""
_METHOD = re.compile(r"(?:^| )(?:-X|--method|--request)[= ]?(\w+)")


def service(call: Call) -> str:
    """A remote command: reads, writes or destroys there by its words; local files that it names are read or written."""
    words = words_of(call.args)
    if not words and any(arg in ("--version", "--help", "-h", "-v", "version") for arg in call.args):
        return HOLE
    name = [call.name] if re.search(r"delete|remove|reset", call.name) else []
    flags = [arg for arg in call.args if _TAKING.match(plain(arg)) or (_FLAGS.match(plain(arg)) and not verbs.reads(words))]
    _files(call)
    if call.name == "vagrant" and words[:1] == ["ssh"]:
        with call.sh.maybe():
            call.shell(parse(call.args, "c,command=").value("c") or "")
    line = call.line
    named = verbs.destroys([*name, *words])
    if named or flags or _ENDS.search(line) or _api(call, words):
        call.remote(Kind.HTTP_DELETE, f"{call.line}: destroys at a remote service")
        if call.name in _TOOLS_ON_DISK:
            call.sh.delete(".", "may destroy what it manages under", tree=True)
    elif verbs.reads(words):
        call.remote(Kind.HTTP_GET)
    else:
        call.remote(Kind.HTTP_POST)
        if not verbs.writes(words) or call.name in _HERE:
            call.execute()
    if not (named and verbs.destroys(words)) and secrets.shown(call.name, words, line):
        call.sh.emit(Kind.SECRET_READ, targets.variable(""), f"{call.line}: handles secrets of a remote service", exact=False)
    return HOLE


def _api(call: Call, words: list[str]) -> bool:
    """Whether a command that sends any request (`gh api`, `glab api`) sends one that deletes: by its method, or by the names in a GraphQL
    mutation; or whether a merge deletes its branch."""
    first = [plain(word) for word in words[:2]]
    if first == ["pr", "merge"]:
        return "-d" in call.args
    if first[:1] != ["api"]:
        return False
    text = " ".join(plain(arg) for arg in call.args)
    method = _METHOD.search(text)
    return (method is not None and method[1].upper() == "DELETE") or ("mutation" in text and verbs.destroys([text]))


_NAMING = frozenset(("-f", "--filename", "--from-file", "--values", "--body-file", "--data-file", "--kubeconfig"))
"""Options whose value is a file, but for `-f` of those that give a field so."""


def _files(call: Call) -> None:
    for position, arg in enumerate(call.args):
        text = plain(arg)
        if match := re.match(r"(?:--?[\w-]+=)?(?:fileb?://|@)(.+)", text):
            call.sh.read(match[1])
        elif text in _NAMING and position + 1 < len(call.args) and (text != "-f" or call.name not in ("gh", "glab")):
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
    if verb in ("label", "annotate") and any(re.fullmatch(r"[\w./-]+-", plain(arg)) for arg in call.args if not arg.startswith("-")):
        call.remote(Kind.HTTP_DELETE, f"{call.line}: takes labels away at a cluster")
    if verb == "patch" and re.search(r'":\s*null|"op":\s*"remove"|\$patch', call.line):
        call.remote(Kind.HTTP_DELETE, f"{call.line}: takes fields away at a cluster")
    if verb == "config" and len(words) > 1 and not verbs.reads(words[1:]):
        call.sh.write("\x05/.kube/config", Kind.FS_SURFACE, "changes")
    return service(call)


_INFRA_READING = frozenset(
    listed("plan validate fmt show output version providers graph state-list console preview logs about whoami refresh-only")
)


def terraform(call: Call) -> str:
    words = words_of([arg for arg in call.args if not plain(arg).startswith("-chdir")])
    verb = plain(words[0]) if words else ""
    call.sh.read(".", tree=True)
    if call.name == "pulumi" and verbs.reads(words) and verb not in ("version", "about", "help"):
        call.remote(Kind.HTTP_GET, f"{call.line}: asks where the state is kept")
    if call.name == "pulumi" and secrets.shown(call.name, words, call.line):
        call.sh.emit(Kind.SECRET_READ, targets.variable(""), f"{call.line}: shows secrets of the configuration", exact=False)
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
    elif verb in ("init", "get"):
        call.remote(Kind.HTTP_GET)
        call.sh.write(".terraform/" + STAR)
    elif verb in ("login", "logout"):
        call.execute()
        call.remote(Kind.HTTP_POST)
        call.sh.write("\x05/.terraform.d/credentials.tfrc.json", verb="keeps credentials in")
    elif verb == "fmt":
        call.sh.write(STAR)
    elif verb not in _INFRA_READING and verb not in ("state", "workspace", "stack", "config"):
        call.execute()
    elif verb in ("plan", "preview", "providers", "console", "refresh"):
        call.execute(call.name, f"{call.line}: runs provider plugins")
        call.remote(Kind.HTTP_GET)
    elif verb in ("validate", "show", "graph"):
        call.execute(call.name, f"{call.line}: runs provider plugins")
    if verb in ("state", "workspace") and verbs.reads(words[1:2]) and [verb, *words[1:2]] != ["workspace", "show"]:
        call.remote(Kind.HTTP_GET, f"{call.line}: asks where the state is kept")
    if verb in ("output", "show") or [plain(word) for word in words[:2]] in (["state", "pull"], ["state", "show"]):
        call.sh.read("terraform.tfstate")
    return HOLE


RUNNERS = {
    **dict.fromkeys(SERVICES.split(), service),
    **dict.fromkeys(listed("aws gcloud az gsutil rclone mc s3cmd s5cmd azcopy b2"), storage),
    **dict.fromkeys(listed("kubectl oc k k3s microk8s minikube kind k3d"), kubectl),
    **dict.fromkeys(("terraform", "tofu", "terragrunt", "pulumi"), terraform),
}
