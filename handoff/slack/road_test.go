package slack_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff/slack"
	"huiyin/handoff/slack/simulator"
)

// serve gives Slack our URLs.
func (o *office) serve() {
	o.serveOnly()
	o.slack.Configure(func(a *simulator.App) {
		a.EventsURL, a.ActionsURL = o.web.URL+"/hooks/slack/events", o.web.URL+"/hooks/slack/actions"
	})
	if err := o.slack.Verify(o.web.URL + "/hooks/slack/events"); err != nil {
		o.Fatal(err)
	}
}

// serveOnly has our side listen, without Slack knowing.
func (o *office) serveOnly() {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /hooks/slack/events", o.board.ServeEvents)
	mux.HandleFunc("POST /hooks/slack/actions", o.board.ServeActions)
	o.web = httptest.NewServer(mux)
	o.Cleanup(o.web.Close)
}

func TestAHandOffIsWorkedEntirelyFromItsThread(t *testing.T) {
	for name, overHTTP := range map[string]bool{"socket mode": false, "request URLs": true} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, setup{http: overHTTP}, func(o *office) {
				id := o.customer("Wang Li", "my bill is wrong <!channel>")
				card := o.thread(id)
				if !strings.Contains(shownText(card), "asked for a person") || !strings.Contains(shownText(card), "my bill is wrong &lt;!channel&gt;") {
					o.Fatal("the card shows", shownText(card))
				}
				o.press(o.annaIn, card, "claim")
				if c := o.conversation(id); c.AgentID != o.anna.ID {
					o.Fatal("Anna has not got it:", c.AgentID)
				}
				o.await("the card saying who has it", func() bool { return strings.Contains(shownText(o.thread(id)), "With Anna") })
				o.says("Wang Li", "are you there?")
				o.shows(card.TS, "are you there?")
				o.reply(o.annaIn, card, "Let me see <b>.")
				if got := o.sent(id); len(got) != 1 || got[0] != "Let me see <b>." {
					o.Fatalf("the customer gets %q", got)
				}
				o.shows(card.TS, "Let me see &lt;b&gt;.")
				o.delivered(id)
				o.shows(card.TS, "✓✓ delivered")
				o.press(o.annaIn, card, "resolve")
				if c := o.conversation(id); c.Status != conversation.Resolved {
					o.Fatal("it is", c.Status)
				}
				o.await("the card saying that it is resolved", func() bool { return strings.Contains(shownText(o.thread(id)), "Resolved") })
				o.press(o.linIn, card, "reopen")
				if c := o.conversation(id); c.AgentID != o.lin.ID || c.Status != conversation.Open {
					o.Fatal("Lin has not got it:", c.AgentID, c.Status)
				}
			})
		})
	}
}

// press presses a button of a card.
func (o *office) press(user string, card simulator.Message, action string) {
	o.Helper()
	if err := o.slack.Press(user, o.channel, card.TS, action, ""); err != nil {
		o.Fatal(action, err)
	}
}

// reply answers the customer by the card's dialog.
func (o *office) reply(user string, card simulator.Message, text string) {
	o.Helper()
	o.press(user, card, "reply")
	o.await("the dialog", func() bool { return o.slack.Dialog(user) != nil })
	if err := o.slack.Submit(user, map[string]any{"text": text}); err != nil {
		o.Fatal(err, o.slack.Dialog(user))
	}
}

// delivered brings the provider's receipt for the newest reply.
func (o *office) delivered(id int64) {
	o.Helper()
	all := o.messages(id)
	last := all[len(all)-1]
	o.tx(func(tx *db.Tx) error {
		if _, err := tx.Exec(o.ctx, "UPDATE messages SET delivery = 'sent', provider_id = 'p1', due_at = NULL WHERE id = ?", last.ID); err != nil {
			return err
		}
		return o.store.Settle(o.ctx, tx, o.inbox.ID, conversation.Receipt{ProviderID: "p1", State: conversation.Delivered})
	})
}

