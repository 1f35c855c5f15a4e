import { Database } from "bun:sqlite";
import { $ } from "bun";

await Bun.file("in.json").json();  // fs.read File in.json
await Bun.write("out.json", "{}");  // fs.write File out.json
Bun.spawn(["git", "push"]);  // http.post Domain - ~; proc.exec Program git
await $`rm -rf dist`;  // fs.delete Folder dist ~; proc.exec Program rm
Bun.serve({ fetch: () => new Response("x") });  // net.connect Domain - ~
const db = new Database("x.db");  // fs.write File x.db
db.query("SELECT a FROM t").all();  // sql.select Table file:/home/dev/project/x.db/t
Bun.env.SECRET_TOKEN;  // secret.read Variable SECRET_TOKEN
await Bun.file("old.txt").delete();  // fs.read File old.txt; fs.delete File old.txt
Bun.file("log.txt").slice(0, 9).unlink();  // fs.read File log.txt; fs.delete Folder / ~
const sheet = Bun.file("sheet.csv");  // fs.read File sheet.csv
console.log(await sheet.exists(), sheet.size, (await sheet.slice(0, 9).text()).length);
const sink = sheet.writer();  // fs.write File sheet.csv
sink.write("a");
