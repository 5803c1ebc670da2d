// A semicolon ends the statement too early.
function found(a) {
  if (a);
  //    ^ empty-if
  work();
}

// A block, a statement, and a comment that says why nothing is done.
function notFound(a) {
  if (a) work();
  if (a) {
  }
}
