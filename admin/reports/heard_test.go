package reports

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// rowsOf are the rows of a trace measured from its beginning.
func rowsOf(t conversation.Trace, deadlines []Deadline, zone *time.Location) []row {
	var rows []row
	last := lastHeard(t, zone)
	for n, f := range measure(t, deadlines, zone) {
		r := row{conversation: t.ID, inbox: t.InboxID, team: t.TeamID, n: n, Fact: f}
		if f.Kind == Received {
			r.seq = last[f.Day]
		}
		rows = append(rows, r)
	}
	return rows
}

// What is added to a measured conversation gives the rows of measuring it whole, wherever it stood.
func TestHearingMoreIsMeasuringWhole(t *testing.T) {
	zone := time.FixedZone("far", 8*3600)
	chance := rand.New(rand.NewPCG(3, 4))
	lines := []string{"queued", "claimed", "transferred", "requeued", "bot_resumed", "reopened", "resolved", "resolved", "sla_warned"}
	for round := range 2000 {
		trace := conversation.Trace{ID: 5, InboxID: 6, TeamID: 7}
		at := time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC)
		step := func(s conversation.Step) {
			at = at.Add(time.Duration(chance.IntN(9*3600)) * time.Second)
			s.Seq, s.At = int64(len(trace.Steps)+1), at
			trace.Steps = append(trace.Steps, s)
		}
		for range chance.IntN(12) {
			switch chance.IntN(4) {
			case 0:
				step(conversation.Step{Sender: conversation.FromContact})
			case 1:
				step(conversation.Step{Sender: conversation.FromAgent, AgentID: 8})
			case 2:
				step(conversation.Step{Sender: conversation.FromContact, Content: conversation.Content{Rating: 4}})
			default:
				step(conversation.Step{Sender: conversation.FromSystem, Content: conversation.Content{Activity: lines[chance.IntN(len(lines))], ActivityData: map[string]string{"agent_id": "8"}}})
			}
		}
		var deadlines []Deadline
		if chance.IntN(3) == 0 {
			trace.AskedAt, trace.Rating = at, conversation.Rating{Score: 4, At: at}
			deadlines = []Deadline{{At: at, Kept: true}, {At: at}}
		}
		old := rowsOf(trace, deadlines, zone)
		var heard []conversation.Heard
		for i := range 1 + chance.IntN(4) {
			step(conversation.Step{Sender: conversation.FromContact})
			s := trace.Steps[len(trace.Steps)-1]
			heard = append(heard, conversation.Heard{Seq: s.Seq, At: s.At})
			if i == 0 && chance.IntN(3) == 0 { // measured before its event came
				old = rowsOf(trace, deadlines, zone)
			}
		}
		before := fmt.Sprint(old)
		got, known := hear(old, place{inbox: 6, team: 7}, 5, heard, zone)
		if want := rowsOf(trace, deadlines, zone); known && !reflect.DeepEqual(got, want) {
			t.Fatalf("round %d: of %v\ngot  %v\nwant %v", round, old, got, want)
		}
		if fmt.Sprint(old) != before {
			t.Fatal("the rows that were given are changed")
		}
	}
}

func TestHearingNeedsToKnowWhatIsCounted(t *testing.T) {
	at := time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC)
	received := row{Fact: Fact{Kind: Received, Day: 20261120, Value: 1}}
	counted := received
	counted.seq = 2
	for name, c := range map[string]struct {
		old   []row
		seq   int64
		known bool
	}{
		"the first message of a new conversation": {nil, 1, true},
		"a conversation that was never measured":  {nil, 3, false},
		"rows that an older version wrote":        {[]row{received}, 3, false},
		"a day that an older version wrote":       {[]row{counted, received}, 3, false},
		"no row for what customers wrote":         {[]row{{Fact: Fact{Kind: Reopened}}}, 3, false},
		"rows that say what they count":           {[]row{counted}, 3, true},
	} {
		if _, known := hear(c.old, place{}, 1, []conversation.Heard{{Seq: c.seq, At: at}}, time.UTC); known != c.known {
			t.Errorf("%s: known %v", name, known)
		}
	}
}

// anew is what is kept when everything is measured from nothing.
func (o *office) anew() string {
	o.Helper()
	o.tx(func(ctx context.Context, tx *db.Tx) error {
		for _, table := range []string{"report_facts", "report_days", "report_hours", "report_state"} {
			if _, err := tx.Exec(ctx, "DELETE FROM "+table); err != nil {
				return err
			}
		}
		return nil
	})
	o.must(o.CatchUp(context.Background()))
	return o.kept()
}

// restart is another process on the same database, which looks at so many events at a time.
func (o *office) restart(page int) {
	o.desk.Conversations = &conversation.Store{DB: o.DB}
	o.Store = &Store{DB: o.DB, Conversations: o.desk.Conversations, Zone: o.place, Log: slog.New(slog.DiscardHandler), page: page}
}

// However the events are cut into steps, and wherever a node dies between them, the outcome is the same.
func TestStepsOfAnySizeGiveTheSame(t *testing.T) {
	onBoth(t, func(o *office) {
		chance := rand.New(rand.NewPCG(5, 6))
		for range 40 {
			for range 1 + chance.IntN(6) {
				o.write(chance.IntN(5))
				o.pass(time.Duration(chance.IntN(3*3600)) * time.Second)
			}
			if chance.IntN(3) == 0 {
				o.act(chance)
			}
			o.restart([]int{1, 2, 3, 0}[chance.IntN(4)])
			for range chance.IntN(5) {
				_, err := o.step(context.Background())
				o.must(err)
			}
		}
		o.must(o.CatchUp(context.Background()))
		step := o.kept()
		if again := o.anew(); again != step {
			o.Fatalf("in steps:\n%s\nat the end:\n%s", step, again)
		}
	})
}

// Rows of the version before, which did not say what they count, are measured whole once.
func TestRowsOfTheVersionBefore(t *testing.T) {
	onBoth(t, func(o *office) {
		for who := range 4 {
			o.write(who)
		}
		o.must(o.CatchUp(context.Background()))
		o.tx(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, "UPDATE report_facts SET seq = 0")
			return err
		})
		o.write(1)
		o.write(2)
		o.must(o.CatchUp(context.Background()))
		step := o.kept()
		var known int
		o.must(o.DB.QueryRow(context.Background(), "SELECT COUNT(*) FROM report_facts WHERE seq = 2").Scan(&known))
		if again := o.anew(); again != step || known != 2 {
			o.Fatalf("%d known\nin steps:\n%s\nat the end:\n%s", known, step, again)
		}
	})
}
