package admin

import (
	"context"
	"net/mail"
	"slices"
	"strings"

	"huiyin/admin/api"
	"huiyin/channels"
	"huiyin/conversation"
	"huiyin/db"
)

// settingAddress is the setting of an inbox of mails that holds its address.
const settingAddress = "address"

// isMail tells whether a channel's conversations are by mail.
func isMail(a channels.Adapter) bool {
	_, threaded := a.(channels.Threaded)
	return threaded
}

// viewMail is what a message is as an email; nil: it is none.
func viewMail(m conversation.Message) *api.Mail {
	in := m.Content.Mail
	if in == nil {
		return nil
	}
	return &api.Mail{
		Subject: opt(in.Subject), From: viewAddresses(in.From), ReplyTo: viewAddresses(in.ReplyTo), To: viewAddresses(in.To),
		Cc: viewAddresses(in.Cc), Bcc: viewAddresses(in.Bcc), MessageId: opt(in.MessageID), SentAt: optTime(in.SentAt),
		Html: opt(m.HTML), Quoted: opt(in.Quoted), QuotedHtml: opt(in.QuotedHTML), Signature: opt(in.Signature),
		Automatic: opt(string(in.Automatic)), Verdicts: viewVerdicts(in.Verdicts), Signed: opt(in.Signed), Encrypted: opt(in.Encrypted),
		Invitation: viewInvitation(in.Invitation), RemoteImages: opt(in.RemoteImages), Trackers: opt(in.Trackers),
		Inline: in.Inline, Problems: in.Problems, RawUrl: opt(rawURL(m)),
	}
}

func viewAddresses(list []conversation.MailAddress) []api.MailAddress {
	shown := make([]api.MailAddress, 0, len(list))
	for _, a := range list {
		shown = append(shown, api.MailAddress{Name: opt(a.Name), Address: a.Address})
	}
	return shown
}

func viewVerdicts(v *conversation.MailVerdicts) *api.MailVerdicts {
	if v == nil {
		return nil
	}
	return &api.MailVerdicts{Proven: v.Proven(), Spf: opt(v.SPF), Dkim: opt(v.DKIM), Dmarc: opt(v.DMARC), Domain: opt(v.Domain), Signer: opt(v.Signer), By: opt(v.By)}
}

func viewInvitation(i *conversation.MailInvitation) *api.MailInvitation {
	if i == nil {
		return nil
	}
	return &api.MailInvitation{Method: opt(i.Method), Summary: opt(i.Summary), Start: opt(i.Start), End: opt(i.End), Zone: opt(i.Zone),
		Location: opt(i.Location), Organizer: opt(i.Organizer)}
}

// rawURL is where a mail is as it came, while it is kept. It stands among the message's files.
func rawURL(m conversation.Message) string {
	if i := rawAt(m); i >= 0 {
		return viewAttachment(m.Attachments[i]).Url
	}
	return ""
}

func rawAt(m conversation.Message) int {
	if m.Content.Mail == nil || m.Content.Mail.RawID == 0 {
		return -1
	}
	return slices.IndexFunc(m.Attachments, func(a conversation.Attachment) bool { return a.ID == m.Content.Mail.RawID })
}

// filesOf are the files that came with a message; the mail as it came is none of them.
func filesOf(m conversation.Message) []conversation.Attachment {
	if i := rawAt(m); i >= 0 {
		return slices.Delete(slices.Clone(m.Attachments), i, i+1)
	}
	return m.Attachments
}

// mailOf reads what a reply by email says of itself; nil: nothing. Only a conversation by mail takes it.
func (s *Server) mailOf(ctx context.Context, from db.Querier, c *conversation.Conversation, in *api.MessageInput) (*conversation.Mail, error) {
	if in.Mail == nil {
		return nil, nil
	}
	inbox, err := s.Conversations.Inbox(ctx, from, c.InboxID)
	if err != nil {
		return nil, err
	}
	if a, ok := s.adapter(inbox.Kind); !ok || !isMail(a) || val(in.Private) {
		return nil, invalid("mail", "only a reply in a conversation by email has receivers and a subject")
	}
	m := &conversation.Mail{Subject: strings.Join(strings.Fields(val(in.Mail.Subject)), " ")}
	for field, list := range map[string]struct {
		given []api.MailAddress
		into  *[]conversation.MailAddress
	}{"mail.to": {in.Mail.To, &m.To}, "mail.cc": {in.Mail.Cc, &m.Cc}, "mail.bcc": {in.Mail.Bcc, &m.Bcc}} {
		if *list.into, err = addresses(field, list.given); err != nil {
			return nil, err
		}
	}
	if len(m.To) == 0 && len(m.Cc)+len(m.Bcc) > 0 {
		return nil, invalid("mail.to", "say to whom the mail goes")
	}
	if len(m.To)+len(m.Cc)+len(m.Bcc) > maxReceivers {
		return nil, invalid("mail.to", "a mail goes to 50 addresses at most")
	}
	return m, nil
}

// maxReceivers bounds whom a mail of an agent goes to.
const maxReceivers = 50

// addresses are those of a field, each once.
func addresses(field string, given []api.MailAddress) (list []conversation.MailAddress, err error) {
	for _, a := range given {
		parsed, err := mail.ParseAddress(strings.TrimSpace(a.Address))
		if err != nil || parsed.Name != "" || strings.ContainsAny(parsed.Address, "\r\n<>\" ") {
			return nil, invalid(field, a.Address+" is no address such as name@example.com")
		}
		if slices.ContainsFunc(list, func(b conversation.MailAddress) bool { return strings.EqualFold(b.Address, parsed.Address) }) {
			continue
		}
		list = append(list, conversation.MailAddress{Name: strings.Join(strings.Fields(val(a.Name)), " "), Address: parsed.Address})
	}
	return list, nil
}
