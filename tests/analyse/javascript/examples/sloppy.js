with (settings) {  // opaque
  run();
}
function plain() {
  return 1;
}
