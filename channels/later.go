package channels

import (
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
