package simulator

import "time"

const (
	typingLasts = 15 * time.Second
	typingAfter = 30 * time.Second // the customer must have written so recently
)

// officialTyping and miniTyping show the customer that somebody writes, each under its own path.
// https://developers.weixin.qq.com/doc/service/api/customer/message/api_typing.html
// https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/kf-mgnt/kf-message/setTyping.html
func officialTyping(c *apiCall) (any, *refusal) { return c.typing(OfficialAccount) }

func miniTyping(c *apiCall) (any, *refusal) { return c.typing(MiniProgram) }

func (c *apiCall) typing(kind Kind) (any, *refusal) {
	var in struct {
		To      string `json:"touser"`
		Command string `json:"command"`
	}
	if c.account.config.Kind != kind {
		return nil, refuse(48001, "api unauthorized")
	}
	if refused := c.decode(&in); refused != nil {
		return nil, refused
	}
	if refused := c.to(in.To); refused != nil {
		return nil, refused
	}
	now := c.sim.clock()
	switch {
	case in.Command != "Typing" && in.Command != "CancelTyping":
		return nil, refuse(45072, "invalid command")
	case now.Sub(c.phone.heard) > typingAfter:
		return nil, refuse(45080, "client touser not send message in 30s")
	case in.Command == "Typing" && c.phone.typingNow():
		return nil, refuse(45081, "already typing")
	}
	c.phone.typing = now
	if in.Command == "Typing" {
		c.phone.typing = now.Add(typingLasts)
	}
	c.sim.touch()
	return ok(), nil
}
