package handoff_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

func TestAgents(t *testing.T) {
	onBoth(t, func(r *room) {
		a := r.anna
		if !a.Active || a.Language != "zh" || a.Presence != handoff.Offline || !slices.Equal(a.TeamIDs, []int64{r.team.ID}) || !a.CreatedAt.Equal(r.clock.Now()) {
			r.Errorf("new: %+v", a)
		}
		a.Name, a.Email, a.Role, a.Language, a.TeamIDs = "  Anna   Li ", " Anna@Example.COM ", handoff.Lead, "en", []int64{r.other.ID, r.team.ID, r.other.ID}
		r.tx(func(tx *db.Tx) error { return r.SaveAgent(r.ctx, tx, a) })
		got, err := r.AgentByEmail(r.ctx, r.DB, "ANNA@example.com ")
		if err != nil || got.ID != a.ID || got.Name != "Anna Li" || got.Role != handoff.Lead || got.Language != "en" || len(got.TeamIDs) != 2 {
			r.Errorf("saved: %+v, %v", got, err)
		}
		everybody, err := r.Agents(r.ctx, r.DB)
		if err != nil || len(everybody) != 5 || len(everybody[1].TeamIDs) != 2 {
			r.Errorf("all: %+v, %v", everybody, err)
		}
		if _, err := r.Agent(r.ctx, r.DB, 99); !errors.Is(err, conversation.ErrNotFound) {
			r.Errorf("nobody: %v", err)
		}
		if _, err := r.AgentByEmail(r.ctx, r.DB, "no@example.com"); !errors.Is(err, conversation.ErrNotFound) {
			r.Errorf("nobody's address: %v", err)
		}
	})
}

func TestAgentsAreChecked(t *testing.T) {
	onBoth(t, func(r *room) {
		good := handoff.Agent{Name: "Bo", Email: "bo@example.com", Role: handoff.AgentRole, Active: true}
		for _, c := range []struct {
			name, field string
			change      func(*handoff.Agent)
		}{
			{"no name", "name", func(a *handoff.Agent) { a.Name = " \t " }},
			{"a long name", "name", func(a *handoff.Agent) { a.Name = strings.Repeat("长", 101) }},
			{"no address", "email", func(a *handoff.Agent) { a.Email = "" }},
			{"not an address", "email", func(a *handoff.Agent) { a.Email = "bo" }},
			{"an address with a name", "email", func(a *handoff.Agent) { a.Email = "Bo <bo@example.com>" }},
			{"two lines", "email", func(a *handoff.Agent) { a.Email = "bo@example.com\r\nBcc: x@example.com" }},
			{"a long address", "email", func(a *handoff.Agent) { a.Email = strings.Repeat("x", 200) + "@example.com" }},
			{"somebody's address", "email", func(a *handoff.Agent) { a.Email = strings.ToUpper(r.anna.Email) }},
			{"no role", "role", func(a *handoff.Agent) { a.Role = "" }},
			{"the machine's role", "role", func(a *handoff.Agent) { a.Role = handoff.System }},
			{"a language we do not have", "language", func(a *handoff.Agent) { a.Language = "fr" }},
			{"no such team", "team_ids", func(a *handoff.Agent) { a.TeamIDs = []int64{99} }},
		} {
			fresh, old := good, r.lin
			c.change(&fresh)
			err := r.DB.Tx(r.ctx, func(tx *db.Tx) error { _, err := r.CreateAgent(r.ctx, tx, fresh); return err })
			if field(err) != c.field {
				r.Errorf("create, %s: %v", c.name, err)
			}
			c.change(&old)
			err = r.DB.Tx(r.ctx, func(tx *db.Tx) error { return r.SaveAgent(r.ctx, tx, old) })
			if field(err) != c.field {
				r.Errorf("save, %s: %v", c.name, err)
			}
		}
		err := r.DB.Tx(r.ctx, func(tx *db.Tx) error { good.ID = 99; return r.SaveAgent(r.ctx, tx, good) })
		if !errors.Is(err, conversation.ErrNotFound) {
			r.Errorf("nobody: %v", err)
		}
	})
}

