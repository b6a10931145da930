package handoff_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
	"huiyin/handoff/routing"
)

// deed is what an agent does with the one conversation of a history.
type deed struct {
	what  string
	agent int64
	to    int64 // transfer
}

// seen is what came of a deed: the owner that it tells of, 0 for nobody. Unknown is what a crash leaves.
type seen struct {
	unknown bool
	done    bool
	owner   int64 // who has it, as a refusal or a reading says
}

// owning is the law as a model: one register that holds the owner. A deed whose maker crashed may have happened or not, and
// so may a sweep's putting back.
func owning() porcupine.Model {
	model := porcupine.NondeterministicModel{
		Init: func() []any { return []any{int64(0)} },
		Step: func(state, input, output any) []any {
			return owners(state.(int64), input.(deed), output.(seen))
		},
		DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v: %+v", input, output) },
	}
	return model.ToModel()
}

// owners are those who may own the conversation after a deed, given who did before; none: what was seen cannot be.
func owners(owner int64, d deed, s seen) []any {
	free := owner == 0 || owner == d.agent
	switch {
	case s.unknown:
		return may(owner, d, free)
	case d.what == "read":
		return when(s.owner == owner, owner)
	case d.what == "sweep":
		return []any{owner, int64(0)}
	case !s.done:
		return when(s.owner == owner && owner != 0, owner)
	}
	switch d.what {
	case "claim", "accept", "reply":
		return when(free, d.agent)
	case "release":
		return when(free, 0)
	default: // transfer
		return when(free && owner != d.to, d.to)
	}
}

func may(owner int64, d deed, free bool) []any {
	if d.what == "sweep" {
		return []any{owner, int64(0)}
	}
	after := map[string]int64{"claim": d.agent, "accept": d.agent, "reply": d.agent, "release": 0, "transfer": d.to}
	to, changes := after[d.what]
	if !changes || !free {
		return []any{owner}
	}
	return []any{owner, to}
}

func when(is bool, owner int64) []any {
	if is {
		return []any{owner}
	}
	return nil
}

// histories is how many are generated: a thousand over both databases, or on each as many as HUIYIN_HISTORIES says.
func (r *room) histories() int {
	text := os.Getenv("HUIYIN_HISTORIES")
	if text == "" {
		return map[db.Dialect]int{db.SQLite: 800, db.Postgres: 200}[r.DB.Dialect()]
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		r.Fatalf("HUIYIN_HISTORIES must be a number, not %q", text)
	}
	return n
}

// Eight agents claim, accept, reply, release, transfer and crash as they like; whatever they saw must be what one owner at a
// time explains.
func TestNeverTwoOwnersInAnyHistory(t *testing.T) {
	onBoth(t, func(r *room) {
		r.rules(func(s *routing.Settings, _ *routing.Team) { s.Capacity = routing.MaxCapacity })
		var crew []handoff.Agent
		for i := range 8 {
			crew = append(crew, r.hire(fmt.Sprint("Agent ", i), handoff.AgentRole, r.team.ID))
		}
		seed := rand.Uint64()
		for n := range r.histories() {
			r.online(crew...)
			h := &history{room: r, crew: crew, id: r.queued(handoff.Asked), seed: seed + uint64(n)}
			ops := h.live()
			if result := porcupine.CheckOperationsTimeout(owning(), ops, 20*time.Second); result != porcupine.Ok {
				r.Fatalf("history %d of seed %d: %s\n%+v", n, seed, result, ops)
			}
			r.sound(h.id)
			if err := r.resolve(h.id, r.boss); err != nil {
				r.Fatal(err)
			}
		}
	})
}

// history is what eight agents do with one conversation.
type history struct {
	*room
	crew []handoff.Agent
	id   int64
	seed uint64

	mu  sync.Mutex
	ops []porcupine.Operation
}

// deedsEach is how many things an agent does in a history.
const deedsEach = 3

func (h *history) live() []porcupine.Operation {
	began := time.Now()
	h.route()
	var all sync.WaitGroup
	for i := range h.crew {
		all.Go(func() {
			chance := rand.New(rand.NewPCG(h.seed, uint64(i)))
			for range deedsEach {
				if h.once(i, chance, began) {
					return // crashed
				}
			}
		})
	}
	all.Wait()
	return h.ops
}

