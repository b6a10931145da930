package mail

import (
	"regexp"
	"strings"
)

// uuStart is the line that a file within a text begins with.
var uuStart = regexp.MustCompile(`(?m)^begin [0-7]{3,4} (\S[^\n]{0,200})\n`)

// maxEncoded is how many files are taken out of one text.
const maxEncoded = 50

// files takes the files out of a text that were written into it with uuencode, as programs did before MIME.
func (w *walk) files(text string) string {
	if !strings.Contains(text, "begin ") {
		return text
	}
	var out strings.Builder
	for range maxEncoded {
		at := uuStart.FindStringSubmatchIndex(text)
		if at == nil {
			break
		}
		end := strings.Index(text[at[1]:], "\nend")
		if end < 0 || !looksEncoded(text[at[1]:]) {
			out.WriteString(text[:at[1]])
			text = text[at[1]:]
			continue
		}
		data := []byte(text[at[1] : at[1]+end])
		p := Part{Name: fileName(text[at[2]:at[3]]), Type: "application/octet-stream", Size: decodedSize(data, "uuencode")}
		p.open = (&entity{body: data, encoding: "uuencode"}).open
		w.add(p)
		out.WriteString(text[:at[0]])
		text = strings.TrimPrefix(text[at[1]+end+len("\nend"):], "\n")
	}
	out.WriteString(text)
	return out.String()
}

// looksEncoded tells whether the first line is one of uuencode: as long as its first character says.
func looksEncoded(s string) bool {
	line, _, _ := strings.Cut(s, "\n")
	if line == "" || line[0] < ' ' || line[0] > '`' {
		return false
	}
	size := int(line[0]-' ') & 63
	want := (size + 2) / 3 * 4
	return len(line)-1 >= want && len(line)-1 <= want+2
}
