// Package gsm knows how texts travel as short messages: the GSM 7-bit alphabet and UCS-2, how long a message may be in
// either, and how a longer one is cut into parts. It is pure; what carries the parts is another's.
package gsm

import (
	"strings"
	"sync"
	"unicode/utf16"
	"unicode/utf8"
)

// Encoding is how a text is written.
type Encoding string

// The encodings, by the names of the field.
const (
	GSM7 Encoding = "GSM-7"
	UCS2 Encoding = "UCS-2" // in fact UTF-16: a character beyond the basic plane is two units
)

// How many units a message has room for, alone and as a part of several, whose header takes some of it:
// 3GPP TS 23.040, section 9.2.3.24.1.
const (
	gsmAlone, gsmPart = 160, 153
	ucsAlone, ucsPart = 70, 67
)

var theAlphabet = sync.OnceValue(newAlphabet)

// Units is what a text takes: in GSM-7 if each of its characters is in that alphabet, else in UCS-2.
func Units(text string) (n int, e Encoding) {
	letters := theAlphabet()
	for _, r := range text {
		if _, ok := letters.code[r]; ok {
			n++
		} else if _, ok := extension(r); ok {
			n += 2
		} else {
			return ucsUnits(text), UCS2
		}
	}
	return n, GSM7
}

func ucsUnits(text string) (n int) {
	for _, r := range text {
		n += unitsOf(r, UCS2)
	}
	return n
}

// unitsOf is what a character takes.
func unitsOf(r rune, e Encoding) int {
	if e == UCS2 {
		return max(1, utf16.RuneLen(r)) // what is no character is written as the replacement character
	}
	if _, ok := extension(r); ok {
		return 2
	}
	return 1
}

// room is how many units fit into a message, alone or as one of several.
func room(e Encoding) (alone, part int) {
	if e == GSM7 {
		return gsmAlone, gsmPart
	}
	return ucsAlone, ucsPart
}

// Split cuts a text into what one message each carries. No character is cut, neither a surrogate pair nor an escaped one,
// and what belongs to one sign on the screen stays together where it fits.
func Split(text string) (parts []string, e Encoding) {
	n, e := Units(text)
	alone, part := room(e)
	if n <= alone {
		return []string{text}, e
	}
	for text != "" {
		cut := fit(text, part, e)
		parts = append(parts, text[:cut])
		text = text[cut:]
	}
	return parts, e
}

// fit is how many bytes of a text fit into some units.
func fit(text string, units int, e Encoding) int {
	used, last := 0, 0
	for i, r := range text {
		if i > 0 && !joins(text[:i], r) {
			last = i
		}
		used += unitsOf(r, e)
		if used <= units {
			continue
		}
		if last == 0 { // one sign that fills a message by itself
			return i
		}
		return last
	}
	return len(text)
}

// joins tells whether a character belongs to what stands before it: a modifier of an emoji, a joiner, a combining mark.
func joins(before string, r rune) bool {
	prev, _ := utf8.DecodeLastRuneInString(before)
	return prev == '\u200d' || r == '\u200d' || r == '\ufe0f' || r == '\u20e3' || r >= 0x1f3fb && r <= 0x1f3ff || r >= 0x300 && r <= 0x36f
}

// Count is how many messages a text takes, and how many more units fit before it takes another.
func Count(text string) (parts, left int, e Encoding) {
	n, e := Units(text)
	alone, part := room(e)
	if n <= alone {
		return 1, alone - n, e
	}
	pieces, _ := Split(text)
	last, _ := Units(pieces[len(pieces)-1])
	if e == UCS2 {
		last = ucsUnits(pieces[len(pieces)-1])
	}
	return len(pieces), part - last, e
}

// Encode writes a text: one septet a byte in GSM-7 (as SMPP carries it), big-endian UTF-16 in UCS-2.
func Encode(text string, e Encoding) []byte {
	if e == UCS2 {
		return encodeUCS2(text)
	}
	letters := theAlphabet()
	out := make([]byte, 0, len(text))
	for _, r := range text {
		if c, ok := letters.code[r]; ok {
			out = append(out, c)
		} else if c, ok := extension(r); ok {
			out = append(out, escape, c)
		} else {
			out = append(out, '?')
		}
	}
	return out
}

func encodeUCS2(text string) []byte {
	units := utf16.Encode([]rune(text))
	out := make([]byte, 0, 2*len(units))
	for _, u := range units {
		out = append(out, byte(u>>8), byte(u))
	}
	return out
}

// Decode reads what Encode writes. What cannot be read becomes the replacement character, so that nothing is lost unseen.
func Decode(data []byte, e Encoding) string {
	if e == UCS2 {
		return decodeUCS2(data)
	}
	letters := theAlphabet()
	var b strings.Builder
	for i := 0; i < len(data); i++ {
		c := data[i]
		switch {
		case c == escape && i+1 < len(data):
			i++
			if r, ok := extended(data[i]); ok {
				b.WriteRune(r)
			} else if data[i] < 128 { // an unknown one shows as the basic character: section 6.2.1.1
				b.WriteRune(letters.char[data[i]])
			} else {
				b.WriteRune(utf8.RuneError)
			}
		case c == escape || c > 127:
			b.WriteRune(utf8.RuneError)
		default:
			b.WriteRune(letters.char[c])
		}
	}
	return b.String()
}

func decodeUCS2(data []byte) string {
	odd := len(data)%2 == 1
	units := make([]uint16, 0, len(data)/2)
	for i := 0; i+1 < len(data); i += 2 {
		units = append(units, uint16(data[i])<<8|uint16(data[i+1]))
	}
	text := string(utf16.Decode(units))
	if odd {
		text += string(utf8.RuneError)
	}
	return text
}
