// Both kinds of functions.
function found() {
  use(new Promise(async (resolve) => resolve(await work())));
  //              ^^^^^ async-promise-executor
  use(new Promise(async function (resolve) {}));
  //              ^^^^^ async-promise-executor
}

// A plain executor, and an asynchronous function of another class.
function notFound() {
  use(new Promise((resolve) => resolve(1)));
  use(new Task(async () => 1));
}
