package hub

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"huiyin/knowledge"
	"huiyin/nlu"
)

func hit(id int64, confidence float64) knowledge.Hit {
	return knowledge.Hit{ArticleID: id, RevisionID: id * 10, Revision: 2, Question: "Q", Matched: "q", Answer: "A", Language: "en", Confidence: confidence}
}

func exact(h knowledge.Hit) knowledge.Hit {
	h.Why = []knowledge.Feature{{Name: "exact", Value: 1, Weight: 1}}
	return h
}

func said(intent nlu.Intent, mood nlu.Mood) nlu.Analysis {
	return nlu.Analysis{Language: nlu.LanguageEnglish, Query: "q", Terms: []string{"q", "~<q>"}, Intent: intent, Mood: mood}
}

// covering is a hit whose phrasing the question covers in part, with the words that they share.
func covering(h knowledge.Hit, share float64, terms ...string) knowledge.Hit {
	h.Why = []knowledge.Feature{{Name: "phrasing_covered", Value: share}}
	if len(terms) > 0 {
		h.Terms = terms
	}
	return h
}

func word(text string) nlu.Analysis {
	a := said(nlu.IntentNone, nlu.MoodNeutral)
	a.Query = text
	return a
}

func TestDecide(t *testing.T) {
	p := Policy{Version: "test", Answer: 0.7, Margin: 0.1, Clarify: 0.2, Choices: 3, HandoffAfter: 2, HandoffOnComplaint: true, HandoffOnAnger: true, HandoffAfterInsults: 2}
	lenient := p
	lenient.HandoffOnComplaint, lenient.HandoffOnAnger, lenient.HandoffAfter = false, false, 0
	question := said(nlu.IntentNone, nlu.MoodNeutral)
	clear := []knowledge.Hit{hit(1, 0.9), hit(2, 0.1)}
	vague := []knowledge.Hit{hit(1, 0.5), hit(2, 0.4), hit(3, 0.3), hit(4, 0.25), hit(5, 0.01)}
	none := []knowledge.Hit{hit(1, 0.05)}
	bills := []knowledge.Hit{covering(hit(1, 0.9), 0.4, "发票"), covering(hit(2, 0.05), 0.3, "发票"), covering(hit(3, 0.01), 0.1)}
	named := hit(1, 0.9)
	named.Answer = "5G costs nothing."
	refused := []knowledge.Hit{hit(1, 0.9)}
	refused[0].Matched = "cancel my SIM card"
	for _, c := range []struct {
		name string
		p    Policy
		turn Turn
		want Decision
	}{
		{"a sure article is sent", p, Turn{Analysis: question, Hits: clear}, Decision{Act: ActAnswer, Hit: clear[0]}},
		{"the only article, just sure enough", p, Turn{Analysis: question, Hits: []knowledge.Hit{hit(1, 0.7)}}, Decision{Act: ActAnswer, Hit: hit(1, 0.7)}},
		{"two sure ones: which?", p, Turn{Analysis: question, Hits: []knowledge.Hit{hit(1, 0.8), hit(2, 0.75)}}, Decision{Act: ActClarify, Choices: []knowledge.Hit{hit(1, 0.8), hit(2, 0.75)}}},
		{"vague: at most three are offered", p, Turn{Analysis: question, Hits: vague}, Decision{Act: ActClarify, Choices: vague[:3]}},
		{"nothing likely: ask again", p, Turn{Analysis: question, Hits: none}, Decision{Act: ActAsk}},
		{"nothing found: ask again", p, Turn{Analysis: question}, Decision{Act: ActAsk}},
		{"second time not understood", p, Turn{Analysis: question, Hits: none, Misunderstood: 1, HumanAvailable: true}, Decision{Act: ActHandoff, Reason: ReasonNotUnderstood}},
		{"second time vague", p, Turn{Analysis: question, Hits: vague, Misunderstood: 1, HumanAvailable: true}, Decision{Act: ActHandoff, Reason: ReasonNotUnderstood}},
		{"second time, nobody at the desk: carry on", p, Turn{Analysis: question, Hits: none, Misunderstood: 1}, Decision{Act: ActAsk}},
		{"understood after a misunderstanding", p, Turn{Analysis: question, Hits: clear, Misunderstood: 5, HumanAvailable: true}, Decision{Act: ActAnswer, Hit: clear[0]}},
		{"never hand off by count", lenient, Turn{Analysis: question, Hits: none, Misunderstood: 9, HumanAvailable: true}, Decision{Act: ActAsk}},
		{"asked for a human", p, Turn{Analysis: said(nlu.IntentHuman, nlu.MoodNeutral), Hits: clear}, Decision{Act: ActHandoff, Reason: ReasonAsked}},
		{"complaint", p, Turn{Analysis: said(nlu.IntentComplaint, nlu.MoodAngry), Hits: clear}, Decision{Act: ActHandoff, Reason: ReasonComplaint}},
		{"complaint, rule off", lenient, Turn{Analysis: said(nlu.IntentComplaint, nlu.MoodAngry), Hits: clear}, Decision{Act: ActAnswer, Hit: clear[0]}},
		{"anger", p, Turn{Analysis: said(nlu.IntentNone, nlu.MoodAngry), Hits: clear}, Decision{Act: ActHandoff, Reason: ReasonAnger}},
		{"displeased is not angry", p, Turn{Analysis: said(nlu.IntentNone, nlu.MoodDispleased), Hits: clear}, Decision{Act: ActAnswer, Hit: clear[0]}},
		{"greeting", p, Turn{Analysis: said(nlu.IntentGreeting, nlu.MoodNeutral), Hits: none}, Decision{Act: ActSmalltalk, Intent: nlu.IntentGreeting}},
		{"thanks, though an article is near", p, Turn{Analysis: said(nlu.IntentThanks, nlu.MoodPleased), Hits: clear}, Decision{Act: ActSmalltalk, Intent: nlu.IntentThanks}},
		{"greeting with an article of its own", p, Turn{Analysis: said(nlu.IntentGreeting, nlu.MoodNeutral), Hits: []knowledge.Hit{exact(clear[0])}}, Decision{Act: ActAnswer, Hit: exact(clear[0])}},
		{"abuse: stay calm", p, Turn{Analysis: said(nlu.IntentAbuse, nlu.MoodAngry), Hits: none}, Decision{Act: ActSmalltalk, Intent: nlu.IntentAbuse}},
		{"abuse again: a human", p, Turn{Analysis: said(nlu.IntentAbuse, nlu.MoodAngry), Hits: none, Insults: 1}, Decision{Act: ActHandoff, Reason: ReasonAnger}},
		{"one word that several articles have", p, Turn{Analysis: word("发票"), Hits: bills}, Decision{Act: ActClarify, Choices: bills[:2]}},
		{"one word, in Latin letters", p, Turn{Analysis: word("invoice"), Hits: bills}, Decision{Act: ActClarify, Choices: bills[:2]}},
		{"one word that one article has", p, Turn{Analysis: word("发票"), Hits: []knowledge.Hit{bills[0], bills[2]}}, Decision{Act: ActAnswer, Hit: bills[0]}},
		{"one word that is most of the phrasing", p, Turn{Analysis: word("开发票"), Hits: []knowledge.Hit{covering(bills[0], 0.7), bills[1]}}, Decision{Act: ActAnswer, Hit: covering(bills[0], 0.7)}},
		{"more than a word", p, Turn{Analysis: word("怎么开发票"), Hits: bills}, Decision{Act: ActAnswer, Hit: bills[0]}},
		{"only emoji", p, Turn{Analysis: said(nlu.IntentWordless, nlu.MoodNeutral)}, Decision{Act: ActSmalltalk, Intent: nlu.IntentWordless}},
		{"a human has it", p, Turn{Analysis: said(nlu.IntentHuman, nlu.MoodAngry), Hits: clear, HumanOwns: true}, Decision{Act: ActSilence}},
		{"the article that did not help is not sent again", p, Turn{Analysis: question, Hits: clear, Unhelpful: []int64{1}}, Decision{Act: ActAsk}},
		{"what the article is about is not wanted: offered", p, Turn{Analysis: nlu.Analyze("don't cancel my SIM"), Hits: refused}, Decision{Act: ActClarify, Choices: refused}},
		{"a model that the article does not name: offered", p, Turn{Analysis: nlu.Analyze("is 5G free"), Hits: clear[:1]}, Decision{Act: ActClarify, Choices: clear[:1]}},
		{"a model that it names", p, Turn{Analysis: nlu.Analyze("is 5G free"), Hits: []knowledge.Hit{named}}, Decision{Act: ActAnswer, Hit: named}},
		{"a plain number is no model", p, Turn{Analysis: nlu.Analyze("down for 3 days"), Hits: clear[:1]}, Decision{Act: ActAnswer, Hit: clear[0]}},
		{"no answer in the article", p, Turn{Analysis: question, Hits: []knowledge.Hit{{ArticleID: 1, Confidence: 1}}}, Decision{Act: ActAsk}},
		{"the empty policy never answers", Policy{}, Turn{Analysis: question, Hits: clear}, Decision{Act: ActAsk}},
	} {
		d, e := Decide(c.p, c.turn)
		if d.Rule == "" || e.Rule != d.Rule || e.Decision.Act != d.Act {
			t.Errorf("%s: unexplained: %+v", c.name, e)
		}
		d.Rule = ""
		if !reflect.DeepEqual(d, c.want) {
			t.Errorf("%s: %+v, want %+v", c.name, d, c.want)
		}
	}
}

