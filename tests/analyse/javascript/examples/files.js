const fs = require("node:fs");
const { readFile, writeFile: save, rm } = require("fs/promises");
import path, { join } from "path";
import fse from "fs-extra";
import os from "os";

fs.readFileSync("data/sales.csv", "utf8");  // fs.read File data/sales.csv
fs.readdirSync("data");  // fs.list File data
fs.existsSync("data/a.txt");  // fs.list File data/a.txt
await readFile(path.join(__dirname, "input.txt"));  // fs.read File input.txt
await save("out/report.json", "{}");  // fs.write File out/report.json
fs.promises.unlink("old.txt");  // fs.delete File old.txt
fs.appendFile("log.txt", "x", () => {});  // fs.write File log.txt
fs.mkdirSync("out/new", { recursive: true });  // fs.create File out/new
fs.renameSync("a.txt", "b.txt");  // fs.delete File a.txt; fs.write File b.txt
fs.copyFileSync("a.txt", "c.txt");  // fs.read File a.txt; fs.write File c.txt
fs.symlinkSync("a.txt", "link");  // fs.read File a.txt; fs.symlink File link
fs.chmodSync("run.sh", 0o755);  // fs.mode File run.sh
await rm("build", { recursive: true, force: true });  // fs.delete File build
fs.createReadStream("in.csv").pipe(fs.createWriteStream("out.csv"));  // fs.read File in.csv; fs.write File out.csv
fs.openSync("a.bin", "r");  // fs.read File a.bin
fs.openSync("a.bin", "w");  // fs.write File a.bin
fs.openSync("a.bin", "a+");  // fs.read File a.bin; fs.write File a.bin
fs.writeFileSync(1, "to a descriptor");
fse.outputJson("deep/er/x.json", {});  // fs.write File deep/er/x.json
fse.removeSync("cache");  // fs.delete File cache
fse.emptyDirSync("tmp");  // fs.delete File tmp
fse.moveSync("x", "y");  // fs.delete File x; fs.write File y
fs.readFileSync("/etc/passwd");  // fs.read File /etc/passwd
fs.readFileSync(".env");  // secret.read File .env
fs.readFileSync(join(os.homedir(), ".ssh", "id_rsa"));  // secret.read File /home/dev/.ssh/id_rsa
fs.readFileSync(`${process.cwd()}/notes.md`);  // fs.read File notes.md
fs.writeFileSync("package.json", "{}");  // fs.surface File package.json
fs.writeFileSync(".git/hooks/pre-commit", "#!/bin/sh");  // fs.surface File .git/hooks/pre-commit
fs.writeFileSync(`logs/${name}.txt`, "");  // fs.write Folder logs ~
fs.writeFileSync(`.github/workflows/${name}.yml`, "");  // fs.surface Folder .github/workflows ~
fs.writeFileSync(JSON.parse("1"), "");  // fs.write Folder / ~
fs.readFileSync("data/" + "x".repeat(3) + [".", "txt"].join(""));  // fs.read File data/xxx.txt
fs.readFileSync(new URL("./side.txt", import.meta.url));  // fs.read File side.txt
process.chdir("/tmp");  // opaque
for (const name of ["a", "b", "c"]) fs.unlinkSync("data/" + name);  // fs.delete File data/a *3; fs.delete File data/b *3; fs.delete File data/c *3
for (const name of fs.readdirSync("old")) fs.unlinkSync("old/" + name);  // fs.delete Folder old ~ *n; fs.list File old
while (true) fs.appendFileSync("log", "x");  // fs.write File log *many
["p", "q"].forEach((name) => fs.rmSync(name));  // fs.delete File p *2; fs.delete File q *2
const tar = require("tar");
tar.x({ file: "a.tgz", cwd: "vendor" });  // fs.write File vendor
require("sharp")("a.png").resize(9).rotate().toFile("b.png");  // fs.read File a.png; fs.write File b.png
(await require("sharp")("a.png").metadata()).format.toUpperCase();  // fs.read File a.png
