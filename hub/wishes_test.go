package hub

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestPolicyFollowsFromWishes(t *testing.T) {
	shipped := DefaultPolicy()
	wish := func(change func(*Wishes)) Policy {
		w := DefaultWishes()
		change(&w)
		return w.Policy()
	}
	if got := wish(func(*Wishes) {}); !reflect.DeepEqual(got, shipped) {
		t.Errorf("as shipped: %+v, want %+v", got, shipped)
	}
	strict, lax := wish(func(w *Wishes) { w.WrongIn100 = 1 }), wish(func(w *Wishes) { w.WrongIn100 = 5 })
	if !(strict.Answer > shipped.Answer && shipped.Answer > lax.Answer) {
		t.Errorf("fewer wrong answers must need more confidence: %v, %v, %v", strict.Answer, shipped.Answer, lax.Answer)
	}
	seldom, eager := wish(func(w *Wishes) { w.Offering = OfferSeldom }), wish(func(w *Wishes) { w.Offering = OfferEagerly })
	if !(seldom.Clarify > shipped.Clarify && shipped.Clarify > eager.Clarify) {
		t.Errorf("offering: %v, %v, %v", seldom.Clarify, shipped.Clarify, eager.Clarify)
	}
	for _, wrong := range []float64{0, 0.5, 20, 100} {
		if p := wish(func(w *Wishes) { w.WrongIn100 = wrong }); p.Answer < leastAnswer || p.Answer > mostAnswer {
			t.Errorf("%v wrong in 100: answers from %v", wrong, p.Answer)
		}
	}
	p := wish(func(w *Wishes) { w.Version, w.HandoffAfter, w.HandoffOnAnger, w.HandoffAfterInsults = 7, 5, false, 0 })
	if p.Version != "settings-7" || p.HandoffAfter != 5 || p.HandoffOnAnger || p.HandoffAfterInsults != 0 {
		t.Errorf("%+v", p)
	}
}

func TestWishesComeBackFromJSON(t *testing.T) {
	w := DefaultWishes()
	w.Products = []string{"Fibre 500"}
	text, err := json.Marshal(w)
	if err != nil {
		t.Fatal(err)
	}
	var back Wishes
	if err := json.Unmarshal(text, &back); err != nil || !reflect.DeepEqual(back, w) {
		t.Errorf("%+v, %v", back, err)
	}
}

func TestChangesOfAReplay(t *testing.T) {
	e := func(act Act, article int64, number int, confidence float64, p Policy) Explanation {
		d := ExplainedDecision{Act: act}
		if act == ActAnswer {
			d.Article = article
		}
		return Explanation{Decision: d, Policy: p, Hits: []ExplainedHit{{Article: article, Question: string(rune('A' + article)), Number: number, Confidence: confidence}}}
	}
	p := DefaultPolicy()
	other := p
	other.Version, other.Answer = "settings-2", 0.95
	for _, c := range []struct {
		name      string
		then, now Explanation
		gone      bool
		want      []Change
	}{
		{"the same", e(ActAnswer, 1, 1, 0.9, p), e(ActAnswer, 1, 1, 0.9, p), false, []Change{}},
		{"a newer revision", e(ActAnswer, 1, 1, 0.9, p), e(ActAnswer, 1, 2, 0.9, p), false, []Change{{ChangedRevision, "1", "2"}}},
		{"another article", e(ActAnswer, 1, 1, 0.9, p), e(ActAnswer, 2, 1, 0.95, p), false, []Change{{ChangedArticle, "B", "C"}, {ChangedConfidence, "90 %", "95 %"}}},
		{"another policy", e(ActAnswer, 1, 1, 0.85, p), e(ActAsk, 1, 1, 0.85, other), false,
			[]Change{{ChangedDecision, "answer", "ask"}, {ChangedThreshold, percent(p.Answer), "95 %"}, {ChangedPolicy, p.Version, "settings-2"}}},
		{"the article is gone", e(ActAnswer, 1, 1, 0.9, p), Explanation{Decision: ExplainedDecision{Act: ActAsk}, Policy: p}, true,
			[]Change{{ChangedDecision, "answer", "ask"}, {ChangedGone, "B", ""}, {ChangedConfidence, "90 %", "0 %"}}},
	} {
		if got := changes(c.then, c.now, c.gone); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}
