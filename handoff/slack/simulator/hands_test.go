package simulator_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"huiyin/handoff/slack/simulator"
)

// acknowledge answers the next interactions and commands with what reply makes of them.
func acknowledge(t *testing.T, client *socketmode.Client, events <-chan socketmode.Event, kind socketmode.EventType, reply func(socketmode.Event) any) *sync.WaitGroup {
	t.Helper()
	var work sync.WaitGroup
	work.Go(func() {
		e := next(t, events, kind)
		client.Ack(*e.Request, reply(e))
	})
	return &work
}

func TestAShortcutOnAMessageAndItsLaterAnswers(t *testing.T) {
	w, api := workspace(t, true, simulator.Options{})
	ann := w.Join("ann", "Ann", "ann@example.com")
	channel := w.Open("support", ann)
	client, events := connected(t, w, api)
	ts, err := w.Write(ann, channel, "", "the tariff is 20 yuan")
	if err != nil {
		t.Fatal(err)
	}
	var later string
	work := acknowledge(t, client, events, socketmode.EventTypeInteractive, func(e socketmode.Event) any {
		c := e.Data.(slack.InteractionCallback)
		if c.Type != slack.InteractionTypeMessageAction || c.CallbackID != "send_to_customer" || c.MessageTs != ts || c.Message.Text != "the tariff is 20 yuan" || c.Channel.ID != channel {
			t.Errorf("the shortcut brought %+v", c)
		}
		later = c.ResponseURL
		return nil
	})
	if err := w.Shortcut(ann, channel, ts, "send_to_customer"); err != nil {
		t.Fatal(err)
	}
	work.Wait()
	for i := range 6 {
		response, err := http.Post(later, "application/json", strings.NewReader(`{"text":"sent"}`))
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if good := response.StatusCode == http.StatusOK; good != (i < 5) {
			t.Fatalf("answer %d to a response_url: status %d", i+1, response.StatusCode)
		}
	}
}

func TestASlashCommandIsAnsweredAtOnce(t *testing.T) {
	w, api := workspace(t, true, simulator.Options{})
	ann := w.Join("ann", "Ann", "ann@example.com")
	channel := w.Open("support", ann)
	client, events := connected(t, w, api)
	work := acknowledge(t, client, events, socketmode.EventTypeSlashCommand, func(e socketmode.Event) any {
		c := e.Data.(slack.SlashCommand)
		return map[string]string{"text": c.Command + " " + c.Text + " by " + c.UserName}
	})
	answer, err := w.Command(ann, channel, "/huiyin", "link")
	work.Wait()
	if err != nil || !strings.Contains(string(answer), "/huiyin link by ann") {
		t.Fatalf("answered %s, %v", answer, err)
	}
}

func TestTheHomeIsPublishedForOnePerson(t *testing.T) {
	w, api := workspace(t, true, simulator.Options{})
	ann := w.Join("ann", "Ann", "ann@example.com")
	client, events := connected(t, w, api)
	w.OpenHome(ann)
	e := next(t, events, socketmode.EventTypeEventsAPI)
	client.Ack(*e.Request)
	opened, ok := e.Data.(slackevents.EventsAPIEvent).InnerEvent.Data.(*slackevents.AppHomeOpenedEvent)
	if !ok || opened.User != ann {
		t.Fatalf("the event is %+v", e.Data)
	}
	home := slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewDividerBlock()}}}
	if _, err := api.PublishViewContext(soon(t), slack.PublishViewContextRequest{UserID: ann, View: home}); err != nil {
		t.Fatal(err)
	}
	if v := w.Home(ann); v == nil || !strings.Contains(string(v.Blocks), "divider") {
		t.Fatalf("the home is %+v", v)
	}
}

func TestEditsDeletionsAndTheAppsOwnMessagesAreTold(t *testing.T) {
	w, api := workspace(t, true, simulator.Options{})
	ann := w.Join("ann", "Ann", "ann@example.com")
	channel := w.Open("support", ann)
	client, events := connected(t, w, api)
	told := func() map[string]any {
		e := next(t, events, socketmode.EventTypeEventsAPI)
		client.Ack(*e.Request)
		var outer struct{ Event map[string]any }
		if err := json.Unmarshal(e.Request.Payload, &outer); err != nil {
			t.Fatal(err)
		}
		return outer.Event
	}
	if _, _, err := api.PostMessageContext(soon(t), channel, slack.MsgOptionText("card", false)); err != nil {
		t.Fatal(err)
	}
	if e := told(); e["bot_id"] == nil {
		t.Fatal("the app's own message came without its bot_id:", e)
	}
	ts, err := w.Write(ann, channel, "", "first")
	if err != nil {
		t.Fatal(err)
	}
	told()
	if err := w.Edit(channel, ts, "second"); err != nil {
		t.Fatal(err)
	}
	if e := told(); e["subtype"] != "message_changed" || e["previous_message"].(map[string]any)["text"] != "first" || e["message"].(map[string]any)["text"] != "second" {
		t.Fatal("an edit is told as", e)
	}
	if err := w.Erase(channel, ts); err != nil {
		t.Fatal(err)
	}
	if e := told(); e["subtype"] != "message_deleted" || e["deleted_ts"] != ts {
		t.Fatal("a deletion is told as", e)
	}
}
