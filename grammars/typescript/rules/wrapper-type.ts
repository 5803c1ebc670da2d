// Annotations of a parameter, a variable and a result.
function found(a: String): Boolean {
  //              ^^^^^^ wrapper-type
  // => function found(a: string): Boolean {
  //                       ^^^^^^^ wrapper-type
  // => function found(a: String): boolean {
  const b: Number = 1;
  //       ^^^^^^ wrapper-type
  // => const b: number = 1;
  return a.length > b;
}

// Plain types, the functions of the same names, and a class.
function notFound(a: string): boolean {
  const made = new String(a);
  return Boolean(made) && Number(a) > 0;
}
