# ruff: noqa
# fmt: off
# Windows, games, pictures, and the devices behind them.
import altair
import curses
import geopandas.tools
import imageio.v3 as iio
import pdfplumber
import tensorflow as tf
import torchvision.transforms
import wordcloud
from rich.console import Console
import customtkinter
import bokeh.plotting
import kivy.storage.jsonstore
import kivy.uix.image
import plotly.express as px
import plotly.graph_objects as go
import pygame
import pygame.camera
import pyqrcode
import PySimpleGUI as sg
import polars
import ruamel.yaml
import tkinter as tk
import wx
from altair.datasets import data
from cv2 import cv2
from kivy.core.clipboard import Clipboard
from kivy.lang import Builder
from kivy.network.urlrequest import UrlRequest
from PIL import Image, ImageChops, ImageEnhance, ImageOps, ImageSequence
from PyQt5 import uic
from PyQt5.QtCore import QDirIterator, QLibrary, QProcessEnvironment
from PyQt5.QtGui import QCursor, QPainter
from PyQt5.QtMultimedia import QCamera, QMediaPlayer
from PyQt5.QtPrintSupport import QPrinter
from PyQt5.QtSerialPort import QSerialPort
from PyQt5.QtWidgets import QApplication

tk.Label().tk.call("exec", "ls")  # opaque
tk.Button().pack()
tk.Tk().send("other", "exit")  # opaque
tk.Text().clipboard_append("a")  # opaque
tk.Entry().option_readfile("conf")  # fs.read File conf
tk.Canvas().postscript(file="a.ps")  # fs.write File a.ps
customtkinter.CTkEntry().tk.eval("exec ls")  # opaque
def shown(widget): return widget.clipboard_get()  # opaque
print(shown)
class Shell(tk.Frame):
    def go(self): self.tk.call("exec", "ls")  # opaque
