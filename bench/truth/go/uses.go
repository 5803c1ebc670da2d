// Prints the uses of names in the Go files of a module that other files of it define, as lines of JSON, told by go/types.
package main

import (
	"bufio"
	"encoding/json"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

type place [3]any

type use struct {
	Name    string  `json:"name"`
	Place   place   `json:"place"`
	Targets []place `json:"targets"`
	Kind    string  `json:"kind"`
}

// A loader checks the packages of one module, each when it is first imported.
type loader struct {
	root, module string
	fset         *token.FileSet
	library      types.Importer
	known        map[string]*types.Package
	out          *json.Encoder
}

func main() {
	root, _ := filepath.Abs(os.Args[1])
	fset := token.NewFileSet()
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	l := &loader{root, moduleOf(root), fset, importer.ForCompiler(fset, "source", nil), map[string]*types.Package{}, json.NewEncoder(out)}
	folders := map[string]bool{}
	filepath.WalkDir(root, func(path string, _ os.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".go") {
			folders[filepath.Dir(path)] = true
		}
		return nil
	})
	sorted := []string{}
	for folder := range folders {
		sorted = append(sorted, folder)
	}
	sort.Strings(sorted)
	for _, folder := range sorted {
		l.tell(folder)
	}
}

func moduleOf(root string) string {
	content, _ := os.ReadFile(filepath.Join(root, "go.mod"))
	for _, line := range strings.Split(string(content), "\n") {
		if rest, found := strings.CutPrefix(line, "module "); found {
			return strings.Trim(strings.TrimSpace(rest), `"`)
		}
	}
	return "?"
}

// Import gives an empty package for what cannot be found: the names of others are no matter here.
func (l *loader) Import(path string) (*types.Package, error) {
	if known := l.known[path]; known != nil {
		return known, nil
	}
	var found *types.Package
	if rest, inside := strings.CutPrefix(path, l.module); inside && (rest == "" || rest[0] == '/') {
		l.known[path] = types.NewPackage(path, filepath.Base(path))
		for name, files := range l.parse(filepath.Join(l.root, rest), false) {
			if !strings.HasSuffix(name, "_test") && name != "main" {
				found, _ = l.check(path, files, nil)
			}
		}
	} else if !strings.Contains(strings.Split(path, "/")[0], ".") {
		found, _ = l.library.Import(path)
	}
	if found == nil {
		found = types.NewPackage(path, filepath.Base(path))
		found.MarkComplete()
	}
	l.known[path] = found
	return found, nil
}

// parse gives the files of a folder by the name of their package.
func (l *loader) parse(folder string, tests bool) map[string][]*ast.File {
	found := map[string][]*ast.File{}
	paths, _ := filepath.Glob(filepath.Join(folder, "*.go"))
	for _, path := range paths {
		if !tests && strings.HasSuffix(path, "_test.go") {
			continue
		}
		if file, _ := parser.ParseFile(l.fset, path, nil, parser.SkipObjectResolution); file != nil {
			found[file.Name.Name] = append(found[file.Name.Name], file)
		}
	}
	return found
}

func (l *loader) check(path string, files []*ast.File, info *types.Info) (*types.Package, error) {
	config := types.Config{Importer: l, Error: func(error) {}, FakeImportC: true}
	return config.Check(path, l.fset, files, info)
}

func (l *loader) tell(folder string) {
	rest, _ := filepath.Rel(l.root, folder)
	for _, files := range l.parse(folder, true) {
		info := &types.Info{Uses: map[*ast.Ident]types.Object{}}
		l.check(filepath.ToSlash(filepath.Join(l.module, rest)), files, info)
		for ident, object := range info.Uses {
			here, there := l.fset.Position(ident.Pos()), l.fset.Position(object.Pos())
			if _, module := object.(*types.PkgName); module || here.Filename == there.Filename || !strings.HasPrefix(there.Filename, l.root) {
				continue
			}
			l.out.Encode(use{ident.Name, l.placed(here), []place{l.placed(there)}, kindOf(object)})
		}
	}
}

func (l *loader) placed(position token.Position) place {
	path, _ := filepath.Rel(l.root, position.Filename)
	return place{filepath.ToSlash(path), position.Line - 1, position.Column - 1}
}

func kindOf(object types.Object) string {
	switch object.(type) {
	case *types.Func:
		return "function"
	case *types.TypeName:
		return "class"
	}
	return "statement"
}
