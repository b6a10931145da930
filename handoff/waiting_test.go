package handoff_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
	"huiyin/handoff/routing"
	"huiyin/live"
)

// mannered makes the inbox's channel one of the kinds that customers wait on differently.
func (r *room) mannered(m handoff.Manners) { r.Manners = func(string) handoff.Manners { return m } }

// change changes a loaded conversation the way the hub does.
func (r *room) change(id int64, fn func(tx *db.Tx, c *conversation.Conversation) error) {
	r.Helper()
	r.tx(func(tx *db.Tx) error {
		c, err := r.Conversations.Load(r.ctx, tx, id)
		if err != nil {
			return err
		}
		return fn(tx, c)
	})
}

func (r *room) tier(id int64, tier string) {
	r.Helper()
	r.tx(func(tx *db.Tx) error {
		c, err := r.Conversations.Contact(r.ctx, tx, r.get(id).ContactID)
		if err != nil {
			return err
		}
		c.Attributes = map[string]string{"tier": tier}
		return r.Conversations.SaveContact(r.ctx, tx, c)
	})
}

func TestTheOrderOfAQueueFollowsTheSettings(t *testing.T) {
	onBoth(t, func(r *room) {
		plain := r.queued(handoff.Asked)
		r.clock.pass(20 * time.Minute)
		c := r.customer("en")
		r.tier(c.ID, "gold")
		r.request(c.ID, handoff.Asked)
		if r.standing(c.ID).Position != 1 || r.get(c.ID).HeadStart != 30*time.Minute {
			r.Errorf("gold: place %d, %v", r.standing(c.ID).Position, r.get(c.ID).HeadStart)
		}
		r.rules(func(s *routing.Settings, _ *routing.Team) { s.Weights.Tiers["gold"] = 5 })
		r.route()
		if r.standing(c.ID).Position != 2 || r.standing(plain).Position != 1 {
			r.Error("the queue did not follow the new settings")
		}
		e, err := r.Explain(r.ctx, r.DB, r.get(c.ID))
		if err != nil || fmt.Sprint(e.Parts) != "[{tier 5}]" || e.Now.Rule != routing.BecauseNobody {
			r.Errorf("%+v, %v", e, err)
		}
	})
}

func TestAFullQueue(t *testing.T) {
	full := func(past routing.PastCap, other func(r *room) int64) func(*room) {
		return func(r *room) {
			r.rules(func(s *routing.Settings, t *routing.Team) {
				t.Cap, t.PastCap, t.PromiseMinutes = 1, past, 180
				t.OtherWays = map[string]string{"en": "Call 1055."}
				if other != nil {
					t.OverflowTeam = other(r)
				}
			})
		}
	}
	for _, c := range []struct {
		name  string
		rules func(*room)
		want  func(r *room, id int64) bool
	}{
		{"a message is taken", full(routing.TakeMessage, nil), func(r *room, id int64) bool {
			p := r.standing(id)
			return p.Later && p.Position == 2 && strings.Contains(r.last(id).Text, "within 3 hours") && strings.Contains(r.last(id).Text, "the queue is full")
		}},
		{"another team helps out", full(routing.GoElsewhere, func(r *room) int64 { return r.other.ID }), func(r *room, id int64) bool {
			return r.get(id).TeamID == r.other.ID && r.standing(id).Position == 1 && r.last(id).Content.ActivityData["overflow"] == "queue_full"
		}},
		{"the other ways are told", full(routing.SayOther, nil), func(r *room, id int64) bool {
			return r.get(id).Status == conversation.Pending && strings.HasSuffix(r.last(id).Text, "Call 1055.") && r.last(id).Content.Activity == "queue_full"
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			onBoth(t, func(r *room) {
				c.rules(r)
				r.online(r.anna)
				first, second := r.queued(handoff.Asked), r.queued(handoff.Asked)
				if r.standing(first).Position != 1 || !c.want(r, second) {
					r.Errorf("%+v, %+v, said %q", r.get(second), r.standing(second), r.last(second).Text)
				}
				if angry := r.queued(handoff.Complaint); !r.get(angry).Queueing() || r.standing(angry).Later {
					r.Error("a complaint found no room")
				}
			})
		})
	}
}

