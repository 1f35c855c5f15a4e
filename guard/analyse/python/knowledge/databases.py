"""Libraries that talk to databases, search engines and queues."""

TABLE = """
@py-database
psycopg2.connect(dsn) = !db_connect -> db.Connection(dsn)
psycopg.connect|Connection.connect|AsyncConnection.connect(conninfo) = !db_connect -> db.Connection(conninfo)
psycopg_pool.ConnectionPool|AsyncConnectionPool(conninfo) = !db_connect -> db.Connection(conninfo)
psycopg2.pool.SimpleConnectionPool|ThreadedConnectionPool() = !db_connect -> db.Connection
psycopg2.extras.execute_values|execute_batch(cur, sql) = sql sql
psycopg2.extensions.connection(dsn) = !db_connect -> db.Connection(dsn)
psycopg2.Error|DatabaseError|OperationalError|IntegrityError|ProgrammingError = pure
[psycopg2.errors psycopg2.extras psycopg2.extensions psycopg2.sql psycopg.rows psycopg.sql psycopg.types] pure
asyncpg.connect|create_pool(dsn) = !db_connect -> db.Connection(dsn)
pymysql.connect|connections.Connection|Connect() = !db_connect -> db.Connection
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
db.Connection.copy_from|copy_records_to_table() = sql.insert self
db.Connection.execute_iter|execute_with_progress|run|prepare|execute_async|fetchmany_sql|
    mutate|bulk_insert(sql) = sql sql -> db.Connection(self)
db.Connection.copy_from_query(query, *, output) = sql query; fs.write output
db.Connection.copy_from_table(table, *, output) = sql.select self; fs.write output
db.Connection.copy_to_table(table, *, source) = sql.insert self; fs.read source
db.Connection.* = pure
aiosqlite.connect(database) = !sqlite -> sqlite3.Connection(database)
duckdb.connect(database, read_only) = !sqlite -> duckdb.Connection(database)
duckdb.default_connection() = pure -> duckdb.Connection
duckdb.sql|query|execute|executemany|from_query(query) = !duckdb -> duckdb.Connection
duckdb.query_df(df, virtual_table_name, sql_query) = sql sql_query
duckdb.read_csv|read_parquet|read_json|from_csv_auto|from_parquet(path) = fs.read path -> duckdb.Connection
duckdb.install_extension|load_extension|from_substrait|from_substrait_json|
    register_filesystem() = opaque "loads code or plans into a database"
duckdb.write_csv(df, file_name) = fs.write file_name
duckdb.Connection < sqlite3.Connection
duckdb.Connection.sql|query|execute|executemany|from_query(query) = !duckdb -> duckdb.Connection(self)
duckdb.Connection.read_csv|read_parquet|read_json|from_csv_auto|from_parquet(path) = fs.read path -> duckdb.Connection(self)
duckdb.Connection.install_extension|load_extension|from_substrait|from_substrait_json|
    register_filesystem() = opaque "loads code or plans into a database"
duckdb.Connection.append|insert|update|delete|table_function|map() = opaque "works on a database in a way that guard does not follow"
duckdb.Connection.cursor|begin|commit|rollback|filter|project|aggregate|order|limit|join|union|distinct|set_alias|select|
    sort|describe|__enter__() = pure -> duckdb.Connection(self)
duckdb.Connection.df|fetchdf|pl|show|fetchall|fetchone|arrow|fetchnumpy|close() = pure
duckdb.Connection.write_csv|to_csv|write_parquet|to_parquet(file_name) = fs.write file_name
duckdb.Connection.create|to_table|insert_into|create_view|to_view() = sql.insert *
duckdb.Connection.* = pure
duckdb.experimental.* = opaque "works on a database in a way that guard does not follow"
[duckdb] pure
[aiosqlite] opaque
apsw.Connection(filename) = !sqlite -> sqlite3.Connection(filename)
[apsw] opaque
sqlalchemy.create_engine|engine.create_engine(url) = !db_connect -> sqlalchemy.Engine(url)
sqlalchemy.ext.asyncio.create_async_engine(url) = !db_connect -> sqlalchemy.Engine(url)
sqlalchemy.text(text) = pure -> =text
sqlalchemy.sql.text(text) = pure -> =text
sqlalchemy.orm.Session|scoped_session(bind) = pure -> sqlalchemy.Engine(bind)
sqlalchemy.orm.sessionmaker(bind) = pure -> sqlalchemy.Sessions(bind)
sqlalchemy.Sessions.* = pure -> sqlalchemy.Engine(self)
sqlalchemy.Sessions.__call__() = pure -> sqlalchemy.Engine(self)
flask_sqlalchemy.SQLAlchemy() = pure -> flask_sqlalchemy.SQLAlchemy
flask_sqlalchemy.SQLAlchemy.session|engine = pure -> sqlalchemy.Engine
flask_sqlalchemy.SQLAlchemy.Model() = pure -> &flask_sqlalchemy.Model
flask_sqlalchemy.Model.query() = pure -> sqlalchemy.Query
flask_sqlalchemy.Model.metadata => sqlalchemy.MetaData
flask_sqlalchemy.Model.__table__ => sqlalchemy.MetaData
flask_sqlalchemy.Model.* = pure
flask_sqlalchemy.SQLAlchemy.drop_all() = sql.drop *
flask_sqlalchemy.SQLAlchemy.create_all() = sql.insert *
flask_sqlalchemy.SQLAlchemy.* = pure
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
sqlalchemy.MetaData.drop_all() = sql.drop *
sqlalchemy.MetaData.create_all() = sql.update *
sqlalchemy.MetaData.* = pure -> sqlalchemy.MetaData
sqlalchemy.ext.declarative.declarative_base() = pure -> sqlalchemy.MetaData
sqlalchemy.Table|Index|Sequence() = pure -> sqlalchemy.MetaData
sqlalchemy.schema.Table|MetaData|Index|Sequence() = pure -> sqlalchemy.MetaData
sqlalchemy.schema.DropTable|DropColumn|DropConstraint|DropIndex|DropSchema|DropSequence|DropView|DropTableComment() = sql.drop *
sqlalchemy.schema.CreateTable|CreateColumn|CreateIndex|CreateSchema|CreateSequence|CreateView() = sql.update *
sqlalchemy.orm.DeclarativeBase.metadata => sqlalchemy.MetaData
sqlalchemy.orm.DeclarativeBase.__table__ => sqlalchemy.MetaData
sqlalchemy.orm.DeclarativeBaseNoMeta => sqlalchemy.orm.DeclarativeBase
sqlmodel.SQLModel.metadata => sqlalchemy.MetaData
sqlmodel.SQLModel.__table__ => sqlalchemy.MetaData
sqlalchemy.sql.schema => sqlalchemy.schema
sqlalchemy.sql.ddl => sqlalchemy.schema
sqlalchemy.MetaData.drop() = sql.drop *
sqlalchemy.MetaData.create() = sql.update *
[sqlalchemy sqlmodel] pure
sqlmodel.create_engine(url) = !db_connect -> sqlalchemy.Engine(url)
sqlmodel.Session(bind) = pure -> sqlalchemy.Engine(bind)
db.Connection.drop_tables|drop_table() = sql.drop self
db.Connection.execute_sql|execute_query|execute_script(sql) = sql sql -> db.Connection(self)
tinydb.TinyDB(path) = fs.read path; may fs.write path -> tinydb.TinyDB(path)
tinydb.TinyDB.truncate|remove|drop_table|drop_tables() = sql.delete self
tinydb.TinyDB.insert|insert_multiple|update|update_multiple|upsert() = sql.update self
tinydb.TinyDB.* = pure -> tinydb.TinyDB
tinydb.Query|where() = pure
dataset.connect(url) = !db_connect -> dataset.Database(url)
dataset.Database.delete() = sql.delete self
dataset.Database.drop|drop_column() = sql.drop self
dataset.Database.insert|insert_many|insert_ignore|update|upsert|create_table|create_column() = sql.update self
dataset.Database.query(query) = sql query
dataset.Database.* = pure -> dataset.Database
peewee.SqliteDatabase(database) = !sqlite -> db.Connection(database)
peewee.PostgresqlDatabase|MySQLDatabase(database) = net.connect * -> db.Connection(database)
peewee.Model.delete|delete_by_id|delete_instance|truncate_table() = sql.delete *
peewee.Model.drop_table() = sql.drop *
peewee.Model.insert|insert_many|create|save|replace|replace_many|bulk_create|get_or_create() = sql.insert *
peewee.Model.update|set_by_id|bulk_update|create_table|alter_table() = sql.update *
peewee.Model.raw(sql) = sql sql
peewee.Model.select|get|get_by_id|get_or_none|filter|noop() = sql.select *
peewee.Model.* = pure
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
redis.Redis|StrictRedis|from_url|asyncio.Redis|asyncio.from_url|RedisCluster(host, port) = !redis -> redis.Redis(host)
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
elasticsearch.Elasticsearch|AsyncElasticsearch(hosts) = !hosts -> elasticsearch.Elasticsearch(hosts)
opensearchpy.OpenSearch|AsyncOpenSearch(hosts) = !hosts -> elasticsearch.Elasticsearch(hosts)
elasticsearch.Elasticsearch.delete|delete_by_query() = sql.delete self
elasticsearch.Elasticsearch.search|get|count|exists() = sql.select self
elasticsearch.Elasticsearch.index|update|bulk|create() = sql.insert self
elasticsearch.Elasticsearch.* = pure -> elasticsearch.Elasticsearch(self)
cassandra.cluster.Cluster(contact_points) = !hosts -> db.Connection
neo4j.GraphDatabase.driver(uri) = net.connect uri -> neo4j.Driver
neo4j.Driver.run|execute_query(query) = opaque "runs a Cypher query"
neo4j.Driver.* = pure -> neo4j.Driver
influxdb_client.* = net.connect *
qdrant_client.* = net.connect *
chromadb.* = fs.write *
pinecone.* = net.connect *
weaviate.* = net.connect *
ldap3.Server(host, port) = pure -> ldap3.Server(host)
ldap3.Server.* = pure
ldap3.Connection(server) = net.connect server:389 -> ldap3.Connection
ldap3.Connection.delete() = net.connect *; sql.delete *
ldap3.Connection.* = net.connect *
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
celery.Celery() = pure -> celery.Celery
celery.Celery.task() = pure -> celery.Task
celery.shared_task() = pure -> celery.Task
celery.Task.__call__() = pure -> celery.Task
celery.Task.delay|apply_async|retry|chunks|starmap() = net.connect *
celery.Task.* = pure -> celery.Task
celery.Celery.send_task|start|worker_main() = net.connect *
celery.Celery.control() = pure -> celery.Control
celery.Control.* = net.connect *
celery.Celery.* = pure
supabase.create_client(url) = net.connect url
firebase_admin.* = net.connect *
sqlalchemy.ext.serializer.loads|Deserializer() = opaque "unpickles data, which can run any code"
sqlalchemy.ext.asyncio.AsyncSession|AsyncConnection|async_scoped_session(bind) = pure -> sqlalchemy.Engine(bind)
sqlalchemy.ext.asyncio.async_sessionmaker() = pure -> sqlalchemy.Sessions
sqlalchemy.engine_from_config(configuration) = net.connect * -> sqlalchemy.Engine
sqlalchemy.engine.engine_from_config(configuration) = net.connect * -> sqlalchemy.Engine
sqlalchemy.ext.asyncio.async_engine_from_config(configuration) = net.connect * -> sqlalchemy.Engine
sqlalchemy.create_pool_from_url(url) = !db_connect
sqlalchemy.PickleType|types.PickleType|sql.sqltypes.PickleType|dialects.registry.register|
    dialects.registry.load() = opaque "unpickles data or imports by name, which can run any code"
[sqlalchemy.util sqlalchemy.testing] opaque
psycopg2.extras.DictConnection|RealDictConnection|NamedTupleConnection|LoggingConnection|MinTimeLoggingConnection|
    LogicalReplicationConnection|PhysicalReplicationConnection(dsn) = !db_connect -> db.Connection(dsn)
"""
