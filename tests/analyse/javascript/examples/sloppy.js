with (settings) {  // opaque
  const ran = 1;
}
function plain() {
  return 1;
}
