package hours

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// parseCSV reads our own form of file. The first line names the columns: date and kind, and name, like and spans where
// wanted. A date may be a range. A kind is closed, like or open, or in words of calendars: holiday and workday, 休 and 班.
//
//	date,kind,name,like,spans
//	2026-10-01..2026-10-07,holiday,国庆节,,
//	2026-10-10,workday,国庆节,fri,
//	2026-12-24,open,Christmas Eve,,09:00-12:00
func parseCSV(text string) ([]Day, error) {
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord, r.TrimLeadingSpace, r.Comment = -1, true, '#'
	head, err := r.Read()
	if err != nil {
		return nil, errors.New("the first line names the columns: date,kind,name,like,spans")
	}
	columns := map[string]int{}
	for i, name := range head {
		columns[strings.ToLower(strings.TrimSpace(name))] = i
	}
	for _, needed := range []string{"date", "kind"} {
		if _, ok := columns[needed]; !ok {
			return nil, fmt.Errorf("the column %s is missing; the first line names the columns: date,kind,name,like,spans", needed)
		}
	}
	return readRows(r, columns)
}

func readRows(r *csv.Reader, columns map[string]int) (days []Day, err error) {
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			return days, nil
		}
		if err != nil {
			return nil, err
		}
		cell := func(name string) string {
			if i, ok := columns[name]; ok && i < len(record) {
				return strings.TrimSpace(record[i])
			}
			return ""
		}
		line, _ := r.FieldPos(0)
		if cell("date") == "" && cell("kind") == "" {
			continue
		}
		some, err := parseDayLine(lineOf(cell("date"), cell("kind"), cell("like"), cell("spans"), cell("name")))
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		if days = append(days, some...); len(days) > maxDays {
			return nil, errTooMany
		}
	}
}

// lineOf puts the cells of a row together as the text of exceptions has them.
func lineOf(date, kind, like, spans, name string) []string {
	words := []string{strings.ReplaceAll(date, " ", "")}
	switch what := strings.ToLower(kind); {
	case slices.Contains([]string{"closed", "holiday", "休", "放假"}, what):
		words = append(words, string(Closed))
	case slices.Contains([]string{"like", "workday", "班", "上班"}, what):
		if like == "" {
			like = WeekdayWord(makeUp)
		}
		words = append(words, string(Like), like)
	case what == string(Open):
		words = append(words, strings.Fields(spans)...)
	default:
		words = append(words, kind+"?")
	}
	return append(words, strings.Fields(name)...)
}
