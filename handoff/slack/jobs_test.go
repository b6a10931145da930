package slack_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"huiyin/conversation"
	"huiyin/db"
	"huiyin/handoff/slack"
	"huiyin/handoff/slack/simulator"
)

// wind is a clock that goes on only when it is wound.
type wind struct {
	mu  sync.Mutex
	now time.Time
}

func (w *wind) Now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *wind) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// awaitWinding waits while time passes quickly, but not while something is under way.
func (o *office) awaitWinding(w *wind, what string, is func() bool) {
	o.Helper()
	o.until(what, func() bool {
		var busy int
		err := o.store.DB.QueryRow(o.ctx, "SELECT (SELECT COUNT(*) FROM mirrors WHERE lease_token <> '') + (SELECT COUNT(*) FROM slack_events WHERE lease_token <> '')").Scan(&busy)
		if err == nil && busy == 0 {
			w.pass(time.Second)
		}
		o.live.Pulse(conversation.TopicEvents)
		o.live.Pulse("slack events")
		return is()
	})
}

// An hour by the clock, in which the customer goes on writing, the console goes on working, another customer comes, and a
// reply with a file waits that was handed in just before.
func TestSlackDownForAnHour(t *testing.T) {
	clock := &wind{now: time.Now()}
	o := quick(t, setup{prefix: "!!", now: clock.Now, slack: simulator.Options{NoLimit: true}})
	id := o.customer("Wang Li", "line 1")
	root := o.thread(id)
	o.awaitWinding(clock, "the first line", func() bool { return len(o.tale(root.TS)) == 1 })
	o.slack.Break(simulator.Fault{Method: "download", Do: "status", Status: 503})
	if _, err := o.slack.Share(o.annaIn, o.channel, root.TS, "bill.txt", "!! the bill", []byte("42 yuan")); err != nil {
		t.Fatal(err)
	}
	if _, err := o.slack.Share(o.linIn, o.channel, root.TS, "plan.txt", "a plan for later", []byte("plan B")); err != nil {
		t.Fatal(err)
	}
	o.until("both being stored, and the first being tried", func() bool {
		var stored, tries int
		err := o.store.DB.QueryRow(o.ctx, "SELECT COUNT(*), MAX(attempts) FROM slack_events WHERE body LIKE '%the bill%' OR body LIKE '%a plan for later%'").Scan(&stored, &tries)
		return err == nil && stored == 2 && tries > 0
	})
	o.slack.Break(simulator.Fault{Do: "drop"})
	o.slack.Cut()
	var other int64
	for minute := range 60 {
		if minute%4 == 0 {
			o.says("Wang Li", fmt.Sprint("line ", 2+minute/4))
		}
		if minute == 30 {
			other = o.customer("Ann Smith", "hello")
			o.tx(func(tx *db.Tx) error {
				_, err := o.desk.Claim(o.ctx, tx, id, o.anna, false)
				return err
			})
		}
		for range 6 {
			clock.pass(10 * time.Second)
			o.live.Pulse(conversation.TopicEvents)
			o.live.Pulse("slack events")
			time.Sleep(3 * time.Millisecond) // so that tries fall into the hour
		}
	}
	if h := o.health(); h.Waiting != 2 || h.Problem == "" {
		t.Fatalf("the settings page says %+v", h)
	}
	o.slack.Mend()
	o.awaitWinding(clock, "everything being in step", func() bool { return len(o.tale(root.TS)) == 16 && o.health() == slack.Health{} })
	o.wantTale(root.TS, 16)
	o.thread(other)
	o.await("the card saying who has it", func() bool { return strings.Contains(shownText(o.thread(id)), "With Anna") })
	o.awaitWinding(clock, "the bill", func() bool { return o.got(id, "the bill", "42 yuan") })
	o.awaitWinding(clock, "the note with its file", func() bool {
		for _, m := range o.messages(id) {
			if m.Private && m.Text == "a plan for later" && len(m.Attachments) == 1 {
				return true
			}
		}
		return false
	})
}

func TestAReplyWhoseFileIsGoneHoldsUpNobody(t *testing.T) {
	o := quick(t, setup{})
	id, second := o.customer("Wang Li", "my bill is wrong"), o.customer("Ann Smith", "mine too")
	card := o.thread(id)
	ts, err := o.slack.Share(o.annaIn, o.channel, card.TS, "plan.txt", "the plan", []byte("plan B"))
	if err != nil {
		t.Fatal(err)
	}
	o.until("the note", func() bool { return o.noted(id, "the plan") })
	if err := o.slack.Shortcut(o.annaIn, o.channel, ts, "send_to_customer"); err != nil {
		t.Fatal(err)
	}
	o.await("the dialog", func() bool { return o.slack.Dialog(o.annaIn) != nil })
	for _, m := range o.slack.Messages(o.channel, card.TS) {
		for _, f := range m.Files {
			o.slack.Discard(f.ID)
		}
	}
	if err := o.slack.Submit(o.annaIn, nil); err != nil {
		t.Fatal(err)
	}
	o.whispered(o.annaIn, "Not sent to the customer")
	o.whispered(o.annaIn, "the plan") // they get their text back
	if sent := o.sent(id); len(sent) != 0 {
		t.Fatal("the customer gets", sent)
	}
	if _, err := o.slack.Share(o.linIn, o.channel, o.thread(second).TS, "sum.txt", "the sum", []byte("42")); err != nil {
		t.Fatal(err)
	}
	o.until("the other conversation's note", func() bool { return o.noted(second, "the sum") })
}

