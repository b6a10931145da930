package conversation_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
)

// ledger is Ledger of all inboxes; the accounts of the test's inbox first.
func (h house) ledger(inboxID int64) (conversation.Account, []conversation.Fault) {
	h.t.Helper()
	accounts, faults, err := h.Ledger(context.Background(), inboxID)
	if err != nil {
		h.t.Fatal(err)
	}
	return accounts[0], faults
}

func (h house) exec(query string, args ...any) {
	h.t.Helper()
	h.tx(func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, query, args...)
		return err
	})
}

// furnish makes one conversation of each fate and returns their ids by the name of the fate.
func (h house) furnish() map[string]int64 {
	ids := map[string]int64{}
	for _, fate := range []string{"answered", "handed off", "by agents", "waiting", "closed", "unasked", "given back"} {
		ids[fate] = h.record(conversation.Incoming{Address: fate, Text: "how much?", SourceID: "s-" + fate}).Conversation.ID
	}
	h.botSays(ids["answered"], conversation.Draft{Text: "ten", Explanation: "{}"})
	h.change(ids["handed off"], func(c *conversation.Conversation) { c.Status = conversation.Open })
	h.botSays(ids["handed off"], conversation.Draft{Private: true, Content: conversation.Content{Activity: "bot_handoff"}})
	h.agentSays(ids["by agents"], "ten")
	h.change(ids["by agents"], func(c *conversation.Conversation) { c.Status, c.AgentID = conversation.Open, 7 })
	h.change(ids["closed"], func(c *conversation.Conversation) { c.Status = conversation.Resolved })
	h.exec(`UPDATE messages SET text = '', content = '{"activity":"subscribed"}' WHERE conversation_id = ?`, ids["unasked"])
	h.change(ids["unasked"], func(c *conversation.Conversation) { c.TurnDue, c.Unread = time.Time{}, 0 })
	h.change(ids["given back"], func(c *conversation.Conversation) { c.TurnDue, c.WaitingSince = time.Time{}, time.Time{} })
	h.reply(ids["given back"], conversation.Draft{Sender: conversation.FromSystem, Private: true, Content: conversation.Content{Activity: "bot_resumed"}})
	return ids
}

func (h house) botSays(id int64, d conversation.Draft) {
	h.t.Helper()
	d.Sender = conversation.FromBot
	h.reply(id, d)
	h.change(id, func(c *conversation.Conversation) { c.TurnDue = time.Time{} })
}

func TestLedgerCountsEveryMessageOnce(t *testing.T) {
	onBoth(t, func(h house) {
		h.furnish()
		parcels := h.parcels()
		h.tx(func(ctx context.Context, tx *db.Tx) error {
			return h.MarkSent(ctx, tx, parcels[0], conversation.Sent, "")
		})
		a, faults := h.ledger(h.inbox.ID)
		if len(faults) != 0 {
			h.t.Errorf("faults in sound rows: %+v", faults)
		}
		want := conversation.Account{Inbox: h.inbox.ID, Kind: "webchat", Name: "Web", Conversations: 7, Resolved: 1, Queueing: 1,
			Stored: 11, Received: 7, Answered: 1, HandedOff: 1, ByAgents: 2, Waiting: 1, Closed: 1, Unasked: 1,
			Outbound: conversation.Outbound{Sent: 1, Queued: 1}}
		if a != want {
			h.t.Errorf("account\n got %+v\nwant %+v", a, want)
		}
	})
}

func TestLedgerNamesWhatIsBroken(t *testing.T) {
	damages := []struct{ name, damage, law, row string }{
		{"a message is gone", "DELETE FROM messages WHERE seq = 1 AND conversation_id = {answered}", "rises from 1 without gaps", "conversation {answered}"},
		{"the last message is gone", "DELETE FROM messages WHERE seq = 2 AND conversation_id = {answered}", "knows its last seq", "conversation {answered}"},
		{"an event is gone", "DELETE FROM events WHERE n = 3", "events rise without gaps", "event 4"},
		{"a turn is lost", "UPDATE conversations SET due_at = NULL WHERE id = {waiting}", "answered or has a turn due", "conversation {waiting}, seq 1"},
		{"a file without a word is lost", "UPDATE messages SET text = '' WHERE conversation_id = {waiting}; UPDATE conversations SET due_at = NULL WHERE id = {waiting}", "answered or has a turn due", "conversation {waiting}, seq 1"},
		{"a turn too many", "UPDATE conversations SET due_at = 1 WHERE id = {closed}", "only while it is its turn", "conversation {closed}"},
		{"no explanation", "UPDATE messages SET explanation = ''", "has its explanation", "conversation {answered}, seq 2"},
		{"one source twice", "DROP INDEX messages_source; UPDATE messages SET source_id = 's-answered' WHERE source_id = 's-waiting'", "one source id", "message "},
		{"never due", "UPDATE messages SET due_at = NULL WHERE conversation_id = {answered}", "if and only if it is queued", "conversation {answered}, seq 2"},
		{"due though sent", "UPDATE messages SET delivery = 'sent' WHERE conversation_id = {answered} AND seq = 2", "if and only if it is queued", "conversation {answered}, seq 2"},
		{"a note is sent", "UPDATE messages SET delivery = 'sent' WHERE conversation_id = {handed off} AND seq = 2", "goes to the customer", "conversation {handed off}, seq 2"},
		{"unread miscounted", "UPDATE conversations SET unread = 5 WHERE id = {waiting}", "no agent has seen", "conversation {waiting}"},
		{"a tally is off", "UPDATE tallies SET total = total + 1 WHERE status = 'resolved'", "kept counters", "tally of inbox {inbox}, team 0, agent 0, resolved"},
		{"a tally is missing", "DELETE FROM tallies WHERE agent_id = 7", "kept counters", "tally of inbox {inbox}, team 0, agent 7, open"},
		{"an old conversation goes on", "UPDATE identities SET conversation_id = 0 WHERE address = 'waiting'", "is the one that goes on", "identity "},
	}
	for _, d := range damages {
		t.Run(d.name, func(t *testing.T) {
			onBoth(t, func(h house) { h.breaks(d.damage, d.law, d.row) })
		})
	}
}

