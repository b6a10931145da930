package mail

import (
	"bytes"
	"encoding/base64"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

// decodeText makes UTF-8 of a text whose charset a label names, rightly or not. Line ends become "\n", NULs go.
func decodeText(data []byte, label string) string {
	if len(data) == 0 {
		return ""
	}
	label = strings.Trim(strings.ToLower(strings.TrimSpace(label)), `"'`)
	text := tidyText(convert(data, label))
	return text
}

// convert decodes by the label unless the bytes speak against it.
func convert(data []byte, label string) string {
	if bytes.HasPrefix(data, []byte("\xef\xbb\xbf")) && utf8.Valid(data) {
		return string(data[3:])
	}
	if label == "utf-7" || label == "unicode-1-1-utf-7" || label == "x-utf-7" {
		return decodeUTF7(string(data))
	}
	enc := byLabel(label)
	if escapes := escaped(data); escapes != nil && (enc == nil || !isEscaped(enc)) {
		return decodeWith(escapes, data)
	}
	if enc != nil && isWide(enc) {
		return decodeWith(enc, data)
	}
	if plain(data) && !isEscaped(enc) {
		return string(data)
	}
	if utf8.Valid(data) && (enc == nil || isLatin(enc) || speaksUTF8(data)) {
		return string(data)
	}
	if enc == nil {
		if mostlyUTF8(data) {
			return strings.ToValidUTF8(string(data), "\uFFFD")
		}
		return decodeWith(guess(data), data)
	}
	text := decodeWith(enc, data)
	if broken := strings.Count(text, "\uFFFD"); broken*20 > utf8.RuneCountInString(text) || broken > 0 && isLatin(enc) {
		if other := decodeWith(guess(data), data); strings.Count(other, "\uFFFD") < broken {
			return other
		}
	}
	if isLatin(enc) {
		if other := guess(data); !isLatin(other) && chinese(decodeWith(other, data)) {
			return decodeWith(other, data)
		}
	}
	return text
}

// byLabel is the encoding of a name, nil for UTF-8, for none, and for one that nobody knows. Each Chinese standard is
// read as its superset: clients label GBK as GB2312 and Big5-HKSCS as Big5.
func byLabel(label string) encoding.Encoding {
	switch label {
	case "", "utf-8", "utf8", "us-ascii", "ascii", "unknown", "unknown-8bit", "default", "x-unknown", "8bit", "binary":
		return nil
	case "gb2312", "gb_2312", "gb_2312-80", "gbk", "x-gbk", "cp936", "ms936", "936", "windows-936", "gb18030", "gb-18030", "gb18030-2000", "euc-cn", "euccn", "x-euc-cn", "chinesegb", "gb", "iso-ir-58", "zh-cn":
		return simplifiedchinese.GB18030
	case "hz", "hz-gb-2312", "hz-gb2312", "x-hz", "hzgb2312":
		return simplifiedchinese.HZGB2312
	case "big5", "big-5", "big5-hkscs", "big5hkscs", "cp950", "ms950", "950", "x-x-big5", "csbig5", "chinesebig5", "zh-tw":
		return traditionalchinese.Big5
	case "cp932", "ms932", "932", "windows-31j", "shift-jis", "x-sjis", "sjis":
		return japanese.ShiftJIS
	case "iso-2022-jp", "iso-2022-jp-1", "iso-2022-jp-2", "iso-2022-jp-ms", "csiso2022jp", "cp50220", "cp50221":
		return japanese.ISO2022JP
	case "cp949", "ms949", "949", "ks_c_5601-1987", "ks_c_5601", "euc-kr", "uhc", "windows-949":
		return korean.EUCKR
	case "utf-16", "utf16", "unicode", "ucs-2":
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case "cp1252", "latin1", "latin-1", "iso8859-1", "iso-8859-1", "8859-1", "x-ansi", "ansi":
		return charmap.Windows1252
	}
	label = strings.TrimPrefix(label, "x-")
	if strings.HasPrefix(label, "cp125") {
		label = "windows-" + label[2:]
	}
	if strings.HasPrefix(label, "iso8859") {
		label = "iso-8859" + label[7:]
	}
	enc, err := htmlindex.Get(label)
	if err != nil || enc == unicode.UTF8 || enc == encoding.Replacement {
		return nil
	}
	return enc
}

func isLatin(e encoding.Encoding) bool { return e == charmap.Windows1252 || e == charmap.ISO8859_15 }

func isEscaped(e encoding.Encoding) bool {
	return e == japanese.ISO2022JP || e == simplifiedchinese.HZGB2312
}

func isWide(e encoding.Encoding) bool {
	switch e {
	case nil:
		return false
	case unicode.UTF16(unicode.LittleEndian, unicode.UseBOM):
		return true
	}
	name, _ := htmlindex.Name(e)
	return strings.HasPrefix(name, "utf-16")
}

// escaped is the seven-bit encoding whose escapes stand in the bytes, whatever the label says; nil when there are none.
func escaped(data []byte) encoding.Encoding {
	if bytes.Contains(data, []byte("\x1b$B")) || bytes.Contains(data, []byte("\x1b$@")) {
		return japanese.ISO2022JP
	}
	return nil
}

func decodeWith(e encoding.Encoding, data []byte) string {
	out, err := e.NewDecoder().Bytes(data)
	if err != nil {
		return strings.ToValidUTF8(string(data), "\uFFFD")
	}
	return string(out)
}

// plain tells whether the bytes are ASCII without escapes.
func plain(data []byte) bool {
	for _, c := range data {
		if c >= utf8.RuneSelf || c == 0x1b {
			return false
		}
	}
	return true
}

// speaksUTF8 tells whether valid UTF-8 is so long that it is no accident of another encoding: short words of GBK
// may be pairs of bytes that are valid Latin or Greek letters in UTF-8; three bytes for one character are none.
func speaksUTF8(data []byte) bool {
	long, short := 0, 0
	for len(data) > 0 {
		_, n := utf8.DecodeRune(data)
		switch {
		case n >= 3:
			long++
		case n == 2:
			short++
		}
		data = data[n:]
	}
	return long > 0 || short > 8
}

// mostlyUTF8 tells whether the bytes are UTF-8 but for a few that were broken on the way.
func mostlyUTF8(data []byte) bool {
	good, bad := 0, 0
	for len(data) > 0 {
		r, n := utf8.DecodeRune(data)
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n >= 3:
			good += n
		}
		data = data[n:]
	}
	return good >= 6 && bad*10 <= good
}

// decodeUTF7 decodes RFC 2152. What is no code of it stays as it is.
func decodeUTF7(s string) string {
	var out strings.Builder
	for {
		before, after, found := strings.Cut(s, "+")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		end := strings.IndexFunc(after, func(r rune) bool { return r >= 128 || base64Value[r] >= 64 || r == '-' || r == '_' })
		if end < 0 {
			end = len(after)
		}
		if end == 0 {
			out.WriteByte('+')
		} else if data, err := base64.RawStdEncoding.DecodeString(after[:end-lone(end)]); err == nil {
			units := make([]uint16, len(data)/2)
			for i := range units {
				units[i] = uint16(data[2*i])<<8 | uint16(data[2*i+1])
			}
			out.WriteString(string(utf16.Decode(units)))
		}
		s = strings.TrimPrefix(after[end:], "-")
	}
}

// lone is how many characters at the end of base64 stand for no byte.
func lone(n int) int {
	if n%4 == 1 {
		return 1
	}
	return 0
}

// tidyText makes "\n" of all line ends and leaves out NUL and the byte order mark.
func tidyText(s string) string {
	if strings.ContainsAny(s, "\r\x00\ufeff") {
		s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "", "\ufeff", "").Replace(s)
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}
