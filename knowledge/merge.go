package knowledge

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Merge puts together what two people have made of the same text. What only one of them has changed is taken from them, for
// each field, and in long texts for each paragraph; the fields that both have changed in different ways come back as clashes.
func Merge(base, mine, theirs Content) (Content, []string, error) {
	b, err1 := treeOf(base)
	m, err2 := treeOf(mine)
	t, err3 := treeOf(theirs)
	if err := errors.Join(err1, err2, err3); err != nil {
		return Content{}, nil, fmt.Errorf("merge article: %w", err)
	}
	var clashes []string
	text, err := json.Marshal(mergeTrees(b, m, t, &clashes))
	if err != nil {
		return Content{}, nil, fmt.Errorf("merge article: %w", err)
	}
	var merged Content
	if err := json.Unmarshal(text, &merged); err != nil {
		return Content{}, nil, fmt.Errorf("merge article: %w", err)
	}
	return merged, clashes, nil
}

// treeOf is a content as JSON has it, so that a field that is added one day is merged like the others.
func treeOf(c Content) (map[string]any, error) {
	text, err := json.Marshal(c)
	if err != nil {
		return nil, err
	}
	var tree map[string]any
	return tree, json.Unmarshal(text, &tree)
}

func mergeTrees(base, mine, theirs map[string]any, clashes *[]string) map[string]any {
	merged := map[string]any{}
	for _, key := range slices.Sorted(maps.Keys(union(base, mine, theirs))) {
		var inner []string
		if value := mergeValues(base[key], mine[key], theirs[key], &inner); value != nil {
			merged[key] = value
		}
		for _, name := range inner {
			*clashes = append(*clashes, strings.TrimSuffix(key+"."+name, "."))
		}
	}
	return merged
}

func union(trees ...map[string]any) map[string]any {
	all := map[string]any{}
	for _, t := range trees {
		maps.Copy(all, t)
	}
	return all
}

// mergeValues merges one value; nil is one that is not there. A clash of the value itself has no name.
func mergeValues(base, mine, theirs any, clashes *[]string) any {
	switch {
	case reflect.DeepEqual(mine, theirs), reflect.DeepEqual(theirs, base):
		return mine
	case reflect.DeepEqual(mine, base):
		return theirs
	}
	if m, t, ok := both[map[string]any](mine, theirs); ok {
		b, _ := base.(map[string]any)
		return mergeTrees(b, m, t, clashes)
	}
	if m, t, ok := both[[]any](mine, theirs); ok && plain(m) && plain(t) {
		b, _ := base.([]any)
		return mergeLists(b, m, t)
	}
	if m, t, ok := both[string](mine, theirs); ok {
		b, _ := base.(string)
		if text, ok := mergeTexts(b, m, t); ok {
			return text
		}
	}
	*clashes = append(*clashes, "")
	return mine
}

func both[T any](a, b any) (x, y T, ok bool) {
	x, one := a.(T)
	y, two := b.(T)
	return x, y, one && two
}

// plain tells whether a list is of texts or numbers, which can be compared.
func plain(list []any) bool {
	return !slices.ContainsFunc(list, func(v any) bool {
		switch v.(type) {
		case string, float64:
			return false
		}
		return true
	})
}

// mergeLists keeps what nobody took away and adds what somebody added: tags, phrasings and related articles are sets.
func mergeLists(base, mine, theirs []any) []any {
	merged := []any{}
	for _, v := range slices.Concat(mine, theirs) {
		gone := slices.Contains(base, v) && !(slices.Contains(mine, v) && slices.Contains(theirs, v))
		if !gone && !slices.Contains(merged, v) {
			merged = append(merged, v)
		}
	}
	return merged
}

// mergeTexts merges by lines: between lines that both have left as they were, only one may have changed something.
func mergeTexts(base, mine, theirs string) (string, bool) {
	b, m, t := strings.Split(base, "\n"), strings.Split(mine, "\n"), strings.Split(theirs, "\n")
	inMine, ok1 := kept(b, m)
	inTheirs, ok2 := kept(b, t)
	if !ok1 || !ok2 {
		return "", false
	}
	var merged []string
	atB, atM, atT := 0, 0, 0
	for n := 0; n <= len(b); n++ {
		anchored := n == len(b) || inMine[n] >= 0 && inTheirs[n] >= 0
		if !anchored {
			continue
		}
		endM, endT := len(m), len(t)
		if n < len(b) {
			endM, endT = inMine[n], inTheirs[n]
		}
		part, ok := mergePart(b[atB:n], m[atM:endM], t[atT:endT])
		if !ok {
			return "", false
		}
		merged = append(merged, part...)
		if n < len(b) {
			merged = append(merged, b[n])
		}
		atB, atM, atT = n+1, endM+1, endT+1
	}
	return strings.Join(merged, "\n"), true
}

func mergePart(base, mine, theirs []string) ([]string, bool) {
	switch {
	case slices.Equal(mine, theirs), slices.Equal(theirs, base):
		return mine, true
	case slices.Equal(mine, base):
		return theirs, true
	}
	return nil, false
}

// maxLines bounds the work of comparing two texts; longer ones are not merged.
const maxLines = 2000

// kept tells for each line of the one text where it stands in the other, -1 when it does not: the longest common sequence.
func kept(from, to []string) ([]int, bool) {
	if len(from) > maxLines || len(to) > maxLines {
		return nil, false
	}
	length := make([][]int32, len(from)+1)
	for i := range length {
		length[i] = make([]int32, len(to)+1)
	}
	for i := len(from) - 1; i >= 0; i-- {
		for j := len(to) - 1; j >= 0; j-- {
			if length[i][j] = max(length[i+1][j], length[i][j+1]); from[i] == to[j] {
				length[i][j] = length[i+1][j+1] + 1
			}
		}
	}
	places := make([]int, len(from))
	for i, j := 0, 0; i < len(from); i++ {
		for places[i] = -1; j < len(to) && length[i][j] == length[i][j+1] && from[i] != to[j]; {
			j++
		}
		if j < len(to) && from[i] == to[j] {
			places[i] = j
			j++
		}
	}
	return places, true
}
