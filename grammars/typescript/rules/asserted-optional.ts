// The end of an optional chain is asserted.
function found(a?: { b: string; c(): string }) {
  use(a?.b!);
  //  ^^^^^ asserted-optional
  use(a?.c()!);
  //  ^^^^^^^ asserted-optional
}

// One of the two only.
function notFound(a?: { b: string }) {
  use(a?.b);
  use(a!.b);
}
