package handoff_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
	"huiyin/live"
)

func TestRequestByReason(t *testing.T) {
	for _, c := range []struct {
		reason   handoff.Reason
		priority conversation.Priority
		before   string
	}{
		{handoff.Asked, conversation.Normal, "We are getting"},
		{handoff.NotUnderstood, conversation.Normal, "We are getting"},
		{handoff.Unhelpful, conversation.Normal, "We are getting"},
		{handoff.NoBot, conversation.Normal, "We are getting"},
		{handoff.Transferred, conversation.Normal, "We are getting"},
		{handoff.Complaint, conversation.High, "We are sorry"},
		{handoff.Anger, conversation.High, "We are sorry"},
	} {
		r := onSQLite(t)
		r.online(r.anna)
		id := r.queued(c.reason)
		got := r.get(id)
		if got.Status != conversation.Open || got.AgentID != 0 || got.Priority != c.priority || got.HandoffReason != string(c.reason) ||
			!got.QueuedAt.Equal(r.clock.Now()) || !got.TurnDue.IsZero() {
			t.Errorf("%s: %+v", c.reason, got)
		}
		line := r.last(id)
		if line.Content.Activity != "queued" || line.Private || line.Delivery != conversation.Queued ||
			!strings.HasPrefix(line.Text, c.before) || line.Content.ActivityData["reason"] != string(c.reason) {
			t.Errorf("%s: line %+v", c.reason, line)
		}
	}
}

func TestRequestRefusesAnUnknownReason(t *testing.T) {
	r := onSQLite(t)
	c := r.customer("en")
	err := r.DB.Tx(r.ctx, func(tx *db.Tx) error { return r.Request(r.ctx, tx, c, "boredom") })
	var field *conversation.FieldError
	if !errors.As(err, &field) || field.Field != "reason" {
		t.Error(err)
	}
}

func TestASecondRequestRepeatsThePlaceOnceAMinute(t *testing.T) {
	onBoth(t, func(r *room) {
		r.queued(handoff.Asked)
		id := r.queued(handoff.Asked)
		since := r.get(id).QueuedAt
		for _, step := range []struct {
			pass  time.Duration
			lines int
		}{{0, 1}, {59 * time.Second, 1}, {time.Second, 2}, {30 * time.Second, 2}, {30 * time.Second, 3}} {
			r.clock.pass(step.pass)
			r.request(id, handoff.Asked)
			if got := len(r.lines(id)); got != step.lines {
				r.Errorf("after %s: %d lines, want %d", step.pass, got, step.lines)
			}
		}
		if c := r.get(id); !c.QueuedAt.Equal(since) || r.standing(id).Position != 2 {
			r.Errorf("asking again moved the place: %+v", c)
		}
	})
}

func TestAnAngryWordInTheQueueMovesForward(t *testing.T) {
	r := onSQLite(t)
	r.queued(handoff.Asked)
	id := r.queued(handoff.Asked)
	r.request(id, handoff.Anger)
	if c := r.get(id); c.Priority != conversation.High || c.HandoffReason != "anger" || r.standing(id).Position != 1 || len(r.lines(id)) != 1 {
		t.Errorf("%+v, place %d, %s", c, r.standing(id).Position, r.kinds(id))
	}
}

func TestARequestToAnOwnerSaysNothing(t *testing.T) {
	r := onSQLite(t)
	id := r.held(r.anna)
	r.clock.pass(time.Hour)
	r.request(id, handoff.Asked)
	r.request(id, handoff.Complaint)
	if c := r.get(id); c.AgentID != r.anna.ID || c.Priority != conversation.High || r.kinds(id) != "queued claimed " {
		t.Errorf("%+v, %s", c, r.kinds(id))
	}
	r.sound(id)
}

func TestTheQueueIsPriorityThenTime(t *testing.T) {
	onBoth(t, func(r *room) {
		var ids []int64
		for _, reason := range []handoff.Reason{handoff.Asked, handoff.Complaint, handoff.NotUnderstood, handoff.Anger} {
			ids = append(ids, r.queued(reason))
			r.clock.pass(time.Second)
		}
		want := []int64{ids[1], ids[3], ids[0], ids[2]}
		queue, err := r.Conversations.Queue(r.ctx, r.DB, r.team.ID, 10)
		if err != nil || fmt.Sprint(queue) != fmt.Sprint(want) {
			r.Errorf("queue %v, want %v, %v", queue, want, err)
		}
		for i, id := range want {
			if got := r.standing(id).Position; got != i+1 {
				r.Errorf("conversation %d has place %d, want %d", id, got, i+1)
			}
		}
		if err := r.claim(want[0], r.anna, false); err != nil {
			r.Fatal(err)
		}
		if got := r.standing(want[3]).Position; got != 3 {
			r.Errorf("after a claim the last has place %d", got)
		}
	})
}

