package reports

import (
	"slices"
	"time"

	"huiyin/conversation"
)

// Most that happens is that a customer writes. Then all that was measured of the conversation before still holds, and the message is
// added to it. This file is that short way; it gives the same rows as measuring the conversation from its beginning.

// hear adds what a customer wrote to the rows of a conversation, which are in order. known is false when it cannot be told from the rows
// which messages they count.
func hear(old []row, at place, id int64, heard []conversation.Heard, zone *time.Location) (fresh []row, known bool) {
	last := int64(0)
	for _, r := range old {
		if r.Kind != Received {
			continue
		}
		if r.seq == 0 { // written by the version before
			return nil, false
		}
		last = max(last, r.seq)
	}
	if last == 0 && (len(old) > 0 || heard[0].Seq != 1) {
		return nil, false
	}
	fresh = slices.Clone(old)
	for _, h := range heard {
		if h.Seq <= last { // what was measured was newer than the events that led to it
			continue
		}
		if !begun(fresh) {
			fresh = note(fresh, row{conversation: id, inbox: at.inbox, team: at.team, Fact: fact(Started, h.At, 0, 1, zone)})
		}
		f := fact(Received, h.At, 0, 1, zone)
		f.Hour = 0 // as in together
		i := slices.IndexFunc(fresh, func(r row) bool { return r.Kind == Received && r.Day == f.Day })
		if i < 0 {
			fresh = note(fresh, row{conversation: id, inbox: at.inbox, team: at.team, seq: h.Seq, Fact: f})
			continue
		}
		fresh[i].Value, fresh[i].seq = fresh[i].Value+1, h.Seq
	}
	return fresh, true
}

// begun tells whether a matter is under way: only these three begin and end one.
func begun(rows []row) bool {
	for _, r := range slices.Backward(rows) {
		switch r.Kind {
		case Started, Reopened:
			return true
		case Resolved:
			return false
		}
	}
	return false
}

// note adds a row where measuring has it: before what is said of the conversation as a whole.
func note(rows []row, r row) []row {
	i := slices.IndexFunc(rows, func(r row) bool { return r.Kind == Asked || r.Kind == Rated || r.Kind == Kept || r.Kind == Missed })
	if i < 0 {
		i = len(rows)
	}
	rows = slices.Insert(rows, i, r)
	for i := range rows {
		rows[i].n = i
	}
	return rows
}

// lastHeard is by day the last message that a customer wrote.
func lastHeard(t conversation.Trace, zone *time.Location) map[int]int64 {
	last := map[int]int64{}
	for _, s := range t.Steps {
		if s.Sender == conversation.FromContact && !s.Event() {
			last[DayOf(s.At.In(zone))] = s.Seq
		}
	}
	return last
}
