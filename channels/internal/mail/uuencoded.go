package mail

import "strings"

// maxEncoded is how many files are taken out of one text.
const maxEncoded = 50

// files takes the files out of a text that were written into it with uuencode, as programs did before MIME.
func (w *walk) files(text string) string {
	if !strings.HasPrefix(text, "begin ") && !strings.Contains(text, "\nbegin ") {
		return text
	}
	var out strings.Builder
	for range maxEncoded {
		start, name, data, rest, ok := cutEncoded(text)
		if !ok {
			break
		}
		p := Part{Name: fileName(name), Type: "application/octet-stream", Size: decodedSize([]byte(data), "uuencode")}
		p.open = (&entity{body: []byte(data), encoding: "uuencode"}).open
		w.add(p)
		out.WriteString(text[:start])
		text = rest
	}
	out.WriteString(text)
	return out.String()
}

// cutEncoded finds the next file in a text: where it starts, its name, its lines, and what is behind.
func cutEncoded(text string) (start int, name, data, rest string, ok bool) {
	for at := 0; at < len(text); {
		i := strings.Index(text[at:], "begin ")
		if i < 0 {
			break
		}
		start = at + i
		at = start + len("begin ")
		line, body, found := strings.Cut(text[at:], "\n")
		mode, name, named := strings.Cut(line, " ")
		fits := found && named && len(line) <= 250 && len(mode) >= 3 && len(mode) <= 4 && strings.Trim(mode, "01234567") == ""
		if !fits || start > 0 && text[start-1] != '\n' || !looksEncoded(body) {
			continue
		}
		data, rest, found = strings.Cut(body, "\nend")
		if !found {
			break
		}
		return start, name, data, strings.TrimPrefix(rest, "\n"), true
	}
	return 0, "", "", "", false
}

// looksEncoded tells whether the first line is one of uuencode: as long as its first character says, but for spaces at
// its end.
func looksEncoded(s string) bool {
	line, _, _ := strings.Cut(s, "\n")
	if line == "" || line[0] < ' ' || line[0] > '`' {
		return false
	}
	size := int(line[0]-' ') & 63
	want := (size + 2) / 3 * 4
	return len(line)-1 >= want-3 && len(line)-1 <= want+2
}
