package webchat

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"huiyin/conversation"
)

// visitor is who a token speaks for. It travels in the token, signed, so that nothing has to be stored before
// the first message.
type visitor struct {
	Address  string `json:"a"` // on the inbox
	Name     string `json:"n,omitempty"`
	Email    string `json:"e,omitempty"`
	Phone    string `json:"p,omitempty"`
	Verified bool   `json:"v,omitempty"` // the site vouches for it
}

const (
	maxToken = 4096
	anybody  = "visitor:" // before the address of one that nobody vouches for
	somebody = "user:"    // before the site's own id of its user
)

func newVisitor() visitor { return visitor{Address: anybody + rand.Text()} }

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

// readToken tells whom a token speaks for; ok is false when we did not make it for this inbox.
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

// vouched tells whether the site's server signed the id with the inbox's identity secret.
func vouched(inbox conversation.Inbox, id, hash string) bool {
	secret := kind().Value(inbox, "identity_secret")
	given, err := hex.DecodeString(hash)
	return secret != "" && err == nil && hmac.Equal(given, sign([]byte(secret), id))
}

func (v visitor) profile(language string) conversation.Profile {
	return conversation.Profile{Name: v.Name, Email: v.Email, Phone: v.Phone, Language: language, Verified: v.Verified}
}