func TestOverflowPassesOn(t *testing.T) {
	onBoth(t, func(r *room) {
		r.rules(func(_ *routing.Settings, t *routing.Team) { t.OverflowTeam, t.OverflowMinutes = r.other.ID, 5 })
		id := r.queued(handoff.Asked)
		since := r.get(id).QueuedAt
		r.clock.pass(6 * time.Minute)
		r.route()
		if r.get(id).TeamID != r.team.ID {
			r.Error("passed on to a team that nobody is on duty for")
		}
		r.online(r.mei)
		r.route()
		r.route()
		c := r.get(id)
		if c.TeamID != r.other.ID || !c.QueuedAt.Equal(since) || r.kinds(id) != "queued overflowed " || !r.last(id).Private {
			r.Errorf("%+v, %s", c, r.kinds(id))
		}
	})
}

func TestTheNextIsToldOnce(t *testing.T) {
	onBoth(t, func(r *room) {
		for name, m := range map[string]struct {
			manners handoff.Manners
			told    bool
		}{"a chat app": {handoff.Manners{Buttons: true}, true}, "a page": {handoff.Manners{Live: true}, false}, "letters": {handoff.Manners{Letters: true}, false}} {
			r.mannered(m.manners)
			r.online(r.anna)
			first, second := r.queued(handoff.Asked), r.queued(handoff.Asked)
			if got := len(r.last(second).Content.Choices) > 0; got != (m.manners.Buttons) {
				r.Errorf("%s: a button %v", name, got)
			}
			r.route()
			if strings.Contains(r.kinds(second), "next") {
				r.Errorf("%s: told too soon", name)
			}
			if err := r.claim(first, r.anna, false); err != nil {
				r.Fatal(err)
			}
			r.route()
			r.route()
			if got := strings.Count(r.kinds(second), "next") == 1; got != m.told {
				r.Errorf("%s: %s", name, r.kinds(second))
			}
			for _, id := range []int64{first, second} {
				if err := r.resolve(id, r.boss); err != nil {
					r.Fatal(err)
				}
			}
		}
	})
}

func TestAnswerMeLater(t *testing.T) {
	onBoth(t, func(r *room) {
		r.rules(func(_ *routing.Settings, t *routing.Team) { t.Strategy, t.PromiseMinutes = routing.Manual, 45 })
		r.mannered(handoff.Manners{Buttons: true})
		r.online(r.anna)
		first, second := r.queued(handoff.Asked), r.queued(handoff.Asked)
		for range 2 {
			r.change(second, func(tx *db.Tx, c *conversation.Conversation) error { return r.AnswerLater(r.ctx, tx, c) })
		}
		line := r.last(second)
		if !r.standing(second).Later || r.kinds(second) != "queued later " || !strings.Contains(line.Text, "number 2") || !strings.Contains(line.Text, "within 45 minutes") || len(line.Content.Choices) != 0 {
			r.Errorf("%s %q", r.kinds(second), line.Text)
		}
		if err := r.claim(first, r.anna, false); err != nil {
			r.Fatal(err)
		}
		r.route()
		if r.standing(second).Position != 1 || r.kinds(second) != "queued later " {
			r.Errorf("the place is kept, and nobody is nudged: %s", r.kinds(second))
		}
		r.change(first, func(tx *db.Tx, c *conversation.Conversation) error { return r.AnswerLater(r.ctx, tx, c) })
		if r.kinds(first) != "queued claimed " {
			r.Errorf("who does not wait: %s", r.kinds(first))
		}
	})
}

func TestThePlaceIsToldWhenAsked(t *testing.T) {
	onBoth(t, func(r *room) {
		r.online(r.anna)
		first, second, third := r.queued(handoff.Asked), r.queued(handoff.Asked), r.queued(handoff.Asked)
		ask := func() {
			r.change(third, func(tx *db.Tx, c *conversation.Conversation) error { return r.TellPlace(r.ctx, tx, c) })
		}
		ask()
		if r.kinds(third) != "queued " {
			r.Error("told again within the minute")
		}
		r.live(61*time.Second, r.anna)
		ask()
		if r.kinds(third) != "queued place " || !strings.Contains(r.last(third).Text, "number 3") {
			r.Errorf("%s %q", r.kinds(third), r.last(third).Text)
		}
		moved := func() {
			r.live(61*time.Second, r.anna)
			r.change(third, func(tx *db.Tx, c *conversation.Conversation) error { return r.TellPlaceIfMoved(r.ctx, tx, c) })
		}
		moved()
		if r.kinds(third) != "queued place " {
			r.Error("told though nothing moved")
		}
		if err := r.claim(first, r.anna, false); err != nil {
			r.Fatal(err)
		}
		moved()
		if r.kinds(third) != "queued place place " || !strings.Contains(r.last(third).Text, "number 2") {
			r.Errorf("%s %q", r.kinds(third), r.last(third).Text)
		}
		if r.standing(second).Position != 1 {
			r.Error("the second is next")
		}
	})
}