// breaks damages sound rows and looks for the fault. Words in braces stand for ids.
func (h house) breaks(damage, law, row string) {
	h.t.Helper()
	ids := h.furnish()
	words := []string{"{inbox}", fmt.Sprint(h.inbox.ID)}
	for fate, id := range ids {
		words = append(words, "{"+fate+"}", fmt.Sprint(id))
	}
	fill := strings.NewReplacer(words...)
	for statement := range strings.SplitSeq(fill.Replace(damage), "; ") {
		h.exec(statement)
	}
	_, faults := h.ledger(0)
	for _, f := range faults {
		if strings.Contains(f.Law, law) && strings.HasPrefix(f.Row, fill.Replace(row)) && f.Detail != "" {
			return
		}
	}
	h.t.Errorf("no fault %q at %q in %+v", law, fill.Replace(row), faults)
}

func TestLedgerOfOneInboxLeavesTheOthersOut(t *testing.T) {
	onBoth(t, func(h house) {
		ids := h.furnish()
		other := h.makeInbox(true)
		h.exec("UPDATE conversations SET unread = 5 WHERE id = ?", ids["waiting"])
		if a, faults := h.ledger(other.ID); a.Inbox != other.ID || a.Received != 0 || len(faults) != 0 {
			h.t.Errorf("%+v %+v", a, faults)
		}
		if _, faults := h.ledger(h.inbox.ID); len(faults) != 1 {
			h.t.Errorf("the count of one conversation: %+v", faults)
		}
		if _, _, err := h.Ledger(context.Background(), 99); !errors.Is(err, conversation.ErrNotFound) {
			h.t.Errorf("an inbox that is not there: %v", err)
		}
	})
}

func TestLedgerCountsAfterAConversationIsTakenUpAgain(t *testing.T) {
	onBoth(t, func(h house) {
		id := h.record(conversation.Incoming{Address: "a", Text: "1"}).Conversation.ID
		h.record(conversation.Incoming{Address: "a", Text: "2"})
		h.change(id, func(c *conversation.Conversation) { c.Status = conversation.Resolved })
		h.record(conversation.Incoming{Address: "a", Text: "3"})
		if c := h.get(id); c.Unread != 1 {
			h.t.Errorf("unread %d", c.Unread)
		}
		if _, faults := h.ledger(0); len(faults) != 0 {
			h.t.Errorf("%+v", faults)
		}
	})
}

func TestPrunedEventsLeaveNoGap(t *testing.T) {
	onBoth(t, func(h house) {
		for range 4 {
			h.record(conversation.Incoming{Address: "a", Text: "1"})
		}
		h.exec("UPDATE events SET at = CASE n WHEN 2 THEN 2000 ELSE 1000 END")
		if err := h.PruneEvents(context.Background(), time.UnixMilli(1500)); err != nil {
			h.t.Fatal(err)
		}
		first, last, err := h.EventRange(context.Background(), h.DB)
		if _, faults := h.ledger(0); err != nil || first != 2 || last != 4 || len(faults) != 0 {
			h.t.Errorf("events %d to %d, %v, %+v", first, last, err, faults)
		}
	})
}

func TestMissingFiles(t *testing.T) {
	onBoth(t, func(h house) {
		files := conversation.Files{Folder: h.t.TempDir()}
		sums := map[string]string{}
		for _, content := range []string{"whole", "lost", "cut short", "loose"} {
			stored, err := files.Put(bytes.NewBufferString(content), 100)
			if err != nil {
				h.t.Fatal(err)
			}
			sums[content] = filepath.Join(files.Folder, stored.SHA256[:2], stored.SHA256[2:4], stored.SHA256)
			h.tx(func(ctx context.Context, tx *db.Tx) error {
				a, err := h.AddAttachment(ctx, tx, "visitor:a", content, stored)
				if err != nil || content == "loose" {
					return err
				}
				_, err = h.RecordTx(ctx, tx, h.inbox, conversation.Incoming{Address: "a", Attachments: []int64{a.ID}})
				return err
			})
		}
		for _, gone := range []string{"lost", "loose"} {
			if err := os.Remove(sums[gone]); err != nil {
				h.t.Fatal(err)
			}
		}
		if err := os.Truncate(sums["cut short"], 3); err != nil {
			h.t.Fatal(err)
		}
		faults, err := h.MissingFiles(context.Background(), files, h.inbox.ID)
		if err != nil || len(faults) != 2 || !strings.Contains(faults[0].Detail, "missing") || !strings.Contains(faults[1].Detail, "3 bytes instead of 9") {
			h.t.Errorf("%+v %v", faults, err)
		}
		if faults, err := h.MissingFiles(context.Background(), files, 99); err != nil || len(faults) != 0 {
			h.t.Errorf("another inbox: %+v %v", faults, err)
		}
	})
}
