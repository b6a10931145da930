package texting

import (
	"strconv"
	"time"

	"huiyin/channels"
	"huiyin/channels/internal/gsm"
	"huiyin/conversation"
)

// Desk is what stands before every text that goes out: quiet hours, rates, and the form of the text.
type Desk struct {
	Now     func() time.Time
	Article func(id int64) string
	Base    string // where this server is reached
	pacer   Pacer
}

// Prepare gives the text to send, or says why it waits or cannot go.
func (d *Desk) Prepare(r Rules, inbox conversation.Inbox, out channels.Outgoing) (string, error) {
	if len(out.Message.Attachments) > 0 {
		return "", &channels.SendError{Reason: "texts carry no files"}
	}
	body := d.form(r, out.Message).Body(out.Message)
	if body == r.Form.Sign {
		return "", &channels.SendError{Reason: "there is nothing to say"}
	}
	now := d.Now()
	if wait := r.quiet.Wait(now, out.Heard); wait > 0 && !out.Message.Content.Confirms {
		return "", Postponed("it waits for the end of the quiet hours", wait)
	}
	name := strconv.FormatInt(inbox.ID, 10)
	if wait := d.pacer.Take(name+":"+out.Address, r.numberRate, now); wait > 0 {
		return "", Postponed("this number has had as many texts as the inbox allows; it waits", wait)
	}
	if wait := d.pacer.Take(name, r.rate, now); wait > 0 {
		return "", Postponed("the inbox sends as fast as it may; it waits", wait)
	}
	return body, nil
}

func (d *Desk) form(r Rules, m conversation.Message) Form {
	f := r.Form
	f.Article, f.Base = d.Article, d.Base
	return f
}

// Preview is what a text becomes.
func (d *Desk) Preview(r Rules, m conversation.Message) channels.Preview {
	body := d.form(r, m).Body(m)
	parts, left, encoding := gsm.Count(body)
	return channels.Preview{Text: body, Parts: parts, Left: left, Encoding: string(encoding), Price: float64(parts) * r.price, Currency: r.currency}
}
