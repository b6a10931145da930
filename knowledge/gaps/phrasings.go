package gaps

import (
	"slices"
	"strings"

	"huiyin/nlu"
)

// mostPhrasings is how many questions of a group become similar questions of an article.
const mostPhrasings = 30

// Phrasings are questions as an article has them, by language, each once, the one that stands for the group first. What was hidden in
// them is left out: in a phrasing it would only be a strange word.
func Phrasings(title string, questions []Example) map[string][]string {
	found := map[string][]string{}
	add := func(text string) {
		text = strings.Join(strings.Fields(strings.ReplaceAll(text, hidden, " ")), " ")
		language := LanguageOf(text)
		if nlu.Normalize(text) == "" || len(found[language]) > mostPhrasings || slices.Contains(found[language], text) {
			return
		}
		found[language] = append(found[language], text)
	}
	if slices.ContainsFunc(questions, func(e Example) bool { return e.Text == title }) {
		add(title)
	}
	for _, e := range Distinct(questions) {
		add(e.Text)
	}
	return found
}

// LanguageOf is the language of a question that an article can have: Chinese or English.
func LanguageOf(text string) string {
	if nlu.DetectLanguage(text) == nlu.LanguageChinese {
		return string(nlu.LanguageChinese)
	}
	return string(nlu.LanguageEnglish)
}
