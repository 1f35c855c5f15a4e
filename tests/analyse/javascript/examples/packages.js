import { Command, Option } from "commander";
import { DOMParser as LinkedParser, parseHTML } from "linkedom";
import mime from "mime";
import { assertSnapshot } from "@std/testing/snapshot";
import { create, all, evaluate, sqrt, parser } from "mathjs";
import Handlebars from "handlebars";
import { fromFetch } from "rxjs/fetch";  // import.unknown
import { of } from "rxjs";
import * as csv from "fast-csv";
import natural from "natural";
import { fromURL, load } from "cheerio";
import sizeOf from "image-size";
import { imageSizeFromFile } from "image-size/fromFile";
import Papa from "papaparse";
import Mocha from "mocha";
import fm from "front-matter";
import mammoth from "mammoth";
import { readFileSync } from "node:fs";
import yaml from "js-yaml";
import csvtojson from "csvtojson";
import { createRemoteJWKSet } from "jose";
import { asyncBufferFromFile, asyncBufferFromUrl } from "hyparquet";
import { CronFileParser } from "cron-parser";
import trash from "trash";
import simpleGit from "simple-git";

const text = readFileSync("formulas.txt", "utf8");  // fs.read File formulas.txt
evaluate(text);  // opaque
text.split("\n").map(evaluate);  // opaque
create(all).evaluate(text);  // opaque
parser().evaluate(text);  // opaque
evaluate('import({}, {})');  // opaque
console.log(sqrt(9), evaluate("2 * (3 + 4)"));
Handlebars.compile(text)({});  // opaque
Handlebars.compile("{{lookup . 'constructor'}}")({});  // opaque
Handlebars.compile("Hello {{name}}")({ name: "x" });
of(1).subscribe(console.log);
csv.parseFile("rows.csv");  // fs.read File rows.csv
csv.writeToPath("out.csv", []);  // fs.write File out.csv
new natural.BayesClassifier().save("model.json", () => {});  // fs.write File model.json
await fromURL("https://x.example/");  // http.get Endpoint x.example:443
load("<p>").text();
sizeOf("a.png").width.toFixed();  // fs.read File a.png
sizeOf(JSON.parse(text));  // fs.read Folder / ~
const { width } = await imageSizeFromFile("b.png");  // fs.read File b.png
Papa.parse("https://x.example/a.csv", { download: true });  // http.get Endpoint x.example:443
Papa.parse(text, { header: true });
new Mocha().addFile("x.js").run();  // opaque
fm(text).attributes;
fm(text, { allowUnsafe: true });  // opaque
mammoth.extractRawText({ path: "a.docx" });  // fs.read File a.docx
yaml.load(text, { schema: yaml.DEFAULT_FULL_SCHEMA });  // opaque
csvtojson().fromFile("a.csv").then((rows) => rows.length);  // fs.read File a.csv
createRemoteJWKSet(new URL("https://x.example/keys"));  // http.get Endpoint x.example:443
import { Combination } from "js-combinatorics";
for (const pair of new Combination([1, 2, 3], 2)) console.log(pair);
asyncBufferFromFile("rows.parquet");  // fs.read File rows.parquet
asyncBufferFromUrl({ url: "https://rows.example/a.parquet" });  // http.get Endpoint rows.example:443
CronFileParser.parseFile("crontab.txt");  // fs.read File crontab.txt
trash("old.png");  // fs.delete File old.png
simpleGit().add(".").commit("x").push("origin");  // proc.exec Program git ~; net.connect Domain - ~
const cli = new Command("cli");
cli.executableDir("bin");  // opaque
cli.version("1").command("build <x>").action((x) => console.log(x));
cli.version("1").command("install <x>", "installs something");  // opaque
new Option("-t").env("API_TOKEN");  // secret.read Variable API_TOKEN
const { document: parsed, window: around } = parseHTML("<p>a</p>");
parsed.querySelector("p").textContent;
around.fetch("https://window.example/");  // http.get Endpoint window.example:443
parsed.defaultView.eval("1");  // opaque
new LinkedParser().parseFromString("<p>", "text/html").defaultView.fetch("https://view.example/");  // http.get Endpoint view.example:443; opaque
const { eval: run } = parseHTML("<p>");
run("1");  // opaque
mime.getType("a.txt");
mime.load("types.txt");  // fs.read File types.txt
await assertSnapshot(null, 1, { mode: "update", path: "../x" });  // opaque
