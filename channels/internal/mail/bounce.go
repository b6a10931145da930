package mail

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
)

// Bounce is what a delivery report says (RFC 3464), or a mail that a server wrote in its place.
type Bounce struct {
	EnvelopeID string // as the sender gave it (RFC 3461), where the server returns it
	MessageID  string // of the mail that is reported on, out of its returned header
	InReplyTo  string // of that mail
	Subject    string // of that mail
	Recipients []BounceRecipient
}

// BounceRecipient is the fate of the mail for one receiver.
type BounceRecipient struct {
	Address    string // as the mail was addressed, or where it ended
	Action     string // failed, delayed, delivered, relayed or expanded
	Status     string // such as "5.1.1" (RFC 3463)
	Diagnostic string // the server's words
	RemoteMTA  string
}

// Failed tells whether the mail will not arrive; what is only delayed may.
func (r BounceRecipient) Failed() bool {
	switch r.Action {
	case "failed":
		return true
	case "delayed", "delivered", "relayed", "expanded":
		return false
	}
	return strings.HasPrefix(r.Status, "5")
}

// Failed tells whether the report says of any receiver that the mail will not arrive.
func (b *Bounce) Failed() bool {
	for _, r := range b.Recipients {
		if r.Failed() {
			return true
		}
	}
	return false
}

// maxRecipients is how many receivers of a report are read.
const maxRecipients = 200

// report reads multipart/report (RFC 6522): words for people, the report, and the mail or its header.
func (w *walk) report(e *entity) {
	b := &Bounce{}
	found := false
	for _, child := range e.children {
		switch child.mediaType.value {
		case "message/delivery-status", "message/global-delivery-status":
			data, _ := child.read(256 << 10)
			b.status(data)
			found = true
		case "text/rfc822-headers", "message/global-headers":
			data, _ := child.read(64 << 10)
			b.original(data)
		case "message/rfc822", "message/global":
			data, _ := child.read(64 << 10)
			b.original(data)
			w.forward(child)
		default:
			w.sort(child)
		}
	}
	if found || strings.EqualFold(e.mediaType.params["report-type"], "delivery-status") {
		w.bounce = b
	}
}

// status reads the groups of fields: the first is of the mail, each other of a receiver.
func (b *Bounce) status(data []byte) {
	group, rest := readFields(bytes.TrimLeft(data, "\r\n"), 64<<10)
	b.EnvelopeID = oneLine(group.Raw("Original-Envelope-Id"), 500)
	if r, ok := recipient(group); ok {
		b.Recipients = append(b.Recipients, r)
	}
	for len(rest) > 0 && len(b.Recipients) < maxRecipients {
		group, rest = readFields(bytes.TrimLeft(rest, "\r\n"), 64<<10)
		if r, ok := recipient(group); ok {
			b.Recipients = append(b.Recipients, r)
		}
	}
}

// recipient reads the fields of one receiver.
func recipient(h Header) (BounceRecipient, bool) {
	r := BounceRecipient{
		Address: typed(h.Raw("Original-Recipient")), Action: strings.ToLower(oneLine(h.Raw("Action"), 20)),
		Diagnostic: oneLine(typed(h.Get("Diagnostic-Code")), 1000), RemoteMTA: oneLine(typed(h.Raw("Remote-MTA")), 300),
	}
	if r.Address == "" {
		r.Address = typed(h.Raw("Final-Recipient"))
	}
	r.Address = tidyAddress(strings.Trim(r.Address, "<>"))
	r.Status = statusCode(h.Raw("Status"))
	if r.Status == "" {
		r.Status = statusCode(r.Diagnostic)
	}
	return r, r.Action != "" || r.Status != "" || r.Address != ""
}

// typed is the value of a field that begins with its type, as in "rfc822; a@example.com".
func typed(s string) string {
	_, value, ok := strings.Cut(s, ";")
	if !ok {
		value = s
	}
	return strings.TrimSpace(value)
}

// statusCode finds the first word of the form "5.1.1".
func statusCode(s string) string {
	for word := range strings.FieldsFuncSeq(s, func(r rune) bool { return r != '.' && (r < '0' || r > '9') }) {
		class, rest, _ := strings.Cut(word, ".")
		subject, detail, ok := strings.Cut(rest, ".")
		if ok && len(class) == 1 && strings.Contains("245", class) && len(subject) > 0 && len(subject) <= 3 && len(detail) > 0 && len(detail) <= 3 && !strings.Contains(detail, ".") {
			return word
		}
	}
	return ""
}

// original reads the header of the mail that is reported on.
func (b *Bounce) original(data []byte) {
	h, _ := readHeader(clean(data), 64<<10)
	if id := firstID(h.Raw("Message-ID")); id != "" {
		b.MessageID = id
	}
	b.InReplyTo = firstID(h.Raw("In-Reply-To"))
	b.Subject = oneLine(h.Get("Subject"), 1000)
}

// failure are the words with which servers that write no report say that a mail was not delivered.
var failure = regexp.MustCompile(`(?i)(could not be delivered|wasn't able to deliver|was not delivered|undeliver|delivery (has )?failed|failure notice|delivery status notification|returned to sender|returned mail|permanent(ly)? (error|fail)|mailbox (not found|unavailable|full)|user unknown|address rejected|退信|被退回|无法送达|投递失败|无法投递|系统退信|退件|無法傳遞|發送失敗)`)

// refusal is a server's answer that says no for good.
var refusal = regexp.MustCompile(`\b(5\d\d)[ -]|\(#?(5\.\d{1,3}\.\d{1,3})\)|\b(5\.\d{1,3}\.\d{1,3})\b`)

// plainAddress finds an address within words of any language.
var plainAddress = regexp.MustCompile(`[A-Za-z0-9._%+=-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}`)

// worded reads a report that is only words: from no return path, saying that somebody was not reached. What cannot be
// told stays empty.
func worded(h Header, text string, own []string) *Bounce {
	text = cut(text, 32<<10)
	if !nullPath(h) || !failure.MatchString(h.Get("Subject")+"\n"+text) {
		return nil
	}
	said, copied, _ := cutCopy(text)
	r := BounceRecipient{Diagnostic: oneLine(said, 500)}
	for _, a := range plainAddress.FindAllString(said, 50) {
		if a = tidyAddress(a); a != "" && !slices.Contains(own, strings.ToLower(a)) {
			r.Address = a
			break
		}
	}
	if m := refusal.FindStringSubmatch(said); m != nil {
		if r.Status = m[2] + m[3]; r.Status == "" {
			r.Status = "5.0.0"
		}
		if code := statusCode(said); code != "" {
			r.Status = code
		}
		r.Action = "failed"
	}
	if r.Address == "" && r.Status == "" {
		return nil
	}
	b := &Bounce{Recipients: []BounceRecipient{r}}
	b.original([]byte(copied))
	return b
}

// cutCopy parts the words of a report from the copy of the mail below them.
func cutCopy(text string) (said, copied string, found bool) {
	at := strings.Index(strings.ToLower(text), "message-id:")
	if at < 0 {
		return text, "", false
	}
	start := strings.LastIndex(text[:at], "\n\n")
	if start < 0 {
		return text, "", false
	}
	return text[:start], strings.TrimLeft(text[start:], "\n"), true
}
