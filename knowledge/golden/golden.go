// Package golden keeps what the bot's answers are measured by: questions whose right answer people have stated, the runs in which
// they were asked, and the jobs that replay a change before it is published. It judges what was decided; deciding is the hub's.
package golden

import (
	"embed"
	"io/fs"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"huiyin/db"
	"huiyin/knowledge"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

// Migrations are the tables of this package.
func Migrations() db.Migrations {
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil { // fs.Sub refuses only a malformed name
		files = migrationFiles
	}
	return db.Migrations{Domain: "golden", Files: files}
}

// Expect is what a golden question expects of the bot.
type Expect string

// The expectations.
const (
	ExpectArticle Expect = "article" // to answer with the article
	ExpectNone    Expect = "none"    // not to answer: to ask back, or hand over
	ExpectHandoff Expect = "handoff" // to hand over to a human
)

// Asked is a question with who asks it, where and when. Empty members stand for any customer, now.
type Asked struct {
	Question string    `json:"question"`
	Language string    `json:"language,omitempty"`
	Channel  string    `json:"channel,omitempty"`
	Tier     string    `json:"tier,omitempty"`
	At       time.Time `json:"at,omitzero"`
}

// Wanted is what the right decision would be.
type Wanted struct {
	Expect  Expect `json:"expect"`
	Article int64  `json:"article,omitempty"` // ExpectArticle
}

// Source is the message that a question comes from; the zero value stands for none.
type Source struct{ ConversationID, Seq int64 }

// Question is a golden question.
type Question struct {
	ID int64
	Asked
	Wanted
	Note      string
	Source    Source
	Author    knowledge.Author
	CreatedAt time.Time
	DeletedAt time.Time // zero: it counts
	Version   int64

	Outcome   Outcome // of the last run
	OutcomeAt time.Time
	BrokeAt   time.Time // since when it fails, having passed before; zero: it passes, or never did
	Decided   Decided   // what the bot did then
}

// The limits of a golden question.
const (
	MaxQuestion  = 2000 // characters
	MaxNote      = 1000
	MaxQuestions = 20000 // in all
)

// clean brings a question into the form that is stored, and finds fault with it.
func (q *Question) clean() error {
	q.Question, q.Note = strings.TrimSpace(q.Question), strings.TrimSpace(q.Note)
	q.Language, q.Channel, q.Tier = strings.TrimSpace(q.Language), strings.TrimSpace(q.Channel), strings.TrimSpace(q.Tier)
	switch {
	case q.Question == "":
		return &knowledge.Invalid{Field: "question", Message: "write the question"}
	case utf8.RuneCountInString(q.Question) > MaxQuestion:
		return &knowledge.Invalid{Field: "question", Message: "a question has at most 2000 characters"}
	case utf8.RuneCountInString(q.Note) > MaxNote:
		return &knowledge.Invalid{Field: "note", Message: "a note has at most 1000 characters"}
	case q.Language != "" && !slices.Contains([]string{"zh", "en"}, q.Language):
		return &knowledge.Invalid{Field: "language", Message: "the language is zh or en"}
	case utf8.RuneCountInString(q.Channel) > knowledge.MaxScope || utf8.RuneCountInString(q.Tier) > knowledge.MaxScope:
		return &knowledge.Invalid{Field: "tier", Message: "a channel or a tier has at most 40 characters"}
	}
	return q.Wanted.clean()
}

func (w *Wanted) clean() error {
	switch w.Expect {
	case ExpectArticle:
		if w.Article <= 0 {
			return &knowledge.Invalid{Field: "article_id", Message: "name the article that answers"}
		}
	case ExpectNone, ExpectHandoff:
		w.Article = 0
	default:
		return &knowledge.Invalid{Field: "expect", Message: "a question expects an article, no answer, or a human"}
	}
	return nil
}
