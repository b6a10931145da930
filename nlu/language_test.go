package nlu

import "testing"

func TestDetectLanguage(t *testing.T) {
	cases := []struct {
		name, text string
		want       Language
	}{
		{"Chinese", "我的宽带断了", LanguageChinese},
		{"traditional", "轉人工", LanguageChinese},
		{"English", "my broadband is down", LanguageEnglish},
		{"one word", "refund", LanguageEnglish},
		{"full width", "ｒｅｆｕｎｄ", LanguageEnglish},
		{"Chinese with names", "我的iPhone连不上WiFi", LanguageChinese},
		{"English with a Chinese word", "what does 你好 mean in English", LanguageEnglish},
		{"Chinese with an address", "看看 https://example.com/some/long/path 打不开", LanguageChinese},
		{"only an address", "https://example.com/path", LanguageUnknown},
		{"mail address is no word", "发到 someone.else@example.com", LanguageChinese},
		{"order number is no word", "查一下 SF12345ABC", LanguageChinese},
		{"digits", "13812345678", LanguageUnknown},
		{"emoji", "👍👍", LanguageUnknown},
		{"marks", "？？？", LanguageUnknown},
		{"empty", "", LanguageUnknown},
		{"Russian", "где мой заказ", LanguageUnknown},
		{"Japanese", "ありがとうございます", LanguageUnknown},
		{"contraction", "don't", LanguageEnglish},
		{"invalid bytes", "\xff\xff", LanguageUnknown},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := DetectLanguage(c.text); got != c.want {
				t.Errorf("DetectLanguage(%q) = %q, want %q", c.text, got, c.want)
			}
		})
	}
}
