"""What clients of databases do: spec (see `sinks.SPECS`) -> names, as in `packages`."""

from __future__ import annotations

_MONGO = {
    "mongo-read": "find findOne aggregate count countDocuments estimatedDocumentCount distinct watch indexes listIndexes",
    "mongo-insert": "insertOne insertMany insert createIndex bulkWrite",
    "mongo-update": "updateOne updateMany replaceOne findOneAndUpdate findOneAndReplace rename",
    "mongo-delete": "deleteOne deleteMany findOneAndDelete remove",
    "mongo-drop": "drop dropIndex dropIndexes",
}

DATABASES: dict[str, dict[str, str]] = {
    "pg": {
        "connect": "Client Pool",
        "sql": "Client().query",
        "pure": "Client().connect Client().end Client().release Client().on types escapeIdentifier escapeLiteral defaults",
    },
    "postgres": {"connect": "()", "sql": "().unsafe ()()", "pure": "().end"},
    "mysql": {
        "connect": "createConnection createPool createPoolCluster",
        "sql": "createConnection().query createConnection().execute",
        "pure": (
            "escape format createConnection().connect createConnection().end createConnection().release createConnection().getConnection "
            "createConnection().promise escapeId raw createConnection().on"
        ),
    },
    "better-sqlite3": {
        "sqlite": "()",
        "sql": "().prepare ().exec",
        "pragma": "().pragma",
        "pure": "().close ().transaction",
        "opaque": "().loadExtension",
        "write": "().backup",
    },
    "sqlite3": {
        "sqlite": "Database",
        "sql": "Database().run Database().get Database().all Database().exec Database().each Database().prepare",
        "pure": "Database().close Database().serialize Database().parallelize OPEN_READONLY OPEN_READWRITE OPEN_CREATE",
        "opaque": "Database().loadExtension",
    },
    "knex": {"connect": "()", "sql": "().raw"},
    "mongodb": {
        "connect": "MongoClient MongoClient.connect",
        "pure": "ObjectId ObjectID MongoClient().db MongoClient().connect MongoClient().close MongoClient().db().collection",
        **{spec: " ".join(f"MongoClient().db().collection().{name}" for name in names.split()) for spec, names in _MONGO.items()},
        "mongo-drop": (
            "MongoClient().db().dropDatabase MongoClient().db().dropCollection MongoClient().db().collection().drop "
            "MongoClient().db().collection().dropIndex"
        ),
    },
    "redis": {
        "connect": "createClient ()",
        "redis-read": (
            "createClient().get ().get createClient().keys ().keys createClient().hGetAll ().hgetall createClient().mGet ().mget "
            "createClient().lRange ().lrange createClient().exists ().exists createClient().scan ().scan"
        ),
        "redis-write": (
            "createClient().set ().set createClient().hSet ().hset createClient().expire ().expire createClient().incr ().incr "
            "createClient().lPush ().lpush createClient().setEx ().setex createClient().publish ().publish"
        ),
        "redis-delete": (
            "createClient().del ().del createClient().flushAll ().flushall createClient().flushDb ().flushdb createClient().sendCommand "
            "().call"
        ),
        "pure": "createClient().connect createClient().quit ().quit createClient().disconnect ().disconnect createClient().on ().on",
    },
}
"""Package -> {spec: names}."""
