package hours_test

import (
	"testing"
	"time"

	"huiyin/handoff/hours"
)

// calendar makes one from its texts.
func calendar(t testing.TB, zone, week, days string) *hours.Calendar {
	t.Helper()
	place, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	w, err := hours.ParseWeek(week)
	if err != nil {
		t.Fatal(err)
	}
	list, err := hours.ParseDays(days)
	if err != nil {
		t.Fatal(err)
	}
	return hours.New(place, w, list)
}

const (
	office   = "mon-fri 08:30-12:00 13:30-18:00"
	national = "2026-10-01..2026-10-07 closed 国庆节\n2026-10-10 like mon 国庆节\n2026-12-24 09:00-12:00 Christmas Eve"
)

// at reads a moment as the clock of the zone shows it; with an offset it is unmistakable.
func at(t testing.TB, zone, text string) time.Time {
	t.Helper()
	if got, err := time.Parse(time.RFC3339, text); err == nil {
		return got
	}
	place, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	got, err := time.ParseInLocation("2006-01-02 15:04", text, place)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestWhenItOpensAndCloses(t *testing.T) {
	for _, c := range []struct{ name, zone, week, days, at, next, until string }{
		{"open in the morning until lunch", "Asia/Shanghai", office, "", "2026-11-20 09:00", "2026-11-20 09:00", "2026-11-20 12:00"},
		{"the minute of opening is open", "Asia/Shanghai", office, "", "2026-11-20 08:30", "2026-11-20 08:30", "2026-11-20 12:00"},
		{"the minute of closing is closed", "Asia/Shanghai", office, "", "2026-11-20 12:00", "2026-11-20 13:30", ""},
		{"Friday evening: Monday", "Asia/Shanghai", office, "", "2026-11-20 18:00", "2026-11-23 08:30", ""},
		{"the night before a holiday: after it", "Asia/Shanghai", office, national, "2026-09-30 20:00", "2026-10-08 08:30", ""},
		{"a make-up Saturday is worked like a Monday", "Asia/Shanghai", office, national, "2026-10-10 14:00", "2026-10-10 14:00", "2026-10-10 18:00"},
		{"the Saturday after is not", "Asia/Shanghai", office, national, "2026-10-17 14:00", "2026-10-19 08:30", ""},
		{"a short day has its own spans", "Asia/Shanghai", office, national, "2026-12-24 12:30", "2026-12-25 08:30", ""},
		{"over midnight", "Asia/Shanghai", "fri 22:00-02:00", "", "2026-11-21 01:00", "2026-11-21 01:00", "2026-11-21 02:00"},
		{"over midnight into a holiday", "Asia/Shanghai", "wed 22:00-02:00", national, "2026-10-01 01:00", "2026-10-01 01:00", "2026-10-01 02:00"},
		{"a holiday's own night does not begin", "Asia/Shanghai", "thu 22:00-02:00", national, "2026-10-01 23:00", "2026-10-08 22:00", ""},
		{"days that touch are one stretch", "Asia/Shanghai", "sat-sun 00:00-24:00\nmon 00:00-09:00", "", "2026-11-21 03:00", "2026-11-21 03:00", "2026-11-23 09:00"},
		{"over year's end", "Asia/Shanghai", "thu 20:00-04:00", "", "2027-01-01 02:00", "2027-01-01 02:00", "2027-01-01 04:00"},
		{"all week: never closes", "Asia/Shanghai", "mon-sun 00:00-24:00", "", "2026-11-20 03:00", "2026-11-20 03:00", ""},
		{"all week but a holiday", "Asia/Shanghai", "mon-sun 00:00-24:00", national, "2026-09-20 03:00", "2026-09-20 03:00", "2026-10-01 00:00"},
		{"never opens", "Asia/Shanghai", "", "", "2026-11-20 03:00", "", ""},
		{"clocks go forward past the opening", "Europe/Berlin", "sun 02:30-06:00", "", "2026-03-28 12:00", "2026-03-29T03:00:00+02:00", ""},
		{"clocks go forward past the closing", "Europe/Berlin", "sun 01:00-02:30", "", "2026-03-29 01:30", "2026-03-29 01:30", "2026-03-29T03:00:00+02:00"},
		{"clocks go back: it opens at the first half past two", "Europe/Berlin", "sun 02:30-06:00", "", "2026-10-24 12:00", "2026-10-25T02:30:00+02:00", ""},
		{"a zone without that midnight opens with the day", "America/Santiago", "sun 00:00-12:00", "", "2026-09-05 12:00", "2026-09-06T01:00:00-03:00", ""},
		{"asked in another zone", "America/New_York", "mon-fri 09:00-17:00", "", "2026-11-20T22:30:00Z", "2026-11-23T14:00:00Z", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			cal, now := calendar(t, c.zone, c.week, c.days), at(t, c.zone, c.at)
			next, opens := cal.Next(now)
			if opens != (c.next != "") || opens && !next.Equal(at(t, c.zone, c.next)) {
				t.Errorf("next %s %v, want %s", next, opens, c.next)
			}
			if open := opens && next.Equal(now); cal.Open(now) != open {
				t.Errorf("open %v, want %v", cal.Open(now), open)
			}
			until, closes := cal.Until(now)
			if closes != (c.until != "") || closes && !until.Equal(at(t, c.zone, c.until)) {
				t.Errorf("until %s %v, want %s", until, closes, c.until)
			}
		})
	}
}

