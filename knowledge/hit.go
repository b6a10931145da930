package knowledge

import "time"

// Options narrow a search.
type Options struct {
	Language      string // the language to answer in, where the article has it; empty: the question's
	Limit         int    // how many articles at most; 0: 3
	IncludeDrafts bool   // use newer content that is not published: for editors only

	Internal bool      // agents ask: internal articles too, which must not reach a customer
	Channel  string    // kind of the inbox that it is asked on
	Tier     string    // of the customer
	At       time.Time // when it is asked; zero: now
}

// Hit is one article that may answer the question.
type Hit struct {
	ArticleID  int64     `json:"article"`
	Key        string    `json:"key,omitempty"`
	RevisionID int64     `json:"revision"`
	Revision   int       `json:"revision_number"`
	Question   string    `json:"question"` // the article's question, in Language
	Matched    string    `json:"matched"`  // the phrasing that is nearest to what was asked
	Answer     string    `json:"answer"`   // Markdown, in Language
	Language   string    `json:"language"` // the language of Question and Answer
	Score      float64   `json:"score"`    // orders the hits of one search; not comparable between searches
	Confidence float64   `json:"confidence"`
	Why        []Feature `json:"why"`
	Internal   bool      `json:"internal,omitempty"` // for agents only
	Terms      []string  `json:"terms"`              // the question's words that Matched has too
}

// Feature is one reason for a hit's place and confidence: what was measured, and how much it counts for each.
type Feature struct {
	Name       string  `json:"name"`
	Value      float64 `json:"value"`
	Weight     float64 `json:"weight"`     // in the score that orders the hits
	Confidence float64 `json:"confidence"` // in the confidence
}

// Value finds a feature by its name; 0 when there is none.
func (h Hit) Value(name string) float64 {
	for _, f := range h.Why {
		if f.Name == name {
			return f.Value
		}
	}
	return 0
}