func TestStanding(t *testing.T) {
	r := onSQLite(t)
	bot, queued, held, done := r.customer("zh").ID, r.queued(handoff.Asked), r.held(r.anna), r.held(r.anna)
	r.tx(func(tx *db.Tx) error { _, err := r.Resolve(r.ctx, tx, done, r.anna); return err })
	for _, c := range []struct {
		name string
		id   int64
		want handoff.Place
	}{
		{"the bot's", bot, handoff.Place{}},
		{"queued", queued, handoff.Place{Position: 1}},
		{"an agent's", held, handoff.Place{AgentName: "Anna Chen"}},
		{"resolved", done, handoff.Place{}},
	} {
		if got := r.standing(c.id); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
	r.online(r.anna)
	if got := r.standing(queued); !got.AgentsOnline {
		t.Errorf("anna is on duty: %+v", got)
	}
}

func TestExpectedWait(t *testing.T) {
	onBoth(t, func(r *room) {
		r.online(r.anna)
		unknown := r.queued(handoff.Asked)
		if got := r.standing(unknown); got.Wait != 0 {
			r.Errorf("without a wait to learn from: %+v", got)
		}
		if err := r.resolve(unknown, r.anna); err != nil {
			r.Fatal(err)
		}
		for _, wait := range []time.Duration{3 * time.Minute, 90 * time.Second, 20 * time.Minute} {
			id := r.queued(handoff.Asked)
			r.clock.pass(wait)
			r.online(r.anna, r.lin)
			if err := r.claim(id, r.anna, false); err != nil {
				r.Fatal(err)
			}
		}
		first, second := r.queued(handoff.Asked), r.queued(handoff.Asked)
		if a, b := r.standing(first).Wait, r.standing(second).Wait; a != 2*time.Minute || b != 3*time.Minute {
			r.Errorf("median 3 min, two on duty: %s, %s", a, b) // 1.5 and 3 minutes
		}
		if got := r.last(second).Text; !strings.Contains(got, "number 2") || !strings.Contains(got, "about 3 min") {
			r.Errorf("told %q", got)
		}
	})
}

func TestAWaitThatBeganOffDutyDoesNotCount(t *testing.T) {
	r := onSQLite(t)
	night := r.queued(handoff.Asked)
	r.clock.pass(10 * time.Hour)
	r.online(r.anna)
	if err := r.claim(night, r.anna, false); err != nil {
		t.Fatal(err)
	}
	if got := r.standing(r.queued(handoff.Asked)); got != (handoff.Place{Position: 1, AgentsOnline: true}) {
		t.Errorf("%+v", got)
	}
}

// Whoever waits learns of each change of the queue, and nobody gets a message for it.
func TestQueueMovedPulsesWhoWaits(t *testing.T) {
	onBoth(t, func(r *room) {
		r.online(r.anna)
		front, middle, last := r.queued(handoff.Asked), r.queued(handoff.Asked), r.queued(handoff.Asked)
		waiting := r.Live.Subscribe(fmt.Sprint("conversation:", last))
		defer waiting.Close()
		for _, step := range []struct {
			name string
			do   func(tx *db.Tx) error
		}{
			{"claim", func(tx *db.Tx) error { _, err := r.Claim(r.ctx, tx, front, r.anna, false); return err }},
			{"release", func(tx *db.Tx) error { _, err := r.Release(r.ctx, tx, front, r.anna, handoff.ToQueue); return err }},
			{"transfer", func(tx *db.Tx) error {
				_, err := r.Transfer(r.ctx, tx, front, r.lin, handoff.Target{TeamID: r.other.ID}, "")
				return err
			}},
			{"snooze", func(tx *db.Tx) error {
				_, err := r.Snooze(r.ctx, tx, middle, r.anna, r.clock.Now().Add(time.Hour))
				return err
			}},
			{"resolve", func(tx *db.Tx) error { _, err := r.Resolve(r.ctx, tx, middle, r.anna); return err }},
		} {
			if step.name == "resolve" {
				r.tx(func(tx *db.Tx) error { _, err := r.Release(r.ctx, tx, middle, r.anna, handoff.ToQueue); return err })
				<-waiting.Pulses()
			}
			r.tx(step.do)
			if !pulsed(waiting) {
				r.Errorf("%s: no pulse", step.name)
			}
		}
		r.queued(handoff.Asked)
		if pulsed(waiting) {
			r.Error("a pulse for somebody behind")
		}
		r.request(r.queued(handoff.Asked), handoff.Complaint)
		if !pulsed(waiting) {
			r.Error("no pulse for somebody who passed by")
		}
		if got := r.kinds(last); got != "queued " {
			r.Errorf("told %s", got)
		}
		refused := errors.New("refused")
		_ = r.DB.Tx(r.ctx, func(tx *db.Tx) error { r.QueueMoved(r.ctx, tx, r.team.ID); return refused })
		if pulsed(waiting) {
			r.Error("a pulse for what was undone")
		}
	})
}

func pulsed(s *live.Subscription) bool {
	select {
	case <-s.Pulses():
		return true
	default:
		return false
	}
}

func TestWordsInTheCustomersLanguage(t *testing.T) {
	for _, c := range []struct {
		name, language string
		ahead          int
		onDuty         bool
		want           string
	}{
		{"next, zh", "zh", 0, true, "正在为您转接人工客服。您是下一位，请稍候，客服马上就来。"},
		{"third, zh", "zh", 2, true, "正在为您转接人工客服。您当前排在第 3 位，请稍候。"},
		{"off duty, zh", "zh", 1, false, "现在没有人工客服在线。您排在第 2 位，位置已为您保留，客服上线后会尽快回复您，您可以先留言。"},
		{"unknown language", "", 0, true, "正在为您转接人工客服。您是下一位，请稍候，客服马上就来。"},
		{"next, en", "en", 0, true, "We are getting a person for you. You are next in line. Somebody will be with you in a moment."},
		{"second, en-GB", "en-GB", 1, true, "We are getting a person for you. You are number 2 in the queue."},
		{"off duty, en", "en", 0, false, "Nobody is on duty right now. You are number 1 in the queue and your place is kept; we will answer as soon as somebody is back. You can leave a message meanwhile."},
	} {
		r := onSQLite(t)
		if c.onDuty {
			r.online(r.anna)
		}
		for range c.ahead {
			r.queued(handoff.Asked)
		}
		id := r.customer(c.language).ID
		r.request(id, handoff.Asked)
		if got := r.last(id).Text; got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
