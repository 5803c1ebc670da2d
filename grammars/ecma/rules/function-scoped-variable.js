// A variable that belongs to a block is declared for the whole function.
function found() {
  var a = 1;
//^^^ function-scoped-variable
// =>   let a = 1;
  return a;
}

// Block-scoped variables, and a global one, which other scripts may rely on.
var shared = 1;
function notFound() {
  let a = shared;
  const b = a;
  return b;
}
