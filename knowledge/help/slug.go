package help

import (
	"strings"
	"unicode"

	"huiyin/nlu"
)

// maxSlug is how long the words in an address are.
const maxSlug = 60

// slugOf spells a title for an address: Latin words as they are, Chinese in pinyin. It decides nothing, the number before it does.
func slugOf(title string) string {
	var b strings.Builder
	var word []rune
	flush := func() {
		if len(word) > 0 && b.Len()+len(word) < maxSlug {
			if b.Len() > 0 {
				b.WriteByte('-')
			}
			b.WriteString(string(word))
		}
		word = word[:0]
	}
	for _, r := range title {
		r, kept := nlu.Fold(r)
		switch {
		case !kept || r == '\'' || r == '’':
		case r < 0x80 && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			word = append(word, r)
		default:
			flush()
			if read := nlu.Readings(r); len(read) > 0 {
				word = append(word, []rune(read[0])...)
				flush()
			}
		}
	}
	flush()
	return b.String()
}
