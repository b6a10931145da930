package conversation_test

import (
	"context"
	"fmt"
	"reflect"
	"testing"

	"huiyin/conversation"
	"huiyin/db"
)

// passed reads what has passed after a number, by way of a store.
func (h house) passed(s *conversation.Store, n int64, limit int) []conversation.Passed {
	h.t.Helper()
	_, last, err := s.EventRange(context.Background(), s.DB)
	if err != nil {
		h.t.Fatal(err)
	}
	list, err := s.Passed(context.Background(), n, last, limit)
	if err != nil {
		h.t.Fatal(err)
	}
	return list
}

func TestWhatPassedTellsWhomItConcerns(t *testing.T) {
	onBoth(t, func(h house) {
		id := h.record(conversation.Incoming{Address: "a", Text: `hello "activity":`}).Conversation.ID
		h.record(conversation.Incoming{Address: "a", Activity: "subscribed"})
		h.record(conversation.Incoming{Address: "a", Text: "stop", Consent: conversation.OptOut})
		h.record(conversation.Incoming{Address: "a", Text: "a button", Choice: "article:1", ClientID: "x"})
		bot := h.reply(id, conversation.Draft{Sender: conversation.FromBot, Text: "42", Content: conversation.Content{ArticleID: 1, Rateable: true}})
		agent := h.agentSays(id, "hi")
		h.reply(id, conversation.Draft{Sender: conversation.FromAgent, AgentID: 7, Text: "psst", Private: true, Content: conversation.Content{Whisper: true}})
		h.tx(func(ctx context.Context, tx *db.Tx) error {
			if _, err := h.SetHelpful(ctx, tx, id, bot.Seq, false); err != nil {
				return err
			}
			return h.MarkContactRead(ctx, tx, id, agent.Seq)
		})
		h.change(id, func(c *conversation.Conversation) { c.Priority = conversation.High })
		var got []string
		for _, e := range h.passed(&conversation.Store{DB: h.DB}, 0, 100) {
			word := e.Kind
			for name, is := range map[string]bool{" plain": e.Plain, " line": e.Line, " idle": e.Idle} {
				if is {
					word += name
				}
			}
			if e.Seq != 0 && e.At.IsZero() {
				word += " at no time"
			}
			got = append(got, fmt.Sprint(e.Seq, " ", word))
		}
		want := []string{"1 message plain", "2 message line", "3 message", "4 message plain", "5 message", "6 message", "7 message line",
			"5 message_state", "6 message_state idle", "0 conversation"}
		if !reflect.DeepEqual(got, want) {
			h.t.Errorf("got  %q\nwant %q", got, want)
		}
	})
}

// Whoever asks gets what the database says, in whatever order they come and however far behind they are.
func TestWhatPassedIsTheSameForAll(t *testing.T) {
	onBoth(t, func(h house) {
		for i := range 12 {
			h.record(conversation.Incoming{Address: fmt.Sprint("c", i%5), Text: "hello"})
		}
		shared := &conversation.Store{DB: h.DB}
		for _, ask := range []struct {
			n     int64
			limit int
		}{{4, 3}, {7, 2}, {4, 8}, {0, 5}, {2, 100}, {11, 5}, {12, 5}, {3, 1}, {9, 100}, {0, 100}} {
			want := h.passed(&conversation.Store{DB: h.DB}, ask.n, ask.limit)
			if got := h.passed(shared, ask.n, ask.limit); len(got) != len(want) || len(got) > 0 && !reflect.DeepEqual(got, want) {
				h.t.Errorf("%d after %d: %v, want %v", ask.limit, ask.n, got, want)
			}
			if len(want) != min(ask.limit, 12-int(ask.n)) {
				h.t.Errorf("%d after %d: %d", ask.limit, ask.n, len(want))
			}
		}
	})
}

// A log that is shorter than it was, after a restore, is not taken for the old one.
func TestWhatPassedIsForgottenWithItsLog(t *testing.T) {
	onBoth(t, func(h house) {
		for i := range 6 {
			h.record(conversation.Incoming{Address: fmt.Sprint("c", i), Text: "hello"})
		}
		h.passed(h.Store, 0, 100)
		h.tx(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, "DELETE FROM events WHERE n > 3")
			return err
		})
		if got := h.passed(h.Store, 1, 100); len(got) != 2 {
			h.t.Errorf("%d events of a log that is gone", len(got))
		}
		id := h.record(conversation.Incoming{Address: "c0", Text: "again"}).Conversation.ID
		if got := h.passed(h.Store, 3, 100); len(got) != 1 || got[0].ConversationID != id {
			h.t.Errorf("after it: %v", got)
		}
	})
}