// once does one thing and notes it; crashed ends the agent.
func (h *history) once(i int, chance *rand.Rand, began time.Time) (crashed bool) {
	me := h.crew[i]
	d := deed{agent: me.ID, what: []string{"claim", "accept", "reply", "release", "release", "transfer", "read", "sweep"}[chance.IntN(8)]}
	for d.to = me.ID; d.to == me.ID; {
		d.to = h.crew[chance.IntN(len(h.crew))].ID
	}
	ctx, cancel := context.WithCancel(h.ctx)
	defer cancel()
	if crashed = chance.IntN(12) == 0; crashed {
		time.AfterFunc(time.Duration(chance.IntN(2000))*time.Microsecond, cancel)
	}
	call := time.Since(began).Nanoseconds()
	out, skip := h.do(ctx, d, me)
	end := time.Since(began).Nanoseconds()
	if skip {
		return crashed
	}
	if crashed {
		out, end = seen{unknown: true}, int64(time.Hour)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ops = append(h.ops, porcupine.Operation{ClientId: i, Input: d, Call: call, Output: out, Return: end})
	return crashed
}

func (h *history) do(ctx context.Context, d deed, me handoff.Agent) (out seen, skip bool) {
	if d.what == "read" {
		c, err := h.Conversations.Get(ctx, h.DB, h.id)
		if err != nil {
			return seen{unknown: true}, true
		}
		return seen{owner: c.AgentID}, false
	}
	if d.what == "sweep" {
		h.clock.pass(90 * time.Second)
		_ = h.Sweep(ctx) // one that is cut off has put back what it came to
		return seen{}, false
	}
	var offers []handoff.Offer
	if d.what == "accept" {
		_ = h.Route(ctx)
		if offers, _ = h.OffersTo(ctx, h.DB, me.ID); len(offers) == 0 {
			return seen{}, true
		}
	}
	err := h.DB.Tx(ctx, func(tx *db.Tx) error { return h.deal(ctx, tx, d, me, offers) })
	var owned *handoff.OwnedError
	switch {
	case err == nil:
		return seen{done: true}, false
	case errors.As(err, &owned):
		return seen{owner: owned.Agent.ID}, false
	case field(err) == "agent_id":
		return seen{owner: d.to}, false
	case errors.Is(err, handoff.ErrOfferOver) || ctx.Err() != nil:
		return seen{unknown: true}, errors.Is(err, handoff.ErrOfferOver)
	}
	h.Errorf("%+v: %v", d, err)
	return seen{}, true
}

func (h *history) deal(ctx context.Context, tx *db.Tx, d deed, me handoff.Agent, offers []handoff.Offer) error {
	var err error
	switch d.what {
	case "claim":
		_, err = h.Claim(ctx, tx, h.id, me, false)
	case "accept":
		_, err = h.Accept(ctx, tx, offers[0].ID, me)
	case "release":
		_, err = h.Release(ctx, tx, h.id, me, handoff.ToQueue)
	case "transfer":
		_, err = h.Transfer(ctx, tx, h.id, me, handoff.Target{AgentID: d.to}, "")
	case "reply":
		var c *conversation.Conversation
		if c, err = h.Conversations.Load(ctx, tx, h.id); err == nil {
			err = h.MayReply(ctx, tx, c, me)
		}
	}
	return err
}

// The model must be able to say no.
func TestTheModelRefusesTwoOwners(t *testing.T) {
	ops := []porcupine.Operation{
		{ClientId: 0, Input: deed{what: "claim", agent: 1}, Output: seen{done: true}, Call: 0, Return: 10},
		{ClientId: 1, Input: deed{what: "claim", agent: 2}, Output: seen{done: true}, Call: 5, Return: 15},
	}
	if porcupine.CheckOperations(owning(), ops) {
		t.Error("two claims at once are fine, it says")
	}
	ops[1].Output = seen{owner: 1}
	if !porcupine.CheckOperations(owning(), ops) {
		t.Error("one claim and one refusal are not, it says")
	}
}
