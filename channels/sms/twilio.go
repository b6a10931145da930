package sms

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"huiyin/channels"
	"huiyin/channels/internal/texting"
	"huiyin/conversation"
)

const twilioBase = "https://api.twilio.com"

// Twilio is the adapter of Twilio's Programmable Messaging.
type Twilio struct{ base }

// NewTwilio makes the adapter of sms_twilio.
func NewTwilio(o Options) *Twilio {
	o = o.complete()
	kind := channels.Kind{Name: "sms_twilio", Title: channels.Words{Zh: "短信（Twilio）", En: "SMS (Twilio)"}, Settings: append([]channels.Setting{
		{Key: "account_sid", Type: channels.Text, Required: true, Label: channels.Words{Zh: "Account SID", En: "Account SID"}, Check: prefixed("AC"),
			Help: channels.Words{Zh: "在 Twilio 控制台首页。", En: "On the first page of Twilio's console."}},
		{Key: "auth_token", Type: channels.Text, Required: true, Secret: true, Label: channels.Words{Zh: "Auth Token", En: "Auth Token"},
			Help: channels.Words{Zh: "也用来验证回调的签名。", En: "Callbacks are verified with it too."}},
		{Key: "from", Type: channels.Text, Required: true, Label: channels.Words{Zh: "发送号码", En: "Sender"},
			Help: channels.Words{Zh: "+ 开头的号码，或 MG 开头的 Messaging Service。", En: "A number that begins with +, or a Messaging Service (MG…)."}},
		apiBase(twilioBase),
	}, texting.Settings()...)}
	return &Twilio{base{Options: o, kind: kind, texts: &texting.Desk{Now: o.Now, Article: o.Article, Base: o.Base}}}
}

func prefixed(prefix string) func(string) error {
	return func(v string) error {
		if !strings.HasPrefix(v, prefix) {
			return fmt.Errorf("must begin with %s", prefix)
		}
		return nil
	}
}

func apiBase(standard string) channels.Setting {
	return channels.Setting{Key: "api_base", Type: channels.Text, Default: standard, Label: channels.Words{Zh: "接口地址", En: "API address"}, Check: checkBase,
		Help: channels.Words{Zh: "经代理或测试时才需要修改。", En: "Only to go through a proxy, or for tests."}}
}

func checkBase(v string) error {
	u, err := url.Parse(v)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.RawQuery != "" {
		return fmt.Errorf("must be an address such as https://api.example.com")
	}
	return nil
}

// Receive takes a text (https://www.twilio.com/docs/messaging/guides/webhook-request) or the state of one that was sent
// (https://www.twilio.com/docs/messaging/guides/track-outbound-message-status).
func (t *Twilio) Receive(inbox conversation.Inbox, r *http.Request) (channels.Received, error) {
	body, err := read(r)
	if err != nil {
		return channels.Received{}, err
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return channels.Received{}, unreadable("it is no form")
	}
	if !t.signed(inbox, r, form) {
		return channels.Received{}, channels.ErrUnauthorized
	}
	if account := form.Get("AccountSid"); account != t.kind.Value(inbox, "account_sid") {
		return channels.Received{}, fmt.Errorf("account %q: %w", account, channels.ErrUnauthorized)
	}
	ack := channels.Ack{ContentType: "text/xml", Body: []byte("<Response></Response>")}
	if state := form.Get("MessageStatus"); state != "" {
		return channels.Received{Receipts: twilioReceipt(form), Ack: ack}, nil
	}
	id := form.Get("MessageSid")
	if id == "" {
		return channels.Received{}, unreadable("it has no MessageSid")
	}
	in, ok := texting.Read(t.kind, inbox).Incoming(id, form.Get("From"), form.Get("Body"))
	if !ok {
		return channels.Received{}, unreadable("From is no number")
	}
	if n, _ := strconv.Atoi(form.Get("NumMedia")); n > 0 {
		in.Text = strings.TrimSpace(in.Text + fmt.Sprintf("\n[%d 个附件 / %d attachments]", n, n))
	}
	return channels.Received{Messages: []conversation.Incoming{in}, Ack: ack}, nil
}

