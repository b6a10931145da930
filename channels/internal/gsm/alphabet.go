package gsm

// The default alphabet of 3GPP TS 23.038, section 6.2.1, by its codes; the escape stands for itself.
const basic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"

// escape leads to the extension table.
const escape = 0x1b

// extension is the table of section 6.2.1.1: what costs two septets.
func extension(r rune) (code byte, ok bool) {
	switch r {
	case '\f':
		return 0x0a, true
	case '^':
		return 0x14, true
	case '{':
		return 0x28, true
	case '}':
		return 0x29, true
	case '\\':
		return 0x2f, true
	case '[':
		return 0x3c, true
	case '~':
		return 0x3d, true
	case ']':
		return 0x3e, true
	case '|':
		return 0x40, true
	case '€':
		return 0x65, true
	}
	return 0, false
}

// extended is the inverse of extension.
func extended(code byte) (rune, bool) {
	for _, r := range "\f^{}\\[~]|€" {
		if c, _ := extension(r); c == code {
			return r, true
		}
	}
	return 0, false
}

// alphabet is the default alphabet both ways.
type alphabet struct {
	code map[rune]byte
	char [128]rune
}

func newAlphabet() alphabet {
	a := alphabet{code: map[rune]byte{}}
	i := 0
	for _, r := range basic {
		a.char[i] = r
		if r != escape {
			a.code[r] = byte(i)
		}
		i++
	}
	return a
}
