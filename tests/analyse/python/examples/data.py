# ruff: noqa
# fmt: off
import sqlite3

import cv2
import docx
import joblib
import matplotlib.pyplot as plt
import numpy as np
import openpyxl
import pandas as pd
import polars as pl
import psycopg2
import pymongo
import redis
import sqlalchemy
import torch
import transformers
import yaml
from PIL import Image

pd.read_csv("a.csv")  # fs.read File a.csv
pd.read_csv("https://example.com/a.csv")  # http.get Endpoint example.com:443
pd.read_csv("a.csv").groupby("x").sum().to_csv("b.csv")  # fs.read File a.csv; fs.write File b.csv
pd.DataFrame({"a": [1]}).to_json()
pd.read_pickle("a.pkl")  # fs.read File a.pkl; opaque
pl.read_parquet("a.parquet").write_csv("b.csv")  # fs.read File a.parquet; fs.write File b.csv
np.load("a.npy")  # fs.read File a.npy
np.save("b.npy", np.zeros(3))  # fs.write File b.npy
np.load("a.npy", allow_pickle=True)  # fs.read File a.npy; opaque
openpyxl.load_workbook("a.xlsx").save("b.xlsx")  # fs.read File a.xlsx; fs.write File b.xlsx
docx.Document("a.docx")  # fs.read File a.docx
yaml.safe_load(open("a.yaml"))  # fs.read File a.yaml
yaml.load("x")  # opaque
joblib.load("m.joblib")  # fs.read File m.joblib; opaque
torch.load("m.pt")  # fs.read File m.pt; opaque
transformers.AutoModel.from_pretrained("x")  # http.get Endpoint huggingface.co:443
plt.savefig("a.png")  # fs.write File a.png
plt.plot([1, 2])
Image.open("a.png").resize((1, 1)).save("b.png")  # fs.read File a.png; fs.write File b.png
cv2.imread("a.png")  # fs.read File a.png
cv2.imwrite("b.png", None)  # fs.write File b.png
sqlite3.connect(":memory:").execute("CREATE TABLE t (x)")
psycopg2.connect(host="db.example", dbname="shop")  # net.connect Endpoint db.example:5432
pymongo.MongoClient("mongodb://m.example/").shop.users.delete_many({})  # net.connect Endpoint m.example:27017; sql.delete Database m.example
redis.Redis("r.example").get("k")  # net.connect Endpoint r.example:6379; sql.select Database r.example
redis.Redis("r.example").flushall()  # net.connect Endpoint r.example:6379; sql.delete Database r.example
sqlalchemy.create_engine("postgresql://u@db.example/shop")  # net.connect Endpoint db.example:5432
sqlite3.connect("shop.db")  # fs.read File shop.db; fs.write File shop.db
sqlite3.connect("file:shop.db?mode=ro", uri=True)  # fs.read File shop.db
sqlite3.connect("file:shop.db?mode=ro", uri=True).execute("SELECT a FROM t")  # fs.read File shop.db; sql.select Table file:/home/dev/project/shop.db/t
sqlite3.connect("file:../shop.db?mode=ro", uri=True).execute("SELECT a FROM t")  # fs.read File /shop.db; sql.select Table file:/shop.db/t
sqlite3.connect("file:shop.db?mode=ro", uri=True).execute("ATTACH '/etc/x.db' AS x")  # fs.read File shop.db; fs.read File /etc/x.db; fs.write File /etc/x.db
sqlite3.connect("file:shop.db?mode=ro", uri=True).execute("SELECT $a$; DROP TABLE t; SELECT $a$")  # fs.read File shop.db; sql.select Database file:/home/dev/project/shop.db; sql.drop Table file:/home/dev/project/shop.db/t
