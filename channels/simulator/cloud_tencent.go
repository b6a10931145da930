package simulator

import (
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// tencentCloud is Tencent Cloud's short message service: https://cloud.tencent.com/document/api/382/55981
type tencentCloud struct{}

const tcFresh = 5 * time.Minute // how far the timestamp of a request may be off

// enter verifies TC3-HMAC-SHA256: https://cloud.tencent.com/document/api/382/52072
func (tencentCloud) enter(c *apiCall) *cloudRefusal {
	h := c.r.Header
	scheme, rest, _ := strings.Cut(h.Get("Authorization"), " ")
	said := pairs(rest)
	id, scope, _ := strings.Cut(said["Credential"], "/")
	if scheme != "TC3-HMAC-SHA256" {
		return no(0, "AuthFailure.SignatureFailure", "The provided credentials could not be validated.")
	}
	if !c.owner(Tencent, id) {
		return no(0, "AuthFailure.SecretIdNotFound", "The SecretId is not found.")
	}
	seconds, err := strconv.ParseInt(h.Get("X-Tc-Timestamp"), 10, 64)
	at := time.Unix(seconds, 0).UTC()
	if off := c.sim.now().Sub(at); err != nil || off > tcFresh || off < -tcFresh {
		return no(0, "AuthFailure.SignatureExpire", "The provided credentials has expired.")
	}
	if scope != at.Format("2006-01-02")+"/sms/tc3_request" || !same(said["Signature"], tcSignature(c, said["SignedHeaders"], scope)) {
		return no(0, "AuthFailure.SignatureFailure", "The provided credentials could not be validated. Please check your signature is correct.")
	}
	if h.Get("X-Tc-Version") != "2021-01-11" {
		return no(0, "NoSuchVersion", "The version is not valid.")
	}
	return nil
}

// tcSignature is what the signature of a request must be.
func tcSignature(c *apiCall, signed, scope string) string {
	var headers strings.Builder
	for _, name := range strings.Split(signed, ";") {
		value := c.r.Header.Get(name)
		if name == "host" {
			value = c.r.Host
		}
		headers.WriteString(name + ":" + strings.ToLower(strings.TrimSpace(value)) + "\n")
	}
	canonical := c.r.Method + "\n/\n\n" + headers.String() + "\n" + signed + "\n" + digest(c.body)
	day, _, _ := strings.Cut(scope, "/")
	key := keyed(keyed(keyed([]byte("TC3"+c.account.config.Secret), day), "sms"), "tc3_request")
	text := "TC3-HMAC-SHA256\n" + c.r.Header.Get("X-Tc-Timestamp") + "\n" + scope + "\n" + digest([]byte(canonical))
	return hex.EncodeToString(keyed(key, text))
}

// refuse: Tencent says no with 200, but a gateway that fails on demand does not.
func (tencentCloud) refuse(c *apiCall, r *cloudRefusal) (int, any) {
	status := r.status
	if status == 0 {
		status = http.StatusOK
	}
	return status, inResponse(map[string]any{"Error": map[string]string{"Code": r.code, "Message": r.text}, "RequestId": c.sim.random(12)})
}

func inResponse(value map[string]any) any { return map[string]any{"Response": value} }

func (tencentCloud) serve(c *apiCall) (int, any, *cloudRefusal) {
	switch c.r.Header.Get("X-Tc-Action") {
	case "SendSms":
		return tencentSend(c)
	case "DescribeSmsTemplateList":
		return http.StatusOK, inResponse(map[string]any{"DescribeTemplateStatusSet": []any{}, "RequestId": c.sim.random(12)}), nil
	}
	return 0, nil, no(0, "InvalidAction", "The action is not valid.")
}

func tencentSend(c *apiCall) (int, any, *cloudRefusal) {
	var in struct {
		PhoneNumberSet, TemplateParamSet                  []string
		SmsSdkAppId, SignName, TemplateId, SessionContext string
	}
	if err := json.Unmarshal(c.body, &in); err != nil {
		return 0, nil, no(0, "InvalidParameter", "The body is no JSON.")
	}
	config := c.account.config
	template, known := config.Templates[in.TemplateId]
	values := map[string]string{}
	for i, value := range in.TemplateParamSet {
		values[strconv.Itoa(i+1)] = value
	}
	text, missing := fill(template, "{", "}", values)
	code := ""
	switch {
	case in.SmsSdkAppId != config.Original:
		return 0, nil, no(0, "UnauthorizedOperation.SmsSdkAppIdVerifyFail", "SmsSdkAppId verification fails.")
	case len(in.PhoneNumberSet) != 1:
		return 0, nil, no(0, "InvalidParameterValue.PhoneNumberSet", "one number at a time")
	case !validNumber(international(in.PhoneNumberSet[0])):
		code = "InvalidParameterValue.IncorrectPhoneNumber"
	case in.SignName != config.Sign:
		code = "FailedOperation.SignatureIncorrectOrUnapproved"
	case !known:
		code = "FailedOperation.TemplateIncorrectOrUnapproved"
	case missing != "" || len(values) != strings.Count(template, "{"):
		code = "FailedOperation.TemplateParamSetNotMatchApprovedTemplate"
	}
	state := map[string]any{"PhoneNumber": in.PhoneNumberSet[0], "Code": "Ok", "Message": "send success", "Fee": 1, "SessionContext": in.SessionContext, "IsoCode": "CN", "SerialNo": ""}
	if code != "" {
		state["Code"], state["Message"], state["Fee"] = code, "refused", 0
	} else {
		number := international(in.PhoneNumberSet[0])
		if c.phone = c.account.byOpenID(number); c.phone == nil {
			c.phone = c.account.phone(number)
		}
		id := "2433:" + strconv.FormatInt(c.sim.nextID(), 10)
		state["SerialNo"] = id
		c.carry(id, "", "【"+config.Sign+"】"+text, "")
	}
	return http.StatusOK, inResponse(map[string]any{"SendStatusSet": []any{state}, "RequestId": c.sim.random(12)}), nil
}

// tencentText is a text as it is brought: https://cloud.tencent.com/document/product/382/5809
func (p *Phone) tencentText(text string) cloudNotice {
	a := p.account
	body := plainJSON(map[string]any{"extend": "", "mobile": national(p.openID), "nationcode": "86", "sign": a.config.Sign, "text": text, "time": a.sim.now().Unix()})
	return cloudNotice{account: a, phone: p, kind: "application/json", body: string(body)}
}

// tencentReport is what became of a text: https://cloud.tencent.com/document/product/382/5807
func (o parcel) tencentReport() cloudNotice {
	s := o.account.sim
	report := map[string]any{"user_receive_time": s.stamp(s.now()), "nationcode": "86", "mobile": national(o.phone.openID), "report_status": "SUCCESS",
		"errmsg": "DELIVRD", "description": "用户短信送达成功", "sid": o.id}
	if o.fails {
		report["report_status"], report["errmsg"], report["description"] = "FAIL", "MK:0001", "空号或关机"
	}
	return cloudNotice{account: o.account, phone: o.phone, kind: "application/json", body: string(plainJSON([]any{report}))}
}
