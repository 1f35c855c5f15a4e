# ruff: noqa
# fmt: off
import gettext
import io
import optparse
import cv2
import lightgbm
import pygments
import pathlib
import nltk.corpus
import chess.polyglot
import rich
import shapely
import tkinter
import trace
import tracemalloc
import xml.etree.ElementTree as ET
import zipfile

import astropy.coordinates
import astropy.io.fits
import gensim.corpora
import gensim
import joblib
import jinja2
import lxml.etree
import markdown
import geopandas
import matplotlib
import matplotlib.pyplot as plt
import networkx as nx
import nltk
import numpy as np
import rdkit.Chem.Draw
import pandas as pd
import pulp
import pyomo.environ
import rtree.index
import ruamel.yaml
import sys
import xarray
import keras
import sklearn.linear_model
import sklearn.pipeline
import statsmodels.formula.api as smf
import Bio.KEGG.REST
import sympy
import torch
from astropy.table import Table
from flask import request
from flask_sqlalchemy import SQLAlchemy
from gensim.models import Word2Vec
from ortools.sat.python import cp_model
from torch.utils.data import TarWriter
from PyQt5.QtCore import QProcess
from tqdm import tqdm

model = Word2Vec([["a"]])
model.save("x")  # fs.write File x
model.wv.save_word2vec_format(f"out/{input()}")  # fs.write Folder out ~
Table().write("f")  # fs.write File f
Table().to_pandas()
torch.jit.script(print).save(input())  # fs.write Folder / ~
torch.nn.Linear(1, 1).load_state_dict({})
sklearn.linear_model.LinearRegression().fit([[1]], [1]).predict([[2]])
sklearn.linear_model.LinearRegression().export()  # opaque
scan = torch.jit.script(print)
with open("m.pt", "wb") as handle:  # fs.write File m.pt
    scan.save(handle)
scan.save(io.BytesIO())
class Net(torch.nn.Module):
    def forward(self, x):
        return x
Net().save("net.pt")  # fs.write File net.pt
Net()("x")
bar = tqdm(total=3)
bar.write("two words")
bar.write(input())
problem = pulp.LpProblem("diet", pulp.LpMinimize)
problem += 3
problem.solve()  # proc.exec Program cbc
pyomo.environ.SolverFactory("glpk").solve(pyomo.environ.ConcreteModel())  # proc.exec Program solver
ruamel.yaml.YAML(typ="unsafe").load("a: 1")  # opaque
ruamel.yaml.YAML(typ="safe").load("a: 1")
ruamel.yaml.YAML().load("a: 1")
joblib.Memory("cache")  # fs.write Folder cache
sympy.sympify("x**2 + 1")
sympy.simplify("sin(x)**2 + 2*y"), sympy.Rational(int(input()), 2), sympy.symbols("x(1:4)")
sympy.sympify(input())  # opaque
sympy.sympify("open('a').read()")  # opaque
pd.DataFrame({"a": [1]}).query("a > 0")
pd.DataFrame({"a": [1]}).query(input())  # opaque
pd.DataFrame({"a": [1]}).query("a > @limit and `b c`.str.contains('x') or a not in @known and index < 3")
pd.DataFrame({"a": [1]}).eval("b = sqrt(a) + a.mean()")
pd.DataFrame({"a": [1]}).eval("a.to_csv('b.csv')")  # opaque
pd.DataFrame({"a": [1]}).query("@pd.io.common.os.remove('a')")  # opaque
pd.DataFrame({"a": [1]}).query("a > @run('b')")  # opaque
pd.DataFrame({"a": [1]}).query("a in (@pd).io.x")  # opaque
pd.DataFrame({"a": [1]}).query("a.str.get(0).values.tofile('b')")  # opaque
gettext.translation("app", "locale")  # fs.read Folder locale
gettext.translation("app")
tracemalloc.take_snapshot().dump("s")  # fs.write File s
tracemalloc.Snapshot.load("s")  # fs.read File s; opaque
trace.Trace(outfile="t").results().write_results()  # fs.write File t; fs.write Folder / ~
zipfile.Path("a.zip").joinpath("b").read_text()  # fs.read File a.zip
optparse.Values().read_file("conf.py")  # opaque
tkinter.Tk().tk.eval("exec rm x")  # opaque
tkinter.Tk().call("wm", "title", ".", "hi")
ET.ElementTree(ET.Element("a"))
ET.canonicalize(from_file="a.xml")  # fs.read File a.xml

