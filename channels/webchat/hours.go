package webchat

import (
	"time"

	"huiyin/conversation"
	"huiyin/handoff/hours"
)

// hoursJSON are the opening hours as the visitor sees them.
type hoursJSON struct {
	Open    bool       `json:"open"`
	Text    string     `json:"text,omitempty"`
	OpensAt *time.Time `json:"opens_at,omitempty"`
}

// hoursOf tells the opening hours of an inbox that has some, in words with the distance of the place's clock from Greenwich.
func hoursOf(inbox conversation.Inbox, now time.Time, chinese bool) *hoursJSON {
	week, err := hours.ParseWeek(kind().Value(inbox, "hours"))
	zone, errZone := time.LoadLocation(kind().Value(inbox, "time_zone"))
	if err != nil || errZone != nil || week.Empty() {
		return nil
	}
	calendar := hours.New(zone, week, nil)
	shown := &hoursJSON{Text: week.Words(chinese) + now.In(zone).Format(" (UTC-07:00)"), Open: calendar.Open(now)}
	if next, opens := calendar.Next(now); opens && !shown.Open {
		shown.OpensAt = &next
	}
	return shown
}
