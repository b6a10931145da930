package admin

import (
	"context"
	"sync"
	"time"

	"huiyin/admin/api"
	"huiyin/conversation"
)

// namesFor is how long names are used without asking the database again.
const namesFor = time.Second

// names are what inboxes, agents and teams are called: few, asked for with every conversation, seldom changed.
type names struct {
	from *Server

	mu    sync.Mutex
	until time.Time
	now   *nameTable
}

// nameTable is the names at one moment; it is not changed once made.
type nameTable struct {
	inboxes       map[int64]conversation.Inbox
	agents, teams map[int64]string
	mail          map[int64]string // addresses of the inboxes whose conversations are by mail
}

// forget has the names read again.
func (n *names) forget() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.until = time.Time{}
}

// table is the names as they are, at most a second old.
func (n *names) table(ctx context.Context) (*nameTable, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	now := n.from.DB.Now()
	if now.Before(n.until) {
		return n.now, nil
	}
	t, err := n.read(ctx)
	if err != nil {
		return nil, err
	}
	n.now, n.until = t, now.Add(namesFor)
	return t, nil
}

func (n *names) read(ctx context.Context) (*nameTable, error) {
	inboxes, err := n.from.Conversations.AllInboxes(ctx, n.from.DB)
	if err != nil {
		return nil, err
	}
	agents, err := n.from.Desk.Agents(ctx, n.from.DB)
	if err != nil {
		return nil, err
	}
	teams, err := n.from.Desk.Teams(ctx, n.from.DB)
	if err != nil {
		return nil, err
	}
	t := &nameTable{map[int64]conversation.Inbox{}, map[int64]string{}, map[int64]string{}, map[int64]string{}}
	for _, i := range inboxes {
		t.inboxes[i.ID] = i
		if a, ok := n.from.adapter(i.Kind); ok && isMail(a) {
			t.mail[i.ID] = a.Kind().Value(i, settingAddress)
		}
	}
	for _, a := range agents {
		t.agents[a.ID] = a.Name
	}
	for _, team := range teams {
		t.teams[team.ID] = team.Name
	}
	return t, nil
}

// person is a reference with its name; nil for nobody.
func person(id int64, name string) *api.Person {
	if id == 0 {
		return nil
	}
	return &api.Person{Id: id, Name: name}
}
