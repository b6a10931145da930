package email

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"huiyin/channels"
	"huiyin/channels/internal/letter"
	"huiyin/channels/internal/mail"
	"huiyin/conversation"
)

// Send hands a mail to the inbox's mail server.
func (a *Adapter) Send(ctx context.Context, inbox conversation.Inbox, out channels.Outgoing) (channels.Accepted, error) {
	acct := read(a.kind, inbox)
	if err := ctx.Err(); err != nil {
		return channels.Accepted{}, err
	}
	if acct.smtp.host == "" {
		return channels.Accepted{}, &channels.SendError{Reason: "the inbox names no mail server to send by; set smtp_host"}
	}
	e, err := a.compose(ctx, acct, out)
	if err != nil {
		return channels.Accepted{}, &channels.SendError{Reason: "the mail cannot be written: " + err.Error(), Err: err}
	}
	if wait := a.pace.take(inbox.ID, acct.limits, a.Now()); wait > 0 {
		return channels.Accepted{}, &channels.SendError{Reason: "the inbox's limit of mails is reached; it waits", Postponed: true, After: wait}
	}
	if err := a.submit(ctx, acct, e); err != nil {
		return channels.Accepted{}, err
	}
	return channels.Accepted{ProviderID: e.id}, nil
}

// ready is a mail that can be handed over.
type ready struct {
	id   string // its Message-ID
	from string // of the envelope: where it is reported to if it does not arrive
	to   []string
	data []byte
}

// compose writes a message as a mail: the same at every try.
func (a *Adapter) compose(ctx context.Context, acct account, out channels.Outgoing) (ready, error) {
	own := conversation.Mail{}
	if out.Message.Content.Mail != nil {
		own = *out.Message.Content.Mail
	}
	m := mail.Message{From: conversation.MailAddress{Name: acct.name, Address: acct.address}, Date: out.Message.CreatedAt, MessageID: a.messageID(acct, out.ID),
		To: own.To, Cc: own.Cc, Subject: own.Subject, Text: out.Message.Text, HTML: out.Message.HTML, Automatic: out.Message.Sender != conversation.FromAgent}
	if m.Date.IsZero() {
		m.Date = a.Now()
	}
	answering(&m, acct, out)
	if m.Subject == "" {
		m.Subject = letter.Subject(out.Message, acct.name)
	}
	if m.HTML == "" {
		body := letter.Write(a.letter(ctx, acct, out))
		m.Text, m.HTML = body.Text, body.HTML
	}
	if len(m.To) == 0 {
		m.To = []conversation.MailAddress{{Address: out.Address}}
	}
	e := ready{id: m.MessageID, from: acct.address}
	tagged := acct.local + "+" + a.token(acct.inbox.ID, out.ID) + "@" + acct.domain
	if acct.plus == plusReply || acct.plus == plusBoth {
		m.ReplyTo = []conversation.MailAddress{{Name: acct.name, Address: tagged}}
	}
	if acct.plus == plusBoth {
		e.from = tagged
	}
	for _, f := range out.Message.Attachments {
		m.Files = append(m.Files, mail.File{Name: f.Name, Type: f.Type, Open: func() (io.ReadCloser, error) { return out.Open(f) }})
	}
	for _, to := range slices.Concat(m.To, m.Cc, own.Bcc) {
		if to.Address != "" && !slices.Contains(e.to, to.Address) {
			e.to = append(e.to, to.Address)
		}
	}
	var err error
	if e.data, err = mail.Compose(m); err != nil {
		return e, err
	}
	e.data, err = acct.sign(e.data)
	return e, err
}

// letter is what a message's body is written from.
func (a *Adapter) letter(ctx context.Context, acct account, out channels.Outgoing) letter.Letter {
	l := letter.Letter{Message: out.Message, Answers: out.Answers, Recap: out.Recap, Article: a.Article, Base: a.Base, Style: letter.StyleOf(a.kind, acct.inbox)}
	if out.Answers != nil && out.Answers.Content.Mail != nil {
		l.Name = sender(*out.Answers.Content.Mail).Name
	}
	if out.Message.AgentID != 0 && a.Agent != nil {
		l.Agent, _ = a.Agent(ctx, out.Message.AgentID) // an agent who is gone signs with the inbox's signature alone
	}
	return l
}

// sign puts the inbox's DKIM signature on a mail, where it has a key.
func (a account) sign(data []byte) ([]byte, error) {
	if a.value(keyDKIMKey) == "" {
		return data, nil
	}
	key, err := mail.ParseKey(a.domain, a.value(keyDKIMSelector), a.value(keyDKIMKey))
	if err != nil {
		return nil, err
	}
	return key.Sign(data)
}

// answering fills in what a reply takes from the mail that it answers: whom it goes to, its subject and its place in the thread. Unless an
// agent chose otherwise it goes to all who take part; what no person wrote goes to the one who wrote the mail (RFC 3834 section 4).
func answering(m *mail.Message, acct account, out channels.Outgoing) {
	if m.Subject == "" && out.Subject != "" {
		m.Subject = replySubject(out.Subject)
	}
	if out.Answers == nil || out.Answers.Content.Mail == nil {
		return
	}
	last := out.Answers.Content.Mail
	if m.Subject == "" {
		m.Subject = replySubject(last.Subject)
	}
	if last.MessageID != "" {
		m.InReplyTo = last.MessageID
		m.References = append(slices.Clone(last.References), last.MessageID)
	}
	if m.Automatic && len(m.To) == 0 && out.Message.Via == 0 && out.Message.Content.Recap == nil {
		if from := sender(*last); from.Address != nobody { // one in copy who asks is answered, and nobody else reads what they wrote
			m.To = []conversation.MailAddress{{Address: from.Address}}
		}
	}
	if len(m.To) > 0 || m.Automatic {
		return
	}
	m.To = slices.Clone(last.ReplyTo)
	if len(m.To) == 0 {
		m.To = slices.Clone(last.From)
	}
	for _, other := range slices.Concat(last.To, last.Cc) {
		if other.Address != "" && !acct.owns(other.Address) && !has(m.To, other) && !has(m.Cc, other) {
			m.Cc = append(m.Cc, other)
		}
	}
}

func has(list []conversation.MailAddress, one conversation.MailAddress) bool {
	return slices.ContainsFunc(list, func(a conversation.MailAddress) bool { return strings.EqualFold(a.Address, one.Address) })
}

// replySubject is a subject with one Re: before it, whatever stood there in whichever language.
func replySubject(subject string) string {
	for {
		trimmed := strings.TrimSpace(subject)
		cut := trimmed
		for _, mark := range []string{"re:", "re：", "aw:", "sv:", "回复:", "回复：", "答复:", "答复：", "回覆:", "回覆："} {
			if len(trimmed) >= len(mark) && strings.EqualFold(trimmed[:len(mark)], mark) {
				cut = trimmed[len(mark):]
				break
			}
		}
		if cut == trimmed {
			break
		}
		subject = cut
	}
	if subject = strings.TrimSpace(subject); subject == "" {
		return "Re:"
	}
	return "Re: " + subject
}

// uncertain is what became of a mail whose data was handed over and not answered for.
func uncertain(err error) error {
	return &channels.SendError{Reason: "the connection to the mail server broke after the mail was handed over; it may or may not have been sent", Uncertain: true, Err: err}
}

func unreachable(err error) error {
	return &channels.SendError{Reason: "the mail server could not be reached", Retry: true, Err: fmt.Errorf("smtp: %w", err)}
}

// soon is the least wait before a mail is tried again that the server put off.
const soon = 30 * time.Second
