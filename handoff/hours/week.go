package hours

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The text of a week is a line for each of its rows: a weekday or a range of them, and the spans of each.
//
//	mon-fri 08:30-12:00 13:30-18:00
//	sat 22:00-02:00
//
// A span that ends before it begins passes midnight. 24:00 ends a day; 00:00-24:00 is all of it.

// weekdays are the days in the order of the week, as the text writes them.
var weekdays = [...]struct {
	word, zh, en string
	day          time.Weekday
}{
	{"mon", "周一", "Mon", time.Monday}, {"tue", "周二", "Tue", time.Tuesday}, {"wed", "周三", "Wed", time.Wednesday}, {"thu", "周四", "Thu", time.Thursday},
	{"fri", "周五", "Fri", time.Friday}, {"sat", "周六", "Sat", time.Saturday}, {"sun", "周日", "Sun", time.Sunday},
}

// maxLines is how many lines the text of a week may have.
const maxLines = 14

// ParseWeek reads the text of a week. Its errors are for whoever wrote it.
func ParseWeek(text string) (Week, error) {
	var w Week
	n := 0
	for line := range strings.Lines(text) {
		words := strings.Fields(strings.ToLower(line))
		if len(words) == 0 {
			continue
		}
		if n++; n > maxLines {
			return Week{}, errors.New("has more than 14 lines")
		}
		if err := w.addLine(words); err != nil {
			return Week{}, err
		}
	}
	for i := range w {
		w[i] = sorted(w[i])
		if err := checkSpans(w[i]); err != nil {
			return Week{}, err
		}
	}
	return w, nil
}

func (w *Week) addLine(words []string) error {
	from, to, isRange := strings.Cut(words[0], "-")
	if !isRange {
		to = from
	}
	first, last := placeOf(from), placeOf(to)
	if first < 0 || last < 0 || len(words) == 1 {
		return fmt.Errorf("%q: write days and times such as mon-fri 09:00-18:00", strings.Join(words, " "))
	}
	spans, err := parseSpans(words[1:])
	if err != nil {
		return err
	}
	for i := first; ; i = (i + 1) % len(weekdays) {
		day := weekdays[i].day
		w[day] = append(w[day], spans...)
		if i == last {
			return nil
		}
	}
}

// placeOf is the place of a day's word in the week, or -1.
func placeOf(word string) int {
	for i, d := range weekdays {
		if d.word == word {
			return i
		}
	}
	return -1
}

func parseSpans(words []string) ([]Span, error) {
	spans := make([]Span, 0, len(words))
	for _, word := range words {
		s, ok := parseSpan(word)
		if !ok {
			return nil, fmt.Errorf("%q is no time such as 09:00-18:00", word)
		}
		spans = append(spans, s)
	}
	return spans, nil
}

func parseSpan(word string) (Span, bool) {
	from, to, ok := strings.Cut(word, "-")
	start, okA := minutes(from)
	end, okB := minutes(to)
	if !ok || !okA || !okB || start == end || start == dayMinutes {
		return Span{}, false
	}
	if end < start {
		end += dayMinutes
	}
	return Span{start, end}, true
}

// checkSpans finds fault with the sorted spans of one day.
func checkSpans(spans []Span) error {
	if len(spans) > maxSpans {
		return errors.New("a day may have 8 spans")
	}
	for i := 1; i < len(spans); i++ {
		if spans[i].From < spans[i-1].To {
			return fmt.Errorf("%s and %s overlap", spans[i-1], spans[i])
		}
	}
	return nil
}

// minutes reads "09:30" up to "24:00".
func minutes(text string) (int, bool) {
	h, m, ok := strings.Cut(text, ":")
	hour, errH := strconv.ParseUint(h, 10, 8)
	minute, errM := strconv.ParseUint(m, 10, 8)
	n := int(hour)*60 + int(minute)
	return n, ok && errH == nil && errM == nil && len(h) <= 2 && len(m) == 2 && minute < 60 && n <= dayMinutes
}

// String writes a span as the text of a week has it.
func (s Span) String() string { return s.join("-") }

func (s Span) join(dash string) string {
	end := s.To
	if end > dayMinutes {
		end -= dayMinutes
	}
	return fmt.Sprintf("%02d:%02d%s%02d:%02d", s.From/60, s.From%60, dash, end/60, end%60)
}

// String writes a week as ParseWeek reads it, days in a row with the same spans on one line.
func (w Week) String() string {
	var lines []string
	for _, r := range w.rows() {
		days := weekdays[r.first].word
		if r.last > r.first {
			days += "-" + weekdays[r.last].word
		}
		lines = append(lines, days+joinSpans(w[weekdays[r.first].day], "-"))
	}
	return strings.Join(lines, "\n")
}

func joinSpans(spans []Span, dash string) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(" " + s.join(dash))
	}
	return b.String()
}

// row is some days after each other that have the same spans, by their places in the week.
type row struct{ first, last int }

func (w Week) rows() (rows []row) {
	for i := range weekdays {
		spans := w[weekdays[i].day]
		switch {
		case len(spans) == 0:
		case len(rows) > 0 && rows[len(rows)-1].last == i-1 && slices.Equal(w[weekdays[i-1].day], spans):
			rows[len(rows)-1].last = i
		default:
			rows = append(rows, row{i, i})
		}
	}
	return rows
}
