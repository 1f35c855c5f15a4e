import pg from "pg";
import mysql from "mysql2/promise";
import Database from "better-sqlite3";
import { MongoClient } from "mongodb";
import { createClient } from "redis";
import postgres from "postgres";
import sqlite3 from "sqlite3";
import { DatabaseSync } from "node:sqlite";

const client = new pg.Client({ host: "db.example", port: 5433 });  // net.connect Endpoint db.example:5433
await client.query("SELECT name FROM users WHERE id = $1", [1]);  // sql.select Table /users
await client.query("DELETE FROM users");  // sql.delete Table /users
await client.query({ text: "UPDATE users SET a = 1 WHERE id = 2" });  // sql.update Table /users
const pool = new pg.Pool({ connectionString: "postgres://u:p@pool.example/app" });  // net.connect Endpoint pool.example:5432
await pool.query(`SELECT * FROM ${table}`);  // sql.select Table /? ~
await pool.query(sql);  // opaque
const my = await mysql.createConnection({ host: "my.example", user: "x" });  // net.connect Endpoint my.example:3306
await my.execute("INSERT INTO logs (a) VALUES (1)");  // sql.insert Table /logs
const db = new Database("app.db");  // fs.write File app.db
db.prepare("DROP TABLE old").run();  // sql.drop Table file:/home/dev/project/app.db/old
const read = new Database("app.db", { readonly: true, fileMustExist: true });  // fs.read File app.db
read.prepare("SELECT a FROM t").all();  // sql.select Table file:/home/dev/project/app.db/t
read.pragma("table_info(t)");  // sql.select Database file:/home/dev/project/app.db
read.pragma("user_version = 3");  // sql.update Database file:/home/dev/project/app.db tainted
read.exec("ATTACH '/etc/x.db' AS x");  // fs.read File /etc/x.db; fs.write File /etc/x.db
new Database("app.db", { readOnly: true });  // fs.write File app.db
new Database("app.db", { readonly: true, nativeBinding: "./evil.node" });  // fs.write File app.db
new Database("app.db", { readonly: true, ...JSON.parse(String(Math.random())) });  // fs.write File app.db
new Database("app.db", { readonly: Math.random() < 0.5 });  // fs.write File app.db
new DatabaseSync("app.db", { readOnly: true });  // fs.read File app.db
new DatabaseSync("app.db", { readOnly: true, allowExtension: true });  // fs.write File app.db
new DatabaseSync("file:app.db", { readOnly: true });  // fs.write File file:app.db
new sqlite3.Database("app.db", sqlite3.OPEN_READONLY);  // fs.read File app.db
new sqlite3.Database("app.db");  // fs.write File app.db
new Database(":memory:").exec("CREATE TABLE t (a)");  // sql.insert Table /t
const mongo = new MongoClient("mongodb://mongo.example:27017");  // net.connect Endpoint mongo.example:27017
await mongo.db("shop").collection("orders").deleteMany({});  // sql.delete Table mongodb/orders
await mongo.db("shop").collection("orders").find({}).toArray();  // sql.select Table mongodb/orders
const cache = createClient({ url: "redis://cache.example:6379" });  // net.connect Endpoint cache.example:6379
await cache.get("key");  // sql.select Database redis
await cache.flushAll();  // sql.delete Database redis
const sql2 = postgres("postgres://pg.example/app");  // net.connect Endpoint pg.example:5432
await sql2`SELECT 1 FROM items`;  // sql.select Table /items
