package wechat

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// link is a link as the renderer writes it; a cut never goes through one.
var link = regexp.MustCompile(`<a href="[^"]*">[^<]*</a>`)

// split cuts a text into pieces of at most limit bytes: between characters, and where one is near at the end of a line, a
// sentence or a word.
func split(text string, limit int) []string {
	var pieces []string
	for len(text) > limit {
		at := cut(text, limit)
		if piece := strings.TrimSpace(text[:at]); piece != "" {
			pieces = append(pieces, piece)
		}
		text = strings.TrimSpace(text[at:])
	}
	if text != "" {
		pieces = append(pieces, text)
	}
	return pieces
}

func cut(text string, limit int) int {
	at := limit
	for at > 0 && !utf8.RuneStart(text[at]) {
		at--
	}
	at = outside(text, at)
	for _, ends := range []string{"\n", "。！？!?；;", "，,、 "} {
		if near := lastEnd(text[:at], ends); near > limit/2 && outside(text, near) == near {
			return near
		}
	}
	return at
}

// outside is the place itself, or the beginning of the link that it is in, unless the text begins with that.
func outside(text string, at int) int {
	for _, span := range link.FindAllStringIndex(text, -1) {
		if span[0] < at && at < span[1] && span[0] > 0 {
			return span[0]
		}
	}
	return at
}

// lastEnd is the place after the last of some characters; 0 without one.
func lastEnd(text, ends string) int {
	i := strings.LastIndexAny(text, ends)
	if i < 0 {
		return 0
	}
	_, size := utf8.DecodeRuneInString(text[i:])
	return i + size
}
