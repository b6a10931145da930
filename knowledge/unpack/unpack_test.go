package unpack_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"huiyin/knowledge/unpack"
)

type packed struct{ name, text string }

func archive(t testing.TB, files ...packed) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, f := range files {
		w, err := z.CreateHeader(&zip.FileHeader{Name: f.name, Method: zip.Deflate, NonUTF8: true})
		if err == nil {
			_, err = io.WriteString(w, f.text)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func code(err error) string {
	var refused *unpack.Refused
	if errors.As(err, &refused) {
		return refused.Code
	}
	return ""
}

func TestEntries(t *testing.T) {
	data := archive(t, packed{"a.md", "A"}, packed{"folder/", ""}, packed{`b\c.md`, "C"}, packed{"../../etc/passwd", "x"}, packed{"/root", "x"},
		packed{`C:\x`, "x"}, packed{"x/../../y", "x"}, packed{"\xb4\xf0.md", "G"}, packed{"a.md", "again"}, packed{"..name.md", "n"})
	a, err := unpack.Open(bytes.NewReader(data), int64(len(data)), unpack.Defaults())
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range a.Entries() {
		if e.Unsafe {
			e.Name = "unsafe"
		}
		got = append(got, e.Name)
	}
	if want := "a.md b/c.md unsafe unsafe unsafe unsafe 答.md ..name.md"; strings.Join(got, " ") != want {
		t.Errorf("%v, want %s", got, want)
	}
	if text, err := a.ReadFile("a.md", 10); err != nil || string(text) != "A" {
		t.Errorf("%q, %v", text, err)
	}
}

func TestLimits(t *testing.T) {
	bomb := archive(t, packed{"bomb", strings.Repeat("0", 8<<20)}, packed{"small", "0"})
	for _, c := range []struct {
		name, file, want string
		limits           unpack.Limits
		most             int64
	}{
		{"within", "bomb", "", unpack.Limits{Entries: 2, Total: 9 << 20, Part: 9 << 20, Ratio: 2000}, 9 << 20},
		{"ratio", "bomb", "ratio", unpack.Limits{Entries: 2, Total: 9 << 20, Part: 9 << 20, Ratio: 100}, 9 << 20},
		{"one file", "bomb", "size", unpack.Limits{Entries: 2, Total: 9 << 20, Part: 7 << 20, Ratio: 2000}, 9 << 20},
		{"all files", "bomb", "size", unpack.Limits{Entries: 2, Total: 7 << 20, Part: 9 << 20, Ratio: 2000}, 9 << 20},
		{"the caller's", "bomb", "size", unpack.Limits{Entries: 2, Total: 9 << 20, Part: 9 << 20, Ratio: 2000}, 1 << 20},
		{"missing", "nothing", "missing", unpack.Defaults(), 1},
		{"entries", "small", "entries", unpack.Limits{Entries: 1}, 1},
	} {
		a, err := unpack.Open(bytes.NewReader(bomb), int64(len(bomb)), c.limits)
		if err == nil {
			_, err = a.ReadFile(c.file, c.most)
		}
		if code(err) != c.want || (err == nil) != (c.want == "") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestBroken(t *testing.T) {
	good := archive(t, packed{"a", strings.Repeat("text ", 1000)})
	bad := bytes.Clone(good)
	bad[40] ^= 0xff
	locked := bytes.Clone(good)
	at := bytes.Index(locked, []byte("PK\x01\x02"))
	locked[at+8] |= 1
	for name, c := range map[string]struct {
		data []byte
		want string
	}{"no zip": {[]byte("text"), "broken"}, "empty": {nil, "broken"}, "cut": {good[:len(good)-10], "broken"}, "bad bytes": {bad, "broken"}, "password": {locked, "password"}} {
		a, err := unpack.Open(bytes.NewReader(c.data), int64(len(c.data)), unpack.Defaults())
		if err == nil {
			_, err = a.ReadFile("a", 1<<20)
		}
		if code(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLeash(t *testing.T) {
	over := errors.New("over")
	l := &unpack.Leash{From: strings.NewReader(strings.Repeat("x", 100)), Max: 20, Over: over}
	for range 4 {
		if _, err := io.ReadFull(l, make([]byte, 20)); err != nil {
			t.Fatal(err)
		}
		l.Reset()
	}
	l = &unpack.Leash{From: strings.NewReader(strings.Repeat("x", 100)), Max: 20, Over: over}
	if _, err := io.ReadFull(l, make([]byte, 20)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(struct{ io.Reader }{l}); err == nil {
		// one more read may be under way when the limit is met, the next fails
		t.Error("the leash does not hold")
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(archive(f, packed{"a.md", "A"}, packed{"b/c", "C"}))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := unpack.Open(bytes.NewReader(data), int64(len(data)), unpack.Limits{Entries: 100, Total: 1 << 16, Part: 1 << 15, Ratio: 100})
		if err != nil {
			return
		}
		for _, e := range a.Entries() {
			if text, err := a.ReadFile(e.Name, 1<<14); err == nil && len(text) > 1<<14 {
				t.Fatal("past the limit")
			}
		}
	})
}
