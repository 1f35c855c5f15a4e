# ruff: noqa
# fmt: off
# Web frameworks, and libraries that run many things at a time.
import anyio
import bottle
import eventlet
import gevent.pool
import os
import sanic
import trio
from eventlet.green import urllib2
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles
from fastapi import FastAPI
from flask import Blueprint, Flask, render_template_string, send_from_directory
from gevent import socket, subprocess
from gevent.fileobject import FileObject
from gevent.pywsgi import WSGIServer
from werkzeug.serving import run_simple

app = Flask(__name__)
class Settings:
    DEBUG = True
app.config.from_object(Settings)
app.config.update(TESTING=True)
app.config["A"] = 1
app.config.from_object("settings.Production")  # opaque
app.config.from_pyfile("settings.cfg")  # fs.read File settings.cfg; opaque
app.config.from_prefixed_env()  # env.read Variable ? ~
app.open_resource("schema.sql")  # fs.read File schema.sql
send_from_directory("/etc", "passwd")  # fs.read Folder /etc
run_simple("localhost", 80, app)  # net.connect Domain 0.0.0.0 ~
StaticFiles(directory="/etc")  # fs.read Folder /etc
FileResponse("/etc/hosts")  # fs.read File /etc/hosts
bottle.static_file("passwd", root="/etc")  # fs.read Folder /etc
bottle.template("{{x}}", x=1)  # opaque
sanic.Sanic("a").run()  # net.connect Domain 0.0.0.0 ~
async def parts():
    await trio.open_tcp_stream("a.example", 80)  # net.connect Endpoint a.example:80
    await trio.serve_tcp(print, 80)  # net.connect Domain 0.0.0.0 ~
    await trio.lowlevel.open_process(["rm", "x"])  # fs.delete File x; proc.exec Program rm
    async with trio.open_nursery() as nursery:
        nursery.start_soon(trio.sleep, 1)
    await anyio.create_udp_socket()  # net.connect Domain ? ~
    await anyio.to_process.run_sync(os.remove, "x")  # fs.delete File x; proc.exec Program python
    await anyio.streams.file.FileWriteStream.from_path("/etc/x")  # fs.write File /etc/x
    async with anyio.create_task_group() as group:
        group.start_soon(anyio.sleep, 1)
trio.run(parts)
gevent.spawn(os.remove, "x").join()  # fs.delete File x
gevent.pool.Pool(2).spawn(print, 1)
socket.create_connection(("a.example", 80))  # net.connect Endpoint a.example:80
subprocess.run(["rm", "x"])  # fs.delete File x; proc.exec Program rm
FileObject("/etc/x", "w")  # fs.write File /etc/x
WSGIServer(("", 80), app)  # net.connect Domain 0.0.0.0 ~
eventlet.connect(("a.example", 80))  # net.connect Endpoint a.example:80
eventlet.GreenPool().spawn(os.remove, "x")  # fs.delete File x
urllib2.urlopen("http://a.example/")  # http.get Endpoint a.example:80
Flask("a", static_folder="/usr/share")  # fs.read Folder /usr/share
Blueprint("a", "b", template_folder="pages")  # fs.read Folder pages
@FastAPI().get("/home/page")
async def page(): return 1
render_template_string("{{ a.__class__ }}")  # opaque
