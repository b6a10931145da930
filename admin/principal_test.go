package admin

import (
	"context"
	"testing"

	"huiyin/conversation"
	"huiyin/handoff"
)

func TestPrincipals(t *testing.T) {
	list := &operation{id: "list", roles: []string{"owner", "administrator", "agent"}}
	own := &operation{id: "own", roles: []string{"owner"}}
	open := &operation{id: "open", roles: []string{rolePublic}}
	everybody := &operation{id: "everybody", roles: []string{roleAny}}
	agent := &principal{agent: handoff.Agent{ID: 3, Name: "Anna", Role: handoff.AgentRole, TeamIDs: []int64{7}}}
	narrow := &principal{key: &APIKey{ID: 9, Name: "crm", Scopes: []string{"list", "own"}}}
	wide := &principal{key: &APIKey{ID: 9, Name: "crm", Scopes: []string{everything}}}
	for _, c := range []struct {
		name string
		who  *principal
		op   *operation
		want bool
	}{
		{"an agent lists", agent, list, true},
		{"an agent is no owner", agent, own, false},
		{"an agent is somebody", agent, everybody, true},
		{"an agent may what anybody may", agent, open, true},
		{"a key within its scopes", narrow, list, true},
		{"a key is never an owner, whatever its scopes", narrow, own, false},
		{"a key outside its scopes", narrow, everybody, false},
		{"a key may what anybody may", narrow, open, true},
		{"a key for everything", wide, everybody, true},
		{"a key for everything is no owner", wide, own, false},
		{"nobody with a role", &principal{}, everybody, true},
		{"nobody without one", &principal{}, list, false},
	} {
		if got := c.who.allows(c.op); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestPrincipalsActAndSee(t *testing.T) {
	agent := &principal{agent: handoff.Agent{ID: 3, Name: "Anna", Role: handoff.AgentRole, TeamIDs: []int64{7}}}
	key := &principal{key: &APIKey{ID: 9, Name: "crm"}}
	theirs := &conversation.Conversation{TeamID: 8}
	if agent.scope().Sees(theirs) || !key.scope().Sees(theirs) || !agent.scope().Sees(&conversation.Conversation{TeamID: 7}) {
		t.Error("scopes")
	}
	if agent.actor().ID != 3 || key.actor().Role != handoff.System || key.actor().ID != 0 {
		t.Error("actors")
	}
	if agent.id() != "agent:3" || key.id() != "key:9" || agent.name() != "Anna" || key.name() != "key crm" {
		t.Error("names")
	}
	var nobody *principal
	if nobody.name() != "" {
		t.Error("nobody has a name")
	}
	if !servesDesk(agent) || !servesDesk(key) || servesDesk(&principal{agent: handoff.Agent{Role: handoff.Editor}}) {
		t.Error("who serves")
	}
}

func TestWithoutGateNobodyMayAnything(t *testing.T) {
	who := whoOf(context.Background())
	if who.allows(&operation{roles: []string{"owner", "agent"}}) || who.scope().All {
		t.Error("a context that has not passed the gate gives rights")
	}
}

func TestOnlyOwnersTouchOwners(t *testing.T) {
	owner := &principal{agent: handoff.Agent{Role: handoff.Owner}}
	administrator := &principal{agent: handoff.Agent{Role: handoff.Administrator}}
	key := &principal{key: &APIKey{Scopes: []string{everything}}}
	for _, c := range []struct {
		who  *principal
		role handoff.Role
		want bool
	}{
		{owner, handoff.Owner, true}, {administrator, handoff.Owner, false}, {key, handoff.Owner, false},
		{administrator, handoff.Administrator, true}, {key, handoff.AgentRole, true},
	} {
		if got := mayGive(c.who, c.role) == nil; got != c.want {
			t.Errorf("%s for %s: %v", c.who.role(), c.role, got)
		}
	}
}
