package reports

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"huiyin/conversation"
)

// steps are written as "minute sender what", with - for an activity line.
func steps(lines string) []conversation.Step {
	var list []conversation.Step
	for line := range strings.Lines(lines) {
		word := strings.Fields(line)
		if len(word) == 0 {
			continue
		}
		var minute int
		_, _ = fmt.Sscan(word[0], &minute)
		s := conversation.Step{At: time.Date(2026, 11, 22, 1, minute, 0, 0, time.UTC), Sender: conversation.Sender(word[1])}
		switch word[1] {
		case "agent":
			s.AgentID = 7
		case "note":
			s.Sender, s.AgentID, s.Private = conversation.FromAgent, 7, true
		case "answer":
			s.Sender, s.Content.ArticleID = conversation.FromBot, 3
		case "refused":
			no := false
			s.Sender, s.Content.ArticleID, s.Helpful = conversation.FromBot, 3, &no
		case "-":
			s.Sender, s.Private = conversation.FromSystem, true
			s.Content.Activity, s.Content.ActivityData = word[2], map[string]string{}
			for _, pair := range word[3:] {
				key, value, _ := strings.Cut(pair, "=")
				s.Content.ActivityData[key] = value
			}
		case "rates":
			s.Sender, s.Content.Rating = conversation.FromContact, 5
		}
		list = append(list, s)
	}
	return list
}

func TestMeasure(t *testing.T) {
	for name, c := range map[string]struct{ story, want string }{
		"nothing yet":                                {"", ""},
		"a question that the bot solves":             {"0 contact\n1 answer\n60 - resolved reason=quiet", "started=1 received=1 resolved=60 bot_solved=1"},
		"an answer that did not help":                {"0 contact\n1 refused\n60 - resolved reason=quiet", "started=1 received=1 resolved=60"},
		"the bot asked back and the customer left":   {"0 contact\n1 bot\n60 - resolved reason=quiet", "started=1 received=1 resolved=60"},
		"an agent is asked for, takes it and writes": {"0 contact\n2 - queued reason=asked\n5 - claimed agent_id=7\n6 agent\n7 contact\n8 agent\n9 - resolved agent_id=7", "started=1 received=2 handed_off=1 waited=3/7 first_response=4/7 replied=2/7 resolved=9/7"},
		"a note is no response":                      {"0 contact\n2 - queued\n3 note\n4 - claimed agent_id=7\n9 agent", "started=1 received=1 handed_off=1 waited=2/7 first_response=7/7 replied=1/7"},
		"put back, and taken again":                  {"0 contact\n1 - queued\n2 - claimed agent_id=7\n3 - requeued\n8 - claimed agent_id=8", "started=1 received=1 handed_off=1 waited=1/7 waited=5/8"},
		"handed to a colleague":                      {"0 contact\n1 - queued\n2 - claimed agent_id=7\n3 - transferred to_agent_id=8\n9 - resolved", "started=1 received=1 handed_off=1 waited=1/7 resolved=9/8"},
		"handed to a team":                           {"0 contact\n1 - queued\n2 - claimed agent_id=7\n3 - transferred team=x\n5 - claimed agent_id=8", "started=1 received=1 handed_off=1 waited=1/7 waited=2/8"},
		"left the queue unserved":                    {"0 contact\n1 - queued\n9 - resolved reason=quiet", "started=1 received=1 handed_off=1 unserved=8 resolved=9"},
		"given back to the bot from the queue":       {"0 contact\n1 - queued\n4 - bot_resumed", "started=1 received=1 handed_off=1 unserved=3"},
		"an agent steps in unasked":                  {"0 contact\n3 - claimed agent_id=7\n4 agent", "started=1 received=1 handed_off=1 first_response=1/7 replied=1/7"},
		"two matters":                                {"0 contact\n1 answer\n5 - resolved\n9 contact\n10 - queued\n12 - resolved", "started=1 received=2 resolved=5 bot_solved=1 started=1 handed_off=1 unserved=2 resolved=3"},
		"taken up again by an agent":                 {"0 contact\n5 - resolved agent_id=7\n9 - reopened agent_id=8\n11 agent\n19 - resolved", "started=1 received=1 resolved=5/7 reopened=1/8 first_response=2/7 replied=1/7 resolved=10/8"},
		"a rating is no new matter":                  {"0 contact\n5 - resolved agent_id=7\n9 rates", "started=1 received=1 resolved=5/7"},
		"a late line after the end":                  {"0 contact\n5 - resolved\n6 - resolved", "started=1 received=1 resolved=5"},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, f := range measure(conversation.Trace{Steps: steps(c.story)}, nil, time.UTC) {
				value := f.Value
				if f.Kind.Timed() {
					value /= time.Minute.Milliseconds()
				}
				word := fmt.Sprintf("%s=%d", f.Kind, value)
				if f.AgentID != 0 {
					word += fmt.Sprintf("/%d", f.AgentID)
				}
				got = append(got, word)
			}
			if a, b := sorted(got), sorted(strings.Fields(c.want)); a != b {
				t.Errorf("got  %s\nwant %s", a, b)
			}
		})
	}
}

func TestMeasureBesidesTheThread(t *testing.T) {
	at := time.Date(2026, 11, 21, 17, 0, 0, 0, time.UTC) // already the 22nd in Shanghai
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	facts := measure(conversation.Trace{AskedAt: at, Rating: conversation.Rating{Score: 2, At: at, AgentID: 7}},
		[]Deadline{{At: at, Kept: true, Used: time.Minute}, {At: at, AgentID: 7, Used: time.Hour}}, zone)
	want := []Fact{{Asked, 20261122, 1, 0, 1}, {Rated, 20261122, 1, 7, 2}, {Kept, 20261122, 1, 0, 60_000}, {Missed, 20261122, 1, 7, 3_600_000}}
	if fmt.Sprint(facts) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", facts, want)
	}
}

func TestQuantiles(t *testing.T) {
	s := spread{}
	for minute := 1; minute <= 100; minute++ {
		s[bucketOf(Waited, int64(minute)*60_000)]++
	}
	kept := spread{}
	kept.add(s.String(), 1)
	for share, want := range map[float64]float64{0.5: 50, 0.9: 90, 0.01: 1} {
		if got := kept.quantile(Waited, share) / 60_000; got < want*0.95 || got > want*1.05 {
			t.Errorf("%v: %.2f minutes, want %v", share, got, want)
		}
	}
	if got := (spread{2: 1, 5: 3}).quantile(Rated, 0.5); got != 5 {
		t.Errorf("a score: %v", got)
	}
	if got := (spread{}).quantile(Waited, 0.5); got != 0 {
		t.Errorf("nothing: %v", got)
	}
	kept.add(s.String(), -1)
	kept.add("x 1:y 7", 1)
	if kept.String() != "" {
		t.Errorf("taken away again: %q", kept)
	}
}
