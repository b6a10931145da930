package hub

import (
	"encoding/json"
	"testing"
)

func TestWithoutHits(t *testing.T) {
	for name, c := range map[string]struct{ in, out string }{
		"no hits":            {`{"asked":"a"}`, `{"asked":"a"}`},
		"empty":              {`{"hits":[],"asked":"a"}`, `{"hits":[],"asked":"a"}`},
		"some":               {`{"question":"q","hits":[{"why":[1,[2]],"x":{"y":"]"}},{}],"asked":"a"}`, `{"question":"q","hits":[],"asked":"a"}`},
		"brackets in words":  {`{"hits":[{"q":"a\"]}\\"}],"asked":"b]"}`, `{"hits":[],"asked":"b]"}`},
		"cut off":            {`{"hits":[{"a":1}`, `{"hits":[{"a":1}`},
		"words like the key": {`{"question":"\"hits\":[","hits":[1],"asked":"a"}`, `{"question":"\"hits\":[","hits":[],"asked":"a"}`},
	} {
		if got := string(withoutHits(c.in)); got != c.out {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// What is left of an explanation says the same, whatever a customer wrote.
func FuzzWithoutHits(f *testing.F) {
	for _, text := range []string{"", `"hits":[`, `\`, `"`, `]}`, "发票 [1]"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e := Explanation{Question: text, Asked: text, Hits: []ExplainedHit{{Question: text, Terms: []string{text}}}, Channel: "wire"}
		written, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		var whole, pruned storedTurn
		if err := json.Unmarshal(written, &whole); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(withoutHits(string(written)), &pruned); err != nil || pruned.Question != whole.Question || pruned.Asked != whole.Asked || pruned.Channel != "wire" {
			t.Errorf("%v: %+v", err, pruned)
		}
	})
}
