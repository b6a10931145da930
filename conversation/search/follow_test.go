package search_test

import (
	"context"
	"database/sql"
	"strings"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/conversation/search"
	"huiyin/db"
)

// onDisk asks the index itself, past its lock.
func (h *house) onDisk(query string, into any) {
	h.t.Helper()
	d, err := sql.Open("sqlite", "file:"+h.folder+"/messages.sqlite")
	h.must(err)
	defer d.Close()
	h.must(d.QueryRow(query).Scan(into))
}

// written is how much the index holds of terms, and of what was taken out and is not merged yet.
func (h *house) written() (n int) {
	h.t.Helper()
	h.onDisk("SELECT COALESCE(SUM(length(block)), 0) FROM said_data WHERE id >= 1 << 36", &n)
	return n
}

func TestAStateOfAMessageLeavesTheIndexAlone(t *testing.T) {
	onBoth(t, func(h *house) {
		c := h.says("a", "where is my order")
		var m conversation.Message
		h.tx(func(ctx context.Context, tx *db.Tx) (err error) {
			loaded, err := h.Load(ctx, tx, c.ID)
			if err != nil {
				return err
			}
			m, err = h.Reply(ctx, tx, loaded, conversation.Draft{Sender: conversation.FromBot, Text: "on its way"})
			return err
		})
		h.settle()
		before := h.written()
		h.tx(func(ctx context.Context, tx *db.Tx) error {
			changed, err := h.SetHelpful(ctx, tx, c.ID, m.Seq, true)
			if !changed {
				h.t.Error("the verdict was not stored")
			}
			return err
		})
		h.settle()
		if after := h.written(); after != before {
			h.t.Errorf("%d bytes of terms, %d before", after, before)
		}
		h.finds("way", "on its way")
	})
}

func TestWhatAMessageGetsLaterIsFound(t *testing.T) {
	onBoth(t, func(h *house) {
		c := h.says("a", "please look")
		h.settle()
		h.tx(func(ctx context.Context, tx *db.Tx) error {
			if _, err := tx.Exec(ctx, `INSERT INTO attachments (key, message_id, sha256, name, type, size, created_at)
 SELECT 'k', id, 's', 'router.png', 'image/png', 1, 1 FROM messages WHERE conversation_id = ?`, c.ID); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, "INSERT INTO events (n, at, kind, conversation_id, seq) SELECT MAX(n) + 1, 1, 'message_state', ?, 1 FROM events", c.ID)
			return err
		})
		h.settle()
		h.finds("router", "please look")
		h.finds("look", "please look")
		if got := h.found(search.Filter{Query: "look", Files: true}); len(got) != 1 {
			h.t.Errorf("%d messages with files", len(got))
		}
	})
}

func TestAThreadThatMovesIsFoundWhereItIs(t *testing.T) {
	onBoth(t, func(h *house) {
		c := h.says("a", "refund one")
		h.says("b", "refund other")
		h.settle()
		h.change(c.ID, func(c *conversation.Conversation) { c.TeamID = 3 })
		h.says("a", "refund two") // in the same portion of the log
		h.settle()
		for team, want := range map[int64]string{3: "refund two|refund one", 4: ""} {
			if got := strings.Join(h.found(search.Filter{Query: "refund", TeamID: team}), "|"); got != want {
				h.t.Errorf("team %d: %q, want %q", team, got, want)
			}
		}
		h.finds("refund", "refund two", "refund other", "refund one")
	})
}

func TestManyEventsAreFollowedInPortions(t *testing.T) {
	onBoth(t, func(h *house) {
		h.settle()
		h.fill(100, 10)
		h.tx(func(ctx context.Context, tx *db.Tx) error {
			for n := range 5000 { // every conversation again and again, and one that is not there
				if _, err := tx.Exec(ctx, "INSERT INTO events (n, at, kind, conversation_id, seq) SELECT COALESCE(MAX(n), 0) + 1, 1, 'message', ?, ? FROM events",
					1+n%11, 1+n/11%10); err != nil {
					return err
				}
			}
			return nil
		})
		h.settle()
		var n int
		h.onDisk("SELECT COUNT(*) FROM said_docsize", &n)
		if n != 100 {
			h.t.Errorf("%d messages are indexed, want 100", n)
		}
	})
}

func TestAStepThatIsBrokenOffIsNoDamage(t *testing.T) {
	onBoth(t, func(h *house) {
		h.says("a", "said before")
		h.settle()
		for n := range 40 { // at some moment of the step each, the last after its end
			h.says("a", "said later")
			ctx, cancel := context.WithCancel(context.Background())
			time.AfterFunc(time.Duration(n)*100*time.Microsecond, cancel)
			if _, err := h.Step(ctx); err != nil && ctx.Err() == nil {
				h.t.Fatal(err)
			}
			cancel()
			if h.Building() != 100 {
				h.t.Fatal("the index was given up")
			}
		}
		h.settle()
		if n := len(h.found(search.Filter{Query: "later", Limit: 50})); n != 40 {
			h.t.Errorf("%d of 40 are found", n)
		}
	})
}

func TestAnIndexOfYesterdayIsBuiltAnew(t *testing.T) {
	onBoth(t, func(h *house) {
		h.says("a", "before the update")
		h.settle()
		h.must(h.Index.Close())
		d, err := sql.Open("sqlite", "file:"+h.folder+"/messages.sqlite")
		h.must(err)
		for _, change := range []string{`UPDATE meta SET value = replace(value, '"schema":"3"', '"schema":"2"')`, "DROP TABLE said_sums", "DROP TABLE people_sums"} {
			_, err := d.Exec(change)
			h.must(err)
		}
		h.must(d.Close())
		h.reopen()
		h.settle()
		h.finds("update", "before the update")
	})
}

// Building leaves a piece of each portion, and a search looks into every piece: afterwards they are one.
func TestWhatIsBuiltIsJoined(t *testing.T) {
	onBoth(t, func(h *house) {
		h.fill(3500, 10)
		h.settle()
		for _, table := range []string{"said", "people"} {
			pieces := 0
			h.onDisk("SELECT COUNT(DISTINCT segid) FROM "+table+"_idx", &pieces)
			if pieces > 1 {
				h.t.Errorf("%s is in %d pieces", table, pieces)
			}
		}
		h.says("a", "a needle in a haystack")
		h.settle()
		h.finds("needle", "a needle in a haystack")
	})
}
