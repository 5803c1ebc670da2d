// The condition of an `if` assigns.
function found(a, b) {
  if (a = b) {
    //^^^^^ assignment-in-condition
    // =>   if (a === b) {
    return a;
  }
}

// A comparison, a second pair of parentheses, and the usual loop over matches.
function notFound(a, b, pattern) {
  if (a === b || (a = b)) return a;
  if ((a = b)) return a;
  while (a = pattern.exec(b)) use(a);
}