Table.read("https://data.example/t.fits")  # http.get Endpoint data.example:443
Table.read("t.fits")  # fs.read File t.fits
astropy.io.fits.PrimaryHDU([1]).writeto("a.fits")  # fs.write File a.fits
cp_model.CpModel().ExportToFile("m")  # fs.write File m
TarWriter("out")  # fs.write File out
rdkit.Chem.Draw.MolToFile(None, "f.png")  # fs.write File f.png
rdkit.Chem.Draw.MolToImage(None)
gensim.models.Word2Vec.load("w")  # opaque
np.distutils.exec_command.exec_command("id")  # opaque
np.test()  # opaque
nx.nx_agraph.to_agraph(nx.Graph()).draw("g.png")  # fs.write File g.png; proc.exec Program dot
jinja2.Environment(extensions=["jinja2.ext.do"])
jinja2.Environment(extensions=["mine.Ext"])  # opaque
jinja2.Template("a").stream().dump("out.html")  # fs.write File out.html
markdown.markdown("# a", extensions=["tables"])
markdown.markdown("# a https://e.example/", extensions=["mine.ext"])  # opaque
nx.Graph().add_edge("https://a.example", "/etc")
get_ipython().system("rm x")  # fs.delete File x; proc.exec Program rm
get_ipython().run_cell("1")  # opaque
geopandas.read_file("a.shp").to_crs(4326).to_file("b.shp")  # fs.read File a.shp; fs.write File b.shp
request.files["f"].save("up")  # fs.write File up
SQLAlchemy().drop_all()  # sql.drop Database ? ~
QProcess().start("rm", ["x"])  # proc.exec Program rm
matplotlib.use("Agg")
matplotlib.use("module://mine")  # opaque
plt.switch_backend(sys.argv[1])  # opaque
plt.style.use("ggplot")
plt.style.use(["ggplot", "https://e.example/a.mplstyle"])  # http.get Endpoint e.example:443
rtree.index.Index()
rtree.index.Index("spatial")  # fs.write File spatial
gensim.corpora.MmCorpus("https://e.example/a.mm")  # http.get Endpoint e.example:443
gensim.corpora.MmCorpus.serialize("c.mm", [])  # fs.write File c.mm
nltk.corpus.stopwords.words("english")
nltk.corpus.PlaintextCorpusReader("/etc", ".*")  # fs.read File /etc
nltk.tag.StanfordNERTagger("m.gz", "s.jar")  # proc.exec Program java
nltk.downloader.Downloader().download("punkt")  # http.get Endpoint raw.githubusercontent.com:443; fs.write File /home/dev/nltk_data
xarray.open_dataset("a.nc").mean("time").to_netcdf("b.nc")  # fs.read File a.nc; fs.write File b.nc
astropy.coordinates.SkyCoord.from_name("M31")  # http.get Domain ? ~
lxml.etree.XMLParser(recover=True)
lxml.etree.XMLParser(no_network=False)  # opaque
jinja2.Template("{{ a|join(', ') }}").render(a=[1])
jinja2.Template("{{ ''|attr('\x5f') }}")  # opaque
jinja2.Template(open("a.html").read())  # fs.read File a.html; opaque
jinja2.FileSystemLoader("templates")  # fs.read Folder templates; opaque
sympy.lambdify("x", sys.stdin.readline())  # opaque
help("json.decoder")
help("mine")  # opaque
keras.utils.plot_model(None, to_file="m.png")  # fs.write File m.png; proc.exec Program dot
sklearn.pipeline.Pipeline([], memory="cachedir")  # fs.write File cachedir
sklearn.pipeline.Pipeline([], memory=None)
smf.ols("np.log(y) ~ C(x)", None)
smf.ols("y ~ __import__('os')", None)  # opaque
Bio.KEGG.REST.kegg_get("hsa:1")  # http.get Endpoint rest.kegg.jp:443
cv2.dnn.readNetFromDarknet("/data/a.cfg", "/data/b")  # fs.read File /data/a.cfg; fs.read File /data/b
cv2.ml.SVM_load("svm.xml")  # fs.read File svm.xml
cv2.imwritemulti("a.tiff", [])  # fs.write File a.tiff
cv2.VideoCapture("v4l2src device=/dev/video0 ! appsink")  # opaque
lightgbm.Dataset("/data/a.csv")  # fs.read File /data/a.csv
lightgbm.Dataset(np.zeros(3))
pygments.highlight("a", None, None, "a.html")  # fs.write File a.html
ruamel.yaml.YAML().load(pathlib.Path("../a.yml"))  # fs.read File /a.yml
ruamel.yaml.YAML().load("a: 1")
nltk.corpus.PlaintextCorpusReader("/data", ".*")  # fs.read File /data
chess.polyglot.MemoryMappedReader("a.bin")  # fs.read File a.bin
rich.print("/usr/share/a", "C:/a")
nx.Graph().add_node("/usr/a")  # fs.read File /usr/a
shapely.prepare("C:\\Users\\a")  # fs.read File /C:\Users\a
