package nlu

import "testing"

func TestAnalyzeHuman(t *testing.T) {
	for _, text := range append(asksZh(), asksEn()...) {
		if a := Analyze(text); a.Intent != IntentHuman || a.IntentRule == "" {
			t.Errorf("%q: intent %q (%s), want human", text, a.Intent, a.IntentRule)
		}
	}
}

func TestAnalyzeNotHuman(t *testing.T) {
	for _, text := range append(notAskedZh(), notAskedEn()...) {
		if a := Analyze(text); a.Intent == IntentHuman {
			t.Errorf("%q: taken as a request for a human by %q", text, a.IntentRule)
		}
	}
}

// TestAnalyzeHumanAmongOthers puts requests into a longer message.
func TestAnalyzeHumanAmongOthers(t *testing.T) {
	for _, text := range []string{
		"你好，我上个月的账单多扣了50块，机器人说不清楚，麻烦转人工处理一下，谢谢！",
		"I was charged twice for order 123456. I already tried the FAQ. Please connect me to an agent, thanks.",
		"不用转人工了……算了还是转人工吧",
		"I don't need a refund. I need a human.",
	} {
		if a := Analyze(text); a.Intent != IntentHuman {
			t.Errorf("%q: intent %q", text, a.Intent)
		}
	}
}

func TestRefusedHuman(t *testing.T) {
	for _, text := range []string{"不用转人工", "I don't need a human", "先不转人工", "不需要人工"} {
		if a := Analyze(text); a.Intent != IntentNone || a.IntentRule != "human refused" {
			t.Errorf("%q: intent %q (%s), want none because refused", text, a.Intent, a.IntentRule)
		}
	}
}

func TestIsRefused(t *testing.T) {
	cases := []struct {
		before, request string
		want            bool
	}{
		{"", "转人工", false},
		{"不用", "转人工", true},
		{"不用给我", "转人工", true},
		{"不", "需要人工", true},
		{"需不", "需要人工", false},
		{"要不要", "转人工", false},
		{"为什么不", "要人工", false},
		{"特别", "要人工", false},
		{"i dont ", "need a human", true},
		{"i do not want to ", "talk to an agent", true},
		{"why dont you ", "connect me to an agent", false},
		{"if you dont ", "connect me to an agent", false},
		{"not a bot ", "get me a human", false},
		{"i already told you that i ", "need a human", false},
	}
	for _, c := range cases {
		if got := isRefused(c.before, c.request); got != c.want {
			t.Errorf("isRefused(%q, %q) = %v, want %v", c.before, c.request, got, c.want)
		}
	}
}

// TestHumanRulesAreReachable checks that each rule's words let it be tried on something it matches.
func TestHumanRulesAreReachable(t *testing.T) {
	used := map[string]bool{}
	for _, text := range append(asksZh(), asksEn()...) {
		for _, clause := range clauses(cut(Normalize(text))) {
			plain := notHuman().ReplaceAllString(join(clause), "※")
			for _, rule := range humanRules() {
				if containsAny(plain, rule.needs) && rule.pattern.MatchString(plain) {
					used[rule.name] = true
				}
			}
		}
	}
	for _, rule := range humanRules() {
		if !used[rule.name] {
			t.Errorf("no wording reaches rule %q", rule.name)
		}
	}
}
