const fеtch = 1;  // opaque