// signed verifies X-Twilio-Signature over the callback's public URL and its fields, untrimmed:
// https://www.twilio.com/docs/usage/webhooks/webhooks-security
func (t *Twilio) signed(inbox conversation.Inbox, r *http.Request, form url.Values) bool {
	address := t.Public(inbox)
	if r.URL.RawQuery != "" {
		address += "?" + r.URL.RawQuery
	}
	keys := make([]string, 0, len(form))
	for key := range form {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	mac := hmac.New(sha1.New, []byte(t.kind.Value(inbox, "auth_token")))
	mac.Write([]byte(address))
	for _, key := range keys {
		values := slices.Clone(form[key])
		slices.Sort(values)
		for _, value := range slices.Compact(values) {
			mac.Write([]byte(key + value))
		}
	}
	given, err := base64.StdEncoding.DecodeString(r.Header.Get("X-Twilio-Signature"))
	return err == nil && hmac.Equal(given, mac.Sum(nil))
}

func twilioReceipt(form url.Values) []conversation.Receipt {
	r := conversation.Receipt{ProviderID: form.Get("MessageSid")}
	switch form.Get("MessageStatus") {
	case "delivered":
		r.State = conversation.Delivered
	case "read":
		r.State = conversation.Read
	case "undelivered", "failed":
		r.State = conversation.Failed
		r.Reason = "Twilio could not deliver it" + code(form.Get("ErrorCode"))
	default:
		return nil
	}
	return []conversation.Receipt{r}
}

func code(c string) string {
	if c == "" {
		return ""
	}
	return " (error " + c + ")"
}

// Send hands a text over: https://www.twilio.com/docs/messaging/api/message-resource#create-a-message-resource
func (t *Twilio) Send(ctx context.Context, inbox conversation.Inbox, out channels.Outgoing) (channels.Accepted, error) {
	body, err := t.texts.Prepare(texting.Read(t.kind, inbox), inbox, out)
	if err != nil {
		return channels.Accepted{}, err
	}
	form := url.Values{"To": {"+" + out.Address}, "Body": {body}, "StatusCallback": {t.Public(inbox)}}
	from := "From"
	if strings.HasPrefix(t.kind.Value(inbox, "from"), "MG") {
		from = "MessagingServiceSid"
	}
	form.Set(from, t.kind.Value(inbox, "from"))
	var answer struct {
		SID     string
		Code    int
		Message string
	}
	status, err := t.call(ctx, inbox, http.MethodPost, "/Messages.json", form, &answer)
	if err != nil {
		return channels.Accepted{}, failed(ctx, err)
	}
	if status != http.StatusCreated || answer.SID == "" {
		return channels.Accepted{}, twilioRefusal(status, answer.Code, answer.Message)
	}
	return channels.Accepted{ProviderID: answer.SID}, nil
}

func (t *Twilio) call(ctx context.Context, inbox conversation.Inbox, method, path string, form url.Values, out any) (int, error) {
	account := t.kind.Value(inbox, "account_sid")
	address := strings.TrimRight(t.kind.Value(inbox, "api_base"), "/") + "/2010-04-01/Accounts/" + url.PathEscape(account) + path
	r, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, &channels.SendError{Reason: "the API address of the inbox is not valid", Err: err}
	}
	r.SetBasicAuth(account, t.kind.Value(inbox, "auth_token"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return t.ask(r, out)
}

// twilioRefusal reads an error: https://www.twilio.com/docs/api/errors
func twilioRefusal(status, code int, message string) error {
	e := &channels.SendError{Reason: "Twilio refused the text", Err: fmt.Errorf("status %d, error %d: %s", status, code, message)}
	switch {
	case code == 21610:
		e.Reason = "the customer has opted out with Twilio"
	case code == 21211 || code == 21214 || code == 21614:
		e.Reason = "Twilio says that this is no number for texts"
	case code == 21608 || code == 21408 || code == 21612:
		e.Reason = "Twilio may not send to this number or country; check the account's permissions"
	case code == 20003 || status == http.StatusUnauthorized:
		e.Reason, e.Retry, e.After = "Twilio refuses the inbox's access; check its SID and token", true, time.Minute
	case code == 20429 || code == 14107 || status == http.StatusTooManyRequests:
		e.Reason, e.Retry, e.After = "Twilio's rate limit is reached", true, 10*time.Second
	case status >= 500:
		e.Reason, e.Uncertain = "Twilio failed while taking the text; it may or may not go out", true
	}
	return e
}

// Preview tells what a reply becomes.
func (t *Twilio) Preview(inbox conversation.Inbox, m conversation.Message) channels.Preview {
	return t.texts.Preview(texting.Read(t.kind, inbox), m)
}

// Check asks for the account.
func (t *Twilio) Check(ctx context.Context, inbox conversation.Inbox) error {
	var answer struct {
		Status  string
		Code    int
		Message string
	}
	status, err := t.call(ctx, inbox, http.MethodGet, ".json", nil, &answer)
	switch {
	case err != nil:
		return failed(ctx, err)
	case status != http.StatusOK:
		return twilioRefusal(status, answer.Code, answer.Message)
	case answer.Status != "active":
		return &channels.SendError{Reason: "the Twilio account is " + answer.Status}
	}
	return nil
}

var (
	_ channels.Webhook   = (*Twilio)(nil)
	_ channels.Previewer = (*Twilio)(nil)
	_ channels.Sampler   = (*Twilio)(nil)
	_ channels.Checker   = (*Twilio)(nil)
)
