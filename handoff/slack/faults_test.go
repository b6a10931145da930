package slack_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff"
	"huiyin/handoff/slack"
	"huiyin/handoff/slack/simulator"
)

// tale is what a thread tells of the customer, in order.
func (o *office) tale(root string) (said []string) {
	for _, m := range o.slack.Messages(o.channel, root) {
		for _, line := range strings.Split(m.Text, "\n") {
			if strings.HasPrefix(line, "> line ") {
				said = append(said, strings.TrimPrefix(line, "> "))
			}
		}
	}
	return said
}

func (o *office) wantTale(root string, n int) {
	o.Helper()
	o.await(fmt.Sprintf("line %d", n), func() bool { return len(o.tale(root)) >= n })
	for i, line := range o.tale(root) {
		if want := fmt.Sprint("line ", i+1); line != want {
			o.Fatalf("the thread tells %q", o.tale(root))
		}
	}
	if got := len(o.tale(root)); got != n {
		o.Fatalf("the thread tells %d lines, want %d: %q", got, n, o.tale(root))
	}
}

func TestWhateverGoesWrongAThreadTellsEverythingOnceAndInOrder(t *testing.T) {
	for name, fault := range map[string]simulator.Fault{
		"Slack is down":                   {Method: "", Do: "status", Status: 503, Times: 3},
		"Slack hangs up":                  {Method: "chat.postMessage", Do: "drop", Times: 2},
		"answers are lost":                {Method: "chat.postMessage", Do: "lost", Times: 2},
		"half an answer":                  {Method: "chat.postMessage", Do: "half", Times: 2},
		"Slack asks to wait":              {Method: "chat.postMessage", Do: "status", Status: 429, After: time.Second, Times: 2},
		"the card cannot be changed":      {Method: "chat.update", Do: "status", Status: 500, Times: 2},
		"the answer to a change is lost":  {Method: "chat.update", Do: "lost", Times: 2},
		"threads cannot be read for once": {Method: "conversations.replies", Do: "status", Status: 500, Times: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := quick(t, setup{slack: simulator.Options{NoLimit: true}})
			id := o.customer("Wang Li", "line 1")
			root := o.thread(id)
			o.wantTale(root.TS, 1)
			o.slack.Break(fault)
			for i := 2; i <= 6; i++ {
				o.says("Wang Li", fmt.Sprint("line ", i))
			}
			o.wantTale(root.TS, 6)
		})
	}
}

func TestANodeThatDiesDoublesNothing(t *testing.T) {
	onBoth(t, setup{slack: simulator.Options{NoLimit: true}}, func(o *office) {
		id := o.customer("Wang Li", "line 1")
		root := o.thread(id)
		for i := 2; i <= 9; i++ {
			if i%3 == 0 { // the answer to a post is lost, and with it the node
				o.slack.Break(simulator.Fault{Method: "chat.postMessage", Do: "lost", Times: 1})
			}
			o.says("Wang Li", fmt.Sprint("line ", i))
			if i%3 == 0 {
				o.await("the post", func() bool { return len(o.tale(root.TS)) >= i })
				o.stop()
				o.forsake()
				o.run()
			}
		}
		o.wantTale(root.TS, 9)
	})
}

// forsake leaves the rows as a node that was killed leaves them, with leases that have run out.
func (o *office) forsake() {
	o.Helper()
	o.tx(func(tx *db.Tx) error {
		_, err := tx.Exec(o.ctx, "UPDATE mirrors SET lease_token = 'dead', lease_until = 1, due_at = 1")
		return err
	})
}

func TestSlackAwayForAnHour(t *testing.T) {
	o := quick(t, setup{slack: simulator.Options{NoLimit: true}})
	id := o.customer("Wang Li", "line 1")
	root := o.thread(id)
	o.slack.Break(simulator.Fault{Do: "drop"})
	o.slack.Cut()
	for i := 2; i <= 20; i++ {
		o.says("Wang Li", fmt.Sprint("line ", i))
	}
	o.tx(func(tx *db.Tx) error { // the console goes on
		_, err := o.desk.Claim(o.ctx, tx, id, o.anna, false)
		return err
	})
	other := o.customer("Ann Smith", "hello")
	o.slack.Mend()
	o.wantTale(root.TS, 20)
	o.thread(other)
	o.await("the card saying who has it", func() bool { return strings.Contains(shownText(o.thread(id)), "With Anna") })
}

