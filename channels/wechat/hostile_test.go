package wechat

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
)

// hostile are callbacks that are not WeChat's, or not for this inbox, or not what a push may be; none may bring a message.
func hostile() map[string]letter {
	all := map[string]letter{}
	for name, body := range hostileXML() {
		all["xml: "+name] = newLetter(body, true)
		all["xml in clear: "+name] = newLetter(body, false)
	}
	for name, change := range hostileSeals() {
		l := newLetter(textPush("x"), true)
		change(&l)
		all["seal: "+name] = l
	}
	for name, change := range hostileAddresses() {
		for _, sealed := range []bool{true, false} {
			l := newLetter(textPush("x"), sealed)
			change(&l)
			if sealed {
				all["address, sealed: "+name] = l
			} else {
				all["address: "+name] = l
			}
		}
	}
	return all
}

func hostileXML() map[string]string {
	bomb := `<!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>`
	whole := textPush("x")
	return map[string]string{
		"empty":                    "",
		"space":                    " \n ",
		"words":                    "hello",
		"half":                     whole[:len(whole)/2],
		"not closed":               strings.TrimSuffix(whole, "</xml>"),
		"wrong close":              strings.Replace(whole, "</xml>", "</lmx>", 1),
		"two roots":                whole + whole,
		"words behind":             whole + "x",
		"another root":             strings.NewReplacer("<xml>", "<html>", "</xml>", "</html>").Replace(whole),
		"external entity":          `<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]>` + strings.Replace(whole, "<![CDATA[x]]>", "&x;", 1),
		"parameter entity":         `<!DOCTYPE xml [<!ENTITY % x SYSTEM "http://127.0.0.1/x.dtd"> %x;]>` + whole,
		"entity bomb":              bomb + strings.Replace(whole, "<![CDATA[x]]>", "&c;", 1),
		"document type alone":      `<!DOCTYPE xml>` + whole,
		"unknown entity":           strings.Replace(whole, "<![CDATA[x]]>", "&nbsp;", 1),
		"instruction":              `<?php x ?>` + whole,
		"instruction inside":       strings.Replace(whole, "<Content>", "<?xml-stylesheet href='x'?><Content>", 1),
		"comment":                  strings.Replace(whole, "<Content>", "<!-- x --><Content>", 1),
		"attribute":                strings.Replace(whole, "<Content>", "<Content a='b'>", 1),
		"name space":               strings.NewReplacer("<Content>", "<a:Content>", "</Content>", "</a:Content>").Replace(whole),
		"XInclude":                 strings.Replace(whole, "<Content>", "<xi:include href='file:///etc/passwd' parse='text'/><Content>", 1),
		"another charset":          `<?xml version="1.0" encoding="GBK"?>` + whole,
		"UTF-16 announced":         `<?xml version="1.0" encoding="UTF-16"?>` + whole,
		"UTF-7":                    `<?xml version="1.0" encoding="UTF-7"?>` + strings.ReplaceAll(whole, "<", "+ADw-"),
		"bytes that are no UTF-8":  textPush("\xc4\xe3\xba\xc3"),
		"overlong UTF-8":           textPush("\xc0\xbc"),
		"NUL":                      textPush("\x00"),
		"escape character":         textPush("\x1b[2J"),
		"sender twice":             strings.Replace(whole, "<Content>", "<FromUserName>other</FromUserName><Content>", 1),
		"id twice":                 strings.Replace(whole, "<Content>", "<MsgId>7</MsgId><Content>", 1),
		"content twice":            strings.Replace(whole, "<MsgId>", "<Content>y</Content><MsgId>", 1),
		"CDATA that is left":       message("text", "<Content><![CDATA[a]]><MsgId>1</MsgId><![CDATA[b]]></Content>"),
		"CDATA in CDATA":           textPush("<![CDATA[a]]>"),
		"CDATA without end":        message("text", "<Content><![CDATA[a</Content><MsgId>1</MsgId>"),
		"words between fields":     strings.Replace(whole, "<Content>", "x<Content>", 1),
		"too deep":                 message("text", strings.Repeat("<a>", 50)+strings.Repeat("</a>", 50)+"<MsgId>1</MsgId>"),
		"too many":                 message("text", strings.Repeat("<a/>", 2000)+"<MsgId>1</MsgId>"),
		"too large":                textPush(strings.Repeat("x", maxPush)),
		"no sender":                strings.Replace(whole, testOpenID, "", 1),
		"sender with a path":       strings.Replace(whole, testOpenID, "../../etc/passwd", 1),
		"sender with a quote":      strings.Replace(whole, testOpenID, "a' OR 1=1 --", 1),
		"sender too long":          strings.Replace(whole, testOpenID, strings.Repeat("o", 65), 1),
		"no type":                  strings.Replace(whole, "<![CDATA[text]]>", "", 1),
		"no time":                  strings.Replace(whole, "1800000000", "", 1),
		"negative time":            strings.Replace(whole, "1800000000", "-1", 1),
		"time beyond all times":    strings.Replace(whole, "1800000000", "99999999999999999999", 1),
		"time in words":            strings.Replace(whole, "1800000000", "now", 1),
		"no id":                    strings.Replace(whole, "6054768590064713728", "", 1),
		"id in words":              strings.Replace(whole, "6054768590064713728", "1 OR 1=1", 1),
		"negative id":              strings.Replace(whole, "6054768590064713728", "-6054768590064713728", 1),
		"event without name":       message("event", ""),
		"for another account":      strings.Replace(whole, "gh_10f6c3c3ac5a", "gh_000000000000", 1),
		"JSON for an XML account":  `{"ToUserName":"gh_10f6c3c3ac5a","FromUserName":"b","CreateTime":1,"MsgType":"text","Content":"x","MsgId":1}`,
		"a page of HTML":           "<!doctype html><html><body>x</body></html>",
		"a form":                   "MsgType=text&Content=x",
		"deeply open":              strings.Repeat("<xml>", 10_000),
		"a name without end":       "<xml><" + strings.Repeat("a", 10_000),
		"a fault of the SOAP kind": `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"/>`,
	}
}

