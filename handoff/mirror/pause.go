package mirror

import (
	"net/http"
	"strconv"
	"time"
)

// longestPause bounds what a desk, or whoever answers in its place, may ask for.
const longestPause = time.Hour

// Pause is an answer that asks to be left alone for a while: a desk's, or that of a gateway before it.
type Pause struct {
	After time.Duration
	Err   error
}

// Error is what the answer was.
func (p *Pause) Error() string { return p.Err.Error() }

// Unwrap is what the answer was.
func (p *Pause) Unwrap() error { return p.Err }

// Paused gives an error about an answer back together with the pause that its Retry-After asks for, in seconds or as a date (RFC 9110
// section 10.2.3); as it is where there is none.
func Paused(err error, h http.Header, now time.Time) error {
	text := h.Get("Retry-After")
	wait := time.Duration(0)
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		wait = time.Duration(seconds) * time.Second
	} else if at, err := http.ParseTime(text); err == nil {
		wait = at.Sub(now)
	}
	if wait <= 0 {
		return err
	}
	return &Pause{After: min(wait, longestPause), Err: err}
}
