# ruff: noqa
# fmt: off
# Parts that act of libraries that compute.
import apscheduler.schedulers.blocking
import bokeh.io
import catboost
import dask
import flax.io
import folium
import distutils.dir_util
import diskcache
import flask_sqlalchemy
import peewee
import pydantic
import xml.sax
import xml.sax.handler
import gensim.similarities
import git
import github
import graphviz
import joblib.disk
import lark
import lxml.etree
import matplotlib.animation
import matplotlib.backends.backend_agg
import matplotlib.figure
import nltk
import numba
import passlib.apache
import pandas.io.sql
import platformdirs
import plotly.io
import polars
import pulp
import scipy.io
import seaborn
import sklearn.datasets
import spacy.util
import sqlalchemy
import sympy
import torch.hub
import torch.utils.benchmark
import watchdog.tricks
import xgboost.collective
from six.moves import cPickle, getoutput, urllib

apscheduler.schedulers.blocking.BlockingScheduler().add_job("tasks:clean")  # opaque
bokeh.io.export_png(None, "out/plot.png")  # fs.write File out/plot.png; proc.exec Program browser
catboost.cv(None, {})  # fs.write File catboost_info
catboost.datasets.titanic()  # fs.write Folder / ~; http.get Endpoint storage.mds.yandex.net:443
dask.visualize(None)  # fs.write File mydask.png; proc.exec Program dot
flax.io.rmtree("checkpoints")  # fs.delete Folder checkpoints
folium.GeoJson("https://maps.example/areas.json")  # http.get Endpoint maps.example:443
gensim.similarities.Similarity("out/shard", [], 2).destroy()  # fs.delete File out/shard; fs.write File out/shard
for part in reversed(git.Repo(".").submodules):  # fs.read Folder the workspace; proc.exec Program git
    part.remove()  # fs.delete Folder / ~; proc.exec Program git
list(github.Github("t").get_user().get_repos())[0].delete()  # http.delete Endpoint api.github.com:443; http.get Endpoint api.github.com:443
graphviz.unflatten("in.dot", outfile="out.dot")  # proc.exec Program dot
joblib.disk.delete_folder("cache")  # fs.delete Folder cache
lark.Lark("start: x", cache="out/parser.bin")  # fs.write File out/parser.bin; opaque
lark.Lark("start: x")
lxml.etree.XSLT(None)  # opaque
lxml.etree.fromstring("<a/>").getroottree().xinclude()  # opaque
matplotlib.animation.FFMpegWriter().setup(None, "out/film.mp4")  # fs.write File out/film.mp4; proc.exec Program ffmpeg
figure = matplotlib.figure.Figure()
matplotlib.backends.backend_agg.FigureCanvasAgg(figure).print_png("out/plot.png")  # fs.write File out/plot.png
nltk.Prover9()  # proc.exec Program java
nltk.downloader.unzip("in.zip", "out")  # fs.read File in.zip; fs.write Folder out
numba.njit("int32(int32)")
numba.njit("__import__('os').system('id')")  # opaque
passlib.apache.HtpasswdFile("users").set_hash("u", "h")  # fs.read File users; fs.write File users
pandas.io.sql.has_table("t", None)  # opaque
pandas.io.json.json_normalize({})
platformdirs.user_cache_dir("app")
platformdirs.user_cache_dir("app", ensure_exists=True)  # fs.create Folder / ~
plotly.io.to_image(None)  # proc.exec Program kaleido
polars.read_ods("in.ods")  # fs.read File in.ods
pulp.getSolver("CBC").actualSolve(None)  # proc.exec Program solver
scipy.io.FortranFile("out.bin", "w")  # fs.write File out.bin
seaborn.dogplot()  # http.get Endpoint github.com:443
sklearn.datasets.fetch_lfw_pairs()  # opaque
spacy.util.run_command("ls")  # opaque
for table in sqlalchemy.MetaData().sorted_tables:
    table.drop()  # sql.drop Database ? ~
sympy.simplify("x**2 + x")
sympy.simplify("__import__('os').remove('x')")  # opaque
torch.hub.list("a/b")  # http.get Endpoint github.com:443; opaque
torch.utils.benchmark.Timer("import os; os.remove('state.db')")  # fs.delete File state.db; opaque
watchdog.tricks.ShellCommandTrick("make")  # proc.exec Program ? ~
xgboost.collective.broadcast(None, 0)  # net.connect Domain ? ~; opaque
cPickle.loads(b"")  # opaque
getoutput("ls")  # fs.list File the workspace; proc.exec Program ls
urllib.request.urlretrieve("https://files.example/a", "a.bin")  # fs.write File a.bin; http.get Endpoint files.example:443
nltk.downloader_of("x").download("punkt")  # net.connect Domain ? ~
distutils.dir_util.remove_tree("build")  # fs.delete Folder build
diskcache.Cache("cache").clear()  # fs.write Folder cache; opaque


class Row(peewee.Model):
    pass


Row.delete().execute()  # sql.delete Database ? ~


class User(flask_sqlalchemy.SQLAlchemy().Model):
    pass


User.query.filter(1).delete()  # sql.delete Database ? ~
pydantic.create_model("M", x=("open('a.txt').read()", 1))  # fs.read File a.txt
pydantic.create_model("M", x=("int", 1))
reader = xml.sax.make_parser()
reader.setFeature(xml.sax.handler.feature_external_ges, True)  # opaque
reader.setFeature(xml.sax.handler.feature_namespaces, True)
