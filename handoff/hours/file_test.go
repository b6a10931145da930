package hours_test

import (
	"strings"
	"testing"

	"huiyin/handoff/hours"
)

const october = "2026-10-01..2026-10-02 closed 国庆节\n2026-10-10 like mon 国庆节"

func TestFilesOfHolidays(t *testing.T) {
	for _, c := range []struct{ name, file, data, want string }{
		{"our own", "a.csv", "\uFEFFdate,kind,name,like,spans\n2026-10-01..2026-10-02,holiday,国庆节,,\n2026-10-10,workday,国庆节,,\n2026-12-24,open,\"Christmas, Eve\",,09:00-12:00 13:00-14:00\n",
			october + "\n2026-12-24 09:00-12:00 13:00-14:00 Christmas, Eve"},
		{"columns in another order, 休 and 班", "", "Date,Name,Kind,Like\r\n2026-10-01,国庆节,休,\r\n2026-10-10,国庆节,班,fri\r\n", "2026-10-01 closed 国庆节\n2026-10-10 like fri 国庆节"},
		{"JSON as China's holidays are published", "2026.json", `{"$schema":"x","year":2026,"papers":[],"days":[{"name":"国庆节","date":"2026-10-10","isOffDay":false},
 {"name":"国庆节","date":"2026-10-01","isOffDay":true},{"name":"国庆节","date":"2026-10-02","isOffDay":true}]}`, october},
		{"JSON with our kinds", "", `[{"date":"2026-10-01..2026-10-02","kind":"closed","name":"国庆节"},{"date":"2026-10-10","kind":"like","like":"mon","name":"国庆节"}]`, october},
		{"iCalendar", "a.ics", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261001\r\nDTEND;VALUE=DATE:20261003\r\nSUMMARY:国庆\r\n 节\r\nEND:VEVENT\r\n" +
			"BEGIN:VEVENT\r\nDTSTART:20261010\r\nSUMMARY;X=\"a:b\":国庆节\r\nCATEGORIES:补班\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nDTSTART:20261012\r\nSTATUS:CANCELLED\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", october},
		{"iCalendar by its first line, an end before the start", "", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261225\nSUMMARY:Christmas\\, day\nEND:VEVENT\n", "2026-12-25 closed Christmas, day"},
		{"our text", "days.txt", october, october},
	} {
		t.Run(c.name, func(t *testing.T) {
			days, err := hours.ParseFile(c.file, []byte(c.data))
			if err != nil || hours.FormatDays(days) != c.want {
				t.Errorf("%v\n%s", err, hours.FormatDays(days))
			}
		})
	}
}

func TestFilesThatAreRefused(t *testing.T) {
	event := func(lines string) string { return "BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + lines + "\nEND:VEVENT\n" }
	for _, c := range []struct{ name, file, data, wrong string }{
		{"nothing", "a.csv", "", "names the columns"},
		{"no days", "a.csv", "date,kind\n", "no days"},
		{"no kind", "a.csv", "date,name\n2026-10-01,x\n", "column kind"},
		{"an unknown kind names its line", "a.csv", "date,kind\n2026-10-01,holiday\n2026-10-02,maybe\n", "line 3"},
		{"a broken quote", "a.csv", "date,kind\n\"2026-10-01,holiday\n", "quote"},
		{"a date twice", "a.csv", "date,kind\n2026-10-01,holiday\n2026-10-01,workday\n", "twice"},
		{"no JSON", "a.json", "{", "no JSON"},
		{"JSON without a kind", "a.json", `[{"date":"2026-10-01"}]`, "day 1"},
		{"an event with a time", "a.ics", event("DTSTART:20261001T090000Z\nSUMMARY:Call"), "whole day"},
		{"an event that recurs", "a.ics", event("DTSTART:20261001\nSUMMARY:New Year\nRRULE:FREQ=YEARLY"), "recurs"},
		{"an event without a start", "a.ics", event("SUMMARY:Some day"), "DTSTART"},
		{"an event of years", "a.ics", event("DTSTART:20200101\nDTEND:20260101"), "longer than a year"},
		{"too large", "a.ics", strings.Repeat("x", 1<<20+1), "1 MB"},
	} {
		if _, err := hours.ParseFile(c.file, []byte(c.data)); err == nil || !strings.Contains(err.Error(), c.wrong) {
			t.Errorf("%s: %v, want %q", c.name, err, c.wrong)
		}
	}
}

// The arrangement of 2026 as it was published: how many days off each holiday has, and which weekend days are worked.
func TestChina2026(t *testing.T) {
	days, err := hours.ParseFile("china-2026.csv", hours.China2026())
	if err != nil {
		t.Fatal(err)
	}
	off := map[string]int{}
	var worked []string
	for _, d := range days {
		weekend := d.Date.Weekday() == 0 || d.Date.Weekday() == 6
		switch {
		case d.Kind == hours.Closed:
			off[d.Name]++
		case !weekend:
			t.Errorf("%s is no weekend day", d.Date)
		default:
			worked = append(worked, d.Date.String())
		}
	}
	for name, n := range map[string]int{"元旦": 3, "春节": 9, "清明节": 3, "劳动节": 5, "端午节": 3, "中秋节": 3, "国庆节": 7} {
		if off[name] != n {
			t.Errorf("%s: %d days off, want %d", name, off[name], n)
		}
	}
	if got := strings.Join(worked, " "); got != "2026-01-04 2026-02-14 2026-02-28 2026-05-09 2026-09-20 2026-10-10" {
		t.Errorf("worked: %s", got)
	}
}

func FuzzFile(f *testing.F) {
	f.Add("a.csv", string(hours.China2026()))
	f.Add("", `{"days":[{"date":"2026-10-01","isOffDay":true}]}`)
	f.Add("a.ics", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART;VALUE=DATE:20261001\nDTEND:20261003\nSUMMARY:a\n b\nEND:VEVENT\n")
	f.Fuzz(func(t *testing.T, name, data string) {
		days, err := hours.ParseFile(name, []byte(data))
		if err != nil {
			return
		}
		again, err := hours.ParseDays(hours.FormatDays(days))
		if err != nil || len(again) != len(days) {
			t.Fatalf("%v\n%s", err, hours.FormatDays(days))
		}
	})
}
