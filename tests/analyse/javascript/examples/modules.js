import _ from "lodash";
import leftPad from "left-pad";  // import.unknown
import { helper } from "./helper.js";  // import.unknown
import data from "./data.json";  // fs.read File data.json
import remote from "https://deno.land/x/thing/mod.ts";  // http.get Endpoint deno.land:443; import.unknown
import { assertEquals } from "jsr:@std/assert@1";
import { emptyDir, exists } from "jsr:@std/fs";
import { copy as duplicate } from "https://deno.land/std@0.224.0/fs/copy.ts";
import chalk from "npm:chalk@5";
export * from "./other.js";  // import.unknown

_.map([1], (x) => x);
await emptyDir("out");  // fs.delete File out
await exists("a");  // fs.list File a
await duplicate("a", "b");  // fs.read File a; fs.write File b
const late = await import("node:fs");
late.unlinkSync("x");  // fs.delete File x
import("child_process").then((cp) => cp.exec("id"));  // proc.exec Program id
const again = require("module").createRequire(import.meta.url);
again("fs").rmSync("y");  // fs.delete File y
