package main_test

import (
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	module  = "huiyin/"
	rootDir = "../.."
)

// room is one package's folder, file one Go file in it, as written down in the source: nothing is built or fetched.
type room struct {
	dir   string
	files []*file
}

type file struct {
	name      string
	test      bool
	generated bool
	lines     int
	syntax    *ast.File
	positions *token.FileSet
	// ours are the folders of this module that the file imports, names the same by the name used in the code.
	ours  []string
	names map[string]string
}

// readHouse reads every Go file below the root of the module.
func readHouse(t *testing.T) []*room {
	t.Helper()
	rooms := map[string]*room{}
	err := filepath.WalkDir(rootDir, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && isOutside(entry.Name()):
			return filepath.SkipDir
		case entry.IsDir() || !strings.HasSuffix(name, ".go"):
			return nil
		}
		f := readFile(t, name)
		dir := path.Dir(f.name)
		if rooms[dir] == nil {
			rooms[dir] = &room{dir: dir}
		}
		rooms[dir].files = append(rooms[dir].files, f)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return sorted(rooms)
}

func isOutside(folder string) bool {
	hidden := strings.HasPrefix(folder, ".") && strings.Trim(folder, ".") != ""
	return hidden || strings.HasPrefix(folder, "_") || slices.Contains([]string{"node_modules", "testdata", "dist"}, folder)
}

func sorted(rooms map[string]*room) []*room {
	var all []*room
	for _, r := range rooms {
		all = append(all, r)
	}
	slices.SortFunc(all, func(a, b *room) int { return cmp.Compare(a.dir, b.dir) })
	return all
}

func readFile(t *testing.T, name string) *file {
	t.Helper()
	source, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	positions := token.NewFileSet()
	syntax, err := parser.ParseFile(positions, name, source, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	below, err := filepath.Rel(rootDir, name)
	if err != nil {
		t.Fatal(err)
	}
	f := &file{
		name:      filepath.ToSlash(below),
		test:      strings.HasSuffix(name, "_test.go"),
		generated: ast.IsGenerated(syntax),
		lines:     strings.Count(string(source), "\n"),
		syntax:    syntax,
		positions: positions,
		names:     map[string]string{},
	}
	f.readImports()
	return f
}

func (f *file) readImports() {
	for _, spec := range f.syntax.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil || !strings.HasPrefix(imported, module) {
			continue
		}
		dir := strings.TrimPrefix(imported, module)
		name := path.Base(dir)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		f.ours = append(f.ours, dir)
		f.names[name] = dir
	}
}

func (f *file) function(name string) *ast.FuncDecl {
	for _, d := range f.syntax.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == name {
			return fn
		}
	}
	return nil
}

func (f *file) length(n ast.Node) int {
	return f.positions.Position(n.End()).Line - f.positions.Position(n.Pos()).Line + 1
}

// at says where a piece of code stands, for the reader of a failure.
func (f *file) at(n ast.Node) string {
	return f.name + ":" + strconv.Itoa(f.positions.Position(n.Pos()).Line)
}

func (r *room) hasCode() bool {
	return slices.ContainsFunc(r.files, func(f *file) bool { return !f.test })
}

// imports are the folders of ours that the package itself needs, its tests aside.
func (r *room) imports() []string {
	var all []string
	for _, f := range r.files {
		if !f.test {
			all = append(all, f.ours...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
