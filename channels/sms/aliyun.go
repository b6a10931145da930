package sms

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"huiyin/channels"
	"huiyin/channels/internal/texting"
	"huiyin/conversation"
)

const aliyunBase = "https://dysmsapi.aliyuncs.com"

// Aliyun is the adapter of Alibaba Cloud's short message service.
type Aliyun struct{ base }

// NewAliyun makes the adapter of sms_aliyun.
func NewAliyun(o Options) *Aliyun {
	o = o.complete()
	kind := channels.Kind{Name: "sms_aliyun", Title: channels.Words{Zh: "短信（阿里云）", En: "SMS (Alibaba Cloud)"}}
	kind.Settings = append(kind.Settings,
		channels.Setting{Key: "access_key_id", Type: channels.Text, Required: true, Label: channels.Words{Zh: "AccessKey ID", En: "AccessKey ID"},
			Help: channels.Words{Zh: "建议用只有短信权限的 RAM 用户。", En: "Best of a RAM user who may do nothing but send texts."}},
		channels.Setting{Key: "access_key_secret", Type: channels.Text, Required: true, Secret: true, Label: channels.Words{Zh: "AccessKey Secret", En: "AccessKey Secret"},
			Help: channels.Words{Zh: "与 AccessKey ID 配对。", En: "That belongs to the id."}},
		channels.Setting{Key: "template_variable", Type: channels.Text, Default: "content", Label: channels.Words{Zh: "模板变量名", En: "Name of the variable"},
			Help: channels.Words{Zh: "模板里 ${…} 中的名字。", En: "As it stands in the template's ${…}."}})
	kind.Settings = append(kind.Settings, cloudSettings(channels.Words{Zh: "回调地址写成“回调 URL?secret=口令”，填到 SmsReport 和 SmsUp 的 HTTP 推送里。",
		En: "Give “callback URL?secret=…” as the HTTP address of SmsReport and SmsUp."})...)
	kind.Settings = append(kind.Settings, apiBase(aliyunBase))
	kind.Settings = append(kind.Settings, texting.Settings()...)
	return &Aliyun{base{Options: o, kind: kind, texts: &texting.Desk{Now: o.Now, Article: o.Article, Base: o.Base}}}
}

// aliyunPush is an entry of SmsUp (https://help.aliyun.com/document_detail/101867.html) or SmsReport
// (https://help.aliyun.com/document_detail/101847.html); which one shows in its fields.
type aliyunPush struct {
	Phone    string      `json:"phone_number"`
	Content  *string     `json:"content"`
	SendTime string      `json:"send_time"`
	Dest     string      `json:"dest_code"`
	Sequence json.Number `json:"sequence_id"`
	Success  *bool       `json:"success"`
	ErrCode  string      `json:"err_code"`
	ErrMsg   string      `json:"err_msg"`
	BizID    string      `json:"biz_id"`
	OutID    string      `json:"out_id"`
}

// Receive takes pushes of texts and of receipts, which come as arrays and are repeated until they are answered.
func (a *Aliyun) Receive(inbox conversation.Inbox, r *http.Request) (channels.Received, error) {
	if !a.admitted(inbox, r) {
		return channels.Received{}, channels.ErrUnauthorized
	}
	body, err := read(r)
	if err != nil {
		return channels.Received{}, err
	}
	var pushes []aliyunPush
	if err := json.Unmarshal(body, &pushes); err != nil {
		return channels.Received{}, unreadable("it is no JSON array of pushes")
	}
	received := channels.Received{Ack: jsonAck(map[string]any{"code": 0, "msg": "成功"})}
	rules := texting.Read(a.kind, inbox)
	for _, p := range pushes {
		switch {
		case p.Content != nil:
			source := p.Sequence.String()
			if source == "" {
				source = fingerprint(p.Phone, p.SendTime, p.Dest, *p.Content)
			}
			in, ok := rules.Incoming("up:"+source, p.Phone, *p.Content)
			if !ok {
				return channels.Received{}, unreadable("phone_number is no number")
			}
			received.Messages = append(received.Messages, in)
		case p.Success != nil:
			received.Receipts = append(received.Receipts, p.receipt())
		default:
			return channels.Received{}, unreadable("a push is neither a text nor a receipt")
		}
	}
	return received, nil
}

func (p aliyunPush) receipt() conversation.Receipt {
	r := conversation.Receipt{ProviderID: p.BizID, State: conversation.Delivered}
	r.MessageID, _ = strconv.ParseInt(p.OutID, 10, 64)
	if !*p.Success {
		r.State, r.Reason = conversation.Failed, "the carrier did not deliver it: "+strings.TrimSpace(p.ErrCode+" "+p.ErrMsg)
	}
	return r
}

