package handoff_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

// second starts another conversation of the customer of one, on another inbox.
func (r *room) second(of *conversation.Conversation) int64 {
	r.Helper()
	var inbox conversation.Inbox
	r.tx(func(tx *db.Tx) (err error) {
		inbox, err = r.Conversations.CreateInbox(r.ctx, tx, conversation.Inbox{Kind: "mail", Name: "Mail", Bot: true, TeamID: r.team.ID})
		return err
	})
	rec, err := r.Conversations.Record(r.ctx, inbox, conversation.Incoming{SourceID: fmt.Sprint("second", of.ID), Address: fmt.Sprint("mail", of.ID), Text: "also by mail"})
	if err != nil {
		r.Fatal(err)
	}
	r.tx(func(tx *db.Tx) error {
		for _, query := range []string{"UPDATE conversations SET contact_id = ? WHERE id = ?", "UPDATE identities SET contact_id = ? WHERE conversation_id = ?"} {
			if _, err := tx.Exec(r.ctx, query, of.ContactID, rec.Conversation.ID); err != nil {
				return err
			}
		}
		return nil
	})
	return rec.Conversation.ID
}

func (r *room) merge(id, into int64, a handoff.Agent) error {
	return r.DB.Tx(r.ctx, func(tx *db.Tx) error { _, err := r.Merge(r.ctx, tx, id, into, a); return err })
}

func TestMergeAndUnmerge(t *testing.T) {
	onBoth(t, func(r *room) {
		c := r.customer("en")
		mail := r.second(c)
		if err := r.merge(mail, c.ID, r.anna); err != nil {
			r.Fatal(err)
		}
		found, err := r.Conversations.MergedOf(r.ctx, r.DB, []int64{mail, c.ID})
		if err != nil || found[mail].TargetID != c.ID || len(found) != 1 || r.get(mail).Status != conversation.Resolved {
			r.Errorf("%+v, %v, %v", found, r.get(mail).Status, err)
		}
		if ids, err := r.Conversations.MergedInto(r.ctx, r.DB, c.ID); err != nil || !slices.Equal(ids, []int64{mail}) {
			r.Errorf("%v, %v", ids, err)
		}
		if err := r.merge(mail, c.ID, r.anna); field(err) != "into" {
			r.Errorf("twice: %v", err)
		}
		r.tx(func(tx *db.Tx) error { _, err := r.Unmerge(r.ctx, tx, mail, r.anna); return err })
		if got := r.get(mail); got.Status != conversation.Open || got.AgentID != r.anna.ID {
			r.Errorf("%v of %d", got.Status, got.AgentID)
		}
		if found, _ := r.Conversations.MergedOf(r.ctx, r.DB, []int64{mail}); len(found) != 0 {
			r.Errorf("%+v", found)
		}
		r.tx(func(tx *db.Tx) error { _, err := r.Unmerge(r.ctx, tx, mail, r.anna); return err })
	})
}

func TestWhatCannotBeMerged(t *testing.T) {
	r := onSQLite(t)
	c, stranger := r.customer("en"), r.customer("en")
	mail := r.second(c)
	for _, one := range []struct {
		name     string
		id, into int64
		agent    handoff.Agent
		want     string
	}{
		{"with itself", c.ID, c.ID, r.anna, "into"},
		{"another customer's", c.ID, stranger.ID, r.anna, "into"},
		{"of another team", mail, c.ID, r.mei, ""},
		{"one that is not there", c.ID, 9999, r.anna, ""},
	} {
		if err := r.merge(one.id, one.into, one.agent); err == nil || field(err) != one.want {
			r.Errorf("%s: %v", one.name, err)
		}
	}
}

func TestTheCustomerWritesWhereItWasMerged(t *testing.T) {
	onBoth(t, func(r *room) {
		for _, c := range []struct {
			name   string
			target []handoff.Action
			want   conversation.Status
			later  time.Duration
		}{
			{"a person has the matter", []handoff.Action{{Kind: "claim"}}, conversation.Open, time.Minute},
			{"the bot has it", []handoff.Action{{Kind: "release", To: "bot"}}, conversation.Pending, time.Minute},
			{"it is over", []handoff.Action{{Kind: "resolve"}}, conversation.Pending, time.Minute},
		} {
			web := r.customer("en")
			mail := r.second(web)
			r.request(web.ID, handoff.Asked)
			if _, err := r.perform(web.ID, r.anna, c.target...); err != nil {
				r.Fatal(err)
			}
			if err := r.merge(mail, web.ID, r.anna); err != nil {
				r.Fatal(err)
			}
			r.clock.pass(c.later)
			inbox, err := r.Conversations.Inbox(r.ctx, r.DB, r.get(mail).InboxID)
			if err != nil {
				r.Fatal(err)
			}
			rec, err := r.Conversations.Record(r.ctx, inbox, conversation.Incoming{SourceID: fmt.Sprint("more", mail), Address: fmt.Sprint("mail", web.ID), Text: "one more thing"})
			if err != nil {
				r.Fatal(err)
			}
			got := r.get(mail)
			if rec.Conversation.ID != mail || got.Status != c.want || got.AgentID != 0 || got.Unread != 1 || rec.Queued != (c.want == conversation.Open) {
				r.Errorf("%s: %s of %d, unread %d, queued %v", c.name, got.Status, got.AgentID, got.Unread, rec.Queued)
			}
			if found, _ := r.Conversations.MergedOf(r.ctx, r.DB, []int64{mail}); len(found) != 0 {
				r.Errorf("%s: still merged", c.name)
			}
		}
	})
}
