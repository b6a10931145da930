package mail

import (
	"strings"
	"time"

	"huiyin/conversation"
)

// calendar reads the invitation that a text/calendar part is, and keeps the part as a file.
func (w *walk) calendar(e *entity) {
	data, _ := e.read(256 << 10)
	if inv := invitation(decodeText(data, e.mediaType.params["charset"])); inv != nil && w.invitation == nil {
		if inv.Method == "" {
			inv.Method = strings.ToUpper(oneLine(e.mediaType.params["method"], 20))
		}
		w.invitation = inv
	}
	for _, had := range w.parts {
		if had.Type == "text/calendar" && had.Size == decodedSize(e.body, e.encoding) {
			return // Outlook and Gmail send it twice, as a form of the text and as a file
		}
	}
	w.file(e)
}

// invitation reads the first event of a calendar (RFC 5545); nil when there is none.
func invitation(text string) *conversation.MailInvitation {
	var inv conversation.MailInvitation
	inside, found := "", false
	for _, line := range unfoldCalendar(text) {
		name, params, value := cutProperty(line)
		switch {
		case name == "BEGIN":
			inside = strings.ToUpper(value)
			found = found || inside == "VEVENT"
		case name == "END" && strings.EqualFold(value, "VEVENT"):
			return &inv
		case name == "METHOD":
			inv.Method = strings.ToUpper(oneLine(value, 20))
		case inside == "VEVENT":
			event(&inv, name, params, value)
		}
	}
	if !found {
		return nil
	}
	return &inv
}

// event takes over a property of the event.
func event(inv *conversation.MailInvitation, name, params, value string) {
	switch name {
	case "SUMMARY":
		inv.Summary = oneLine(unescapeCalendar(value), 500)
	case "LOCATION":
		inv.Location = oneLine(unescapeCalendar(value), 500)
	case "DTSTART":
		inv.Start, inv.Zone = calendarTime(value), calendarZone(params)
	case "DTEND":
		inv.End = calendarTime(value)
	case "ORGANIZER":
		inv.Organizer = tidyAddress(value)
	}
}

// unfoldCalendar joins the lines that RFC 5545, 3.1 has broken.
func unfoldCalendar(text string) []string {
	text = strings.NewReplacer("\n ", "", "\n\t", "").Replace(text)
	return strings.Split(text, "\n")
}

// cutProperty takes NAME;PARAM=…:VALUE apart.
func cutProperty(line string) (name, params, value string) {
	quoted := false
	for i := range len(line) {
		switch line[i] {
		case '"':
			quoted = !quoted
		case ':':
			if !quoted {
				name, params, _ = strings.Cut(line[:i], ";")
				return strings.ToUpper(strings.TrimSpace(name)), params, strings.TrimSpace(line[i+1:])
			}
		}
	}
	return "", "", ""
}

func unescapeCalendar(s string) string {
	return strings.NewReplacer(`\n`, " ", `\N`, " ", `\,`, ",", `\;`, ";", `\\`, `\`).Replace(s)
}

// calendarTime writes a time as RFC 3339 does, without an offset when it has none.
func calendarTime(s string) string {
	for _, form := range [][2]string{{"20060102T150405Z", time.RFC3339}, {"20060102T150405", "2006-01-02T15:04:05"}, {"20060102", "2006-01-02"}} {
		if t, err := time.Parse(form[0], s); err == nil {
			return t.Format(form[1])
		}
	}
	return ""
}

// calendarZone is the TZID among the parameters.
func calendarZone(params string) string {
	for p := range strings.SplitSeq(params, ";") {
		if name, value, _ := strings.Cut(p, "="); strings.EqualFold(name, "TZID") {
			return oneLine(strings.Trim(value, `"`), 100)
		}
	}
	return ""
}
