package mirror

import (
	"errors"
	"net/http"
	"testing"
	"time"
)

func TestPauses(t *testing.T) {
	now := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	down := errors.New("down")
	for text, want := range map[string]time.Duration{
		"": 0, "0": 0, "7": 7 * time.Second, "-7": 0, "86400": time.Hour, "99999999999999999999": 0, "soon": 0,
		"Sun, 22 Nov 2026 10:00:30 GMT": 30 * time.Second, "Sun, 22 Nov 2026 09:00:30 GMT": 0, "Mon, 23 Nov 2026 09:00:30 GMT": time.Hour,
	} {
		err := Paused(down, http.Header{"Retry-After": {text}}, now)
		var pause *Pause
		switch {
		case !errors.Is(err, down) || err.Error() != "down":
			t.Errorf("%q: %v", text, err)
		case errors.As(err, &pause) != (want > 0) || want > 0 && pause.After != want:
			t.Errorf("%q: %+v, want %v", text, err, want)
		}
	}
}

func FuzzPaused(f *testing.F) {
	for _, seed := range []string{"", "7", "-1", "Sun, 22 Nov 2026 10:00:30 GMT", "4294967296"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var pause *Pause
		if err := Paused(errors.New("x"), http.Header{"Retry-After": {text}}, time.Unix(0, 0)); errors.As(err, &pause) && (pause.After <= 0 || pause.After > time.Hour) {
			t.Errorf("%q: %v", text, pause.After)
		}
	})
}