// The clock passes midnight, and an offer, a lease and a place go on as if nothing had happened.
func TestOverMidnight(t *testing.T) {
	onBoth(t, func(r *room) {
		r.rules(nil)
		r.clock.pass(14*time.Hour + 59*time.Minute + 50*time.Second) // 23:59:50
		r.online(r.anna)
		id, behind := r.queued(handoff.Asked), r.queued(handoff.Asked)
		o := r.offeredTo(id, r.anna)
		r.live(20*time.Second, r.anna)
		r.route()
		if len(r.offers(r.anna)) != 1 || r.standing(behind).Position != 2 {
			r.Error("midnight took the offer or the place away")
		}
		if err := r.accept(o, r.anna); err != nil {
			r.Fatal(err)
		}
		r.offeredTo(behind, r.anna)
	})
}

// Nobody waits for ever: whatever the agents do, each customer is with somebody in the end.
func TestNobodyWaitsForEver(t *testing.T) {
	onBoth(t, func(r *room) {
		r.rules(func(s *routing.Settings, _ *routing.Team) {
			s.Capacity, s.AwayAfter = routing.MaxCapacity, 0
			s.Needs = []routing.Need{{Skill: "nobody has it", Level: 5, Tag: "rare"}}
		})
		r.online(r.anna, r.lin)
		var ids []int64
		for i := range 6 {
			ids = append(ids, r.queued(handoff.Asked))
			if i%2 == 0 {
				r.change(ids[i], func(tx *db.Tx, c *conversation.Conversation) error {
					if err := r.Conversations.SetTags(r.ctx, tx, c, []string{"rare"}); err != nil {
						return err
					}
					return r.Conversations.Save(r.ctx, tx, c)
				})
			}
		}
		for step := range 200 { // anna never answers, lin declines every other offer
			r.route()
			for _, o := range r.offers(r.lin) {
				var err error
				if step%2 == 0 {
					err = r.decline(o, r.lin)
				} else {
					err = r.accept(o, r.lin)
				}
				if err != nil {
					r.Fatal(err)
				}
			}
			r.live(10*time.Second, r.anna, r.lin)
		}
		for _, id := range ids {
			if r.get(id).AgentID == 0 {
				r.Errorf("conversation %d still waits: %s", id, r.kinds(id))
			}
		}
	})
}

// The node that made an offer is killed: another, which knows only the rows, ends the offer in time and goes on.
func TestAnotherNodeGoesOn(t *testing.T) {
	onBoth(t, func(r *room) {
		r.rules(nil)
		r.online(r.anna)
		id := r.queued(handoff.Asked)
		r.offeredTo(id, r.anna)
		other := handoff.New(r.DB, &conversation.Store{DB: r.DB}, live.NewHub(nil))
		told := 0
		other.OnOffer = func(handoff.Offer) { told++ }
		r.live(31*time.Second, r.anna)
		r.online(r.lin)
		for range 2 {
			if err := other.Route(r.ctx); err != nil {
				r.Fatal(err)
			}
		}
		if found := r.offers(r.lin); len(found) != 1 || found[0].ConversationID != id || told != 2 {
			r.Errorf("%+v, told %d", found, told)
		}
	})
}

// Many nodes route at the same time: everybody is offered once, and nobody twice.
func TestManyNodesRouteTogether(t *testing.T) {
	onBoth(t, func(r *room) {
		r.rules(nil)
		r.online(r.anna, r.lin)
		for range 5 {
			r.queued(handoff.Asked)
		}
		for _, err := range together(8, func(int) error { return r.Route(r.ctx) }) {
			if err != nil {
				r.Error(err)
			}
		}
		a, b := r.offers(r.anna), r.offers(r.lin)
		if len(a) != 1 || len(b) != 1 || a[0].ConversationID == b[0].ConversationID {
			r.Errorf("%+v, %+v", a, b)
		}
	})
}
