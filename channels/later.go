package channels

import (
	"errors"
	"net/http"
	"strconv"
	"time"
)

// longestAfter bounds what a provider, or whoever answers in its place, may ask for.
const longestAfter = time.Hour

// RetryAfter is how long the answer asks to be left alone, in seconds or as a date (RFC 9110 section 10.2.3), but at most an hour;
// 0 where it does not say.
func RetryAfter(h http.Header, now time.Time) time.Duration {
	text := h.Get("Retry-After")
	if text == "" {
		return 0
	}
	wait := longestAfter
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		wait = time.Duration(seconds) * time.Second
	} else if at, err := http.ParseTime(text); err == nil {
		wait = at.Sub(now)
	} else {
		return 0
	}
	return min(max(wait, 0), longestAfter)
}

// Busy is an answer that asks to be left alone for a while: a provider's, or that of a gateway before it.
type Busy struct {
	After time.Duration
	Err   error
}

// Error is what the answer was.
func (b *Busy) Error() string { return b.Err.Error() }

// Unwrap is what the answer was.
func (b *Busy) Unwrap() error { return b.Err }

// Told gives an error about an answer back together with the wait that the answer asks for, where it does.
func Told(err error, h http.Header, now time.Time) error {
	if after := RetryAfter(h, now); after > 0 {
		return &Busy{After: after, Err: err}
	}
	return err
}

// Wait is how long an error asks to be left alone at least; 0 where it does not say.
func Wait(err error) time.Duration {
	var busy *Busy
	var refused *SendError
	wait := time.Duration(0)
	if errors.As(err, &busy) {
		wait = busy.After
	}
	if errors.As(err, &refused) {
		wait = max(wait, refused.After)
	}
	return wait
}
