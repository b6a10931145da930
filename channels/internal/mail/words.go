package mail

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// word is an encoded word (RFC 2047), decoded to the bytes of its charset.
type word struct {
	charset string
	data    []byte
}

// cutWord reads the encoded word that s begins with. Programs write it where it may not stand (in quotes, as part of a
// longer word), with spaces in it and without its padding; all that is taken.
func cutWord(s string) (w word, rest string, ok bool) {
	charset, after, found := strings.Cut(strings.TrimPrefix(s, "=?"), "?")
	if !found || len(charset) == 0 || len(charset) > 60 || len(after) < 3 || after[1] != '?' {
		return word{}, s, false
	}
	charset, _, _ = strings.Cut(charset, "*") // the language of RFC 2231
	kind := after[0] | 0x20
	end := strings.Index(after[2:], "?=")
	if end < 0 {
		return word{}, s, false
	}
	text := after[2 : 2+end]
	w.charset = strings.ToLower(charset)
	switch kind {
	case 'b':
		w.data = decodeBase64([]byte(text))
	case 'q':
		w.data = decodeQ(text)
	default:
		return word{}, s, false
	}
	return w, after[2+end+2:], true
}

// decodeQ decodes the Q encoding; what is no code stays as it is.
func decodeQ(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '_':
			out = append(out, ' ')
		case s[i] == '=' && i+2 < len(s) && nibble(s[i+1]) >= 0 && nibble(s[i+2]) >= 0:
			out = append(out, byte(nibble(s[i+1])<<4|nibble(s[i+2])))
			i += 2
		default:
			out = append(out, s[i])
		}
	}
	return out
}

func nibble(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// decodeHeader makes a header's value readable: encoded words are decoded, those of one charset that follow each other
// as one, because clients cut between the bytes of a character; bytes beyond ASCII are taken for what they look like.
func decodeHeader(s string) string {
	var out strings.Builder
	var pending word
	flush := func() {
		out.WriteString(decodeText(pending.data, pending.charset))
		pending = word{}
	}
	for {
		at := strings.Index(s, "=?")
		if at < 0 {
			break
		}
		w, rest, ok := cutWord(s[at:])
		if !ok {
			flush()
			out.WriteString(rawHeader(s[:at+2]))
			s = s[at+2:]
			continue
		}
		between := s[:at]
		if pending.charset == "" || strings.TrimSpace(between) != "" || pending.charset != w.charset {
			hadWord := pending.charset != ""
			flush()
			if !hadWord || strings.TrimSpace(between) != "" {
				out.WriteString(rawHeader(between))
			}
		}
		pending.charset, pending.data = w.charset, append(pending.data, w.data...)
		s = rest
	}
	flush()
	out.WriteString(rawHeader(s))
	return out.String()
}

// rawHeader is a header's text outside of encoded words.
func rawHeader(s string) string {
	if isASCII(s) {
		return s
	}
	return decodeText([]byte(s), "")
}

// isASCII tells whether a text is plain: no byte beyond ASCII and no escape of ISO-2022.
func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf || s[i] == 0x1b {
			return false
		}
	}
	return true
}

// oneLine makes of a text from a header one line without control characters and without those that turn the direction
// of writing, which make a name look like another.
func oneLine(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			return ' '
		case unicode.IsControl(r) || turns(r) || r == '\uFEFF':
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return cut(strings.TrimSpace(s), most)
}

// turns tells whether a character turns the direction of writing.
func turns(r rune) bool { return r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069' }

// cut shortens a text to at most so many bytes, at a character.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}
