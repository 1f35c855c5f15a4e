# ruff: noqa
# fmt: off
# Files and folders: every effect of a line is in its comment; a line without one has none. "~": not exact.
import bz2
import csv
import fileinput
import filecmp
import glob
import gzip
import io
import json
import logging
import mailbox
import os
import os.path
import shutil
import sys
import tarfile
import tempfile
import xml.etree.ElementTree as ET
import zipfile
from os import path, unlink as gone
from pathlib import Path

open("a", "w")  # fs.write File a
open("a")  # fs.read File a
open("a", "a+")  # fs.read File a; fs.write File a
open("new", "x")  # fs.create File new
open("data/in.csv", mode="rb")  # fs.read File data/in.csv
open(0)
io.open("b", "wb")  # fs.write File b
with open("out.json", "w") as handle:  # fs.write File out.json
    json.dump({}, handle)
print("x", file=open("log.txt", "a"))  # fs.write File log.txt
open(sys.argv[1])  # fs.read Folder / ~
open("/etc/passwd")  # fs.read File /etc/passwd
open(".env")  # secret.read File .env
open("~/.ssh/id_rsa")  # secret.read File /home/dev/.ssh/id_rsa
open("Makefile", "w")  # fs.surface File Makefile
open(".github/workflows/ci.yml", "w")  # fs.surface File .github/workflows/ci.yml
open(".git/hooks/pre-commit", "w")  # fs.surface File .git/hooks/pre-commit
os.open("a", os.O_RDONLY)  # fs.read File a
os.open("a", os.O_WRONLY | os.O_CREAT)  # fs.write File a
os.remove("a")  # fs.delete File a
os.unlink("b/../c")  # fs.delete File c
gone("d")  # fs.delete File d
os.rmdir("dir")  # fs.delete Folder dir
os.rename("a", "b")  # fs.delete File a; fs.write File b
os.mkdir("dir")  # fs.create Folder dir
os.makedirs(path.join("x", "y"))  # fs.create Folder x/y
os.chmod("run.sh", 0o755)  # fs.mode File run.sh
os.symlink("a", "b")  # fs.symlink File b
os.truncate("a", 0)  # fs.write File a
os.utime("a")  # fs.mode File a
os.listdir("data")  # fs.list Folder data
os.listdir()  # fs.list Folder the workspace
os.path.exists("a")  # fs.list File a
os.stat("/etc")  # fs.list File /etc
for name in os.listdir("data"):  # fs.list Folder data
    open(os.path.join("data", name))  # fs.read Folder data ~
for root, dirs, names in os.walk("src"):  # fs.list Folder src
    for name in names:
        os.remove(os.path.join(root, name))  # fs.delete Folder src ~
shutil.rmtree("build")  # fs.delete Folder build
shutil.copy("a", "b")  # fs.read File a; fs.write File b
shutil.move("a", "b")  # fs.delete File a; fs.write File b
shutil.copytree("a", "b")  # fs.read Folder a; fs.write Folder b
shutil.make_archive("backup", "zip", "data")  # fs.read Folder data; fs.write File backup
Path("a").unlink()  # fs.delete File a
(Path("a") / "b").write_text("x")  # fs.write File a/b
Path("a", "b").with_suffix(".txt").read_text()  # fs.read File a/b.txt
Path("a").mkdir()  # fs.create Folder a
Path("a").rename("b")  # fs.delete File a; fs.write File b
Path("a").touch()  # fs.create File a
Path("a").parent.joinpath("c").open("w")  # fs.write File c
Path(__file__).parent.joinpath("input.txt").read_text()  # fs.read File input.txt
Path.home().joinpath(".bashrc").write_text("x")  # fs.surface File /home/dev/.bashrc
for p in Path("d").glob("*.tmp"):  # fs.list Folder d
    p.unlink()  # fs.delete Folder d ~
Path("x").exists()  # fs.list File x
glob.glob("data/*.csv")  # fs.list Folder data
[open(one) for one in glob.glob("data/*.csv")]  # fs.list Folder data; fs.read Folder data ~
open(f"data/sub/{input()}/../a.txt")  # fs.read Folder data ~
open(f"data/{input()}/down/../a.txt")  # fs.read Folder data ~
open(f"data/{input()}/../../a.txt")  # fs.read Folder / ~
for p in Path("data").rglob("*"):  # fs.list Folder data
    open(p.parent / "a.txt")  # fs.read Folder data ~
    open(p.parent.parent / "a.txt")  # fs.read Folder the workspace ~
    open(p.parent.parent.parent / "a.txt")  # fs.read Folder / ~
tempfile.NamedTemporaryFile()  # fs.create Folder /tmp ~
tempfile.mkdtemp(dir="scratch")  # fs.create Folder scratch ~
zipfile.ZipFile("a.zip")  # fs.read File a.zip
zipfile.ZipFile("a.zip", "w").write("b")  # fs.read File b; fs.write File a.zip
zipfile.ZipFile("a.zip").extractall("out")  # fs.read File a.zip; fs.write Folder out ~
tarfile.open("a.tar").extractall()  # fs.read File a.tar; fs.write Folder the workspace ~
gzip.open("a.gz", "wt")  # fs.write File a.gz
bz2.open("a.bz2")  # fs.read File a.bz2
csv.reader(open("a.csv"))  # fs.read File a.csv
fileinput.input("a.txt", inplace=True)  # fs.read File a.txt; fs.write File a.txt
ET.parse("a.xml").write("b.xml")  # fs.read File a.xml; fs.write File b.xml
filecmp.cmp("a", "b")  # fs.read File a; fs.read File b
mailbox.mbox("inbox").clear()  # fs.delete File inbox; fs.read File inbox; fs.write File inbox
logging.basicConfig(filename="app.log")  # fs.write File app.log
sys.stdout.write("x")
sys.stdin.read()
os.chdir("sub")
open("in-sub")  # fs.read File sub/in-sub
