package nlu

import (
	"strings"
	"sync"
)

// keptDigits is how many digits of a card number stay readable.
const keptDigits = 4

// maskFinders are the finders of what Mask hides; built once, never changed.
var maskFinders = sync.OnceValue(cardFinders)

// Mask hides identity-card and bank-card numbers for logs and previews; everything else stays as it is. Only
// numbers whose check digit is right are hidden. An identity card keeps its first four digits (the region), a
// bank card its last four.
func Mask(text string) string {
	f := fold(text)
	return withoutHidden(text, hiddenCards(f))
}

// hiddenCards is where the hidden characters of card numbers start and end in the original.
func hiddenCards(f folded) map[int]int {
	hidden := map[int]int{}
	if f.chain < minCard {
		return hidden
	}
	for _, finder := range maskFinders() {
		finder.each(f, func(hit found) bool {
			hide(f, hit, finder.kind, hidden)
			return true
		})
	}
	return hidden
}

// withoutHidden puts a star for each hidden character.
func withoutHidden(text string, hidden map[int]int) string {
	if len(hidden) == 0 {
		return text
	}
	var b strings.Builder
	for i := 0; i < len(text); {
		if end, ok := hidden[i]; ok {
			b.WriteByte('*')
			i = end
			continue
		}
		b.WriteByte(text[i])
		i++
	}
	return b.String()
}

// hide notes the characters of a card number that must not be read.
func hide(f folded, hit found, kind EntityKind, hidden map[int]int) {
	total := len(hit.value)
	place := 0
	for i := hit.start; i < hit.end; i++ {
		if !isAlnum(f.text[i]) {
			continue
		}
		kept := kind == EntityIDCard && place < keptDigits || kind == EntityBankCard && place >= total-keptDigits
		if !kept {
			hidden[f.starts[i]] = f.ends[i]
		}
		place++
	}
}
