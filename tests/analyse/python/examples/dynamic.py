# ruff: noqa
# fmt: off
import builtins
import codecs
import ctypes
import gc
import importlib
import inspect
import marshal
import mmap
import os
import pickle
import random
import shelve
import some_module_that_nobody_knows  # import.unknown
import sys
import timeit
from functools import partial

eval(input())  # opaque
eval("1 + 1")  # opaque
exec("import os; os.remove('a')")  # fs.delete File a; opaque
compile(input(), "x", "exec")  # opaque
__import__("os").remove("a")  # fs.delete File a
__import__(input())  # opaque
importlib.import_module("o" + "s").remove("a")  # fs.delete File a; opaque
importlib.import_module("shutil").rmtree("a")  # fs.delete Folder a
getattr(os, "remove")("a")  # fs.delete File a
getattr(os, input())("a")  # opaque
().__class__.__base__.__subclasses__()  # opaque
"{0.__globals__}".format(print)  # opaque
globals()["os"].remove("a")  # fs.delete File a; opaque
globals()[input()]  # opaque
sys.modules["os"].remove("a")  # fs.delete File a; opaque
sys._getframe()  # opaque
inspect.currentframe()  # opaque
random._os.remove("a")  # fs.delete File a; opaque
os.remove = print  # opaque
builtins.open = print  # opaque
sys.path.insert(0, "lib")  # opaque
pickle.loads(b"")  # opaque
marshal.loads(b"")  # opaque
shelve.open("db")  # fs.read File db; fs.write File db; opaque
ctypes.CDLL("libc.so.6")  # opaque
mmap.mmap(0, 1)  # opaque
gc.get_objects()  # opaque
codecs.register(print)  # opaque
breakpoint()  # opaque
timeit.timeit("os.remove('a')", setup="import os")  # fs.delete File a
partial(os.remove, "a")()  # fs.delete File a
os.unheard_of()  # opaque
setattr(os, "remove", print)  # opaque
