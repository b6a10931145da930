package webchat

import (
	"net/http"
	"strings"
)

// sessionRequest begins or takes up a visit.
type sessionRequest struct {
	Token    string   `json:"token"`
	Language string   `json:"language"`
	Identity *claimed `json:"identity"`
	Profile  *person  `json:"profile"`
}

// person is what somebody says of themselves.
type person struct {
	Name  string `json:"name"`
	Email string `json:"email"`
	Phone string `json:"phone"`
}

// claimed is who the site says the visitor is, with its server's signature.
type claimed struct {
	ID   string `json:"id"`
	Hash string `json:"hash"`
	person
}

type sessionResponse struct {
	Token   string    `json:"token"`
	Visitor string    `json:"visitor"`
	Config  config    `json:"config"`
	Cursor  string    `json:"cursor"`
	State   stateJSON `json:"state"`
}

// session gives the visitor a token. One that we do not know makes a new visitor, never an error.
func session(c *call) error {
	if err := c.count(allowance{name: "session", address: addressSessions}); err != nil {
		return err
	}
	var in sessionRequest
	if err := c.read(&in); err != nil {
		return err
	}
	if err := c.recognise(in); err != nil {
		return err
	}
	token, err := c.writeToken(c.inbox.ID, c.visitor)
	if err != nil {
		return err
	}
	newest, err := c.newest(1)
	if err != nil {
		return err
	}
	standing, err := c.host.Customer().Standing(c.ctx(), c.inbox, c.visitor.Address)
	if err != nil {
		return err
	}
	return c.write(http.StatusOK, sessionResponse{Token: token, Visitor: c.visitor.Address, State: stateOf(standing),
		Config: configOf(c.inbox, in.Language, standing), Cursor: lastCursor(newest, cursor{}).String()})
}

// recognise finds out who the visitor is, and tells the contact's record what is new about them.
func (c *call) recognise(in sessionRequest) error {
	before, ok := c.readToken(c.inbox.ID, in.Token)
	v := before
	if !ok {
		v = newVisitor()
	}
	switch {
	case in.Identity != nil:
		if err := in.Identity.check(); err != nil {
			return err
		}
		if !vouched(c.inbox, in.Identity.ID, in.Identity.Hash) {
			return refusal(http.StatusForbidden, "identity", "身份签名不正确。", "The identity is not signed with this inbox's secret.")
		}
		v = visitor{Address: somebody + in.Identity.ID, Verified: true}
		v.take(in.Identity.person)
	case in.Profile != nil && !v.Verified:
		if err := in.Profile.check(); err != nil {
			return err
		}
		v.take(*in.Profile)
	}
	c.visitor = v
	if in.Identity == nil && in.Profile == nil || v == before {
		return nil
	}
	return c.Conversations.Learn(c.ctx(), c.inbox.ID, v.Address, v.profile(in.Language))
}

func (v *visitor) take(p person) {
	v.Name, v.Email, v.Phone = clean(p.Name), clean(p.Email), clean(p.Phone)
}

const (
	maxID    = 128
	maxField = 200
)

func (i claimed) check() error {
	if i.ID == "" || len(i.ID) > maxID || i.ID != clean(i.ID) {
		return badRequest("identity", "身份 id 不正确。", "An identity needs an id of at most 128 bytes.")
	}
	return i.person.check()
}

func (p person) check() error {
	if max(len(p.Name), len(p.Email), len(p.Phone)) > maxField {
		return badRequest("too_long", "资料太长。", "Name, email and phone may have 200 bytes each.")
	}
	if p.Email != "" && !strings.Contains(strings.Trim(p.Email, "@"), "@") {
		return badRequest("email", "邮箱格式不正确。", "This is not an email address.")
	}
	return nil
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
