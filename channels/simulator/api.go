package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// refusal is an errcode with its errmsg.
type refusal struct {
	Code int    `json:"errcode"`
	Text string `json:"errmsg"`
}

func refuse(code int, text string) *refusal { return &refusal{code, text} }

// call is one request of an account's to the API.
type apiCall struct {
	sim     *Simulator
	account *Account
	phone   *Phone // whom it is about, once known
	r       *http.Request
	query   url.Values
	body    []byte
}

// file is an answer that is no JSON.
type file struct {
	name, kind string
	body       []byte
}

// handler answers a call with a value for JSON, a file, or a refusal. The lock is held.
type handler func(c *apiCall) (any, *refusal)

// maxRequest bounds the body of a request: a video and its frame.
const maxRequest = 24 << 20

// api are the paths that are answered. WeChat and WeCom have a few in common; the token tells whose it is.
func (s *Simulator) api() *http.ServeMux {
	mux := http.NewServeMux()
	for pattern, h := range map[string]handler{
		"GET /cgi-bin/token":         legacyToken,
		"POST /cgi-bin/stable_token": stableToken,
		"GET /cgi-bin/gettoken":      corpToken,
	} {
		mux.HandleFunc(pattern, s.serve(h, false))
	}
	for pattern, h := range map[string]handler{
		"POST /cgi-bin/message/custom/send":            customSend,
		"POST /cgi-bin/message/custom/typing":          officialTyping,
		"POST /cgi-bin/message/custom/business/typing": miniTyping,
		"POST /cgi-bin/message/template/send":          templateSend,
		"POST /cgi-bin/message/subscribe/bizsend":      subscribeSend,
		"POST /cgi-bin/message/subscribe/send":         subscribeSend,
		"POST /cgi-bin/media/upload":                   mediaUpload,
		"GET /cgi-bin/media/get":                       mediaGet,
		"POST /cgi-bin/menu/create":                    menuCreate,
		"GET /cgi-bin/menu/get":                        menuGet,
		"GET /cgi-bin/get_current_selfmenu_info":       menuInfo,
		"GET /cgi-bin/menu/delete":                     menuDelete,
		"POST /cgi-bin/qrcode/create":                  codeCreate,
		"GET /cgi-bin/user/info":                       userInfo,
		"GET /cgi-bin/getcallbackip":                   callbackAddresses,
		"POST /cgi-bin/kf/sync_msg":                    kfSync,
		"POST /cgi-bin/kf/send_msg":                    kfSend,
		"POST /cgi-bin/kf/send_msg_on_event":           kfSendOnEvent,
		"POST /cgi-bin/kf/service_state/get":           kfState,
		"POST /cgi-bin/kf/service_state/trans":         kfTrans,
		"GET /cgi-bin/kf/account/list":                 kfAccounts,
		"POST /cgi-bin/kf/account/list":                kfAccounts,
		"POST /cgi-bin/kf/add_contact_way":             kfContactWay,
		"GET /cgi-bin/kf/servicer/list":                kfServicers,
		"POST /cgi-bin/kf/customer/batchget":           kfCustomers,
	} {
		mux.HandleFunc(pattern, s.serve(h, true))
	}
	mux.HandleFunc("GET /cgi-bin/showqrcode", s.serve(showCode, false))
	mux.HandleFunc("GET /picture/{id}", s.picture)
	s.cloudAPI(mux)
	mux.HandleFunc("/", s.serve(unknownPath, false))
	return mux
}

// ServeHTTP answers the accounts' calls.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

func unknownPath(*apiCall) (any, *refusal) { return nil, refuse(40066, "invalid url") }

// serve reads a request, answers it, writes both down, and breaks what it was told to break.
func (s *Simulator) serve(h handler, needsToken bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		started := time.Now()
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequest))
		if err != nil {
			http.Error(w, "the request is too large", http.StatusRequestEntityTooLarge)
			return
		}
		c := &apiCall{sim: s, r: r, query: r.URL.Query(), body: body}
		s.mu.Lock()
		refused := (*refusal)(nil)
		if needsToken {
			refused = c.enter()
		}
		fault := c.fault()
		var value any
		switch {
		case refused != nil:
		case fault != nil && fault.before():
			refused = fault.refusal()
		default:
			value, refused = h(c)
		}
		e := c.exchange(body)
		a := answer(value, refused)
		if fault != nil {
			a = fault.spoil(a)
			e.Note = "on demand: " + fault.Do
		}
		e.Status, e.Response, e.Code = a.status, a.shown(), a.code
		e.Millis = time.Since(started).Milliseconds()
		s.note(e)
		s.mu.Unlock()
		a.write(w, r)
	}
}

// enter finds whose call it is by the token; the caller holds the lock.
func (c *apiCall) enter() *refusal {
	t, refused := c.sim.tokenOf(c.query.Get("access_token"), strings.HasPrefix(c.r.URL.Path, "/cgi-bin/kf/"))
	if refused != nil {
		return refused
	}
	c.account = t.account
	return nil
}

// decode reads the JSON body. What WeChat does not read it refuses.
// https://developers.weixin.qq.com/doc/oplatform/Return_codes/Return_code_descriptions_new.html
func (c *apiCall) decode(into any) *refusal {
	if escaped(c.body) {
		return refuse(40033, `invalid charset. please check your request, if include \uxxxx will create fail!`)
	}
	if err := json.Unmarshal(c.body, into); err != nil {
		return refuse(47001, "data format error")
	}
	return nil
}

// escaped reports whether JSON holds \u escapes of what can be written as it is, that is of all but control characters.
func escaped(body []byte) bool {
	for i := 0; i+1 < len(body); i++ {
		if body[i] != '\\' {
			continue
		}
		rest := body[i+1:]
		if bytes.HasPrefix(rest, []byte("u")) && !bytes.HasPrefix(rest, []byte("u000")) && !bytes.HasPrefix(rest, []byte("u001")) {
			return true
		}
		i++
	}
	return false
}

// to finds the customer that a call names.
func (c *apiCall) to(openID string) *refusal {
	if c.phone = c.account.byOpenID(openID); c.phone == nil {
		return refuse(40003, "invalid openid")
	}
	return nil
}

// exchange begins the diary's entry.
func (c *apiCall) exchange(body []byte) *Exchange {
	e := &Exchange{Way: "api", Method: c.r.Method, Path: c.r.URL.RequestURI(), Request: string(body)}
	if strings.HasPrefix(c.r.Header.Get("Content-Type"), "multipart/") {
		e.Request = fmt.Sprintf("(multipart, %d bytes)", len(body))
	}
	if c.account != nil {
		e.Account = c.account.config.AppID
	}
	if c.phone != nil {
		e.Customer = c.phone.name
	}
	return e
}
