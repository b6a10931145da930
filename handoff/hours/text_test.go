package hours_test

import (
	"strings"
	"testing"
	"time"

	"huiyin/handoff/hours"
)

func TestWeeksAsText(t *testing.T) {
	for _, c := range []struct{ text, printed, zh, en string }{
		{"MON-fri 8:30-12:00 13:30-18:00\n\nsat 22:00-02:00", "mon-fri 08:30-12:00 13:30-18:00\nsat 22:00-02:00",
			"周一至周五 08:30–12:00 13:30–18:00，周六 22:00–02:00", "Mon–Fri 08:30–12:00 13:30–18:00, Sat 22:00–02:00"},
		{"fri-mon 13:00-18:00 09:00-12:00", "mon 09:00-12:00 13:00-18:00\nfri-sun 09:00-12:00 13:00-18:00",
			"周一 09:00–12:00 13:00–18:00，周五至周日 09:00–12:00 13:00–18:00", "Mon 09:00–12:00 13:00–18:00, Fri–Sun 09:00–12:00 13:00–18:00"},
		{"mon-sun 00:00-24:00", "mon-sun 00:00-24:00", "周一至周日 00:00–24:00", "Mon–Sun 00:00–24:00"},
		{"", "", "", ""},
	} {
		w, err := hours.ParseWeek(c.text)
		if err != nil || w.String() != c.printed || w.Words(true) != c.zh || w.Words(false) != c.en {
			t.Errorf("%q: %v %q %q %q", c.text, err, w, w.Words(true), w.Words(false))
		}
	}
	for text, wrong := range map[string]string{
		"mon": "write days", "someday 09:00-10:00": "write days", "mon 9-10": "no time", "mon 09:00-24:01": "no time", "mon 24:00-09:00": "no time",
		"mon 09:00-09:00": "no time", "mon 09:60-10:00": "no time", "mon 09:00-12:00 11:00-13:00": "overlap",
		strings.Repeat("mon 09:00-09:01\n", 15): "14 lines",
		"mon 00:00-00:01 01:00-01:01 02:00-02:01 03:00-03:01 04:00-04:01 05:00-05:01 06:00-06:01 07:00-07:01 08:00-08:01": "8 spans",
	} {
		if _, err := hours.ParseWeek(text); err == nil || !strings.Contains(err.Error(), wrong) {
			t.Errorf("%q: %v, want %q", text, err, wrong)
		}
	}
}

func TestExceptionsAsText(t *testing.T) {
	text := "# of the year\n2026-10-10 LIKE mon 国庆节 调休\n2026-10-01..2026-10-03 closed 国庆节\n2026-10-04 closed 国庆节\n2026-12-24 13:00-14:00 09:00-12:00 Christmas Eve\n2026-12-31 closed"
	want := "2026-10-01..2026-10-04 closed 国庆节\n2026-10-10 like mon 国庆节 调休\n2026-12-24 09:00-12:00 13:00-14:00 Christmas Eve\n2026-12-31 closed"
	days, err := hours.ParseDays(text)
	if err != nil || hours.FormatDays(days) != want || len(days) != 7 {
		t.Fatalf("%v\n%s", err, hours.FormatDays(days))
	}
	for text, wrong := range map[string]string{
		"2026-10-01": "write a date", "2026-13-01 closed": "no date", "2026-02-30 closed": "no date", "0026-02-03 closed": "no date",
		"2026-10-07..2026-10-01 closed": "comes after", "2026-10-01..2028-10-01 closed": "within a year", "2026-10-01 open": "write closed",
		"2026-10-01 like": "weekday", "2026-10-01 like someday": "weekday", "2026-10-01 closed " + strings.Repeat("长", 61): "60 characters",
		"2026-10-01 closed 09:00-10:00": "begin with a time", "2026-10-01 closed\n2026-10-01 like mon": "twice",
		"2026-10-01 09:00-12:00 10:00-11:00": "overlap",
		"2020-01-01..2020-12-31 closed\n2021-01-01..2021-12-31 closed\n2022-01-01..2022-12-31 closed\n2023-01-01..2023-12-31 closed\n2024-01-01..2024-12-31 closed\n2025-01-01..2025-12-31 closed": "2000 days",
	} {
		if _, err := hours.ParseDays(text); err == nil || !strings.Contains(err.Error(), wrong) {
			t.Errorf("%q: %v, want %q", text, err, wrong)
		}
	}
}

func TestWhenInWords(t *testing.T) {
	cal := calendar(t, "Asia/Shanghai", office, "")
	now := at(t, "Asia/Shanghai", "2026-11-20 12:30")
	for _, c := range []struct{ at, zh, en string }{
		{"2026-11-20 13:30", "今天 13:30", "today at 13:30"},
		{"2026-11-21 08:30", "明天 8:30", "tomorrow at 8:30"},
		{"2026-11-23 08:30", "周一 8:30", "Monday at 8:30"},
		{"2026-11-27 08:30", "11月27日（周五）8:30", "Friday, 27 November at 8:30"},
	} {
		when := at(t, "Asia/Shanghai", c.at).UTC()
		if zh, en := cal.When(when, now, true), cal.When(when, now, false); zh != c.zh || en != c.en {
			t.Errorf("%s: %q %q", c.at, zh, en)
		}
	}
}

func TestPartsOfACalendar(t *testing.T) {
	cal := calendar(t, "Asia/Shanghai", office, national)
	spans, day := cal.Spans(hours.Date{Year: 2026, Month: 10, Day: 10})
	if len(spans) != 2 || day == nil || day.Kind != hours.Like || day.Name != "国庆节" {
		t.Errorf("%v %v", spans, day)
	}
	if spans, day := cal.Spans(hours.Date{Year: 2026, Month: 10, Day: 1}); len(spans) != 0 || day == nil {
		t.Errorf("%v %v", spans, day)
	}
	if len(cal.Days()) != 9 || cal.Week().String() != office || cal.Zone().String() != "Asia/Shanghai" {
		t.Errorf("%v", cal.Days())
	}
	for _, day := range []time.Weekday{time.Sunday, time.Monday, time.Saturday} {
		if got, ok := hours.WeekdayOf(hours.WeekdayWord(day)); !ok || got != day {
			t.Errorf("%s: %s", day, got)
		}
	}
}

func FuzzTexts(f *testing.F) {
	f.Add(office, national)
	f.Add("fri-mon 22:00-02:00", "2026-10-01..2026-10-03 closed\n# no\n2026-12-24 09:00-12:00 x")
	f.Fuzz(func(t *testing.T, week, days string) {
		if w, err := hours.ParseWeek(week); err == nil {
			again, err := hours.ParseWeek(w.String())
			if err != nil || again.String() != w.String() {
				t.Fatalf("%q: %v %q %q", week, err, w, again)
			}
			cal := hours.New(time.UTC, w, nil)
			if next, ok := cal.Next(time.Unix(0, 0)); ok == w.Empty() || ok && !cal.Open(next) {
				t.Fatalf("%q: next %s %v", week, next, ok)
			}
		}
		if list, err := hours.ParseDays(days); err == nil {
			again, err := hours.ParseDays(hours.FormatDays(list))
			if err != nil || hours.FormatDays(again) != hours.FormatDays(list) {
				t.Fatalf("%q: %v\n%s\n%s", days, err, hours.FormatDays(list), hours.FormatDays(again))
			}
		}
	})
}
