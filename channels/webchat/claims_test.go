package webchat

import (
	"encoding/base64"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"huiyin/conversation"
)

// FuzzClaims reads what stands in an identity token under a good signature: whatever it says, who is believed has an
// id, is meant for this inbox, and is so for a day at most.
func FuzzClaims(f *testing.F) {
	for _, seed := range []string{`{"sub":"u1","aud":"1","exp":1800000060}`, `{"sub":"u1","aud":["1",2],"exp":1.8e9,"nbf":0,"iat":1799999999.5}`, `{"aud":{}}`, `[]`, `{"exp":"x"}`, `{"exp":1e400}`, `null`} {
		f.Add(seed)
	}
	keys := []identityKey{{"", "another secret of the test"}}
	now := time.Unix(1_800_000_000, 0)
	f.Fuzz(func(t *testing.T, text string) {
		signed := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256"}`)) + "." + base64.RawURLEncoding.EncodeToString([]byte(text))
		token := signed + "." + base64.RawURLEncoding.EncodeToString(sign([]byte(keys[0].secret), signed))
		a, err := readIdentity(token, keys, 1, now)
		if err != nil {
			return
		}
		end, ok := numericDate(a.Expires)
		if !ok || end.Before(now.Add(-leeway)) || end.After(now.Add(longestLife+leeway)) || !a.Audience.includes(1) {
			t.Fatalf("%s is believed: %+v", text, a)
		}
		if (claimed{ID: a.ID, person: a.person}).check() == nil && (a.ID == "" || strings.ContainsAny(a.ID, "\n\x00")) {
			t.Fatalf("%s: id %q", text, a.ID)
		}
	})
}

// FuzzProof takes no proof but one that was worked for.
func FuzzProof(f *testing.F) {
	for _, seed := range []string{"", ".", "~.", "~~.1", "1800000000~X~AAAA.1", strings.Repeat("~", 299)} {
		f.Add(seed)
	}
	a := New(Options{Key: []byte("key"), Now: func() time.Time { return time.Unix(1_700_000_000, 0) }})
	c := &call{Adapter: a, inbox: conversation.Inbox{ID: 1}, w: httptest.NewRecorder()}
	f.Fuzz(func(t *testing.T, given string) {
		if c.proven(given) {
			t.Fatalf("%q is taken", given)
		}
	})
}
