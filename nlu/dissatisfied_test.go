package nlu

import (
	"strings"
	"testing"
)

func TestDissatisfiedOrdersMessages(t *testing.T) {
	for _, c := range []struct{ calm, dissatisfied string }{
		{"怎么开发票", "你们到底什么时候给我开发票，都等了半个月了"},
		{"请问宽带怎么办理", "什么破宽带，你们的服务太差了"},
		{"谢谢，已经好了", "又断了，根本没人处理"},
		{"建议增加夜间模式", "凭什么扣我的钱，我要投诉"},
		{"客服很耐心，点赞", "客服态度恶劣，互相推卸责任"},
		{"how do I change my plan", "your company keeps charging me and nobody answers"},
		{"thanks, it works now", "this is ridiculous, I want a refund and an explanation"},
		{"could you please help me with my bill", "you people are useless, I will report you"},
		{"great app, love it", "terrible app, crashes every time"},
	} {
		if a, b := Analyze(c.calm).Dissatisfied, Analyze(c.dissatisfied).Dissatisfied; a >= b {
			t.Errorf("%q is %.3f, %q is %.3f", c.calm, a, c.dissatisfied, b)
		}
	}
}

func TestDissatisfiedFollowsTheConversation(t *testing.T) {
	asks := Said{true, "我的宽带断了，请问怎么办"}
	desk := Said{false, "您好，请私信您的账号"}
	alone := Dissatisfied([]Said{asks})
	thanked := Dissatisfied([]Said{asks, desk, {true, "好了，谢谢"}, {false, "不客气"}})
	unanswered := Dissatisfied([]Said{asks, desk, {true, "私信了也没人回，你们到底管不管"}})
	worse := Dissatisfied([]Said{asks, desk, {true, "私信了也没人回，你们到底管不管"}, desk, {true, "你们就是骗子，我要投诉！"}})
	if thanked >= alone || unanswered <= alone || worse <= alone {
		t.Errorf("thanked %.3f, alone %.3f, unanswered %.3f, worse %.3f", thanked, alone, unanswered, worse)
	}
	rude := Dissatisfied([]Said{asks, {false, "垃圾骗子投诉你们"}})
	if polite := Dissatisfied([]Said{asks, {false, "好的"}}); rude != polite {
		t.Errorf("what the other side says counts: %.3f and %.3f", rude, polite)
	}
}

func TestDissatisfiedOfNextToNothing(t *testing.T) {
	for name, c := range map[string][]Said{
		"nothing":         nil,
		"only the desk":   {{false, "您好"}},
		"empty":           {{true, ""}},
		"not UTF-8":       {{true, "\xff\xfe"}, {true, "\x00"}},
		"a very long one": {{true, strings.Repeat("垃圾！", 100_000)}, {true, strings.Repeat("again ", 100_000)}},
	} {
		if p := Dissatisfied(c); !(p >= 0 && p <= 1) {
			t.Errorf("%s: %v", name, p)
		}
	}
	if Dissatisfied(nil) != 0 || Dissatisfied([]Said{{false, "您好"}}) != 0 {
		t.Error("nobody who said nothing is dissatisfied")
	}
}

func TestCueWordsAreNormal(t *testing.T) {
	for c, words := range cueWords {
		if words == "" {
			t.Errorf("cue %d has no words", c)
		}
		for word := range strings.SplitSeq(words, "|") {
			if word == "" || Normalize(word) != word {
				t.Errorf("cue %d: %q is not in normal form (%q)", c, word, Normalize(word))
			}
		}
	}
}

func TestCueCounts(t *testing.T) {
	for _, c := range []struct {
		text string
		cue  cue
		want float64
	}{
		{"谢谢", cueThanks, 2}, // 谢谢, and 谢 in its middle
		{"thank you", cueThanks, 1},
		{"thanksgiving", cueThanks, 0},
		{"等了三天", cueStillOpen, 1},
		{"no, one more", cueNoReply, 0}, // not across clauses
	} {
		if got := cueCounts(cut(Normalize(c.text)))[c.cue]; got != c.want {
			t.Errorf("%q: %v, want %v", c.text, got, c.want)
		}
	}
}

func FuzzDissatisfied(f *testing.F) {
	f.Add("你们太差了", "still waiting!!!", true)
	f.Add("\xff", "", false)
	f.Fuzz(func(t *testing.T, a, b string, by bool) {
		if p := Dissatisfied([]Said{{true, a}, {by, b}}); !(p >= 0 && p <= 1) {
			t.Errorf("%v", p)
		}
	})
}

func BenchmarkDissatisfied(b *testing.B) {
	conversation := []Said{{true, "我的宽带断了，请问怎么办"}, {false, "您好，请私信您的账号"}, {true, "私信了也没人回，你们到底管不管"}}
	for b.Loop() {
		Dissatisfied(conversation)
	}
}