func TestAChannelThatIsArchivedAndAnAppThatIsRemoved(t *testing.T) {
	o := quick(t, setup{slack: simulator.Options{NoLimit: true}})
	root := o.thread(o.customer("Wang Li", "line 1"))
	o.wantTale(root.TS, 1)
	o.slack.Archive(o.channel, o.annaIn, true)
	o.says("Wang Li", "line 2")
	o.until("the trouble with the channel", func() bool { return strings.Contains(o.health().Problem, "archived") })
	o.slack.Archive(o.channel, o.annaIn, false)
	o.wantTale(root.TS, 2)

	o.slack.Uninstall()
	o.says("Wang Li", "line 3")
	o.until("the trouble with the app", func() bool { return strings.Contains(o.health().Problem, "removed") })
	o.slack.Install("xoxb-2")
	o.configure(func(a *slack.App) { a.BotToken = "xoxb-2" })
	o.wantTale(root.TS, 3)
	o.until("the end of the trouble", func() bool { return o.health().Problem == "" })
}

func (o *office) health() slack.Health {
	o.Helper()
	h, err := o.board.Health(o.ctx, o.store.DB)
	if err != nil {
		o.Fatal(err)
	}
	return h
}

func TestAnotherTeamsChannelGetsAThreadOfItsOwn(t *testing.T) {
	o := quick(t, setup{})
	second := o.slack.Open("network")
	var network handoff.Team
	o.tx(func(tx *db.Tx) (err error) {
		network, err = o.desk.CreateTeam(o.ctx, tx, handoff.Team{Name: "Network"})
		return err
	})
	o.configure(func(a *slack.App) { a.Channels[network.ID] = second })
	id := o.customer("Wang Li", "my line is down")
	card := o.thread(id)
	o.press(o.annaIn, card, "transfer")
	o.await("the dialog", func() bool { return o.slack.Dialog(o.annaIn) != nil })
	if err := o.slack.Submit(o.annaIn, map[string]any{"to": fmt.Sprint("t", network.ID), "note": "for you"}); err != nil {
		t.Fatal(err)
	}
	o.await("the card in the other channel", func() bool {
		found := o.slack.Messages(second, "")
		return len(found) > 0 && strings.Contains(found[0].Text, "Wang Li")
	})
	o.await("the old card's farewell", func() bool {
		return strings.Contains(o.slack.Messages(o.channel, card.TS)[0].Text, "has moved to <#"+second)
	})
	o.press2(second)
	if c := o.conversation(id); c.AgentID != 0 {
		t.Fatal("somebody of another team has claimed it")
	}
	o.whispered(o.annaIn, "another team's")
}

// press2 has Anna, who is not in the team of the channel, press its first card.
func (o *office) press2(channel string) {
	o.Helper()
	o.slack.Invite(channel, o.annaIn)
	if err := o.slack.Press(o.annaIn, channel, o.slack.Messages(channel, "")[0].TS, "claim", ""); err != nil {
		o.Fatal(err)
	}
}

func TestAReplyWrittenBeforeAColleaguesIsShownTheirsFirst(t *testing.T) {
	o := quick(t, setup{})
	id := o.customer("Wang Li", "my bill is wrong")
	card := o.thread(id)
	o.press(o.annaIn, card, "reply")
	o.await("the dialog", func() bool { return o.slack.Dialog(o.annaIn) != nil })
	o.tx(func(tx *db.Tx) error {
		c, err := o.store.Load(o.ctx, tx, id)
		if err != nil {
			return err
		}
		if err := o.desk.MayReply(o.ctx, tx, c, o.lin); err != nil {
			return err
		}
		if _, err := o.store.Reply(o.ctx, tx, c, conversation.Draft{Sender: conversation.FromAgent, AgentID: o.lin.ID, Text: "It was our mistake."}); err != nil {
			return err
		}
		_, err = o.desk.Release(o.ctx, tx, id, o.lin, handoff.ToQueue)
		return err
	})
	if err := o.slack.Submit(o.annaIn, map[string]any{"text": "It is right."}); err != nil {
		t.Fatal(err)
	}
	d := o.slack.Dialog(o.annaIn)
	if d == nil || !strings.Contains(string(d.Blocks), "It was our mistake.") || !strings.Contains(string(d.Blocks), "It is right.") {
		t.Fatalf("the dialog is %+v", d)
	}
	if got := o.sent(id); len(got) != 1 {
		t.Fatalf("the customer gets %q", got)
	}
	if err := o.slack.Submit(o.annaIn, map[string]any{"text": "Lin is right."}); err != nil {
		t.Fatal(err)
	}
	if got := o.sent(id); len(got) != 2 || got[1] != "Lin is right." {
		t.Fatalf("the customer gets %q", got)
	}
}

