package nlu

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestParts(t *testing.T) {
	for _, c := range []struct {
		text string
		want string // parts, questions marked by a ?
	}{
		{"网速太慢怎么办？怎么开发票？", "网速太慢怎么办？+|怎么开发票？+"},
		{"我昨天装了宽带。怎么开发票", "我昨天装了宽带。|怎么开发票+"},
		{"怎么开发票以及怎么退款", "怎么开发票+|怎么退款+"},
		{"怎么开发票，另外想问一下营业厅几点开门", "怎么开发票+|营业厅几点开门+"},
		{"你好！怎么开发票？谢谢", ""},
		{"怎么开发票", ""},
		{"How do I get an invoice and how can I pay?", "How do I get an invoice+|how can I pay?+"},
		{"My router is dead. Can you send a new one? Also, where is my order?", "My router is dead.|Can you send a new one?+|where is my order?+"},
		{"Is version 2.5 out?", ""},
		{"Thanks! Bye!", ""},
		{"black and white", ""},
		{"", ""},
	} {
		var got []string
		for _, p := range Parts(c.text) {
			if p.Asks {
				p.Text += "+"
			}
			got = append(got, p.Text)
		}
		if joined := strings.Join(got, "|"); joined != c.want {
			t.Errorf("%q: %q, want %q", c.text, joined, c.want)
		}
	}
}

func FuzzParts(f *testing.F) {
	for _, seed := range []string{"a? b? c", "怎么开发票以及怎么退款", "\xff\xfe?", "， and how "} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, p := range Parts(text) {
			if p.Text == "" || !strings.Contains(text, p.Text) || utf8.ValidString(text) && !utf8.ValidString(p.Text) {
				t.Errorf("%q is no part of %q", p.Text, text)
			}
		}
		ReadReference(text)
		Subject(text)
		Exchange(text, text)
		Ordinal(text)
	})
}

func TestOrdinal(t *testing.T) {
	for _, c := range []struct {
		text string
		want int
	}{
		{"2", 2}, {" ２ ", 2}, {"2.", 2}, {"2、", 2}, {"(2)", 2}, {"②", 2}, {"2️⃣", 2}, {"#2", 2},
		{"第二个", 2}, {"第2个", 2}, {"第二", 2}, {"二", 2}, {"选2", 2}, {"我选第二个", 2}, {"第三个吧", 3}, {"两", 2}, {"最后一个", LastChoice},
		{"The second one", 2}, {"second", 2}, {"2nd", 2}, {"number 2", 2}, {"option two", 2}, {"two", 2}, {"no. 3", 3}, {"the last one please", LastChoice},
		{"22", 0}, {"第二天", 0}, {"二维码", 0}, {"second hand phone", 0}, {"怎么开发票", 0}, {"", 0}, {"0", 0},
	} {
		if got, ok := Ordinal(c.text); got != c.want || ok != (c.want != 0) {
			t.Errorf("%q: %d %v, want %d", c.text, got, ok, c.want)
		}
	}
}
