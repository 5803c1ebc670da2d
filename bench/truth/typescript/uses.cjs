// Prints the uses of names in the TypeScript files of a folder that other files of it define, as lines of JSON, told by
// the compiler. Arguments: the folder of the package `typescript`, the folder of the sources.
const fs = require("fs");
const path = require("path");
const ts = require(process.argv[2]);

const root = path.resolve(process.argv[3]);
const files = [];
const walk = (folder) => {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const whole = path.join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== "node_modules") walk(whole);
    else if (/\.[mc]?tsx?$/.test(entry.name) && !entry.name.endsWith(".d.ts")) files.push(whole);
  }
};
walk(root);
const program = ts.createProgram(files, {
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  skipLibCheck: true,
  noEmit: true,
  jsx: ts.JsxEmit.Preserve,
  types: [],
});
const checker = program.getTypeChecker();
const own = new Set(files);

const placed = (file, position) => {
  const { line, character } = file.getLineAndCharacterOfPosition(position);
  return [path.relative(root, file.fileName).split(path.sep).join("/"), line, character];
};

const targets = (node, file) => {
  let symbol = checker.getSymbolAtLocation(node);
  if (symbol && symbol.flags & ts.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol);
  const found = (symbol && symbol.declarations) || [];
  const places = [];
  for (const one of found) {
    const where = one.getSourceFile();
    if (ts.isSourceFile(one) || where === file || !own.has(path.normalize(where.fileName))) return [];
    const name = ts.getNameOfDeclaration(one) || one;
    places.push(placed(where, name.getStart(where)));
  }
  return places;
};

for (const file of program.getSourceFiles()) {
  if (!own.has(path.normalize(file.fileName))) continue;
  const visit = (node) => {
    if (ts.isIdentifier(node)) {
      const places = targets(node, file);
      if (places.length) {
        const row = { name: node.text, place: placed(file, node.getStart(file)), targets: places, kind: "" };
        process.stdout.write(JSON.stringify(row) + "\n");
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
}
