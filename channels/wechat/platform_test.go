package wechat

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"huiyin/channels"
	"huiyin/conversation"
)

const (
	testToken  = "pamtest"
	testKey    = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
	testApp    = "wxb11529c136998cb6"
	testOpenID = "oyORnuP8q7ou2gfYjqLzSIWZf0rs"
)

// platform is WeChat's side for these tests: it answers the API from a script and keeps what it was told.
type platform struct {
	*httptest.Server
	mu      sync.Mutex
	told    []told
	answers map[string][]http.HandlerFunc // by path, used up one by one; the last one stays
	tokens  int
}

// told is one request.
type told struct {
	path, token string
	query       url.Values
	header      http.Header
	body        []byte
}

// custom is the body of a customer service message.
func (t told) custom() map[string]any {
	var m map[string]any
	_ = json.Unmarshal(t.body, &m) // what is no JSON has no fields
	return m
}

func newPlatform(t testing.TB) *platform {
	p := &platform{answers: map[string][]http.HandlerFunc{}}
	p.Server = httptest.NewServer(p)
	t.Cleanup(p.Close)
	p.on("/cgi-bin/stable_token", func(w http.ResponseWriter, _ *http.Request) {
		p.mu.Lock()
		p.tokens++
		n := p.tokens
		p.mu.Unlock()
		say(`{"access_token":"TOKEN_`+strconv.Itoa(n)+`","expires_in":7200}`)(w, nil)
	})
	for _, path := range []string{"/cgi-bin/message/custom/send", "/cgi-bin/message/custom/typing", "/cgi-bin/message/custom/business/typing", "/cgi-bin/menu/create", "/cgi-bin/menu/delete"} {
		p.on(path, say(`{"errcode":0,"errmsg":"ok"}`))
	}
	p.on("/cgi-bin/media/upload", say(`{"type":"image","media_id":"MEDIA_1","created_at":1}`))
	return p
}

// say answers with a body as WeChat does, whose JSON comes as text/plain or application/json.
func say(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json; encoding=utf-8")
		_, _ = io.WriteString(w, body)
	}
}

// on scripts the answers of one path.
func (p *platform) on(path string, answers ...http.HandlerFunc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answers[path] = answers
}

func (p *platform) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	p.mu.Lock()
	p.told = append(p.told, told{r.URL.Path, r.URL.Query().Get("access_token"), r.URL.Query(), r.Header, body})
	left := p.answers[r.URL.Path]
	if len(left) == 0 {
		p.mu.Unlock()
		http.NotFound(w, r)
		return
	}
	if len(left) > 1 {
		p.answers[r.URL.Path] = left[1:]
	}
	p.mu.Unlock()
	left[0](w, r)
}

// heard are the requests for a path.
func (p *platform) heard(path string) []told {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(p.told), func(t told) bool { return t.path != path })
}

// tokenBox keeps tokens for a test as the product does for its nodes.
func tokenBox() channels.Tokens {
	var mu sync.Mutex
	kept := map[string]string{}
	return func(ctx context.Context, key, refused string, fetch channels.FetchToken) (string, error) {
		mu.Lock()
		defer mu.Unlock()
		if token := kept[key]; token != "" && token != refused {
			return token, nil
		}
		token, _, err := fetch(ctx)
		if err != nil {
			return "", err
		}
		kept[key] = token
		return token, nil
	}
}

var testNow = time.Unix(1_800_000_000, 0)

func testOptions() Options {
	return Options{Tokens: tokenBox(), Now: func() time.Time { return testNow }}
}

// settings are those of a working inbox, with changes: a key, its value, and so on.
func settings(changes ...string) map[string]string {
	s := map[string]string{keyAppID: testApp, keySecret: "secret", keyToken: testToken, keyAES: testKey, keyMode: modeSafe}
	for i := 0; i+1 < len(changes); i += 2 {
		s[changes[i]] = changes[i+1]
	}
	maps.DeleteFunc(s, func(_, value string) bool { return value == "" })
	return s
}

func inbox(changes ...string) conversation.Inbox {
	return conversation.Inbox{ID: 7, Kind: "wechat", Settings: settings(changes...)}
}

// letter is a push as WeChat's servers write it, by code of its own.
type letter struct {
	method, token, key, app string
	at                      time.Time
	nonce, body             string
	sealed, compatible      bool
	json                    bool
	pad                     func(plain []byte) []byte // nil: as documented
	length                  func(int) uint32          // what the length field says
	query                   url.Values                // overrides
}

func newLetter(body string, sealed bool) letter {
	return letter{method: http.MethodPost, token: testToken, key: testKey, app: testApp, at: testNow, nonce: "1320562132", body: body, sealed: sealed}
}

func sha(parts ...string) string {
	slices.Sort(parts)
	sum := sha1.Sum([]byte(strings.Join(parts, "")))
	return hex.EncodeToString(sum[:])
}

func (l letter) seal() string {
	key, _ := base64.StdEncoding.DecodeString(l.key + "=")
	length := uint32(len(l.body))
	if l.length != nil {
		length = l.length(len(l.body))
	}
	plain := binary.BigEndian.AppendUint32([]byte("aaaabbbbccccdddd"), length)
	plain = append(append(plain, l.body...), l.app...)
	if l.pad == nil {
		n := 32 - len(plain)%32
		plain = append(plain, bytes.Repeat([]byte{byte(n)}, n)...)
	} else {
		plain = l.pad(plain)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err)
	}
	cipher.NewCBCEncrypter(block, key[:16]).CryptBlocks(plain, plain)
	return base64.StdEncoding.EncodeToString(plain)
}

func (l letter) request() *http.Request {
	at := strconv.FormatInt(l.at.Unix(), 10)
	query := url.Values{"signature": {sha(l.token, at, l.nonce)}, "timestamp": {at}, "nonce": {l.nonce}, "openid": {testOpenID}}
	body := l.body
	if l.sealed {
		sealed := l.seal()
		query.Set("encrypt_type", "aes")
		query.Set("msg_signature", sha(l.token, at, l.nonce, sealed))
		clear := ""
		if l.compatible {
			clear = strings.TrimSuffix(strings.TrimPrefix(l.body, "<xml>"), "</xml>")
		}
		body = "<xml><ToUserName><![CDATA[gh_10f6c3c3ac5a]]></ToUserName><Encrypt><![CDATA[" + sealed + "]]></Encrypt></xml>"
		if l.compatible {
			body = "<xml>" + clear + "<Encrypt><![CDATA[" + sealed + "]]></Encrypt></xml>"
		}
		if l.json {
			body = `{"ToUserName":"gh_10f6c3c3ac5a","Encrypt":"` + sealed + `"}`
		}
	}
	for name, values := range l.query {
		if query[name] = values; values == nil {
			delete(query, name)
		}
	}
	return httptest.NewRequest(l.method, "/hooks/7?"+query.Encode(), strings.NewReader(body))
}

// message is a push of a type with fields in XML.
func message(kind, fields string) string {
	return "<xml><ToUserName><![CDATA[gh_10f6c3c3ac5a]]></ToUserName><FromUserName><![CDATA[" + testOpenID + "]]></FromUserName><CreateTime>1800000000</CreateTime><MsgType><![CDATA[" +
		kind + "]]></MsgType>" + fields + "</xml>"
}

func textPush(text string) string {
	return message("text", "<Content><![CDATA["+text+"]]></Content><MsgId>6054768590064713728</MsgId>")
}
