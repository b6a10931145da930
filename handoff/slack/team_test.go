package slack_test

import (
	"fmt"
	"strings"
	"testing"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
	"huiyin/handoff/slack"
	"huiyin/handoff/slack/simulator"
)

// transfer gives a conversation to a team, as Anna would in the console.
func (o *office) transfer(id int64, team int64) {
	o.Helper()
	o.tx(func(tx *db.Tx) error {
		if _, err := o.desk.Claim(o.ctx, tx, id, o.anna, false); err != nil {
			return err
		}
		_, err := o.desk.Transfer(o.ctx, tx, id, o.anna, handoff.Target{TeamID: team}, "")
		return err
	})
}

func (o *office) newTeam(name string) (team handoff.Team) {
	o.Helper()
	o.tx(func(tx *db.Tx) (err error) {
		team, err = o.desk.CreateTeam(o.ctx, tx, handoff.Team{Name: name})
		return err
	})
	return team
}

// reads gives the texts that stand in a channel and its threads, but those shown to one person alone.
func (o *office) reads(channel string) string {
	var all strings.Builder
	for _, m := range o.slack.Messages(channel, "") {
		if m.Ephemeral == "" {
			all.WriteString(shownText(m) + "\n")
		}
	}
	return all.String()
}

func TestATeamWithoutAChannelIsNotReadByAnother(t *testing.T) {
	onBoth(t, setup{slack: simulator.Options{NoLimit: true}}, func(o *office) {
		vip := o.newTeam("VIP")
		o.configure(func(a *slack.App) { a.Channels = map[int64]string{o.team.ID: o.channel} })
		id := o.customer("Wang Li", "my bill is wrong")
		card := o.thread(id)
		o.transfer(id, vip.ID)
		o.await("the farewell", func() bool {
			return strings.Contains(o.slack.Messages(o.channel, card.TS)[0].Text, "does not work in Slack")
		})
		o.until("the thread's being left", func() bool {
			var n int
			return o.store.DB.QueryRow(o.ctx, "SELECT COUNT(*) FROM mirror_past WHERE conversation_id = ?", id).Scan(&n) == nil && n == 1
		})
		o.says("Wang Li", "a secret of the VIP team's")
		if _, err := o.slack.Write(o.annaIn, o.channel, card.TS, "is he still there?"); err != nil {
			o.Fatal(err)
		}
		o.whispered(o.annaIn, "This thread is over")
		other := o.customer("Ann Smith", "the barrier")
		o.shows(o.thread(other).TS, "the barrier")
		o.until("everything being in step", func() bool { return o.health() == slack.Health{} })
		if all := o.reads(o.channel); strings.Contains(all, "secret") {
			o.Fatal("another team reads", all)
		}
		if o.noted(id, "still there") {
			o.Fatal("a remark in the old thread became a note of another team's conversation")
		}

		second := o.slack.Open("vip")
		o.configure(func(a *slack.App) { a.Channels[vip.ID] = second })
		o.await("the thread of the new team, with what was said before", func() bool {
			all := o.reads(second)
			return strings.Contains(all, "my bill is wrong") && strings.Contains(all, "a secret of the VIP team's")
		})
	})
}

func TestAChannelThatIsNamedLaterShowsWhoWaitsAlready(t *testing.T) {
	o := quick(t, setup{})
	vip := o.newTeam("VIP")
	o.configure(func(a *slack.App) { a.Channels = map[int64]string{vip.ID: o.slack.Open("vip")} })
	id := o.customer("Wang Li", "my bill is wrong")
	o.until("its being passed over", func() bool {
		var read, last int64
		err := o.store.DB.QueryRow(o.ctx, "SELECT (SELECT n FROM mirror_cursors WHERE board = 'slack'), (SELECT MAX(n) FROM events)").Scan(&read, &last)
		return err == nil && read == last
	})
	o.configure(func(a *slack.App) { a.Channels[0] = o.channel })
	o.shows(o.thread(id).TS, "my bill is wrong")
	o.configure(func(a *slack.App) { a.Language = "zh" })
	o.await("the card in the other language", func() bool { return strings.Contains(shownText(o.thread(id)), "排队中") })
}

