package wecom

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"huiyin/conversation"
	"huiyin/handoff"
)

const (
	maxBytes = 4096 // of a notice, in UTF-8
	maxWant  = 300  // characters of one of the customer's messages
)

// text is a notice: what has happened, who the customer is, what they want, and the way into the console.
func (t *telling) text(ctx context.Context, title string) (string, error) {
	contact, err := t.Conversations.Contact(ctx, t.DB, t.c.ContactID)
	if err != nil {
		return "", err
	}
	inbox, err := t.Conversations.Inbox(ctx, t.DB, t.c.InboxID)
	if err != nil && !errors.Is(err, conversation.ErrNotFound) {
		return "", err
	}
	customer := contact.Name
	if customer == "" {
		customer = t.w.customer
	}
	lines := []string{fmt.Sprintf("**%s** #%d", title, t.c.ID), t.w.who + plain(customer, 80), t.w.channel + plain(t.channel(inbox.Kind), 80)}
	if reason := t.w.reason(t.c.HandoffReason); reason != "" {
		lines = append(lines, t.w.because+reason)
	}
	if since := t.c.WaitingSince; !since.IsZero() {
		lines = append(lines, t.w.waited(t.DB.Now().Sub(since)))
	}
	if owner, err := t.owner(ctx); err != nil {
		return "", err
	} else if owner != "" {
		lines = append(lines, fmt.Sprintf(t.w.with, plain(owner, 80)))
	}
	var wants []string
	for _, said := range handoff.MakeCard(t.c, t.recent).Wants {
		wants = append(wants, "> "+plain(said.Text, maxWant))
	}
	link := fmt.Sprintf("\n[%s](%s/console/inbox/all/%d)", t.w.open, t.PublicURL, t.c.ID)
	head := strings.Join(lines, "\n") + "\n"
	return head + cutBytes(strings.Join(wants, "\n"), maxBytes-len(head)-len(link)) + link, nil
}

func (t *telling) channel(kind string) string {
	if t.Channel == nil {
		return kind
	}
	zh, en := t.Channel(kind)
	if t.settings.Language == "en" {
		return en
	}
	return zh
}

func (t *telling) owner(ctx context.Context) (string, error) {
	if t.c.AgentID == 0 {
		return "", nil
	}
	agents, err := t.Desk.Agents(ctx, t.DB)
	for _, a := range agents {
		if a.ID == t.c.AgentID {
			return a.Name, nil
		}
	}
	return "", err
}

// plain makes a text of somebody else's say what it says and do nothing: no link, no colour, no mention, no line of its
// own. WeCom's markdown knows no escape, so its signs become their full-width twins.
func plain(text string, most int) string {
	text = strings.ReplaceAll(text, "://", "：//")
	var out strings.Builder
	n := 0
	for _, r := range strings.TrimSpace(text) {
		if n == most-1 {
			out.WriteString("…")
			break
		}
		if r = inert(r); r != 0 {
			out.WriteRune(r)
			n++
		}
	}
	return out.String()
}

// inert is a character that means nothing to WeCom; 0 for none.
func inert(r rune) rune {
	switch {
	case strings.ContainsRune("<>[]()*_`#@&!~|\\", r):
		return r + 0xFEE0 // the full-width forms of ASCII
	case unicode.IsSpace(r):
		return ' '
	case unicode.IsControl(r), r == utf8.RuneError, unicode.Is(unicode.Cf, r) && r != '\u200d': // a joiner holds emoji together
		return 0
	}
	return r
}

// cutBytes shortens a text to so many bytes, between characters.
func cutBytes(text string, most int) string {
	if len(text) <= most {
		return text
	}
	const ellipsis = "…"
	end := max(0, most-len(ellipsis))
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + ellipsis
}

// waited says how long the customer has waited.
func (w phrases) waited(d time.Duration) string {
	return fmt.Sprintf(w.waiting, max(0, int(d/time.Minute)))
}
