package sheet

import (
	"encoding/xml"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"huiyin/knowledge/unpack"
)

// tokens reads a part of a workbook piece by piece.
type tokens struct{ *unpack.XML }

func newTokens(from io.Reader, part string) *tokens { return &tokens{unpack.NewXML(from, part)} }

// text reads the text inside an element that has just begun, over all parts of rich text; phonetic hints (rPh) that
// Japanese and Chinese editions add are left out.
func (t *tokens) text(end string) (string, error) {
	var text strings.Builder
	inside, skip := 0, 0
	for {
		token, err := t.Next()
		if err != nil {
			return "", t.Unended(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			switch {
			case token.Name.Local == "rPh":
				skip++
			case token.Name.Local == "t":
				inside++
			}
		case xml.EndElement:
			switch token.Name.Local {
			case end:
				return unescape(text.String()), nil
			case "rPh":
				skip--
			case "t":
				inside--
			}
		case xml.CharData:
			if (inside > 0 || end == "v" || end == "f") && skip == 0 {
				text.Write(token)
			}
			if err := t.TooLong(text.Len()); err != nil {
				return "", err
			}
		}
	}
}

// unescape reads _x000D_, by which XLSX writes characters that XML cannot hold (ECMA-376 part 1, 22.4.2.4).
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var out strings.Builder
	for i := 0; i < len(s); {
		unit, ok := escapedAt(s, i)
		if !ok {
			out.WriteByte(s[i])
			i++
			continue
		}
		i += 7
		r := rune(unit)
		if low, ok := escapedAt(s, i); ok && utf16.IsSurrogate(r) {
			r = utf16.DecodeRune(r, rune(low))
			i += 7
		}
		out.WriteString(string(r))
	}
	return strings.ReplaceAll(out.String(), "\r\n", "\n")
}

func escapedAt(s string, i int) (uint64, bool) {
	if len(s) < i+7 || s[i] != '_' || s[i+1] != 'x' || s[i+6] != '_' {
		return 0, false
	}
	unit, err := strconv.ParseUint(s[i+2:i+6], 16, 16)
	return unit, err == nil
}

// escape is the inverse of unescape, for what XML cannot hold and for what would be read as an escape.
func escape(s string) string {
	var out strings.Builder
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch _, mistaken := escapedAt(s, i); {
		case mistaken:
			out.WriteString("_x005F_")
		case r < ' ' && r != '\n' && r != '\t', r == 0xfffe, r == 0xffff:
			out.WriteString("_x" + strings.ToUpper(strconv.FormatInt(int64(r)+0x10000, 16)[1:]) + "_")
		default:
			out.WriteString(s[i : i+size])
		}
		i += size
	}
	return out.String()
}