func TestACardWhoseAnswerWasLostSaysWhatIsTrueNow(t *testing.T) {
	o := quick(t, setup{})
	o.slack.Break(simulator.Fault{Method: "chat.postMessage", Do: "lost", Times: 1})
	id := o.customer("Wang Li", "my bill is wrong")
	o.until("the answer to be lost", func() bool {
		var problem string
		err := o.store.DB.QueryRow(o.ctx, "SELECT problem FROM mirrors WHERE board = 'slack'").Scan(&problem)
		return err == nil && problem != ""
	})
	o.configure(func(a *slack.App) { a.Language = "zh" })
	o.await("the card in the other language", func() bool { return strings.Contains(shownText(o.thread(id)), "排队中") })
}

func TestACardThatSomebodyDeletedComesBack(t *testing.T) {
	o := quick(t, setup{slack: simulator.Options{NoLimit: true}})
	id := o.customer("Wang Li", "line 1")
	first := o.thread(id)
	o.wantTale(first.TS, 1)
	if err := o.slack.Erase(o.channel, first.TS); err != nil {
		t.Fatal(err)
	}
	o.tx(func(tx *db.Tx) error {
		_, err := o.desk.Claim(o.ctx, tx, id, o.anna, false)
		return err
	})
	var second simulator.Message
	o.await("a second card", func() bool {
		for _, m := range o.slack.Messages(o.channel, "") {
			if m.BotID != "" && m.TS != first.TS && (m.ThreadTS == "" || m.ThreadTS == m.TS) && strings.Contains(m.Text, fmt.Sprintf("#%d ", id)) {
				second = m
				return true
			}
		}
		return false
	})
	o.says("Wang Li", "line 2")
	o.wantTale(second.TS, 2)
}

func TestADeactivatedAgentTakesNobodyOffDuty(t *testing.T) {
	o := quick(t, setup{})
	for _, user := range []string{o.annaIn, o.linIn} {
		if _, err := o.slack.Command(user, o.channel, "/huiyin", "online"); err != nil {
			t.Fatal(err)
		}
	}
	o.stop()
	o.tx(func(tx *db.Tx) error {
		_, err := tx.Exec(o.ctx, "UPDATE agents SET active = 0, seen_at = 1 WHERE id = ?", o.anna.ID)
		if err == nil {
			_, err = tx.Exec(o.ctx, "UPDATE agents SET seen_at = 1 WHERE id = ?", o.lin.ID)
		}
		return err
	})
	o.desk = handoff.New(o.store.DB, o.store, o.live)
	o.start(o.node(o.live))
	o.until("Lin's sign of life", func() bool {
		var seen int64
		return o.store.DB.QueryRow(o.ctx, "SELECT seen_at FROM agents WHERE id = ?", o.lin.ID).Scan(&seen) == nil && seen > 1
	})
	o.until("Anna being off duty", func() bool {
		l, ok, err := o.board.LinkOf(o.ctx, o.store.DB, o.anna.ID)
		return err == nil && ok && !l.OnDuty
	})
}

func TestWhatGoesWrongInTheAppHomeIsToldThere(t *testing.T) {
	o := quick(t, setup{})
	id := o.customer("Wang Li", "my bill is wrong")
	o.press(o.annaIn, o.thread(id), "claim")
	o.slack.OpenHome(o.annaIn)
	shows := func(text string) func() bool {
		return func() bool {
			v := o.slack.Home(o.annaIn)
			return v != nil && strings.Contains(string(v.Blocks), text)
		}
	}
	o.await("her home", shows("Wang Li"))
	old := o.slack.Home(o.annaIn)
	o.tx(func(tx *db.Tx) error {
		if _, err := o.desk.Release(o.ctx, tx, id, o.anna, handoff.ToQueue); err != nil {
			return err
		}
		_, err := o.desk.Claim(o.ctx, tx, id, o.lin, false)
		return err
	})
	if err := o.slack.PressView(o.annaIn, old.ID, "resolve", ""); err != nil {
		t.Fatal(err)
	}
	o.await("who has it", shows("Lin has this conversation"))
	if c := o.conversation(id); c.Status != conversation.Open || c.AgentID != o.lin.ID {
		t.Fatal("it was changed:", c.Status, c.AgentID)
	}
}
