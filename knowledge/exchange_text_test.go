package knowledge

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestLines(t *testing.T) {
	long := strings.Repeat("x", maxLine+1)
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"nothing":          {"", nil},
		"one, unended":     {"a", []string{"a"}},
		"ends of any kind": {"a\nb\r\n\nc", []string{"a", "b", "", "c"}},
		"a long one":       {"a\n" + long + "\nb\n", []string{"a", "LONG", "b"}},
		"a long last one":  {"a\n" + long, []string{"a", "LONG"}},
	} {
		l := lines{from: strings.NewReader(c.text)}
		for i, want := range c.want {
			line, n, err := l.next()
			if want == "LONG" {
				if !errors.Is(err, errLongLine) || n != i+1 {
					t.Errorf("%s: line %d: %v", name, n, err)
				}
				continue
			}
			if err != nil || string(line) != want || n != i+1 {
				t.Errorf("%s: line %d is %q, %v; want %q", name, n, line, err, want)
			}
		}
		if _, _, err := l.next(); !errors.Is(err, io.EOF) {
			t.Errorf("%s: after the end: %v", name, err)
		}
	}
}

func TestLinesPassOnAReadError(t *testing.T) {
	broken := errors.New("the disk is gone")
	l := lines{from: io.MultiReader(strings.NewReader("a\nb"), iotest.ErrReader(broken))}
	if line, _, err := l.next(); err != nil || string(line) != "a" {
		t.Errorf("%q, %v", line, err)
	}
	if _, _, err := l.next(); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}

func TestListsInACell(t *testing.T) {
	for _, list := range [][]string{nil, {"a"}, {"a", "b"}, {"a|b"}, {"a,b"}, {"a|b", "c,d"}, {"甲、乙"}} {
		cell := joinList(list, tagBreak(list))
		if got := cleanList(splitTags(cell)); strings.Join(got, "\n") != strings.Join(list, "\n") {
			t.Errorf("tags %q went through %q and came back as %q", list, cell, got)
		}
		cell = joinList(list, "\n")
		if got := cleanList(splitList(cell)); strings.Join(got, "\n") != strings.Join(list, "\n") {
			t.Errorf("phrasings %q went through %q and came back as %q", list, cell, got)
		}
	}
}

func TestLimited(t *testing.T) {
	if got, err := io.ReadAll(&limited{from: strings.NewReader("12345"), left: 5}); err != nil || string(got) != "12345" {
		t.Errorf("up to the limit: %q, %v", got, err)
	}
	var invalid *Invalid
	if _, err := io.ReadAll(&limited{from: strings.NewReader("123456"), left: 5}); !errors.As(err, &invalid) {
		t.Errorf("beyond the limit: %v", err)
	}
}
