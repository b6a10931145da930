package nlu

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	zhDay  = `大前天|大后天|[前昨今明后当]天|[昨今明][日儿]|[听琴寻]日|(?:上上|下下|上|下|这|本)?个?(?:周|星期|礼拜)[一二三四五六日天末]`
	zhPart = `凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|早|晚`
	zhHour = `(\d{1,2}|[一二两三四五六七八九十]{1,3})(?:点钟|点|时|:)(半|一刻|三刻|\d{1,2}|[一二三四五]?十[一二三四五六七八九]?)?分?`
	enDay  = `today|tonight|tomorrow|yesterday|(?:(?:next|this|last|coming|on) )?` + enWeekday
	enHour = `(\d{1,2})(?:[:.](\d\d))? ?(am|pm|a\.m\.?|p\.m\.?|oclock|o'clock)?`
)

// whenFinders find dates in words with a part of the day or a time: 下周三下午, 明天下午三点, tomorrow 3pm. Their value is empty
// because this package knows no clock; When reads them.
func whenFinders() []finder {
	relative := acceptWhole(func(string) string { return "" })
	return []finder{
		{kind: EntityDate, needs: []string{"点", "时", ":"}, pattern: newForm(`(?:(?:` + zhDay + `)的?(?:` + zhPart + `)?|(?:` + zhPart + `))` + zhHour), accept: relative},
		{kind: EntityDate, needs: []string{"周", "星期", "礼拜", "天"}, pattern: newForm(`(?:` + zhDay + `)的?(?:` + zhPart + `)`), accept: relative},
		{kind: EntityDate, digits: 1, needs: []string{"day", "tonight", "tomorrow"}, pattern: newForm(`(?:` + enDay + `)(?: (?:morning|afternoon|evening|night))?,?(?: (?:at|around|by|before|after))? ` + enHour), accept: acceptHour},
		{kind: EntityDate, digits: 1, needs: []string{"day", "tonight", "tomorrow"}, pattern: newForm(`(?:at )?\d{1,2}(?:[:.]\d\d)? ?(?:am|pm|a\.m\.?|p\.m\.?)? (?:` + enDay + `)(?: (?:morning|afternoon|evening|night))?`), accept: relative},
		{kind: EntityDate, needs: []string{"day"}, pattern: newForm(`(?:next|this|last|coming) (?:` + enWeekday + `) (?:morning|afternoon|evening|night)`), accept: relative},
	}
}

// acceptHour refuses "tomorrow 15 items": a bare number counts only with "at", am, pm or minutes.
func acceptHour(f folded, at []int) (found, bool) {
	text := f.text[at[0]:at[1]]
	sure := strings.Contains(text, " at ") || group(f, at, 2) != "" || group(f, at, 3) != ""
	if !sure || !f.standsAlone(at[0], at[1]) {
		return found{}, false
	}
	return found{at[0], at[1], ""}, true
}

var whenForms = sync.OnceValue(func() (p struct{ zhDay, zhPart, zhHour, enDay, enPart, enHour *regexp.Regexp }) {
	p.zhDay, p.zhPart, p.zhHour = regexp.MustCompile(zhDay), regexp.MustCompile(zhPart), regexp.MustCompile(zhHour)
	p.enDay, p.enPart = regexp.MustCompile(enDay), regexp.MustCompile(`morning|afternoon|evening|night|noon`)
	p.enHour = regexp.MustCompile(`(?:^|[ ,])` + enHour)
	return p
})

// When reads a date in words as it is meant at a time: "2026-11-25", with " 15:00" where a time is said, or with " morning",
// " afternoon" or " evening". It gives "" for what it cannot read. 下周三 and next Wednesday are in the week after this one, weeks
// beginning on Monday; a bare weekday is the next one that comes.
func When(text string, now time.Time) string {
	said := fold(text).text
	forms := whenForms()
	zh := DetectLanguage(said) == LanguageChinese
	dayForm, partForm := forms.enDay, forms.enPart
	if zh {
		dayForm, partForm = forms.zhDay, forms.zhPart
	}
	word, part := dayForm.FindString(said), partForm.FindString(said)
	days, known := dayOffset(word, now)
	if !known && (word != "" || part == "") {
		return ""
	}
	day := now.AddDate(0, 0, days).Format(time.DateOnly)
	rest := strings.Replace(said, word, " ", 1)
	if hour, minute, ok := clockOf(rest, part, zh); ok {
		return day + " " + clock2(hour) + ":" + clock2(minute)
	}
	if half := halfOf(part, word); half != "" {
		return day + " " + half
	}
	return day
}

