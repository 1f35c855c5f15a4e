const a = 1;
const b = ;  // opaque
require("fs").unlinkSync("x");  // fs.delete File x
