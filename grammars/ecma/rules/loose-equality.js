// Two values of unknown types are compared after a conversion.
function found(a, b) {
  if (a == b) {
    //^^^^^^ loose-equality
    // =>   if (a === b) {
    return 1;
  }
  return a != 0;
  //     ^^^^^^ loose-equality
  // => return a !== 0;
}

// Strict operators, the test for null and undefined, and typeof, which is always a string.
function notFound(a, b) {
  return a === b || a !== 0 || a == null || undefined != b || typeof a == "string";
}
