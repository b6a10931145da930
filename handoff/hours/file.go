package hours

import (
	"bytes"
	_ "embed"
	"errors"
	"path"
	"strings"
)

// maxFile bounds a file of holidays.
const maxFile = 1 << 20

// china2026 is the arrangement of 2026 that the General Office of the State Council published on 4 November 2025
// (国务院办公厅关于2026年部分节假日安排的通知), in our own form of file.
//
//go:embed china-2026.csv
var china2026 []byte

// China2026 is that file, as an example and to be imported.
func China2026() []byte { return bytes.Clone(china2026) }

// ParseFile reads a file of holidays: our CSV, JSON, iCalendar, or the text of exceptions. What it is, its name's ending
// says, or else its beginning. Its errors are for whoever brought the file.
func ParseFile(name string, data []byte) ([]Day, error) {
	if len(data) > maxFile {
		return nil, errors.New("the file is larger than 1 MB")
	}
	text := strings.TrimPrefix(strings.ToValidUTF8(string(data), "\uFFFD"), "\uFEFF")
	read := reader(strings.ToLower(path.Ext(name)), strings.TrimSpace(text))
	days, err := read(text)
	if err != nil {
		return nil, err
	}
	if days, err = byDate(days); err != nil {
		return nil, err
	}
	if len(days) == 0 {
		return nil, errors.New("the file has no days")
	}
	return days, nil
}

func reader(ending, text string) func(string) ([]Day, error) {
	switch {
	case ending == ".csv":
		return parseCSV
	case ending == ".json" || strings.HasPrefix(text, "{") || strings.HasPrefix(text, "["):
		return parseJSON
	case ending == ".ics" || strings.HasPrefix(text, "BEGIN:VCALENDAR"):
		return parseICS
	case strings.HasPrefix(strings.ToLower(text), "date,"):
		return parseCSV
	default:
		return ParseDays
	}
}
