package webchat

import (
	"html"
	"strings"

	"huiyin/channels"
	"huiyin/conversation"
)

// Sample is a message as the widget shows it.
func (a *Adapter) Sample(_ conversation.Inbox, m conversation.Message) channels.Sample {
	if m.Content.Markdown {
		return channels.Sample{HTML: channels.RenderMarkdown(m.Text)}
	}
	return channels.Sample{Texts: []string{m.Text}}
}

// rich is a text in Markdown for a page that may lie on another site: its pictures and links name this server.
func (a *Adapter) rich(markdown string) string {
	rendered := channels.RenderMarkdown(markdown)
	if a.Base == "" {
		return rendered
	}
	base := html.EscapeString(a.Base)
	return strings.NewReplacer(`src="/`, `src="`+base+"/", `href="/`, `href="`+base+"/").Replace(rendered)
}
