package hub

import (
	"slices"
	"strings"

	"huiyin/knowledge"
	"huiyin/nlu"
)

// foreign tells whether a question names a model or a size (5G, 100M, 8K) of which an article says nothing, in any of its
// texts at hand. Such a word is a name: "is 5G free" is no question about the visit that is free, however alike the rest is.
func foreign(a nlu.Analysis, h knowledge.Hit) bool {
	var known []string
	for _, word := range nlu.Words(a.Query) {
		if !strings.ContainsAny(word, "0123456789") || !strings.ContainsAny(word, "abcdefghijklmnopqrstuvwxyz") {
			continue
		}
		if known == nil {
			known = nlu.Words(nlu.Normalize(h.Question + " " + h.Matched + " " + h.Answer))
		}
		if !slices.Contains(known, word) {
			return true
		}
	}
	return false
}
