package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"github.com/silenceper/wechat/v2/util"
)

// wechatAccount is an account with the acted WeChat.
type wechatAccount struct {
	appID, secret, token, mode, original string
	passive                              bool
	key                                  []byte // of AES
}

// wechatAllowance is how many customer service messages WeChat takes after each of a customer's.
const wechatAllowance = 5

// wechatPlatform is WeChat's API, as far as a load run needs it, on an address of its own.
type wechatPlatform struct {
	account wechatAccount
	base    string
	server  *http.Server

	mu        sync.Mutex
	customers map[string]*wechatCustomer
	found     []string // faults
}

// startPlatform listens on an address, "" for a free port of this machine.
func startPlatform(account wechatAccount, address string) (*wechatPlatform, error) {
	if address == "" {
		address = "127.0.0.1:0"
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, fmt.Errorf("act as WeChat: %w; choose another --platform", err)
	}
	p := &wechatPlatform{account: account, base: "http://" + l.Addr().String(), customers: map[string]*wechatCustomer{}}
	p.server = &http.Server{Handler: p, ReadHeaderTimeout: requestWithin}
	go func() { _ = p.server.Serve(l) }() // ends with stop
	return p, nil
}

func (p *wechatPlatform) stop() { _ = p.server.Close() }

func (p *wechatPlatform) add(v *wechatCustomer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.customers[v.openID] = v
}

func (p *wechatPlatform) customer(openID string) *wechatCustomer {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.customers[openID]
}

func (p *wechatPlatform) fault(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.found = append(p.found, fmt.Sprintf(format, args...))
}

func (p *wechatPlatform) faults() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.found
}

// loadToken is the access token that the acted WeChat gives.
const loadToken = "load-access-token"

// ServeHTTP answers the API's calls as WeChat does.
func (p *wechatPlatform) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxAnswer))
	if err != nil {
		return
	}
	w.Header().Set("Content-Type", "application/json; encoding=utf-8")
	switch {
	case r.URL.Path == "/cgi-bin/stable_token":
		_, _ = io.WriteString(w, `{"access_token":"`+loadToken+`","expires_in":7200}`)
	case r.URL.Query().Get("access_token") != loadToken:
		answerCode(w, 40001, "invalid credential")
	case r.URL.Path == "/cgi-bin/message/custom/send":
		p.customSend(w, body)
	case r.URL.Path == "/cgi-bin/user/info":
		_, _ = io.WriteString(w, `{"subscribe":1,"unionid":"`+r.URL.Query().Get("openid")+`-union"}`)
	case r.URL.Path == "/cgi-bin/message/custom/typing":
		answerCode(w, 0, "ok")
	default:
		p.fault("refused: the acted WeChat has no %s", r.URL.Path)
		answerCode(w, 40066, "invalid url")
	}
}

func answerCode(w io.Writer, code int, words string) {
	_, _ = fmt.Fprintf(w, `{"errcode":%d,"errmsg":%q}`, code, words)
}

// customSend takes a customer service message, while the customer's allowance lasts.
func (p *wechatPlatform) customSend(w io.Writer, body []byte) {
	var m struct {
		To   string                   `json:"touser"`
		Kind string                   `json:"msgtype"`
		Text struct{ Content string } `json:"text"`
		Menu struct {
			Head string `json:"head_content"`
		} `json:"msgmenu"`
	}
	if err := json.Unmarshal(body, &m); err != nil {
		answerCode(w, 47001, "data format error")
		return
	}
	v := p.customer(m.To)
	switch {
	case v == nil:
		p.fault("refused: a message for %q, who is none of the customers", m.To)
		answerCode(w, 40003, "invalid openid")
	case !v.receive(m.Text.Content+m.Menu.Head, false):
		p.fault("refused: more than %d messages for %s, which WeChat does not allow", wechatAllowance, m.To)
		answerCode(w, 45047, "out of response count limit")
	default:
		answerCode(w, 0, "ok")
	}
}

// callback is a text message's address and body as WeChat brings it.
func (a wechatAccount) callback(openID, id, text string) (query string, body []byte) {
	at, nonce := strconv.FormatInt(time.Now().Unix(), 10), id
	plain := fmt.Appendf(nil, "<xml><ToUserName><![CDATA[%s]]></ToUserName><FromUserName><![CDATA[%s]]></FromUserName><CreateTime>%s</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[%s]]></Content><MsgId>%s</MsgId></xml>",
		a.original, openID, at, text, id)
	values := url.Values{"signature": {util.Signature(a.token, at, nonce)}, "timestamp": {at}, "nonce": {nonce}, "openid": {openID}}
	if a.mode == "plain" {
		return values.Encode(), plain
	}
	sealed := base64.StdEncoding.EncodeToString(util.AESEncryptMsg([]byte("0123456789abcdef"), plain, a.appID, a.key))
	values.Set("encrypt_type", "aes")
	values.Set("msg_signature", util.Signature(a.token, at, nonce, sealed))
	clear := []byte("<ToUserName><![CDATA[" + a.original + "]]></ToUserName>")
	if a.mode == "compatible" {
		clear = bytes.TrimSuffix(bytes.TrimPrefix(plain, []byte("<xml>")), []byte("</xml>"))
	}
	return values.Encode(), fmt.Appendf(nil, "<xml>%s<Encrypt><![CDATA[%s]]></Encrypt></xml>", clear, sealed)
}

// read reads the answer to a callback; said is false when it only acknowledges.
func (a wechatAccount) read(answer []byte) (text string, said bool, err error) {
	if len(answer) == 0 || string(answer) == "success" {
		return "", false, nil
	}
	var m struct {
		To      string `xml:"ToUserName"`
		Content string `xml:"Content"`
		Sealed  string `xml:"Encrypt"`
		Sign    string `xml:"MsgSignature"`
		At      string `xml:"TimeStamp"`
		Nonce   string `xml:"Nonce"`
	}
	if err := xml.Unmarshal(answer, &m); err != nil {
		return "", false, fmt.Errorf("an answer that WeChat cannot read: %w", err)
	}
	if a.mode != "plain" {
		if util.Signature(a.token, m.At, m.Nonce, m.Sealed) != m.Sign {
			return "", false, errors.New("an answer whose signature does not fit")
		}
		sealed, err := base64.StdEncoding.DecodeString(m.Sealed)
		if err != nil {
			return "", false, fmt.Errorf("an answer that is not base64: %w", err)
		}
		_, plain, _, err := util.AESDecryptMsg(sealed, a.key)
		if err != nil {
			return "", false, fmt.Errorf("an answer that cannot be decrypted: %w", err)
		}
		if err := xml.Unmarshal(plain, &m); err != nil {
			return "", false, fmt.Errorf("an answer that WeChat cannot read: %w", err)
		}
	}
	return m.Content, true, nil
}