// Send hands a text over: https://help.aliyun.com/document_detail/419273.html
func (a *Aliyun) Send(ctx context.Context, inbox conversation.Inbox, out channels.Outgoing) (channels.Accepted, error) {
	text, err := a.variable(inbox, out)
	if err != nil {
		return channels.Accepted{}, err
	}
	param, err := json.Marshal(map[string]string{a.kind.Value(inbox, "template_variable"): text})
	if err != nil {
		return channels.Accepted{}, &channels.SendError{Reason: "the text cannot be written", Err: err}
	}
	var answer aliyunAnswer
	status, err := a.call(ctx, inbox, "SendSms", url.Values{"PhoneNumbers": {domestic(out.Address)}, "SignName": {a.kind.Value(inbox, "sign_name")},
		"TemplateCode": {a.kind.Value(inbox, "template_id")}, "TemplateParam": {string(param)}, "OutId": {strconv.FormatInt(out.ID, 10)}}, &answer)
	if err != nil {
		return channels.Accepted{}, failed(ctx, err)
	}
	if answer.Code != "OK" {
		return channels.Accepted{}, aliyunRefusal(status, answer)
	}
	return channels.Accepted{ProviderID: answer.BizID}, nil
}

type aliyunAnswer struct {
	Code, Message string
	BizID         string `json:"BizId"`
}

// domestic is a number as Chinese clouds write it: mainland ones without the country code.
func domestic(number string) string {
	if rest, ok := strings.CutPrefix(number, "86"); ok && len(rest) == 11 {
		return rest
	}
	return number
}

func (a *Aliyun) call(ctx context.Context, inbox conversation.Inbox, action string, query url.Values, out any) (int, error) {
	address := strings.TrimRight(a.kind.Value(inbox, "api_base"), "/") + "/?" + acsQuery(query)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, http.NoBody)
	if err != nil {
		return 0, &channels.SendError{Reason: "the API address of the inbox is not valid", Err: err}
	}
	signACS3(r, acsCall{action: action, version: "2017-05-25", id: a.kind.Value(inbox, "access_key_id"), secret: a.kind.Value(inbox, "access_key_secret"),
		at: a.Now(), nonce: a.Random()})
	return a.ask(r, out)
}

// aliyunRefusal reads an error code: https://help.aliyun.com/document_detail/101346.html
func aliyunRefusal(status int, answer aliyunAnswer) error {
	e := &channels.SendError{Reason: "Alibaba Cloud refused the text", Err: fmt.Errorf("status %d, %s: %s", status, answer.Code, answer.Message)}
	switch code := answer.Code; {
	case code == "isv.BUSINESS_LIMIT_CONTROL":
		e.Reason, e.Retry, e.After = "Alibaba Cloud's limit for this number is reached", true, 10*time.Minute
	case strings.HasPrefix(code, "Throttling") || code == "isp.SYSTEM_ERROR" || code == "ServiceUnavailable" || status == http.StatusTooManyRequests:
		e.Reason, e.Retry, e.After = "Alibaba Cloud is busy", true, 10*time.Second
	case code == "isv.MOBILE_NUMBER_ILLEGAL" || code == "isv.MOBILE_COUNT_OVER_LIMIT":
		e.Reason = "Alibaba Cloud says that this is no number for texts"
	case code == "isv.AMOUNT_NOT_ENOUGH" || code == "isv.OUT_OF_SERVICE":
		e.Reason, e.Retry, e.After = "the Alibaba Cloud account has no credit left", true, 10*time.Minute
	case strings.HasPrefix(code, "isv.SMS_TEMPLATE") || strings.HasPrefix(code, "isv.TEMPLATE"):
		e.Reason = "Alibaba Cloud does not take the template or what is in its variable"
	case strings.HasPrefix(code, "isv.SMS_SIGNATURE") || strings.HasPrefix(code, "isv.SMS_SIGN"):
		e.Reason = "Alibaba Cloud does not know the signature; check the inbox's sign_name"
	case code == "isv.BLACK_KEY_CONTROL_LIMIT" || code == "isv.PARAM_NOT_SUPPORT_URL":
		e.Reason = "Alibaba Cloud does not allow a word or a link in the text"
	case strings.HasPrefix(code, "InvalidAccessKeyId") || code == "SignatureDoesNotMatch" || code == "isv.ACCOUNT_ABNORMAL":
		e.Reason, e.Retry, e.After = "Alibaba Cloud refuses the inbox's access; check its AccessKey", true, time.Minute
	case status >= 500:
		e.Reason, e.Uncertain = "Alibaba Cloud failed while taking the text; it may or may not go out", true
	}
	return e
}

// Preview tells what a reply becomes.
func (a *Aliyun) Preview(inbox conversation.Inbox, m conversation.Message) channels.Preview {
	return a.preview(inbox, m)
}

// Check asks for the signature.
func (a *Aliyun) Check(ctx context.Context, inbox conversation.Inbox) error {
	var answer aliyunAnswer
	status, err := a.call(ctx, inbox, "QuerySmsSign", url.Values{"SignName": {a.kind.Value(inbox, "sign_name")}}, &answer)
	if err != nil {
		return failed(ctx, err)
	}
	if answer.Code != "OK" {
		return aliyunRefusal(status, answer)
	}
	return nil
}

var (
	_ channels.Webhook   = (*Aliyun)(nil)
	_ channels.Previewer = (*Aliyun)(nil)
	_ channels.Sampler   = (*Aliyun)(nil)
	_ channels.Checker   = (*Aliyun)(nil)
)
