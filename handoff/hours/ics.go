package hours

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// parseICS reads the all-day events of an iCalendar file (RFC 5545): each is a holiday, or a make-up workday when its summary
// or its categories say so (班, 补班, 上班, workday). Events with a time of day, and recurring ones, are refused: a file
// of holidays has neither, and guessing would close a team on the wrong day.
func parseICS(text string) ([]Day, error) {
	var days []Day
	var e *event
	for _, line := range unfold(text) {
		name, parameters, value := property(line)
		switch {
		case name == "BEGIN" && strings.EqualFold(value, "VEVENT"):
			e = &event{}
		case name == "END" && strings.EqualFold(value, "VEVENT") && e != nil:
			some, err := e.days()
			if err != nil {
				return nil, err
			}
			if days = append(days, some...); len(days) > maxDays {
				return nil, errTooMany
			}
			e = nil
		case e != nil:
			if err := e.take(name, parameters, value); err != nil {
				return nil, err
			}
		}
	}
	return days, nil
}

// unfold joins the lines of a file that were broken for their length (RFC 5545, 3.1).
func unfold(text string) (lines []string) {
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if len(lines) > 0 && (strings.HasPrefix(line, " ") || strings.HasPrefix(line, "\t")) {
			lines[len(lines)-1] += line[1:]
			continue
		}
		lines = append(lines, line)
	}
	return lines
}

// property takes a line apart into the name, the parameters and the value. A colon within quotes is none.
func property(line string) (name, parameters, value string) {
	quoted := false
	for i, r := range line {
		if r == '"' {
			quoted = !quoted
		}
		if r == ':' && !quoted {
			name, parameters, _ = strings.Cut(line[:i], ";")
			return strings.ToUpper(name), strings.ToUpper(parameters), line[i+1:]
		}
	}
	return "", "", ""
}

type event struct {
	first, end    Date // end is the day after the last, when it is given
	hasEnd        bool
	name, sort    string
	started, over bool // over: cancelled
}

func (e *event) take(name, parameters, value string) (err error) {
	switch name {
	case "DTSTART":
		e.started = true
		e.first, err = icsDate(parameters, value)
	case "DTEND":
		e.hasEnd = true
		e.end, err = icsDate(parameters, value)
	case "SUMMARY":
		e.name = unescape(value)
	case "CATEGORIES":
		e.sort = unescape(value)
	case "STATUS":
		e.over = strings.EqualFold(value, "CANCELLED")
	case "RRULE", "RDATE":
		err = fmt.Errorf("%q recurs; a file of holidays names each day", e.name)
	}
	return err
}

func icsDate(parameters, value string) (Date, error) {
	t, err := time.Parse("20060102", value)
	if err != nil || strings.Contains(parameters, "DATE-TIME") {
		return Date{}, fmt.Errorf("%q is no whole day such as 20261001", value)
	}
	return ParseDate(t.Format(time.DateOnly))
}

// unescape takes the backslashes out of a text (RFC 5545, 3.3.11); a line break becomes a space.
func unescape(text string) string {
	return strings.NewReplacer(`\\`, `\`, `\;`, ";", `\,`, ",", `\n`, " ", `\N`, " ").Replace(text)
}

func (e *event) days() ([]Day, error) {
	if e.over {
		return nil, nil
	}
	if !e.started {
		return nil, errors.New("an event has no DTSTART")
	}
	last := e.first
	if e.hasEnd {
		if last = e.end.Plus(-1); last.Compare(e.first) < 0 {
			last = e.first
		}
	}
	if e.first.Plus(maxRange).Compare(last) <= 0 {
		return nil, fmt.Errorf("%q is longer than a year", e.name)
	}
	name, err := cleanName(e.name)
	if err != nil {
		return nil, err
	}
	day := Day{Kind: Closed, Name: name}
	if worked(e.name) || worked(e.sort) {
		day.Kind, day.Like = Like, makeUp
	}
	return repeat(day, e.first, last), nil
}

func worked(text string) bool {
	text = strings.ToLower(text)
	for _, sign := range []string{"班", "workday", "working day", "make-up day"} {
		if strings.Contains(text, sign) {
			return true
		}
	}
	return false
}
