package hours

import (
	"iter"
	"time"
)

// horizon is how many days ahead a calendar is looked through: who has not opened by then counts as never opening.
const horizon = 3700

// stretch is open time from one moment to another.
type stretch struct{ from, to time.Time }

// instant is the moment at which the clock of the place shows so many minutes past the midnight of a date. A time that comes
// twice, where clocks go back, is its first coming; one that a clock going forward leaves out is the moment of the leap.
func (c *Calendar) instant(d Date, minute int) time.Time {
	zone := c.Zone()
	wall := time.Date(d.Year, d.Month, d.Day, 0, minute, 0, 0, time.UTC)
	before, after := offset(wall.AddDate(0, 0, -1), zone), offset(wall.AddDate(0, 0, 1), zone)
	early, late := wall.Add(-before), wall.Add(-after)
	switch {
	case before == after || offset(early, zone) == before:
		return early.In(zone)
	case offset(late, zone) == after:
		return late.In(zone)
	}
	leap, _ := early.In(zone).ZoneBounds()
	return leap
}

func offset(t time.Time, zone *time.Location) time.Duration {
	_, seconds := t.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}

// stretches are the open stretches that end after a moment, in order and without overlap; neighbours that touch stay apart.
func (c *Calendar) stretches(after time.Time) iter.Seq[stretch] {
	return func(yield func(stretch) bool) {
		if c.never {
			return
		}
		first := DateOf(after.In(c.Zone())).Plus(-2) // a span reaches into the next day, and a zone may skip one
		until := after
		for ahead := range horizon {
			date := first.Plus(ahead)
			spans, _ := c.Spans(date)
			for _, s := range spans {
				open := stretch{c.instant(date, s.From), c.instant(date, s.To)}
				if !open.to.After(until) {
					continue
				}
				if open.from.Before(until) && until.After(after) {
					open.from = until
				}
				until = open.to
				if !yield(open) {
					return
				}
			}
		}
	}
}

// Open tells whether the calendar is open at a moment: from the minute of opening until just before that of closing.
func (c *Calendar) Open(t time.Time) bool {
	if c.always {
		return true
	}
	for s := range c.stretches(t) {
		return !s.from.After(t)
	}
	return false
}

// Next is the first moment, from t on, at which the calendar is open: t itself when it is open then. It is false when it
// never opens again.
func (c *Calendar) Next(t time.Time) (time.Time, bool) {
	if c.always {
		return t, true
	}
	for s := range c.stretches(t) {
		if s.from.After(t) {
			return s.from, true
		}
		return t, true
	}
	return time.Time{}, false
}

// Until is the moment at which the calendar, open at t, closes. It is false when it is closed at t, or never closes.
func (c *Calendar) Until(t time.Time) (time.Time, bool) {
	if c.always {
		return time.Time{}, false
	}
	end := t
	for s := range c.stretches(t) {
		if s.from.After(end) {
			return end, end.After(t)
		}
		end = s.to
		if end.Sub(t) > horizon/2*24*time.Hour {
			return time.Time{}, false
		}
	}
	return end, end.After(t)
}

// Add is the moment by which so much open time has passed since t; time that ends with the day ends at closing. It is false
// when the calendar never opens for so long. A duration that is not positive adds nothing.
func (c *Calendar) Add(t time.Time, d time.Duration) (time.Time, bool) {
	if d <= 0 {
		return t, true
	}
	if c.always {
		return t.Add(d), true
	}
	for s := range c.stretches(t) {
		from := later(s.from, t)
		if part := s.to.Sub(from); part < d {
			d -= part
			continue
		}
		return from.Add(d), true
	}
	return time.Time{}, false
}

// Between is how much open time lies between two moments; none when the second is not after the first.
func (c *Calendar) Between(a, b time.Time) time.Duration {
	if !b.After(a) {
		return 0
	}
	if c.always {
		return b.Sub(a)
	}
	var sum time.Duration
	for s := range c.stretches(a) {
		if !s.from.Before(b) {
			break
		}
		sum += earlier(s.to, b).Sub(later(s.from, a))
	}
	return sum
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}
