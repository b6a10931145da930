package simulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// aliyunCloud is Alibaba Cloud's short message service: https://help.aliyun.com/document_detail/419273.html
type aliyunCloud struct{}

const (
	keptNonces = 10_000
	acsFresh   = 15 * time.Minute // how far the date of a request may be off
	acsFormat  = "2006-01-02T15:04:05Z"
)

// enter verifies ACS3-HMAC-SHA256: https://help.aliyun.com/document_detail/2712195.html
func (aliyunCloud) enter(c *apiCall) *cloudRefusal {
	scheme, rest, _ := strings.Cut(c.r.Header.Get("Authorization"), " ")
	said := pairs(rest)
	switch {
	case scheme != "ACS3-HMAC-SHA256":
		return no(http.StatusBadRequest, "MissingParameter", "Authorization is mandatory for this action.")
	case !c.owner(Aliyun, said["Credential"]):
		return no(http.StatusNotFound, "InvalidAccessKeyId.NotFound", "Specified access key is not found.")
	}
	h := c.r.Header
	at, err := time.Parse(acsFormat, h.Get("X-Acs-Date"))
	if off := c.sim.now().Sub(at); err != nil || off > acsFresh || off < -acsFresh {
		return no(http.StatusBadRequest, "InvalidTimeStamp.Expired", "Specified time stamp or date value is expired.")
	}
	signed := strings.Split(said["SignedHeaders"], ";")
	for _, must := range []string{"host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version"} {
		if !slices.Contains(signed, must) {
			return no(http.StatusBadRequest, "IncompleteSignature", "The request signature does not conform to Aliyun standards: "+must)
		}
	}
	if h.Get("X-Acs-Content-Sha256") != digest(c.body) || !same(said["Signature"], acsSignature(c.r, signed, c.account.config.Secret)) {
		return no(http.StatusBadRequest, "SignatureDoesNotMatch", "Specified signature is not matched with our calculation.")
	}
	nonce := h.Get("X-Acs-Signature-Nonce")
	if nonce == "" || c.account.nonces[nonce] {
		return no(http.StatusBadRequest, "SignatureNonceUsed", "Specified signature nonce was used already.")
	}
	if len(c.account.nonces) >= keptNonces {
		clear(c.account.nonces)
	}
	c.account.nonces[nonce] = true
	return nil
}

// acsSignature is what the signature of a request must be.
func acsSignature(r *http.Request, signed []string, secret string) string {
	var query []string
	for name, values := range r.URL.Query() {
		for _, value := range values {
			query = append(query, percent(name)+"="+percent(value))
		}
	}
	slices.Sort(query)
	var headers strings.Builder
	for _, name := range signed {
		value := r.Header.Get(name)
		if name == "host" {
			value = r.Host
		}
		headers.WriteString(name + ":" + strings.TrimSpace(value) + "\n")
	}
	canonical := r.Method + "\n" + pathAsked(r) + "\n" + strings.Join(query, "&") + "\n" + headers.String() + "\n" +
		strings.Join(signed, ";") + "\n" + r.Header.Get("X-Acs-Content-Sha256")
	return hex.EncodeToString(keyed([]byte(secret), "ACS3-HMAC-SHA256\n"+digest([]byte(canonical))))
}

// percent encodes as RFC 3986 wants it.
func percent(text string) string {
	const plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~"
	var b strings.Builder
	for i := range len(text) {
		if strings.IndexByte(plain, text[i]) >= 0 {
			b.WriteByte(text[i])
		} else {
			b.WriteString("%" + strings.ToUpper(hex.EncodeToString([]byte{text[i]})))
		}
	}
	return b.String()
}

// pairs reads "a=1,b=2", with or without spaces between.
func pairs(text string) map[string]string {
	found := map[string]string{}
	for _, one := range strings.Split(text, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(one), "=")
		found[name] = value
	}
	return found
}

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

func keyed(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	_, _ = mac.Write([]byte(text))
	return mac.Sum(nil)
}

// refuse: errors of the gateway have their status, those of the service come with 200.
func (aliyunCloud) refuse(c *apiCall, r *cloudRefusal) (int, any) {
	status := r.status
	if status == 0 {
		status = http.StatusOK
	}
	return status, map[string]string{"RequestId": c.sim.random(12), "Code": r.code, "Message": r.text}
}