func hostileSeals() map[string]func(*letter) {
	pad := func(n int) func([]byte) []byte {
		return func(p []byte) []byte {
			missing := 32 - len(p)%32
			return append(p, bytes.Repeat([]byte{byte(n)}, missing)...)
		}
	}
	length := func(n uint32) func(*letter) { return func(l *letter) { l.length = func(int) uint32 { return n } } }
	return map[string]func(*letter){
		"padding of 0":          func(l *letter) { l.pad = pad(0) },
		"padding of 33":         func(l *letter) { l.pad = pad(33) },
		"padding of 255":        func(l *letter) { l.pad = pad(255) },
		"padding over the id":   func(l *letter) { l.body, l.pad = textPush("xxxx"), pad(32) },
		"no padding, 16 blocks": func(l *letter) { l.pad = func(p []byte) []byte { return append(p, make([]byte, 16-len(p)%16)...) } },
		"another key":           func(l *letter) { l.key = strings.Repeat("B", 43) },
		"another app":           func(l *letter) { l.app = "wx0000000000000000" },
		"no app":                func(l *letter) { l.app = "" },
		"app and more":          func(l *letter) { l.app = testApp + "x" },
		"a part of the app":     func(l *letter) { l.app = testApp[:10] },
		"length short":          length(10),
		"length zero":           length(0),
		"length one too long":   func(l *letter) { l.length = func(n int) uint32 { return uint32(n) + 1 } },
		"length giant":          length(0x7fffffff),
		"length negative":       length(0xffffffff),
		"length least":          length(0x80000000),
		"too short":             func(l *letter) { l.pad = func([]byte) []byte { return make([]byte, 16) } },
		"nothing":               func(l *letter) { l.pad = func([]byte) []byte { return nil } },
		"only the salt": func(l *letter) {
			l.pad = func(p []byte) []byte { return append(p[:16:16], bytes.Repeat([]byte{16}, 16)...) }
		},
	}
}

func hostileAddresses() map[string]func(*letter) {
	set := func(name string, values ...string) func(*letter) {
		return func(l *letter) { l.query = url.Values{name: values} }
	}
	return map[string]func(*letter){
		"another token":        func(l *letter) { l.token = "other" },
		"signature of zeros":   set("signature", strings.Repeat("0", 40)),
		"signature empty":      func(l *letter) { l.query = url.Values{"signature": {""}, "msg_signature": {""}} },
		"signature long":       set("signature", strings.Repeat("0", 4000)),
		"signature twice":      set("signature", "a", "b"),
		"no nonce":             set("nonce"),
		"nonce twice":          set("nonce", "1", "2"),
		"nonce long":           set("nonce", strings.Repeat("1", 1000)),
		"another nonce":        set("nonce", "9"),
		"no timestamp":         set("timestamp"),
		"another timestamp":    set("timestamp", "1800000001"),
		"timestamp in words":   set("timestamp", "soon"),
		"timestamp negative":   set("timestamp", "-1800000000"),
		"timestamp with a +":   set("timestamp", "+1800000000"),
		"timestamp long":       set("timestamp", strings.Repeat("1", 30)),
		"timestamp twice":      set("timestamp", "1800000000", "1800000000"),
		"replayed":             func(l *letter) { l.at = testNow.Add(-11 * time.Minute) },
		"from tomorrow":        func(l *letter) { l.at = testNow.Add(24 * time.Hour) },
		"from 1970":            func(l *letter) { l.at = time.Unix(1, 0) },
		"from after 2038":      func(l *letter) { l.at = time.Unix(1<<31+5, 0) },
		"32-bit overflow":      func(l *letter) { l.at = time.Unix(1_800_000_000+1<<32, 0) },
		"unknown encryption":   set("encrypt_type", "rot13"),
		"encryption twice":     set("encrypt_type", "aes", "raw"),
		"another method":       func(l *letter) { l.method = http.MethodPut },
		"a check without echo": func(l *letter) { l.method = http.MethodGet },
	}
}

