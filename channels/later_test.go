package channels

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"
)

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Duration{
		"":                              0,
		"0":                             0,
		"7":                             7 * time.Second,
		"-7":                            0,
		"3600":                          time.Hour,
		"86400":                         time.Hour,
		"99999999999999999999":          0,
		"soon":                          0,
		"Sun, 22 Nov 2026 10:00:30 GMT": 30 * time.Second,
		"Sun, 22 Nov 2026 09:00:30 GMT": 0,
		"Mon, 23 Nov 2026 09:00:30 GMT": time.Hour,
	} {
		if got := RetryAfter(http.Header{"Retry-After": {text}}, now); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func TestWaits(t *testing.T) {
	garbled := errors.New("garbled")
	now := time.Now()
	busy := fmt.Errorf("get access token: %w", Told(garbled, http.Header{"Retry-After": {"90"}}, now))
	for name, c := range map[string]struct {
		err  error
		want time.Duration
	}{
		"nothing":                 {nil, 0},
		"an error":                {garbled, 0},
		"told nothing":            {Told(garbled, http.Header{}, now), 0},
		"told, and wrapped":       {busy, 90 * time.Second},
		"told, beside others":     {errors.Join(garbled, busy), 90 * time.Second},
		"a refusal's own":         {&SendError{After: time.Minute}, time.Minute},
		"a refusal's, longer":     {&SendError{After: time.Hour, Err: busy}, time.Hour},
		"a refusal's, shorter":    {&SendError{After: time.Second, Err: busy}, 90 * time.Second},
		"a refusal's of an error": {&SendError{Err: garbled}, 0},
	} {
		if got := Wait(c.err); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	if !errors.Is(busy, garbled) || busy.Error() != "get access token: garbled" {
		t.Errorf("%v", busy)
	}
}

func FuzzRetryAfter(f *testing.F) {
	for _, seed := range []string{"", "7", "-1", "Sun, 22 Nov 2026 10:00:30 GMT", "4294967296"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if got := RetryAfter(http.Header{"Retry-After": {text}}, time.Unix(0, 0)); got < 0 || got > time.Hour {
			t.Errorf("%q: %v", text, got)
		}
	})
}
