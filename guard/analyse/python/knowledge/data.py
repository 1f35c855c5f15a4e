"""Libraries that work on data: databases, tables, documents, pictures, models."""

TABLE = """
@py-database
psycopg2.connect(dsn) = !db_connect -> db.Connection(dsn)
psycopg.connect|Connection.connect|AsyncConnection.connect(conninfo) = !db_connect -> db.Connection(conninfo)
psycopg.connect(conninfo) = !db_connect -> db.Connection(conninfo)
psycopg.Connection.connect(conninfo) = !db_connect -> db.Connection(conninfo)
psycopg.AsyncConnection.connect(conninfo) = !db_connect -> db.Connection(conninfo)
psycopg_pool.ConnectionPool|AsyncConnectionPool(conninfo) = !db_connect -> db.Connection(conninfo)
psycopg2.pool.SimpleConnectionPool|ThreadedConnectionPool() = !db_connect -> db.Connection
psycopg2.extras.execute_values|execute_batch(cur, sql) = sql sql
psycopg2.extras.* = pure
psycopg2.sql.* = pure
psycopg2.extensions.* = pure
psycopg2.Error|DatabaseError|OperationalError|IntegrityError|ProgrammingError|sql|extras|errors = pure
[psycopg2.errors psycopg.rows psycopg.sql psycopg.types] pure
asyncpg.connect|create_pool(dsn) = !db_connect -> db.Connection(dsn)
pymysql.connect|connections.Connection|Connect() = !db_connect -> db.Connection
pymysql.connections.Connection() = !db_connect -> db.Connection
MySQLdb.connect() = !db_connect -> db.Connection
mysql.connector.connect() = !db_connect -> db.Connection
mysql.connector.pooling.MySQLConnectionPool() = !db_connect -> db.Connection
mysql.connector.Error|errorcode|errors = pure
mariadb.connect() = !db_connect -> db.Connection
aiomysql.connect|create_pool() = !db_connect -> db.Connection
pyodbc.connect(connstring) = !db_connect -> db.Connection
pymssql.connect() = !db_connect -> db.Connection
cx_Oracle.connect() = !db_connect -> db.Connection
oracledb.connect() = !db_connect -> db.Connection
snowflake.connector.connect() = !db_connect -> db.Connection
clickhouse_connect.get_client() = !db_connect -> db.Connection
clickhouse_driver.Client(host) = !db_connect -> db.Connection
databricks.sql.connect() = !db_connect -> db.Connection
trino.dbapi.connect() = !db_connect -> db.Connection
pymysql.cursors.* = pure
psycopg2.connect.cursor = pure
[psycopg2 psycopg psycopg_pool asyncpg pymysql MySQLdb mysql mysql.connector mariadb aiomysql pyodbc pymssql] opaque
[cx_Oracle oracledb snowflake snowflake.connector clickhouse_connect clickhouse_driver databricks trino] opaque
db.Connection.execute|executemany|executescript|fetch|fetchrow|fetchval|query|command|callproc|copy_expert|mogrify_execute|
    execute_string|insert|query_df(sql) = sql sql -> db.Connection(self)
db.Connection.cursor|acquire|getconn|connection|transaction|begin|connect|__enter__|get_connection() = pure -> db.Connection(self)
db.Connection.copy_from|copy_records_to_table|copy_to_table() = sql.insert self
db.Connection.* = pure
aiosqlite.connect(database) = !sqlite -> sqlite3.Connection(database)
duckdb.connect(database) = !sqlite -> duckdb.Connection(database)
duckdb.sql|query|execute(sql) = sql sql -> duckdb.Connection
duckdb.read_csv|read_parquet|read_json|from_csv_auto(path) = fs.read path -> duckdb.Connection
duckdb.Connection < sqlite3.Connection
duckdb.Connection.sql|query|execute(sql) = sql sql -> duckdb.Connection(self)
duckdb.Connection.df|fetchdf|pl|show|fetchall|fetchone|arrow|fetchnumpy|close() = pure
duckdb.Connection.* = pure
duckdb.* = pure
[aiosqlite duckdb] opaque
apsw.Connection(filename) = !sqlite -> sqlite3.Connection(filename)
[apsw] opaque
sqlalchemy.create_engine|engine.create_engine(url) = !db_connect -> sqlalchemy.Engine(url)
sqlalchemy.create_engine(url) = !db_connect -> sqlalchemy.Engine(url)
sqlalchemy.ext.asyncio.create_async_engine(url) = !db_connect -> sqlalchemy.Engine(url)
sqlalchemy.text(text) = pure -> =text
sqlalchemy.sql.text(text) = pure -> =text
sqlalchemy.orm.Session|sessionmaker|scoped_session(bind) = pure -> sqlalchemy.Engine(bind)
sqlalchemy.orm.sessionmaker() = pure -> sqlalchemy.Sessions
sqlalchemy.Sessions.* = pure -> sqlalchemy.Engine
sqlalchemy.insert|delete|update|select() = pure -> sqlalchemy.Statement
sqlalchemy.delete() = sql.delete *
sqlalchemy.insert() = sql.insert *
sqlalchemy.update() = sql.update *
sqlalchemy.select() = sql.select *
sqlalchemy.Engine < db.Connection
sqlalchemy.Engine.execute|exec|scalars|scalar|exec_driver_sql(statement) = sql statement -> sqlalchemy.Engine(self)
sqlalchemy.Engine.query|get() = sql.select self -> sqlalchemy.Query(self)
sqlalchemy.Engine.add|add_all|merge|bulk_save_objects|bulk_insert_mappings() = sql.insert self
sqlalchemy.Engine.delete() = sql.delete self
sqlalchemy.Query.delete() = sql.delete self
sqlalchemy.Query.update() = sql.update self
sqlalchemy.Query.* = pure -> sqlalchemy.Query(self)
sqlalchemy.MetaData|orm.declarative_base() = pure -> sqlalchemy.MetaData
sqlalchemy.MetaData() = pure -> sqlalchemy.MetaData
sqlalchemy.MetaData.drop_all() = sql.drop *
sqlalchemy.MetaData.create_all() = sql.update *
sqlalchemy.MetaData.* = pure -> sqlalchemy.MetaData
sqlalchemy.orm.declarative_base() = pure -> sqlalchemy.MetaData
sqlalchemy.ext.declarative.declarative_base() = pure -> sqlalchemy.MetaData
[sqlalchemy sqlmodel] pure
sqlmodel.create_engine(url) = !db_connect -> sqlalchemy.Engine(url)
sqlmodel.Session(bind) = pure -> sqlalchemy.Engine(bind)
peewee.SqliteDatabase(database) = !sqlite -> db.Connection(database)
peewee.PostgresqlDatabase|MySQLDatabase(database) = net.connect * -> db.Connection(database)
[peewee pony tortoise] opaque
peewee.Model|CharField|IntegerField|TextField|DateTimeField|ForeignKeyField|FloatField|BooleanField|AutoField|DateField = pure
pymongo.MongoClient|AsyncMongoClient(host) = !mongo -> pymongo.Client(host)
motor.motor_asyncio.AsyncIOMotorClient(host) = !mongo -> pymongo.Client(host)
pymongo.Client.delete_one|delete_many|find_one_and_delete|remove() = sql.delete self
pymongo.Client.drop|drop_database|drop_collection|drop_index|drop_indexes() = sql.drop self
pymongo.Client.insert_one|insert_many|insert|bulk_write|save() = sql.insert self
pymongo.Client.update_one|update_many|replace_one|find_one_and_update|find_one_and_replace|update|create_index|rename() = sql.update self
pymongo.Client.find|find_one|aggregate|count_documents|distinct|estimated_document_count|list_collection_names|list_database_names|
    count|list_databases|list_collections() = sql.select self
pymongo.Client.* = pure -> pymongo.Client(self)
pymongo.ASCENDING|DESCENDING|UpdateOne|InsertOne|DeleteOne|DeleteMany|ReplaceOne|errors = pure
pymongo.errors.* = pure
[pymongo motor] opaque
[bson] pure
redis.Redis|StrictRedis|from_url|asyncio.Redis|RedisCluster(host, port) = !redis -> redis.Redis(host)
redis.asyncio.Redis|from_url(host) = !redis -> redis.Redis(host)
redis.Redis.delete|flushall|flushdb|unlink|expire|hdel|ltrim|lrem|zrem|srem|getdel|lpop|rpop|spop() = sql.delete self
redis.Redis.get|mget|hget|hgetall|keys|scan|scan_iter|exists|ttl|lrange|smembers|zrange|type|info|ping|llen|hkeys|hvals|
    dbsize() = sql.select self
redis.Redis.pipeline|pubsub|lock() = pure -> redis.Redis(self)
redis.Redis.close = pure
redis.Redis.eval|evalsha|script_load|execute_command|register_script() = opaque "runs code in Redis"
redis.Redis.from_url(url) = !redis -> redis.Redis(url)
redis.Redis.* = sql.update self
redis.ConnectionPool|exceptions|ConnectionError|RedisError = pure
[redis aioredis] opaque
elasticsearch.Elasticsearch|AsyncElasticsearch(hosts) = net.connect hosts -> elasticsearch.Elasticsearch(hosts)
elasticsearch.Elasticsearch.delete|delete_by_query() = sql.delete self
elasticsearch.Elasticsearch.search|get|count|exists() = sql.select self
elasticsearch.Elasticsearch.index|update|bulk|create() = sql.insert self
elasticsearch.Elasticsearch.* = pure -> elasticsearch.Elasticsearch(self)
cassandra.cluster.Cluster() = net.connect * -> db.Connection
neo4j.GraphDatabase.driver(uri) = net.connect uri -> neo4j.Driver
neo4j.Driver.run|execute_query(query) = opaque "runs a Cypher query"
neo4j.Driver.* = pure -> neo4j.Driver
influxdb_client.* = net.connect *
qdrant_client.* = net.connect *
chromadb.* = fs.write *
pinecone.* = net.connect *
weaviate.* = net.connect *
ldap3.* = net.connect *
ldap.* = net.connect *
pika.* = net.connect *
kafka.* = net.connect *
confluent_kafka.* = net.connect *
celery.* = net.connect *
paho.* = net.connect *
zmq.* = net.connect *
nats.* = net.connect *
[elasticsearch opensearchpy cassandra neo4j influxdb_client qdrant_client chromadb pinecone weaviate ldap3 ldap] opaque
[pika kafka confluent_kafka celery paho zmq nats supabase firebase_admin] opaque
celery.Celery|shared_task = pure
supabase.create_client(url) = net.connect url
firebase_admin.* = net.connect *

@py-pandas
pandas.read_csv|read_table|read_json|read_excel|read_parquet|read_feather|read_orc|read_hdf|read_xml|read_fwf|read_sas|read_stata|
    read_spss(filepath_or_buffer) = !read_anything -> pandas.DataFrame
pandas.read_html(io) = !read_anything
pandas.ExcelFile|HDFStore(path) = fs.read path -> pandas.DataFrame
pandas.read_pickle(path) = fs.read path; opaque "unpickles data, which can run any code"
pandas.read_sql|read_sql_query(sql, con) = sql_on sql con -> pandas.DataFrame
pandas.read_sql_table(table_name, con) = sql.select *
pandas.read_clipboard() = opaque "reads the clipboard"
pandas.read_gbq() = http.post "https://bigquery.googleapis.com/"
pandas.ExcelWriter(path) = fs.write path -> pandas.DataFrame
pandas.DataFrame|Series|concat|merge|DataFrame.from_dict|DataFrame.from_records() = pure -> pandas.DataFrame
pandas.DataFrame() = pure -> pandas.DataFrame
pandas.Series() = pure -> pandas.DataFrame
pandas.concat|merge|pivot_table|melt|crosstab|json_normalize|get_dummies() = pure -> pandas.DataFrame
pandas.DataFrame.to_csv|to_json|to_excel|to_parquet|to_html|to_feather|to_xml|to_hdf|to_orc|to_stata|to_markdown|to_latex|to_string|
    to_pickle(path) = !write_if_given
pandas.DataFrame.to_sql(name, con) = !table_write
pandas.DataFrame.to_gbq() = http.post "https://bigquery.googleapis.com/"
pandas.DataFrame.to_clipboard() = opaque "writes the clipboard"
pandas.DataFrame.query|eval() = !expression -> pandas.DataFrame
pandas.eval(expr) = !expression
pandas.DataFrame.apply|map|applymap|transform|pipe|agg|aggregate(func) = call func -> pandas.DataFrame
pandas.DataFrame.plot() = pure -> matplotlib.Figure
pandas.DataFrame.savefig(fname) = fs.write fname
pandas.DataFrame.* = pure -> pandas.DataFrame
polars.read_csv|read_json|read_parquet|read_excel|read_ndjson|scan_csv|scan_parquet|scan_ndjson|read_ipc|read_avro|
    scan_ipc(source) = !read_anything -> polars.DataFrame
polars.read_database|read_database_uri(query, connection) = sql query -> polars.DataFrame
polars.DataFrame|LazyFrame|Series|concat|from_dict|from_dicts|from_pandas() = pure -> polars.DataFrame
polars.DataFrame.write_csv|write_json|write_parquet|write_excel|write_ndjson|write_ipc|write_avro|sink_csv|sink_parquet|sink_ndjson|
    sink_ipc(file) = !write_if_given
polars.DataFrame.write_database(table_name) = sql.insert *
polars.DataFrame.map_rows|map_elements|map_batches|pipe(func) = call func -> polars.DataFrame
polars.DataFrame.* = pure -> polars.DataFrame
dask.dataframe.read_csv|read_parquet|read_json(path) = !read_anything -> pandas.DataFrame
geopandas.read_file(filename) = !read_anything -> pandas.DataFrame
geopandas.DataFrame.to_file(filename) = fs.write filename
pyarrow.parquet.read_table|ParquetFile|read_schema|read_metadata(source) = !read_anything -> pandas.DataFrame
pyarrow.parquet.write_table(table, where) = fs.write where
pyarrow.parquet.ParquetWriter(where) = fs.write where
pyarrow.csv.read_csv(input_file) = !read_anything -> pandas.DataFrame
pyarrow.csv.write_csv(data, output_file) = fs.write output_file
pyarrow.feather.read_table|read_feather(source) = !read_anything -> pandas.DataFrame
pyarrow.feather.write_feather(df, dest) = fs.write dest
pyarrow.json.read_json(input_file) = !read_anything
pyarrow.fs.* = net.connect *
pyarrow.memory_map|OSFile(path, mode) = !open
h5py.File(name, mode) = !open -> io.File(name)
netCDF4.Dataset(filename, mode) = !open -> io.File(filename)
xarray.open_dataset|open_dataarray|load_dataset(filename) = !read_anything
tables.open_file(filename, mode) = !open -> io.File(filename)

@py-numpy
numpy.load(file) = !numpy_load
numpy.loadtxt|genfromtxt|fromfile|memmap(fname) = !read_anything
numpy.save|savez|savez_compressed|savetxt(file) = fs.write file
numpy.memmap(filename, dtype, mode) = fs.read filename; fs.write filename
numpy.NDArray.tofile|dump(fid) = fs.write fid
numpy.ctypeslib.* = opaque "uses native code"
numpy.f2py.* = proc.exec "f2py"
numpy.distutils.* = opaque "builds and installs code"
numpy.DataSource|lib.npyio.DataSource() = net.connect *
numpy.vectorize|frompyfunc(pyfunc) = !partial
numpy.apply_along_axis|apply_over_axes|fromfunction|piecewise(func1d) = call func1d
scipy.io.loadmat|wavfile.read|mmread|readsav(file_name) = fs.read file_name
scipy.io.loadmat(file_name) = fs.read file_name
scipy.io.wavfile.read(filename) = fs.read filename
scipy.io.wavfile.write(filename) = fs.write filename
scipy.io.savemat(file_name) = fs.write file_name
scipy.io.mmwrite(target) = fs.write target
scipy.datasets.* = http.get *
scipy.sparse.load_npz(file) = fs.read file
scipy.sparse.save_npz(file) = fs.write file
sympy.sympify|parsing.sympy_parser.parse_expr|S() = !expression
sympy.sympify|S(a) = !expression
sympy.parsing.sympy_parser.parse_expr(s) = !expression
sympy.lambdify(args, expr) = !expression
numpy.testing.runstring|rundocs() = opaque "runs text as code"
statsmodels.api.datasets.get_rdataset|webuse() = http.get "https://raw.githubusercontent.com"
statsmodels.datasets.get_rdataset|webuse() = http.get "https://raw.githubusercontent.com"
tqdm.tqdm.write() = pure
tqdm.auto.tqdm.write() = pure
tqdm.notebook.tqdm.write() = pure
xgboost.Booster|XGBClassifier|XGBRegressor() = pure -> xgboost.Model
xgboost.Model.save_model(fname) = fs.write fname
xgboost.Model.load_model(fname) = fs.read fname
xgboost.Model.* = pure
lightgbm.Booster(params, train_set, model_file) = may fs.read model_file -> lightgbm.Model
lightgbm.Model.save_model(filename) = fs.write filename
lightgbm.Model.* = pure
pandas.HDFStore(path) = fs.write path
Bio.Blast.NCBIWWW.* = http.post "https://blast.ncbi.nlm.nih.gov/"
Bio.ExPASy.* = http.get "https://www.expasy.org/"
Bio.PDB.PDBList() = http.get "https://files.wwpdb.org/"; fs.write *
Bio.Align.Applications.* = proc.exec *
Bio.Blast.Applications.* = proc.exec *
Bio.Phylo.Applications.* = proc.exec *
Bio.Emboss.Applications.* = proc.exec *
emcee.backends.HDFBackend(filename) = fs.write filename
sympy.external.* = opaque "imports modules by computed names"
numba.pycc.* = opaque "builds native code"
numpy.testing.measure|runstring|rundocs(code_str) = py code_str
pandas.io.clipboard.* = opaque "uses the clipboard"
dask.distributed.Client|LocalCluster(address) = net.connect *; proc.exec "python"
tqdm.contrib.telegram.* = http.post "https://api.telegram.org/"
tqdm.contrib.slack.* = http.post "https://slack.com/api/"
tqdm.contrib.discord.* = http.post "https://discord.com/api/"
torch.distributed.init_process_group() = net.connect *
torch.multiprocessing.spawn|start_processes(fn) = proc.exec "python"; call fn
torch.utils.tensorboard.SummaryWriter(log_dir) = fs.write *
textblob.TextBlob() = pure -> textblob.TextBlob
textblob.TextBlob.translate|detect_language() = http.post "https://translate.googleapis.com/"
textblob.TextBlob.* = pure -> textblob.TextBlob
sklearn.externals.joblib => joblib
Bio.Entrez.* = http.get "https://eutils.ncbi.nlm.nih.gov"
chess.engine.* = proc.exec *
jwt.PyJWKClient(uri) = http.get uri
jsonschema.RefResolver() = opaque "fetches the schemas that it is pointed to"
rdkit.Chem.SDWriter|SmilesWriter|PDBWriter(fileName) = fs.write fileName
rich.console.Console() = pure -> rich.console.Console
rich.console.Console.save_html|save_text|save_svg(path) = fs.write path
rich.console.Console.* = pure
markdown.markdownFromFile(input, output) = may fs.read input; fs.write output
dask.bag.from_sequence|range() = pure -> dask.Bag
dask.Bag.to_textfiles|to_avro(path) = fs.write path
dask.Bag.* = pure -> dask.Bag
cython.inline() = opaque "compiles and runs text as code"
click.File() = may fs.read *; may fs.write *
click.open_file(filename) = fs.read filename; fs.write filename
click.edit() = proc.exec "editor"
click.launch() = proc.exec "xdg-open"
typer.launch() = proc.exec "xdg-open"
sympy.plotting.plot|plot3d|plot_parametric|plot_implicit|plot3d_parametric_line() = pure -> sympy.Plot
sympy.plot|plot_parametric|plot_implicit() = pure -> sympy.Plot
sympy.Plot.save(path) = fs.write path
sympy.Plot.* = pure
sympy.preview(expr, output, viewer, euler, packages, filename) = proc.exec "latex"; fs.write *
sympy.utilities.autowrap.* = opaque "builds and loads native code"
sympy.utilities.codegen.codegen() = may fs.write *
networkx.read_gml|read_graphml|read_edgelist|read_adjlist|read_gexf|read_pajek|read_weighted_edgelist(path) = fs.read path
networkx.write_gml|write_graphml|write_edgelist|write_adjlist|write_gexf(g, path) = fs.write path
networkx.nx_agraph.to_agraph|read_dot() = pure -> pydot.Dot
networkx.nx_pydot.to_pydot() = pure -> pydot.Dot
networkx.nx_agraph.graphviz_layout|pygraphviz_layout|view_pygraphviz() = proc.exec "dot"
networkx.nx_pydot.graphviz_layout|pydot_layout() = proc.exec "dot"
networkx.drawing.nx_agraph => networkx.nx_agraph
networkx.drawing.nx_pydot => networkx.nx_pydot
pydot.Dot.draw(path) = proc.exec "dot"; fs.write path
pydot.Dot.create|create_png|create_svg|create_pdf|create_dot|layout() = proc.exec "dot"
networkx.read_gpickle(path) = opaque "unpickles data, which can run any code"

@py-documents
openpyxl.load_workbook|reader.excel.load_workbook(filename) = fs.read filename -> openpyxl.Workbook(filename)
openpyxl.load_workbook(filename) = fs.read filename -> openpyxl.Workbook(filename)
openpyxl.Workbook|workbook.Workbook() = pure -> openpyxl.Workbook
openpyxl.Workbook() = pure -> openpyxl.Workbook
openpyxl.Workbook.save(filename) = fs.write filename
openpyxl.Workbook.* = pure
openpyxl.drawing.image.Image(img) = fs.read img
xlsxwriter.Workbook(filename) = fs.write filename -> openpyxl.Book
openpyxl.Book.* = pure
xlrd.open_workbook(filename) = fs.read filename
xlwt.Workbook() = pure -> openpyxl.Workbook
docx.Document(docx) = may fs.read docx -> docx.Document
docx.Document.save(path) = fs.write path
docx.Document.* = pure
pptx.Presentation(pptx) = may fs.read pptx -> docx.Document
pypdf.PdfReader|PdfFileReader(stream) = fs.read stream -> pypdf.Reader
pypdf.PdfWriter|PdfMerger|PdfFileWriter|PdfFileMerger() = pure -> pypdf.Writer
pypdf.Reader.* = pure
pypdf.Writer.write(stream) = fs.write stream
pypdf.Writer.append|merge|clone_document_from_reader(fileobj) = fs.read fileobj
pypdf.Writer.* = pure
PyPDF2 => pypdf
PyPDF4 => pypdf
[pypdf] pure
fitz.open(filename) = fs.read filename -> docx.Document
pymupdf.open(filename) = fs.read filename -> docx.Document
[fitz pymupdf pdf2image pytesseract pdfkit weasyprint camelot tabula easyocr ocrmypdf textract ebooklib] opaque
pdfplumber.open(path) = fs.read path
pdf2image.convert_from_path(pdf_path) = fs.read pdf_path; proc.exec "pdftoppm"
pytesseract.image_to_string(image) = fs.read image; proc.exec "tesseract"
pytesseract.* = proc.exec "tesseract"
pdfkit.* = proc.exec "wkhtmltopdf"; fs.write *
camelot.read_pdf(filepath) = fs.read filepath
tabula.read_pdf(input_path) = fs.read input_path; proc.exec "java"
fpdf.FPDF() = pure -> fpdf.FPDF
fpdf.FPDF.output(name) = fs.write name
fpdf.FPDF.image(name) = fs.read name
fpdf.FPDF.* = pure
reportlab.pdfgen.canvas.Canvas(filename) = fs.write filename
reportlab.platypus.SimpleDocTemplate|BaseDocTemplate(filename) = fs.write filename
yaml.load|load_all(stream, Loader) = !yaml_load
yaml.unsafe_load|unsafe_load_all|full_load|full_load_all() = opaque "loads YAML that can run code"
yaml.UnsafeLoader|Loader|FullLoader = pure
ruamel.yaml.YAML() = !unsafe_yaml -> ruamel.YAML
ruamel.yaml.load|load_all|unsafe_load|round_trip_load_all() = opaque "loads YAML that can run code"
ruamel.YAML.* = pure
toml.load(f) = fs.read f
dotenv.load_dotenv|find_dotenv(dotenv_path) = !dotenv
dotenv.dotenv_values(dotenv_path) = !dotenv
dotenv.set_key|unset_key(dotenv_path) = fs.write dotenv_path
decouple.config|Config(option) = env.read option
environs.Env() = env.read *
[dotenv decouple environs] opaque
lxml.etree.parse|iterparse(source) = !read_anything
lxml.html.parse(filename_or_url) = !read_anything
lxml.objectify.parse(f) = !read_anything
defusedxml.ElementTree.parse|iterparse(source) = fs.read source
defusedxml.* = pure
[defusedxml] pure
jinja2.FileSystemLoader(searchpath) = fs.read searchpath/
jinja2.Template() = !expression -> jinja2.Template
jinja2.Environment(*, extensions) = !extensions -> jinja2.Environment
jinja2.Environment.compile_templates(target) = fs.write target
jinja2.Environment.get_template|select_template() = pure -> jinja2.Template
jinja2.Template.stream|generate() = pure -> jinja2.Template
jinja2.Template.dump(fp) = fs.write fp
markdown.markdown|Markdown(*, extensions) = !extensions
jinja2.Environment.from_string() = !expression
jinja2.Environment.* = pure
jinja2.Template.* = pure
mako.template.Template() = opaque "runs a template, which is code"
mako.lookup.TemplateLookup() = opaque "runs templates, which are code"
[mako cheetah] opaque
joblib.load(filename) = fs.read filename; opaque "unpickles data, which can run any code"
joblib.dump(value, filename) = fs.write filename
joblib.Parallel|delayed|cpu_count = pure
joblib.Memory(location) = fs.write location/
pulp.LpProblem(name) = pure -> pulp.LpProblem
pulp.LpProblem.solve|sequentialSolve|roundSolution() = proc.exec "cbc"
pulp.LpProblem.writeLP|writeMPS|to_json(filename) = fs.write filename
pulp.LpProblem.fromMPS|from_json(filename) = fs.read filename
pulp.LpProblem.__latent__() = proc.exec "cbc"
pulp.LpProblem.* = pure
pyomo.environ.SolverFactory|SolverManagerFactory() = pure -> pyomo.Solver
pyomo.opt.SolverFactory() = pure -> pyomo.Solver
pyomo.Solver.solve() = proc.exec "solver"
pyomo.Solver.__latent__() = proc.exec "solver"
pyomo.Solver.* = pure
marshmallow.Schema.dump|dumps|load|loads|dump_many = pure
gensim.utils.unpickle|SaveLoad.load(fname) = fs.read fname; opaque "unpickles data, which can run any code"
statsmodels.api.load|load_pickle(fname) = fs.read fname; opaque "unpickles data, which can run any code"
statsmodels.iolib.smpickle.load_pickle(fname) = fs.read fname; opaque "unpickles data, which can run any code"
dill.loads|load|load_session() = opaque "unpickles data, which can run any code"
dill.dump|dumps = pure
cloudpickle.loads|load() = opaque "unpickles data, which can run any code"
cloudpickle.dump|dumps = pure
jsonpickle.decode|loads() = opaque "unpickles data, which can run any code"
jsonpickle.encode|dumps = pure
[dill cloudpickle jsonpickle] opaque
loguru.logger.add(sink) = !log_sink
loguru.logger.* = pure
frontmatter.load(fd) = fs.read fd
[frontmatter] pure
watchdog.* = pure
[watchdog schedule apscheduler plyer] pure
schedule.every() = pure -> schedule.Job
schedule.Job.do(job_func) = call *args
schedule.Job.* = pure -> schedule.Job
plyer.notification.notify() = proc.exec "notify-send"
pyperclip.copy|paste() = opaque "uses the clipboard"
clipboard.* = opaque "uses the clipboard"
pyautogui.* = opaque "controls mouse and keyboard"
pynput.* = opaque "watches or controls mouse and keyboard"
keyboard.* = opaque "watches or controls the keyboard"
mouse.* = opaque "watches or controls the mouse"
mss.* = opaque "takes pictures of the screen"
d3dshot.* = opaque "takes pictures of the screen"
pygame.* = pure
[pyperclip clipboard pyautogui pynput keyboard mouse mss d3dshot] opaque
[pygame customtkinter PySimpleGUI PyQt5 PyQt6 PySide2 PySide6 kivy wx ttkbootstrap tkhtmlview pyttsx3] pure
pygame.image.load(filename) = fs.read filename
pygame.mixer.Sound|music.load(file) = fs.read file
pygame.mixer.music.load(filename) = fs.read filename
pygame.image.save(surface, filename) = fs.write filename
pyttsx3.init() = proc.exec "espeak" -> pyttsx3.Engine
pyttsx3.Engine.save_to_file(text, filename) = fs.write filename
pyttsx3.Engine.* = pure
speech_recognition.* = pure
speech_recognition.Recognizer() = pure -> speech_recognition.Recognizer
speech_recognition.Recognizer.recognize_google|recognize_google_cloud|recognize_wit|recognize_bing|recognize_azure|
    recognize_ibm() = http.post *
speech_recognition.Recognizer.* = pure
speech_recognition.AudioFile(filename) = fs.read filename
speech_recognition.Microphone() = opaque "listens to the microphone"
[speech_recognition pyaudio playsound sounddevice] opaque
playsound.playsound(sound) = fs.read sound; proc.exec "player"
pyaudio.* = opaque "uses the microphone or speakers"
sounddevice.* = opaque "uses the microphone or speakers"

@py-pictures
PIL.Image.open(fp) = fs.read fp -> PIL.Picture
PIL.Image.new|fromarray|frombytes|merge|blend|composite|alpha_composite|linear_gradient|effect_noise() = pure -> PIL.Picture
PIL.Picture.save(fp) = fs.write fp
PIL.Picture.show() = proc.exec "viewer"
PIL.Picture.* = pure -> PIL.Picture
PIL.ImageFont.truetype|load(font) = fs.read font
PIL.ImageGrab.* = opaque "takes a picture of the screen"
PIL.ImageShow.* = proc.exec "viewer"
PIL.ImageMath.eval|unsafe_eval(expression) = !expression
cv2.imread|VideoCapture|CascadeClassifier|imreadmulti(filename) = !read_anything
cv2.imwrite|VideoWriter|FileStorage(filename) = fs.write filename
cv2.dnn.readNet|readNetFromCaffe|readNetFromONNX|readNetFromTensorflow(model) = fs.read model
skimage.io.imread(fname) = !read_anything
skimage.io.imsave(fname) = fs.write fname
imageio.imread|get_reader|mimread|v2.imread(uri) = !read_anything
imageio.imwrite|mimsave|get_writer|mimwrite(uri) = fs.write uri
imageio.v2.imread|get_reader(uri) = !read_anything
imageio.v2.imwrite|mimsave|get_writer(uri) = fs.write uri
imageio.v3.imread|imiter(uri) = !read_anything
imageio.v3.imwrite(uri) = fs.write uri
matplotlib.pyplot.savefig|imsave(fname) = fs.write fname
matplotlib.pyplot.imread(fname) = !read_anything
matplotlib.pyplot.figure|gcf|gca|subplot() = pure -> matplotlib.Figure
matplotlib.pyplot.subplots() = pure -> matplotlib.Figures
matplotlib.figure.Figure() = pure -> matplotlib.Figure
matplotlib.Figure.savefig|print_figure(fname) = fs.write fname
matplotlib.Figure.* = pure -> matplotlib.Figure
matplotlib.Figures.* = pure -> matplotlib.Figure
matplotlib.image.imsave(fname) = fs.write fname
matplotlib.image.imread(fname) = !read_anything
matplotlib.animation.FuncAnimation|ArtistAnimation(fig, func) = call func -> matplotlib.Animation
matplotlib.Animation.save(filename) = fs.write filename
matplotlib.Animation.* = pure
matplotlib.backends.backend_pdf.PdfPages(filename) = fs.write filename
matplotlib.pylab => pylab
pylab.savefig(fname) = fs.write fname
matplotlib.use|rc|rcParams|style|pyplot|cm|colors = pure
seaborn.load_dataset(name) = http.get "https://raw.githubusercontent.com/"
plotly.io.write_image|write_html|write_json(fig, file) = fs.write file
plotly.offline.plot() = fs.write "temp-plot.html"
plotly.graph_objects.Figure|FigureWidget() = pure -> plotly.Figure
plotly.graph_objs => plotly.graph_objects
plotly.Figure.write_html|write_image|write_json(file) = fs.write file
plotly.Figure.show() = pure
plotly.Figure.* = pure -> plotly.Figure
plotly.express.bar|line|scatter|pie|histogram|box|area|imshow|treemap|choropleth|violin|heatmap|density_heatmap|scatter_geo|sunburst|
    timeline|funnel|scatter_3d|line_polar|strip|ecdf() = pure -> plotly.Figure
bokeh.plotting.output_file|save(filename) = fs.write filename
bokeh.io.output_file|save|export_png(filename) = fs.write filename
altair.Chart() = pure -> altair.Chart
altair.Chart.save(fp) = fs.write fp
altair.Chart.* = pure -> altair.Chart
folium.Map() = pure -> folium.Map
folium.Map.save(outfile) = fs.write outfile
folium.Map.* = pure
wordcloud.WordCloud() = pure -> wordcloud.WordCloud
wordcloud.WordCloud.to_file(filename) = fs.write filename
wordcloud.WordCloud.* = pure -> wordcloud.WordCloud
graphviz.Digraph|Graph|Source() = pure -> graphviz.Graph
graphviz.Graph.render|view|pipe(filename) = fs.write filename; proc.exec "dot"
graphviz.Graph.save(filename) = fs.write filename
graphviz.Graph.* = pure
qrcode.make|QRCode() = pure -> PIL.Picture
[qrcode barcode pyqrcode] pure
moviepy.* = fs.read *; proc.exec "ffmpeg"
ffmpeg.* = proc.exec "ffmpeg"
pydub.AudioSegment.from_file|from_mp3|from_wav|from_ogg(file) = fs.read file; proc.exec "ffmpeg" -> pydub.AudioSegment
pydub.AudioSegment.export(out_f) = fs.write out_f; proc.exec "ffmpeg"
pydub.AudioSegment.* = pure -> pydub.AudioSegment
mutagen.* = fs.read *
librosa.load(path) = fs.read path
soundfile.read(file) = fs.read file
soundfile.write(file) = fs.write file
[moviepy ffmpeg pydub mutagen librosa soundfile audioread ffpyplayer] opaque

@py-models
torch.load(f) = fs.read f; opaque "unpickles data, which can run any code"
torch.save(obj, f) = fs.write f
torch.hub.load|load_state_dict_from_url|download_url_to_file() = http.get *; opaque "downloads and runs code"
torch.jit.load(f) = fs.read f
torch.utils.cpp_extension.* = opaque "builds and loads native code"
torch.ops.load_library() = opaque "uses native code"
torchvision.datasets.* = fs.read *; http.get *
torchvision.io.read_image|read_video(path) = fs.read path
torchvision.models.* = may http.get "https://download.pytorch.org/"
tensorflow.keras => keras
tensorflow.io.gfile.* = fs.read *; fs.write *
tensorflow.io.read_file(filename) = fs.read filename
tensorflow.io.write_file(filename) = fs.write filename
tensorflow.saved_model.load(path) = fs.read path/; opaque "loads a model, which can run code"
tensorflow.saved_model.save(obj, path) = fs.write path/
keras.models.load_model(filepath) = fs.read filepath; opaque "loads a model, which can run code"
keras.datasets.* = http.get "https://storage.googleapis.com/"
keras.utils.get_file(fname, origin) = http.get origin; fs.write *
keras.preprocessing.image.load_img(path) = fs.read path
keras.applications.* = may http.get "https://storage.googleapis.com/"
keras.callbacks.ModelCheckpoint(filepath) = fs.write filepath
keras.Sequential|Model|models.Sequential|models.Model() = pure -> keras.Model
keras.Sequential|Model() = pure -> keras.Model
keras.models.Sequential|Model() = pure -> keras.Model
keras.Model.save|save_weights|export(filepath) = fs.write filepath
keras.Model.load_weights(filepath) = fs.read filepath
keras.Model.* = pure
sklearn.datasets.fetch_openml|fetch_20newsgroups|fetch_california_housing|fetch_olivetti_faces|fetch_lfw_people|fetch_covtype|
    fetch_rcv1|fetch_kddcup99() = http.get "https://www.openml.org/"
sklearn.datasets.load_files|load_svmlight_file(container_path) = fs.read container_path
transformers.AutoModel|AutoTokenizer|AutoModelForCausalLM|AutoModelForSequenceClassification|
    pipeline() = http.get "https://huggingface.co/"
transformers.* = http.get "https://huggingface.co/"
datasets.* = http.get "https://huggingface.co/"
sentence_transformers.* = http.get "https://huggingface.co/"
huggingface_hub.* = http.get "https://huggingface.co/"
tokenizers.Tokenizer() = pure -> tokenizers.Tokenizer
tokenizers.Tokenizer.from_pretrained() = http.get "https://huggingface.co/" -> tokenizers.Tokenizer
tokenizers.Tokenizer.save(path) = fs.write path
tokenizers.Tokenizer.* = pure
[huggingface_hub] opaque
nltk.download() = http.get "https://raw.githubusercontent.com/"; fs.write "~/nltk_data/"
nltk.corpus.* = pure
nltk.data.load|find() = fs.read *
spacy.load() = opaque "loads a model, which can run code"
spacy.cli.download() = proc.exec "pip"
gensim.downloader.load() = http.get *
gensim.models.KeyedVectors.load_word2vec_format(fname) = fs.read fname
xgboost.Booster.save_model(fname) = fs.write fname
lightgbm.Booster.save_model(fname) = fs.write fname
mlflow.* = net.connect *
wandb.* = net.connect "api.wandb.ai:443"
kaggle.* = http.get "https://www.kaggle.com/"
opendatasets.* = http.get "https://www.kaggle.com/"
gdown.* = http.get "https://drive.google.com/"; fs.write *
statsmodels.datasets.get_rdataset() = http.get "https://raw.githubusercontent.com/"
pandas_datareader.* = http.get *
[mlflow wandb kaggle opendatasets gdown pandas_datareader langchain langchain_core langchain_openai] opaque
[langchain_community llama_index crewai autogen smolagents] opaque
langchain.* = net.connect *
"""
