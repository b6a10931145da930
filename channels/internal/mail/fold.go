package mail

import "strings"

// fold takes both forms of a mail's text and folds the history in them.
func fold(plain, rich string) body {
	b := body{shows: map[string]bool{}}
	if strings.TrimSpace(rich) == "" {
		f := foldText(plain)
		b.text, b.quoted, b.signature = f.text, f.quoted, f.signature
		return b
	}
	b.html = cleanHTML(rich)
	for _, after := range strings.Split(b.html, `src="cid:`)[1:] {
		id, _, _ := strings.Cut(after, `"`)
		b.shows[id] = true
	}
	if plain == "" {
		plain = htmlText(b.html)
	}
	f := foldText(plain)
	b.text, b.quoted, b.signature = f.text, f.quoted, f.signature
	return b
}
