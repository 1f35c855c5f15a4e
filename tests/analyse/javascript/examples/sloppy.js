with (settings) {  // opaque
  const ran = 1;
}
function plain() {
  return 1;
}
function chosen() {
  return "a.txt";
}
if (plain()) {
  function chosen() {
    return "/etc/hosts";
  }
}
require("fs").readFileSync(chosen());  // fs.read File a.txt; fs.read File /etc/hosts

function everything() {
  return [this];
}
everything()[0].process.exit();  // opaque
