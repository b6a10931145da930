package sheet

import (
	"math"
	"strconv"
	"strings"
	"time"

	"huiyin/knowledge/unpack"
)

// epoch tells which day a workbook counts from: true is 1904, as old Macintosh editions do.
type epoch bool

func (e epoch) day(serial float64) time.Time {
	from := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if e {
		from = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	} else if serial < 60 {
		from = from.AddDate(0, 0, 1) // the 29th of February 1900, which never was, is day 60
	}
	days := math.Floor(serial)
	seconds := math.Round((serial - days) * 86400)
	return from.AddDate(0, 0, int(days)).Add(time.Duration(seconds) * time.Second)
}

// number writes a number as a person would: a date where the cell shows one, no exponent, no rest of binary fractions.
func number(raw string, dated bool, since epoch) string {
	f, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return raw
	}
	if dated && f >= 0 && f < 2958466 {
		at := since.day(f)
		switch {
		case f < 1:
			return at.Format("15:04:05")
		case f == math.Floor(f):
			return at.Format("2006-01-02")
		}
		return at.Format("2006-01-02 15:04:05")
	}
	if math.Abs(f) >= 1e21 || f != 0 && math.Abs(f) < 1e-9 {
		return raw
	}
	if rounded, err := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 15, 64), 64); err == nil {
		f = rounded // programs show 15 digits
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// readDateStyles tells of each cell style whether it shows a date (ECMA-376 part 1, 18.8.30).
func readDateStyles(a *unpack.Archive, part string) ([]bool, error) {
	var doc struct {
		Formats []struct {
			ID   int    `xml:"numFmtId,attr"`
			Code string `xml:"formatCode,attr"`
		} `xml:"numFmts>numFmt"`
		Cells []struct {
			Format int `xml:"numFmtId,attr"`
		} `xml:"cellXfs>xf"`
	}
	if err := readXML(a, part, &doc); err != nil {
		return nil, err
	}
	own := map[int]bool{}
	for _, f := range doc.Formats {
		own[f.ID] = showsDate(f.Code)
	}
	dates := make([]bool, len(doc.Cells))
	for i, c := range doc.Cells {
		date, said := own[c.Format]
		dates[i] = date || !said && builtInDate(c.Format)
	}
	return dates, nil
}

// builtInDate knows the formats that files do not spell out; 27 to 36 and 50 to 58 are those of East Asian editions.
func builtInDate(id int) bool {
	return id >= 14 && id <= 22 || id >= 27 && id <= 36 || id >= 45 && id <= 47 || id >= 50 && id <= 58
}

// showsDate looks for the letters of dates outside quotes and brackets.
func showsDate(code string) bool {
	var quoted, bracket, escaped bool
	for _, r := range strings.ToLower(code) {
		switch {
		case escaped:
			escaped = false
		case r == '\\':
			escaped = true
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '[':
			bracket = true
		case r == ']':
			bracket = false
		case bracket:
		case r == ';':
			return false // the first section counts
		case strings.ContainsRune("ymdhs", r):
			return true
		}
	}
	return false
}
