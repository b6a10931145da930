package nlu

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestNormalize(t *testing.T) {
	cases := []struct{ name, text, want string }{
		{"empty", "", ""},
		{"only space", " \t\r\n　", ""},
		{"case", "Hello WORLD", "hello world"},
		{"full width", "ＡＢＣ１２３！", "abc123!"},
		{"full-width space", "你好　世界", "你好 世界"},
		{"spaces", "  a \n\n b\tc  ", "a b c"},
		{"no-break space", "a\u00a0b", "a b"},
		{"Chinese marks", "你好，请问：能退吗？", "你好,请问:能退吗?"},
		{"quotes", "“a” ‘b’ 「c」", "\"a\" 'b' \"c\""},
		{"typographic apostrophe", "I’m", "i'm"},
		{"enumeration comma", "红、黄、蓝", "红,黄,蓝"},
		{"run of one mark", "快点！！！", "快点!"},
		{"run of mixed marks keeps the question", "什么？！！", "什么?"},
		{"exclamation beats stop", "好。。！", "好!"},
		{"ellipsis", "嗯……", "嗯."},
		{"dashes", "a————b", "a-b"},
		{"stars", "***", "*"},
		{"address keeps its slashes", "http://a.cn//b", "http://a.cn//b"},
		{"decimal point stays", "12.50", "12.50"},
		{"traditional", "轉人工客服，帳單", "转人工客服,帐单"},
		{"traditional word", "瞭解計畫", "了解计划"},
		{"simplified stays", "打坏了巨万", "打坏了巨万"},
		{"zero width", "转\u200b人\ufeff工", "转人工"},
		{"variation selector", "❤\ufe0f", "❤"},
		{"combining mark", "e\u0301", "e"},
		{"emphasis at the end", "hellooooo pleaseeee", "hello please"},
		{"emphasis inside", "pleaaaase", "pleaase"},
		{"double letters stay", "book need", "book need"},
		{"www stays", "www.example.com", "www.example.com"},
		{"long word of one letter", "aaaaaaaa", "aaa"},
		{"digits stay", "13888888888", "13888888888"},
		{"code stays", "AAAA1111", "aaaa1111"},
		{"laughter", "哈哈哈哈哈", "哈哈"},
		{"emoji run", "👍👍👍", "👍"},
		{"spaced out", "转 人 工", "转人工"},
		{"spaced out around a word", "我 要 办 iphone 卡", "我要办 iphone 卡"},
		{"space as comma", "你好 我要 退款", "你好 我要 退款"},
		{"invalid bytes", "a\xff\xfeb", "a b"},
		{"control", "a\x00b", "a b"},
		{"yen", "￥12", "¥12"},
		{"Kelvin sign", "\u212a", "k"},
		{"lower case that would grow", "Ⱥ", "Ⱥ"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := Normalize(c.text); got != c.want {
				t.Errorf("Normalize(%q) = %q, want %q", c.text, got, c.want)
			}
		})
	}
}

// TestNormalizeSame lists ways to write one question that must come out the same.
func TestNormalizeSame(t *testing.T) {
	groups := [][]string{
		{"如何申请退款？", "如何申請退款?", "如何申请退款??", " 如何申请退款？？？ ", "如何申请\u200b退款？"},
		{"WiFi密码", "ｗｉｆｉ密码", "WIFI密碼"},
		{"how do I pay?", "How do I pay???", "HOW  DO I PAY?!", "how do i pay ?"},
	}
	for _, group := range groups {
		want := strings.ReplaceAll(Normalize(group[0]), " ?", "?")
		for _, text := range group[1:] {
			if got := strings.ReplaceAll(Normalize(text), " ?", "?"); got != want {
				t.Errorf("Normalize(%q) = %q, want %q", text, got, want)
			}
		}
	}
}

func TestClip(t *testing.T) {
	cases := []struct {
		name string
		text string
		want int
	}{
		{"short", "abc", 3},
		{"exact", strings.Repeat("a", maxText), maxText},
		{"long ASCII", strings.Repeat("a", maxText+10), maxText},
		{"never inside a character", strings.Repeat("好", maxText), maxText - maxText%3},
		{"stray bytes", strings.Repeat("\x80", maxText+10), maxText - utf8.UTFMax},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := clip(c.text); len(got) != c.want || !strings.HasPrefix(c.text, got) {
				t.Errorf("clip of %d bytes gives %d, want %d", len(c.text), len(got), c.want)
			}
		})
	}
}

func FuzzNormalize(f *testing.F) {
	for _, seed := range []string{"轉人工！！！", "Hellooo  wOrld", "瞭 解 計畫", "\xff\xfe", "aaa1", "哈 哈 哈", "a\u0301\u200b", "…。.", "Ⱥİſ", "沈沒沒沒", "www www"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		once := Normalize(text)
		if !utf8.ValidString(once) {
			t.Fatalf("Normalize(%q) = %q is not UTF-8", text, once)
		}
		if len(once) > len(text) {
			t.Fatalf("Normalize(%q) grew to %q", text, once)
		}
		if twice := Normalize(once); twice != once {
			t.Fatalf("Normalize(%q) = %q, again %q", text, once, twice)
		}
	})
}

func BenchmarkNormalize(b *testing.B) {
	for b.Loop() {
		Normalize("你好，請問我上個月的話費帳單怎麼查詢啊謝謝")
	}
}
