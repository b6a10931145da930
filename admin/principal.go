package admin

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"huiyin/conversation"
	"huiyin/handoff"
)

// principal is who calls: a person with a session, or a program with a key.
type principal struct {
	agent   handoff.Agent
	session session
	key     *APIKey
}

// keyRole is the role whose operations a key may be given.
const keyRole = string(handoff.Administrator)

func (p *principal) role() string {
	if p.key != nil {
		return keyRole
	}
	return string(p.agent.Role)
}

// name is how the audit log calls the principal.
func (p *principal) name() string {
	switch {
	case p == nil:
		return ""
	case p.key != nil:
		return "key " + p.key.Name
	}
	return p.agent.Name
}

// id tells principals apart.
func (p *principal) id() string {
	if p.key != nil {
		return object("key", p.key.ID)
	}
	return object("agent", p.agent.ID)
}

// scope is which conversations the principal may see.
func (p *principal) scope() conversation.Scope {
	if p.key != nil {
		return conversation.Scope{All: true}
	}
	return handoff.Scope(p.agent)
}

// actor is as whom the principal works at the desk: a key acts as the machine, which never owns a conversation.
func (p *principal) actor() handoff.Agent {
	if p.key != nil {
		return handoff.Machine()
	}
	return p.agent
}

// allows is the one place where permission is decided: by the operation's x-roles and, for keys, their scopes.
func (p *principal) allows(op *operation) bool {
	if !op.allows(p.role()) {
		return false
	}
	return p.key == nil || op.public() || p.key.covers(op.id)
}

// identify finds out who calls; nil is nobody. A key that does not work is refused rather than ignored.
func (s *Server) identify(r *http.Request) (*principal, error) {
	if header := r.Header.Get("Authorization"); header != "" {
		return s.identifyKey(r.Context(), header)
	}
	c, err := r.Cookie(cookieName)
	if err != nil || c.Value == "" {
		return nil, nil
	}
	found, ok, err := s.sessionOf(r.Context(), c.Value)
	if err != nil || !ok {
		return nil, err
	}
	agent, err := s.Desk.Agent(r.Context(), s.DB, found.agentID)
	if err != nil {
		return nil, fmt.Errorf("read session's agent: %w", err)
	}
	if !agent.Active {
		return nil, nil
	}
	return &principal{agent: agent, session: found}, s.keepSession(r.Context(), found)
}

func (s *Server) identifyKey(ctx context.Context, header string) (*principal, error) {
	secret, ok := strings.CutPrefix(header, "Bearer ")
	if !ok {
		return nil, unauthorized("send the key as `Authorization: Bearer KEY`")
	}
	k, err := s.keyOf(ctx, strings.TrimSpace(secret))
	if err != nil {
		return nil, err
	}
	if k == nil {
		return nil, unauthorized("this key does not work; it may have been revoked")
	}
	return &principal{key: k}, s.noteKey(ctx, k)
}

func unauthorized(detail string) error {
	return &fault{status: http.StatusUnauthorized, code: "unauthorized", detail: detail}
}

// call is what the gate found out about a request.
type call struct {
	who      *principal // nil: nobody
	op       *operation
	request  *http.Request
	address  string
	claim    *claim // nil: no idempotency key
	response http.ResponseWriter
}

type callKey struct{}

func withCall(ctx context.Context, c *call) context.Context {
	return context.WithValue(ctx, callKey{}, c)
}

// callOf is what the gate found out about the request behind ctx.
func callOf(ctx context.Context) *call {
	if c, ok := ctx.Value(callKey{}).(*call); ok {
		return c
	}
	return &call{who: &principal{}, op: &operation{}}
}

// whoOf is who calls.
func whoOf(ctx context.Context) *principal { return callOf(ctx).who }
