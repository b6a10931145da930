package hub

import "encoding/json"

// subject is what the conversation is about: the question that was answered, or for which articles were offered.
type subject struct {
	question string // as it was understood
	title    string // of the article that it was answered with
	article  int64
	language string // of the question
}

// subjectIn reads the subject from a stored explanation; the zero subject when there is none.
func subjectIn(explained string) subject {
	var e Explanation
	if err := json.Unmarshal([]byte(explained), &e); err != nil {
		return subject{}
	}
	return subject{}.after(e)
}

// after is the subject after a thought; small talk and what was not understood leave it.
func (s subject) after(e Explanation) subject {
	switch e.Decision.Act {
	case ActClarify:
		return subject{question: e.Question, language: string(e.Language)}
	case ActAnswer:
		next := subject{question: e.Question, article: e.Decision.Article, language: string(e.Language)}
		for _, h := range e.Hits {
			if h.Article == next.article {
				next.title = h.Question
			}
		}
		if e.Context != nil && next.title != "" { // chosen, or asked by a reference: the article says it better
			next.question = next.title
		}
		return next
	default:
		return s
	}
}