func clock2(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// dayOffset is how many days from now a word means.
func dayOffset(word string, now time.Time) (days int, known bool) {
	offsets := map[string]int{"大前天": -3, "前天": -2, "昨天": -1, "今天": 0, "当天": 0, "明天": 1, "后天": 2, "大后天": 3, "听日": 1, "琴日": -1, "寻日": -1,
		"昨日": -1, "今日": 0, "明日": 1, "昨儿": -1, "今儿": 0, "明儿": 1, "today": 0, "tonight": 0, "tomorrow": 1, "yesterday": -1}
	if days, known = offsets[word]; known {
		return days, true
	}
	target := weekdayOf(word)
	if target < 0 {
		return 0, false
	}
	today := (int(now.Weekday()) + 6) % 7 // Monday is 0
	within := target - today
	switch {
	case strings.HasPrefix(word, "下下"):
		return within + 14, true
	case strings.HasPrefix(word, "上上"):
		return within - 14, true
	case strings.HasPrefix(word, "下"), strings.HasPrefix(word, "next"):
		return within + 7, true
	case strings.HasPrefix(word, "上"), strings.HasPrefix(word, "last"):
		return within - 7, true
	case strings.HasPrefix(word, "这"), strings.HasPrefix(word, "本"), strings.HasPrefix(word, "this"):
		return within, true
	}
	return (within + 7) % 7, true
}

// weekdayOf is the day of the week that a word names, Monday 0; -1 when it names none.
func weekdayOf(word string) int {
	if word == "" {
		return -1
	}
	for i, names := range []string{"一 mon", "二 tue", "三 wed", "四 thu", "五 fri", "六末 sat", "日天 sun"} {
		han, english, _ := strings.Cut(names, " ")
		fields := strings.Fields(word)
		if strings.HasPrefix(fields[len(fields)-1], english) || slices.ContainsFunc([]rune(han), func(r rune) bool { return strings.HasSuffix(word, string(r)) }) {
			return i
		}
	}
	return -1
}

// clockOf reads the time of day.
func clockOf(text, part string, zh bool) (hour, minute int, ok bool) {
	if zh {
		at := whenForms().zhHour.FindStringSubmatch(text)
		if at == nil {
			return 0, 0, false
		}
		hour = dateNumber(at[1])
		switch at[2] {
		case "半":
			minute = 30
		case "一刻":
			minute = 15
		case "三刻":
			minute = 45
		default:
			minute = dateNumber(at[2])
		}
		if late := halfOf(part, ""); hour < 12 && (late == "afternoon" || late == "evening") {
			hour += 12
		}
		return hour, minute, hour < 24 && minute < 60
	}
	at := whenForms().enHour.FindStringSubmatch(text)
	if at == nil {
		return 0, 0, false
	}
	hour, minute = dateNumber(at[1]), dateNumber(at[2])
	late := strings.HasPrefix(at[3], "p") || at[3] == "" && halfOf(part, "") != "" && halfOf(part, "") != "morning"
	switch {
	case late && hour < 12:
		hour += 12
	case strings.HasPrefix(at[3], "a") && hour == 12:
		hour = 0
	}
	return hour, minute, hour < 24 && minute < 60
}

// halfOf is the part of the day that words mean.
func halfOf(part, day string) string {
	switch part {
	case "凌晨", "清晨", "早上", "早晨", "上午", "早", "morning":
		return "morning"
	case "中午", "下午", "afternoon", "noon":
		return "afternoon"
	case "傍晚", "晚上", "夜里", "晚", "evening", "night":
		return "evening"
	}
	if day == "tonight" {
		return "evening"
	}
	return ""
}
