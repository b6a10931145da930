package hub

import (
	"slices"
	"strings"
	"unicode/utf8"

	"huiyin/conversation"
	"huiyin/nlu"
)

// How a typed text came to mean a button.
const (
	pickedByNumber = "chose by its number"
	pickedByWords  = "chose by its words"
)

// pick finds the button that a typed text means: by its number (2, ②, 第二个, the second one), by its label, or by words
// that only one of the articles offered has.
func pick(text string, offered []conversation.Choice) (value, rule string) {
	if text == "" || len(offered) == 0 {
		return "", ""
	}
	if n, ok := nlu.Ordinal(text); ok {
		if n == nlu.LastChoice {
			n = lastArticle(offered)
		}
		if n >= 1 && n <= len(offered) {
			return offered[n-1].Value, pickedByNumber
		}
		return "", ""
	}
	normalized := nlu.Normalize(text)
	for _, o := range offered {
		if o.Value != "" && nlu.Normalize(o.Label) == normalized {
			return o.Value, pickedByWords
		}
	}
	if isNone(normalized) && slices.ContainsFunc(offered, func(o conversation.Choice) bool { return o.Value == choiceNone }) {
		return choiceNone, pickedByWords
	}
	return pickByWords(normalized, offered)
}

// lastArticle is the place of the last article among the buttons.
func lastArticle(offered []conversation.Choice) int {
	last := 0
	for i, o := range offered {
		if isArticle(o) {
			last = i + 1
		}
	}
	return last
}

func isArticle(o conversation.Choice) bool { return strings.HasPrefix(o.Value, choiceArticle) }

func isNone(normalized string) bool {
	switch strings.Trim(normalized, " .!,~") {
	case "都不是", "都不对", "全都不是", "都不是我要的", "没有我要的", "以上都不是", "none", "none of them", "none of those", "none of the above", "neither", "neither one", "neither of them":
		return true
	}
	return false
}

// The longest text, in characters, that may choose by words; a longer one is a question of its own.
const (
	maxPickZh = 12
	maxPickEn = 40
)

// pickByWords finds the one article of several whose label has every word of the text.
func pickByWords(normalized string, offered []conversation.Choice) (value, rule string) {
	said := strings.Trim(normalized, " .,!?~")
	for _, around := range []string{"那个", "这个", "的问题", "的", "吧"} {
		said = strings.TrimSuffix(said, around)
	}
	said = strings.TrimSuffix(strings.TrimPrefix(said, "the "), " one")
	n, zh := utf8.RuneCountInString(said), nlu.DetectLanguage(said) == nlu.LanguageChinese
	if zh && (n < 2 || n > maxPickZh) || !zh && (n < 3 || n > maxPickEn) {
		return "", ""
	}
	wanted := nlu.Words(said)
	if len(wanted) == 0 || !slices.ContainsFunc(wanted, func(w string) bool { return !isFiller(w) }) {
		return "", ""
	}
	articles, fitting := 0, ""
	for _, o := range offered {
		if !isArticle(o) {
			continue
		}
		articles++
		if !hasAll(nlu.Words(nlu.Normalize(o.Label)), wanted) {
			continue
		}
		if fitting != "" {
			return "", ""
		}
		fitting = o.Value
	}
	if articles < 2 || fitting == "" {
		return "", ""
	}
	return fitting, pickedByWords
}

func hasAll(words, wanted []string) bool {
	return !slices.ContainsFunc(wanted, func(w string) bool { return !slices.Contains(words, w) })
}
