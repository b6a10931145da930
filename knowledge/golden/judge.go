package golden

import "slices"

// Decided is what the bot did with a question, in short.
type Decided struct {
	Act        string      `json:"act"` // as hub.Act
	Article    int64       `json:"article,omitempty"`
	Revision   int64       `json:"revision,omitempty"`
	Title      string      `json:"title,omitempty"`  // of the article
	Number     int         `json:"number,omitempty"` // of the revision
	Confidence float64     `json:"confidence"`       // of the best article, whatever was done with it
	Reason     string      `json:"reason,omitempty"`
	Rule       string      `json:"rule"`
	Offers     []Candidate `json:"offers,omitempty"` // the articles offered; where nothing was, the likeliest ones
}

// Candidate is an article that was considered.
type Candidate struct {
	Article    int64   `json:"article"`
	Title      string  `json:"title"`
	Confidence float64 `json:"confidence"`
}

// The acts, as the hub names them.
const (
	actAnswer    = "answer"
	actClarify   = "clarify"
	actAsk       = "ask"
	actHandoff   = "handoff"
	actSmalltalk = "smalltalk"
)

// Outcome is how a decision compares with what was wanted.
type Outcome string

// The outcomes. Only Right passes.
const (
	NotRun     Outcome = ""
	Right      Outcome = "right"
	Offered    Outcome = "offered"    // the right article was among those offered
	Wrong      Outcome = "wrong"      // answered, and not as it should be
	Unanswered Outcome = "unanswered" // asked back or handed over where an answer was due, or no human where one was
)

// Judge compares a decision with what was wanted.
func (w Wanted) Judge(d Decided) Outcome {
	switch {
	case w.Expect == ExpectArticle && d.Act == actAnswer && d.Article == w.Article,
		w.Expect == ExpectNone && d.Act != actAnswer,
		w.Expect == ExpectHandoff && d.Act == actHandoff:
		return Right
	case d.Act == actAnswer:
		return Wrong
	case d.Act == actClarify && w.Expect == ExpectArticle && slices.ContainsFunc(d.Offers, func(c Candidate) bool { return c.Article == w.Article }):
		return Offered
	default:
		return Unanswered
	}
}

// Kind is how a decision differs from the one before a change.
type Kind string

// The kinds, the gravest first. A golden question is broken or mended whatever else changed.
const (
	Broken    Kind = "broken"    // a golden question that passed
	Lost      Kind = "lost"      // was answered, and is no more
	Worse     Kind = "worse"     // articles were offered and are no more, or a human gets what the bot asked back
	Different Kind = "different" // another article answers
	Gained    Kind = "gained"    // was not answered, and is
	Mended    Kind = "mended"    // a golden question that failed
	Better    Kind = "better"
	NewText   Kind = "text" // the same article answers, with other content
	Same      Kind = ""
)

// Kinds are all kinds but Same, the gravest first.
func Kinds() []Kind { return []Kind{Broken, Lost, Worse, Different, Gained, Mended, Better, NewText} }

// rung is how well a customer is served who wanted an answer.
func rung(act string) int {
	switch act {
	case actAnswer, actSmalltalk:
		return 3
	case actClarify:
		return 2
	case actAsk:
		return 1
	default:
		return 0
	}
}

// Compare tells how a decision differs from the one before.
func Compare(before, after Decided) Kind {
	was, is := rung(before.Act), rung(after.Act)
	switch {
	case was == 3 && is < 3:
		return Lost
	case was < 3 && is == 3:
		return Gained
	case is < was:
		return Worse
	case is > was:
		return Better
	case before.Act != after.Act || is == 3 && before.Article != after.Article:
		return Different
	case is == 3 && before.Revision != after.Revision:
		return NewText
	default:
		return Same
	}
}
