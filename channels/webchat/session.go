package webchat

import (
	"net/http"
	"time"
)

// sessionRequest begins or takes up a visit.
type sessionRequest struct {
	Token    string   `json:"token"`
	Language string   `json:"language"`
	Identity *claimed `json:"identity"`
	Profile  *profile `json:"profile"`
}

type sessionResponse struct {
	Token      string    `json:"token"`
	Visitor    string    `json:"visitor"`
	ExpiresAt  time.Time `json:"expires_at"`
	Introduced bool      `json:"introduced,omitempty"`
	Returning  bool      `json:"returning,omitempty"`
	Config     config    `json:"config"`
	Cursor     string    `json:"cursor"`
	State      stateJSON `json:"state"`
}

// session gives the visitor a token. One that we do not know makes a new visitor, never an error.
func session(c *call) error {
	var in sessionRequest
	if err := c.read(&in); err != nil {
		return err
	}
	in.Language = languageTag(in.Language)
	if err := c.recognise(in); err != nil {
		return err
	}
	if !c.visitor.Vouched {
		c.visitor.Until = c.Now().Add(anybodyFor).Unix()
	}
	token, err := c.writeToken(c.inbox.ID, c.visitor)
	if err != nil {
		return err
	}
	if len(token) > maxToken { // what cannot be read again is refused now
		return badRequest("too_long", "内容太长。", "The profile is too long.")
	}
	newest, err := c.newest(1)
	if err != nil {
		return err
	}
	state, standing, err := c.state(c.ctx())
	if err != nil {
		return err
	}
	return c.write(http.StatusOK, sessionResponse{Token: token, Visitor: c.visitor.Address, State: state,
		ExpiresAt: time.Unix(c.visitor.Until, 0).UTC(), Introduced: c.introduced(), Returning: c.returning && len(newest) > 0,
		Config: c.config(in.Language, standing), Cursor: lastCursor(newest, cursor{}).String()})
}
