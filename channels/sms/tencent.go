package sms

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"huiyin/channels"
	"huiyin/channels/internal/texting"
	"huiyin/conversation"
)

const tencentBase = "https://sms.tencentcloudapi.com"

// Tencent is the adapter of Tencent Cloud's short message service.
type Tencent struct{ base }

// NewTencent makes the adapter of sms_tencent.
func NewTencent(o Options) *Tencent {
	o = o.complete()
	kind := channels.Kind{Name: "sms_tencent", Title: channels.Words{Zh: "短信（腾讯云）", En: "SMS (Tencent Cloud)"}}
	kind.Settings = append(kind.Settings,
		channels.Setting{Key: "secret_id", Type: channels.Text, Required: true, Label: channels.Words{Zh: "SecretId", En: "SecretId"},
			Help: channels.Words{Zh: "建议用只有短信权限的子用户。", En: "Best of a sub-user who may do nothing but send texts."}},
		channels.Setting{Key: "secret_key", Type: channels.Text, Required: true, Secret: true, Label: channels.Words{Zh: "SecretKey", En: "SecretKey"},
			Help: channels.Words{Zh: "与 SecretId 配对。", En: "That belongs to the id."}},
		channels.Setting{Key: "sdk_app_id", Type: channels.Text, Required: true, Label: channels.Words{Zh: "短信应用 ID", En: "SdkAppId"},
			Help: channels.Words{Zh: "短信控制台“应用管理”里的 SdkAppId。", En: "Of the application in the SMS console."}},
		channels.Setting{Key: "region", Type: channels.Text, Default: "ap-guangzhou", Label: channels.Words{Zh: "地域", En: "Region"},
			Help: channels.Words{Zh: "如 ap-guangzhou。", En: "Such as ap-guangzhou."}})
	kind.Settings = append(kind.Settings, cloudSettings(channels.Words{Zh: "回调地址写成“回调 URL?secret=口令”，填到短信应用的事件回调和回复回调里。",
		En: "Give “callback URL?secret=…” as the application's callbacks of states and of replies."})...)
	kind.Settings = append(kind.Settings, apiBase(tencentBase))
	kind.Settings = append(kind.Settings, texting.Settings()...)
	return &Tencent{base{Options: o, kind: kind, texts: &texting.Desk{Now: o.Now, Article: o.Article, Base: o.Base}}}
}

// tencentReport is an entry of a report of states: https://cloud.tencent.com/document/product/382/5807
type tencentReport struct {
	Mobile, Nationcode string
	Status             string `json:"report_status"`
	Errmsg             string
	Description        string
	SID                string
}

// tencentReply is a customer's text: https://cloud.tencent.com/document/product/382/5809
type tencentReply struct {
	Mobile, Nationcode, Text, Sign, Extend string
	Time                                   int64
}

// Receive takes reports of states, which come as an array, and replies, which come one at a time.
func (t *Tencent) Receive(inbox conversation.Inbox, r *http.Request) (channels.Received, error) {
	if !t.admitted(inbox, r) {
		return channels.Received{}, channels.ErrUnauthorized
	}
	body, err := read(r)
	if err != nil {
		return channels.Received{}, err
	}
	received := channels.Received{Ack: jsonAck(map[string]any{"result": 0, "errmsg": "OK"})}
	if bytes.HasPrefix(bytes.TrimSpace(body), []byte("[")) {
		received.Receipts, err = tencentReceipts(body)
		return received, err
	}
	var reply tencentReply
	if err := json.Unmarshal(body, &reply); err != nil || reply.Mobile == "" {
		return channels.Received{}, unreadable("it is neither a reply nor a report of states")
	}
	number := reply.Mobile
	if reply.Nationcode != "" && !strings.HasPrefix(number, "+") {
		number = "+" + strings.TrimPrefix(reply.Nationcode, "+") + number
	}
	in, ok := texting.Read(t.kind, inbox).Incoming("up:"+fingerprint(number, strconv.FormatInt(reply.Time, 10), reply.Sign, reply.Extend, reply.Text), number, reply.Text)
	if !ok {
		return channels.Received{}, unreadable("mobile is no number")
	}
	received.Messages = []conversation.Incoming{in}
	return received, nil
}

func tencentReceipts(body []byte) ([]conversation.Receipt, error) {
	var reports []tencentReport
	if err := json.Unmarshal(body, &reports); err != nil {
		return nil, unreadable("it is no JSON array of reports")
	}
	var receipts []conversation.Receipt
	for _, p := range reports {
		if p.SID == "" || p.Status == "" {
			return nil, unreadable("a report has no sid or report_status")
		}
		r := conversation.Receipt{ProviderID: p.SID, State: conversation.Delivered}
		if p.Status != "SUCCESS" {
			r.State, r.Reason = conversation.Failed, "the carrier did not deliver it: "+strings.TrimSpace(p.Errmsg+" "+p.Description)
		}
		receipts = append(receipts, r)
	}
	return receipts, nil
}

type tencentAnswer struct {
	Response struct {
		SendStatusSet []struct{ SerialNo, Code, Message string }
		Error         *struct{ Code, Message string }
	}
}

