package handoff_test

import (
	"errors"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
	"huiyin/handoff/routing"
)

// rules saves routing settings in which the first team offers its customers.
func (r *room) rules(change func(*routing.Settings, *routing.Team)) {
	r.Helper()
	r.tx(func(tx *db.Tx) error {
		s, err := r.Routing(r.ctx, tx)
		if err != nil {
			return err
		}
		parsed := routing.Shipped()
		t := routing.ShippedTeam()
		t.Strategy = routing.LeastBusy
		if change != nil {
			change(&parsed, &t)
		}
		parsed.Teams[r.team.ID] = t
		s.Settings = parsed
		return r.SaveRouting(r.ctx, tx, s)
	})
}

func (r *room) route() {
	r.Helper()
	if err := r.Route(r.ctx); err != nil {
		r.Fatal(err)
	}
}

// offers are the open offers to an agent.
func (r *room) offers(a handoff.Agent) []handoff.Offer {
	r.Helper()
	found, err := r.OffersTo(r.ctx, r.DB, a.ID)
	if err != nil {
		r.Fatal(err)
	}
	return found
}

// offeredTo routes and expects one open offer of the conversation to the agent.
func (r *room) offeredTo(id int64, a handoff.Agent) handoff.Offer {
	r.Helper()
	r.route()
	found := r.offers(a)
	if len(found) != 1 || found[0].ConversationID != id {
		r.Fatalf("%s is offered %+v, not conversation %d", a.Name, found, id)
	}
	return found[0]
}

func (r *room) accept(o handoff.Offer, a handoff.Agent) error {
	return r.DB.Tx(r.ctx, func(tx *db.Tx) error { _, err := r.Accept(r.ctx, tx, o.ID, a); return err })
}

func (r *room) decline(o handoff.Offer, a handoff.Agent) error {
	return r.DB.Tx(r.ctx, func(tx *db.Tx) error { return r.Decline(r.ctx, tx, o.ID, a) })
}

func (r *room) outcome(id int64) handoff.Outcome {
	r.Helper()
	all, err := r.OffersOf(r.ctx, r.DB, id, 1)
	if err != nil || len(all) != 1 {
		r.Fatalf("%+v, %v", all, err)
	}
	return all[0].Outcome
}

// live keeps agents seen while time passes.
func (r *room) live(d time.Duration, agents ...handoff.Agent) {
	r.Helper()
	for d > 0 {
		step := min(d, 20*time.Second)
		r.clock.pass(step)
		d -= step
		for _, a := range agents {
			if err := r.Seen(r.ctx, a.ID); err != nil {
				r.Fatal(err)
			}
		}
	}
}

func TestWithoutSettingsNothingIsOffered(t *testing.T) {
	onBoth(t, func(r *room) {
		r.online(r.anna)
		id := r.queued(handoff.Asked)
		r.route()
		if len(r.offers(r.anna)) != 0 || r.kinds(id) != "queued " {
			r.Errorf("%+v, %s", r.offers(r.anna), r.kinds(id))
		}
	})
}

func TestAnOfferBecomesALease(t *testing.T) {
	onBoth(t, func(r *room) {
		r.rules(nil)
		r.online(r.anna)
		id := r.queued(handoff.Asked)
		o := r.offeredTo(id, r.anna)
		if c := r.get(id); c.AgentID != 0 || !c.Queueing() || o.Why.Rule != routing.ByLeastBusy || !o.ExpiresAt.Equal(r.clock.Now().Add(30*time.Second)) {
			r.Errorf("an offer is no lease: %+v, %+v", c, o)
		}
		if got := r.answer(r.accept(o, r.lin)); got != "not found" {
			r.Errorf("another's offer: %q", got)
		}
		for range 2 {
			if err := r.accept(o, r.anna); err != nil {
				r.Fatal(err)
			}
		}
		if c := r.get(id); c.AgentID != r.anna.ID || r.outcome(id) != handoff.Accepted || r.kinds(id) != "queued claimed " {
			r.Errorf("%+v, %s", c, r.kinds(id))
		}
		r.sound(id)
	})
}

func TestOneOfferAtATimeInTheOrderOfTheQueue(t *testing.T) {
	onBoth(t, func(r *room) {
		r.rules(nil)
		second := r.queued(handoff.Asked)
		r.clock.pass(time.Minute)
		first, third := r.queued(handoff.Complaint), r.queued(handoff.Asked)
		r.online(r.anna)
		r.offeredTo(first, r.anna)
		r.route()
		o := r.offeredTo(first, r.anna)
		if err := r.accept(o, r.anna); err != nil {
			r.Fatal(err)
		}
		r.online(r.lin)
		r.route()
		got := map[int64]bool{}
		for _, a := range []handoff.Agent{r.anna, r.lin} {
			for _, o := range r.offers(a) {
				got[o.ConversationID] = true
			}
		}
		if len(got) != 2 || !got[second] || !got[third] {
			r.Errorf("%v, want %d and %d", got, second, third)
		}
	})
}

func TestAColleagueIsFaster(t *testing.T) {
	onBoth(t, func(r *room) {
		r.rules(nil)
		r.online(r.anna)
		id := r.queued(handoff.Asked)
		o := r.offeredTo(id, r.anna)
		if err := r.claim(id, r.lin, false); err != nil {
			r.Fatal(err)
		}
		var owned *handoff.OwnedError
		if err := r.accept(o, r.anna); !errors.As(err, &owned) || owned.Agent.ID != r.lin.ID || r.outcome(id) != handoff.Withdrawn || len(r.offers(r.anna)) != 0 {
			r.Errorf("%v, %s", err, r.outcome(id))
		}
		id = r.queued(handoff.Asked)
		o = r.offeredTo(id, r.anna)
		if err := r.resolve(id, r.lin); err != nil {
			r.Fatal(err)
		}
		if err := r.accept(o, r.anna); !errors.Is(err, handoff.ErrOfferOver) {
			r.Errorf("resolved: %v", err)
		}
		if err := r.accept(handoff.Offer{ID: 4711}, r.anna); !errors.Is(err, conversation.ErrNotFound) {
			r.Errorf("no offer: %v", err)
		}
	})
}