// Two owners who demote each other at the same moment must not both succeed.
func TestTheLastOwnerStays(t *testing.T) {
	onBoth(t, func(r *room) {
		second := r.hire("Second", handoff.Owner)
		step := func(a handoff.Agent, active bool) error {
			a.Active = active
			if active {
				a.Role = handoff.Lead
			}
			return r.DB.Tx(r.ctx, func(tx *db.Tx) error { return r.SaveAgent(r.ctx, tx, a) })
		}
		errs := together(2, func(i int) error { return step([]handoff.Agent{r.boss, second}[i], i == 0) })
		if (errs[0] == nil) == (errs[1] == nil) || field(errors.Join(errs...)) != "role" {
			r.Errorf("%v", errs)
		}
		renamed := r.boss
		if errs[0] == nil {
			renamed = second
		}
		renamed.Name = "The last one"
		r.tx(func(tx *db.Tx) error { return r.SaveAgent(r.ctx, tx, renamed) })
	})
}

func TestLoad(t *testing.T) {
	onBoth(t, func(r *room) {
		ids := []int64{r.held(r.anna), r.held(r.anna), r.held(r.anna), r.held(r.lin)}
		if err := r.resolve(ids[0], r.anna); err != nil {
			r.Fatal(err)
		}
		load, err := r.Load(r.ctx, r.DB)
		if err != nil || load[r.anna.ID] != 2 || load[r.lin.ID] != 1 || load[r.mei.ID] != 0 {
			r.Errorf("%v, %v", load, err)
		}
	})
}

func TestTeams(t *testing.T) {
	onBoth(t, func(r *room) {
		r.tx(func(tx *db.Tx) error {
			return r.SaveTeam(r.ctx, tx, handoff.Team{ID: r.team.ID, Name: " Bills  and fees", MemberIDs: []int64{r.mei.ID, r.anna.ID, r.mei.ID}})
		})
		teams, err := r.Teams(r.ctx, r.DB)
		if err != nil || len(teams) != 2 || teams[0].Name != "Bills and fees" || fmt.Sprint(teams[0].MemberIDs) != fmt.Sprint([]int64{r.anna.ID, r.mei.ID}) {
			r.Errorf("%+v, %v", teams, err)
		}
		lin, err := r.Agent(r.ctx, r.DB, r.lin.ID)
		if err != nil || len(lin.TeamIDs) != 0 {
			r.Errorf("lin is still in %v, %v", lin.TeamIDs, err)
		}
		for _, c := range []struct {
			name, field string
			team        handoff.Team
		}{
			{"no name", "name", handoff.Team{ID: r.team.ID}},
			{"a long name", "name", handoff.Team{ID: r.team.ID, Name: strings.Repeat("x", 101)}},
			{"another's name", "name", handoff.Team{ID: r.team.ID, Name: "Network"}},
			{"no such member", "member_ids", handoff.Team{ID: r.team.ID, Name: "New", MemberIDs: []int64{99}}},
		} {
			create := r.DB.Tx(r.ctx, func(tx *db.Tx) error { _, err := r.CreateTeam(r.ctx, tx, c.team); return err })
			save := r.DB.Tx(r.ctx, func(tx *db.Tx) error { return r.SaveTeam(r.ctx, tx, c.team) })
			if field(create) != c.field || field(save) != c.field {
				r.Errorf("%s: create %v, save %v", c.name, create, save)
			}
		}
		if _, err := r.Team(r.ctx, r.DB, 99); !errors.Is(err, conversation.ErrNotFound) {
			r.Errorf("no team: %v", err)
		}
		err = r.DB.Tx(r.ctx, func(tx *db.Tx) error { return r.SaveTeam(r.ctx, tx, handoff.Team{ID: 99, Name: "New"}) })
		if !errors.Is(err, conversation.ErrNotFound) {
			r.Errorf("save no team: %v", err)
		}
	})
}

