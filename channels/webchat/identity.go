package webchat

import (
	"crypto/hmac"
	"encoding/hex"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"huiyin/conversation"
)

// claimed is who the site says the visitor is, with its server's signature: a token that signs everything, or the
// HMAC of the id alone.
type claimed struct {
	Token string `json:"token"`
	ID    string `json:"id"`
	Hash  string `json:"hash"`
	person
}

const (
	maxID    = 128
	maxField = 200
)

// identify finds out whom the site vouches for.
func (c *call) identify(in claimed) (visitor, error) {
	if in.Token != "" {
		a, err := readIdentity(in.Token, identityKeys(c.inbox), c.inbox.ID, c.Now())
		if err != nil {
			return visitor{}, badIdentity()
		}
		in.ID, in.person = a.ID, a.person
	}
	if err := in.check(); err != nil {
		return visitor{}, err
	}
	if in.Token == "" && !vouched(c.inbox, in.ID, in.Hash) {
		return visitor{}, badIdentity()
	}
	v := visitor{Address: somebody + in.ID, Vouched: true, Verified: in.Token != ""}
	v.take(in.person)
	return v, nil
}

func badIdentity() error {
	return refusal(http.StatusForbidden, "identity", "身份签名不正确或已过期。", "The identity is not signed with a secret of this inbox, or has expired.")
}

// vouched tells whether the site's server signed the id with one of the inbox's secrets.
func vouched(inbox conversation.Inbox, id, hash string) bool {
	given, err := hex.DecodeString(hash)
	return err == nil && slices.ContainsFunc(identityKeys(inbox), func(k identityKey) bool {
		return hmac.Equal(given, sign([]byte(k.secret), id))
	})
}

// identityKeys are the secrets that an identity may be signed with.
func identityKeys(inbox conversation.Inbox) []identityKey {
	keys, _ := parseKeys(kind().Value(inbox, "identity_keys"))
	if secret := kind().Value(inbox, "identity_secret"); secret != "" {
		keys = append(keys, identityKey{secret: secret})
	}
	return keys
}

// recognise finds out who the visitor is, and tells the contact's record what is new about them.
func (c *call) recognise(in sessionRequest) error {
	before, ok := c.readToken(c.inbox.ID, in.Token)
	ok = ok && (before.alive(c.Now()) || before.endless())
	c.returning = ok
	var err error
	switch {
	case in.Identity != nil:
		err = c.becomeKnown(*in.Identity, before, ok, in.Language)
	case ok:
		c.visitor = before
	default:
		c.visitor = newVisitor()
		err = c.prove()
	}
	if err != nil {
		return err
	}
	if in.Identity == nil && in.Profile != nil && !c.visitor.Verified {
		if err := c.introduce(*in.Profile); err != nil {
			return err
		}
	}
	if in.Identity == nil && in.Profile == nil || c.visitor.says(before) {
		return nil
	}
	return c.Conversations.Learn(c.ctx(), c.inbox.ID, c.visitor.Address, c.visitor.profile(in.Language))
}

// becomeKnown makes the visitor the person whom the site vouches for. What they wrote before without a name comes along.
func (c *call) becomeKnown(in claimed, before visitor, ok bool, language string) error {
	v, err := c.identify(in)
	if err != nil {
		return err
	}
	v.Until = c.Now().Add(somebodyFor).Unix()
	switch {
	case ok && !before.Vouched:
		v.Before = before.Address
		if _, err := c.Conversations.Adopt(c.ctx(), c.inbox, v.Before, v.Address, v.profile(language)); err != nil {
			return err
		}
	case ok && before.Address == v.Address:
		v.Before = before.Before
	}
	c.visitor = v
	return nil
}

// says tells that two tokens say the same of the same visitor, whenever they end.
func (v visitor) says(o visitor) bool {
	v.Until, v.Before, o.Until, o.Before = 0, "", 0, ""
	return reflect.DeepEqual(v, o)
}

func (v *visitor) take(p person) {
	v.Name, v.Email, v.Phone = clean(p.Name), clean(p.Email), clean(p.Phone)
}

func (i claimed) check() error {
	if i.ID == "" || len(i.ID) > maxID || i.ID != clean(i.ID) {
		return badRequest("identity", "身份 id 不正确。", "An identity needs an id of at most 128 bytes.")
	}
	return i.person.check()
}

// clean takes control characters and outer space away.
func clean(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return -1
		}
		return r
	}, text))
}

// tidy is clean for a text of several lines.
func tidy(text string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r == 0x7f {
			return -1
		}
		return r
	}, text))
}
