// A misspelt name, and null, whose type is "object".
function found(a) {
  return typeof a === "strnig" || typeof a !== "null";
  //                  ^^^^^^^^ invalid-typeof
  //                                           ^^^^^^ invalid-typeof
}

// The names that there are, and what cannot be known.
function notFound(a, b) {
  return typeof a === "string" || typeof a === b || b.type === "strnig";
}
