package slack_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"huiyin/handoff/slack/simulator"
	"huiyin/live"
)

// Two programs on one database, each with a connection of Socket Mode: Slack gives each event to one of them, and what it
// repeats may come to the other.
func TestTwoNodesHeedEachEventOnce(t *testing.T) {
	onBoth(t, setup{prefix: "!!", slack: simulator.Options{NoLimit: true}}, func(o *office) {
		o.start(o.node(live.NewHub(nil)))
		o.await("two connections", func() bool { return o.slack.Links() == 2 })
		id := o.customer("Wang Li", "line 1")
		card := o.thread(id)
		var remarks, sent []string
		for i := range 12 {
			text := fmt.Sprint("remark ", i)
			if i%3 == 0 {
				sent = append(sent, fmt.Sprint("answer ", i))
				text = fmt.Sprint("!!answer ", i)
			} else {
				remarks = append(remarks, text)
			}
			if _, err := o.slack.Write(o.annaIn, o.channel, card.TS, text); err != nil {
				o.Fatal(err)
			}
			o.says("Wang Li", fmt.Sprint("line ", i+2))
		}
		o.until("everything being heeded", func() bool { return len(o.sent(id)) >= len(sent) && len(o.notes(id)) >= len(remarks) })
		o.wantTale(card.TS, 13)
		if got := o.sent(id); !sameInAnyOrder(got, sent) {
			o.Fatalf("the customer gets %q, want %q", got, sent)
		}
		if got := o.notes(id); !sameInAnyOrder(got, remarks) {
			o.Fatalf("the notes are %q, want %q", got, remarks)
		}
		for _, text := range sent {
			stands := func() (n int) {
				for _, m := range o.slack.Messages(o.channel, card.TS) {
					if m.BotID != "" && slices.Contains(strings.Split(m.Text, "\n"), "> "+text) { // alone, or with what came meanwhile
						n++
					}
				}
				return n
			}
			o.await(text, func() bool { return stands() > 0 })
			if n := stands(); n != 1 {
				o.Fatalf("%q stands %d times in the thread", text, n)
			}
		}
	})
}

// sameInAnyOrder compares what came over several connections, which keep no order among them; nothing is double.
func sameInAnyOrder(a, b []string) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

// notes are the private notes of a conversation, in order.
func (o *office) notes(id int64) (texts []string) {
	o.Helper()
	for _, m := range o.messages(id) {
		if m.Private {
			texts = append(texts, m.Text)
		}
	}
	return texts
}

// An event that Slack repeats comes to another node, while the first still heeds it or after.
func TestAnEventThatBothNodesGetIsHeededOnce(t *testing.T) {
	onBoth(t, setup{http: true, prefix: "!!"}, func(o *office) {
		first := o.web
		second := o.node(live.NewHub(nil))
		o.start(second)
		o.board = second
		o.serveOnly()
		id := o.customer("Wang Li", "my bill is wrong")
		card := o.thread(id)
		event := fmt.Sprintf(`{"type":"event_callback","team_id":"T0HUIYIN","event_id":"EvBoth","event":{"type":"message","channel":%q,"user":%q,"text":"!! once","ts":"1.000001","thread_ts":%q}}`,
			o.channel, o.annaIn, card.TS)
		done := make(chan int, 8)
		for i := range 8 {
			web := []string{first.URL, o.web.URL}[i%2]
			go func() { done <- o.bringTo(web, forged{path: "/hooks/slack/events", body: event}) }()
		}
		for range 8 {
			if got := <-done; got != 200 {
				o.Error("answered with", got)
			}
		}
		o.until("the reply", func() bool { return len(o.sent(id)) > 0 })
		o.until("nothing being under way", func() bool {
			var n int
			return o.store.DB.QueryRow(o.ctx, "SELECT COUNT(*) FROM slack_events WHERE due_at IS NOT NULL").Scan(&n) == nil && n == 0
		})
		if got := o.sent(id); len(got) != 1 {
			o.Fatalf("the customer gets %q", got)
		}
	})
}