func TestARemarkThatIsTooLongIsToldAndHoldsUpNobody(t *testing.T) {
	o := quick(t, setup{prefix: "!!"})
	id := o.customer("Wang Li", "my bill is wrong")
	card := o.thread(id)
	long := strings.Repeat("太长了", 12000)
	for _, text := range []string{long, "!!" + long, "short enough"} {
		if _, err := o.slack.Write(o.annaIn, o.channel, card.TS, text); err != nil {
			t.Fatal(err)
		}
	}
	o.until("the next remark", func() bool { return o.noted(id, "short enough") })
	o.whispered(o.annaIn, "Not kept as a note: The text is too long")
	o.whispered(o.annaIn, "Not sent to the customer: The text is too long")
	if err := o.slack.Shortcut(o.annaIn, o.channel, o.written(long), "send_to_customer"); err != nil {
		t.Fatal(err)
	}
	o.await("the dialog with a warning", func() bool {
		d := o.slack.Dialog(o.annaIn)
		return d != nil && strings.Contains(string(d.Blocks), "was shortened")
	})
}

// written is where a text stands that somebody wrote.
func (o *office) written(text string) (ts string) {
	for _, ch := range o.slack.Channels() {
		for _, m := range ch.Messages {
			if m.Text == text {
				return m.TS
			}
		}
	}
	return ""
}

func TestTheConnectionIsTriedOutWithBothTokens(t *testing.T) {
	o := quick(t, setup{})
	stored, err := o.board.App(o.ctx, o.store.DB)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(*slack.App)
		want   string
	}{
		"as it is":                   {func(a *slack.App) { a.BotToken, a.AppToken = "", "" }, ""},
		"another bot token":          {func(a *slack.App) { a.BotToken = "xoxb-2" }, "bot token"},
		"another app-level token":    {func(a *slack.App) { a.AppToken = "xapp-2" }, "app-level token"},
		"no such channel":            {func(a *slack.App) { a.Channels = map[int64]string{0: "C0404"} }, "no such channel"},
		"another address, no tokens": {func(a *slack.App) { a.APIBase, a.BotToken, a.AppToken = "http://127.0.0.1:1/api", "", "" }, "enter the bot token"},
		"an address where nobody is": {func(a *slack.App) { a.APIBase = "http://127.0.0.1:1/api" }, "refused"},
	} {
		t.Run(name, func(t *testing.T) {
			app := stored
			c.change(&app)
			err := o.board.Check(o.ctx, app)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Fatalf("it says %v, want %q", err, c.want)
			}
		})
	}
	o.configure(func(a *slack.App) { a.AppToken = "xapp-2" })
	o.until("the trouble with the app-level token", func() bool { return strings.Contains(o.health().Problem, "app-level token") })
}

func TestTokensGoOnlyWhereTheyWereGivenFor(t *testing.T) {
	o := quick(t, setup{})
	err := o.store.DB.Tx(o.ctx, func(tx *db.Tx) error {
		a, err := o.board.App(o.ctx, tx)
		if err != nil {
			return err
		}
		a.APIBase, a.BotToken, a.AppToken, a.SigningSecret = "http://elsewhere.example/api", "", "", ""
		return o.board.SaveApp(o.ctx, tx, a)
	})
	if err == nil {
		t.Fatal("the stored tokens go to another address")
	}
}

// Slack has taken the card, but its answer was lost: for as long as we do not know, people may write under it.
func TestARemarkUnderACardThatWeDoNotKnowOfYet(t *testing.T) {
	onBoth(t, setup{prefix: "!!", slack: simulator.Options{NoLimit: true}}, func(o *office) {
		o.slack.Break(simulator.Fault{Method: "chat.postMessage", Do: "lost", Times: 1})
		o.slack.Break(simulator.Fault{Method: "conversations.history", Do: "status", Status: 503}) // so that it stays unknown
		id := o.customer("Wang Li", "my bill is wrong")
		card := o.thread(id)
		for _, text := range []string{"I know him", "!! one moment"} {
			if _, err := o.slack.Write(o.annaIn, o.channel, card.TS, text); err != nil {
				o.Fatal(err)
			}
		}
		alien, err := o.slack.Write(o.guest, o.channel, "", "lunch?")
		if err != nil {
			o.Fatal(err)
		}
		if _, err := o.slack.Write(o.annaIn, o.channel, alien, "!! noodles"); err != nil {
			o.Fatal(err)
		}
		o.until("the remark and the reply", func() bool { return o.noted(id, "I know him") && len(o.sent(id)) == 1 })
		o.slack.Mend()
		o.shows(card.TS, "one moment")
		if got := o.sent(id); len(got) != 1 || got[0] != "one moment" {
			o.Fatalf("the customer gets %q", got)
		}
		if n := len(o.cards(id)); n != 1 {
			o.Fatal(n, "cards stand in the channel")
		}
	})
}

// cards are the roots of a conversation's threads.
func (o *office) cards(id int64) (found []string) {
	for _, m := range o.slack.Messages(o.channel, "") {
		if m.BotID != "" && (m.ThreadTS == "" || m.ThreadTS == m.TS) && strings.Contains(m.Text, fmt.Sprintf("#%d ", id)) {
			found = append(found, m.TS)
		}
	}
	return found
}
