package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestParseDictionary(t *testing.T) {
	words, err := parseDictionary(strings.NewReader("# a comment\t# x\n\n萬\t万\n著\t著 着\nno tab\n"))
	if err != nil {
		t.Fatal(err)
	}
	if len(words) != 2 || words["萬"] != "万" || words["著"] != "著" {
		t.Errorf("got %v", words)
	}
}

func TestSingles(t *testing.T) {
	table := singles(map[string]string{"萬": "万", "著": "著", "一丁": "一丁", "𠀾": "万", "萭": "𠀾", "a": "b"})
	if len(table) != 1 || table['萬'] != '万' {
		t.Errorf("got %v, want only 萬", table)
	}
}

func TestCloseChain(t *testing.T) {
	table := closeChain(map[rune]rune{'薴': '苧', '苧': '苎', '甲': '乙', '乙': '甲'})
	if table['薴'] != '苎' || table['苧'] != '苎' {
		t.Errorf("chain not closed: %v", table)
	}
}

func TestPairs(t *testing.T) {
	table := map[rune]rune{'計': '计', '畫': '画', '萬': '万', '乾': '干'}
	words := pairs(map[string]string{
		"計畫":  "计划",  // wanted
		"乾坤":  "乾坤",  // its target is not final
		"打坏":  "打坯",  // would spoil simplified text
		"萬一":  "万一",  // the plain table is right
		"計畫書": "计划书", // too long
	}, table)
	if len(words) != 1 || words["计画"] != "计划" {
		t.Errorf("got %v, want only 计画", words)
	}
}

func TestRun(t *testing.T) {
	data, out := t.TempDir(), filepath.Join(t.TempDir(), "gen.go")
	for name, text := range map[string]string{"TSCharacters.txt": "計\t计\n畫\t画\n", "TSPhrases.txt": "計畫\t计划\n"} {
		if err := os.WriteFile(filepath.Join(data, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := run(data, out); err != nil {
		t.Fatal(err)
	}
	written, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"DO NOT EDIT", "Apache-2.0", "package nlu", `"画计"`, `"计画计划"`} {
		if !strings.Contains(string(written), want) {
			t.Errorf("no %s in\n%s", want, written)
		}
	}
}

func TestRunWithoutData(t *testing.T) {
	for _, data := range []string{"", t.TempDir()} {
		if err := run(data, filepath.Join(t.TempDir(), "gen.go")); err == nil {
			t.Errorf("run(%q) succeeded", data)
		}
	}
}
