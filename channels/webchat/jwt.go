package webchat

import (
	"bytes"
	"crypto/hmac"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// An identity as a JSON Web Token (RFC 7519) in compact serialisation, signed with HMAC-SHA256 (RFC 7518 §3.2). The
// algorithm is not for the token to choose: everything but HS256 is refused (RFC 8725 §3.1).

// identityKey is a secret that the site signs identities with. Several at a time let it change them; name is the kid.
type identityKey struct{ name, secret string }

// assertion is what an identity token says, after its signature and times were found good.
type assertion struct {
	ID string `json:"sub"`
	person
	Audience audience    `json:"aud"`
	Expires  json.Number `json:"exp"`
	From     json.Number `json:"nbf"`
	Issued   json.Number `json:"iat"`
}

type jwtHeader struct {
	Algorithm string          `json:"alg"`
	Type      string          `json:"typ"`
	Key       *string         `json:"kid"`
	Critical  json.RawMessage `json:"crit"`
}

const (
	leeway      = time.Minute    // that clocks may differ by
	longestLife = 24 * time.Hour // of an identity token
)

var errIdentity = errors.New("the identity does not hold")

// readIdentity verifies an identity token for an inbox.
func readIdentity(token string, keys []identityKey, inboxID int64, now time.Time) (a assertion, err error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 || len(token) > maxToken {
		return assertion{}, errIdentity
	}
	var header jwtHeader
	if err := decodePart(parts[0], &header); err != nil {
		return assertion{}, err
	}
	if !header.known() || !signedBy(header.candidates(keys), parts) {
		return assertion{}, errIdentity
	}
	if err := decodePart(parts[1], &a); err != nil {
		return assertion{}, err
	}
	if !a.Audience.includes(inboxID) || !a.timely(now) {
		return assertion{}, errIdentity
	}
	return a, nil
}

// known refuses what this implementation does not do, as RFC 7515 §4.1.11 demands of critical extensions.
func (h jwtHeader) known() bool {
	return h.Algorithm == "HS256" && h.Critical == nil && (h.Type == "" || strings.EqualFold(h.Type, "JWT"))
}

// candidates are the keys that the token may be signed with: the one it names, or any when it names none.
func (h jwtHeader) candidates(keys []identityKey) []identityKey {
	if h.Key == nil {
		return keys
	}
	return slices.DeleteFunc(slices.Clone(keys), func(k identityKey) bool { return k.name == "" || k.name != *h.Key })
}

func signedBy(keys []identityKey, parts []string) bool {
	given, err := base64.RawURLEncoding.Strict().DecodeString(parts[2])
	if err != nil {
		return false
	}
	return slices.ContainsFunc(keys, func(k identityKey) bool {
		return k.secret != "" && hmac.Equal(given, sign([]byte(k.secret), parts[0]+"."+parts[1]))
	})
}

func decodePart(part string, into any) error {
	content, err := base64.RawURLEncoding.Strict().DecodeString(part)
	if err != nil || json.Unmarshal(content, into) != nil {
		return errIdentity
	}
	return nil
}

// timely checks the times. A token must end, and soon: whoever finds an old one gets in nowhere.
func (a assertion) timely(now time.Time) bool {
	expires, ok := numericDate(a.Expires)
	if !ok || now.After(expires.Add(leeway)) || expires.After(now.Add(longestLife+leeway)) {
		return false
	}
	for _, start := range []json.Number{a.From, a.Issued} {
		if at, ok := numericDate(start); start != "" && (!ok || at.After(now.Add(leeway))) {
			return false
		}
	}
	return true
}

// numericDate reads seconds since 1970, whole or not (RFC 7519 §2).
func numericDate(n json.Number) (time.Time, bool) {
	seconds, err := strconv.ParseFloat(string(n), 64)
	if err != nil || math.IsNaN(seconds) || math.Abs(seconds) > 1<<40 {
		return time.Time{}, false
	}
	return time.UnixMilli(int64(seconds * 1000)), true
}

// audience is one inbox or a list of them, as text or as numbers.
type audience []string

// UnmarshalJSON reads the forms that a site's library may write.
func (a *audience) UnmarshalJSON(text []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return err
	}
	list, ok := value.([]any)
	if !ok {
		list = []any{value}
	}
	for _, entry := range list {
		switch e := entry.(type) {
		case string:
			*a = append(*a, e)
		case json.Number:
			*a = append(*a, e.String())
		default:
			return errIdentity
		}
	}
	return nil
}

func (a audience) includes(inboxID int64) bool {
	return slices.Contains(a, strconv.FormatInt(inboxID, 10))
}
