"""Event loops, web servers and metrics: what acts in them; what else they have computes."""

TABLE = """
@py-event-loops
[gevent eventlet trio anyio uvloop nest_asyncio] pure
gevent.socket => socket
gevent.ssl => ssl
gevent.os => os
gevent.subprocess => subprocess
gevent.select => select
gevent.signal => signal
gevent.thread => _thread
gevent.threading => threading
gevent.builtins => builtins
gevent.fork|reinit() = proc.exec "python"
gevent.spawn|spawn_raw|Greenlet|Greenlet.spawn|greenlet.Greenlet(func) = call *args
gevent.spawn_later|Greenlet.spawn_later(seconds, func) = call func
gevent.pool.Pool|Group() = pure -> gevent.Pool
gevent.threadpool.ThreadPool() = pure -> gevent.Pool
gevent.Pool.spawn|spawn_n|start|apply|apply_async|apply_cb(func) = call *args
gevent.Pool.map|imap|imap_unordered|map_async|starmap(func) = map *args
gevent.Pool.* = pure
gevent.queue.* = pure
gevent.pywsgi.* = net.connect "0.0.0.0"
gevent.baseserver.* = net.connect "0.0.0.0"
gevent.server.* = net.connect "0.0.0.0"
gevent.resolver.* = net.connect *
gevent.ares.* = net.connect *
gevent.backdoor.* = opaque "serves a shell"
gevent.fileobject.FileObject|FileObjectThread|FileObjectPosix|FileObjectBlock(fobj, mode) = !open -> io.File(fobj)
gevent.monkey.get_original|patch_module|patch_item|remove_item|main() = opaque "finds or replaces what a module has, by computed names"
gevent.util.* = opaque "looks into the memory of the interpreter"
[gevent.core gevent.testing gevent.tests gevent.libev gevent.libuv gevent.backdoor gevent.resolver] opaque
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
eventlet.convenience => eventlet
eventlet.connect|listen(addr) = net.connect addr
eventlet.serve|wrap_ssl() = net.connect "0.0.0.0"
eventlet.wsgi.* = net.connect "0.0.0.0"
eventlet.websocket.* = net.connect *
eventlet.zipkin.* = net.connect *
eventlet.db_pool.* = net.connect *
eventlet.support.greendns.* = net.connect *
eventlet.backdoor.* = opaque "serves a shell"
eventlet.spawn|spawn_n|tpool.execute(func) = call *args
eventlet.spawn_after|spawn_after_local(seconds, func) = call func
eventlet.GreenPool|GreenPile|greenpool.GreenPool|greenpool.GreenPile() = pure -> gevent.Pool
eventlet.import_patched|patcher.*() = opaque "imports what a text names"
eventlet.patcher.monkey_patch|is_monkey_patched = pure
eventlet.greenio.GreenPipe(f, mode) = !open -> io.File(f)
eventlet.greenio.GreenSocket => socket.socket
[eventlet.green eventlet.support eventlet.hubs eventlet.patcher eventlet.backdoor] opaque
trio.run_process|lowlevel.open_process(command, *, shell) = !subprocess
trio.open_tcp_stream|open_ssl_over_tcp_stream(host, port) = net.connect host:port
trio.serve_tcp|serve_ssl_over_tcp(handler, port) = net.connect "0.0.0.0"; call handler
trio.open_tcp_listeners|open_ssl_over_tcp_listeners(port) = net.connect "0.0.0.0"
trio.open_unix_socket(filename) = net.connect *; fs.write filename
trio.SocketStream|SocketListener() = net.connect *
trio.open_nursery|open_memory_channel|open_signal_receiver() = pure
trio.Path() = !path
trio.open_file(file, mode) = !open -> io.File(file)
trio.wrap_file() = pure -> io.File
trio.socket => socket
trio.testing.open_stream_to_socket_listener() = net.connect *
[trio._core trio.testing trio.__main__] opaque
anyio.open_file(file, mode) = !open -> io.File(file)
anyio.run_process|open_process(command) = !spoken_command
anyio.connect_tcp(remote_host, remote_port) = net.connect remote_host:remote_port
anyio.create_connected_udp_socket(remote_host, remote_port) = net.connect remote_host:remote_port
anyio.create_tcp_listener|create_udp_socket|as_connectable|notify_closing() = net.connect *
anyio.connect_unix|create_unix_listener|create_connected_unix_datagram_socket(path) = net.connect *; fs.write path
anyio.create_unix_datagram_socket(*, local_path) = net.connect *; may fs.write local_path
anyio.getaddrinfo|getnameinfo(host) = net.connect host
anyio.to_process.run_sync(func) = proc.exec "python"; call *args
anyio.to_interpreter.run_sync(func) = call *args
anyio.streams.file.FileReadStream.from_path(path) = fs.read path
anyio.streams.file.FileWriteStream.from_path(path) = fs.write path
anyio.NamedTemporaryFile => tempfile.NamedTemporaryFile
anyio.TemporaryFile => tempfile.TemporaryFile
anyio.SpooledTemporaryFile => tempfile.SpooledTemporaryFile
anyio.TemporaryDirectory => tempfile.TemporaryDirectory
anyio.mkstemp => tempfile.mkstemp
anyio.mkdtemp => tempfile.mkdtemp
anyio.SocketAttribute|TypedAttributeSet|abc.SocketAttribute|abc.SocketStream = pure
anyio.Path() = !path
[anyio._backends anyio.pytest_plugin] opaque

@py-web-server
flask.Flask(import_name, *, static_folder, template_folder) = may fs.read static_folder/; may fs.read template_folder/ -> flask.Flask
flask.Blueprint(name, import_name, static_folder, *, template_folder) = may fs.read static_folder/; may fs.read template_folder/
flask.Flask.run(host) = net.connect "0.0.0.0"
flask.Flask.config = pure -> flask.Config
flask.Flask.open_resource|send_static_file(resource) = fs.read resource
flask.Flask.open_instance_resource(resource, mode) = !open
flask.Flask.jinja_env|create_jinja_environment() = opaque "renders templates from files, which are code" -> jinja2.Environment
flask.Flask.app_context|test_request_context|request_context|test_client|
    test_cli_runner() = fs.read "templates/"; opaque "answers a request at once, with templates from files, which are code"
flask.Flask.* = pure
flask.Config() = pure -> flask.Config
flask.Config.from_pyfile(filename) = fs.read filename; opaque "runs a file as code"
flask.Config.from_envvar() = env.read *; opaque "runs a file as code"
flask.Config.from_prefixed_env() = env.read *
flask.Config.from_object(obj) = !named_object
flask.Config.from_file|from_json(filename) = fs.read filename
flask.Config.* = pure
flask.current_app.config => flask.Config
flask.send_file(path_or_file) = fs.read path_or_file
flask.send_from_directory(directory) = fs.read directory/
flask.render_template|stream_template|get_template_attribute() = fs.read "templates/"
jinja2.Shown.render(source) = !expression
flask.render_template_string => jinja2.Shown.render
flask.stream_template_string => jinja2.Shown.render
flask.templating => flask
flask.helpers => flask
flask.config => flask
flask.cli.* = opaque "loads the application that its arguments name"
flask.cli.with_appcontext|AppGroup|FlaskGroup|pass_script_info|ScriptInfo = pure
flask.cli.load_dotenv() = secret.read ".env"
flask_sqlalchemy.SQLAlchemy.execute(statement) = sql statement -> sqlalchemy.Engine
flask_restful.utils.crypto.* = opaque "unpickles data, which can run any code"
[flask flask_cors flask_login flask_wtf wtforms werkzeug flask_ask flask_sqlalchemy flask_restful] pure
werkzeug.serving.* = net.connect "0.0.0.0"
werkzeug.serving.make_ssl_devcert(base_path) = fs.write base_path
werkzeug.run_simple() = net.connect "0.0.0.0"
werkzeug.debug.* = opaque "serves a shell"
werkzeug.middleware.http_proxy.* = net.connect *
werkzeug.middleware.shared_data.SharedDataMiddleware() = fs.read *
werkzeug.middleware.profiler.* = fs.write *
werkzeug.utils.import_string|find_modules() = opaque "imports what a text names"
werkzeug.utils.send_file(path_or_file) = fs.read path_or_file
werkzeug.utils.send_from_directory(directory) = fs.read directory/
werkzeug.datastructures.FileStorage() = pure -> werkzeug.FileStorage
werkzeug.FileStorage.save(dst) = fs.write dst
werkzeug.FileStorage.* = pure
[werkzeug.debug] opaque
fastapi.FastAPI|APIRouter() = pure
fastapi.responses => starlette.responses
fastapi.staticfiles => starlette.staticfiles
fastapi.templating => starlette.templating
fastapi.cli.* = opaque "loads the application that its arguments name"
starlette.responses.FileResponse(path) = fs.read path
starlette.staticfiles.StaticFiles(*, directory) = fs.read directory/
starlette.templating.Jinja2Templates(directory) = fs.read directory/; opaque "renders templates from files, which are code"
starlette.config.Config(env_file) = env.read *; may fs.read env_file -> starlette.Config
starlette.Config.* = pure
starlette.config.* = pure
bottle.run() = net.connect "0.0.0.0"
bottle.static_file(filename, root) = fs.read root/
bottle.template|mako_template|cheetah_template|jinja2_template|SimpleTemplate|MakoTemplate|CheetahTemplate|Jinja2Template|view|
    mako_view|jinja2_view|cheetah_view|StplParser|BaseTemplate|SimpleTALTemplate|
    SimpleTemplate.prepare() = opaque "runs a template, which is code"
bottle.load|load_app|cookie_decode() = opaque "imports what a text names, or unpickles data"
bottle.Bottle|default_app|app() = pure -> bottle.Bottle
bottle.Bottle.run() = net.connect "0.0.0.0"
bottle.Bottle.config() = pure -> bottle.Config
bottle.Bottle.* = pure
bottle.ConfigDict() = pure -> bottle.Config
bottle.Config.load_module() = opaque "imports what a text names"
bottle.Config.load_config(filename) = fs.read filename
bottle.Config.* = pure
bottle.ResourceManager() = opaque "opens files of a name that it works out"
bottle.FileUpload.save(destination) = fs.write destination
falcon.App|API|asgi.App() = pure -> falcon.App
falcon.App.add_static_route(prefix, directory) = fs.read directory/
falcon.App.* = pure
sanic.Sanic|app.Sanic() = pure -> sanic.Sanic
sanic.Sanic.run|create_server|serve|serve_single|prepare|serve_legacy|serve_location() = net.connect "0.0.0.0"
sanic.Sanic.static(uri, file_or_directory) = fs.read file_or_directory/
sanic.Sanic.update_config|load_environment_vars|from_pyfile() = opaque "runs a file as code"
sanic.Sanic.config() = pure -> sanic.Config
sanic.Sanic.* = pure
sanic.config.Config() = pure -> sanic.Config
sanic.Config.load|update_config|load_environment_vars() = opaque "runs a file as code"
sanic.Config.* = pure
sanic.response.file|file_stream(location) = fs.read location
sanic.file|file_stream(location) = fs.read location
sanic.http.tls.* = proc.exec "mkcert"
sanic.server.* = net.connect "0.0.0.0"
[fastapi starlette bottle falcon sanic aiohttp_cors] pure
[falcon.cmd falcon.bench falcon.inspect starlette.testclient] opaque
[sanic.cli sanic.worker sanic.server sanic.touchup sanic.application sanic.utils sanic.helpers] opaque
uvicorn.run|Server() = net.connect "0.0.0.0"
gunicorn.* = net.connect "0.0.0.0"
hypercorn.* = net.connect "0.0.0.0"
waitress.serve() = net.connect "0.0.0.0"
cherrypy.* = net.connect "0.0.0.0"
[uvicorn gunicorn hypercorn waitress cherrypy] opaque
django.* = opaque "uses Django, whose settings run code"
streamlit.* = net.connect "0.0.0.0"
gradio.* = net.connect "0.0.0.0"
[django streamlit gradio] opaque
mcp.* = net.connect *
fastmcp.* = net.connect *
[mcp fastmcp] opaque

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
"""
