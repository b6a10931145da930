package mail

import (
	"path"
	"strconv"
	"strings"
)

// kind is a Content-Type or Content-Disposition: its value and its parameters.
type kind struct {
	value  string // lower case
	params map[string]string
}

// maxParams is how many parameters are read of one field.
const maxParams = 100

// parseKind reads such a field. Parameters may be encoded and cut in pieces (RFC 2231), be encoded words, which the RFC
// forbids and half the world writes, or stand without the quotes that they need.
func parseKind(s string) kind {
	value, rest, _ := strings.Cut(s, ";")
	k := kind{value: strings.ToLower(strings.Trim(value, " \t<>\"'")), params: map[string]string{}}
	if at := strings.IndexAny(k.value, " \t"); at > 0 {
		k.value = k.value[:at]
	}
	raw := map[string]string{}
	for len(rest) > 0 && len(raw) < maxParams {
		var name, text string
		name, text, rest = cutParam(rest)
		if name == "" {
			continue
		}
		if _, twice := raw[name]; !twice {
			raw[name] = text
		}
	}
	for name, text := range raw {
		base, _, coded := strings.Cut(name, "*")
		if !coded {
			if k.params[base] == "" {
				k.params[base] = text
			}
			continue
		}
		if joined := joinParam(raw, base); joined != "" {
			k.params[base] = joined
		}
	}
	return k
}

// cutParam reads the next name=value.
func cutParam(s string) (name, value, rest string) {
	s = strings.TrimLeft(s, " \t;")
	end := strings.IndexAny(s, "=;")
	if end < 0 || s[end] == ';' {
		_, rest, _ = strings.Cut(s, ";")
		return "", "", rest
	}
	name = strings.ToLower(strings.TrimSpace(s[:end]))
	s = strings.TrimLeft(s[end+1:], " \t")
	if strings.HasPrefix(s, `"`) {
		value, rest = cutQuoted(s)
		if _, after, more := strings.Cut(rest, ";"); more {
			rest = after
		} else {
			rest = ""
		}
		return name, value, rest
	}
	value, rest, _ = strings.Cut(s, ";")
	return name, strings.TrimSpace(value), rest
}

// cutQuoted reads the quoted string that s begins with. Without its closing quote it goes to the end. A backslash
// stands before what it protects; before anything else it is part of a Windows path.
func cutQuoted(s string) (text, rest string) {
	var out strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '"':
			return out.String(), s[i+1:]
		case s[i] == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\'):
			i++
			out.WriteByte(s[i])
		default:
			out.WriteByte(s[i])
		}
	}
	return out.String(), ""
}

// joinParam puts a parameter together that RFC 2231 has cut or encoded: name*, name*0, name*0*, name*1 …
func joinParam(raw map[string]string, base string) string {
	if whole, ok := raw[base+"*"]; ok {
		charset, data := cutCharset(whole)
		return decodeText(unpercent(data), charset)
	}
	charset, data := "", []byte(nil)
	for i := range maxParams {
		name := base + "*" + strconv.Itoa(i)
		if coded, ok := raw[name+"*"]; ok {
			if i == 0 {
				charset, coded = cutCharset(coded)
			}
			data = append(data, unpercent(coded)...)
			continue
		}
		plain, ok := raw[name]
		if !ok {
			break
		}
		data = append(data, plain...)
	}
	text := decodeText(data, charset)
	if strings.Contains(text, "=?") {
		return decodeHeader(text)
	}
	return text
}

// cutCharset reads charset'language'text.
func cutCharset(s string) (charset, text string) {
	charset, after, ok := strings.Cut(s, "'")
	if !ok {
		return "", s
	}
	if _, text, ok = strings.Cut(after, "'"); !ok {
		return "", s
	}
	return strings.ToLower(strings.TrimSpace(charset)), text
}

func unpercent(s string) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) && nibble(s[i+1]) >= 0 && nibble(s[i+2]) >= 0 {
			out = append(out, byte(nibble(s[i+1])<<4|nibble(s[i+2])))
			i += 2
			continue
		}
		out = append(out, s[i])
	}
	return out
}

// maxName is how long the name of a file may be, in bytes.
const maxName = 200

// fileName makes a name safe: its last element alone, one line, and short, with its ending kept.
func fileName(s string) string {
	s = oneLine(decodeHeader(s), 4*maxName)
	s = path.Base(strings.ReplaceAll(s, `\`, "/"))
	if strings.Trim(s, ". /") == "" {
		return ""
	}
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:*?"<>|`, r) {
			return '_'
		}
		return r
	}, s)
	if len(s) > maxName {
		ext := path.Ext(s)
		if len(ext) > 20 {
			ext = ""
		}
		s = cut(s, maxName-len(ext)) + ext
	}
	return s
}
