# ruff: noqa
# fmt: off
import ftplib
import http.client
import imaplib
import smtplib
import socket
import socketserver
import ssl
import urllib.request
import xmlrpc.client

import aiohttp
import feedparser
import httpx
import meilisearch
import pysolr
import openai
import requests
import slack_sdk
import urllib3
import uvicorn
import websockets
from flask import Flask
from github import Github
from playwright.sync_api import sync_playwright
from requests import Session as S, get
from selenium import webdriver

requests.get("https://api.example.com/v1/users")  # http.get Endpoint api.example.com:443
requests.post(f"https://api.example.com/{input()}", json={})  # http.post Endpoint api.example.com:443
requests.delete("http://localhost:8080/x")  # http.delete Endpoint localhost:8080
requests.request("PATCH", "https://api.example.com/")  # http.patch Endpoint api.example.com:443
requests.request(input(), "https://api.example.com/")  # http.delete Endpoint api.example.com:443
requests.get(input())  # http.get Domain ? ~
get("https://" + "a.example" + "/x")  # http.get Endpoint a.example:443
s = S()
s.put("https://b.example/x")  # http.put Endpoint b.example:443
httpx.get("https://c.example")  # http.get Endpoint c.example:443
httpx.Client(base_url="https://d.example/api").delete("/x")  # http.delete Endpoint d.example:443
async def fetch():
    async with aiohttp.ClientSession() as session:
        async with session.get("https://e.example") as response:  # http.get Endpoint e.example:443
            return await response.text()
urllib3.PoolManager().request("GET", "https://f.example")  # http.get Endpoint f.example:443
urllib.request.urlopen("https://g.example")  # http.get Endpoint g.example:443
urllib.request.urlopen("https://g.example", data=b"x")  # http.post Endpoint g.example:443
urllib.request.Request("https://g.example", method="DELETE")  # http.delete Endpoint g.example:443
urllib.request.urlretrieve("https://g.example/a.zip", "a.zip")  # fs.write File a.zip; http.get Endpoint g.example:443
http.client.HTTPSConnection("h.example").request("POST", "/x")  # http.post Endpoint h.example:443
socket.create_connection(("i.example", 80))  # net.connect Endpoint i.example:80
socket.socket().connect(("192.168.0.1", 22))  # net.connect Endpoint 192.168.0.1:22
socket.socket().bind(("", 8000))  # net.connect Endpoint 0.0.0.0:8000
ssl.create_default_context().wrap_socket(socket.socket()).connect(("j.example", 443))  # net.connect Endpoint j.example:443
smtplib.SMTP("mail.example", 587)  # net.connect Endpoint mail.example:587
imaplib.IMAP4_SSL("mail.example")  # net.connect Endpoint mail.example:993
ftplib.FTP("ftp.example")  # net.connect Endpoint ftp.example:21
xmlrpc.client.ServerProxy("https://k.example/rpc")  # http.post Endpoint k.example:443
socketserver.TCPServer(("0.0.0.0", 80), None)  # net.connect Endpoint 0.0.0.0:80
websockets.connect("wss://l.example/x")  # net.connect Endpoint l.example:443
feedparser.parse("https://m.example/feed")  # http.get Endpoint m.example:443
webdriver.Chrome().get("https://n.example")  # http.get Endpoint n.example:443; net.connect Domain ? ~; proc.exec Program browser
with sync_playwright() as p:
    page = p.chromium.launch().new_page()  # proc.exec Program browser
    page.goto("https://o.example")  # http.get Endpoint o.example:443
    page.click("#buy")  # http.post Domain ? ~
    page.screenshot(path="shot.png")  # fs.write File shot.png
slack_sdk.WebClient(token="x").chat_postMessage(channel="#a", text="b")  # http.post Endpoint slack.com:443
slack_sdk.WebClient(token="x").conversations_list()  # http.get Endpoint slack.com:443
Github("x").get_repo("a/b").create_issue(title="c")  # http.get Endpoint api.github.com:443; http.post Endpoint api.github.com:443
openai.OpenAI()  # http.post Endpoint api.openai.com:443
Flask(__name__).run()  # net.connect Domain 0.0.0.0 ~
uvicorn.run("app:app")  # net.connect Domain 0.0.0.0 ~
requests.post("https://p.example", data=open("notes.txt").read())  # fs.read File notes.txt; http.post Endpoint p.example:443
aiohttp.request("HEAD", "https://q.example")  # http.head Endpoint q.example:443
meilisearch.Client("https://search.example").index("books")  # http.post Endpoint search.example:443; net.connect Endpoint search.example:443
pysolr.Solr("https://solr.example:8983/solr/books").delete(q="*:*")  # http.delete Endpoint solr.example:8983
