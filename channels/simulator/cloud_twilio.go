package simulator

import (
	"encoding/hex"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// twilioCloud is Twilio's Programmable Messaging: https://www.twilio.com/docs/messaging/api/message-resource
type twilioCloud struct{}

func (twilioCloud) enter(c *apiCall) *cloudRefusal {
	id, secret, _ := c.r.BasicAuth()
	named := strings.TrimSuffix(c.r.PathValue("account"), ".json")
	if !c.owner(Twilio, named) || id != named || !same(secret, c.account.config.Secret) {
		return no(http.StatusUnauthorized, "20003", "Authenticate")
	}
	return nil
}

// refuse answers as https://www.twilio.com/docs/usage/twilios-response#response-formats-exceptions
func (twilioCloud) refuse(_ *apiCall, r *cloudRefusal) (int, any) {
	code, _ := strconv.Atoi(r.code)
	return r.status, map[string]any{"code": code, "message": r.text, "more_info": "https://www.twilio.com/docs/errors/" + r.code, "status": r.status}
}

// longest is what Twilio takes in one text.
const longest = 1600

func (twilioCloud) serve(c *apiCall) (int, any, *cloudRefusal) {
	config := c.account.config
	if c.r.Method == http.MethodGet {
		return http.StatusOK, map[string]any{"sid": config.AppID, "status": "active", "friendly_name": config.Name, "type": "Full"}, nil
	}
	form, err := url.ParseQuery(string(c.body))
	to, body := strings.TrimPrefix(form.Get("To"), "+"), form.Get("Body")
	from := form.Get("From") + form.Get("MessagingServiceSid")
	switch {
	case err != nil || form.Get("To") == "":
		return 0, nil, no(http.StatusBadRequest, "21604", "A 'To' phone number is required.")
	case !validNumber(to) || !strings.HasPrefix(form.Get("To"), "+"):
		return 0, nil, no(http.StatusBadRequest, "21211", "Invalid 'To' Phone Number: "+form.Get("To"))
	case from == "":
		return 0, nil, no(http.StatusBadRequest, "21603", "A 'From' phone number is required.")
	case from != config.Original:
		return 0, nil, no(http.StatusBadRequest, "21660", "Mismatch between the 'From' number and the account")
	case body == "":
		return 0, nil, no(http.StatusBadRequest, "21602", "Message body is required.")
	case len([]rune(body)) > longest:
		return 0, nil, no(http.StatusBadRequest, "21617", "The concatenated message body exceeds the 1600 character limit")
	}
	if c.phone = c.account.byOpenID(to); c.phone == nil {
		c.phone = c.account.phone(to)
	}
	if c.phone.blocked {
		return 0, nil, no(http.StatusBadRequest, "21610", "Attempt to send to unsubscribed recipient")
	}
	sid := "SM" + c.hex(16)
	sent := c.carry(sid, "", body, form.Get("StatusCallback"))
	parts, _ := portions(body)
	return http.StatusCreated, map[string]any{"sid": sid, "account_sid": config.AppID, "to": form.Get("To"), "from": form.Get("From"), "body": body,
		"num_segments": strconv.Itoa(parts), "status": "queued", "direction": "outbound-api", "api_version": "2010-04-01", "error_code": nil,
		"error_message": nil, "date_created": sent.at.UTC().Format(time.RFC1123Z)}, nil
}

// hex is a word of so many bytes that was never used.
func (c *apiCall) hex(bytes int) string { return c.sim.hex(bytes) }

func (s *Simulator) hex(bytes int) string {
	return hex.EncodeToString([]byte(s.random(bytes)))[:2*bytes]
}

// twilioText is a text as it comes in: https://www.twilio.com/docs/messaging/guides/webhook-request
func (p *Phone) twilioText(text string) cloudNotice {
	a := p.account
	sid := "SM" + a.sim.hex(16)
	parts, _ := portions(text)
	form := url.Values{"MessageSid": {sid}, "SmsSid": {sid}, "SmsMessageSid": {sid}, "AccountSid": {a.config.AppID}, "From": {"+" + p.openID}, "To": {a.config.Original},
		"Body": {text}, "NumMedia": {"0"}, "NumSegments": {strconv.Itoa(parts)}, "SmsStatus": {"received"}, "ApiVersion": {"2010-04-01"}, "FromCountry": {"CN"}}
	return cloudNotice{account: a, phone: p, kind: "application/x-www-form-urlencoded; charset=UTF-8", body: form.Encode(), form: form}
}

// twilioReport is what became of a text: https://www.twilio.com/docs/messaging/guides/track-outbound-message-status
func (o parcel) twilioReport() cloudNotice {
	config := o.account.Config()
	form := url.Values{"MessageSid": {o.id}, "SmsSid": {o.id}, "AccountSid": {config.AppID}, "From": {config.Original}, "To": {"+" + o.phone.openID},
		"MessageStatus": {"delivered"}, "SmsStatus": {"delivered"}, "ApiVersion": {"2010-04-01"}}
	if o.fails {
		form.Set("MessageStatus", "undelivered")
		form.Set("SmsStatus", "undelivered")
		form.Set("ErrorCode", "30003")
	}
	return cloudNotice{account: o.account, phone: o.phone, target: o.status, kind: "application/x-www-form-urlencoded; charset=UTF-8", body: form.Encode(), form: form}
}