func TestSnoozeAndStaleCards(t *testing.T) {
	o := quick(t, setup{})
	id := o.customer("Wang Li", "my bill is wrong")
	card := o.thread(id)
	o.press(o.annaIn, card, "claim")
	o.press(o.annaIn, o.thread(id), "snooze")
	o.await("the dialog", func() bool { return o.slack.Dialog(o.annaIn) != nil })
	if err := o.slack.Submit(o.annaIn, map[string]any{"until": "4h0m0s"}); err != nil {
		t.Fatal(err)
	}
	if c := o.conversation(id); c.Status != conversation.Snoozed {
		t.Fatal("it is", c.Status)
	}
	o.tx(func(tx *db.Tx) error {
		_, err := o.desk.Resolve(o.ctx, tx, id, o.anna)
		return err
	})
	o.await("the resolved card", func() bool { return strings.Contains(shownText(o.thread(id)), "Resolved") })
	o.stop() // so that the card is old when it is pressed
	o.tx(func(tx *db.Tx) error {
		_, err := o.desk.Reopen(o.ctx, tx, id, o.anna)
		return err
	})
	o.run()
	o.await("a connection", func() bool { return o.slack.Links() > 0 })
	_ = o.slack.Press(o.linIn, o.channel, card.TS, "reopen", "") // the card may have been changed meanwhile
	if c := o.conversation(id); c.AgentID != o.anna.ID {
		t.Fatal("an old card took it from its owner")
	}
}

func TestFilesGoBothWays(t *testing.T) {
	onBoth(t, setup{prefix: "!!"}, func(o *office) {
		id := o.customer("Wang Li", "look at this")
		card := o.thread(id)
		o.shows(card.TS, "look at this")
		stored, err := o.files.Put(strings.NewReader("a photo"), 100)
		if err != nil {
			o.Fatal(err)
		}
		var photo conversation.Attachment
		o.tx(func(tx *db.Tx) (err error) {
			photo, err = o.store.AddAttachment(o.ctx, tx, "visitor", "photo.txt", stored)
			return err
		})
		o.says("Wang Li", "the photo", photo.ID)
		o.await("the photo in the thread", func() bool {
			for _, m := range o.slack.Messages(o.channel, card.TS) {
				if len(m.Files) == 1 && string(m.Files[0].Data) == "a photo" {
					return true
				}
			}
			return false
		})
		if _, err := o.slack.Share(o.annaIn, o.channel, card.TS, "bill.txt", "!! the bill", []byte("42 yuan")); err != nil {
			o.Fatal(err)
		}
		o.until("the bill", func() bool { return o.got(id, "the bill", "42 yuan") })
		ts, err := o.slack.Share(o.annaIn, o.channel, card.TS, "plan.txt", "the plan", []byte("plan B"))
		if err != nil {
			o.Fatal(err)
		}
		if err := o.slack.Shortcut(o.annaIn, o.channel, ts, "send_to_customer"); err != nil {
			o.Fatal(err)
		}
		o.await("the dialog", func() bool { return o.slack.Dialog(o.annaIn) != nil })
		if err := o.slack.Submit(o.annaIn, nil); err != nil {
			o.Fatal(err)
		}
		o.until("the plan", func() bool { return o.got(id, "the plan", "plan B") })
	})
}

// got tells whether the customer is sent a text with a file.
func (o *office) got(id int64, text, content string) bool {
	for _, m := range o.messages(id) {
		if m.Private || m.Sender != conversation.FromAgent || m.Text != text || len(m.Attachments) != 1 {
			continue
		}
		return m.Attachments[0].Size == int64(len(content))
	}
	return false
}

func TestOnDutyInSlackIsASignOfLife(t *testing.T) {
	o := quick(t, setup{})
	if _, err := o.slack.Command(o.annaIn, o.channel, "/huiyin", "online"); err != nil {
		t.Fatal(err)
	}
	presence := func() handoff.Presence {
		a, err := o.desk.Agent(o.ctx, o.store.DB, o.anna.ID)
		if err != nil {
			t.Fatal(err)
		}
		return a.Presence
	}
	if presence() != handoff.Online {
		t.Fatal("she is", presence())
	}
	id := o.customer("Wang Li", "my bill is wrong")
	o.press(o.annaIn, o.thread(id), "claim")
	o.slack.OpenHome(o.annaIn)
	o.await("her home", func() bool {
		v := o.slack.Home(o.annaIn)
		return v != nil && strings.Contains(string(v.Blocks), "Wang Li")
	})
	home := o.slack.Home(o.annaIn)
	if err := o.slack.PressView(o.annaIn, home.ID, "away", ""); err != nil {
		t.Fatal(err)
	}
	if presence() != handoff.Away {
		t.Fatal("she is", presence())
	}
}