func TestCannedReplies(t *testing.T) {
	onBoth(t, func(r *room) {
		make := func(c handoff.CannedReply) (made handoff.CannedReply, err error) {
			err = r.DB.Tx(r.ctx, func(tx *db.Tx) error { made, err = r.CreateCannedReply(r.ctx, tx, c, r.boss); return err })
			return made, err
		}
		hello, err := make(handoff.CannedReply{Shortcut: " /Hello ", Title: "Greeting", Text: " 您好！\n", Language: "zh"})
		if err != nil || hello.Shortcut != "hello" || hello.Text != "您好！" {
			r.Fatalf("%+v, %v", hello, err)
		}
		if _, err := make(handoff.CannedReply{Shortcut: "hello", Title: "Greeting", Text: "Hello!", Language: "en"}); err != nil {
			r.Errorf("the same shortcut in another language: %v", err)
		}
		bye, err := make(handoff.CannedReply{Shortcut: "bye", Title: "Goodbye", Text: "再见"})
		if err != nil {
			r.Fatal(err)
		}
		list, err := r.CannedReplies(r.ctx, r.DB, r.boss)
		if err != nil || len(list) != 3 || list[0].ID != bye.ID || list[1].Language != "en" {
			r.Errorf("%+v, %v", list, err)
		}
		for _, c := range []struct {
			name, field string
			reply       handoff.CannedReply
		}{
			{"taken", "shortcut", handoff.CannedReply{Shortcut: "HELLO", Title: "x", Text: "x", Language: "zh"}},
			{"none", "shortcut", handoff.CannedReply{Shortcut: " / ", Title: "x", Text: "x"}},
			{"a space", "shortcut", handoff.CannedReply{Shortcut: "a b", Title: "x", Text: "x"}},
			{"a long shortcut", "shortcut", handoff.CannedReply{Shortcut: strings.Repeat("x", 41), Title: "x", Text: "x"}},
			{"no title", "title", handoff.CannedReply{Shortcut: "x", Text: "x"}},
			{"no text", "text", handoff.CannedReply{Shortcut: "x", Title: "x", Text: " \n"}},
			{"a long text", "text", handoff.CannedReply{Shortcut: "x", Title: "x", Text: strings.Repeat("长", 5001)}},
			{"a language we do not have", "language", handoff.CannedReply{Shortcut: "x", Title: "x", Text: "x", Language: "fr"}},
		} {
			_, created := make(c.reply)
			c.reply.ID = bye.ID
			saved := r.DB.Tx(r.ctx, func(tx *db.Tx) error { return r.SaveCannedReply(r.ctx, tx, c.reply, r.boss) })
			if field(created) != c.field || field(saved) != c.field {
				r.Errorf("%s: create %v, save %v", c.name, created, saved)
			}
		}
		bye.Text = "再会"
		r.tx(func(tx *db.Tx) error { return r.SaveCannedReply(r.ctx, tx, bye, r.boss) })
		if got, err := r.CannedReply(r.ctx, r.DB, bye.ID, r.boss); err != nil || got.Text != "再会" {
			r.Errorf("%+v, %v", got, err)
		}
		r.tx(func(tx *db.Tx) error { return r.DeleteCannedReply(r.ctx, tx, bye.ID, r.boss) })
		if _, err := r.CannedReply(r.ctx, r.DB, bye.ID, r.boss); !errors.Is(err, conversation.ErrNotFound) {
			r.Errorf("deleted: %v", err)
		}
		err = r.DB.Tx(r.ctx, func(tx *db.Tx) error { return r.SaveCannedReply(r.ctx, tx, bye, r.boss) })
		if !errors.Is(err, conversation.ErrNotFound) {
			r.Errorf("save deleted: %v", err)
		}
	})
}

func TestLoads(t *testing.T) {
	onBoth(t, func(r *room) {
		r.online(r.anna)
		r.held(r.anna)
		r.held(r.anna)
		loads, err := r.Loads(r.ctx, r.DB)
		if err != nil || len(loads) != 4 {
			r.Fatalf("%+v, %v", loads, err)
		}
		for _, l := range loads {
			want := 0
			if l.Agent.ID == r.anna.ID {
				want = 2
			}
			if l.Conversations != want || l.Used > l.Capacity || l.Presence != l.Agent.Presence || l.Agent.ID == r.editor.ID {
				r.Errorf("%+v", l)
			}
		}
	})
}
