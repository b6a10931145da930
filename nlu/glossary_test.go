package nlu

import (
	"strings"
	"testing"
)

func TestTranslate(t *testing.T) {
	for _, c := range []struct {
		text  string
		to    Language
		want  string
		whole bool
	}{
		{"How do I get an invoice?", LanguageChinese, "怎么发票", true},
		{"How can I cancel my broadband plan", LanguageChinese, "怎么取消宽带套餐", true},
		{"My wi-fi is slow", LanguageChinese, "无线网慢", true},
		{"what is the verification code", LanguageChinese, "什么验证码", true},
		{"why is the moon green", LanguageChinese, "为什么", false},
		{"How do I bake bread", LanguageChinese, "怎么", false},
		{"怎么开发票", LanguageEnglish, "how do i invoice", false},
		{"我想取消订单", LanguageEnglish, "cancel order", true},
		{"退款多久到账", LanguageEnglish, "refund how long", false},
		{"发票", LanguageChinese, "", false},
		{"invoice", LanguageEnglish, "", false},
		{"", LanguageEnglish, "", false},
	} {
		got, share := Translate(c.text, c.to)
		if got != c.want || (share == 1) != c.whole || strings.Contains(c.text, "bread") && share != 0 {
			t.Errorf("%q: %q, %.2f, want %q", c.text, got, share, c.want)
		}
	}
}

func TestGlossaryIsWellFormed(t *testing.T) {
	for pair := range strings.SplitSeq(glossaryOf+"|"+askingOf, "|") {
		english, chinese, ok := strings.Cut(pair, ":")
		if !ok || DetectLanguage(chinese) != LanguageChinese || DetectLanguage(english) == LanguageChinese || english != Normalize(english) {
			t.Errorf("%q", pair)
		}
	}
}
