package simulator

import (
	"context"
	"regexp"
	"strconv"
	"strings"
)

// notice is a template or subscribe message: outside the allowances, in a form that the provider has approved.
type notice struct {
	To       string `json:"touser"`
	Template string `json:"template_id"`
	URL      string `json:"url"`
	Page     string `json:"page"`
	Card     struct {
		App  string `json:"appid"`
		Page string `json:"pagepath"`
	} `json:"miniprogram"`
	Data map[string]struct {
		Value any `json:"value"`
	} `json:"data"`
}

// templateSend needs a follower and a template of the account.
// https://developers.weixin.qq.com/doc/service/api/notify/template/api_sendtemplatemessage.html
func templateSend(c *apiCall) (any, *refusal) {
	var in notice
	if c.account.config.Kind != OfficialAccount {
		return nil, refuse(48001, "api unauthorized")
	}
	line, refused := c.notice(&in)
	if refused != nil {
		return nil, refused
	}
	if !c.phone.follows {
		return nil, refuse(43004, "require subscribe")
	}
	id := c.sim.nextID()
	line.URL = in.URL
	c.phone.show(line)
	done := append(c.phone.event("TEMPLATESENDJOBFINISH"), field{"MsgID", id}, field{"Status", "success"})
	go push{account: c.account, body: done}.deliver(context.WithoutCancel(c.r.Context()))
	return struct {
		refusal
		ID int64 `json:"msgid"`
	}{ok(), id}, nil
}

// subscribeSend needs the customer's consent, which one message uses up.
// https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-message-management/subscribe-message/sendMessage.html
// https://developers.weixin.qq.com/doc/service/api/notify/notify/api_sendnewsubscribemsg.html
func subscribeSend(c *apiCall) (any, *refusal) {
	var in notice
	if official := strings.HasSuffix(c.r.URL.Path, "/bizsend"); official != (c.account.config.Kind == OfficialAccount) {
		return nil, refuse(48001, "api unauthorized")
	}
	line, refused := c.notice(&in)
	if refused != nil {
		return nil, refused
	}
	if c.phone.allowed[in.Template] == 0 {
		return nil, refuse(43101, "user refuse to accept the msg")
	}
	c.phone.allowed[in.Template]--
	line.Page = in.Page
	c.phone.show(line)
	return ok(), nil
}

// placeholder is a value's place in a template, such as {{thing1.DATA}}.
var placeholder = regexp.MustCompile(`\{\{(\w+)\.DATA\}\}`)

// notice reads a notice and lays its values into the template, whose first line is the title.
func (c *apiCall) notice(in *notice) (Line, *refusal) {
	if refused := c.decode(in); refused != nil {
		return Line{}, refused
	}
	if refused := c.to(in.To); refused != nil {
		return Line{}, refused
	}
	template, known := c.account.config.Templates[in.Template]
	if !known {
		return Line{}, refuse(40037, "invalid template_id")
	}
	title, rest, _ := strings.Cut(template, "\n")
	line := Line{From: Business, Kind: "notice", How: "notice", Title: title, App: in.Card.App, Page: in.Card.Page}
	for row := range strings.Lines(rest) {
		name, _, _ := strings.Cut(row, "{{")
		found := placeholder.FindStringSubmatch(row)
		if found == nil {
			continue
		}
		value := in.Data[found[1]].Value
		if value == nil {
			return line, refuse(47003, "argument invalid! data."+found[1]+".value is empty")
		}
		line.Rows = append(line.Rows, [2]string{strings.TrimRight(strings.TrimSpace(name), ":："), text(value)})
	}
	return line, nil
}

func text(v any) string {
	if n, ok := v.(float64); ok {
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	s, _ := v.(string)
	return s
}
