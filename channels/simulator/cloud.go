package simulator

import (
	"crypto/subtle"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
	"unicode"
)

// carries tells whether an account is with a cloud that carries texts.
func (k Kind) carries() bool { return k == Aliyun || k == Tencent || k == Twilio }

// cloudRefusal is how a cloud says no: each has words of its own for it.
type cloudRefusal struct {
	status int
	code   string // of Twilio: a number
	text   string
}

func no(status int, code, text string) *cloudRefusal { return &cloudRefusal{status, code, text} }

// cloud is a provider's way to be asked and to answer.
type cloud interface {
	// enter finds whose call it is and whether it is signed right. The lock is held.
	enter(c *apiCall) *cloudRefusal
	// serve does what is asked for. The lock is held.
	serve(c *apiCall) (status int, value any, refused *cloudRefusal)
	// refuse puts a refusal into the provider's words.
	refuse(c *apiCall, r *cloudRefusal) (status int, value any)
}

// cloudAPI are the clouds' paths. Two of them have one path only; a header tells whose it is.
func (s *Simulator) cloudAPI(mux *http.ServeMux) {
	mux.HandleFunc("POST /{$}", func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("X-Acs-Action") != "":
			s.serveCloud(w, r, aliyunCloud{})
		case r.Header.Get("X-Tc-Action") != "":
			s.serveCloud(w, r, tencentCloud{})
		default:
			s.serve(unknownPath, false)(w, r)
		}
	})
	twilio := func(w http.ResponseWriter, r *http.Request) { s.serveCloud(w, r, twilioCloud{}) }
	mux.HandleFunc("GET /2010-04-01/Accounts/{account}", twilio)
	mux.HandleFunc("POST /2010-04-01/Accounts/{account}/Messages.json", twilio)
}

// maxCloudRequest bounds the body of a cloud's request.
const maxCloudRequest = 1 << 20

// serveCloud reads a request, answers it, writes both down, and breaks what it was told to break.
func (s *Simulator) serveCloud(w http.ResponseWriter, r *http.Request, by cloud) {
	started := time.Now()
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxCloudRequest))
	if err != nil {
		http.Error(w, "the request is too large", http.StatusRequestEntityTooLarge)
		return
	}
	c := &apiCall{sim: s, r: r, query: r.URL.Query(), body: body}
	s.mu.Lock()
	var status int
	var value any
	refused := by.enter(c)
	fault := c.fault()
	switch {
	case refused != nil:
	case fault != nil && fault.before():
		refused = no(fault.Code, fault.Text, onDemand)
	default:
		status, value, refused = by.serve(c)
	}
	e := c.exchange(body)
	if refused != nil {
		status, value = by.refuse(c, refused)
		e.Note = strings.TrimSpace(refused.code + " " + refused.text)
	}
	a := reply{status: status, kind: "application/json;charset=utf-8", body: plainJSON(value)}
	if fault != nil {
		a = fault.spoil(a)
		e.Note = onDemand + ": " + fault.Do
	}
	e.Status, e.Response = a.status, a.shown()
	e.Millis = time.Since(started).Milliseconds()
	s.note(e)
	s.mu.Unlock()
	a.write(w, r)
}

// owner finds the account of a kind by the id that a call names.
func (c *apiCall) owner(kind Kind, id string) bool {
	for _, a := range c.sim.accounts {
		if a.config.Kind == kind && a.config.AppID == id {
			c.account = a
		}
	}
	return c.account != nil
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// pathAsked is the path that the caller signed: as it was on the wire, whatever prefix was taken off since.
func pathAsked(r *http.Request) string {
	path, _, _ := strings.Cut(r.RequestURI, "?")
	if path == "" {
		return r.URL.EscapedPath()
	}
	return path
}

// numberOf is a customer's telephone number: the name itself where it is one, else one that is theirs alone.
func numberOf(name string, sum []byte) string {
	if len(name) >= 8 && strings.IndexFunc(name, func(r rune) bool { return !unicode.IsDigit(r) }) < 0 {
		return name
	}
	var n uint64
	for _, b := range sum[:7] {
		n = n<<8 | uint64(b)
	}
	return fmt.Sprintf("86139%08d", n%100_000_000)
}

// national is a number as Chinese clouds write those of the mainland.
func national(number string) string {
	if strings.HasPrefix(number, "86") && len(number) == 13 {
		return number[2:]
	}
	return number
}

// international undoes national.
func international(number string) string {
	number = strings.TrimPrefix(strings.TrimPrefix(number, "+"), "00")
	if len(number) == 11 && number[0] == '1' {
		return "86" + number
	}
	return number
}

// validNumber tells whether something can be a number with its country code.
func validNumber(number string) bool {
	return len(number) >= 8 && len(number) <= 15 && strings.Trim(number, "0123456789") == "" && number[0] != '0'
}
