package webchat_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
)

// claims are what an identity token says, and header how it says it was made.
type claims map[string]any

func sealed(secret string, header, body claims) string {
	part := func(c claims) string {
		text, err := json.Marshal(c)
		if err != nil {
			panic(err)
		}
		return base64.RawURLEncoding.EncodeToString(text)
	}
	text := part(header) + "." + part(body)
	return text + "." + base64.RawURLEncoding.EncodeToString(hmacOf(secret, text))
}

const (
	firstKey  = "the first of the keys!"
	secondKey = "the second of the keys"
)

func hs256() claims { return claims{"alg": "HS256", "typ": "JWT"} }

// signedAs is a good token of a user of inbox 1, with some claims changed; nil takes one away.
func signedAs(id string, changes claims) string {
	body := claims{"sub": id, "aud": "1", "exp": time.Now().Add(time.Hour).Unix(), "iat": time.Now().Unix(), "name": "Wang Li", "email": "wang@example.com"}
	for key, value := range changes {
		body[key] = value
		if value == nil {
			delete(body, key)
		}
	}
	return sealed(secret, hs256(), body)
}

func identityKeys() map[string]string {
	return map[string]string{"identity_secret": secret, "identity_keys": "k1=" + firstKey + "\nk2 = " + secondKey}
}

func TestIdentityTokens(t *testing.T) {
	h := build(t, identityKeys())
	now := time.Now()
	good := claims{"sub": "u1", "aud": "1", "exp": now.Add(time.Hour).Unix()}
	with := func(header claims) string { return sealed(secret, header, good) }
	for name, test := range map[string]struct {
		token  string
		status int
	}{
		"good":                        {signedAs("u1", nil), 200},
		"without a type":              {with(claims{"alg": "HS256"}), 200},
		"type in small letters":       {with(claims{"alg": "HS256", "typ": "jwt"}), 200},
		"audience in a list":          {signedAs("u1", claims{"aud": []string{"shop", "1"}}), 200},
		"audience as a number":        {signedAs("u1", claims{"aud": 1}), 200},
		"without iat":                 {signedAs("u1", claims{"iat": nil}), 200},
		"ends at a broken second":     {signedAs("u1", claims{"exp": float64(now.Unix()) + 60.5}), 200},
		"just over, within leeway":    {signedAs("u1", claims{"exp": now.Add(-30 * time.Second).Unix()}), 200},
		"just issued, clocks apart":   {signedAs("u1", claims{"iat": now.Add(30 * time.Second).Unix()}), 200},
		"the first key, named":        {sealed(firstKey, claims{"alg": "HS256", "kid": "k1"}, good), 200},
		"the second key, named":       {sealed(secondKey, claims{"alg": "HS256", "kid": "k2"}, good), 200},
		"the second key, not named":   {sealed(secondKey, hs256(), good), 200},
		"over":                        {signedAs("u1", claims{"exp": now.Add(-2 * time.Minute).Unix()}), 403},
		"without an end":              {signedAs("u1", claims{"exp": nil}), 403},
		"an end far off":              {signedAs("u1", claims{"exp": now.Add(48 * time.Hour).Unix()}), 403},
		"an end in words":             {signedAs("u1", claims{"exp": "tomorrow"}), 403},
		"an end that is null":         {sealed(secret, hs256(), claims{"sub": "u1", "aud": "1", "exp": nil}), 403},
		"an end beyond time":          {signedAs("u1", claims{"exp": 1e300}), 403},
		"an end below zero":           {signedAs("u1", claims{"exp": -1}), 403},
		"not yet":                     {signedAs("u1", claims{"nbf": now.Add(5 * time.Minute).Unix()}), 403},
		"issued in the future":        {signedAs("u1", claims{"iat": now.Add(5 * time.Minute).Unix()}), 403},
		"of another inbox":            {signedAs("u1", claims{"aud": "2"}), 403},
		"of no inbox":                 {signedAs("u1", claims{"aud": nil}), 403},
		"audience of nothing":         {signedAs("u1", claims{"aud": []string{}}), 403},
		"audience of an object":       {signedAs("u1", claims{"aud": claims{"id": 1}}), 403},
		"audience with spaces":        {signedAs("u1", claims{"aud": " 1"}), 403},
		"without a subject":           {signedAs("u1", claims{"sub": nil}), 400},
		"an empty subject":            {signedAs("", nil), 400},
		"a subject of a number":       {signedAs("u1", claims{"sub": 7}), 403},
		"a long subject":              {signedAs(strings.Repeat("u", 200), nil), 400},
		"a subject with a line end":   {signedAs("u1\nu2", nil), 400},
		"a name that is a list":       {signedAs("u1", claims{"name": []int{1}}), 403},
		"a long name":                 {signedAs("u1", claims{"name": strings.Repeat("n", 300)}), 400},
		"an email that is none":       {signedAs("u1", claims{"email": "wang"}), 400},
		"another key":                 {sealed("guessed key of the site", hs256(), good), 403},
		"an empty key":                {sealed("", hs256(), good), 403},
		"the wrong key for its name":  {sealed(secondKey, claims{"alg": "HS256", "kid": "k1"}, good), 403},
		"a key that is not there":     {sealed(secret, claims{"alg": "HS256", "kid": "k9"}, good), 403},
		"an empty name of a key":      {sealed(secret, claims{"alg": "HS256", "kid": ""}, good), 403},
		"a path as the name of a key": {sealed("", claims{"alg": "HS256", "kid": "../../dev/null"}, good), 403},
		"SQL as the name of a key":    {sealed("x", claims{"alg": "HS256", "kid": "k1' UNION SELECT 'x"}, good), 403},
		"a number as name of a key":   {sealed(secret, claims{"alg": "HS256", "kid": 1}, good), 403},
		"a key brought along":         {sealed("x", claims{"alg": "HS256", "jwk": claims{"kty": "oct", "k": "eA"}}, good), 403},
		"a key to be fetched":         {sealed("x", claims{"alg": "HS256", "jku": "https://evil.example/keys"}, good), 403},
		"no algorithm":                {with(claims{"typ": "JWT"}), 403},
		"algorithm none":              {with(claims{"alg": "none"}), 403},
		"algorithm nOnE":              {with(claims{"alg": "nOnE"}), 403},
		"none, without a signature":   {unsigned(claims{"alg": "none"}, good), 403},
		"algorithm RS256":             {with(claims{"alg": "RS256"}), 403},
		"algorithm HS512":             {with(claims{"alg": "HS512"}), 403},
		"algorithm hs256":             {with(claims{"alg": "hs256"}), 403},
		"another type":                {with(claims{"alg": "HS256", "typ": "at+jwt"}), 403},
		"a critical extension":        {with(claims{"alg": "HS256", "crit": []string{"b64"}, "b64": false}), 403},
		"no critical extension":       {with(claims{"alg": "HS256", "crit": []string{}}), 403},
		"the claims changed":          {changed(signedAs("u1", nil)), 403},
		"the signature cut off":       {strings.TrimSuffix(signedAs("u1", nil), signedAs("u1", nil)[len(signedAs("u1", nil))-4:]), 403},
		"the signature empty":         {signedAs("u1", nil)[:strings.LastIndexByte(signedAs("u1", nil), '.')+1], 403},
		"two parts":                   {"a.b", 403},
		"four parts":                  {signedAs("u1", nil) + ".x", 403},
		"five parts, as encrypted":    {"a.b.c.d.e", 403},
		"padding":                     {signedAs("u1", nil) + "=", 403},
		"other base64":                {strings.ReplaceAll(signedAs("??>>", nil), "_", "/") + "+", 403},
		"spaces":                      {" " + signedAs("u1", nil), 403},
		"dots":                        {"..", 403},
		"one dot":                     {".", 403},
		"words":                       {"let me in", 403},
		"very long":                   {strings.Repeat("a", 10_000), 403},
		"a token of ours":             {h.visit().token, 403},
	} {
		t.Run(name, func(t *testing.T) {
			c := &client{house: h, inbox: h.inbox.ID}
			body, err := json.Marshal(map[string]any{"identity": map[string]string{"token": test.token}})
			if err != nil {
				t.Fatal(err)
			}
			if status, text := c.try("POST", "session", string(body)); status != test.status {
				t.Fatalf("status %d, want %d: %s", status, test.status, text)
			}
		})
	}
	bare := &client{house: h, inbox: h.other.ID}
	bare.must(http.StatusForbidden, "POST", "session", `{"identity":{"token":"`+sealed("", hs256(), claims{"sub": "u1", "aud": "2", "exp": now.Unix() + 60})+`"}}`, nil)
}

