package texting

import (
	"huiyin/channels"
	"huiyin/channels/internal/gsm"
	"huiyin/conversation"
)

// Sample is a text as the customer gets it, and whether the inbox's limit cut it.
func (d *Desk) Sample(r Rules, m conversation.Message) channels.Sample {
	f := d.form(r, m)
	body := f.Body(m)
	s := channels.Sample{Texts: []string{body}, Unit: "parts", Limit: f.Parts}
	var encoding gsm.Encoding
	s.Used, s.Left, encoding = gsm.Count(body)
	s.Encoding = string(encoding)
	f.Parts = 0
	s.Cut = f.Body(m) != body
	return s
}
