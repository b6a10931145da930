package handoff

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// Fitting are the canned replies nearest to what the customer said, best first: those that share most of their title's word
// pieces with it, in a language that the customer reads.
func Fitting(replies []CannedReply, said []string, language string, limit int) []CannedReply {
	asked := map[string]bool{}
	for _, s := range said {
		for _, p := range wordPieces(s) {
			asked[p] = true
		}
	}
	type scored struct {
		reply CannedReply
		share float64
	}
	var list []scored
	for _, r := range replies {
		if r.Language != "" && language != "" && r.Language != language {
			continue
		}
		pieces := wordPieces(r.Title)
		hits := 0
		for _, p := range pieces {
			if asked[p] {
				hits++
			}
		}
		if share := float64(hits) / float64(max(1, len(pieces))); share >= fittingFrom {
			list = append(list, scored{r, share})
		}
	}
	slices.SortStableFunc(list, func(a, b scored) int { return cmp.Compare(b.share, a.share) })
	var found []CannedReply
	for _, s := range list[:min(len(list), limit)] {
		found = append(found, s.reply)
	}
	return found
}

// fittingFrom is the share of a title that must be in what the customer said.
const fittingFrom = 0.3

// wordPieces are the words of a text, and of scripts without spaces each two neighbours.
func wordPieces(text string) []string {
	var pieces []string
	var word []rune
	flush := func() {
		if len(word) > 1 {
			pieces = append(pieces, strings.ToLower(string(word)))
		}
		word = word[:0]
	}
	var last rune
	for _, r := range text {
		han := unicode.Is(unicode.Han, r)
		if han && unicode.Is(unicode.Han, last) {
			pieces = append(pieces, string([]rune{last, r}))
		}
		if han || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			flush()
		} else {
			word = append(word, r)
		}
		last = r
	}
	flush()
	return pieces
}
