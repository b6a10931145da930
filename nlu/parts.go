package nlu

import (
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"
)

// MaxParts is how many questions of one message are looked at.
const MaxParts = 3

// Part is one of several things that a message says.
type Part struct {
	Text string
	Asks bool // it is a question by its form
}

// The shortest part worth looking at by itself, in characters.
const (
	minPartZh = 2
	minPartEn = 6
)

// Parts cuts a message where one question ends and another begins: at the marks that end a sentence, and before the
// words that add one (以及, 另外, 还有, 顺便问一下; and how, and where, also). It gives nil when there is nothing to cut. Whether
// the parts are better answered one by one is for the caller. Text is the customer's own, trimmed.
func Parts(text string) []Part {
	var parts []Part
	for _, sentence := range sentences(clip(text)) {
		for _, piece := range joined(sentence) {
			if part, ok := partOf(piece); ok {
				parts = append(parts, part)
			}
		}
	}
	if len(parts) < 2 {
		return nil
	}
	return parts
}

// sentences cuts at 。？！; ? ! and line ends, and at a full stop that a space follows. The mark stays with its sentence.
func sentences(text string) []string {
	var list []string
	start := 0
	for i, r := range text {
		next := i + utf8.RuneLen(r)
		if r == utf8.RuneError {
			next = i + 1
		}
		switch r {
		case '。', '？', '！', '；', '?', '!', ';', '\n':
		case '.':
			if next < len(text) && text[next] != ' ' && text[next] != '\n' {
				continue
			}
		default:
			continue
		}
		list = append(list, text[start:next])
		start = next
	}
	return append(list, text[start:])
}

var joiner = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)[,，、 ]*(?:以及|另外(?:还?想?问一?下)?|还有(?:就是)?|顺便(?:问一?下|问问)?|还想问一?下?|再问一?下|同时)[,，、: ]*|` +
		`[,， ]+(?:and also|and (?:how|what|where|when|why|which|who|can|could|do|does|is|are|will)\b|also,?|as well as|plus,?|another question:?|one more thing:?)[, ]*`)
})

// opener are the words that a sentence of its own adds itself with.
var opener = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)^(?:以及|另外|还有|顺便(?:问一?下|问问)?|还想问一?下?|再问一?下|also|and also|plus|another question|one more thing)[,，:： ]+`)
})

var questionWord = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)\b(?:how|what|where|when|why|which|who|can|could|do|does|is|are|will)\b[, ]*$`)
})

// joined cuts a sentence before the words that add another question; a question word among them opens the next part.
func joined(sentence string) []string {
	var list []string
	start := 0
	for _, at := range joiner().FindAllStringIndex(sentence, 2*MaxParts) {
		if at[0] == start || at[1] == len(sentence) {
			continue
		}
		list = append(list, sentence[start:at[0]])
		start = at[1]
		if word := questionWord().FindStringIndex(sentence[at[0]:at[1]]); word != nil {
			start = at[0] + word[0]
		}
	}
	return append(list, sentence[start:])
}

// partOf trims a piece and drops what says nothing by itself: greetings, thanks, marks.
func partOf(piece string) (Part, bool) {
	piece = strings.Trim(piece, " \t\r\n,，、;；")
	piece = strings.TrimSpace(opener().ReplaceAllString(piece, ""))
	normalized := Normalize(piece)
	pieces := cut(normalized)
	if kind, _ := smallTalk(pieces); kind != IntentNone || len(pieces) == 0 {
		return Part{}, false
	}
	least := minPartEn
	if DetectLanguage(piece) == LanguageChinese {
		least = minPartZh
	}
	if utf8.RuneCountInString(piece) < least {
		return Part{}, false
	}
	return Part{piece, asks(normalized)}, true
}

var asksPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\?|怎么|如何|怎样|什么|多少|几[个天号点]|哪|谁|为何|吗|呢|能不能|可不可以|是否|能否|有没有|^(?:and |so |also )?(?:how|what|where|when|why|which|who|whose|can|could|do|does|did|is|are|will|would|should|may)\b`)
})

func asks(normalized string) bool { return asksPattern().MatchString(normalized) }