func (o *office) noted(id int64, text string) bool {
	for _, m := range o.messages(id) {
		if m.Private && strings.Contains(m.Text, text) {
			return true
		}
	}
	return false
}

func TestWhoIsNotLinkedCanDoNothing(t *testing.T) {
	o := quick(t, setup{})
	id := o.customer("Wang Li", "my bill is wrong")
	card := o.thread(id)
	for _, action := range []string{"claim", "reply", "transfer", "snooze", "resolve"} {
		o.press(o.guest, card, action)
		if d := o.slack.Dialog(o.guest); d == nil || d.CallbackID != "link" {
			t.Fatalf("%s opened %+v", action, d)
		}
		if err := o.slack.Dismiss(o.guest); err != nil {
			t.Fatal(err)
		}
	}
	o.whispered(o.guest, "not linked")
	if c := o.conversation(id); c.AgentID != 0 || c.Status != conversation.Open {
		t.Fatal("it was changed:", c.AgentID, c.Status)
	}
}

func TestTwoWhoClaimAtOnce(t *testing.T) {
	onBoth(t, setup{}, func(o *office) {
		card := o.thread(o.customer("Wang Li", "my bill is wrong"))
		done := make(chan error, 2)
		for _, user := range []string{o.annaIn, o.linIn} {
			go func() { done <- o.slack.Press(user, o.channel, card.TS, "claim", "") }()
		}
		for range 2 {
			if err := <-done; err != nil {
				o.Fatal(err)
			}
		}
		loser, winner := o.annaIn, "Lin"
		if o.conversation(1).AgentID == o.anna.ID {
			loser, winner = o.linIn, "Anna"
		}
		o.whispered(loser, winner+" has this conversation")
	})
}

func TestOldCodesAndGuesses(t *testing.T) {
	o := quick(t, setup{})
	var code string
	o.tx(func(tx *db.Tx) (err error) {
		if code, err = o.board.Code(o.ctx, tx, o.anna.ID); err != nil {
			return err
		}
		_, err = tx.Exec(o.ctx, "UPDATE slack_codes SET expires_at = 1")
		return err
	})
	for _, typed := range []string{"link " + code, "link", "link  ", "link AAAAAAAAAA"} {
		answer, err := o.slack.Command(o.guest, o.channel, "/huiyin", typed)
		if err != nil || !strings.Contains(string(answer), "wrong or too old") {
			t.Fatalf("%q answered %s, %v", typed, answer, err)
		}
	}
	if _, ok, err := o.board.LinkOf(o.ctx, o.store.DB, o.anna.ID); !ok || err != nil {
		t.Fatal("Anna's link is gone:", err)
	}
}

func TestSettingsAreCheckedAndSecretsStay(t *testing.T) {
	o := quick(t, setup{})
	for name, change := range map[string]func(*slack.App){
		"a bot token of another kind": func(a *slack.App) { a.BotToken = "xoxp-1" },
		"no such language":            func(a *slack.App) { a.Language = "fr" },
		"a channel by its name":       func(a *slack.App) { a.Channels[0] = "#support" },
		"a prefix that is a command":  func(a *slack.App) { a.Prefix = "/send" },
		"an old version":              func(a *slack.App) { a.Version-- },
		"no URL":                      func(a *slack.App) { a.APIBase = "slack" },
	} {
		t.Run(name, func(t *testing.T) {
			err := o.store.DB.Tx(o.ctx, func(tx *db.Tx) error {
				a, err := o.board.App(o.ctx, tx)
				if err != nil {
					return err
				}
				change(&a)
				return o.board.SaveApp(o.ctx, tx, a)
			})
			if err == nil {
				t.Fatal("it was saved")
			}
		})
	}
	o.configure(func(a *slack.App) { a.BotToken, a.Prefix = "", ">>" })
	if a, err := o.board.App(o.ctx, o.store.DB); err != nil || a.BotToken != "xoxb-1" || a.Prefix != ">>" {
		t.Fatalf("%+v, %v", a, err)
	}
}
