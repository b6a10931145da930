package nlu

import "strings"

// Analyze says everything that one message says by itself. It looks at the first 8 KiB.
func Analyze(text string) Analysis {
	text = clip(text)
	a := Analysis{Text: text, Language: DetectLanguage(text), Normalized: Normalize(text)}
	pieces := cut(a.Normalized)
	a.Query = queryOf(a.Normalized, pieces)
	a.Terms = Terms(a.Query)
	a.Mood = MoodNeutral
	a.Entities = []Entity{}
	a.Signals = []string{}
	a.Intent, a.IntentRule = intentOf(pieces)
	if strings.HasPrefix(a.IntentRule, "zh ") {
		a.Language = LanguageChinese
	}
	return a
}

// intentOf finds the intent of a message and the rule that found it.
func intentOf(pieces []piece) (Intent, string) {
	rule, refused := findHuman(pieces)
	if rule != "" {
		return IntentHuman, rule
	}
	if refused {
		return IntentNone, "human refused"
	}
	if kind, phrase := smallTalk(pieces); kind != IntentNone {
		return kind, "phrase: " + phrase
	}
	return IntentNone, ""
}
