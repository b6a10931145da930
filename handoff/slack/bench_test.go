package slack_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"huiyin/db"
	"huiyin/handoff"
	"huiyin/handoff/slack"
	"huiyin/handoff/slack/simulator"
)

// BenchmarkHandOffToCard is how long it takes from a customer's being handed over until the card is in Slack, which
// answers at once. The goal is a second.
func BenchmarkHandOffToCard(b *testing.B) {
	o := quick(b, setup{slack: simulator.Options{NoLimit: true}})
	var took []time.Duration
	for i := range b.N {
		began := time.Now()
		o.thread(o.customer(fmt.Sprint("Customer ", i), "my bill is wrong"))
		took = append(took, time.Since(began))
		time.Sleep(2 * time.Second) // the card and what was said before are two messages, and Slack takes one a second in a channel
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms/p50")
	b.ReportMetric(float64(took[len(took)-1].Microseconds())/1000, "ms/max")
}

// BenchmarkTwoHundredThreads keeps 200 conversations in 20 channels busy within Slack's limits: every line is shown
// once and in order, and few calls are refused.
func BenchmarkTwoHundredThreads(b *testing.B) {
	const channels, each, lines = 20, 10, 3
	for range b.N {
		o := quick(b, setup{})
		teams := o.rooms(channels)
		began := time.Now()
		for i := range channels * each {
			o.wait(fmt.Sprint("Customer ", i), "line 1", teams[i%channels])
			for n := 2; n <= lines; n++ {
				o.says(fmt.Sprint("Customer ", i), fmt.Sprint("line ", n))
			}
		}
		o.settled()
		wrong, refused := 0, 0
		for _, ch := range o.slack.Channels() {
			told := map[string]int{}
			for _, m := range ch.Messages {
				if m.ThreadTS == "" || m.ThreadTS == m.TS || m.BotID == "" {
					continue
				}
				told[m.ThreadTS]++
				if !strings.Contains(m.Text, fmt.Sprint("line ", told[m.ThreadTS])) && strings.Contains(m.Text, "line") {
					wrong++
				}
			}
		}
		for _, c := range o.slack.Calls("") {
			if c.Error != "" {
				refused++
			}
		}
		b.ReportMetric(time.Since(began).Seconds(), "s")
		b.ReportMetric(float64(wrong), "out-of-order")
		b.ReportMetric(float64(refused), "refused")
	}
}

// rooms makes teams, each with a channel of its own.
func (o *office) rooms(n int) (teams []int64) {
	o.Helper()
	places := map[int64]string{}
	o.tx(func(tx *db.Tx) error {
		for i := range n {
			team, err := o.desk.CreateTeam(o.ctx, tx, handoff.Team{Name: fmt.Sprint("Team ", i)})
			if err != nil {
				return err
			}
			teams = append(teams, team.ID)
			places[team.ID] = o.slack.Open(fmt.Sprint("team-", i))
		}
		return nil
	})
	o.configure(func(a *slack.App) { a.Channels = places })
	return teams
}

// wait has a customer wait for a team.
func (o *office) wait(name, question string, team int64) {
	o.Helper()
	id := o.says(name, question)
	o.tx(func(tx *db.Tx) error {
		c, err := o.store.Load(o.ctx, tx, id)
		if err != nil {
			return err
		}
		c.TeamID = team
		return o.desk.Request(o.ctx, tx, c, handoff.Asked)
	})
}

// settled waits until everything stands in Slack.
func (o *office) settled() {
	o.Helper()
	for end := time.Now().Add(10 * time.Minute); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if h := o.health(); h.Waiting == 0 {
			return
		}
	}
	o.Fatal("not everything came to Slack")
}
