package email

import (
	"context"

	"huiyin/channels"
	"huiyin/channels/internal/letter"
	"huiyin/conversation"
)

// Sample is the letter that a message becomes, made safe to be shown in a page of ours.
func (a *Adapter) Sample(inbox conversation.Inbox, m conversation.Message) channels.Sample {
	l := a.letter(context.Background(), read(a.kind, inbox), channels.Outgoing{Message: m})
	l.Base = "" // the page that shows it is on this server
	return channels.Sample{HTML: channels.SanitizeHTML(letter.Write(l).HTML)}
}
