const cp = require("child_process");
const fs = require("fs");

const run = cp.exec;
run("ls");  // fs.list File the workspace; proc.exec Program ls
const tools = { go: cp.execSync, name: "x" };
tools.go("pwd");  // proc.exec Program pwd
const { go } = tools;
go("id");  // proc.exec Program id
function wipe(file) {
  fs.unlinkSync(file);  // fs.delete File one.txt *2; fs.delete File two.txt *2
}
wipe("one.txt");
wipe("two.txt");
const host = "api.example.com";
function url(path) {
  return "https://" + host + path;
}
fetch(url("/a"));  // http.get Endpoint api.example.com:443
class Client {
  base = "https://class.example";
  constructor(token) {
    this.token = token;
  }
  get(path) {
    return fetch(this.base + path);  // http.get Domain - ~; http.get Endpoint class.example:443
  }
}
new Client("t").get("/x");
((f) => f("https://arg.example"))(fetch);  // http.get Endpoint arg.example:443
const bound = fs.rmSync.bind(fs, "bound.txt");
bound();  // fs.delete File bound.txt
fs.unlinkSync.call(null, "called.txt");  // fs.delete File called.txt
fs.unlinkSync.apply(null, ["applied.txt"]);  // fs.delete File applied.txt
const [first, ...others] = [fs.rmSync, fs.rmdirSync];
first("first.txt");  // fs.delete File first.txt
(function () {
  arguments[0].unlinkSync("args.txt");  // fs.delete File args.txt
})(fs);
((...all) => all[0].unlinkSync("rest.txt"))(fs);  // fs.delete File rest.txt
const code = String.fromCharCode(114, 109);
cp.execFileSync(code, ["x"]);  // fs.delete File x; proc.exec Program rm
var { unlinkSync = () => {} } = fs;
unlinkSync("default.txt");  // fs.delete File default.txt
let target = flag ? "yes.txt" : "no.txt";
fs.rmSync(target);  // fs.delete File no.txt; fs.delete File yes.txt
const list = [];
list.push("pushed.txt");
for (const f of list) fs.rmSync(f);  // fs.delete File pushed.txt *n
const [, gap] = [1, fs.unlinkSync];
gap("gap.txt");  // fs.delete File gap.txt
const sparse = [, fs.unlinkSync];
sparse[1]("sparse.txt");  // fs.delete File sparse.txt
const order = ["first.txt", "/etc/hosts"];
order.reverse();
fs.readFileSync(order[0]);  // fs.read File /etc/hosts; fs.read File first.txt
let climb = "x";
while (flag) climb += "/..";
fs.readFileSync(climb);  // fs.read File x; fs.read Folder / ~
Function.prototype.call.bind(fs.unlinkSync)(null, "bound.txt");  // opaque; fs.delete Folder / ~ ?
import.meta.require("child_process").execFileSync("id");  // proc.exec Program id