func TestWorkingTime(t *testing.T) {
	for _, c := range []struct {
		name, zone, week, days, from string
		d                            time.Duration
		to                           string
	}{
		{"within the morning", "Asia/Shanghai", office, "", "2026-11-20 09:00", time.Hour, "2026-11-20 10:00"},
		{"to the very closing", "Asia/Shanghai", office, "", "2026-11-20 09:00", 3 * time.Hour, "2026-11-20 12:00"},
		{"over lunch", "Asia/Shanghai", office, "", "2026-11-20 11:30", time.Hour, "2026-11-20 14:00"},
		{"over night and the weekend", "Asia/Shanghai", office, "", "2026-11-20 17:30", time.Hour, "2026-11-23 09:00"},
		{"asked at night", "Asia/Shanghai", office, "", "2026-11-20 03:00", 30 * time.Minute, "2026-11-20 09:00"},
		{"over National Day and its make-up Saturday", "Asia/Shanghai", office, national, "2026-09-30 17:00", 25 * time.Hour, "2026-10-10 18:00"},
		{"over a short day", "Asia/Shanghai", office, national, "2026-12-23 17:00", 5 * time.Hour, "2026-12-25 09:30"},
		{"over midnight and year's end", "Asia/Shanghai", "mon-sun 20:00-04:00", "", "2026-12-31 23:00", 6 * time.Hour, "2027-01-01 21:00"},
		{"spans that overlap count once", "Asia/Shanghai", "fri 20:00-06:00\nsat 04:00-08:00", "", "2026-11-20 20:00", 12 * time.Hour, "2026-11-21 08:00"},
		{"the night is an hour short", "Europe/Berlin", "mon-sun 00:00-24:00", "", "2026-03-28 12:00", 24 * time.Hour, "2026-03-29 13:00"},
		{"the night is an hour long", "Europe/Berlin", "mon-sun 00:00-24:00\n", "2026-01-01 closed", "2026-10-24 12:00", 24 * time.Hour, "2026-10-25 11:00"},
		{"a night shift gets longer too", "Europe/Berlin", "sat 22:00-06:00", "", "2026-10-24 22:00", 9 * time.Hour, "2026-10-25 06:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cal, from, want := calendar(t, c.zone, c.week, c.days), at(t, c.zone, c.from), at(t, c.zone, c.to)
			if got, ok := cal.Add(from, c.d); !ok || !got.Equal(want) {
				t.Errorf("Add: %s %v, want %s", got, ok, want)
			}
			if got := cal.Between(from, want); got != c.d {
				t.Errorf("Between: %s, want %s", got, c.d)
			}
			if got := cal.Between(want, from); got != 0 {
				t.Errorf("backwards: %s", got)
			}
		})
	}
}

func TestTheEdgesOfWorkingTime(t *testing.T) {
	now := time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)
	var never hours.Calendar
	for name, cal := range map[string]*hours.Calendar{"zero": &never, "empty": calendar(t, "UTC", "", "2026-10-01 closed")} {
		if _, ok := cal.Add(now, time.Minute); ok && name == "empty" {
			t.Errorf("%s adds", name)
		}
		if got := cal.Between(now, now.AddDate(1, 0, 0)); got != 0 {
			t.Errorf("%s: %s between", name, got)
		}
		if cal.Open(now) {
			t.Errorf("%s is open", name)
		}
	}
	if got, ok := never.Add(now, 0); !ok || !got.Equal(now) {
		t.Errorf("nothing added is %s", got)
	}
	all := hours.Always()
	if got, ok := all.Add(now, 48*time.Hour); !ok || !got.Equal(now.Add(48*time.Hour)) || !all.AlwaysOpen() || !all.Open(now) {
		t.Errorf("%s", got)
	}
	if got := all.Between(now, now.Add(time.Hour)); got != time.Hour {
		t.Errorf("%s", got)
	}
}

// What Add gives, Between measures, wherever it begins.
func TestAddAndBetweenAgree(t *testing.T) {
	for _, cal := range []*hours.Calendar{
		calendar(t, "Europe/Berlin", "mon-fri 07:15-12:00 12:30-16:00\nsat 21:00-05:00", national),
		calendar(t, "America/New_York", "sun-tue 22:00-06:00\nfri 00:00-24:00", ""),
		calendar(t, "Pacific/Apia", "mon-sun 23:00-01:00", ""),
	} {
		from := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
		for i := range 900 {
			from = from.Add(7*time.Hour + 13*time.Minute)
			d := time.Duration(i%97+1) * 11 * time.Minute
			to, ok := cal.Add(from, d)
			if got := cal.Between(from, to); !ok || got != d {
				t.Fatalf("%s + %s = %s, between %s", from, d, to, got)
			}
		}
	}
}

func BenchmarkAddOverAWeekend(b *testing.B) {
	cal := calendar(b, "Asia/Shanghai", office, national)
	from := at(b, "Asia/Shanghai", "2026-11-20 17:30")
	for b.Loop() {
		cal.Add(from, time.Hour)
	}
}
