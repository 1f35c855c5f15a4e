# ruff: noqa
# fmt: off
# What acts in frameworks that compute otherwise.
import os
import anyio
import bottle
import boto3
import botocore.httpsession
import botocore.session
import eventlet
import flask
import gevent
import gevent.monkey
import kivy.network.urlrequest
import prometheus_client
import psycopg2.extras
import requests
import requests_toolbelt
import sanic
import selenium.webdriver.common.service
import sqlalchemy.ext.serializer
import starlette.responses
import starlette.staticfiles
import trio
import urllib3
import werkzeug.serving
import werkzeug.utils
from eventlet.green import subprocess as green_processes
from eventlet.green import os as green_os
from gevent import socket as green_sockets
from google.auth.transport.requests import AuthorizedSession
from google.oauth2 import id_token, service_account
from IPython.display import HTML
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from PyQt5.QtCore import QLibrary
from requests.adapters import HTTPAdapter
from requests.packages import urllib3 as packed
from requests_toolbelt import sessions
from urllib3.util.connection import create_connection
from urllib3.util.retry import Retry

green_sockets.create_connection(("a.example", 80))  # net.connect Endpoint a.example:80
gevent.spawn(os.remove, "a")  # fs.delete File a
gevent.spawn(print, "a")
gevent.spawn_later(1, os.remove, "b")  # fs.delete Folder / ~
gevent.monkey.patch_all()
gevent.monkey.get_original("os", "system")  # opaque
gevent.fork()  # proc.exec Program python
eventlet.connect(("b.example", 80))  # net.connect Endpoint b.example:80
eventlet.GreenPool().spawn_n(os.remove, "c")  # fs.delete File c
eventlet.import_patched("os")  # opaque
eventlet.monkey_patch()
green_processes.run(["ls", "d"])  # fs.list File d; proc.exec Program ls
green_os.remove("d")  # fs.delete File d
trio.serve_tcp(print, 80)  # net.connect Domain 0.0.0.0 ~
trio.lowlevel.open_process(["ls", "e"])  # fs.list File e; proc.exec Program ls
anyio.create_connected_udp_socket("c.example", 53)  # net.connect Endpoint c.example:53
anyio.to_process.run_sync(os.remove, "e")  # fs.delete File e; proc.exec Program python
HTTPAdapter().send(1)  # http.post Domain ? ~
HTTPAdapter(max_retries=Retry(3)).max_retries
packed.PoolManager().request("GET", "http://d.example/")  # http.get Endpoint d.example:80
packed.disable_warnings()
requests.utils.get_netrc_auth("http://d.example/")  # secret.read File /home/dev/.netrc
requests.utils.quote("a b")
sessions.BaseUrlSession("http://e.example").get("/a")  # http.get Endpoint e.example:80
create_connection(("f.example", 80))  # net.connect Endpoint f.example:80
urllib3.HTTPConnectionPool("g.example").request("GET", "/")  # http.get Endpoint g.example:443
keys = service_account.IDTokenCredentials.from_service_account_file("key.json")  # secret.read File key.json
keys.refresh(None)  # http.post Endpoint oauth2.googleapis.com:443
AuthorizedSession(keys).get("https://h.example/")  # http.get Endpoint h.example:443
id_token.verify_token("a", None, certs_url="https://i.example/")  # http.get Endpoint i.example:443
botocore.httpsession.URLLib3Session().send(1)  # net.connect Domain ? ~
boto3.Session().get_credentials()  # secret.read File /home/dev/.aws/credentials
prometheus_client.push_to_gateway("http://j.example", "job", None)  # http.post Endpoint j.example:80
prometheus_client.write_to_textfile("metrics.txt", None)  # fs.write File metrics.txt
OTLPSpanExporter(endpoint="http://k.example")  # net.connect Domain ? ~
flask.render_template_string("hello {{ name }}", name="x")
flask.render_template_string("{{ ''.__class__ }}")  # opaque
flask.render_template_string(flask.request.args["x"])  # opaque
app = flask.Flask("x")
app.config["A"] = 1
app.config.from_pyfile("settings.cfg")  # fs.read File settings.cfg; opaque
app.config.from_object("settings")  # opaque
bottle.template("{{x}}")  # opaque
bottle.static_file("a.txt", root="static")  # fs.read Folder static
starlette.responses.FileResponse("a.txt")  # fs.read File a.txt
starlette.staticfiles.StaticFiles(directory="static")  # fs.read Folder static
sanic.Sanic("x").run()  # net.connect Domain 0.0.0.0 ~
werkzeug.serving.make_server("0.0.0.0", 80, app)  # net.connect Domain 0.0.0.0 ~
werkzeug.utils.import_string("os")  # opaque
sqlalchemy.ext.serializer.loads(b"")  # opaque
psycopg2.extras.DictConnection("host=l.example dbname=shop")  # net.connect Endpoint l.example:5432
selenium.webdriver.common.service.Service("x").start()  # proc.exec Program browser
QLibrary("x")  # opaque
kivy.network.urlrequest.UrlRequest("http://m.example/")  # http.get Endpoint m.example:80
HTML(url="http://n.example/")  # http.get Endpoint n.example:80
HTML("<b>a</b>")
import PySimpleGUI, turtle, wx
import imaplib, MySQLdb, tempfile
turtle.Screen().getcanvas().tk.eval("exec ls")  # opaque
turtle.Screen().title("a")
wx.Process.Open("ls f")  # fs.list File f; proc.exec Program ls
PySimpleGUI.execute_command_subprocess("ls g")  # fs.list File g; proc.exec Program ls
imaplib.IMAP4("o.example").expunge()  # http.delete Domain ? ~; net.connect Endpoint o.example:993
MySQLdb.connect("p.example", "u", "p", "shop").cursor().execute("DELETE FROM people")  # net.connect Endpoint p.example:3306; sql.delete Table shop/people
tempfile.mkstemp("s", "p", "/etc")  # fs.create Folder /etc ~
tempfile.NamedTemporaryFile("w", -1, None, None, "s", "p", "h")  # fs.create Folder h ~
os.spawnv(mode=os.P_WAIT, file="ls", args=["ls", "i"])  # fs.list File i; proc.exec Program ls
import multiprocessing.connection, multiprocessing.managers, multiprocessing.pool
import numpy.testing, paramiko, psutil, starlette.config
anyio.NamedTemporaryFile("w", dir="j")  # fs.create Folder j ~
anyio.mkdtemp()  # fs.create Folder /tmp ~
anyio.create_unix_listener("k.sock")  # fs.write File k.sock; net.connect Domain ? ~
anyio.run_process("ls l; rm m")  # fs.delete File m; fs.list File l; proc.exec Program ls
anyio.run_process(["ls", "l"])  # fs.list File l; proc.exec Program ls
trio.run_process("rm n", shell=True)  # fs.delete File n; proc.exec Program rm
psutil.Popen("rm o", shell=True)  # fs.delete File o; proc.exec Program rm
gevent.pool.Group().start(print)
eventlet.patcher.original("os")  # opaque
app.open_instance_resource("p", "w")  # fs.write File p
app.config.from_object(flask.Config())
starlette.config.Config("q.conf")  # env.read Variable ? ~; fs.read File q.conf
werkzeug.utils.send_from_directory("r", "s")  # fs.read Folder r
numpy.testing.runstring("import os; os.remove('t')", {})  # fs.delete File t; opaque
numpy.testing.rundocs("u.py")  # opaque
paramiko.RSAKey(filename="v")  # secret.read File v
multiprocessing.connection.rebuild_connection(1)  # opaque
multiprocessing.connection.wait([])
multiprocessing.managers.Server(1)  # opaque
multiprocessing.pool.AsyncResult
requests.compat.cookielib.MozillaCookieJar().save("w")  # fs.write File w
requests.utils.cookielib.LWPCookieJar().load("x")  # secret.read File x
requests.ssl.SSLContext().load_verify_locations("/etc/y.pem")  # secret.read File /etc/y.pem
with sqlalchemy.orm.sessionmaker()() as session: session.execute("delete from z")  # sql.delete Table /z
