package handoff_test

import (
	"fmt"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/handoff"
)

func TestConversationsByTheStateOfTheirPromises(t *testing.T) {
	onBoth(t, func(r *room) {
		p := standard()
		p.WarnPercent, p.Resolution = 50, 0
		r.policies(p)
		late := r.queued(handoff.Asked)
		r.clock.pass(25 * time.Minute)
		near := r.queued(handoff.Asked)
		r.clock.pass(20 * time.Minute)
		answered := r.queued(handoff.Asked)
		r.clock.pass(18 * time.Minute) // 63, 38 and 18 minutes
		r.replies(answered)
		fresh := r.queued(handoff.Asked)
		for _, c := range []struct {
			name string
			want conversation.Criteria
			ids  []int64
		}{
			{"at risk", conversation.Criteria{SLA: []string{"at_risk"}}, []int64{near}},
			{"breached", conversation.Criteria{SLA: []string{"breached"}}, []int64{late}},
			{"either", conversation.Criteria{SLA: []string{"at_risk", "breached"}}, []int64{near, late}},
			{"of another team", conversation.Criteria{SLA: []string{"at_risk", "breached"}, Teams: []int64{99}}, nil},
			{"of nobody", conversation.Criteria{SLA: []string{"breached"}, Owners: []int64{0}}, []int64{late}},
			{"resolved ones", conversation.Criteria{SLA: []string{"breached"}, Status: []conversation.Status{conversation.Resolved}}, nil},
		} {
			for _, sort := range []conversation.Sort{"", conversation.ByWaiting, conversation.ByPriority} {
				found, _, err := r.Conversations.List(r.ctx, r.DB, conversation.Filter{Scope: conversation.Scope{All: true}, Criteria: c.want, Sort: sort, Limit: 10, Now: r.DB.Now()})
				got := map[int64]bool{}
				for _, one := range found {
					got[one.ID] = true
				}
				if err != nil || len(found) != len(c.ids) || len(c.ids) > 0 && !got[c.ids[0]] || len(c.ids) > 1 && !got[c.ids[1]] {
					t.Errorf("%s, by %q: %v, %v", c.name, sort, fmt.Sprint(got), err)
				}
			}
			counts, err := r.Conversations.CountEach(r.ctx, r.DB, conversation.Scope{All: true}, []conversation.Criteria{{Unread: true}, c.want}, r.DB.Now())
			if err != nil || counts[1].Total != int64(len(c.ids)) {
				t.Errorf("%s: counted %+v, %v", c.name, counts, err)
			}
		}
		if c := r.get(fresh); !c.Queueing() {
			t.Errorf("%+v", c)
		}
	})
}
