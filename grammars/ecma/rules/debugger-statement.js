// A left-over statement is removed with its line.
function found() {
  debugger;
//^^^^^^^^^ debugger-statement
// =>
}

// A property of that name.
function notFound(options) {
  return options.debugger;
}
