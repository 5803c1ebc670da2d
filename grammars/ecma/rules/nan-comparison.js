// Either operator, and both names of the value.
function found(a) {
  if (a === NaN) return 1;
  //  ^^^^^^^^^ nan-comparison
  // => if (Number.isNaN(a)) return 1;
  return a !== Number.NaN;
  //     ^^^^^^^^^^^^^^^^ nan-comparison
  // => return !Number.isNaN(a);
}

// The function for it, and other values.
function notFound(a, b) {
  return Number.isNaN(a) || a === b;
}
