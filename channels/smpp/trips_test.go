package smpp

import (
	"testing"

	"huiyin/conversation"
)

func TestTrips(t *testing.T) {
	receipt := func(id string, s conversation.Delivery) conversation.Receipt {
		return conversation.Receipt{ProviderID: id, State: s}
	}
	for name, c := range map[string]struct {
		parts, skip, known int  // known: parts whose response came
		doubt              bool // the outcome is unknown
		play               func(ts *trips, tr *trip) conversation.Receipt
		want               int64
	}{
		"sure: its id is enough": {1, 0, 1, false, func(ts *trips, tr *trip) conversation.Receipt {
			return ts.settle(receipt("a0", conversation.Delivered), tr.refs[0], true, "86138")
		}, 0},
		"unsure": {1, 0, 0, true, func(ts *trips, tr *trip) conversation.Receipt {
			return ts.settle(receipt("x", conversation.Delivered), tr.refs[0], true, "86138")
		}, 7},
		"unsure, and it failed": {2, 0, 0, true, func(ts *trips, tr *trip) conversation.Receipt {
			return ts.settle(receipt("x", conversation.Failed), tr.refs[1], true, "86138")
		}, 7},
		"one part of two": {2, 0, 1, true, func(ts *trips, tr *trip) conversation.Receipt {
			return ts.settle(receipt("a0", conversation.Delivered), 0, false, "86138")
		}, 0},
		"both, one by its id": {2, 0, 1, true, func(ts *trips, tr *trip) conversation.Receipt {
			ts.settle(receipt("a0", conversation.Delivered), 0, false, "86138")
			return ts.settle(receipt("x", conversation.Delivered), tr.refs[1], true, "86138")
		}, 7},
		"the same part twice is not both": {2, 0, 0, true, func(ts *trips, tr *trip) conversation.Receipt {
			ts.settle(receipt("x", conversation.Delivered), tr.refs[0], true, "86138")
			return ts.settle(receipt("x", conversation.Delivered), tr.refs[0], true, "86138")
		}, 0},
		"what went out before has no part in it": {2, 1, 0, true, func(ts *trips, tr *trip) conversation.Receipt {
			return ts.settle(receipt("x", conversation.Delivered), tr.refs[1], true, "86138")
		}, 7},
		"of another number": {1, 0, 0, true, func(ts *trips, tr *trip) conversation.Receipt {
			return ts.settle(receipt("x", conversation.Delivered), tr.refs[0], true, "86139")
		}, 0},
		"no reference": {1, 0, 0, true, func(ts *trips, tr *trip) conversation.Receipt {
			return ts.settle(receipt("x", conversation.Delivered), tr.refs[0], false, "86138")
		}, 0},
		"settled once": {1, 0, 0, true, func(ts *trips, tr *trip) conversation.Receipt {
			ts.settle(receipt("x", conversation.Delivered), tr.refs[0], true, "86138")
			return ts.settle(receipt("x", conversation.Delivered), tr.refs[0], true, "86138")
		}, 0},
		"65 536 parts later": {1, 0, 0, true, func(ts *trips, tr *trip) conversation.Receipt {
			for range 1 << 16 {
				ts.end(ts.begin(8, "86138", 1, 0), true)
			}
			return ts.settle(receipt("x", conversation.Failed), tr.refs[0], true, "86139")
		}, 0},
	} {
		var ts trips
		tr := ts.begin(7, "86138", c.parts, c.skip)
		for i := range c.known {
			ts.know(tr, i, "a"+string(rune('0'+i)))
		}
		ts.end(tr, c.doubt)
		if got := c.play(&ts, tr); got.MessageID != c.want {
			t.Errorf("%s: message %d, want %d", name, got.MessageID, c.want)
		}
		if len(ts.refs) > 1<<16 {
			t.Errorf("%s: %d references are kept", name, len(ts.refs))
		}
	}
}
