package nlu

import "testing"

func TestLuhn(t *testing.T) {
	for number, want := range map[string]bool{
		"4111111111111111":    true,
		"4111111111111112":    false,
		"378282246310005":     true,
		"6222021234567890128": true,
		"6222021234567890127": false,
		"0":                   true,
	} {
		if got := luhn(number); got != want {
			t.Errorf("luhn(%s) = %v, want %v", number, got, want)
		}
	}
}

func TestLandline(t *testing.T) {
	for match, want := range map[string]string{
		"010-12345678":      "+861012345678",
		"(021)61234567":     "+862161234567",
		"0755-82345678-801": "+8675582345678",
		"021-61234567转801":  "+862161234567",
		"021-6123 4567":     "+862161234567",
		"+86 21 61234567":   "+862161234567",
		"0086-21-61234567":  "+862161234567",
		"+86(021)61234567":  "+862161234567",
	} {
		if got := landline(match); got != want {
			t.Errorf("landline(%q) = %q, want %q", match, got, want)
		}
	}
}

func TestDateNumber(t *testing.T) {
	for text, want := range map[string]int{
		"2026": 2026, "03": 3, "三": 3, "十一": 11, "二十一": 21, "二〇二六": 2026,
		"jan": 1, "dec": 12, "an ": 0, "xyz": 0, "": 0,
	} {
		if got := dateNumber(text); got != want {
			t.Errorf("dateNumber(%q) = %d, want %d", text, got, want)
		}
	}
}

func TestInCalendar(t *testing.T) {
	cases := []struct {
		year, month, day int
		want             bool
	}{
		{2026, 11, 21, true},
		{2026, 2, 29, false},
		{2028, 2, 29, true},
		{0, 2, 29, true},
		{2026, 4, 31, false},
		{2026, 0, 1, false},
		{2026, 13, 1, false},
		{2026, 1, 0, false},
		{2026, 1, 32, false},
	}
	for _, c := range cases {
		if got := inCalendar(c.year, c.month, c.day); got != c.want {
			t.Errorf("inCalendar(%d, %d, %d) = %v", c.year, c.month, c.day, got)
		}
	}
}

func TestCurrencyCode(t *testing.T) {
	for unit, want := range map[string]string{
		"元": "CNY", "块钱": "CNY", "¥": "CNY", "rmb": "CNY", "yuan": "CNY",
		"$": "USD", "美金": "USD", "bucks": "USD", "cents": "USD",
		"hk$": "HKD", "港币": "HKD", "nt$": "TWD", "€": "EUR", "euros": "EUR", "£": "GBP", "pounds": "GBP", "日元": "JPY",
	} {
		if got := currencyCode(unit); got != want {
			t.Errorf("currencyCode(%q) = %q, want %q", unit, got, want)
		}
	}
}

func TestPower(t *testing.T) {
	for multiple, want := range map[string]int{"": 0, "百": 2, "千": 3, " k": 3, "万": 4, " million": 6, "亿": 8} {
		if got := power(multiple); got != want {
			t.Errorf("power(%q) = %d, want %d", multiple, got, want)
		}
	}
}

func TestIsQuantity(t *testing.T) {
	cases := []struct {
		number  string
		letters int
		want    bool
	}{
		{"100mbps", 4, true},
		{"5000mah", 3, true},
		{"sf12345", 2, false},
		{"a1b2c3", 3, false},
		{"123abcdefg", 7, false},
		{"abcdef", 6, false},
	}
	for _, c := range cases {
		if got := isQuantity(c.number, c.letters); got != c.want {
			t.Errorf("isQuantity(%q) = %v, want %v", c.number, got, c.want)
		}
	}
}

func TestShouting(t *testing.T) {
	for text, want := range map[string]int{
		"":                       0,
		"你好！":                    0,
		"你好！！":                   0,
		"你好！！！":                  1,
		"什么？！？":                  1,
		"a! b! c!":               0,
		"FIX MY INTERNET NOW":    1,
		"Fix My Internet":        0,
		"VIP":                    0,
		"my order is ABCDEFGHIJ": 0,
	} {
		if got := shouting(text); got != want {
			t.Errorf("shouting(%q) = %d, want %d", text, got, want)
		}
	}
}

func TestIsNegated(t *testing.T) {
	cases := []struct {
		text, word string
		want       bool
	}{
		{"我不投诉", "投", true},
		{"我不想投诉", "投", true},
		{"我没有生气", "生", true},
		{"要不投诉", "投", false},
		{"我要投诉", "投", false},
		{"不行,我要投诉", "投", false},
		{"i am not angry", "angry", true},
		{"i am not very happy", "happy", true},
		{"no, this is awful", "awful", false},
		{"i am angry", "angry", false},
	}
	for _, c := range cases {
		pieces := cut(c.text)
		for i, p := range pieces {
			if p.text == c.word && isNegated(pieces, i) != c.want {
				t.Errorf("%q: %q negated is %v", c.text, c.word, !c.want)
			}
		}
	}
}
