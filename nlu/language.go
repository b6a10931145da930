package nlu

import (
	"strings"
	"unicode"
)

// Language is the language of a text: "zh", "en", or "" when it cannot be told.
type Language string

// The languages that can be told apart.
const (
	LanguageUnknown Language = ""
	LanguageChinese Language = "zh"
	LanguageEnglish Language = "en"
)

const (
	firstHan = '\u3400'
	lastHan  = '\u9fff'
)

// DetectLanguage tells Chinese from English by script: Han characters against Latin words. A text with neither
// (digits, emoji) or mostly in another script has no language. Addresses and code-like words do not count.
func DetectLanguage(text string) Language {
	han, latin, other := 0, 0, 0
	for _, field := range strings.Fields(clip(text)) {
		if strings.Contains(field, "://") || strings.HasPrefix(field, "www.") {
			continue
		}
		h, l, o := countScripts(field)
		han, latin, other = han+h, latin+l, other+o
	}
	switch {
	case other > han && other > latin:
		return LanguageUnknown
	case han > 0 && han >= latin:
		return LanguageChinese
	case latin > 0:
		return LanguageEnglish
	default:
		return LanguageUnknown
	}
}

// countScripts counts Han characters, Latin words without digits, and letters of other scripts.
func countScripts(text string) (han, latin, other int) {
	inWord, code := false, false
	for _, r := range text + " " {
		switch {
		case isLatin(r) || (inWord && r == '\''):
			inWord = true
		case isDigit(r) || r == '@':
			code = true
		default:
			if inWord && !code {
				latin++
			}
			inWord, code = false, false
			switch {
			case isHan(r):
				han++
			case unicode.IsLetter(r):
				other++
			}
		}
	}
	return han, latin, other
}

func isHan(r rune) bool {
	return r >= firstHan && r <= lastHan || r > lastHan && unicode.Is(unicode.Han, r)
}

// isLatin accepts the letters of Latin script, in full width too.
func isLatin(r rune) bool {
	if r < 0x80 {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	}
	return !isHan(r) && unicode.Is(unicode.Latin, r)
}

func isDigit(r rune) bool {
	return r >= '0' && r <= '9'
}

// isCJK accepts the scripts that are written without spaces and are cut into single characters and pairs.
func isCJK(r rune) bool {
	if r < firstHan {
		return r >= '\u3041' && r <= '\u30ff'
	}
	return isHan(r) || unicode.Is(unicode.Hangul, r)
}

// isWordRune accepts what an English-like word is made of: letters that are not CJK, digits, marks.
func isWordRune(r rune) bool {
	if r < 0x80 {
		return isLatin(r) || isDigit(r)
	}
	return !isCJK(r) && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r))
}
