"""Clients of services: databases, clouds, other machines, mail; and libraries that run what they are given as code."""

TABLE = """
@py-database
pg8000.connect|dbapi.connect|native.Connection() = !db_connect -> db.Connection
pg8000.dbapi.connect() = !db_connect -> db.Connection
pg8000.native.Connection() = !db_connect -> db.Connection
aiopg.connect|create_pool|sa.create_engine(dsn) = !db_connect -> db.Connection(dsn)
aiopg.sa.create_engine(dsn) = !db_connect -> db.Connection(dsn)
aiomysql.sa.create_engine() = !db_connect -> db.Connection
asyncmy.connect|create_pool() = !db_connect -> db.Connection
cymysql.connect() = !db_connect -> db.Connection
psycopg2cffi.connect(dsn) = !db_connect -> db.Connection(dsn)
aioodbc.connect|create_pool(dsn) = !db_connect -> db.Connection
pgdb.connect() = !db_connect -> db.Connection
pg.connect|DB() = !db_connect -> db.Connection
_mysql.connect() = !db_connect -> db.Connection
phoenixdb.connect(url) = net.connect url -> db.Connection
hdbcli.dbapi.connect(address) = net.connect address -> db.Connection
ibm_db.connect() = net.connect * -> db.Connection
ibm_db.exec_immediate|prepare(connection, statement) = sql statement
ibm_db.* = net.connect *
ibm_db_dbi.connect() = net.connect * -> db.Connection
jaydebeapi.connect(jclassname, url) = net.connect url; proc.exec "java" -> db.Connection
teradatasql.connect() = !db_connect -> db.Connection
vertica_python.connect() = !db_connect -> db.Connection
pyhive.hive.connect|Connection(host) = net.connect host -> db.Connection
pyhive.presto.connect|Connection(host) = net.connect host -> db.Connection
pyhive.trino.connect|Connection(host) = net.connect host -> db.Connection
impala.dbapi.connect(host) = net.connect host -> db.Connection
redshift_connector.connect() = !db_connect -> db.Connection
pyathena.connect() = net.connect * -> db.Connection
awswrangler.* = net.connect *
clickhouse_driver.dbapi.connect|connection.Connection(dsn) = !db_connect -> db.Connection(dsn)
clickhouse_driver.connect(dsn) = !db_connect -> db.Connection(dsn)
clickhouse_driver.client.Client(host) = !db_connect -> db.Connection
aioch.Client(host) = !db_connect -> db.Connection
asynch.connect(dsn) = !db_connect -> db.Connection
mysql.connector.MySQLConnection() = !db_connect -> db.Connection
mysql.connector.connection.MySQLConnection() = !db_connect -> db.Connection
mysql.connector.aio.connect() = !db_connect -> db.Connection
db.Connection.execute_iter|execute_with_progress|run|prepare|execute_async|fetchmany_sql|
    mutate|bulk_insert(sql) = sql sql -> db.Connection(self)
db.Connection.copy_from_query(query, *, output) = sql query; fs.write output
db.Connection.copy_from_table(table, *, output) = sql.select self; fs.write output
db.Connection.copy_to_table(table, *, source) = sql.insert self; fs.read source
pysqlite2.dbapi2.connect(database) = !sqlite -> sqlite3.Connection(database)
pysqlcipher3.dbapi2.connect(database) = !sqlite -> sqlite3.Connection(database)
sqlitedict.SqliteDict(filename) = fs.write filename; opaque "unpickles data, which can run any code"
mongoengine.connect|register_connection() = net.connect *
mongoengine.Document.save|insert|update|modify|update_one() = sql.update *
mongoengine.Document.delete|drop_collection() = sql.delete *
playhouse.* = net.connect *
rethinkdb.* = net.connect *
arango.* = net.connect *
couchdb.Server(url) = net.connect url
ZODB.* = fs.write *; opaque "unpickles data, which can run any code"
sqlobject.* = net.connect *
ibis.* = net.connect *
pymemcache.* = net.connect *
pylibmc.Client() = net.connect *; opaque "unpickles data, which can run any code"
memcache.Client() = net.connect *; opaque "unpickles data, which can run any code"
etcd3.* = net.connect *
consul.* = net.connect *
kazoo.* = net.connect *
neo4j.AsyncGraphDatabase.driver(uri) = net.connect uri -> neo4j.Driver
pyspark.sql.SparkSession.builder() = pure -> pyspark.Session
pyspark.sql.SparkSession.Builder() = pure -> pyspark.Session
pyspark.Session.getOrCreate|create|remote() = proc.exec "java"; net.connect * -> pyspark.Session
pyspark.Session.sql(query) = sql query -> pyspark.Session
pyspark.Session.load|csv|json|parquet|text|orc|table|jdbc|textFile|wholeTextFiles(path) = fs.read path; net.connect * -> pyspark.Session
pyspark.Session.save|saveAsTable|insertInto|saveAsTextFile|saveAsPickleFile(path) = fs.write path; net.connect *
pyspark.Session.pickleFile() = opaque "unpickles data, which can run any code"
pyspark.Session.* = pure -> pyspark.Session
pyspark.SparkContext() = proc.exec "java"; net.connect * -> pyspark.Session
pyspark.* = proc.exec "java"
pyspark.sql.functions.* = pure
pyspark.sql.types.* = pure
[pg8000 aiopg asyncmy cymysql psycopg2cffi aioodbc pgdb pg _mysql phoenixdb hdbcli ibm_db ibm_db_dbi jaydebeapi teradatasql] opaque
[vertica_python pyhive impala redshift_connector pyathena awswrangler aioch asynch pysqlite2 pysqlcipher3 sqlitedict] opaque
[mongoengine playhouse rethinkdb arango couchdb ZODB sqlobject ibis pymemcache pylibmc memcache etcd3 consul kazoo pyspark] opaque

@py-http-client
urllib2 => urllib.request
httplib => http.client
xmlrpclib => xmlrpc.client
SimpleXMLRPCServer => xmlrpc.server
BaseHTTPServer => http.server
SimpleHTTPServer => http.server
CGIHTTPServer => http.server
SocketServer => socketserver
cookielib => http.cookiejar
treq.head|options(url) = http.get url
treq.put|patch(url) = http.put url
treq.delete(url) = http.delete url
treq.request(method, url) = http method url
asks.get|head|options(uri) = http.get uri
asks.post|put|patch(uri) = http.post uri
asks.delete(uri) = http.delete uri
asks.request(method, uri) = http method uri
asks.Session|DSession(base_location) = net.connect base_location
niquests.get|head|options(url) = http.get url -> requests.Response
niquests.post|put|patch(url) = http.post url -> requests.Response
niquests.delete(url) = http.delete url -> requests.Response
niquests.request(method, url) = http method url -> requests.Response
niquests.Session|AsyncSession() = pure -> requests.Session
httpx.delete(url) = http.delete url -> requests.Response
httpcore.request|stream(method, url) = http method url
httpcore.ConnectionPool|AsyncConnectionPool|HTTPProxy|SOCKSProxy() = net.connect *
requests_futures.sessions.FuturesSession() = pure -> requests.Session
requests_cache.CachedSession() = fs.write "http_cache.sqlite" -> requests.Session
tornado.httpclient.HTTPClient|AsyncHTTPClient() = pure -> tornado.Client
tornado.httpclient.HTTPRequest(url, method) = http.get url
tornado.Client.fetch(request, *, method) = http.get request
tornado.Client.* = pure
tornado.websocket.websocket_connect(url) = net.connect url
tornado.httpserver.HTTPServer|tcpserver.TCPServer() = net.connect "0.0.0.0"
tornado.tcpserver.TCPServer() = net.connect "0.0.0.0"
tornado.web.Application.listen() = net.connect "0.0.0.0"
tornado.web.StaticFileHandler() = fs.read *
tornado.template.Template|Loader|DictLoader() = opaque "runs a template, which is code"
tornado.process.Subprocess(args) = argv args
twisted.web.client.Agent|ProxyAgent|RedirectAgent() = pure -> twisted.Agent
twisted.Agent.request(method, uri) = http method uri
twisted.Agent.* = pure
twisted.web.client.getPage(url) = http.get url
twisted.web.client.downloadPage(url, file) = http.get url; fs.write file
twisted.web.static.File(path) = fs.read path/
twisted.internet.reactor.connectTCP|connectSSL(host, port) = net.connect host:port
twisted.internet.reactor.listenTCP|listenSSL|listenUDP|listenUNIX() = net.connect "0.0.0.0"
twisted.internet.reactor.spawnProcess(protocol, executable) = proc.exec executable
twisted.internet.utils.getProcessOutput|getProcessValue|getProcessOutputAndValue(executable) = proc.exec executable
pycurl.Curl() = pure -> pycurl.Curl
pycurl.Curl.setopt(option, value) = !curl_option
pycurl.Curl.perform|perform_rb|perform_rs() = http.get *
pycurl.Curl.__latent__() = http.get *
pycurl.Curl.* = pure
pycurl.CurlMulti() = http.get *
pycurl.URL|error|FOLLOWLOCATION|WRITEDATA|WRITEFUNCTION|HTTPHEADER|POSTFIELDS|RESPONSE_CODE|global_init|version = pure
libtaxii.clients.HttpClient() = pure -> libtaxii.Client
libtaxii.Client.call_taxii_service|call_taxii_service2(host) = net.connect host
libtaxii.Client.callTaxiiService|callTaxiiService2(host) = net.connect host
libtaxii.Client.* = pure
libtaxii.common.parse(s) = !read_anything
zeep.Client|AsyncClient(wsdl) = http.get wsdl
suds.client.Client(url) = http.get url
telepot.* = net.connect "api.telegram.org:443"
aioftp.Client(host) = net.connect host:21
aioftp.Client.context(host) = net.connect host:21
aioftp.Server() = net.connect "0.0.0.0"
aiosmtplib.SMTP|send(*, hostname) = net.connect hostname
aiosmtpd.* = net.connect "0.0.0.0"
flask_mail.* = net.connect *
flask_mail.Message() = pure
mailjet_rest.Client() = http.post "https://api.mailjet.com/"
telnetlib3.* = net.connect *
ldap.initialize|open(uri) = net.connect uri -> ldap.Connection
ldap.Connection.delete|delete_s|delete_ext|delete_ext_s() = sql.delete *
ldap.Connection.* = net.connect *
smbclient.* = net.connect *
impacket.* = net.connect *
hdfs.* = net.connect *
boto.* = net.connect *
algoliasearch.* = net.connect "algolia.net:443"
pylast.* = http.post "https://ws.audioscrobbler.com/"
aiokafka.* = net.connect *
aio_pika.* = net.connect *
aiormq.* = net.connect *
kombu.* = net.connect *; opaque "may unpickle what comes in"
stomp.* = net.connect *
rq.* = net.connect *; opaque "unpickles data, which can run any code"
huey.* = net.connect *
dramatiq.* = net.connect *
quart.Quart() = pure -> quart.Quart
quart.Quart.run|run_task() = net.connect "0.0.0.0"
quart.Quart.* = pure
quart.send_file|send_from_directory(path) = fs.read path
quart.render_template() = fs.read "templates/"
quart.render_template_string => jinja2.Shown.render
pyramid.response.FileResponse|FileIter(path) = fs.read path
pyramid.static.static_view() = fs.read *
pyramid.renderers.render|render_to_response|get_renderer() = opaque "runs a template, which is code"
pyramid.scripting.* = opaque "loads an application"
pyramid.paster.* = opaque "loads an application"
wsgiref.simple_server.make_server|WSGIServer(host, port) = net.connect host:port
cherrypy.lib.static.serve_file|serve_fileobj|serve_download|staticdir|staticfile(path) = fs.read path
baize.asgi.FileResponse(filepath) = fs.read filepath
baize.wsgi.FileResponse(filepath) = fs.read filepath
baize.asgi.Files|Pages(directory) = fs.read directory/
baize.wsgi.Files|Pages(directory) = fs.read directory/
aiohttp.web.FileResponse(path) = fs.read path
aiohttp.web.Application() = pure -> aiohttp.Application
aiohttp.Application.* = pure -> aiohttp.Application
aiohttp.web.Response|StreamResponse|WebSocketResponse|json_response|HTTPFound|HTTPNotFound|HTTPBadRequest|HTTPForbidden|HTTPOk|Request|
    HTTPUnauthorized|HTTPInternalServerError|HTTPException|RouteTableDef|middleware|normalize_path_middleware|AppKey() = pure
pybrake.* = net.connect "api.airbrake.io:443"
bugsnag.* = net.connect "notify.bugsnag.com:443"
rollbar.* = net.connect "api.rollbar.com:443"
honeybadger.* = net.connect "api.honeybadger.io:443"
raygun4py.* = net.connect "api.raygun.io:443"
elasticapm.* = net.connect *
ddtrace.* = net.connect "localhost:8126"
mixpanel.* = net.connect "api.mixpanel.com:443"
amplitude.* = net.connect "api2.amplitude.com:443"
posthog.* = net.connect "app.posthog.com:443"
statsd.* = net.connect *
ldclient.* = net.connect "app.launchdarkly.com:443"
[pybrake bugsnag rollbar honeybadger raygun4py elasticapm ddtrace mixpanel amplitude posthog statsd ldclient] opaque
[asks niquests httpcore requests_futures requests_cache libtaxii zeep] opaque
[suds telepot aioftp aiosmtplib aiosmtpd flask_mail mailjet_rest] opaque
[telnetlib3 smbclient impacket hdfs boto algoliasearch pylast aiokafka aio_pika] opaque
[aiormq kombu stomp rq huey dramatiq quart pyramid baize] opaque

@py-google
vertexai.* = net.connect "aiplatform.googleapis.com:443" -> google.Vertex
vertexai.init() = pure
google.Vertex.delete|delete_version|undeploy_all|cancel() = http.delete "https://aiplatform.googleapis.com/"
google.Vertex.* = may http.post "https://aiplatform.googleapis.com/" -> google.Vertex
vertexai.vision_models.Image.load_from_file(location) = !read_anything
vertexai.preview.vision_models.Image.load_from_file(location) = !read_anything
vertexai.preview.prompts.delete|delete_version() = http.delete "https://aiplatform.googleapis.com/"
vertexai.generative_models.Image.load_from_file(location) = fs.read location
agentplatform.* = net.connect "aiplatform.googleapis.com:443"
bigframes.* = net.connect "bigquery.googleapis.com:443" -> google.BigFrame
google.BigFrame.to_gbq|to_gbq_table|to_csv|to_parquet|to_json() = sql.insert *
google.BigFrame.* = may http.post "https://bigquery.googleapis.com/" -> google.BigFrame
cloudstorage.open(filename, mode) = http.get "https://storage.googleapis.com/"; may http.put "https://storage.googleapis.com/"
cloudstorage.delete() = http.delete "https://storage.googleapis.com/"
cloudstorage.* = http.get "https://storage.googleapis.com/"
google.appengine.api.urlfetch.fetch|make_fetch_call(url) = http.get url
google.appengine.api.mail.* = net.connect *
google.appengine.api.memcache.* = net.connect *
google.appengine.api.taskqueue.* = net.connect *
google.appengine.api.search.* = net.connect *
google.appengine.ext.blobstore.* = net.connect *
google.appengine.ext.blobstore.delete|delete_async() = http.delete *
google.appengine.ext.ndb.put_multi|get_multi|put_multi_async|get_multi_async|transaction() = net.connect *
google.appengine.ext.ndb.delete_multi|delete_multi_async() = http.delete *
google.appengine.ext.deferred.* = net.connect *; opaque "pickles calls, and makes them elsewhere"
google.adk.* = net.connect "generativelanguage.googleapis.com:443"
langchain_openai.* = http.post "https://api.openai.com/"
langchain_anthropic.* = http.post "https://api.anthropic.com/"
langchain_cohere.* = http.post "https://api.cohere.ai/"
langchain_groq.* = http.post "https://api.groq.com/"
langchain_mistralai.* = http.post "https://api.mistral.ai/"
langchain_ollama.* = http.post "http://localhost:11434/"
langchain_google_genai.* = http.post "https://generativelanguage.googleapis.com/"
langchain_google_vertexai.* = http.post "https://aiplatform.googleapis.com/"
langchain_aws.* = http.post *
langchain_huggingface.* = http.post "https://huggingface.co/"
langchain_community.* = http.post *; opaque "uses services, files and programs that a text may name"
langchain_experimental.* = opaque "runs text as code"
keras_nlp.* = http.get "https://www.kaggle.com/"; opaque "loads a model, which can run code"
keras_hub.* = http.get "https://www.kaggle.com/"; opaque "loads a model, which can run code"
[langchain_openai langchain_anthropic langchain_cohere langchain_groq langchain_mistralai langchain_ollama keras_nlp keras_hub] opaque
[langchain_google_genai langchain_google_vertexai langchain_aws langchain_huggingface langchain_community langchain_experimental] opaque
[vertexai agentplatform bigframes cloudstorage google.appengine google.adk] opaque

@py-django
django.core.mail.send_mail|send_mass_mail|mail_admins|mail_managers() = net.connect *; opaque "uses Django, whose settings run code"
django.core.mail.EmailMessage|EmailMultiAlternatives() = pure -> django.Mail
django.Mail.send() = net.connect *; opaque "uses Django, whose settings run code"
django.Mail.attach_file(path) = fs.read path
django.Mail.__latent__() = net.connect *
django.Mail.* = pure
django.db.connection.cursor() = opaque "uses Django, whose settings run code" -> db.Connection
django.db.connections.__getitem__() = opaque "uses Django, whose settings run code" -> db.Connection
django.core.files.storage.FileSystemStorage(location) = opaque "uses Django, whose settings run code" -> django.Storage
django.core.files.storage.default_storage => django.Storage
django.Storage.save(name) = fs.write name; opaque "uses Django, whose settings run code"
django.Storage.delete(name) = fs.delete name
django.Storage.open(name, mode) = !open -> io.File(name)
django.Storage.listdir|exists|size(path) = fs.list path
django.Storage.* = pure
django.core.management.call_command|execute_from_command_line|
    execute_manager() = proc.exec "django-admin"; opaque "uses Django, whose settings run code"
django.db.models.Model.save|asave() = sql.update *; opaque "uses Django, whose settings run code"
django.db.models.Model.delete|adelete() = sql.delete *; opaque "uses Django, whose settings run code"

@py-ssh
fabric.api.run|sudo(command) = sh_remote command
fabric.api.local(command) = sh command
fabric.operations.local(command) = sh command
fabric.operations.run|sudo(command) = sh_remote command
fabric.api.put(local_path) = fs.read local_path; net.connect *; proc.exec "ssh"
fabric.api.get(remote_path, local_path) = fs.write local_path; net.connect *; proc.exec "ssh"
fabric.operations.put(local_path) = fs.read local_path; net.connect *; proc.exec "ssh"
fabric.operations.get(remote_path, local_path) = fs.write local_path; net.connect *; proc.exec "ssh"
fabric.SerialGroup|ThreadingGroup|Group() = net.connect * -> fabric.Connection
fabric.connection.Connection(host) = net.connect host:22 -> fabric.Connection
invoke.sudo(command) = sh command
fabric.task() = !tasked
fabric.Context < fabric.Connection
invoke.tasks.task => invoke.task
invoke.Context.run|sudo(command) = sh command
invoke.context.Context() = pure -> invoke.Context
pexpect.popen_spawn.PopenSpawn(cmd) = sh cmd
pexpect.runu(command) = sh command
ptyprocess.PtyProcess.spawn(argv) = argv argv
ptyprocess.PtyProcessUnicode.spawn(argv) = argv argv
wexpect.spawn|run(command) = sh command
sarge.run|capture_stdout|capture_stderr|capture_both|get_stdout|get_stderr|get_both|Command|Pipeline(cmd) = sh cmd
subprocess32 => subprocess
subprocess_tee.run(args) = sh args
easyprocess.EasyProcess|Proc(cmd) = sh cmd
winrm.* = net.connect *; proc.exec "powershell"
pssh.* = net.connect *; proc.exec "ssh"
sshtunnel.* = net.connect *
ansible_runner.* = proc.exec "ansible"
napalm.* = net.connect *
nornir.* = net.connect *
ncclient.* = net.connect *
patoolib.* = proc.exec "7z"; fs.write *
pyunpack.* = proc.exec "7z"; fs.write *
py7zr.SevenZipFile(file, mode) = !open -> py7zr.Archive
py7zr.Archive.extract|extractall|reset(path) = fs.write path/
py7zr.Archive.* = pure
py7zr.unpack_7zarchive(archive, path) = fs.read archive; fs.write path/
rarfile.RarFile(file) = fs.read file; proc.exec "unrar" -> rarfile.Archive
rarfile.Archive.extract|extractall(path) = fs.write *
rarfile.Archive.* = pure
rarfile.is_rarfile(file) = fs.read file
[ptyprocess wexpect sarge subprocess_tee easyprocess] opaque
[winrm pssh sshtunnel ansible_runner napalm nornir ncclient] opaque
[patoolib pyunpack py7zr rarfile] opaque
dbus.* = opaque "controls other programs"
secretstorage.* = secret.read *
win32crypt.CryptUnprotectData() = secret.read *
win32file.* = fs.read *; fs.write *
win32process.* = proc.exec *
win32service.* = proc.exec *
win32security.* = opaque "uses native code"
win32ui.* = opaque "uses native code"
_winreg => winreg
[dbus secretstorage win32crypt win32file win32process win32service win32security win32ui] opaque

@py-dynamic
genshi.template.MarkupTemplate|TextTemplate|NewTextTemplate|OldTextTemplate|TemplateLoader() = opaque "runs a template, which is code"
chameleon.PageTemplate|PageTextTemplate|PageTemplateFile|PageTextTemplateFile|
    PageTemplateLoader() = opaque "runs a template, which is code"
Cheetah.Template.Template() = opaque "runs a template, which is code"
airspeed.Template|merge|CachingFileLoader() = opaque "runs a template, which is code"
tenjin.* = opaque "runs a template, which is code"
TRender.* = opaque "runs a template, which is code"
trender.* = opaque "runs a template, which is code"
pyratemp.* = opaque "runs a template, which is code"
js2py.* = opaque "runs JavaScript as code"
execjs.* = proc.exec "node"; opaque "runs JavaScript as code"
py_mini_racer.* = opaque "runs JavaScript as code"
quickjs.* = opaque "runs JavaScript as code"
dukpy.* = opaque "runs JavaScript as code"
lupa.* = opaque "runs Lua as code"
klepto.* = opaque "unpickles data, which can run any code"
hickle.* = opaque "unpickles data, which can run any code"
_xxsubinterpreters.* = opaque "runs text as code"
_interpreters.* = opaque "runs text as code"
_testcapi.* = opaque "runs text as code"
papermill.execute_notebook(input_path, output_path) = fs.read input_path; fs.write output_path; opaque "runs a notebook"
nbclient.* = opaque "runs a notebook"
nbconvert.* = opaque "runs a notebook"
PyInstaller.* = proc.exec "pyinstaller"
nox.* = proc.exec "nox"
libxml2.parseFile|readFile|xmlReadFile(filename) = fs.read filename
libxml2.* = opaque "uses native code"
[genshi chameleon Cheetah airspeed tenjin TRender trender pyratemp js2py execjs py_mini_racer quickjs dukpy lupa klepto hickle] opaque
[_xxsubinterpreters _interpreters _testcapi papermill nbclient nbconvert PyInstaller nox libxml2] opaque
"""
