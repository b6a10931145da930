package main_test

import (
	"go/ast"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// forTests are the folders that test files of every floor may import too; nothing else may.
var forTests = []string{"channels/channeltest", "channels/email/mailtest", "channels/simulator", "conversation/bucket/buckettest", "db/forgetful", "db/pgtest", "handoff/slack/simulator", "live/freeport", "live/redistest"}

// notAdapters are the folders below channels that speak no provider's language.
var notAdapters = []string{"channels/channeltest", "channels/simulator"}

// longestRoad is how many imports may follow each other, from the command down.
const longestRoad = 5

func TestImports(t *testing.T) {
	layout := readLayout(t)
	for _, p := range readHouse(t) {
		allowed, known := layout.entryFor(p.dir)
		if !known {
			t.Errorf("%s: a folder that docs/architecture.md does not list", p.dir)
			continue
		}
		for _, f := range p.files {
			for _, imported := range f.ours {
				if !mayImport(allowed, p.dir, imported, f.test) {
					t.Errorf("%s: may not import %s", f.name, imported)
				}
			}
		}
	}
}

func TestLongestRoad(t *testing.T) {
	imports := map[string][]string{}
	for _, p := range readHouse(t) {
		imports[p.dir] = p.imports()
	}
	for dir := range imports {
		if road := longest(imports, dir); len(road)-1 > longestRoad {
			t.Errorf("%d imports in a row, at most %d: %s", len(road)-1, longestRoad, strings.Join(road, " → "))
		}
	}
}

func TestNoFolderLoops(t *testing.T) {
	rooms := map[string][]string{}
	for _, p := range readHouse(t) {
		from := topFolder(p.dir)
		for _, imported := range p.imports() {
			if to := topFolder(imported); to != from && !slices.Contains(rooms[from], to) {
				rooms[from] = append(rooms[from], to)
			}
		}
	}
	for _, from := range slices.Sorted(maps.Keys(rooms)) {
		for _, to := range rooms[from] {
			if reaches(rooms, to, from, nil) {
				t.Errorf("%s and %s import each other", from, to)
			}
		}
	}
}

func TestEveryAdapterIsListed(t *testing.T) {
	house := readHouse(t)
	listed := listedAdapters(house)
	for _, p := range house {
		if path.Dir(p.dir) != "channels" || slices.Contains(notAdapters, p.dir) || !p.hasCode() {
			continue
		}
		if !slices.Contains(listed, p.dir) {
			t.Errorf("%s: adapters() in cmd/huiyin does not list it", p.dir)
		}
	}
}

// table holds, for each folder of docs/architecture.md, the folders of ours that it may import. A `*` stands for one
// name, and "everything" for all folders.
type table map[string][]string

const everything = "everything"

// row finds, in a line of the page's table, the folder and what it may import.
var row = regexp.MustCompile("^\\| \\d \\| `([^`]+)` \\|[^|]*\\|([^|]*)\\|$")

func readLayout(t *testing.T) table {
	t.Helper()
	page, err := os.ReadFile(rootDir + "/docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	layout := table{}
	for line := range strings.Lines(string(page)) {
		if found := row.FindStringSubmatch(strings.TrimSpace(line)); found != nil {
			layout[found[1]] = strings.Fields(strings.ReplaceAll(found[2], "`", " "))
		}
	}
	if len(layout) == 0 {
		t.Fatal("docs/architecture.md: no table of folders found")
	}
	return layout
}

// entryFor finds the row that speaks of a folder: the one with its very name, or else one whose pattern fits.
func (layout table) entryFor(dir string) (allowed []string, known bool) {
	if allowed, ok := layout[dir]; ok {
		return allowed, true
	}
	for pattern, allowed := range layout {
		if ok, _ := path.Match(pattern, dir); ok {
			return allowed, true
		}
	}
	return nil, false
}

func mayImport(allowed []string, from, imported string, test bool) bool {
	if imported == from || slices.Contains(allowed, everything) {
		return true
	}
	if test && slices.Contains(forTests, imported) {
		return true
	}
	return slices.ContainsFunc(allowed, func(pattern string) bool {
		ok, _ := path.Match(pattern, imported)
		return ok
	})
}

func longest(imports map[string][]string, dir string) []string {
	var below []string
	for _, next := range imports[dir] {
		if road := longest(imports, next); len(road) > len(below) {
			below = road
		}
	}
	return append([]string{dir}, below...)
}

func reaches(rooms map[string][]string, from, to string, seen []string) bool {
	if from == to {
		return true
	}
	if slices.Contains(seen, from) {
		return false
	}
	return slices.ContainsFunc(rooms[from], func(next string) bool {
		return reaches(rooms, next, to, append(seen, from))
	})
}

func topFolder(dir string) string {
	top, _, _ := strings.Cut(dir, "/")
	return top
}

// listedAdapters are the channel folders that the function adapters() of cmd/huiyin names.
func listedAdapters(house []*room) []string {
	var dirs []string
	for _, p := range house {
		if p.dir != "cmd/huiyin" {
			continue
		}
		for _, f := range p.files {
			if body := f.function("adapters"); body != nil && !f.test {
				dirs = append(dirs, f.packagesNamedIn(body)...)
			}
		}
	}
	return dirs
}

// packagesNamedIn are the folders of ours whose names a piece of code uses.
func (f *file) packagesNamedIn(code ast.Node) []string {
	var dirs []string
	ast.Inspect(code, func(n ast.Node) bool {
		selector, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if name, ok := selector.X.(*ast.Ident); ok && f.names[name.Name] != "" {
			dirs = append(dirs, f.names[name.Name])
		}
		return true
	})
	return dirs
}