func TestHostileCallbacks(t *testing.T) {
	all := hostile()
	if len(all) < 60 {
		t.Fatalf("%d hostile callbacks", len(all))
	}
	for name, l := range all {
		t.Run(name, func(t *testing.T) {
			mode := modeSafe
			if !l.sealed {
				mode = modePlain
			}
			got, err := New(testOptions()).Receive(inbox(keyMode, mode, keyOriginal, "gh_10f6c3c3ac5a"), l.request())
			if err == nil || len(got.Messages)+len(got.Receipts) > 0 {
				t.Fatalf("taken: %+v", got)
			}
			var field *conversation.FieldError
			var large *http.MaxBytesError
			if !errors.Is(err, channels.ErrUnauthorized) && !errors.As(err, &field) && !errors.As(err, &large) {
				t.Errorf("it would be repeated: %v", err)
			}
		})
	}
}

// TestDamagedCiphertexts damages each byte of the envelope's content after it was signed, and the signature itself.
func TestDamagedCiphertexts(t *testing.T) {
	l := newLetter(textPush("x"), true)
	a, in := New(testOptions()), inbox()
	for _, at := range []int{0, 1, 20, 100, 250} {
		r := l.request()
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Fatal(err)
		}
		i := bytes.Index(body, []byte("<Encrypt><![CDATA[")) + len("<Encrypt><![CDATA[") + at
		if body[i]++; body[i] == 'Z'+1 || body[i] == 'z'+1 || body[i] == '9'+1 || body[i] == '+'+1 || body[i] == '/'+1 {
			body[i] = 'A'
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		if _, err := a.Receive(in, r); !errors.Is(err, channels.ErrUnauthorized) {
			t.Errorf("byte %d: %v", at, err)
		}
	}
}

func TestIncompleteSettings(t *testing.T) {
	for name, in := range map[string]conversation.Inbox{"safe mode without a key": inbox(keyAES, ""), "no token": inbox(keyToken, ""), "a short key": inbox(keyAES, "short"), "quotas of another kind": inbox(keyQuotas, "x=1/1h")} {
		var field *conversation.FieldError
		if _, err := New(testOptions()).Receive(in, newLetter(textPush("x"), true).request()); !errors.As(err, &field) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzXML(f *testing.F) {
	for _, body := range hostileXML() {
		if len(body) < 5000 {
			f.Add([]byte(body))
		}
	}
	f.Add([]byte(textPush("你好")))
	f.Fuzz(func(t *testing.T, data []byte) { checkTree(t, account{}, data) })
}

func FuzzJSON(f *testing.F) {
	for _, body := range []string{`{"a":1}`, `{"a":{"b":[1,"x",null,true,{"c":[]}]}}`, `{"a":1,"a":2}`, `[`, `{"FromUserName":"a","CreateTime":1e9}`, strings.Repeat(`{"a":`, 100)} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, data []byte) { checkTree(t, account{format: formatJSON}, data) })
}

// checkTree wants a tree within its bounds, and no push without sender, time and name.
func checkTree(t *testing.T, acc account, data []byte) {
	p, err := acc.read(data)
	if err == nil && (!addressPattern.MatchString(p.from) || p.source == "" || p.kind == "" || p.sentAt.Year() > 9999) {
		t.Errorf("%+v", p)
	}
	if err != nil {
		return
	}
	in := (&Adapter{}).translate(acc, p)
	for _, m := range in.Messages {
		if strings.ContainsAny(m.Text, "\x00\r\u2028") || m.Text == "" && m.Activity == "" && len(m.Media) == 0 {
			t.Errorf("%+v", m)
		}
	}
}