func TestExplanationTellsTheWholeStory(t *testing.T) {
	a := nlu.Analyze("你好，怎么开发票？")
	hits := []knowledge.Hit{exact(hit(1, 0.9)), hit(2, 0.3), hit(3, 0.2), hit(4, 0.1), hit(5, 0.1), hit(6, 0.1)}
	_, e := Decide(DefaultPolicy(), Turn{Analysis: a, Hits: hits, Misunderstood: 1, HumanAvailable: true})
	data, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"question":"怎么开发票`, `"language":"zh"`, `"发票"`, `"version":"shipped-2"`, `"revision":10`, `"revision_number":2`,
		`"runner_up":{"article":2`, `"decision":{"act":"answer","article":1,"revision":10}`, `"rule":"confidence`, `"name":"exact"`, `"misunderstood":1`} {
		if !strings.Contains(string(data), want) {
			t.Errorf("no %s in %s", want, data)
		}
	}
	if len(e.Hits) != 5 {
		t.Errorf("%d hits explained", len(e.Hits))
	}
}

func TestExplanationOfAClarification(t *testing.T) {
	_, e := Decide(DefaultPolicy(), Turn{Analysis: nlu.Analyze("发票"), Hits: []knowledge.Hit{hit(1, 0.5), hit(2, 0.45)}})
	if !reflect.DeepEqual(e.Decision, ExplainedDecision{Act: ActClarify, Choices: []int64{1, 2}}) {
		t.Errorf("%+v", e.Decision)
	}
}
