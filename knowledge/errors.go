package knowledge

import "errors"

// ErrNotFound means that there is no such article or revision.
var ErrNotFound = errors.New("there is no such article")

// ErrConflict means that somebody else has saved the article since it was read.
var ErrConflict = errors.New("somebody else has changed this article; reload it and try again")

// Invalid is a refusal of what was written, in words for the person who wrote it.
type Invalid struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// Error says which field is wrong and why.
func (e *Invalid) Error() string { return e.Field + ": " + e.Message }
