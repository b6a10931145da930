package hub

import "strings"

// hitsBegin is what stands before the hits of a stored explanation. A customer's words cannot look like it: their quotes are escaped.
const hitsBegin = `"hits":[`

// withoutHits leaves the hits of a stored explanation out, which are most of it and take most of the time to read.
func withoutHits(explained string) []byte {
	at := strings.Index(explained, hitsBegin)
	if at < 0 {
		return []byte(explained)
	}
	from := at + len(hitsBegin)
	end := listEnd(explained[from:])
	if end < 0 {
		return []byte(explained)
	}
	pruned := make([]byte, 0, from+len(explained)-from-end)
	return append(append(pruned, explained[:from]...), explained[from+end:]...)
}

// listEnd finds the bracket that ends a list in JSON whose beginning is cut off; -1 when there is none.
func listEnd(text string) int {
	depth, quoted := 1, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}
