package nlu

import (
	"strings"
	"testing"
	"time"
)

func TestOwnEntities(t *testing.T) {
	own, err := NewOwn([]string{`HY-\d{6}`, `[A-Z]{2}\d{4}`}, []string{"光纤 500", "光纤", "Fibre Plus"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ text, want string }{
		{"我的订单hy-123456还没到", "order:hy-123456=HY-123456"},
		{"ＨＹ－123456", "order:ＨＹ－123456=HY-123456"},
		{"AB1234", "order:AB1234=AB1234"},
		{"xAB1234x", "order:xAB1234x=XAB1234X"},
		{"光纤 500 和光纤", "product:光纤 500=光纤 500 | product:光纤=光纤"},
		{"is fibre plus faster", "product:fibre plus=Fibre Plus"},
		{"我的身份证11010519491231002X", "id_card:11010519491231002X=11010519491231002X"},
		{"明天下午三点来修 AB1234", "date:明天下午三点= | order:AB1234=AB1234"},
		{"", ""},
	} {
		if got := listed(own.Entities(c.text)); got != c.want {
			t.Errorf("%q: %s, want %s", c.text, got, c.want)
		}
	}
	if _, err := NewOwn([]string{"("}, nil); err == nil {
		t.Error("a broken pattern compiles")
	}
}

func TestHide(t *testing.T) {
	own, err := NewOwn([]string{`1\d{10}7`}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ text, phones, cards string }{
		{"电话13812345678", "电话138****5678", "电话13812345678"},
		{"call +86 138 1234 5678 now", "call +86 138 **** 5678 now", "call +86 138 1234 5678 now"},
		{"010-12345678", "010-****5678", "010-12345678"},
		{"１３８１２３４５６７８", "１３８****５６７８", "１３８１２３４５６７８"},
		{"400-820-8820", "400-820-8820", "400-820-8820"},
		{"订单号 202611210001", "订单号 202611210001", "订单号 202611210001"},
		{"138123456787", "138123456787", "138123456787"},
		{"卡号4111 1111 1111 1111，手机13812345678", "卡号**** **** **** 1111，手机138****5678", "卡号**** **** **** 1111，手机13812345678"},
		{"11010519491231002X", "1101**************", "1101**************"},
		{"没有号码 123", "没有号码 123", "没有号码 123"},
	} {
		if got := own.Hide(c.text, true); got != c.phones {
			t.Errorf("with phones: %q: %q, want %q", c.text, got, c.phones)
		}
		if got := own.Hide(c.text, false); got != c.cards || got != Mask(c.text) {
			t.Errorf("cards only: %q: %q, want %q", c.text, got, c.cards)
		}
	}
}

func TestWhen(t *testing.T) {
	now := time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC) // a Saturday
	for text, want := range map[string]string{
		"明天下午三点": "2026-11-22 15:00", "后天上午10点半": "2026-11-23 10:30", "下周三下午": "2026-11-25 afternoon", "下周三": "2026-11-25", "周三": "2026-11-25",
		"这周五": "2026-11-20", "上周一": "2026-11-09", "下下周日": "2026-12-06", "今天": "2026-11-21", "昨天晚上8点": "2026-11-20 20:00", "下午两点一刻": "2026-11-21 14:15",
		"大后天": "2026-11-24", "tomorrow 3pm": "2026-11-22 15:00", "tomorrow at 9:30 am": "2026-11-22 09:30", "next Wednesday": "2026-11-25", "Wednesday": "2026-11-25",
		"next Friday afternoon": "2026-11-27 afternoon", "tonight": "2026-11-21 evening", "yesterday": "2026-11-20", "3pm tomorrow": "2026-11-22 15:00",
		"三天前": "", "last month": "", "": "", "发票": "",
	} {
		if got := When(text, now); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestDatesInWords(t *testing.T) {
	for text, want := range map[string]string{
		"下周三下午能来吗": "下周三下午", "明天下午三点上门": "明天下午三点", "Can you come tomorrow 3pm?": "tomorrow 3pm", "next Wednesday please": "next Wednesday",
		"come at 10 tomorrow": "at 10 tomorrow", "tomorrow 15 items": "tomorrow", "周五晚上8点半": "周五晚上8点半",
	} {
		found := Analyze(text).Entities
		if len(found) == 0 || found[0].Kind != EntityDate || found[0].Text != want {
			t.Errorf("%q: %s, want %q", text, listed(found), want)
		}
	}
}

func FuzzOwn(f *testing.F) {
	own, err := NewOwn([]string{`[A-Z]{2}\d{4,8}`, `\d+-\d+`}, []string{"光纤", "fibre"})
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{"明天下午三点 AB12345 光纤", "13812345678", "\xff4111111111111111", "tomorrow at 3pm"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, e := range own.Entities(text) {
			if e.Start < 0 || e.End > len(text) || text[e.Start:e.End] != e.Text {
				t.Errorf("%+v is not at its place", e)
			}
			When(e.Text, time.Unix(0, 0))
		}
		hidden := own.Hide(text, true)
		if strings.Count(hidden, "*") < strings.Count(text, "*") || own.Hide(hidden, true) == "" && hidden != "" {
			t.Errorf("%q became %q", text, hidden)
		}
	})
}
