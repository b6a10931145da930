package email

import (
	"strings"
	"time"

	"huiyin/channels/internal/mail"
	"huiyin/conversation"
)

type clock = func() time.Time

// The activity lines that a report of delivery leaves in its conversation.
const (
	activityBounced   = "mail_bounced"
	activityDelayed   = "mail_delayed"
	activityDelivered = "mail_delivered"
)

// told is what a report says of a message of ours.
type told struct {
	activity string
	reason   string
	status   string
	receipts []conversation.Receipt
	answers  []int64
}

// report reads what became of a message of ours (RFC 3464). Which one it was is proven by the address that the report came to, else
// by the Message-ID in it: both are signed.
func (a *Adapter) report(acct account, p mail.Parsed, m arrived) (told, bool) {
	if p.Bounce == nil {
		return told{}, false
	}
	about := a.reported(acct, p, m)
	if about == 0 {
		return told{}, false
	}
	t := told{activity: activityDelivered, answers: []int64{about}}
	for _, r := range p.Bounce.Recipients {
		t.add(r, about)
	}
	if len(p.Bounce.Recipients) == 0 || t.reason == "" && t.receipts == nil {
		return told{}, false
	}
	return t, true
}

func (a *Adapter) reported(acct account, p mail.Parsed, m arrived) int64 {
	to := []string{m.to}
	for _, address := range p.To {
		to = append(to, address.Address)
	}
	for _, address := range to {
		if tag, ok := acct.plusOf(address); ok {
			if id := a.message(acct.inbox.ID, tag); id != 0 {
				return id
			}
		}
	}
	return a.answered(acct, p.Bounce.MessageID)
}

// add takes what is said of one receiver; what failed counts more than what waits.
func (t *told) add(r mail.BounceRecipient, about int64) {
	switch {
	case r.Failed():
		t.activity, t.status, t.reason = activityBounced, r.Status, whyBounced(r)
		t.receipts = []conversation.Receipt{{MessageID: about, State: conversation.Failed, Reason: t.reason}}
	case t.activity == activityBounced:
	case r.Action == "delayed" || strings.HasPrefix(r.Status, "4"):
		t.activity, t.status, t.reason = activityDelayed, r.Status, whyBounced(r)
	case r.Action == "delivered" && t.receipts == nil:
		t.receipts = []conversation.Receipt{{MessageID: about, State: conversation.Delivered}}
	}
}

// note makes the mail the line that it is in the conversation: its words are the mail system's, and stay in the mail as it came.
func (t told) note(in conversation.Incoming) conversation.Incoming {
	in.Activity, in.Data = t.activity, map[string]string{"reason": t.reason, "status": t.status}
	in.Text, in.HTML, in.Subject = "", "", ""
	in.Thread.Report, in.Thread.Answers, in.Thread.Doubtful = true, t.answers, false
	return in
}

// whyBounced is a report's reason in words (RFC 3463), with the server's own after it.
func whyBounced(r mail.BounceRecipient) string {
	why := whatFails(r.Status)
	if r.Address != "" {
		why = r.Address + ": " + why
	}
	if r.Diagnostic != "" {
		why += " (" + r.Diagnostic + ")"
	}
	if len(why) > 500 {
		why = strings.ToValidUTF8(why[:500], "")
	}
	return why
}

// whatFails says an enhanced status code in words.
func whatFails(status string) string {
	_, code, _ := strings.Cut(status, ".")
	switch code {
	case "1.1", "1.0", "1.6":
		return "there is no such address"
	case "1.2", "1.10", "4.4":
		return "there is no such mail domain"
	case "1.3":
		return "the address is not valid"
	case "2.1":
		return "the mailbox is switched off"
	case "2.2":
		return "the mailbox is full"
	case "2.3", "3.4":
		return "the mail is too large for the receiver"
	case "4.1", "4.2", "4.7":
		return "the receiver's mail server does not answer"
	case "7.0", "7.1", "7.25", "7.26", "7.20", "7.23":
		return "the receiver's mail server refuses our mail"
	}
	if strings.HasPrefix(code, "7.") {
		return "the receiver's mail server refuses our mail"
	}
	return "the mail could not be delivered"
}
