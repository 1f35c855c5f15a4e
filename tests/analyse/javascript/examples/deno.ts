import { parseArgs } from "jsr:@std/cli/parse-args";
import type { Foo } from "./types.ts";
import { OnlyAType } from "./more-types.ts";

interface Row {
  name: string;
}
const rows: Row[] = [];
const typed = (x: OnlyAType): Row => x as unknown as Row;
const text: string = await Deno.readTextFile("./data.csv");  // fs.read File data.csv
await Deno.writeTextFile("out.txt", text);  // fs.write File out.txt
await Deno.remove("old", { recursive: true });  // fs.delete File old
for await (const entry of Deno.readDir(".")) console.log(entry.name);  // fs.list File the workspace
const file = await Deno.open("log.txt", { write: true, append: true });  // fs.write File log.txt
await Deno.open("in.txt");  // fs.read File in.txt
Deno.mkdirSync("made");  // fs.create File made
await Deno.rename("a", "b");  // fs.delete File a; fs.write File b
await Deno.copyFile("c", "d");  // fs.read File c; fs.write File d
const dir = await Deno.makeTempDir();  // fs.create Folder /tmp ~
await Deno.stat("x");  // fs.list File x
new Deno.Command("git", { args: ["status"] });  // fs.read Folder the workspace ~; proc.exec Program git
Deno.env.get("PORT");  // env.read Variable PORT
Deno.env.get("API_TOKEN");  // secret.read Variable API_TOKEN
Deno.env.toObject();  // secret.read Variable - ~
Deno.serve({ port: 8000 }, () => new Response("hi"));  // net.connect Domain - ~
await Deno.connect({ hostname: "tcp.example", port: 9000 });  // net.connect Endpoint tcp.example:9000
Deno.dlopen("lib.so", {});  // opaque
await Deno.writeTextFile(Deno.args[0], "x");  // fs.write Folder / ~
const page = await (await fetch("https://typed.example/" as string)).json();  // http.get Endpoint typed.example:443
const kv = await Deno.openKv();  // fs.write Folder / ~
console.log(Deno.stdout.isTerminal(), Deno.stdin.isTerminal());
await Deno.openKv("https://kv.example/connect");  // net.connect Endpoint kv.example:443
await Deno.openKv(":memory:");
await kv.get(["a"]);  // sql.select Database kv
await kv.set(["a"], 1);  // sql.update Database kv
await kv.delete(["a"]);  // sql.delete Database kv
Deno.upgradeWebSocket(new Request("https://x.example"));  // net.connect Domain - ~
Deno.exit(0);
enum Color { Red = 1 }
namespace N { export const y = 1; }
abstract class Shape { constructor(private readonly w: number) {} area(): number { return this.w!; } }
import { isErrorStatus, STATUS_CODE } from "jsr:@std/http/status";
console.log(isErrorStatus(STATUS_CODE.NotFound));
namespace Places {
  export const file = "places.json";
  export function erase(path: string) {
    Deno.removeSync(path);  // fs.delete Folder / ~
  }
}
import erase = Places.erase;
import placed = Places.file;
erase("old.json");
Deno.readTextFileSync(placed);  // fs.read File places.json; fs.read Folder / ~
