package webchat

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"huiyin/conversation"
)

// visitor is who a token speaks for. It travels in the token, signed, so that nothing has to be stored before
// the first message.
type visitor struct {
	Address  string            `json:"a"` // on the inbox
	Name     string            `json:"n,omitempty"`
	Email    string            `json:"e,omitempty"`
	Phone    string            `json:"p,omitempty"`
	Fields   map[string]string `json:"f,omitempty"` // of the form, besides these
	Formed   bool              `json:"d,omitempty"` // the form was filled in
	Vouched  bool              `json:"k,omitempty"` // the site vouches for who it is
	Verified bool              `json:"v,omitempty"` // and for name, email and phone
	Before   string            `json:"b,omitempty"` // the anonymous address they had until they were identified
	Until    int64             `json:"x,omitempty"` // Unix seconds
}

const (
	maxToken = 4096
	anybody  = "visitor:" // before the address of one that nobody vouches for
	somebody = "user:"    // before the site's own id of its user

	// anybodyFor is how long an anonymous visitor is known since the last session, somebodyFor how long an identity holds.
	anybodyFor  = 365 * 24 * time.Hour
	somebodyFor = 12 * time.Hour
)

func newVisitor() visitor { return visitor{Address: anybody + rand.Text()} }

// alive tells that the token has not ended. Anonymous tokens of before they had an end are good for a new session.
func (v visitor) alive(now time.Time) bool { return now.Unix() < v.Until }

func (v visitor) endless() bool { return v.Until == 0 && strings.HasPrefix(v.Address, anybody) }

// tokenKey signs the tokens of one inbox; a token of one is worth nothing at another.
func (a *Adapter) tokenKey(inboxID int64) []byte {
	return sign(a.Key, "token:"+strconv.FormatInt(inboxID, 10))
}

func sign(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

func (a *Adapter) writeToken(inboxID int64, v visitor) (string, error) {
	content, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	body := base64.RawURLEncoding.EncodeToString(content)
	return body + "." + base64.RawURLEncoding.EncodeToString(sign(a.tokenKey(inboxID), body)), nil
}

// readToken tells whom a token speaks for; ok is false when we did not make it for this inbox. Whether it has ended is
// another question.
func (a *Adapter) readToken(inboxID int64, token string) (v visitor, ok bool) {
	body, signature, found := strings.Cut(token, ".")
	if !found || len(token) > maxToken {
		return visitor{}, false
	}
	given, err := base64.RawURLEncoding.DecodeString(signature)
	if err != nil || !hmac.Equal(given, sign(a.tokenKey(inboxID), body)) {
		return visitor{}, false
	}
	content, err := base64.RawURLEncoding.DecodeString(body)
	if err != nil || json.Unmarshal(content, &v) != nil || v.Address == "" {
		return visitor{}, false
	}
	return v, true
}

// subprotocol is what the widget and we agree to speak over a WebSocket. The token comes beside it, because a
// browser's WebSocket can send no other header and an address would end up in logs.
const subprotocol = "huiyin.v1"

// tokenOf finds the token in a request.
func tokenOf(r *http.Request) string {
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return token
	}
	for _, line := range r.Header.Values("Sec-WebSocket-Protocol") {
		for part := range strings.SplitSeq(line, ",") {
			if token, ok := strings.CutPrefix(strings.TrimSpace(part), "token."); ok {
				return token
			}
		}
	}
	return ""
}

func (v visitor) profile(language string) conversation.Profile {
	p := conversation.Profile{Name: v.Name, Email: v.Email, Phone: v.Phone, Language: language, Verified: v.Verified, Proven: v.Vouched}
	if len(v.Fields) > 0 {
		p.Attributes = v.Fields
	}
	return p
}
