package nlu

import "strings"

// urlTail is punctuation that ends the sentence rather than the address.
const urlTail = ".,;:!?)]}'\"*~"

// addressFinders find links and e-mail addresses; a bare domain is a link only where it is no part of an e-mail
// address, so it comes last.
func addressFinders() []finder {
	same := func(match string) string { return match }
	return []finder{
		{
			kind: EntityURL, needs: []string{"://", "www."},
			pattern: newForm(`(?:https?://|www\.)[!#-&(-;=?-~]+`),
			accept:  acceptURL,
		},
		{
			kind: EntityEmail, needs: []string{"@"},
			pattern: newForm(`[a-z0-9][a-z0-9._%+-]{0,63}@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}`),
			accept:  acceptWhole(same),
		},
		{
			kind: EntityURL, needs: []string{".com", ".cn", ".net", ".org", ".io", ".gov", ".edu"},
			pattern: newForm(`(?:[a-z0-9-]{1,63}\.){1,5}(?:com|cn|net|org|io|gov|edu)(?:\.[a-z]{2})?(?:/[!#-&(-;=?-~]*)?`),
			accept:  acceptURL,
		},
	}
}

// acceptURL drops closing punctuation. Its value is the link as written, because a path may depend on case.
func acceptURL(f folded, at []int) (found, bool) {
	link := strings.TrimRight(f.text[at[0]:at[1]], urlTail)
	end := at[0] + len(link)
	if len(link) <= len("www.") || !f.standsAlone(at[0], end) {
		return found{}, false
	}
	return found{at[0], end, link}, true
}
