package wecom

import (
	"testing"
	"time"
)

func TestARobotPostsNoMoreThanTwentyAMinute(t *testing.T) {
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	p := &pace{now: func() time.Time { return now }, at: map[string]time.Time{}}
	var posted []time.Time
	for range 3000 {
		if p.take("a") == 0 {
			posted = append(posted, now)
		}
		now = now.Add(100 * time.Millisecond)
	}
	if len(posted) < 80 {
		t.Fatal("only", len(posted), "in five minutes")
	}
	for i := 20; i < len(posted); i++ {
		if d := posted[i].Sub(posted[i-20]); d < minute {
			t.Fatalf("21 notices within %s", d)
		}
	}
	p.rest("a", minute)
	if due := p.take("a"); due != minute || p.take("b") != 0 {
		t.Fatal("a robot that rests is due in", due)
	}
}
