"""Libraries that reach machines and clouds: AWS, Google, Azure, containers, SSH, git, system tools."""

TABLE = """
@py-aws
boto3.client(service_name) = !aws_client -> boto3.Client(service_name)
boto3.resource(service_name) = !aws_client -> boto3.Client(service_name)
boto3.Session|session.Session() = pure -> boto3.Session
boto3.session.Session() = pure -> boto3.Session
boto3.Session.client|resource(service_name) = !aws_client -> boto3.Client(service_name)
boto3.Session.* = pure
boto3.dynamodb.* = pure
boto3.set_stream_logger|setup_default_session = pure
boto3.Client.* = !aws_call
boto3.Client.get_paginator|get_waiter|paginate|Bucket|Object|Table|Queue|Topic|Instance|Volume|Snapshot|Image|SecurityGroup|KeyPair|Vpc|Subnet|
    Stack|User|Role|Group|Policy|ObjectSummary|ObjectVersion|Subscription|buckets|instances|volumes|snapshots|images|security_groups|
    key_pairs|vpcs|subnets|tables|queues|topics|subscriptions|stacks|users|roles|groups|policies|object_versions|multipart_uploads|
    limit|page_size|meta|exceptions|batch_writer|all|filter|objects|
    pages|__getitem__|__iter__() = pure -> boto3.Client(self)
botocore.session.get_session|Session() = pure -> boto3.Session
boto3.Session.create_client(service_name) = !aws_client -> boto3.Client(service_name)
aioboto3.Session() = pure -> boto3.Session
aiobotocore.session.get_session() = pure -> boto3.Session
s3fs.S3FileSystem() = net.connect "s3.amazonaws.com:443"
[boto3 botocore aioboto3 aiobotocore s3fs] opaque

@py-google
google.cloud.storage.Client|Client.from_service_account_json() = net.connect "storage.googleapis.com:443" -> google.Client
google.cloud.storage.* = net.connect "storage.googleapis.com:443"
google.cloud.bigquery.Client() = net.connect "bigquery.googleapis.com:443" -> google.BigQuery
google.BigQuery.query|query_and_wait(query) = sql query
google.BigQuery.delete_table|delete_dataset() = sql.drop *
google.BigQuery.insert_rows|insert_rows_json|load_table_from_dataframe|load_table_from_uri|load_table_from_json|
    load_table_from_file() = sql.insert *
google.BigQuery.* = may http.post "https://bigquery.googleapis.com/"
google.Client.delete|delete_blob|delete_blobs|delete_bucket() = http.delete "https://storage.googleapis.com/"
google.Client.upload_from_filename|upload_from_file|
    upload_from_string(filename) = http.put "https://storage.googleapis.com/"; may fs.read filename
google.Client.download_to_filename(filename) = http.get "https://storage.googleapis.com/"; fs.write filename
google.Client.* = pure -> google.Client
google.cloud.* = !google_cloud
google.Api.__getitem__|__iter__|reference|operation|documents|parent|messages|acl|user = pure -> google.Api(self)
google.Api.* = !google_call
google.auth.default() = secret.read "~/.config/gcloud/application_default_credentials.json"
google.colab.* = opaque "uses the notebook host"
google.generativeai.* = http.post "https://generativelanguage.googleapis.com/"
google.genai.* = http.post "https://generativelanguage.googleapis.com/"
google.protobuf.* = pure
googleapiclient.discovery.build() = net.connect "www.googleapis.com:443" -> googleapiclient.Service
googleapiclient.Service.delete|trash|batchDelete|emptyTrash|clear() = http.delete "https://www.googleapis.com/" -> googleapiclient.Service
googleapiclient.Service.create|insert|update|patch|send|append|copy|import_|batchUpdate|
    modify() = http.post "https://www.googleapis.com/" -> googleapiclient.Service
googleapiclient.Service.get|list|search|batchGet|export() = http.get "https://www.googleapis.com/" -> googleapiclient.Service
googleapiclient.Service.* = pure -> googleapiclient.Service
googleapiclient.http.MediaFileUpload(filename) = fs.read filename
googleapiclient.http.MediaIoBaseDownload|MediaIoBaseUpload() = pure
googleapiclient.errors.* = pure
google_auth_oauthlib.flow.InstalledAppFlow.from_client_secrets_file(path) = secret.read path; net.connect "accounts.google.com:443"
google_auth_oauthlib.* = net.connect "accounts.google.com:443"
oauth2client.* = net.connect "accounts.google.com:443"
gspread.service_account|oauth|authorize() = net.connect "sheets.googleapis.com:443" -> googleapiclient.Service
gspread.* = net.connect "sheets.googleapis.com:443"
pydrive.* = net.connect "www.googleapis.com:443"
[google google.cloud google.oauth2 google.auth googleapiclient google_auth_oauthlib oauth2client apiclient] opaque
[gspread pydrive pydrive2] opaque
apiclient.* = net.connect "www.googleapis.com:443"
ee.* = net.connect "earthengine.googleapis.com:443"
[ee] opaque

@py-azure
azure.storage.blob.BlobServiceClient|ContainerClient|BlobClient() = net.connect * -> azure.Client
azure.Client.delete_blob|delete_container|delete_blobs() = http.delete *
azure.Client.upload_blob() = http.put *
azure.Client.__getitem__|__iter__() = pure -> azure.Client
azure.Client.* = http.get * -> azure.Client
azure.identity.* = net.connect "login.microsoftonline.com:443"
azure.* = net.connect *
msal.* = net.connect "login.microsoftonline.com:443"
msgraph.* = net.connect "graph.microsoft.com:443"
O365.* = net.connect "graph.microsoft.com:443"
office365.* = net.connect "graph.microsoft.com:443"
[azure msal msgraph O365 office365] opaque
cloudflare.Cloudflare|AsyncCloudflare() = net.connect "api.cloudflare.com:443"
digitalocean.* = net.connect "api.digitalocean.com:443"
linode_api4.* = net.connect "api.linode.com:443"
hvac.Client(url) = net.connect url; secret.read *
dropbox.* = net.connect "api.dropboxapi.com:443"
boxsdk.* = net.connect "api.box.com:443"
hcloud.* = net.connect "api.hetzner.cloud:443"
openstack.* = net.connect *
pulumi.* = net.connect *
datadog.* = net.connect "api.datadoghq.com:443"
sentry_sdk.* = net.connect "sentry.io:443"
newrelic.* = net.connect *
[cloudflare digitalocean linode_api4 hvac dropbox boxsdk hcloud openstack pulumi datadog sentry_sdk newrelic] opaque
[prometheus_client opentelemetry] pure

@py-containers
docker.from_env|DockerClient|APIClient() = net.connect "localhost:2375"; proc.exec "docker" -> docker.Client
docker.Client.remove|prune|kill|stop|remove_image|remove_container|prune_images|prune_containers|
    remove_volume() = proc.exec "docker"; http.delete "http://localhost:2375"
docker.Client.* = pure -> docker.Client
docker.errors.* = pure
docker.types.* = pure
kubernetes.config.load_kube_config|load_incluster_config() = secret.read "~/.kube/config"
kubernetes.client.* = net.connect * -> kubernetes.Api
kubernetes.client.V1Pod|V1Deployment|V1ObjectMeta|V1PodSpec|V1Container|V1DeleteOptions|V1Namespace|V1Service|V1Secret|V1ConfigMap|
    V1Job|ApiException|Configuration = pure
kubernetes.client.rest.ApiException = pure
kubernetes.Api.* = !kube_call
kubernetes.stream.stream() = proc.exec "kubectl"
kubernetes.watch.* = pure
kubernetes.dynamic.* = net.connect *
kubernetes.utils.create_from_yaml(k8s_client, yaml_file) = fs.read yaml_file; http.post *
podman.PodmanClient() = proc.exec "podman" -> docker.Client
[docker kubernetes kubernetes.client kubernetes.config kubernetes.watch kubernetes_asyncio podman lightkube pykube] opaque

@py-ssh
paramiko.SSHClient|client.SSHClient() = pure -> paramiko.SSHClient
paramiko.SSHClient() = pure -> paramiko.SSHClient
paramiko.SSHClient.connect(hostname, port) = net.connect hostname:22
paramiko.SSHClient.exec_command(command) = sh_remote command
paramiko.SSHClient.invoke_shell() = proc.exec "ssh"
paramiko.SSHClient.open_sftp() = pure -> paramiko.SFTPClient
paramiko.SSHClient.__latent__() = net.connect *
paramiko.SSHClient.* = pure
paramiko.Transport(sock) = net.connect sock
paramiko.SFTPClient.from_transport() = pure -> paramiko.SFTPClient
paramiko.SFTPClient.put(localpath, remotepath) = fs.read localpath; net.connect *
paramiko.SFTPClient.get(remotepath, localpath) = net.connect *; fs.write localpath
paramiko.SFTPClient.remove|rmdir|unlink() = http.delete *
paramiko.SFTPClient.* = may net.connect *
paramiko.RSAKey.from_private_key_file(filename) = secret.read filename
paramiko.Ed25519Key.from_private_key_file(filename) = secret.read filename
paramiko.AutoAddPolicy|RejectPolicy|WarningPolicy|SSHException|AuthenticationException|RSAKey|Ed25519Key|PKey = pure
fabric.Connection(host) = net.connect host:22 -> fabric.Connection
fabric.Connection.run|sudo(command) = sh_remote command
fabric.Connection.local(command) = sh command
fabric.Connection.put(local) = fs.read local; net.connect *
fabric.Connection.get(remote, local) = net.connect *; fs.write local
fabric.Connection.* = pure
fabric.* = proc.exec "ssh"
invoke.run|Context.run|Context.sudo(command) = sh command
invoke.Context() = pure -> invoke.Context
invoke.Context.* = pure
invoke.task() = !tasked
invoke.Collection|Exit|Failure|UnexpectedExit|Result|Responder = pure
asyncssh.connect(host) = net.connect host:22 -> fabric.Connection
asyncssh.* = net.connect *
netmiko.ConnectHandler() = net.connect *; proc.exec "ssh"
scp.SCPClient() = net.connect *
pysftp.Connection(host) = net.connect host:22
pexpect.spawn|run|spawnu(command) = sh command
pexpect.pxssh.* = proc.exec "ssh"
sh.rm|rmdir|unlink|shred() = proc.exec "rm"; fs.delete *
sh.* = !named_program
plumbum.* = proc.exec *
plumbum.cmd.* = !named_program
plumbum.local.__getitem__() = proc.exec *
plumbum.cmd.__getitem__() = proc.exec *
ansible.* = proc.exec "ansible"
nmap.* = proc.exec "nmap"; net.connect *
scapy.* = net.connect *
pysnmp.* = net.connect *
shodan.* = net.connect "api.shodan.io:443"
whois.* = net.connect *
dns.* = net.connect *
dns.resolver.resolve|query(qname) = net.connect qname:53
ping3.* = net.connect *
bluetooth.* = net.connect *
serial.* = opaque "uses a serial port"
usb.* = opaque "uses a USB device"
pywinauto.* = opaque "controls other programs"
win32api.* = opaque "uses native code"
win32com.* = opaque "controls other programs"
droidbot.* = proc.exec "adb"
[paramiko fabric invoke asyncssh netmiko scp pysftp pexpect sh plumbum ansible nmap scapy pysnmp shodan whois] opaque
[dns ping3 bluetooth serial usb pywinauto win32api win32com win32gui win32con win32clipboard pythoncom droidbot] opaque
[OpenSSL] opaque
OpenSSL.crypto.* = pure
OpenSSL.SSL.Connection(context, socket) = net.connect *

@py-git
git.Repo(path) = fs.read path/ -> git.Repo(path)
git.Repo.clone_from(url, to_path) = net.connect url; fs.write to_path/; proc.exec "git" -> git.Repo(to_path)
git.Repo.init(path) = fs.surface path/; proc.exec "git" -> git.Repo(path)
git.Repo.git|index() = proc.exec "git" -> git.Command
git.Command.reset|clean|rm|checkout|restore|stash|rebase|branch|tag|gc|prune|remove() = proc.exec "git"; fs.delete *
git.Command.__getitem__|__iter__() = pure -> git.Command
git.Command.push() = proc.exec "git"; http.post *; http.delete *
git.Command.fetch|pull|clone|ls_remote|submodule() = proc.exec "git"; net.connect *
git.Command.* = proc.exec "git" -> git.Command
git.Repo.remotes|remote|submodules|submodule|refs|references() = proc.exec "git" -> git.Command
git.Git|cmd.Git() = proc.exec "git" -> git.Command
git.Repo.delete_head|delete_tag|delete_remote() = proc.exec "git"; fs.delete *
git.Repo.* = proc.exec "git"
git.Repo.active_branch|head|branches|heads|tags|untracked_files|iter_commits|is_dirty|working_dir|commit|tree|bare|
    working_tree_dir|close() = proc.exec "git"
git.exc.* = pure
git.GitCommandError|InvalidGitRepositoryError|NoSuchPathError|GitError|BadName|NULL_TREE|Actor = pure
pygit2.* = fs.surface *
dulwich.* = fs.surface *
[git pygit2 dulwich] opaque

@py-system
psutil.process_iter|pids|cpu_percent|virtual_memory|disk_usage|cpu_count|net_io_counters|boot_time|users|swap_memory|
    sensors_temperatures|sensors_battery|disk_partitions|cpu_freq|net_if_addrs|net_connections|cpu_times|disk_io_counters|pid_exists|
    getloadavg|cpu_stats|net_if_stats|wait_procs|NoSuchProcess|AccessDenied|ZombieProcess() = pure -> psutil.Process
psutil.Process|Popen() = pure -> psutil.Process
psutil.Popen(args) = argv args
psutil.Process.kill|terminate|suspend|resume|send_signal|nice|rlimit|cpu_affinity|ionice() = proc.exec "kill"
psutil.Process.environ() = env.read *
psutil.Process.* = pure -> psutil.Process
Crypto.* = pure
Cryptodome.* = pure
cryptography.* = pure
pyotp.* = pure
simplecrypt.* = pure
keyring.get_password|get_credential(service_name) = secret.read service_name
keyring.set_password|delete_password() = opaque "changes the system's key ring"
keyring.get_keyring() = secret.read *
keyring.errors.* = pure
[Crypto Cryptodome cryptography pyotp simplecrypt tweepy_types] pure
[keyring] opaque
platformdirs.* = !ensured_folder
appdirs.* = pure
send2trash.send2trash(paths) = fs.delete paths
distro.* = pure
cpuinfo.* = proc.exec *
GPUtil.* = proc.exec "nvidia-smi"
wmi.* = opaque "uses Windows management"
RPi.* = opaque "uses hardware pins"
smbus.* = opaque "uses hardware"
pwn.* = net.connect *; proc.exec *
[platformdirs appdirs distro] pure
[send2trash cpuinfo GPUtil wmi RPi smbus pwn] opaque
IPython.get_ipython() = pure -> IPython.Shell
IPython.core.getipython.get_ipython() = pure -> IPython.Shell
IPython.Shell.system|getoutput|getoutput_once|system_raw|system_piped(cmd) = sh cmd
IPython.Shell.run_cell|run_code|ex|ev|run_line_magic|run_cell_magic|magic|safe_execfile|
    run_cell_async() = opaque "runs code in the notebook's shell"
IPython.Shell.* = pure
IPython.display.display = pure
IPython.display.* = pure
IPython.* = opaque "uses the notebook host"
[IPython] opaque
ipywidgets.* = pure
[ipywidgets] pure
py.path.local(path) = fs.read path -> pypath.Local(path)
pypath.Local.remove() = fs.delete self
pypath.Local.write() = fs.write self
pypath.Local.* = pure -> pypath.Local(self)
[py] opaque
RestrictedPython.* = opaque "compiles text"
asteval.* = opaque "runs text as code"
simpleeval.* = opaque "runs text as code"
numexpr.evaluate() = !expression
[RestrictedPython asteval simpleeval] opaque
luigi.* = opaque "runs tasks"
airflow.* = opaque "runs tasks"
prefect.* = opaque "runs tasks"
[luigi airflow prefect] opaque
tempdir.* = pure
fsspec.filesystem() = net.connect * -> fsspec.FileSystem
fsspec.FileSystem.rm|rm_file|rmdir|delete|mv|move|rename() = fs.delete *; http.delete *
fsspec.FileSystem.put|put_file|upload|pipe|pipe_file|write_text|write_bytes|copy|cp|touch|makedirs|mkdir() = fs.write *; http.put *
fsspec.FileSystem.* = fs.read *; net.connect *
fsspec.* = fs.read *; net.connect *
smart_open.open(uri, mode) = !open -> io.File(uri)
universal_pathlib.* = fs.read *
aiofiles.open(file, mode) = !open -> io.File(file)
aiofiles.os.remove|unlink(path) = fs.delete path
aiofiles.os.rename|replace(src, dst) = fs.delete src; fs.write dst
aiofiles.os.mkdir|makedirs(path) = fs.create path/
aiofiles.os.rmdir(path) = fs.delete path/
aiofiles.os.* = fs.list *
anyio.open_file(file, mode) = !open -> io.File(file)
anyio.run_process|open_process(command) = argv command
anyio.connect_tcp(remote_host, remote_port) = net.connect remote_host:remote_port
anyio.create_tcp_listener|create_udp_socket|create_connected_udp_socket|connect_unix|create_unix_listener|create_unix_datagram_socket|
    create_connected_unix_datagram_socket|getaddrinfo|getnameinfo|as_connectable|notify_closing() = net.connect *
anyio.TemporaryFile|NamedTemporaryFile|SpooledTemporaryFile|TemporaryDirectory|mkstemp|mkdtemp() = fs.write *
anyio.streams.file.FileReadStream.from_path(path) = fs.read path
anyio.streams.file.FileWriteStream.from_path(path) = fs.write path
anyio.to_process.run_sync(func) = call func
anyio.to_interpreter.run_sync(func) = call func
anyio.abc.SocketAttribute|abc.SocketStream = pure
anyio.Path() = !path
[fsspec smart_open aiofiles] opaque
[anyio trio uvloop nest_asyncio gevent eventlet] pure
[anyio._backends anyio.pytest_plugin trio._core trio.socket trio.testing trio.__main__ eventlet.green eventlet.patcher] opaque
[eventlet.backdoor gevent.backdoor gevent.resolver gevent.libev gevent.libuv gevent.core gevent.builtins gevent.testing] opaque
trio.run_process|lowlevel.open_process(command) = argv command
trio.open_tcp_stream|open_ssl_over_tcp_stream(host, port) = net.connect host:port
trio.open_unix_socket|open_tcp_listeners|open_ssl_over_tcp_listeners|serve_tcp|serve_ssl_over_tcp|SocketStream|
    SocketListener() = net.connect *
trio.socket.* = net.connect *
trio.open_nursery|open_memory_channel|open_signal_receiver() = pure
gevent.spawn|Greenlet.spawn(function) = call *args
gevent.spawn_later(seconds, function) = call function
gevent.pool.Pool|Group() = pure -> gevent.Pool
gevent.Pool.spawn|start(function) = call *args
gevent.Pool.* = pure
gevent.queue.* = pure
eventlet.spawn|spawn_n(func) = call *args
eventlet.spawn_after|spawn_after_local(seconds, func) = call func
eventlet.GreenPool() = pure -> eventlet.GreenPool
eventlet.GreenPool.spawn|spawn_n(func) = call *args
eventlet.GreenPool.* = pure
trio.Path() = !path
trio.open_file(file, mode) = !open -> io.File(file)
trio.wrap_file() = pure -> io.File
trio.socket.AF_INET|AF_INET6|SOCK_STREAM|SOCK_DGRAM = pure
gevent.socket => socket
gevent.subprocess => subprocess
gevent.os => os
gevent.ssl => ssl
gevent.signal => signal
gevent.fileobject.FileObject|FileObjectThread|FileObjectPosix|FileObjectBlock(fobj, mode) = !open -> io.File(fobj)
gevent.pywsgi.* = net.connect "0.0.0.0"
gevent.server.* = net.connect "0.0.0.0"
gevent.baseserver.* = net.connect "0.0.0.0"
gevent.monkey.patch_module|patch_item() = opaque "changes other modules"
gevent.fork|reinit() = proc.exec *
eventlet.connect|listen(addr) = net.connect addr
eventlet.serve|wrap_ssl() = net.connect "0.0.0.0"
eventlet.wsgi.* = net.connect "0.0.0.0"
eventlet.websocket.* = net.connect *
eventlet.zipkin.* = net.connect *
eventlet.import_patched|patcher.inject|patcher.import_patched|patcher.original() = opaque "imports what a text names"
"""
