package nlu

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	enMonth   = `(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:uary|ruary|tember|ober|ember|ch|il|ust|e|y|t)?\.?`
	enWeekday = `(?:mon|tues|wednes|thurs|fri|satur|sun)day`
	hanDay    = `\d{1,2}|[一二三四五六七八九十]{1,3}`
)

// dateFinders find absolute dates, dates without a year, and words such as yesterday, whose value is empty
// because this package knows no clock.
func dateFinders() []finder {
	digits := []finder{
		{kind: EntityDate, digits: 6, pattern: newForm(`((?:19|20)\d\d)([-/.])(\d{1,2})([-/.])(\d{1,2})`), accept: acceptISODate},
		{kind: EntityDate, digits: 8, pattern: newForm(`((?:19|20)\d\d)(\d\d)(\d\d)`), accept: acceptDate(1, 2, 3)},
		{kind: EntityDate, digits: 6, pattern: newForm(`(\d{1,2})/(\d{1,2})/((?:19|20)\d\d)`), accept: acceptSlashDate},
	}
	months := []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}
	named := []finder{
		{kind: EntityDate, needs: []string{"月"}, pattern: newForm(`(?:((?:19|20)?\d\d|[〇零一二三四五六七八九]{4})年|(?:今|明|去|前|当)年)?(` + hanDay + `)月份?(` + hanDay + `)[日号]`), accept: acceptHanDate},
		{kind: EntityDate, digits: 1, needs: months, pattern: newForm(enMonth + ` ?(\d{1,2})(?:st|nd|rd|th)?(?:,? ((?:19|20)\d\d))?`), accept: acceptDate(3, 1, 2)},
		{kind: EntityDate, digits: 1, needs: months, pattern: newForm(`(\d{1,2})(?:st|nd|rd|th)? (?:of )?` + enMonth + `(?:,? ((?:19|20)\d\d))?`), accept: acceptDate(3, 2, 1)},
	}
	return slices.Concat(digits, named, relativeDateFinders())
}

func relativeDateFinders() []finder {
	relative := acceptWhole(func(string) string { return "" })
	return []finder{
		{
			kind: EntityDate, needs: []string{"天", "日", "周", "星期", "礼拜", "月", "年", "晚", "早", "时"},
			pattern: newForm(`大前天|大后天|[前昨今明后当]天(?:早上|上午|中午|下午|晚上|凌晨)?|[昨今明]晚|[今明]早|[昨今明][日儿]|[听琴寻]日|` +
				`(?:上上|下下|上|下|这|本)个?(?:周|星期|礼拜)[一二三四五六日天末]?|(?:星期|礼拜)[一二三四五六日天]|周[一二三四五六日末]|` +
				`(?:上上|上|下|这|本)个?月(?:(?:` + hanDay + `)[日号]|底|初|中旬?)?|月[底初]|年[底初]|[去今明前]年|` +
				`(?:\d{1,3}|[一二两三四五六七八九十半几]{1,3})个?(?:小时|分钟|天|日|周|星期|礼拜|月|年)(?:之|以)?[前后内]`),
			accept: relative,
		},
		{
			kind: EntityDate, needs: []string{"day", "night", "tomorrow", "week", "month", "year", "ago", "hour", "morning", "afternoon", "evening"},
			pattern: newForm(`(?:the )?day (?:before yesterday|after tomorrow)|(?:yesterday|tomorrow|today)(?: (?:morning|afternoon|evening|night))?|tonight|last night|` +
				`(?:last|next|this|past|coming|previous) (?:week|weekend|month|year|morning|afternoon|evening|` + enWeekday + `)|` + enWeekday + `|` +
				`(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|a few|a couple of|several) (?:hour|day|week|month|year)s? ago|` +
				`(?:in|within) (?:\d{1,3}|an?|one|two|three|four|five|six|seven|ten|a few) (?:hour|day|week|month|year)s?`),
			accept: relative,
		},
	}
}

// acceptDate reads year, month and day from three submatches.
func acceptDate(year, month, day int) func(folded, []int) (found, bool) {
	return func(f folded, at []int) (found, bool) {
		return dated(f, at, group(f, at, year), group(f, at, month), group(f, at, day))
	}
}

// acceptISODate wants the same mark twice.
func acceptISODate(f folded, at []int) (found, bool) {
	if group(f, at, 2) != group(f, at, 4) {
		return found{}, false
	}
	return dated(f, at, group(f, at, 1), group(f, at, 3), group(f, at, 5))
}

// acceptHanDate completes a year of two digits.
func acceptHanDate(f folded, at []int) (found, bool) {
	year := group(f, at, 1)
	if len(year) == 2 {
		year = "20" + year
	}
	return dated(f, at, year, group(f, at, 2), group(f, at, 3))
}

// acceptSlashDate reads 21/11/2026 and 11/21/2026; when both orders make a date, the value stays empty.
func acceptSlashDate(f folded, at []int) (found, bool) {
	a, b, year := group(f, at, 1), group(f, at, 2), group(f, at, 3)
	monthFirst, ok := dated(f, at, year, a, b)
	dayFirst, other := dated(f, at, year, b, a)
	switch {
	case ok && other && monthFirst.value != dayFirst.value:
		return found{at[0], at[1], ""}, true
	case ok:
		return monthFirst, true
	default:
		return dayFirst, other
	}
}

// dated makes a date if the calendar has it.
func dated(f folded, at []int, yearText, monthText, dayText string) (found, bool) {
	year, month, day := dateNumber(yearText), dateNumber(monthText), dateNumber(dayText)
	if !f.standsAlone(at[0], at[1]) || !inCalendar(year, month, day) {
		return found{}, false
	}
	if yearText == "" {
		return found{at[0], at[1], fmt.Sprintf("--%02d-%02d", month, day)}, true
	}
	return found{at[0], at[1], fmt.Sprintf("%04d-%02d-%02d", year, month, day)}, true
}

// dateNumber reads digits, Chinese numerals or the name of a month; 0 when it is none of them.
func dateNumber(text string) int {
	if n, err := strconv.Atoi(text); err == nil {
		return n
	}
	if n, ok := hanNumber(text); ok {
		return n
	}
	const names = "jan feb mar apr may jun jul aug sep oct nov dec"
	if at := strings.Index(names, text); at >= 0 && at%4 == 0 && len(text) == 3 {
		return at/4 + 1
	}
	return 0
}

// inCalendar accepts the 29th of February when the year is unknown (0 is a leap year).
func inCalendar(year, month, day int) bool {
	if month < 1 || month > 12 || day < 1 {
		return false
	}
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC).Day() == day && day <= 31
}
