const access = "user";  // opaque
if (access !== "user‮ ⁦// admin⁩ ⁦") console.log("x");