func (aliyunCloud) serve(c *apiCall) (int, any, *cloudRefusal) {
	switch c.r.Header.Get("X-Acs-Action") {
	case "SendSms":
		return aliyunSend(c)
	case "QuerySmsSign":
		if c.query.Get("SignName") != c.account.config.Sign {
			return 0, nil, no(0, "isv.SMS_SIGNATURE_ILLEGAL", "签名不存在")
		}
		return http.StatusOK, map[string]any{"RequestId": c.sim.random(12), "Code": "OK", "Message": "OK", "SignName": c.account.config.Sign, "SignStatus": 1}, nil
	}
	return 0, nil, no(http.StatusNotFound, "InvalidAction.NotFound", "Specified api is not found, please check your url and method.")
}

func aliyunSend(c *apiCall) (int, any, *cloudRefusal) {
	config := c.account.config
	number := international(c.query.Get("PhoneNumbers"))
	template, known := config.Templates[c.query.Get("TemplateCode")]
	var values map[string]string
	bad := json.Unmarshal([]byte(c.query.Get("TemplateParam")), &values)
	text, missing := fill(template, "${", "}", values)
	switch {
	case !validNumber(number):
		return 0, nil, no(0, "isv.MOBILE_NUMBER_ILLEGAL", "非法手机号")
	case c.query.Get("SignName") != config.Sign:
		return 0, nil, no(0, "isv.SMS_SIGNATURE_ILLEGAL", "该账号下找不到对应签名")
	case !known:
		return 0, nil, no(0, "isv.SMS_TEMPLATE_ILLEGAL", "该账号下找不到对应模板")
	case bad != nil:
		return 0, nil, no(0, "isv.INVALID_JSON_PARAM", "JSON参数不合法")
	case missing != "":
		return 0, nil, no(0, "isv.TEMPLATE_MISSING_PARAMETERS", "模板变量缺少参数 "+missing)
	}
	if c.phone = c.account.byOpenID(number); c.phone == nil {
		c.phone = c.account.phone(number)
	}
	id := strconv.FormatInt(c.sim.nextID(), 10) + "^0"
	c.carry(id, c.query.Get("OutId"), "【"+config.Sign+"】"+text, "")
	return http.StatusOK, map[string]string{"RequestId": c.sim.random(12), "Code": "OK", "Message": "OK", "BizId": id}, nil
}

const cloudTime = "2006-01-02 15:04:05"

func (s *Simulator) stamp(at time.Time) string {
	return at.In(time.FixedZone("CST", 8*3600)).Format(cloudTime)
}

// aliyunText is a text as SmsUp brings it: https://help.aliyun.com/document_detail/101867.html
func (p *Phone) aliyunText(text string, sequence int64) cloudNotice {
	a := p.account
	body := plainJSON([]any{map[string]any{"phone_number": national(p.openID), "content": text, "sign_name": a.config.Sign,
		"send_time": a.sim.stamp(a.sim.now()), "dest_code": a.config.Original, "sequence_id": sequence}})
	return cloudNotice{account: a, phone: p, kind: "application/json;charset=utf-8", body: string(body)}
}

// aliyunReport is what became of a text as SmsReport brings it: https://help.aliyun.com/document_detail/101847.html
func (o parcel) aliyunReport() cloudNotice {
	s := o.account.sim
	parts, _ := portions(o.text)
	report := map[string]any{"phone_number": national(o.phone.openID), "send_time": s.stamp(o.at), "report_time": s.stamp(s.now()), "success": true,
		"err_code": "DELIVERED", "err_msg": "用户接收成功", "sms_size": strconv.Itoa(parts), "biz_id": o.id, "out_id": o.outID}
	if o.fails {
		report["success"], report["err_code"], report["err_msg"] = false, "MOBILE_NOT_ON_SERVICE", "停机、空号、暂停服务、关机、不在服务区"
	}
	return cloudNotice{account: o.account, phone: o.phone, kind: "application/json;charset=utf-8", body: string(plainJSON([]any{report}))}
}
