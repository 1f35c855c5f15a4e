"""What loops, recursive functions and containers hand from one turn to the next: known as far as it can be, and no further."""

import filecmp
import mailbox
import os
import queue
import zipfile
from collections import defaultdict, deque
from multiprocessing import Pool
from pathlib import Path
from unittest.mock import patch

import duckdb


def walk(folder):
    for entry in os.scandir(folder):  # fs.list Folder src ~
        if entry.is_dir():  # fs.list Folder src ~
            yield from walk(entry.path)
        else:
            yield entry.path


for path in walk("src"):
    open(path)  # fs.read Folder src ~

waiting = deque([("docs", 0)])
while waiting:
    folder, depth = waiting.popleft()
    for name in os.listdir(folder):  # fs.list Folder docs ~
        full = os.path.join(folder, name)
        if os.path.isdir(full):  # fs.list Folder docs ~
            waiting.append((full, depth + 1))
        else:
            open(full)  # fs.read Folder docs ~

by_suffix = defaultdict(list)
for file in Path("lib").rglob("*"):  # fs.list Folder lib
    by_suffix[file.suffix].append(file)
for suffix, files in by_suffix.items():
    for file in files:
        file.read_text()  # fs.read Folder lib ~
by_suffix[".py"][0].read_bytes()  # fs.read Folder lib ~

sizes = {file: 0 for file in Path("img").iterdir()}  # fs.list Folder img
for file in sizes:
    file.read_bytes()  # fs.read Folder img ~

todo = ["a.txt"]
for turn in range(3):
    open(todo[-1])  # fs.read File a.txt; fs.read File b.txt
    todo.append("b.txt")

settings = {"path": "c.txt"}
for turn in range(3):
    open(settings["path"])  # fs.read File c.txt; fs.read File /etc/passwd
    settings.update(path="/etc/passwd")

climbing = ["d"]
while climbing:
    inner = climbing.pop()
    open(inner + "/x")  # fs.read File d/x; fs.read File x; fs.read File /x; fs.read Folder / ~
    climbing.append(inner + "/..")


def visit(path, left):
    open(path)  # fs.read File e.txt; fs.read File /etc/passwd
    if left:
        visit("/etc/passwd", left - 1)


visit("e.txt", 1)

jobs = queue.Queue()
jobs.put("f.txt")
open(jobs.get())  # fs.read File f.txt

with zipfile.ZipFile("g.zip") as archive:  # fs.read File g.zip
    print([one.filename for one in archive.infolist() if not one.is_dir()])

mailbox.mbox("h.mbox", create=False)  # fs.read File h.mbox
mailbox.mbox("i.mbox").flush()  # fs.read File i.mbox; fs.write File i.mbox

compared = filecmp.dircmp("j", "k")  # fs.list Folder j; fs.list Folder k; fs.read Folder j ~; fs.read Folder k ~
for name in compared.diff_files:
    open(os.path.join(compared.left, name))  # fs.read Folder j ~

duckdb.sql("SELECT a FROM 'l.parquet' JOIN read_csv('m.csv') USING (a)")  # fs.read File l.parquet; fs.read File m.csv
duckdb.sql("SUMMARIZE 'l.parquet'")  # fs.read File l.parquet
duckdb.sql("describe SELECT a FROM 'l.parquet'")  # fs.read File l.parquet
duckdb.sql("DESCRIBE TABLE t; COPY (SELECT 1) TO 'n.csv'")  # fs.write File n.csv
duckdb.sql("COPY (SELECT 1) TO 'n.csv'")  # fs.write File n.csv
duckdb.sql("SELECT * FROM read_csv(['o.csv', 'p.csv'])")  # fs.read File o.csv; fs.read File p.csv
duckdb.sql("SELECT * FROM read_csv(['o.csv', 'p' || '.csv'])")  # opaque
duckdb.execute("SELECT * FROM read_csv(?)", [["r.csv", "s.csv"]])  # fs.read File r.csv; fs.read File s.csv
duckdb.connect().read_parquet("q.parquet")  # fs.read File q.parquet

with Pool(2, initializer=os.remove, initargs=("r.txt",)) as pool:  # fs.delete File r.txt; proc.exec Program python
    pool.map(len, ["s"])


class Settings:
    path = "u.txt"


settings_of = Settings()
settings_of.__dict__.update({"path": "v.txt"})
open(settings_of.path)  # fs.read File u.txt; fs.read File v.txt
settings_of.path += "/../../w"
open(settings_of.path)  # fs.read File u.txt; fs.read File v.txt; fs.read File /w

for folder, folders, names in os.walk("x"):  # fs.list Folder x
    folders[:] = [one for one in folders if one != ".git"]
    for name in names:
        open(folder + os.sep + name)  # fs.read Folder x ~

patch("os.getcwd", return_value="t")
patch("unheard_of.thing")  # import.unknown
