// Errors are dropped without a word.
function found() {
  try {
    work();
  } catch (error) {}
  //^^^^^ empty-catch
}

// A comment says why, or the error is used.
function notFound() {
  try {
    work();
  } catch {
    // The feature is optional.
  }
  try {
    work();
  } catch (error) {
    report(error);
  }
}
