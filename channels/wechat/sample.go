package wechat

import (
	"huiyin/channels"
	"huiyin/conversation"
)

// Sample is a message as WeChat shows it: in as many texts as it takes, each of which counts against the send budget.
func (a *Adapter) Sample(inbox conversation.Inbox, m conversation.Message) channels.Sample {
	s := channels.Sample{Unit: "bytes", Used: len(a.render(m)), Limit: maxText}
	all, err := a.parts(account{inbox: inbox}, m)
	if err != nil { // a file that WeChat does not take; a sample has none
		return s
	}
	for _, p := range all {
		s.Texts = append(s.Texts, p.text)
	}
	return s
}
