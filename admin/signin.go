package admin

import (
	"context"
	"crypto/subtle"
	"net/http"
	"strings"

	"huiyin/admin/api"
	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"

	"errors"
)

// signedIn is an answer that brings a session cookie along.
type signedIn struct {
	cookie *http.Cookie
	me     api.Me
}

// VisitSignInResponse writes the answer to a sign-in.
func (a signedIn) VisitSignInResponse(w http.ResponseWriter) error {
	http.SetCookie(w, a.cookie)
	return api.SignIn200JSONResponse(a.me).VisitSignInResponse(w)
}

// VisitPostSetupResponse writes the answer to the first set-up.
func (a signedIn) VisitPostSetupResponse(w http.ResponseWriter) error {
	http.SetCookie(w, a.cookie)
	return api.PostSetup200JSONResponse(a.me).VisitPostSetupResponse(w)
}

// signedOut takes the session cookie away.
type signedOut struct{ cookie *http.Cookie }

// VisitSignOutResponse writes the answer to a sign-out.
func (a signedOut) VisitSignOutResponse(w http.ResponseWriter) error {
	http.SetCookie(w, a.cookie)
	return api.SignOut204Response{}.VisitSignOutResponse(w)
}

// SignIn starts a session. An unknown address and a wrong password get the same answer after the same time.
func (s *Server) SignIn(ctx context.Context, r api.SignInRequestObject) (api.SignInResponseObject, error) {
	call := callOf(ctx)
	email := strings.ToLower(strings.TrimSpace(r.Body.Email))
	if err := s.throttle.admit(email, call.address); err != nil {
		return nil, err
	}
	agent, ok, err := s.recognise(ctx, email, r.Body.Password)
	if err != nil {
		return nil, err
	}
	if !ok {
		s.throttle.fail(email, call.address)
		return nil, s.refuseSignIn(ctx, agent)
	}
	s.throttle.forgive(email)
	return s.signIn(ctx, agent)
}

func (s *Server) recognise(ctx context.Context, email, password string) (handoff.Agent, bool, error) {
	agent, err := s.Desk.AgentByEmail(ctx, s.DB, email)
	if err != nil && !errors.Is(err, conversation.ErrNotFound) {
		return handoff.Agent{}, false, err
	}
	ok, err := s.holds(ctx, agent.ID, password)
	return agent, ok && agent.Active, err
}

func (s *Server) refuseSignIn(ctx context.Context, agent handoff.Agent) error {
	err := s.DB.Tx(ctx, func(tx *db.Tx) error {
		return writeAudit(ctx, tx, auditEntry{actor: agent.Name, action: "sign_in_failed", address: callOf(ctx).address})
	})
	if err != nil {
		return err
	}
	return &fault{status: http.StatusUnauthorized, code: "wrong_credentials", detail: "the address or the password is wrong"}
}

func (s *Server) signIn(ctx context.Context, agent handoff.Agent) (signedIn, error) {
	call := callOf(ctx)
	call.who = &principal{agent: agent}
	var token string
	err := s.DB.Tx(ctx, func(tx *db.Tx) (err error) {
		if token, err = startSession(ctx, tx, agent.ID, call.address, call.request.UserAgent()); err != nil {
			return err
		}
		return s.note(ctx, tx, "signed_in", "", "")
	})
	if err != nil {
		return signedIn{}, err
	}
	return signedIn{cookie: s.cookie(token), me: s.me(call.who)}, nil
}

// SignOut ends the session.
func (s *Server) SignOut(ctx context.Context, _ api.SignOutRequestObject) (api.SignOutResponseObject, error) {
	who := whoOf(ctx)
	if who.key != nil {
		return nil, forbidden("a key has no session")
	}
	err := s.DB.Tx(ctx, func(tx *db.Tx) error {
		if err := endSession(ctx, tx, who.session.id); err != nil {
			return err
		}
		return s.note(ctx, tx, "signed_out", "", "")
	})
	return signedOut{cookie: s.cookie("")}, err
}

// GetSetup tells whether the first account must still be made.
func (s *Server) GetSetup(ctx context.Context, _ api.GetSetupRequestObject) (api.GetSetupResponseObject, error) {
	agents, err := s.Desk.Agents(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	state := api.SetupState{Needed: len(agents) == 0, Demo: len(s.Demo) > 0}
	for _, d := range s.Demo {
		state.DemoAccounts = append(state.DemoAccounts, api.DemoAccount{Email: d.Email, Password: d.Password, Role: api.Role(d.Role)})
	}
	return api.GetSetup200JSONResponse(state), nil
}

// setupLock keeps two first accounts from being made at once.
const setupLock = 7101

// PostSetup makes the owner's account on an empty installation and signs in.
func (s *Server) PostSetup(ctx context.Context, r api.PostSetupRequestObject) (api.PostSetupResponseObject, error) {
	call := callOf(ctx)
	if err := s.throttle.admit("setup", call.address); err != nil {
		return nil, err
	}
	if s.SetupToken == "" || subtle.ConstantTimeCompare([]byte(s.SetupToken), []byte(r.Body.Token)) != 1 {
		s.throttle.fail("setup", call.address)
		return nil, forbidden("the token is wrong; `huiyin serve` prints it when it starts")
	}
	hash, err := s.newHash(ctx, r.Body.Password)
	if err != nil {
		return nil, err
	}
	owner := handoff.Agent{Name: r.Body.Name, Email: r.Body.Email, Role: handoff.Owner, Language: string(val(r.Body.Language))}
	call.who = &principal{agent: owner}
	err = s.DB.Tx(ctx, func(tx *db.Tx) (err error) {
		owner, err = s.firstOwner(ctx, tx, owner, hash)
		return err
	})
	if err != nil {
		return nil, err
	}
	return s.signIn(ctx, owner)
}

func (s *Server) firstOwner(ctx context.Context, tx *db.Tx, owner handoff.Agent, hash string) (handoff.Agent, error) {
	if err := tx.Lock(ctx, setupLock); err != nil {
		return handoff.Agent{}, err
	}
	agents, err := s.Desk.Agents(ctx, tx)
	if err != nil {
		return handoff.Agent{}, err
	}
	if len(agents) > 0 {
		return handoff.Agent{}, conflict("set_up", "this installation has its owner already; sign in")
	}
	if owner, err = s.createUser(ctx, tx, owner, hash); err != nil {
		return handoff.Agent{}, err
	}
	return owner, s.note(ctx, tx, "set_up", object("agent", owner.ID), "")
}
