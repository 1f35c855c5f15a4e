import fs from "fs";
import vm from "vm";

eval("1 + 1");  // opaque
(0, eval)(text);  // opaque
new Function("return 1")();  // opaque
[].constructor.constructor("return process")();  // opaque
(async () => {}).constructor("x")();  // opaque
setTimeout("alert(1)", 10);  // opaque
vm.runInNewContext("1");  // opaque
globalThis["ev" + "al"]("2");  // opaque
globalThis[name]("3");  // opaque
window["e\u0076al"]("4");  // opaque
fs[method]("x");  // opaque
fs.futureFunction("x");  // opaque
Reflect.apply(fn, null, []);  // opaque
new Proxy({}, {});
make(Proxy);  // opaque
import(name);  // opaque
require(name);  // opaque
const loaded = await import("https://esm.sh/left-pad");  // http.get Endpoint esm.sh:443; import.unknown
globalThis.fetch = () => {};  // opaque
fs.readFile = () => {};  // opaque
Array.prototype.map = function () {};  // opaque
String.prototype.shout = function () {};
Object.defineProperty(Object.prototype, "x", {});  // opaque
Error.prepareStackTrace = (e, frames) => frames;  // opaque
({}).__lookupGetter__("x");  // opaque
x.__proto__ = y;  // opaque
process.binding("fs");  // opaque
process.mainModule;  // opaque
WebAssembly.instantiate(bytes, { env: {} });  // opaque
doSomething(fs);  // opaque
[1, 2].map(fs.unlinkSync);  // fs.delete Folder / ~ ?
const picks = { a: fs.unlinkSync };  // fs.delete Folder / ~ ?
picks[name]("x");  // fs.delete File x; opaque
Object.getOwnPropertyDescriptor(f, "constructor");  // opaque
make("return process")();  // opaque
atob("aGVsbG8gd29ybGQgaGVsbG8gd29ybGQgaGVsbG8gd29ybGQgaGVsbG8gd29ybGQgaGVsbG8gd29ybGQgaGVsbG8gd29ybGQgaGVsbG8gd29ybGQgaGVsbG8gd29ybGQgaGVsbG8gd29ybGQgaGVsbG8gd29ybGQgaGVsbG8gd29ybGQgaGVsbG8gd29ybGQg");  // opaque
