package nlu

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxText is how much of a text is analysed.
const maxText = 8 << 10

// dropped stands for a character that the normal form leaves out.
const dropped = -1

// Normalize gives the one form of a text under which the same question looks the same: half width, lower case,
// simplified Chinese, ASCII punctuation, single spaces, no zero-width characters, no runs of repeated letters
// or marks. It keeps the meaning and the order, is idempotent, gives valid UTF-8 and never more bytes than it
// was given.
func Normalize(text string) string {
	runes := squeezeWords(squeezeRuns(foldRunes(text)))
	runes = squeezeRuns(mendPairs(joinSingles(runes)))
	return strings.TrimRight(string(runes), " ")
}

// clip cuts a text at maxText bytes, between two characters.
func clip(text string) string {
	if len(text) <= maxText {
		return text
	}
	end := maxText
	for end > maxText-utf8.UTFMax && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end]
}

// foldRunes maps every character to its normal form.
func foldRunes(text string) []rune {
	runes := make([]rune, 0, len(text))
	for i, size := 0, 0; i < len(text); i += size {
		var r rune
		r, size = utf8.DecodeRuneInString(text[i:])
		if r == utf8.RuneError && size <= 1 {
			r = ' '
		}
		if r = foldRune(r); r != dropped {
			runes = append(runes, r)
		}
	}
	return runes
}

// mendPairs sets right the two-character words that folding character by character gets wrong.
func mendPairs(runes []rune) []rune {
	for i := 1; i < len(runes); i++ {
		if isHan(runes[i]) && isHan(runes[i-1]) {
			runes[i-1], runes[i] = simplifyPair(runes[i-1], runes[i])
		}
	}
	return runes
}

// foldRune folds one character; the result never takes more bytes.
func foldRune(r rune) rune {
	switch {
	case r < 0x80:
		return foldASCII(r)
	case r >= firstHan && r <= lastHan:
		return simplifyRune(r)
	case r >= '！' && r <= '～':
		return foldPunctuation(foldASCII(r - '！' + '!'))
	case unicode.IsSpace(r):
		return ' '
	case unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r) || unicode.IsControl(r) || unicode.Is(unicode.Mn, r):
		return dropped
	}
	if p := foldPunctuation(r); p != r {
		return p
	}
	if low := unicode.ToLower(r); utf8.RuneLen(low) <= utf8.RuneLen(r) {
		return low
	}
	return r
}

func foldASCII(r rune) rune {
	switch {
	case r >= 'A' && r <= 'Z':
		return r + 'a' - 'A'
	case r == '`':
		return '\''
	case r < ' ' || r == 0x7f:
		return ' '
	default:
		return r
	}
}

// foldPunctuation maps Chinese and typographic marks to ASCII.
func foldPunctuation(r rune) rune {
	switch r {
	case '。', '．', '…', '｡':
		return '.'
	case '、':
		return ','
	case '“', '”', '„', '「', '」', '『', '』', '«', '»', '〝', '〞':
		return '"'
	case '‘', '’', '‛', '´', 'ʼ', '′':
		return '\''
	case '【', '〔', '〖':
		return '['
	case '】', '〕', '〗':
		return ']'
	case '–', '—', '―', '−', '‐', '‑':
		return '-'
	case '〜', '∼':
		return '~'
	case '¥', '￥':
		return '¥'
	default:
		return r
	}
}

// squeezeRuns shortens runs of spaces, of the same mark and of sentence ends (the strongest stays), and
// shortens a Han character said more than twice.
func squeezeRuns(runes []rune) []rune {
	out := runes[:0]
	for i := 0; i < len(runes); {
		end := i + 1
		switch r := runes[i]; {
		case r == ' ':
			for end < len(runes) && runes[end] == ' ' {
				end++
			}
			if len(out) > 0 {
				out = append(out, ' ')
			}
		case isTerminator(r):
			for end < len(runes) && isTerminator(runes[end]) {
				end++
			}
			out = append(out, strongest(runes[i:end]))
		case isWordRune(r) || r == '/':
			out = append(out, r)
		default:
			for end < len(runes) && runes[end] == r {
				end++
			}
			out = append(out, r)
			if isCJK(r) && end-i > 1 {
				out = append(out, r)
			}
		}
		i = end
	}
	return out
}

func isTerminator(r rune) bool {
	return r == '.' || r == '!' || r == '?' || r == ',' || r == ';' || r == '~'
}

func strongest(marks []rune) rune {
	best := marks[0]
	for _, r := range marks {
		if r == '?' || r == '!' && best != '?' {
			best = r
		}
	}
	return best
}

// squeezeWords shortens letters repeated for emphasis: three or more become two inside a word and one at its
// end ("pleaaase" pleaase, "hellooo" hello). Words with digits and words of a single letter (www) are left alone.
func squeezeWords(runes []rune) []rune {
	out := runes[:0]
	for i := 0; i < len(runes); {
		end := i
		digits := false
		for end < len(runes) && isWordRune(runes[end]) {
			digits = digits || unicode.IsDigit(runes[end])
			end++
		}
		if end == i {
			out = append(out, runes[i])
			i++
			continue
		}
		if digits {
			out = append(out, runes[i:end]...)
		} else {
			out = squeezeWord(out, runes[i:end])
		}
		i = end
	}
	return out
}

func squeezeWord(out, word []rune) []rune {
	for i := 0; i < len(word); {
		end := i
		for end < len(word) && word[end] == word[i] {
			end++
		}
		keep := end - i
		switch {
		case keep < 3:
		case keep == len(word):
			keep = 3
		case end == len(word):
			keep = 1
		default:
			keep = 2
		}
		for range keep {
			out = append(out, word[i])
		}
		i = end
	}
	return out
}

// joinSingles closes the gaps in text spaced out character by character ("转 人 工"). A longer piece on either
// side keeps its space, which often stands for a comma.
func joinSingles(runes []rune) []rune {
	out := runes[:0]
	spaceAt := func(i int) bool {
		return i < 0 || i >= len(runes) || runes[i] == ' '
	}
	single := func(i int) bool {
		return i < len(runes) && isHan(runes[i]) && spaceAt(i+1)
	}
	afterSingle := false
	for i, r := range runes {
		if r == ' ' && afterSingle && single(i+1) {
			continue
		}
		afterSingle = single(i) && (i == 0 || runes[i-1] == ' ')
		out = append(out, r)
	}
	return out
}