func TestDecliningPassesOn(t *testing.T) {
	onBoth(t, func(r *room) {
		r.rules(nil)
		r.online(r.anna, r.lin)
		id := r.queued(handoff.Asked)
		o := r.offeredTo(id, r.anna)
		if err := r.decline(o, r.anna); err != nil {
			r.Fatal(err)
		}
		second := r.offeredTo(id, r.lin)
		if err := r.decline(second, r.lin); err != nil {
			r.Fatal(err)
		}
		r.route()
		if len(r.offers(r.anna))+len(r.offers(r.lin)) != 0 {
			r.Error("offered again at once")
		}
		r.live(6*time.Minute, r.anna, r.lin)
		r.route()
		if len(r.offers(r.anna))+len(r.offers(r.lin)) != 1 {
			r.Error("nobody waits for ever: everybody has declined, and it is not offered again")
		}
	})
}

func TestSilenceReturnsTheCustomerFirstAndSetsAway(t *testing.T) {
	onBoth(t, func(r *room) {
		r.rules(func(s *routing.Settings, _ *routing.Team) { s.AwayAfter = 2 })
		r.online(r.anna)
		before := r.queued(handoff.Asked)
		id := r.queued(handoff.Asked)
		r.tx(func(tx *db.Tx) error { // the one before needs a skill that nobody has
			s, err := r.Routing(r.ctx, tx)
			if err != nil {
				return err
			}
			c, err := r.Conversations.Load(r.ctx, tx, before)
			if err != nil {
				return err
			}
			if err := r.Conversations.SetTags(r.ctx, tx, c, []string{"fibre"}); err != nil {
				return err
			}
			if err := r.Conversations.Save(r.ctx, tx, c); err != nil {
				return err
			}
			s.Needs = []routing.Need{{Skill: "fibre", Level: 1, Tag: "fibre"}}
			return r.SaveRouting(r.ctx, tx, s)
		})
		r.offeredTo(id, r.anna)
		told := []handoff.Offer{}
		r.OnOffer = func(o handoff.Offer) { told = append(told, o) }
		r.live(31*time.Second, r.anna)
		r.route()
		if r.outcome(id) != handoff.Silent || r.standing(id).Position != 1 || r.standing(before).Position != 2 || len(told) != 1 || told[0].Away {
			r.Errorf("%s, place %d, told %+v", r.outcome(id), r.standing(id).Position, told)
		}
		third := r.queued(handoff.Asked)
		r.offeredTo(third, r.anna)
		r.live(31*time.Second, r.anna)
		r.route()
		a, err := r.Agent(r.ctx, r.DB, r.anna.ID)
		if err != nil || a.Presence != handoff.Away || !told[len(told)-1].Away {
			r.Errorf("after two: %s, %+v, %v", a.Presence, told, err)
		}
		r.online(r.anna)
		r.live(5*time.Minute, r.anna)
		r.route()
		if len(r.offers(r.anna)) != 1 {
			r.Error("back at the desk, and nothing is offered")
		}
	})
}

// An agent whose browser is killed says nothing any more: the customer is offered to the next, and nobody is blamed.
func TestABrowserKilledOrALidClosed(t *testing.T) {
	onBoth(t, func(r *room) {
		r.rules(func(_ *routing.Settings, t *routing.Team) { t.OfferSeconds = 90 })
		r.online(r.anna)
		id := r.queued(handoff.Asked)
		r.offeredTo(id, r.anna)
		r.clock.pass(61 * time.Second)
		r.online(r.lin)
		r.route()
		r.live(30*time.Second, r.lin)
		r.offeredTo(id, r.lin)
		all, err := r.OffersOf(r.ctx, r.DB, id, 10)
		if err != nil || len(all) != 2 || all[1].Outcome != handoff.Withdrawn {
			r.Errorf("%+v, %v", all, err)
		}
	})
}

func TestGoingAwayGivesTheOfferBack(t *testing.T) {
	onBoth(t, func(r *room) {
		r.rules(nil)
		r.online(r.anna)
		id := r.queued(handoff.Asked)
		r.offeredTo(id, r.anna)
		if err := r.SetPresence(r.ctx, r.anna.ID, handoff.Away); err != nil {
			r.Fatal(err)
		}
		r.online(r.lin)
		r.offeredTo(id, r.lin)
	})
}

func TestAutomaticTeamsAskNobody(t *testing.T) {
	onBoth(t, func(r *room) {
		r.rules(func(s *routing.Settings, t *routing.Team) { t.Automatic, s.Capacity = true, 4 })
		r.online(r.anna)
		ids := []int64{r.queued(handoff.Asked), r.queued(handoff.Asked), r.queued(handoff.Asked)}
		r.route()
		r.route()
		var has int
		for _, id := range ids {
			if r.get(id).AgentID == r.anna.ID {
				has++
			}
		}
		if has != 2 || len(r.offers(r.anna)) != 0 || r.outcome(ids[0]) != handoff.Accepted {
			r.Errorf("has %d of 3, at 2 units each of 4", has)
		}
		r.sound(ids...)
		if err := r.resolve(ids[0], r.anna); err != nil {
			r.Fatal(err)
		}
		r.route()
		if r.get(ids[2]).AgentID != r.anna.ID {
			r.Error("who has come free gets the next")
		}
	})
}
