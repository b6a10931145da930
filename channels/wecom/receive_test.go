package wecom

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"huiyin/channels"
	"huiyin/channels/internal/weixin"
	"huiyin/conversation"
)

// bell is the callback as it is documented.
func bell(account string) string {
	return "<xml><ToUserName><![CDATA[" + testCorp + "]]></ToUserName><CreateTime>1348831860</CreateTime><MsgType><![CDATA[event]]></MsgType>" +
		"<Event><![CDATA[kf_msg_or_event]]></Event><Token><![CDATA[ENCApHxnGDNAVNY4AaSJKj4Tb5mwsEMzxhFmHVGcra996NR]]></Token>" +
		"<OpenKfId><![CDATA[" + account + "]]></OpenKfId></xml>"
}

func sealed(t testing.TB, text string) string {
	t.Helper()
	crypt, err := weixin.NewCrypt(testKey, testCorp)
	if err != nil {
		t.Fatal(err)
	}
	box, err := crypt.Seal([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return box
}

// query signs an encrypted text.
func query(encrypted string) url.Values {
	stamp := strconv.FormatInt(now.Unix(), 10)
	return url.Values{"timestamp": {stamp}, "nonce": {"1372623149"}, "msg_signature": {weixin.Signature(testToken, stamp, "1372623149", encrypted)}}
}

func posted(encrypted string) *http.Request {
	body := "<xml><ToUserName><![CDATA[" + testCorp + "]]></ToUserName><Encrypt><![CDATA[" + encrypted + "]]></Encrypt><AgentID></AgentID></xml>"
	return httptest.NewRequest(http.MethodPost, "/hooks/7?"+query(encrypted).Encode(), strings.NewReader(body))
}

func TestTheAddressIsChecked(t *testing.T) {
	echo := sealed(t, "1616140317555161061")
	q := query(echo)
	q.Set("echostr", echo)
	got, err := newAdapter().Receive(inboxAt(""), httptest.NewRequest(http.MethodGet, "/hooks/7?"+q.Encode(), nil))
	if err != nil || string(got.Ack.Body) != "1616140317555161061" || got.Ring != nil {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestTheBellRings(t *testing.T) {
	got, err := newAdapter().Receive(inboxAt(""), posted(sealed(t, bell(testAccount))))
	if err != nil || got.Ring == nil || got.Ring.Hint != "ENCApHxnGDNAVNY4AaSJKj4Tb5mwsEMzxhFmHVGcra996NR" || len(got.Messages) > 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestTheBellOfAnotherAccountOfTheApp(t *testing.T) {
	got, err := newAdapter().Receive(inboxAt(""), posted(sealed(t, bell("wkOther"))))
	if err != nil || got.Ring == nil || len(got.Ring.For) != 2 || got.Ring.For[keyCorpID] != testCorp || got.Ring.For[keyAccount] != "wkOther" {
		t.Errorf("%+v, %v", got.Ring, err)
	}
}

func TestWhatDoesNotConcernUs(t *testing.T) {
	for name, text := range map[string]string{
		"no account":    bell(""),
		"another event": strings.Replace(bell(testAccount), "kf_msg_or_event", "enter_agent", 1),
		"a message":     strings.Replace(bell(testAccount), "<![CDATA[event]]>", "text", 1),
	} {
		got, err := newAdapter().Receive(inboxAt(""), posted(sealed(t, text)))
		if err != nil || got.Ring != nil || got.Ack.Status != 0 {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	long := strings.Replace(bell(testAccount), "ENCApHxnGDNAVNY4AaSJKj4Tb5mwsEMzxhFmHVGcra996NR", strings.Repeat("x", 500), 1)
	if got, err := newAdapter().Receive(inboxAt(""), posted(sealed(t, long))); err != nil || got.Ring == nil || got.Ring.Hint != "" {
		t.Errorf("a token longer than documented: %+v, %v", got, err)
	}
}

// hostile are callbacks that must be refused, none with a ring.
func hostile(t *testing.T) map[string]*http.Request {
	good := sealed(t, bell(testAccount))
	requests := map[string]*http.Request{}
	add := func(name, method string, q url.Values, body string) {
		requests[name] = httptest.NewRequest(method, "/hooks/7?"+q.Encode(), strings.NewReader(body))
	}
	wrap := func(encrypted string) string { return "<xml><Encrypt><![CDATA[" + encrypted + "]]></Encrypt></xml>" }
	for name, body := range map[string]string{
		"nothing": "", "text": "hello", "JSON": `{"Encrypt":"x"}`, "no Encrypt": "<xml></xml>", "an empty Encrypt": wrap(""),
		"another Encrypt": wrap(sealed(t, bell("wkOther"))), "two Encrypts": "<xml><Encrypt>" + good + "</Encrypt><Encrypt>" + good + "</Encrypt></xml>",
		"another root": strings.ReplaceAll(wrap(good), "xml>", "html>"), "cut off": wrap(good)[:80], "binary": "\x00\x01\xff\xfe", "a null": wrap(good + "\x00"),
		"external entity": `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xml><Encrypt>&e;</Encrypt></xml>`,
		"entity bomb":     `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><xml><Encrypt>&b;</Encrypt></xml>`,
		"external DTD":    `<!DOCTYPE xml SYSTEM "http://127.0.0.1/x.dtd"><xml><Encrypt>` + good + `</Encrypt></xml>`,
		"GBK":             `<?xml version="1.0" encoding="GBK"?>` + wrap(good), "UTF-16": "\xff\xfe<\x00x\x00", "deep": strings.Repeat("<xml>", 10_000),
		"CDATA that closes early": "<xml><Encrypt><![CDATA[" + good + "]]>]]></Encrypt></xml>", "CDATA that stays open": "<xml><Encrypt><![CDATA[" + good,
		"Encrypt inside": "<xml><A><Encrypt>" + good + "</Encrypt></A></xml>", "other letters": "<xml><encrypt>" + good + "</encrypt></xml>",
		"a name space": `<xml xmlns="urn:x"><Encrypt>` + good + "</Encrypt></xml>", "two roots": wrap(good) + wrap(good), "text behind": wrap(good) + "x",
		"a form": "Encrypt=" + url.QueryEscape(good), "long": "<xml>" + strings.Repeat("a", 200_000) + "</xml>",
	} {
		add("body: "+name, http.MethodPost, query(good), body)
	}
	for name, change := range map[string]func(url.Values){
		"no signature": func(q url.Values) { q.Del("msg_signature") }, "an empty signature": func(q url.Values) { q.Set("msg_signature", "") },
		"a short signature": func(q url.Values) { q.Set("msg_signature", q.Get("msg_signature")[:39]) }, "a long signature": func(q url.Values) { q.Set("msg_signature", q.Get("msg_signature")+"0") },
		"upper case": func(q url.Values) { q.Set("msg_signature", strings.ToUpper(q.Get("msg_signature"))) }, "zeros": func(q url.Values) { q.Set("msg_signature", strings.Repeat("0", 40)) },
		"signature of the plain mode": func(q url.Values) {
			q.Set("msg_signature", weixin.Signature(testToken, q.Get("timestamp"), q.Get("nonce")))
		},
		"another nonce": func(q url.Values) { q.Set("nonce", "1") }, "no nonce": func(q url.Values) { q.Del("nonce") }, "no timestamp": func(q url.Values) { q.Del("timestamp") },
		"another time": func(q url.Values) { q.Set("timestamp", strconv.FormatInt(now.Unix()+1, 10)) },
		"another token": func(q url.Values) {
			q.Set("msg_signature", weixin.Signature("other", q.Get("timestamp"), q.Get("nonce"), good))
		},
		"the signature's name of the plain mode": func(q url.Values) { q.Set("signature", q.Get("msg_signature")); q.Del("msg_signature") },
	} {
		q := query(good)
		change(q)
		add("query: "+name, http.MethodPost, q, wrap(good))
	}
	for name, stamp := range map[string]string{"replayed after six minutes": fmt.Sprint(now.Unix() - 360), "from the future": fmt.Sprint(now.Unix() + 360), "time zero": "0",
		"negative time": fmt.Sprint(-now.Unix()), "milliseconds": fmt.Sprint(now.UnixMilli()), "no number": "now", "a fraction": fmt.Sprint(now.Unix()) + ".0", "overflow": "99999999999999999999", "spaces": " " + fmt.Sprint(now.Unix())} {
		add("time: "+name, http.MethodPost, url.Values{"timestamp": {stamp}, "nonce": {"1"}, "msg_signature": {weixin.Signature(testToken, stamp, "1", good)}}, wrap(good))
	}
	return requests
}

// hostileBoxes are texts whose signature is right and whose ciphertext is not.
func hostileBoxes(t *testing.T) map[string]string {
	other, _ := weixin.NewCrypt("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", testCorp)
	foreign, _ := other.Seal([]byte(bell(testAccount)))
	stranger, _ := weixin.NewCrypt(testKey, "ww0000000000000000")
	misled, _ := stranger.Seal([]byte(bell(testAccount)))
	nobody, _ := weixin.NewCrypt(testKey, "")
	empty, _ := nobody.Seal([]byte(bell(testAccount)))
	good := sealed(t, bell(testAccount))
	return map[string]string{
		"another key": foreign, "another company": misled, "no company": empty, "cut off": good[:len(good)-44], "the length changed": swap(good[0]) + good[1:],
		"the last block changed": good[:len(good)-8] + "AAAAAAA=", "no base64": "%%%", "a word": "hello", "spaces": strings.Repeat(" ", 64), "sixteen bytes": "AAAAAAAAAAAAAAAAAAAAAA==",
		"zeros": strings.Repeat("A", 171) + "=", "base64 of another alphabet": strings.NewReplacer("+", "-", "/", "_").Replace(good) + "-_", "twice": good + good,
	}
}

func swap(b byte) string {
	if b == 'A' {
		return "B"
	}
	return "A"
}

func TestHostileCallbacks(t *testing.T) {
	requests := hostile(t)
	for name, box := range hostileBoxes(t) {
		requests["box: "+name] = posted(box)
		q := query(box)
		q.Set("echostr", box)
		requests["echo: "+name] = httptest.NewRequest(http.MethodGet, "/hooks/7?"+q.Encode(), nil)
	}
	for _, method := range []string{http.MethodPut, http.MethodHead, http.MethodDelete, http.MethodOptions} {
		r := posted(sealed(t, bell(testAccount)))
		r.Method = method
		requests["method "+method] = r
	}
	if len(requests) < 60 {
		t.Errorf("only %d hostile callbacks", len(requests))
	}
	a := newAdapter()
	for name, r := range requests {
		got, err := a.Receive(inboxAt(""), r)
		if !errors.Is(err, channels.ErrUnauthorized) || got.Ring != nil || len(got.Messages) > 0 || got.Ack.Body != nil {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestSignedNonsense(t *testing.T) {
	a := newAdapter()
	var field *conversation.FieldError
	for name, text := range map[string]string{"nothing": "", "text": "hello", "JSON": "{}", "an entity": "<!DOCTYPE x><xml></xml>", "keys twice": "<xml><Event>a</Event><Event>b</Event></xml>", "broken UTF-8": "<xml><A>\xff</A></xml>"} {
		if got, err := a.Receive(inboxAt(""), posted(sealed(t, text))); !errors.As(err, &field) || got.Ring != nil {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	elsewhere := strings.Replace(bell(testAccount), testCorp, "wwOther", 1)
	if _, err := a.Receive(inboxAt(""), posted(sealed(t, elsewhere))); !errors.Is(err, channels.ErrUnauthorized) {
		t.Errorf("for another company: %v", err)
	}
	wrong := inboxAt("", keyAESKey, "short")
	if _, err := a.Receive(wrong, posted(sealed(t, bell(testAccount)))); err == nil {
		t.Error("a callback was taken without a key")
	}
	limited := posted(sealed(t, bell(testAccount)))
	limited.Body = http.MaxBytesReader(httptest.NewRecorder(), limited.Body, 10)
	var tooLarge *http.MaxBytesError
	if _, err := a.Receive(inboxAt(""), limited); !errors.As(err, &tooLarge) {
		t.Errorf("too large: %v", err)
	}
}

func FuzzReceive(f *testing.F) {
	f.Add([]byte(bell(testAccount)), "x")
	f.Add([]byte("<xml><Event>kf_msg_or_event</Event></xml>"), "")
	a := newAdapter()
	f.Fuzz(func(t *testing.T, text []byte, raw string) {
		box := sealed(t, string(text))
		got, err := a.Receive(inboxAt(""), posted(box))
		if got.Ring != nil && (err != nil || !bytes.Contains(text, []byte(testCorp))) {
			t.Errorf("%q rang: %v", text, err)
		}
		r := httptest.NewRequest(http.MethodPost, "/hooks/7?"+query(box).Encode(), strings.NewReader(raw))
		if got, err := a.Receive(inboxAt(""), r); err == nil || got.Ring != nil {
			t.Errorf("%q was taken", raw)
		}
	})
}
