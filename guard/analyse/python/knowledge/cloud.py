"""Libraries that reach machines and clouds: AWS, Google, Azure, containers, SSH, git, system tools."""

TABLE = """
@py-aws
boto3.client(service_name) = !aws_client -> boto3.Client(service_name)
boto3.resource(service_name) = !aws_client -> boto3.Client(service_name)
boto3.Session|session.Session() = pure -> boto3.Session
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
boto3.Session.get_credentials() = secret.read "~/.aws/credentials" -> boto3.Credentials
boto3.Credentials.* = pure -> boto3.Credentials
botocore.credentials.Credentials|ReadOnlyCredentials|DeferredRefreshableCredentials|RefreshableCredentials() = pure
botocore.credentials.* = secret.read "~/.aws/credentials"
botocore.httpsession.* = net.connect *
botocore.utils.IMDSFetcher|InstanceMetadataFetcher|InstanceMetadataRegionFetcher|
    ContainerMetadataFetcher() = http.get "http://169.254.169.254/"
botocore.utils.datetime2timestamp|parse_timestamp|calculate_sha256|calculate_tree_hash|fix_s3_host|percent_encode|merge_dicts|
    is_valid_endpoint_url|ensure_boolean|lowercase_dict|get_encoding_from_headers|calculate_md5|ArnParser|xform_name = pure
botocore.UNSIGNED|xform_name|__version__ = pure
botocore.exceptions.* = pure
botocore.config.* = pure
botocore.client.Config|ClientError|BaseClient = pure
botocore.auth.* = pure
botocore.awsrequest.AWSRequest|AWSPreparedRequest|AWSResponse|HeadersDict|AWSRequestPreparer|create_request_object|
    prepare_request_dict = pure
botocore.awsrequest.* = net.connect *
botocore.stub.* = pure
botocore.response.* = pure
botocore.waiter.* = pure
botocore.paginate.* = pure
botocore.eventstream.* = pure
botocore.model.* = pure
botocore.errorfactory.* = pure
botocore.vendored.requests => requests
botocore.vendored.* = net.connect *

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
google.auth.load_credentials_from_file(filename) = secret.read filename
google.auth.load_credentials_from_dict() = pure
google.auth.transport.requests.Request() = pure -> google.AuthRequest
google.auth.transport.urllib3.Request() = pure -> google.AuthRequest
google.auth.transport.aiohttp_requests.Request() = pure -> google.AuthRequest
google.AuthRequest.__call__(url, method) = http method url
google.AuthRequest.* = pure
google.auth.transport.requests.AuthorizedSession() = pure -> requests.Session
google.auth.transport.aiohttp_requests.AuthorizedSession() = pure -> requests.Session
google.auth.transport.urllib3.AuthorizedHttp() = pure -> urllib3.PoolManager
google.auth.transport.Request|Response = pure
google.auth.transport.mtls.* = secret.read *
google.auth.transport.grpc.* = net.connect *
google.auth.environment_vars.* = pure
google.auth.__version__ = pure
google.auth.credentials.* = pure -> google.Credentials
[google.auth.credentials google.auth.exceptions google.auth.crypt] pure
google.auth.crypt.RSASigner.from_service_account_file(filename) = secret.read filename
google.auth.crypt.ES256Signer.from_service_account_file(filename) = secret.read filename
google.auth.jwt.* = pure
google.auth.jwt.Credentials.from_service_account_file(filename) = secret.read filename -> google.Credentials
google.auth.jwt.OnDemandCredentials.from_service_account_file(filename) = secret.read filename -> google.Credentials
google.auth.compute_engine.* = net.connect "metadata.google.internal:80" -> google.Credentials
google.auth.impersonated_credentials.Credentials|IDTokenCredentials() = pure -> google.Credentials
google.auth.identity_pool.Credentials.from_file(filename) = secret.read filename -> google.Credentials
google.auth.aws.Credentials.from_file(filename) = secret.read filename -> google.Credentials
google.auth.pluggable.Credentials.from_file(filename) = secret.read filename; proc.exec * -> google.Credentials
google.auth.identity_pool.Credentials() = pure -> google.Credentials
google.auth.aws.Credentials|AwsSecurityCredentials() = pure -> google.Credentials
google.auth.identity_pool.* = pure
google.auth.aws.* = pure
google.oauth2.service_account.Credentials|IDTokenCredentials|GDCHCredentials() = pure -> google.Credentials
google.oauth2.service_account.Credentials.from_service_account_file(filename) = secret.read filename -> google.Credentials
google.oauth2.service_account.IDTokenCredentials.from_service_account_file(filename) = secret.read filename -> google.Credentials
google.oauth2.service_account.Credentials.* = pure -> google.Credentials
google.oauth2.service_account.IDTokenCredentials.* = pure -> google.Credentials
google.oauth2.credentials.Credentials|UserAccessTokenCredentials() = pure -> google.Credentials
google.oauth2.credentials.Credentials.from_authorized_user_file(filename) = secret.read filename -> google.Credentials
google.oauth2.credentials.Credentials.from_authorized_user_info() = pure -> google.Credentials
google.oauth2.credentials.Credentials.refresh() = http.post "https://oauth2.googleapis.com/"
google.oauth2.service_account.Credentials.refresh() = http.post "https://oauth2.googleapis.com/"
google.oauth2.id_token.verify_token(token, request, audience, certs_url) = http.get certs_url
google.oauth2.id_token.verify_oauth2_token|verify_firebase_token() = http.get "https://www.googleapis.com/"
google.oauth2.id_token.fetch_id_token|
    fetch_id_token_credentials() = secret.read *; http.get "http://metadata.google.internal/"
google.Credentials.refresh|before_request|revoke() = http.post "https://oauth2.googleapis.com/"
google.Credentials.sign_bytes|signer_email|token|valid|expired|expiry|project_id|service_account_email|quota_project_id|scopes|to_json|
    id_token|refresh_token|client_id|client_secret|info = pure
google.Credentials.* = pure -> google.Credentials
[google.auth.transport google.oauth2.credentials] opaque

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
[kubernetes.watch] pure
kubernetes.stream.stream() = proc.exec "kubectl"
kubernetes.dynamic.* = net.connect *
kubernetes.utils.create_from_yaml(k8s_client, yaml_file) = fs.read yaml_file; http.post *
podman.PodmanClient() = proc.exec "podman" -> docker.Client
[docker kubernetes kubernetes.client kubernetes.config kubernetes_asyncio podman lightkube pykube] opaque

@py-ssh
paramiko.SSHClient|client.SSHClient() = pure -> paramiko.SSHClient
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
paramiko.RSAKey|Ed25519Key|ECDSAKey|DSSKey(msg, data, filename) = may secret.read filename -> paramiko.Key
paramiko.RSAKey.from_private_key_file(filename) = secret.read filename -> paramiko.Key
paramiko.Ed25519Key.from_private_key_file(filename) = secret.read filename -> paramiko.Key
paramiko.ECDSAKey.from_private_key_file(filename) = secret.read filename -> paramiko.Key
paramiko.DSSKey.from_private_key_file(filename) = secret.read filename -> paramiko.Key
paramiko.PKey.from_path(path) = secret.read path
paramiko.RSAKey.generate() = pure -> paramiko.Key
paramiko.ECDSAKey.generate() = pure -> paramiko.Key
paramiko.DSSKey.generate() = pure -> paramiko.Key
paramiko.Key.write_private_key_file(filename) = fs.write filename
paramiko.Key.* = pure
paramiko.AutoAddPolicy|RejectPolicy|WarningPolicy|SSHException|AuthenticationException|PKey = pure
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
psutil.Process() = pure -> psutil.Process
psutil.Popen(args, bufsize, executable, *, shell) = !subprocess -> psutil.Process
psutil.Process.kill|terminate|suspend|resume|send_signal|nice|rlimit|cpu_affinity|ionice() = proc.exec "kill"
psutil.Process.environ() = env.read *
psutil.Process.* = pure -> psutil.Process
keyring.get_password|get_credential(service_name) = secret.read service_name
keyring.set_password|delete_password() = opaque "changes the system's key ring"
keyring.get_keyring() = secret.read *
keyring.errors.* = pure
[Crypto Cryptodome cryptography pyotp simplecrypt tweepy_types] pure
[keyring] opaque
platformdirs.* = !ensured_folder
send2trash.send2trash(paths) = fs.delete paths
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
IPython.display.HTML|Markdown|SVG|JSON|GeoJSON|Javascript|Code|Latex|Math|Pretty|TextDisplayObject|DisplayObject|
    Image|Video|Audio(data, url, filename) = !displayed
IPython.display.* = pure
IPython.* = opaque "uses the notebook host"
[IPython] opaque
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
tempdir.TempDir|tempdir|in_tempdir|in_temp_dir() = fs.create "/tmp/"
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
[fsspec smart_open aiofiles] opaque
"""
