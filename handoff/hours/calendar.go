// Package hours is the arithmetic of opening hours: a calendar of weekly spans, holidays and make-up workdays in a time
// zone, when it opens and closes, and how much working time lies between two moments. It is pure: no clock, no database, no
// files; it reads and writes calendars as text and reads the files in which states publish their holidays.
package hours

import (
	"slices"
	"time"
)

// A Span is a time of the day in minutes since the midnight on which that day begins. It belongs to the day on which it
// begins; To may lie past the next midnight, but no more than 24 hours after From.
type Span struct{ From, To int }

const (
	dayMinutes = 24 * 60

	// maxSpans is how many spans a day may have.
	maxSpans = 8
)

// A Week has the spans of each weekday, by time.Weekday.
type Week [7][]Span

// Empty tells whether no day of the week has a span.
func (w Week) Empty() bool {
	return !slices.ContainsFunc(w[:], func(spans []Span) bool { return len(spans) > 0 })
}

// A Date is a day of the calendar, without a time zone.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf is the date of a moment in its own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// Plus is the date so many days later.
func (d Date) Plus(days int) Date {
	return DateOf(time.Date(d.Year, d.Month, d.Day+days, 0, 0, 0, 0, time.UTC))
}

// Weekday of the date.
func (d Date) Weekday() time.Weekday {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Weekday()
}

// Compare orders dates.
func (d Date) Compare(other Date) int { return d.number() - other.number() }

func (d Date) number() int { return (d.Year*12+int(d.Month))*31 + d.Day }

// Kind is what an exceptional day is.
type Kind string

// The kinds of an exceptional day.
const (
	Closed Kind = "closed" // nobody works
	Open   Kind = "open"   // has spans of its own
	Like   Kind = "like"   // works like a given weekday: 调休
)

// A Day is one that does not follow the week: a holiday, a short day, a weekend day that is worked.
type Day struct {
	Date  Date
	Kind  Kind
	Name  string
	Like  time.Weekday // of a day like another
	Spans []Span       // of an open day
}

// A Calendar tells when somebody works. The zero Calendar never opens. It does not change once made.
type Calendar struct {
	zone   *time.Location
	week   Week
	days   map[Date]Day
	always bool
	never  bool
}

// New makes a calendar. Of several exceptions on one date the last counts.
func New(zone *time.Location, week Week, days []Day) *Calendar {
	c := &Calendar{zone: zone, days: make(map[Date]Day, len(days))}
	for i, spans := range week {
		c.week[i] = sorted(spans)
	}
	for _, d := range days {
		d.Spans = sorted(d.Spans)
		c.days[d.Date] = d
	}
	c.always = len(days) == 0 && !slices.ContainsFunc(c.week[:], func(s []Span) bool { return !wholeDay(s) })
	c.never = week.Empty() && !slices.ContainsFunc(days, func(d Day) bool { return len(d.Spans) > 0 })
	return c
}

// Always is the calendar of those who never close.
func Always() *Calendar {
	var w Week
	for i := range w {
		w[i] = []Span{{0, dayMinutes}}
	}
	return New(time.UTC, w, nil)
}

func sorted(spans []Span) []Span {
	spans = slices.Clone(spans)
	slices.SortFunc(spans, func(a, b Span) int { return a.From - b.From })
	return spans
}

func wholeDay(spans []Span) bool { return len(spans) == 1 && spans[0] == Span{0, dayMinutes} }

// AlwaysOpen tells whether the calendar never closes.
func (c *Calendar) AlwaysOpen() bool { return c.always }

// Zone is the calendar's time zone.
func (c *Calendar) Zone() *time.Location {
	if c.zone == nil {
		return time.UTC
	}
	return c.zone
}

// Week is the calendar's week, each day's spans in their order.
func (c *Calendar) Week() Week { return c.week }

// Days are the exceptions by date.
func (c *Calendar) Days() []Day {
	days := make([]Day, 0, len(c.days))
	for _, d := range c.days {
		days = append(days, d)
	}
	slices.SortFunc(days, func(a, b Day) int { return a.Date.Compare(b.Date) })
	return days
}

// Spans are the spans of a date, and the exception that makes them, if one does.
func (c *Calendar) Spans(d Date) ([]Span, *Day) {
	day, exceptional := c.days[d]
	switch {
	case !exceptional:
		return c.week[d.Weekday()], nil
	case day.Kind == Like:
		return c.week[day.Like], &day
	case day.Kind == Open:
		return day.Spans, &day
	default:
		return nil, &day
	}
}