// Send hands a text over: https://cloud.tencent.com/document/api/382/55981
func (t *Tencent) Send(ctx context.Context, inbox conversation.Inbox, out channels.Outgoing) (channels.Accepted, error) {
	text, err := t.variable(inbox, out)
	if err != nil {
		return channels.Accepted{}, err
	}
	var answer tencentAnswer
	status, err := t.call(ctx, inbox, "SendSms", map[string]any{"PhoneNumberSet": []string{"+" + out.Address}, "SmsSdkAppId": t.kind.Value(inbox, "sdk_app_id"),
		"SignName": t.kind.Value(inbox, "sign_name"), "TemplateId": t.kind.Value(inbox, "template_id"), "TemplateParamSet": []string{text},
		"SessionContext": strconv.FormatInt(out.ID, 10)}, &answer)
	if err != nil {
		return channels.Accepted{}, failed(ctx, err)
	}
	if e := answer.Response.Error; e != nil {
		return channels.Accepted{}, tencentRefusal(status, e.Code, e.Message)
	}
	if len(answer.Response.SendStatusSet) != 1 {
		return channels.Accepted{}, garbled(status, 0, fmt.Errorf("%d states for one number", len(answer.Response.SendStatusSet)))
	}
	if s := answer.Response.SendStatusSet[0]; s.Code != "Ok" {
		return channels.Accepted{}, tencentRefusal(status, s.Code, s.Message)
	}
	return channels.Accepted{ProviderID: answer.Response.SendStatusSet[0].SerialNo}, nil
}

func (t *Tencent) call(ctx context.Context, inbox conversation.Inbox, action string, in, out any) (int, error) {
	payload, err := json.Marshal(in)
	if err != nil {
		return 0, &channels.SendError{Reason: "the text cannot be written", Err: err}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimRight(t.kind.Value(inbox, "api_base"), "/")+"/", bytes.NewReader(payload))
	if err != nil {
		return 0, &channels.SendError{Reason: "the API address of the inbox is not valid", Err: err}
	}
	signTC3(r, t.kind.Value(inbox, "secret_id"), t.kind.Value(inbox, "secret_key"), "sms", action, payload, t.Now())
	r.Header.Set("X-TC-Version", "2021-01-11")
	r.Header.Set("X-TC-Region", t.kind.Value(inbox, "region"))
	return t.ask(r, out)
}

// tencentRefusal reads an error code: https://cloud.tencent.com/document/api/382/55981#6.-.E9.94.99.E8.AF.AF.E7.A0.81
func tencentRefusal(status int, code, message string) error {
	e := &channels.SendError{Reason: "Tencent Cloud refused the text", Err: fmt.Errorf("status %d, %s: %s", status, code, message)}
	switch {
	case strings.HasPrefix(code, "LimitExceeded.PhoneNumber"):
		e.Reason, e.Retry, e.After = "Tencent Cloud's limit for this number is reached", true, 10*time.Minute
	case strings.HasPrefix(code, "RequestLimitExceeded") || strings.HasPrefix(code, "LimitExceeded"):
		e.Reason, e.Retry, e.After = "Tencent Cloud's rate limit is reached", true, 10*time.Second
	case code == "FailedOperation.InsufficientBalanceInSmsPackage":
		e.Reason, e.Retry, e.After = "the Tencent Cloud account has no texts left", true, 10*time.Minute
	case strings.HasPrefix(code, "AuthFailure") || strings.HasPrefix(code, "UnauthorizedOperation"):
		e.Reason, e.Retry, e.After = "Tencent Cloud refuses the inbox's access; check its SecretId and SecretKey", true, time.Minute
	case code == "FailedOperation.PhoneNumberInBlacklist":
		e.Reason = "the customer has opted out with Tencent Cloud"
	case code == "FailedOperation.ContainSensitiveWord":
		e.Reason = "Tencent Cloud does not allow a word in the text"
	case code == "FailedOperation.SignatureIncorrectOrUnapproved":
		e.Reason = "Tencent Cloud does not know the signature; check the inbox's sign_name"
	case strings.HasPrefix(code, "FailedOperation.Template") || strings.HasPrefix(code, "InvalidParameterValue.Template"):
		e.Reason = "Tencent Cloud does not take the template or what is in its variable"
	case strings.Contains(code, "PhoneNumber"):
		e.Reason = "Tencent Cloud says that this is no number for texts"
	case strings.HasPrefix(code, "InternalError") || status >= 500:
		e.Reason, e.Uncertain = "Tencent Cloud failed while taking the text; it may or may not go out", true
	}
	return e
}

// Preview tells what a reply becomes.
func (t *Tencent) Preview(inbox conversation.Inbox, m conversation.Message) channels.Preview {
	return t.preview(inbox, m)
}

// Check asks for the state of the template.
func (t *Tencent) Check(ctx context.Context, inbox conversation.Inbox) error {
	id, err := strconv.ParseInt(t.kind.Value(inbox, "template_id"), 10, 64)
	if err != nil {
		return &channels.SendError{Reason: "the template's id is no number"}
	}
	var answer tencentAnswer
	status, err := t.call(ctx, inbox, "DescribeSmsTemplateList", map[string]any{"TemplateIdSet": []int64{id}, "International": 0}, &answer)
	if err != nil {
		return failed(ctx, err)
	}
	if e := answer.Response.Error; e != nil {
		return tencentRefusal(status, e.Code, e.Message)
	}
	return nil
}

var (
	_ channels.Webhook   = (*Tencent)(nil)
	_ channels.Previewer = (*Tencent)(nil)
	_ channels.Sampler   = (*Tencent)(nil)
	_ channels.Checker   = (*Tencent)(nil)
)
