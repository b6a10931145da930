package nlu

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Analyze says everything that one message says by itself. It looks at the first 8 KiB.
func Analyze(text string) Analysis {
	text = clip(text)
	normalized := Normalize(text)
	pieces := cut(normalized)
	query := queryOf(normalized, pieces)
	felt := feel(text, pieces)
	intent, rule := intentOf(pieces, felt)
	if intent == IntentNone && normalized != "" && !hasWords(pieces) {
		intent, rule = IntentWordless, "no words"
	}
	a := Analysis{
		Language: DetectLanguage(text), Text: text, Normalized: normalized, Query: query, Terms: Terms(query),
		Intent: intent, IntentRule: rule, Entities: findEntities(text),
		Mood: felt.mood, Urgency: felt.urgency, Complaint: felt.complaint, Signals: felt.signals,
		Dissatisfied: feelAlone(text, normalized, pieces),
	}
	if strings.HasPrefix(rule, "zh ") { // zrg looks English
		a.Language = LanguageChinese
	}
	return a
}

// intentOf finds the intent of a message and the rule that found it. A request for a person comes first, then a
// complaint; small talk is only what is left.
func intentOf(pieces []piece, felt feelings) (Intent, string) {
	rule, refused := findHuman(pieces)
	switch {
	case rule != "":
		return IntentHuman, rule
	case felt.complains:
		return IntentComplaint, "complaint: " + felt.by
	case refused:
		return IntentNone, "human refused"
	}
	if kind, phrase := smallTalk(pieces); kind != IntentNone {
		return kind, "phrase: " + phrase
	}
	return IntentNone, ""
}

// hasWords tells whether anything but symbols stands in a text.
func hasWords(pieces []piece) bool {
	return slices.ContainsFunc(pieces, func(p piece) bool {
		r, _ := utf8.DecodeRuneInString(p.text)
		return p.latin || isCJK(r)
	})
}
