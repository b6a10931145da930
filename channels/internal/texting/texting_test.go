package texting

import (
	"strings"
	"testing"
	"time"

	"huiyin/channels/internal/gsm"
	"huiyin/conversation"
)

func TestConsent(t *testing.T) {
	for text, want := range map[string]conversation.Consent{
		"STOP": conversation.OptOut, " stop. ": conversation.OptOut, "ＴＤ": conversation.OptOut, "td！": conversation.OptOut, "t": conversation.OptOut,
		"R": conversation.OptOut, "退订": conversation.OptOut, "【退订】": conversation.OptOut, "退訂": conversation.OptOut, "Opt  out": conversation.OptOut,
		"“Unsubscribe”": conversation.OptOut, "START": conversation.OptIn, "恢复订阅": conversation.OptIn, "yes": conversation.OptIn,
		"怎么退订": "", "stop by the shop": "", "T恤多少钱": "", "退订流量包": "", "": "", "...": "", "TDD": "", "not STOP": "",
	} {
		if got := Consent(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestNumber(t *testing.T) {
	for _, c := range []struct{ raw, country, want string }{
		{"+86 138-0013-8000", "86", "8613800138000"}, {"13800138000", "86", "8613800138000"}, {"8613800138000", "86", "8613800138000"},
		{"008613800138000", "", "8613800138000"}, {"＋８６１３８００１３８０００", "", "8613800138000"}, {"+1 (415) 555-0100", "86", "14155550100"},
		{"4155550100", "1", "14155550100"}, {"14155550100", "1", "14155550100"}, {"07700 900123", "44", "447700900123"}, {"10086", "86", "10086"},
		{"", "86", ""}, {"12", "86", ""}, {"Bank", "86", ""}, {"1234567890123456", "", ""}, {"138'; DROP", "86", ""},
	} {
		if got := Number(c.raw, c.country); got != c.want {
			t.Errorf("%q in %q: %q, want %q", c.raw, c.country, got, c.want)
		}
	}
}

func TestBody(t *testing.T) {
	long := strings.Repeat("请先重启光猫，等待两分钟。", 20)
	form := Form{Sign: "【星桥】", Parts: 2, Article: func(id int64) string { return "https://x.cn/a/7" }}
	bot := func(text string, article int64, choices ...string) conversation.Message {
		m := conversation.Message{Sender: conversation.FromBot, Text: text, Content: conversation.Content{Markdown: true, ArticleID: article}}
		for _, c := range choices {
			m.Content.Choices = append(m.Content.Choices, conversation.Choice{Label: c})
		}
		return m
	}
	for name, c := range map[string]struct {
		m    conversation.Message
		want string
	}{
		"short":                  {bot("**好的**", 0), "【星桥】好的"},
		"choices":                {bot("您是想问：", 0, "开发票", "转人工"), "【星桥】您是想问：\n1. 开发票\n2. 转人工"},
		"an agent's is whole":    {conversation.Message{Sender: conversation.FromAgent, Text: long}, "【星桥】" + long},
		"long, with the article": {bot(long, 7), "…\n全文：https://x.cn/a/7"},
		"long, without":          {bot(long, 0), "…"},
		"long, with choices":     {bot(long, 7, "有帮助", "转人工"), "…\n全文：https://x.cn/a/7\n1. 有帮助\n2. 转人工"},
	} {
		got := form.Body(c.m)
		if got != c.want && !strings.HasSuffix(got, c.want) {
			t.Errorf("%s: %q", name, got)
		}
		if parts, _, _ := gsm.Count(got); c.m.Sender == conversation.FromBot && parts > 2 {
			t.Errorf("%s takes %d parts", name, parts)
		}
		if strings.Contains(got, "…") && !strings.Contains(got, "。…") {
			t.Errorf("%s is cut inside a sentence: %q", name, got)
		}
	}
}

func TestQuiet(t *testing.T) {
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	at := func(text string) time.Time {
		when, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	for _, c := range []struct {
		hours, now, heard string
		want              time.Duration
	}{
		{"22:00-08:00", "2026-11-21 23:30", "2026-11-21 12:00", 8*time.Hour + 30*time.Minute},
		{"22:00-08:00", "2026-11-21 07:59", "2026-11-20 12:00", time.Minute},
		{"22:00-08:00", "2026-11-21 08:00", "2026-11-20 12:00", 0},
		{"22:00-08:00", "2026-11-21 23:30", "2026-11-21 23:20", 0},
		{"12:00-14:00", "2026-11-21 13:00", "2026-11-20 12:00", time.Hour},
		{"12:00-14:00", "2026-11-21 14:30", "2026-11-20 12:00", 0},
		{"", "2026-11-21 03:00", "2026-11-20 12:00", 0},
	} {
		q, err := ParseQuiet(c.hours, zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := q.Wait(at(c.now), at(c.heard)); got != c.want {
			t.Errorf("%s at %s: %s, want %s", c.hours, c.now, got, c.want)
		}
	}
	newYork, _ := time.LoadLocation("America/New_York")
	q, _ := ParseQuiet("22:00-08:00", newYork)
	night := time.Date(2026, 11, 1, 0, 30, 0, 0, newYork) // the clock goes back at two
	if got := q.Wait(night, time.Time{}); got != 8*time.Hour+30*time.Minute {
		t.Errorf("over the change of the clocks: %s", got)
	}
	for _, bad := range []string{"22", "22:00-25:00", "a-b", "22:00–08:00"} {
		if _, err := ParseQuiet(bad, zone); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func TestPace(t *testing.T) {
	r, err := ParseRate("2/1s")
	if err != nil {
		t.Fatal(err)
	}
	var p Pacer
	now := time.Unix(1000, 0)
	got := []time.Duration{p.Take("a", r, now), p.Take("a", r, now.Add(300*time.Millisecond)), p.Take("a", r, now.Add(400*time.Millisecond)),
		p.Take("b", r, now), p.Take("a", r, now.Add(time.Second)), p.Take("a", Rate{}, now)}
	want := []time.Duration{0, 0, 600 * time.Millisecond, 0, 0, 0}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%d: %s, want %s", i, got[i], want[i])
		}
	}
	for _, bad := range []string{"2", "0/1s", "x/1s", "2/s", "2/-1s"} {
		if _, err := ParseRate(bad); err == nil {
			t.Errorf("%q was read", bad)
		}
	}
}

func FuzzBody(f *testing.F) {
	f.Add("【星桥】", "请先重启光猫。", "转人工", 2)
	f.Add("", "\xff😀**a**", "", 1)
	f.Fuzz(func(t *testing.T, sign, text, choice string, parts int) {
		m := conversation.Message{Sender: conversation.FromBot, Text: text, Content: conversation.Content{Markdown: true, ArticleID: 1, Choices: []conversation.Choice{{Label: choice}}}}
		Form{Sign: sign, Parts: parts % 4, Article: func(int64) string { return "https://x.cn/1" }}.Body(m)
		Consent(text)
		Number(text, "86")
	})
}
