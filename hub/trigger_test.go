package hub

import (
	"strings"
	"testing"

	"huiyin/knowledge"
	"huiyin/nlu"
)

// rules makes triggers of rules that are on.
func rules(t testing.TB, list ...Trigger) *Triggers {
	t.Helper()
	for i := range list {
		list[i].On = true
	}
	ts, err := NewTriggers(list)
	if err != nil {
		t.Fatal(err)
	}
	return ts
}

func TestTriggers(t *testing.T) {
	p := Policy{Answer: 0.7, Margin: 0.1, Clarify: 0.2, Choices: 3, HandoffAfter: 2, HandoffOnComplaint: true, HandoffOnAnger: true}
	says := func(text string) Turn { return Turn{Analysis: nlu.Analyze(text), HumanAvailable: true} }
	with := func(turn Turn, change func(*Turn)) Turn { change(&turn); return turn }
	known := []knowledge.Hit{hit(1, 0.9)}
	for _, c := range []struct {
		name string
		when Conditions
		turn Turn
		want bool
	}{
		{"no condition holds never", Conditions{}, says("hello"), false},
		{"a word in Chinese", Conditions{Words: []string{"转网", "携号"}}, says("我想携号转网"), true},
		{"another word", Conditions{Words: []string{"携号"}}, says("我想开发票"), false},
		{"a word whatever its case", Conditions{Words: []string{"Refund"}}, says("I want a REFUND now"), true},
		{"no part of a word", Conditions{Words: []string{"fund"}}, says("I want a refund"), false},
		{"two words beside each other", Conditions{Words: []string{"credit card"}}, says("my credit card is lost"), true},
		{"a pattern", Conditions{Patterns: []string{`INV-\d{4}`}}, says("about inv-2026 please"), true},
		{"another pattern", Conditions{Patterns: []string{`^INV-\d{4}$`}}, says("about inv-2026"), false},
		{"words and a tier: both", Conditions{Words: []string{"发票"}, Tiers: []string{"vip"}}, with(says("开发票"), func(t *Turn) { t.Tier = "vip" }), true},
		{"words and a tier: one", Conditions{Words: []string{"发票"}, Tiers: []string{"vip"}}, says("开发票"), false},
		{"a channel", Conditions{Channels: []string{"email", "webchat"}}, with(says("x"), func(t *Turn) { t.Channel = "email" }), true},
		{"an intent", Conditions{Intents: []nlu.Intent{nlu.IntentComplaint}}, says("我要投诉你们"), true},
		{"a mood", Conditions{Moods: []nlu.Mood{nlu.MoodAngry}}, with(says("x"), func(t *Turn) { t.Analysis.Mood = nlu.MoodAngry }), true},
		{"the third miss", Conditions{Misses: 3}, with(says("怎么办理转网"), func(t *Turn) { t.Misunderstood = 2 }), true},
		{"the second miss", Conditions{Misses: 3}, with(says("怎么办理转网"), func(t *Turn) { t.Misunderstood = 1 }), false},
		{"no miss: the bot knows", Conditions{Misses: 1}, with(says("怎么办理转网"), func(t *Turn) { t.Hits = known }), false},
		{"no miss: a greeting", Conditions{Misses: 1}, says("你好"), false},
		{"little confidence", Conditions{BelowConfidence: 0.5}, with(says("怎么办理转网"), func(t *Turn) { t.Hits = []knowledge.Hit{hit(1, 0.4)} }), true},
		{"confidence enough", Conditions{BelowConfidence: 0.5}, with(says("怎么办理转网"), func(t *Turn) { t.Hits = known }), false},
		{"a page", Conditions{Pages: []string{"*/checkout*"}}, with(says("x"), func(t *Turn) { t.Facts.Page = "https://a.example/checkout?step=2" }), true},
		{"another page", Conditions{Pages: []string{"*/checkout"}}, with(says("x"), func(t *Turn) { t.Facts.Page = "https://a.example/cart" }), false},
		{"a dot is a dot", Conditions{Pages: []string{"a.b"}}, with(says("x"), func(t *Turn) { t.Facts.Page = "aXb" }), false},
		{"after hours", Conditions{Hours: "closed"}, with(says("x"), func(t *Turn) { t.Facts.Closed = true }), true},
		{"in hours", Conditions{Hours: "open"}, with(says("x"), func(t *Turn) { t.Facts.Closed = true }), false},
		{"messages", Conditions{Messages: 5}, with(says("x"), func(t *Turn) { t.Facts.Messages = 5 }), true},
		{"too few messages", Conditions{Messages: 5}, with(says("x"), func(t *Turn) { t.Facts.Messages = 4 }), false},
		{"the same again", Conditions{Repeated: true}, with(says("x"), func(t *Turn) { t.Facts.Repeated = true }), true},
	} {
		p.Triggers = rules(t, Trigger{ID: 7, Version: 3, Name: "R", When: c.when, Do: TriggerHandoff, Reason: ReasonComplaint})
		d, e := Decide(p, c.turn)
		if got := d.Trigger != nil; got != c.want || got && (d.Act != ActHandoff || d.Reason != ReasonComplaint || e.Trigger == nil || e.Trigger.Version != 3 ||
			!strings.Contains(e.Rule, "“R”, version 3")) {
			t.Errorf("%s: %+v, %q", c.name, d, e.Rule)
		}
	}
}

