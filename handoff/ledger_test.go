package handoff_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
)

func (r *room) ledger(inboxID int64) []conversation.Fault {
	r.Helper()
	faults, err := r.Ledger(r.ctx, inboxID)
	if err != nil {
		r.Fatal(err)
	}
	return faults
}

func TestLedgerOfAssignments(t *testing.T) {
	tests := []struct{ name, damage, detail string }{
		{"sound", "", ""},
		{"two owners", "DROP INDEX assignments_held; UPDATE assignments SET ended_at = 0",
			"conversation {taken over} is agent {anna}'s by assignment 2, and agent {lin}'s by this one"},
		{"the conversation is another's", "UPDATE conversations SET agent_id = {lin} WHERE id = {held}", "conversation {held} is agent {lin}'s, and agent {anna}'s by this assignment"},
		{"the conversation is nobody's", "UPDATE conversations SET agent_id = 0 WHERE id = {held}", "conversation {held} is agent 0's"},
		{"no such conversation", "UPDATE assignments SET conversation_id = 999 WHERE conversation_id = {held}", "there is no conversation 999"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			onBoth(t, func(r *room) {
				held, taken := r.held(r.anna), r.held(r.anna)
				if err := r.claim(taken, r.lin, true); err != nil {
					r.Fatal(err)
				}
				fill := strings.NewReplacer("{held}", fmt.Sprint(held), "{taken over}", fmt.Sprint(taken), "{anna}", fmt.Sprint(r.anna.ID), "{lin}", fmt.Sprint(r.lin.ID))
				r.damage(fill.Replace(test.damage))
				faults := r.ledger(0)
				if test.detail == "" {
					if len(faults) != 0 {
						r.Errorf("%+v", faults)
					}
					return
				}
				named := slices.ContainsFunc(faults, func(f conversation.Fault) bool {
					return strings.Contains(f.Detail, fill.Replace(test.detail)) && strings.HasPrefix(f.Row, "assignment ")
				})
				if !named {
					r.Errorf("want %s, got %+v", fill.Replace(test.detail), faults)
				}
			})
		})
	}
}

func (r *room) damage(statements string) {
	r.Helper()
	for statement := range strings.SplitSeq(statements, "; ") {
		if statement == "" {
			continue
		}
		r.tx(func(tx *db.Tx) error {
			_, err := tx.Exec(r.ctx, statement)
			return err
		})
	}
}

func TestLedgerOfAssignmentsLooksAtEveryConversation(t *testing.T) {
	r := onSQLite(t)
	id := r.held(r.anna)
	for n := range 600 {
		r.damage(fmt.Sprintf("INSERT INTO assignments (conversation_id, agent_id, claimed_at, lease_until) VALUES (%d, %d, 0, 0)", 1000+n, r.lin.ID))
	}
	if faults := r.ledger(0); len(faults) != 600 {
		t.Errorf("%d faults", len(faults))
	}
	r.damage(fmt.Sprintf("UPDATE conversations SET agent_id = 0 WHERE id = %d", id))
	if faults := r.ledger(r.inbox.ID); len(faults) != 1 {
		t.Errorf("of the inbox: %+v", faults)
	}
	if faults := r.ledger(r.inbox.ID + 1); len(faults) != 0 {
		t.Errorf("of another inbox: %+v", faults)
	}
	if err := r.claim(r.queued(handoff.Asked), r.anna, false); err != nil {
		t.Fatal(err)
	}
}
