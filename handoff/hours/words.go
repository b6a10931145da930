package hours

import (
	"fmt"
	"strings"
	"time"
)

// Words says a week in few words, in Chinese or English: "周一至周五 09:00–18:00，周日 22:00–24:00".
func (w Week) Words(chinese bool) string {
	to, comma := "–", ", "
	if chinese {
		to, comma = "至", "，"
	}
	var parts []string
	for _, r := range w.rows() {
		days := dayWord(weekdays[r.first].day, chinese)
		if r.last > r.first {
			days += to + dayWord(weekdays[r.last].day, chinese)
		}
		parts = append(parts, days+joinSpans(w[weekdays[r.first].day], "–"))
	}
	return strings.Join(parts, comma)
}

func dayWord(day time.Weekday, chinese bool) string {
	d := weekdays[(int(day)+6)%len(weekdays)]
	if chinese {
		return d.zh
	}
	return d.en
}

// When says when something happens as people say it now, by the clock of the calendar's place: "今天 13:30", "tomorrow
// 8:30", "Monday 8:30", "10月8日（周四）8:30".
func (c *Calendar) When(at, now time.Time, chinese bool) string {
	at, now = at.In(c.Zone()), now.In(c.Zone())
	clock := fmt.Sprintf("%d:%02d", at.Hour(), at.Minute())
	date, today := DateOf(at), DateOf(now)
	days := dayWord(date.Weekday(), chinese)
	switch {
	case date == today && chinese:
		return "今天 " + clock
	case date == today:
		return "today at " + clock
	case date == today.Plus(1) && chinese:
		return "明天 " + clock
	case date == today.Plus(1):
		return "tomorrow at " + clock
	case date.Compare(today.Plus(7)) < 0 && chinese:
		return days + " " + clock
	case date.Compare(today.Plus(7)) < 0:
		return at.Weekday().String() + " at " + clock
	case chinese:
		return fmt.Sprintf("%d月%d日（%s）%s", date.Month, date.Day, days, clock)
	default:
		return fmt.Sprintf("%s, %d %s at %s", at.Weekday(), date.Day, date.Month, clock)
	}
}
