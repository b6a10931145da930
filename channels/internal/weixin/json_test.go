package weixin

import (
	"strings"
	"testing"
)

func TestParseJSON(t *testing.T) {
	tree, err := ParseJSON([]byte(` {"A":"x","N":12345678901234567890,"B":true,"Z":null,"List":[{"I":1},{"I":2}],"O":{"P":{"Q":"r"}}} `))
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"A": "x", "N": "12345678901234567890", "B": "true", "Z": "", "O.P.Q": "r", "O": "", "List.I": "1", "none": "", "A.none": ""} {
		if got := tree.Get(strings.Split(path, ".")...); got != want {
			t.Errorf("%s: %q", path, got)
		}
	}
	if list := tree.All("List"); len(list) != 2 || list[1].Get("I") != "2" {
		t.Errorf("%+v", list)
	}
}

func TestHostileJSON(t *testing.T) {
	for name, body := range map[string]string{
		"nothing": "", "a list": "[]", "a word": `"x"`, "null": "null", "cut off": `{"A":1`, "twice": `{"A":1,"A":2}`, "twice inside": `{"A":{"B":1,"B":2}}`,
		"behind": `{"A":1}{"A":2}`, "comma": `{"A":1,}`, "no UTF-8": "{\"A\":\"\xff\"}", "single quotes": "{'A':1}", "very deep": strings.Repeat(`{"A":`, 5000),
		"deep lists": `{"A":` + strings.Repeat("[", 5000), "very many": `{"A":[` + strings.Repeat("1,", 5000) + `1]}`, "NaN": `{"A":NaN}`,
	} {
		if got, err := ParseJSON([]byte(body)); err == nil {
			t.Errorf("%s: taken as %+v", name, got)
		}
	}
}

func FuzzParseJSON(f *testing.F) {
	f.Add([]byte(`{"A":"x","L":[1,{"B":null}],"C":true}`))
	f.Add([]byte(`{"A":1,"A":2}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if tree, err := ParseJSON(body); err == nil && count(tree) > maxNodes+1 {
			t.Errorf("%d nodes", count(tree))
		}
	})
}

func count(n *Node) int {
	all := 1
	for _, k := range n.Kids {
		all += count(k)
	}
	return all
}
