// Everyday code: nothing here is an effect.
const path = require("path");
const { EventEmitter } = require("events");
class Stack extends EventEmitter {
  #items = [];
  static of(...items) {
    return items.reduce((s, i) => s.push(i), new this());
  }
  push(item) {
    this.#items[this.#items.length] = item;
    return new this.constructor(this.#items);
  }
  *[Symbol.iterator]() {
    yield* this.#items;
  }
}
const handlers = { add: (a, b) => a + b, sub: (a, b) => a - b };
const op = ["add", "sub"][Math.floor(Math.random() * 2)];
console.log(handlers[op](1, 2), path.basename("/a/b.txt"), new Stack().push(1));
const memo = {};
function fib(n) {
  if (n in memo) return memo[n];
  return (memo[n] = n < 2 ? n : fib(n - 1) + fib(n - 2));
}
const text = "a-b_c".replace(/[-_](\w)/g, (_, c) => c.toUpperCase());
let m;
const re = /(\d+)/g;
while ((m = re.exec("1 22 333")) !== null) console.log(m[1]);
const grid = Array.from({ length: 3 }, () => new Array(3).fill(0));
for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) grid[i][j] = i * j;
async function* ticks() {
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    yield i;
  }
}
(async () => {
  for await (const t of ticks()) console.log(t);
})();
String.prototype.capitalize = function () {
  return this.charAt(0).toUpperCase() + this.slice(1);
};
const counts = [..."hello"].reduce((c, l) => ((c[l] = (c[l] || 0) + 1), c), {});
const { a = 1, ...rest } = { b: 2 };
const fetchCount = [1, 2].map((exec) => exec * 2);
const list = { head: null, remove() {}, unlink() {}, delete(x) {} };
list.unlink();
list.remove();
new Map([[1, 2]]).delete(1);
new Set([1]).add(2);
JSON.parse('{"x": 1}');
process.stdout.write("done\n");
process.exitCode = 0;
if (x.constructor === Array || x.constructor.name === "Object") console.log(typeof require, typeof fetch);
addEventListener("unhandledrejection", (event) => event.preventDefault());
globalThis.addEventListener("load", () => console.log("loaded"));
module.exports = { fib, text, counts, a, rest, fetchCount };
console.log(await (async () => 1)(), (await (Promise.resolve([1]))).length);
