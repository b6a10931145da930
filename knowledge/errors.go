package knowledge

import (
	"errors"
	"strings"
)

// ErrNotFound means that there is no such article or revision.
var ErrNotFound = errors.New("there is no such article")

// ErrConflict means that somebody else has saved the article since it was read.
var ErrConflict = errors.New("somebody else has changed this article; reload it and try again")

// ErrNotApproved means that the rules want a second person's approval of this very revision before it is published.
var ErrNotApproved = errors.New("a second person must approve this text before it is published; send it to review")

// ErrOwnWork refuses an approval by who wrote the text, or by nobody in particular.
var ErrOwnWork = errors.New("a text is approved by a second person, not by who wrote it")

// Invalid is a refusal of what was written, in words for the person who wrote it.
type Invalid struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// Error says which field is wrong and why.
func (e *Invalid) Error() string { return e.Field + ": " + e.Message }

// Clash is a refusal to save over somebody else's words: both have changed the same parts since the text was read.
type Clash struct {
	Fields []string // such as answer.zh, tags
}

// Error names the parts.
func (e *Clash) Error() string {
	return "somebody else has changed the same parts: " + strings.Join(e.Fields, ", ")
}

// Is makes a clash a conflict.
func (e *Clash) Is(target error) bool { return target == ErrConflict }
