package hours

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// The text of exceptions is a line for each day, or for several days in a row that are alike:
//
//	2026-10-01..2026-10-07 closed 国庆节
//	2026-10-10 like mon 国庆节
//	2026-12-24 09:00-12:00 Christmas Eve
//
// A line is a date or a range of dates, what the day is, and its name.

const (
	// maxDays is how many exceptions a calendar may have.
	maxDays = 2000

	// maxRange is how many days one line may stand for.
	maxRange = 366

	// maxName is how long a day's name may be.
	maxName = 60

	// makeUp is the weekday that a make-up workday works like when nothing says which.
	makeUp = time.Monday
)

// ParseDays reads the text of exceptions, by date. Its errors are for whoever wrote it.
func ParseDays(text string) ([]Day, error) {
	var days []Day
	n := 0
	for line := range strings.Lines(text) {
		n++
		words := strings.Fields(line)
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		some, err := parseDayLine(words)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		days = append(days, some...)
		if len(days) > maxDays {
			return nil, errTooMany
		}
	}
	return byDate(days)
}

var errTooMany = errors.New("there are more than 2000 days")

func parseDayLine(words []string) ([]Day, error) {
	if len(words) == 1 {
		return nil, fmt.Errorf("%q: write a date and closed, like mon, or times", words[0])
	}
	first, last, err := parseRange(words[0])
	if err != nil {
		return nil, err
	}
	day, rest, err := parseWhat(words[1:])
	if err != nil {
		return nil, err
	}
	if day.Name, err = cleanName(strings.Join(rest, " ")); err != nil {
		return nil, err
	}
	return repeat(day, first, last), nil
}

// parseWhat reads what a day is; the words after it are its name.
func parseWhat(words []string) (d Day, rest []string, err error) {
	switch strings.ToLower(words[0]) {
	case string(Closed):
		return Day{Kind: Closed}, words[1:], nil
	case string(Like):
		if len(words) < 2 || placeOf(strings.ToLower(words[1])) < 0 {
			return d, nil, errors.New("after like stands the weekday it works like, such as mon")
		}
		return Day{Kind: Like, Like: weekdays[placeOf(strings.ToLower(words[1]))].day}, words[2:], nil
	}
	n := 0
	for n < len(words) {
		s, ok := parseSpan(words[n])
		if !ok {
			break
		}
		d.Spans = append(d.Spans, s)
		n++
	}
	if n == 0 {
		return d, nil, fmt.Errorf("%q: write closed, like mon, or times such as 09:00-12:00", words[0])
	}
	d.Kind, d.Spans = Open, sorted(d.Spans)
	return d, words[n:], checkSpans(d.Spans)
}

// cleanName takes a name as a line can hold it.
func cleanName(name string) (string, error) {
	name = strings.Join(strings.Fields(strings.ToValidUTF8(name, "")), " ")
	if utf8.RuneCountInString(name) > maxName {
		return "", errors.New("a name may have 60 characters")
	}
	first, _, _ := strings.Cut(name, " ")
	if _, isSpan := parseSpan(first); isSpan {
		return "", errors.New("a name cannot begin with a time")
	}
	return name, nil
}

// parseRange reads 2026-10-01 or 2026-10-01..2026-10-07.
func parseRange(text string) (first, last Date, err error) {
	from, to, isRange := strings.Cut(text, "..")
	if first, err = ParseDate(from); err != nil || !isRange {
		return first, first, err
	}
	if last, err = ParseDate(to); err != nil {
		return first, last, err
	}
	if last.Compare(first) < 0 || first.Plus(maxRange).Compare(last) <= 0 {
		return first, last, fmt.Errorf("%q: the last day comes after the first, within a year", text)
	}
	return first, last, nil
}

// ParseDate reads a date such as 2026-10-01.
func ParseDate(text string) (Date, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil || t.Year() < 1900 || t.Year() > 2999 {
		return Date{}, fmt.Errorf("%q is no date such as 2026-10-01", text)
	}
	return DateOf(t), nil
}

func repeat(day Day, first, last Date) (days []Day) {
	for d := first; d.Compare(last) <= 0; d = d.Plus(1) {
		day.Date = d
		days = append(days, day)
	}
	return days
}

// byDate orders days and refuses a date that is there twice with a different meaning.
func byDate(days []Day) ([]Day, error) {
	slices.SortStableFunc(days, func(a, b Day) int { return a.Date.Compare(b.Date) })
	for i := 1; i < len(days); i++ {
		if days[i].Date == days[i-1].Date && !days[i].works(days[i-1]) {
			return nil, fmt.Errorf("%s is there twice and not the same", days[i].Date)
		}
	}
	days = slices.CompactFunc(days, func(a, b Day) bool { return a.Date == b.Date })
	if len(days) > maxDays {
		return nil, errTooMany
	}
	return days, nil
}

// works tells whether people work on both days at the same times.
func (d Day) works(other Day) bool {
	return d.Kind == other.Kind && d.Like == other.Like && slices.Equal(d.Spans, other.Spans)
}

// Same tells whether two exceptions are the same in everything.
func (d Day) Same(other Day) bool {
	return d.Date == other.Date && d.Name == other.Name && d.works(other)
}

// String writes a date as 2026-10-01.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// FormatDays writes exceptions as ParseDays reads them: days in a row that are alike on one line.
func FormatDays(days []Day) string {
	days = slices.Clone(days)
	slices.SortStableFunc(days, func(a, b Day) int { return a.Date.Compare(b.Date) })
	var lines []string
	for i := 0; i < len(days); {
		last := i
		for last+1 < len(days) && last-i < maxRange-1 && continues(days[last], days[last+1]) {
			last++
		}
		date := days[i].Date.String()
		if last > i {
			date += ".." + days[last].Date.String()
		}
		lines = append(lines, strings.TrimSpace(date+" "+days[i].what()+" "+days[i].Name))
		i = last + 1
	}
	return strings.Join(lines, "\n")
}

func continues(a, b Day) bool {
	return a.Date.Plus(1) == b.Date && a.Name == b.Name && a.works(b)
}

// what is a day's kind as its line has it.
func (d Day) what() string {
	switch d.Kind {
	case Like:
		return string(Like) + " " + WeekdayWord(d.Like)
	case Open:
		return strings.TrimSpace(joinSpans(d.Spans, "-"))
	default:
		return string(Closed)
	}
}

// WeekdayWord is the word that texts have for a weekday, such as mon.
func WeekdayWord(day time.Weekday) string { return weekdays[(int(day)+6)%len(weekdays)].word }

// WeekdayOf is the weekday of such a word.
func WeekdayOf(word string) (time.Weekday, bool) {
	if i := placeOf(strings.ToLower(word)); i >= 0 {
		return weekdays[i].day, true
	}
	return 0, false
}
