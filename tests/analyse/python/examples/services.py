# ruff: noqa
# fmt: off
# Clients of services, and libraries that run what they are given.
import aiopg
import asyncpg
import httplib
import httpx
import invoke
import ldap
import ldap3
import peewee
import pg8000
import pycurl
import sh
import urllib2
import vertexai
from aiohttp import web
from cassandra.cluster import Cluster
from chameleon import PageTemplate
from django.core.files.storage import default_storage
from django.core.mail import send_mail
from django.db import connection, models
from elasticsearch import Elasticsearch
from fabric.api import local, put, run
from genshi.template import MarkupTemplate
from google.cloud import bigquery_storage_v1, compute_v1, firestore, secretmanager, tasks_v2
from libtaxii.clients import HttpClient
from plumbum.cmd import rm
from pyspark.sql import SparkSession
from tornado.httpclient import HTTPClient

pg8000.connect(host="a.example").cursor().execute("DELETE FROM people")  # net.connect Endpoint a.example:5432; sql.delete Table /people
aiopg.connect("host=b.example dbname=shop").cursor().execute("DROP TABLE people")  # net.connect Endpoint b.example:5432; sql.drop Table shop/people
link = asyncpg.connect(host="c.example")  # net.connect Endpoint c.example:5432
link.copy_from_query("SELECT a FROM people", output="out.csv")  # fs.write File out.csv; sql.select Table /people
link.copy_to_table("people", source="in.csv")  # fs.read File in.csv; sql.insert Database ? ~
Cluster(["d.example"]).connect().execute("SELECT a FROM people")  # net.connect Endpoint d.example:9042; sql.select Table /people
Elasticsearch(["http://e.example:9200"])  # net.connect Endpoint e.example:9200
peewee.SqliteDatabase("a.db").execute_sql("DROP TABLE people")  # fs.read File a.db; fs.write File a.db; sql.drop Table a.db/people
SparkSession.builder.appName("x").getOrCreate().sql("SELECT a FROM people")  # net.connect Domain ? ~; proc.exec Program java; sql.select Table /people
urllib2.urlopen("http://f.example/")  # http.get Endpoint f.example:80
httplib.HTTPSConnection("g.example").request("GET", "/")  # http.get Endpoint g.example:443
httpx.delete("http://h.example/a")  # http.delete Endpoint h.example:80
curl = pycurl.Curl()
curl.setopt(curl.URL, "http://i.example/")  # http.get Endpoint i.example:80
curl.setopt(curl.POSTFIELDS, "a=b")  # http.post Domain ? ~
HTTPClient().fetch("http://j.example/")  # http.get Endpoint j.example:80
HttpClient().callTaxiiService2("k.example", "/", "v", "x")  # net.connect Domain k.example ~
ldap.initialize("ldap://l.example").delete_s("cn=a")  # net.connect Endpoint l.example:389; sql.delete Database ? ~
ldap3.Connection(ldap3.Server("m.example"))  # net.connect Endpoint m.example:389
web.FileResponse("a.txt")  # fs.read File a.txt
web.run_app(web.Application())  # net.connect Domain 0.0.0.0 ~
compute_v1.InstancesClient().delete(project="p")  # http.delete Endpoint compute.googleapis.com:443; net.connect Endpoint compute.googleapis.com:443
secretmanager.SecretManagerServiceClient().list_secrets(parent="p")  # http.get Endpoint secretmanager.googleapis.com:443; net.connect Endpoint secretmanager.googleapis.com:443
secretmanager.SecretManagerServiceClient().secret_path("p", "s")  # net.connect Endpoint secretmanager.googleapis.com:443
tasks_v2.CloudTasksClient().create_task(parent="p")  # http.post Endpoint cloudtasks.googleapis.com:443; net.connect Endpoint cloudtasks.googleapis.com:443
bigquery_storage_v1.BigQueryReadClient()  # net.connect Endpoint bigquerystorage.googleapis.com:443
compute_v1.InstancesClient(client_options={"api_endpoint": "n.example"})  # net.connect Domain ? ~
firestore.Client().collection("a").document("b").delete()  # http.delete Endpoint firestore.googleapis.com:443; net.connect Endpoint firestore.googleapis.com:443
for found in firestore.Client().collection("a").stream():  # http.get Endpoint firestore.googleapis.com:443; net.connect Endpoint firestore.googleapis.com:443
    found.reference.delete()  # http.delete Endpoint firestore.googleapis.com:443
vertexai.preview.prompts.delete(prompt_id="a")  # http.delete Endpoint aiplatform.googleapis.com:443
send_mail("a", "b", "c", ["d"])  # net.connect Domain ? ~; opaque
default_storage.save("a.txt", 1)  # fs.write File a.txt; opaque
with connection.cursor() as cursor:  # opaque
    cursor.execute("DELETE FROM people")  # sql.delete Table /people
class Person(models.Model):
    pass
Person().delete()  # opaque; sql.delete Database ? ~
local("ls a")  # fs.list File a; proc.exec Program ls
run("ls")  # proc.exec Program ssh
put("a.txt", "b")  # fs.read File a.txt; net.connect Domain ? ~; proc.exec Program ssh
sh.ls("b")  # fs.list File b; proc.exec Program ls
sh.git.status()  # fs.read Folder the workspace ~; proc.exec Program git
rm("-rf", "c")  # fs.delete Folder c ~; proc.exec Program rm
@invoke.task
def build(context):
    context.run("rm d")  # fs.delete File d; proc.exec Program rm
@invoke.task(help={})
def clean(context):
    context.run("rm e")  # fs.delete File e; proc.exec Program rm
MarkupTemplate("x")  # opaque
PageTemplate("x")  # opaque
