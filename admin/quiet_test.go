package admin

import (
	"testing"
	"time"
)

func TestQuietHours(t *testing.T) {
	for name, c := range map[string]struct {
		from, to string
		hour     int
		quiet    bool
	}{
		"never":               {"", "", 3, false},
		"over midnight, late": {"22:00", "07:00", 23, true},
		"over midnight, soon": {"22:00", "07:00", 6, true},
		"over midnight, day":  {"22:00", "07:00", 7, false},
		"within a day":        {"12:00", "14:00", 13, true},
		"after":               {"12:00", "14:00", 14, false},
		"nothing at all":      {"12:00", "12:00", 12, false},
		"not a time":          {"x", "07:00", 3, false},
	} {
		if got := (noticeWishes{QuietFrom: c.from, QuietTo: c.to}).quiet(time.Date(2026, 11, 22, c.hour, 0, 0, 0, time.UTC)); got != c.quiet {
			t.Errorf("%s: %v", name, got)
		}
	}
}
