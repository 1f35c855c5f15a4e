"""The parts that act of frameworks: event loops, web servers, windows, sessions, metrics; what else they have computes."""

TABLE = """
@py-event-loops
gevent.socket => socket
gevent.ssl => ssl
gevent.os => os
gevent.subprocess => subprocess
gevent.select => select
gevent.thread => _thread
gevent.threading => threading
gevent.builtins => builtins
gevent.fork() = proc.exec "python"
gevent.spawn|spawn_raw|Greenlet|Greenlet.spawn|greenlet.Greenlet(func) = call *args
gevent.spawn_later|Greenlet.spawn_later(seconds, func) = call func
gevent.pool.Pool|Group() = pure -> gevent.Pool
gevent.threadpool.ThreadPool() = pure -> gevent.Pool
gevent.Pool.spawn|apply|apply_async|apply_cb(func) = call *args
gevent.Pool.map|imap|imap_unordered|map_async(func) = map *args
gevent.Pool.* = pure
gevent.pywsgi.WSGIServer(listener) = net.connect "0.0.0.0"
gevent.baseserver.* = net.connect "0.0.0.0"
gevent.server.* = net.connect "0.0.0.0"
gevent.resolver.* = net.connect *
gevent.ares.* = net.connect *
gevent.backdoor.* = opaque "serves a shell"
gevent.fileobject.FileObject|FileObjectThread|FileObjectPosix|FileObjectBlock(fobj, mode) = !open -> io.File(fobj)
gevent.monkey.get_original|patch_module|patch_item|remove_item|
    main() = opaque "finds or replaces what a module has, by computed names"
gevent.util.* = opaque "looks into the memory of the interpreter"
[gevent.testing gevent.tests gevent.libev gevent.libuv gevent.builtins] opaque
eventlet.green.socket => socket
eventlet.green.ssl => ssl
eventlet.green.os => os
eventlet.green.subprocess => subprocess
eventlet.green.select => select
eventlet.green.thread => _thread
eventlet.green.threading => threading
eventlet.green.time => time
eventlet.green.urllib => urllib
eventlet.green.urllib2 => urllib.request
eventlet.green.http => http
eventlet.green.httplib => http.client
eventlet.green.ftplib => ftplib
eventlet.green.SocketServer => socketserver
eventlet.green.BaseHTTPServer => http.server
eventlet.green.SimpleHTTPServer => http.server
eventlet.green.zmq => zmq
eventlet.green.MySQLdb => MySQLdb
eventlet.green.OpenSSL => OpenSSL
eventlet.connect(addr) = net.connect addr
eventlet.listen(addr) = net.connect addr
eventlet.convenience => eventlet
eventlet.serve() = net.connect "0.0.0.0"
eventlet.wsgi.server|Server() = net.connect "0.0.0.0"
eventlet.backdoor.* = opaque "serves a shell"
eventlet.spawn|spawn_n|tpool.execute(func) = call *args
eventlet.spawn_after|spawn_after_local(seconds, func) = call func
eventlet.GreenPool|GreenPile|greenpool.GreenPool|greenpool.GreenPile() = pure -> gevent.Pool
gevent.Pool.spawn_n(func) = call *args
gevent.Pool.starmap(func) = map *args
eventlet.import_patched() = opaque "imports what a text names"
eventlet.patcher.* = opaque "imports what a text names"
eventlet.patcher.monkey_patch|is_monkey_patched = pure
eventlet.db_pool.* = net.connect *
eventlet.support.greendns.* = net.connect *
eventlet.greenio.GreenPipe(f, mode) = !open -> io.File(f)
eventlet.greenio.GreenSocket => socket.socket
eventlet.zipkin.* = net.connect *
[eventlet.green eventlet.support eventlet.hubs eventlet.patcher] opaque
trio.serve_tcp|serve_ssl_over_tcp(handler, port) = net.connect "0.0.0.0"; call handler
trio.open_tcp_listeners|open_ssl_over_tcp_listeners(port) = net.connect "0.0.0.0"
trio.open_ssl_over_tcp_stream(host, port) = net.connect host:port
trio.open_unix_socket(filename) = net.connect *; fs.write filename
trio.lowlevel.open_process(command) = argv command
trio.socket => socket
trio.testing.open_stream_to_socket_listener() = net.connect *
anyio.create_udp_socket|create_unix_listener|create_unix_datagram_socket() = net.connect "0.0.0.0"
anyio.create_connected_udp_socket(remote_host, remote_port) = net.connect remote_host:remote_port
anyio.getaddrinfo|getnameinfo(host) = net.connect host
anyio.connect_unix|create_connected_unix_datagram_socket(path) = net.connect *; fs.write path
anyio.to_process.run_sync(func) = proc.exec "python"; call *args
anyio.to_interpreter.run_sync(func) = call *args
anyio.streams.file.FileReadStream.from_path(path) = fs.read path
anyio.streams.file.FileWriteStream.from_path(path) = fs.write path
anyio.TemporaryFile|NamedTemporaryFile|SpooledTemporaryFile|TemporaryDirectory|mkstemp|mkdtemp() = fs.create "/tmp/"
anyio.SocketAttribute|TypedAttributeSet = pure

@py-requests
requests.adapters.HTTPAdapter|BaseAdapter() = pure -> requests.adapters.HTTPAdapter
requests.adapters.HTTPAdapter.send() = http.post *
requests.adapters.HTTPAdapter.get_connection|get_connection_with_tls_context(url) = pure -> urllib3.HostPool(url)
requests.adapters.HTTPAdapter.proxy_manager_for|poolmanager() = pure -> urllib3.PoolManager
requests.adapters.HTTPAdapter.* = pure
requests.Session.get_adapter() = pure -> requests.adapters.HTTPAdapter
requests.adapters.Retry|DEFAULT_POOLSIZE|DEFAULT_RETRIES|DEFAULT_POOLBLOCK|DEFAULT_POOL_TIMEOUT|TimeoutSauce = pure
requests.adapters.PoolManager => urllib3.PoolManager
requests.adapters.proxy_from_url => urllib3.proxy_from_url
requests.adapters.SOCKSProxyManager => urllib3.PoolManager
requests.packages.urllib3 => urllib3
requests.packages.chardet => chardet
requests.packages.idna => idna
requests.utils.quote|unquote|urlparse|urlunparse|parse_header_links|parse_dict_header|parse_list_header|dict_from_cookiejar|
    cookiejar_from_dict|add_dict_to_cookiejar|get_encoding_from_headers|get_encodings_from_content|get_unicode_from_response|
    requote_uri|unquote_unreserved|default_headers|default_user_agent|guess_json_utf|guess_filename|to_key_val_list|
    from_key_val_list|super_len|iter_slices|stream_decode_response_unicode|is_ipv4_address|is_valid_cidr|address_in_network|
    dotted_netmask|should_bypass_proxies|select_proxy|resolve_proxies|prepend_scheme_if_needed|get_auth_from_url|
    check_header_validity|urldefragauth|rewind_body|unquote_header_value|to_native_string|dict_to_sequence|CaseInsensitiveDict|
    DEFAULT_CA_BUNDLE_PATH|DEFAULT_ACCEPT_ENCODING|DEFAULT_PORTS|NETRC_FILES|getproxies|proxy_bypass|cookielib|bytes|str|
    basestring|builtin_str|integer_types|HEADER_VALIDATORS|UNRESERVED_SET = pure
requests.utils.get_environ_proxies() = pure
requests.utils.get_netrc_auth() = secret.read "~/.netrc"
requests.utils.extract_zipped_paths(path) = fs.read path; fs.create "/tmp/"
requests.utils.atomic_open(filename) = fs.write filename
requests.models.Request => requests.Request
requests_toolbelt.sessions.BaseUrlSession(base_url) = pure -> httpx.Client(base_url)
requests_toolbelt.threaded.* = net.connect *
requests_toolbelt.downloadutils.stream.stream_response_to_file(response, path) = fs.write path
requests_toolbelt.downloadutils.tee.tee_to_file(response, filename) = fs.write filename
requests_toolbelt.MultipartEncoder|MultipartEncoderMonitor|MultipartDecoder|StreamingIterator|GuessAuth|SSLAdapter|
    SourceAddressAdapter|ImproperBodyPartContentException|NonMultipartContentTypeException = pure
requests_toolbelt.multipart.* = pure
requests_toolbelt.streaming_iterator.* = pure
requests_toolbelt.exceptions.* = pure
requests_toolbelt.auth.* = pure
requests_toolbelt.adapters.* = pure
requests_toolbelt.utils.* = pure
requests_toolbelt.cookies.* = pure
urllib3.poolmanager => urllib3
urllib3.connectionpool => urllib3
urllib3.contrib.socks.SOCKSProxyManager => urllib3.PoolManager
urllib3.proxy_from_url() = pure -> urllib3.PoolManager
urllib3.connection.HTTPConnection|HTTPSConnection|VerifiedHTTPSConnection|DummyConnection(host, port) = net.connect host:port
urllib3.util.connection.create_connection(address) = net.connect address
urllib3.HTTPConnectionPool|HTTPSConnectionPool(host) = pure -> urllib3.HostPool(host)
urllib3.HostPool.request|urlopen|request_encode_url|request_encode_body(method, url) = http_host method url -> requests.Response
urllib3.HostPool.__latent__() = http.get *
urllib3.HostPool.* = pure
urllib3.PoolManager.connection_from_host(host) = pure -> urllib3.HostPool(host)
urllib3.PoolManager.connection_from_url(url) = pure -> urllib3.HostPool(url)
urllib3.contrib.* = net.connect *
urllib3.contrib.pyopenssl.inject_into_urllib3|extract_from_urllib3() = pure
urllib3.HTTPResponse|encode_multipart_formdata|HTTPHeaderDict|BaseHTTPResponse|__version__ = pure
urllib3.response.* = pure
urllib3.fields.* = pure
urllib3.filepost.* = pure

@py-google
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
google.auth.exceptions.* = pure
google.auth.crypt.* = pure
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
[google.auth.transport google.auth.credentials google.auth.exceptions google.auth.crypt google.oauth2.credentials] opaque

@py-aws
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

@py-metrics
prometheus_client.exposition => prometheus_client
prometheus_client.start_http_server|start_wsgi_server() = net.connect "0.0.0.0"
prometheus_client.write_to_textfile(path) = fs.write path
prometheus_client.push_to_gateway|pushadd_to_gateway(gateway) = http.post gateway
prometheus_client.delete_from_gateway(gateway) = http.delete gateway
prometheus_client.default_handler|basic_auth_handler|tls_auth_handler|passthrough_redirect_handler(url) = http.post url
prometheus_client.bridge.graphite.GraphiteBridge(address) = net.connect address
prometheus_client.multiprocess.mark_process_dead() = fs.delete *
prometheus_client.decorator.* = opaque "makes and runs code"
opentelemetry.exporter.*(endpoint) = net.connect *
opentelemetry.exporter.prometheus.* = pure
opentelemetry.sdk.extension.* = net.connect *
opentelemetry.resourcedetector.* = net.connect *
opentelemetry.instrumentation.bootstrap.* = proc.exec "pip"
opentelemetry.instrumentation.auto_instrumentation.* = opaque "imports what the environment names"
opentelemetry.instrumentation.distro.* = opaque "imports what the environment names"

@py-web-server
flask.Flask.config() = pure -> flask.Config
flask.Config.from_pyfile(filename) = fs.read filename; opaque "runs a file as code"
flask.Config.from_envvar() = env.read *; opaque "runs a file as code"
flask.Config.from_prefixed_env() = env.read *
flask.Config.from_file|from_json(filename) = fs.read filename
flask.Config.from_object(obj) = !named_object
flask.Config.* = pure
flask.Flask.open_resource|open_instance_resource(resource) = fs.read resource
flask.Flask.jinja_env() = opaque "renders templates from files, which are code" -> jinja2.Environment
flask.Flask.create_jinja_environment() = opaque "renders templates from files, which are code" -> jinja2.Environment
flask.Flask.app_context|test_request_context|request_context|test_client|
    test_cli_runner() = fs.read "templates/"; opaque "answers a request at once, with templates from files, which are code"
jinja2.Shown.render(source) = !expression
flask.render_template_string => jinja2.Shown.render
flask.stream_template_string => jinja2.Shown.render
flask.templating => flask
flask.helpers => flask
flask.stream_template() = fs.read "templates/"
flask.get_template_attribute() = fs.read "templates/"
flask.cli.* = opaque "loads the application that its arguments name"
flask.cli.with_appcontext|AppGroup|FlaskGroup|pass_script_info|ScriptInfo = pure
flask.cli.load_dotenv() = secret.read ".env"
flask_sqlalchemy.SQLAlchemy.execute(statement) = sql statement -> sqlalchemy.Engine
flask_restful.utils.crypto.* = opaque "unpickles data, which can run any code"
werkzeug.serving.make_server|BaseWSGIServer|ThreadedWSGIServer|ForkingWSGIServer(host) = net.connect "0.0.0.0"
werkzeug.serving.make_ssl_devcert(base_path) = fs.write base_path
werkzeug.run_simple() = net.connect "0.0.0.0"
werkzeug.debug.* = opaque "serves a shell"
werkzeug.middleware.shared_data.SharedDataMiddleware() = fs.read *
werkzeug.middleware.profiler.* = fs.write *
werkzeug.utils.import_string|find_modules() = opaque "imports what a text names"
werkzeug.utils.send_file|send_from_directory(path) = fs.read path
werkzeug.datastructures.FileStorage() = pure -> werkzeug.FileStorage
werkzeug.FileStorage.save(dst) = fs.write dst
werkzeug.FileStorage.* = pure
[werkzeug.debug] opaque
starlette.responses.FileResponse(path) = fs.read path
starlette.staticfiles.StaticFiles(directory) = fs.read directory/
starlette.templating.Jinja2Templates(directory) = fs.read directory/; opaque "renders templates from files, which are code"
starlette.config.Config() = env.read * -> starlette.Config
starlette.Config.* = pure
starlette.config.* = pure
fastapi.responses => starlette.responses
fastapi.staticfiles => starlette.staticfiles
fastapi.templating => starlette.templating
fastapi.cli.* = opaque "loads the application that its arguments name"
bottle.static_file(filename, root) = fs.read root/
bottle.template|mako_template|cheetah_template|jinja2_template|SimpleTemplate|MakoTemplate|CheetahTemplate|Jinja2Template|view|
    mako_view|jinja2_view|cheetah_view|StplParser|BaseTemplate|SimpleTALTemplate() = opaque "runs a template, which is code"
bottle.load|load_app|cookie_decode() = opaque "imports what a text names, or unpickles data"
bottle.Bottle() = pure -> bottle.Bottle
bottle.default_app|app() = pure -> bottle.Bottle
bottle.Bottle.run() = net.connect "0.0.0.0"
bottle.Bottle.config() = pure -> bottle.Config
bottle.ConfigDict() = pure -> bottle.Config
bottle.Config.load_module() = opaque "imports what a text names"
bottle.Config.load_config(filename) = fs.read filename
bottle.Config.* = pure
bottle.ResourceManager() = opaque "opens files of a name that it works out"
bottle.Bottle.* = pure
bottle.FileUpload.save(destination) = fs.write destination
falcon.App|API|asgi.App() = pure -> falcon.App
falcon.asgi.App() = pure -> falcon.App
falcon.App.add_static_route(prefix, directory) = fs.read directory/
falcon.App.* = pure
[falcon.cmd falcon.bench] opaque
sanic.Sanic() = pure -> sanic.Sanic
sanic.app.Sanic() = pure -> sanic.Sanic
sanic.Sanic.run|create_server|serve|serve_single|prepare|serve_legacy|serve_location() = net.connect "0.0.0.0"
sanic.Sanic.static(uri, file_or_directory) = fs.read file_or_directory
sanic.Sanic.update_config|load_environment_vars|from_pyfile() = opaque "runs a file as code"
sanic.Sanic.config() = pure -> sanic.Config
sanic.config.Config() = pure -> sanic.Config
sanic.Config.load|update_config|load_environment_vars() = opaque "runs a file as code"
sanic.Config.* = pure
sanic.Sanic.* = pure
sanic.response.file|file_stream(location) = fs.read location
sanic.http.tls.* = proc.exec "mkcert"
sanic.server.* = net.connect "0.0.0.0"
[sanic.utils sanic.worker sanic.cli sanic.helpers sanic.touchup sanic.application] opaque

@py-database
sqlalchemy.ext.serializer.loads|Deserializer() = opaque "unpickles data, which can run any code"
sqlalchemy.ext.asyncio.AsyncSession|AsyncConnection|async_scoped_session(bind) = pure -> sqlalchemy.Engine(bind)
sqlalchemy.ext.asyncio.async_sessionmaker() = pure -> sqlalchemy.Sessions
sqlalchemy.engine_from_config(configuration) = net.connect * -> sqlalchemy.Engine
sqlalchemy.engine.engine_from_config(configuration) = net.connect * -> sqlalchemy.Engine
sqlalchemy.ext.asyncio.async_engine_from_config(configuration) = net.connect * -> sqlalchemy.Engine
sqlalchemy.create_pool_from_url(url) = !db_connect
sqlalchemy.PickleType|types.PickleType|sql.sqltypes.PickleType|dialects.registry.register|
    dialects.registry.load() = opaque "unpickles data or imports by name, which can run any code"
[sqlalchemy.util sqlalchemy.testing] opaque
psycopg2.extras.DictConnection|RealDictConnection|NamedTupleConnection|LoggingConnection|MinTimeLoggingConnection|
    LogicalReplicationConnection|PhysicalReplicationConnection(dsn) = !db_connect -> db.Connection(dsn)

@py-browser
selenium.webdriver.common.service.Service() = pure -> selenium.Service
selenium.webdriver.chrome.service.Service() = pure -> selenium.Service
selenium.webdriver.firefox.service.Service() = pure -> selenium.Service
selenium.webdriver.edge.service.Service() = pure -> selenium.Service
selenium.webdriver.chromium.service.ChromiumService() = pure -> selenium.Service
selenium.webdriver.ChromeService|FirefoxService|EdgeService|SafariService|IeService() = pure -> selenium.Service
selenium.Service.start() = proc.exec "browser"
selenium.Service.* = pure
selenium.webdriver.remote.remote_connection.RemoteConnection(remote_server_addr) = net.connect remote_server_addr
selenium.webdriver.remote.webdriver.WebDriver() = proc.exec "browser"; net.connect * -> selenium.Driver
selenium.webdriver.firefox.webdriver.WebDriver() = proc.exec "browser"; net.connect * -> selenium.Driver
selenium.webdriver.edge.webdriver.WebDriver() = proc.exec "browser"; net.connect * -> selenium.Driver
selenium.webdriver.safari.webdriver.WebDriver() = proc.exec "browser"; net.connect * -> selenium.Driver
selenium.webdriver.ie.webdriver.WebDriver() = proc.exec "browser"; net.connect * -> selenium.Driver
selenium.webdriver.chromium.webdriver.ChromiumDriver() = proc.exec "browser"; net.connect * -> selenium.Driver
selenium.webdriver.remote.server.* = proc.exec "java"; net.connect *
selenium.webdriver.common.selenium_manager.* = proc.exec "selenium-manager"
selenium.webdriver.common.utils.is_connectable|is_url_connectable|free_port|find_connectable_ip() = net.connect *

@py-windows
qt.QtCore.QLibrary|QPluginLoader() = opaque "loads native code"
qt.QtQml.* = opaque "runs JavaScript"
qt.QtQuick.* = opaque "runs JavaScript"
qt.QtScript.* = opaque "runs JavaScript"
qt.uic.* = opaque "runs a form, which is code"
qt.QtUiTools.* = opaque "runs a form, which is code"
qt.QtMultimedia.QMediaPlayer|QSoundEffect|QSound|QMediaContent|QMediaRecorder|QAudioRecorder|QCamera|QAudioInput|
    QAudioSource() = fs.read *; net.connect *
qt.QtWebEngineCore.* = net.connect *
qt.QtWebEngine.* = net.connect *
qt.QtWebKit.* = net.connect *
qt.QtWebKitWidgets.* = net.connect *
qt.QtWebView.* = net.connect *
qt.QtWebSockets.* = net.connect *
qt.QtBluetooth.* = net.connect *
qt.QtSerialPort.* = opaque "uses a serial port"
qt.QtDBus.* = opaque "controls other programs"
qt.QAxContainer.* = opaque "controls other programs"
wx.Process.Open(cmd) = sh cmd
wx.Kill() = proc.exec "kill"
wx.Shutdown() = proc.exec "shutdown"
wx.Mkdir(dir) = fs.create dir/
wx.Rmdir(dir) = fs.delete dir/
wx.ConcatFiles(src1, src2, dest) = fs.write dest
wx.html2.* = net.connect *
wx.media.* = fs.read *; net.connect *
wx.py.* = opaque "serves a shell"
wx.lib.activex.* = opaque "controls other programs"
PySimpleGUI.execute_command_subprocess|execute_command_blocking|execute_command_nonblocking(command) = sh command
PySimpleGUI.execute_py_file|execute_editor|execute_file_explorer|execute_py_get_interpreter|execute_restart() = proc.exec "python"
PySimpleGUI.UserSettings|user_settings_filename(filename) = fs.write *
turtle.getcanvas|Screen|getscreen() = pure -> turtle.Screen
turtle.Screen.tk|getcanvas() = pure -> turtle.Screen
turtle.Screen.eval|evalfile|call(command) = !tcl
turtle.Screen.postscript(*, file) = fs.write file
turtle.Screen.readprofile() = opaque "runs the files that are named after a program"
turtle.Screen.* = pure -> turtle.Screen
nis.* = net.connect *
kivy.network.* = http.get *
kivy.network.urlrequest.UrlRequest|UrlRequestUrllib|UrlRequestRequests(url) = http.get url
kivy.loader.Loader.image(filename) = !read_anything
kivy.lang.* = opaque "runs rules, which are code"
kivy.app.App.load_kv(filename) = fs.read filename; opaque "runs rules, which are code"
kivy.uix.image.AsyncImage(*, source) = http.get source
kivy.uix.rst.RstDocument(*, source) = fs.read source
kivy.storage.jsonstore.JsonStore(filename) = fs.write filename
kivy.storage.dictstore.DictStore(filename) = fs.write filename; opaque "unpickles data, which can run any code"
kivy.storage.redisstore.RedisStore() = net.connect *
kivy.core.clipboard.* = proc.exec "xclip"
kivy.core.audio.SoundLoader.load(filename) = fs.read filename
kivy.core.camera.* = opaque "uses the camera"
kivy.config.Config.write() = fs.write "~/.kivy/config.ini"
kivy.atlas.* = fs.read *; fs.write *
[kivy.tools kivy.lib kivy.modules kivy.extras kivy.multistroke] opaque
pygame.camera.* = opaque "uses the camera"
pygame.scrap.* = opaque "uses the clipboard"
pygame.midi.* = opaque "uses the machine's devices"
pygame.mixer.SoundType(file) = fs.read file
speech_recognition.Recognizer.recognize_amazon|recognize_assemblyai|recognize_houndify|recognize_whisper_api|recognize_openai|
    recognize_groq|recognize_lex|recognize_api|recognize_cohere_api|recognize_whisper|recognize_faster_whisper() = http.post *
speech_recognition.AudioData.get_flac_data() = proc.exec "flac"
speech_recognition.cli.* = http.get *
watchdog.observers.Observer() = pure -> watchdog.Observer
watchdog.Observer.schedule(event_handler, path) = fs.list path/
watchdog.Observer.* = pure
watchdog.utils.* = opaque "imports what a text names"
IPython.display.HTML|Markdown|SVG|JSON|GeoJSON|Javascript|Code|Latex|Math|Pretty|TextDisplayObject|DisplayObject|
    Image|Video|Audio(data, url, filename) = !displayed
"""
