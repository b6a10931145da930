package gsm

import (
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"
)

func TestCount(t *testing.T) {
	for _, c := range []struct {
		name, text  string
		parts, left int
		e           Encoding
	}{
		{"nothing", "", 1, 160, GSM7},
		{"latin", strings.Repeat("a", 160), 1, 0, GSM7},
		{"latin, one more", strings.Repeat("a", 161), 2, 153 - 8, GSM7},
		{"two full parts", strings.Repeat("a", 306), 2, 0, GSM7},
		{"two full parts, one more", strings.Repeat("a", 307), 3, 152, GSM7},
		{"an extended character counts two", strings.Repeat("€", 80), 1, 0, GSM7},
		{"extended, one more", strings.Repeat("€", 81), 2, 153 - 2*(81-76), GSM7},
		{"all of the extension", "\f^{}\\[~]|€", 1, 140, GSM7},
		{"greek capitals", "ΔΦΓΛΩΠΨΣΘΞ", 1, 150, GSM7},
		{"a backtick is not in the alphabet", "`", 1, 69, UCS2},
		{"chinese", strings.Repeat("中", 70), 1, 0, UCS2},
		{"chinese, one more", strings.Repeat("中", 71), 2, 67 - 4, UCS2},
		{"a chinese comma makes it all UCS-2", strings.Repeat("a", 70) + "，", 2, 67 - 4, UCS2},
		{"an emoji counts two", strings.Repeat("😀", 35), 1, 0, UCS2},
		{"emoji, one more", strings.Repeat("😀", 36), 2, 67 - 6, UCS2}, // 33 to a part: one unit stays empty
	} {
		parts, left, e := Count(c.text)
		if parts != c.parts || left != c.left || e != c.e {
			t.Errorf("%s: %d parts, %d left, %s; want %d, %d, %s", c.name, parts, left, e, c.parts, c.left, c.e)
		}
	}
}

func TestSplitCutsNoSign(t *testing.T) {
	family := "👨‍👩‍👧‍👦"
	for name, c := range map[string]struct {
		text string
		at   string // what the second part begins with
	}{
		"a surrogate pair":            {strings.Repeat("a中", 33) + "😀" + strings.Repeat("b", 20), "😀"},
		"an escaped character":        {strings.Repeat("a", 152) + "€" + strings.Repeat("b", 20), "€"},
		"a family is one sign":        {strings.Repeat("中", 60) + family + strings.Repeat("中", 20), family},
		"a skin tone":                 {strings.Repeat("中", 65) + "👍🏽" + "中中中中中", "👍🏽"},
		"a keycap":                    {strings.Repeat("中", 66) + "1️⃣" + "中中中中中", "1️⃣"},
		"a letter with its accent":    {strings.Repeat("中", 66) + "e\u0301" + "中中中中中", "e\u0301"},
		"a sign longer than messages": {"😀" + strings.Repeat("\u200d😀", 40), ""},
	} {
		parts, e := Split(c.text)
		if len(parts) < 2 || strings.Join(parts, "") != c.text || !strings.HasPrefix(parts[1], c.at) {
			t.Errorf("%s: %q", name, parts)
		}
		for _, p := range parts {
			if _, part := room(e); units(p, e) > part || !utf8.ValidString(p) {
				t.Errorf("%s: %q takes %d", name, p, units(p, e))
			}
		}
	}
}

func units(text string, e Encoding) (n int) {
	for _, r := range text {
		n += unitsOf(r, e)
	}
	return n
}

func TestThereAndBack(t *testing.T) {
	for _, text := range []string{"", "Hello, wörld! ÄÖÑÜ§¿", "@£$¥èéùìòÇ\nØø\rÅå", "{[~]}|^\\€\f", "你好，世界😀", strings.ReplaceAll(basic, "\x1b", "")} {
		_, e := Units(text)
		if got := Decode(Encode(text, e), e); got != text {
			t.Errorf("%q comes back as %q", text, got)
		}
	}
}

func TestDecodeWhatIsDamaged(t *testing.T) {
	for _, c := range []struct {
		name string
		data []byte
		e    Encoding
		want string
	}{
		{"an escape at the end", []byte{'a' - 0, escape}, GSM7, "a\ufffd"},
		{"an unknown escape", []byte{escape, 0x41}, GSM7, "A"},
		{"eight bits", []byte{0xc3, 0xa9}, GSM7, "\ufffd\ufffd"},
		{"an escape before eight bits", []byte{escape, 0xff}, GSM7, "\ufffd"},
		{"half a unit", []byte{0x4f, 0x60, 0x59}, UCS2, "你\ufffd"},
		{"half a pair", []byte{0xd8, 0x3d, 0x00, 0x41}, UCS2, "\ufffdA"},
		{"nothing", nil, UCS2, ""},
	} {
		if got := Decode(c.data, c.e); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func FuzzSplit(f *testing.F) {
	for _, s := range []string{"", strings.Repeat("€", 200), strings.Repeat("👨‍👩‍👧‍👦", 30), "\xff\xfe", strings.Repeat("中", 500)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		parts, e := Split(text)
		if strings.Join(parts, "") != text {
			t.Fatal("something is lost")
		}
		alone, part := room(e)
		if len(parts) > 1 {
			alone = part
		}
		for _, p := range parts {
			if units(p, e) > alone {
				t.Fatalf("%q takes %d", p, units(p, e))
			}
			if e == UCS2 && len(Encode(p, e)) != 2*len(utf16.Encode([]rune(p))) {
				t.Fatalf("%q", p)
			}
		}
		if n, left, _ := Count(text); n != len(parts) || left < 0 {
			t.Fatal(n, left, len(parts))
		}
		Decode([]byte(text), GSM7)
		Decode([]byte(text), UCS2)
	})
}
