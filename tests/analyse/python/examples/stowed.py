"""Files that are named in passing, and what leads on from where nobody looks."""

# ruff: noqa
# fmt: off
import ctypes
import inspect
import traceback
import tkinter
import warnings
import zoneinfo

import polars
import sympy
from astropy.table import Table
from lxml import etree

Table.read("../t.fits")  # fs.read File /t.fits
traceback.FrameSummary("/etc/passwd", 1, "f").line  # fs.read File /etc/passwd
traceback.format_list([("/etc/passwd", 1, "f", None)])  # fs.read Folder / ~
traceback.StackSummary.from_list([("/etc/passwd", 1, "f", None)])  # fs.read Folder / ~
traceback.format_list(traceback.extract_stack())
warnings.warn_explicit("m", UserWarning, "/etc/passwd", 1)  # fs.read File /etc/passwd
warnings.formatwarning("m", UserWarning, filename="/etc/passwd", lineno=1)  # fs.read File /etc/passwd
warnings.warn("m")
zoneinfo.reset_tzpath(["/etc"])  # fs.read File /etc
zoneinfo.ZoneInfo("Europe/Berlin")
ctypes.cdll["libc.so.6"]  # opaque
ctypes.cdll.libc  # opaque
getattr(ctypes.cdll, "./x.so")  # opaque
ctypes.pythonapi["PyRun_SimpleString"]  # opaque
ctypes.c_char.from_address(1)  # opaque
ctypes.sizeof(ctypes.c_int)
(ctypes.c_int * 4)(1, 2, 3, 4)
inspect.signature(len, eval_str=False)
tkinter.Tcl().readprofile("a", "b")  # opaque
polars.sql("select * from read_csv('/etc/passwd')")  # opaque
polars.DataFrame({"a": [1]}).sql("select * from '/etc/passwd'")  # opaque
polars.sql("select a from frame group by a")
sympy.plotting.plot("__import__('os').system('ls')")  # opaque
sympy.plot(sympy.Symbol("x") ** 2, title="x squared")
etree.fromstring('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>')  # fs.read Folder / ~
etree.fromstring("<a>1</a>")
license._Printer__filenames = ["/etc/passwd"]  # opaque
type(license)("x", "", ["/etc/passwd"], ["."])  # opaque
polars.__file__ = "/etc/passwd"  # opaque