func TestWhatTriggersDo(t *testing.T) {
	p := Policy{Answer: 0.7, Margin: 0.1, Clarify: 0.2, Choices: 3, HandoffAfter: 1, HandoffOnComplaint: true, HandoffOnAnger: true, HandoffAfterInsults: 1}
	x := Conditions{Channels: []string{"webchat"}}
	turn := func(text string) Turn {
		return Turn{Analysis: nlu.Analyze(text), HumanAvailable: true, Channel: "webchat"}
	}
	never, tag := Trigger{Name: "never", When: x, Do: TriggerNever}, Trigger{Name: "tag", When: x, Do: TriggerTag}
	human := turn("x")
	human.HumanOwns = true
	for _, c := range []struct {
		name  string
		rules []Trigger
		turn  Turn
		act   Act
		by    string
	}{
		{"never: not for a complaint", []Trigger{never}, turn("我要投诉你们"), ActAsk, "never"},
		{"never: not for a miss", []Trigger{never}, turn("怎么办理转网"), ActAsk, "never"},
		{"never: who asks for a person gets one", []Trigger{never}, turn("转人工"), ActHandoff, "never"},
		{"a tag changes nothing", []Trigger{tag}, turn("我要投诉你们"), ActHandoff, "tag"},
		{"the first counts", []Trigger{tag, never}, turn("我要投诉你们"), ActHandoff, "tag"},
		{"a human has it", []Trigger{never}, human, ActSilence, ""},
	} {
		p.Triggers = rules(t, c.rules...)
		d, _ := Decide(p, c.turn)
		by := ""
		if d.Trigger != nil {
			by = d.Trigger.Name
		}
		if d.Act != c.act || by != c.by {
			t.Errorf("%s: %s by %q, want %s by %q", c.name, d.Act, by, c.act, c.by)
		}
	}
}

func TestTriggersThatAreOffOrWrong(t *testing.T) {
	ts, err := NewTriggers([]Trigger{{Name: "off", When: Conditions{Words: []string{"x"}}},
		{Name: "bad", On: true, When: Conditions{Patterns: []string{"("}}}, {Name: "long", On: true, When: Conditions{Patterns: []string{strings.Repeat("a", 301)}}},
		{Name: "good", On: true, When: Conditions{Words: []string{"x"}}}})
	if err == nil || !strings.Contains(err.Error(), `"bad"`) || len(ts.list) != 1 || ts.list[0].Name != "good" {
		t.Errorf("%v %+v", err, ts.list)
	}
}

func TestRepeated(t *testing.T) {
	for _, c := range []struct {
		heard []string
		text  string
		want  bool
	}{{[]string{"开发票", "开发票"}, "开发票", true}, {[]string{"开发票"}, "开发票", false}, {[]string{"", ""}, "", false}, {[]string{"hello", "hello"}, "Hello", true}} {
		if got := repeated(c.heard, c.text); got != c.want {
			t.Errorf("%q of %q: %v", c.text, c.heard, got)
		}
	}
}

func FuzzTrigger(f *testing.F) {
	f.Add("refund", `INV-\d+`, "*/pay*", "I want a refund for INV-12")
	f.Add("发票", `(a+)+$`, "", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!")
	f.Fuzz(func(t *testing.T, word, pattern, page, text string) {
		ts, _ := NewTriggers([]Trigger{{On: true, Name: "w", When: Conditions{Words: []string{word}}, Do: TriggerHandoff},
			{On: true, Name: "p", When: Conditions{Patterns: []string{pattern}}, Do: TriggerNever},
			{On: true, Name: "u", When: Conditions{Pages: []string{page}}, Do: TriggerTag}})
		p := DefaultPolicy()
		p.Triggers = ts
		turn := Turn{Analysis: nlu.Analyze(text), Facts: Facts{Page: text}}
		a, _ := Decide(p, turn)
		b, _ := Decide(p, turn)
		if a.Act != b.Act || a.Rule != b.Rule {
			t.Fatalf("the same turn is decided differently: %+v %+v", a, b)
		}
	})
}
