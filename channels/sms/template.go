package sms

import (
	"crypto/subtle"
	"fmt"
	"net/http"
	"net/netip"
	"strconv"
	"strings"

	"huiyin/channels"
	"huiyin/channels/internal/texting"
	"huiyin/conversation"
)

// Chinese clouds take no free text: an approved template under an approved signature, whose one variable carries what we
// say. They sign no callback either: a secret in its address and a list of addresses stand for that.

func cloudSettings(secretHelp channels.Words) []channels.Setting {
	return []channels.Setting{
		{Key: "template_id", Type: channels.Text, Required: true, Label: channels.Words{Zh: "模板编号", En: "Template id"},
			Help: channels.Words{Zh: "已审核的模板，正文里有一个变量，回复的内容放进这个变量。", En: "An approved template with one variable, which carries the reply."}},
		{Key: "template_text", Type: channels.Text, Default: "{content}", Check: checkTemplate, Label: channels.Words{Zh: "模板正文", En: "Template text"},
			Help: channels.Words{Zh: "照抄模板，变量写成 {content}，用来预览和计数。", En: "As approved, with {content} where the variable is; for preview and counting."}},
		{Key: "template_limit", Type: channels.Number, Default: "500", Check: checkLimit, Label: channels.Words{Zh: "变量最多字数", En: "Characters of the variable, at most"},
			Help: channels.Words{Zh: "模板审核时核定的长度。", En: "As approved with the template."}},
		{Key: "callback_secret", Type: channels.Text, Required: true, Secret: true, Check: checkSecret, Label: channels.Words{Zh: "回调口令", En: "Callback secret"}, Help: secretHelp},
		{Key: "callback_addresses", Type: channels.List, Check: checkAddresses, Label: channels.Words{Zh: "回调来源地址", En: "Addresses of callbacks"},
			Help: channels.Words{Zh: "每行一个 IP 或网段；留空不限。", En: "An IP address or network a line; empty: any."}},
	}
}

func checkTemplate(v string) error {
	if strings.Count(v, "{content}") != 1 {
		return fmt.Errorf("must have {content} once")
	}
	return nil
}

func checkLimit(v string) error {
	if n, err := strconv.Atoi(v); err != nil || n < 1 || n > 1000 {
		return fmt.Errorf("must be from 1 to 1000")
	}
	return nil
}

func checkSecret(v string) error {
	if len(v) < 16 || strings.ContainsAny(v, "/?#& ") {
		return fmt.Errorf("must be at least 16 letters and digits")
	}
	return nil
}

func checkAddresses(v string) error {
	for _, line := range strings.Fields(v) {
		if _, err := network(line); err != nil {
			return fmt.Errorf("%q is no IP address or network", line)
		}
	}
	return nil
}

func network(text string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(text); err == nil {
		return a.Prefix(a.BitLen())
	}
	return netip.ParsePrefix(text)
}

// admitted tells whether a callback knows the secret, which is in its query as "secret", and comes from where it may.
func (b *base) admitted(inbox conversation.Inbox, r *http.Request) bool {
	given, want := r.URL.Query().Get("secret"), b.kind.Value(inbox, "callback_secret")
	if want == "" || subtle.ConstantTimeCompare([]byte(given), []byte(want)) != 1 {
		return false
	}
	lines := b.kind.Lines(inbox, "callback_addresses")
	from := channels.Caller(r)
	for _, line := range lines {
		if p, err := network(strings.TrimSpace(line)); err == nil && p.Contains(from) {
			return true
		}
	}
	return len(lines) == 0
}

// variable is what a message puts into the template.
func (b *base) variable(inbox conversation.Inbox, out channels.Outgoing) (string, error) {
	r := texting.Read(b.kind, inbox)
	r.Form.Sign = "" // the provider puts it in front
	text, err := b.texts.Prepare(r, inbox, out)
	if err != nil {
		return "", err
	}
	if problem := b.tooLong(inbox, text); problem != (channels.Words{}) {
		return "", &channels.SendError{Reason: problem.En}
	}
	return text, nil
}

func (b *base) tooLong(inbox conversation.Inbox, text string) channels.Words {
	limit, _ := strconv.Atoi(b.kind.Value(inbox, "template_limit"))
	n := len([]rune(text))
	if n <= limit {
		return channels.Words{}
	}
	return channels.Words{Zh: fmt.Sprintf("模板变量最多 %d 字，现在 %d 字", limit, n),
		En: fmt.Sprintf("the template's variable takes %d characters, this has %d", limit, n)}
}

// preview is a reply inside its template.
func (b *base) preview(inbox conversation.Inbox, m conversation.Message) channels.Preview {
	rules := texting.Read(b.kind, inbox)
	sign := rules.Form.Sign
	rules.Form.Sign = ""
	text := b.texts.Preview(rules, m).Text
	rules.Form.Parts = 0
	whole := sign + strings.Replace(b.kind.Value(inbox, "template_text"), "{content}", text, 1)
	p := b.texts.Preview(rules, conversation.Message{Sender: conversation.FromAgent, Text: whole})
	p.Template, p.Problem = b.kind.Value(inbox, "template_id"), b.tooLong(inbox, text)
	return p
}
