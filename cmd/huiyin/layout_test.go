package main_test

import (
	"go/ast"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
)

// layout is the table of docs/architecture.md: each folder and the folders of ours that it may import. A `*` stands for
// one name; the entry with most text before its first `*` wins. What stands in no entry is not allowed to exist.
var layout = map[string]string{
	"cmd/huiyin":              "*",
	"hub":                     "channels conversation db handoff knowledge live nlu tickets",
	"admin":                   "admin/api admin/console channels conversation db handoff knowledge live tickets",
	"admin/api":               "",
	"admin/console":           "",
	"channels":                "conversation",
	"channels/*":              "channels conversation",
	"channels/webchat":        "channels channels/webchat/widget conversation live",
	"channels/webchat/widget": "",
	"channels/channeltest":    "channels conversation",
	"channels/simulator":      "channels",
	"handoff":                 "conversation db live",
	"handoff/slack":           "conversation db handoff live",
	"tickets":                 "conversation db handoff",
	"conversation":            "db",
	"knowledge":               "db nlu",
	"knowledge/internal/*":    "nlu",
	"nlu":                     "nlu/internal/*",
	"nlu/internal/*":          "nlu/internal/*",
	"live":                    "",
	"db":                      "",
	"db/pgtest":               "",
}

// forTests are the folders that test files of every floor may import too; nothing else may.
var forTests = []string{"channels/channeltest", "channels/simulator", "db/pgtest"}

// notAdapters are the folders below channels that speak no provider's language.
var notAdapters = []string{"channels/channeltest", "channels/simulator"}

// longestRoad is how many imports may follow each other, from the command down.
const longestRoad = 5

func TestImports(t *testing.T) {
	for _, p := range readHouse(t) {
		entry, known := entryFor(p.dir)
		if !known {
			t.Errorf("%s: a folder that docs/architecture.md does not list", p.dir)
			continue
		}
		for _, f := range p.files {
			for _, imported := range f.ours {
				if !mayImport(entry, p.dir, imported, f.test) {
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

// entryFor finds the line of the table that speaks of a folder.
func entryFor(dir string) (string, bool) {
	if entry, ok := layout[dir]; ok {
		return entry, true
	}
	best := ""
	for pattern := range layout {
		if ok, _ := path.Match(pattern, dir); ok && len(pattern) > len(best) {
			best = pattern
		}
	}
	return layout[best], best != ""
}

func mayImport(entry, from, imported string, test bool) bool {
	if entry == "*" || imported == from {
		return true
	}
	if test && slices.Contains(forTests, imported) {
		return true
	}
	return slices.ContainsFunc(strings.Fields(entry), func(pattern string) bool {
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