curses.scr_dump("screen")  # fs.write File screen
pygame.camera.Camera("/dev/video0").start()  # opaque
pygame.scrap.get("text")  # opaque
pygame.mixer.music.queue("a.ogg")  # fs.read File a.ogg
pygame.image.load_extended("a.png")  # fs.read File a.png
pygame.Surface((1, 1)).fill((0, 0, 0))
sg.user_settings_set_entry("a", 1)  # fs.surface File /home/dev/.config/PySimpleGUI
sg.clipboard_get()  # opaque
sg.Window("a").read()
Clipboard.paste()  # proc.exec Program xclip
UrlRequest("http://a.example/")  # http.get Endpoint a.example:80
Builder.load_string("Label:")  # opaque
kivy.uix.image.AsyncImage(source="https://a.example/b.png")  # http.get Endpoint a.example:443
kivy.storage.jsonstore.JsonStore("a.json")  # fs.write File a.json
wx.ScreenDC()  # opaque
wx.TheClipboard.Open()  # opaque
wx.Frame(None).Show()
QCursor.setPos(1, 1)  # opaque
QPainter().save()
QCamera().start()  # fs.read Folder / ~; net.connect Domain ? ~
QMediaPlayer().setMedia(None)  # fs.read Folder / ~; net.connect Domain ? ~
QMediaPlayer().play()  # fs.read Folder / ~; net.connect Domain ? ~
QSerialPort("COM1")  # opaque
QLibrary("a.so").load()  # opaque
QDirIterator(".")  # fs.list Folder / ~
QProcessEnvironment.systemEnvironment()  # env.read Variable ? ~
QApplication([]).exec()
QApplication.clipboard().text()  # opaque
QPrinter().setOutputFileName("a.pdf")  # fs.write File a.pdf
uic.loadUi("a.ui")  # fs.read File a.ui; opaque
ImageChops.difference(Image.open("a.png"), None).show()  # fs.read File a.png; proc.exec Program viewer
ImageOps.grayscale(None).show()  # proc.exec Program viewer
ImageEnhance.Contrast(None).enhance(2).show()  # proc.exec Program viewer
[frame.show() for frame in ImageSequence.Iterator(None)]  # proc.exec Program viewer
Image.frombuffer("L", (1, 1), b"a").rotate(3).save("b.png")  # fs.write File b.png
Image.new("L", (1, 1)).size
pyqrcode.create("a").svg("a.svg")  # fs.write File a.svg
cv2.VideoCapture(0)  # opaque
(altair.Chart() | altair.Chart()).show()  # proc.exec Program browser
altair.layer(altair.Chart()).save("a.html")  # fs.write File a.html
altair.Chart().mark_bar()
data.movies()  # http.get Endpoint cdn.jsdelivr.net:443
px.bar(x=[1]).show()  # proc.exec Program browser
px.data.iris().head()
go.Figure().update_layout(title="a")
bokeh.plotting.show(None)  # proc.exec Program browser
bokeh.plotting.save(None, "a.html")  # fs.write File a.html
polars.DataFrame.deserialize("plan")  # fs.read File plan; opaque
ruamel.yaml.constructor.Constructor()  # opaque
iio.imread("<video0>")  # opaque
iio.imread("a.png")  # fs.read File a.png
geopandas.tools.geocode("here")  # http.get Endpoint photon.komoot.io:443
wordcloud.WordCloud().to_image().show()  # proc.exec Program viewer
torchvision.transforms.ToPILImage()(None).show()  # proc.exec Program viewer
pdfplumber.open("a.pdf").pages[0].to_image().show()  # fs.read File a.pdf; proc.exec Program viewer
Console().pager()  # proc.exec Program pager
tf.config.experimental_connect_to_cluster(None)  # net.connect Domain ? ~
def shown_too(picture): picture.show()  # proc.exec Program viewer
print(shown_too)
import functools
import palettable
import tkhtmlview
from palettable.colorbrewer.qualitative import Dark2_7
from tkinter import ttk
from PyQt5.QtMultimedia import QMediaPlaylist
window = tk.Tk()
tk.Button(command="exec ls").invoke()  # opaque
tk.Button(window, text="exec ls", command=window.destroy)
tk.Button(window, {"command": "exec ls"})  # opaque
tk.Entry(validatecommand=(window.register(print), "%P"))
functools.partial(tk.Button, command="exec ls")()  # opaque
widget = tk.Label(window)
widget.bind("<1>", "exec ls")  # opaque
widget.bind("<1>", "break")
widget.bind("<1>", print, "+")
getattr(widget, "bind")("<1>", "exec ls")  # opaque
tk.Misc.bind(widget, "<1>", "exec ls")  # opaque
widget.after(1, "exec ls")  # opaque
widget.after(1, print, "exec ls")
widget.event_generate("<<Paste>>")  # opaque
widget.event_generate("<<Mine>>")
widget["command"] = "exec ls"  # opaque
widget["text"] = "exec ls"
widget.configure(command=f"exec {len('ls')}")  # opaque
window.protocol("WM_DELETE_WINDOW", "exec ls")  # opaque
window.option_add("*Button.command", "exec ls")  # opaque
window.option_add("*Font", "Arial")
ttk.Treeview(window).heading("#0", command="exec ls")  # opaque
class Pressed(tk.Button):
    def __init__(self, master):
        super().__init__(master, command="exec ls")  # opaque
        self["command"] = "exec ls"  # opaque
        self.bind("<1>", "exec ls")  # opaque
Pressed(window)
tkhtmlview.HTMLLabel(None, html='<img src="https://a.example/a.png">')  # http.get Endpoint a.example:443
tkhtmlview.HTMLLabel(None, html="<b>a</b>")
tkhtmlview.HTMLText().set_html("<img src=a.png>")  # fs.read File a.png
tkhtmlview.HTMLLabel(html=tkhtmlview.RenderHTML("a.html"))  # fs.read File a.html; http.get Domain ? ~
tkhtmlview.HTMLLabel().tk.eval("exec ls")  # opaque
Dark2_7.colorbrewer2()  # http.get Endpoint colorbrewer2.org:80; proc.exec Program browser
palettable.colorbrewer.get_map("Dark2", "Qualitative", 7).colorbrewer2()  # http.get Endpoint colorbrewer2.org:80; proc.exec Program browser
palettable.tableau.Tableau_10.save_discrete_image("a.png")  # fs.write File a.png
Dark2_7.mpl_colors
kivy.uix.image.AsyncImage(source="a.png")  # fs.read File a.png
UrlRequest("http://a.example/", file_path="a.bin")  # fs.write File a.bin; http.get Endpoint a.example:80
Builder.load_file("a.kv")  # opaque
wx.CopyFile("a", "b")  # fs.read File a; fs.write File b
wx.RenameFile("a", "b")  # fs.delete File a; fs.write File b
wx.ConcatFiles("a", "b", "c")  # fs.read File a; fs.read File b; fs.write File c
sg.execute_command_subprocess("ls", "a")  # fs.list File a; proc.exec Program ls
sg.execute_py_file("a.py")  # opaque; proc.exec Program python
sg.UserSettings("a.json")  # fs.write Folder / ~
QMediaPlaylist().load("a.m3u")  # fs.read Folder / ~; net.connect Domain ? ~