// Of a long log only the newest is kept, and what is no longer kept is read.
func TestWhatPassedIsKeptWithinBounds(t *testing.T) {
	onBoth(t, func(h house) {
		const all = 40_000
		h.tx(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < ?)
 INSERT INTO events (n, at, kind, conversation_id) SELECT i, 1, 'conversation', i FROM c`, all)
			return err
		})
		for n := int64(0); n < all; {
			list := h.passed(h.Store, n, 5000)
			if len(list) != 5000 || list[0].N != n+1 || list[4999].ConversationID != n+5000 {
				h.t.Fatalf("after %d: %d", n, len(list))
			}
			n += 5000
			if kept := h.Kept(); kept == 0 || kept > 2*16_384 {
				h.t.Fatalf("%d are kept", kept)
			}
		}
		for _, n := range []int64{7, all - 1000, all - 30_000} {
			if list := h.passed(h.Store, n, 10); len(list) != 10 || list[0].N != n+1 {
				h.t.Errorf("after %d: %v", n, list)
			}
		}
	})
}

func TestDoingsSumUpEvents(t *testing.T) {
	onBoth(t, func(h house) {
		say := func(who string) int64 {
			return h.record(conversation.Incoming{Address: who, Text: "hello"}).Conversation.ID
		}
		a, b, c := say("a"), say("b"), say("c")
		say("a")
		h.agentSays(b, "hi")
		say("b")
		h.agentSays(c, "hi")
		ctx := context.Background()
		doings := func(n int64, limit, most int) string {
			d, err := h.Doings(ctx, n, 7, limit, most)
			if err != nil {
				h.t.Fatal(err)
			}
			text := fmt.Sprint(d.Event, " whole", d.Whole)
			for _, id := range []int64{a, b, c} {
				for _, one := range d.Heard[id] {
					text += fmt.Sprintf(" %d/%d", id, one.Seq)
				}
			}
			return text
		}
		for name, c := range map[string]struct{ got, want string }{
			"all":                    {doings(0, 100, 100), fmt.Sprintf("7 whole[%d %d] %d/1 %d/2", b, c, a, a)},
			"only words":             {doings(0, 4, 100), fmt.Sprintf("4 whole[] %d/1 %d/2 %d/1 %d/1", a, a, b, c)},
			"as many as are wanted":  {doings(0, 100, 1), fmt.Sprintf("6 whole[%d] %d/1 %d/2 %d/1", b, a, a, c)},
			"the rest":               {doings(6, 100, 1), fmt.Sprintf("7 whole[%d]", c)},
			"nothing":                {doings(7, 100, 1), "7 whole[]"},
			"words after it is told": {doings(4, 100, 100), fmt.Sprintf("7 whole[%d %d]", b, c)},
		} {
			if c.got != c.want {
				h.t.Errorf("%s: %s, want %s", name, c.got, c.want)
			}
		}
		stands, err := h.Stands(ctx, h.DB, []int64{a, c, 99})
		if err != nil || len(stands) != 2 || stands[a].InboxID != h.inbox.ID {
			h.t.Errorf("stands %v, %v", stands, err)
		}
		d := conversation.Doings{Whole: []int64{a}, Heard: map[int64][]conversation.Heard{b: {{Seq: 1}}, c: {{Seq: 3}}}}
		for _, one := range []struct {
			limit int
			atEnd bool
			want  string
		}{{5, false, fmt.Sprintf("{%d [] true}", b)}, {0, true, fmt.Sprintf("{%d [] true}", b)}, {5, true, fmt.Sprintf("{%d [%d] false}", c, c)}} {
			u, err := h.Unmeasured(ctx, h.DB, 0, d, one.limit, one.atEnd)
			if got := fmt.Sprint(u); err != nil || got != one.want {
				h.t.Errorf("unmeasured %d %v: %s, want %s (%v)", one.limit, one.atEnd, got, one.want, err)
			}
		}
		if len(d.Heard) != 1 {
			h.t.Error("what is measured whole is heard as well")
		}
	})
}
