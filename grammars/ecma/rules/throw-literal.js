// Strings in both kinds of quotes.
function found(a) {
  if (a) throw "no";
  //           ^^^^ throw-literal
  // => if (a) throw new Error("no");
  throw `no ${a}`;
  //    ^^^^^^^^^ throw-literal
  // => throw new Error(`no ${a}`);
}

// An error, new or caught.
function notFound(error) {
  if (error) throw error;
  throw new Error("no");
}
