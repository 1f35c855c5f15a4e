"""Texts that lead up, in things of libraries: paths that end in what is found may be those."""

import ctypes
import inspect
import sqlite3
import threading
import traceback
import typing
import warnings
import zoneinfo

import polars
import sympy
from astropy.table import Table
from lxml import etree

Table.read("../t.fits")  # fs.read File /t.fits
