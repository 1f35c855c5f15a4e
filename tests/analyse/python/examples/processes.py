# ruff: noqa
# fmt: off
import asyncio
import atexit
import commands
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import webbrowser
from concurrent.futures import ThreadPoolExecutor

os.system("ls")  # fs.list File the workspace; proc.exec Program ls
os.popen(input())  # proc.exec Program ? ~
subprocess.run(["rm", "-rf", "build"])  # fs.delete Folder build ~; proc.exec Program rm
subprocess.run("rm build", shell=True)  # fs.delete File build; proc.exec Program rm
subprocess.check_output("git status".split())  # fs.read Folder the workspace ~; proc.exec Program git
subprocess.Popen([input()])  # proc.exec Program ? ~
subprocess.getoutput("ls")  # fs.list File the workspace; proc.exec Program ls
subprocess.run([sys.executable, "x.py"])  # fs.read File x.py; opaque; proc.exec Program python3
commands.getoutput("ls")  # fs.list File the workspace; proc.exec Program ls
os.execvp("ls", ["ls"])  # fs.list File the workspace; proc.exec Program ls
os.kill(1, signal.SIGTERM)  # proc.exec Program kill
webbrowser.open("https://example.com/")  # http.get Endpoint example.com:443; proc.exec Program browser
asyncio.run(asyncio.create_subprocess_shell("ls"))  # fs.list File the workspace; proc.exec Program ls
multiprocessing.Pool().map(os.remove, ["a"])  # fs.delete File a; proc.exec Program python
threading.Thread(target=os.remove, args=("a",)).start()  # fs.delete File a
atexit.register(os.remove, "a")  # fs.delete File a
signal.signal(signal.SIGINT, lambda *_: os.remove("a"))  # fs.delete File a
ThreadPoolExecutor().submit(os.remove, "a")  # fs.delete File a
