package nlu

import (
	"slices"
	"strings"
	"testing"
)

func TestSound(t *testing.T) {
	for word, want := range map[string]string{"发票": "fa piao", "发漂": "fa piao", "宽带": "kuan dai", "票": "", "发a": "", "bill": "", "": "", "开发票": ""} {
		if got := Sound(word); got != want {
			t.Errorf("%q sounds like %q, want %q", word, got, want)
		}
	}
}

func TestSyllables(t *testing.T) {
	for word, want := range map[string]string{"kaifapiao": "kai fa piao", "kuandai": "kuan dai", "tuikuan": "tui kuan", "xian": "xian", "fangan": "fang an",
		"invoice": "", "router": "", "": "", "kai1": "", "发票": ""} {
		if got := Syllables(word); !slices.Equal(got, strings.Fields(want)) {
			t.Errorf("%q is %q, want %q", word, got, want)
		}
	}
}

func FuzzSyllables(f *testing.F) {
	f.Add("kaifapiao")
	f.Fuzz(func(t *testing.T, word string) {
		if got := Syllables(word); got != nil && strings.Join(got, "") != word {
			t.Errorf("%q became %q", word, got)
		}
	})
}

func TestReadings(t *testing.T) {
	for _, c := range []struct {
		r    rune
		want []string
	}{{'发', []string{"fa"}}, {'重', []string{"zhong", "chong"}}, {'a', nil}, {'？', nil}} {
		if got := Readings(c.r); !slices.Equal(got[:min(len(got), len(c.want))], c.want) {
			t.Errorf("%c is read %q, want %q", c.r, got, c.want)
		}
	}
}
