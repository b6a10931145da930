package webchat

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
)

// span is a time of the day, on one weekday, in minutes since midnight; it ends by midnight.
type span struct {
	day      time.Weekday
	from, to int
}

const dayMinutes = 24 * 60

// weekdays in the order of the week, as they are written in the setting.
var weekdays = [...]struct {
	word string
	day  time.Weekday
	channels.Words
}{{"mon", time.Monday, channels.Words{Zh: "周一", En: "Mon"}}, {"tue", time.Tuesday, channels.Words{Zh: "周二", En: "Tue"}},
	{"wed", time.Wednesday, channels.Words{Zh: "周三", En: "Wed"}}, {"thu", time.Thursday, channels.Words{Zh: "周四", En: "Thu"}},
	{"fri", time.Friday, channels.Words{Zh: "周五", En: "Fri"}}, {"sat", time.Saturday, channels.Words{Zh: "周六", En: "Sat"}},
	{"sun", time.Sunday, channels.Words{Zh: "周日", En: "Sun"}}}

// parseHours reads lines such as "mon-fri 09:00-12:00 13:00-18:00"; from and to are places in weekdays.
func parseHours(lines []string) (rows []hoursRow, err error) {
	for _, line := range lines {
		words := strings.Fields(strings.ToLower(line))
		if len(words) == 0 {
			continue
		}
		row, err := parseHoursRow(words)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	if len(rows) > maxHours {
		return nil, errors.New("has more than 14 lines")
	}
	return rows, nil
}

const maxHours = 14

// hoursRow is one line: some days and their spans.
type hoursRow struct {
	first, last int
	times       [][2]int
}

func parseHoursRow(words []string) (row hoursRow, err error) {
	from, to, isRange := strings.Cut(words[0], "-")
	if !isRange {
		to = from
	}
	row.first, row.last = weekday(from), weekday(to)
	if row.first < 0 || row.last < row.first || len(words) == 1 {
		return row, fmt.Errorf("%q: write days and times such as mon-fri 09:00-18:00", strings.Join(words, " "))
	}
	for _, w := range words[1:] {
		a, b, ok := strings.Cut(w, "-")
		start, okA := minutes(a)
		end, okB := minutes(b)
		if !ok || !okA || !okB || end <= start {
			return row, fmt.Errorf("%q is no time such as 09:00-18:00; one that passes midnight is two", w)
		}
		row.times = append(row.times, [2]int{start, end})
	}
	return row, nil
}

func weekday(word string) int {
	for i, d := range weekdays {
		if d.word == word {
			return i
		}
	}
	return -1
}

// minutes reads "09:30" up to "24:00".
func minutes(text string) (int, bool) {
	h, m, ok := strings.Cut(text, ":")
	hour, errH := strconv.ParseUint(h, 10, 8)
	minute, errM := strconv.ParseUint(m, 10, 8)
	n := int(hour)*60 + int(minute)
	return n, ok && errH == nil && errM == nil && len(m) == 2 && minute < 60 && n <= dayMinutes
}

// hoursJSON are the opening hours as the visitor sees them.
type hoursJSON struct {
	Open    bool       `json:"open"`
	Text    string     `json:"text,omitempty"`
	OpensAt *time.Time `json:"opens_at,omitempty"`
}

// hoursOf tells the opening hours of an inbox that has some.
func hoursOf(inbox conversation.Inbox, now time.Time, chinese bool) *hoursJSON {
	rows, err := parseHours(kind().Lines(inbox, "hours"))
	zone, errZone := time.LoadLocation(kind().Value(inbox, "time_zone"))
	if err != nil || errZone != nil || len(rows) == 0 {
		return nil
	}
	now = now.In(zone)
	shown := &hoursJSON{Text: hoursText(rows, now, chinese), Open: openAt(rows, now)}
	if !shown.Open {
		shown.OpensAt = opensAfter(rows, now)
	}
	return shown
}

func spans(rows []hoursRow) (all []span) {
	for _, r := range rows {
		for i := r.first; i <= r.last; i++ {
			for _, t := range r.times {
				all = append(all, span{weekdays[i].day, t[0], t[1]})
			}
		}
	}
	return all
}

func openAt(rows []hoursRow, now time.Time) bool {
	at := now.Hour()*60 + now.Minute()
	return slices.ContainsFunc(spans(rows), func(s span) bool { return s.day == now.Weekday() && s.from <= at && at < s.to })
}

// opensAfter is the next opening by the wall clock of the place, within a week.
func opensAfter(rows []hoursRow, now time.Time) *time.Time {
	var next *time.Time
	for ahead := range 8 {
		y, m, d := now.AddDate(0, 0, ahead).Date()
		day := time.Date(y, m, d, 12, 0, 0, 0, now.Location()).Weekday()
		for _, s := range spans(rows) {
			at := time.Date(y, m, d, 0, s.from, 0, 0, now.Location())
			if s.day == day && at.After(now) && (next == nil || at.Before(*next)) {
				next = &at
			}
		}
		if next != nil {
			return next
		}
	}
	return nil
}

// hoursText says the hours in words, and how far the place's clock is from Greenwich.
func hoursText(rows []hoursRow, now time.Time, chinese bool) string {
	word := func(w channels.Words) string {
		if chinese {
			return w.Zh
		}
		return w.En
	}
	var parts []string
	for _, r := range rows {
		days := word(weekdays[r.first].Words)
		if r.last > r.first {
			days += map[bool]string{true: "至", false: "–"}[chinese] + word(weekdays[r.last].Words)
		}
		for _, t := range r.times {
			days += fmt.Sprintf(" %02d:%02d–%02d:%02d", t[0]/60, t[0]%60, t[1]/60, t[1]%60)
		}
		parts = append(parts, days)
	}
	separator := map[bool]string{true: "，", false: ", "}[chinese]
	return strings.Join(parts, separator) + now.Format(" (UTC-07:00)")
}
