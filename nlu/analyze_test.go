package nlu

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestAnalyzeWhole(t *testing.T) {
	a := Analyze("您好，請問訂單號A1234567什麼時候到？我很急！")
	if a.Language != LanguageChinese || a.Normalized != "您好,请问订单号a1234567什么时候到?我很急!" {
		t.Errorf("language %q, normalized %q", a.Language, a.Normalized)
	}
	if a.Query != "订单号a1234567什么时候到?我很急" || !slices.Equal(a.Terms, Terms(a.Query)) {
		t.Errorf("query %q, terms %v", a.Query, a.Terms)
	}
	if a.Intent != IntentNone || a.Mood != MoodNeutral || a.Urgency != 2 || a.Complaint {
		t.Errorf("intent %q, mood %q, urgency %d, complaint %v", a.Intent, a.Mood, a.Urgency, a.Complaint)
	}
	if got := listed(a.Entities); got != "order:A1234567=A1234567" {
		t.Errorf("entities %s", got)
	}
}

func TestAnalyzeLimit(t *testing.T) {
	text := strings.Repeat("好", maxText) + "转人工"
	a := Analyze(text)
	if len(a.Text) > maxText || !utf8.ValidString(a.Text) || a.Intent == IntentHuman {
		t.Errorf("analysed %d bytes, intent %q", len(a.Text), a.Intent)
	}
}

func TestAnalyzeAbbreviationIsChinese(t *testing.T) {
	if a := Analyze("zrg"); a.Language != LanguageChinese {
		t.Errorf("language %q, want zh", a.Language)
	}
}

func TestAnalysisJSON(t *testing.T) {
	for _, text := range []string{"", "你好", "13812345678", "\xff"} {
		data, err := json.Marshal(Analyze(text))
		if err != nil {
			t.Fatal(err)
		}
		var fields map[string]any
		if err := json.Unmarshal(data, &fields); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"language", "text", "normalized", "query", "terms", "intent", "intent_rule", "entities", "mood", "urgency", "complaint", "signals"} {
			if value, ok := fields[key]; !ok || value == nil {
				t.Errorf("%q: field %q is missing or null in %s", text, key, data)
			}
		}
	}
}

func TestAnalyzeOddInput(t *testing.T) {
	odd := []string{
		"", " ", "\x00", "\xff\xfe\xfd", "🙂", "\u202e转人工", strings.Repeat("(", 9000), strings.Repeat("a@", 5000), strings.Repeat("1-", 5000),
		strings.Repeat("人工", 4000), strings.Repeat("\xe4\xbd", 3000), "’’’", "--", "#", "订单号", "¥", "$.", "http://", "www.", "1月1", "+", "00",
	}
	for _, text := range odd {
		checkAnalysis(t, text, Analyze(text))
	}
}

// checkAnalysis checks what holds for every analysis.
func checkAnalysis(t *testing.T, text string, a Analysis) {
	t.Helper()
	if !strings.HasPrefix(text, a.Text) || len(a.Text) > maxText {
		t.Fatalf("%q: analysed text is no beginning of it", text)
	}
	if !strings.Contains(a.Normalized, a.Query) || (a.Query == "") != (a.Normalized == "") {
		t.Fatalf("%q: query %q, normalized %q", text, a.Query, a.Normalized)
	}
	if a.Urgency < 0 || a.Urgency > 3 || a.Terms == nil || a.Signals == nil || a.Entities == nil {
		t.Fatalf("%q: %+v", text, a)
	}
	end := 0
	for _, e := range a.Entities {
		if e.Start < end || e.End <= e.Start || e.End > len(a.Text) || a.Text[e.Start:e.End] != e.Text {
			t.Fatalf("%q: entity %+v", text, e)
		}
		end = e.End
	}
}

func FuzzAnalyze(f *testing.F) {
	for _, seed := range []string{
		"你好，我的手机13812345678打不通，急！！！", "speak to a human", "不用转人工", "2026年11月21日 ¥12.5 3万块 12块5", "4111 1111 1111 1111",
		"a@b.cn https://x.cn/a", "\xff１３８", "订单号：A-1", "11010519491231002X", "Nov 21, 2026 03/04/2026", "投诉 complain", "九亿亿元",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		checkAnalysis(t, text, Analyze(text))
	})
}

func BenchmarkAnalyze(b *testing.B) {
	cases := map[string]string{
		"zh20":  "你好，请问我上个月的话费账单怎么查询啊谢谢",
		"en":    "hi, could you tell me how to change the address of my order?",
		"human": "机器人听不懂，帮我转一下人工客服",
		"8KiB":  strings.Repeat("我的宽带从昨天开始断了，打客服电话没人接。", maxText/60),
	}
	for name, text := range cases {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				Analyze(text)
			}
		})
	}
}
