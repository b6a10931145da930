package knowledge

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// The limits of what one article may hold, in characters where it is text.
const (
	MaxKey       = 100
	MaxCategory  = 200
	MaxDepth     = 6
	MaxTags      = 30
	MaxTag       = 50
	MaxLanguages = 8
	MaxQuestion  = 500
	MaxSimilar   = 500
	MaxAnswer    = 20000
	MaxNote      = 500
	MaxNotes     = 5000
	MaxRelated   = 20
)

// Content is what an article says. Question, Similar and Answer are by language ("zh", "en"); answers are Markdown.
type Content struct {
	Category string              `json:"category"` // a path: parts divided by "/"
	Tags     []string            `json:"tags"`
	Question map[string]string   `json:"question"`
	Similar  map[string][]string `json:"similar"`
	Answer   map[string]string   `json:"answer"`

	Audience   Audience  `json:"audience,omitempty"`
	ValidFrom  time.Time `json:"valid_from,omitzero"`  // zero: always was
	ValidUntil time.Time `json:"valid_until,omitzero"` // from then on it is not used; zero: for ever
	Variants   []Variant `json:"variants,omitempty"`

	Notes   string  `json:"notes,omitempty"`   // Markdown for editors and agents; no customer gets it
	Related []int64 `json:"related,omitempty"` // ids of articles that help further
}

// Languages are the languages that have a question or an answer, Chinese first.
func (c Content) Languages() []string {
	set := map[string]bool{}
	for l := range c.Question {
		set[l] = true
	}
	for l := range c.Answer {
		set[l] = true
	}
	for l := range c.Similar {
		set[l] = true
	}
	languages := slices.Collect(maps.Keys(set))
	slices.SortFunc(languages, byLanguage)
	return languages
}

func byLanguage(a, b string) int {
	if (a == "zh") != (b == "zh") {
		if a == "zh" {
			return -1
		}
		return 1
	}
	return strings.Compare(a, b)
}

// Title is the question in the first language that has one.
func (c Content) Title() string {
	for _, l := range c.Languages() {
		if q := c.Question[l]; q != "" {
			return q
		}
	}
	return ""
}

// Answers tells whether the article can answer: one language has both a question and an answer.
func (c Content) Answers() bool {
	for l, q := range c.Question {
		if q != "" && c.Answer[l] != "" {
			return true
		}
	}
	return false
}

// Clean trims the content, drops what is empty or said twice, and checks every field.
func (c Content) Clean() (Content, error) {
	clean := Content{Category: cleanCategory(c.Category), Question: map[string]string{}, Similar: map[string][]string{}, Answer: map[string]string{}}
	clean.Tags = cleanList(c.Tags)
	for l, q := range c.Question {
		setText(clean.Question, l, strings.Join(strings.Fields(q), " "))
	}
	for l, a := range c.Answer {
		setText(clean.Answer, l, strings.TrimSpace(strings.ReplaceAll(a, "\r\n", "\n")))
	}
	for l, list := range c.Similar {
		if list = cleanPhrasings(list, clean.Question[l]); len(list) > 0 {
			clean.Similar[l] = list
		}
	}
	c.cleanScope(&clean)
	clean.Notes = strings.TrimSpace(strings.ReplaceAll(c.Notes, "\r\n", "\n"))
	for _, id := range c.Related {
		if id > 0 && !slices.Contains(clean.Related, id) {
			clean.Related = append(clean.Related, id)
		}
	}
	return clean, clean.check()
}

func setText(texts map[string]string, language, text string) {
	if text != "" {
		texts[language] = text
	}
}

func cleanCategory(path string) string {
	parts := strings.Split(path, "/")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "/")
}

func cleanList(list []string) []string {
	clean := make([]string, 0, len(list))
	for _, s := range list {
		if s = strings.Join(strings.Fields(s), " "); s != "" && !slices.Contains(clean, s) {
			clean = append(clean, s)
		}
	}
	return clean
}

// cleanPhrasings drops the phrasings that are the question or another phrasing over again.
func cleanPhrasings(list []string, question string) []string {
	seen := map[string]bool{normalize(question): true}
	clean := make([]string, 0, len(list))
	for _, s := range list {
		s = strings.Join(strings.Fields(s), " ")
		if n := normalize(s); s != "" && !seen[n] {
			seen[n] = true
			clean = append(clean, s)
		}
	}
	return clean
}

func (c Content) check() error {
	if err := checkCategory("category", c.Category); err != nil {
		return err
	}
	if err := checkTags(c.Tags); err != nil {
		return err
	}
	if err := c.checkScope(); err != nil {
		return err
	}
	if err := checkText("notes", c.Notes, MaxNotes); err != nil {
		return err
	}
	if len(c.Related) > MaxRelated {
		return &Invalid{"related", fmt.Sprintf("at most %d related articles", MaxRelated)}
	}
	languages := c.Languages()
	if len(languages) > MaxLanguages {
		return &Invalid{"question", fmt.Sprintf("at most %d languages", MaxLanguages)}
	}
	if c.Title() == "" {
		return &Invalid{"question", "write the question"}
	}
	for _, l := range languages {
		if err := c.checkLanguage(l); err != nil {
			return err
		}
	}
	return nil
}

func (c Content) checkLanguage(language string) error {
	if !validLanguage(language) {
		return &Invalid{"question", "a language is a short code such as zh or en"}
	}
	if err := checkText("question."+language, c.Question[language], MaxQuestion); err != nil {
		return err
	}
	if err := checkText("answer."+language, c.Answer[language], MaxAnswer); err != nil {
		return err
	}
	if len(c.Similar[language]) > MaxSimilar {
		return &Invalid{"similar." + language, fmt.Sprintf("at most %d similar questions", MaxSimilar)}
	}
	for _, s := range c.Similar[language] {
		if err := checkText("similar."+language, s, MaxQuestion); err != nil {
			return err
		}
	}
	return nil
}

func checkTags(tags []string) error {
	if len(tags) > MaxTags {
		return &Invalid{"tags", fmt.Sprintf("at most %d tags", MaxTags)}
	}
	for _, tag := range tags {
		if err := checkText("tags", tag, MaxTag); err != nil {
			return err
		}
	}
	return nil
}

// checkText refuses what is too long and what cannot be stored or shown.
func checkText(field, text string, limit int) error {
	if !utf8.ValidString(text) {
		return &Invalid{field, "this is not readable text; save the file as UTF-8"}
	}
	if n := utf8.RuneCountInString(text); n > limit {
		return &Invalid{field, fmt.Sprintf("at most %d characters (these are %d)", limit, n)}
	}
	for _, r := range text {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return &Invalid{field, "contains an invisible control character; delete it"}
		}
	}
	return nil
}

func validLanguage(code string) bool {
	if len(code) < 2 || len(code) > 12 {
		return false
	}
	for i, r := range code {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' && i > 2
		if !letter && (r != '-' || i < 2) {
			return false
		}
	}
	return true
}