func unsigned(header, body claims) string {
	token := sealed("", header, body)
	return token[:strings.LastIndexByte(token, '.')+1]
}

// changed is a token that speaks for somebody else under the old signature.
func changed(token string) string {
	parts := strings.Split(token, ".")
	content, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		panic(err)
	}
	parts[1] = base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(content), `"u1"`, `"u2"`, 1)))
	return strings.Join(parts, ".")
}

func (c *client) identify(id string, changes claims) sessionAnswer {
	c.t.Helper()
	s := c.session(`{"token":"` + c.token + `","identity":{"token":"` + signedAs(id, changes) + `"}}`)
	c.token = s.Token
	return s
}

func TestWhatIsSignedAndWhatIsSaid(t *testing.T) {
	h := build(t, identityKeys())
	signed, said := h.visit(), h.visit()
	signed.identify("u1", nil)
	said.token = said.session(`{"identity":{"id":"u2","name":"Says Ann","email":"ann@example.com","hash":"` + hashOf(firstKey, "u2") + `"}}`).Token
	for c, want := range map[*client]struct{ name, corrected string }{signed: {"Wang Li", "Wang L."}, said: {"Says Ann", "Says Ann"}} {
		at, err := h.store.Get(t.Context(), h.store.DB, c.send("question-1", "hello").Conversation)
		if err != nil {
			t.Fatal(err)
		}
		if got := nameOf(h, t, at.ContactID); got != want.name {
			t.Errorf("name %q, want %q", got, want.name)
		}
		if identity, err := h.store.Identity(t.Context(), h.store.DB, at.IdentityID); err != nil || !identity.Verified {
			t.Errorf("the identity is not proven: %+v %v", identity, err)
		}
		if c == signed {
			c.identify("u1", claims{"name": "Wang L."})
		} else {
			c.session(`{"identity":{"id":"u2","name":"Says Bob","hash":"` + hashOf(firstKey, "u2") + `"}}`)
		}
		if got := nameOf(h, t, at.ContactID); got != want.corrected {
			t.Errorf("later the name is %q, want %q", got, want.corrected)
		}
	}
}
